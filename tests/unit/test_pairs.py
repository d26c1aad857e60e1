"""Pairs near each other, against a double loop."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.processing.analysis.pairs import Near, on_each, rectangles

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


def by_parts(near):
    """Return {(left, right): metres} of the rectangles, by hand."""
    pairs, rows = {}, []
    for part in near.parts():
        rows += part.rows.tolist()
        assert part.rows.tolist() == sorted(part.rows)
        assert part.columns.tolist() == sorted(part.columns)
        for row, i in enumerate(part.rows.tolist()):
            mine = slice(*part.costs.indptr[row : row + 2])
            places = part.columns[part.costs.indices[mine]].tolist()
            assert places == sorted(places)
            pairs |= {(i, j): metres for j, metres in zip(places, part.costs.data[mine].tolist())}
    return pairs, rows


@given(coordinates, coordinates, st.integers(1, 40), st.integers(1, 200), st.sampled_from([0, 10**6]))
def test_rectangles_hold_the_very_same_pairs_and_each_point_once(left, right, radius, tile, kept):
    near = Near(left, right, radius, kept=kept, tile=tile)
    pairs, rows = by_parts(near)
    assert pairs == found(Near(left, right, radius))
    assert sorted(rows) == list(range(len(left)))
    assert by_parts(near)[0] == pairs


@given(coordinates, coordinates, st.integers(1, 40), st.integers(1, 200), st.sampled_from([-7e6, 6_862_299.3]))
def test_rectangles_far_from_the_origin_lose_nobody_at_their_border(left, right, radius, tile, far):
    near = Near(left / 10 + far, right / 10 + far, radius / 10, tile=tile)
    assert by_parts(near)[0] == found(near)


def test_rectangles_of_points_in_storeys_hold_the_pairs_of_each_storey():
    random = np.random.default_rng(3)
    left, right = (np.column_stack([random.uniform(0, 50, (80, 2)), np.repeat([0, 1000], 40)]) for _ in range(2))
    pairs, _ = by_parts(Near(left, right, 15, tile=100))
    storeys = [found(Near(left[of, :2], right[of, :2], 15)) for of in (slice(40), slice(40, 80))]
    assert pairs == storeys[0] | {(i + 40, j + 40): metres for (i, j), metres in storeys[1].items()}


def test_a_rectangle_knows_only_its_neighbourhood_and_stays_near_its_size():
    random = np.random.default_rng(1)
    left, right = random.uniform(0, 100_000, (2_000, 2)), random.uniform(0, 100_000, (20_000, 2))
    near = Near(left, right, 2_000, kept=0, tile=5_000)
    parts = list(near.parts())
    assert sum(part.costs.nnz for part in parts) == near.count
    assert all(part.costs.nnz <= 5_000 for part in parts)
    for part in parts:
        low, high = left[part.rows].min(axis=0) - 2_000.001, left[part.rows].max(axis=0) + 2_000.001
        inside = np.flatnonzero(((right >= low) & (right <= high)).all(axis=1))
        assert part.columns.tolist() == inside.tolist()
    # All the boxes together hold each point a few times, not once for each rectangle.
    assert sum(len(part.columns) for part in parts) < 4 * len(right)
    assert len(parts) > 16


def test_many_points_at_one_place_are_cut_too():
    left = np.zeros((100, 2))
    pieces = list(rectangles(left, np.full(100, 10), 55))
    assert sorted(np.concatenate(pieces).tolist()) == list(range(100))
    assert max(map(len, pieces)) <= 5


@given(coordinates, st.integers(1, 60), st.randoms())
def test_how_points_are_cut_depends_on_where_they_are_and_not_on_their_order(points, most, random):
    points = np.unique(points, axis=0)
    weights = points.sum(axis=1).astype(int)
    order = np.array(random.sample(range(len(points)), len(points)), dtype=int)
    plain = [points[rows].tolist() for rows in rectangles(points, weights, most)]
    mixed = [sorted(points[order][rows].tolist()) for rows in rectangles(points[order], weights[order], most)]
    assert sorted(mixed) == sorted(map(sorted, plain))


def test_counting_and_rectangles_ask_whether_to_go_on():
    calls = []
    square = np.random.default_rng(1).uniform(0, 1000, (12_000, 2))
    near = Near(square, square, 10, tile=1000, check=lambda: calls.append(1))
    before = len(calls)
    assert before >= 4
    parts = sum(1 for _ in near.parts())
    assert len(calls) == before + parts


def remember(costs, rows, columns, factor):
    positions, weights, nobody = columns
    assert nobody is None
    return (costs @ weights) * factor + rows[0], positions


class Elsewhere:
    """An engine that sends jobs as bytes to this very process."""

    def __init__(self):
        self.largest = 0

    def map(self, function, jobs, check):
        for job in jobs:
            check()
            sent = pickle.dumps((function, job))
            self.largest = max(self.largest, len(sent))
            function, job = pickle.loads(sent)
            yield function(*job)


@given(coordinates, coordinates, st.integers(1, 40), st.integers(1, 200))
def test_what_a_kernel_finds_is_the_same_here_elsewhere_and_by_any_tiles(left, right, radius, tile):
    own, weights = np.arange(len(left), dtype=float), np.arange(len(right), dtype=float) + 1
    expected = None
    near = Near(left, right, radius, tile=tile)
    for tiles in (near, list(near), Near(left, right, radius, tile=tile, engine=Elsewhere())):
        result = np.full(len(left), np.nan)
        for rows, (values, positions) in on_each(tiles, remember, (own,), (weights, None), (2.0,)):
            result[rows] = values
            assert positions.tolist() == sorted(set(positions.tolist()))
        expected = result if expected is None else expected
        np.testing.assert_allclose(result, expected, rtol=1e-12)
        assert not np.isnan(result).any()


def test_what_is_sent_elsewhere_does_not_grow_with_the_country():
    random, sizes = np.random.default_rng(1), []
    for side in (30_000, 60_000, 120_000):
        left, right = (random.uniform(0, side, (side**2 // each, 2)) for each in (4_000_000, 400_000))
        engine = Elsewhere()
        near = Near(left, right, 2_000, tile=3_000, engine=engine)
        assert sum(len(rows) for rows, _ in on_each(near, remember, (left[:, 0],), (right[:, 0], None), (1.0,))) > 0
        sizes.append(engine.largest)
    assert sizes[2] < 2 * sizes[0]
