"""What hangs on the tables of a store: triggers, indexes and the words for its columns.

Ours are not data: every upgrade makes them anew from the model. What GDAL or the user hung there is put back as it was.
"""

from __future__ import annotations

import sqlite3

from ..crs import bounds
from ..ddl.sqlite_triggers import triggers
from ..geopackage.creation import describe, install
from ..model.tables import TABLES
from .tables import quoted


def set_aside(connection: sqlite3.Connection, epsg: int) -> dict[str, str]:
    """Take our triggers and indexes off the tables of the model; return the others, name -> SQL.

    Those others go only with a table that is rebuilt. Indexes that SQLite makes for UNIQUE need no care.
    """
    tables = {declared.name for declared in TABLES}
    ours = _own_names(epsg)
    query = (
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        " ORDER BY rowid"
    )
    others = {}
    for kind, name, on, sql in connection.execute(query).fetchall():
        if on in tables and name in ours:
            connection.execute(f"DROP {kind} {quoted(name)}")
        elif on in tables:
            others[name] = sql
    return others


def put_up(connection: sqlite3.Connection, epsg: int, others: dict[str, str]) -> None:
    """Hang the triggers, indexes and words of the model on its tables, and what is missing of the others."""
    for declared in TABLES:
        install(connection, declared, epsg)
        _describe(connection, declared)
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for name, sql in others.items():
        if name not in present:
            connection.execute(sql)


def _own_names(epsg: int) -> set[str]:
    names = set()
    for declared in TABLES:
        names |= set(triggers(declared, bounds(epsg)))
        names |= {f"{declared.name}_{column}_idx" for column in declared.indexes}
    return names


def _describe(connection: sqlite3.Connection, declared) -> None:
    """Renew the words of the model; those for columns of the user's stay."""
    rows = connection.execute("SELECT * FROM gpkg_data_columns WHERE table_name = ?", (declared.name,)).fetchall()
    describe(connection, declared)
    for row in rows:
        if row[1] not in declared.names:
            connection.execute(f"INSERT INTO gpkg_data_columns VALUES ({', '.join('?' * len(row))})", row)  # nosec B608
    connection.execute("UPDATE gpkg_contents SET identifier = ? WHERE table_name = ?", (declared.title, declared.name))
