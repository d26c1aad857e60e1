"""New locations against brute force, and the relations that any choice of sites must keep."""

from __future__ import annotations

from itertools import combinations

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import CancelledError, TisserandError
from tisserand.processing.analysis.locations import exact as location_exact
from tisserand.processing.analysis.locations import places as location_places
from tisserand.processing.analysis.locations.choice import MODELS, Settings, gap, new_locations
from tisserand.processing.analysis.ways import CrowFly

X, Y = 650_000.0, 6_860_000.0
# A minute is a kilometre.
WAYS = CrowFly(speed=60.0, detour=1.0)
QUICK = settings(max_examples=40, deadline=None)


def frame(points, weights=None, names=None):
    columns = {} if weights is None else {"weight": list(weights)}
    if names is not None:
        columns["name"] = list(names)
    east, north = zip(*points) if len(points) else ((), ())
    shapes = geopandas.points_from_xy([X + 1000.0 * at for at in east], [Y + 1000.0 * at for at in north])
    return geopandas.GeoDataFrame(columns, geometry=shapes, index=range(len(points)), crs=2154)


def located(demand, existing=None, candidates=None, **asked):
    asked = {"ways": WAYS, "reach": 10.0, "sensitivity": 0, **asked}
    return new_locations(demand, existing, candidates, Settings(**asked))


def minutes(points, candidates):
    a, b = np.array(points, dtype=float).reshape(-1, 1, 2), np.array(candidates, dtype=float).reshape(1, -1, 2)
    return np.hypot(*(a - b).transpose(2, 0, 1))


def distinct(points):
    return sorted(set(points))


places = st.tuples(st.integers(0, 40), st.integers(0, 40))
demands = st.lists(st.tuples(places, st.integers(0, 30)), min_size=1, max_size=9)


def best_cover(far, weights, count, reach=10.0):
    sites = range(far.shape[1])
    return max(
        float(weights[(far[:, list(choice)] <= reach + 1e-6).any(axis=1)].sum())
        for choice in combinations(sites, min(count, len(sites)))
    )


@QUICK
@given(demands, st.integers(1, 4))
def test_maximal_covering_is_the_best_of_all_choices_and_says_so(rows, count):
    points, weights = zip(*rows)
    found = located(frame(points, weights), count=count)
    best = best_cover(minutes(points, distinct(points)), np.array(weights, dtype=float), count)
    assert found.objective == best
    assert found.bound == best
    assert found.gap_percent == 0
    assert found.sites["gain"].sum() == best
    assert found.covered["couverts"].sum() == best


@QUICK
@given(demands, st.integers(1, 4), st.lists(places, min_size=1, max_size=3))
def test_the_p_median_is_the_best_of_all_choices(rows, count, existing):
    points, weights = zip(*rows)
    weights = np.array(weights, dtype=float)
    if not weights.sum():
        return
    pool = distinct(points)
    for actors in (None, existing):
        far = minutes(points, pool)
        if actors:
            far = np.minimum(far, minutes(points, actors).min(axis=1)[:, None])
        best = min(
            float(weights @ far[:, list(choice)].min(axis=1))
            for choice in combinations(range(len(pool)), min(count, len(pool)))
        )
        given_actors = frame(actors) if actors else None
        found = located(frame(points, weights), given_actors, model="pmedian", count=count, counted=False)
        if len(found.sites):
            assert actors is None or best < weights @ minutes(points, actors).min(axis=1)
            assert found.objective == pytest.approx(best, abs=1e-4)
            assert found.bound == pytest.approx(best, abs=1e-4)
            assert found.bound <= found.objective
        else:
            # No site saves anybody anything beside the actors there are.
            assert best == pytest.approx(weights @ minutes(points, actors).min(axis=1))


