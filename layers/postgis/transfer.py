"""From one file to a database: a GeoPackage store that became too small for those who work on it at once."""

from __future__ import annotations

from pathlib import Path

from .. import geopackage
from ..model.tables import TABLES
from .connection import Place
from .creation import create_schema
from .errors import NotKeptError
from .reading import read_rows

OF_THE_STORE = ("version_schema", "epsg", "prefixe_roles")
"""Settings that a new store gives itself."""


def move_to_database(path: Path, place: Place, *, prefix: str = "cis") -> dict[str, int]:
    """Make a schema with every row of a GeoPackage store, withdrawn ones and the journal too; return rows per table.

    The file is left as it is. The journal of the database goes on from that of the file, and also says when each sheet
    arrived. Raises what ``geopackage.read_settings`` and ``create_schema`` raise, and NotKeptError when a table
    reads otherwise in the database than in the file.
    """
    settings = geopackage.read_settings(path)
    kept = {name: value for name, value in settings.items() if name not in OF_THE_STORE}
    rows = {
        declared.name: geopackage.read_rows(path, declared.name, withdrawn=True)
        for declared in TABLES
        if declared.name != "meta"
    }
    create_schema(place, int(settings["epsg"]), kept, rows, prefix=prefix)
    for name, given in rows.items():
        found = read_rows(place, name, withdrawn=True)
        # The journal begins with the lines that say that the sheets arrived.
        if (found[-len(given) :] if name == "journal" and given else found) != given:
            raise NotKeptError(place, name)
    return {name: len(given) for name, given in rows.items()}
