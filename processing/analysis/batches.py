"""Needs and actors of many themes as few searches for pairs as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from .meeting import points
from .ways import CrowFly, Ways

LARGEST = 2_000_000
"""Rows of needs and actors that are put into one batch; a single theme may have more."""


class Batch(NamedTuple):
    """Needs and actors of one or several themes with one reach, in minutes: who is of the same theme may meet.

    ``here``: rows of ``meeting.demand``, ``there``: rows of ``meeting.offer``, once a theme; ``theme_here`` and
    ``theme_there`` number their themes from 0. ``at`` and ``to`` are where they stand: as the crow flies the themes lie
    one above the other, further apart than anything else, so that one search finds the pairs of each theme and no
    other. ``guess``: for each of ``there`` the median of the capacities known for its theme, else of all known, NaN
    where none is.
    """

    reach: float
    here: pd.DataFrame
    there: pd.DataFrame
    theme_here: np.ndarray
    theme_there: np.ndarray
    at: np.ndarray
    to: np.ndarray
    guess: np.ndarray


def batches(
    asking: pd.DataFrame, offering: pd.DataFrame, themed: bool, reach_of: Callable[[str], float], ways: Ways
) -> Iterator[tuple[float, float, Batch]]:
    """Yield the batches, each after the shares of all rows that are done before it and after it.

    By roads there is no above: a batch is one theme. So it is where every actor serves every theme (not ``themed``).
    """
    code, themes = pd.factorize(asking["theme"], sort=True)
    asking = asking.iloc[np.argsort(code, kind="stable")]
    counts = np.bincount(code, minlength=len(themes))
    rows, of_theme = _offered(offering, themes) if themed else (np.arange(len(offering)), None)
    offers = np.bincount(of_theme, minlength=len(themes)) if themed else np.full(len(themes), len(offering))
    guesses = _guesses(offering["capacity"].to_numpy(), rows, of_theme, len(themes))
    ends, offer_ends = np.cumsum(counts), np.cumsum(offers) if themed else None
    height = _height(asking, offering, ways.metres(max(map(reach_of, themes), default=1.0)))
    total, done = float(counts.sum() + offers.sum()) or 1.0, 0.0
    for reach, group in _grouped(themes, counts + offers, reach_of, themed and _flies(ways)):
        here = asking.iloc[_ranges(ends[group] - counts[group], counts[group])]
        chosen = rows[_ranges(offer_ends[group] - offers[group], offers[group])] if themed else rows
        there = offering.iloc[chosen]
        theme_here = np.repeat(np.arange(len(group)), counts[group])
        theme_there = np.repeat(np.arange(len(group)), offers[group])
        at, to = points(here), points(there)
        if len(group) > 1:
            at, to = np.column_stack([at, theme_here * height]), np.column_stack([to, theme_there * height])
        after = done + float((counts + offers)[group].sum()) / total
        guess = np.repeat(guesses[group], offers[group])
        yield done, after, Batch(reach, here, there, theme_here, theme_there, at, to, guess)
        done = after


def _offered(offering: pd.DataFrame, themes: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions in ``offering``, once for each theme that is asked for, and those themes, in their order."""
    pairs = pd.Series(offering["themes"].to_numpy(), dtype=object).explode().dropna()
    found = themes.get_indexer(pairs)
    rows, found = pairs.index.to_numpy()[found >= 0], found[found >= 0]
    order = np.argsort(found, kind="stable")
    return rows[order], found[order]


def _guesses(capacity: np.ndarray, rows: np.ndarray, of_theme: np.ndarray | None, themes: int) -> np.ndarray:
    known = capacity[~np.isnan(capacity)]
    overall = np.median(known) if len(known) else np.nan
    if of_theme is None:
        return np.full(themes, overall)
    medians = pd.Series(capacity[rows]).dropna().groupby(pd.Series(of_theme)).median()
    return medians.reindex(range(themes)).fillna(overall).to_numpy()


def _height(asking: pd.DataFrame, offering: pd.DataFrame, farthest: float) -> float:
    """Return more than any distance there is and more than twice any reach."""
    everyone = np.concatenate([points(asking), points(offering)])
    return 2.0 * (float(np.ptp(everyone, axis=0).sum() if len(everyone) else 0.0) + 2.0 * farthest + 1e6)


def _flies(ways: Ways) -> bool:
    return isinstance(getattr(ways, "ways", ways), CrowFly)


def _grouped(themes, sizes, reach_of, together: bool) -> Iterator[tuple[float, np.ndarray]]:
    if not together:
        for number, theme in enumerate(themes):
            yield reach_of(theme), np.array([number])
        return
    reaches = np.array([reach_of(theme) for theme in themes])
    for reach in np.unique(reaches):
        group = np.flatnonzero(reaches == reach)
        which = np.cumsum(sizes[group]) // LARGEST
        for part in np.split(group, np.flatnonzero(np.diff(which)) + 1):
            yield float(reach), part


def _ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return start, start + 1, … for each start, so many numbers as its length says, one after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
