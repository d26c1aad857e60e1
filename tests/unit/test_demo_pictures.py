"""The illustrations of the example, and the networks its actors belong to."""

import hashlib
from collections import Counter
from datetime import date

import pytest
import shapely

from tisserand.layers.demo.catalogue import read_catalogue
from tisserand.layers.demo.pictures import FOLDER, facts
from tisserand.layers.demo.placement import place
from tisserand.layers.model.codes import code_list
from tisserand.layers.reference import Commune, TownHall

FILES = sorted(FOLDER.iterdir())
CATALOGUE = read_catalogue()
TOWN = Commune(
    code="99001",
    nom="Ville",
    population=90_000,
    codes_postaux="99000",
    polygon=shapely.MultiPolygon([shapely.box(0, 45, 0.1, 45.1)]).wkb,
    epci_code="200000001",
    epci_nom="CC",
    epci_nature="CC",
    ept_code="",
    ept_nom="",
    mairie=TownHall(None, None, "", "", "", ""),
)
DEMO = place([TOWN], CATALOGUE, date(2026, 11, 23))
MOST_BYTES = 60_000


def segments(data):
    """Return the markers of a JPEG before its pixels."""
    found, at = [], 2
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_illustration_is_a_small_jpeg_of_pixels_alone(path):
    data = path.read_bytes()
    assert data[:2] == b"\xff\xd8"
    assert len(data) <= MOST_BYTES
    # No EXIF, no comment: the first holds only the resolution.
    assert [marker for marker in segments(data) if 0xE1 <= marker <= 0xEF or marker == 0xFE] == []


def test_every_illustration_is_shown_once_and_said_to_be_fictional():
    names = Counter(row["chemin"] for row in DEMO["media"])
    assert names == Counter(facts(path.name)["chemin"] for path in FILES)
    for row in DEMO["media"]:
        assert "fictive" in row["credit"]
        assert row["legende"].endswith(".")
        assert (row["source"], row["mime"], row["chemin"]) == ("demo", "image/jpeg", f"{row['sha256']}.jpg")


def test_a_row_says_what_its_file_is():
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path.stat().st_size for path in FILES}
    assert {row["sha256"]: row["octets"] for row in DEMO["media"]} == files


def test_one_photo_may_not_be_printed_and_every_monograph_has_one_that_may():
    assert sorted(row["droit_image"] for row in DEMO["media"]) == ["inconnu", *["sans-personne"] * (len(FILES) - 1)]
    shown = {row.get("monographie_uuid") for row in DEMO["media"] if row["droit_image"] == "sans-personne"}
    assert {row["uuid"] for row in DEMO["monographie"]} <= shown


def test_the_photo_without_a_right_would_have_come_first():
    (withheld,) = [row for row in DEMO["media"] if row["droit_image"] == "inconnu"]
    others = [row for row in DEMO["media"] if row.get("monographie_uuid") == withheld["monographie_uuid"]]
    assert min(others, key=lambda row: row["ordre"]) == withheld
    assert len(others) > 1


def test_networks_are_those_of_data_inclusion_and_fit_what_the_actors_are():
    labels = code_list("reseaux_porteurs").labels
    member_of = {row["cle"]: row["reseaux_porteurs"].split("|") for row in CATALOGUE.actors if row["reseaux_porteurs"]}
    assert len(member_of) >= 10
    assert {code for codes in member_of.values() for code in codes} <= set(labels)
    kinds = {row["cle"]: row["type_initiative"] for row in CATALOGUE.actors}
    expected = {
        "france-service": "france-services",
        "ressourceries": "ressourcerie",
        "fcsf": "centre-social",
        "conseillers-numeriques": "mediation-numerique",
    }
    for code, kind in expected.items():
        assert {kinds[key] for key, codes in member_of.items() if code in codes} == {kind}, code


def test_who_has_a_digital_adviser_says_so():
    for row in CATALOGUE.actors:
        if "conseillers-numeriques" in (row["reseaux_porteurs"] or ""):
            assert "numérique" in row["description"], row["cle"]
