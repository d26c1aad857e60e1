"""Coverage against the formula written as plain loops, and what must hold whatever the data."""

import math

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.coverage import INDICATORS, Settings, coverage_gaps, reach_by_theme
from tisserand.processing.analysis.ways import CrowFly

METRES_A_MINUTE = 1000.0
PLAIN = Settings(reach=10, ways=CrowFly(speed=60, detour=1.0))
THEMES = ["a", "b", "a|b", "c", ""]
PUBLICS = ["", "jeunes", "familles", "jeunes|familles", "tous-publics"]


def frame(rows, *columns):
    """Return a GeoDataFrame of rows (x, y, value of each column), 1000 m being one minute under PLAIN."""
    table = pd.DataFrame(rows, columns=["x", "y", *columns])
    return geopandas.GeoDataFrame(
        table[list(columns)], geometry=geopandas.points_from_xy(table["x"], table["y"]), crs=2154
    )


def places():
    return st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda xy: (xy[0] * 1000.0, xy[1] * 1000.0))


needs_strategy = st.lists(
    st.tuples(places(), st.integers(0, 50), st.sampled_from(THEMES), st.sampled_from(PUBLICS)), min_size=1, max_size=12
).map(lambda rows: frame([(*xy, *rest) for xy, *rest in rows], "count", "themes", "publics"))
actors_strategy = st.lists(
    st.tuples(places(), st.one_of(st.none(), st.integers(0, 50)), st.sampled_from(THEMES), st.sampled_from(PUBLICS)),
    max_size=12,
).map(
    lambda rows: frame(
        [(*xy, f"id{k}", f"Nom {k}", *rest) for k, (xy, *rest) in enumerate(rows)],
        "id",
        "name",
        "capacity",
        "themes",
        "publics",
    )
)
decays = st.sampled_from(["gaussian", "step", "linear", "none"])


def weight(decay, share):
    if share > 1 + 1e-9:
        return 0.0
    return {
        "gaussian": math.exp(-math.log(100) * share * share),
        "step": 1.0 if share < 1 / 3 + 1e-6 else 0.68 if share < 2 / 3 + 1e-6 else 0.22,
        "linear": max(1 - share, 0.0),
        "none": 1.0,
    }[decay]


def plain_loops(needs, actors, decay, target=1.0):
    """Return {(need, theme): (apl, unmet, cause, eligible)} by loops over needs and actors."""

    def parts(text):
        return {part for part in text.split("|") if part}

    def meet(a, b):
        return not a or not b or "tous-publics" in a | b or bool(a & b)

    def minutes(need, actor):
        return need.geometry.distance(actor.geometry) / METRES_A_MINUTE

    needs, actors = list(needs.itertuples()), list(actors.itertuples())
    known = {actor.id: actor.capacity for actor in actors if actor.capacity is not None and actor.capacity >= 0}
    results = {}
    for theme in {theme for need in needs for theme in parts(need.themes)}:
        asking = [need for need in needs if theme in parts(need.themes)]
        offering = [actor for actor in actors if theme in parts(actor.themes)]
        of_theme = [known[actor.id] for actor in offering if actor.id in known]
        guess = np.median(of_theme or list(known.values())) if known else None
        for need in asking:
            near = [actor for actor in offering if minutes(need, actor) <= 10 + 1e-9]
            mine = [actor for actor in near if meet(parts(need.publics), parts(actor.publics))]
            apl = 0.0
            for actor in mine:
                asked = sum(
                    other.count * weight(decay, minutes(other, actor) / 10)
                    for other in asking
                    if meet(parts(other.publics), parts(actor.publics))
                )
                if guess is not None and asked > 0:
                    apl += known.get(actor.id, guess) / asked * weight(decay, minutes(need, actor) / 10)
            if guess is None and mine:
                apl = target
            unmet = need.count * max(0.0, 1 - apl / target) if apl / target < 1 - 1e-9 else 0.0
            cause = "couvert" if unmet == 0 else "capacite" if mine else "public" if near else "hors_portee"
            results[need.Index, theme] = (apl, unmet, cause, len(mine))
    return results


@settings(deadline=None, max_examples=100)
@given(needs_strategy, actors_strategy, decays, st.sampled_from([0.5, 1.0, 3.0]))
def test_the_result_is_that_of_the_formula_in_plain_loops(needs, actors, decay, target):
    actors["capacity"] = actors["capacity"].astype(object).where(actors["capacity"].notna(), None)
    rows = coverage_gaps(needs, actors, PLAIN._replace(decay=decay, target=target)).rows
    expected = plain_loops(needs, actors, decay, target)
    assert list(zip(rows["need"], rows["theme"])) == [
        (k, theme) for k, text in enumerate(needs["themes"]) for theme in text.split("|") if theme
    ]
    for row in rows.itertuples():
        apl, unmet, cause, eligible = expected[row.need, row.theme]
        assert row.apl == pytest.approx(apl, rel=1e-9)
        assert row.ratio == pytest.approx(apl / target, rel=1e-9)
        assert row.non_couvert == pytest.approx(unmet, rel=1e-9, abs=1e-9)
        assert (row.cause, row.n_acteurs) == (cause, eligible)


