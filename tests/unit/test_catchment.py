"""Access to a shared capacity, against loops, and the same in however many pieces."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.processing.analysis import parcels
from tisserand.processing.analysis.catchment import DECAYS, TOP, Eligible, access, gaussian
from tisserand.processing.analysis.engines import cluster
from tisserand.processing.analysis.pairs import Near

REACH = 20.0


@st.composite
def towns(draw):
    seed, needs, actors = draw(st.integers(0, 10**6)), draw(st.integers(0, 30)), draw(st.integers(0, 30))
    random = np.random.default_rng(seed)
    left, right = (random.integers(0, 60, (count, 2)).astype(float) for count in (needs, actors))
    return (
        left,
        right,
        random.integers(0, 9, needs).astype(float),
        random.integers(0, 9, actors).astype(float),
        Eligible(random.integers(0, 2, needs), random.integers(0, 2, actors), np.array([[1, 0], [1, 1]], bool)),
        random.integers(0, 2, actors).astype(bool),
    )


def of(town, decay="gaussian", capacity=True, **how):
    left, right, people, places, eligible, imputed = town
    near = Near(left, right, REACH, **how)
    return access(near, REACH, people, places if capacity else None, DECAYS[decay], eligible, imputed)


def by_loops(town, weigh, capacity):
    """Return the access, the share that is a guess, and who is in reach and eligible, pair by pair."""
    left, right, people, places, eligible, imputed = town
    costs = np.hypot(*(left[:, None] - right[None]).transpose(2, 0, 1)).reshape(len(left), len(right))
    near = costs <= REACH
    may = near & eligible.meet[eligible.left[:, None], eligible.right[None]]
    weights = np.where(may, weigh(costs / REACH), 0.0)
    apl, guessed = np.zeros(len(left)), np.zeros(len(left))
    for j in range(len(right)):
        asked = sum(people[i] * weights[i, j] for i in range(len(left)))
        offered = 1.0 if not capacity else places[j] / asked if asked > 0 else 0.0
        apl += offered * weights[:, j]
        guessed += offered * weights[:, j] * imputed[j]
    return apl, guessed, near.sum(axis=1), may.sum(axis=1)


@given(towns(), st.sampled_from(list(DECAYS)), st.booleans())
def test_access_is_that_of_loops_over_needs_and_actors(town, decay, capacity):
    found = of(town, decay, capacity)
    apl, guessed, in_reach, eligible = by_loops(town, DECAYS[decay], capacity)
    np.testing.assert_allclose(found.apl, apl, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(np.nan_to_num(found.imputed) * found.apl, guessed, rtol=1e-9, atol=1e-15)
    assert np.isnan(found.imputed).tolist() == (found.apl == 0).tolist()
    assert (found.in_reach.tolist(), found.eligible.tolist()) == (in_reach.tolist(), eligible.tolist())
    assert (found.top_share.sum(axis=1) <= 1 + 1e-12).all()
    assert found.top.shape == (len(town[0]), TOP)


@given(towns(), st.integers(1, 300), st.sampled_from([0, 10**6]))
def test_access_is_the_same_in_however_many_pieces(town, tile, kept):
    whole = of(town)
    pieces = of(town, tile=tile, kept=kept)
    tiles = access(iter_twice(town, tile), REACH, town[2], town[3], gaussian, *town[4:])
    for found in (pieces, tiles):
        np.testing.assert_allclose(found.apl, whole.apl, rtol=1e-12)
        np.testing.assert_allclose(found.imputed, whole.imputed, rtol=1e-12)
        np.testing.assert_allclose(found.top_share, whole.top_share, rtol=1e-9, atol=1e-15)
        assert found.in_reach.tolist() == whole.in_reach.tolist()
        assert found.eligible.tolist() == whole.eligible.tolist()


def iter_twice(town, tile):
    """Return plain tiles, as roads or a database give them."""
    return list(Near(town[0], town[1], REACH, tile=tile))


@given(towns())
def test_the_five_best_are_the_largest_shares_and_their_ways(town):
    found = of(town)
    left, right = town[:2]
    for i, (best, shares, costs) in enumerate(zip(found.top, found.top_share, found.top_costs)):
        actors = best[best >= 0]
        assert len(set(actors.tolist())) == len(actors)
        assert (np.diff(shares) <= 1e-12).all()
        assert (shares[best < 0] == 0).all()
        assert np.isnan(costs[best < 0]).all()
        np.testing.assert_allclose(costs[best >= 0], np.hypot(*(right[actors] - left[i]).T))


def test_whoever_is_told_of_the_progress_may_stop_it():
    random = np.random.default_rng(1)
    left, right = random.uniform(0, 500, (400, 2)), random.uniform(0, 500, (400, 2))
    told = []

    def progress(share):
        told.append(share)
        if share > 0.5:
            raise KeyboardInterrupt

    near = Near(left, right, REACH, tile=200)
    with pytest.raises(KeyboardInterrupt):
        access(near, REACH, np.ones(400), np.ones(400), progress=progress)
    assert told == sorted(told)
    assert len(told) > 10
    assert told[-2] <= 0.5 < told[-1] < 0.6


def test_nobody_and_nothing_in_reach_have_no_access():
    nobody = access(Near(np.zeros((0, 2)), np.zeros((3, 2)), 1), 1.0, np.zeros(0), np.ones(3))
    assert [len(column) for column in nobody] == [0] * 7
    alone = access(Near(np.zeros((2, 2)), np.zeros((0, 2)), 1), 1.0, np.ones(2), np.zeros(0))
    assert alone.apl.tolist() == [0, 0]
    assert alone.top.tolist() == [[-1] * TOP] * 2
    assert np.isnan(alone.imputed).all()


def test_eligibility_as_data_says_of_a_tile_who_may_meet():
    eligible = Eligible(np.array([0, 1]), np.array([0, 1, 1]), np.array([[True, False], [True, True]]))
    (tile,) = Near(np.zeros((2, 2)), np.zeros((3, 2)), 1)
    assert eligible(tile).tolist() == [True, False, False, True, True, True]


def test_what_is_sent_to_workers_can_be_imported_where_nothing_of_ours_is(tmp_path):
    package = cluster.packed(tmp_path)
    code = f"""
