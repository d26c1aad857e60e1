"""Symbols that would hide each other on a map: found, spread in a ring, or shown again enlarged."""

import numpy as np
import pytest

from tisserand.guide.composing.book import Box
from tisserand.guide.maps.crowding import MOST_IN_RING, crowded, dense_window, free_place, spread

MAP = Box(0, 0, 180, 168)
SIZE = 3.0
NOTHING = np.zeros((0, 2))


def town(count=60, at=(60, 60), width=4.0):
    draws = np.random.default_rng(1)
    return draws.normal(at, width, (count, 2))


def brute_force(points, reach):
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    return (distance < reach).any(axis=1) if len(points) else np.zeros(0, dtype=bool)


@pytest.mark.parametrize("count", [0, 1, 2, 150])
def test_the_grid_finds_what_comparing_every_pair_finds(count):
    points = np.random.default_rng(count).uniform(-40, 60, (count, 2))
    assert crowded(points, SIZE).tolist() == brute_force(points, 0.8 * SIZE).tolist()


def test_symbols_in_one_place_are_all_crowded_however_many():
    assert crowded(np.full((500, 2), 7.0), SIZE).all()


@pytest.mark.parametrize("count", range(2, MOST_IN_RING + 1))
def test_a_ring_shows_each_symbol_that_shared_a_place_and_stays_near_it(count):
    placed = spread(np.full((count, 2), 50.0), SIZE)
    assert not crowded(placed, SIZE).any()
    assert np.hypot(*(placed - 50).T).max() < 2 * SIZE
    assert placed.mean(axis=0) == pytest.approx((50, 50))


def test_symbols_with_room_do_not_move():
    points = np.array([(10.0, 10), (20, 10), (10, 20)])
    assert (spread(points, SIZE) == points).all()


def test_more_symbols_than_a_ring_holds_stay_where_they_are():
    points = np.full((MOST_IN_RING + 1, 2), 50.0)
    assert (spread(points, SIZE) == points).all()


def test_a_ring_turns_away_from_its_neighbour():
    neighbour = (50.0, 50 + 0.62 * SIZE)
    placed = spread(np.array([(50.0, 50), (50, 50), neighbour]), SIZE)
    assert tuple(placed[2]) == neighbour
    assert not crowded(placed, SIZE).any()


def test_a_dense_centre_is_enlarged_and_its_symbols_are_then_seen():
    points = np.vstack([town(), [(150.0, 150), (20, 140)]])
    window = dense_window(points, SIZE, (58, 50), MAP)
    assert window.box.x < 60 < window.box.right
    assert window.box.y < 60 < window.box.bottom
    assert window.box.w * window.zoom == pytest.approx(58)
    assert window.box.h * window.zoom == pytest.approx(50)
    x, y = points.T
    inside = (x >= window.box.x) & (x <= window.box.right) & (y >= window.box.y) & (y <= window.box.bottom)
    # Rings are drawn on the map and in the enlargement alike.
    before = crowded(spread(points, SIZE), SIZE)[inside]
    gained = before.sum() - crowded(spread(points[inside] * window.zoom, SIZE), SIZE).sum()
    assert window.relieved == gained
    assert gained > 0


@pytest.mark.parametrize("points", [NOTHING, town(5), np.random.default_rng(2).uniform(0, 160, (40, 2))])
def test_a_map_that_is_readable_has_no_enlargement(points):
    assert dense_window(points, SIZE, (58, 50), MAP) is None


def test_actors_all_in_one_place_are_no_reason_to_enlarge():
    assert dense_window(np.full((40, 2), 60.0), SIZE, (58, 50), MAP) is None


def test_a_window_stays_on_the_map():
    window = dense_window(town(at=(2, 2), width=3), SIZE, (58, 50), MAP)
    assert (window.box.x, window.box.y) >= (0, 0)


def test_an_inset_covers_no_symbol_and_as_little_land_as_it_can():
    symbols = np.array([(5.0, 5), (90, 80)])
    land = np.array([(x, y) for x in range(60, 180, 5) for y in range(0, 168, 5)], dtype=float)
    place = free_place(MAP, 50, symbols, land, 5, [])
    assert place.x < 5
    assert place.bottom > 160
    assert free_place(MAP, 50, symbols, land, 5, [Box(0, 150, 40, 18)]) != place


def test_where_symbols_lie_everywhere_there_is_no_place_for_an_inset():
    everywhere = np.array([(x, y) for x in range(0, 180, 10) for y in range(0, 168, 10)], dtype=float)
    assert free_place(MAP, 50, everywhere, NOTHING, 5, []) is None


def test_the_same_positions_give_the_same_places_on_every_run():
    points = np.vstack([town(), np.full((4, 2), 100.0)])
    assert (spread(points, SIZE) == spread(points.copy(), SIZE)).all()
    assert dense_window(points, SIZE, (58, 50), MAP) == dense_window(points.copy(), SIZE, (58, 50), MAP)


def test_an_inset_never_hides_much_of_the_land():
    land = np.array([(x, y) for x in range(0, 180, 5) for y in range(0, 168, 5)], dtype=float)
    assert free_place(MAP, 50, NOTHING, land, 5, []) is None
