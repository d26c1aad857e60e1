"""Which classes of unmet shares may be printed, beside the numbers of needs that are.

A class says between which shares of a known number the situations without an answer lie, and so, of them and of those
with an answer, from what to what. All classes and all numbers together must leave open what is few.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from ...layers.classes import GAP_BOUNDS, gap_class
from ...processing.analysis.disclosure.audit import CLOSE, Known, audit, telling
from .cells import ALL, Grid
from .counts import Counts

# A class does not reach its upper bound; half a situation between two tables of needs is rounding.
BELOW, ROUNDING = 1e-3, 0.5


def safe_shares(
    grid: Grid, counts: Counts, figures, known: Known, masked: np.ndarray, k: int, tick: Callable[[], None]
) -> tuple[dict[int, int], int]:
    """Return cell -> class of the shares that may be printed, and how many communes were computed with other needs.

    ``known`` is what a reader knows of the numbers alone. A share is not printed where the number is not.
    """
    unmet, sums, stale = _unmet(grid, counts)
    cells = [cell for cell in sorted(unmet) if grid.value[cell] > CLOSE]
    if not cells:
        return {}, stale
    problem = _Problem(grid, figures, known, cells, unmet, sums, k)
    classes = {
        cell: gap_class(min(1.0, unmet[cell] / grid.value[cell]))
        for cell in cells
        if not masked[cell] and not grid.unknown[cell] and grid.published[cell]
    }
    shown = {cell: each for cell, each in classes.items() if problem.safe_alone(cell, each)}
    while shown:
        tick()
        seen = problem.known(shown)
        leaking = telling(seen, problem.matrix)
        if len(leaking):
            hidden = problem.cheapest(leaking, shown)
        else:
            found = audit(problem.value, seen, problem.matrix, tick)
            if not found.open.any():
                break
            hidden = problem.to_blame(found, shown)
        for cell in hidden or list(shown):
            del shown[cell]
    return shown, stale


def _unmet(grid: Grid, counts: Counts) -> tuple[dict[int, float], list[tuple[int, list[int]]], int]:
    """Return the unmet situations by cell, how they add up, and how many communes were computed with other needs.

    Those of the communes add up to those of the territories; where there are none by commune, the territory's own row
    is taken. A row that speaks of another number of needs than there are today is of no use.
    """
    unmet = {cell: 0.0 for cell, value in enumerate(grid.value[: len(grid.sets) * len(grid.themes)]) if value <= CLOSE}
    stale = set()
    for (code, theme), gap in sorted(counts.gaps.items()):
        cell = grid.cell(code, theme)
        if cell is None or not theme or cell in unmet or grid.unknown[cell]:
            continue
        if abs(gap.situations - grid.value[cell]) > ROUNDING:
            stale.add(code)
            continue
        unmet[cell] = min(max(gap.unmet, 0.0), grid.value[cell])
    sums = []
    # Pieces come before what they make up, themes before their total.
    for rank, members in enumerate(grid.sets):
        for theme in grid.themes[1:]:
            whole = grid.at(members, theme)
            pieces = [grid.at(frozenset([piece]), theme) for piece in sorted(members)]
            if len(members) > 1 and all(piece in unmet for piece in pieces):
                unmet[whole] = sum(unmet[piece] for piece in pieces)
        first = rank * len(grid.themes)
        parts = range(first + 1, first + len(grid.themes))
        if all(part in unmet for part in parts) and not grid.unknown[first]:
            unmet[first] = sum(unmet[part] for part in parts)
    for whole, parts in grid.sums:
        if whole in unmet and all(part in unmet for part in parts):
            total = sum(unmet[part] for part in parts)
            if abs(total - unmet[whole]) <= ROUNDING * CLOSE * (1 + total):
                sums.append((whole, [part for part in parts if grid.value[part] > CLOSE]))
    return unmet, sums, len(stale)


class _Problem:
    """Numbers, and behind them for each cell of ``cells`` those without an answer and those with one, as one table."""

    def __init__(self, grid: Grid, figures, known: Known, cells: list[int], unmet: dict[int, float], sums, k: int):
        self.numbers = len(figures.value)
        self.base, self.k = known, k
        self.at = {cell: self.numbers + place for place, cell in enumerate(cells)}
        self.cells = np.array(cells, int)
        number = figures.value[self.cells]
        without = np.array([unmet[cell] for cell in cells])
        self.value = np.concatenate([figures.value, without, number - without])
        rows, columns, signs = [], [], []
        count = 0
        for place, cell in enumerate(cells):
            rows += [count] * 3
            columns += [self.numbers + place, self.numbers + len(cells) + place, cell]
            signs += [1.0, 1.0, -1.0]
            count += 1
        for whole, parts in sums:
            if whole in self.at and parts:
                rows += [count] * (len(parts) + 1)
                columns += [*(self.at[part] for part in parts), self.at[whole]]
                signs += [1.0] * len(parts) + [-1.0]
                count += 1
        behind = sparse.csr_matrix((signs, (rows, columns)), (count, len(self.value)))
        ahead = figures.sums.matrix
        ahead = sparse.csr_matrix((ahead.data, ahead.indices, ahead.indptr), (ahead.shape[0], len(self.value)))
        self.matrix = sparse.vstack([ahead, behind]).tocsr()
        few = (self.value[self.numbers :] > CLOSE) & (self.value[self.numbers :] < k - CLOSE)
        both = np.concatenate([number, number])
        part = self.value[self.numbers :]
        self.need_low = np.where(few, np.minimum(part, 1.0), part)
        self.need_high = np.where(few, np.maximum(part, np.minimum(k - 1.0, both)), part)

    def safe_alone(self, cell: int, each: int) -> bool:
        """Return whether the class of one cell leaves open what is few in it."""
        place = self.at[cell] - self.numbers
        ranges = self._ranges(cell, each)
        return all(
            low <= self.need_low[at] + CLOSE and high >= self.need_high[at] - CLOSE
            for (low, high), at in zip(ranges, (place, place + len(self.cells)))
        )

    def _ranges(self, cell: int, each: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return from what to what a class leaves those without an answer, and those with one."""
        number = self.value[cell]
        if self.value[self.at[cell]] <= CLOSE:
            # That there is no cause tells that there is none without an answer.
            return (0.0, 0.0), (number, number)
        low = number * GAP_BOUNDS[each]
        high = number * GAP_BOUNDS[each + 1] - BELOW if each + 1 < len(GAP_BOUNDS) else number
        return (low, high), (number - high, number - low)

    def known(self, shown: dict[int, int]) -> Known:
        """Return what a reader knows who sees the classes ``shown``."""
        parts = 2 * len(self.cells)
        low, high = np.zeros(parts), np.full(parts, np.inf)
        for cell, each in shown.items():
            place = self.at[cell] - self.numbers
            for at, (least, most) in zip((place, place + len(self.cells)), self._ranges(cell, each)):
                # Rounding must not put the truth outside.
                value = self.value[self.numbers + at]
                low[at], high[at] = min(least, value), max(most, value)
        return Known(
            np.concatenate([self.base.low, low]),
            np.concatenate([self.base.high, high]),
            np.concatenate([self.base.need_low, self.need_low]),
            np.concatenate([self.base.need_high, self.need_high]),
            np.concatenate([self.base.width, np.zeros(parts)]),
        )

    def _classes_of(self, columns: np.ndarray) -> np.ndarray:
        behind = columns[columns >= self.numbers] - self.numbers
        return self.cells[behind % len(self.cells)]

    def cheapest(self, leaking: np.ndarray, shown: dict[int, int]) -> list[int]:
        """Return the classes to hide so that each of the ``leaking`` sums has one less: those of the fewest needs."""
        hidden = set()
        for row in leaking:
            columns = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
            own = [cell for cell in {*self._classes_of(columns).tolist(), *columns.tolist()} if cell in shown]
            if own and not hidden.intersection(own):
                hidden.add(min(own, key=lambda cell: (self.value[cell], cell)))
        return sorted(hidden)

    def to_blame(self, found, shown: dict[int, int]) -> list[int]:
        """Return for each leak the class that helps most in it."""
        hidden = set()
        for leak in found.leaks:
            blame = np.abs(leak.blame[self.numbers :]).reshape(2, -1).sum(0)
            helping = [(-blame[at], cell) for at, cell in enumerate(self.cells.tolist()) if cell in shown]
            helping = [pair for pair in helping if pair[0] < -CLOSE]
            if helping:
                hidden.add(min(helping)[1])
        return sorted(hidden)
