"""Coverage summed up by territory."""

import geopandas
import pandas as pd
import shapely

from tisserand.processing.analysis.coverage import Settings, coverage_gaps
from tisserand.processing.analysis.territories import by_territory
from tisserand.processing.analysis.ways import CrowFly

PLAIN = Settings(reach=10, ways=CrowFly(speed=60, detour=1.0))


def points(rows, *columns):
    table = pd.DataFrame(rows, columns=["x", "y", *columns])
    return geopandas.GeoDataFrame(
        table[list(columns)], geometry=geopandas.points_from_xy(table["x"], table["y"]), crs=2154
    )


def squares(**columns):
    """Return two squares of 50 km side by side, b then a, and optionally more columns."""
    boxes = [shapely.box(50_000, 0, 100_000, 50_000), shapely.box(0, 0, 50_000, 50_000)]
    return geopandas.GeoDataFrame({"code": ["b", "a"], "name": ["B", "A"], **columns}, geometry=boxes, crs=2154)


NEEDS = points([(1_000, 1_000, 10, "x"), (99_000, 1_000, 4, "x|y"), (500_000, 0, 7, "x")], "count", "themes")
ACTORS = points([(1_000, 1_000, 5, "x"), (1_000, 1_000, 5, "z")], "capacity", "themes")


def summary(territories, needs=NEEDS, actors=ACTORS):
    return by_territory(coverage_gaps(needs, actors, PLAIN).rows, actors, territories)


def keyed(rows):
    return {(row.code, row.theme): row for row in rows.itertuples()}


def test_every_territory_has_a_row_for_every_theme_of_needs_and_actors():
    rows = keyed(summary(squares()).rows)
    assert set(rows) == {(code, theme) for code in "ab" for theme in "xyz"}
    assert (rows["a", "x"].besoin, rows["a", "x"].non_couvert, rows["a", "x"].part) == (10, 5, 0.5)
    assert (rows["a", "z"].besoin, rows["a", "z"].n_acteurs, rows["b", "z"].n_acteurs) == (0, 1, 0)
    assert pd.isna(rows["a", "z"].part)
    assert rows["b", "y"].principale_cause == "hors_portee"


def test_the_sums_of_a_level_are_those_of_the_needs_inside():
    coverage = coverage_gaps(NEEDS, ACTORS, PLAIN).rows
    found = by_territory(coverage, ACTORS, squares())
    inside = coverage[coverage["need"] != 2]
    for column in ("besoin", "non_couvert"):
        assert found.rows[column].sum() == inside[column].sum()
    assert found.outside == [2]


def test_a_need_on_a_shared_border_counts_once_in_the_lower_code():
    rows = keyed(summary(squares(), needs=points([(50_000, 10, 3, "x")], "count", "themes")).rows)
    assert (rows["a", "x"].besoin, rows["b", "x"].besoin) == (3, 0)


def test_each_level_has_its_own_sums():
    both = pd.concat([squares(level="commune"), squares(level="epci")], ignore_index=True)
    rows = summary(both).rows
    assert rows.groupby("niveau")["besoin"].sum().to_dict() == {"commune": 18, "epci": 18}


def test_not_surveyed_and_no_offer_stay_two_things():
    rows = keyed(summary(squares(surveyed=["2026-01-01", None])).rows)
    assert (rows["b", "y"].recense, rows["b", "y"].n_acteurs) == (1, 0)
    assert rows["a", "x"].recense == 0
    assert summary(squares()).rows["recense"].isna().all()


def test_where_everyone_is_covered_that_is_the_main_cause():
    rows = keyed(summary(squares(), actors=points([(1_000, 1_000, 50, "x")], "capacity", "themes")).rows)
    assert rows["a", "x"].principale_cause == "couvert"


def test_the_main_cause_is_that_of_most_people():
    needs = points([(1_000, 1_000, 30, "x"), (40_000, 40_000, 20, "x")], "count", "themes")
    assert keyed(summary(squares(), needs=needs).rows)["a", "x"].principale_cause == "capacite"


def test_without_themes_every_actor_counts():
    rows = keyed(summary(squares(), needs=NEEDS.drop(columns="themes")).rows)
    assert set(rows) == {("a", ""), ("b", "")}
    assert rows["a", ""].n_acteurs == 2


def test_shuffled_territories_give_the_same_sums():
    def key(rows):
        return sorted(map(repr, rows.drop(columns=["territory", "geometry"]).itertuples(index=False, name=None)))

    assert key(summary(squares()).rows) == key(summary(squares().iloc[::-1].reset_index(drop=True)).rows)
