"""Pairs near each other, against a double loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.processing.analysis.pairs import Near

coordinates = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=25).map(
    lambda points: np.array(points, dtype=float).reshape(-1, 2)
)


def found(near):
    """Return {(left, right): metres}, by hand."""
    pairs = {}
    for tile in near:
        rows = tile.costs.tocoo()
        for i, j, metres in zip(rows.row, rows.col, rows.data):
            assert (tile.first + i, j) not in pairs
            pairs[tile.first + i, j] = metres
    return pairs


@given(coordinates, coordinates, st.integers(1, 40))
def test_pairs_are_those_a_double_loop_finds(left, right, radius):
    expected = {
        (i, j): np.hypot(*(a - b))
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if np.hypot(*(a - b)) <= radius * (1 + 1e-12)
    }
    near = Near(left, right, radius)
    assert found(near) == pytest.approx(expected, abs=1e-12)
    assert near.count == len(expected)


@given(coordinates, coordinates, st.integers(1, 40), st.integers(1, 30))
def test_streamed_tiles_hold_the_same_pairs_each_time(left, right, radius, tile):
    streamed = Near(left, right, radius, kept=0, tile=tile)
    assert found(streamed) == found(streamed) == found(Near(left, right, radius))


def test_a_tile_stays_near_its_size_when_no_point_has_more_pairs():
    square = np.random.default_rng(1).uniform(0, 1000, (500, 2))
    tiles = list(Near(square, square, 100, kept=0, tile=1000))
    assert len(tiles) > 5
    assert all(tile.costs.nnz < 1000 + 100 for tile in tiles)
    assert sum(tile.costs.shape[0] for tile in tiles) == 500


def test_two_points_at_one_place_are_a_pair_at_no_distance():
    assert found(Near(np.array([[5.0, 5.0]]), np.array([[5.0, 5.0]]), 1)) == {(0, 0): 0.0}


def test_a_pair_at_exactly_the_radius_counts_far_from_the_origin_too():
    left = np.array([[1e6 + 0.1, 7e6 + 0.3]])
    assert Near(left, left + np.array([0.3, 0.4]), 0.5).count == 1
    assert Near(left, left + np.array([0.3, 0.4001]), 0.5).count == 0


def test_each_tile_asks_first_whether_to_go_on():
    def stop():
        raise KeyboardInterrupt

    square = np.zeros((3, 2))
    with pytest.raises(KeyboardInterrupt):
        list(Near(square, square, 1, check=stop))
