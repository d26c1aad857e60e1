"""Both databases hold the same model: columns, what must be filled, what is unique, what is refused."""

import importlib.util
import sqlite3
from pathlib import Path

import pytest

from tisserand.layers.ddl import postgres_triggers, sqlite_triggers
from tisserand.layers.ddl.postgres_names import Names
from tisserand.layers.ddl.statements import SQLITE, create_table
from tisserand.layers.model.schema import Kind
from tisserand.layers.model.tables import TABLES

psycopg2 = pytest.importorskip("psycopg2", reason="python3-psycopg2 is not installed")

_spec = importlib.util.spec_from_file_location("model_samples", Path(__file__).parents[2] / "unit" / "test_model.py")
samples = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(samples)

EPSG = 2154


def all_tables(function):
    return pytest.mark.parametrize("declared", TABLES, ids=lambda declared: declared.name)(function)


@pytest.fixture(scope="module")
def database(server, pattern, execute):
    """Return a connection to a copy of the store in which references and triggers are put out of the way."""
    execute("postgres", f"CREATE DATABASE meme_modele TEMPLATE {pattern}")
    connection = psycopg2.connect(
        host=server.host, port=server.port, dbname="meme_modele", user=server.user, password=server.password
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET search_path TO cis, public")
    connection.commit()
    yield connection
    connection.close()
    execute("postgres", "DROP DATABASE meme_modele")


@pytest.fixture
def cursor(database):
    yield database.cursor()
    database.rollback()


@pytest.fixture(scope="module")
def sqlite():
    connection = sqlite3.connect(":memory:")
    for declared in TABLES:
        connection.execute(create_table(declared, SQLITE, EPSG))
    yield connection
    connection.close()


def insert(cursor, declared, row):
    values = [
        bool(value) if value is not None and declared[name].kind is Kind.BOOLEAN else value
        for name, value in row.items()
    ]
    marks = ", ".join("%s" for _ in row)
    cursor.execute(f"INSERT INTO {declared.name} ({', '.join(row)}) VALUES ({marks})", values)


@all_tables
def test_both_have_the_same_columns_and_ask_for_the_same_ones(cursor, sqlite, declared):
    cursor.execute(
        "SELECT column_name, is_nullable = 'NO' FROM information_schema.columns"
        " WHERE table_schema = 'cis' AND table_name = %s ORDER BY ordinal_position",
        (declared.name,),
    )
    found = [(name, bool(required)) for name, required in cursor.fetchall()]
    expected = [(row[1], bool(row[3])) for row in sqlite.execute(f"PRAGMA table_info({declared.name})")]
    assert found == expected
    cursor.execute(
        "SELECT data_type FROM information_schema.columns"
        " WHERE table_schema = 'cis' AND table_name = %s AND column_name = 'fid'",
        (declared.name,),
    )
    assert cursor.fetchone() == ("integer",)


@all_tables
def test_a_valid_row_is_taken_by_both(cursor, declared):
    insert(cursor, declared, samples.valid_row(declared))


@pytest.mark.parametrize(("declared", "column"), samples.of(lambda c: c.check))
def test_a_condition_refuses_the_same_value_under_the_same_name(cursor, declared, column):
    with pytest.raises(psycopg2.errors.CheckViolation) as caught:
        insert(cursor, declared, {**samples.valid_row(declared), column.name: samples.REFUSED[column.name]})
    assert caught.value.diag.constraint_name == f"{declared.name}_{column.name}"


@pytest.mark.parametrize(
    ("declared", "name"), [pytest.param(d, check.name, id=check.name) for d in TABLES for check in d.checks]
)
def test_a_condition_of_a_table_refuses_the_same_values_together(cursor, declared, name):
    with pytest.raises(psycopg2.errors.CheckViolation) as caught:
        insert(cursor, declared, {**samples.valid_row(declared), **samples.REFUSED_TOGETHER[name]})
    assert caught.value.diag.constraint_name == name


@pytest.mark.parametrize(("declared", "column"), samples.of(lambda c: c.codes and not c.multiple))
def test_a_code_that_is_not_in_its_list_is_refused(cursor, declared, column):
    with pytest.raises(psycopg2.errors.CheckViolation):
        insert(cursor, declared, {**samples.valid_row(declared), column.name: "pas-un-code"})


@pytest.mark.parametrize(("declared", "column"), samples.of(lambda c: c.required))
def test_a_required_field_refuses_to_be_empty(cursor, declared, column):
    with pytest.raises(psycopg2.errors.NotNullViolation):
        insert(cursor, declared, {**samples.valid_row(declared), column.name: None})


@pytest.mark.parametrize(("declared", "column"), samples.of(lambda c: c.unique))
def test_a_unique_value_is_refused_the_second_time(cursor, declared, column):
    first = samples.valid_row(declared)
    insert(cursor, declared, first)
    with pytest.raises(psycopg2.errors.UniqueViolation):
        insert(cursor, declared, {**samples.valid_row(declared), column.name: first[column.name]})


@pytest.mark.parametrize("declared", [d for d in TABLES if d.unique_together], ids=lambda declared: declared.name)
def test_values_that_are_unique_together_are_refused_the_second_time(cursor, declared):
    first = samples.valid_row(declared)
    insert(cursor, declared, first)
    together = {name: first[name] for name in declared.unique_together[0]}
    with pytest.raises(psycopg2.errors.UniqueViolation):
        insert(cursor, declared, {**samples.valid_row(declared), **together})


@all_tables
def test_references_lead_to_the_same_tables_and_are_checked_at_once(cursor, sqlite, declared):
    cursor.execute(
        "SELECT attname, confrelid::regclass::text, condeferrable, condeferred FROM pg_constraint"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
        " WHERE contype = 'f' AND conrelid = %s::regclass",
        (f"cis.{declared.name}",),
    )
    found = cursor.fetchall()
    listed = sqlite.execute(f"PRAGMA foreign_key_list({declared.name})")
    assert sorted(row[:2] for row in found) == sorted((row[3], row[2]) for row in listed)
    assert {row[2:] for row in found} <= {(True, False)}


@all_tables
def test_rules_that_keep_themselves_bear_the_same_names(cursor, declared):
    area = sqlite_triggers.Bounds(0, 0, 1, 1)
    expected = set(sqlite_triggers.triggers(declared, area))
    assert set(postgres_triggers.triggers(declared, area, Names("cis"))) == expected
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", (f"cis.{declared.name}",)
    )
    assert {name for (name,) in cursor.fetchall()} - {f"{declared.name}_droits"} == expected


@all_tables
def test_columns_are_looked_up_in_the_same_indexes_and_positions_in_one_of_their_own(cursor, declared):
    cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'cis' AND tablename = %s", (declared.name,))
    found = {name for (name,) in cursor.fetchall()}
    assert {f"{declared.name}_{column}_idx" for column in declared.indexes} <= found
    assert (f"{declared.name}_geom_idx" in found) == bool(declared.geometry)


@all_tables
def test_the_words_of_the_model_stand_on_the_columns(cursor, declared):
    for column in declared.fields:
        cursor.execute(
            "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
            (f"cis.{declared.name}", column.name),
        )
        (words,) = cursor.fetchone()
        assert words.startswith(column.alias)
        assert words.endswith(column.help)
