"""The fairest shares of places that are short: the lowest share as high as can be, then the next lowest, and so on.

Megiddo (1974), doi:10.1007/BF01585506; found by splitting at minimum cuts (Fujishige 1980, doi:10.1287/moor.5.2.186).
Fairness costs no place: every such plan serves as many people as any.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .transport import (
    MOST_PEOPLE,
    Bounds,
    InfeasibleError,
    Most,
    Problem,
    cheapest,
    components,
    flow_between,
    reached,
    within,
)


class Shares(NamedTuple):
    """The share of each need that is served, 1 where all are, and a flag for each pair that such a plan uses."""

    share: np.ndarray
    used: np.ndarray


def fairest(problem: Problem, found: Most, tick: Callable[[], None] = lambda: None) -> Shares:
    """Return the fairest shares among all plans that serve as many people as ``found``."""
    share = np.where(found.short_needs & (problem.people > 0), 0.0, 1.0)
    used = (found.flow > 0) & ~found.short_needs[problem.need]
    pairs = np.flatnonzero(found.short_needs[problem.need] & (problem.people[problem.need] > 0))
    label = components(problem, pairs) if len(pairs) else pairs
    order = np.argsort(label, kind="stable")
    waiting = np.split(pairs[order], np.flatnonzero(np.diff(label[order])) + 1) if len(pairs) else []
    while waiting:
        tick()
        piece = waiting.pop()
        needs, actors = np.unique(problem.need[piece]), np.unique(problem.actor[piece])
        level = problem.places[actors].sum() / problem.people[needs].sum()
        flow, low_needs, low_actors = _levelled(problem.part(piece), needs, actors)
        if not len(low_needs):
            share[needs] = min(level, 1.0)
            used[piece[flow > 0]] = True
            continue
        low = np.isin(problem.need[piece], low_needs)
        taken = np.isin(problem.actor[piece], low_actors)
        waiting += [part for part in (piece[low], piece[~low & ~taken]) if len(part)]
    return Shares(share, used)


def _levelled(part: Problem, needs: np.ndarray, actors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the flow that gives all needs one share, and the needs and actors where that share cannot be had."""
    people, places = part.people[needs], part.places[actors]
    whole = int(people.sum()), int(places.sum())
    divisor = np.gcd(*whole)
    # Fractions of a person as whole numbers, exact as long as they can be counted; the search is never for more than
    # the share that the places allow together.
    if whole[0] // divisor * whole[1] <= MOST_PEOPLE:
        asked, given = people * (whole[1] // divisor), places * (whole[0] // divisor)
    else:
        scale = MOST_PEOPLE // max(whole[1], 1)
        asked, given = np.floor(people * (whole[1] / whole[0] * scale)).astype(np.int64), places * scale
    local = Problem(np.searchsorted(needs, part.need), np.searchsorted(actors, part.actor), part.cost, people, places)
    flow = flow_between(local, asked, given)
    left = asked - np.bincount(local.need, flow, len(needs)).astype(np.int64)
    low_needs, low_actors = reached(local, flow, left)
    return flow, needs[low_needs], actors[low_actors]


def cheapest_fair(problem: Problem, found: Most, tick: Callable[[float], None] = lambda share: None) -> np.ndarray:
    """Return the cheapest of the fairest plans; people being whole, a need is within one person of its fair share."""
    fair = fairest(problem, found, lambda: tick(0.0))
    bounds = within(problem, found)
    exact = problem.people * fair.share
    lower = np.floor(exact + 1e-9).astype(np.int64)
    upper = np.minimum(problem.people, np.ceil(exact - 1e-9).astype(np.int64))
    start = found._replace(flow=np.where(fair.used, 1, found.flow))
    # Where shares were too fine to be counted exactly, a bound may be off by a person.
    for slack in (0, 1, 2):
        narrowed = Bounds(
            np.maximum(lower - slack, bounds.least_of_need),
            np.minimum(upper + slack, problem.people),
            bounds.least_of_actor,
            bounds.most_of_actor,
        )
        try:
            return cheapest(problem, start, tick, narrowed)
        except InfeasibleError:
            continue
    return cheapest(problem, found, tick)