@QUICK
@given(demands)
def test_set_covering_takes_as_few_sites_as_any_choice(rows):
    points, weights = zip(*rows)
    weights = np.array(weights, dtype=float)
    found = located(frame(points, weights), model="lscp")
    far = minutes(points, distinct(points))[weights > 0] <= 10.0
    if not len(far):
        assert len(found.sites) == 0
        return
    sites = range(far.shape[1])
    least = next(
        n for n in range(1, len(points) + 1) if any(far[:, c].any(axis=1).all() for c in combinations(sites, n))
    )
    assert (found.objective, found.bound, len(found.sites)) == (least, least, least)
    assert found.covered["couverts"].sum() == weights.sum()


def most_served(far, weights, capacity, count, reach=10.0):
    """Return the most people that sites with a capacity serve: each subset of sites by its tightest set of them."""
    within, best = far <= reach + 1e-6, 0.0
    for choice in combinations(range(far.shape[1]), min(count, far.shape[1])):
        # The maximum flow is the least cut: sites of a subset are full, the others serve all they reach.
        cuts = [
            len(full) * capacity + weights[within[:, [c for c in choice if c not in full]].any(axis=1)].sum()
            for size in range(len(choice) + 1)
            for full in combinations(choice, size)
        ]
        best = max(best, min(*cuts, weights.sum()))
    return float(best)


@QUICK
@given(demands, st.integers(1, 3), st.integers(1, 40))
def test_sites_with_a_capacity_serve_as_many_as_any_choice_could(rows, count, capacity):
    points, weights = zip(*rows)
    weights = np.array(weights, dtype=float)
    found = located(frame(points, weights), count=count, capacity=capacity)
    best = most_served(minutes(points, distinct(points)), weights, capacity, count)
    assert found.objective == pytest.approx(best, abs=1e-5)
    assert found.bound == pytest.approx(best, abs=1e-4)
    assert (found.sites["personnes"] <= capacity + 1e-6).all()
    assert found.covered["couverts"].sum() == pytest.approx(best, abs=1e-5)


@QUICK
@given(demands, st.lists(places, min_size=1, max_size=4), st.integers(1, 3))
def test_what_existing_actors_reach_is_not_gained_again(rows, actors, count):
    points, weights = zip(*rows)
    weights = np.array(weights, dtype=float)
    found = located(frame(points, weights), frame(actors), count=count, counted=False)
    near = (minutes(points, actors) <= 10.0).any(axis=1)
    assert found.objective == best_cover(minutes(points, distinct(points)), np.where(near, 0.0, weights), count)
    assert set(found.covered.loc[near & (weights > 0), "situation"]) <= {"acteur"}
    counted = located(frame(points, weights), frame(actors), count=count, counted=True)
    assert counted.objective == best_cover(minutes(points, distinct(points)), weights, count)


def scattered(count, seed=1, side=60):
    random = np.random.default_rng(seed)
    return [tuple(at) for at in random.uniform(0, side, (count, 2))], random.integers(0, 99, count)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", range(3))
def test_shuffled_rows_give_the_same_sites_and_the_same_words(model, seed):
    points, weights = scattered(80, seed)
    names = [f"Lieu {k}" for k in range(80)]
    order = np.random.default_rng(seed).permutation(80)
    asked = {"model": model, "count": 4, "sensitivity": 5}
    one = located(frame(points, weights, names), **asked)
    other = located(frame([points[k] for k in order], weights[order], [names[k] for k in order]), **asked)
    columns = [name for name in one.sites.columns if name not in ("site", "geometry")]
    assert one.sites[columns].to_dict("records") == other.sites[columns].to_dict("records") or one.sites[
        columns
    ].equals(other.sites[columns])
    assert (one.objective, one.bound) == (other.objective, other.bound)
    assert one.covered.iloc[order].reset_index(drop=True).equals(other.covered)