def shuffled(table, seed):
    return table.iloc[np.random.default_rng(seed).permutation(len(table))].reset_index(drop=True)


def values_of(rows):
    """Return the rows as sorted tuples of text: equal when everything is equal, to the last digit."""
    return sorted(map(repr, rows[[*INDICATORS]].assign(at=rows.geometry.to_wkt()).itertuples(index=False, name=None)))


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy, decays, st.integers(0, 99))
def test_shuffled_rows_give_the_identical_result(needs, actors, decay, seed):
    how = PLAIN._replace(decay=decay, robustness=True)
    assert values_of(coverage_gaps(needs, actors, how).rows) == values_of(
        coverage_gaps(shuffled(needs, seed), shuffled(actors, seed + 1), how).rows
    )


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy, decays)
def test_shifting_everything_by_a_thousand_kilometres_changes_nothing(needs, actors, decay):
    how = PLAIN._replace(decay=decay)
    here = coverage_gaps(needs, actors, how).rows
    for layer in (needs, actors):
        layer["geometry"] = layer.geometry.translate(1e6, 1e6)
    there = coverage_gaps(needs, actors, how).rows
    exact = ["theme", "cause", "n_acteurs", "plus_proche"]
    assert here[exact].equals(there[exact])
    numbers = ["apl", "non_couvert", "plus_proche_min"]
    np.testing.assert_allclose(there[numbers].astype(float), here[numbers].astype(float), rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy.filter(lambda actors: actors["capacity"].notna().any()), decays)
def test_doubling_every_capacity_doubles_the_access(needs, actors, decay):
    how = PLAIN._replace(decay=decay)
    once = coverage_gaps(needs, actors, how).rows["apl"]
    twice = coverage_gaps(needs, actors.assign(capacity=actors["capacity"] * 2), how).rows["apl"]
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12)


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy.filter(len), decays, st.integers(0, 40))
def test_two_actors_at_one_place_serve_like_one_with_their_places_together(needs, actors, decay, places):
    how = PLAIN._replace(decay=decay)
    actors["capacity"] = actors["capacity"].astype(float).fillna(7.0)
    one, other = actors.copy(), actors.iloc[[0]].assign(id="z", capacity=float(places))
    one.loc[0, "capacity"] += places
    two = pd.concat([actors, other], ignore_index=True)
    np.testing.assert_allclose(
        coverage_gaps(needs, two, how).rows["apl"], coverage_gaps(needs, one, how).rows["apl"], rtol=1e-9
    )


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy, decays)
def test_splitting_a_need_at_its_place_leaves_every_access_as_it_was(needs, actors, decay):
    how = PLAIN._replace(decay=decay)
    halves = pd.concat([needs, needs]).assign(count=lambda table: table["count"] / 2).reset_index(drop=True)
    whole = coverage_gaps(needs, actors, how).rows["apl"].to_numpy()
    np.testing.assert_allclose(
        coverage_gaps(halves, actors, how).rows["apl"], np.concatenate([whole, whole]), rtol=1e-9
    )


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy, decays)
def test_an_actor_no_one_reaches_changes_no_one(needs, actors, decay):
    how = PLAIN._replace(decay=decay)
    actors["capacity"] = actors["capacity"].astype(float).fillna(7.0)
    far = frame([(9e5, 9e5, "far", "Loin", 5.0, "a|b|c", "")], "id", "name", "capacity", "themes", "publics")
    before = coverage_gaps(needs, actors, how).rows
    after = coverage_gaps(needs, pd.concat([actors, far], ignore_index=True), how).rows
    assert before["apl"].equals(after["apl"])


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy, decays.filter(lambda decay: decay != "linear"))
def test_the_places_handed_out_are_the_places_of_the_actors_someone_reaches(needs, actors, decay):
    needs, actors = needs.assign(themes="a", publics=""), actors.assign(themes="a", publics="")
    actors["capacity"] = actors["capacity"].astype(float).fillna(7.0)
    rows = coverage_gaps(needs, actors, PLAIN._replace(decay=decay)).rows
    asking = needs[needs["count"] > 0]
    reached = [actor.capacity for actor in actors.itertuples() if (asking.distance(actor.geometry) <= 10000.0001).any()]
    assert (rows["apl"] * rows["besoin"]).sum() == pytest.approx(sum(reached), rel=1e-9)


