"""Roads in a real QGIS: the network of a layer, times against QgsGraphAnalyzer, and analyses that go by road."""

import os
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS
from qgis import processing
from qgis.analysis import (
    QgsGraphAnalyzer,
    QgsGraphBuilder,
    QgsNetworkSpeedStrategy,
    QgsVectorLayerDirector,
)
from qgis.core import (
    NULL,
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

pytestmark = pytest.mark.usefixtures("provider", "no_kept_roads")
ROADS = "LineString?crs=EPSG:2154&field=vitesse:double"
NEEDS = "Point?crs=EPSG:2154&field=libelle:string&field=nb_situations:int&field=theme_vie:string"
ACTORS = "Point?crs=EPSG:2154&field=uuid:string&field=nom:string&field=themes_vie:string"
CORNER = X, Y = 650000, 6860000
DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
ARCACHON = DATA / "network" / "routes_osm_arcachon.gpkg"


@pytest.fixture()
def no_kept_roads(tmp_path, monkeypatch):
    """Keep the networks of a test in a folder of its own, and forget those before."""
    from tisserand.processing.algorithms import kept_roads

    monkeypatch.setattr(kept_roads, "folder", lambda: tmp_path / "routes")
    kept_roads.forget()
    return kept_roads


class Told(QgsProcessingFeedback):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(False)


def wkt(*points):
    return "LINESTRING(" + ", ".join(f"{X + x} {Y + y}" for x, y in points) + ")"


def point(x, y=0):
    return f"POINT({X + x} {Y + y})"


def town(seed, side=8):
    """Return rows of fictional roads, bent, of several speeds, some missing."""
    random = np.random.default_rng(seed)
    at = {
        (i, j): np.array([i * 700.0, j * 700.0]) + random.uniform(-200, 200, 2)
        for i in range(side)
        for j in range(side)
    }
    rows = []
    for (i, j), start in at.items():
        for stop in (at.get((i + 1, j)), at.get((i, j + 1))):
            if stop is not None and random.random() > 0.2:
                bend = (start + stop) / 2 + random.uniform(-60, 60, 2)
                rows.append((wkt(start, bend, stop), float(random.choice([30, 50, 80, 110]))))
    return rows


def ways(layer, speed=50.0, max_snap=1e4, field="vitesse", **more):
    """Return the ways along a layer, as the algorithms make them."""
    from tisserand.processing.algorithms.frames import to_metric
    from tisserand.processing.algorithms.reports import RememberingFeedback

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("tisserand:reach")
    parameters = {"ROADS": layer, "SPEED": speed, "SPEED_FIELD": field, "MAX_SNAP": max_snap, **more}
    told = Told()
    context, feedback = QgsProcessingContext(), RememberingFeedback(told)
    # Nobody else keeps it.
    feedback.told = told
    context.setProject(QgsProject.instance())
    roads = algorithm.read_roads(parameters, context, feedback)
    (frame,) = to_metric(roads.frame)
    return algorithm.by_road(roads, parameters, context, feedback, frame.crs), feedback


def by_qgis(layer, points, speed=50.0, field="vitesse", crs="EPSG:2154"):
    """Return the minutes between tied points, by the director, the builder and the analyzer of QGIS."""
    director = QgsVectorLayerDirector(layer, -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionBoth)
    position = layer.fields().lookupField(field) if field else -1
    director.addStrategy(QgsNetworkSpeedStrategy(position, speed, 1000 / 60))
    builder = QgsGraphBuilder(QgsCoordinateReferenceSystem(crs), True, 0.0, "NONE")
    tied = director.makeGraph(builder, [QgsPointXY(x, y) for x, y in points])
    graph = builder.graph()
    vertices = [graph.findVertex(place) for place in tied]
    table = []
    for vertex in vertices:
        _, costs = QgsGraphAnalyzer.dijkstra(graph, vertex, 0)
        table.append([costs[other] for other in vertices])
    return np.array(table), np.array([(place.x(), place.y()) for place in tied])


def by_us(roads, points):
    table = np.full((len(points), len(points)), np.inf)
    for tile in roads.near(points, points, 1e6):
        dense = tile.costs.tocoo()
        table[tile.first + dense.row, dense.col] = dense.data
    return table


@pytest.mark.parametrize("seed", range(4))
def test_the_times_are_those_of_qgis_between_tied_points(memory_layer, seed):
    layer = memory_layer(ROADS, town(seed))
    random = np.random.default_rng(seed)
    points = random.uniform(-200, 5200, (30, 2)) + CORNER
    expected, tied = by_qgis(layer, points)
    roads, _ = ways(layer)
    spots = roads.spots(points)
    np.testing.assert_allclose(spots.aside, np.linalg.norm(points - tied, axis=1), atol=1e-6)
    # On the road itself nobody walks: the tied points, not the points.
    np.testing.assert_allclose(by_us(roads, tied), expected, rtol=1e-9, atol=1e-9)
    walked = (spots.aside[:, None] + spots.aside) * 60 / 50_000
    np.testing.assert_allclose(by_us(roads, points), expected + walked, rtol=1e-9, atol=1e-9)


@pytest.mark.skipif(not ARCACHON.exists(), reason="the real roads of the Bassin d'Arcachon are not here")
def test_the_times_on_real_roads_in_degrees_are_those_of_qgis():
    layer = QgsVectorLayer(str(ARCACHON), "routes", "ogr")
    random = np.random.default_rng(1)
    roads, _ = ways(layer, field=None)
    nodes = roads.roads.nodes
    points = nodes[random.choice(len(nodes), 8)] + random.uniform(-50, 50, (8, 2))
    expected, _ = by_qgis(layer, points, field=None)
    walked = roads.spots(points).aside * 60 / 50_000
    np.testing.assert_allclose(by_us(roads, points), expected + walked[:, None] + walked, rtol=1e-9, atol=1e-9)


def test_the_network_is_that_of_the_director(memory_layer):
    layer = memory_layer(ROADS, town(9))
    builder = QgsGraphBuilder(QgsCoordinateReferenceSystem("EPSG:2154"), True, 0.0, "NONE")
    director = QgsVectorLayerDirector(layer, -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionBoth)
    director.addStrategy(QgsNetworkSpeedStrategy(0, 50.0, 1000 / 60))
    director.makeGraph(builder, [])
    graph = builder.graph()

    def vertex(number):
        return tuple(graph.vertex(number).point())

    edges = (graph.edge(number) for number in range(graph.edgeCount()))
    theirs = sorted((vertex(edge.fromVertex()), vertex(edge.toVertex()), edge.cost(0)) for edge in edges)
    roads = ways(layer)[0].roads
    nodes = [tuple(node) for node in roads.nodes.tolist()]
    both = [(a, b, time) for (a, b), time in zip(roads.ends.tolist(), roads.minutes.tolist())]
    both += [(b, a, time) for a, b, time in both]
    ours = sorted((nodes[a], nodes[b], time) for a, b, time in both)
    assert [edge[:2] for edge in ours] == [edge[:2] for edge in theirs]
    # Ours are multiples of 2^-40 minutes.
    np.testing.assert_allclose([edge[2] for edge in ours], [edge[2] for edge in theirs], rtol=1e-12, atol=2.0**-41)


def test_degrees_give_the_times_of_metres(memory_layer):
    layer = memory_layer(ROADS, town(2))
    degrees = processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"})[
        "OUTPUT"
    ]
    points = np.random.default_rng(2).uniform(0, 5000, (20, 2)) + CORNER
    np.testing.assert_allclose(by_us(ways(degrees)[0], points), by_us(ways(layer)[0], points), rtol=1e-6, atol=1e-6)


