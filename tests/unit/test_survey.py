"""Survey effort, against what a person would count on a map of a few squares."""

from datetime import date

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.survey import survey_effort

TODAY = date(2026, 6, 15)
LIMIT = date(2024, 6, 15)
RECENT, OLD = date(2026, 1, 1), date(2020, 1, 1)
SIDE = 1000


def territories(*surveyed):
    """Squares side by side from west to east, each with its day of survey."""
    boxes = [box(SIDE * k, 0, SIDE * (k + 1), SIDE) for k in range(len(surveyed))]
    codes = [f"{k:05}" for k in range(len(surveyed))]
    return geopandas.GeoDataFrame(
        {"code": codes, "surveyed": pd.Series(surveyed, dtype=object)}, geometry=boxes, crs=2154
    )


def actors(*rows):
    """Rows are (territory, status, visited, updated)."""
    columns = ["square", "status", "visited", "updated"]
    frame = pd.DataFrame(list(rows), columns=columns, dtype=object)
    points = [Point(SIDE * (square + 0.5), SIDE / 2) for square in frame["square"]]
    frame["id"] = [f"a{k}" for k in range(len(frame))]
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(points, crs=2154))


def visits(*rows):
    return pd.DataFrame(list(rows), columns=["actor", "date", "nature"], dtype=object)


def effort(places, people, met=None, **options):
    return survey_effort(places, people, met, today=TODAY, **options)


def only(places, people, met=None, **options):
    """Return the one row of a single territory as a dict."""
    (row,) = effort(places, people, met, **options).territories.to_dict("records")
    return row


def test_not_surveyed_and_nothing_there_are_two_things():
    classes = effort(territories(None, RECENT), actors()).territories
    assert classes["recense"].tolist() == [0, 0]
    assert classes["classe"].tolist() == ["jamais", "a_jour"]


def test_actors_that_came_by_file_do_not_make_a_survey():
    assert only(territories(None), actors((0, "repere", None, RECENT)))["classe"] == "jamais"


def test_one_contact_begins_a_survey():
    row = only(territories(None), actors((0, "contacte", None, RECENT), (0, "repere", None, RECENT)))
    assert row == {"recense": 2, "contacte": 1, "visite": 0, "perime": 0, "classe": "partiel"}


def test_surveyed_but_not_all_contacted_is_partial():
    people = actors((0, "contacte", None, RECENT), (0, "repere", None, RECENT))
    assert only(territories(RECENT), people)["classe"] == "partiel"


def test_surveyed_and_all_contacted_is_up_to_date():
    people = actors((0, "contacte", None, RECENT), (0, "visite", RECENT, RECENT))
    row = only(territories(RECENT), people)
    assert row == {"recense": 2, "contacte": 2, "visite": 1, "perime": 0, "classe": "a_jour"}


def test_an_old_survey_is_to_be_done_again_even_where_nothing_was_found():
    assert only(territories(OLD), actors())["classe"] == "perime"


def test_a_later_visit_keeps_an_old_survey_from_being_stale():
    people = actors((0, "repere", None, OLD))
    assert only(territories(OLD), people, visits(("a0", RECENT, "visite")))["classe"] == "partiel"


@pytest.mark.parametrize(("stale", "classe"), [(2, "a_jour"), (3, "perime")])
def test_more_than_half_of_the_actors_stale_makes_a_territory_stale(stale, classe):
    people = actors(*[(0, "valide", None, OLD if k < stale else RECENT) for k in range(4)])
    row = only(territories(RECENT), people)
    assert (row["perime"], row["classe"]) == (stale, classe)


@pytest.mark.parametrize(("updated", "stale"), [(LIMIT, 0), (date(2024, 6, 14), 1)])
def test_what_was_updated_exactly_the_months_ago_is_not_yet_stale(updated, stale):
    assert only(territories(RECENT), actors((0, "visite", None, updated)))["perime"] == stale


def test_the_months_are_the_users():
    people = actors((0, "visite", None, date(2026, 1, 1)))
    assert [only(territories(RECENT), people, months=months)["perime"] for months in (3, 6)] == [1, 0]


def test_the_day_of_review_counts_before_the_months():
    people = actors((0, "visite", None, RECENT)).assign(review=[date(2026, 6, 14)])
    assert only(territories(RECENT), people)["perime"] == 1


def test_an_actor_without_any_date_is_stale_and_named():
    found = effort(territories(RECENT), actors((0, "visite", None, None)))
    assert found.territories["perime"].tolist() == [1]
    assert found.undated == ["a0"]


@pytest.mark.parametrize(("nature", "visited"), [("visite", 1), ("reunion", 1), (None, 1), ("appel", 0)])
def test_a_call_is_a_contact_and_no_visit(nature, visited):
    row = only(territories(None), actors((0, "repere", None, RECENT)), visits(("a0", RECENT, nature)))
    assert (row["contacte"], row["visite"]) == (1, visited)


