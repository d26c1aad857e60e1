"""Pairs searched by a real PostGIS server: those of this machine, to the last digit."""

from dataclasses import replace

import numpy as np
import pytest
from qgis import processing
from qgis.core import QgsDataSourceUri, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers.errors import CancelledError
from tisserand.layers.postgis.connection import opened
from tisserand.processing.analysis.catchment import access
from tisserand.processing.analysis.engines import database
from tisserand.processing.analysis.engines.database import InDatabase, Table, read_points
from tisserand.processing.analysis.pairs import Near
from tisserand.processing.analysis.ways import CrowFly

RADIUS = 5_000.0
# What a name may hold, and what nobody should have to take care of.
TABLE = Table('Schéma "à" part; --', "acteurs d'ici", "Clé %s", "le point", 2154)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def town(count=600, seed=1):
    """Return origins, one at exactly the radius of a place, and places, of which some stand at one point."""
    random, corner = np.random.default_rng(seed), np.array([600_000.0, 6_800_000.0])
    places = np.round(random.uniform(0, 40_000, (count, 2)), 3) + corner
    places[: count // 10] = places[count // 10 : 2 * (count // 10)]
    origins = random.uniform(0, 40_000, (150, 2)) + corner
    origins[0] = places[0] + [3_000.0, 4_000.0]
    origins[1] = places[1] + [3_000.0, 4_000.01]
    origins[2] = [0.0, 0.0]
    return origins, places


@pytest.fixture
def table(server, execute):
    """Return a maker of a table of points in a database of its own, by default under difficult names."""
    execute("postgres", "CREATE DATABASE paires")
    execute("paires", "CREATE EXTENSION postgis")

    def make(places, index=True, table=TABLE):
        schema, name, key, geometry = map(quoted, table[:4])
        where = f"{schema}.{name}"
        execute("paires", f"CREATE SCHEMA {schema}")
        columns = f"{key} bigint PRIMARY KEY, nom text, capacite int, {geometry} geometry(Point, 2154)"
        execute("paires", f"CREATE TABLE {where} ({columns})")
        # Keys in no order of the places, some of them large.
        keys = np.random.default_rng(5).permutation(len(places)) * 7_000_000_000 + 1
        execute(
            "paires",
            f"INSERT INTO {where} SELECT k, 'Acteur ' || k, mod(k, 50), ST_SetSRID(ST_MakePoint(x, y), 2154)"
            " FROM unnest(%s::bigint[], %s::float8[], %s::float8[]) AS given(k, x, y)",
            [keys.tolist(), *places.T.tolist()],
        )
        execute("paires", f"INSERT INTO {where} VALUES (0, 'Sans lieu', 1, NULL)")
        if index:
            execute("paires", f"CREATE INDEX ON {where} USING gist ({geometry})")
            execute("paires", f"ANALYZE {where}")

    yield make
    execute("postgres", "DROP DATABASE paires WITH (FORCE)")


@pytest.fixture
def connection(server):
    def connect():
        return opened(replace(server, database="paires", schema="public"))

    return connect


def pairs(tiles):
    return {
        (tile.first + row, column): cost
        for tile in tiles
        for row in range(tile.costs.shape[0])
        for column, cost in zip(
            tile.costs.indices[slice(*tile.costs.indptr[row : row + 2])].tolist(),
            tile.costs.data[slice(*tile.costs.indptr[row : row + 2])].tolist(),
        )
    }


def test_the_database_finds_the_very_same_pairs_in_the_same_order(table, connection):
    origins, places = town()
    table(places)
    near = Near(origins, places, RADIUS, per_metre=0.00156)
    with connection() as session:
        points = read_points(session, TABLE)
        assert len(points.keys) == 540
        found = InDatabase(session, TABLE, points, origins, places, RADIUS, per_metre=0.00156, tile=100)
        tiles = list(found)
        assert pairs(tiles) == pairs(near)
        assert pairs(found) == pairs(near)
    assert (0, 0) in pairs(near)
    assert (1, 1) not in pairs(near)
    assert len(tiles) > 20
    assert [tile.first for tile in tiles] == np.r_[0, np.cumsum([tile.costs.shape[0] for tile in tiles])][:-1].tolist()
    for tile in tiles:
        assert tile.costs.has_sorted_indices


def test_access_is_the_same_to_the_last_digits(table, connection):
    origins, places = town(2_000)
    table(places)
    random = np.random.default_rng(2)
    people, capacity = random.integers(1, 99, len(origins)) * 1.0, random.integers(0, 50, len(places)) * 1.0
    expected = access(Near(origins, places, RADIUS), RADIUS, people, capacity)
    with connection() as session:
        given = (session, TABLE, read_points(session, TABLE), origins, places, RADIUS)
        for kept in (0, 10**6):
            found = access(InDatabase(*given, tile=500, kept=kept), RADIUS, people, capacity)
            for mine, theirs in zip(found, expected):
                np.testing.assert_allclose(mine, theirs, rtol=1e-9)


def test_only_the_places_of_the_analysis_count(table, connection):
    origins, places = town()
    table(places)
    some = places[100:300]
    with connection() as session:
        points = read_points(session, TABLE)
        assert pairs(InDatabase(session, TABLE, points, origins, some, RADIUS)) == pairs(Near(origins, some, RADIUS))
        assert pairs(InDatabase(session, TABLE, points, origins, places[:0], RADIUS)) == {}
        assert pairs(InDatabase(session, TABLE, points, origins[:0], some, RADIUS)) == {}


def test_the_pairs_come_a_few_at_once_and_the_index_is_used(table, connection):
    origins, places = town(5_000)
    table(places)
    calls = []
    with connection() as session:
        points = read_points(session, TABLE)
        tiles = InDatabase(
            session, TABLE, points, origins, places, RADIUS, tile=1_000, kept=0, check=lambda: calls.append(1)
        )
        sizes = [tile.costs.nnz for tile in tiles]
        with session.cursor() as cursor:
            cursor.execute("SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = %s", (TABLE.name,))
            sequential, by_index = cursor.fetchone()
    assert max(sizes) < 1_000 + 500
    assert len(calls) >= len(origins) / database.FETCHED
    assert sequential <= 1
    assert by_index >= len(origins)


def test_it_stops_when_asked_and_leaves_no_cursor_behind(table, connection):
    origins, places = town()
    table(places)
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 4:
            raise CancelledError

    with connection() as session:
        points = read_points(session, TABLE)
        tiles = InDatabase(session, TABLE, points, origins, places, RADIUS, tile=10, kept=0, check=stop)
        with pytest.raises(CancelledError):
            list(tiles)
        with session.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE 'tisserand%%'")
            assert cursor.fetchone() == (0,)


def test_a_place_that_is_no_longer_in_the_table_is_named(table, connection):
    origins, places = town()
    table(places)
    with connection() as session:
        points = read_points(session, TABLE)
        moved = places + np.where(np.arange(len(places)) == 7, 0.001, 0.0)[:, None]
        with pytest.raises(database.TableChangedError, match=r"^1 places are not in .*acteurs d'ici"):
            InDatabase(session, TABLE, points, origins, moved, RADIUS)


def test_without_an_index_the_database_is_not_troubled(table, connection):
    table(town()[1], index=False)
    with connection() as session, pytest.raises(database.SpatialIndexMissingError, match="le point"):
        read_points(session, TABLE)


def test_a_server_that_goes_away_is_a_sentence(table, connection, execute):
    origins, places = town()
    table(places)
    with connection() as session:
        points = read_points(session, TABLE)
        tiles = iter(InDatabase(session, TABLE, points, origins, places, RADIUS, tile=10, kept=0))
        next(tiles)
        execute("paires", "SELECT pg_terminate_backend(%s)", (session.info.backend_pid,))
        with pytest.raises(database.DatabaseFailedError, match="could not search the pairs"):
            list(tiles)


class Said(QgsProcessingFeedback):
    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def pushWarning(self, warning):  # noqa: N802
        self.warnings.append(warning)


@pytest.fixture
def actors(server, table):
    """Return the actors of the table as a layer of QGIS, and the places of both sides."""
    origins, places = town()
    plain = Table("essai", "acteurs", "fid", "geom", 2154)
    table(places, table=plain)

    source = QgsDataSourceUri()
    source.setConnection(server.host, str(server.port), "paires", server.user, server.password)
    source.setDataSource(plain.schema, plain.name, plain.geometry, "", plain.key)
    source.setSrid("2154")
    layer = QgsVectorLayer(source.uri(False), "acteurs", "postgres")
    assert layer.isValid()
    return layer, origins, places


def worked_on(layer, feedback, epsg=2154, **parameters):
    from pyproj import CRS
    from qgis.core import QgsProcessingParameterFeatureSource

    from tisserand.processing.algorithms import engine_parameters
    from tisserand.processing.algorithms.coverage_gaps import CoverageGaps

    algorithm = CoverageGaps()
    algorithm.addParameter(QgsProcessingParameterFeatureSource(engine_parameters.ACTORS, "Acteurs"))
    if algorithm.parameterDefinition(engine_parameters.SCHEDULER) is None:
        engine_parameters.add_engine(algorithm)
    given = {engine_parameters.ACTORS: layer, engine_parameters.IN_DATABASE: True, **parameters}
    crs = CRS.from_epsg(epsg)
    return engine_parameters.worked_on(algorithm, CrowFly(), crs, given, QgsProcessingContext(), feedback)


def test_the_layer_of_the_actors_leads_to_its_database(actors):
    layer, origins, places = actors
    reach, feedback = 8.0, Said()
    with worked_on(layer, feedback) as ways:
        assert isinstance(ways, database.ByDatabase)
        assert pairs(ways.near(origins, places, reach)) == pairs(CrowFly().near(origins, places, reach))
        assert ways.metres(reach) == CrowFly().metres(reach)
        assert ways.nearest(origins, places)[0].tolist() == CrowFly().nearest(origins, places)[0].tolist()
    assert feedback.warnings == []


def test_what_a_database_cannot_do_is_done_here_with_a_word(actors, memory_layer):
    layer, *_ = actors
    feedback = Said()
    with worked_on(layer, feedback, epsg=2975) as ways:
        assert ways == CrowFly()
    with worked_on(memory_layer("Point?crs=EPSG:2154", []), feedback) as ways:
        assert ways == CrowFly()
    assert ["EPSG:2154" in feedback.warnings[0], "PostGIS" in feedback.warnings[1]] == [True, True]


def test_the_coverage_of_needs_is_the_same_by_the_database(actors, provider, memory_layer):
    layer, origins, _ = actors
    rows = [(f"POINT({x} {y})", number % 9 + 1) for number, (x, y) in enumerate(origins.tolist())]
    needs = memory_layer("Point?crs=EPSG:2154&field=nb_situations:int", rows)
    given = {"NEEDS": needs, "ACTORS": layer, "ACTORS_ID": "fid", "REACH": 8, "TARGET": 20, "OUTPUT": "memory:"}
    numbers, words, found = ("apl", "non_couvert", "plus_proche_min"), ("cause", "n_acteurs", "plus_proche"), []
    for choice in (False, True):
        feedback = Said()
        output = processing.run("tisserand:coveragegaps", given | {"IN_DATABASE": choice}, feedback=feedback)["OUTPUT"]
        rows = list(output.getFeatures())
        found.append([[row[name] for row in rows for name in names] for names in (numbers, words)])
        assert not [warning for warning in feedback.warnings if "this machine" in warning]
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-9)
    assert found[1][1] == found[0][1]
    assert "capacite" in found[0][1]
