"""How sure a gap is: not surveyed, not published, not known are never taken for nothing."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from tisserand.processing.analysis.coverage import Settings, coverage_gaps
from tisserand.processing.analysis.surveyed import share_inside, share_within, survey_of
from tisserand.processing.analysis.territories import by_territory
from tisserand.processing.analysis.ways import CrowFly

PLAIN = Settings(reach=10, ways=CrowFly(speed=60, detour=1.0))
DAY = "2026-03-02"


def points(rows, *columns):
    table = pd.DataFrame(rows, columns=["x", "y", *columns])
    return geopandas.GeoDataFrame(
        table[list(columns)], geometry=geopandas.points_from_xy(table["x"], table["y"]), crs=2154
    )


def grid(surveyed, side=8_000, **columns):
    """Return square communes in a row from west to east, surveyed or not."""
    boxes = [shapely.box(side * k, 0, side * (k + 1), side) for k in range(len(surveyed))]
    codes = [f"{k:02d}" for k in range(len(surveyed))]
    return geopandas.GeoDataFrame(
        {"code": codes, "name": codes, "surveyed": surveyed, **columns}, geometry=boxes, crs=2154
    )


def row_of(needs, actors, territories, settings=PLAIN):
    return coverage_gaps(needs, actors, settings, survey=survey_of(territories)).rows.iloc[0]


NEED = points([(4_000, 4_000, 5)], "count")
NOBODY = points([], "capacity")


@pytest.mark.parametrize(
    ("surveyed", "state", "share"),
    [
        ([DAY, DAY], "aucune", 1.0),
        ([DAY, None], "non-recense", 0.5),
        ([None, None], "non-recense", 0.0),
        # The second is 16 km away, beyond the reach.
        ([DAY, DAY, None], "aucune", 1.0),
    ],
)
def test_there_is_no_offer_only_where_all_in_reach_was_surveyed(surveyed, state, share):
    row = row_of(NEED, NOBODY, grid(surveyed))
    assert (row.etat_offre, row.part_recensee) == (state, pytest.approx(share))
    assert ("recensement" in (row.doutes or "")) == (share < 1)


def test_without_a_survey_nothing_is_claimed():
    for territories in (None, grid([DAY]).drop(columns="surveyed"), grid([])):
        row = row_of(NEED, NOBODY, territories)
        assert row.etat_offre == "inconnue"
        assert np.isnan(row.part_recensee)


def test_an_actor_in_reach_is_an_offer_whatever_its_public_or_capacity():
    row = row_of(NEED.assign(publics="jeunes"), points([(0, 0, 0, "seniors")], "capacity", "publics"), grid([None]))
    assert (row.etat_offre, row.cause) == ("offre", "public")


def test_the_own_territory_counts_though_its_middle_is_beyond_the_reach():
    wide = grid([None, DAY], side=60_000)
    row = row_of(points([(1_000, 1_000, 5)], "count"), NOBODY, wide)
    assert (row.etat_offre, row.part_recensee) == ("non-recense", 0)


def test_the_share_around_a_place_is_that_of_plain_loops():
    random = np.random.default_rng(3)
    territories = grid([DAY if flag else None for flag in random.random(20) < 0.6])
    survey = survey_of(territories)
    at = np.column_stack([random.uniform(0, 160_000, 40), random.uniform(0, 8_000, 40)])
    for (x, y), found in zip(at, share_within(survey, at, 15_000)):
        middle = territories.geometry.centroid
        near = (np.hypot(middle.x - x, middle.y - y) <= 15_000) | territories.contains(shapely.Point(x, y))
        assert found == pytest.approx(territories["surveyed"][near].notna().mean())


def test_a_larger_territory_is_surveyed_when_all_within_it_are():
    communes = grid([DAY, DAY, DAY, None], level="commune")
    larger = geopandas.GeoDataFrame(
        {"code": ["e1", "e2", "e3"], "name": ["e1", "e2", "e3"], "surveyed": None, "level": "epci"},
        geometry=[
            shapely.box(0, 0, 16_000, 8_000),
            shapely.box(16_000, 0, 32_000, 8_000),
            shapely.box(9e5, 0, 9.1e5, 9),
        ],
        crs=2154,
    )
    both = pd.concat([communes, larger], ignore_index=True)
    assert share_inside(survey_of(both), both).tolist() == [1, 1, 1, 0, 1, 0.5, 0]
    needs, actors = points([(4_000, 4_000, 5, "x")], "count", "themes"), points([], "capacity", "themes")
    rows = by_territory(coverage_gaps(needs, actors, PLAIN).rows, actors, both).rows.set_index("code")
    assert rows["recense"].to_dict() == {"00": 1, "01": 1, "02": 1, "03": 0, "e1": 1, "e2": 0, "e3": 0}
    assert rows["etat_offre"].loc[["e1", "e2", "00", "03"]].tolist() == [
        "aucune",
        "non-recense",
        "aucune",
        "non-recense",
    ]


def test_a_surveyed_larger_territory_covers_its_communes():
    communes = grid([None, None], level="commune")
    departement = communes.dissolve().assign(level="departement", surveyed=DAY, code="33")
    both = pd.concat([communes, departement], ignore_index=True)
    assert survey_of(both).done.tolist() == [True, True]


def test_actors_that_are_not_public_stay_apart_in_a_territory():
    actors = points(
        [(4_000, 4_000, 9, "x", "interne"), (4_000, 4_000, 9, "y", "public")], "capacity", "themes", "audience"
    )
    needs = points([(4_000, 4_000, 5, "x|y")], "count", "themes")
    coverage = coverage_gaps(needs, actors, PLAIN)
    inner = by_territory(coverage.rows, actors, grid([DAY]), coverage.facts.table["reader"]).rows
    outer = by_territory(coverage.rows, actors, grid([DAY]), coverage.facts.table["reader"], audience=0).rows
    columns = ["n_acteurs", "n_non_publies", "etat_offre"]
    assert inner[columns].to_numpy().tolist() == [[1, 1, "offre"], [1, 0, "offre"]]
    assert outer[columns].to_numpy().tolist() == [[0, 1, "non-publie"], [1, 0, "offre"]]


def test_an_unknown_count_is_said_and_never_zero():
    needs = points([(4_000, 4_000, None), (4_000, 4_000, 7)], "count")
    coverage = coverage_gaps(needs, NOBODY, PLAIN).rows
    assert coverage["effectif"].tolist() == ["inconnu", "connu"]
    assert coverage["besoin"].tolist() == [1, 7]
    assert coverage["doutes"].tolist() == ["effectif", None]
    row = by_territory(coverage, NOBODY, grid([DAY])).rows.iloc[0]
    assert (row.n_besoins, row.n_inconnus, row.besoin) == (2, 1, 8)
    plain = coverage_gaps(needs.drop(columns="count"), NOBODY, PLAIN).rows
    assert set(plain["effectif"]) == {"un par besoin"}
    assert plain["doutes"].isna().all()


def test_the_gap_is_told_with_and_without_the_capacities_that_are_guessed():
    needs = points([(0, 0, 10)], "count")
    actors = points([(0, 0, 4), (0, 0, None)], "capacity")
    row = coverage_gaps(needs, actors, PLAIN).rows.iloc[0]
    assert (row.non_couvert_min, row.non_couvert, row.non_couvert_max) == (0, pytest.approx(2), pytest.approx(6))
    assert (row.doutes, row.confiance) == ("capacites", "moyenne")


def test_a_guess_that_changes_little_is_no_doubt():
    needs = points([(0, 0, 10)], "count")
    row = coverage_gaps(needs, points([(0, 0, 50), (0, 0, None)], "capacity"), PLAIN).rows.iloc[0]
    assert (row.non_couvert_max, row.doutes, row.confiance) == (0, None, "forte")


def test_where_no_capacity_is_known_the_bounds_judge_none():
    row = coverage_gaps(points([(0, 0, 10)], "count"), points([(0, 0, None)], "capacity"), PLAIN).rows.iloc[0]
    assert (row.non_couvert_min, row.non_couvert, row.non_couvert_max) == (0, 0, 0)


def test_two_doubts_are_weak_and_a_border_is_one():
    needs = points([(1_000, 1_000, None)], "count")
    area = shapely.box(0, 0, 50_000, 50_000)
    row = coverage_gaps(needs, NOBODY, PLAIN, area).rows.iloc[0]
    assert (row.doutes, row.confiance) == ("effectif | bord", "faible")


def test_the_confidence_of_a_territory_is_that_of_most_people():
    needs = points([(4_000, 4_000, 90), (4_000, 4_000, None), (12_000, 4_000, None)], "count")
    coverage = coverage_gaps(needs, NOBODY, PLAIN).rows
    rows = by_territory(coverage, NOBODY, grid([DAY, DAY, DAY])).rows
    assert rows["confiance"].tolist() == ["forte", "moyenne", None]


def test_people_without_a_choice_and_what_conditions_take_add_up_by_territory():
    from tisserand.processing.analysis.conditions import Conditions

    needs = points([(4_000, 4_000, 10), (4_000, 4_000, 6)], "count")
    actors = points([(4_000, 4_000, 20, "payant")], "capacity", "cost")
    coverage = coverage_gaps(needs, actors, PLAIN._replace(conditions=Conditions(free=True))).rows
    row = by_territory(coverage, actors, grid([DAY])).rows.iloc[0]
    assert (row.sans_choix, row.perdus, row.frein, row.non_couvert_max) == (16, 16, "cout", 16)


def test_a_way_within_a_polygon_takes_time_when_asked_and_none_otherwise():
    square = geopandas.GeoDataFrame({"count": [1]}, geometry=[shapely.box(0, 0, 10_000, 10_000)], crs=2154)
    actors = points([(5_000, 5_000, 3)], "capacity")
    plain = coverage_gaps(square, actors, PLAIN).rows.iloc[0]
    inside = coverage_gaps(square, actors, PLAIN._replace(inside=True)).rows.iloc[0]
    half = 0.5 * 10_000 / np.sqrt(np.pi) / 1_000
    assert (plain.plus_proche_min, inside.plus_proche_min) == (0, pytest.approx(half))
    huge = geopandas.GeoDataFrame({"count": [1]}, geometry=[shapely.box(0, 0, 9e5, 9e5)], crs=2154)
    far = points([(4.5e5, 4.5e5, 3)], "capacity")
    assert coverage_gaps(huge, far, PLAIN._replace(inside=True)).rows["n_acteurs"].tolist() == [1]


def test_a_way_within_changes_nothing_for_points():
    actors = points([(5_000, 0, 3)], "capacity")
    both = [coverage_gaps(NEED, actors, PLAIN._replace(inside=flag)).rows for flag in (False, True)]
    pd.testing.assert_frame_equal(pd.DataFrame(both[0]), pd.DataFrame(both[1]))


def test_progress_never_turns_back_and_ends_at_one():
    random = np.random.default_rng(1)
    at = random.uniform(0, 1e5, (3_000, 2))
    needs = points([(*xy, 1, f"t{k % 3}") for k, xy in enumerate(at)], "count", "themes")
    actors = points([(*xy, 1, f"t{k % 3}") for k, xy in enumerate(at)], "capacity", "themes")
    told = []
    how = PLAIN._replace(robustness=True, reach_by_theme=(("t1", 40.0),))
    coverage_gaps(needs, actors, how, progress=told.append)
    assert told[0] == 0
    assert told[-1] == 1
    assert (np.diff(told) >= 0).all()
    assert max(np.diff(told)) < 0.2
