"""Upgrades that cannot be: each says why, leaves the store as it was and no copy beside it."""

import os
import random
import runpy
import sqlite3
import time
from contextlib import closing
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pytest
from osgeo import ogr

from tisserand.layers.errors import CancelledError, StoreBusyError, StoreUnreadableError
from tisserand.layers.geopackage.reading import raw_settings
from tisserand.layers.migrations import backup, step_0002_whole_model, upgrade
from tisserand.layers.migrations.errors import NameTakenError, NoRoomError, UpgradeRefusedError
from tisserand.layers.model.tables import SCHEMA_VERSION

old_stores = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("old_stores.py"))))
change, everything = old_stores.change, old_stores.everything
TODAY = date(2026, 11, 24)
KILLS = 30


@pytest.fixture
def old(tmp_path):
    return old_stores.make_old_store(tmp_path / "espace.gpkg")


@pytest.fixture
def unchanged(old):
    """Check at the end that the store holds what it held when this was called, and that nothing lies beside it."""
    held = []
    yield lambda: held.append(everything(old))
    assert [everything(old)] == held
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def test_a_store_that_another_program_writes_to_is_refused(old, unchanged):
    unchanged()
    with closing(sqlite3.connect(old)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="leave its editing mode"):
            upgrade(old, TODAY)


