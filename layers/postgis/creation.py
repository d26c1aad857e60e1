"""A new, empty store in a schema of its own: tables, rules, rights and words, made in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import psycopg2
from psycopg2 import sql

from ..crs import bounds
from ..ddl import postgres_rights, postgres_triggers
from ..ddl.postgres_names import Names, checked_names, quoted
from ..ddl.statements import GEOMETRY, POSTGRES, create_indexes, create_table
from ..model.tables import SCHEMA_VERSION, TABLES
from .connection import Place, add_postgis, opened, use_schema
from .errors import DatabaseRefusedError, GroupsMissingError, SchemaExistsError
from .reading import read_settings
from .writing import append

RULES_LOCK = 0x7155E7A2


def create_schema(
    place: Place, epsg: int, settings: Mapping[str, object], rows: Mapping[str, list[dict]], *, prefix: str = "cis"
) -> None:
    """Make a new schema with its settings (table ``meta``) and first rows; nothing is left if it fails.

    Groups of users that do not exist yet are made: ``<prefix>_lecture``, ``_correspondant`` and ``_gestion``. Raises
    SchemaExistsError, PostgisMissingError or GroupsMissingError when the database is not fit, StoreRefusedError when a
    row is not, and what ``opened`` raises.
    """
    everything = dict(rows)
    everything["meta"] = [
        {"cle": key, "valeur": str(value)}
        for key, value in {
            **settings,
            "version_schema": SCHEMA_VERSION,
            "epsg": epsg,
            "prefixe_roles": prefix,
        }.items()
    ]
    with opened(place, writing=True) as connection, connection.cursor() as cursor:
        names = checked_names(place.schema, prefix, add_postgis(cursor, place))
        _make_groups(cursor, names)
        _make_tables(cursor, place, names, epsg)
        _make_rules(cursor, place, names, epsg)
        append(cursor, place, everything)
        connection.commit()


def install_rules(place: Place) -> None:
    """Make the triggers, rights, views and words of an existing store anew, in one transaction.

    To be called by the owner after an upgrade of the plugin; the tables and their rows are left as they are.
    """
    settings = read_settings(place)
    with opened(place, writing=True) as connection, connection.cursor() as cursor:
        names = checked_names(place.schema, settings["prefixe_roles"], add_postgis(cursor, place))
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (RULES_LOCK,))
        _make_rules(cursor, place, names, int(settings["epsg"]))
        connection.commit()


def rules(names: Names, epsg: int) -> Iterator[str]:
    """Give every statement, in order, that makes what may be made anew at any time: functions, triggers, rights."""
    area = bounds(epsg)
    yield from postgres_rights.shared_functions(names)
    yield from postgres_triggers.shared_functions(names)
    for declared in TABLES:
        yield from postgres_triggers.table_functions(declared, names)
        yield from postgres_rights.table_functions(declared, names)
        target = names.of(declared.name)
        for name, statement in {
            **postgres_triggers.triggers(declared, area, names),
            **postgres_rights.triggers(declared, names),
        }.items():
            yield f"DROP TRIGGER IF EXISTS {name} ON {target}"
            yield statement
        yield from postgres_rights.grants(declared, names)
        policies = postgres_rights.policies(declared, names)
        if policies:
            yield f"ALTER TABLE {target} ENABLE ROW LEVEL SECURITY"
        for name, statement in policies.items():
            yield f"DROP POLICY IF EXISTS {name} ON {target}"
            yield statement
    yield from postgres_rights.public_view(names)
    yield from postgres_rights.schema_grants(names)


def _make_groups(cursor, names: Names) -> None:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(names.groups),))
    present = {name for (name,) in cursor.fetchall()}
    statements = [postgres_rights.create_group(group) for group in names.groups if group not in present]
    try:
        for statement in statements:
            cursor.execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        raise GroupsMissingError("; ".join(statements)) from None


def _make_tables(cursor, place: Place, names: Names, epsg: int) -> None:
    schema = quoted(names.schema)
    try:
        cursor.execute(f"CREATE SCHEMA {schema}")
    except psycopg2.errors.DuplicateSchema:
        raise SchemaExistsError(place) from None
    except psycopg2.Error as error:
        raise DatabaseRefusedError(place, error.diag.message_primary) from None
    use_schema(cursor, names.schema, names.postgis)
    for declared in TABLES:
        cursor.execute(create_table(declared, POSTGRES, epsg, schema))
        for statement in create_indexes(declared, schema):
            cursor.execute(statement)
        if declared.geometry:
            cursor.execute(
                f"CREATE INDEX {declared.name}_{GEOMETRY}_idx ON {names.of(declared.name)} USING gist ({GEOMETRY})"
            )


def _make_rules(cursor, place: Place, names: Names, epsg: int) -> None:
    try:
        for statement in rules(names, epsg):
            cursor.execute(statement)
        _describe(cursor, names)
    except psycopg2.Error as error:
        raise DatabaseRefusedError(place, error.diag.message_primary) from error


def _describe(cursor, names: Names) -> None:
    """Write the words of the model on tables and columns, where QGIS shows them."""
    for declared in TABLES:
        target = sql.Identifier(names.schema, declared.name)
        cursor.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(target, sql.Literal(declared.title)))
        for column in declared.fields:
            words = f"{column.alias} : {column.help}" if column.help else column.alias
            cursor.execute(
                sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(target, sql.Identifier(column.name), sql.Literal(words))
            )
