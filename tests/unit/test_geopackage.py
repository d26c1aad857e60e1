"""The store: made whole or not at all, written whole or not at all, read back as it was written."""

import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from osgeo import gdal, ogr

from tisserand.layers import geopackage
from tisserand.layers.errors import (
    DiskFullError,
    FolderClosedError,
    FolderMissingError,
    StoreBusyError,
    StoreExistsError,
    StoreRefusedError,
    StoreUnreadableError,
)
from tisserand.layers.model.tables import TABLES

LAMBERT_93 = 2154


def point(x, y):
    return bytes(ogr.CreateGeometryFromWkt(f"POINT({x} {y})").ExportToIsoWkb())


def actor(**values):
    return {"uuid": str(uuid4()), "nom": "Chez Élise & Cie", "diffusion": "public", **values}


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "espace.gpkg"
    geopackage.create_store(path, LAMBERT_93, {"departement": "92"}, {})
    return path


def test_rows_come_back_as_they_were_written(store):
    row = actor(
        capacite=12,
        score_geocodage=0.75,
        itinerant=True,
        date_visite=date(2026, 3, 1),
        cree_le=datetime(2026, 3, 1, 12, 30),
        description="À l'écoute, « tout près ».\nDeux lignes ; 'apostrophes' | barres",
        geom=point(650_000.25, 6_860_000.5),
    )
    geopackage.write_rows(store, {"acteur": [row]})
    (found,) = geopackage.read_rows(store, "acteur")
    for name in set(row) - {"cree_le"}:
        assert found[name] == row[name], name
    assert found["cree_le"].startswith("2026/03/01 12:30:00")
    assert found["telephone"] is None


def test_a_row_without_geometry_comes_back_without_one(store):
    geopackage.write_rows(store, {"acteur": [actor()]})
    assert geopackage.read_rows(store, "acteur")[0]["geom"] is None


def test_a_polygon_is_stored_as_a_multipolygon(store):
    square = bytes(ogr.CreateGeometryFromWkb(point(640_000, 6_860_000)).Buffer(9, 1).ExportToIsoWkb())
    row = {"uuid": str(uuid4()), "code": "01", "nom": "Nord", "geom": square}
    geopackage.write_rows(store, {"secteur": [row]})
    found = ogr.CreateGeometryFromWkb(geopackage.read_rows(store, "secteur")[0]["geom"])
    assert found.GetGeometryName() == "MULTIPOLYGON"
    assert found.Area() == pytest.approx(162)


def test_settings_come_back_with_the_version_and_the_crs(store):
    settings = geopackage.read_settings(store)
    assert settings["departement"] == "92"
    assert settings["epsg"] == str(LAMBERT_93)
    assert settings["version_schema"].isdigit()


def test_every_table_of_the_model_is_there_with_its_geometry_and_crs(store):
    dataset = gdal.OpenEx(str(store))
    for declared in TABLES:
        layer = dataset.GetLayerByName(declared.name)
        assert [
            layer.GetLayerDefn().GetFieldDefn(k).GetName() for k in range(layer.GetLayerDefn().GetFieldCount())
        ] == [*declared.names]
        expected = {"Point": ogr.wkbPoint, "MultiPolygon": ogr.wkbMultiPolygon, None: ogr.wkbNone}[declared.geometry]
        assert layer.GetGeomType() == expected
        if declared.geometry:
            assert layer.GetSpatialRef().GetAuthorityCode(None) == str(LAMBERT_93)
            assert layer.TestCapability(ogr.OLCFastSpatialFilter), "no spatial index"


def test_one_bad_row_among_good_ones_leaves_the_store_as_it_was(store):
    kept = actor()
    geopackage.write_rows(store, {"acteur": [kept]})
    bad_rows = {
        "code": actor(diffusion="inconnue"),
        "length": actor(nom="x"),
        "double": actor(uuid=kept["uuid"]),
        "reference": actor(secteur_uuid=str(uuid4())),
        "consent": actor(contact_publiable=True),
    }
    for why, bad in bad_rows.items():
        with pytest.raises(StoreRefusedError):
            geopackage.write_rows(store, {"acteur": [actor(), bad, actor()]})
        assert [row["uuid"] for row in geopackage.read_rows(store, "acteur")] == [kept["uuid"]], why


def test_the_row_that_was_refused_is_named(store):
    with pytest.raises(StoreRefusedError, match="Fablab du coin"):
        geopackage.write_rows(store, {"acteur": [actor(), actor(nom="Fablab du coin", diffusion="inconnue")]})


def test_a_bad_row_in_one_table_takes_back_the_rows_of_the_others(store):
    with pytest.raises(StoreRefusedError):
        geopackage.write_rows(store, {"acteur": [actor()], "meta": [{"cle": "departement", "valeur": "93"}]})
    assert geopackage.count_rows(store, "acteur") == 0


def test_a_store_that_cannot_be_filled_is_not_left_behind(tmp_path):
    with pytest.raises(StoreRefusedError):
        geopackage.create_store(tmp_path / "espace.gpkg", LAMBERT_93, {}, {"acteur": [actor(nom="x")]})
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_exists_is_left_as_it_is(store):
    before = store.read_bytes()
    with pytest.raises(StoreExistsError, match=store.name):
        geopackage.create_store(store, LAMBERT_93, {}, {})
    assert store.read_bytes() == before


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(FolderMissingError, match="nulle part"):
        geopackage.create_store(tmp_path / "nulle part" / "espace.gpkg", LAMBERT_93, {}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user (root?) writes where the permissions forbid it")
        with pytest.raises(FolderClosedError):
            geopackage.create_store(tmp_path / "espace.gpkg", LAMBERT_93, {}, {})
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not os.path.ismount("/proc"), reason="needs /proc, where nobody can make a file")
def test_a_file_system_that_takes_no_file_is_refused():
    with pytest.raises(FolderClosedError, match="/proc"):
        geopackage.create_store(Path("/proc/espace.gpkg"), LAMBERT_93, {}, {})


@pytest.fixture
def full_disk(tmp_path):
    """Yield a folder on a disk of 1 MB."""
    folder = tmp_path / "petit"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_leaves_nothing(full_disk):
    rows = [actor(description=uuid4().hex * 100) for _ in range(2000)]
    with pytest.raises(DiskFullError, match=full_disk.name):
        geopackage.create_store(full_disk / "espace.gpkg", LAMBERT_93, {}, {"acteur": rows})
    assert list(full_disk.iterdir()) == []


def test_a_store_held_by_another_program_is_said_to_be_busy(store):
    with closing(sqlite3.connect(store)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusyError):
            geopackage.write_rows(store, {"acteur": [actor()]})
    assert geopackage.count_rows(store, "acteur") == 0


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0 and nothing more"])
def test_a_file_that_is_no_store_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "autre.gpkg"
    path.write_bytes(content)
    with pytest.raises(StoreUnreadableError, match=r"autre\.gpkg"):
        geopackage.read_settings(path)


def test_a_geopackage_of_someone_else_is_no_store(tmp_path):
    path = tmp_path / "autre.gpkg"
    gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown).CreateLayer("routes")
    with pytest.raises(StoreUnreadableError):
        geopackage.read_settings(path)


def test_a_table_that_no_analysis_wrote_yet_is_empty(store):
    assert geopackage.read_rows(store, "analyse_couverture") == []
    assert geopackage.count_rows(store, "analyse_couverture") == 0
