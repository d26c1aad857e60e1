"""The passage itself: figures are masked until a reader can work nothing out, and only then may be printed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ...layers.confidentiality import Disclosure
from .cells import Grid
from .counts import CORRESPONDENTS, Before, Counts, Key, Rules
from .unmet import unmet_of
from .verdict import HIDDEN, HIDDEN_SHARE, NO_SHARE, NOBODY, Disclosed, Unmet, Verdict

CONFIDENCES = ("faible", "moyenne", "forte")

if TYPE_CHECKING:
    from ...processing.analysis.disclosure.protection import Figures


def disclose(
    counts: Counts, rules: Rules, before: Before | None = None, tick: Callable[[], None] = lambda: None
) -> Verdict:
    """Return what may be printed; the threshold is that of ``before`` where that was higher.

    ``tick`` is called again and again and may raise to stop. Without scipy, or where even a table with everything
    masked would tell too much, everything is masked.
    """
    rules = rules._replace(k=max(rules.k, before.k if before else 0))
    try:
        from ...processing.analysis.disclosure.protection import NoSafeTableError, left_open, protect
    except ImportError:
        return _all_masked(counts, rules)
    grid = Grid(counts)
    grid.add(counts.extras, rules.k)
    if not len(grid):
        return Verdict(rules.k)
    figures = _figures(grid, counts, rules, before)
    try:
        protection = protect(figures, rules.k, rules.dominance, tick)
    except NoSafeTableError:
        return _all_masked(counts, rules)
    masked = protection.mask != "none"
    needs = {key: _disclosed(grid, cell, masked) for key, cell in grid.printed()}
    known = left_open(figures, protection, rules.k, rules.dominance)
    shares, stale = _shares(grid, counts, known, figures, masked, rules.k, tick)
    others = np.isin(protection.mask, ("secondaire", "dominance"))
    return Verdict(
        rules.k,
        needs,
        {
            key: grid.value[cell]
            for key, cell in grid.printed()
            if grid.unknown[cell] and grid.value[cell] > 0 and not masked[cell]
        },
        shares,
        _extras(grid, counts, masked),
        frozenset(key for key, cell in grid.printed() if others[cell]),
        int(protection.told.sum()),
        stale,
    )


def _figures(grid: Grid, counts: Counts, rules: Rules, before: Before | None) -> Figures:
    from scipy import sparse

    from ...processing.analysis.disclosure.audit import Sums
    from ...processing.analysis.disclosure.protection import Figures

    rows = [row for row, (_, parts) in enumerate(grid.sums) for _ in parts]
    cells = [part for _, parts in grid.sums for part in parts]
    shape = (len(grid.sums), len(grid))
    children = sparse.csr_matrix((np.ones(len(rows)), (rows, cells)), shape)
    sums = Sums(children, np.array([whole for whole, _ in grid.sums], int))
    figures = Figures(np.array(grid.value, float), sums, np.array(grid.published, bool))
    if rules.contributors == CORRESPONDENTS:
        units, top = _contributors(grid, counts)
        figures = figures._replace(units=units, top=top)
    if before is not None:
        shown, masked = np.full(len(grid), np.nan), np.zeros(len(grid), bool)
        for key, cell in grid.printed():
            shown[cell] = before.shown.get(key, shown[cell])
            masked[cell] |= key in before.masked
        figures = figures._replace(before=shown, masked_before=masked)
    return figures


def _contributors(grid: Grid, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Return for each cell how many brought something, and what the greatest brought; parts have no such rule."""
    units, top = np.full(len(grid), np.inf), np.zeros(len(grid))
    for members in grid.sets:
        by_theme: dict[str, dict[str, float]] = {theme: {} for theme in grid.themes}
        for piece in sorted(members):
            for theme in counts.themes:
                for name, amount in counts.contributors.get((piece, theme), {}).items():
                    for own in (by_theme[theme], by_theme[""]):
                        own[name] = own.get(name, 0.0) + amount
        for theme, amounts in by_theme.items():
            cell = grid.at(members, theme)
            units[cell] = sum(amount > 0 for amount in amounts.values())
            top[cell] = max(amounts.values(), default=0.0)
    return units, top


def _disclosed(grid: Grid, cell: int, masked) -> Disclosed:
    if masked[cell] or grid.unknown[cell]:
        return HIDDEN
    return Disclosed(Disclosure.SHOWN, grid.value[cell]) if grid.value[cell] > 0 else NOBODY


def _extras(grid: Grid, counts: Counts, masked) -> dict[str, Disclosed]:
    unknown = {extra.name for extra in counts.extras if math.isnan(extra.total)}
    return {name: HIDDEN if name in unknown else _disclosed(grid, cell, masked) for name, cell in grid.extras.items()}


def _shares(grid: Grid, counts: Counts, known, figures: Figures, masked, k: int, tick):
    """Return the unmet shares by code and theme, and how many territories were computed with other needs."""
    from .shares import safe_shares

    if not counts.gaps:
        return {}, 0
    unmet = unmet_of(grid, counts)
    safe = safe_shares(grid, unmet, known, masked, figures.sums.matrix, k, tick)
    shares = {}
    for key, cell in grid.printed():
        if cell in safe:
            cause, confidence = _cause(counts, key)
            shares[key] = Unmet(
                Disclosure.SHOWN, safe[cell].unmet, cause, safe[cell].least, safe[cell].most, confidence
            )
        else:
            nobody = grid.value[cell] <= 0 and not masked[cell] and not grid.unknown[cell]
            shares[key] = NO_SHARE if nobody else HIDDEN_SHARE
    return shares, len(unmet.stale)


def _cause(counts: Counts, key: Key) -> tuple[str, str]:
    """Return the main cause, "" where all have an answer, and the confidence.

    Over all themes the cause is that of the theme with most situations without an answer, the confidence the least.
    """
    code, theme = key
    own = [counts.gaps[code, each] for each in ([theme] if theme else counts.themes) if (code, each) in counts.gaps]
    worst = max(own, key=lambda gap: (gap.unmet, gap.cause), default=None)
    told = [gap.confidence for gap in own if gap.situations and gap.confidence in CONFIDENCES]
    cause = worst.cause if worst and worst.unmet > 0 else ""
    return cause, min(told, key=CONFIDENCES.index, default="")


def _all_masked(counts: Counts, rules: Rules) -> Verdict:
    """Return a verdict under which a reader only learns whether there are any needs at all."""
    any_need = any(counts.situations.values()) or any(counts.unknown.values())
    keys = [(code, theme) for code in counts.territories for theme in ("", *counts.themes)]
    return Verdict(
        rules.k,
        dict.fromkeys(keys, HIDDEN if any_need else NOBODY),
        shares=dict.fromkeys(keys, HIDDEN_SHARE if any_need else NO_SHARE) if counts.gaps else {},
        extras={extra.name: HIDDEN for extra in counts.extras},
        unproven=any_need,
    )
