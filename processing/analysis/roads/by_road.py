"""Travel times by road: the network, where places meet it, and how long it takes to the nearest of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra

from ..pairs import TOLERANCE
from ..ways import above_zero
from .pairs import OnRoads
from .stretches import stretches

# A tree of more edges is made of those near the points only: it takes 300 bytes an edge.
ALL_IN_A_TREE = 20_000
# Minutes: of places that are no further apart than this, the first is the nearest.
TIE = 1e-9
# A way of no length at all would be no way to a sparse matrix.
LEAST = np.finfo(float).tiny
GRID = 2.0**40


class Network(NamedTuple):
    """Roads as a graph that is open both ways: straight edges in the order of the roads, and along each of them.

    ``nodes`` (n, 2) metric coordinates; ``ends`` (m, 2) the nodes of each edge; ``metres`` and ``minutes`` (m,) its
    length and its time; ``road`` (m,) the position of its road.
    """

    nodes: np.ndarray
    ends: np.ndarray
    metres: np.ndarray
    minutes: np.ndarray
    road: np.ndarray


def on_grid(minutes: np.ndarray) -> np.ndarray:
    """Return minutes as multiples of 2^-40: their sums are exact up to 4096 minutes, in whatever order they are made.

    The order of the roads decides from which end a street is added up; without this the last digit could tell.
    """
    return np.round(minutes * GRID) / GRID


def at_speeds(
    nodes: np.ndarray, ends: np.ndarray, metres: np.ndarray, road: np.ndarray, speeds: np.ndarray, speed: float
) -> Network:
    """Return a network with the time that its edges take at the ``speeds`` of the roads, km/h; ``speed`` where NaN.

    Nodes are numbered by their coordinates, so that no tie depends on the order of the roads.
    """
    each = speeds[road]
    minutes = np.maximum(on_grid(metres / (np.where(np.isnan(each), speed, each) * 1000 / 60)), 1 / GRID)
    order = np.lexsort((nodes[:, 1], nodes[:, 0]))
    number = np.empty(len(nodes), dtype=np.int32)
    number[order] = np.arange(len(nodes))
    return Network(nodes[order], number[ends], metres, minutes, road)


class Spots(NamedTuple):
    """Where points meet the network: an edge (-1: none near enough), where along it (0..1), how many metres aside."""

    edge: np.ndarray
    along: np.ndarray
    aside: np.ndarray


class Junctions(NamedTuple):
    """A network in which spots are nodes too, as a symmetric matrix of minutes.

    ``points`` (n, 2): the coordinates of all nodes; ``of_spots``: the node of each spot, -1 for one on no edge.
    """

    minutes: sparse.csr_matrix
    points: np.ndarray
    of_spots: np.ndarray


class ByRoad:
    """Ways along a network of roads.

    A place goes straight to the nearest road, at ``speed`` km/h, when that is no further than ``max_snap`` metres;
    else it is reached by nobody and reaches nobody.
    """

    def __init__(self, roads: Network, speed: float = 50.0, max_snap: float = 1000.0):
        above_zero(speed=speed)
        self.roads = roads
        self.max_snap = max_snap
        self.aside_per_metre = 60 / (speed * 1000)
        self._tree = self._plain = self._piece = self._straight = None
        self._seen, self._spots = np.zeros(0, dtype=complex), _nowhere(0)

    def near(self, origins, places, reach, check=lambda: None) -> OnRoads:
        """Return the pairs no further apart than ``reach`` minutes."""
        return OnRoads(self, np.asarray(origins, float), np.asarray(places, float), reach, check)

    def nearest(self, origins, places) -> tuple[np.ndarray, np.ndarray]:
        """Return the position of the nearest place (-1: none can be reached) and its minutes (NaN), however far."""
        from_, to = self.spots(np.asarray(origins, float)), self.spots(np.asarray(places, float))
        graph = self.junctions(from_, to)
        here, there = np.split(graph.of_spots, [len(from_.edge)])
        minutes, place = nearest_source(graph.minutes, there, to.aside * self.aside_per_metre)
        # Of a point on no road the node is -1, where nothing stands.
        minutes, place = np.append(minutes, np.nan)[here], np.append(place, -1)[here]
        total = minutes + from_.aside * self.aside_per_metre
        return place, np.where(place >= 0, total, np.nan)

    def pieces(self) -> tuple[int, float]:
        """Return the number of connected pieces of the network, and the share of its length that the longest has."""
        piece, metres = self._pieces(), self.roads.metres
        inside = piece[self.roads.ends[:, 0]] == 0
        return int(piece.max(initial=-1)) + 1, float(metres[inside].sum() / metres.sum()) if len(metres) else 0.0

    def piece_of(self, points: np.ndarray) -> np.ndarray:
        """Return on which piece of the network points stand: 0 the longest, -1 on none."""
        edge = self.spots(points).edge
        return np.where(edge < 0, -1, self._pieces()[self.roads.ends[edge, 0]] if len(self.roads.ends) else -1)

    def _pieces(self) -> np.ndarray:
        """Return for each node the number of its piece, in the order of their lengths, the longest first."""
        if self._piece is None:
            _, piece = connected_components(self._network(), directed=False)
            at, metres = self.roads.ends[:, 0], self.roads.metres
            metres = np.bincount(piece[at], weights=metres, minlength=piece.max(initial=-1) + 1)
            rank = np.empty(len(metres), dtype=np.int64)
            rank[np.argsort(-metres, kind="stable")] = np.arange(len(metres))
            self._piece = rank[piece]
        return self._piece

    def _network(self) -> sparse.csr_matrix:
        if self._plain is None:
            self._plain = _shortest(self.roads.ends, self.roads.minutes, len(self.roads.nodes))
        return self._plain

    def metres(self, reach: float) -> float:
        """Return the crow-fly metres beyond which nothing is reached, at the highest speed of all roads."""
        speeds = self.roads.metres / self.roads.minutes
        return reach * float(max(1 / self.aside_per_metre, speeds.max(initial=0.0)))

    def straight(self, metres: np.ndarray) -> np.ndarray:
        """Return the minutes of metres beside the roads."""
        return metres * self.aside_per_metre

    def spots(self, points: np.ndarray) -> Spots:
        """Return where points meet the network, the same for a point whatever the order of the roads.

        What was found is remembered: the analyses ask for the same places theme by theme.
        """
        pairs = np.ascontiguousarray(points, dtype=float).view(complex).ravel()
        new = np.unique(pairs[~np.isin(pairs, self._seen) & np.isfinite(pairs)])
        if len(new):
            both = np.concatenate([self._seen, new])
            order = np.argsort(both)
            found = self._snapped(new.view(float).reshape(-1, 2))
            self._seen = both[order]
            self._spots = Spots(*(np.concatenate(each)[order] for each in zip(self._spots, found)))
        # A point may have come from where its CRS has no place for it.
        placed = np.isfinite(pairs)
        position = np.searchsorted(self._seen, pairs[placed])
        spots = _nowhere(len(pairs))
        for column, known in zip(spots, self._spots):
            column[placed] = known[position]
        return spots

    def _snapped(self, points: np.ndarray) -> Spots:
        nodes, ends = self.roads.nodes, self.roads.ends
        spots = _nowhere(len(points))
        if not len(ends) or not len(points):
            return spots
        farthest = max(self.max_snap * (1 + TOLERANCE), LEAST)
        edges, tree = self._edges_around(points)
        if tree is None:
            return spots
        point, edge = tree.query_nearest(shapely.points(points), max_distance=farthest, all_matches=True)
        edge = edges[edge]
        # Of equally near edges the quickest, then the one whose ends come first; of twins always the same one.
        start, stop = np.sort(ends[edge], axis=1).T
        order = np.lexsort((edge, ends[edge, 0], stop, start, self.roads.minutes[edge], point))
        point, edge = point[order], edge[order]
        first = np.append(True, point[1:] != point[:-1])[: len(point)]
        point, edge = point[first], edge[first]
        start, vector = nodes[ends[edge, 0]], nodes[ends[edge, 1]] - nodes[ends[edge, 0]]
        along = ((points[point] - start) * vector).sum(axis=1) / (vector * vector).sum(axis=1)
        along = np.clip(along, 0.0, 1.0)
        away = points[point] - start - along[:, None] * vector
        spots.edge[point], spots.along[point], spots.aside[point] = edge, along, np.hypot(away[:, 0], away[:, 1])
        return spots

    def _edges_around(self, points: np.ndarray) -> tuple[np.ndarray, shapely.STRtree | None]:
        """Return edges, all that may be near enough to any of the points, and their tree (None: there is none)."""
        roads = self.roads
        if self._tree is not None:
            return np.arange(len(roads.ends)), self._tree
        few = _around(roads, points, self.max_snap) if len(roads.ends) > ALL_IN_A_TREE else None
        all_of_them = few is None or len(few) > len(roads.ends) / 2
        edges = np.arange(len(roads.ends)) if all_of_them else few
        # All in one direction: there and back along one street must be equally far to the last digit.
        shapes = shapely.linestrings(roads.nodes[np.sort(roads.ends[edges], axis=1)]) if len(edges) else None
        tree = None if shapes is None else shapely.STRtree(shapes)
        if all_of_them:
            self._tree = tree
        return edges, tree

    def junctions(self, *several: Spots) -> Junctions:
        """Return the network without its bends, with the spots as nodes: all that times between spots need."""
        edge, along, where = self._put_together(several)
        if self._straight is None:
            roads = self.roads
            found = stretches(roads.ends, roads.minutes, len(roads.nodes))
            self._straight = found, _shortest(found.ends, found.minutes, len(found.nodes))
        found, graph = self._straight
        placed = edge >= 0
        on, at = np.full(len(edge), -1), np.zeros(len(edge))
        edge = edge[placed]
        on[placed] = found.number[edge]
        minutes = found.offset[edge] + on_grid(found.pace[edge] * along[placed])
        at[placed] = np.clip(minutes, 0.0, found.minutes[on[placed]])
        return _with_spots(graph, self.roads.nodes[found.nodes], found.ends, found.minutes, on, at, where)

    def corners(self, *several: Spots) -> Junctions:
        """Return the whole network, its own nodes first, with the spots as nodes."""
        edge, along, where = self._put_together(several)
        roads = self.roads
        at = on_grid(along * np.append(roads.minutes, 0.0)[edge])
        return _with_spots(self._network(), roads.nodes, roads.ends, roads.minutes, edge, at, where)

    def _put_together(self, several: tuple[Spots, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the edge, where along it, and the coordinates of all spots, NaN for one on no edge."""
        edge, along = (np.concatenate([getattr(spots, name) for spots in several]) for name in ("edge", "along"))
        where, placed = np.full((len(edge), 2), np.nan), edge >= 0
        start, stop = (self.roads.nodes[self.roads.ends[edge[placed], side]] for side in (0, 1))
        where[placed] = start + along[placed, None] * (stop - start)
        return edge, along, where


