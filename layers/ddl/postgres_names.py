"""The names that a store has in a PostgreSQL database: its schema, the groups of its users, the place of PostGIS."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import QT_TRANSLATE_NOOP, TisserandError

# PostgreSQL cuts names at 63 bytes without a word, and the names of functions are made longer than these.
PLAIN = re.compile(r"[a-z_][a-z0-9_]{0,39}")


class NameRefusedError(TisserandError):
    """A name that was given for a schema, or for the groups of users, is not fit for one."""

    def __init__(self, name: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "“{name}” is no fit name for a schema or a group of users: write up to 40 small letters without "
                "accents, digits and _, beginning with a letter, and not with pg_.",
            ),
            name=name,
        )


class Names(NamedTuple):
    """Names in a database; ``prefix`` begins those of the groups, which all schemas of a server share."""

    schema: str
    prefix: str = "cis"
    postgis: str = "public"

    @property
    def readers(self) -> str:
        """The group that reads what is published."""
        return f"{self.prefix}_lecture"

    @property
    def correspondents(self) -> str:
        """The group that reads all, and writes in its own sector."""
        return f"{self.prefix}_correspondant"

    @property
    def managers(self) -> str:
        """The group that writes everywhere and moves sheets on."""
        return f"{self.prefix}_gestion"

    @property
    def groups(self) -> tuple[str, str, str]:
        """All the groups, from those who may least."""
        return self.readers, self.correspondents, self.managers

    def of(self, name: str) -> str:
        """Return the SQL name of something in the schema."""
        return f"{quoted(self.schema)}.{name}"


def checked_name(name: str) -> str:
    """Return a name of a schema or a prefix that needs no care in SQL; raises NameRefusedError."""
    if not PLAIN.fullmatch(name) or name.startswith("pg_") or name == "information_schema":
        raise NameRefusedError(name)
    return name


def checked_names(schema: str, prefix: str = "cis", postgis: str = "public") -> Names:
    """Return the names of a store; raises NameRefusedError. ``postgis`` is the schema in which PostGIS stands."""
    return Names(checked_name(schema), checked_name(prefix), postgis)


def quoted(name: str) -> str:
    """Return a name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def function(names: Names, signature: str, body: str, returns: str, traits: str = "") -> str:
    """Return the statement that makes a function which finds the tables of its schema and nothing else by their name.

    The search path is fixed: with that of the caller, a table of the same name in another schema would be taken.
    """
    return (
        f"CREATE OR REPLACE FUNCTION {names.of(signature)} RETURNS {returns} {traits}\n"
        f"SET search_path = pg_catalog, {quoted(names.schema)}, pg_temp AS $$\n{body}\n$$"
    )
