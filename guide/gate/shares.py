"""Which classes of unmet shares may be printed, beside the numbers of needs that are.

A class says between which shares of a known number the situations without an answer lie, and so, of them and of those
with an answer, from what to what. All classes and all numbers together must leave open what is few.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ...layers.classes import GAP_BOUNDS, gap_class
from ...processing.analysis.disclosure.audit import CLOSE, Audit, Known, audit, telling
from .cells import Grid
from .unmet import MEASURES, Unmet

# A class does not reach its upper bound.
BELOW = 1e-3
UNTOLD = -1


class Classes(NamedTuple):
    """The classes of a share: of what is without an answer, at the least, at the most (UNTOLD for a commune)."""

    unmet: int
    least: int
    most: int


def safe_shares(
    grid: Grid, unmet: Unmet, known: Known, masked: np.ndarray, matrix: sparse.csr_matrix, k: int, tick: Callable
) -> dict[int, Classes]:
    """Return cell -> classes of the shares that may be printed; none is where the number itself is not printed.

    ``known`` is what a reader knows of the numbers alone, which add up as ``matrix`` says.
    """
    amounts = unmet.amounts
    cells = [c for c in grid.cells() if all(c in own for own in amounts.values()) and grid.value[c] > CLOSE]
    if not cells:
        return {}
    table = _Table(grid.value, matrix, known, k)
    for cell in cells:
        table.split(cell, *_ordered(cell, amounts), bounds=grid.is_wide(cell))
    for whole, parts in unmet.sums:
        table.add_up(whole, parts)
    table.close()
    classes = {
        cell: _classes(grid, cell, amounts)
        for cell in cells
        if grid.published[cell] and not masked[cell] and not grid.unknown[cell]
    }
    shown = {cell: own for cell, own in classes.items() if table.safe_alone(cell, own)}
    found = None
    while shown:
        tick()
        known = table.known(shown)
        # What adds up at first sight is mended first; what it takes programmes to find, after.
        hidden = table.cheapest(telling(known, table.matrix), shown)
        if not hidden:
            # What was found possible while more was shown still is.
            seen = audit(table.value, known, table.matrix, tick, found)
            found = seen.low, seen.high
            if not seen.open.any():
                break
            hidden = table.to_blame(seen, shown)
        # What nothing helps against is safe with no class at all: the numbers alone were proven to be.
        for cell in hidden or list(shown):
            del shown[cell]
    return shown


def _classes(grid: Grid, cell: int, amounts: dict[str, dict[int, float]]) -> Classes:
    classes = Classes(*(gap_class(amount / grid.value[cell]) for amount in _ordered(cell, amounts)))
    return classes if grid.is_wide(cell) else classes._replace(least=UNTOLD, most=UNTOLD)


def _ordered(cell: int, amounts: dict[str, dict[int, float]]) -> tuple[float, float, float]:
    """Return the amounts of a cell in the order of MEASURES, the least being the least and the most the most."""
    unmet, least, most = (amounts[measure][cell] for measure in MEASURES)
    return unmet, min(least, unmet), max(most, unmet)


class _Table:
    """The numbers, and behind them for each cell those without an answer and those with one, as columns of one table.

    Where the least, the found and the most differ, each has its two columns, and what lies between them one.
    """

    def __init__(self, value: list[float], matrix: sparse.csr_matrix, known: Known, k: int):
        self.k, self.base, self._numbers = k, known, matrix
        self._value = list(value)
        self._low, self._high = known.need_low.tolist(), known.need_high.tolist()
        self._rows: list[tuple[int, list[int]]] = []
        self._own: dict[int, dict[str, tuple[int, int]]] = {}
        self._owner = list(range(len(value)))

    def split(self, cell: int, unmet: float, least: float, most: float, *, bounds: bool) -> None:
        """Say how a cell divides into what is without an answer and what has one, and with ``bounds`` between what."""
        found = self._pair(cell, unmet)
        self._own[cell] = {"unmet": found}
        if not bounds:
            return
        self._own[cell] = {"unmet": found, "least": found, "most": found}
        if unmet - least > CLOSE:
            self._own[cell]["least"] = self._pair(cell, least)
            self._rows.append((found[0], [self._own[cell]["least"][0], self._column(cell, unmet - least, free=True)]))
        if most - unmet > CLOSE:
            self._own[cell]["most"] = self._pair(cell, most)
            self._rows.append((self._own[cell]["most"][0], [found[0], self._column(cell, most - unmet, free=True)]))

    def add_up(self, whole: int, parts: list[int]) -> None:
        """Say that the parts of a cell add up in what is without an answer too."""
        if whole not in self._own or not all(part in self._own for part in parts):
            return
        cells = (whole, *parts)
        told = [measure for measure in MEASURES if all(measure in self._own[cell] for cell in cells)]
        columns = {tuple(self._own[cell][measure][0] for cell in cells) for measure in told}
        self._rows += [(first, list(rest)) for first, *rest in sorted(columns)]

    def close(self) -> None:
        """Make the arrays, once all is said."""
        self.value = np.array(self._value)
        self.need_low, self.need_high = np.array(self._low), np.array(self._high)
        rows = [row for row, (_, parts) in enumerate(self._rows) for _ in (0, *parts)]
        columns = [column for whole, parts in self._rows for column in (whole, *parts)]
        signs = [sign for _, parts in self._rows for sign in (-1.0, *(1.0 for _ in parts))]
        behind = sparse.csr_matrix((signs, (rows, columns)), (len(self._rows), len(self.value)))
        ahead = self._numbers
        ahead = sparse.csr_matrix((ahead.data, ahead.indices, ahead.indptr), (ahead.shape[0], len(self.value)))
        self.matrix = sparse.vstack([ahead, behind]).tocsr()

    def _pair(self, cell: int, amount: float) -> tuple[int, int]:
        pair = self._column(cell, amount), self._column(cell, self._value[cell] - amount)
        self._rows.append((cell, list(pair)))
        return pair

    def _column(self, cell: int, amount: float, free: bool = False) -> int:
        few = CLOSE < amount < self.k - CLOSE and not free
        self._low.append(min(amount, 1.0) if few else amount)
        self._high.append(max(amount, min(self.k - 1.0, self._value[cell])) if few else amount)
        self._value.append(amount)
        self._owner.append(cell)
        return len(self._value) - 1

    def _told(self, cell: int, own: Classes) -> dict[int, tuple[float, float]]:
        """Return column -> from what to what the classes of a cell leave it."""
        number = self.value[cell]
        told = {}
        for measure, each in own._asdict().items():
            if each == UNTOLD:
                continue
            without, answered = self._own[cell][measure]
            low = number * GAP_BOUNDS[each]
            high = number * GAP_BOUNDS[each + 1] - BELOW if each + 1 < len(GAP_BOUNDS) else number
            if without == self._own[cell]["unmet"][0] and self.value[without] <= CLOSE:
                # That no cause is named tells that there is none without an answer.
                low = high = 0.0
            told[without], told[answered] = (low, high), (number - high, number - low)
        return told

    def safe_alone(self, cell: int, own: Classes) -> bool:
        """Return whether the classes of one cell leave open what is few in it."""
        return all(
            low <= self.need_low[column] + CLOSE and high >= self.need_high[column] - CLOSE
            for column, (low, high) in self._told(cell, own).items()
        )

    def known(self, shown: dict[int, Classes]) -> Known:
        """Return what a reader knows who sees the classes ``shown``."""
        more = len(self.value) - len(self.base.low)
        low = np.concatenate([self.base.low, np.zeros(more)])
        high = np.concatenate([self.base.high, np.full(more, np.inf)])
        for cell, own in shown.items():
            for column, (least, most) in self._told(cell, own).items():
                # Rounding must not put the truth outside.
                low[column] = max(low[column], min(least, self.value[column]))
                high[column] = min(high[column], max(most, self.value[column]))
        width = np.concatenate([self.base.width, np.zeros(more)])
        return Known(low, high, self.need_low, self.need_high, width)

    def cheapest(self, leaking: np.ndarray, shown: dict[int, Classes]) -> list[int]:
        """Return the cells to hide so that each of the ``leaking`` sums has one class less: those of fewest needs."""
        hidden: set[int] = set()
        for row in leaking:
            columns = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
            own = {self._owner[column] for column in columns.tolist()} & set(shown)
            if own and not hidden & own:
                hidden.add(min(own, key=lambda cell: (self.value[cell], cell)))
        return sorted(hidden)

    def to_blame(self, found: Audit, shown: dict[int, Classes]) -> list[int]:
        """Return for each leak the cell whose classes help most in it."""
        hidden = set()
        owner = np.array(self._owner)
        for leak in found.leaks:
            blame = np.abs(leak.blame)
            blame[: len(self.base.low)] = 0.0
            by_cell = np.bincount(owner, blame, len(owner))
            helping = [(-by_cell[cell], cell) for cell in shown if by_cell[cell] > CLOSE]
            if helping:
                hidden.add(min(helping)[1])
        return sorted(hidden)
