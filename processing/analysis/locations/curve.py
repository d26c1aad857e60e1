"""The best sites for 1, 2, … p, each with what it brings and the proof of how much better another choice could be."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import bound as location_bound
from . import exact as location_exact
from .exact import Run
from .mclp import Choice, Cover, improve

ROUNDS, ROUNDS_LARGE = 300, 100
# The search is shared out over 1 to p sites: so many rounds times sites for each, none when p is large.
SHARED_ROUNDS = 3000
# Beyond this many sites the bounds are searched for some of 1 to p only; what they prove holds for all.
ALL_BOUNDED = 12
BOUNDED = (1, 2, 3, 4, 6, 8, 12, 20, 35, 60)
# Pieces of half a second for the sites asked for, and for each fewer number of sites.
PIECES, PIECES_BELOW = 10_000, 2
# With more pairs than this, fewer sites than asked for are left with a gap of half a percent.
SMALL, NEAR_ENOUGH = 5_000, 0.005
LARGE = 500_000
STEPS_LARGE = 200


class Curve(NamedTuple):
    """The best sites found for 1, 2, … sites (columns of the candidates), their value, and the proven bound of each.

    It ends where one more site adds nothing. ``stopped``: the time was up before all was tried.
    """

    sites: list[list[int]]
    values: np.ndarray
    bounds: np.ndarray
    stopped: bool


def ended(curve: Curve) -> Curve:
    """Return a curve as far as the fewest sites that do as well as the last ones."""
    if not len(curve.values):
        return curve
    last = int(np.flatnonzero(curve.values == curve.values[-1])[0]) + 1
    return Curve(curve.sites[:last], curve.values[:last], curve.bounds[:last], curve.stopped)


def covering(cover: Cover, count: int, run: Run, seed: int) -> Curve:
    """Return how many people 1 to ``count`` sites cover."""
    found, stopped = _found(cover, count, run, seed)
    if not found:
        return Curve([], np.zeros(0), np.zeros(0), stopped)
    most = len(found)
    best, limits = _bounded(cover, found, run)
    for sites in range(most, 0, -1):
        value = cover.people(found[sites - 1])
        enough = location_bound.ROUNDING if sites == most or cover.sites_of.nnz <= SMALL else NEAR_ENOUGH
        if limits[sites - 1] <= value * (1 + enough) or sites not in best:
            continue
        stopped |= run.late()
        # The programme is for what is small from the start; candidates are left out of the large too.
        exact = cover.sites_of.nnz <= location_exact.MOST_PAIRS
        pieces = 0 if not exact else PIECES if sites == most else PIECES_BELOW
        better = location_bound.better(cover, sites, value, best[sites], run, pieces)
        if better.sites is not None:
            # A programme may leave a site out that adds nothing to the others.
            found[sites - 1] = Choice(cover).become(better.sites).fill(sites).sites
        limits[sites - 1] = min(limits[sites - 1], better.bound)
    found = _never_falling(cover, found)
    values = np.array([cover.people(sites) for sites in found])
    # What fewer sites can bring, more can: a bound for more holds for fewer. And none is below what was found.
    limits = np.maximum(np.minimum.accumulate(limits[::-1])[::-1], values)
    return ended(Curve(found, values, limits, stopped or run.late()))


def _found(cover: Cover, count: int, run: Run, seed: int) -> tuple[list[list[int]], bool]:
    """Return good sites for 1, 2, … up to where one more adds nothing: those for one fewer and one more, bettered."""
    found, stopped = [], False
    choice, greedy = Choice(cover), Choice(cover)
    most = ROUNDS if cover.sites_of.nnz <= LARGE else ROUNDS_LARGE
    for sites in range(1, count + 1):
        if len(greedy.fill(sites).sites) < sites:
            break
        choice.fill(sites).exchange(run.check)
        if len(choice.sites) < sites:
            break
        stopped |= run.late()
        if sites < count:
            rounds = min(ROUNDS_LARGE, SHARED_ROUNDS // (count * sites))
            improve(choice, rounds, np.random.default_rng([seed, sites]), run.check, run.late)
        else:
            # From two ends: what fewer sites led to, and what is best one by one.
            other = Choice(cover).become(greedy.sites).exchange(run.check)
            for start, one in enumerate((choice, other)):
                improve(one, most // 2, np.random.default_rng([seed, sites, start]), run.check, run.late)
            choice = max(choice, other, key=lambda one: one.value)
        found.append(sorted(choice.sites))
        run.progress(0.6 * sites / count)
    return found, stopped


def _bounded(cover: Cover, found: list[list[int]], run: Run) -> tuple[dict[int, location_bound.Bound], np.ndarray]:
    """Return a bound by number of sites, and for every number the least that any of them proves; betters ``found``."""
    most = len(found)
    limits = np.full(most, np.inf)
    steps = location_bound.STEPS if cover.sites_of.nnz <= LARGE else STEPS_LARGE
    asked = [n for n in range(1, most + 1) if most <= ALL_BOUNDED or n in BOUNDED or n == most]
    bounds, prices = {}, None
    for done, sites in enumerate(reversed(asked), 1):
        best = [found[sites - 1], cover.people(found[sites - 1])]

        def tried(dearest, best=best):
            choice = Choice(cover).become(dearest).exchange(run.check)
            value = cover.people(choice.sites)
            if value > best[1]:
                best[:] = [sorted(choice.sites), value]
            return value

        few = steps if sites == most else max(steps // 4, 60)
        bound = location_bound.relaxed(cover, sites, best[1], run.check, prices, few, tried if sites == most else None)
        found[sites - 1] = best[0]
        bounds[sites], prices = bound, bound.prices
        limits = np.minimum(limits, location_bound.bounds(cover, prices, most))
        run.progress(0.6 + 0.4 * done / len(asked))
    return bounds, limits


def _never_falling(cover: Cover, found: list[list[int]]) -> list[list[int]]:
    """Return the choices, one with fewer people than the choice before it replaced by that one and one site more."""
    kept = found[:1]
    for sites in found[1:]:
        grown = Choice(cover).become(kept[-1]).fill(len(sites)).sites
        kept.append(sites if cover.people(sites) >= cover.people(grown) else sorted(grown))
    return kept
