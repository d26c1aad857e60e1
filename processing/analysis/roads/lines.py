"""Lines of roads as straight pieces, and what it takes for them to meet where people would say that they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

NEAR = 0.01
"""Metres: a line that ends this near to another one was meant to end on it."""

AT_ONCE = 20_000
LINE = int(shapely.GeometryType.LINESTRING)


class Pieces(NamedTuple):
    """Straight pieces of roads, one after the other along each line; coordinates (n, 2) in metres.

    ``line`` counts the parts of all roads, ``road`` is the position of the road that a part belongs to.
    """

    start: np.ndarray
    stop: np.ndarray
    line: np.ndarray
    road: np.ndarray


class Meetings(NamedTuple):
    """What was found where lines meet.

    ``joined``: ends that missed another line or its end by less than ``NEAR`` metres; ``crossings`` (n, 2): the points
    where lines cross without a vertex in common.
    """

    joined: int
    crossings: np.ndarray


def pieces(shapes: np.ndarray) -> Pieces:
    """Return the pieces of lines and multilines (an array of shapely geometries); what has no length is left out."""
    points, line, road = coordinates(shapes)
    # Points that no projection has a place for: the line goes on without them.
    known = np.isfinite(points).all(axis=1)
    points, line = points[known], line[known]
    along = line[1:] == line[:-1]
    found = Pieces(points[:-1][along], points[1:][along], line[1:][along], road[line[1:][along]])
    return _with_length(found)


def coordinates(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the points (n, 2) of lines and multilines, the number of the part of each, and the shape of each part."""
    parts, shape = shapes, np.arange(len(shapes))
    if not (shapely.get_type_id(shapes) == LINE).all():
        parts, shape = shapely.get_parts(shapes, return_index=True)
        are_lines = shapely.get_type_id(parts) == LINE
        parts, shape = parts[are_lines], shape[are_lines]
    return *shapely.get_coordinates(parts, return_index=True), shape


def _with_length(found: Pieces) -> Pieces:
    kept = (found.start != found.stop).any(axis=1)
    return Pieces(*(column[kept] for column in found))


def joined(found: Pieces, join_crossings: bool, check: Callable[[], None] = lambda: None) -> tuple[Pieces, Meetings]:
    """Return the pieces with a vertex in common wherever they should have one, and what that took.

    An end that misses a vertex or another piece by less than ``NEAR`` is put there. Lines that cross are cut there when
    ``join_crossings``, else left to pass over each other, as on a bridge. ``check`` may raise, to stop.
    """
    found, moved = _ends_put_together(found)
    check()
    nodes, ends = vertices(found)
    single = np.bincount(ends.ravel(), minlength=len(nodes)) == 1
    tree = shapely.STRtree(shapely.linestrings(np.stack([found.start, found.stop], axis=1)))
    check()
    node, on = _touching(tree, found, nodes, check)
    missed = single[node]
    first, second = _crossing(tree, found, check)
    crossing = _where(found, first, second)
    points, cut = nodes[node[missed]], on[missed]
    if join_crossings:
        points = np.concatenate([points, nodes[node[~missed]], crossing, crossing])
        cut = np.concatenate([cut, on[~missed], first, second])
    crossings = np.unique(np.concatenate([nodes[node[~missed]], crossing]), axis=0)
    return _cut(found, cut, points), Meetings(moved + len(np.unique(node[missed])), crossings)


