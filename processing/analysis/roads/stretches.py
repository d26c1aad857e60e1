"""Roads without their bends: what lies between two junctions is one edge."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components


class Stretches(NamedTuple):
    """Edges that follow each other through nodes where nothing else begins, as one.

    ``nodes``: the nodes of the network that are left, ascending; ``ends`` (n, 2): those of each stretch, as positions
    in ``nodes``; ``minutes``: its time. For each edge of the network: ``number``, its stretch; ``offset`` and
    ``pace``: who is at ``along`` of the edge is ``offset + pace * along`` minutes from the start of the stretch.
    """

    nodes: np.ndarray
    ends: np.ndarray
    minutes: np.ndarray
    number: np.ndarray
    offset: np.ndarray
    pace: np.ndarray


def stretches(ends: np.ndarray, minutes: np.ndarray, count: int) -> Stretches:
    """Return the stretches of the edges between ``count`` nodes; a ring with no junction keeps its first node.

    Each edge is looked at in both directions, 2 e from its start and 2 e + 1 from its stop, and follows the next one
    through every bend, twice as far each time (list ranking by pointer jumping: Wyllie 1979).
    """
    tail, head = ends.ravel(), ends[:, ::-1].ravel()
    junction = _junctions(ends, count)
    # At a bend two edges leave: who arrives by one goes on by the other.
    leaving = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[leaving], np.arange(count))
    bends = np.flatnonzero(~junction)
    one, other = leaving[first[bends]], leaving[first[bends] + 1]
    following = np.arange(len(tail))
    following[one ^ 1], following[other ^ 1] = other, one
    # Minutes from the start of a directed edge up to the edge it points to.
    ahead = np.where(following == np.arange(len(tail)), 0.0, np.repeat(minutes, 2))
    while (following[following] != following).any():
        ahead = ahead + ahead[following]
        following = following[following]
    to_end = ahead + minutes[following // 2]
    last, last_back = following[0::2], following[1::2]
    # In which direction a stretch is counted depends on its nodes, not on the order of the edges.
    keys = np.stack([head[following], tail[following], minutes[following // 2], following])
    forward = _later(keys[:, 0::2], keys[:, 1::2])
    final, begin = np.where(forward, last, last_back), np.where(forward, last_back, last) ^ 1
    begins, index, number = np.unique(begin, return_index=True, return_inverse=True)
    total = to_end[begins]
    nodes = np.flatnonzero(junction)
    both = np.stack([tail[begins], head[final[index]]], axis=1)
    backward_offset = total[number] - to_end[1::2] + minutes
    return Stretches(
        nodes,
        np.searchsorted(nodes, both).astype(np.int32),
        total,
        number,
        np.where(forward, total[number] - to_end[0::2], backward_offset),
        np.where(forward, minutes, -minutes),
    )


def _junctions(ends: np.ndarray, count: int) -> np.ndarray:
    """Say which nodes are no mere bend between two edges: ends, crossroads, and one on each ring."""
    degree = np.bincount(ends.ravel(), minlength=count)
    junction = degree != 2
    # An edge from a node to itself is a ring of its own.
    junction[ends[ends[:, 0] == ends[:, 1], 0]] = True
    links = sparse.coo_matrix((np.ones(len(ends), dtype=np.int8), ends.T), shape=(count, count))
    _, piece = connected_components(links, directed=False)
    has_one = np.zeros(piece.max(initial=-1) + 1, dtype=bool)
    has_one[piece[junction]] = True
    rings = np.flatnonzero(~has_one[piece])
    junction[rings[np.unique(piece[rings], return_index=True)[1]]] = True
    return junction


def _later(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Say where the columns of ``one`` come after those of ``other``, the first row that differs deciding."""
    later = np.zeros(one.shape[1], dtype=bool)
    for here, there in zip(one[::-1], other[::-1]):
        later = np.where(here == there, later, here > there)
    return later
