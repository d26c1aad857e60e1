"""Our plans against those of OR-tools and networkx, which were written by others."""

import numpy as np
import pytest

from tisserand.processing.analysis.matching.fair_shares import fairest
from tisserand.processing.analysis.matching.rounding import whole
from tisserand.processing.analysis.matching.transport import Problem, cheapest, most, nearest_first

FINE = 10_000
"""Costs are whole numbers for the peers: ten thousandths."""


def problem(needs, actors, seed, reach=0.25, scarce=0.9):
    """Return random places in a unit square, and pairs no further apart than the reach."""
    random = np.random.default_rng(seed)
    at, to = random.uniform(0, 1, (needs, 2)), random.uniform(0, 1, (actors, 2))
    apart = np.hypot(*(at[:, None] - to[None]).transpose(2, 0, 1))
    need, actor = np.nonzero(apart <= reach)
    cost = np.rint(FINE * apart[need, actor] / reach) / FINE + random.integers(0, 3, needs)[need] / 10
    people = random.integers(0, 40, needs)
    room = random.integers(0, int(40 * needs / actors * scarce), actors)
    return Problem(need, actor, np.rint(cost * FINE) / FINE, people, room)


def ours(given):
    found = most(given)
    flow = cheapest(given, found)
    return int(flow.sum()), int(np.rint((flow * given.cost).sum() * FINE)), found


@pytest.mark.parametrize("scarce", [0.4, 1.0, 3.0])
@pytest.mark.parametrize(("needs", "actors", "seed"), [(40, 12, 1), (300, 60, 2), (900, 200, 3)])
def test_people_served_and_cost_are_those_of_the_minimum_cost_flow_of_or_tools(needs, actors, seed, scarce):
    min_cost_flow = pytest.importorskip("ortools.graph.python.min_cost_flow")
    given = problem(needs, actors, seed, scarce=scarce)
    peer = min_cost_flow.SimpleMinCostFlow()
    source, sink = needs + actors, needs + actors + 1
    peer.add_arcs_with_capacity_and_unit_cost(np.full(needs, source), np.arange(needs), given.people, np.zeros(needs))
    peer.add_arcs_with_capacity_and_unit_cost(
        given.need,
        given.actor + needs,
        np.minimum(given.people[given.need], given.places[given.actor]),
        np.rint(given.cost * FINE).astype(np.int64),
    )
    peer.add_arcs_with_capacity_and_unit_cost(
        np.arange(needs, source), np.full(actors, sink), given.places, np.zeros(actors)
    )
    peer.set_nodes_supplies([source, sink], [int(given.people.sum()), -int(given.people.sum())])
    assert peer.solve_max_flow_with_min_cost() == peer.OPTIMAL
    served, cost, _ = ours(given)
    assert (served, cost) == (peer.maximum_flow(), peer.optimal_cost())


@pytest.mark.parametrize("seed", range(6))
def test_people_served_and_cost_are_those_of_networkx(seed):
    networkx = pytest.importorskip("networkx")
    given = problem(60, 15, seed, scarce=0.8)
    graph = networkx.DiGraph()
    for need, people in enumerate(given.people.tolist()):
        graph.add_edge("source", ("need", need), capacity=people, weight=0)
    for need, actor, cost in zip(given.need.tolist(), given.actor.tolist(), given.cost.tolist()):
        graph.add_edge(("need", need), ("actor", actor), weight=round(cost * FINE))
    for actor, room in enumerate(given.places.tolist()):
        graph.add_edge(("actor", actor), "sink", capacity=room, weight=0)
    flow = networkx.max_flow_min_cost(graph, "source", "sink")
    served, cost, found = ours(given)
    assert (served, cost) == (sum(flow["source"].values()), networkx.cost_of_flow(graph, flow))
    for actor in range(len(given.places)):
        graph["actor", actor]["sink"]["capacity"] += 1
        more = networkx.maximum_flow_value(graph, "source", "sink")
        graph["actor", actor]["sink"]["capacity"] -= 1
        assert found.short_actors[actor] == (more > served)


@pytest.mark.parametrize("seed", [2, 3])
def test_whole_needs_of_five_actors_and_a_hundred_needs_are_planned_as_or_tools_does(seed):
    cp_model = pytest.importorskip("ortools.sat.python.cp_model")
    given = problem(100, 5, seed, reach=0.6, scarce=0.7)
    found = most(given)
    plan = whole(given, cheapest(given, found), nearest_first(given, given.cost, True))
    model = cp_model.CpModel()
    chosen = [model.new_bool_var(f"x{k}") for k in range(len(given.need))]
    people = given.people[given.need].tolist()
    for need in range(100):
        model.add_at_most_one(chosen[k] for k in np.flatnonzero(given.need == need))
    for actor in range(5):
        at = np.flatnonzero(given.actor == actor)
        model.add(sum(people[k] * chosen[k] for k in at) <= int(given.places[actor]))
    served = sum(count * x for count, x in zip(people, chosen))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 60
    model.maximize(served)
    assert solver.solve(model) == cp_model.OPTIMAL
    best = round(solver.objective_value)
    assert plan.flow.sum() == best == plan.bound
    model.add(served == best)
    costs = np.rint(given.cost * FINE).astype(int).tolist()
    solver.parameters.max_time_in_seconds = 10
    model.minimize(sum(count * cost * x for count, cost, x in zip(people, costs, chosen)))
    status = solver.solve(model)
    ours_cost = round(float((plan.flow * given.cost).sum()) * FINE)
    assert solver.best_objective_bound - 1 <= ours_cost
    if status == cp_model.OPTIMAL and plan.cheapest:
        assert ours_cost == round(solver.objective_value)


@pytest.mark.parametrize("seed", range(4))
def test_fair_shares_are_those_of_linear_programmes_that_raise_the_lowest_again_and_again(seed):
    from scipy.optimize import linprog

    given = problem(25, 8, seed, scarce=0.5)
    reachable = np.unique(given.need)
    wanted = [need for need in reachable.tolist() if given.people[need]]
    fixed = {}
    room = [[float(a == actor) for a in given.actor] + [0.0] for actor in range(len(given.places))]
    while len(fixed) < len(wanted):
        rows, limits = list(room), given.places.tolist()
        for need in wanted:
            sent = [-float(n == need) for n in given.need]
            rows.append([*sent, 0.0 if need in fixed else float(given.people[need])])
            limits.append(-fixed[need] * given.people[need] + 1e-7 if need in fixed else 0.0)
        done = linprog(
            [0.0] * len(given.need) + [-1.0], A_ub=rows, b_ub=limits, bounds=[(0, None)] * len(given.need) + [(0, 1)]
        )
        level, prices = -done.fun, done.ineqlin.marginals[len(room) :]
        tight = [need for need, price in zip(wanted, prices) if need not in fixed and price < -1e-9]
        fixed |= dict.fromkeys(tight or [need for need in wanted if need not in fixed], level)
    share = fairest(given, most(given)).share
    assert share[wanted] == pytest.approx([fixed[need] for need in wanted], abs=1e-5)
