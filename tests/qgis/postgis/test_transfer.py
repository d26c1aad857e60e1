"""A GeoPackage store moved to a database: every row, the history and the settings, and the file as it was."""

from dataclasses import replace

import pytest

from tisserand.layers import geopackage, postgis
from tisserand.layers.errors import StoreExistsError
from tisserand.layers.model.tables import TABLES
from tisserand.layers.postgis.transfer import move_to_database
from tisserand.layers.workspace import build


@pytest.fixture
def file(make_store):
    path = make_store(
        [{"at": (0, 0), "nom": "Le Bocal", "itinerant": True}, {"at": (1, 1), "nom": "La Bobine", "capacite": 3}],
        [{"at": (2, 0), "description": "Notes de travail"}],
    )
    one, two = geopackage.read_rows(path, "acteur")
    changes = [
        {"uuid": one["uuid"], "description": "L'atelier « du coin »", "cree_le": "2026-11-24T10:00:00.250Z"},
        {"uuid": two["uuid"], "supprime_le": "2026-11-24T10:00:00Z"},
    ]
    geopackage.write_changes(path, {}, {"acteur": changes})
    return path


def test_every_row_setting_and_line_of_the_history_arrives_and_the_file_stays(place, file):
    before = file.read_bytes()
    target = replace(place, schema="venu")
    moved = move_to_database(file, target)
    assert (moved["acteur"], moved["besoin"], moved["territoire"]) == (2, 1, 9)
    for declared in TABLES:
        if declared.name not in ("meta", "journal"):
            there = postgis.read_rows(target, declared.name, withdrawn=True)
            assert there == geopackage.read_rows(file, declared.name, withdrawn=True), declared.name
    settings = postgis.read_settings(target)
    assert {name: settings[name] for name in geopackage.read_settings(file)} == geopackage.read_settings(file)
    history = geopackage.read_rows(file, "journal")
    assert [line for line in postgis.read_rows(target, "journal") if line in history] == history
    assert file.read_bytes() == before


def test_the_history_goes_on_where_the_file_left_it(place, file):
    target = replace(place, schema="venu")
    move_to_database(file, target)
    (row,) = postgis.read_rows(target, "acteur")
    assert row["version"] == 2
    change = {"uuid": row["uuid"], "description": "Ensuite", "version_lue": 2}
    postgis.write_changes(target, {}, {"acteur": [change]})
    lines = [line for line in postgis.read_rows(target, "journal") if line["objet_uuid"] == row["uuid"]]
    assert sorted(line["version"] for line in lines if line["operation"] == "modification") == [2, 3]


def test_a_schema_that_is_there_is_not_written_over(place, file):
    before = postgis.read_rows(place, "territoire")
    with pytest.raises(StoreExistsError):
        move_to_database(file, place)
    assert postgis.read_rows(place, "territoire") == before


def test_a_whole_demonstration_is_moved_by_an_owner_who_is_no_administrator_and_in_no_group(place, execute, tmp_path):
    path = tmp_path / "demonstration.gpkg"
    build("92", path, demo=True)
    execute("postgres", "CREATE ROLE porteur LOGIN PASSWORD 'Essai-porteur'")
    execute(place.database, f"GRANT CREATE ON DATABASE {place.database} TO porteur")
    owner = replace(place, schema="venu", user="porteur", password="Essai-porteur")
    moved = move_to_database(path, owner)
    assert moved["acteur"] > 50
    assert moved["besoin"] > 50
    (town_hall, *_) = [row for row in postgis.read_rows(owner, "acteur") if row["source"] == "mairies"]
    for status in ("archive", "publie"):
        postgis.write_changes(owner, {}, {"acteur": [{"uuid": town_hall["uuid"], "statut": status}]})
        shown = {row["uuid"]: row for row in postgis.read_rows(owner, "acteur_public")}
        assert (town_hall["uuid"] in shown) == (status == "publie")
    # Its telephone is published by law.
    assert shown[town_hall["uuid"]]["telephone"] == town_hall["telephone"]
