"""Sectors from a table of communes: nothing lost, everything odd named, the same table twice changes nothing."""

from __future__ import annotations

import random
from datetime import datetime, timezone

import pytest
import shapely

from tisserand.layers import geopackage
from tisserand.layers.errors import TisserandError
from tisserand.layers.territories.sectors import Line, Place, build_sectors

NOW = datetime(2026, 11, 1, tzinfo=timezone.utc)
# In the square Département of the store.
WEST, SOUTH, SIDE = 640_000.0, 6_860_000.0, 1000.0


def place(code, column, row=0, nom=""):
    west, south = WEST + SIDE * column, SOUTH + SIDE * row
    polygon = shapely.box(west, south, west + SIDE, south + SIDE)
    return Place(code, nom or f"Commune {code}", polygon.wkb)


def table(*rows):
    return [Line(number, *(*row, "")[:3]) for number, row in enumerate(rows, 1)]


@pytest.fixture
def store(make_store):
    return make_store()


PLACES = [place(code, column) for column, code in enumerate(("33001", "33002", "33003", "33008"))]


def members(made):
    return {sector.code: sector.communes for sector in made.sectors}


def test_every_commune_is_in_one_sector_or_named_as_an_orphan(store):
    made = build_sectors(store, PLACES, table(("33001", "A"), ("33002", "A"), ("33008", "B")), "essai", NOW)
    assert members(made) == {"A": ["33001", "33002"], "B": ["33008"]}
    assert made.orphans == ["33003 Commune 33003"]
    assert {sector.code: sector.outline.Area() for sector in made.sectors} == {"A": 2 * SIDE**2, "B": SIDE**2}


def test_the_order_of_the_rows_changes_nothing(store):
    rows = [("33001", "A", "Nord"), ("33002", "A", "Sud"), ("33003", "B", "Est"), ("33092", "B", "Est")]
    first = build_sectors(store, PLACES, table(*rows), "essai", NOW)
    for seed in range(5):
        mixed, places = rows.copy(), PLACES.copy()
        random.Random(seed).shuffle(mixed)
        random.Random(seed).shuffle(places)
        again = build_sectors(store, places, table(*mixed), "essai", NOW)
        assert again.creates == first.creates
        assert (again.orphans, again.followed, again.renamed) == (first.orphans, first.followed, first.renamed)


def test_a_merged_commune_is_followed_and_said(store):
    made = build_sectors(store, PLACES, table(("33092", "B"), ("33409", "B"), ("33008", "B")), "essai", NOW)
    assert members(made) == {"B": ["33008"]}
    assert made.followed == [
        "33092 Cantois → 33008 Commune 33008",
        "33409 Saint-Genis-du-Bois → 33008 Commune 33008",
    ]


def test_a_layer_older_than_the_table_takes_the_sector_of_the_successor(store):
    places = [place("33092", 0), place("33409", 1)]
    made = build_sectors(store, places, table(("33008", "B")), "essai", NOW)
    assert members(made) == {"B": ["33092", "33409"]}
    assert made.orphans == made.elsewhere == []


def test_two_sectors_that_met_by_a_merger_are_refused_with_the_former_code(store):
    with pytest.raises(TisserandError, match=r"33008 Commune 33008 : A, B \(33092\)"):
        build_sectors(store, PLACES, table(("33008", "A"), ("33092", "B")), "essai", NOW)


def test_a_commune_in_two_sectors_stops_and_one_said_twice_alike_does_not(store):
    with pytest.raises(TisserandError, match=r"1 communes.*33001.*A, B"):
        build_sectors(store, PLACES, table(("33001", "A"), ("33001", "B")), "essai", NOW)
    made = build_sectors(store, PLACES, table(("33001", "A"), ("33001", "A")), "essai", NOW)
    assert (members(made), made.repeated) == ({"A": ["33001"]}, ["33001"])


