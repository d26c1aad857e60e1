"""Who goes where when places are short: the transportation problem, exactly, in pieces that can be stopped between.

Three steps. A maximum flow (Dinic, scipy) says how many people can be served at all. Its minimum cut splits the problem
as Dulmage and Mendelsohn (1958), doi:10.4153/CJM-1958-052-0, split a bipartite graph: needs that compete for places
that are all taken whatever is decided, and needs that are served whole whatever is decided. Within each part the
cheapest of all maximum flows is a transportation problem with equalities (Hitchcock 1941, doi:10.1002/sapm1941201224),
so that people served come before cost without any weight of one against the other. HiGHS solves it over few pairs at
first, to which those are added that its prices show to be worth it, until none is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError

FEW = 5
"""Cheapest pairs of each need and actor to begin with."""
ALL = 12
"""Pairs a need or actor up to which one begins with all of them: measured, the rounds would take longer."""
MORE = 10
"""Pairs added a need and round."""
PIECE = 20_000
"""Pairs of small components solved together."""
WORTH = 1e-9
PATIENCE = 0.2
"""Seconds between two looks at whether the user wants to stop."""
INFEASIBLE = 2
MOST_PEOPLE = 2**31 - 2
"""What the maximum flow of scipy can count: no more people may be asked for at once."""

Solution = TypeVar("Solution")


class Problem(NamedTuple):
    """Pairs that may meet, sorted by need then actor, each once, with what a person costs there; whole people, places.

    ``need`` and ``actor`` are positions in ``people`` and ``places``, all integers.
    """

    need: np.ndarray
    actor: np.ndarray
    cost: np.ndarray
    people: np.ndarray
    places: np.ndarray

    def part(self, pairs: np.ndarray) -> Problem:
        """Return the problem with some of its pairs, a mask or ascending positions."""
        return self._replace(need=self.need[pairs], actor=self.actor[pairs], cost=self.cost[pairs])


class Most(NamedTuple):
    """A plan that serves the most people: whole people of each pair, and what every such plan has in common.

    ``short``: needs and actors of the part in which places are short: the actors are full in every such plan, and one
    place more at one of them would serve one person more. The other needs are served whole in every such plan.
    """

    flow: np.ndarray
    short_needs: np.ndarray
    short_actors: np.ndarray

    def served(self) -> int:
        """Return the people served."""
        return int(self.flow.sum())


class Bounds(NamedTuple):
    """Fewest and most people of each need and each actor."""

    least_of_need: np.ndarray
    most_of_need: np.ndarray
    least_of_actor: np.ndarray
    most_of_actor: np.ndarray


def most(problem: Problem) -> Most:
    """Return a plan that serves the most people, and the minimum cut that proves it."""
    flow = flow_between(problem, problem.people, problem.places)
    given = np.bincount(problem.need, flow, len(problem.people)).astype(np.int64)
    return Most(flow, *reached(problem, flow, problem.people - given))


def reached(problem: Problem, flow: np.ndarray, waiting: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the needs and the actors that people who wait (a number a need) reach, others making room for them."""
    needs, source = len(problem.people), len(problem.people) + len(problem.places)
    back, first = flow > 0, np.flatnonzero(waiting)
    starts = np.concatenate([problem.need, problem.actor[back] + needs, np.full(len(first), source)])
    ends = np.concatenate([problem.actor + needs, problem.need[back], first])
    graph = sparse.csr_matrix((np.ones(len(starts), np.int8), (starts, ends)), shape=(source + 1, source + 1))
    found = np.zeros(source + 1, dtype=bool)
    found[breadth_first_order(graph, source, return_predecessors=False)] = True
    return found[:needs], found[needs:source]


