"""Set covering: the fewest sites with which everybody is within reach.

Toregas et al. 1971. Greedy, then again and again the attempt to do with one site fewer; the least number is proven by a
Lagrangian relaxation (Beasley 1990) and, where that leaves a doubt, by branching.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from . import exact as location_exact
from .curve import PIECES, Curve
from .exact import Model, Run
from .mclp import Choice, Cover, cover, entries, improve, merged

STEPS = 1000
HALVE_AFTER = 30
SMALLEST_STEP = 1e-3
INERTIA = 0.7
ROUNDS = 60
SMALL = 1e-6


def everyone(of_people: Cover, run: Run, seed: int) -> Curve:
    """Return the fewest sites found that reach every place of the cover, as a curve of one entry.

    Its value is the number of sites, its bound the least number that could do.
    """
    places = len(of_people.weights)
    if not places:
        return Curve([], np.zeros(0), np.zeros(0), False)
    groups = _apart(of_people)
    sites: list[int] = []
    least, stopped = 0.0, False
    for done, (rows, columns) in enumerate(groups):
        part = cover(*merged(np.ones(len(rows)), of_people.sites_of[rows][:, columns]))
        part = cover(np.ones(len(part.weights)), part.sites_of)
        found, bound = _part(part, run, seed)
        sites += [int(columns[site]) for site in found]
        least += bound
        stopped |= run.late()
        run.progress((done + 1) / len(groups))
    return Curve([sorted(sites)], np.array([float(len(sites))]), np.array([least]), stopped)


def sites_enough(part: Cover) -> list[int]:
    """Return quickly sites that reach every place of a cover, none of them needless."""
    return _needed(part, Choice(part).fill(part.sites_of.shape[1]).sites)


def _apart(of_people: Cover) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the places and candidates that hang together by reach, each group to be solved alone."""
    places = len(of_people.weights)
    graph = sparse.bmat([[None, of_people.sites_of], [of_people.places_of, None]], format="csr")
    count, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])
    pairs = [(group[group < places], group[group >= places] - places) for group in members]
    return [(rows, columns) for rows, columns in pairs if len(rows)]


def _part(part: Cover, run: Run, seed: int) -> tuple[list[int], float]:
    """Return sites for one group, and the least number that could do."""
    everywhere = part.units.sum()
    sites = sites_enough(part)
    bound, prices = _relaxed(part, len(sites), run)
    random = np.random.default_rng([seed, len(sites)])
    while len(sites) > bound and not run.late():
        fewer = Choice(part).fill(len(sites) - 1).exchange(run.check)
        improve(fewer, ROUNDS, random, run.check, run.late)
        if fewer.value < everywhere:
            break
        sites = _needed(part, fewer.sites)
    if len(sites) > bound and location_exact.available() and part.sites_of.nnz <= location_exact.MOST_PAIRS:
        places, candidates = part.sites_of.shape
        model = Model(
            cost=np.ones(candidates),
            rows=part.sites_of,
            lower=np.ones(places),
            upper=np.full(places, np.inf),
            most=np.ones(candidates),
            sites=candidates,
            order=np.argsort(-(part.places_of @ prices), kind="stable"),
        )
        found = location_exact.proof(model, len(sites), bound, run.deadline, run.check, PIECES)
        sites = sites if found.sites is None else [int(site) for site in found.sites]
        bound = np.ceil(found.bound - SMALL)
    return sites, float(min(bound, len(sites)))


def _needed(part: Cover, sites: list[int]) -> list[int]:
    """Return the sites without those whose places others reach as well, the ones with the fewest places first to go."""
    times = np.bincount(entries(part.places_of, np.array(sites))[0], minlength=len(part.weights))
    kept = set(sites)
    for site in sorted(sites, key=lambda site: (len(part.places(site)), site)):
        places = part.places(site)
        if (times[places] > 1).all():
            times[places] -= 1
            kept.discard(site)
    return sorted(kept)


def _relaxed(part: Cover, known: int, run: Run) -> tuple[float, np.ndarray]:
    """Return the least number of sites that a subgradient search proves, and the prices of the places that prove it."""
    most = 1.0 / np.maximum.reduceat(np.diff(part.places_of.indptr)[part.sites_of.indices], part.sites_of.indptr[:-1])
    prices, best, best_prices = most, -np.inf, most
    factor, since, before = 2.0, 0, np.zeros(len(most))
    for _ in range(STEPS):
        run.check()
        rest = 1.0 - part.places_of @ prices
        value = float(prices.sum() + np.minimum(rest, 0.0).sum())
        if value > best + 1e-12:
            best, best_prices, since = value, prices, 0
        else:
            since += 1
            if since >= HALVE_AFTER:
                factor, since, prices, before = factor / 2, 0, best_prices, np.zeros(len(prices))
                if factor < SMALLEST_STEP:
                    break
                continue
        if np.ceil(best - SMALL) >= known:
            break
        slope = 1.0 - part.sites_of @ (rest < 0).astype(float) + INERTIA * before
        before = slope.copy()
        slope[(slope < 0) & (prices <= 0)] = 0.0
        length = float(slope @ slope)
        if not length:
            factor, prices, before = factor / 2, best_prices, np.zeros(len(prices))
            if factor < SMALLEST_STEP:
                break
            continue
        prices = np.maximum(0.0, prices + factor * (known - value) / length * slope)
    return float(np.ceil(best - SMALL)), best_prices