def _nowhere(count: int) -> Spots:
    return Spots(np.full(count, -1), np.zeros(count), np.full(count, np.nan))


def _with_spots(
    graph: sparse.csr_matrix,
    nodes: np.ndarray,
    ends: np.ndarray,
    total: np.ndarray,
    edge: np.ndarray,
    at: np.ndarray,
    where: np.ndarray,
) -> Junctions:
    """Return a graph with the spots as nodes: each cuts its edge, several on one edge in their order along it.

    ``ends`` and ``total`` are the nodes and the minutes of the edges; a spot is on ``edge`` (-1: none), ``at`` minutes
    from its start, with the coordinates ``where``.
    """
    count = len(nodes)
    of_spots = np.full(len(edge), -1)
    placed = np.flatnonzero(edge >= 0)
    of_spots[placed] = ends[edge[placed], (at[placed] > 0).astype(int)]
    inside = placed[(at[placed] > 0) & (at[placed] < total[edge[placed]])]
    inside = inside[np.lexsort((at[inside], edge[inside]))]
    on, at = edge[inside], at[inside]
    new = np.append(True, (on[1:] != on[:-1]) | (at[1:] != at[:-1]))[: len(on)]
    of_spots[inside] = count - 1 + np.cumsum(new)
    on, at = on[new], at[new]
    first = np.append(True, on[1:] != on[:-1])[: len(on)]
    last = np.append(first[1:], True)[: len(on)]
    own = count + np.arange(len(on))
    before = np.where(first, ends[on, 0], own - 1)
    gap = np.where(first, at, at - np.roll(at, 1))
    links = np.concatenate([np.stack([before, own], axis=1), np.stack([own, ends[on, 1]], axis=1)[last]])
    minutes = np.concatenate([gap, (total[on] - at)[last]])
    graph = _larger(graph, len(own))
    if len(own):
        graph = graph + _shortest(links, minutes, count + len(own))
    return Junctions(graph, np.concatenate([nodes, where[inside][new]]), of_spots)


