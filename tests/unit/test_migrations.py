"""Upgrades: every value of a released schema is kept, and the store becomes one that was made today."""

import re
import runpy
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from osgeo import ogr

from tisserand.layers import geopackage
from tisserand.layers.ddl.statements import SQLITE, create_table
from tisserand.layers.errors import StoreRefusedError, StoreUnreadableError
from tisserand.layers.migrations import step_0002_whole_model, upgrade
from tisserand.layers.migrations.tables import statements
from tisserand.layers.model.tables import SCHEMA_VERSION, TABLES, table
from tisserand.layers.store_versions import StoreNewerError, StoreOlderError

old_stores = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("old_stores.py"))))
change, columns, contents, query = old_stores.change, old_stores.columns, old_stores.contents, old_stores.query
FORMER = old_stores.FORMER
TODAY = date(2026, 11, 24)
RELEASED = sorted(int(path.stem.split("_")[1]) for path in old_stores.DATA.glob("schema_*.sql"))
GPKG_TABLES = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions", "gpkg_data_columns")
# What differs between two fresh stores: when a table was last changed, and how far its rows reach.
PASSING = {"last_change", "min_x", "min_y", "max_x", "max_y"}


@pytest.fixture(params=RELEASED)
def old(request, tmp_path):
    return old_stores.make_old_store(tmp_path / "espace.gpkg", request.param)


@pytest.fixture
def fresh(tmp_path):
    path = tmp_path / "neuf.gpkg"
    geopackage.create_store(path, 2154, {}, {})
    return path


def schema(path):
    """Return what a store is made of: (type, name) -> SQL with its blanks and quotes evened out.

    The triggers of the spatial indexes are told by another test, since each version of GDAL has its own.
    """
    rows = query(path, "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'rtree!_%!_geom!_%' ESCAPE '!'")
    return {(kind, name): re.sub(r"\s+", " ", (sql or "").replace('"', "")) for kind, name, sql in rows}


