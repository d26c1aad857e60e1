"""The situations without an answer, cell by cell, as the analysis of coverage found them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .cells import SAME, Grid
from .counts import Counts, Gap

# Half a situation between the needs of the analysis and those of today is rounding.
ROUNDING = 0.5
MEASURES = ("unmet", "least", "most")


@dataclass
class Unmet:
    """``amounts``: cell -> situations without an answer, for each of MEASURES; ``sums`` how these add up.

    ``stale``: codes of territories whose coverage was computed with other needs than there are.
    """

    amounts: dict[str, dict[int, float]] = field(default_factory=dict)
    sums: list[tuple[int, list[int]]] = field(default_factory=list)
    stale: set[str] = field(default_factory=set)


def unmet_of(grid: Grid, counts: Counts) -> Unmet:
    """Return what the analysis says of each cell; a row that speaks of another number of needs says nothing.

    What it says of the communes adds up to what is said of territories; one is taken at its own row only where the
    communes have none.
    """
    found = Unmet()
    rows: dict[int, Gap] = {}
    for (code, theme), gap in sorted(counts.gaps.items()):
        cell = grid.cell(code, theme)
        if cell is None or not theme or grid.unknown[cell]:
            continue
        if abs(gap.situations - grid.value[cell]) > ROUNDING:
            found.stale.add(code)
        else:
            rows[cell] = gap
    for measure in MEASURES:
        own = {cell: min(max(getattr(gap, measure), 0.0), grid.value[cell]) for cell, gap in rows.items()}
        found.amounts[measure] = _added_up(grid, own)
    amounts = found.amounts["unmet"]
    for whole, parts in grid.sums:
        if whole in amounts and all(part in amounts for part in parts) and _is_sum(found, whole, parts):
            found.sums.append((whole, [part for part in parts if grid.value[part] > SAME]))
    return found


def _added_up(grid: Grid, own: dict[int, float]) -> dict[int, float]:
    amounts = {cell: 0.0 for cell in grid.cells() if grid.value[cell] <= SAME and not grid.unknown[cell]}
    amounts.update(own)
    # Sets of one piece come before those of several, and a total before its themes.
    for members in grid.sets:
        for theme in grid.themes[1:]:
            _add(amounts, grid.at(members, theme), [grid.at(frozenset([piece]), theme) for piece in sorted(members)])
        themes = [grid.at(members, theme) for theme in grid.themes]
        _add(amounts, themes[0], themes[1:])
    return amounts


def _add(amounts: dict[int, float], whole: int, parts: Iterable[int]) -> None:
    if all(part in amounts for part in parts):
        amounts[whole] = sum(amounts[part] for part in parts)


def _is_sum(found: Unmet, whole: int, parts: list[int]) -> bool:
    return all(
        abs(sum(amounts[part] for part in parts) - amounts[whole]) <= SAME * (1 + amounts[whole])
        for amounts in found.amounts.values()
    )