def _around(roads: Network, points: np.ndarray, metres: float) -> np.ndarray:
    """Return the edges with a part no further than ``metres`` from any of the points, and others not far away.

    The plane is cut into squares as wide as that; of an edge that is no longer, it is enough to look where it begins.
    """
    wide = max(metres, float(np.quantile(roads.metres, 0.9)))
    low = np.minimum(roads.nodes.min(axis=0), points.min(axis=0))
    across = int((max(roads.nodes[:, 0].max(), points[:, 0].max()) - low[0]) / wide) + 6

    def square(places):
        column, row = ((places - low) / wide).astype(np.int64).T + 2
        return row * across + column

    around = np.add.outer(np.arange(-2, 3) * across, np.arange(-2, 3)).ravel()
    wanted = np.unique(np.add.outer(np.unique(square(points)), around))
    where = square(roads.nodes[roads.ends[:, 0]])
    return np.flatnonzero(np.isin(where, wanted) | (roads.metres > wide))


def nearest_source(graph: sparse.csr_matrix, sources: np.ndarray, before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each node the minutes from the nearest source (inf: none) and its position (-1).

    ``sources`` are nodes (-1: left out), to be reached only after ``before`` minutes each; of equally near ones it is
    the first.
    """
    usable = np.flatnonzero(sources >= 0)
    nodes, count = graph.shape[0], len(usable)
    if not count:
        return np.full(nodes, np.inf), np.full(nodes, -1)
    later = LEAST + np.arange(count) * (TIE / count)
    # A source stands before its node, at the end of a way of its own that leads nowhere else.
    ways = sparse.csr_matrix(
        (before[usable] + later, sources[usable], np.arange(count + 1)), shape=(count, nodes + count)
    )
    graph = sparse.vstack([_larger(graph, count)[:nodes], ways], format="csr")
    starts = nodes + np.arange(count)
    minutes, _, source = dijkstra(graph, indices=starts, min_only=True, return_predecessors=True)
    minutes, source = minutes[:nodes], source[:nodes].astype(np.int64) - nodes
    reached = np.isfinite(minutes)
    minutes[reached] = np.maximum(minutes[reached] - later[source[reached]], 0.0)
    return minutes, np.where(reached, usable[np.where(reached, source, 0)], -1)


def _shortest(ends: np.ndarray, minutes: np.ndarray, nodes: int) -> sparse.csr_matrix:
    """Return edges as a symmetric matrix, in which the quickest of parallel edges counts and loops do not."""
    row, column = np.concatenate([ends, ends[:, ::-1]]).T
    values = np.maximum(np.concatenate([minutes, minutes]), LEAST)
    order = np.lexsort((values, column, row))
    row, column = row[order], column[order]
    kept = np.append(True, (row[1:] != row[:-1]) | (column[1:] != column[:-1]))[: len(row)] & (row != column)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=nodes))])
    return sparse.csr_matrix((values[order][kept], column[kept], starts), shape=(nodes, nodes))


def _larger(graph: sparse.csr_matrix, more: int) -> sparse.csr_matrix:
    """Return the graph with so many more nodes, which nothing leads to."""
    size = graph.shape[0] + more
    starts = np.concatenate([graph.indptr, np.full(more, graph.indptr[-1], dtype=graph.indptr.dtype)])
    return sparse.csr_matrix((graph.data, graph.indices, starts), shape=(size, size))
