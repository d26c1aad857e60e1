"""What a reader can work out of a published table: the attack, made on our own table before it leaves.

The reader knows every published figure, that parts add up to their whole, that nothing is negative, and what the
reason given for a masked cell says of it. What they can find is the range of each masked cell over all tables that
agree with this (Fischetti & Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

CLOSE = 1e-6
# Steps of the solver a cell, and not seconds, so that every machine makes the same table; what it has not found by
# then counts as not found, and more is masked.
STEPS, LEAST_STEPS = 20, 20_000
# A programme that drives all open cells is worth it while it settles this share of them.
WORTH = 0.03
# Settling fewer cells at once than this is slower than trying them one by one, each with what is near.
MANY = 30
# Sums of more masked cells than this hardly bind any of them; this many cells are near enough.
LOOSE, NEARBY = 60, 300
# Leaks looked for before more is masked; masked cells from which on a cell alone is only tried with what is near.
MOST_LEAKS, LARGE = 25, 20_000


class Sums(NamedTuple):
    """How cells add up: ``children`` (sums x cells, 1 for a part), ``parent`` the whole of each sum."""

    children: sparse.csr_matrix
    parent: np.ndarray

    @property
    def matrix(self) -> sparse.csr_matrix:
        """Return (sums x cells): 1 for a part, -1 for the whole; times the figures it gives 0."""
        count, cells = self.children.shape
        whole = sparse.csr_matrix((np.ones(count), (np.arange(count), self.parent)), (count, cells))
        return (self.children - whole).tocsr()


class Known(NamedTuple):
    """What a reader knows of each cell before adding up (``low`` to ``high``), and what must stay possible to them.

    A cell is safe when tables exist in which it is as low as ``need_low``, and others in which it is as high as
    ``need_high``, and when its values in such tables are ``width`` apart or more.
    """

    low: np.ndarray
    high: np.ndarray
    need_low: np.ndarray
    need_high: np.ndarray
    width: np.ndarray


class Leak(NamedTuple):
    """A cell that the table gives away, and how much each figure shown helps in that (0: not at all)."""

    cell: int
    blame: np.ndarray


class Audit(NamedTuple):
    """The range in which each cell was shown to lie by tables that agree with all that is published.

    ``leaks`` are cells that are not safe; some more may be ``open`` when there are many leaks. ``programmes`` is the
    number of linear programmes solved.
    """

    low: np.ndarray
    high: np.ndarray
    leaks: list[Leak]
    open: np.ndarray
    programmes: int


def telling(known: Known, matrix: sparse.csr_matrix, most: int = 100) -> np.ndarray:
    """Return the sums that give a cell away, found by going from what each sum leaves to its cells to the next sums.

    The first ones met are returned: more may be found once these tell nothing. What is found is so for a reader; where
    nothing is found ``audit`` has to look closer. ``matrix`` is that of ``Sums``; ``most`` steps are made.
    """
    table = matrix.tocoo()
    row, cell, sign = table.row, table.col, table.data
    low, high = known.low.astype(float), known.high.astype(float)
    free = known.high - known.low > CLOSE
    for _ in range(most):
        new_low, new_high = _left(low, high, row, cell, sign, matrix.shape[0])
        lower, upper = new_low > low[cell] + CLOSE, new_high < high[cell] - CLOSE
        if not (lower | upper).any():
            break
        np.minimum.at(high, cell, new_high)
        np.maximum.at(low, cell, new_low)
        alone = np.minimum(new_high, known.high[cell]) - np.maximum(new_low, known.low[cell])
        tells = (new_low > known.need_low[cell] + CLOSE) | (new_high < known.need_high[cell] - CLOSE)
        tells = free[cell] & (tells | (alone < known.width[cell] - CLOSE))
        if not tells.any():
            # One sum may bind a cell from below and another from above.
            tells = (free & (high - low < known.width - CLOSE))[cell] & (lower | upper)
        if tells.any():
            return np.unique(row[tells])
    return np.zeros(0, int)


def _left(low, high, row, cell, sign, rows) -> tuple[np.ndarray, np.ndarray]:
    """Return what the other cells of its sum leave to each entry, the whole sum being 0: from and to."""
    least, most = np.where(sign > 0, low[cell], -high[cell]), np.where(sign > 0, high[cell], -low[cell])
    lower, upper = -_others(most, row, rows), -_others(least, row, rows)
    return np.where(sign > 0, lower, -upper), np.where(sign > 0, upper, -lower)


def _others(amounts: np.ndarray, row: np.ndarray, rows: int) -> np.ndarray:
    """Return for each entry the sum of the other entries of its row; infinities are of one sign."""
    endless = np.isinf(amounts)
    if not endless.any():
        return np.bincount(row, amounts, rows)[row] - amounts
    finite = np.where(endless, 0.0, amounts)
    rest = np.bincount(row, finite, rows)[row] - finite
    ends = np.bincount(row, endless, rows)[row] - endless
    return np.where(ends > 0, np.sign(amounts[endless][0]) * np.inf, rest)


def safe(known: Known, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return whether a range from ``low`` to ``high`` is wide enough, for each cell."""
    wide = high - low >= known.width - CLOSE
    return wide & (low <= known.need_low + CLOSE) & (high >= known.need_high - CLOSE)


