"""A new, empty store: its tables, indexes, triggers and the words of the model, made whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from osgeo import gdal, osr

from ..crs import bounds
from ..ddl.sqlite_triggers import triggers
from ..ddl.statements import GEOMETRY, SQLITE, create_indexes, create_table
from ..errors import FolderMissingError, StoreExistsError, StoreRefusedError
from ..model.schema import Table
from ..model.tables import SCHEMA_VERSION, TABLES
from .opening import open_store, quietly, refusal
from .writing import write_rows

# The words of the model travel in the store (GeoPackage 1.2, extension "schema"). With GDAL 3.7 or later, QGIS shows
# the description of a column as a tooltip.
DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
"""


def create_store(path: Path, epsg: int, settings: Mapping[str, object], rows: Mapping[str, list[dict]]) -> None:
    """Make a new store at ``path`` with its settings (table ``meta``) and first rows; nothing is left if it fails.

    Raises StoreExistsError when something stands there already, FolderMissingError, FolderClosedError or DiskFullError
    when the place is not fit, StoreRefusedError when a row is not.
    """
    if path.exists():
        raise StoreExistsError(path=path)
    draft = path.with_name(f".{path.stem}-{os.getpid()}.gpkg")
    try:
        draft.unlink(missing_ok=True)
        _create_empty(draft, epsg)
        everything = dict(rows)
        everything["meta"] = [
            {"cle": key, "valeur": str(value)}
            for key, value in {**settings, "version_schema": SCHEMA_VERSION, "epsg": epsg}.items()
        ]
        write_rows(draft, everything, new=True)
        draft.replace(path)
    except StoreRefusedError as error:
        raise refusal(path, str(error.values["cause"])) from error
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    finally:
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-journal", "-wal", "-shm"))):
            leftover.unlink(missing_ok=True)


def _create_empty(path: Path, epsg: int) -> None:
    if not path.parent.is_dir():
        raise FolderMissingError(path.parent)
    created = quietly(lambda: gdal.GetDriverByName("GPKG").Create(str(path), 0, 0, 0, gdal.GDT_Unknown))
    if created is None:
        raise StoreRefusedError(path=path, cause=gdal.GetLastErrorMsg())
    del created
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "INSERT OR IGNORE INTO gpkg_spatial_ref_sys"
                " (srs_name, srs_id, organization, organization_coordsys_id, definition) VALUES (?, ?, 'EPSG', ?, ?)",
                (srs.GetName(), epsg, epsg, srs.ExportToWkt(["FORMAT=WKT1_GDAL"])),
            )
            connection.executescript(DATA_COLUMNS)
            for declared in TABLES:
                connection.execute(create_table(declared, SQLITE, epsg))
                register(connection, declared, epsg)
                install(connection, declared, epsg)
    except sqlite3.Error as error:
        raise StoreRefusedError(path=path, cause=str(error)) from error
    dataset = open_store(path, writable=True)
    # One transaction, since each writes the disk through.
    dataset.StartTransaction()
    for declared in TABLES:
        if declared.geometry:
            dataset.ExecuteSQL(f"SELECT CreateSpatialIndex('{declared.name}', '{GEOMETRY}')")
    dataset.CommitTransaction()


def register(connection: sqlite3.Connection, declared: Table, epsg: int) -> None:
    """Tell the GeoPackage of a new table, and of the words for its columns."""
    describe(connection, declared)
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (
            declared.name,
            "features" if declared.geometry else "attributes",
            declared.title,
            epsg if declared.geometry else 0,
        ),
    )
    if declared.geometry:
        connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
            (declared.name, GEOMETRY, declared.geometry.upper(), epsg),
        )


def describe(connection: sqlite3.Connection, declared: Table) -> None:
    """Write the words of the model for the columns of a table, in place of those that were there."""
    connection.execute("DELETE FROM gpkg_data_columns WHERE table_name = ?", (declared.name,))
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) VALUES (?, ?, ?, ?)",
        [(declared.name, column.name, column.alias, column.help or None) for column in declared.fields],
    )


def install(connection: sqlite3.Connection, declared: Table, epsg: int) -> None:
    """Make the indexes and triggers of a table."""
    for statement in (*create_indexes(declared), *triggers(declared, bounds(epsg)).values()):
        connection.execute(statement)
