"""Writing to a store: all the rows of a call in one transaction, or none; read back in another one afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby

import psycopg2
from psycopg2 import sql
from psycopg2.extras import execute_batch

from ..ddl.sqlite_triggers import OUT_OF_PLACE
from ..ddl.statements import GEOMETRY
from ..errors import OutsideDepartementError, StoreBusyError, TisserandError
from ..geopackage import OUTSIDE_TOLERANCE
from ..model.schema import Kind, Table
from ..model.tables import SCHEMA_VERSION, TABLES, table
from ..store_versions import StoreNewerError
from .connection import Place, opened
from .errors import ConnectionLostError, DatabaseRefusedError, NotKeptError
from .reading import raw_settings

LOCATED = tuple(declared.name for declared in TABLES if declared.geometry == "Point" and declared.versioned)
# Rows sent at once: fewer are many trips to a far server, more make a refused row long to find.
PAGE = 100
OUTSIDE = """
SELECT uuid FROM {} AS ligne WHERE uuid = ANY(%s)
  AND EXISTS (SELECT 1 FROM territoire WHERE niveau = 'departement')
  AND NOT EXISTS (SELECT 1 FROM territoire AS t WHERE niveau = 'departement' AND ST_DWithin(t.geom, ligne.geom, %s))
ORDER BY fid LIMIT 1
"""
BUSY = (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected)


def write_rows(place: Place, rows: Mapping[str, list[dict]]) -> dict[str, int]:
    """Append rows to tables of the model in one transaction; return how many each table took.

    A row is a dict of field names; its geometry, if any, is WKB under ``geom``. Raises StoreRefusedError naming the row
    when a right or a rule of the model refuses one, StoreBusyError when another person holds it, StoreNewerError when a
    later version made the store; then nothing is written.
    """
    _write(place, rows, {})
    return {name: len(given) for name, given in rows.items()}


def write_changes(place: Place, creates: Mapping[str, list[dict]], updates: Mapping[str, list[dict]]) -> None:
    """Append rows and change others, found by their ``uuid``, in one transaction; read back before this returns.

    A row of ``updates`` holds its ``uuid`` and the fields that change, a None to empty one; with ``version_lue`` the
    change is refused when the row has moved on from that version. Raises what ``write_rows`` raises, StoreRefusedError
    for a uuid that the store does not hold, and NotKeptError when the database holds something else than it was given.
    """
    _write(place, creates, updates)


def append(cursor, place: Place, rows: Mapping[str, list[dict]]) -> None:
    """Append rows within the transaction of who calls; raises what ``write_rows`` raises."""
    with _told(place):
        for declared in TABLES:
            if rows.get(declared.name):
                _insert(cursor, place, declared, rows[declared.name])
        for name in LOCATED:
            _check_places(cursor, place, table(name), rows.get(name, []))


def _write(place: Place, creates: Mapping[str, list[dict]], updates: Mapping[str, list[dict]]) -> None:
    if int(raw_settings(place)["version_schema"]) > SCHEMA_VERSION:
        raise StoreNewerError(place)
    versions: dict[tuple[str, str], int] = {}
    with opened(place, writing=True) as connection, connection.cursor() as cursor, _told(place):
        for declared in TABLES:
            if creates.get(declared.name):
                _insert(cursor, place, declared, creates[declared.name])
            for row in updates.get(declared.name, ()):
                versions[declared.name, row["uuid"]] = _update(cursor, place, declared, row)
        for name in LOCATED:
            _check_places(cursor, place, table(name), [*creates.get(name, ()), *updates.get(name, ())])
        connection.commit()
    with opened(place) as connection, connection.cursor() as cursor:
        for name, rows in creates.items():
            _check_present(cursor, place, table(name), rows)
        for name, rows in updates.items():
            for row in rows:
                _check_kept(cursor, place, table(name), row, versions[name, row["uuid"]])


@contextmanager
def _told(place: Place) -> Iterator[None]:
    """Say in plain words what a database refuses without naming a row: at the end of a transaction, or by falling."""
    try:
        yield
    except BUSY:
        raise StoreBusyError(place) from None
    except psycopg2.Error as error:
        # Without a code, or with one of these classes, it is the connection or the server that fell.
        if error.pgcode is None or error.pgcode.startswith(("08", "57P")):
            raise ConnectionLostError(place, _message(error)) from None
        raise DatabaseRefusedError(place, _message(error)) from None


def _insert(cursor, place: Place, declared: Table, rows: list[dict]) -> None:
    for columns, alike in groupby(rows, lambda row: tuple(name for name, value in row.items() if value is not None)):
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(place.schema, declared.name),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(_mark(declared, name) for name in columns),
        )
        waiting = list(alike)
        for start in range(0, len(waiting), PAGE):
            _insert_page(cursor, place, declared, statement, columns, waiting[start : start + PAGE])


def _insert_page(cursor, place: Place, declared: Table, statement, columns: tuple[str, ...], rows: list[dict]) -> None:
    def values(row: dict) -> list:
        return [_value(declared, name, row[name]) for name in columns]

    cursor.execute("SAVEPOINT page")
    try:
        execute_batch(cursor, statement, [values(row) for row in rows], page_size=PAGE)
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        raise
    except (psycopg2.Error, ValueError):
        # One by one, to name the row that is refused.
        cursor.execute("ROLLBACK TO SAVEPOINT page")
        for row in rows:
            with _naming(place, declared, row):
                cursor.execute(statement, values(row))
    cursor.execute("RELEASE SAVEPOINT page")


def _update(cursor, place: Place, declared: Table, row: dict) -> int:
    """Change a row and return the version that it has afterwards, 0 in a table without versions."""
    changed = [name for name in row if name != "uuid"]
    statement = sql.SQL("UPDATE {} SET {} WHERE uuid = %s RETURNING {}").format(
        sql.Identifier(place.schema, declared.name),
        sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(name), _mark(declared, name)) for name in changed),
        sql.SQL("version") if declared.versioned else sql.SQL("0"),
    )
    with _naming(place, declared, row):
        cursor.execute(statement, [*(_value(declared, name, row[name]) for name in changed), row["uuid"]])
    found = cursor.fetchone()
    if found is None:
        # No success on nothing: the row was deleted, or hidden from this account.
        raise DatabaseRefusedError(place, f"{declared.title} : uuid {row['uuid']} ?")
    return found[0]


@contextmanager
def _naming(place: Place, declared: Table, row: dict) -> Iterator[None]:
    """Name the row that the database refuses."""
    try:
        yield
    except BUSY:
        raise StoreBusyError(place) from None
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        raise
    except psycopg2.Error as error:
        raise _refused(place, declared, row, error) from None
    except ValueError as error:  # a character that no database holds
        raise DatabaseRefusedError(place, f"{_named(declared, row)} : {error}") from None


def _refused(place: Place, declared: Table, row: dict, error: psycopg2.Error) -> TisserandError:
    message = _message(error)
    if OUT_OF_PLACE in message:
        return OutsideDepartementError(_named(declared, row))
    return DatabaseRefusedError(place, f"{_named(declared, row)} : {_in_words(declared, error, message)}")


def _in_words(declared: Table, error: psycopg2.Error, message: str) -> str:
    """Return the sentence of the model for the rule that the database names, else its own message."""
    constraint = error.diag.constraint_name
    for check in declared.checks:
        if check.name == constraint:
            return check.says
    for column in declared.fields:
        if constraint in (f"{declared.name}_{column.name}", f"{declared.name}_{column.name}_code"):
            return f"{column.alias} ({constraint}) {column.check_says or column.help}".strip()
    return message


def _message(error: psycopg2.Error) -> str:
    # The detail that may follow tells the whole row, contacts too.
    primary = error.diag.message_primary
    return primary if primary else " ".join(str(error).split())


def _named(declared: Table, row: dict) -> str:
    return f"{declared.title} « {row.get(declared.label) or row.get('uuid')} »"


def _mark(declared: Table, name: str) -> sql.Composable:
    """Return the place of a value in a statement; KeyError for a field that the model does not declare."""
    if name != GEOMETRY:
        return sql.SQL("%s::{}").format(sql.SQL(_TYPES[declared[name].kind]))
    # The column gives its CRS to a geometry without one.
    return sql.SQL("ST_Multi(ST_GeomFromWKB(%s))" if declared.geometry == "MultiPolygon" else "ST_GeomFromWKB(%s)")


_TYPES = {
    Kind.TEXT: "text",
    Kind.INTEGER: "integer",
    Kind.REAL: "double precision",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
}


def _value(declared: Table, name: str, value):
    if name == GEOMETRY:
        return None if value is None else psycopg2.Binary(bytes(value))
    if declared[name].kind is Kind.BOOLEAN and value is not None:
        return bool(value)
    return value


def _check_places(cursor, place: Place, declared: Table, rows: list[dict]) -> None:
    """Raise for the first row whose point is farther from the Département than its outline is coarse."""
    located = [row for row in rows if row.get(GEOMETRY)]
    if not located:
        return
    statement = sql.SQL(OUTSIDE).format(sql.Identifier(place.schema, declared.name))
    cursor.execute(statement, ([row["uuid"] for row in located], OUTSIDE_TOLERANCE))
    found = cursor.fetchone()
    if found:
        raise OutsideDepartementError(_named(declared, next(row for row in located if row["uuid"] == found[0])))


def _check_present(cursor, place: Place, declared: Table, rows: list[dict]) -> None:
    if "uuid" not in declared.names:
        return
    statement = sql.SQL("SELECT count(*) FROM {} WHERE uuid = ANY(%s)").format(
        sql.Identifier(place.schema, declared.name)
    )
    cursor.execute(statement, ([row["uuid"] for row in rows],))
    (found,) = cursor.fetchone()
    if found != len(rows):
        raise NotKeptError(place, f"{declared.title} : {found} / {len(rows)}")


def _check_kept(cursor, place: Place, declared: Table, row: dict, version: int) -> None:
    """Raise when a change is not in the database as it was given, unless someone changed the row again since."""
    kept = [name for name in row if name not in ("uuid", "version", "version_lue")]
    same = [_same(declared, name) for name in kept]
    statement = sql.SQL("SELECT {}, {} FROM {} WHERE uuid = %s").format(
        sql.SQL("version") if declared.versioned else sql.SQL("0"),
        sql.SQL("ARRAY[{}]::boolean[]").format(sql.SQL(", ").join(same)),
        sql.Identifier(place.schema, declared.name),
    )
    cursor.execute(statement, [*(_value(declared, name, row[name]) for name in kept), row["uuid"]])
    found = cursor.fetchone()
    if found is None:
        raise NotKeptError(place, f"{declared.title} {row['uuid']}")
    if found[0] == version and not all(found[1]):
        lost = ", ".join(name for name, equal in zip(kept, found[1]) if not equal)
        raise NotKeptError(place, f"{declared.title} {row['uuid']} : {lost}")


def _same(declared: Table, name: str) -> sql.Composable:
    template = (
        "ST_AsBinary({}) IS NOT DISTINCT FROM ST_AsBinary({})" if name == GEOMETRY else "{} IS NOT DISTINCT FROM {}"
    )
    return sql.SQL(template).format(sql.Identifier(name), _mark(declared, name))
