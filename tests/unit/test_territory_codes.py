"""What the code of a territory says: known, former, without its zero, an arrondissement."""

from __future__ import annotations

import pytest

from tisserand.layers.reference import commune_names
from tisserand.layers.territories.codes import judge, with_its_zero


def verdict(code, niveau="commune", departement="33", **options):
    return judge(code, niveau, departement, **{"vintage": 0, "put_zeros_back": False, **options})


@pytest.mark.parametrize("code", ["33001", " 33001 ", "2a004", "97302", "75056"])
def test_a_commune_of_today_is_taken_however_it_is_typed(code):
    found = verdict(code)
    assert (found.cause, found.last_year) == ("", None)
    assert found.code in commune_names()


def test_a_code_that_lost_its_zero_is_only_mended_when_asked():
    assert verdict("1001").values == {"mended": "01001"}
    mended = verdict("1001", put_zeros_back=True)
    assert (mended.code, mended.cause, mended.mended) == ("01001", "", True)


def test_every_commune_below_ten_finds_its_zero_and_no_other_gets_one():
    for code in commune_names():
        assert with_its_zero(code, "commune", code[:2]) == code
        if code.startswith("0"):
            assert with_its_zero(code[1:], "commune", code[:2]) == code


@pytest.mark.parametrize(
    ("niveau", "code", "departement", "expected"),
    [
        ("departement", "1", "01", "01"),
        ("departement", "33", "33", "33"),
        ("canton", "101", "01", "0101"),
        ("canton", "3301", "33", "3301"),
        ("canton", "0101", "01", "0101"),
        ("iris", "10010000", "01", "010010000"),
        ("epci", "200043974", "33", "200043974"),
        ("autre", "7", "01", "7"),
    ],
)
def test_other_levels_lose_zeros_in_departements_that_begin_with_one(niveau, code, departement, expected):
    assert with_its_zero(code, niveau, departement) == expected


@pytest.mark.parametrize(("vintage", "taken"), [(0, True), (2018, True), (2017, True), (2019, False), (2026, False)])
def test_a_merged_commune_is_taken_as_of_a_year_in_which_it_was_one(vintage, taken):
    found = verdict("33092", vintage=vintage)
    assert (found.cause == "") is taken
    if taken:
        assert found.last_year == 2018
    else:
        assert found.values["last"] == 2018
        assert found.values["today"].startswith("33008 ")


@pytest.mark.parametrize("code", ["75101", "13216", "69389"])
def test_an_arrondissement_is_told_from_a_merged_commune(code):
    assert "arrondissement" in verdict(code).cause


@pytest.mark.parametrize("code", ["", "99999", "ABCDE", "33", "331234"])
def test_what_is_no_code_of_a_commune_is_refused(code):
    assert verdict(code).cause
