"""Reading a store: rows as plain values, counts, settings."""

from __future__ import annotations

from datetime import datetime, timezone

import psycopg2
from psycopg2 import sql

from ..ddl.statements import GEOMETRY
from ..model.tables import SCHEMA_VERSION
from ..store_versions import StoreOlderError
from .connection import Place, opened
from .errors import NoStoreInSchemaError, ReadingForbiddenError

IN_FORCE = ("supprime_le", "remplace_le")
"""Columns that are empty in the rows that count."""


def read_rows(place: Place, name: str, *, withdrawn: bool = False) -> list[dict]:
    """Return every row of a table or view as dicts of plain values, ordered by ``fid``; ``geom`` holds WKB or None.

    The values are those that ``geopackage.read_rows`` gives, moments as text in UTC among them. Rows that were
    withdrawn, and territories that a later vintage replaced, come only with ``withdrawn``. Returns an empty list when
    the store has no such table. Raises ReadingForbiddenError, and what ``opened`` raises.
    """
    with opened(place) as connection, connection.cursor() as cursor:
        columns = _columns(cursor, place, name)
        if not columns:
            return []
        conditions = [] if withdrawn else [f"{column} IS NULL" for column in IN_FORCE if column in columns]
        shown = [
            sql.SQL("ST_AsBinary({})").format(sql.Identifier(column)) if column == GEOMETRY else sql.Identifier(column)
            for column in columns
        ]
        query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY fid").format(
            sql.SQL(", ").join(shown),
            sql.Identifier(place.schema, name),
            sql.SQL(" AND ".join(conditions) or "true"),
        )
        try:
            cursor.execute(query)
        except psycopg2.errors.InsufficientPrivilege:
            raise ReadingForbiddenError(place, name) from None
        return [
            {column: _plain(value) for column, value in zip(columns, row)}
            | ({} if GEOMETRY in columns else {GEOMETRY: None})
            for row in cursor
        ]


def count_rows(place: Place, name: str) -> int:
    """Return the number of rows of a table, withdrawn ones too; 0 when the store has no such table."""
    with opened(place) as connection, connection.cursor() as cursor:
        if not _columns(cursor, place, name):
            return 0
        try:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(place.schema, name)))
        except psycopg2.errors.InsufficientPrivilege:
            raise ReadingForbiddenError(place, name) from None
        return cursor.fetchone()[0]


def read_settings(place: Place) -> dict[str, str]:
    """Return the table ``meta`` as a dict.

    Raises NoStoreInSchemaError when the schema is no store of ours, StoreOlderError when it must be upgraded first.
    """
    settings = raw_settings(place)
    if int(settings["version_schema"]) < SCHEMA_VERSION:
        raise StoreOlderError(place)
    return settings


def raw_settings(place: Place) -> dict[str, str]:
    """Return the table ``meta`` of a store of any version; raises NoStoreInSchemaError when the schema is none."""
    try:
        rows = read_rows(place, "meta")
    except ReadingForbiddenError:
        raise NoStoreInSchemaError(place) from None
    settings = {row["cle"]: row["valeur"] for row in rows if "cle" in row and "valeur" in row}
    if not settings.get("version_schema", "").isdigit():
        raise NoStoreInSchemaError(place)
    return settings


def _columns(cursor, place: Place, name: str) -> list[str]:
    """Return the columns of a table without its key; asked of the catalogue, which shows them to everyone."""
    cursor.execute(
        "SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = %s AND relname = %s AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        (place.schema, name),
    )
    return [column for (column,) in cursor.fetchall() if column != "fid"]


def _plain(value):
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, datetime):
        moment = value.astimezone(timezone.utc)
        # As GDAL writes the moments of a GeoPackage.
        fraction = f".{moment.microsecond // 1000:03d}" if moment.microsecond // 1000 else ""
        return f"{moment:%Y/%m/%d %H:%M:%S}{fraction}+00"
    return value
