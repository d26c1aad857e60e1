"""Pairs of points that lie near each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

TOLERANCE = 1e-9
"""Relative: a pair at exactly the radius counts, whatever the last digits of its coordinates say."""

KEPT = 20_000_000
TILE = 2_000_000


class Tile(NamedTuple):
    """The pairs of the points ``first``, ``first + 1``, … of the left side.

    ``costs`` is a CSR matrix: a row for each of those points, a column for each point of the right side, the stored
    values what it costs to come together, in the unit of whoever searched (0 is stored), in ascending columns.
    """

    first: int
    costs: sparse.csr_matrix


class Near:
    """The pairs no further apart than ``radius`` metres, as tiles, to be gone through as often as one likes.

    ``left`` and ``right`` are arrays (n, 2) of metric coordinates; a cost is the distance times ``per_metre``. The
    pairs are counted first: up to ``kept`` pairs are held in memory (12 bytes each), more are searched anew each time,
    about ``tile`` at once. ``check`` is called before each tile and may raise, to stop. Whatever else gives such tiles,
    from roads or from a database, can stand in its place.
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
    ):
        self._left = left
        self._per_metre = per_metre
        self._check = check
        self._radius = radius * (1 + TOLERANCE)
        self._tree = cKDTree(right) if len(right) else None
        counts = np.zeros(len(left), dtype=np.int64)
        if self._tree is not None and len(left):
            counts[:] = self._tree.query_ball_point(left, self._radius, return_length=True)
        ends = np.cumsum(counts)
        self.count = int(ends[-1]) if len(ends) else 0
        cuts = np.searchsorted(ends, np.arange(tile, self.count, tile), side="left") + 1
        self._bounds = np.unique(np.r_[0, cuts, len(left)])
        self._held = [] if self.count <= kept else None

    def __iter__(self) -> Iterator[Tile]:
        """Yield the tiles from the first point of the left side to the last."""
        for number, (first, stop) in enumerate(zip(self._bounds[:-1], self._bounds[1:])):
            self._check()
            if self._held is None:
                yield self._search(first, stop)
                continue
            if number == len(self._held):
                self._held.append(self._search(first, stop))
            yield self._held[number]

    def _search(self, first: int, stop: int) -> Tile:
        right = self._tree.n if self._tree is not None else 0
        if not right:
            return Tile(int(first), sparse.csr_matrix((stop - first, 0)))
        found = cKDTree(self._left[first:stop]).sparse_distance_matrix(self._tree, self._radius, output_type="ndarray")
        shape = (stop - first, right)
        costs = found["v"] * self._per_metre
        return Tile(int(first), sparse.coo_matrix((costs, (found["i"], found["j"])), shape=shape).tocsr())
