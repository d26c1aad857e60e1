"""Groups of points that lie close together (DBSCAN), and groups that are too wide cut into narrow ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull, Delaunay, QhullError, cKDTree
from scipy.spatial.distance import pdist

from ..pairs import TOLERANCE

PAIRS = 12_000_000
"""Counted both ways. Beyond, groups are found by way of the triangulation, which holds the shortest links of each."""
ENTRIES = 1500
"""Places, or cells of places, that complete linkage takes at once: it holds the distances of all pairs, some 9 MB."""
CELL = 20
"""Cells are the twentieth part of the greatest width."""
NEAREST_COMPARED = 8


class Dense(NamedTuple):
    """``group`` (n,) from 0 on in the order of their first places, -1 for none; ``others`` (n,) how many lie in reach.

    ``others`` is exact for points in no group; for the others it is at least the number a group asks for.
    """

    group: np.ndarray
    others: np.ndarray


def dense_groups(xy: np.ndarray, reach: float, least: int) -> Dense:
    """Return the groups of DBSCAN (Ester et al. 1996): ``least`` points within ``reach`` of a point, itself included.

    A point at exactly the reach is in reach. A point on the border of several groups goes to that of the nearest point
    that has enough around it, the first by x, then y, of equals: nothing depends on the order of the points.
    """
    if not len(xy):
        return Dense(np.empty(0, dtype=int), np.empty(0, dtype=int))
    places, place, units = np.unique(xy, axis=0, return_inverse=True, return_counts=True)
    place = place.ravel()
    reach *= 1 + TOLERANCE
    ranks = np.arange(1, min(least, len(places)) + 1)
    metres, found = cKDTree(places).query(places, k=ranks)
    around = np.where(metres <= reach, units[found], 0).sum(axis=1)
    group = np.full(len(places), -1)
    core = np.flatnonzero(around >= least)
    if len(core):
        cores = cKDTree(places[core])
        group[core] = _linked(places[core], cores, reach)
        rest = np.flatnonzero(around < least)
        ranks = np.arange(1, min(NEAREST_COMPARED, len(core)) + 1)
        metres, found = cores.query(places[rest], k=ranks, distance_upper_bound=reach * (1 + TOLERANCE))
        # What is out of reach is at an infinite distance, under a number that is no place.
        tied = (metres <= metres[:, :1] * (1 + TOLERANCE)) & (metres <= reach)
        first = np.where(tied, found, len(core)).min(axis=1)
        border = first < len(core)
        group[rest[border]] = group[core[first[border]]]
    return Dense(numbered(group)[place], (around - 1)[place])


def _linked(places: np.ndarray, tree: cKDTree, reach: float) -> np.ndarray:
    """Return the number of the chain of each place, whose links are no longer than ``reach``."""
    if tree.count_neighbors(tree, reach) <= PAIRS:
        links = tree.query_pairs(reach, output_type="ndarray")
    else:
        links = _short_links(places, tree, reach)
    ones = np.ones(len(links), dtype=np.int8)
    graph = sparse.coo_matrix((ones, (links[:, 0], links[:, 1])), shape=(len(places), len(places)))
    return connected_components(graph, directed=False)[1]


def _short_links(places: np.ndarray, tree: cKDTree, reach: float) -> np.ndarray:
    """Return links that hold together whatever all links up to ``reach`` would: the shortest tree lies in Delaunay's.

    The nearest neighbours are added for those places that the triangulation leaves out as lying on others.
    """
    _, found = tree.query(places, k=np.arange(1, min(NEAREST_COMPARED, len(places)) + 1))
    links = np.column_stack([np.repeat(np.arange(len(places)), found.shape[1]), found.ravel()])
    try:
        corners = Delaunay(places - places.mean(axis=0)).simplices
    except QhullError:  # all in one line, where the nearest along it hold together as much
        along = np.lexsort((places[:, 1], places[:, 0]))
        links = np.vstack([links, np.column_stack([along[:-1], along[1:]])])
    else:
        links = np.vstack([links, corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    return links[np.hypot(*(places[links[:, 0]] - places[links[:, 1]]).T) <= reach]


def narrowed(xy: np.ndarray, group: np.ndarray, widest: float, check: Callable[[], None] = lambda: None) -> np.ndarray:
    """Return groups of which none is wider than ``widest``: wider ones are cut by complete linkage.

    A group of very many places is first thinned to cells, and one of very many cells halved across its longer side, so
    that memory stays bounded; the width holds all the same. ``check`` is called before each cut and may raise.
    """
    cut = group.copy()
    grouped = np.flatnonzero(group >= 0)
    by_group = grouped[np.argsort(group[grouped], kind="stable")]
    starts = np.flatnonzero(np.diff(group[by_group], prepend=-1))
    taken = int(group.max(initial=-1)) + 1
    for members in np.split(by_group, starts[1:]) if len(by_group) else []:
        if width(xy[members]) <= widest * (1 + TOLERANCE):
            continue
        places, place = np.unique(xy[members], axis=0, return_inverse=True)
        pieces = _pieces(places, widest, check)
        cut[members] = taken + pieces[place.ravel()]
        taken += int(pieces.max()) + 1
    return _numbered_by_place(xy, cut)


def width(xy: np.ndarray) -> float:
    """Return the distance between the two points that lie farthest apart."""
    box = float(np.hypot(*np.ptp(xy, axis=0)))
    try:
        corners = xy[ConvexHull(xy - xy.mean(axis=0)).vertices] if len(xy) > 3 else xy
    except QhullError:  # in one line, whose ends are corners of the box
        return box
    return float(pdist(corners).max(initial=0.0))


def _pieces(places: np.ndarray, widest: float, check: Callable[[], None]) -> np.ndarray:
    check()
    if len(places) <= ENTRIES:
        return _completely_linked(pdist(places), len(places), widest)
    cells = np.floor((places - places.min(axis=0)) / (widest / CELL))
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    cell = cell.ravel()
    count = int(cell.max()) + 1
    if count <= ENTRIES:
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(count))
        lowest, highest = np.minimum.reduceat(places[order], starts), np.maximum.reduceat(places[order], starts)
        first, second = np.triu_indices(count, 1)
        # The box around two cells is as wide as any two of their places lie apart, or wider.
        sides = np.maximum(highest[first], highest[second]) - np.minimum(lowest[first], lowest[second])
        return _completely_linked(np.hypot(*sides.T), count, widest)[cell]
    side = int(np.argmax(np.ptp(places, axis=0)))
    beyond = places[:, side] > np.median(places[:, side])
    pieces = np.empty(len(places), dtype=int)
    pieces[~beyond] = _pieces(places[~beyond], widest, check)
    pieces[beyond] = _pieces(places[beyond], widest, check) + pieces[~beyond].max() + 1
    return pieces


def _completely_linked(distances: np.ndarray, count: int, widest: float) -> np.ndarray:
    if count == 1:
        return np.zeros(1, dtype=int)
    return fcluster(linkage(distances, "complete"), widest * (1 + TOLERANCE), "distance") - 1


def numbered(group: np.ndarray) -> np.ndarray:
    """Return the groups numbered from 0 on in the order in which they first come; -1 stays."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    grouped = group[first] >= 0
    rank = np.full(len(first), -1)
    rank[np.flatnonzero(grouped)[np.argsort(first[grouped])]] = np.arange(grouped.sum())
    return rank[inverse.ravel()]


def _numbered_by_place(xy: np.ndarray, group: np.ndarray) -> np.ndarray:
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    renumbered = np.empty(len(group), dtype=int)
    renumbered[order] = numbered(group[order])
    return renumbered
