"""Concentrations and absences: the formula, chance, smoothing, and what must not change them."""

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.hotspots.gi import scores, smoothed_rates
from tisserand.processing.analysis.hotspots.hotspots import COLD, HOT, NEITHER, NONE, Settings, figure, hot_spots
from tisserand.processing.analysis.hotspots.neighbourhoods import nearest, touching
from tisserand.processing.analysis.networks.chance import chances, draws_needed, false_discovery_rate

METRIC = "EPSG:2154"
ORIGIN = np.array([600_000.0, 6_800_000.0])
RESULT = ["gi_z", "p", "q", "classe", "n_voisins", "raison"]


def frame(xy, values, **columns):
    points = geopandas.points_from_xy(*np.add(xy, ORIGIN).T)
    return geopandas.GeoDataFrame({"value": values, **columns}, geometry=points, crs=METRIC)


def planted(n=200, seed=1):
    """Strew units at random, with high values in one corner and low ones in another."""
    random = np.random.default_rng(seed)
    xy = random.uniform(0, 10_000, (n, 2))
    values = random.poisson(20, n) + 25 * (xy.max(axis=1) < 3000) - 14 * (xy.min(axis=1) > 7000)
    return frame(xy, np.maximum(values, 0).astype(float))


def brute_neighbours(xy, k):
    """Return for each unit the units no farther than the k-th of the others."""
    found = []
    for i in range(len(xy)):
        metres = np.hypot(*(xy - xy[i]).T)
        last = np.sort(np.delete(metres, i))[min(k, len(xy) - 1) - 1]
        found.append([j for j in range(len(xy)) if j != i and metres[j] <= last * (1 + 1e-9) + 1e-9])
    return found


def brute_z(values, neighbours):
    """Return z by the formula as it is printed, in plain loops."""
    n = len(values)
    mean = sum(values) / n
    s = (sum(v * v for v in values) / n - mean * mean) ** 0.5
    z = []
    for i, others in enumerate(neighbours):
        members = [i, *others]
        w = len(members)
        spread = s * ((n * w - w * w) / (n - 1)) ** 0.5
        z.append((sum(values[j] for j in members) - w * mean) / spread if w < n else float("nan"))
    return z


def in_order(xy):
    return xy[np.lexsort((xy[:, 1], xy[:, 0]))]


def members(neighbourhoods):
    """Return the neighbours of each unit as a list of sets."""
    near = neighbourhoods.near.toarray()[neighbourhoods.place][:, neighbourhoods.place] > 0
    return [set(np.flatnonzero(row)) - {i} for i, row in enumerate(near)]


