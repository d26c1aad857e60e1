"""Measure the coverage analysis at the size of a country: growth, memory, peer, Dask beside this machine, whole France.

First 35,000 needs, as many as communes, and actors at random on a square, within 20 km: the table of pairs that PySAL's
access needs is made before its clock starts. Dask has two workers, processes of this machine, each with one thread:
they share its cores with the scheduler and the client, so the seconds say what a cluster costs, and not what more
machines would gain. Then the communes of mainland France with their population, where the file of reference is, and
actors that are made up, as dense as the population: within the reach that the analysis has by default, and 20 km. What
a piece costs there is what the estimate for several themes rests on.
"""
# ruff: noqa: TID251

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import coverage
import measure
import numpy as np

NEEDS = 35_000
ACTORS = (100_000, 300_000, 1_000_000)
# Seconds of the processor and MB above what the data and the imports take.
BARS = {100_000: (1.5, 400), 1_000_000: (25.0, 600)}
REFERENCE = Path(__file__).resolve().parents[2] / "build" / "reference" / "communes.gpkg"
RADII = (12_820, 20_000)
"""Metres: 20 minutes at 50 km/h with a detour of 1.3, and as above."""
THEMES, ROBUSTNESS = 8, 7
"""For the estimate: axes of the vocabulary of needs, runs of the analysis with its robustness."""


def ours(needs: int, actors: int) -> dict:
    """Measure pair search, access and five best actors, piece by piece in this process."""
    return _ours(needs, actors, None)


def dask(needs: int, actors: int) -> dict:
    """Measure the same by two workers of a Dask cluster, and the memory of the larger of them."""
    from tisserand.processing.analysis.engines import cluster

    with workers(2) as address, cluster.reached(address) as engine:
        result = _ours(needs, actors, engine)
        found = engine._client.run(_peak)
    return result | {"worker_megabytes": max(found.values())}


def france(actors: int, radius: int) -> dict:
    """Measure the communes of mainland France and so many made-up actors within a radius in metres."""
    return _measured(*communes(actors), float(radius), None)


def communes(actors: int) -> tuple[np.ndarray, ...]:
    """Return the communes, with their population as people, and actors around them as dense as the population."""
    import geopandas

    frame = geopandas.read_file(REFERENCE, columns=["departement", "population"])
    frame = frame[~frame["departement"].str.startswith("97") & frame.geometry.notna()].to_crs(2154)
    points, people = frame.geometry.representative_point(), frame["population"].fillna(0).to_numpy(dtype=float)
    at = np.column_stack([points.x, points.y])
    random = np.random.default_rng(1)
    where = random.choice(len(at), actors, p=people / people.sum())
    spread = np.sqrt(frame.geometry.area.to_numpy() / np.pi)[where] / 2
    to = at[where] + random.normal(0, 1, (actors, 2)) * spread[:, None]
    return at, to, people, random.integers(0, 50, actors).astype(float)


def _ours(needs, actors, engine) -> dict:
    return _measured(*coverage.points(needs, actors), coverage.RADIUS, engine)


def _measured(at, to, people, capacity, radius, engine) -> dict:
    from tisserand.processing.analysis.catchment import access
    from tisserand.processing.analysis.pairs import Near

    before = measure.measured(measure.Clock())["megabytes"]
    looks = [time.perf_counter()]

    def check(share=0.0):
        looks.append(time.perf_counter())

    clock = measure.Clock()
    near = Near(at, to, radius, engine=engine, check=check)
    counted = clock.read()["cpu"]
    apl = access(near, radius, people, capacity, progress=check).apl
    result = measure.measured(clock, pairs=near.count, served=float((apl * people).sum()), pieces=len(near._cut()))
    longest = float(np.diff(looks).max())
    return result | {"above": result["megabytes"] - before, "counting": counted, "longest": longest}


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def workers(count: int):
    """Give the address of a scheduler on this machine with so many workers, which end with it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where = folder / "scheduler.json"

        def start(*words):
            command = [Path(sys.executable).with_name("dask"), *words, "--no-dashboard"]
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)

        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", where)
        while not where.exists() or not where.read_text(encoding="utf-8").rstrip().endswith("}"):
            time.sleep(0.05)
        address = json.loads(where.read_text(encoding="utf-8"))["address"]
        for _ in range(count):
            start("worker", address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)
        yield address


def main() -> None:
    """Print the tables and the estimate; fail when tools disagree or a bar is not kept."""
    measure.heading("Coverage of a country: needs x actors within 20 km")
    mine = {actors: measure.alone(__file__, "ours", NEEDS, actors) for actors in ACTORS}
    for actors, found in mine.items():
        seconds, megabytes = BARS.get(actors, (np.inf, np.inf))
        print(
            f"   {actors:,} actors: {found['pairs']:,} pairs in {found['pieces']} pieces, {found['above']:.0f} MB above"
            f" the data (bar {megabytes}), {found['cpu']:.1f} s of the processor (bar {seconds}), longest time without"
            f" a look at whoever wants to stop {found['longest']:.2f} s"
        )
        if found["cpu"] > seconds or found["above"] > megabytes:
            print("   A BAR IS NOT KEPT")
    theirs = measure.alone(coverage.__file__, "pysal", NEEDS, ACTORS[0])
    agree(mine[ACTORS[0]], theirs, "PySAL")
    measure.ratio(mine[ACTORS[0]], theirs, "PySAL's access, which is given the pairs")
    for actors in (ACTORS[0], ACTORS[-1]):
        spread = measure.alone(__file__, "dask", NEEDS, actors)
        agree(mine[actors], spread, "Dask")
        print(
            f"   two workers: {spread['wall'] / mine[actors]['wall']:.2f} of the time here,"
            f" {spread['worker_megabytes']:.0f} MB at most in a worker, {spread['megabytes']:.0f} MB here"
        )
    if not REFERENCE.exists():
        print("   no communes of France here: make reference")
        return
    measure.heading("Communes of mainland France, made-up actors as dense as the population (actors x metres)")
    for radius in RADII:
        estimate(measure.alone(__file__, "france", ACTORS[-1], radius), radius)


def agree(mine: dict, theirs: dict, who: str) -> None:
    """End the benchmark when the places handed out are not the same."""
    if not np.isclose(mine["served"], theirs["served"], rtol=1e-9):
        sys.exit(f"The results differ: {mine['served']} places handed out, {theirs['served']} by {who}.")


def estimate(found: dict, radius: int) -> None:
    """Print what a run for France took, by piece, and what several themes would take."""
    piece = (found["cpu"] - found["counting"]) / (2 * found["pieces"])
    robust = found["cpu"] + found["pieces"] * piece * 2 * (ROBUSTNESS - 1) * (5 / 4) ** 2
    print(
        f"   {found['pairs']:,} pairs in {found['pieces']} pieces, {found['above']:.0f} MB above the data, counting"
        f" {found['counting']:.1f} s of the processor, then {piece * 1000:.0f} ms a piece and pass, longest time"
        f" without a look {found['longest']:.2f} s\n"
        f"   ESTIMATE within {radius:,} m on one core like this one, by these figures: {THEMES} themes with a million"
        f" actors each {THEMES * found['cpu']:.0f} s; with the six runs of robustness as passes of their own, up to 5/4"
        f" of the reach, {THEMES * robust:.0f} s at most"
    )


if __name__ == "__main__":
    measure.run({"ours": ours, "dask": dask, "france": france}, main)
