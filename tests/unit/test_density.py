"""Groups of points that lie close together, and the cutting of those that are too wide."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.processing.analysis.leads import density
from tisserand.processing.analysis.leads.density import dense_groups, narrowed, numbered, width

SMALL = settings(max_examples=40, deadline=None)


def brute(xy, reach, least):
    """DBSCAN in plain loops; border points to the nearest core, the first by x, then y, of equals."""
    n = len(xy)
    away = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    near = away <= reach * (1 + 1e-9)
    core = near.sum(axis=1) >= least
    group = np.full(n, -1)
    for start in range(n):
        if core[start] and group[start] < 0:
            waiting = [start]
            group[start] = group.max() + 1
            while waiting:
                for j in np.flatnonzero(near[waiting.pop()] & core & (group < 0)):
                    group[j] = group[start]
                    waiting.append(j)
    for i in np.flatnonzero(~core):
        cores = [j for j in np.flatnonzero(core) if near[i, j]]
        if cores:
            closest = min(away[i, j] for j in cores)
            tied = [j for j in cores if away[i, j] <= closest * (1 + 1e-9)]
            group[i] = group[min(tied, key=lambda j: tuple(xy[j]))]
    return group, near.sum(axis=1) - 1


def same_partition(a, b):
    return ((a < 0) == (b < 0)).all() and len(set(zip(a, b))) == len(set(a)) == len(set(b))


@given(st.integers(1, 60), st.integers(2, 5), st.integers(1, 12), st.integers(0, 10**6))
@SMALL
def test_groups_are_those_of_plain_loops(n, least, side, seed):
    # A coarse grid: many points at one place, many at exactly the reach.
    xy = np.random.default_rng(seed).integers(0, side, (n, 2)).astype(float)
    found = dense_groups(xy, 1.0, least)
    group, others = brute(xy, 1.0, least)
    assert same_partition(found.group, group)
    alone = found.group < 0
    assert (found.others[alone] == others[alone]).all()


@pytest.mark.parametrize("shape", ["strewn", "grid", "line", "heaps"])
def test_the_triangulation_gives_the_same_groups_as_all_pairs(shape, monkeypatch):
    random = np.random.default_rng(1)
    xy = {
        "strewn": random.uniform(0, 3000, (900, 2)),
        "grid": np.argwhere(random.random((40, 40)) < 0.6) * 100.0,
        "line": np.column_stack([np.cumsum(random.exponential(40, 500)), np.zeros(500)]),
        "heaps": np.repeat(random.uniform(0, 3000, (90, 2)), 9, axis=0) + random.normal(0, 1e-9, (810, 2)),
    }[shape]
    by_pairs = dense_groups(xy, 100.0, 3).group
    monkeypatch.setattr(density, "PAIRS", 0)
    assert (dense_groups(xy, 100.0, 3).group == by_pairs).all()
    assert by_pairs.max() > 1


@given(st.randoms(use_true_random=False))
@SMALL
def test_the_order_of_the_points_changes_nothing(random):
    xy = np.random.default_rng(random.randint(0, 10**6)).integers(0, 30, (80, 2)).astype(float)
    order = list(range(80))
    random.shuffle(order)
    straight = narrowed(xy, dense_groups(xy, 2.0, 3).group, 8.0)
    shuffled = narrowed(xy[order], dense_groups(xy[order], 2.0, 3).group, 8.0)
    assert (straight[order] == shuffled).all()


@given(st.integers(0, 10**6), st.floats(1, 400))
@SMALL
def test_no_group_is_wider_than_asked_and_none_is_mixed(seed, widest):
    xy = np.random.default_rng(seed).uniform(0, 300, (150, 2))
    group = dense_groups(xy, 40.0, 3).group
    cut = narrowed(xy, group, widest)
    assert ((cut < 0) == (group < 0)).all()
    for number in range(cut.max() + 1):
        members = cut == number
        assert width(xy[members]) <= widest * (1 + 1e-9)
        assert len(set(group[members])) == 1
    narrow = [number for number in range(group.max() + 1) if width(xy[group == number]) <= widest]
    assert all(len(set(cut[group == number])) == 1 for number in narrow)


@pytest.mark.parametrize("entries", [40, 400])
def test_very_many_places_are_cut_with_little_memory_and_no_wider(entries, monkeypatch):
    # With few entries the whole is halved; with more it is thinned to cells.
    monkeypatch.setattr(density, "ENTRIES", entries)
    xy = np.random.default_rng(2).uniform(0, 1000, (5000, 2))
    cut = narrowed(xy, np.zeros(5000, dtype=int), 300.0)
    assert max(width(xy[cut == number]) for number in range(cut.max() + 1)) <= 300.0
    assert (cut >= 0).all()
    assert cut.max() < 200


def test_a_far_point_changes_no_group():
    xy = np.random.default_rng(3).uniform(0, 300, (150, 2))
    before = dense_groups(xy, 30.0, 3).group
    more = dense_groups(np.vstack([xy, [[9e5, -9e5]]]), 30.0, 3).group
    assert same_partition(more[:-1], before)
    assert more[-1] == -1


def test_width_is_the_longest_distance():
    assert width(np.array([[0.0, 0.0]])) == 0
    assert width(np.array([[0.0, 0.0], [3, 4]])) == 5
    assert width(np.column_stack([np.arange(9.0), np.arange(9.0)])) == pytest.approx(8 * 2**0.5)
    xy = np.random.default_rng(4).normal(0, 9, (60, 2))
    assert width(xy) == pytest.approx(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).max())


def test_no_points_are_no_groups():
    assert dense_groups(np.empty((0, 2)), 1.0, 3).group.tolist() == []
    assert narrowed(np.empty((0, 2)), np.empty(0, dtype=int), 1.0).tolist() == []


def test_groups_are_numbered_as_they_come():
    assert numbered(np.array([7, -1, 2, 7, 9])).tolist() == [0, -1, 1, 0, 2]
