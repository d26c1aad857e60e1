"""What a table is made of: the words in which the model is declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


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
    ``internal`` columns are kept by the program and not shown in forms. ``check_says`` is the French of ``check`` where
    its form does not say it. ``sql_default`` is what the store itself puts where nothing is given.
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
    check_says: str = ""
    sql_default: str | None = None
    default: str | None = None
    stamp: bool = False
    internal: bool = False


class Check(NamedTuple):
    """A condition over several columns of a table, and the French sentence that says what to do when it fails."""

    name: str
    condition: str
    says: str


@dataclass(frozen=True)
class Table:
    """A table of the store; ``geometry`` is ``Point``, ``MultiPolygon`` or None, in the store's CRS.

    ``indexes`` are columns that are looked up often. ``append_only`` rows are written by the store and never change.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    geometry: str | None = None
    label: str = "nom"
    unique_together: tuple[tuple[str, ...], ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[str, ...] = ()
    append_only: bool = False

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

    @property
    def versioned(self) -> bool:
        """Whether rows carry a version: changed under watch, journalled, withdrawn and never deleted."""
        return "version_lue" in self.names

    @property
    def in_force(self) -> str:
        """Condition, in SQL and as a QGIS expression, of rows neither withdrawn nor replaced; '' where none can be."""
        return " AND ".join(f'"{name}" IS NULL' for name in ("supprime_le", "remplace_le") if name in self.names)

    @property
    def references(self) -> tuple[Field, ...]:
        """Fields that hold the uuid of a row of a table."""
        return tuple(candidate for candidate in self.fields if candidate.references)
