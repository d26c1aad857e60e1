"""Times by road against networkx."""

import networkx
import numpy as np
import pytest

from tisserand.processing.analysis.roads.by_road import ByRoad, at_speeds


def random_roads(seed, nodes=300):
    """Return the network of straight roads between near points, some of them doubled, and the same for networkx."""
    random = np.random.default_rng(seed)
    points = random.uniform(0, 20_000, (nodes, 2))
    graph = networkx.random_geometric_graph(nodes, 1800, pos=dict(enumerate(points)), seed=seed)
    ends = np.array(graph.edges)
    ends = np.concatenate([ends, ends[random.random(len(ends)) < 0.2][:, ::-1]])
    metres = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1)
    speeds = random.choice([30.0, 50.0, 90.0, np.nan], len(ends))
    roads = at_speeds(points, ends, metres, np.arange(len(ends)), speeds, 50.0)
    theirs = networkx.MultiGraph()
    theirs.add_nodes_from(range(nodes))
    times = metres / (np.where(np.isnan(speeds), 50.0, speeds) * 1000 / 60)
    theirs.add_weighted_edges_from((a, b, time) for (a, b), time in zip(ends.tolist(), times.tolist()))
    return roads, theirs, points, random


@pytest.mark.parametrize("seed", range(8))
def test_the_pairs_within_reach_are_those_of_networkx(seed):
    roads, theirs, points, random = random_roads(seed)
    beside = [node for node in theirs if theirs.degree(node)]
    origins, places = random.choice(beside, 60, replace=False), random.choice(beside, 40, replace=False)
    expected = np.full((60, 40), np.inf)
    for row, origin in enumerate(origins.tolist()):
        times = networkx.single_source_dijkstra_path_length(theirs, origin, cutoff=9.0)
        expected[row] = [times.get(place, np.inf) for place in places.tolist()]
    found = np.full((60, 40), np.inf)
    for tile in ByRoad(roads).near(points[origins], points[places], 9.0):
        table = tile.costs.tocoo()
        found[tile.first + table.row, table.col] = table.data
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_nearest_is_that_of_networkx(seed):
    roads, theirs, points, random = random_roads(seed)
    beside = [node for node in theirs if theirs.degree(node)]
    places = random.choice(beside, 25, replace=False)
    expected = networkx.multi_source_dijkstra_path_length(theirs, set(places.tolist()))
    place, minutes = ByRoad(roads).nearest(points[beside], points[places])
    np.testing.assert_array_equal(place >= 0, [node in expected for node in beside])
    np.testing.assert_allclose(
        np.nan_to_num(minutes), [expected.get(node, 0.0) for node in beside], rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_pieces_are_those_of_networkx(seed):
    roads, theirs, points, _ = random_roads(seed, nodes=200)
    pieces = ByRoad(roads).piece_of(points)
    for component in networkx.connected_components(theirs):
        if len(component) > 1:
            assert len(set(pieces[list(component)].tolist())) == 1
    assert ByRoad(roads).pieces()[0] == sum(1 for _ in networkx.connected_components(theirs))
