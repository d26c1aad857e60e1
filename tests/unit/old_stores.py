"""Stores of released schemas, for the tests of their upgrade."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tisserand.layers.geopackage.sqlite_geometry import add_geometry_functions

DATA = Path(__file__).resolve().parents[1] / "data"
FORMER = ("territoire", "secteur", "correspondant", "theme", "acteur", "service", "besoin", "visite", "lien", "meta")


def make_old_store(path, schema=1):
    """Make a store of a released schema from its frozen SQL."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / f"schema_{schema}.sql").read_text(encoding="utf-8"))
    return path


def query(path, sql, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def change(path, *statements):
    """Change a store behind GDAL's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        add_geometry_functions(connection)
        for statement in statements:
            connection.execute(statement)


def columns(path, table):
    return [row[1] for row in query(path, f"PRAGMA table_info({table})")]


def contents(path, table, names):
    """Return the rows of a table with the storage class of each value, so that 1, 1.0 and '1' differ."""
    listed = ", ".join(f'"{name}", typeof("{name}")' for name in names)
    return query(path, f"SELECT {listed} FROM {table} ORDER BY fid")


def everything(path):
    """Return all that a store holds, as text: its schema and its rows."""
    with closing(sqlite3.connect(path)) as connection:
        schema = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()
        tables = [row[1] for row in schema if row[0] == "table"]
        return schema, {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
