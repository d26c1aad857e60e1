"""What the steps of a migration are made of: tables rebuilt with their rows, tables added.

SQLite changes the constraints of a table only by making it anew. Rows keep their number (``fid``), by which the spatial
index knows them; columns that the user added come along.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

GEOMETRY = "geom"


def statements(path: Path) -> dict[str, str]:
    """Return the ``CREATE TABLE`` statements of a frozen file by the name of their table, in its order."""
    text = re.sub(r"(?m)^--.*\n", "", path.read_text(encoding="utf-8"))
    found = {}
    waiting = ""
    for line in text.splitlines(keepends=True):
        waiting += line
        if waiting.strip() and sqlite3.complete_statement(waiting):
            statement = waiting.strip().rstrip(";")
            found[re.match(r"CREATE TABLE (\w+)", statement)[1]] = statement
            waiting = ""
    return found


def quoted(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def exists(connection: sqlite3.Connection, name: str) -> bool:
    """Say whether a table or view of this name, in whatever case, is in the store."""
    query = "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?)"
    return bool(connection.execute(query, (name,)).fetchone()[0])


def columns(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return the columns of a table: name -> type, NOT NULL and default as SQL."""
    found = {}
    for _, column, kind, required, default, _ in connection.execute(f"PRAGMA table_info({quoted(name)})"):
        words = (kind, "NOT NULL" if required else "", "" if default is None else f"DEFAULT ({default})")
        found[column] = " ".join(word for word in words if word)
    return found


def rebuild(connection: sqlite3.Connection, name: str, statement: str) -> None:
    """Make a table anew by a statement and copy its rows by the names of its columns.

    Its triggers and indexes go with the former table: the caller remembers them. Wants ``PRAGMA legacy_alter_table``,
    with which the references of other tables stay those to ``name``.
    """
    before = columns(connection, name)
    last_number = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone()
    former = f"{name}_avant"
    connection.execute(f"ALTER TABLE {quoted(name)} RENAME TO {quoted(former)}")
    connection.execute(statement)
    known = {column.lower() for column in columns(connection, name)}
    for column, declaration in before.items():
        if column.lower() not in known:
            connection.execute(f"ALTER TABLE {quoted(name)} ADD COLUMN {quoted(column)} {declaration}")
    listed = ", ".join(map(quoted, before))
    connection.execute(f"INSERT INTO {quoted(name)} ({listed}) SELECT {listed} FROM {quoted(former)}")  # nosec B608
    connection.execute(f"DROP TABLE {quoted(former)}")
    if last_number is not None:
        # So that the number of a row that was deleted is not given again.
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, *last_number))


def add(connection: sqlite3.Connection, name: str, statement: str, epsg: int, like: str) -> None:
    """Make a table and tell the GeoPackage of it; its spatial index is that of ``like``, not rebuilt yet."""
    connection.execute(statement)
    kind = columns(connection, name).get(GEOMETRY, "").split(" ")[0]
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (name, "features" if kind else "attributes", name, epsg if kind else 0),
    )
    if kind:
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)", (name, GEOMETRY, kind, epsg))
        _add_spatial_index(connection, name, like)


def _add_spatial_index(connection: sqlite3.Connection, name: str, like: str) -> None:
    """Make an empty spatial index in the words of the GDAL that made the store; none where ``like`` has lost its own.

    Those words differ between versions of GDAL, and a store should speak one of them.
    """
    index = f"rtree_{like}_{GEOMETRY}"
    query = "SELECT name, sql FROM sqlite_master WHERE name = ? OR (type = 'trigger' AND tbl_name = ?) ORDER BY rowid"
    for found, sql in connection.execute(query, (index, like)).fetchall():
        if found.startswith(index):
            own = sql.replace(index, f"rtree_{name}_{GEOMETRY}").replace(quoted(like), quoted(name))
            connection.execute(own)
    connection.execute(
        "INSERT INTO gpkg_extensions SELECT ?, column_name, extension_name, definition, scope FROM gpkg_extensions "
        "WHERE table_name = ? AND extension_name = 'gpkg_rtree_index'",
        (name, like),
    )