def audit(
    value: np.ndarray,
    known: Known,
    matrix: sparse.csr_matrix,
    tick: Callable[[], None],
    found: tuple[np.ndarray, np.ndarray] | None = None,
) -> Audit:
    """Look for tables, other than the true one ``value``, that a reader cannot tell from it.

    Each linear programme drives many cells to one end at once, and every table found counts for all cells; the cells
    still open are then tried alone. A cell is only called safe on the evidence of tables that were found: ``found`` has
    the ranges of an audit before anything more was masked, which hold still and are widened in place. Beyond LARGE
    masked cells a cell that what is near cannot move counts as a leak without asking what is far: more is masked then.
    """
    free = np.flatnonzero(known.high - known.low > CLOSE)
    found_low, found_high = found or (value.astype(float), value.astype(float))
    problem = _Problem(value, known, matrix, free)
    draws = np.random.default_rng(1)
    programmes = 0
    together = True
    while True:
        waiting = free[~safe(known, found_low, found_high)[free]]
        if not len(waiting):
            break
        tick()
        driven = waiting if together else problem.apart(waiting, draws)
        problem.push(_aim(known, driven, found_low, found_high, draws), found_low, found_high)
        programmes += 1
        settled = int(safe(known, found_low, found_high)[driven].sum())
        if not together and settled < MANY:
            break
        together = together and settled > max(MANY, WORTH * len(driven))
    shown = (known.high - known.low <= CLOSE) & (value > CLOSE)
    leaks = []
    for cell in free[~safe(known, found_low, found_high)[free]]:
        if len(leaks) == (MOST_LEAKS if len(free) <= LARGE else LARGE):
            break
        # What can move nearby is mostly enough, and a hundred times quicker.
        for around in (int(cell), None):
            blame = np.zeros(len(value))
            for sign in _ends(known, cell, found_low, found_high):
                tick()
                aim = np.zeros(len(value))
                aim[cell] = sign
                blame += np.abs(problem.push(aim, found_low, found_high, around))
                programmes += 1
            if len(free) > LARGE and (blame[shown] > CLOSE).any():
                break
        if not safe(known, found_low, found_high)[cell]:
            leaks.append(Leak(int(cell), blame))
    still = np.zeros(len(value), bool)
    still[free] = ~safe(known, found_low, found_high)[free]
    return Audit(found_low, found_high, leaks, still, programmes)


def _aim(known, waiting, found_low, found_high, draws) -> np.ndarray:
    """Return the direction in which to drive each waiting cell: to the end not reached yet, else to either."""
    aim = np.zeros(len(known.low))
    wants_low = found_low[waiting] > known.need_low[waiting] + CLOSE
    wants_high = found_high[waiting] < known.need_high[waiting] - CLOSE
    either = np.where(draws.random(len(waiting)) < 0.5, -1.0, 1.0)
    aim[waiting] = np.where(wants_low == wants_high, either, np.where(wants_high, 1.0, -1.0))
    return aim


