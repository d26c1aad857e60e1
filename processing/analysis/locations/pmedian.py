"""p-median: the sites to which people, each going to the nearest, travel the fewest minutes in all.

Hakimi 1964. Greedy, then the fast interchange of Teitz & Bart 1968 in the form of Whitaker 1983 and Resende & Werneck
2007: all exchanges of one site for one candidate are weighed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from .exact import Run

# Pairs looked at between two questions whether to stop.
CHUNK = 2_000_000
# Pairs looked at in all while shaking.
WORK = 10_000_000
MOST_ROUNDS = 40
# Minutes are compared to this many decimals, so that a shift of the coordinates breaks no tie.
DECIMALS = 6
SMALLEST_GAIN = 1e-9


class Costs(NamedTuple):
    """People a place, and the minutes from each place to each candidate (places, candidates).

    Where actors exist already, minutes are never above those to the nearest of them.
    """

    weights: np.ndarray
    minutes: np.ndarray

    def total(self, sites: Sequence[int]) -> float:
        """Return the minutes of all people to the nearest of these sites."""
        return float(self.weights @ self.minutes[:, list(sites)].min(axis=1))


def grown(costs: Costs, sites: list[int], check: Callable[[], None]) -> list[int]:
    """Return the sites and the candidate that saves most beside them; the same sites when nothing saves anything."""
    now = costs.minutes[:, sites].min(axis=1) if sites else costs.minutes.max(axis=1)
    saved = np.zeros(costs.minutes.shape[1])
    for rows in _rows(costs):
        check()
        saved += costs.weights[rows] @ np.maximum(now[rows, None] - costs.minutes[rows], 0.0)
    saved[sites] = -np.inf
    best = int(saved.argmax())
    if sites and saved[best] <= SMALLEST_GAIN * max(1.0, costs.total(sites)):
        return sites
    return [*sites, best]


def exchanged(costs: Costs, sites: list[int], check: Callable[[], None]) -> list[int]:
    """Return the sites after the best exchange of one of them for a candidate, again and again while one helps."""
    sites = sorted(sites)
    if len(sites) < 2:
        return sites
    while True:
        best, saved = best_exchange(costs, sites, check)
        if saved <= SMALLEST_GAIN * max(1.0, costs.total(sites)):
            return sites
        sites = sorted({*sites, best[1]} - {best[0]})


def best_exchange(costs: Costs, sites: list[int], check: Callable[[], None]) -> tuple[tuple[int, int], float]:
    """Return the site and the candidate to exchange, and the minutes saved (below 0: lost)."""
    profit = exchanges(costs, sites, check)
    site, candidate = np.unravel_index(int(profit.argmax()), profit.shape)
    return (sites[site], int(candidate)), float(profit[site, candidate])


def exchanges(costs: Costs, sites: list[int], check: Callable[[], None]) -> np.ndarray:
    """Return what each exchange saves: (sites, candidates), -inf for candidates that are sites."""
    weights, minutes = costs
    count, width = len(sites), minutes.shape[1]
    own = minutes[:, sites]
    first = own.argmin(axis=1)
    nearest = own[np.arange(len(own)), first]
    own[np.arange(len(own)), first] = np.inf
    # Without a second site whoever loses the only one has nowhere left to go but the candidate.
    second = own.min(axis=1) if count > 1 else minutes.max(axis=1)
    saved, kept = np.zeros(width), np.zeros(count * width)
    for rows in _rows(costs):
        check()
        row, column = np.nonzero(minutes[rows] < second[rows, None])
        at = minutes[rows][row, column]
        row = row + rows.start
        weight = weights[row]
        saved += np.bincount(column, weight * np.maximum(nearest[row] - at, 0.0), minlength=width)
        back = weight * (second[row] - np.maximum(at, nearest[row]))
        kept += np.bincount(first[row] * width + column, back, minlength=count * width)
    lost = np.bincount(first, weights * (second - nearest), minlength=count)
    profit = saved - lost[:, None] + kept.reshape(count, width)
    profit[:, sites] = -np.inf
    return profit


def improved(costs: Costs, sites: list[int], run: Run, draws: np.random.Generator, rounds: int) -> list[int]:
    """Return the best sites found by exchanging some of them by chance, then for the better, that many times."""
    best, least = sites, costs.total(sites)
    others = np.setdiff1d(np.arange(costs.minutes.shape[1]), sites)
    if len(sites) < 2 or not len(others):
        return best
    for _ in range(rounds):
        if run.late():
            break
        size = min(int(draws.integers(2, 5)), len(best), len(others))
        out = draws.choice(best, size, replace=False)
        others = np.setdiff1d(np.arange(costs.minutes.shape[1]), best)
        tried = sorted({*best, *draws.choice(others, size, replace=False).tolist()} - set(out.tolist()))
        tried = exchanged(costs, tried, run.check)
        total = costs.total(tried)
        if total < least * (1 - SMALLEST_GAIN):
            best, least = tried, total
    return best


def rounds_for(costs: Costs) -> int:
    """Return how often to shake: less often where there are more pairs."""
    return int(min(MOST_ROUNDS, WORK / max(1, costs.minutes.size)))


def _rows(costs: Costs):
    height, width = costs.minutes.shape
    step = max(1, CHUNK // max(1, width))
    return [slice(start, min(start + step, height)) for start in range(0, height, step)]
