"""Time the kernel of the coverage analysis beside PySAL's access, and watch how it grows.

Run by ``make bench`` in build/oracles, where PySAL is. Every measure is taken in a process of its own, so that the
memory is that of one tool; random points stand at the density of the needs and actors of a whole country.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

RADIUS = 20_000.0
# Side of a square in which 35,000 needs and 100,000 actors make about 3.6 million pairs within 20 km.
SIDE = 1_100_000.0
SIZES = ((35_000, 100_000), (70_000, 200_000), (140_000, 400_000))


def points(needs: int, actors: int) -> tuple[np.ndarray, ...]:
    """Return needs, actors (coordinates in metres), people and capacities."""
    random = np.random.default_rng(1)
    where = (random.uniform(0, SIDE, (count, 2)) for count in (needs, actors))
    return *where, random.integers(1, 99, needs).astype(float), random.integers(0, 50, actors).astype(float)


def ours(needs: int, actors: int) -> dict:
    """Measure the search of the pairs, the access and the five best actors of each need."""
    import checkout  # noqa: F401 - from here on the package can be found

    from tisserand.processing.analysis.catchment import access  # noqa: TID251
    from tisserand.processing.analysis.pairs import Near  # noqa: TID251

    at, to, people, capacity = points(needs, actors)
    start = Clock()
    near = Near(at, to, RADIUS)
    apl = access(near, RADIUS, people, capacity).apl
    return _measured(start, near.count, apl, people)


def pysal(needs: int, actors: int) -> dict:
    """Measure PySAL's E2SFCA; the table of pairs that it needs is made before the clock starts."""
    import pandas
    from access.fca import two_stage_fca
    from access.weights import gaussian
    from scipy.spatial import cKDTree

    at, to, people, capacity = points(needs, actors)
    pairs = cKDTree(at).sparse_distance_matrix(cKDTree(to), RADIUS, output_type="ndarray")
    table = pandas.DataFrame({"origin": pairs["i"], "dest": pairs["j"], "cost": pairs["v"]})
    frames = {
        "demand_df": pandas.DataFrame({"demand": people}),
        "supply_df": pandas.DataFrame({"supply": capacity}),
        "cost_df": table,
    }
    start = Clock()
    found = two_stage_fca(
        **frames, max_cost=RADIUS, demand_index=True, weight_fn=gaussian(RADIUS / np.sqrt(2 * np.log(100)))
    )
    return _measured(start, len(table), found.reindex(range(needs), fill_value=0.0).to_numpy(), people)


class Clock:
    """Seconds by the clock on the wall and of the processor since it was made."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict:
        return {"wall": time.perf_counter() - self.wall, "cpu": time.process_time() - self.cpu}


def _measured(clock: Clock, pairs: int, apl: np.ndarray, people: np.ndarray) -> dict:
    seconds = clock.read()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds | {"megabytes": megabytes, "pairs": pairs, "served": float((apl * people).sum())}


def alone(tool: str, needs: int, actors: int) -> dict:
    """Measure in a process of its own."""
    done = subprocess.run([sys.executable, __file__, tool, str(needs), str(actors)], stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    print(
        f"{tool:8}{needs:>10,}{actors:>12,}{result['pairs']:>14,}{result['wall']:>9.2f}{result['cpu']:>9.2f}"
        f"{result['megabytes']:>8.0f}",
        flush=True,
    )
    return result


def main() -> None:
    """Print the table, and fail when the two tools do not agree."""
    print(f"{'':8}{'needs':>10}{'actors':>12}{'pairs':>14}{'seconds':>9}{'cpu':>9}{'MB':>8}")
    first, *larger = SIZES
    mine, theirs = alone("ours", *first), alone("pysal", *first)
    if not np.isclose(mine["served"], theirs["served"], rtol=1e-9):
        sys.exit(f"The results differ: {mine['served']} places handed out, {theirs['served']} by PySAL.")
    for size in larger:
        alone("ours", *size)
    print(
        "Same result. Pair search, access and five best actors take "
        f"1/{theirs['cpu'] / mine['cpu']:.1f} of the processor time of PySAL's access alone and "
        f"1/{theirs['megabytes'] / mine['megabytes']:.1f} of its memory."
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps({"ours": ours, "pysal": pysal}[sys.argv[1]](*map(int, sys.argv[2:]))))
    else:
        main()
