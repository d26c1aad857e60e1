"""Reaching a schema of a database: where it is, how safely, and why it would not let us in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

from ..ddl.postgres_names import checked_name
from .errors import DatabaseUnreachableError, DriverMissingError, PostgisMissingError, UnencryptedConnectionError

try:
    import psycopg2
    from psycopg2 import sql
except ImportError as error:
    raise DriverMissingError from error

ENCRYPTED = ("require", "verify-ca", "verify-full")
# Seconds for the server to answer, milliseconds to wait for a row that another person is saving.
ANSWER_WITHIN, ROW_WITHIN = 10, 5_000


@dataclass(frozen=True)
class Place:
    """A schema in a database, and the account that reaches it.

    With ``authcfg``, the identifier of a configuration in the password store of QGIS, the account need not be known
    here: see ``accounts.with_account``. The words of a place hold no account and no password.
    """

    database: str
    schema: str
    host: str = "localhost"
    port: int = 5432
    user: str = ""
    password: str = field(default="", repr=False)
    sslmode: str = "prefer"
    authcfg: str = ""

    def __str__(self) -> str:
        return f"{self.database}.{self.schema} ({self.host})"


def check_encryption(place: Place) -> None:
    """Raise UnencryptedConnectionError where a password or data would cross a network in the open."""
    if place.sslmode not in ENCRYPTED:
        # libpq takes several hosts, and tries one after another.
        for host in place.host.split(","):
            if not _is_this_machine(host.strip()):
                raise UnencryptedConnectionError(host.strip() or place.host)


def _is_this_machine(host: str) -> bool:
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def opened(place: Place, *, writing: bool = False) -> Iterator:
    """Give a psycopg2 connection whose search path is the schema; what is not committed when it is left is undone.

    Raises NameRefusedError, UnencryptedConnectionError or DatabaseUnreachableError.
    """
    checked_name(place.schema)
    check_encryption(place)
    try:
        connection = psycopg2.connect(
            host=place.host,
            port=place.port,
            dbname=place.database,
            user=place.user or None,
            password=place.password or None,
            sslmode=place.sslmode,
            connect_timeout=ANSWER_WITHIN,
            application_name="Tisserand",
            client_encoding="UTF8",
        )
    except (psycopg2.Error, UnicodeDecodeError) as error:  # a server may answer in another encoding than ours
        raise DatabaseUnreachableError(place, _one_line(error)) from None
    with closing(connection):
        connection.set_session(readonly=not writing)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", (str(ROW_WITHIN),))
            use_schema(cursor, place.schema, postgis_schema(cursor) or "public")
        connection.commit()
        yield connection


def use_schema(cursor, schema: str, postgis: str) -> None:
    """Look for tables in a schema, then for PostGIS."""
    path = sql.SQL(", ").join(map(sql.Identifier, (schema, postgis)))
    cursor.execute(sql.SQL("SET search_path TO {}").format(path))


def postgis_schema(cursor) -> str | None:
    """Return the schema in which PostGIS stands, None where the database has none."""
    cursor.execute(
        "SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
        " WHERE extname = 'postgis'"
    )
    found = cursor.fetchone()
    return found[0] if found else None


def add_postgis(cursor, place: Place) -> str:
    """Return the schema of PostGIS, which is added where it is missing; raises PostgisMissingError."""
    if postgis_schema(cursor) is None:
        try:
            cursor.execute("CREATE EXTENSION postgis SCHEMA public")
        except psycopg2.Error:
            raise PostgisMissingError(place) from None
    return postgis_schema(cursor)


def _one_line(error: Exception) -> str:
    """Return the first sentence of libpq, which names the server and the account, and no password."""
    return re.sub(r"\s+", " ", str(error)).strip()