def test_a_visit_makes_a_record_fresh_and_a_call_does_not():
    people = actors((0, "repere", None, OLD), (0, "repere", None, OLD))
    met = visits(("a0", RECENT, "visite"), ("a1", RECENT, "appel"))
    assert only(territories(RECENT), people, met)["perime"] == 1


def test_a_visit_without_a_day_is_a_visit():
    row = only(territories(None), actors((0, "repere", None, RECENT)), visits(("a0", None, "visite")))
    assert (row["visite"], row["classe"]) == (1, "partiel")


def test_a_visit_in_the_future_is_none_and_named():
    found = effort(territories(None), actors((0, "repere", None, RECENT)), visits(("a0", date(2026, 6, 16), "visite")))
    assert found.territories["classe"].tolist() == ["jamais"]
    assert found.ahead == ["a0"]
    found = effort(territories(None), actors((0, "repere", date(2026, 6, 16), RECENT)))
    assert found.territories["classe"].tolist() == ["jamais"]
    assert found.ahead == ["a0"]


def test_a_visit_to_nobody_known_is_named():
    assert effort(territories(None), actors(), visits(("x", RECENT, "visite"))).strangers == ["x"]


def test_who_is_not_counted_still_shows_that_somebody_was_there():
    people = actors((0, "refus", RECENT, RECENT)).assign(counted=False)
    row = only(territories(None), people)
    assert (row["recense"], row["contacte"], row["classe"]) == (0, 0, "partiel")


def test_an_actor_outside_is_named_and_changes_nothing():
    people = actors((0, "visite", RECENT, RECENT), (7, "visite", OLD, OLD))
    found = effort(territories(RECENT), people)
    assert found.territories["recense"].tolist() == [1]
    assert found.outside == ["a1"]


def test_an_actor_on_a_border_is_counted_once():
    people = actors((0, "visite", RECENT, RECENT)).set_geometry([Point(SIDE, 10)], crs=2154)
    assert effort(territories(RECENT, RECENT), people).territories["recense"].tolist() == [1, 0]


def test_an_actor_is_counted_once_at_each_level():
    places = territories(RECENT, RECENT).assign(level=["commune", "commune"])
    whole = territories(RECENT).assign(level="epci", code="2").set_geometry([box(0, 0, 2 * SIDE, SIDE)], crs=2154)
    both = pd.concat([places, whole], ignore_index=True)
    people = actors((0, "visite", RECENT, RECENT), (1, "visite", RECENT, RECENT))
    assert effort(both, people).territories["recense"].tolist() == [1, 1, 2]


def test_only_polygons_and_points_are_needed():
    places, people = territories(None)[["geometry"]], actors((0, "visite", RECENT, RECENT))[["id", "geometry"]]
    row = only(places, people)
    assert row == {"recense": 1, "contacte": 0, "visite": 0, "perime": 1, "classe": "jamais"}


def test_no_territory_gives_no_row():
    assert len(effort(territories(), actors((0, "visite", RECENT, RECENT))).territories) == 0


def test_months_of_nothing_are_refused():
    with pytest.raises(TisserandError, match="1 or more"):
        effort(territories(None), actors(), months=0)


days = st.one_of(st.none(), st.dates(date(2019, 1, 1), date(2026, 6, 15)))
rows = st.tuples(
    st.integers(0, 3), st.sampled_from(["repere", "contacte", "visite", "valide", "refus", None]), days, days
)
meetings = st.tuples(st.sampled_from([f"a{k}" for k in range(9)]), days, st.sampled_from(["visite", "appel", None]))
cases = given(st.lists(days, min_size=4, max_size=4), st.lists(rows, max_size=8), st.lists(meetings, max_size=6))


@cases
@settings(max_examples=40, deadline=None)
def test_counts_are_nested_and_every_actor_is_counted_once(surveyed, people, met):
    found = effort(territories(*surveyed), actors(*people), visits(*met)).territories
    assert found["recense"].sum() == len(people)
    assert (found["visite"] <= found["contacte"]).all()
    assert (found["contacte"] <= found["recense"]).all()
    assert (found["perime"] <= found["recense"]).all()
    assert set(found["classe"]) <= {"jamais", "partiel", "a_jour", "perime"}


@cases
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_changes_nothing(surveyed, people, met):
    places, found_in = territories(*surveyed), actors(*people)
    mixed = np.random.default_rng(3).permutation(len(people))
    one = effort(places, found_in, visits(*met))
    other = effort(places.iloc[::-1], found_in.iloc[mixed], visits(*met[::-1]))
    assert one.territories.equals(other.territories.sort_index())
    assert one[1:] == other[1:]


@cases
@settings(max_examples=30, deadline=None)
def test_one_more_visit_never_takes_a_territory_back_to_never(surveyed, people, met):
    before = effort(territories(*surveyed), actors(*people), visits(*met)).territories
    after = effort(territories(*surveyed), actors(*people), visits(*met, ("a0", RECENT, "visite"))).territories
    assert (after[["contacte", "visite"]] >= before[["contacte", "visite"]]).all().all()
    assert (after["perime"] <= before["perime"]).all()
    assert not ((after["classe"] == "jamais") & (before["classe"] != "jamais")).any()
