"""Communities of a graph, and how firm they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tisserand.processing.analysis.communities import louvain, nested_communities, stability


def graph(edges, nodes):
    """Make a symmetric graph from (node, node, weight)."""
    first, second, weights = zip(*edges) if edges else ((), (), ())
    upper = sparse.csr_matrix((np.array(weights, float), (first, second)), shape=(nodes, nodes))
    return sparse.csr_matrix(upper + upper.T)


def clique(nodes, weight=1.0):
    return [(i, j, weight) for i in nodes for j in nodes if i < j]


def modularity(of, communities):
    """Compute the modularity by its definition (Newman 2004), a double loop over the nodes."""
    weights, degrees = of.toarray(), np.asarray(of.sum(axis=1)).ravel()
    total = degrees.sum()
    nodes = range(len(degrees))
    return sum(
        weights[i, j] / total - degrees[i] * degrees[j] / total**2
        for i in nodes
        for j in nodes
        if communities[i] == communities[j]
    )


def same(first, second):
    """Say whether two arrays of numbers make the same partition."""
    return len(set(zip(first, second))) == len(set(first)) == len(set(second))


RINGS = graph([*clique(range(5)), *clique(range(5, 10)), *clique(range(10, 15)), (4, 5, 0.1), (9, 10, 0.1)], 15)


def test_cliques_with_thin_ties_are_communities():
    assert same(louvain(RINGS), np.repeat([0, 1, 2], 5))


def test_a_graph_without_edges_leaves_each_node_alone():
    assert louvain(graph([], 4)).tolist() == [0, 1, 2, 3]


def test_an_empty_graph_has_no_community():
    assert louvain(graph([], 0)).tolist() == []


def test_a_far_clique_does_not_split_or_merge_others():
    # With one modularity for the whole graph, two cliques with a thin tie would merge in a graph that is large enough.
    two = [*clique(range(4)), *clique(range(4, 8)), (3, 4, 0.5)]
    alone = louvain(graph(two, 8))
    beside = louvain(graph([*two, *clique(range(8, 60))], 60))
    assert same(alone, np.repeat([0, 1], 4))
    assert same(beside[:8], alone)


EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.floats(0.1, 1)), max_size=40).map(
    lambda edges: [(min(i, j), max(i, j), w) for i, j, w in edges if i != j]
)


@given(EDGES)
def test_a_community_lies_in_one_connected_component(edges):
    of = graph(edges, 12)
    _, component = connected_components(of, directed=False)
    for communities in nested_communities(of):
        assert all(len(set(component[communities == number])) == 1 for number in set(communities))


@given(EDGES)
def test_nested_communities_lie_within_each_other_and_become_more(edges):
    levels = list(nested_communities(graph(edges, 12)))
    assert [len(set(level)) for level in levels] == sorted({len(set(level)) for level in levels})
    for coarse, fine in zip(levels, levels[1:]):
        assert len(set(zip(coarse, fine))) == len(set(fine))


@given(EDGES)
@settings(deadline=None)
def test_no_node_gains_by_moving_to_a_neighbouring_community(edges):
    of = graph(edges, 12)
    _, component = connected_components(of, directed=False)
    best = louvain(of)
    for node in range(12):
        inside = np.flatnonzero(component == component[node])
        if len(inside) < 2:
            continue
        local = of[inside][:, inside]
        reached = modularity(local, best[inside])
        for other in set(best[inside]):
            moved = best.copy()
            moved[node] = other
            assert modularity(local, moved[inside]) <= reached + 1e-7


def test_what_a_tick_raises_stops_the_search():
    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        louvain(RINGS, stop)


def test_cliques_are_found_again_in_every_trial():
    assert stability(RINGS, np.repeat([0, 1, 2], 5), runs=10) == pytest.approx([1, 1, 1])


def test_a_group_across_cliques_is_fragile():
    assert stability(RINGS, np.array([0] * 4 + [1] + [1] * 4 + [0] + [2] * 5), runs=10)[1] < 0.75
    assert stability(RINGS, np.tile([0, 1, 2], 5), runs=10).max() < 0.5


def test_without_trials_nothing_is_said_of_stability():
    assert np.isnan(stability(RINGS, np.repeat([0, 1, 2], 5), runs=0)).all()


def test_no_group_has_no_stability():
    assert stability(RINGS, np.full(15, -1), runs=3).tolist() == []
