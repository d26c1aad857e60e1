"""What a Python user would write to find duplicates: GeoPandas, a tree of the points, RapidFuzz on the names.

    bench_duplicates_peer.py STORE OUTPUT

The peer of ``findduplicates`` in ``make bench``; it runs in build/oracles, where RapidFuzz is.
"""

from __future__ import annotations

import sys

import geopandas
import numpy as np
import shapely
from rapidfuzz import fuzz, process, utils
from scipy.spatial import cKDTree

DISTANCE, THRESHOLD = 500.0, 90.0


def main(store: str, output: str) -> None:
    """Write a line for each two actors within the distance whose names RapidFuzz finds alike."""
    actors = geopandas.read_file(store, layer="acteur")
    xy = shapely.get_coordinates(actors.geometry)
    first, second = cKDTree(xy).query_pairs(DISTANCE, output_type="ndarray").T
    names = np.array([utils.default_process(name) for name in actors["nom"]], dtype=object)
    score = process.cpdist(names[first], names[second], scorer=fuzz.token_set_ratio, score_cutoff=THRESHOLD)
    kept = score >= THRESHOLD
    lines = shapely.linestrings(np.stack([xy[first[kept]], xy[second[kept]]], axis=1))
    ids = actors["uuid"].to_numpy()
    found = geopandas.GeoDataFrame(
        {"de": ids[first[kept]], "vers": ids[second[kept]], "score": score[kept]}, geometry=lines, crs=actors.crs
    )
    found.to_file(output)
    print(f"    {len(found):,} pairs of {len(first):,} compared", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