def flow_between(problem: Problem, from_needs: np.ndarray, to_actors: np.ndarray) -> np.ndarray:
    """Return a maximum flow over the pairs when needs send and actors take at most so many."""
    needs, actors = len(from_needs), len(to_actors)
    source, sink = needs + actors, needs + actors + 1
    to_actors = np.minimum(to_actors, np.bincount(problem.actor, from_needs[problem.need], actors)).astype(np.int64)
    if not len(problem.need):
        return np.zeros(0, dtype=np.int64)
    # One more than can flow: a pair never holds anybody back.
    wide = np.minimum(from_needs[problem.need], to_actors[problem.actor]) + 1
    starts = np.concatenate([problem.need, np.full(needs, source), np.arange(needs, source)])
    ends = np.concatenate([problem.actor + needs, np.arange(needs), np.full(actors, sink)])
    sizes = np.concatenate([wide, from_needs, to_actors]).astype(np.int32)
    graph = sparse.csr_matrix((sizes, (starts, ends)), shape=(sink + 1, sink + 1))
    found = maximum_flow(graph, source, sink)
    flows = (found.flow if hasattr(found, "flow") else found.residual).tocoo()  # "residual" until scipy 1.9
    used = (flows.data > 0) & (flows.row < needs) & (flows.col < source)
    keys = problem.need.astype(np.int64) * actors + problem.actor
    result = np.zeros(len(keys), dtype=np.int64)
    at = np.searchsorted(keys, flows.row[used].astype(np.int64) * actors + (flows.col[used] - needs))
    result[at] = flows.data[used]
    return result


def cheapest(
    problem: Problem, found: Most, tick: Callable[[float], None] = lambda share: None, shares: Bounds | None = None
) -> np.ndarray:
    """Return the whole people of each pair in the cheapest of all plans that serve as many as ``found`` does.

    ``shares`` narrows what each need gets; a plan with as many people must exist within, whose pairs ``found.flow``
    has. ``tick`` is told the share done before each call of the solver, and may raise.
    """
    bounds = shares or within(problem, found)
    # Of a need that is served whole nobody goes where places are short: there all are taken by those who compete.
    open_pairs = np.flatnonzero(found.short_needs[problem.need] | ~found.short_actors[problem.actor])
    flow = np.zeros(len(problem.need), dtype=np.int64)
    done = 0
    for piece in _pieces(problem, open_pairs):
        part = piece[problem.people[problem.need[piece]] > 0]
        told = partial(part_of, tick, done / len(open_pairs), len(piece) / len(open_pairs))
        if len(part):
            flow[part] = _sifted(problem.part(part), bounds, found.flow[part] > 0, told)
        done += len(piece)
    tick(1.0)
    return flow


def part_of(tick: Callable[[float], None], start: float, size: float, share: float) -> None:
    """Tell the share done of a part of the work, that begins at ``start``."""
    tick(start + size * share)


def within(problem: Problem, found: Most) -> Bounds:
    """Return the bounds that make any plan one that serves the most people."""
    places = np.minimum(
        problem.places, np.bincount(problem.actor, problem.people[problem.need], len(problem.places)).astype(np.int64)
    )
    served = np.bincount(problem.actor, found.flow, len(places)).astype(np.int64)
    return Bounds(
        np.where(found.short_needs, 0, problem.people),
        problem.people,
        np.where(found.short_actors, served, 0),
        places,
    )


def components(problem: Problem, pairs: np.ndarray) -> np.ndarray:
    """Return the number of the connected component of each of some pairs (positions), by the order of its needs."""
    needs = len(problem.people)
    size = needs + len(problem.places)
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = sparse.coo_matrix((ones, (problem.need[pairs], problem.actor[pairs] + needs)), shape=(size, size))
    return connected_components(graph, directed=False)[1][problem.need[pairs]]


