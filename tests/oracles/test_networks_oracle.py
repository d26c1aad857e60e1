"""Our networks beside igraph, networkx and scipy: communities, spanning trees, betweenness, chance."""

import random as python_random

import numpy as np
import pytest
from scipy import sparse

from tisserand.processing.analysis.networks.betweenness import betweenness
from tisserand.processing.analysis.networks.circles import Graph, circles, compared
from tisserand.processing.analysis.networks.links import strongest_links
from tisserand.processing.analysis.networks.rewiring import rewired

igraph = pytest.importorskip("igraph")
networkx = pytest.importorskip("networkx")


def region(seed, actors=400, side=60_000.0, distance=15_000.0):
    """Make a graph as the analysis does: towns, eight themes, strength by what only one of two has."""
    random = np.random.default_rng(seed)
    towns = random.uniform(0, side, (12, 2))
    xy = towns[random.integers(0, 12, actors)] + random.normal(0, 2500, (actors, 2))
    themes = random.random((actors, 8)) < 0.25

    def strength(first, second):
        return (themes[first] ^ themes[second]).mean(axis=1)

    return strongest_links(xy, distance, 5, strength), xy, strength


def graph_of(links, xy):
    positive = links.strength > 0
    return Graph(links.first[positive], links.second[positive], links.strength[positive], xy, links.component)


def largest_part(graph):
    """Return the part with the most actors as a graph of its own: each part has a modularity of its own."""
    here = graph.component == np.bincount(graph.component).argmax()
    kept, place = here[graph.first], np.cumsum(here) - 1
    ends = place[graph.first[kept]], place[graph.second[kept]]
    return Graph(*ends, graph.weight[kept], graph.xy[here], np.zeros(here.sum(), dtype=int))


@pytest.mark.parametrize("seed", range(5))
def test_modularity_is_at_least_98_percent_of_that_of_leiden(seed):
    graph = largest_part(graph_of(*region(seed)[:2]))
    communities, found = circles(graph, 3, 15)
    ours = compared(graph, communities, found, (3, 15), 15_000.0, 2).modularity
    theirs = igraph.Graph(len(graph.xy), list(zip(graph.first.tolist(), graph.second.tolist())))
    python_random.seed(1)  # igraph draws from it
    leiden = theirs.community_leiden("modularity", weights=graph.weight.tolist(), n_iterations=-1)
    assert theirs.modularity(communities.tolist(), weights=graph.weight.tolist()) >= 0.98 * leiden.modularity
    assert ours[0] == pytest.approx(theirs.modularity(communities.tolist(), weights=graph.weight.tolist()))


@pytest.mark.parametrize("seed", range(3))
def test_the_tree_is_as_strong_as_that_of_networkx(seed):
    links, xy, strength = region(seed)
    first, second = np.triu_indices(len(xy), 1)
    near = np.hypot(*(xy[first] - xy[second]).T) <= 15_000
    whole = networkx.Graph()
    whole.add_nodes_from(range(len(xy)))
    weights = strength(first[near], second[near])
    whole.add_weighted_edges_from(zip(first[near].tolist(), second[near].tolist(), weights.tolist()))
    theirs = networkx.maximum_spanning_tree(whole)
    ours = networkx.Graph()
    ours.add_nodes_from(range(len(xy)))
    ours.add_weighted_edges_from(zip(links.first.tolist(), links.second.tolist(), links.strength.tolist()))
    assert networkx.number_connected_components(ours) == networkx.number_connected_components(whole)
    total = networkx.maximum_spanning_tree(ours).size(weight="weight")
    assert total == pytest.approx(theirs.size(weight="weight"))


@pytest.mark.parametrize("seed", range(5))
def test_betweenness_is_that_of_networkx_and_igraph(seed):
    random = np.random.default_rng(seed)
    lengths = np.full((15, 15), np.inf)
    for _ in range(30):
        i, j = random.choice(15, 2, replace=False)
        lengths[i, j] = lengths[j, i] = random.integers(1, 5)
    ours = betweenness(lengths[None])[0]
    edges = [(i, j, lengths[i, j]) for i in range(15) for j in range(i) if np.isfinite(lengths[i, j])]
    theirs = networkx.Graph()
    theirs.add_nodes_from(range(15))
    theirs.add_weighted_edges_from(edges)
    of = networkx.betweenness_centrality(theirs, normalized=False, weight="weight")
    assert ours == pytest.approx([of[node] for node in range(15)])
    other = igraph.Graph(15, [edge[:2] for edge in edges])
    assert ours == pytest.approx(other.betweenness(weights=[edge[2] for edge in edges]))


def test_where_everyone_is_in_reach_chance_is_that_of_igraph():
    # Without a bound on length, our drawings are those of any degree-preserving rewiring.
    links, xy, _ = region(7, actors=150, side=4000.0, distance=90_000.0)
    graph = graph_of(links, xy)
    ends = np.array(list(rewired(graph.first, graph.second, xy, 1e6, graph.component, 60)))
    ours = [_best(len(xy), first, second) for first, second in ends]
    python_random.seed(3)
    theirs = []
    for _ in range(60):
        drawn = igraph.Graph(len(xy), list(zip(graph.first.tolist(), graph.second.tolist())))
        drawn.rewire(n=20 * len(graph.first))
        theirs.append(_best(len(xy), *np.array(drawn.get_edgelist()).T))
    apart = abs(np.mean(ours) - np.mean(theirs)) / np.sqrt((np.var(ours) + np.var(theirs)) / 60)
    assert apart < 4


def _best(nodes, first, second):
    return igraph.Graph(nodes, list(zip(first.tolist(), second.tolist()))).community_multilevel().modularity


def test_parts_are_those_of_networkx():
    links, xy, _ = region(2, actors=60, side=200_000.0)
    near = sparse.coo_matrix(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 15_000)
    whole = networkx.Graph(zip(near.row.tolist(), near.col.tolist()))
    for part in networkx.connected_components(whole):
        assert len(set(links.component[list(part)])) == 1
    assert links.component.max() + 1 == networkx.number_connected_components(whole)