def test_codes_that_lead_nowhere_are_named_by_what_they_are(store):
    rows = [("33001", "A"), ("99999", "A"), ("33063", "A"), ("", "A"), ("33002", ""), ("75101", "A")]
    made = build_sectors(store, [*PLACES, place("75056", 9)], table(*rows), "essai", NOW)
    assert made.unknown == ["99999"]
    assert made.elsewhere == ["33063"]
    assert made.unsaid == [4, 5]
    assert made.arrondissements == ["75101 Paris 1er Arrondissement → 75056 Commune 75056"]


def test_codes_that_lost_their_zero_find_their_commune(store):
    made = build_sectors(store, [place("01001", 0)], table(("1001", "A")), "essai", NOW)
    assert members(made) == {"A": ["01001"]}
    assert made.zeros == ["1001 → 01001"]


def test_a_sector_in_two_pieces_is_named_with_what_lies_apart(store):
    rows = [("33001", "A", "Ouest"), ("33002", "A", "Ouest"), ("33008", "A", "Ouest"), ("33003", "B", "Est")]
    made = build_sectors(store, PLACES, table(*rows), "essai", NOW)
    assert made.scattered == ["Ouest : 33008 Commune 33008"]
    assert [sector.pieces for sector in made.sectors] == [2, 1]


def test_an_islet_of_a_commune_makes_no_piece(store):
    islet = shapely.MultiPolygon(
        [shapely.from_wkb(PLACES[0].polygon), shapely.box(WEST - 900, SOUTH, WEST - 800, SOUTH + 100)]
    )
    made = build_sectors(
        store, [Place("33001", "Avec îlot", islet.wkb), PLACES[1]], table(("33001", "A"), ("33002", "A")), "essai", NOW
    )
    assert (made.scattered, made.sectors[0].pieces) == ([], 1)


def test_communes_that_only_touch_at_a_corner_do_not_hang_together(store):
    places = [place("33001", 0, 0), place("33002", 1, 1)]
    made = build_sectors(store, places, table(("33001", "A"), ("33002", "A")), "essai", NOW)
    assert made.sectors[0].pieces == 2


def test_the_same_table_twice_changes_nothing_and_a_new_one_changes_what_it_says(store):
    rows = [("33001", "A", "Ouest"), ("33002", "B", "Est")]
    build_sectors(store, PLACES, table(*rows), "essai", NOW).write(store)
    written = geopackage.read_rows(store, "secteur")
    again = build_sectors(store, PLACES, table(*rows), "essai", NOW)
    again.write(store)
    assert (again.unchanged, again.creates, again.updates) == (2, [], [])
    assert geopackage.read_rows(store, "secteur") == written
    moved = build_sectors(store, PLACES, table(("33001", "A", "Ouest"), ("33003", "A", "Ouest")), "essai", NOW)
    moved.write(store)
    assert (len(moved.updates), moved.kept) == (1, ["B Est"])
    held = {row["code"]: row for row in geopackage.read_rows(store, "secteur")}
    assert held["A"]["membres"] == "33001|33003"
    assert {row["uuid"] for row in held.values()} == {row["uuid"] for row in written}


def test_a_commune_without_an_outline_stays_a_member_and_is_named(store):
    made = build_sectors(
        store, [PLACES[0], Place("33002", "Sans", None)], table(("33001", "A"), ("33002", "A")), "essai", NOW
    )
    assert members(made) == {"A": ["33001", "33002"]}
    assert made.without_outline == ["33002 Sans"]


def test_a_sector_keeps_its_code_where_it_has_no_name_and_says_when_it_has_two(store):
    rows = [("33001", "7"), ("33002", "8", "Est"), ("33003", "8", "Est"), ("33008", "8", "L'Est")]
    made = build_sectors(store, PLACES, table(*rows), "essai", NOW)
    assert [sector.nom for sector in made.sectors] == ["7", "Est"]
    assert made.renamed == ["8 : Est, L'Est"]
