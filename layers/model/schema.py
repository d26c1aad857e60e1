"""What a table is made of: the words in which the model is declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a field holds; each store has its own SQL type for it."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True)
class Field:
    """A column: what it may hold, and what a person reads about it.

    ``codes`` names a code list (see ``codes.py``); with ``multiple`` the column holds several of its codes separated by
    ``|``. ``references`` names the table whose ``uuid`` the column holds. ``check`` is an SQL condition that SQLite and
    PostgreSQL both understand; NULL passes it. ``default`` is a QGIS expression, applied also on update if ``stamp``.
    ``internal`` columns are kept by the program and not shown in forms.
    """

    name: str
    kind: Kind
    alias: str
    help: str = ""
    required: bool = False
    unique: bool = False
    codes: str | None = None
    multiple: bool = False
    references: str | None = None
    check: str | None = None
    default: str | None = None
    stamp: bool = False
    internal: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the store; ``geometry`` is ``Point``, ``MultiPolygon`` or None, in the store's CRS."""

    name: str
    title: str
    fields: tuple[Field, ...]
    geometry: str | None = None
    label: str = "nom"
    unique_together: tuple[tuple[str, ...], ...] = field(default_factory=tuple)
    checks: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    def __getitem__(self, name: str) -> Field:
        """Return the field of this name; KeyError when there is none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(f"{self.name}.{name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order, without key and geometry."""
        return tuple(candidate.name for candidate in self.fields)
