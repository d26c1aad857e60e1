"""Time the kernel of the coverage analysis beside PySAL's access, and watch how it grows.

Random points stand at the density of the needs and actors of a whole country.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys

import measure
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
    from tisserand.processing.analysis.catchment import access
    from tisserand.processing.analysis.pairs import Near

    at, to, people, capacity = points(needs, actors)
    clock = measure.Clock()
    near = Near(at, to, RADIUS)
    apl = access(near, RADIUS, people, capacity).apl
    return measure.measured(clock, pairs=near.count, served=float((apl * people).sum()))


def layers(needs: int, actors: int, themes: int):
    """Return needs and actors with themes, costs and ways to receive, a third of the capacities unknown."""
    import geopandas

    at, to, people, capacity = points(needs, actors)
    random = np.random.default_rng(2)
    names = np.array([f"t{number}" for number in range(themes)], dtype=object)
    capacity[random.random(actors) < 1 / 3] = np.nan
    asking = {"count": people, "themes": names[random.integers(0, themes, needs)]}
    offering = {"id": [f"a{number}" for number in range(actors)], "capacity": capacity}
    offering["themes"] = names[random.integers(0, themes, actors)]
    offering["cost"] = random.choice(np.array(["gratuit", "payant", None], dtype=object), actors)
    offering["modes"] = random.choice(np.array(["en-presentiel", "a-distance", None], dtype=object), actors)
    return (
        geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*place.T), crs=2154)
        for columns, place in ((asking, at), (offering, to))
    )


def whole(needs: int, actors: int, themes: int = 1, robustness: int = 0, conditions: int = 0) -> dict:
    """Measure the whole analysis, from frames of needs and actors to the rows with all that is said of them."""
    from tisserand.processing.analysis.conditions import Conditions
    from tisserand.processing.analysis.coverage import Settings, coverage_gaps
    from tisserand.processing.analysis.ways import CrowFly

    asking, offering = layers(needs, actors, themes)
    asked = Conditions(free=True, mode="en-presentiel") if conditions else Conditions()
    how = Settings(reach=RADIUS / CrowFly().metres(1.0), robustness=bool(robustness), conditions=asked)
    clock = measure.Clock()
    rows = coverage_gaps(asking, offering, how).rows
    return measure.measured(clock, rows=len(rows), unmet=float(rows["non_couvert"].sum()))


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
    clock = measure.Clock()
    weight = gaussian(RADIUS / np.sqrt(2 * np.log(100)))
    found = two_stage_fca(**frames, max_cost=RADIUS, demand_index=True, weight_fn=weight)
    apl = found.reindex(range(needs), fill_value=0.0).to_numpy()
    return measure.measured(clock, pairs=len(table), served=float((apl * people).sum()))


def main() -> None:
    """Print the table, and fail when the two tools do not agree."""
    measure.heading("Coverage: pair search, access and five best actors, beside PySAL's access alone (needs x actors)")
    first, *larger = SIZES
    mine, theirs = measure.alone(__file__, "ours", *first), measure.alone(__file__, "pysal", *first)
    if not np.isclose(mine["served"], theirs["served"], rtol=1e-9):
        sys.exit(f"The results differ: {mine['served']} places handed out, {theirs['served']} by PySAL.")
    measure.ratio(mine, theirs, "PySAL's access")
    for size in larger:
        measure.alone(__file__, "ours", *size)
    measure.heading("The whole analysis (needs x actors x themes, then 1 with robustness, 1 with two conditions)")
    for size in ((1,), (1, 1), (1, 0, 1), (1, 1, 1)):
        measure.alone(__file__, "whole", *first, *size)
    measure.alone(__file__, "whole", 10_000, 10_000, 10_000)
    measure.alone(__file__, "whole", 10_000, 10_000, 10_000, 1)


if __name__ == "__main__":
    measure.run({"ours": ours, "whole": whole, "pysal": pysal}, main)
