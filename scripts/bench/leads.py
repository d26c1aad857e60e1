"""Time the groups of similar needs beside scikit-learn's DBSCAN, and the whole analysis of leads as it grows.

Needs of one theme stand around towns on the surface of a Département; then needs of ten themes, with actors.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys

import measure
import numpy as np

SIZES, REACH, LEAST, SIDE = (25_000, 50_000, 100_000), 1_000.0, 3, 100_000.0
DISTANCE, ACTORS = 10_000.0, 5_000


def towns(count: int, seed: int = 1) -> np.ndarray:
    """Return points in metres, most of them around a thousand towns."""
    random = np.random.default_rng(seed)
    centres = random.uniform(0, SIDE, (1000, 2))
    return np.round(centres[random.integers(0, 1000, count)] + random.normal(0, 1500, (count, 2)))


def same(groups: np.ndarray) -> dict:
    """Return what can be compared of groups, whatever their numbers."""
    inside = groups[groups >= 0]
    return {
        "groups": int(groups.max() + 1),
        "alone": int((groups < 0).sum()),
        "largest": int(np.bincount(inside).max()),
    }


def ours(count: int) -> dict:
    """Measure the search for dense groups."""
    from tisserand.processing.analysis.leads.density import dense_groups

    xy = towns(count)
    clock = measure.Clock()
    return measure.measured(clock, **same(dense_groups(xy, REACH, LEAST).group))


def sklearn(count: int) -> dict:
    """Measure scikit-learn's DBSCAN."""
    from sklearn.cluster import DBSCAN

    xy = towns(count)
    clock = measure.Clock()
    return measure.measured(clock, **same(DBSCAN(eps=REACH, min_samples=LEAST, algorithm="kd_tree").fit(xy).labels_))


def whole(count: int) -> dict:
    """Measure the analysis as the algorithm calls it: needs and actors in, ranked leads and sentences out."""
    import geopandas

    from tisserand.processing.analysis.leads.context import Around
    from tisserand.processing.analysis.leads.leads import Settings, similar_needs

    random = np.random.default_rng(2)
    xy, actors = towns(count), towns(ACTORS, 3)
    columns = {
        "count": random.integers(1, 9, count).astype(float),
        "themes": [f"t{k}" for k in random.integers(0, 10, count)],
        "territory": [f"{x}-{y}" for x, y in (xy // 5000).astype(int).tolist()],
        "volunteers": np.where(random.random(count) < 0.3, random.integers(0, 3, count), np.nan),
    }
    needs = geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*xy.T), crs=2154)
    about = {
        "name": [f"Acteur {k}" for k in range(ACTORS)],
        "themes": [f"t{k}" for k in random.integers(0, 10, ACTORS)],
        "means": np.where(random.random(ACTORS) < 0.3, "salle", "").tolist(),
    }
    around = Around(geopandas.GeoDataFrame(about, geometry=geopandas.points_from_xy(*actors.T), crs=2154))
    clock = measure.Clock()
    found = similar_needs(needs, around, Settings(DISTANCE))
    return measure.measured(clock, leads=len(found.leads))


def main() -> None:
    """Print the table, and fail when the two tools do not agree."""
    measure.heading("Dense groups of one theme, beside scikit-learn's DBSCAN (needs)")
    mine, theirs = measure.alone(__file__, "ours", SIZES[-1]), measure.alone(__file__, "sklearn", SIZES[-1])
    if (mine["groups"], mine["alone"]) != (theirs["groups"], theirs["alone"]):
        sys.exit(f"The results differ: {mine}, {theirs} by scikit-learn.")
    measure.ratio(mine, theirs, "scikit-learn's DBSCAN")
    measure.heading("Leads: groups cut, context of 5,000 actors, ranks and sentences (needs)")
    for size in SIZES:
        measure.alone(__file__, "whole", size)


if __name__ == "__main__":
    measure.run({"ours": ours, "sklearn": sklearn, "whole": whole}, main)
