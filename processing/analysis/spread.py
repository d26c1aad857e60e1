"""Sums over the pairs of needs and actors for several settings, or several choices of actors, in one go.

Each actor hands out its places to whoever asks for them, whatever the other actors do (see ``catchment``): what is left
of the access when some actors are taken away is the sum of the shares of those that remain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from .catchment import Eligible
from .pairs import TOLERANCE, on_each

Progress = Callable[[float], None]


class Run(NamedTuple):
    """A reach, no longer than that of the tiles, with the weight that falls over it."""

    reach: float
    decay: Callable[[np.ndarray], np.ndarray]


class Steps:
    """How far one has come in so many passes over the pairs; ``tell`` may raise, to stop."""

    def __init__(self, tell: Progress, passes: int):
        self._tell, self._passes, self._done, self._share = tell, passes, 0, 0.0

    def again(self) -> None:
        """Tell once more what was told last."""
        self._tell(self._share)

    def next(self, passes: int) -> Progress:
        """Return what the next passes report their own share to."""
        start = self._done
        self._done += passes

        def told(share: float) -> None:
            self._share = min(1.0, (start + share * passes) / self._passes)
            self._tell(self._share)

        return told


class Within:
    """The pairs of some tiles that cost no more than ``reach``, for ``pairs.on_each``."""

    def __init__(self, tiles, reach: float):
        self._tiles, self._reach = tiles, reach

    def each(self, kernel, rows=(), columns=(), rest=()) -> Iterator[tuple[np.ndarray, object]]:
        """See ``pairs.on_each``."""
        yield from on_each(self._tiles, within_piece, rows, columns, (self._reach, kernel, tuple(rest)))


class AtLeast:
    """The pairs of some tiles, each of which costs what its row says at least, for ``pairs.on_each``."""

    def __init__(self, tiles, floor: np.ndarray):
        self._tiles, self._floor = tiles, floor

    def each(self, kernel, rows=(), columns=(), rest=()) -> Iterator[tuple[np.ndarray, object]]:
        """See ``pairs.on_each``."""
        yield from on_each(self._tiles, at_least_piece, (self._floor, *rows), columns, (kernel, tuple(rest)))


def tally(
    tiles, rows: int, flags: np.ndarray, eligible: Eligible | None = None, progress: Progress = lambda share: None
) -> np.ndarray:
    """Return for each row (n, k) how many of the actors it may meet have each of the ``flags`` (actors, k)."""
    left, right, meet = eligible or (None, None, None)
    found, done = np.zeros((rows, flags.shape[1])), 0
    for places, part in on_each(tiles, tally_piece, (left,), (flags, right), (meet,)):
        found[places] = part
        done += len(places)
        progress(done / rows)
    return found


def potentials(
    tiles,
    people: np.ndarray,
    capacity: np.ndarray,
    runs: Sequence[Run],
    eligible: Eligible | None = None,
    masks: np.ndarray | None = None,
    progress: Progress = lambda share: None,
) -> np.ndarray:
    """Return the access (rows, runs, masks) of each row in each run, by the actors of each mask (actors, k).

    The formula is that of ``catchment.access``; what an actor has for each who asks is the same under every mask.
    """
    masks = np.ones((len(capacity), 1)) if masks is None else masks
    left, right, meet = eligible or (None, None, None)
    rest = (tuple(tuple(run) for run in runs), meet)
    asked, done, work = np.zeros((len(capacity), len(runs))), 0, 2 * max(len(people), 1)
    for places, (columns, part) in on_each(tiles, asked_piece, (people, left), (right,), rest):
        asked[columns] += part
        done += len(places)
        progress(done / work)
    places = np.divide(capacity[:, None], asked, out=np.zeros_like(asked), where=asked > 0)
    found = np.zeros((len(people), len(runs), masks.shape[1]))
    for rows, part in on_each(tiles, shares_piece, (left,), (places, masks, right), rest):
        found[rows] = part
        done += len(rows)
        progress(done / work)
    return found


def within_piece(costs, rows, columns, reach, kernel, rest):
    """Return what a kernel makes of the near pairs of a piece alone."""
    near = costs.data <= reach * (1 + TOLERANCE)
    starts = np.r_[0, np.cumsum(near)][costs.indptr]
    return kernel(_matrix(costs, costs.data[near], costs.indices[near], starts), rows, columns, *rest)


def at_least_piece(costs, rows, columns, kernel, rest):
    """Return what a kernel makes of a piece whose pairs cost what the first of the ``rows`` says at least."""
    floor = np.repeat(rows[0], np.diff(costs.indptr))
    return kernel(_matrix(costs, np.maximum(costs.data, floor)), rows[1:], columns, *rest)


def tally_piece(costs, rows, columns, meet) -> np.ndarray:
    """Return the counts of the rows of a piece, a kernel of ``pairs.on_each``."""
    (left,), (_, flags, right) = rows, columns
    allowed = _allowed(costs, left, right, meet)
    return _matrix(costs, np.ones(costs.nnz) if allowed is None else allowed.astype(float)) @ flags


def asked_piece(costs, rows, columns, runs, meet) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of a piece and what its rows ask of each in each run, a kernel of ``pairs.on_each``."""
    (people, left), (positions, right) = rows, columns
    weights = _weights(costs, runs, _allowed(costs, left, right, meet))
    return positions, np.column_stack([_matrix(costs, each).T @ people for each in weights])


def shares_piece(costs, rows, columns, runs, meet) -> np.ndarray:
    """Return the access of the rows of a piece (rows, runs, masks), a kernel of ``pairs.on_each``."""
    (left,), (_, places, masks, right) = rows, columns
    weights = _weights(costs, runs, _allowed(costs, left, right, meet))
    found = [_matrix(costs, each) @ (places[:, [run]] * masks) for run, each in enumerate(weights)]
    return np.stack(found, axis=1)


def _allowed(costs, left, right, meet) -> np.ndarray | None:
    return None if meet is None else meet[np.repeat(left, np.diff(costs.indptr)), right[costs.indices]]


def _weights(costs, runs, allowed: np.ndarray | None) -> Iterator[np.ndarray]:
    for reach, decay in runs:
        near = costs.data <= reach * (1 + TOLERANCE)
        yield decay(np.minimum(costs.data / reach, 1.0)) * (near if allowed is None else near & allowed)


def _matrix(costs: sparse.csr_matrix, values, indices=None, starts=None) -> sparse.csr_matrix:
    indices, starts = (costs.indices, costs.indptr) if indices is None else (indices, starts)
    return sparse.csr_matrix((values, indices, starts), shape=costs.shape)