def test_every_value_of_a_former_schema_is_kept(old, tmp_path):
    before = {name: (columns(old, name), contents(old, name, columns(old, name))) for name in FORMER}
    upgrade(old, TODAY)
    for name in set(FORMER) - {"territoire", "meta"}:
        names, rows = before[name]
        assert contents(old, name, names) == rows, name
        assert rows or name == "secteur"
    names, rows = before["territoire"]
    kept = [name for name in names if name != "millesime"]
    assert contents(old, "territoire", kept) == [
        tuple(value for position, value in enumerate(row) if names[position // 2] != "millesime") for row in rows
    ]


def test_settings_are_kept_and_tell_which_step_was_taken(old):
    before = dict(query(old, "SELECT cle, valeur FROM meta"))
    upgrade(old, TODAY)
    after = geopackage.read_settings(old)
    assert after.pop("version_schema") == str(SCHEMA_VERSION)
    noted = after.pop("migration_0002")
    assert re.fullmatch(r"[0-9a-f]{64} \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", noted)
    assert after == {name: value for name, value in before.items() if name != "version_schema"}


def test_an_upgraded_store_is_made_like_a_new_one(old, fresh):
    upgrade(old, TODAY)
    assert schema(old) == schema(fresh)
    for name in GPKG_TABLES:
        names = [column for column in columns(fresh, name) if column not in PASSING]
        listed = ", ".join(names)
        assert sorted(query(old, f"SELECT {listed} FROM {name}"), key=str) == sorted(
            query(fresh, f"SELECT {listed} FROM {name}"), key=str
        )


def test_every_table_with_places_has_the_same_spatial_index(old):
    upgrade(old, TODAY)

    def index_of(name):
        rows = query(
            old, "SELECT name, sql FROM sqlite_master WHERE name LIKE ? AND sql IS NOT NULL", f"rtree_{name}_%"
        )
        return {tuple(text.replace(name, "…") for text in row) for row in rows}

    located = [declared.name for declared in TABLES if declared.geometry]
    assert len(index_of("acteur")) > 5
    assert [name for name in located if index_of(name) != index_of("acteur")] == []


def test_the_spatial_index_finds_every_row_where_it_is(old):
    upgrade(old, TODAY)
    for declared in TABLES:
        if declared.geometry:
            placed = query(old, f"SELECT fid FROM {declared.name} WHERE geom IS NOT NULL ORDER BY fid")
            assert query(old, f"SELECT id FROM rtree_{declared.name}_geom ORDER BY id") == placed
    layer_owner = ogr.Open(str(old))
    layer = layer_owner.GetLayerByName("acteur")
    layer.SetSpatialFilterRect(640_000, 6_860_000, 644_000, 6_864_000)
    assert [feature["nom"] for feature in layer] == ["Chez Élise & Cie"]


def test_the_frozen_tables_are_those_of_the_model_until_the_next_schema():
    # Fails when the model changes: before schema 2 is released, run scripts/freeze_schema.py; after, write a step.
    assert step_0002_whole_model.NUMBER == SCHEMA_VERSION
    assert statements(step_0002_whole_model.SQL) == {
        declared.name: create_table(declared, SQLITE, 2154) for declared in TABLES
    }


def test_what_is_new_has_the_value_of_a_new_row(old):
    upgrade(old, TODAY)
    for row in geopackage.read_rows(old, "acteur"):
        new = [row[name] for name in ("version_lue", "source_ref", "extra", "contact_nom", "supprime_le", "rna")]
        assert (row["version"], set(new)) == (1, {None})
    assert query(old, "SELECT nom, millesime FROM territoire WHERE niveau = 'commune' ORDER BY code") == [
        ("L'Abergement-Fictif", 2026),
        ("Œuilly-sur-Rêve", 2026),
        ("Saint-Élie", 2025),
    ]
    assert geopackage.count_rows(old, "journal") == 0


def test_the_number_of_a_deleted_row_is_not_given_again(old):
    upgrade(old, TODAY)
    actor = {"uuid": "11111111-1111-4111-8111-111111111111", "nom": "Après", "diffusion": "public"}
    geopackage.write_rows(old, {"acteur": [actor]})
    assert query(old, "SELECT fid FROM acteur WHERE nom = 'Après'") == [(6,)]


def test_an_upgraded_store_keeps_the_rules_of_today(old):
    upgrade(old, TODAY)
    (row, *_) = geopackage.read_rows(old, "acteur")
    geopackage.write_changes(old, {}, {"acteur": [{"uuid": row["uuid"], "nom": "Autre nom", "version_lue": 1}]})
    assert query(old, "SELECT operation, version FROM journal") == [("modification", 2)]
    with pytest.raises(StoreRefusedError, match="CIS-CONFLIT"):
        geopackage.write_changes(old, {}, {"acteur": [{"uuid": row["uuid"], "nom": "Trop tard", "version_lue": 1}]})
    with pytest.raises(sqlite3.IntegrityError, match="CIS-SUPPRESSION"):
        change(old, "DELETE FROM acteur")


def test_a_store_of_a_former_schema_says_that_it_wants_an_upgrade(old):
    with pytest.raises(StoreOlderError, match="Upgrade a workspace"):
        geopackage.read_settings(old)
    upgrade(old, TODAY)
    assert geopackage.read_settings(old)["departement"] == "01"


def test_a_whole_copy_is_kept_beside_the_store(old):
    held = old_stores.everything(old)
    done = upgrade(old, TODAY)
    assert done.backup == old.with_name(f"espace.v{done.before}-2026-11-24.gpkg")
    assert old_stores.everything(done.backup) == held
    assert ogr.Open(str(done.backup)).GetLayerByName("acteur").GetFeatureCount() == 4


def test_a_copy_that_stands_there_is_not_written_over(old):
    taken = old.with_name("espace.v1-2026-11-24.gpkg")
    taken.write_text("à moi")
    assert upgrade(old, TODAY).backup.name == "espace.v1-2026-11-24-2.gpkg"
    assert taken.read_text() == "à moi"


def test_a_store_of_today_is_left_alone(old):
    upgrade(old, TODAY)
    held, files = old.read_bytes(), sorted(old.parent.iterdir())
    again = upgrade(old, TODAY)
    assert (again.before, again.after, again.backup) == (SCHEMA_VERSION, SCHEMA_VERSION, None)
    assert (old.read_bytes(), sorted(old.parent.iterdir())) == (held, files)


def test_a_store_of_tomorrow_is_refused(old):
    change(old, f"UPDATE meta SET valeur = '{SCHEMA_VERSION + 1}' WHERE cle = 'version_schema'")
    held = old.read_bytes()
    with pytest.raises(StoreNewerError, match="later version"):
        upgrade(old, TODAY)
    assert old.read_bytes() == held


@pytest.mark.parametrize("content", [None, b"", b"pas une base", b"SQLite format 3\0" + bytes(500)])
def test_a_file_that_is_no_store_is_refused(tmp_path, content):
    path = tmp_path / "autre.gpkg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreUnreadableError):
        upgrade(path, TODAY)
    assert (path.read_bytes() if path.exists() else None) == content


def test_what_the_user_added_stays(old):
    change(
        old,
        "ALTER TABLE acteur ADD COLUMN \"Mon champ\" TEXT NOT NULL DEFAULT 'é'",
        "UPDATE acteur SET \"Mon champ\" = nom || '''s' WHERE fid < 3",
        "INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES ('acteur', 'Mon champ', 'À moi')",
        "CREATE TABLE mes_notes (fid INTEGER PRIMARY KEY, acteur TEXT REFERENCES acteur(uuid), note TEXT)",
        "INSERT INTO mes_notes SELECT fid, uuid, 'vu' FROM acteur",
        "CREATE VIEW gratuits AS SELECT a.fid, a.nom FROM acteur a JOIN service s ON s.acteur_uuid = a.uuid",
        "CREATE INDEX par_commune ON acteur (commune)",
        "CREATE TRIGGER le_mien AFTER INSERT ON acteur BEGIN INSERT INTO mes_notes (note) VALUES (NEW.nom); END",
        "CREATE TRIGGER l_autre AFTER DELETE ON mes_notes "
        "BEGIN UPDATE acteur SET description = 'x' WHERE fid = OLD.fid; END",
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_name TEXT, styleQML TEXT)",
        "INSERT INTO layer_styles VALUES (1, 'acteur', '<qgis/>')",
        "CREATE TABLE analyse_couverture (fid INTEGER PRIMARY KEY, score REAL)",
        "INSERT INTO analyse_couverture VALUES (1, 0.1)",
    )
    names = ("mes_notes", "layer_styles", "analyse_couverture", "gratuits")
    before = [query(old, f"SELECT * FROM {name}") for name in names]
    field = query(old, 'SELECT fid, "Mon champ" FROM acteur')
    upgrade(old, TODAY)
    assert [query(old, f"SELECT * FROM {name}") for name in names] == before
    assert query(old, 'SELECT fid, "Mon champ" FROM acteur') == field
    assert query(old, "SELECT title FROM gpkg_data_columns WHERE column_name = 'Mon champ'") == [("À moi",)]
    kept = query(old, "SELECT name FROM sqlite_master WHERE name IN ('par_commune', 'le_mien') AND tbl_name = 'acteur'")
    assert len(kept) == 2
    change(old, "DELETE FROM mes_notes WHERE fid = 3")
    assert query(old, "SELECT description FROM acteur WHERE fid IN (3)") == [("x",)]
    # The table that refers to actors still does, to the new one.
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("INSERT INTO mes_notes (acteur) VALUES ('personne')")


def test_a_reference_that_was_broken_before_does_not_bar_the_way(old):
    change(old, "UPDATE service SET acteur_uuid = 'disparu' WHERE fid = 2")
    upgrade(old, TODAY)
    assert query(old, "SELECT acteur_uuid FROM service WHERE fid = 2") == [("disparu",)]


def test_the_words_for_every_column_are_those_of_the_model(old):
    upgrade(old, TODAY)
    for declared in TABLES:
        titles = dict(
            query(old, "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ?", declared.name)
        )
        assert titles == {name: table(declared.name)[name].alias for name in declared.names}
