"""Plans in which a need goes whole to one actor or not at all: the generalised assignment problem.

It is hard (Ross and Soland 1975, doi:10.1007/BF01580430): small components are solved exactly by HiGHS, branch and
bound with a fixed number of nodes so that the same data give the same plan on any machine; larger ones are rounded from
the divisible plan, the largest remainder first, and the bound that the divisible plan gives says what may be missed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy import optimize, sparse

from .transport import Problem, components, flow_between, part_of, patiently

EXACT = 500
"""Pairs of a component up to which it is solved exactly."""
NODES = 1000
"""Nodes of the search: a few seconds at most, during which until scipy 1.14 nothing can be stopped."""


class Whole(NamedTuple):
    """The people of each pair, the most that any such plan can serve, and whether none that serves as many costs less.

    The plan is proven to serve the most where it serves as many as the bound says; it may do so elsewhere too.
    """

    flow: np.ndarray
    bound: int
    cheapest: bool


def whole(
    problem: Problem, divisible: np.ndarray, other: np.ndarray, tick: Callable[[float], None] = lambda share: None
) -> Whole:
    """Return a plan that sends each need whole; ``divisible``: the best plan that does not, ``other``: one that does.

    Exact, served people before cost, in components of up to ``EXACT`` pairs; elsewhere the better of the rounded plan
    and ``other``.
    """
    possible = problem.people[problem.need] <= problem.places[problem.actor]
    pairs = np.flatnonzero(possible & (problem.people[problem.need] > 0))
    flow, bound, cheapest = np.zeros(len(problem.need), dtype=np.int64), 0, True
    label = components(problem, pairs)
    order = np.argsort(label, kind="stable")
    done = 0
    for piece in np.split(pairs[order], np.flatnonzero(np.diff(label[order])) + 1):
        if not len(piece):
            continue
        told = partial(part_of, tick, done / len(pairs), len(piece) / len(pairs))
        told(0.0)
        part = _alone(problem.part(piece))
        most = int(flow_between(part, part.people, part.places).sum())
        best = _better(part, _rounded(part, divisible[piece], told), other[piece])
        exact = _exact(part, most, partial(told, 0.5)) if len(piece) <= EXACT else None
        if exact is not None:
            best, most = _better(part, exact.flow, best), exact.bound
        cheapest &= exact is not None and exact.cheapest
        bound += most
        flow[piece] = best
        done += len(piece)
    tick(1.0)
    return Whole(flow, bound, cheapest)


def _alone(part: Problem) -> Problem:
    """Return a problem with only the needs and actors that its pairs have."""
    needs, need = np.unique(part.need, return_inverse=True)
    actors, actor = np.unique(part.actor, return_inverse=True)
    return Problem(need, actor, part.cost, part.people[needs], part.places[actors])


def _better(part: Problem, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the plan that serves more, at equality the cheaper one, at equality the first."""
    first, second = ((-plan.sum(), round(float(plan @ part.cost), 9)) for plan in (one, other))
    return one if first <= second else other


def _exact(part: Problem, most: int, tick: Callable[[], None]) -> Whole | None:
    """Return the plan that serves the most, then costs the least; None where the solver found none in its nodes."""
    people, number = part.people[part.need].astype(float), np.arange(len(part.need))
    once = sparse.csr_matrix((np.ones(len(number)), (part.need, number)), shape=(len(part.people), len(number)))
    taken = sparse.csr_matrix((people, (part.actor, number)), shape=(len(part.places), len(number)))
    limits = [
        optimize.LinearConstraint(once, -np.inf, 1),
        optimize.LinearConstraint(taken, -np.inf, part.places.astype(float)),
    ]
    serving = _milp(-people, limits, tick)
    if serving is None:
        return None
    chosen, sure = serving
    served = int(people[chosen].sum())
    limits.append(optimize.LinearConstraint(people[None, :], served, most))
    cheaper = _milp(people * part.cost, limits, tick)
    if cheaper is not None:
        chosen = cheaper[0]
    flow = np.where(chosen, people, 0).astype(np.int64)
    return Whole(flow, served if sure else most, sure and cheaper is not None and cheaper[1])


def _milp(cost: np.ndarray, limits: list, tick: Callable[[], None]) -> tuple[np.ndarray, bool] | None:
    """Return the chosen pairs, and whether nothing can be better."""
    done = patiently(
        lambda: optimize.milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=optimize.Bounds(0, 1),
            constraints=limits,
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        ),
        tick,
    )
    return None if done.x is None else (done.x > 0.5, done.status == 0)


def _rounded(part: Problem, divisible: np.ndarray, tick: Callable[[float], None]) -> np.ndarray:
    """Return a whole plan near a divisible one: the largest shares first, then what fits, then by moving one aside."""
    people = part.people[part.need]
    stand = _Standing(part)
    for order in (np.lexsort((part.cost, -people, -divisible / people)), np.lexsort((part.cost, -people))):
        for pair in order.tolist():
            stand.serve(pair)
    waiting = [need for need, pair in enumerate(stand.by) if pair is None]
    waiting.sort(key=lambda need: (-stand.people[need], need))
    for number, need in enumerate(waiting):
        if number % 100 == 0:
            tick(number / len(waiting))
        stand.make_room(need)
    plan = np.zeros(len(part.need), dtype=np.int64)
    chosen = [pair for pair in stand.by if pair is not None]
    plan[chosen] = people[chosen]
    return plan


class _Standing:
    """A whole plan in the making: the pair by which each need is served, the needs of each actor, and its room."""

    def __init__(self, part: Problem):
        self.people, self.room = part.people.tolist(), part.places.tolist()
        self.need, self.actor = part.need.tolist(), part.actor.tolist()
        self.starts = np.searchsorted(part.need, np.arange(len(self.people) + 1)).tolist()
        self.by: list[int | None] = [None] * len(self.people)
        self.guests: list[list[int]] = [[] for _ in self.room]

    def serve(self, pair: int) -> None:
        """Serve a need by a pair, if it waits and there is room."""
        need, actor = self.need[pair], self.actor[pair]
        if self.by[need] is None and self.people[need] <= self.room[actor]:
            self.by[need] = pair
            self.guests[actor].append(need)
            self.room[actor] -= self.people[need]

    def make_room(self, need: int) -> None:
        """Serve a need where another can go elsewhere instead."""
        for pair in range(self.starts[need], self.starts[need + 1]):
            actor = self.actor[pair]
            lacking = self.people[need] - self.room[actor]
            for guest in self.guests[actor]:
                if self.people[guest] >= lacking and self._move(guest, actor):
                    self.serve(pair)
                    return

    def _move(self, guest: int, actor: int) -> bool:
        for pair in range(self.starts[guest], self.starts[guest + 1]):
            other = self.actor[pair]
            if other != actor and self.people[guest] <= self.room[other]:
                self.guests[actor].remove(guest)
                self.room[actor] += self.people[guest]
                self.by[guest] = None
                self.serve(pair)
                return True
        return False
