"""Correspondences of columns: kept as JSON, shipped for known files, guessed for the others."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.guessing import best_mapping, guess_mapping
from tisserand.layers.exchange.mapping import (
    ColumnRule,
    Mapping,
    MappingUnreadableError,
    known_values,
    shipped_mappings,
)
from tisserand.layers.exchange.records import Row, Sheet
from tisserand.layers.model.codes import code_list
from tisserand.layers.model.tables import table

GIRONDE = Communes.of(
    "33", 2154, (-1.27, 44.19, 0.32, 45.58), [("33063", "Bordeaux", "33000 33100"), ("33119", "Cenon", "33150")]
)


def sheet(columns, *rows, format="csv"):
    return Sheet(format, tuple(columns), tuple(Row(k, dict(zip(columns, row))) for k, row in enumerate(rows, start=2)))


def test_a_mapping_comes_back_from_its_json():
    rules = {
        "nom": ColumnRule("Titre", prefix="Mairie de "),
        "thematiques": ColumnRule(
            "Quoi", split="/", values={"vélo": "mobilite--acceder-a-un-vehicule", "?": None}, keep=True
        ),
        "horaires_accueil": ColumnRule(join=("lundi", "mardi"), labels=("Mo", "Tu"), separator=", "),
        "source": ColumnRule(constant="essai"),
        "code_postal": ColumnRule("Adresse", part="postcode"),
        "description": ColumnRule("Long", otherwise=("Court",)),
        "reseaux_porteurs": ColumnRule("Réseau", lenient=True),
    }
    mapping = Mapping("Essai", "acteur", rules, "X", "Y", 2154, {"nom": ColumnRule("s")}, ("fid",), ("Titre",), "csv")
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert mapping.read_columns == {"Titre", "Quoi", "lundi", "mardi", "Adresse", "Long", "Réseau", "X", "Y"}


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"table": "journal"},
        {"table": ["acteur"]},
        {"columns": {"mot_de_passe": {"column": "x"}}},
        {"columns": {"nom": {"colonne": "x"}}},
        {"columns": {"nom": {"column": 3}}},
        {"columns": {"nom": {"part": "__class__"}}},
        {"columns": {"nom": {"values": ["x"]}}},
        {"columns": []},
        {"epsg": "2154"},
        {"epsg": True},
        {"epsg": -1},
        {"ignore": "x"},
        {"name": None},
    ],
    ids=str,
)
def test_a_mapping_for_another_model_is_refused_with_a_sentence(change):
    content = json.loads(Mapping("Essai", "acteur", {"nom": ColumnRule("x")}).to_json())
    with pytest.raises(MappingUnreadableError, match="let the columns be guessed"):
        Mapping.from_json(json.dumps({**content, **change}))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_other_json_is_refused_with_a_sentence(content):
    with pytest.raises(MappingUnreadableError):
        Mapping.from_json(json.dumps(content))


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, '{"version": 1}', "x" * 1_000_001], ids=lambda text: text[:9])
def test_a_text_that_is_no_mapping_is_refused_with_a_sentence(text):
    with pytest.raises(MappingUnreadableError):
        Mapping.from_json(text)


@pytest.mark.parametrize("mapping", shipped_mappings(), ids=lambda mapping: mapping.name)
def test_a_shipped_mapping_speaks_of_codes_and_fields_that_the_model_has(mapping):
    assert mapping.format or mapping.needs
    assert "nom" in mapping.columns
    for name, rule in [*mapping.columns.items(), *mapping.services.items()]:
        field = table("service" if name in mapping.services else mapping.table)[name]
        if field.codes:
            meant = [rule.constant, *rule.values.values()]
            codes = {code for text in meant if text for code in text.split("|")}
            assert codes <= set(code_list(field.codes).labels), name
        assert len(known_values(rule)) == len(rule.values), f"{name}: two spellings of one word"


def test_each_shipped_mapping_is_the_one_found_for_its_own_columns():
    for mapping in shipped_mappings():
        own = sheet(sorted(mapping.read_columns | set(mapping.needs)), format=mapping.format or "csv")
        assert best_mapping(own, "acteur").name == mapping.name


def test_a_file_of_unknown_columns_is_guessed_by_their_names():
    columns = [
        "Identifiant",
        "Nom de la structure",
        "Tél.",
        "E-mail",
        "Code INSEE",
        "CP",
        "Ville",
        "N° SIRET",
        "Longitude",
        "Latitude",
    ]
    row = [
        "7",
        "Maison d'essai",
        "01 99 00 11 11",
        "a@example.org",
        "33063",
        "33000",
        "Bordeaux",
        "732 829 320 00074",
        "-0.57",
        "44.8",
    ]
    mapping = guess_mapping(sheet(columns, row), "acteur", GIRONDE)
    assert {name: rule.column for name, rule in mapping.columns.items()} == {
        "source_ref": "Identifiant", "nom": "Nom de la structure", "telephone": "Tél.", "courriel": "E-mail",
        "code_insee": "Code INSEE", "code_postal": "CP", "commune": "Ville", "siret": "N° SIRET",
    }  # fmt: skip
    assert (mapping.lon, mapping.lat, mapping.epsg) == ("Longitude", "Latitude", 4326)
    assert set(mapping.why) == set(mapping.columns) | {"lon", "lat"}
    assert all(0.5 <= why.confidence <= 1 for why in mapping.why.values())
    assert all(why.sentence(lambda _, text: text).endswith(".") for why in mapping.why.values())


def test_values_tell_what_the_name_of_a_column_does_not():
    rows = [("Essai", f"a{order}@example.org", "73282932000074", "https://example.org") for order in range(5)]
    mapping = guess_mapping(sheet(["nom", "col1", "col2", "col3"], *rows), "acteur", GIRONDE)
    found = {name: rule.column for name, rule in mapping.columns.items()}
    assert found == {"nom": "nom", "courriel": "col1", "siret": "col2", "site_web": "col3"}
    assert "100 %" in mapping.why["courriel"].sentence(lambda _, text: text)


def test_values_belie_the_name_of_a_column():
    rows = [("Essai", "peu importe", "rien du tout")] * 4
    mapping = guess_mapping(sheet(["nom", "siret", "code_postal"], *rows), "acteur", GIRONDE)
    assert set(mapping.columns) == {"nom"}


def test_coordinates_under_neutral_names_are_told_by_where_they_lie():
    rows = [("Essai", "44.83", "-0.57"), ("Autre", "44.84", "-0.58")]
    mapping = guess_mapping(sheet(["Lieu", "Coord. X", "Coord. Y"], *rows), "acteur", GIRONDE)
    assert (mapping.lon, mapping.lat) == ("Coord. Y", "Coord. X")
    assert "100 %" in mapping.why["lon"].sentence(lambda _, text: text)


def test_a_column_that_says_longitude_outright_is_not_contradicted():
    rows = [("Essai", "44.83", "-0.57")] * 3
    mapping = guess_mapping(sheet(["nom", "longitude", "latitude"], *rows), "acteur", GIRONDE)
    assert (mapping.lon, mapping.lat) == ("longitude", "latitude")


def test_an_address_in_one_line_is_taken_apart():
    rows = [("Essai", "8 rue de l'Essai - 33000 Bordeaux"), ("Autre", "2 avenue, 33150 Cenon")]
    mapping = guess_mapping(sheet(["nom", "adresse postale"], *rows), "acteur", GIRONDE)
    parts = {name: rule.part for name, rule in mapping.columns.items() if rule.column == "adresse postale"}
    assert parts == {"adresse": "street", "code_postal": "postcode", "commune": "city"}


def test_a_column_with_codes_that_no_list_has_is_left_to_the_user():
    rows = [("Essai", "Seniors"), ("Autre", "Martiens"), ("Tiers", "Jeunes")]
    assert "publics" not in guess_mapping(sheet(["nom", "public"], *rows), "acteur", GIRONDE).columns
    assert "publics" in guess_mapping(sheet(["nom", "public"], *rows[::2]), "acteur", GIRONDE).columns


def test_needs_are_guessed_too():
    rows = [("Se déplacer le dimanche", "Se déplacer", "3", "2026-03-01", "33063")]
    mapping = guess_mapping(sheet(["Besoin", "Thème", "Intensité", "Recueilli le", "INSEE"], *rows), "besoin", GIRONDE)
    assert set(mapping.columns) == {"libelle", "theme_vie", "intensite", "date_recueil", "code_insee"}


@given(
    st.lists(st.text(max_size=20), min_size=1, max_size=6, unique=True),
    st.lists(st.lists(st.text(max_size=20), min_size=6, max_size=6), max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_whatever_the_columns_are_a_guess_is_made_and_reads_each_column_once(columns, rows):
    mapping = guess_mapping(sheet(columns, *rows), "acteur", GIRONDE)
    assert mapping.read_columns <= set(columns)
    whole = [rule.column for rule in mapping.columns.values() if not rule.part]
    assert len(whole) == len(set(whole))
    assert Mapping.from_json(mapping.to_json()) == mapping
