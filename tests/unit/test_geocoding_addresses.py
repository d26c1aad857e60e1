"""What is sent of an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.layers.geocoding.addresses import (
    LONGEST,
    Attempt,
    clean_address,
    is_vague,
    make_question,
    read_citycode,
    read_postcode,
)

NAMES = {"33001": "Abzac", "75056": "Paris", "33008": "Porte-de-Benauge"}
SUCCESSORS = {"33338": "33008", "75111": "75056"}


def question(address="", postcode=None, city=None, citycode=None):
    return make_question(address, postcode, city, citycode, SUCCESSORS, NAMES)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("12 av. Foch", "12 avenue Foch"),
        ("12, bd Victor Hugo", "12, boulevard Victor Hugo"),
        ("3 rte de Paris", "3 route de Paris"),
        ("pl. du Marché", "place du Marché"),
        ("7 imp des Lilas", "7 impasse des Lilas"),
        ("4 ch. du Moulin", "4 chemin du Moulin"),
        ("Rés. Les Pins, 2 all. du Lac", "résidence Les Pins, 2 allée du Lac"),
        ("5 r. Pasteur", "5 rue Pasteur"),
        ("12 bis r Pasteur", "12 bis rue Pasteur"),
        ("5 rue Pasteur BP 12", "5 rue Pasteur"),
        ("5 rue Pasteur - CS 30 001", "5 rue Pasteur"),
        ("B.P. 4, 5 rue Pasteur", "5 rue Pasteur"),
        ("TSA 10005", ""),
        ("5 rue Pasteur 33000 Bordeaux Cedex 09", "5 rue Pasteur 33000 Bordeaux"),
        ("5 rue Pasteur, BP 12 33000 Bordeaux", "5 rue Pasteur, 33000 Bordeaux"),
        (None, ""),
    ],
)
def test_an_address_is_sent_as_the_geocoder_knows_it(written, sent):
    assert clean_address(written) == sent


@pytest.mark.parametrize(
    "address",
    ["5 rue du Placard", "Rue de la Résistance", "R. N. 10", "Avenue", "10 rue de l'Avenir", "8 rue du CSA", "Cours"],
)
def test_words_that_only_look_like_abbreviations_stay(address):
    assert clean_address(address) == address.strip(".")


@given(st.text(max_size=300))
def test_whatever_is_written_is_sent_in_one_clean_line(text):
    sent = clean_address(text)
    assert sent == " ".join(sent.split())
    assert not set(sent) & set('"\r\n\t;|\x00\x1f')


@given(st.text(alphabet="abdrcpls .,0123456789éèBPCSTA-", max_size=60))
def test_cleaning_what_was_cleaned_ends(text):
    once = clean_address(text)
    for _ in range(20):
        again = clean_address(once)
        if again == once:
            return
        assert len(again) < 10 * len(text) + 50
        once = again
    pytest.fail(f"never settles: {text!r}")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mairie",
        "La Mairie",
        "Mairie d'Abzac",
        "Le Bourg",
        "le bourg",
        "Au bourg",
        "Hôtel de ville",
        "ABZAC",
        "33230 Abzac",
        "Le Bourg, 33230 Abzac",
        "Centre-bourg",
        "BP 12",
    ],
)
def test_an_address_that_says_no_more_than_the_commune_is_vague(address):
    assert question(address, city="Abzac").vague


@pytest.mark.parametrize(
    "address", ["Place de la Mairie", "rue du Bourg", "1 le bourg", "Le Bourg neuf", "Abzac-le-Vieux", "2 mairie"]
)
def test_a_street_or_a_place_is_not_vague(address):
    assert not is_vague(clean_address(address), "Abzac")


def test_the_city_code_filters_first_then_the_postcode():
    assert question("5 rue Pasteur", 33230, "Abzac", "33001").attempts() == (
        Attempt("5 rue Pasteur", "33001", ""),
        Attempt("5 rue Pasteur Abzac", "", "33230"),
    )


def test_without_a_code_the_name_of_the_commune_goes_with_the_address():
    assert question("5 rue Pasteur", city="Abzac").attempts() == (Attempt("5 rue Pasteur Abzac", "", ""),)
    assert question("5 rue Pasteur, Abzac", city="Abzac").attempts() == (Attempt("5 rue Pasteur, Abzac", "", ""),)


def test_a_postcode_inside_the_address_serves_where_no_field_has_one():
    assert question("5 rue Pasteur - 33230 Abzac").postcode == "33230"
    assert question("5 rue Pasteur - 33230 Abzac", citycode="33001").postcode == ""
    assert question("5 rue Pasteur - 33491 Le Bouscat Cedex").postcode == ""


def test_once_the_commune_is_known_by_code_its_name_is_not_searched_in_the_address():
    assert question("5 rue Pasteur, 33580 Coutures-sur-Drot", citycode="33001").attempts()[0].text == "5 rue Pasteur"


def test_the_centre_of_the_commune_is_asked_only_for_a_vague_address():
    texts = [attempt.text for attempt in question("Mairie", citycode="33001").attempts()]
    assert texts == ["Mairie", "Abzac"]
    assert [attempt.text for attempt in question("5 rue Pasteur", citycode="33001").attempts()] == ["5 rue Pasteur"]


def test_a_former_code_is_followed_but_an_arrondissement_stays_one():
    assert question("5 rue Pasteur", citycode="33338").citycode == "33008"
    assert question("5 rue Pasteur", citycode="75111").citycode == "75111"
    assert question("", citycode="75111").city == "Paris"


def test_an_address_too_long_for_the_service_is_not_sent():
    assert question("x" * (LONGEST + 1), citycode="33001").attempts() == ()


def test_nothing_at_all_asks_nothing():
    assert question().attempts() == ()
    assert question(None, 33230).attempts() == ()


@pytest.mark.parametrize(
    ("given", "read"),
    [(1000, "01000"), ("33 230", "33230"), (33230.0, "33230"), ("3323", "03323"), ("F-1", ""), (None, "")],
)
def test_postcodes_get_back_the_zero_a_spreadsheet_lost(given, read):
    assert read_postcode(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [(1001, "01001"), ("2a004", "2A004"), ("33001", "33001"), ("2C004", ""), ("330011", ""), (None, "")],
)
def test_city_codes_are_read_as_insee_writes_them(given, read):
    assert read_citycode(given) == read