@given(st.integers(3, 60), st.integers(1, 12), st.integers(1, 9), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_neighbours_are_the_k_nearest_and_all_as_far_as_the_last(n, k, side, seed):
    # A coarse grid: many units at one place, many distances alike.
    xy = in_order(np.random.default_rng(seed).integers(0, side, (n, 2)).astype(float))
    found = nearest(xy, k)
    assert members(found) == [set(each) for each in brute_neighbours(xy, k)]
    assert found.counts().tolist() == [len(each) for each in brute_neighbours(xy, k)]


def test_more_ties_than_were_looked_at_are_all_neighbours():
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    xy = in_order(np.vstack([[0, 0], 1000 * np.column_stack([np.cos(angles), np.sin(angles)])]))
    centre = int(np.flatnonzero((xy == 0).all(axis=1))[0])
    assert nearest(xy, 2).counts()[centre] == 60


def test_squares_touch_by_sides_and_corners_even_a_hair_apart():
    boxes = [shapely.box(x, y, x + 1000, y + 1000) for x in (0, 1000.004, 5000) for y in (0, 1000)]
    found = touching(geopandas.GeoSeries(boxes))
    assert found.counts().tolist() == [3, 3, 3, 3, 1, 1]


@given(st.integers(4, 60), st.integers(1, 3), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_z_is_that_of_the_formula(n, k, seed):
    random = np.random.default_rng(seed)
    xy = in_order(random.uniform(0, 1000, (n, 2)))
    values = random.gamma(2, 30, n)
    z = scores(values, nearest(xy, k))
    assert z == pytest.approx(np.array(brute_z(values.tolist(), brute_neighbours(xy, k))), abs=1e-9, nan_ok=True)


def test_z_keeps_its_digits_far_from_zero():
    xy = in_order(np.random.default_rng(3).uniform(0, 1000, (80, 2)))
    values = np.random.default_rng(4).uniform(0, 1, 80)
    near = nearest(xy, 5)
    assert scores(values + 1e6, near) == pytest.approx(scores(values, near), rel=1e-6)


def test_p_is_the_share_of_all_possible_draws():
    # Six units, two neighbours: each unit has ten pairs of others, all of which can be counted.
    from itertools import combinations

    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    others = np.array([6.0, 5.0, 3.0, 48.0, 40.0, 24.0])
    counts = np.full(6, 2)
    high, low = chances(values, others, counts, 200_000, 1)
    for i in range(6):
        sums = [sum(pair) for pair in combinations(np.delete(values, i), 2)]
        assert high[i] == pytest.approx(np.mean([s >= others[i] for s in sums]), abs=0.01)
        assert low[i] == pytest.approx(np.mean([s <= others[i] for s in sums]), abs=0.01)


@pytest.mark.parametrize("count", [1, 3, 4, 5])
def test_many_neighbours_are_told_by_the_few_others(count):
    from itertools import combinations

    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    others = np.array([np.delete(values, i)[:count].sum() for i in range(6)])
    high, low = chances(values, others, np.full(6, count), 100_000, 1)
    for i in range(6):
        sums = [sum(each) for each in combinations(np.delete(values, i), count)]
        assert high[i] == pytest.approx(np.mean([s >= others[i] for s in sums]), abs=0.01)
        assert low[i] == pytest.approx(np.mean([s <= others[i] for s in sums]), abs=0.01)


def test_neighbours_of_different_number_are_each_compared_with_as_many():
    random = np.random.default_rng(5)
    values = random.normal(size=40)
    counts = random.integers(0, 12, 40)
    others = np.array([random.choice(np.delete(values, i), c, replace=False).sum() for i, c in enumerate(counts)])
    high, _ = chances(values, others, counts, 50_000, 1)
    for i in np.flatnonzero(counts):
        drawn = [random.choice(np.delete(values, i), counts[i], replace=False).sum() for _ in range(1500)]
        assert high[i] == pytest.approx(np.mean(np.array(drawn) >= others[i]), abs=0.06)
    assert (high[counts == 0] == 1).all()


@pytest.mark.parametrize("few", [1, 5, 11])
def test_chance_alone_gives_even_p(few):
    random = np.random.default_rng(6)
    values = random.gamma(1, 1, 3000)
    draws = np.array([random.choice(3000, few, replace=False) for _ in range(3000)])
    inside = (draws == np.arange(3000)[:, None]).any(axis=1)
    high, low = chances(values, values[draws].sum(axis=1), np.full(3000, few), 999, 1)
    p = np.minimum(2 * np.minimum(high, low), 1)[~inside]
    assert np.quantile(p, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.05)


def test_draws_go_down_to_where_one_unit_alone_can_be_found():
    assert draws_needed(np.full(535, 8), 0.05, 999) == 21_400
    assert draws_needed(np.full(535, 8), 0.05, 100_000) == 100_000
    assert draws_needed(np.full(535, 8), 0.05, 0) == 0
    assert draws_needed(np.full(10**6, 8), 0.05, 999) == 2_000_000
    assert draws_needed(np.full(10**6, 10**5), 0.05, 999) == 1000


def test_q_is_p_times_tests_over_rank_and_never_falls():
    assert false_discovery_rate(np.array([0.01, 0.04, 0.03, 0.9])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.9])
    assert false_discovery_rate(np.empty(0)).tolist() == []


def test_rates_of_few_people_are_drawn_to_that_of_all():
    counts, people = np.array([1.0, 0.0, 300.0, 50.0, 10.0]), np.array([2.0, 3.0, 1000.0, 900.0, 100.0])
    smoothed, mean = smoothed_rates(counts, people), counts.sum() / people.sum()
    rates = counts / people
    trust = (smoothed - mean) / (rates - mean)
    assert (trust > 0).all()
    assert (trust < 1).all()
    assert np.argsort(trust).tolist() == np.argsort(people, kind="stable").tolist()


def test_rates_that_vary_by_chance_alone_become_one():
    people = np.full(50, 10.0)
    counts = np.random.default_rng(1).permutation([1.0, 2.0] * 25)
    assert smoothed_rates(counts, people) == pytest.approx(np.full(50, 0.15))
    assert smoothed_rates(np.zeros(3), np.ones(3)).tolist() == [0, 0, 0]


@pytest.fixture(scope="module")
def found():
    return hot_spots(planted())


def test_planted_concentrations_and_absences_are_found(found):
    xy = np.column_stack([planted().geometry.x, planted().geometry.y]) - ORIGIN
    classes = found.rows["classe"]
    assert (classes[xy.max(axis=1) < 2000] == HOT).all()
    assert (classes[xy.min(axis=1) > 8000] == COLD).mean() > 0.8
    assert (classes[np.abs(xy[:, 0] - xy[:, 1]) > 6000] == NEITHER).all()


def test_q_and_the_sign_of_z_make_the_class(found):
    rows = found.rows
    assert (rows["q"] >= rows["p"]).all()
    for classe, sign in ((HOT, 1), (COLD, -1)):
        of = rows[rows["classe"] == classe]
        assert (of["q"] <= 0.05).all()
        assert (np.sign(of["gi_z"]) == sign).all()


def test_a_high_unit_among_ordinary_ones_is_no_concentration():
    units = planted(seed=9).assign(value=lambda f: 20.0 + np.arange(len(f)) % 7)
    units.loc[40, "value"] = 500.0
    row = hot_spots(units).rows.loc[40]
    assert row["gi_z"] > 3
    assert row["classe"] == NEITHER


def test_noise_alone_gives_hardly_any_find():
    random = np.random.default_rng(2)
    calls = [
        hot_spots(frame(random.uniform(0, 1e4, (100, 2)), random.gamma(1, 9, 100)), Settings(seed=s)) for s in range(40)
    ]
    any_find = [bool(set(each.rows["classe"]) & {HOT, COLD}) for each in calls]
    assert np.mean(any_find) <= 0.2


def test_a_lone_small_concentration_is_found_among_many():
    # Nine of a thousand: with 999 draws and no more, forty units would have to be at the smallest p.
    random = np.random.default_rng(3)
    xy = random.uniform(0, 1e5, (1000, 2))
    near = np.argsort(np.hypot(*(xy - 5e4).T))[:9]
    values = random.poisson(20, 1000).astype(float)
    values[near] += 60
    assert (hot_spots(frame(xy, values)).rows["classe"] == HOT).sum() >= 3


def same(first, second):
    return first[RESULT].sort_index().equals(second[RESULT].sort_index())


@given(st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_changes_nothing(random, side):
    # Coarse places and values, so that ties are many.
    drawn = np.random.default_rng(random.randint(0, 10**6))
    units = frame(drawn.integers(0, side, (60, 2)) * 1000.0, drawn.integers(0, 4, 60).astype(float))
    order = list(range(60))
    random.shuffle(order)
    assert same(hot_spots(units).rows, hot_spots(units.iloc[order]).rows)


def test_neither_place_on_earth_nor_unit_of_measure_changes_a_class(found):
    units = planted()
    moved = units.set_geometry(units.translate(1e6, 1e6))
    assert hot_spots(moved).rows["classe"].equals(found.rows["classe"])
    larger = hot_spots(units.assign(value=units["value"] * 1000)).rows
    assert larger["classe"].equals(found.rows["classe"])
    assert larger["gi_z"].to_numpy() == pytest.approx(found.rows["gi_z"].to_numpy())


def test_the_seed_decides_the_draws_and_hardly_the_classes(found):
    assert same(hot_spots(planted()).rows, found.rows)
    other = hot_spots(planted(), Settings(seed=2)).rows
    assert not other["p"].equals(found.rows["p"])
    assert (other["classe"] == found.rows["classe"]).mean() > 0.98


def test_without_draws_p_is_that_of_the_normal_law():
    rows = hot_spots(planted(), Settings(permutations=0)).rows
    from scipy.stats import norm

    assert rows["p"].to_numpy() == pytest.approx(2 * norm.sf(np.abs(rows["gi_z"])))


def test_one_theme_is_told_as_if_the_other_were_not_there(found):
    units = planted()
    both = geopandas.pd.concat([units.assign(group="a"), units.assign(group="b", value=3.0)], ignore_index=True)
    rows = hot_spots(both).rows
    assert same(rows.iloc[: len(units)], found.rows)
    assert set(rows["classe"].iloc[len(units) :]) == {NONE}


def test_a_unit_that_cannot_be_compared_changes_nothing_for_others(found):
    units = planted()
    more = frame([[5000, 5000]] * 3, [np.nan, -1.0, np.inf])
    rows = hot_spots(geopandas.pd.concat([units, more], ignore_index=True)).rows
    assert same(rows.iloc[: len(units)], found.rows)
    assert rows["raison"].iloc[-3:].tolist() == ["Valeur inconnue", "Valeur négative", "Valeur inconnue"]


def test_thousands_of_themes_are_no_obstacle():
    random = np.random.default_rng(1)
    units = frame(random.uniform(0, 1e5, (3000, 2)), random.uniform(0, 9, 3000), group=[f"t{k}" for k in range(3000)])
    assert set(hot_spots(units).rows["classe"]) == {NONE}


@pytest.mark.parametrize("n", [0, 1, 2, 29])
def test_too_few_units_are_never_called(n):
    units = planted().iloc[:n]
    rows = hot_spots(units).rows
    assert len(rows) == n
    assert (rows["classe"] == NONE).all()
    assert rows["q"].isna().all()


def test_every_row_has_a_class_and_a_reason(found):
    assert found.rows["raison"].str.len().gt(10).all()
    assert set(found.rows["classe"]) == {HOT, COLD, NEITHER}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0444, "0,0444"),
        (12.345, "12,3"),
        (999.4, "999"),
        (12345.6, "12\u202f346"),
        (-3.5, "-3,5"),
        (1e-7, "1,0e-07"),
    ],
)
def test_figures_are_read_in_french(value, text):
    assert figure(value) == text


@pytest.mark.parametrize(
    "wrong",
    [Settings(fdr=0), Settings(fdr=1), Settings(k=0), Settings(permutations=-1), Settings(k=199), Settings("queen")],
)
def test_settings_that_mean_nothing_are_refused(wrong):
    with pytest.raises(TisserandError):
        hot_spots(planted(), wrong)
