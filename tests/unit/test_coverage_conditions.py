"""Conditions put to an offer: against the formula in plain loops, and what is not known is never taken for a no."""

import itertools
import math

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.processing.analysis.conditions import Conditions, facts_of
from tisserand.processing.analysis.coverage import Settings, coverage_gaps
from tisserand.processing.analysis.openings import slot_of
from tisserand.processing.analysis.ways import CrowFly

PLAIN = Settings(reach=10, ways=CrowFly(speed=60, detour=1.0))
COLUMNS = ("id", "capacity", "publics", "cost", "modes", "itinerant", "audience")
COSTS = ["gratuit", "payant", None]
MODES = ["en-presentiel", "a-distance", "a-distance|en-presentiel", None]
AUDIENCES = ["public", "pro", "interne", None]


def frame(rows, *columns):
    table = pd.DataFrame(rows, columns=["x", "y", *columns], dtype=object)
    points = geopandas.points_from_xy(table["x"].astype(float), table["y"].astype(float))
    return geopandas.GeoDataFrame(table[list(columns)], geometry=points, crs=2154)


places = st.tuples(st.integers(0, 25).map(lambda km: km * 1000.0), st.just(0.0))
some_needs = st.lists(
    st.tuples(places, st.integers(0, 9), st.sampled_from(["", "jeunes"])), min_size=1, max_size=6
).map(lambda rows: frame([(*xy, *rest) for xy, *rest in rows], "count", "publics"))
some_actors = st.lists(
    st.tuples(
        places,
        st.sampled_from([None, 0.0, 3.0, 8.0]),
        st.sampled_from(["", "familles", "jeunes"]),
        st.sampled_from(COSTS),
        st.sampled_from(MODES),
        st.sampled_from([True, False, None]),
        st.sampled_from(AUDIENCES),
    ),
    max_size=6,
).map(lambda rows: frame([(*xy, f"a{number}", *rest) for number, (xy, *rest) in enumerate(rows)], *COLUMNS))
asked_of = st.builds(
    Conditions,
    slot=st.none(),
    year=st.just(2026),
    minutes=st.just(60),
    free=st.booleans(),
    mode=st.sampled_from(["", "en-presentiel", "a-distance"]),
    rounds=st.sampled_from([None, True, False]),
    audience=st.sampled_from(["interne", "pro", "public"]),
    strict=st.booleans(),
)


def verdicts(actor, asked):
    """Return what each condition says of an actor: True, False, None for not known."""
    said = {}
    if asked.free:
        said["cout"] = {"gratuit": True, "payant": False, None: None}[actor.cost]
    if asked.mode:
        said["accueil"] = None if actor.modes is None else asked.mode in actor.modes.split("|")
    if asked.rounds is not None:
        said["itinerance"] = None if actor.itinerant is None else actor.itinerant == asked.rounds
    if asked.audience != "interne":
        # Who may read of it is not said: the Département alone.
        said["diffusion"] = (actor.audience or "interne") in ("public", asked.audience)
    return said