def test_a_store_that_another_program_has_open_for_editing_is_refused(old, unchanged):
    # QGIS opens a GeoPackage that is edited in WAL mode, and is idle most of the time.
    with closing(sqlite3.connect(old)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE lien SET commentaire = 'en cours'")
        other.commit()
        unchanged()
        with pytest.raises(StoreBusyError):
            upgrade(old, TODAY)
        assert other.execute("SELECT commentaire FROM lien").fetchone() == ("en cours",)


def test_what_a_crashed_program_left_in_the_wal_file_is_upgraded_too(old):
    left = {}
    with closing(sqlite3.connect(old)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE lien SET commentaire = 'enregistré'")
        other.commit()
        for end in ("", "-wal"):
            left[end] = old.with_name(old.name + end).read_bytes()
    for end, content in left.items():
        old.with_name(old.name + end).write_bytes(content)
    done = upgrade(old, TODAY)
    for path in (old, done.backup):
        assert old_stores.query(path, "SELECT commentaire FROM lien") == [("enregistré",)]
    assert sorted(path.name for path in old.parent.iterdir()) == sorted([old.name, done.backup.name])


def test_somebody_who_writes_while_the_copy_is_made_is_not_overrun(old, monkeypatch):
    def slow(connection, path, version, today):
        made = backup.back_up(connection, path, version, today)
        change(old, "UPDATE lien SET commentaire = 'entre-temps'")
        return made

    monkeypatch.setattr("tisserand.layers.migrations.runner.back_up", slow)
    with pytest.raises(StoreBusyError):
        upgrade(old, TODAY)
    assert raw_settings(old)["version_schema"] == "1"
    assert old_stores.query(old, "SELECT commentaire FROM lien") == [("entre-temps",)]


def test_a_disk_without_room_for_the_copy_is_told_before_anything_is_done(old, unchanged, monkeypatch):
    unchanged()
    monkeypatch.setattr(backup, "LEAST_FREE", 10**15)
    with pytest.raises(NoRoomError, match=r"takes 1000000000 MB"):
        upgrade(old, TODAY)


def test_a_table_of_the_user_in_the_way_is_named(old, unchanged):
    change(old, "CREATE TABLE Projet (id INTEGER PRIMARY KEY, mien TEXT)")
    unchanged()
    with pytest.raises(NameTakenError, match="table of yours called projet"):
        upgrade(old, TODAY)


def test_a_value_that_breaks_a_new_rule_is_named(old, unchanged):
    change(old, "ALTER TABLE acteur ADD COLUMN version TEXT")
    unchanged()
    with pytest.raises(UpgradeRefusedError, match=r"acteur\.version"):
        upgrade(old, TODAY)


@pytest.mark.parametrize("at", [0.1, 0.3, 0.6, 0.9])
def test_a_cancelled_upgrade_leaves_the_store_as_it_was(old, unchanged, at):
    def progress(share):
        if share >= at:
            raise CancelledError

    unchanged()
    with pytest.raises(CancelledError):
        upgrade(old, TODAY, progress)


def test_rows_that_go_missing_on_the_way_are_seen(old, unchanged, monkeypatch):
    def forgetful(connection, path, epsg):
        step_0002_whole_model.apply(connection, path, epsg)
        connection.execute("DELETE FROM service WHERE fid = 2")

    step = SimpleNamespace(NUMBER=2, SQL=step_0002_whole_model.SQL, apply=forgetful)
    monkeypatch.setattr("tisserand.layers.migrations.runner.STEPS", (step,))
    unchanged()
    with pytest.raises(UpgradeRefusedError, match="service : 1 / 2"):
        upgrade(old, TODAY)


def test_a_damaged_store_is_refused(old):
    content = bytearray(old.read_bytes())
    (page,) = old_stores.query(old, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_acteur_1'")[0]
    content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    old.write_bytes(content)
    with pytest.raises((UpgradeRefusedError, StoreUnreadableError)):
        upgrade(old, TODAY)
    assert old.read_bytes() == bytes(content)
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def _many(path):
    change(
        path,
        "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "INSERT INTO acteur (fid, uuid, nom, diffusion, geom) SELECT i, "
        "printf('%08x-0000-4000-8000-000000000000', i), 'Acteur ' || i, 'public', "
        "(SELECT geom FROM acteur WHERE fid = 1) FROM n",
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_an_upgrade_killed_in_the_middle_of_its_writing_can_be_begun_again(old):
    _many(old)
    held = old_stores.contents(old, "acteur", ("uuid", "nom"))
    journal = old.with_name(old.name + "-journal")
    worker = get_context("fork").Process(target=upgrade, args=(old, TODAY))
    worker.start()
    while worker.is_alive() and not (journal.exists() and journal.stat().st_size > 50_000):
        time.sleep(0.001)
    worker.kill()
    worker.join()
    # GDAL, which reads the version, cannot take back what was half done.
    assert upgrade(old, TODAY).after == SCHEMA_VERSION
    assert old_stores.contents(old, "acteur", ("uuid", "nom")) == held
    assert not journal.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_an_upgrade_killed_at_any_moment_leaves_one_version_or_the_other(tmp_path):
    whole = old_stores.make_old_store(tmp_path / "modele.gpkg")
    _many(whole)
    held = whole.read_bytes()
    folder = tmp_path / "essais"
    folder.mkdir()
    path = folder / "espace.gpkg"
    path.write_bytes(held)
    start = time.perf_counter()
    upgrade(path, TODAY)
    lasts = time.perf_counter() - start
    names = old_stores.columns(whole, "acteur")
    actors = old_stores.contents(whole, "acteur", names)
    chance = random.Random(20261124)
    found = {"1": 0, str(SCHEMA_VERSION): 0}
    for number in range(KILLS):
        for former in folder.iterdir():
            former.unlink()
        path.write_bytes(held)
        worker = get_context("fork").Process(target=upgrade, args=(path, TODAY))
        worker.start()
        time.sleep(lasts * 1.2 * (number + chance.random()) / KILLS)
        worker.kill()
        worker.join()
        # As whoever comes next would: a reader by SQLite takes back what was half done.
        assert old_stores.query(path, "PRAGMA integrity_check") == [("ok",)], number
        version = raw_settings(path)["version_schema"]
        found[version] += 1
        assert old_stores.contents(path, "acteur", names) == actors, number
        assert ogr.Open(str(path)).GetLayerByName("acteur").GetFeatureCount() == len(actors)
        journal = old_stores.query(path, "SELECT count(*) FROM sqlite_master WHERE name = 'journal'")
        assert journal == [(0 if version == "1" else 1,)], number
        for copy in folder.glob("*.v1-*.gpkg"):
            assert old_stores.contents(copy, "acteur", names) == actors, number
        again = upgrade(path, TODAY)
        assert again.before == int(version)
        assert raw_settings(path)["version_schema"] == str(SCHEMA_VERSION)
        assert [left.name for left in folder.iterdir() if left.suffix != ".gpkg"] == []
    assert found["1"], found
