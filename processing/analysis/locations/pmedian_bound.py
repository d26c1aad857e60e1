"""How few minutes any choice of sites could leave: the Lagrangian relaxation of the p-median, and the curve.

Cornuejols, Fisher & Nemhauser 1977. Each place pays a price for being served; sites that are worth more than they cost
are opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from . import exact as location_exact
from .curve import ALL_BOUNDED, BOUNDED, PIECES, PIECES_BELOW, Curve, ended
from .exact import Model, Proof, Run
from .pmedian import Costs, exchanged, grown, improved, rounds_for

ROUNDING = 1e-9
# Steps for the number of sites asked for, and for fewer; with very many pairs fewer steps.
STEPS, STEPS_BELOW, STEPS_LEAST = 400, 100, 30
WORK = 40_000_000
LARGE = 1_000_000
HALVE_AFTER = 15
SMALLEST_STEP = 1e-3
INERTIA = 0.7
# Candidates looked at from each place: so many times those that a site has to itself, and never fewer than that.
SHARE, FEWEST = 4, 60
# Rows put in order between two questions whether to stop, times their length.
CHUNK = 1_000_000
AT_ONCE = 32


class Bound(NamedTuple):
    """The fewest person-minutes of so many sites, and the price of each place that proves it."""

    value: float
    prices: np.ndarray


class Nearest(NamedTuple):
    """The candidates nearest to each place with their person-minutes, in rising order, and what the next one costs.

    No price goes above that of the next one, so that what lies beyond proves the bound without being looked at.
    """

    sites: np.ndarray
    costs: np.ndarray
    beyond: np.ndarray
    width: int

    def worth(self, prices: np.ndarray) -> np.ndarray:
        """Return for each candidate what it saves (0 or below) when every place pays its price."""
        below, sites = self.cheap(prices)
        return np.bincount(sites.ravel(), below.ravel(), minlength=self.width)

    def cheap(self, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return by how much each way costs less than its place pays (0 or below), and to where; no dearer ones."""
        end = 1
        while end < self.costs.shape[1] and (self.costs[:, end] < prices).any():
            end = min(2 * end, end + AT_ONCE)
        end = min(end, self.costs.shape[1])
        return np.minimum(self.costs[:, :end] - prices[:, None], 0.0), self.sites[:, :end]


