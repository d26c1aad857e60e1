"""Pairs of points that lie near each other, in pieces that can be worked on one by one, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

TOLERANCE = 1e-9
"""Relative: a pair at exactly the radius counts, whatever the last digits of its coordinates say."""

KEPT = 20_000_000
TILE = 1_000_000
ROW = 8
"""A point without pairs is work too: as much as so many pairs."""
COUNTED = 5_000

Kernel = Callable[..., object]
"""A pure function of (costs, rows, columns, \\*rest): see ``on_each``."""


class Tile(NamedTuple):
    """The pairs of the points ``first``, ``first + 1``, … of the left side.

    ``costs`` is a CSR matrix: a row for each of those points, a column for each point of the right side, the stored
    values what it costs to come together, in the unit of whoever searched (0 is stored), in ascending columns.
    """

    first: int
    costs: sparse.csr_matrix


class Part(NamedTuple):
    """The pairs of the points of a rectangle of the left side.

    ``rows`` are their positions in the left side, ``columns`` those of the points of the right side around them, both
    ascending; ``costs`` as in ``Tile``, with these rows and these columns.
    """

    rows: np.ndarray
    columns: np.ndarray
    costs: sparse.csr_matrix


class Engine(Protocol):
    """Where work is done that is not done in this process."""

    def map(
        self, function: Callable[..., object], jobs: Iterable[tuple], check: Callable[[], None]
    ) -> Iterator[object]:
        """Yield ``function(*job)`` of each job, in their order; ``check`` is called at least twice a second, may raise.

        ``function``, and functions inside a job, stand in a module of this package; what else a job holds, and what
        the function returns, are arrays, numbers, texts and plain tuples of them. Jobs are taken a few at a time. The
        machine that does one may vanish: another does it again.
        """


class Near:
    """The pairs no further apart than ``radius`` metres, to be gone through as often as one likes.

    ``left`` and ``right`` are arrays (n, 2 or more) of metric coordinates; a cost is the distance times ``per_metre``.
    The pairs are counted first: up to ``kept`` pairs are held in memory (12 bytes each), more are searched anew each
    time, about ``tile`` at once. ``check`` is called before each of them and may raise, to stop.

    Iterated over, it gives tiles in the order of the left side. ``parts`` gives the same pairs by rectangles, which
    know nothing but their own points and those within the radius around: quicker to search when neighbours do not
    follow each other, and all that an ``engine`` has to send to another machine. Whatever else gives tiles, from roads
    or from a database, can stand in its place: see ``on_each``.
    """

    def __init__(
        self,
        left: np.ndarray,
        right: np.ndarray,
        radius: float,
        *,
        per_metre: float = 1.0,
        kept: int = KEPT,
        tile: int = TILE,
        check: Callable[[], None] = lambda: None,
        engine: Engine | None = None,
    ):
        self._left, self._right = left, right
        self._per_metre = per_metre
        self._tile = tile
        self._check = check
        self._engine = engine
        self._radius = radius * (1 + TOLERANCE)
        check()
        self._by_x = np.argsort(right[:, 0], kind="stable") if len(right) else np.zeros(0, dtype=np.intp)
        check()
        self._tree = cKDTree(right) if len(right) else None
        self._counts = self._counted()
        self.count = int(self._counts.sum())
        self._holds = self.count <= kept
        self._held = {}
        self._rectangles = None

    def __iter__(self) -> Iterator[Tile]:
        """Yield the tiles from the first point of the left side to the last."""
        ends = np.cumsum(self._counts)
        cuts = np.searchsorted(ends, np.arange(self._tile, self.count, self._tile), side="left") + 1
        bounds = np.unique(np.r_[0, cuts, len(self._left)])
        for first, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist()):
            self._check()
            yield Tile(first, self._remembered((first, stop), self._costs, self._left[first:stop], self._tree))

    def parts(self) -> Iterator[Part]:
        """Yield the pairs by rectangles of the left side, which together hold each of its points once."""
        for number, rows in enumerate(self._cut()):
            self._check()
            yield self._remembered(number, self._part, rows)

    def each(self, kernel: Kernel, rows=(), columns=(), rest=()) -> Iterator[tuple[np.ndarray, object]]:
        """See ``on_each``; with an engine, rectangles are searched and worked on there."""
        if self._engine is None:
            for part in self.parts():
                yield part.rows, kernel(part.costs, _some(rows, part.rows), _known(columns, part.columns), *rest)
            return
        jobs = (self._job(kernel, found, rows, columns, rest) for found in self._cut())
        yield from zip(self._cut(), self._engine.map(on_piece, jobs, self._check))

    def _job(self, kernel, found, rows, columns, rest) -> tuple:
        around = self._around(found)
        piece = (self._left[found], self._right[around], self._radius, self._per_metre)
        return kernel, piece, _some(rows, found), _known(columns, around), rest

    def _part(self, rows: np.ndarray) -> Part:
        columns = self._around(rows)
        right = cKDTree(self._right[columns]) if len(columns) else None
        return Part(rows, columns, self._costs(self._left[rows], right))

    def _costs(self, left: np.ndarray, right: cKDTree | None) -> sparse.csr_matrix:
        return search(left, right, self._radius, self._per_metre)

    def _remembered(self, key, make, *given):
        if not self._holds:
            return make(*given)
        if key not in self._held:
            self._held[key] = make(*given)
        return self._held[key]

    def _counted(self) -> np.ndarray:
        counts = np.zeros(len(self._left), dtype=np.int64)
        for first in range(0, len(counts) if self._tree is not None else 0, COUNTED):
            self._check()
            near = self._tree.query_ball_point(self._left[first : first + COUNTED], self._radius, return_length=True)
            counts[first : first + COUNTED] = near
        return counts

    def _cut(self) -> list[np.ndarray]:
        if self._rectangles is None:
            # What a rectangle knows of the other side has to stay small too, where few of them are within the radius.
            around = len(self._right) // max(len(self._left), 1)
            self._rectangles = list(rectangles(self._left, self._counts + ROW + around, self._tile))
        return self._rectangles

    def _around(self, rows: np.ndarray) -> np.ndarray:
        """Return the points of the right side in the box around some of the left, widened by the radius."""
        if not len(self._right):
            return self._by_x
        low, high = self._left[rows].min(axis=0), self._left[rows].max(axis=0)
        # The last digits of a sum must not take from the box who stands at exactly the radius.
        margin = self._radius + 4 * np.spacing(np.maximum(np.abs(low), np.abs(high)))
        low, high = low - margin, high + margin
        first, stop = np.searchsorted(self._right[:, 0], [low[0], high[0]], sorter=self._by_x)
        found = self._by_x[first:stop]
        for axis in range(1, len(low)):
            along = self._right[found, axis]
            found = found[(along >= low[axis]) & (along <= high[axis])]
        return np.sort(found)


def on_each(tiles, kernel: Kernel, rows=(), columns=(), rest=()) -> Iterator[tuple[np.ndarray, object]]:
    """Yield, piece by piece, positions of the left side and what ``kernel`` makes of their pairs.

    This is all that a method asks of an engine. ``tiles`` is a ``Near``, or any iterable of tiles that hold each point
    of the left side once. The kernel is called with the ``costs`` of a piece (CSR), the entries of the arrays ``rows``
    that belong to its rows, the positions of its columns in the right side before the entries of the arrays ``columns``
    that belong to them, and ``rest``; an array may be None, and stays it.
    """
    if hasattr(tiles, "each"):
        yield from tiles.each(kernel, rows, columns, rest)
        return
    for tile in tiles:
        found = np.arange(tile.first, tile.first + tile.costs.shape[0])
        yield found, kernel(tile.costs, _some(rows, found), (np.arange(tile.costs.shape[1]), *columns), *rest)


def on_piece(kernel: Kernel, piece: tuple, rows: tuple, columns: tuple, rest: tuple) -> object:
    """Return what a kernel makes of the pairs of a ``piece``: left, right, radius and cost of a metre."""
    left, right, radius, per_metre = piece
    return kernel(search(left, cKDTree(right) if len(right) else None, radius, per_metre), rows, columns, *rest)


def search(left: np.ndarray, right: cKDTree | None, radius: float, per_metre: float) -> sparse.csr_matrix:
    """Return the costs between points no further apart than the radius, columns ascending; None: nobody."""
    if right is None:
        return sparse.csr_matrix((len(left), 0))
    found = cKDTree(left).sparse_distance_matrix(right, radius, output_type="ndarray")
    places = (found["i"].astype(np.int32), found["j"].astype(np.int32))
    return in_rows(found["v"] * per_metre, places, (len(left), right.n))


def in_rows(values: np.ndarray, places: tuple[np.ndarray, np.ndarray], shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return values at (rows, columns), none twice, as CSR with ascending columns."""
    found = sparse.coo_matrix((values, places), shape=shape)
    # No place is there twice, so nothing has to be added up; through the columns, nothing has to be sorted either.
    found.has_canonical_format = True
    return found.tocsc().tocsr()


def rectangles(points: np.ndarray, weights: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Yield the ascending positions of the points of rectangles whose weights add up to ``most``, or of single points.

    Where the sum is more, it is halved across the longer side. How the points are cut depends on where they are, not on
    their order, but for points at one place.
    """
    waiting = [np.arange(len(points))] if len(points) else []
    while waiting:
        rows = waiting.pop()
        if len(rows) == 1 or weights[rows].sum() <= most:
            yield rows
            continue
        places = points[rows]
        order = np.lexsort((*places.T, places[:, np.argmax(np.ptp(places, axis=0))]))
        ends = np.cumsum(weights[rows[order]])
        half = min(max(int(np.searchsorted(ends, ends[-1] / 2)), 1), len(rows) - 1)
        waiting += [np.sort(rows[order[half:]]), np.sort(rows[order[:half]])]


def _some(arrays: tuple, positions: np.ndarray) -> tuple:
    return tuple(None if array is None else array[positions] for array in arrays)


def _known(arrays: tuple, positions: np.ndarray) -> tuple:
    return positions, *_some(arrays, positions)
