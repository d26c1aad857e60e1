"""From schema 1 to 2: the whole model. The ten tables get their new columns and rules, the others are added."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from .errors import NameTakenError
from .tables import add, exists, rebuild, statements

NUMBER = 2
SQL = Path(__file__).with_name("0002_whole_model.sql")
FORMER = (
    "territoire",
    "secteur",
    "correspondant",
    "theme",
    "acteur",
    "service",
    "besoin",
    "visite",
    "lien",
    "meta",
)
WITH_SPATIAL_INDEX = "acteur"


def apply(connection: sqlite3.Connection, path: Path, epsg: int) -> None:
    """Bring the tables of a store from schema 1 to 2, within the transaction of the caller.

    Triggers and indexes are the caller's work. Raises NameTakenError when a table of the user is in the way, and
    sqlite3.IntegrityError when a row breaks a rule.
    """
    declared = statements(SQL)
    for name in declared:
        if name not in FORMER and exists(connection, name):
            raise NameTakenError(path, name)
    for name, statement in declared.items():
        if name not in FORMER:
            add(connection, name, statement, epsg, WITH_SPATIAL_INDEX)
    for name in FORMER:
        rebuild(connection, name, declared[name])
    # The vintage is now part of what tells two territories apart.
    connection.execute(
        "UPDATE territoire SET millesime = (SELECT CAST(valeur AS INTEGER) FROM meta WHERE cle = 'millesime')"
        " WHERE millesime IS NULL"
    )
