"""Time and judge the search for new locations beside spopt with CBC and beside HiGHS, and watch how it grows.

Random places at the density of communes. The quality of the search is that of its own search without the programmes
that prove an optimum, on cases small enough for HiGHS to prove one; the p-median on graphs made as those of the
OR-Library (pmed1-40) are: random edges with random lengths, shortest ways, every node a candidate.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys
import time

import measure
import numpy as np

METRES = 10_000.0
SIZES = {500: (60_000.0, 10), 2_000: (120_000.0, 20), 35_000: (740_000.0, 100)}
CASES = 40
LONG = 600


def points(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places (coordinates in metres) and their people."""
    random = np.random.default_rng(1)
    return random.uniform(0, SIZES[count][0], (count, 2)), random.integers(1, 999, count).astype(float)


def _frame(count: int):
    import geopandas

    at, people = points(count)
    return geopandas.GeoDataFrame({"weight": people}, geometry=geopandas.points_from_xy(*at.T), crs=2154)


def _ours(count: int, model: str, trials: int) -> dict:
    from tisserand.processing.analysis.locations.choice import Settings, new_locations
    from tisserand.processing.analysis.ways import CrowFly

    demand, asked = _frame(count), Settings(model, SIZES[count][1], METRES / 1000, CrowFly(60.0, 1.0))
    clock = measure.Clock()
    found = new_locations(demand, None, None, asked._replace(sensitivity=trials))
    return measure.measured(clock, value=found.objective, bound=found.bound, gap=found.gap_percent)


def covering(count: int) -> dict:
    """Measure maximal covering from the layer to the rows, without trials."""
    return _ours(count, "mclp", 0)


def trials(count: int) -> dict:
    """Measure maximal covering with its 50 trials."""
    return _ours(count, "mclp", 50)


def medians(count: int) -> dict:
    """Measure the p-median without trials."""
    return _ours(count, "pmedian", 0)


def everyone(count: int) -> dict:
    """Measure set covering without trials."""
    return _ours(count, "lscp", 0)


def _near(count: int):
    from scipy.spatial import cKDTree

    at, people = points(count)
    pairs = cKDTree(at).sparse_distance_matrix(cKDTree(at), METRES, output_type="coo_matrix").tocsr()
    pairs.data[:] = 1.0
    return pairs, people


def spopt(count: int) -> dict:
    """Measure spopt with CBC; the matrix of distances that it needs is made before the clock starts."""
    import pulp
    from scipy.spatial.distance import cdist
    from spopt.locate import MCLP

    at, people = points(count)
    matrix = cdist(at, at)
    clock = measure.Clock()
    model = MCLP.from_cost_matrix(matrix, people, service_radius=METRES, p_facilities=SIZES[count][1])
    # CBC is a process of its own: its seconds are those of the clock on the wall.
    found = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=LONG))
    return measure.measured(clock, value=found.problem.objective.value())


def highs(count: int) -> dict:
    """Measure HiGHS on the same programme, the pairs included."""
    clock = measure.Clock()
    pairs, people = _near(count)
    found = _optimum(pairs, people, SIZES[count][1])
    return measure.measured(clock, value=-found.fun if found.x is not None else 0.0)


def _optimum(pairs, people, sites):
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    places, candidates = pairs.shape
    rows = sparse.bmat([[-pairs, sparse.identity(places)], [np.ones((1, candidates)), None]], format="csr")
    return milp(
        np.r_[np.zeros(candidates), -people],
        integrality=np.r_[np.ones(candidates), np.zeros(places)],
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, -np.inf, np.r_[np.zeros(places), sites]),
        options={"time_limit": LONG, "mip_rel_gap": 0.0},
    )


def quality() -> dict:
    """Compare the search for maximal covering, and its bound, with the optimum of 40 cases."""
    from scipy.spatial import cKDTree

    from tisserand.processing.analysis.locations import exact as location_exact
    from tisserand.processing.analysis.locations.curve import covering as searched
    from tisserand.processing.analysis.locations.exact import Run
    from tisserand.processing.analysis.locations.mclp import cover, merged

    location_exact.available = lambda: False
    run = Run(time.monotonic() + 1e6, lambda: None, lambda share: None)
    missed, loose = [], []
    clock = measure.Clock()
    for case in range(CASES):
        random = np.random.default_rng(case)
        count, sites = int(random.integers(200, 500)), int(random.integers(4, 20))
        at = random.uniform(0, 60_000, (count, 2))
        if case % 2:
            towns = random.uniform(0, 60_000, (20, 2))
            at = towns[random.integers(20, size=count)] + random.normal(0, 4_000, (count, 2))
        people = random.integers(1, 999, count).astype(float)
        reach = random.uniform(3_000, 7_000)
        pairs = cKDTree(at).sparse_distance_matrix(cKDTree(at), reach, output_type="coo_matrix").tocsr()
        pairs.data[:] = 1.0
        found = searched(cover(*merged(people, pairs)), sites, run, 1)
        optimum = _optimum(pairs, people, sites)
        if optimum.status == 0:
            missed.append((-optimum.fun - found.values[-1]) / -optimum.fun * 100)
            loose.append((found.bounds[-1] + optimum.fun) / -optimum.fun * 100)
    return measure.measured(clock, **_summary(missed, loose))


