"""Roads cut where the time runs out, against the times of the places along them."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.roads.reach import reached

plans = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("road_plans.py"))))
town, ways = plans.town, plans.ways
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)


def cut(roads, places, reach, step=0.0):
    return reached(roads, np.array(places, dtype=float), reach, step, 2154)


def rows(frame, *names):
    return [tuple(row) for row in frame[list(names)].itertuples(index=False)]


def line(frame, row):
    return [tuple(point) for point in frame.geometry.iloc[row].coords]


STRAIGHT = [[(0, 0), (4000, 0), (10_000, 0)]]


def test_a_road_is_cut_where_the_reach_ends():
    found = cut(ways(STRAIGHT), [(0, 0)], 7)
    assert rows(found.reached, "road", "place", "minutes_debut", "minutes", "metres") == [(0, 0, 0, 7, 7000)]
    assert line(found.reached, 0) == [(0, 0), (4000, 0), (7000, 0)]
    assert rows(found.unreached, "road", "cause", "minutes_debut", "minutes") == [(0, "trop_loin", 7, 10)]
    assert line(found.unreached, 0) == [(7000, 0), (10_000, 0)]


def test_a_road_reached_from_both_ends_is_cut_twice_and_the_middle_is_not_reached():
    found = cut(ways(STRAIGHT), [(0, 0), (10_000, 0)], 2)
    assert [line(found.reached, row) for row in (0, 1)] == [[(0, 0), (2000, 0)], [(8000, 0), (10_000, 0)]]
    assert rows(found.reached, "place", "minutes") == [(0, 2), (1, 2)]
    assert rows(found.unreached, "minutes_debut", "minutes", "metres") == [(2, 5, 6000)]


def test_a_road_is_cut_where_another_place_becomes_the_nearest():
    found = cut(ways(STRAIGHT), [(0, 0), (10_000, 0)], 30)
    assert [line(found.reached, row)[-1] for row in (0, 1)] == [(5000, 0), (10_000, 0)]
    assert rows(found.reached, "place", "minutes_debut", "minutes") == [(0, 0, 5), (1, 0, 5)]
    assert len(found.unreached) == 0


def test_a_road_is_cut_at_every_step_and_the_last_step_ends_with_the_reach():
    found = cut(ways(STRAIGHT), [(0, 0)], 7, 3)
    assert rows(found.reached, "classe", "minutes_debut", "minutes") == [(3, 0, 3), (6, 3, 6), (7, 6, 7)]


def test_a_place_in_the_middle_of_a_road_reaches_both_ways_in_one_line():
    found = cut(ways(STRAIGHT), [(5000, 0)], 3)
    assert rows(found.reached, "minutes_debut", "minutes", "metres") == [(0, 3, 6000)]
    assert line(found.reached, 0) == [(2000, 0), (4000, 0), (5000, 0), (8000, 0)]


def test_the_way_to_the_road_is_part_of_the_time():
    found = cut(ways(STRAIGHT), [(0, 600)], 2)
    assert rows(found.reached, "minutes_debut", "minutes") == [(pytest.approx(0.6), 2)]
    assert found.reached["metres"].iloc[0] == pytest.approx(1400)


def test_a_road_that_ends_at_exactly_the_reach_is_reached_whole():
    for reach in (10, 10 * (1 - 1e-12)):
        found = cut(ways(STRAIGHT), [(0, 0)], reach, 5)
        assert (found.reached["metres"].sum(), len(found.unreached)) == (pytest.approx(10_000), 0)


def test_a_road_on_a_piece_without_a_place_has_no_access_and_no_time():
    found = cut(ways([*STRAIGHT, [(0, 5000), (3000, 5000)]]), [(0, 0)], 10)
    assert rows(found.unreached, "road", "cause", "metres") == [(1, "sans_acces", 3000)]
    assert found.unreached["minutes"].isna().all()


def test_of_equally_near_places_the_first_has_the_road():
    found = cut(ways(STRAIGHT), [(0, 0), (0, 0)], 3)
    assert rows(found.reached, "place") == [(0,)]


@pytest.mark.parametrize("places", [[], [(0, 5000)]])
def test_without_a_place_on_any_road_nothing_is_reached(places):
    found = cut(ways(STRAIGHT), np.array(places).reshape(-1, 2), 5, 1)
    assert len(found.reached) == 0
    assert rows(found.unreached, "cause", "metres") == [("sans_acces", 10_000)]


def test_without_roads_there_is_nothing():
    found = cut(ways([]), [(0, 0)], 5, 1)
    assert (len(found.reached), len(found.unreached)) == (0, 0)


def test_a_reach_of_nothing_is_refused_by_name():
    with pytest.raises(TisserandError, match="REACH is 0"):
        cut(ways(STRAIGHT), [(0, 0)], 0)


@few
@given(seeds)
def test_all_roads_are_told_of_once(seed):
    lines, speeds, random = town(seed)
    found = cut(ways(lines, speeds), random.uniform(0, 4000, (4, 2)), 3, 0.7)
    metres = np.zeros(len(lines))
    for frame in found:
        np.add.at(metres, frame["road"].to_numpy(), frame["metres"].to_numpy())
        np.testing.assert_allclose(frame.length, frame["metres"], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(metres, [plans.shapes([line])[0].length for line in lines], rtol=1e-9)


@few
@given(seeds)
def test_anyone_on_a_line_is_as_far_as_the_line_says(seed):
    lines, speeds, random = town(seed)
    # One street a pair of corners: on one of two, a point would be told the time of the quicker.
    single = {tuple(sorted((line[0], line[-1]))): k for k, line in enumerate(lines)}.values()
    lines, speeds = [lines[k] for k in single], [speeds[k] for k in single]
    roads = ways(lines, speeds, max_snap=400)
    places = random.uniform(0, 4000, (4, 2))
    found = cut(roads, places, 3, 0.7)
    shares = random.uniform(0.01, 0.99, len(found.reached))
    points = found.reached.geometry.interpolate(shares, normalized=True)
    place, minutes = roads.nearest(np.c_[points.x, points.y], places)
    table = found.reached
    assert ((minutes >= table["minutes_debut"] - 1e-6) & (minutes <= table["minutes"] + 1e-6)).all()
    assert (minutes <= table["classe"] + 1e-6).all()
    assert (place == table["place"]).all()
    # Both ends of the slopes are there: someone is at the far end.
    far = found.unreached[found.unreached["cause"] == "trop_loin"]
    beyond = far.geometry.interpolate(0.5, normalized=True)
    assert (roads.nearest(np.c_[beyond.x, beyond.y], places)[1] >= 3 - 1e-6).all()


def plain(frame):
    """Return the rows in an order of their own, the shapes as WKB."""
    rows = pd.DataFrame(frame.drop(columns="geometry")).assign(
        shape=shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
    )
    return rows.sort_values(list(rows.columns)).reset_index(drop=True)


@few
@given(seeds)
def test_shuffled_roads_give_the_same_lines(seed):
    lines, speeds, random = town(seed)
    places = random.uniform(0, 4000, (4, 2))
    order = random.permutation(len(lines))
    one = cut(ways(lines, speeds), places, 3, 0.7)
    two = cut(ways([lines[k] for k in order], [speeds[k] for k in order]), places, 3, 0.7)
    # Of two streets that are alike in everything, nobody can say on which one a place stands.
    twins = {}
    alike = np.array([twins.setdefault((tuple(line), speed), k) for k, (line, speed) in enumerate(zip(lines, speeds))])
    for here, there in zip(one, two):
        there = there.assign(road=order[there["road"]])
        first, second = (plain(frame.assign(road=alike[frame["road"]])) for frame in (here, there))
        pd.testing.assert_frame_equal(first, second, check_exact=True)


@few
@given(seeds, st.floats(0.5, 8))
def test_a_longer_reach_never_reaches_less(seed, reach):
    lines, speeds, random = town(seed)
    places = random.uniform(0, 4000, (3, 2))
    near, far = (cut(ways(lines, speeds), places, minutes).reached["metres"].sum() for minutes in (reach, reach * 1.3))
    assert near <= far + 1e-6