def _pieces(problem: Problem, pairs: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the pairs component by component, small ones together, each piece in ascending order."""
    if not len(pairs):
        return
    label = components(problem, pairs)
    sizes = np.bincount(label)
    piece = (np.cumsum(sizes) - sizes) // PIECE
    order = np.argsort(piece[label], kind="stable")
    cuts = np.flatnonzero(np.diff(piece[label][order])) + 1
    yield from np.split(pairs[order], cuts)


def _sifted(problem: Problem, bounds: Bounds, start: np.ndarray, tick: Callable[[float], None]) -> np.ndarray:
    """Return the cheapest flow within the bounds, from the pairs ``start`` (which allow one) and the cheapest ones."""
    needs, need = np.unique(problem.need, return_inverse=True)
    actors, actor = np.unique(problem.actor, return_inverse=True)
    least = np.concatenate([bounds.least_of_need[needs], bounds.least_of_actor[actors]])
    largest = np.concatenate([bounds.most_of_need[needs], bounds.most_of_actor[actors]])
    on = start | (rank_within(need, problem.cost) < FEW) | (rank_within(actor, problem.cost) < FEW)
    on |= len(need) <= ALL * len(least)
    left = 1.0
    while True:
        told = partial(tick, 1.0 - left)
        told()
        columns = np.flatnonzero(on)
        flow, price = _solved(need[columns], actor[columns] + len(needs), problem.cost[columns], least, largest, told)
        left *= 0.7
        saved = price[need] + price[actor + len(needs)] - problem.cost
        worth = np.flatnonzero((saved > WORTH) & ~on)
        if not len(worth):
            break
        on[worth[rank_within(need[worth], -saved[worth]) < MORE]] = True
    result = np.zeros(len(need), dtype=np.int64)
    result[columns] = np.rint(flow)
    total = np.bincount(need, result, len(needs)), np.bincount(actor, result, len(actors))
    given = np.concatenate(total)
    if np.abs(flow - result[columns]).max() > 1e-5 or (given < least).any() or (given > largest).any():
        raise _unsolved("not whole")
    return result


def _solved(
    first: np.ndarray,
    second: np.ndarray,
    cost: np.ndarray,
    least: np.ndarray,
    largest: np.ndarray,
    tick: Callable[[], None],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the flow of each column, which counts in the rows ``first`` and ``second``, and the price of each row."""
    number = np.arange(len(cost))
    rows = sparse.csr_matrix(
        (np.ones(2 * len(cost)), (np.concatenate([first, second]), np.concatenate([number, number]))),
        shape=(len(least), len(cost)),
    )
    fixed = least == largest
    below = ~fixed & (least > 0)
    # Measured: Dantzig's rule is the faster of the two as long as no row is bounded on both sides, then far slower.
    rule = {} if below.any() else {"simplex_dual_edge_weight_strategy": "dantzig"}
    done = patiently(
        lambda: linprog(
            cost,
            A_ub=sparse.vstack([rows[~fixed], -rows[below]]),
            b_ub=np.concatenate([largest[~fixed], -least[below]]),
            A_eq=rows[fixed],
            b_eq=largest[fixed],
            method="highs-ds",
            options=rule,
        ),
        tick,
    )
    if done.status == INFEASIBLE:
        raise InfeasibleError
    if done.x is None:
        raise _unsolved(done.message)
    price = np.zeros(len(least))
    upper = int((~fixed).sum())
    price[fixed] = done.eqlin.marginals
    price[~fixed] = done.ineqlin.marginals[:upper]
    price[below] -= done.ineqlin.marginals[upper:]
    return done.x, price


def patiently(solve: Callable[[], Solution], tick: Callable[[], None]) -> Solution:
    """Return what ``solve`` returns; meanwhile ``tick`` is called, and may raise, which leaves the solver to itself.

    Until scipy 1.14 a solver lets nobody else run, and ``tick`` is called only after it.
    """
    pool = ThreadPoolExecutor(1)
    try:
        waiting = pool.submit(solve)
        while not wait([waiting], PATIENCE).done:
            tick()
        return waiting.result()
    finally:
        pool.shutdown(wait=False)


class InfeasibleError(Exception):
    """No plan lies within the bounds."""


def _unsolved(cause: str) -> TisserandError:
    return TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "The solver found no plan ({cause}). Check for people or capacities that are far too large, or lower the "
            "reach.",
        ),
        cause=cause,
    )


def rank_within(group: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return the rank of each value in its group, 0 for the lowest, the first of equals first."""
    order = np.lexsort((value, group))
    new = np.ones(len(group), dtype=bool)
    new[1:] = group[order][1:] != group[order][:-1]
    number = np.arange(len(group))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = number - np.maximum.accumulate(np.where(new, number, 0))
    return rank


def nearest_first(
    problem: Problem, minutes: np.ndarray, whole: bool = False, tick: Callable[[], None] = lambda: None
) -> np.ndarray:
    """Return the people of each pair when the nearest of all pairs is served first, then the next, while places last.

    This is what is done without a plan; ties go to the first need, then the first actor. ``whole``: a need goes to one
    actor or not at all.
    """
    order = np.argsort(minutes, kind="stable")
    left, room = problem.people.tolist(), problem.places.tolist()
    flow = np.zeros(len(order), dtype=np.int64)
    for start in range(0, len(order), 100_000):
        tick()
        chunk = order[start : start + 100_000]
        for pair, need, actor in zip(chunk.tolist(), problem.need[chunk].tolist(), problem.actor[chunk].tolist()):
            given = min(left[need], room[actor])
            if given and (given == left[need] or not whole):
                flow[pair] = given
                left[need] -= given
                room[actor] -= given
    return flow
