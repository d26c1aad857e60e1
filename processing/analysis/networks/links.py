"""Which pairs of actors a network is made of, chosen by strength among all those within a distance."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from ..pairs import TOLERANCE, Near

DECIMALS = 9
"""Strengths are rounded, lest the last digits of coordinates decide between equals."""

STRONGEST = 16.0
"""Above any strength."""

_CENTIMETRES = 27
"""Bits: up to 1,342 km."""

TILE = 1_000_000

Strength = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From both ends of pairs, in ascending order, to their strengths: 0 (nothing in common) to below ``STRONGEST``."""


class Links(NamedTuple):
    """Links between n actors, in ascending order of their ends, ``first`` < ``second``.

    ``mutual``: each is among the strongest partners of the other; the other links are those without which two parts of
    the map would not be joined. ``component`` (n,): which actors could be joined at all, over others if need be.
    """

    first: np.ndarray
    second: np.ndarray
    strength: np.ndarray
    metres: np.ndarray
    mutual: np.ndarray
    component: np.ndarray


def strongest_links(
    xy: np.ndarray,
    distance: float,
    neighbours: int,
    strength: Strength,
    progress: Callable[[float], None] = lambda share: None,
) -> Links:
    """Return the links of actors at ``xy`` (n, 2), no longer than ``distance`` metres, that length included.

    Two are linked when each is one of the ``neighbours`` strongest partners of the other, equals taken from the nearest
    on, then in their order; a partner of strength 0 is none. Beside these stand the links of the spanning tree of the
    highest strength (Kruskal 1956) of all pairs within the distance, of strength 0 where nothing else joins, so that
    whoever has someone in reach is linked. The pairs are gone through in tiles and never held together.
    """
    nodes = len(xy)
    best, tree = [np.empty((2, 0), dtype=np.int64)], np.empty((3, 0), dtype=np.int64)
    for tile in Near(xy, xy, distance, kept=0, tile=TILE, check=lambda: progress(0.0)):
        first = np.repeat(np.arange(tile.costs.shape[0]), np.diff(tile.costs.indptr)) + tile.first
        second = tile.costs.indices.astype(np.int64)
        others = first != second
        first, second, metres = first[others], second[others], tile.costs.data[others]
        if len(first):
            found = np.round(strength(first, second), DECIMALS)
            cost = _costs(found, metres)
            best.append(_first_of_rows(first, second, cost, found > 0, neighbours))
            tree = _tree(tree, np.array([first, second, cost])[:, second > first], nodes)
        progress((tile.first + tile.costs.shape[0]) / nodes)
    chosen, partner = np.concatenate(best, axis=1)
    key, back = chosen * nodes + partner, partner * nodes + chosen
    mutual = np.sort(key[np.isin(key, back) & (chosen < partner)])
    keys = np.union1d(mutual, tree[0] * nodes + tree[1]).astype(np.int64)
    first, second = keys // max(nodes, 1), keys % max(nodes, 1)
    joined = sparse.csr_matrix((np.ones(len(keys)), (first, second)), shape=(nodes, nodes))
    return Links(
        first,
        second,
        np.round(strength(first, second), DECIMALS) if len(first) else np.empty(0),
        np.hypot(*(xy[first] - xy[second]).T),
        np.isin(keys, mutual),
        connected_components(joined, directed=False)[1] if nodes else np.empty(0, dtype=np.int64),
    )


def reach(distance: float) -> float:
    """Return the distance with the allowance that a pair at exactly that distance is given."""
    return distance * (1 + TOLERANCE)


def _costs(strength: np.ndarray, metres: np.ndarray) -> np.ndarray:
    """Return one whole number a pair: the lower, the stronger, among equals the nearer."""
    centimetres = np.minimum(np.rint(metres * 100), 2**_CENTIMETRES - 1).astype(np.int64)
    return (np.rint((STRONGEST - strength) * 1e8).astype(np.int64) << _CENTIMETRES) + centimetres


def _first_of_rows(first, second, cost, counts, most):
    """Return both ends of the cheapest pairs of each first end, at most so many; equals in the order given."""
    first, second, cost = first[counts], second[counts], cost[counts]
    order = np.lexsort((cost, first))
    first = first[order]
    at = np.arange(len(first))
    starts = np.maximum.accumulate(np.where(np.r_[True, first[1:] != first[:-1]], at, 0)) if len(first) else at
    kept = at - starts < most
    return np.array([first[kept], second[order][kept]])


def _tree(tree: np.ndarray, more: np.ndarray, nodes: int) -> np.ndarray:
    """Return the cheapest spanning forest of a forest and more edges that follow it: rows first, second, cost.

    Edges come and go in ascending order of their ends, which decides between equals whatever stands elsewhere.
    """
    first, second, cost = np.concatenate([tree, more], axis=1)
    order = np.argsort(cost, kind="stable")
    rank = np.empty(len(cost))
    rank[order] = np.arange(1, len(cost) + 1)
    starts = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=nodes))])
    spanning = minimum_spanning_tree(sparse.csr_matrix((rank, second, starts), shape=(nodes, nodes)))
    kept = np.sort(order[spanning.data.astype(np.int64) - 1])
    return np.array([first[kept], second[kept], cost[kept]])