def test_speeds_that_are_none_are_counted_and_replaced_by_the_one_given(memory_layer):
    rows = [(wkt((k * 1000, 0), (k * 1000 + 1000, 0)), speed) for k, speed in enumerate([60.0, None, 0.0, -5.0, 120.0])]
    roads, feedback = ways(memory_layer(ROADS, rows), speed=30.0)
    assert np.round(roads.roads.minutes, 9).tolist() == [1, 2, 2, 2, 0.5]
    assert any("speed above 0" in text and "3 of 5 (features 2, 3, 4)" in text for text in feedback.warnings)


def test_speeds_written_as_text_are_read(memory_layer):
    layer = memory_layer(
        "LineString?crs=EPSG:2154&field=maxspeed:string",
        [(wkt((0, 0), (1000, 0)), "60"), (wkt((0, 500), (1000, 500)), "FR:urban")],
    )
    roads, feedback = ways(layer, speed=30.0, field="maxspeed")
    assert np.round(roads.roads.minutes, 9).tolist() == [1, 2]
    assert any("1 of 2 (features 2)" in text for text in feedback.warnings)


def test_multilines_curves_heights_and_lines_without_length_are_read(memory_layer):
    two = f"MULTILINESTRINGZ(({X} {Y} 3, {X + 1000} {Y} 9), ({X + 1000} {Y} 9, {X + 1000} {Y + 500} 9))"
    roads, _ = ways(memory_layer("MultiLineStringZ?crs=EPSG:2154&field=vitesse:double", [(two, 60.0)]))
    assert roads.roads.metres.tolist() == [1000, 500]
    assert roads.pieces()[0] == 1
    arc = f"CIRCULARSTRING({X} {Y}, {X + 500} {Y + 500}, {X + 1000} {Y})"
    roads, _ = ways(memory_layer("CircularString?crs=EPSG:2154&field=vitesse:double", [(arc, 60.0)]))
    assert roads.roads.metres.sum() == pytest.approx(np.pi * 500, rel=1e-3)
    flat = [(wkt((0, 0), (0, 0)), 60.0), (None, 60.0), ("LINESTRING EMPTY", 60.0), (wkt((0, 0), (9, 0)), 60.0)]
    roads, feedback = ways(memory_layer(ROADS, flat, "rues"))
    assert roads.roads.metres.tolist() == [9]
    assert any("rues: 2 without a geometry, left out" in text for text in feedback.warnings)


