"""The fictional actors and needs, as they stand in the CSV files of this folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from ..model.schema import Kind, Table
from ..model.tables import ACTEUR, BESOIN, LIEN, SERVICE, VISITE

FOLDER = Path(__file__).resolve().parent
TRUE_FALSE = {"oui": True, "non": False}


class Catalogue(NamedTuple):
    """Rows as dicts of typed values, None where the file is empty.

    Columns have the names of the model's fields. Beside them: ``cle`` names a row, and ``acteur``, ``de``, ``vers`` and
    ``pres_de`` refer to it; ``famille`` is a group of similar initiatives; columns in ``mois`` count months back from
    the day of the demonstration. ``{commune}`` in a name stands for the commune in which the row is put.
    """

    actors: list[dict]
    services: list[dict]
    links: list[dict]
    visits: list[dict]
    needs: list[dict]
    streets: list[str]


def read_catalogue() -> Catalogue:
    """Return the catalogue that the project carries."""
    return Catalogue(
        actors=_rows("actors.csv", ACTEUR),
        services=_rows("services.csv", SERVICE),
        links=_rows("links.csv", LIEN),
        visits=_rows("visits.csv", VISITE),
        needs=_rows("needs.csv", BESOIN),
        streets=[row["nom"] for row in _texts("streets.csv")],
    )


def _rows(name: str, table: Table) -> list[dict]:
    return [{column: _value(table, column, text) for column, text in row.items()} for row in _texts(name)]


def _texts(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _value(table: Table, column: str, text: str) -> str | int | bool | None:
    if not text:
        return None
    kind = table[column].kind if column in table.names else None
    if kind is Kind.INTEGER or column.endswith("mois"):
        return int(text)
    return TRUE_FALSE[text] if kind is Kind.BOOLEAN else text