def plain_loops(needs, actors, asked, afar):
    """Return for each need the gap, its bounds and what each condition takes away, by loops over subsets of actors."""
    needs, actors = list(needs.itertuples()), list(actors.itertuples())
    known = [actor.capacity for actor in actors if actor.capacity is not None]
    guess = np.median(known) if known else None

    def weight(need, actor):
        meet = not need.publics or not actor.publics or need.publics == actor.publics
        if afar and actor.modes and "a-distance" in actor.modes:
            return float(meet)
        share = need.geometry.distance(actor.geometry) / 10_000
        return math.exp(-math.log(100) * share**2) if meet and share <= 1 + 1e-9 else 0.0

    def gap(need, chosen, unknown=guess):
        mine = [actor for actor in chosen if weight(need, actor) > 0]
        if guess is None:
            return 0.0 if mine else float(need.count)
        apl = 0.0
        for actor in mine:
            people = sum(other.count * weight(other, actor) for other in needs)
            places = unknown if actor.capacity is None else actor.capacity
            apl += places / people * weight(need, actor) if people else 0.0
        return need.count * max(0.0, 1 - apl) if apl < 1 - 1e-9 else 0.0

    def those(keep):
        return [actor for actor in actors if all(keep(said) for said in verdicts(actor, asked).values())]

    kept = those(lambda said: said if asked.strict else said is not False)
    possible, sure = those(lambda said: said is not False), those(bool)
    found = []
    for need in needs:
        plain = gap(need, actors)
        most = gap(need, sure, 0.0) if guess is not None else gap(need, sure)
        enough = guess is not None and any(weight(need, a) > 0 and a.capacity is None for a in possible)
        least = 0.0 if enough else gap(need, possible)
        lost = {}
        for name in verdicts(actors[0], asked) if actors else ():
            alone = [
                actor
                for actor in actors
                if (said := verdicts(actor, asked)[name]) is True or (said is None and not asked.strict)
            ]
            lost[name] = gap(need, alone) - plain
        found.append((gap(need, kept), least, most, gap(need, kept) - plain, lost))
    return found


@settings(deadline=None, max_examples=150)
@given(some_needs, some_actors, asked_of, st.booleans())
def test_gap_bounds_and_losses_are_those_of_the_formula_in_plain_loops(needs, actors, asked, afar):
    rows = coverage_gaps(needs, actors, PLAIN._replace(conditions=asked, afar=afar)).rows
    for row, (gap, least, most, lost, alone) in zip(rows.itertuples(), plain_loops(needs, actors, asked, afar)):
        assert row.non_couvert == pytest.approx(gap, abs=1e-9)
        assert row.perdus == pytest.approx(lost, abs=1e-9)
        assert row.non_couvert_min == pytest.approx(min(least, gap), abs=1e-9)
        assert row.non_couvert_max == pytest.approx(max(most, gap), abs=1e-9)
        for name in ("cout", "accueil", "itinerance", "diffusion"):
            assert getattr(row, f"perdus_{name}") == pytest.approx(alone.get(name, 0.0), abs=1e-9)
        assert (row.frein is None) == (max(alone.values(), default=0.0) < 1e-9)


