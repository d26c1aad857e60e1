"""How many people any choice of sites could cover at most: a Lagrangian relaxation, and a proof by branching.

Galvão & ReVelle 1996 (relaxation); Held, Wolfe & Crowder 1974 (subgradient), the direction smoothed by the one before
it as in Camerini, Fratta & Maffioli 1975.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from . import exact as location_exact
from .exact import Model, Proof, Run
from .mclp import Cover, cover, entries, merged

ROUNDING = 1e-9
STEPS = 800
HALVE_AFTER = 20
SMALLEST_STEP = 1e-3
INERTIA = 0.7
LOOK_EVERY = 10
# Candidates on trial times pairs, above which none is tried; a round of trials must leave out a tenth of them.
TRIALS_WORK = 20_000_000
STEPS_ON_TRIAL = 80
WORTH_IT = 0.9


class Bound(NamedTuple):
    """The most that so many sites can cover, and the price of each place (0 to its people) that proves it."""

    value: float
    prices: np.ndarray


def relaxed(
    cover: Cover,
    count: int,
    known: float,
    check: Callable[[], None],
    prices: np.ndarray | None = None,
    steps: int = STEPS,
    tried: Callable[[np.ndarray], float] | None = None,
) -> Bound:
    """Return the lowest bound found for ``count`` sites, of which some are ``known`` to cover so many people.

    Each place gives its price to every site that reaches it, and what it has above its price is covered for nothing.
    ``tried`` is given the ``count`` dearest sites now and then and returns what they, once bettered, cover.
    """
    weights = cover.weights
    if prices is None:
        prices = weights.copy()
    best = Bound(np.inf, prices)
    factor, since, before = 2.0, 0, np.zeros(len(weights))
    for step in range(steps):
        check()
        worth = cover.places_of @ prices
        dearest = _dearest(worth, count)
        value = float((weights - prices).sum() + worth[dearest].sum())
        if value < best.value - 1e-12 * abs(value):
            best, since = Bound(value, prices), 0
            if tried is not None and step % LOOK_EVERY == 0:
                known = max(known, tried(dearest))
        else:
            since += 1
            if since >= HALVE_AFTER:
                factor, since, prices, before = factor / 2, 0, best.prices, np.zeros(len(prices))
                if factor < SMALLEST_STEP:
                    break
                continue
        if cover.attainable(best.value) <= known * (1 + ROUNDING):
            break
        reached, _ = entries(cover.places_of, dearest)
        slope = np.bincount(reached, minlength=len(weights)) - 1.0 + INERTIA * before
        before = slope.copy()
        # A price at its limit cannot move further.
        slope[((slope < 0) & (prices >= weights)) | ((slope > 0) & (prices <= 0))] = 0.0
        length = float(slope @ slope)
        if not length:
            factor, prices, before = factor / 2, best.prices, np.zeros(len(prices))
            if factor < SMALLEST_STEP:
                break
            continue
        prices = np.clip(prices - factor * max(value - known, ROUNDING * value) / length * slope, 0.0, weights)
    return best._replace(value=max(known, cover.attainable(min(best.value, float(weights.sum())))))


def bounds(cover: Cover, prices: np.ndarray, most: int) -> np.ndarray:
    """Return what the prices prove for 1, 2, … ``most`` sites."""
    worth = -np.sort(-(cover.places_of @ prices))[:most]
    proven = (cover.weights - prices).sum() + np.cumsum(np.pad(worth, (0, most - len(worth))))
    return np.array([cover.attainable(value) for value in proven])


def better(whole: Cover, count: int, known: float, bound: Bound, run: Run, pieces: int) -> Proof:
    """Look for ``count`` sites that cover more than ``known`` people; ``value`` and ``bound`` of the proof are people.

    First candidates that stand in no better choice are left out, then an integer programme is asked about the others,
    where there are few enough of them.
    """
    left, small, bound = _narrowed(whole, count, known, bound, run)
    if bound.value <= known * (1 + ROUNDING):
        return Proof(None, known, known)
    if not location_exact.available() or small.sites_of.nnz > location_exact.MOST_PAIRS or pieces <= 0:
        return Proof(None, known, bound.value)
    places, sites = small.sites_of.shape
    worth = small.places_of @ bound.prices
    ranked = -np.sort(-worth)
    edge = ranked[count - 1] + ranked[count] if count < len(ranked) else 0.0
    rows = sparse.bmat(
        [
            [-small.sites_of, sparse.identity(places)],
            [sparse.csr_matrix(np.ones((1, sites))), None],
        ],
        format="csr",
    )
    model = Model(
        cost=np.r_[np.zeros(sites), -small.weights],
        rows=rows,
        lower=np.full(places + 1, -np.inf),
        upper=np.r_[np.zeros(places), float(count)],
        most=np.ones(sites + places),
        sites=sites,
        # First the sites of which it is least clear whether they belong.
        order=np.argsort(np.abs(2 * worth - edge), kind="stable"),
    )
    found = location_exact.proof(model, -known, -bound.value, run.deadline, run.check, pieces)
    return Proof(None if found.sites is None else left[found.sites], -found.value, -found.bound)


def _narrowed(whole: Cover, count: int, known: float, bound: Bound, run: Run) -> tuple[np.ndarray, Cover, Bound]:
    """Return the candidates that may stand in a better choice, the cover by them, and the bound that they leave.

    Each candidate in doubt is opened on trial: where even then no more people can be covered, it is left out. What is
    left has a lower bound, which leaves more of them out, and so on while it is worth the work.
    """
    left = _undecided(whole, count, known, bound)
    least = bound.value
    while True:
        small = cover(*merged(whole.weights, whole.sites_of[:, left]))
        if len(left) < count or not len(small.weights):
            return left, small, Bound(known, small.weights)
        bound = relaxed(small, count, known, run.check)
        least = min(least, bound.value)
        bound = Bound(max(known, least), bound.prices)
        doubtful = _undecided(small, count, known, bound)
        if (
            least <= known * (1 + ROUNDING)
            or count < 2
            or run.late()
            or len(doubtful) * small.sites_of.nnz > TRIALS_WORK
        ):
            return left, small, bound
        kept = [site for site in doubtful if _may_belong(small, site, count, known, bound.prices, run)]
        if len(kept) > WORTH_IT * len(left):
            return left, small, bound
        left = left[kept]


def _may_belong(small: Cover, site: int, count: int, known: float, prices: np.ndarray, run: Run) -> bool:
    """Say whether, for all that a short search proves, some better choice has this site."""
    weights, places = small.weights.copy(), small.places(site)
    own = float(weights[places].sum())
    weights[places] = 0.0
    rest = known - own
    with_it = relaxed(
        small._replace(weights=weights), count - 1, rest, run.check, np.minimum(prices, weights), STEPS_ON_TRIAL
    )
    return with_it.value > rest + ROUNDING * known


def _dearest(worth: np.ndarray, count: int) -> np.ndarray:
    return np.argpartition(-worth, count - 1)[:count] if count < len(worth) else np.arange(len(worth))


def _undecided(cover: Cover, count: int, known: float, bound: Bound) -> np.ndarray:
    """Return the candidates that may stand in a choice which covers more than ``known``."""
    worth = cover.places_of @ bound.prices
    inside = _dearest(worth, count)
    may = bound.value - worth[inside].min() + worth > known * (1 + ROUNDING)
    may[inside] = True
    return np.flatnonzero(may)