def _ends(known, cell, found_low, found_high) -> list[float]:
    """Return to which ends, -1 and 1, a cell has still to be driven."""
    ends = []
    if found_low[cell] > known.need_low[cell] + CLOSE:
        ends.append(-1.0)
    if found_high[cell] < known.need_high[cell] - CLOSE:
        ends.append(1.0)
    return ends or ([] if safe(known, found_low, found_high)[cell] else [1.0, -1.0])


class _Problem:
    """The linear programme in the departures from the true table: 0 is always one of its solutions."""

    def __init__(self, value: np.ndarray, known: Known, matrix: sparse.csr_matrix, free: np.ndarray):
        self.value, self.matrix, self.free = value, matrix, free
        rows = matrix[:, free]
        self.rows = np.flatnonzero(np.diff(rows.indptr))
        self.sums = rows[self.rows]
        self.counts = np.diff(self.sums.indptr)
        self.by_cell = self.sums.T.tocsr()
        self.bounds = np.column_stack([known.low[free] - value[free], known.high[free] - value[free]])
        # Without an end the programme would have none either.
        reach = 1000.0 * (1.0 + known.width.max(initial=0.0))
        self.bounds = np.clip(self.bounds, -np.inf, reach)

        counts = np.diff(rows.indptr)
        self.tight = abs(matrix[(counts > 1) & (counts <= LOOSE)]).tocsr()

    def apart(self, waiting: np.ndarray, draws: np.random.Generator) -> np.ndarray:
        """Return some of the waiting cells, no two of them in one tight sum, so that they can move independently."""
        entries = self.tight.tocoo()
        chosen, left = np.zeros(self.matrix.shape[1], bool), np.zeros(self.matrix.shape[1])
        left[waiting] = 1 + draws.permutation(len(waiting))
        while left.any():
            first = np.zeros(self.tight.shape[0])
            np.maximum.at(first, entries.row, left[entries.col])
            beaten = np.zeros(len(left), bool)
            beaten[entries.col[left[entries.col] < first[entries.row]]] = True
            new = (left > 0) & ~beaten
            chosen |= new
            taken = self.tight @ new.astype(float) > 0
            left[new] = 0
            left[entries.col[taken[entries.row]]] = 0
        return np.flatnonzero(chosen)

    def _near(self, cell: int) -> np.ndarray:
        """Return the free cells (rows of ``free``) that hang together with one, some hundreds at most."""
        near = np.array([np.searchsorted(self.free, cell)])
        while len(near) < NEARBY:
            rows = np.unique(self.by_cell[near].indices)
            wider = np.union1d(near, self.sums[rows[self.counts[rows] <= LOOSE]].indices)
            if len(wider) == len(near):
                break
            near = wider
        return near

    def push(self, aim: np.ndarray, low: np.ndarray, high: np.ndarray, around: int | None = None) -> np.ndarray:
        """Go as far as can be in the direction ``aim``; widen ``low`` and ``high`` in place, return each one's blame.

        The blame of a cell is how fast the aim would come nearer if the cell could move. Only what is near the cell
        ``around`` may move, where one is given.
        """
        move = np.arange(len(self.free)) if around is None else self._near(around)
        moving = self.free[move]
        rows = np.unique(self.by_cell[move].indices)
        sums = self.sums[rows][:, move] if len(rows) else None
        found = linprog(
            -aim[moving],
            A_eq=sums,
            b_eq=None if sums is None else np.zeros(len(rows)),
            bounds=self.bounds[move],
            method="highs",
            options={"maxiter": LEAST_STEPS + STEPS * len(moving)},
        )
        blame = np.zeros(len(self.value))
        if found.status != 0:
            # Nothing is known of the cells aimed at: all they are added up with is to blame.
            near = abs(self.matrix) @ np.abs(aim) > 0
            return abs(self.matrix).T @ near.astype(float)
        reached = self.value[moving] + np.clip(found.x, *self.bounds[move].T)
        low[moving] = np.minimum(low[moving], reached)
        high[moving] = np.maximum(high[moving], reached)
        if sums is not None:
            blame = self.matrix[self.rows[rows]].T @ found.eqlin.marginals
        return blame
