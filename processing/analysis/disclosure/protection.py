"""Which figures of a table may be published, and which others must be masked so that none of these can be had again.

Every cell is a number of people; cells add up to one another in any way (margins, nested territories, several tables
that share cells). Knows nothing of fields or layers: the book goes through here as well as a table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .audit import CLOSE, Known, Sums, audit, telling

NONE, THRESHOLD, DOMINANCE, SECONDARY = "none", "seuil", "dominance", "secondaire"
LEAST_UNITS = 3
"""Contributors below which Insee publishes no figure of enterprises; beside it no one may make up 85 % of it."""
# Turns of masking a little more; past them a good deal more is masked at once.
PATIENCE = 40


class NoSafeTableError(TisserandError):
    """No table of these figures is safe, even with everything masked."""


class Figures(NamedTuple):
    """The cells of a table, or of several: ``value`` people each; ``sums`` says how they add up.

    ``published`` is False for a cell that is only there to add up, and is never shown. ``units`` and ``top`` are the
    number of contributors and what the greatest of them brings (None: no such rule). ``before`` is what the last
    edition showed of each cell (NaN: nothing), ``masked_before`` what it masked there for the others' sake.
    """

    value: np.ndarray
    sums: Sums
    published: np.ndarray
    units: np.ndarray | None = None
    top: np.ndarray | None = None
    before: np.ndarray | None = None
    masked_before: np.ndarray | None = None


class Protection(NamedTuple):
    """What is masked, and the proof; arrays have a row a cell.

    ``mask``: one of the four words. ``difference``: masked because too few people came or went since the last edition.
    ``told``: masked now, but to be read in the last edition. ``tight``: with all around it masked it is still closer
    than asked for, because of what the reasons say. ``low`` and ``high``: a range that is open to a reader for certain.
    ``programmes``: the linear programmes solved.
    """

    mask: np.ndarray
    difference: np.ndarray
    told: np.ndarray
    tight: np.ndarray
    low: np.ndarray
    high: np.ndarray
    programmes: int


def protect(figures: Figures, k: int, dominance: float = 0.85, tick: Callable[[], None] = lambda: None) -> Protection:
    """Return what to mask so that what is shown tells no more of a masked cell than its reason does.

    - ``seuil``: 1 to k - 1 people, or part of such a cell (then none too, so that the details of so few tell nothing).
      All of 1 to k - 1 stays possible for a reader.
    - ``dominance``: fewer than three contributors, or one above the share ``dominance``. A reader finds the figure no
      nearer than what it would take for the greatest to keep to the share, and k - 1 at least.
    - ``secondaire``: masked for the others' sake; a reader is left k - 2 people apart.

    Raises NoSafeTableError when no such table exists, even with everything masked.
    """
    matrix = figures.sums.matrix
    mask, few = _primary(figures, k, dominance)
    difference = _differences(figures, k, mask)
    # 1: all that is around it is masked; 2: and still it is not half as wide as asked for.
    given_up = np.zeros(len(mask), np.int8)
    programmes = turn = 0
    found = None
    while True:
        tick()
        known = _known(figures, mask, few, k, dominance, given_up)
        more = _cheapest(figures, mask, matrix, telling(known, matrix), k)
        if not more.any():
            seen = audit(figures.value, known, matrix, tick, found)
            found = seen.low, seen.high
            programmes += seen.programmes
            if not seen.open.any():
                break
            more, alone = _against(figures, mask, matrix, seen, k, harsh=turn > PATIENCE)
            given_up[alone] += 1
        mask[more] = SECONDARY
        turn += 1
    told = _fixed(figures) & (mask != NONE)
    told |= (given_up == 2) & (figures.before is not None)
    if (given_up == 2).any() and figures.before is None:
        raise NoSafeTableError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "No safe table can be made: with everything masked {count} cells could still be worked out. "
                "Choose coarser groups.",
            ),
            count=int((given_up == 2).sum()),
        )
    return Protection(mask, difference, told, given_up == 1, seen.low, seen.high, programmes)


def left_open(figures: Figures, protection: Protection, k: int, dominance: float = 0.85) -> Known:
    """Return what a reader knows of a protected table, and what stays possible to them.

    For whoever shows more that hangs together with it, and must then leave as much open.
    """
    _, few = _primary(figures, k, dominance)
    given_up = np.where(protection.told, 2, np.where(protection.tight, 1, 0)).astype(np.int8)
    return _known(figures, protection.mask, few, k, dominance, given_up)


def _primary(figures: Figures, k: int, dominance: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the mask of what no one may see, and which cells are part of a cell of too few."""
    value, published, sums = figures.value, figures.published, figures.sums
    few = published & (value > CLOSE) & (value < k - CLOSE)
    part = _parts(sums, few)
    nobody = value <= CLOSE
    # A part of nobody is nobody, whatever else it is part of.
    known_nobody = nobody & ~part
    known_nobody |= nobody & _parts(sums, known_nobody & published)
    mask = np.full(len(value), NONE, object)
    if figures.units is not None:
        share = figures.top > dominance * value + CLOSE
        mask[published & ~nobody & ((figures.units < LEAST_UNITS) | share)] = DOMINANCE
    mask[published & (few | (part & ~known_nobody))] = THRESHOLD
    return mask, part


