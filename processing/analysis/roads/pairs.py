"""Pairs of places that lie near each other by road."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from ..pairs import KEPT, TILE, TOLERANCE, Tile

if TYPE_CHECKING:
    from .by_road import ByRoad

# Numbers of a dense table of times that is worked on at once: 16 MB.
AT_ONCE = 2_000_000
# Sources near each other, for which one piece of the network is cut out.
TOGETHER = 64


class OnRoads:
    """The pairs no further apart than ``reach`` minutes by road, as tiles, to be gone through as often as one likes.

    Shortest paths are sought from the side with fewer places, near ones together in the piece of the network that they
    can reach. Up to ``kept`` pairs are held in memory (12 bytes each); of more only the number is, and they are sought
    anew each time, about ``tile`` at once.
    """

    def __init__(
        self,
        ways: ByRoad,
        origins: np.ndarray,
        places: np.ndarray,
        reach: float,
        check: Callable[[], None] = lambda: None,
        *,
        kept: int = KEPT,
        tile: int = TILE,
    ):
        self._limit = reach * (1 + TOLERANCE)
        self._metres = ways.metres(self._limit)
        self._check = check
        self._origins, self._places = ways.spots(origins), ways.spots(places)
        self._aside = [spots.aside * ways.aside_per_metre for spots in (self._origins, self._places)]
        self._graph = ways.junctions(self._origins, self._places)
        self._nodes = np.split(self._graph.of_spots, [len(origins)])
        counts, chunks = self._counted(kept)
        self._whole = None if chunks is None else self._assembled(chunks, counts)
        ends = np.cumsum(counts)
        self.count = int(ends[-1]) if len(ends) else 0
        cuts = np.searchsorted(ends, np.arange(tile, self.count, tile), side="left") + 1
        self._bounds = np.unique(np.r_[0, cuts, len(origins)])

    def __iter__(self) -> Iterator[Tile]:
        """Yield the tiles from the first origin to the last."""
        for first, stop in zip(self._bounds[:-1].tolist(), self._bounds[1:].tolist()):
            self._check()
            if self._whole is not None:
                yield Tile(first, self._whole[first:stop])
            else:
                rows = np.arange(first, stop)
                chunks = list(self._found(rows))
                counts = sum((np.bincount(chunk[0] - first, minlength=len(rows)) for chunk in chunks), 0)
                chunks = [(origin - first, place, minutes) for origin, place, minutes in chunks]
                yield Tile(first, self._assembled(chunks, counts + np.zeros(len(rows), dtype=np.int64)))

    def _counted(self, kept: int):
        """Return how many places each origin reaches, and all pairs in chunks, or None when they are too many."""
        counts = np.zeros(len(self._nodes[0]), dtype=np.int64)
        chunks, total = [], 0
        for chunk in self._found(np.arange(len(counts))):
            counts += np.bincount(chunk[0], minlength=len(counts))
            total += len(chunk[0])
            if total > kept:
                chunks = None
            if chunks is not None:
                chunks.append(chunk)
        return counts, chunks

    def _found(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield the pairs of some origins, in no order: origin, place, minutes."""
        origins = _Side(self._nodes[0], rows)
        places = _Side(self._nodes[1], np.arange(len(self._nodes[1])))
        turned = len(places.nodes) < len(origins.nodes)
        sources, targets = (places, origins) if turned else (origins, places)
        before, after = self._aside[::-1] if turned else self._aside
        for number, target, minutes in self._times(sources.nodes, targets.nodes):
            for source, other, time in _expanded(sources, targets, number, target, minutes):
                time = time + before[source] + after[other]
                near = time <= self._limit
                source, other = source[near].astype(np.int32), other[near].astype(np.int32)
                yield (other, source, time[near]) if turned else (source, other, time[near])

    def _times(self, sources: np.ndarray, targets: np.ndarray):
        """Yield (position in ``sources``, position in ``targets``, minutes) of the nodes near enough, in pieces."""
        points = self._graph.points
        for cell in _cells(points[sources], TOGETHER):
            self._check()
            here = points[sources[cell]]
            low, high = here.min(axis=0) - self._metres, here.max(axis=0) + self._metres
            inside = ((points >= low) & (points <= high)).all(axis=1)
            number = np.cumsum(inside) - 1
            piece = self._graph.minutes if inside.all() else self._graph.minutes[inside][:, inside]
            wanted = np.flatnonzero(inside[targets])
            columns = number[targets[wanted]]
            step = max(1, AT_ONCE // max(1, piece.shape[0]))
            for first in range(0, len(cell), step):
                self._check()
                some = cell[first : first + step]
                times = dijkstra(piece, indices=number[sources[some]], limit=self._limit)[:, columns]
                row, column = np.nonzero(times <= self._limit)
                yield some[row], wanted[column], times[row, column]

    def _assembled(self, chunks, counts: np.ndarray) -> sparse.csr_matrix:
        """Return the pairs as a matrix; the list of chunks is emptied on the way, so that all is held only once."""
        starts = np.concatenate([[0], np.cumsum(counts)])
        indices, data = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1])
        free = starts[:-1].copy()
        while chunks:
            origin, place, minutes = chunks.pop()
            order = np.argsort(origin, kind="stable")
            origin = origin[order]
            where = free[origin] + np.arange(len(origin)) - np.searchsorted(origin, origin, side="left")
            indices[where], data[where] = place[order], minutes[order]
            free += np.bincount(origin, minlength=len(free))
        found = sparse.csr_matrix((data, indices, starts), shape=(len(counts), len(self._nodes[1])))
        found.sort_indices()
        return found


class _Side:
    """Places of one side by node: ``nodes``, each once, and the ``members`` of the k-th from ``starts[k]`` on."""

    def __init__(self, of_places: np.ndarray, chosen: np.ndarray):
        chosen = chosen[of_places[chosen] >= 0]
        self.members = chosen[np.argsort(of_places[chosen], kind="stable")]
        self.nodes, self.starts = np.unique(of_places[self.members], return_index=True)
        self.counts = np.diff(np.append(self.starts, len(self.members)))


def _expanded(sources: _Side, targets: _Side, source, target, minutes):
    """Yield pairs of places for pairs of nodes, in pieces of a bearable size."""
    sizes = sources.counts[source] * targets.counts[target]
    cuts = np.searchsorted(np.cumsum(sizes), np.arange(AT_ONCE, sizes.sum(), AT_ONCE)) + 1
    bounds = np.unique(np.r_[0, cuts, len(sizes)])
    for first, stop in zip(bounds[:-1], bounds[1:]):
        some = slice(first, stop)
        pair = np.repeat(np.arange(first, stop), sizes[some])
        order = np.arange(len(pair)) - np.repeat(np.cumsum(sizes[some]) - sizes[some], sizes[some])
        width = targets.counts[target[pair]]
        yield (
            sources.members[sources.starts[source[pair]] + order // width],
            targets.members[targets.starts[target[pair]] + order % width],
            minutes[pair],
        )


def _cells(points: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Yield the positions of points that lie near each other, at most so many at a time."""
    waiting = [np.arange(len(points))] if len(points) else []
    while waiting:
        cell = waiting.pop()
        if len(cell) <= most:
            yield cell
            continue
        here = points[cell]
        side = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
        order = np.argsort(here[:, side], kind="stable")
        waiting += [cell[order[len(order) // 2 :]], cell[order[: len(order) // 2]]]
