"""The GeoPackage store made from the model: created whole, written whole or not at all, read back.

Works through GDAL alone, so that it serves inside QGIS and outside. Geometries go in and out as WKB in the CRS of the
store.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, datetime
from functools import partial
from pathlib import Path

from osgeo import gdal, ogr, osr

from .errors import (
    DiskFullError,
    FolderClosedError,
    FolderMissingError,
    OutsideDepartementError,
    StoreBusyError,
    StoreExistsError,
    StoreRefusedError,
    StoreUnreadableError,
    TisserandError,
)
from .model.codes import code_list
from .model.schema import Field, Kind, Table
from .model.tables import SCHEMA_VERSION, TABLES, table

GEOMETRY = "geom"
LOCATED = ("acteur", "besoin")
# Metres. Outlines are generalised, and a quay or an islet may lie just outside them.
OUTSIDE_TOLERANCE = 1000.0
SQL_TYPES = {
    Kind.TEXT: "TEXT",
    Kind.INTEGER: "MEDIUMINT",
    Kind.REAL: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DATETIME: "DATETIME",
}
# How SQLite and the system say that a disk is full, and that a folder cannot be written.
FULL = ("disk is full", os.strerror(errno.ENOSPC))
CLOSED = ("unable to open database file", "readonly database", os.strerror(errno.EACCES), os.strerror(errno.EROFS))
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


def create_table_sql(declared: Table) -> str:
    """Return the SQLite statement that creates a table of the model."""
    lines = ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"]
    if declared.geometry:
        lines.append(f"{GEOMETRY} {declared.geometry.upper()}")
    lines += [_column_sql(declared, column) for column in declared.fields]
    lines += [f"UNIQUE ({', '.join(columns)})" for columns in declared.unique_together]
    lines += [f"CONSTRAINT {name} CHECK ({condition})" for name, condition in declared.checks]
    return f"CREATE TABLE {declared.name} (\n  " + ",\n  ".join(lines) + "\n)"


def _column_sql(declared: Table, column: Field) -> str:
    sql = f"{column.name} {SQL_TYPES[column.kind]}"
    if column.required:
        sql += " NOT NULL"
    if column.unique:
        sql += " UNIQUE"
    if column.references:
        sql += f" REFERENCES {column.references}(uuid)"
    if column.check:
        sql += f" CONSTRAINT {declared.name}_{column.name} CHECK ({column.check})"
    if column.codes and not column.multiple:
        allowed = ", ".join(f"'{code}'" for code in code_list(column.codes).labels)
        sql += f" CONSTRAINT {declared.name}_{column.name}_code CHECK ({column.name} IN ({allowed}))"
    return sql


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
        write_rows(draft, everything)
        draft.replace(path)
    except StoreRefusedError as error:
        raise refusal(path, str(error.values["cause"])) from error
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    finally:
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-journal", "-wal", "-shm"))):
            leftover.unlink(missing_ok=True)


def refusal(path: Path, cause: str) -> TisserandError:
    """Return the error that says why a file could not be made, in plain words where the cause is a usual one."""
    if any(words in cause for words in FULL):
        return DiskFullError(path.parent)
    if any(words in cause for words in CLOSED):
        return FolderClosedError(path.parent)
    return StoreRefusedError(path=path, cause=cause)


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
                connection.execute(create_table_sql(declared))
                connection.executemany(
                    "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) VALUES (?, ?, ?, ?)",
                    [(declared.name, column.name, column.alias, column.help or None) for column in declared.fields],
                )
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
    except sqlite3.Error as error:
        raise StoreRefusedError(path=path, cause=str(error)) from error
    dataset = _open(path, writable=True)
    for declared in TABLES:
        if declared.geometry:
            dataset.ExecuteSQL(f"SELECT CreateSpatialIndex('{declared.name}', '{GEOMETRY}')")


def write_rows(path: Path, rows: Mapping[str, list[dict]]) -> dict[str, int]:
    """Append rows to tables of the model in one transaction; return how many each table took.

    A row is a dict of field names; its geometry, if any, is WKB under ``geom``. Raises StoreRefusedError naming the row
    when one breaks a rule of the model, StoreBusyError when another program holds the store; then nothing is written.
    What was written is counted again in the file before this returns.
    """
    before = {name: count_rows(path, name) for name in rows}
    dataset = _open(path, writable=True)
    if quietly(dataset.StartTransaction) != ogr.OGRERR_NONE:
        raise StoreBusyError(path=path)
    try:
        for declared in TABLES:
            if declared.name in rows:
                _append(dataset, declared, rows[declared.name], path)
        _check_references(dataset, path)
        for name in LOCATED:
            _check_places(dataset, table(name), rows.get(name, []))
    except Exception:
        dataset.RollbackTransaction()
        raise
    if quietly(dataset.CommitTransaction) != ogr.OGRERR_NONE:
        raise StoreRefusedError(path=path, cause=gdal.GetLastErrorMsg())
    del dataset
    written = {name: count_rows(path, name) - before[name] for name in rows}
    for name, expected in rows.items():
        if written[name] != len(expected):
            raise StoreRefusedError(path=path, cause=f"{name}: {written[name]} / {len(expected)}")
    return written


def _append(dataset, declared: Table, rows: Iterable[dict], path: Path) -> None:
    layer = dataset.GetLayerByName(declared.name)
    definition = layer.GetLayerDefn()
    position = {name: definition.GetFieldIndex(name) for name in declared.names}
    for row in rows:
        feature = ogr.Feature(definition)
        for name, value in row.items():
            if name == GEOMETRY:
                feature.SetGeometryDirectly(_geometry(declared, value))
            elif value is not None:
                _set(feature, position[name], value)
        if quietly(partial(layer.CreateFeature, feature)) != ogr.OGRERR_NONE:
            message = gdal.GetLastErrorMsg()
            if "locked" in message:
                raise StoreBusyError(path=path)
            raise StoreRefusedError(path=path, cause=f"{declared.title} « {row.get(declared.label)} » : {message}")


def _geometry(declared: Table, wkb: bytes):
    geometry = ogr.CreateGeometryFromWkb(wkb)
    if declared.geometry == "MultiPolygon":
        return ogr.ForceToMultiPolygon(geometry)
    return geometry


def _set(feature, index: int, value) -> None:
    if isinstance(value, datetime):
        feature.SetField(index, value.strftime("%Y-%m-%dT%H:%M:%SZ"))
    elif isinstance(value, date):
        feature.SetField(index, value.isoformat())
    elif isinstance(value, bool):
        feature.SetField(index, int(value))
    else:
        feature.SetField(index, value)


def _check_references(dataset, path: Path) -> None:
    result = dataset.ExecuteSQL("PRAGMA foreign_key_check")
    broken = sorted({feature.GetField(0) for feature in result}) if result is not None else []
    if result is not None:
        dataset.ReleaseResultSet(result)
    if broken:
        raise StoreRefusedError(path=path, cause=f"uuid → {', '.join(broken)}")


def _check_places(dataset, declared: Table, rows: list[dict]) -> None:
    """Raise for the first row whose point is farther from the Département than its outline is coarse."""
    outlines = dataset.GetLayerByName("territoire")
    outlines.SetAttributeFilter("niveau = 'departement'")
    outline = next((feature.GetGeometryRef().Buffer(OUTSIDE_TOLERANCE) for feature in outlines), None)
    outlines.SetAttributeFilter(None)
    if outline is None:
        return
    inside = outline.CreatePreparedGeometry()
    for row in rows:
        if row.get(GEOMETRY) and not inside.Intersects(ogr.CreateGeometryFromWkb(row[GEOMETRY])):
            raise OutsideDepartementError(f"{declared.title} « {row.get(declared.label)} »")


def read_rows(path: Path, name: str) -> list[dict]:
    """Return every row of a table as dicts of plain values, ordered by ``fid``; ``geom`` holds WKB or None.

    Dates come as ``datetime.date``, booleans as bool. Returns an empty list when the store has no such table, so that
    result tables which no analysis wrote yet need no special case. Raises StoreUnreadableError.
    """
    layer_owner = _open(path)
    layer = layer_owner.GetLayerByName(name)
    if layer is None:
        return []
    definition = layer.GetLayerDefn()
    columns = [definition.GetFieldDefn(index) for index in range(definition.GetFieldCount())]
    return [_row(feature, columns) for feature in layer]


def _row(feature, columns) -> dict:
    row = {}
    for index, column in enumerate(columns):
        value = None
        if feature.IsFieldSetAndNotNull(index):
            value = feature.GetField(index)
            if column.GetType() == ogr.OFTDate:
                value = date(*feature.GetFieldAsDateTime(index)[:3])
            elif column.GetSubType() == ogr.OFSTBoolean:
                value = bool(value)
        row[column.GetName()] = value
    geometry = feature.GetGeometryRef()
    row[GEOMETRY] = None if geometry is None else bytes(geometry.ExportToIsoWkb())
    return row


def count_rows(path: Path, name: str) -> int:
    """Return the number of rows a table holds on disk; 0 when the store has no such table."""
    layer_owner = _open(path)
    layer = layer_owner.GetLayerByName(name)
    return 0 if layer is None else layer.GetFeatureCount()


def read_settings(path: Path) -> dict[str, str]:
    """Return the table ``meta`` as a dict; raises StoreUnreadableError when the file is no store of ours."""
    settings = {row["cle"]: row["valeur"] for row in read_rows(path, table("meta").name)}
    if "version_schema" not in settings:
        raise StoreUnreadableError(path=path)
    return settings


def _open(path: Path, *, writable: bool = False):
    if not path.exists():
        raise StoreUnreadableError(path=path)
    flags = gdal.OF_VECTOR | (gdal.OF_UPDATE if writable else gdal.OF_READONLY)
    gdal.ErrorReset()
    dataset = quietly(lambda: gdal.OpenEx(str(path), flags, allowed_drivers=["GPKG"]))
    if dataset is None and "locked" in gdal.GetLastErrorMsg():
        raise StoreBusyError(path=path)
    if dataset is None and writable and quietly(lambda: gdal.OpenEx(str(path), gdal.OF_VECTOR)) is not None:
        raise StoreRefusedError(path=path, cause=gdal.GetLastErrorMsg() or os.strerror(30))
    if dataset is None:
        raise StoreUnreadableError(path=path)
    return dataset


def quietly(call):
    """Return what a GDAL call returns, None where it raises, with no message on stderr.

    The caller reads the message and says it in its own words.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return call()
    except RuntimeError:  # raised instead of a code when some other program switched GDAL's exceptions on
        return None
    finally:
        gdal.PopErrorHandler()
