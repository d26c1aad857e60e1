"""The algorithm of reach in a real QGIS: roads and actors in, lines, numbers and sentences out."""

import json

import numpy as np
import pytest
from qgis import processing
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

pytestmark = pytest.mark.usefixtures("provider", "kept_in_a_folder_of_the_test")
ALGORITHM = "tisserand:reach"
ROADS = "LineString?crs=EPSG:2154&field=rue:string&field=vitesse:double"
ACTORS = "Point?crs=EPSG:2154&field=uuid:string&field=nom:string"
X, Y = 650000, 6860000
RESULT = ["minutes", "acteur", "acteur_nom", "minutes_debut", "classe", "longueur_m"]


@pytest.fixture()
def kept_in_a_folder_of_the_test(tmp_path, monkeypatch):
    from tisserand.processing.algorithms import kept_roads

    monkeypatch.setattr(kept_roads, "folder", lambda: tmp_path / "routes")
    kept_roads.forget()


def wkt(*points):
    return "LINESTRING(" + ", ".join(f"{X + x} {Y + y}" for x, y in points) + ")"


def point(x, y=0):
    return f"POINT({X + x} {Y + y})"


@pytest.fixture()
def roads(memory_layer):
    """Return a street of 10 km, one that leaves it in the middle, and one that nothing leads to."""
    rows = [
        (wkt((0, 0), (5000, 0), (10_000, 0)), "Grand-Rue", None),
        (wkt((5000, 0), (5000, 4000)), "rue du Nord", 30.0),
        (wkt((0, 9000), (2000, 9000)), "rue du Bout", None),
    ]
    return memory_layer(ROADS, rows, "routes")


@pytest.fixture()
def actors(memory_layer):
    return memory_layer(ACTORS, [(point(0), "u1", "Épicerie"), (point(10_000), "u2", "Garage")], "acteurs")


def run(roads, actors, feedback=None, **parameters):
    given = {"ROADS": roads, "ACTORS": actors, "OUTPUT": "memory:", "UNREACHED": "memory:", "SPEED": 60, **parameters}
    return processing.run(ALGORITHM, given, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer, *names):
    names = names or layer.fields().names()
    return [tuple(feature[name] for name in names) for feature in layer.getFeatures()]


def ends_of(layer):
    """Return the first and the last point of each line, from the corner of the test."""
    lines = (feature.geometry().asPolyline() for feature in layer.getFeatures())
    return [[(round(at.x() - X, 6), round(at.y() - Y, 6)) for at in (line[0], line[-1])] for line in lines]


def test_roads_are_cut_where_the_reach_ends_with_their_fields_before_those_of_the_result(roads, actors):
    result = run(roads, actors, REACH=4, STEP=0)
    output, left = result["OUTPUT"], result["UNREACHED"]
    assert output.fields().names() == ["rue", "vitesse", *RESULT]
    assert rows_of(output, "rue", "minutes", "acteur", "acteur_nom", "longueur_m") == [
        ("Grand-Rue", 4, "u1", "Épicerie", 4000),
        ("Grand-Rue", 4, "u2", "Garage", 4000),
    ]
    assert ends_of(output) == [[(0, 0), (4000, 0)], [(6000, 0), (10_000, 0)]]
    assert rows_of(left, "rue", "cause", "minutes_debut", "minutes") == [
        ("Grand-Rue", "trop_loin", 4, 5),
        ("rue du Nord", "trop_loin", 5, 9),
        ("rue du Bout", "sans_acces", NULL, NULL),
    ]
    assert (result["KM_REACHED"], result["KM_UNREACHED"]) == (pytest.approx(8), pytest.approx(8))
    assert output.crs() == left.crs() == roads.crs()


def test_the_speed_of_a_road_is_that_of_its_field(roads, actors):
    feedback = QgsProcessingFeedback(False)
    result = run(roads, actors, feedback, REACH=7, STEP=0, SPEED_FIELD="vitesse")
    assert ends_of(result["OUTPUT"])[-1] == [(5000, 0), (5000, 1000)]
    assert "Roads without a speed above 0, counted at the speed given for all: 2 of 3 (features 1, 3)" in (
        feedback.textLog()
    )