def test_crossings_without_a_vertex_are_told_and_may_be_crossroads(memory_layer):
    layer = memory_layer(ROADS, [(wkt((0, 0), (2000, 0)), 60.0), (wkt((1000, -1000), (1000, 1000)), 60.0)])
    ends = np.array([[X, Y], [X + 1000, Y + 1000]], dtype=float)
    bridges, feedback = ways(layer)
    assert bridges.nearest(ends[:1], ends[1:])[0].tolist() == [-1]
    assert any("without a common vertex, taken as bridges: 1" in text for text in feedback.warnings)
    assert any("2 pieces that are not connected" in text for text in feedback.warnings)
    crossroads, feedback = ways(layer, CROSSINGS=1)
    assert crossroads.nearest(ends[:1], ends[1:])[1][0] == pytest.approx(2.0)
    assert any("taken as crossroads: 1" in text for text in feedback.warnings)


def test_an_end_just_beside_a_road_is_joined_and_told(memory_layer):
    layer = memory_layer(ROADS, [(wkt((0, 0), (2000, 0)), 60.0), (wkt((1000, 0.005), (1000, 1000)), 60.0)])
    roads, feedback = ways(layer)
    assert roads.pieces() == (1, 1)
    assert any("less than a centimetre, joined to it: 1" in text for text in feedback.warnings)


def same(one, two):
    return all(np.array_equal(a, b) for a, b in zip(one.roads, two.roads))


def built(feedback):
    return "Building the network of the roads" in feedback.told.textLog()


def test_a_network_is_built_once_and_again_after_an_edit_of_its_lines(memory_layer, no_kept_roads):
    layer = memory_layer(ROADS, town(3))
    first, told = ways(layer)
    assert built(told)
    again, told = ways(layer)
    assert same(again, first)
    assert not built(told)
    no_kept_roads.forget()
    from_disk, told = ways(layer)
    assert same(from_disk, first)
    assert not built(told)
    layer.dataProvider().changeAttributeValues({1: {0: 7.0}})
    slower, told = ways(layer)
    assert slower.roads.minutes[0] == pytest.approx(first.roads.metres[0] / 7 * 60 / 1000)
    assert not built(told)
    layer.dataProvider().changeGeometryValues({1: QgsGeometry.fromWkt(wkt((0, 0), (0, 900)))})
    edited, told = ways(layer)
    assert not same(edited, first)
    assert built(told)
    assert built(ways(layer, CROSSINGS=1)[1])