def quality_medians() -> dict:
    """Compare the search for medians with the optimum of 40 graphs made as those of the OR-Library."""
    from tisserand.processing.analysis.locations import exact as location_exact
    from tisserand.processing.analysis.locations.curve import PIECES
    from tisserand.processing.analysis.locations.exact import Run
    from tisserand.processing.analysis.locations.pmedian import Costs
    from tisserand.processing.analysis.locations.pmedian_bound import better, looked_at, nearest, relaxed
    from tisserand.processing.analysis.locations.pmedian_bound import medians as searched

    location_exact.available = lambda: False
    missed, loose = [], []
    clock = measure.Clock()
    for case in range(CASES):
        count = 100 * (1 + case % 3)
        sites = (5, 10, count // 10, count // 5, count // 3)[case % 5]
        costs = Costs(np.ones(count), graph(count, case))
        run = Run(time.monotonic() + 15, lambda: None, lambda share: None)
        found = searched(costs, sites, run, 1)
        near = nearest(costs, looked_at(costs, sites), run.check)
        start = np.partition(costs.minutes[:, found.sites[-1]], 1, axis=1)[:, :2].mean(axis=1)
        bound = relaxed(near, sites, found.values[-1], start, run.check, 1000)
        proof = better(costs, near, sites, found.values[-1], bound, run, PIECES)
        best = min(proof.value, found.values[-1])
        if proof.bound >= best * (1 - 1e-7):
            missed.append((found.values[-1] - best) / best * 100)
            loose.append((best - found.bounds[-1]) / best * 100)
    return measure.measured(clock, **_summary(missed, loose))


def graph(count: int, seed: int) -> np.ndarray:
    """Return the shortest ways between the nodes of a random graph of count² / 50 edges of length 1 to 100."""
    from scipy import sparse
    from scipy.sparse.csgraph import dijkstra

    random = np.random.default_rng(seed)
    edges = count * count // 50
    one, other = random.integers(count, size=(2, edges))
    # A round through all nodes, so that each can be reached.
    round_trip = random.permutation(count)
    one, other = np.r_[one, round_trip], np.r_[other, np.roll(round_trip, 1)]
    length = random.integers(1, 101, len(one)).astype(float)
    order = np.lexsort((length, other, one))
    one, other, length = one[order], other[order], length[order]
    first = np.r_[True, (one[1:] != one[:-1]) | (other[1:] != other[:-1])] & (one != other)
    ways = sparse.csr_matrix((length[first], (one[first], other[first])), shape=(count, count))
    both = np.where(ways.toarray() > 0, ways.toarray(), np.inf)
    both = np.minimum(both, both.T)
    return dijkstra(sparse.csr_matrix(np.where(np.isfinite(both), both, 0.0)), directed=False)


def _summary(missed: list[float], loose: list[float]) -> dict:
    return {
        "cases": len(missed),
        "missed_mean": float(np.mean(missed)),
        "missed_max": float(np.max(missed)),
        "bound_mean": float(np.mean(loose)),
        "bound_least": float(np.min(loose)),
    }


def main() -> None:
    """Print the table, and fail when two tools that prove an optimum do not agree, or a bound is no bound."""
    measure.heading(
        "New locations, maximal covering: from the layer to the rows, beside spopt (CBC) and HiGHS (places)"
    )
    mine = measure.alone(__file__, "covering", 500)
    theirs, programme = measure.alone(__file__, "spopt", 500), measure.alone(__file__, "highs", 500)
    if len({round(result["value"]) for result in (mine, theirs, programme)}) > 1:
        sys.exit(f"The results differ: {mine['value']}, {theirs['value']} by spopt, {programme['value']} by HiGHS.")
    print(f"-> {mine['wall'] / theirs['wall']:.3f} of the time of spopt by the clock on the wall")
    measure.ratio(mine, programme, "HiGHS")
    for tool in ("covering", "trials"):
        for count in SIZES:
            found = measure.alone(__file__, tool, count)
            print(f"   {found['value']:.0f} people, proven gap {found['gap']:.4f} %")
    measure.heading("New locations, p-median and set covering (places)")
    for tool in ("medians", "everyone"):
        for count in (500, 2_000):
            found = measure.alone(__file__, tool, count)
            print(f"   value {found['value']:.0f}, proven gap {found['gap']:.4f} %")
    for tool, subject in (("quality", "maximal covering"), ("quality_medians", "p-median")):
        measure.heading(f"New locations, quality of the search alone: {subject}")
        found = measure.alone(__file__, tool)
        print(
            f"   {found['cases']:.0f} proven optima: missed by {found['missed_mean']:.4f} % on average, "
            f"{found['missed_max']:.4f} % at most; the bound is {found['bound_mean']:.4f} % beyond them on average"
        )
        if found["bound_least"] < -1e-6:
            sys.exit("A bound is on the wrong side of the optimum.")


TOOLS = {tool.__name__: tool for tool in (covering, trials, medians, everyone, spopt, highs, quality, quality_medians)}

if __name__ == "__main__":
    measure.run(TOOLS, main)
