"""A real PostgreSQL server with PostGIS for the tests: begun on a free port of this machine, ended with them."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from osgeo import ogr

psycopg2 = pytest.importorskip("psycopg2", reason="python3-psycopg2 is not installed")

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
SYSTEM_USER = "nobody"
SIGNAL_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of Linux
EPSG = 2154
WEST, SOUTH, SIDE = 640_000, 6_860_000, 8_000
NORD, SUD = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
# Account -> its group, and its sector where it is a correspondent's.
ACCOUNTS = {
    "c-nord": ("cis_correspondant", NORD),
    "c-sud": ("cis_correspondant", SUD),
    "c-inconnu": ("cis_correspondant", None),
    "gestion": ("cis_gestion", None),
    "lecture": ("cis_lecture", None),
}


def password_of(account):
    return f"Mot-de-passe-d-essai-{account}"


def point(column, row):
    """Return the WKB of a point of the tests' ground, which is one square wide and two high: south, then north."""
    x, y = WEST + SIDE * column, SOUTH + SIDE * row
    return bytes(ogr.CreateGeometryFromWkt(f"POINT ({x} {y})").ExportToIsoWkb())


def _square(row, height=1):
    corners = [(0, row), (1, row), (1, row + height), (0, row + height), (0, row)]
    ring = ", ".join(f"{WEST + SIDE * x} {SOUTH + SIDE * y}" for x, y in corners)
    return bytes(ogr.CreateGeometryFromWkt(f"MULTIPOLYGON ((({ring})))").ExportToIsoWkb())


def ground():
    """Return the rows of a Département with two sectors, and who works there."""
    return {
        "territoire": [
            {"uuid": "0" * 8 + "-0000-4000-8000-" + "9" * 12, "code": "92", "nom": "Département d'essai"}
            | {"niveau": "departement", "geom": _square(0, 2)}
        ],
        "secteur": [
            {"uuid": NORD, "code": "N", "nom": "Nord", "geom": _square(1)},
            {"uuid": SUD, "code": "S", "nom": "Sud", "geom": _square(0)},
        ],
        "correspondant": [
            {"uuid": f"3333333{order}-0000-4000-8000-000000000003", "identifiant": account, "secteur_uuid": sector}
            for order, (account, (_, sector)) in enumerate(ACCOUNTS.items())
            if sector
        ],
    }


SETTINGS = {
    "departement": "92",
    "departement_nom": "Département d'essai",
    "niveau_guide": "epci",
    "seuil": 11,
    "millesime": 2026,
    "sources": "Essai.",
    "licences": "Essai.",
    "cree_le": "2026-11-23T10:00:00Z",
    "jeu_uuid": "00000000-0000-0000-0000-000000000000",
}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(qgis_app):
    """Begin a server and return the place of its administrator; skipped where none can be begun."""
    from tisserand.layers.postgis import Place

    if not PROGRAMS or not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        pytest.skip("no PostgreSQL server with PostGIS here: apt-get install postgresql-15-postgis-3")
    as_user = {"user": SYSTEM_USER} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="tisserand-pg-"))
    if as_user:
        shutil.chown(folder, SYSTEM_USER)

    def run(program, *words, patient=False):
        for _ in range(300 if patient else 1):
            command = [PROGRAMS[0] / program, *words]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **as_user)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError(done.stderr + done.stdout)

    secret = folder / "secret"
    secret.write_text(password_of("admin"), encoding="utf-8")
    secret.chmod(0o644)
    data = folder / "data"
    run(
        "initdb", "-D", data, "-U", "admin", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", "--pwfile", secret
    )
    port = _free_port()
    settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=60")
    options = ["-p", str(port), *(word for setting in settings for word in ("-c", setting))]
    # A QGIS that crashes takes the tests with it, and no end of theirs is run.
    ends_with_us = {"preexec_fn": lambda: ctypes.CDLL(None).prctl(SIGNAL_WHEN_PARENT_DIES, signal.SIGQUIT)}
    with (folder / "journal.log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAMS[0] / "postgres", "-D", data, *options],
            cwd=folder,
            stdout=log,
            stderr=log,
            **ends_with_us,
            **as_user,
        )
    try:
        run("pg_isready", "-h", "127.0.0.1", "-p", str(port), patient=True)
        yield Place("postgres", "cis", "127.0.0.1", port, "admin", password_of("admin"))
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()
        shutil.rmtree(folder)