@settings(deadline=None, max_examples=40)
@given(needs_strategy, actors_strategy, places(), st.integers(0, 20), decays)
def test_one_more_actor_never_leaves_more_people_uncovered(needs, actors, place, places, decay):
    how = PLAIN._replace(decay=decay)
    actors["capacity"] = actors["capacity"].astype(float).fillna(7.0)
    one = frame([(*place, "new", "Nom", float(places), "a|b|c", "")], *actors.columns.drop("geometry"))
    before = coverage_gaps(needs, actors.assign(themes="a|b|c"), how).rows["non_couvert"]
    after = coverage_gaps(needs, pd.concat([actors.assign(themes="a|b|c"), one], ignore_index=True), how).rows
    assert (after["non_couvert"] <= before + 1e-9).all()


@pytest.mark.parametrize("decay", ["gaussian", "step", "linear", "none"])
@pytest.mark.parametrize("origin", [0.0, 1e6 + 0.1, 6868123.4])
def test_a_need_at_exactly_the_reach_counts_as_reached(decay, origin):
    how = Settings(reach=20, decay=decay)
    needs = frame([(origin, origin, 4)], "count")
    there = frame([(origin + how.ways.metres(20), origin, 4)], "capacity")
    beyond = frame([(origin + how.ways.metres(20) + 0.01, origin, 4)], "capacity")
    assert coverage_gaps(needs, there, how).rows["n_acteurs"].tolist() == [1]
    assert coverage_gaps(needs, beyond, how).rows["cause"].tolist() == ["hors_portee"]


def test_minutes_are_metres_by_detour_and_speed():
    rows = coverage_gaps(frame([(0, 0, 1)], "count"), frame([(5000, 0, "x")], "id"), Settings()).rows
    assert rows["plus_proche_min"].iloc[0] == pytest.approx(5 * 1.3 / 50 * 60)


def test_the_three_causes_and_the_covered_are_told_apart():
    needs = frame(
        [(0, 0, 5, "jeunes"), (0, 0, 5, "familles"), (90000, 0, 5, ""), (0, 0, 0, "familles")], "count", "publics"
    )
    actors = frame([(0, 0, 3, "jeunes")], "capacity", "publics")
    assert coverage_gaps(needs, actors, PLAIN).rows["cause"].tolist() == [
        "capacite",
        "public",
        "hors_portee",
        "couvert",
    ]


def test_the_nearest_actor_is_named_beyond_the_reach_and_a_tie_goes_to_the_lowest_identifier():
    needs = frame([(0, 0)])
    actors = frame([(50000, 0, "b"), (0, 50000, "a"), (-50000, 0, "c"), (60000, 0, "0")], "id")
    row = coverage_gaps(needs, actors, PLAIN).rows.iloc[0]
    assert (row.plus_proche, row.plus_proche_min, row.cause) == ("a", pytest.approx(50), "hors_portee")


def test_the_best_five_are_told_with_share_and_time_best_first():
    needs = frame([(0, 0, 10)], "count")
    actors = frame([(1000 * k, 0, f"N{k}", 10) for k in range(7)], "name", "capacity")
    top = coverage_gaps(needs, actors, PLAIN._replace(decay="none")).rows["top5"].iloc[0]
    assert top == "N0 (14 %, 0 min) | N1 (14 %, 1 min) | N2 (14 %, 2 min) | N3 (14 %, 3 min) | N4 (14 %, 4 min)"


def test_an_unknown_capacity_is_the_median_of_its_theme_and_its_share_is_said():
    needs = frame([(0, 0, 10, "a")], "count", "themes")
    actors = frame([(0, 0, 2, "a"), (0, 0, 4, "a"), (0, 0, None, "a"), (0, 0, 99, "b")], "capacity", "themes")
    row = coverage_gaps(needs, actors, PLAIN).rows.iloc[0]
    assert row.apl == pytest.approx(0.9)
    assert row.capacite_imputee == pytest.approx(3 / 9)


def test_without_any_known_capacity_whoever_reaches_an_eligible_actor_is_covered():
    needs = frame([(0, 0, 10), (90000, 0, 10)], "count")
    for actors in (frame([(0, 0)]), frame([(0, 0, None)], "capacity")):
        coverage = coverage_gaps(needs, actors, PLAIN._replace(target=2.0))
        assert coverage.rows["apl"].tolist() == [2.0, 0.0]
        assert coverage.rows["cause"].tolist() == ["couvert", "hors_portee"]
        assert coverage.rows["capacite_imputee"].iloc[0] == 1
        assert coverage.notes.capacity_unknown