def test_the_chosen_roads_of_a_layer_are_a_network_of_their_own(memory_layer):
    layer = memory_layer(ROADS, town(3))
    layer.selectByIds([2, 3])
    QgsProject.instance().addMapLayer(layer, False)
    roads, _ = ways(QgsProcessingFeatureSourceDefinition(layer.id(), True))
    QgsProject.instance().takeMapLayer(layer)
    assert sorted(set(roads.roads.road.tolist())) == [0, 1]
    assert len(ways(layer)[0].roads.ends) > len(roads.roads.ends) > 0


def test_a_spoilt_file_of_a_network_is_built_anew(memory_layer, no_kept_roads):
    layer = memory_layer(ROADS, town(4))
    first = ways(layer)[0]
    no_kept_roads.forget()
    (file,) = no_kept_roads.folder().iterdir()
    file.write_bytes(file.read_bytes()[:200])
    assert same(ways(layer)[0], first)


def test_only_a_few_networks_are_kept(memory_layer, no_kept_roads):
    for seed in range(7):
        ways(memory_layer(ROADS, town(seed, side=3)))
    assert len(list(no_kept_roads.folder().iterdir())) == no_kept_roads.ON_DISK


def run(roads, needs, actors, feedback=None, **parameters):
    parameters = {"NEEDS": needs, "ACTORS": actors, "ROADS": roads, "OUTPUT": "memory:", "SPEED": 60, **parameters}
    fields = {"NEEDS_PUBLIC": "", "ACTORS_PUBLIC": "", "ACTORS_CAPACITY": ""}
    return processing.run("tisserand:coveragegaps", parameters | fields, feedback=feedback or Told())


def causes(result):
    return {
        feature["libelle"]: (feature["cause"], feature["plus_proche_min"]) for feature in result["OUTPUT"].getFeatures()
    }


def test_a_river_without_a_bridge_puts_what_is_near_as_the_crow_flies_out_of_reach(memory_layer):
    banks = [(wkt((0, 0), (9000, 0)), None), (wkt((0, 800), (9000, 800)), None)]
    bridge = [(wkt((9000, 0), (9000, 800)), None)]
    needs = memory_layer(NEEDS, [(point(1000, 800), "nord", 5, "feed"), (point(3000), "sud", 5, "feed")], "besoins")
    actors = memory_layer(ACTORS, [(point(1000), "u1", "Épicerie", "feed")], "acteurs")
    crow = causes(
        processing.run(
            "tisserand:coveragegaps",
            {
                "NEEDS": needs,
                "ACTORS": actors,
                "SPEED": 60,
                "REACH": 10,
                "OUTPUT": "memory:",
                "NEEDS_PUBLIC": "",
                "ACTORS_PUBLIC": "",
                "ACTORS_CAPACITY": "",
            },
        )
    )
    assert {name: cause for name, (cause, _) in crow.items()} == {"nord": "couvert", "sud": "couvert"}
    without = causes(run(memory_layer(ROADS, banks), needs, actors, REACH=10))
    assert without == {"nord": ("hors_portee", NULL), "sud": ("couvert", 2)}
    far = causes(run(memory_layer(ROADS, banks + bridge), needs, actors, REACH=10))
    assert far["nord"] == ("hors_portee", pytest.approx(8 + 0.8 + 8))
    reached = causes(run(memory_layer(ROADS, banks + bridge), needs, actors, REACH=16.8))
    assert reached["nord"][0] == "couvert"


def test_the_report_says_how_time_by_road_is_counted_only_where_it_was(memory_layer, tmp_path):
    needs = memory_layer(NEEDS, [(point(0), "a", 5, "feed")], "besoins")
    actors = memory_layer(ACTORS, [(point(1000), "u1", "Épicerie", "feed")], "acteurs")
    lines = memory_layer(ROADS, [(wkt((0, 0), (2000, 0)), None)])
    with_roads, without = tmp_path / "routes.html", tmp_path / "vol.html"
    run(lines, needs, actors, REPORT=str(with_roads))
    run(None, needs, actors, REPORT=str(without))
    assert "Every road is open both ways" in with_roads.read_text(encoding="utf-8")
    assert "Every road is open both ways" not in without.read_text(encoding="utf-8")