@pytest.fixture
def dump_and_restore(server):
    """Return a copier of a database to another, empty one, by the programs with which administrators keep backups."""

    def copy(source, target, folder):
        reach = ["-h", server.host, "-p", str(server.port), "-U", server.user]
        environment = {**os.environ, "PGPASSWORD": server.password}
        for program, *words in (
            ("pg_dump", *reach, "-Fc", "-f", folder / "sauvegarde", source),
            ("pg_restore", *reach, "--exit-on-error", "-d", target, folder / "sauvegarde"),
        ):
            command = [PROGRAMS[0] / program, *words]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr

    return copy


@pytest.fixture(scope="session")
def execute(server):
    """Return a runner of SQL as the administrator: the rows of the answer, if there are any."""

    def execute(database, statement, values=None):
        connection = psycopg2.connect(
            host=server.host, port=server.port, dbname=database, user=server.user, password=server.password
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    return execute


@pytest.fixture(scope="session")
def pattern(server, execute):
    """Return the name of a database with a store and accounts in it, of which each test gets a copy."""
    from tisserand.layers import postgis

    execute("postgres", "CREATE DATABASE modele")
    postgis.create_schema(replace(server, database="modele"), EPSG, SETTINGS, ground())
    for account, (group, _) in ACCOUNTS.items():
        execute("postgres", f'CREATE ROLE "{account}" LOGIN PASSWORD %s IN ROLE {group}', (password_of(account),))
    return "modele"


_numbers = count()


@pytest.fixture
def place(server, pattern, execute):
    """Return the place of a store of the test's own, as its owner."""
    database = f"essai_{next(_numbers)}"
    execute("postgres", f"CREATE DATABASE {database} TEMPLATE {pattern}")
    yield replace(server, database=database)
    execute("postgres", f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def as_account(place):
    """Return the place of the store as an account reaches it."""
    return lambda account: replace(place, user=account, password=password_of(account))


@pytest.fixture
def layer(as_account):
    """Return an opener of layers with the default values of the model, each as the session of an account.

    The password stands in the source here, to spare the tests the password store; see test_credentials.py for that.
    """
    from qgis.core import QgsDataSourceUri, QgsDefaultValue, QgsVectorLayer

    from tisserand.layers.model.tables import TABLES
    from tisserand.layers.postgis.accounts import source_of

    layers = []

    def open_layer(account, name="acteur"):
        source = QgsDataSourceUri(source_of(as_account(account), name, EPSG))
        source.setPassword(password_of(account))
        found = QgsVectorLayer(source.uri(False), name, "postgres")
        assert found.isValid(), name
        for column in next((declared.fields for declared in TABLES if declared.name == name), ()):
            if column.default:
                index = found.fields().lookupField(column.name)
                found.setDefaultValueDefinition(index, QgsDefaultValue(column.default, column.stamp))
        layers.append(found)
        return found

    yield open_layer
    for found in layers:
        if found.isEditable():
            found.rollBack()
    layers.clear()


@pytest.fixture
def actor():
    """Return a maker of rows of actors of the north, published to all."""
    from uuid import uuid4

    def make(**values):
        row = {"uuid": str(uuid4()), "nom": "Le Bocal", "diffusion": "public", "statut": "brouillon"}
        return row | {"secteur_uuid": NORD, "source": "saisie", "geom": point(0.5, 1.5)} | values

    return make