def test_a_capacity_of_zero_is_zero_and_a_negative_one_is_unknown():
    needs = frame([(0, 0, 10)], "count")
    coverage = coverage_gaps(needs, frame([(0, 0, 0), (0, 0, -5), (0, 0, 6)], "capacity"), PLAIN)
    assert coverage.rows["apl"].iloc[0] == pytest.approx((0 + 3 + 6) / 10)
    assert coverage.notes.negative_capacities == [1]


def test_a_missing_or_negative_count_is_one_person_and_is_reported():
    coverage = coverage_gaps(frame([(0, 0, None), (0, 0, -3), (0, 0, 0)], "count"), frame([]), PLAIN)
    assert coverage.rows["besoin"].tolist() == [1, 1, 0]
    assert coverage.notes.needs_without_count == [0, 1]
    assert coverage.notes.negative_counts == [1]


def test_a_need_without_a_theme_is_reported_and_has_no_row():
    coverage = coverage_gaps(frame([(0, 0, "a"), (0, 0, None)], "themes"), frame([(0, 0, "b")], "themes"), PLAIN)
    assert coverage.rows["need"].tolist() == [0]
    assert coverage.notes.needs_without_theme == [1]
    assert coverage.notes.themes_without_actor == ["a"]
    assert coverage.notes.themes_without_need == ["b"]


def test_without_themes_on_one_side_every_actor_serves_every_need():
    themed, plain = frame([(0, 0, "a")], "themes"), frame([(0, 0)])
    assert coverage_gaps(plain, themed, PLAIN).rows[["theme", "cause"]].to_numpy().tolist() == [["", "couvert"]]
    assert coverage_gaps(themed, plain, PLAIN).rows[["theme", "cause"]].to_numpy().tolist() == [["a", "couvert"]]


def test_each_theme_has_its_own_reach():
    needs, actors = frame([(0, 0, "a|b")], "themes"), frame([(15000, 0, "a|b")], "themes")
    rows = coverage_gaps(needs, actors, PLAIN._replace(reach_by_theme=reach_by_theme("b=15"))).rows
    assert rows["cause"].tolist() == ["hors_portee", "couvert"]


def test_a_need_whose_reach_leaves_the_study_area_is_marked():
    needs = frame([(50000, 50000), (5000, 50000), (-1, 0)])
    area = shapely.box(0, 0, 100000, 100000)
    assert coverage_gaps(needs, frame([(0, 0)]), PLAIN, area).rows["effet_bord"].tolist() == [False, True, True]
    assert coverage_gaps(needs, frame([(0, 0)]), PLAIN).rows["effet_bord"].isna().all()


def test_robustness_is_one_for_a_need_left_out_under_any_setting_and_zero_for_one_always_covered():
    needs = frame([(0, 0, 1)] * 4 + [(90000, 0, 1)], "count")
    actors = frame([(0, 0, 100)], "capacity")
    rows = coverage_gaps(needs, actors, PLAIN._replace(robustness=True)).rows
    assert rows["robustesse"].tolist() == [0, 0, 0, 0, 1]


def test_no_need_gives_no_row_but_all_columns():
    rows = coverage_gaps(frame([], "count", "themes"), frame([(0, 0)]), PLAIN).rows
    assert len(rows) == 0
    assert set(INDICATORS) <= set(rows.columns)


def test_a_polygon_stands_at_a_point_inside_it():
    ring = shapely.box(0, 0, 30000, 30000) - shapely.box(1000, 1000, 29000, 29000)
    needs = geopandas.GeoDataFrame({"count": [3]}, geometry=[ring], crs=2154)
    assert ring.contains(coverage_gaps(needs, frame([(0, 0)]), PLAIN).rows.geometry.iloc[0])


@pytest.mark.parametrize("text", ["a", "a=", "a=x", "=5", "a=0", "a=-3", "a=5;b", "a=inf", "a=nan"])
def test_a_bad_reach_by_theme_is_refused_by_name(text):
    with pytest.raises(TisserandError, match="is not a reach by theme"):
        reach_by_theme(text)


def test_reaches_by_theme_are_read():
    assert reach_by_theme(" a=15; b = 2,5 ;") == (("a", 15.0), ("b", 2.5))
    assert reach_by_theme(None) == reach_by_theme("") == ()


@pytest.mark.parametrize("name", ["reach", "target"])
def test_a_setting_of_zero_is_refused_by_name(name):
    with pytest.raises(TisserandError, match=f"{name.upper()} is 0"):
        coverage_gaps(frame([(0, 0)]), frame([]), Settings()._replace(**{name: 0}))


@pytest.mark.parametrize("name", ["speed", "detour"])
def test_ways_that_lead_nowhere_are_refused_by_name(name):
    with pytest.raises(TisserandError, match=f"{name.upper()} is 0"):
        coverage_gaps(frame([(0, 0)]), frame([]), Settings(ways=CrowFly()._replace(**{name: 0})))
