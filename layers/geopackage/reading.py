"""Reading a store: rows as plain values, counts, settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from osgeo import ogr

from ..ddl.statements import GEOMETRY
from ..errors import StoreUnreadableError
from ..model.tables import SCHEMA_VERSION, TABLES, table
from ..store_versions import StoreOlderError
from .opening import open_store


def read_rows(path: Path, name: str, *, withdrawn: bool = False) -> list[dict]:
    """Return every row of a table as dicts of plain values, ordered by ``fid``; ``geom`` holds WKB or None.

    Dates come as ``datetime.date``, booleans as bool. Rows that were withdrawn, and territories that a later vintage
    replaced, come only with ``withdrawn``. Returns an empty list when the store has no such table, so that result
    tables which no analysis wrote yet need no special case. Raises StoreUnreadableError.
    """
    layer_owner = open_store(path)
    layer = layer_owner.GetLayerByName(name)
    if layer is None:
        return []
    definition = layer.GetLayerDefn()
    columns = [definition.GetFieldDefn(index) for index in range(definition.GetFieldCount())]
    # A store that is kept open keeps the filter of who read the table before.
    layer.SetAttributeFilter(None if withdrawn else _in_force(name))
    return [_row(feature, columns) for feature in layer]


def _in_force(name: str) -> str | None:
    declared = next((declared for declared in TABLES if declared.name == name), None)
    return (declared.in_force or None) if declared else None


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
    """Return the number of rows a table holds on disk, withdrawn ones too; 0 when the store has no such table."""
    layer_owner = open_store(path)
    layer = layer_owner.GetLayerByName(name)
    if layer is None:
        return 0
    layer.SetAttributeFilter(None)
    return layer.GetFeatureCount()


def read_settings(path: Path) -> dict[str, str]:
    """Return the table ``meta`` as a dict.

    Raises StoreUnreadableError when the file is no store of ours, StoreOlderError when it must be upgraded first.
    """
    settings = raw_settings(path)
    if int(settings["version_schema"]) < SCHEMA_VERSION:
        raise StoreOlderError(path)
    return settings


def raw_settings(path: Path) -> dict[str, str]:
    """Return the table ``meta`` of a store of any version; raises StoreUnreadableError when the file is none."""
    settings = {row["cle"]: row["valeur"] for row in read_rows(path, table("meta").name)}
    if not settings.get("version_schema", "").isdigit():
        raise StoreUnreadableError(path=path)
    return settings