def test_places_far_from_any_road_are_told_by_name(memory_layer):
    needs = memory_layer(NEEDS, [(point(0, 5000), "loin", 5, "feed"), (point(0), "près", 5, "feed")], "besoins")
    actors = memory_layer(ACTORS, [(point(1000), "u1", "Épicerie", "feed")], "acteurs")
    feedback = Told()
    found = causes(run(memory_layer(ROADS, [(wkt((0, 0), (2000, 0)), None)]), needs, actors, feedback))
    assert found == {"loin": ("hors_portee", NULL), "près": ("couvert", 1)}
    assert "besoins: 1 farther from any road than 1000 m, not connected" in feedback.textLog()
    assert "(features 1)" in feedback.textLog()
    assert "acteurs: " not in feedback.textLog()


def test_roads_without_a_feature_connect_nobody(memory_layer):
    needs = memory_layer(NEEDS, [(point(0), "a", 5, "feed")], "besoins")
    actors = memory_layer(ACTORS, [(point(0), "u1", "Épicerie", "feed")], "acteurs")
    feedback = Told()
    found = causes(run(memory_layer(ROADS, [], "routes"), needs, actors, feedback))
    assert found == {"a": ("hors_portee", NULL)}
    assert "routes: no feature to work on" in feedback.textLog()


@pytest.mark.parametrize("speed", [0, 0.0])
def test_a_speed_of_nothing_is_a_sentence(memory_layer, speed):
    needs = memory_layer(NEEDS, [(point(0), "a", 5, "feed")])
    actors = memory_layer(ACTORS, [(point(0), "u1", "Épicerie", "feed")])
    with pytest.raises(QgsProcessingException, match="SPEED is 0"):
        run(memory_layer(ROADS, town(1, 3)), needs, actors, SPEED=speed)


def test_the_director_is_stopped_while_it_builds():
    from tisserand.layers.errors import CancelledError
    from tisserand.processing.algorithms.road_network import directed
    from tisserand.processing.analysis.roads.lines import Pieces

    count = 5000
    start = np.random.default_rng(1).uniform(0, 100_000, (count, 2))
    found = Pieces(start, start + 50.0, np.arange(count), np.arange(count))
    feedback, shares = QgsProcessingFeedback(False), []

    def told(share):
        shares.append(share)
        if share > 10:
            feedback.cancel()

    with pytest.raises(CancelledError):
        directed(found, CRS.from_epsg(2154), feedback, told)
    assert 10 < max(shares) < 11


def test_a_graph_that_is_not_that_of_the_roads_is_refused():
    from tisserand.layers.errors import TisserandError
    from tisserand.processing.algorithms.road_network import directed
    from tisserand.processing.analysis.roads.lines import Pieces

    # The director leaves out what has no length.
    start, stop = np.array([[0.0, 0], [5, 5]]), np.array([[1.0, 0], [5, 5]])
    found = Pieces(start, stop, np.arange(2), np.arange(2))
    with pytest.raises(TisserandError, match="is not theirs"):
        directed(found, CRS.from_epsg(2154), QgsProcessingFeedback(False))


def test_a_run_cancelled_while_the_network_is_built_keeps_none_of_it(memory_layer, no_kept_roads):
    class Impatient(Told):
        def pushInfo(self, text):  # noqa: N802 - name imposed by QGIS
            if "Building the network" in text:
                self.cancel()

    needs = memory_layer(NEEDS, [(point(0), "a", 5, "feed")])
    actors = memory_layer(ACTORS, [(point(0), "u1", "Épicerie", "feed")])
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(memory_layer(ROADS, town(1, 3)), needs, actors, Impatient())
    assert not no_kept_roads.folder().exists()


def test_a_network_that_the_disk_refuses_is_kept_in_memory_and_leaves_no_piece_behind(
    small_disk, no_kept_roads, monkeypatch
):
    from tisserand.processing.algorithms.road_network import Roads

    disk = small_disk(16_384)
    monkeypatch.setattr(no_kept_roads, "folder", lambda: disk)
    roads = Roads(*(np.zeros((10_000, 2)) for _ in Roads._fields))
    said = []
    log = QgsApplication.messageLog()
    log.messageReceived[str, str, Qgis.MessageLevel].connect(lambda *text: said.append(text[1]))
    no_kept_roads.keep("essai", roads)
    assert list(disk.iterdir()) == []
    assert no_kept_roads.find("essai") is roads
    assert "Tisserand" in said