@pytest.mark.parametrize("model", MODELS)
def test_a_shift_of_a_thousand_kilometres_changes_nothing(model):
    points, weights = scattered(60)
    one = located(frame(points, weights, range(60)), model=model, count=3)
    shifted = located(frame([(x + 1000, y - 1000) for x, y in points], weights, range(60)), model=model, count=3)
    assert one.sites["nom"].tolist() == shifted.sites["nom"].tolist()
    assert one.objective == pytest.approx(shifted.objective, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_people_of_one_place_in_two_rows_are_the_same_people(model):
    points, weights = scattered(40)
    halves = located(frame([*points, *points], [*(weights / 2), *(weights / 2)]), model=model, count=3)
    whole = located(frame(points, weights), model=model, count=3)
    assert halves.objective == pytest.approx(whole.objective)
    assert [(p.x, p.y) for p in halves.sites.geometry] == [(p.x, p.y) for p in whole.sites.geometry]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("capacity", [0.0, 150.0])
def test_more_sites_never_bring_less_and_no_bound_is_below_what_was_found(seed, capacity):
    points, weights = scattered(150, seed)
    curve = located(frame(points, weights), count=10, capacity=capacity).curve
    assert curve["sites"].tolist() == list(range(1, len(curve) + 1))
    assert (np.diff(curve["objective"]) >= 0).all()
    assert (curve["bound"] >= curve["objective"]).all()
    assert (curve["gap_percent"] >= 0).all()
    again = located(frame(points, weights), count=9, capacity=capacity)
    assert again.objective <= curve["objective"].iloc[-1] + 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_more_sites_never_leave_more_minutes(seed):
    points, weights = scattered(120, seed)
    curve = located(frame(points, weights), model="pmedian", count=8).curve
    assert (np.diff(curve["objective"]) <= 0).all()
    assert (curve["bound"] <= curve["objective"]).all()


@pytest.mark.parametrize("model", ["mclp", "pmedian"])
@pytest.mark.parametrize("seed", range(4))
def test_one_candidate_more_never_makes_the_best_choice_worse(model, seed):
    points, weights = scattered(40, seed)
    pool, _ = scattered(12, seed + 100)
    fewer = located(frame(points, weights), None, frame(pool[:-1]), model=model, count=3)
    more = located(frame(points, weights), None, frame(pool), model=model, count=3)
    assert fewer.gap_percent == pytest.approx(0, abs=1e-5)
    better = more.objective - fewer.objective
    assert (better if model == "mclp" else -better) >= -1e-6


def test_a_site_that_the_best_choice_does_without_is_not_opened():
    # Greedy takes the middle first and then needs both ends; the ends alone do.
    demand = frame([(0, 0), (8, 0), (16, 0), (24, 0)], [2, 3, 3, 2])
    pool = frame([(4, 0), (12, 0), (20, 0)], names=["ouest", "milieu", "est"])
    for capacity in (0.0, 100.0):
        found = located(demand, None, pool, count=3, reach=4.5, capacity=capacity)
        assert sorted(found.sites["nom"]) == ["est", "ouest"]
        assert found.objective == pytest.approx(10)


def test_of_sites_that_cover_the_same_people_the_one_nearest_to_them_is_taken():
    demand = frame([(0, 0), (2, 0)], [9, 1])
    pool = frame([(-5, 0), (0, 1), (5, 0)], names=["loin", "près", "plus loin"])
    assert located(demand, None, pool, count=1).sites["nom"].tolist() == ["près"]


def test_of_sites_that_fill_up_alike_the_one_with_most_people_around_is_taken():
    demand = frame([(0, 0), (40, 0), (41, 0)], [9, 9, 9])
    assert located(demand, count=1, capacity=5).sites.geometry.x.iloc[0] > X + 30_000


def test_the_order_of_opening_starts_with_what_brings_most():
    points, weights = scattered(150)
    sites = located(frame(points, weights), count=6).sites
    assert sites["rang"].tolist() == [1, 2, 3, 4, 5, 6]
    assert (np.diff(sites["gain"]) <= 0).all()
    assert sites["cumul"].tolist() == np.cumsum(sites["gain"]).tolist()


def test_the_best_two_sites_need_not_hold_the_best_one():
    # The middle reaches two of three people, and the two ends together reach all of them.
    demand = frame([(0, 0), (8, 0), (16, 0), (24, 0)], [2, 3, 3, 2], "abcd")
    pool = frame([(4, 0), (12, 0), (20, 0)], names=["ouest", "milieu", "est"])
    asked = {"reach": 4.5, "candidates": pool}
    assert located(demand, count=1, **asked).sites["nom"].tolist() == ["milieu"]
    both = located(demand, count=2, **asked)
    assert sorted(both.sites["nom"]) == ["est", "ouest"]
    assert both.curve["objective"].tolist() == [6, 10]


def test_the_replacement_is_the_best_other_candidate_and_what_it_loses():
    demand = frame([(0, 0), (3, 0), (30, 0)], [10, 4, 5], ["bourg", "hameau", "lointain"])
    pool = frame([(1, 0), (-9, 0), (30, 0)], names=["centre", "ouest", "est"])
    first, second = located(demand, None, pool, count=2).sites.itertuples()
    assert (first.nom, first.gain, first.remplacant, first.perte) == ("centre", 14, "ouest", 4)
    assert (second.nom, second.gain, second.remplacant, second.perte) == ("est", 5, None, 5)
    assert "« ouest » perdrait 4 personnes (29 % de son apport)" in first.raison
    assert "Met à portée 14 personnes : bourg (10), hameau (4)" in first.raison
    assert "aucun autre candidat ne le remplace" in second.raison


def test_a_site_that_stands_alone_stays_chosen_and_one_of_many_alike_does_not():
    crowd = [(40 + 9 * np.cos(turn), 40 + 9 * np.sin(turn)) for turn in np.linspace(0, 6.2, 24)]
    demand = frame([(0, 0), *crowd], [500, *[10] * 24])
    sites = located(demand, count=2, sensitivity=40).sites
    assert sites["frequence"].iloc[0] == 1
    assert sites["solidite"].iloc[0] == "solide"
    assert sites["frequence_exacte"].iloc[1] < 0.8
    assert (sites["frequence_exacte"] <= sites["frequence"]).all()


def test_the_trials_are_the_same_every_time_and_their_seed_can_be_changed():
    points, weights = scattered(60)
    runs = [located(frame(points, weights), count=3, sensitivity=20, seed=seed).sites for seed in (1, 1, 2)]
    assert runs[0].equals(runs[1])
    assert runs[0]["frequence_exacte"].tolist() != runs[2]["frequence_exacte"].tolist()


def test_people_at_exactly_the_reach_are_covered():
    demand = frame([(0, 0), (10, 0)], [3, 4])
    assert located(demand, count=1, reach=10.0).objective == 7
    assert located(demand, count=1, reach=9.999).objective == 4


def test_who_no_candidate_reaches_is_told_by_name():
    demand = frame([(0, 0), (50, 0), (80, 0)], [5, 7, 9], ["ici", "loin", "très loin"])
    found = located(demand, None, frame([(1, 0)]), count=1)
    assert found.notes.beyond == [("très loin", 9.0), ("loin", 7.0)]
    assert found.covered["situation"].tolist() == ["site", "hors_portee", "hors_portee"]
    assert located(demand, None, frame([(1, 0)]), model="lscp").objective == 1


def test_no_more_sites_come_out_than_bring_somebody_something():
    found = located(frame([(0, 0), (1, 0), (50, 0)], [1, 1, 1]), count=9)
    assert len(found.sites) == 2
    assert len(located(frame([(0, 0), (50, 0)], [1, 1]), model="pmedian", count=9).sites) == 2


def test_missing_and_negative_people_are_one_person_and_are_told():
    found = located(frame([(0, 0), (50, 0), (100, 0)], [None, -4, 3]), count=3)
    assert found.objective == 5
    assert (found.notes.without_weight, found.notes.negative) == ([0], [1])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("capacity", [0.0, 5.0])
def test_nobody_one_place_one_point_and_nothing_are_answers_too(model, capacity):
    asked = {"model": model, "capacity": capacity, "sensitivity": 3}
    assert len(located(frame([]), **asked).sites) == 0
    nobody = located(frame([(0, 0), (5, 5)], [0, 0]), **asked)
    assert len(nobody.sites) == 0
    assert nobody.covered["situation"].tolist() == ["sans_personne", "sans_personne"]
    assert (nobody.objective, nobody.bound, nobody.gap_percent) == (0, 0, 0)
    assert len(located(frame([(3, 3)], [4]), **asked).sites) == 1
    assert len(located(frame([(3, 3)] * 5, [4] * 5), **asked).sites) == 1
    assert len(located(frame([(0, 0)], [4]), None, frame([]), **asked).sites) == 0
    apart = located(frame([(0, 0)], [4]), None, frame([(500, 0)]), **asked)
    assert len(apart.sites) == (model == "pmedian")


def test_without_a_column_of_people_each_row_is_one():
    assert located(frame([(0, 0), (0, 0), (3, 0)]), count=1).objective == 3


def test_existing_actors_beside_the_new_sites_are_told():
    found = located(frame([(0, 0)], [4]), frame([(30, 0)], names=["Le Relais"]), count=1)
    site = next(found.sites.itertuples())
    assert (site.existant, site.existant_min) == ("Le Relais", 30)
    assert "acteur existant le plus proche : « Le Relais », à 30 min" in site.raison


def test_the_p_median_sends_people_to_an_actor_who_is_nearer():
    found = located(
        frame([(0, 0), (40, 0)], [4, 4]), frame([(1, 0)], names=["Actuel"]), model="pmedian", count=1, counted=False
    )
    assert found.covered["couvert_par"].tolist()[0] == "Actuel"
    assert found.covered["situation"].tolist() == ["acteur", "site"]
    assert found.objective == pytest.approx(4)
    assert found.sites["gain"].tolist() == [pytest.approx(4 * 39)]


def test_too_many_pairs_are_refused_before_memory_is_full(monkeypatch):
    monkeypatch.setattr("tisserand.processing.analysis.locations.choice.MOST_DENSE", 50)
    points, weights = scattered(10)
    with pytest.raises(TisserandError, match="more than 50 pairs"):
        located(frame(points, weights), model="pmedian")


def test_without_integer_programming_the_search_still_proves_a_bound(monkeypatch):
    points, weights = scattered(120, 7)
    for model in MODELS:
        exact = located(frame(points, weights), model=model, count=8)
        with monkeypatch.context() as patched:
            patched.delattr(location_exact.optimize, "milp")
            found = located(frame(points, weights), model=model, count=8)
        worse = found.objective - exact.objective
        assert (-worse if model == "mclp" else worse) >= -1e-6
        assert found.gap_percent < 15
        assert (found.bound >= found.objective) == (model == "mclp") or found.bound == found.objective


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("when", [0.0, 0.15, 0.5, 0.8])
def test_whoever_waits_may_stop_at_any_time(model, when):
    points, weights = scattered(150)

    def progress(share):
        if share >= when:
            raise CancelledError

    with pytest.raises(CancelledError):
        new_locations(frame(points, weights), None, None, Settings(model, 5, 10.0, WAYS), progress)


def test_the_search_asks_whether_to_stop_again_and_again_and_its_progress_never_falls():
    points, weights = scattered(300, 3, side=40)
    shares = [0.0]
    new_locations(frame(points, weights), None, None, Settings("mclp", 12, 8.0, WAYS, time_limit=3.0), shares.append)
    assert len(shares) > 100
    assert max(np.diff(shares)) < 0.5
    assert (np.diff(shares) >= 0).all()
    assert shares[-1] == 1


def test_a_gap_is_a_share_of_the_larger_number():
    assert gap(90, 100) == pytest.approx(10)
    assert gap(100, 90) == pytest.approx(10)
    assert gap(0, 0) == 0


def test_a_torn_polygon_has_a_place_too():
    torn = shapely.Polygon([(X, Y), (X + 900, Y + 900), (X + 900, Y), (X, Y + 900)])
    polygons = geopandas.GeoDataFrame({"weight": [3.0]}, geometry=[torn], crs=2154)
    assert located(polygons, count=1).objective == 3


def test_places_without_a_name_are_called_by_where_they_are():
    site = next(located(frame([(0, 0)], [4]), count=1).sites.itertuples())
    assert site.nom == "lieu sans nom (650000, 6860000)"
    assert location_places.places(frame([(0, 0), (0, 0)], names=["b", "a"])).names == ["a · b"]