def looked_at(costs: Costs, count: int) -> int:
    """Return how many candidates to look at from each place for ``count`` sites."""
    return min(costs.minutes.shape[1], max(FEWEST, SHARE * costs.minutes.shape[1] // count))


def nearest(costs: Costs, kept: int, check: Callable[[], None]) -> Nearest:
    """Return the ``kept`` nearest candidates of each place."""
    height, width = costs.minutes.shape
    sites = np.empty((height, kept), dtype=np.int32)
    paid = np.empty((height, kept))
    beyond = np.full(height, np.inf)
    step = max(1, CHUNK // width)
    for start in range(0, height, step):
        check()
        rows = slice(start, start + step)
        order = np.argsort(costs.minutes[rows], axis=1, kind="stable")
        sorted_ones = np.take_along_axis(costs.minutes[rows], order, axis=1) * costs.weights[rows, None]
        sites[rows], paid[rows] = order[:, :kept], sorted_ones[:, :kept]
        if kept < width:
            beyond[rows] = sorted_ones[:, kept]
    return Nearest(sites, paid, beyond, width)


def relaxed(near: Nearest, count: int, known: float, start: np.ndarray, check: Callable[[], None], steps: int) -> Bound:
    """Return the highest bound found for ``count`` sites, of which some are ``known`` to leave so many minutes."""
    prices = np.clip(start, near.costs[:, 0], near.beyond)
    best = Bound(-np.inf, prices)
    factor, since, before = 2.0, 0, np.zeros(len(prices))
    for _ in range(steps):
        check()
        below, sites = near.cheap(prices)
        worth = np.bincount(sites.ravel(), below.ravel(), minlength=near.width)
        chosen = np.argpartition(worth, count - 1)[:count] if count < near.width else np.arange(near.width)
        value = float(prices.sum() + worth[chosen].sum())
        if value > best.value + 1e-12 * abs(value):
            best, since = Bound(value, prices), 0
        else:
            since += 1
            if since >= HALVE_AFTER:
                factor, since, prices, before = factor / 2, 0, best.prices, np.zeros(len(prices))
                if factor < SMALLEST_STEP:
                    break
                continue
        if best.value >= known * (1 - ROUNDING):
            break
        open_ones = np.zeros(near.width, dtype=bool)
        open_ones[chosen] = True
        slope = 1.0 - (open_ones[sites] & (below < 0)).sum(axis=1) + INERTIA * before
        before = slope.copy()
        slope[((slope < 0) & (prices <= near.costs[:, 0])) | ((slope > 0) & (prices >= near.beyond))] = 0.0
        length = float(slope @ slope)
        if not length:
            factor, prices, before = factor / 2, best.prices, np.zeros(len(prices))
            if factor < SMALLEST_STEP:
                break
            continue
        step = factor * max(known - value, ROUNDING * known) / length
        prices = np.clip(prices + step * slope, near.costs[:, 0], near.beyond)
    return best


def better(costs: Costs, near: Nearest, count: int, known: float, bound: Bound, run: Run, pieces: int) -> Proof:
    """Look for sites that leave fewer than ``known`` person-minutes.

    Left out are only candidates, and ways from a place to a candidate, that the bound shows to be in no better choice.
    """
    worth = near.worth(bound.prices)
    ranked = np.sort(worth)
    last = ranked[min(count, len(ranked)) - 1]
    limit = known * (1 - ROUNDING)
    may = np.flatnonzero(bound.value + np.maximum(0.0, worth - last) < limit)
    paid = costs.minutes[:, may] * costs.weights[:, None]
    row, column = np.nonzero(bound.value + np.maximum(0.0, paid - bound.prices[:, None]) < limit)
    if len(may) < count or len(np.unique(row)) < len(paid):
        # Nothing that beats the known sites is left.
        return Proof(None, known, known)
    pairs, sites = len(row), len(may)
    one = np.ones(pairs)
    at = np.arange(pairs)
    rows = sparse.bmat(
        [
            [sparse.csr_matrix(np.ones((1, sites))), None],
            [None, sparse.csr_matrix((one, (row, at)), shape=(len(paid), pairs))],
            [-sparse.csr_matrix((one, (at, column)), shape=(pairs, sites)), sparse.identity(pairs)],
        ],
        format="csr",
    )
    model = Model(
        cost=np.r_[np.zeros(sites), paid[row, column]],
        rows=rows,
        lower=np.r_[count, np.ones(len(paid)), np.full(pairs, -np.inf)],
        upper=np.r_[count, np.ones(len(paid)), np.zeros(pairs)],
        most=np.ones(sites + pairs),
        sites=sites,
        order=np.argsort(np.abs(worth[may] - last), kind="stable"),
    )
    found = location_exact.proof(model, known, bound.value, run.deadline, run.check, pieces)
    return found._replace(sites=None if found.sites is None else may[found.sites])


def medians(costs: Costs, count: int, run: Run, seed: int) -> Curve:
    """Return how many person-minutes 1 to ``count`` sites leave."""
    found, stopped = _found(costs, count, run, seed)
    values = np.array([costs.total(sites) for sites in found])
    limits = np.full(len(found), -np.inf)
    # Of one site all candidates were weighed.
    limits[:1] = values[:1]
    exact = location_exact.available() and costs.minutes.size <= location_exact.MOST_PAIRS
    asked = [n for n in range(len(found), 1, -1) if len(found) <= ALL_BOUNDED or n in BOUNDED or n == len(found)]
    near = None
    for done, number in enumerate(asked, 1):
        kept = looked_at(costs, number)
        if near is None or near.sites.shape[1] < kept:
            near = nearest(costs, kept, run.check)
        # A place pays about what lies between its nearest site and the next one.
        two = np.partition(costs.minutes[:, found[number - 1]], 1, axis=1)[:, :2].mean(axis=1) * costs.weights
        steps = STEPS if number == len(found) else min(STEPS_BELOW, max(STEPS_LEAST, WORK // near.costs.size))
        bound = relaxed(near, number, values[number - 1], np.maximum(two, near.costs[:, 1]), run.check, steps)
        limits = np.maximum(limits, bounds(near, bound.prices, len(found)))
        if exact and bound.value < values[number - 1] * (1 - ROUNDING):
            stopped |= run.late()
            pieces = PIECES if number == len(found) else PIECES_BELOW
            proof = better(costs, near, number, values[number - 1], bound, run, pieces)
            limits[number - 1] = max(limits[number - 1], proof.bound)
            if proof.sites is not None:
                found[number - 1] = sorted(int(site) for site in proof.sites)
                values[number - 1] = costs.total(found[number - 1])
        run.progress(0.6 + 0.4 * done / len(asked))
    # More sites leave no more minutes than fewer do: a bound for more holds for fewer.
    limits = np.maximum.accumulate(limits[::-1])[::-1]
    return ended(Curve(found, values, np.clip(limits, 0.0, values), stopped or run.late()))


def bounds(near: Nearest, prices: np.ndarray, most: int) -> np.ndarray:
    """Return what the prices prove for 1, 2, … ``most`` sites."""
    return prices.sum() + np.cumsum(np.sort(near.worth(prices))[:most])


def _found(costs: Costs, count: int, run: Run, seed: int) -> tuple[list[list[int]], bool]:
    """Return good sites for 1, 2, … up to where one more saves nothing, and whether the time was up on the way."""
    found, sites, stopped = [], [], False
    rounds = rounds_for(costs)
    if not costs.weights.size:
        return [], False
    for number in range(1, min(count, costs.minutes.shape[1]) + 1):
        more = grown(costs, sites, run.check)
        if len(more) == len(sites):
            break
        stopped |= run.late()
        tries = rounds if number == count else rounds // count
        if costs.minutes.size > LARGE and number not in BOUNDED and number < count:
            # Just one site more: to exchange all of them each time would take longer than all the rest.
            sites = sorted(more)
            found.append(sites)
            continue
        sites = exchanged(costs, more, run.check)
        sites = improved(costs, sites, run, np.random.default_rng([seed, number]), tries)
        found.append(sites)
        run.progress(0.6 * number / count)
    return found, stopped