@settings(deadline=None, max_examples=60)
@given(some_needs, some_actors, asked_of)
def test_the_gap_lies_between_its_bounds_and_what_all_conditions_take_is_at_least_what_one_takes(needs, actors, asked):
    rows = coverage_gaps(needs, actors, PLAIN._replace(conditions=asked)).rows
    assert (rows["non_couvert_min"] <= rows["non_couvert"]).all()
    assert (rows["non_couvert"] <= rows["non_couvert_max"]).all()
    assert (rows["non_couvert_max"] <= rows["besoin"]).all()
    for name in ("cout", "accueil", "itinerance", "diffusion"):
        assert (rows[f"perdus_{name}"] <= rows["perdus"] + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(some_needs, some_actors, asked_of)
def test_asking_more_never_covers_more(needs, actors, asked):
    plain = coverage_gaps(needs, actors, PLAIN).rows["non_couvert"]
    assert (coverage_gaps(needs, actors, PLAIN._replace(conditions=asked)).rows["non_couvert"] >= plain - 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(some_needs, some_actors, asked_of, st.booleans(), st.integers(0, 99))
def test_shuffled_rows_give_the_identical_result(needs, actors, asked, afar, seed):
    def values(needs, actors):
        rows = coverage_gaps(needs, actors, PLAIN._replace(conditions=asked, afar=afar, robustness=True)).rows
        rows = rows.assign(at=rows.geometry.to_wkt()).drop(columns=["need", "geometry"])
        return sorted(map(repr, rows.itertuples(index=False, name=None)))

    turns = np.random.default_rng(seed)
    mixed = (table.iloc[turns.permutation(len(table))].reset_index(drop=True) for table in (needs, actors))
    assert values(needs, actors) == values(*mixed)


@settings(deadline=None, max_examples=40)
@given(some_needs, some_actors)
def test_who_receives_at_a_distance_is_reached_by_everyone_when_asked(needs, actors):
    actors = actors.assign(publics="", modes="a-distance", capacity=5.0)
    needs = needs.assign(publics="", count=needs["count"] + 1)
    rows = coverage_gaps(needs, actors, PLAIN._replace(afar=True)).rows
    assert (rows["n_acteurs"] == len(actors)).all()
    assert (rows["apl"] * rows["besoin"]).sum() == pytest.approx(5 * len(actors))
    if len(actors):
        assert rows["top5"].str.contains("à distance").all()


def test_the_counts_say_of_how_many_actors_what_is_known():
    needs = frame([(0, 0, 4)], "count")
    actors = frame(
        [
            (0, 0, "a", 1, "", "gratuit", "en-presentiel", True, "public"),
            (0, 0, "b", 1, "", "payant", "a-distance|en-presentiel", None, "interne"),
            (0, 0, "c", 1, "", None, None, False, "pro"),
        ],
        *COLUMNS,
    )
    row = coverage_gaps(needs, actors, PLAIN).rows.iloc[0]
    assert (row.n_a_portee, row.n_gratuits, row.n_sur_place, row.n_a_distance, row.n_itinerants) == (3, 1, 2, 1, 1)
    assert row.n_non_publies == 2
    known = (row.frais_connus, row.modes_connus, row.itinerance_connue)
    assert known == (pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert row.n_ouverts is None
    assert math.isnan(row.horaires_connus)


def test_without_the_columns_nothing_is_said():
    row = coverage_gaps(frame([(0, 0, 4)], "count"), frame([(0, 0, 4)], "capacity"), PLAIN).rows.iloc[0]
    assert row[["n_ouverts", "n_gratuits", "n_sur_place", "n_a_distance", "n_itinerants", "n_non_publies"]].isna().all()
    assert row[["frais_connus", "modes_connus", "itinerance_connue"]].isna().all()


@pytest.mark.parametrize(("capacities", "choice"), [([5], False), ([5, 5], True), ([], False)])
def test_choice_is_two_actors_or_more(capacities, choice):
    actors = frame([(0, 0, places) for places in capacities], "capacity")
    assert coverage_gaps(frame([(0, 0, 4)], "count"), actors, PLAIN).rows["choix"].tolist() == [choice]


def test_an_actor_of_whom_the_cost_is_not_known_is_kept_or_left_out_as_asked_and_both_are_said():
    needs = frame([(0, 0, 4)], "count")
    actors = frame([(0, 0, 4, None)], "capacity", "cost")
    kept = coverage_gaps(needs, actors, PLAIN._replace(conditions=Conditions(free=True))).rows.iloc[0]
    out = coverage_gaps(needs, actors, PLAIN._replace(conditions=Conditions(free=True, strict=True))).rows.iloc[0]
    assert (kept.cause, out.cause) == ("couvert", "hors_portee")
    assert (out.frein, out.perdus) == ("cout", 4)
    for row in (kept, out):
        assert (row.non_couvert_min, row.non_couvert_max, row.doutes) == (0, 4, "conditions")


def test_who_is_left_out_on_wednesday_afternoon_for_free_is_told_by_the_condition_that_weighs_most():
    pytest.importorskip("opening_hours", reason="opening-hours-py reads opening hours: make setup")
    needs = frame([(0, 0, 10)], "count")
    actors = frame(
        [(0, 0, 6, "Mo 09:00-12:00", "gratuit"), (0, 0, 4, "We 14:00-17:00", "payant")], "capacity", "hours", "cost"
    )
    asked = Conditions(slot=slot_of("mercredi 14h-17h"), free=True)
    row = coverage_gaps(needs, actors, PLAIN._replace(conditions=asked)).rows.iloc[0]
    assert (row.cause, row.non_couvert, row.perdus) == ("hors_portee", 10, 10)
    assert (row.frein, row.perdus_horaires, row.perdus_cout) == ("horaires", pytest.approx(6), pytest.approx(4))
    assert (row.n_ouverts, row.n_gratuits, row.horaires_connus) == (1, 1, 1.0)


def test_without_the_package_that_reads_hours_they_are_unknown_and_that_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opening_hours", None)
    actors = frame([(0, 0, 4, "Mo 09:00-12:00")], "capacity", "hours")
    asked = Conditions(slot=slot_of("We 14:00-17:00"))
    coverage = coverage_gaps(frame([(0, 0, 4)], "count"), actors, PLAIN._replace(conditions=asked))
    assert coverage.facts.without_hours
    assert coverage.rows["cause"].tolist() == ["couvert"]
    assert coverage.rows["n_ouverts"].tolist() == [None]


def test_words_that_are_no_code_are_named_and_unknown():
    actors = pd.DataFrame(
        {
            "cost": ["gratuit", "cher", "gratuit|payant", None],
            "modes": ["sur place", "EN-PRESENTIEL", "a-distance;fax", ""],
            "itinerant": [1.0, "non", "peut-être", None],
            "round": [None, None, None, "lundi au marché"],
            "audience": ["public", "secret", "pro", None],
        }
    )
    facts = facts_of(actors, Conditions())
    expected = {
        "free": [1, np.nan, np.nan, np.nan],
        "on_site": [np.nan, 1, 0, np.nan],
        "at_a_distance": [np.nan, 0, 1, np.nan],
        "itinerant": [1, 0, np.nan, 1],
        "reader": [0, 2, 1, 2],
    }
    for column, values in expected.items():
        np.testing.assert_array_equal(facts.table[column], values, err_msg=column)
    assert facts.unknown_words == {
        "cost": ["cher"],
        "modes": ["fax", "sur place"],
        "itinerant": ["peut-être"],
        "audience": ["secret"],
    }


def test_actors_kept_from_the_reader_are_not_published_and_never_no_offer():
    needs, actors = frame([(0, 0, 4)], "count"), frame([(0, 0, 4, "interne")], "capacity", "audience")
    states = {}
    for audience in ("interne", "pro", "public"):
        asked = PLAIN._replace(conditions=Conditions(audience=audience))
        row = coverage_gaps(needs, actors, asked).rows.iloc[0]
        states[audience] = (row.cause, row.etat_offre, row.frein)
    hidden = ("hors_portee", "non-publie", "diffusion")
    assert states == {"interne": ("couvert", "offre", None), "pro": hidden, "public": hidden}


def test_one_search_serves_all_themes_as_one_search_each():
    random = np.random.default_rng(5)
    at = random.uniform(0, 30_000, (60, 2))
    themes = [f"t{number}" for number in range(9)]
    needs = frame([(*xy, 3, themes[k % 7]) for k, xy in enumerate(at[:30])], "count", "themes")
    actors = frame([(*xy, f"a{k}", 5, themes[k % 9]) for k, xy in enumerate(at[30:])], "id", "capacity", "themes")
    how = PLAIN._replace(robustness=True)
    together = coverage_gaps(needs, actors, how).rows

    class OneByOne:
        """Ways that are not known to be straight lines."""

        near, nearest, metres = how.ways.near, how.ways.nearest, how.ways.metres

    apart = coverage_gaps(needs, actors, how._replace(ways=OneByOne())).rows
    pd.testing.assert_frame_equal(pd.DataFrame(together), pd.DataFrame(apart), rtol=1e-12)
    both = list(itertools.chain(together["theme"], together["plus_proche"]))
    assert len(both) == 60