def test_lines_are_cut_at_every_step(roads, actors):
    result = run(roads, actors, REACH=5, STEP=2)
    assert rows_of(result["OUTPUT"], "acteur", "classe", "minutes_debut", "minutes") == [
        ("u1", 2, 0, 2),
        ("u1", 4, 2, 4),
        ("u1", 5, 4, 5),
        ("u2", 5, 4, 5),
        ("u2", 4, 2, 4),
        ("u2", 2, 0, 2),
    ]


def test_unreached_roads_are_written_only_when_asked_for(roads, actors):
    result = processing.run(ALGORITHM, {"ROADS": roads, "ACTORS": actors, "OUTPUT": "memory:"})
    assert "UNREACHED" not in result
    assert result["KM_UNREACHED"] > 0


def test_roads_must_be_given(actors):
    with pytest.raises(QgsProcessingException, match="ROADS"):
        processing.run(ALGORITHM, {"ACTORS": actors, "OUTPUT": "memory:"})


def reprojected(layer, crs):
    given = {"INPUT": layer, "TARGET_CRS": crs, "OUTPUT": "memory:"}
    return processing.run("native:reprojectlayer", given)["OUTPUT"]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_degrees_and_pseudo_mercator_are_measured_in_metres_and_given_back_in_their_crs(roads, actors, crs):
    metric = run(roads, actors, REACH=4)
    other = run(reprojected(roads, crs), actors, REACH=4)
    assert other["KM_REACHED"] == pytest.approx(metric["KM_REACHED"], rel=1e-6)
    assert other["OUTPUT"].crs().authid() == crs
    assert [row[0] for row in rows_of(other["OUTPUT"], "acteur")] == ["u1", "u2"]


def test_roads_overseas_are_measured_in_their_own_crs(memory_layer):
    streets = memory_layer("LineString?crs=EPSG:4326", [("LINESTRING(55.45 -20.88, 55.46 -20.88)",)])
    someone = memory_layer("Point?crs=EPSG:4326&field=uuid:string", [("POINT(55.45 -20.88)", "u")])
    result = run(streets, someone)
    there = reprojected(streets, "EPSG:2975")
    length = next(there.getFeatures()).geometry().length()
    assert result["KM_REACHED"] * 1000 == pytest.approx(length, rel=1e-6)


def test_shuffled_rows_give_the_same_lines(memory_layer, roads):
    rows = [(point(1000 * k, 37 * k), f"u{k % 5}", f"Acteur {k}") for k in range(10)]
    lines = [(feature.geometry().asWkt(9), *feature.attributes()) for feature in roads.getFeatures()]
    one = run(memory_layer(ROADS, lines), memory_layer(ACTORS, rows), SPEED_FIELD="vitesse")
    two = run(memory_layer(ROADS, lines[::-1]), memory_layer(ACTORS, rows[::-1]), SPEED_FIELD="vitesse")
    for name in ("OUTPUT", "UNREACHED"):
        here, there = (
            [(feature.geometry().asWkt(9), *map(repr, feature.attributes())) for feature in result[name].getFeatures()]
            for result in (one, two)
        )
        assert sorted(here) == sorted(there)


def test_of_actors_at_one_place_the_first_by_identifier_has_the_road(memory_layer, roads):
    rows = [(point(0), "b", "Beta"), (point(0), "a", "Alpha"), (point(0), "c", "Gamma")]
    for given in (rows, rows[::-1]):
        found = rows_of(run(roads, memory_layer(ACTORS, given))["OUTPUT"], "acteur", "acteur_nom")
        assert set(found) == {("a", "Alpha")}


def test_without_an_identifier_the_actor_is_told_by_its_name(roads, actors):
    found = rows_of(run(roads, actors, ACTORS_ID="")["OUTPUT"], "acteur")
    assert set(found) == {("Épicerie",), ("Garage",)}


def test_an_actor_far_from_any_road_reaches_nothing_and_is_told(memory_layer, roads):
    feedback = QgsProcessingFeedback(False)
    someone = memory_layer(ACTORS, [(point(0, 2000), "u1", "Loin")], "acteurs")
    result = run(roads, someone, feedback)
    assert result["KM_REACHED"] == 0
    assert "acteurs: 1 farther from any road than 1000 m, not connected: out of everyone's reach (features 1)" in (
        feedback.textLog()
    )
    assert {row[0] for row in rows_of(result["UNREACHED"], "cause")} == {"sans_acces"}


