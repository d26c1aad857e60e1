"""Times by road against plain loops, and what must hold whatever the roads."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.roads import lines as road_lines
from tisserand.processing.analysis.roads import pairs as road_pairs
from tisserand.processing.analysis.roads.by_road import ByRoad, _around
from tisserand.processing.analysis.roads.lines import joined, pieces
from tisserand.processing.analysis.roads.pairs import OnRoads
from tisserand.processing.analysis.ways import CrowFly

plans = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("road_plans.py"))))
dense, minutes_by_hand, network = plans.dense, plans.minutes_by_hand, plans.network
shapes, town, ways = plans.shapes, plans.town, plans.ways

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=25, deadline=None)
REACH = 9.0


def places(random, count, side=5):
    return random.uniform(-600, side * 1000 - 400, (count, 2))


def someone(seed, **more):
    """Return the ways of a town, with origins and places."""
    lines, speeds, random = town(seed)
    return lines, speeds, places(random, 12), places(random, 9), ways(lines, speeds, **more)


@few
@given(seeds)
def test_the_pairs_are_those_of_plain_loops(seed):
    lines, speeds, origins, there, roads = someone(seed)
    expected = minutes_by_hand(lines, speeds, origins, there)
    expected[expected > REACH * (1 + 1e-9)] = np.inf
    found = roads.near(origins, there, REACH)
    np.testing.assert_allclose(dense(found, expected.shape), expected, rtol=1e-9, atol=1e-9)
    assert found.count == np.isfinite(expected).sum()


@few
@given(seeds)
def test_the_nearest_is_that_of_plain_loops(seed):
    lines, speeds, origins, there, roads = someone(seed)
    expected = minutes_by_hand(lines, speeds, origins, there)
    place, minutes = roads.nearest(origins, there)
    reached = np.isfinite(expected.min(axis=1))
    np.testing.assert_array_equal(place >= 0, reached)
    np.testing.assert_array_equal(place[reached], expected.argmin(axis=1)[reached])
    np.testing.assert_allclose(minutes[reached], expected.min(axis=1)[reached], rtol=1e-9, atol=1e-9)
    assert np.isnan(minutes[~reached]).all()


@few
@given(seeds)
def test_shuffled_roads_give_the_same_times_to_the_last_digit(seed):
    lines, speeds, origins, there, roads = someone(seed)
    order = np.random.default_rng(seed).permutation(len(lines))
    other = ways([lines[k] for k in order], [speeds[k] for k in order])
    shape = (len(origins), len(there))
    np.testing.assert_array_equal(
        dense(other.near(origins, there, REACH), shape), dense(roads.near(origins, there, REACH), shape)
    )
    for one, two in zip(other.nearest(origins, there), roads.nearest(origins, there)):
        np.testing.assert_array_equal(one, two)


@few
@given(seeds)
def test_the_way_back_takes_as_long(seed):
    _, _, origins, there, roads = someone(seed)
    back = dense(roads.near(there, origins, REACH), (len(there), len(origins)))
    np.testing.assert_allclose(dense(roads.near(origins, there, REACH), back.T.shape), back.T, rtol=1e-12)


@few
@given(seeds)
def test_a_shift_by_a_thousand_kilometres_changes_nothing(seed):
    lines, speeds, origins, there, roads = someone(seed)
    far = ways([[(x + 1e6, y + 1e6) for x, y in line] for line in lines], speeds)
    shape = (len(origins), len(there))
    shifted = dense(far.near(origins + 1e6, there + 1e6, 1e3), shape)
    np.testing.assert_allclose(shifted, dense(roads.near(origins, there, 1e3), shape), rtol=1e-6, atol=1e-6)


@few
@given(seeds)
def test_a_new_road_never_makes_a_trip_longer(seed):
    lines, speeds, random = town(seed)
    corners = np.unique(np.concatenate([np.array(line) for line in lines]), axis=0)
    one, other = corners[random.choice(len(corners), 2, replace=False)]
    before = ways(lines, speeds, max_snap=0)
    after = ways([*lines, [tuple(one), tuple(other)]], [*speeds, 20.0], max_snap=0)
    shape = (len(corners), len(corners))
    times = dense(before.near(corners, corners, 1e3), shape)
    assert (dense(after.near(corners, corners, 1e3), shape) <= times + 1e-9).all()


@few
@given(seeds)
def test_a_slower_road_beside_another_changes_nothing(seed):
    lines, speeds, origins, there, roads = someone(seed)
    other = ways([*lines, *lines], [*speeds, *(speed * 0.8 for speed in speeds)])
    shape = (len(origins), len(there))
    np.testing.assert_allclose(
        dense(other.near(origins, there, REACH), shape), dense(roads.near(origins, there, REACH), shape), rtol=1e-12
    )


@few
@given(seeds, st.integers(1, 40))
def test_pairs_too_many_to_be_held_are_sought_anew_and_are_the_same(seed, tile):
    _, _, origins, there, roads = someone(seed)
    held = roads.near(origins, there, REACH)
    streamed = OnRoads(roads, origins, there, REACH, kept=0, tile=tile)
    shape = (len(origins), len(there))
    for _ in range(2):
        np.testing.assert_allclose(dense(streamed, shape), dense(held, shape), rtol=1e-12)
    assert streamed.count == held.count


def test_two_on_one_road_meet_on_it():
    roads = ways([[(0, 0), (10_000, 0)]])
    here = np.array([[4000.0, 0], [1000.0, 0], [9000.0, 0]])
    expected = [[0, 3, 5], [3, 0, 8], [5, 8, 0]]
    np.testing.assert_allclose(dense(roads.near(here, here, 100), (3, 3)), expected, atol=1e-12)


def test_two_on_one_road_go_around_where_that_is_quicker():
    slow_and_quick = [[(0, 0), (1000, 0)], [(0, 0), (0, 100), (1000, 100), (1000, 0)]]
    roads = ways(slow_and_quick, [6.0, 600.0])
    ends = np.array([[0.0, -5], [1000.0, -5]])
    _, minutes = roads.nearest(ends[:1], ends[1:])
    assert minutes[0] == pytest.approx(0.12 + 2 * 0.005)


def test_who_stands_aside_walks_straight_to_the_road_at_the_speed_given_for_all():
    roads = ways([[(0, 0), (10_000, 0)]], speeds=[120.0], speed=60.0)
    place, minutes = roads.nearest(np.array([[1000.0, 500.0]]), np.array([[3000.0, -250.0]]))
    assert (place[0], minutes[0]) == (0, pytest.approx(0.5 + 1.0 + 0.25))
    assert roads.straight(np.array([500.0])) == pytest.approx([0.5])
    assert CrowFly(speed=60, detour=2.0).straight(np.array([500.0])) == pytest.approx([1.0])


def test_a_trip_of_exactly_the_reach_counts():
    roads = ways([[(0, 0), (10_000, 0)]])
    here, there = np.array([[0.0, 0]]), np.array([[7000.0, 0], [7000.1, 0]])
    assert np.isfinite(dense(roads.near(here, there, 7.0), (1, 2))).tolist() == [[True, False]]


def test_who_is_exactly_at_the_limit_is_connected_and_nobody_beyond():
    roads = ways([[(0, 0), (10_000, 0)]], max_snap=300)
    points = np.array([[1000.0, 300.0], [1000.0, 300.1]])
    place, minutes = roads.nearest(points, np.array([[1000.0, 0.0]]))
    assert place.tolist() == [0, -1]
    assert minutes[0] == pytest.approx(0.3)
    assert np.isnan(minutes[1])
    assert roads.piece_of(points).tolist() == [0, -1]


def test_nobody_is_reached_across_a_river_without_a_bridge():
    roads = ways([[(0, 0), (9000, 0)], [(0, 400), (5000, 400)]])
    south, north = np.array([[2000.0, 0.0]]), np.array([[2000.0, 400.0]])
    assert roads.nearest(south, north)[0].tolist() == [-1]
    assert roads.near(south, north, 1e6).count == 0
    assert roads.pieces() == (2, pytest.approx(9 / 14))
    assert roads.piece_of(np.concatenate([south, north])).tolist() == [0, 1]


def test_of_equally_near_places_the_first_counts():
    roads = ways([[(0, 0), (4000, 0)]])
    there = np.array([[4000.0, 0], [0.0, 0], [0.0, 0], [4000.0, 0]])
    middle = np.array([[2000.0, 0.0]])
    assert [roads.nearest(middle, there[k:])[0][0] for k in range(3)] == [0, 0, 0]
    assert [roads.nearest(middle, there[::-1][k:])[0][0] for k in range(3)] == [0, 0, 0]


def test_a_point_between_two_roads_is_put_on_the_quicker_one_whatever_their_order():
    lines, speeds = [[(0, 0), (9000, 0)], [(0, 200), (9000, 200)]], [30.0, 90.0]
    here, there = np.array([[1000.0, 100.0]]), np.array([[7000.0, 100.0]])
    for order in ([0, 1], [1, 0]):
        roads = ways([lines[k] for k in order], [speeds[k] for k in order])
        assert roads.nearest(here, there)[1][0] == pytest.approx(0.2 + 4.0)


def test_the_quicker_of_two_parallel_roads_counts_once_and_loops_do_not():
    lines = [[(0, 0), (5000, 0)], [(5000, 0), (0, 0)], [(0, 0), (0, 0)], [(5000, 0), (5000, 50), (5000, 0)]]
    roads = ways(lines, [60.0, 30.0, 60.0, 60.0])
    _, minutes = roads.nearest(np.array([[0.0, 0]]), np.array([[5000.0, 0]]))
    assert minutes[0] == pytest.approx(5.0)


def test_many_at_one_place_are_all_paired():
    roads = ways([[(0, 0), (5000, 0)]])
    here, there = np.tile([[1000.0, 3.0]], (300, 1)), np.tile([[2000.0, 4.0]], (200, 1))
    table = dense(roads.near(here, there, 2), (300, 200))
    np.testing.assert_allclose(table, 1.007, rtol=1e-9)


@pytest.mark.parametrize(("origins", "places"), [(0, 3), (3, 0), (0, 0), (3, 3)])
def test_without_anyone_or_any_road_there_is_no_pair(origins, places):
    for roads in (ways([[(0, 0), (5000, 0)]]), ways([])):
        here, there = np.full((origins, 2), 1e5), np.full((places, 2), -1e5)
        assert roads.near(here, there, 5).count == 0
        assert dense(roads.near(here, there, 5), (origins, places)).shape == (origins, places)
        assert roads.nearest(here, there)[0].tolist() == [-1] * origins


def test_beyond_the_metres_of_the_highest_speed_nobody_is_reached():
    _, _, origins, there, roads = someone(7)
    for reach in (1.0, 4.0, 9.0):
        metres = np.linalg.norm(origins[:, None] - there, axis=2)
        near = np.isfinite(dense(roads.near(origins, there, reach), metres.shape))
        assert near.any() or reach < 4
        assert metres[near].max(initial=0) <= roads.metres(reach) * (1 + 1e-9)


def test_straight_roads_everywhere_are_as_the_crow_flies():
    line = np.linspace(0, 20_000, 7)
    roads, crow = ways([[(x, 0.0) for x in line]], speed=50.0), CrowFly(speed=50.0, detour=1.0)
    random = np.random.default_rng(5)
    here, there = (np.c_[random.uniform(0, 20_000, count), np.zeros(count)] for count in (30, 20))
    np.testing.assert_allclose(
        dense(roads.near(here, there, 8), (30, 20)), dense(crow.near(here, there, 8), (30, 20)), rtol=1e-9
    )
    assert roads.nearest(here, there)[0].tolist() == crow.nearest(here, there)[0].tolist()


def test_a_speed_of_nothing_is_refused_by_name():
    with pytest.raises(TisserandError, match="SPEED is 0"):
        ByRoad(network([[(0, 0), (1, 0)]]), speed=0)


@few
@given(seeds, st.sampled_from([1.0, 40.0, 300.0, 5000.0]))
def test_the_roads_near_some_points_are_enough_to_put_them_on(seed, max_snap):
    lines, speeds, random = town(seed, side=12)
    network = plans.network([*lines, [(-3e4, 500), (3e4, 500)]], [*speeds, 90.0])
    points = random.uniform(-700, 1500, (20, 2))
    edges = _around(network, points, max_snap)
    spots = ByRoad(network, 60.0, max_snap).spots(points)
    assert np.isin(spots.edge[spots.edge >= 0], edges).all()
    assert len(edges) < len(network.ends) or max_snap > 300


def test_points_without_a_place_are_on_no_road():
    found = ways([[(0, 0), (5000, 0)]]).spots(np.array([[np.inf, np.inf], [3.0, 4.0], [np.nan, 0]]))
    assert found.edge.tolist() == [-1, 0, -1]
    assert found.aside[1] == 4


@pytest.mark.parametrize("calls", [1, 2, 5])
def test_the_search_can_be_stopped(calls, monkeypatch):
    monkeypatch.setattr(road_pairs, "TOGETHER", 1)
    left = iter(range(calls))

    def check():
        if next(left, None) is None:
            raise KeyboardInterrupt

    _, _, origins, there, roads = someone(3)
    with pytest.raises(KeyboardInterrupt):
        list(roads.near(origins, there, REACH, check))


@pytest.mark.parametrize("calls", [0, 1, 2, 3, 5])
def test_the_search_for_crossings_can_be_stopped(calls, monkeypatch):
    monkeypatch.setattr(road_lines, "AT_ONCE", 10)
    left = iter(range(calls))

    def check():
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        joined(pieces(shapes(town(1)[0])), False, check)


CROSS = [[(0, 0), (2000, 0)], [(1000, -1000), (1000, 1000)]]


def test_roads_that_cross_without_a_vertex_in_common_are_a_bridge_unless_joined():
    west, north = np.array([[0.0, 0]]), np.array([[1000.0, 1000]])
    assert ways(CROSS).nearest(west, north)[0].tolist() == [-1]
    _, minutes = ways(CROSS, join_crossings=True).nearest(west, north)
    assert minutes[0] == pytest.approx(2.0)


def test_crossings_are_found_once_each_and_common_vertices_are_none():
    _, met = joined(pieces(shapes(CROSS)), False)
    assert met.crossings.tolist() == [[1000, 0]]
    with_vertex = [CROSS[0], [(1000, -1000), (1000, 0), (1000, 1000)]]
    _, met = joined(pieces(shapes(with_vertex)), False)
    assert met.crossings.tolist() == [[1000, 0]]
    both = [[(0, 0), (1000, 0), (2000, 0)], with_vertex[1]]
    _, met = joined(pieces(shapes(both)), False)
    assert (len(met.crossings), met.joined) == (0, 0)


def test_a_road_with_a_vertex_on_another_is_joined_there_when_crossings_are_crossroads():
    lines = [CROSS[0], [(1000, -1000), (1000, 0), (1000, 1000)]]
    west, north = np.array([[0.0, 0]]), np.array([[1000.0, 1000]])
    assert ways(lines).nearest(west, north)[0].tolist() == [-1]
    assert ways(lines, join_crossings=True).nearest(west, north)[1][0] == pytest.approx(2.0)


@pytest.mark.parametrize(("gap", "meets"), [(0.0, True), (0.009, True), (-0.009, True), (0.02, False)])
def test_a_road_that_ends_within_a_centimetre_of_another_ends_on_it(gap, meets):
    lines = [[(0, 0), (2000, 0)], [(1000, gap), (1000, 1000)]]
    place, minutes = ways(lines).nearest(np.array([[0.0, 0]]), np.array([[1000.0, 1000]]))
    assert (place[0] == 0) == meets
    assert not meets or minutes[0] == pytest.approx(2.0, abs=1e-4)
    assert joined(pieces(shapes(lines)), False)[1].joined == meets


def test_ends_within_a_centimetre_of_each_other_meet():
    lines = [[(0, 0), (1000, 0)], [(1000.004, 0.004), (2000, 0)], [(1000, 0.008), (1000, 900)]]
    roads = ways(lines)
    assert roads.pieces()[0] == 1
    assert joined(pieces(shapes(lines)), False)[1].joined == 2


def test_a_road_may_cross_itself():
    loop = [[(0, 0), (2000, 0), (2000, 1000), (1000, 1000), (1000, -1000)]]
    _, met = joined(pieces(shapes(loop)), False)
    assert met.crossings.tolist() == [[1000, 0]]


def test_points_without_a_place_are_left_out_of_their_road():
    found = pieces(np.array([shapely.LineString([(0, 0), (1, 0), (np.inf, 3), (2, 0)]), shapely.LineString()]))
    assert found.stop.tolist() == [[1, 0], [2, 0]]
