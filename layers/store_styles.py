"""Styles kept in the store itself (table ``layer_styles``): a layer opened without the project has its form too.

They are written by SQL: QGIS's own way asks in a window whether to write over a style.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from qgis.core import QgsReadWriteContext, QgsVectorLayer
from qgis.PyQt.QtXml import QDomDocument

from .ddl.statements import GEOMETRY
from .forms import set_form
from .geopackage import refusal
from .model.schema import Table
from .model.tables import TABLES

NAME = "Tisserand"
# As QGIS makes it, column for column: it looks its styles up by these names.
LAYER_STYLES = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""
REGISTER = """
INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', 0)
"""
# What QGIS writes of other layers: their relations, with the path and the id of each.
ELSEWHERE = re.compile(r"<(referencedLayers|referencingLayers)>.*?</\1>", re.DOTALL)


def write_styles(store: Path, layers: dict[str, QgsVectorLayer]) -> None:
    """Write the style of each table from the layer of a project that shows it, in place of an earlier one of ours.

    Raises TisserandError where the store cannot be written.
    """
    rows = [
        ("", "", declared.name, GEOMETRY if declared.geometry else "", NAME, style_of(layers[declared.name], declared))
        for declared in TABLES
        if declared.name in layers
    ]
    try:
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.execute(LAYER_STYLES)
            connection.execute(REGISTER)
            connection.execute("DELETE FROM layer_styles WHERE styleName = ?", (NAME,))
            connection.executemany(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, useAsDefault, description) VALUES (?, ?, ?, ?, ?, ?, 1, 'Formulaire de Tisserand')",
                rows,
            )
    except sqlite3.Error as error:
        raise refusal(store, str(error)) from error


def style_of(layer: QgsVectorLayer, declared: Table) -> str:
    """Return the QML of a table opened alone: the look of its layer, and its form without the rows of other tables."""
    alone = layer.clone()
    set_form(alone, declared, {})
    document = QDomDocument()
    error = alone.exportNamedStyle(document, QgsReadWriteContext())
    if error:
        raise refusal(Path(declared.name), error)
    return ELSEWHERE.sub("", document.toString())
