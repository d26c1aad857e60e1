"""How often chance alone does as much: draws at random, and the correction for many tests at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

CHUNK = 400_000
"""Numbers drawn at a time."""
MOST_DRAWS, MOST_NUMBERS = 2_000_000, 100_000_000
"""Draws, and numbers drawn in all, beyond which only as many are made as were asked for."""
TIE = 1e-9
"""Relative: sums that differ by less, because they were added up in another order, are equal."""


def draws_needed(counts: np.ndarray, fdr: float, asked: int) -> int:
    """Return how many draws let a single unit be found among all, at least those ``asked`` for; 0 where none are.

    ``counts`` (n,) of neighbours. The smallest p of N draws is 2 / (N + 1), and must go down to ``fdr`` / n: with fewer
    draws none of many units could pass the correction, however far from chance it were.
    """
    most = max(int(_fewest(counts).max(initial=0)), 1)
    wanted = int(np.ceil(2 * len(counts) / fdr))
    return asked and max(asked, min(wanted, MOST_DRAWS, MOST_NUMBERS // most))


def chances(
    values: np.ndarray,
    others: np.ndarray,
    counts: np.ndarray,
    draws: int,
    seed: int,
    check: Callable[[float], None] = lambda share: None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how often the sum of as many others, drawn at random, is as high, and as low, as that of the neighbours.

    ``values`` (n,) of the units; ``others`` the sum of the neighbours of each, without its own; ``counts`` how many
    they are. A draw takes units without putting any back; each unit is compared with the draws that it is not in, its
    own value being held (conditional permutation). Shares are (b + 1) / (N + 1).
    """
    n, sizes = len(values), _fewest(counts)
    # Who has most others as neighbours is told by the rest: their sum is as low as that of the neighbours is high.
    turned = sizes < counts
    aims = np.where(turned, values.sum() - values - others, others)
    most = int(sizes.max(initial=0))
    high, low, compared = (np.zeros(n, dtype=np.int64) for _ in range(3))
    if most:
        draws = int(np.ceil(draws * n / (n - float(np.median(sizes)))))
        random = np.random.default_rng(seed)
        rows = max(CHUNK // most, 1)
        slack = TIE * float(np.abs(values).max()) * n
        for start in range(0, draws, rows):
            check(start / draws)
            drawn = _draw(random, n, min(rows, draws - start), most)
            for total, found in zip((high, low, compared), _compare(values, aims, sizes, drawn, slack)):
                total += found
    shares = np.where(sizes > 0, (np.where(turned, (low, high), (high, low)) + 1) / (compared + 1), 1.0)
    # Units that are alike in all this are told alike, though each is missing from draws of its own.
    _, first, alike = np.unique(np.column_stack([values, aims, sizes]), axis=0, return_index=True, return_inverse=True)
    high, low = shares[:, first[alike.ravel()]]
    return high, low


def _fewest(counts: np.ndarray) -> np.ndarray:
    """Return the number of neighbours, or of the other units, whichever is less."""
    return np.minimum(counts, len(counts) - 1 - counts)


def _draw(random: np.random.Generator, n: int, rows: int, most: int) -> np.ndarray:
    """Return rows of ``most`` different numbers below ``n``, in random order.

    What repeats an earlier number of its row is drawn again: no number is favoured, so every row is as likely.
    """
    drawn = random.integers(0, n, (rows, most))
    again = np.arange(rows)
    while len(again):
        held = np.sort(drawn[again], axis=1)
        again = again[(held[:, 1:] == held[:, :-1]).any(axis=1)]
        order = np.argsort(drawn[again], axis=1, kind="stable")
        held = np.take_along_axis(drawn[again], order, axis=1)
        row, column = np.nonzero(held[:, 1:] == held[:, :-1])
        drawn[again[row], order[row, column + 1]] = random.integers(0, n, len(row))
    return drawn


def _compare(values, aims, counts, drawn, slack) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each unit how many of the draws are as high, as low, and were compared at all."""
    n, rows = len(values), len(drawn)
    sums = np.cumsum(values[drawn], axis=1)
    high, low = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for count in np.unique(counts[counts > 0]):
        units = np.flatnonzero(counts == count)
        ordered = np.sort(sums[:, count - 1])
        high[units] = rows - np.searchsorted(ordered, aims[units] - slack, side="left")
        low[units] = np.searchsorted(ordered, aims[units] + slack, side="right")
    # The draws that a unit is in itself do not count for it.
    row, column = np.nonzero(np.arange(drawn.shape[1]) < counts[drawn])
    unit = drawn[row, column]
    sum_of = sums[row, counts[unit] - 1]
    high -= np.bincount(unit[sum_of >= aims[unit] - slack], minlength=n)
    low -= np.bincount(unit[sum_of <= aims[unit] + slack], minlength=n)
    return high, low, rows - np.bincount(unit, minlength=n)


def false_discovery_rate(p: np.ndarray) -> np.ndarray:
    """Return for each p the share of false finds among all that are at least as rare (Benjamini & Hochberg 1995)."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
