"""The national file of communes, against the tables it was made from and against itself."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
import shapely

from tisserand.layers import reference
from tisserand.layers.errors import TisserandError


@pytest.fixture(scope="module", autouse=True)
def _national_file():
    try:
        reference.find_reference()
    except TisserandError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with (reference.DECOUPAGE / "communes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outlines(code: str) -> list[shapely.Geometry]:
    return [shapely.from_wkb(commune.polygon) for commune in reference.read_departement(code) if commune.polygon]


@pytest.mark.parametrize("code", ["01", "15", "2A", "33", "75", "92", "971", "974", "976"])
def test_a_departement_has_the_communes_and_the_people_of_the_official_code(code, table):
    expected = {row["code"]: int(row["population"]) for row in table if row["departement"] == code}
    assert {commune.code: commune.population for commune in reference.read_departement(code)} == expected


def test_every_departement_of_france_is_in_the_file():
    with closing(sqlite3.connect(reference.find_reference())) as store:
        found = {code for (code,) in store.execute("SELECT departement FROM communes WHERE geom IS NOT NULL")}
    assert found == {one.code for one in reference.departements().values() if one.zone != "com"}
    assert len(found) == 101


@pytest.mark.parametrize(
    ("code", "share"), [("49", 0), ("92", 0), ("973", 0), ("33", 1e-8), ("14", 1e-6), ("69", 1e-5)]
)
def test_neighbours_overlap_by_no_more_than_the_source_has_them_overlap(code, share):
    communes = outlines(code)
    together = shapely.union_all(communes)
    assert all(shapely.is_valid(communes))
    assert together.area == pytest.approx(sum(commune.area for commune in communes), rel=max(share, 1e-12))


@pytest.mark.parametrize("code", ["49", "92", "973"])
def test_no_gap_opens_between_neighbours(code):
    together = shapely.union_all(outlines(code))
    assert [len(part.interiors) for part in shapely.get_parts(together)] == [0] * shapely.get_num_geometries(together)


def test_the_hauts_de_seine_lie_in_four_public_territories():
    communes = reference.read_departement("92")
    assert Counter(commune.ept_nom for commune in communes) == {
        "Paris Ouest La Défense": 11,
        "Vallée Sud-Grand Paris": 11,
        "Grand Paris Seine Ouest": 8,
        "Boucle Nord de Seine": 6,
    }
    assert {commune.epci_nature for commune in communes} == {"METRO"}


def test_communes_without_an_outline_are_there_and_named_in_the_metadata():
    missing = {commune.code for commune in reference.read_departement("15") if commune.polygon is None}
    assert missing == {"15031", "15035", "15047", "15171"}
    named = reference.provenance()["OUTLINE_MISSING"]
    assert {entry.split(" ")[0] for entry in named.split(", ")} == missing


@pytest.mark.parametrize("code", ["33", "971"])
def test_no_town_hall_stands_far_outside_its_commune(code):
    for commune in reference.read_departement(code):
        if commune.mairie.lon is not None:
            place = shapely.Point(commune.mairie.lon, commune.mairie.lat)
            assert shapely.distance(place, shapely.from_wkb(commune.polygon)) < 0.0051, commune.nom


def test_nothing_personal_came_along():
    halls = [commune.mairie for code in ("33", "59", "92") for commune in reference.read_departement(code)]
    assert [hall for hall in halls if "@" in "".join((hall.adresse, hall.telephone, hall.site, hall.horaires))] == []
    assert [hall.telephone for hall in halls if hall.telephone.startswith(("06", "07"))] == []


@pytest.mark.parametrize("code", ["99", "1", "", "92' OR '1'='1", "2a"])
def test_a_code_that_is_none_is_named_with_examples(code):
    with pytest.raises(TisserandError, match="is not the code of a Département") as caught:
        reference.read_departement(code)
    assert f"“{code}”" in str(caught.value)


def test_a_collectivity_without_outlines_is_refused_by_its_name():
    with pytest.raises(TisserandError, match=r"Polynésie française \(987\)"):
        reference.read_departement("987")


def test_a_missing_national_file_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "INSTALLED", tmp_path / "communes.gpkg")
    monkeypatch.setattr(reference, "BUILT", tmp_path / "none.gpkg")
    with pytest.raises(TisserandError, match="make reference"):
        reference.read_departement("92")


@pytest.mark.parametrize("content", [b"", b"not a GeoPackage"])
def test_a_damaged_national_file_is_named(content, tmp_path, monkeypatch):
    damaged = tmp_path / "communes.gpkg"
    damaged.write_bytes(content)
    monkeypatch.setattr(reference, "INSTALLED", damaged)
    with pytest.raises(TisserandError, match="cannot be read") as caught:
        reference.read_departement("92")
    assert str(damaged) in str(caught.value)
