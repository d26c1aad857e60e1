"""The PostGIS store made from the model: created whole, written whole or not at all, read back.

The verbs are those of ``layers.geopackage``, with a place in a database instead of a file; the rights of who is at
work are the database's affair. Importing this needs psycopg2, which QGIS brings. Geometries go in and out as WKB in the
CRS of the store.
"""

from .connection import Place
from .creation import create_schema, install_rules
from .reading import count_rows, read_rows, read_settings
from .transfer import move_to_database
from .writing import write_changes, write_rows

__all__ = [
    "Place",
    "count_rows",
    "create_schema",
    "install_rules",
    "move_to_database",
    "read_rows",
    "read_settings",
    "write_changes",
    "write_rows",
]
