"""Roads without their bends: nothing is lost between two junctions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from tisserand.processing.analysis.roads.stretches import stretches


def graphs():
    """Return edges between at most 12 nodes, loops and doubles among them, with their minutes."""
    node = st.integers(0, 11)
    edge = st.tuples(node, node, st.integers(1, 9))
    return st.lists(edge, min_size=1, max_size=16).map(
        lambda rows: (np.array([row[:2] for row in rows]), np.array([float(row[2]) for row in rows]))
    )


def times(ends, minutes, count):
    table = np.full((count, count), np.inf)
    for (one, other), time in zip(ends.tolist(), minutes.tolist()):
        if one != other:
            table[one, other] = table[other, one] = min(table[one, other], time)
    return dijkstra(sparse.csr_matrix(np.where(np.isfinite(table), table, 0)), directed=False)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_times_between_junctions_are_those_of_the_whole_network(graph):
    ends, minutes = graph
    found = stretches(ends, minutes, 12)
    expected = times(ends, minutes, 12)[np.ix_(found.nodes, found.nodes)]
    np.testing.assert_allclose(times(found.ends, found.minutes, len(found.nodes)), expected)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_every_edge_lies_whole_on_its_stretch_and_the_edges_of_one_fill_it(graph):
    ends, minutes = graph
    found = stretches(ends, minutes, 12)
    one, other = found.offset, found.offset + found.pace
    total = found.minutes[found.number]
    assert (np.minimum(one, other) >= -1e-9).all()
    assert (np.maximum(one, other) <= total + 1e-9).all()
    np.testing.assert_allclose(np.bincount(found.number, weights=minutes), found.minutes)
    for number in range(len(found.minutes)):
        of_it = found.number == number
        starts = np.sort(np.minimum(one, other)[of_it])
        stops = np.sort(np.maximum(one, other)[of_it])
        np.testing.assert_allclose(starts, [0, *stops[:-1]], atol=1e-9)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_only_bends_are_left_out(graph):
    ends, minutes = graph
    found = stretches(ends, minutes, 12)
    degree = np.bincount(ends.ravel(), minlength=12)
    assert set(np.flatnonzero(degree != 2)) <= set(found.nodes.tolist())
    # Where a node ends up along its stretch is the same from both of its edges.
    places = {}
    for edge, (one, other) in enumerate(ends.tolist()):
        for node, at in ((one, found.offset[edge]), (other, found.offset[edge] + found.pace[edge])):
            if node not in found.nodes:
                places.setdefault(node, []).append((found.number[edge], round(float(at), 9)))
    assert all(len(set(seen)) == 1 for seen in places.values())


def test_a_long_winding_road_is_one_stretch():
    count = 10_000
    ends = np.stack([np.arange(count), np.arange(1, count + 1)], axis=1)
    turned = np.where(np.random.default_rng(1).random(count)[:, None] < 0.5, ends, ends[:, ::-1])
    found = stretches(turned, np.ones(count), count + 1)
    assert found.nodes.tolist() == [0, count]
    assert found.minutes.tolist() == [count]


@pytest.mark.parametrize("ends", [[[3, 3]], [[0, 1], [1, 0]], [[0, 1], [1, 2], [2, 0]]])
def test_a_ring_keeps_one_node(ends):
    found = stretches(np.array(ends), np.ones(len(ends)), 4)
    assert len(set(found.ends.ravel().tolist())) == 1
    assert found.minutes.tolist() == [len(ends)]


def test_nothing_is_nothing():
    found = stretches(np.zeros((0, 2), dtype=int), np.zeros(0), 0)
    assert [len(column) for column in found] == [0] * 6
