"""Writing to a store: all the rows of a call in one transaction, or none; counted again in the file afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path

from osgeo import gdal, ogr

from ..ddl.sqlite_triggers import CONFLICT, OUT_OF_PLACE
from ..ddl.statements import GEOMETRY
from ..errors import OutsideDepartementError, StoreBusyError, StoreRefusedError, TisserandError
from ..model.schema import Table
from ..model.tables import SCHEMA_VERSION, TABLES, table
from ..store_versions import StoreNewerError
from .opening import kept_open, open_store, quietly
from .reading import count_rows, raw_settings

LOCATED = tuple(declared.name for declared in TABLES if declared.geometry == "Point" and declared.versioned)
# Metres. Outlines are generalised, and a quay or an islet may lie just outside them.
OUTSIDE_TOLERANCE = 1000.0


def write_rows(path: Path, rows: Mapping[str, list[dict]], *, new: bool = False) -> dict[str, int]:
    """Append rows to tables of the model in one transaction; return how many each table took.

    A row is a dict of field names; its geometry, if any, is WKB under ``geom``. Raises StoreRefusedError naming the row
    when one breaks a rule of the model, StoreBusyError when another program holds the store, StoreNewerError when a
    later version made it; then nothing is written. ``new`` says that the store has no settings yet.
    """
    if not new:
        _check_version(path)
    return _write(path, rows, {})


def write_changes(path: Path, creates: Mapping[str, list[dict]], updates: Mapping[str, list[dict]]) -> None:
    """Append rows and change others, found by their ``uuid``, in one transaction; read back before this returns.

    A row of ``updates`` holds its ``uuid`` and the fields that change, a None to empty one; with ``version_lue`` the
    change is refused when the row has moved on from that version. Raises what ``write_rows`` raises, and
    StoreRefusedError for a uuid that the store does not hold.
    """
    _check_version(path)
    _write(path, creates, updates)


def _check_version(path: Path) -> None:
    if int(raw_settings(path)["version_schema"]) > SCHEMA_VERSION:
        raise StoreNewerError(path)


def _write(path: Path, creates: Mapping[str, list[dict]], updates: Mapping[str, list[dict]]) -> dict[str, int]:
    before = _counts(path, creates)
    dataset = open_store(path, writable=True)
    if quietly(dataset.StartTransaction) != ogr.OGRERR_NONE:
        raise StoreBusyError(path=path)
    try:
        for declared in TABLES:
            if creates.get(declared.name):
                _append(dataset, declared, creates[declared.name], path)
            if updates.get(declared.name):
                _change(dataset, declared, updates[declared.name], path)
        _check_references(dataset, path)
        for name in LOCATED:
            _check_places(dataset, table(name), [*creates.get(name, ()), *updates.get(name, ())])
    except Exception:
        dataset.RollbackTransaction()
        raise
    if quietly(dataset.CommitTransaction) != ogr.OGRERR_NONE:
        raise StoreRefusedError(path=path, cause=gdal.GetLastErrorMsg())
    del dataset
    written = {name: count - before[name] for name, count in _counts(path, creates).items()}
    for name, expected in creates.items():
        if written[name] != len(expected):
            raise StoreRefusedError(path=path, cause=f"{name}: {written[name]} / {len(expected)}")
    _read_back(path, updates)
    return written


def _counts(path: Path, names: Iterable[str]) -> dict[str, int]:
    with kept_open(path):
        return {name: count_rows(path, name) for name in names}


def _append(dataset, declared: Table, rows: Iterable[dict], path: Path) -> None:
    layer = dataset.GetLayerByName(declared.name)
    definition = layer.GetLayerDefn()
    position = {name: definition.GetFieldIndex(name) for name in declared.names}
    for row in rows:
        feature = ogr.Feature(definition)
        for name, value in row.items():
            if value is not None:
                _set(feature, declared, position, name, value)
        if quietly(partial(layer.CreateFeature, feature)) != ogr.OGRERR_NONE:
            raise _refused(path, declared, row)


def _change(dataset, declared: Table, rows: list[dict], path: Path) -> None:
    layer = dataset.GetLayerByName(declared.name)
    definition = layer.GetLayerDefn()
    position = {name: definition.GetFieldIndex(name) for name in declared.names}
    numbers = _numbers(dataset, declared)
    for row in rows:
        if row["uuid"] not in numbers:
            raise StoreRefusedError(path=path, cause=f"{declared.title} : uuid {row['uuid']} ?")
        feature = layer.GetFeature(numbers[row["uuid"]])
        for name, value in row.items():
            if value is not None:
                _set(feature, declared, position, name, value)
            elif name == GEOMETRY:
                feature.SetGeometryDirectly(None)
            else:
                feature.SetFieldNull(position[name])
        if quietly(partial(layer.SetFeature, feature)) != ogr.OGRERR_NONE:
            raise _refused(path, declared, row)


def _numbers(dataset, declared: Table) -> dict[str, int]:
    """Return the row number of each uuid; asked for at once, since one look-up a row would be slower."""
    result = dataset.ExecuteSQL(f"SELECT fid, uuid FROM {declared.name}")  # nosec B608
    try:
        return {feature.GetField("uuid"): feature.GetFID() for feature in result}
    finally:
        dataset.ReleaseResultSet(result)


def _refused(path: Path, declared: Table, row: dict) -> TisserandError:
    message = gdal.GetLastErrorMsg()
    if "locked" in message:
        return StoreBusyError(path=path)
    if OUT_OF_PLACE in message:
        return OutsideDepartementError(_named(declared, row))
    return StoreRefusedError(path=path, cause=f"{_named(declared, row)} : {_in_words(declared, message)}")


def _named(declared: Table, row: dict) -> str:
    return f"{declared.title} « {row.get(declared.label) or row.get('uuid')} »"


def _in_words(declared: Table, message: str) -> str:
    """Return the sentence of the model for the rule that SQLite names, else its own message."""
    for check in declared.checks:
        if check.name in message:
            return check.says
    own = re.search(rf"({CONFLICT.split('-')[0]}-[A-Z]+ : [^\n]*)", message)
    # GDAL repeats the whole statement before the cause.
    return own[1] if own else re.sub(r"(?s)^failed to prepare SQL: .* - ", "", message)


def _set(feature, declared: Table, position: Mapping[str, int], name: str, value) -> None:
    if name == GEOMETRY:
        feature.SetGeometryDirectly(_geometry(declared, value))
    elif isinstance(value, datetime):
        feature.SetField(position[name], value.strftime("%Y-%m-%dT%H:%M:%SZ"))
    elif isinstance(value, date):
        feature.SetField(position[name], value.isoformat())
    elif isinstance(value, bool):
        feature.SetField(position[name], int(value))
    else:
        feature.SetField(position[name], value)


def _geometry(declared: Table, wkb: bytes):
    geometry = ogr.CreateGeometryFromWkb(wkb)
    if declared.geometry == "MultiPolygon":
        return ogr.ForceToMultiPolygon(geometry)
    return geometry


def _check_references(dataset, path: Path) -> None:
    result = dataset.ExecuteSQL("PRAGMA foreign_key_check")
    broken = sorted({feature.GetField(0) for feature in result}) if result is not None else []
    if result is not None:
        dataset.ReleaseResultSet(result)
    if broken:
        raise StoreRefusedError(path=path, cause=f"uuid → {', '.join(broken)}")


def _check_places(dataset, declared: Table, rows: list[dict]) -> None:
    """Raise for the first row whose point is farther from the Département than its outline is coarse."""
    rows = [row for row in rows if row.get(GEOMETRY)]
    if not rows:
        return
    outline = _outline(dataset)
    if outline is None:
        return
    inside = outline.Buffer(OUTSIDE_TOLERANCE).CreatePreparedGeometry()
    for row in rows:
        if not inside.Intersects(ogr.CreateGeometryFromWkb(row[GEOMETRY])):
            raise OutsideDepartementError(_named(declared, row))


def _outline(dataset):
    """Return the outline of the Département of the workspace, None while it has none; others may lie beside it."""
    settings = {row.GetField("cle"): row.GetField("valeur") for row in dataset.GetLayerByName("meta")}
    layer = dataset.GetLayerByName("territoire")
    layer.SetAttributeFilter("niveau = 'departement' AND remplace_le IS NULL")
    own = next((row for row in layer if row.GetField("code") == settings.get("departement")), None)
    layer.SetAttributeFilter(None)
    return own.GetGeometryRef().Clone() if own is not None and own.GetGeometryRef() is not None else None


def _read_back(path: Path, updates: Mapping[str, list[dict]]) -> None:
    """Raise when a change is not in the file as it was given."""
    dataset = open_store(path)
    for name, rows in updates.items():
        if not rows:
            continue
        layer = dataset.GetLayerByName(name)
        definition = layer.GetLayerDefn()
        declared = table(name)
        position = {field: definition.GetFieldIndex(field) for field in declared.names}
        numbers = _numbers(dataset, declared)
        for row in rows:
            found = layer.GetFeature(numbers[row["uuid"]])
            wanted = ogr.Feature(definition)
            for field, value in row.items():
                if field in (GEOMETRY, "version_lue"):
                    continue
                if value is not None:
                    _set(wanted, declared, position, field, value)
                index = position[field]
                if wanted.IsFieldSetAndNotNull(index) != found.IsFieldSetAndNotNull(index) or (
                    wanted.IsFieldSetAndNotNull(index) and wanted.GetField(index) != found.GetField(index)
                ):
                    raise StoreRefusedError(path=path, cause=f"{declared.title} {row['uuid']} : {field}")