import sys
sys.path.insert(0, {str(package)!r})
import pkgutil
for name in ("pairs:on_piece", "pairs:search", "catchment:access_of_piece", "parcels:answer"):
    pkgutil.resolve_name("{package.stem}." + name)
heavy = [name for name in sys.modules if name.split(".")[0] in ("geopandas", "pandas", "qgis", "tisserand")]
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, check=True, timeout=60)


def test_the_same_sources_have_the_same_name_on_workers(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    assert cluster.packed(tmp_path / "one").name == cluster.packed(tmp_path / "two").name


def test_a_function_of_elsewhere_is_not_sent():
    with pytest.raises(ValueError, match=r"json\.dumps is not sent"):
        cluster.Sent("tisserand_essai", __import__("json").dumps)


def test_a_cluster_without_dask_is_a_sentence():
    try:
        import distributed  # noqa: F401
    except ImportError:
        with pytest.raises(cluster.DaskMissingError, match="leave the address empty"), cluster.reached("127.0.0.1"):
            pass
    else:
        pytest.skip("Dask is installed here")


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3).T,
        np.array([True, False]),
        np.zeros((0, 2), dtype=np.int32),
        np.array(["é", "à l'est"]),
        np.float64(0.1),
        (1, (np.arange(3), None, "texte", ()), gaussian),
    ],
)
def test_what_is_wrapped_comes_out_as_it_was(value):
    sent = parcels.wrapped(value)
    assert "numpy" not in pickle.dumps(sent).decode("latin-1").replace("tisserand", "")
    found = parcels.opened(sent)
    if isinstance(value, np.ndarray):
        assert (found.dtype, found.shape, found.flags.writeable) == (value.dtype, value.shape, True)
    assert repr(found) == repr(value).replace("np.float64(0.1)", "0.1")
