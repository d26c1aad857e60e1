"""The columns of an export as a table: those of the model, then longitude and latitude."""

from __future__ import annotations

from ..model.schema import Kind
from ..model.tables import table
from .catalogue import Catalogue

PLACE = ("longitude", "latitude")
KINDS = {column.name: column.kind for name in ("acteur", "service") for column in table(name).fields} | dict.fromkeys(
    PLACE, Kind.REAL
)


def actor_columns(catalogue: Catalogue) -> list[str]:
    """Return the columns of the actors: those of the model that every row was left with, and their place."""
    return held_columns("acteur", catalogue.actors) + list(PLACE)


def held_columns(name: str, rows: list[dict]) -> list[str]:
    """Return the columns of a table of the model that every row has, in the order of the model."""
    held = set(table(name).names).intersection(*rows)
    return [column for column in table(name).names if column in held]


def in_words(value: object) -> object:
    """Return a truth value as ``oui`` or ``non``, which any spreadsheet shows alike; any other value as it is."""
    return ("oui" if value else "non") if isinstance(value, bool) else value
