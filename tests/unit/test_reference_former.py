"""Former communes: where each code that is no commune any more lies today."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from tisserand.layers import reference

GIRONDE = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
COG_2018 = GIRONDE / "admin" / "communes_33_cog2018.geojson"


def test_every_successor_is_a_commune_of_today_and_no_former_code_is_one():
    today = set(reference.commune_names())
    followed = reference.successors()
    assert set(followed.values()) <= today
    assert set(followed).isdisjoint(today)
    assert len(followed) > 4000


@pytest.mark.parametrize(
    ("code", "today", "last"),
    [
        ("33092", "33008", 2018),
        ("33267", "33380", 2018),
        ("33338", "33055", 2018),
        ("33409", "33008", 2024),
        # Merged without becoming a delegated commune.
        ("95282", "95169", 2023),
        # Gave its code up for that of another.
        ("27058", "27676", 2022),
        # Moved from the Ain to the Rhône, then merged there.
        ("01132", "69286", 1967),
        # The collectivity of Saint-Barthélemy was a commune of Guadeloupe.
        ("97123", "97701", 2007),
    ],
)
def test_a_former_commune_leads_to_that_of_today_and_says_its_last_vintage(code, today, last):
    former = reference.former_communes()[code]
    assert (former.actuelle, former.dernier_cog) == (today, last)
    assert reference.successors()[code] == today


@pytest.mark.parametrize(("first", "number", "city"), [(75101, 20, "75056"), (13201, 16, "13055"), (69381, 9, "69123")])
def test_each_arrondissement_of_a_city_leads_to_the_city(first, number, city):
    codes = [str(first + order) for order in range(number)]
    assert {reference.successors()[code] for code in codes} == {city}
    assert {reference.former_communes()[code].dernier_cog for code in codes} == {None}
    assert (
        sum(
            today == city and reference.former_communes()[code].dernier_cog is None
            for code, today in reference.successors().items()
        )
        == number
    )


def test_a_commune_that_was_restored_is_one_again():
    # Neussargues-Moissac was undone in 2025, and Les Trois Lacs took back the code of Venables in 2023.
    assert {"15141", "15031", "15035", "27676"}.isdisjoint(reference.successors())


def test_codes_are_read_as_text_with_their_zeros_and_letters():
    followed = reference.successors()
    assert {len(code) for code in (*followed, *followed.values())} == {5}
    assert any(code.startswith("01") for code in followed)
    assert any(code.startswith("2A") for code in followed.values())


@pytest.mark.skipif(not COG_2018.is_file(), reason="the real data of the Gironde are not beside the checkout")
def test_the_gironde_of_2018_leads_whole_to_the_gironde_of_today():
    then = {feature["properties"]["code"] for feature in json.loads(COG_2018.read_text("utf-8"))["features"]}
    followed = reference.successors()
    assert {code for code in then if code in followed} == {"33092", "33267", "33338", "33409"}
    with (reference.DECOUPAGE / "communes.csv").open(encoding="utf-8", newline="") as file:
        today = {row["code"] for row in csv.DictReader(file) if row["departement"] == "33"}
    assert {followed.get(code, code) for code in then} == today
