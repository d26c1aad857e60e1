"""Time Gi* and its draws beside PySAL's esda, and watch how they grow.

Random points stand for the communes of a whole country; esda gets its own neighbours, K being 8 for both.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys

import measure
import numpy as np

SIZES, K, DRAWS, SIDE = (35_000, 105_000, 315_000), 8, 999, 1_000_000.0


def units(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points in metres, sorted, and their values."""
    random = np.random.default_rng(1)
    xy = random.uniform(0, SIDE, (count, 2))
    return xy[np.lexsort((xy[:, 1], xy[:, 0]))], random.gamma(2, 10, count)


def ours(count: int, draws: int) -> dict:
    """Measure the neighbours, z, p of ``draws`` draws (0: the normal law) and q."""
    from tisserand.processing.analysis.hotspots.gi import gi_star
    from tisserand.processing.analysis.hotspots.neighbourhoods import nearest

    xy, values = units(count)
    clock = measure.Clock()
    of = gi_star(values, nearest(xy, K), draws, 1)
    return measure.measured(clock, z=float(np.abs(of.z).sum()), rare=float((of.p < 0.02).mean()))


def whole(count: int, draws: int) -> dict:
    """Measure the analysis as the algorithm calls it: frame in, classes and sentences out, draws as FDR needs them."""
    import geopandas

    from tisserand.processing.analysis.hotspots.hotspots import Settings, hot_spots

    xy, values = units(count)
    frame = geopandas.GeoDataFrame({"value": values}, geometry=geopandas.points_from_xy(*xy.T), crs=2154)
    clock = measure.Clock()
    found = hot_spots(frame, Settings(permutations=draws))
    return measure.measured(clock, draws=found.groups[0].draws)


def esda(count: int, draws: int) -> dict:
    """Measure PySAL's neighbours and G_Local; its compiled code is warmed up before the clock starts."""
    from esda import G_Local
    from libpysal.weights import KNN

    few = units(200)
    G_Local(few[1], KNN.from_array(few[0], k=K), transform="B", star=True, permutations=9, n_jobs=1, seed=1)
    xy, values = units(count)
    clock = measure.Clock()
    near = KNN.from_array(xy, k=K)
    of = G_Local(values, near, transform="B", star=True, permutations=draws, n_jobs=1, seed=1)
    p = 2 * of.p_sim if draws else of.p_norm
    return measure.measured(clock, z=float(np.abs(of.Zs).sum()), rare=float((p < 0.02).mean()))


def main() -> None:
    """Print the table, and fail when the two tools do not agree."""
    measure.heading("Hot spots: neighbours, Gi* and its draws, beside esda (units x draws)")
    for draws in (0, DRAWS):
        mine, theirs = (measure.alone(__file__, tool, SIZES[0], draws) for tool in ("ours", "esda"))
        # The shares of rare p come from draws of each tool's own.
        if not np.isclose(mine["z"], theirs["z"], rtol=1e-9) or (draws and abs(mine["rare"] - theirs["rare"]) > 0.005):
            sys.exit(f"The results differ: {mine}, {theirs} by esda.")
        measure.ratio(mine, theirs, "esda")
    for size in SIZES:
        measure.alone(__file__, "whole", size, DRAWS)


if __name__ == "__main__":
    measure.run({"ours": ours, "whole": whole, "esda": esda}, main)
