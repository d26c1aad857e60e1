"""Time the matching beside OR-tools and, where it is small, networkx, and watch how it grows.

Needs and actors at random; in the last case at the density of a whole country. All three must agree.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys

import measure
import numpy as np

# Needs, actors, side of the square and reach in metres: 38,000, 225,000 and a million pairs.
SIZES = ((3_000, 600, 60_000, 5_100), (35_000, 10_000, 1_100_000, 15_900), (10_000, 3_000, 100_000, 10_800))
FINE = 10_000
"""Costs of the peers are whole numbers: ten thousandths of the reach."""


def problem(needs: int, actors: int, side: int, reach: int):
    """Return pairs with costs that the peers can count, people, and fewer places than people."""
    from scipy.spatial import cKDTree

    from tisserand.processing.analysis.matching.transport import Problem

    random = np.random.default_rng(1)
    at, to = random.uniform(0, side, (needs, 2)), random.uniform(0, side, (actors, 2))
    people, places = random.integers(1, 40, needs), random.integers(0, int(36 * needs / actors) + 1, actors)
    found = cKDTree(at).sparse_distance_matrix(cKDTree(to), reach, output_type="ndarray")
    order = np.lexsort((found["j"], found["i"]))
    cost = np.rint(found["v"][order] / reach * FINE) / FINE
    return Problem(found["i"][order], found["j"][order], cost, people, places)


def ours(*size: int) -> dict:
    """Measure the plan that serves most, then costs least."""
    from tisserand.processing.analysis.matching.transport import cheapest, most

    given = problem(*size)
    clock = measure.Clock()
    flow = cheapest(given, most(given))
    return _measured(clock, given, flow.sum(), (flow * given.cost).sum() * FINE)


def fair(*size: int) -> dict:
    """Measure the fairest plan."""
    from tisserand.processing.analysis.matching.fair_shares import cheapest_fair
    from tisserand.processing.analysis.matching.transport import most

    given = problem(*size)
    clock = measure.Clock()
    flow = cheapest_fair(given, most(given))
    return _measured(clock, given, flow.sum(), (flow * given.cost).sum() * FINE)


def whole(*size: int) -> dict:
    """Measure the whole of a run: pairs, plan, nearest first, reasons, where places lack."""
    import geopandas

    from tisserand.processing.analysis.matching.pairs import Settings
    from tisserand.processing.analysis.matching.plan import match_needs
    from tisserand.processing.analysis.ways import CrowFly

    needs, actors, side, reach = size
    random = np.random.default_rng(1)
    at, to = random.uniform(0, side, (needs, 2)), random.uniform(0, side, (actors, 2))
    demand = geopandas.GeoDataFrame(
        {"count": random.integers(1, 40, needs)}, geometry=geopandas.points_from_xy(*at.T), crs=2154
    )
    offer = geopandas.GeoDataFrame(
        {"capacity": random.integers(0, int(36 * needs / actors) + 1, actors), "id": np.arange(actors).astype(str)},
        geometry=geopandas.points_from_xy(*to.T),
        crs=2154,
    )
    clock = measure.Clock()
    found = match_needs(demand, offer, Settings(reach=reach / 1000, ways=CrowFly(60, 1.0)))
    return measure.measured(clock, pairs=found.totals.pairs, served=found.totals.served, cost=found.totals.cost)


def or_tools(*size: int) -> dict:
    """Measure the minimum cost flow of OR-tools."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    given = problem(*size)
    needs, actors = size[:2]
    source, sink = needs + actors, needs + actors + 1
    costs = np.rint(given.cost * FINE).astype(np.int64)
    clock = measure.Clock()
    peer = SimpleMinCostFlow()
    wide = np.minimum(given.people[given.need], given.places[given.actor])
    peer.add_arcs_with_capacity_and_unit_cost(np.full(needs, source), np.arange(needs), given.people, np.zeros(needs))
    peer.add_arcs_with_capacity_and_unit_cost(given.need, given.actor + needs, wide, costs)
    ends = np.arange(needs, source)
    peer.add_arcs_with_capacity_and_unit_cost(ends, np.full(actors, sink), given.places, np.zeros(actors))
    peer.set_nodes_supplies([source, sink], [int(given.people.sum()), -int(given.people.sum())])
    peer.solve_max_flow_with_min_cost()
    return _measured(clock, given, peer.maximum_flow(), peer.optimal_cost())


def networkx(*size: int) -> dict:
    """Measure the network simplex of networkx."""
    import networkx

    given = problem(*size)
    clock = measure.Clock()
    graph, total = networkx.DiGraph(), int(given.people.sum())
    graph.add_node("source", demand=-total)
    graph.add_node("sink", demand=total)
    # Who is not served goes this way, dearer than any detour.
    graph.add_edge("source", "sink", weight=FINE * (size[0] + size[1]))
    graph.add_edges_from(("source", ("n", k), {"capacity": p}) for k, p in enumerate(given.people.tolist()))
    graph.add_edges_from((("a", k), "sink", {"capacity": p}) for k, p in enumerate(given.places.tolist()))
    costs = np.rint(given.cost * FINE).astype(int).tolist()
    triples = zip(given.need.tolist(), given.actor.tolist(), costs)
    graph.add_edges_from((("n", need), ("a", actor), {"weight": cost}) for need, actor, cost in triples)
    cost, flow = networkx.network_simplex(graph)
    unserved = flow["source"]["sink"]
    return _measured(clock, given, total - unserved, cost - unserved * FINE * (size[0] + size[1]))


def _measured(clock: measure.Clock, given, served: float, cost: float) -> dict:
    return measure.measured(clock, pairs=len(given.need), served=int(served), cost=round(float(cost)))


def main() -> None:
    """Print the table, and fail when the tools do not agree."""
    measure.heading("Matching: most served, then least cost (needs x actors x side x reach)")
    for number, size in enumerate(SIZES):
        mine, theirs = measure.alone(__file__, "ours", *size), measure.alone(__file__, "or_tools", *size)
        peers = [("OR-tools", theirs)]
        if not number:
            peers.append(("networkx", measure.alone(__file__, "networkx", *size)))
        print(f"   {mine['pairs']:,} pairs, {mine['served']:,} people served")
        for name, peer in peers:
            if (mine["served"], mine["cost"]) != (peer["served"], peer["cost"]):
                sys.exit(f"The results differ: {mine}, {peer} by {name}.")
            measure.ratio(mine, peer, name)
        measure.alone(__file__, "fair", *size)
        measure.alone(__file__, "whole", *size)


if __name__ == "__main__":
    tools = {"ours": ours, "fair": fair, "whole": whole, "or_tools": or_tools, "networkx": networkx}
    measure.run(tools, main)
