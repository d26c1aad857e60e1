"""How the benchmarks measure: each tool in a process of its own, so that the memory is that of one tool.

A benchmark is a script of this folder with functions, one a tool, that take the size, start a ``Clock`` once their data
are there, and return ``measured(clock, …)``; it ends with ``run(TOOLS, main)``. In ``main``, ``alone`` measures
one tool and prints its line. Ratios come from figures of the same run; nothing is judged here.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
import checkout  # noqa: F401 - from here on the package can be found


class Clock:
    """Seconds by the clock on the wall and of the processor since it was made."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict:
        """Return both, by name."""
        return {"wall": time.perf_counter() - self.wall, "cpu": time.process_time() - self.cpu}


def measured(clock: Clock, **result: float) -> dict:
    """Return the seconds, the highest memory of the process, and what was found, to be compared with a peer."""
    seconds = clock.read()
    return seconds | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024} | result


def heading(subject: str) -> None:
    """Print what the next lines are about."""
    print(f"\n{subject}\n{'tool':24}{'size':>24}{'seconds':>10}{'cpu':>10}{'MB':>8}", flush=True)


def alone(script: str, tool: str, *size: int, python: str = sys.executable) -> dict:
    """Measure a tool of a script in a process of its own, print its line, and return what it measured."""
    done = subprocess.run([python, script, tool, *map(str, size)], stdout=subprocess.PIPE, check=True, text=True)
    result = json.loads(done.stdout.splitlines()[-1])
    shown = " x ".join(f"{number:,}" for number in size)
    print(
        f"{tool:24}{shown:>24}{result['wall']:>10.2f}{result['cpu']:>10.2f}{result['megabytes']:>8.0f}",
        flush=True,
    )
    return result


def ratio(mine: dict, theirs: dict, peer: str) -> None:
    """Print how the processor time and the memory compare to those of a peer in the same run."""
    print(
        f"-> {mine['cpu'] / theirs['cpu']:.3f} of the processor time of {peer}, "
        f"{mine['megabytes'] / theirs['megabytes']:.2f} of its memory",
        flush=True,
    )


def run(tools: dict[str, Callable[..., dict]], main: Callable[[], None]) -> None:
    """Run one tool, named with its size on the command line, and print what it measured; without a name, ``main``."""
    if len(sys.argv) > 1:
        print(json.dumps(tools[sys.argv[1]](*map(int, sys.argv[2:]))))
    else:
        main()