def vertices(found: Pieces) -> tuple[np.ndarray, np.ndarray]:
    """Return the different points where pieces begin and end, in the order of x and y, and those of each (n, 2)."""
    both = np.concatenate([found.start, found.stop])
    order = np.lexsort((both[:, 1], both[:, 0]))
    ordered = both[order]
    new = np.ones(len(both), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    number = np.empty(len(both), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return ordered[new], number.reshape(2, -1).T


def _ends_put_together(found: Pieces) -> tuple[Pieces, int]:
    """Return the pieces with ends that nearly meet a vertex moved there, and how many were moved."""
    nodes, ends = vertices(found)
    if not len(nodes):
        return found, 0
    single = np.bincount(ends.ravel(), minlength=len(nodes)) == 1
    pairs = cKDTree(nodes).query_pairs(NEAR, output_type="ndarray")
    pairs = pairs[single[pairs].any(axis=1)]
    if not len(pairs):
        return found, 0
    links = sparse.coo_matrix((np.ones(len(pairs)), pairs.T), shape=(len(nodes), len(nodes)))
    _, cluster = connected_components(links, directed=False)
    # Nodes stand in the order of their coordinates: the first of a cluster does not depend on that of the roads.
    _, first = np.unique(cluster, return_index=True)
    place = nodes[first[cluster]]
    return _with_length(found._replace(start=place[ends[:, 0]], stop=place[ends[:, 1]])), len(nodes) - len(first)


def _touching(tree, found: Pieces, nodes: np.ndarray, check) -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes that lie on the inside of a piece, and the pieces."""
    hits = [np.zeros((2, 0), dtype=np.int64)]
    for first in range(0, len(nodes), AT_ONCE):
        check()
        some = nodes[first : first + AT_ONCE]
        node, piece = tree.query(shapely.box(*(some - NEAR).T, *(some + NEAR).T))
        near = _on_inside(some[node], found.start[piece], found.stop[piece])
        hits.append(np.stack([node[near] + first, piece[near]]))
    node, piece = np.concatenate(hits, axis=1)
    return node, piece


def _on_inside(points: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Say which points are nearer than ``NEAR`` to their piece, but not to its ends."""
    along, aside = _along(points, start, stop), stop - start
    foot = start + along[:, None] * aside
    ends_far = np.minimum(_length(points - start), _length(points - stop)) > NEAR
    return (along > 0) & (along < 1) & (_length(points - foot) <= NEAR) & ends_far


def _along(points: np.ndarray, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Return where the foot of each point lies, 0 at the start of its piece and 1 at the stop."""
    aside = stop - start
    return ((points - start) * aside).sum(axis=1) / (aside * aside).sum(axis=1)


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.hypot(vectors[:, 0], vectors[:, 1])


def _crossing(tree, found: Pieces, check) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of pieces that cross on the inside of both, away from their ends."""
    pairs = [np.zeros((2, 0), dtype=np.int64)]
    shapes = tree.geometries
    for first in range(0, len(shapes), AT_ONCE):
        check()
        one, other = tree.query(shapes[first : first + AT_ONCE])
        one = one + first
        each = one < other
        one, other = one[each], other[each]
        cross = _sides(found, one, other) & _sides(found, other, one)
        pairs.append(np.stack([one[cross], other[cross]]))
    one, other = np.concatenate(pairs, axis=1)
    return one, other


def _sides(found: Pieces, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Say where the ends of ``one`` lie clearly on the two sides of ``other``."""
    start, along = found.start[other], found.stop[other] - found.start[other]
    length = _length(along)
    left, right = (
        ((point[one] - start) * along[:, ::-1] * (1, -1)).sum(axis=1) / length for point in (found.start, found.stop)
    )
    return (left * right < 0) & (np.minimum(np.abs(left), np.abs(right)) > NEAR)


def _where(found: Pieces, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the points where pairs of pieces cross."""
    a, r = found.start[one], found.stop[one] - found.start[one]
    c, s = found.start[other], found.stop[other] - found.start[other]
    share = ((c - a)[:, 0] * s[:, 1] - (c - a)[:, 1] * s[:, 0]) / (r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0])
    return a + share[:, None] * r


def _cut(found: Pieces, piece: np.ndarray, points: np.ndarray) -> Pieces:
    """Return the pieces with ``points[k]`` as a vertex of ``piece[k]``."""
    if not len(piece):
        return found
    number = np.concatenate([np.arange(len(found.start)), piece])
    along = np.concatenate([np.zeros(len(found.start)), _along(points, found.start[piece], found.stop[piece])])
    order = np.lexsort((along, number))
    number, start = number[order], np.concatenate([found.start, points])[order]
    last = np.append(number[1:] != number[:-1], True)
    stop = np.where(last[:, None], found.stop[number], np.roll(start, -1, axis=0))
    return _with_length(Pieces(start, stop, found.line[number], found.road[number]))