def _parts(sums: Sums, wholes: np.ndarray) -> np.ndarray:
    """Return which cells are part of one of ``wholes``, however deep."""
    down = sums.children.T.tocsr()
    part = np.zeros(len(wholes), bool)
    while True:
        more = part | (down @ (wholes | part)[sums.parent].astype(float) > 0)
        if (more == part).all():
            return part
        part = more


def _differences(figures: Figures, k: int, mask: np.ndarray) -> np.ndarray:
    """Mask what would tell of fewer than ``k`` who came or went (returned), and what was masked for others."""
    found = np.zeros(len(mask), bool)
    if figures.before is not None:
        change = np.abs(figures.value - figures.before)
        open_to_all = figures.published & (mask == NONE) & (figures.value > CLOSE)
        found = open_to_all & (change > CLOSE) & (change < k - CLOSE)
        mask[found | (open_to_all & figures.masked_before)] = SECONDARY
    return found


def _fixed(figures: Figures) -> np.ndarray:
    """Return what the last edition showed with the figure of today: a reader may take it that nothing changed."""
    if figures.before is None:
        return np.zeros(len(figures.value), bool)
    return np.abs(figures.value - figures.before) <= CLOSE


def _known(figures: Figures, mask, few, k: int, dominance: float, given_up) -> Known:
    value = figures.value
    whole = bool((value == np.round(value)).all())
    low, high = value.copy(), value.copy()
    need_low, need_high, width = value.copy(), value.copy(), np.zeros(len(value))

    seuil = mask == THRESHOLD
    low[seuil] = np.where(few[seuil], 0, int(whole))
    high[seuil] = k - 1 if whole else k
    need_low[seuil], need_high[seuil] = np.minimum(value[seuil], 1), k - 1

    dominant, secondary = mask == DOMINANCE, mask == SECONDARY
    rest = dominant | secondary
    low[rest], high[rest] = k, np.inf
    width[secondary] = k - 2
    if dominant.any():
        apart = np.maximum(k - 1, np.ceil(figures.top[dominant] / max(dominance, CLOSE) - value[dominant]))
        need_low[dominant] = np.maximum(k, value[dominant] - apart)
        need_high[dominant] = value[dominant] + apart

    unseen = ~figures.published
    low[unseen], high[unseen] = 0, np.inf
    if figures.before is not None:
        # Needs are noted one after the other: a reader may take it that none was taken away.
        grown = (value > figures.before) & (mask != NONE)
        low[grown] = np.maximum(low[grown], figures.before[grown])
        need_low = np.maximum(need_low, low)
        fixed = _fixed(figures)
        low[fixed], high[fixed] = value[fixed], value[fixed]
    for level, least in ((1, k // 2), (2, 0)):
        tired = given_up == level
        need_low[tired], need_high[tired], width[tired] = value[tired], value[tired], least
    return Known(low, high, need_low, need_high, width)


def _cost(figures: Figures, mask, matrix, k: int) -> np.ndarray:
    """Return what masking each cell would cost in people; endless where it cannot be masked, or not usefully.

    A cell in a sum where nothing is masked yet would draw others after it; one just above ``k`` leaves little room.
    """
    shown = mask == NONE
    can = shown & figures.published & (figures.value > CLOSE) & ~_fixed(figures)
    parts = abs(matrix)
    masked = ~shown | ~figures.published
    lonely = parts.T @ (parts @ masked.astype(float) == 0).astype(float)
    return np.where(can, np.maximum(figures.value, 2 * k) * (1 + lonely), np.inf)


def _cheapest(figures: Figures, mask, matrix, leaking: np.ndarray, k: int) -> np.ndarray:
    """Return the cells to mask so that each of the ``leaking`` sums has one more, the cheapest for all they help in."""
    chosen = np.zeros(len(mask), bool)
    if len(leaking):
        cost = _cost(figures, mask, matrix, k)
        sums = abs(matrix[leaking]).tocoo()
        helps = np.bincount(sums.col, minlength=len(mask))
        cost = np.divide(cost, helps, out=np.full(len(mask), np.inf), where=helps > 0)
        order = np.lexsort((sums.col, figures.value[sums.col], cost[sums.col], sums.row))
        row, cell = sums.row[order], sums.col[order]
        first = np.concatenate([[True], row[1:] != row[:-1]])
        chosen[cell[first & np.isfinite(cost[cell])]] = True
    return chosen


def _against(figures: Figures, mask, matrix, seen, k: int, harsh: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return what to mask against the leaks that an audit found, and those against which nothing is left to mask."""
    chosen, alone = np.zeros(len(mask), bool), np.zeros(len(mask), bool)
    cost = _cost(figures, mask, matrix, k)
    if harsh:
        touched = abs(matrix) @ seen.open.astype(float) > 0
        chosen = np.isfinite(cost) & (abs(matrix).T @ touched.astype(float) > 0)
    for leak in seen.leaks:
        help_ = np.flatnonzero((np.abs(leak.blame) > CLOSE) & np.isfinite(cost))
        if not len(help_):
            alone[leak.cell] = True
        elif not chosen[help_].any():
            chosen[help_[np.lexsort((figures.value[help_], cost[help_]))[0]]] = True
    return chosen, alone