def test_roads_that_nothing_leads_to_are_told(roads, actors):
    feedback = QgsProcessingFeedback(False)
    run(roads, actors, feedback)
    log = feedback.textLog()
    assert "The roads fall into 2 pieces that are not connected; the longest holds 87.5 % of their length" in log
    assert "Roads from which no actor can be reached, however long it takes: 1, 2.0 km" in log


@pytest.mark.parametrize("nothing", ["roads", "actors", "both"])
def test_an_empty_layer_ends_in_empty_outputs_and_a_sentence(memory_layer, roads, actors, nothing):
    feedback = QgsProcessingFeedback(False)
    if nothing != "actors":
        roads = memory_layer(ROADS, [], "routes")
    if nothing != "roads":
        actors = memory_layer(ACTORS, [], "acteurs")
    result = run(roads, actors, feedback)
    assert result["OUTPUT"].featureCount() == 0
    assert result["KM_REACHED"] == 0
    assert "no feature to work on" in feedback.textLog()


def test_polygons_are_actors_too(memory_layer, roads):
    corners = ", ".join(f"{X + x} {Y + y}" for x, y in ((-10, -10), (10, -10), (10, 10), (-10, 10), (-10, -10)))
    squares = memory_layer("Polygon?crs=EPSG:2154&field=uuid:string", [(f"POLYGON(({corners}))", "u1")])
    assert set(rows_of(run(roads, squares)["OUTPUT"], "acteur")) == {("u1",)}


def test_a_field_of_the_roads_with_the_name_of_a_result_is_kept_under_another_name(memory_layer, actors):
    streets = memory_layer("LineString?crs=EPSG:2154&field=minutes:double", [(wkt((0, 0), (900, 0)), 77.0)])
    layer = run(streets, actors)["OUTPUT"]
    assert rows_of(layer, "minutes", "minutes_2") == [(pytest.approx(0.9), 77.0)]


@pytest.mark.parametrize("parameter", ["REACH", "SPEED"])
def test_nothing_is_refused_by_name(roads, actors, parameter):
    with pytest.raises(QgsProcessingException, match=f"{parameter} is 0"):
        run(roads, actors, **{parameter: 0})


def test_the_report_holds_figures_method_chart_and_warnings(roads, actors, tmp_path):
    path = tmp_path / "rapport.html"
    run(roads, actors, REACH=4, STEP=2, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    for piece in ("2 à 4 min", "Au-delà de la portée", "Sans route vers un acteur", "Épicerie", "10.1007/BF01386390"):
        assert piece in text
    assert "data:image/svg+xml" in text
    assert "Roads from which no actor can be reached" in text


def test_results_go_into_a_store_carry_their_parameters_and_are_shown(roads, actors, tmp_path):
    from tisserand.layers.result_tables import REACHED, UNREACHED
    from tisserand.layers.results import LOOKS

    store = tmp_path / "atelier.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "acteurs"
    context = QgsCoordinateTransformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(actors, str(store), context, options)[0] == 0
    destinations = {
        name: f"ogr:dbname='{store}' table=\"{table}\" (geom)"
        for name, table in (("OUTPUT", REACHED), ("UNREACHED", UNREACHED))
    }
    for _ in range(2):
        run(roads, actors, REACH=4, **destinations)
    for table, count in ((REACHED, 2), (UNREACHED, 3)):
        layer = QgsVectorLayer(f"{store}|layername={table}", table, "ogr")
        assert layer.featureCount() == count
        assert "Reach (minutes): 4" in layer.metadata().abstract()
        LOOKS[table][1](layer)
        assert layer.renderer().legendSymbolItems()


def test_results_shown_in_a_project_are_styled_with_french_aliases(roads, actors):
    from tisserand.layers.result_looks.reach import REACHED_ALIASES, UNREACHED_ALIASES

    context = QgsProcessingContext()
    project = QgsProject.instance()
    parameters = {"ROADS": roads, "ACTORS": actors, "SPEED": 60, "REACH": 5, "STEP": 2}
    for name in ("OUTPUT", "UNREACHED"):
        parameters[name] = QgsProcessingOutputLayerDefinition("memory:", project)
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run(parameters, context, QgsProcessingFeedback(False))
    assert done
    for name, aliases, labels in (
        ("OUTPUT", REACHED_ALIASES, ["0 à 2 min", "2 à 4 min", "4 à 5 min"]),
        ("UNREACHED", UNREACHED_ALIASES, ["Au-delà de la portée", "Sans route vers un acteur"]),
    ):
        layer = context.getMapLayer(results[name])
        details = context.layerToLoadOnCompletionDetails(results[name])
        details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases
        assert [item.label() for item in layer.renderer().legendSymbolItems()] == labels


def test_classes_are_told_apart_without_colour(roads, actors):
    from tisserand.layers.result_looks.reach import style_reached

    layer = run(roads, actors, REACH=5, STEP=1)["OUTPUT"]
    style_reached(layer)
    symbols = [rule.symbol() for rule in layer.renderer().rootRule().children()]
    widths, greys = [symbol.width() for symbol in symbols], [symbol.color().lightness() for symbol in symbols]
    assert widths == sorted(widths, reverse=True)
    assert greys == sorted(greys)
    assert len(set(greys)) == len(set(widths)) == 5


@pytest.mark.parametrize("when", [0, 40, 60])
def test_a_cancelled_run_leaves_nothing_behind(roads, actors, tmp_path, when):
    class Impatient(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.progressChanged.connect(lambda share: self.cancel() if share >= when else None)
            if when == 0:
                self.cancel()

    (tmp_path / "sortie").mkdir()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(roads, actors, Impatient(), OUTPUT=str(tmp_path / "sortie" / "s.gpkg"))
    assert list((tmp_path / "sortie").iterdir()) == []


def test_it_runs_in_qgis_process(roads, actors, tmp_path, qgis_process):
    paths = []
    for layer in (roads, actors):
        options = QgsVectorFileWriter.SaveVectorOptions()
        paths.append(str(tmp_path / f"{layer.name()}.gpkg"))
        context = QgsCoordinateTransformContext()
        assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, paths[-1], context, options)[0] == 0
    given = [f"ROADS={paths[0]}", f"ACTORS={paths[1]}", "SPEED=60", "REACH=4", f"OUTPUT={tmp_path / 's.gpkg'}"]
    for _ in range(2):
        done = qgis_process("run", ALGORITHM, "--json", "--", *given)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["results"]["KM_REACHED"] == pytest.approx(8)
    assert QgsVectorLayer(str(tmp_path / "s.gpkg"), "s", "ogr").featureCount() == 2


def test_many_roads_and_actors_are_all_told_of(memory_layer):
    random = np.random.default_rng(3)
    lines = [(wkt((k * 50, 0), (k * 50, 3000)), f"rue {k}", 50.0) for k in range(60)]
    lines.append((wkt(*((k * 50, 0) for k in range(60))), "boulevard", 50.0))
    people = [(point(*random.uniform(0, 3000, 2)), f"u{k}", "") for k in range(200)]
    result = run(memory_layer(ROADS, lines), memory_layer(ACTORS, people), REACH=1)
    total = result["KM_REACHED"] + result["KM_UNREACHED"]
    assert total == pytest.approx(60 * 3 + 2.95, rel=1e-9)


def test_where_roads_never_close_a_ring_the_length_is_that_of_the_service_area_of_qgis(memory_layer):
    random = np.random.default_rng(4)
    lines = [(wkt(*((k * 300, 0) for k in range(40))), "boulevard", 50.0)]
    lines += [
        (
            wkt((k * 300, 0), (k * 300, side * random.uniform(500, 9000))),
            f"rue {k}",
            float(random.choice([20, 30, 80])),
        )
        for k in range(40)
        for side in (-1, 1)
    ]
    streets = memory_layer(ROADS, lines, "routes")
    someone = memory_layer(ACTORS, [(point(6100), "u1", "Épicerie")])
    theirs = processing.run(
        "native:serviceareafromlayer",
        {
            "INPUT": streets,
            "START_POINTS": someone,
            "STRATEGY": 1,
            "TRAVEL_COST2": 7 / 60,
            "SPEED_FIELD": "vitesse",
            "OUTPUT_LINES": "memory:",
        },
    )["OUTPUT_LINES"]
    # It draws a street twice where one may come from both ends, and measures on the ellipsoid.
    expected = QgsGeometry.unaryUnion([feature.geometry() for feature in theirs.getFeatures()]).length() / 1000
    ours = run(streets, someone, REACH=7, SPEED_FIELD="vitesse")
    assert ours["KM_REACHED"] == pytest.approx(expected, rel=5e-4)
    assert ours["KM_UNREACHED"] > 0
