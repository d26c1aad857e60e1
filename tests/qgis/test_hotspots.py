"""The hot spots in a real QGIS: layers of all kinds in, classes and sentences out."""

import json

import pytest
from qgis import processing
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateTransformContext,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:hotspots"
FIELDS = "&field=nom:string&field=non_couvert:double&field=besoin:double"
POINTS, POLYGONS = "Point?crs=EPSG:2154" + FIELDS, "Polygon?crs=EPSG:2154" + FIELDS
X, Y, SIDE = 650000, 6860000, 1000
RESULT = ["gi_z", "p", "q", "classe", "n_voisins", "lisse", "raison"]
HOT, COLD, NEITHER, NONE = (
    "concentration significative",
    "absence significative",
    "non significatif",
    "non calculé",
)


def point(column, row):
    return f"POINT({X + SIDE * column} {Y + SIDE * row})"


def square(column, row):
    west, south = X + SIDE * column, Y + SIDE * row
    corners = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0)]
    return f"POLYGON(({', '.join(f'{west + dx} {south + dy}' for dx, dy in corners)}))"


def grid(shape, size=12, among=lambda k: 200.0):
    """Make a grid of units in which the nine at the south-west count 90 and more, the others around 10."""
    rows = []
    for k in range(size * size):
        column, row = divmod(k, size)
        high = column < 3 and row < 3
        rows.append((shape(column, row), f"u{k}", (90.0 if high else 8.0) + k * 7 % 5, among(k)))
    return rows


@pytest.fixture()
def squares(memory_layer):
    return memory_layer(POLYGONS, grid(square), "carreaux")


@pytest.fixture()
def points(memory_layer):
    return memory_layer(POINTS, grid(point), "points")


def run(layer, feedback=None, **parameters):
    parameters = {"INPUT": layer, "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def by_name(layer):
    return {feature["nom"]: dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()}


@pytest.mark.parametrize("kind", [0, 1])
def test_a_planted_concentration_is_found_and_named(squares, kind):
    layer = run(squares, NEIGHBOURS=kind)["OUTPUT"]
    assert layer.fields().names() == [*squares.fields().names(), *RESULT]
    assert layer.crs() == squares.crs()
    rows = by_name(layer)
    assert {rows[f"u{k}"]["classe"] for k in (0, 1, 12, 13)} == {HOT}
    assert {rows[f"u{k}"]["classe"] for k in (100, 143)} == {NEITHER}
    assert rows["u13"]["n_voisins"] == 8
    assert rows["u13"]["gi_z"] > 5
    assert rows["u13"]["raison"].startswith("Avec ses 8 voisines : ")
    assert rows["u13"]["lisse"] == NULL


def test_a_corner_has_three_neighbours_by_border_and_at_least_k_by_distance(squares):
    assert by_name(run(squares, NEIGHBOURS=1)["OUTPUT"])["u0"]["n_voisins"] == 3
    assert by_name(run(squares, K=2)["OUTPUT"])["u13"]["n_voisins"] == 4


def test_with_a_population_the_smoothed_rate_is_compared_and_given(memory_layer):
    feedback = QgsProcessingFeedback(False)
    # As many for each head everywhere: what looks like a concentration is where people live.
    rows = grid(point, among=lambda k: 900.0 if k // 12 < 3 and k % 12 < 3 else 100.0)
    layer = run(memory_layer(POINTS, rows), feedback, POPULATION_FIELD="besoin")["OUTPUT"]
    found = by_name(layer)
    assert not any(row["classe"] == HOT for row in found.values())
    assert found["u0"]["lisse"] == pytest.approx(0.1, abs=0.02)
    assert "Rates were smoothed" in feedback.textLog()


def test_unknown_negative_and_unpeopled_units_take_no_part_and_are_named(memory_layer):
    rows = grid(point)
    rows[100] = (*rows[100][:2], NULL, 200.0)
    rows[101] = (*rows[101][:2], -4.0, 200.0)
    rows[102] = (*rows[102][:2], 8.0, 0.0)
    feedback = QgsProcessingFeedback(False)
    found = by_name(run(memory_layer(POINTS, rows), feedback, POPULATION_FIELD="besoin")["OUTPUT"])
    reasons = ["Valeur inconnue", "Valeur négative", "Population inconnue ou nulle"]
    assert [found[f"u{k}"]["raison"] for k in (100, 101, 102)] == reasons
    assert {found[f"u{k}"]["classe"] for k in (100, 101, 102)} == {NONE}
    assert all(found["u100"][name] == NULL for name in ("gi_z", "p", "q", "n_voisins", "lisse"))
    for sentence in ("without a number", "with a negative number", "without a population above 0"):
        assert f"Units {sentence}, left out: 1" in feedback.textLog()


def test_fewer_than_thirty_units_are_scored_but_not_called(memory_layer):
    feedback = QgsProcessingFeedback(False)
    found = by_name(run(memory_layer(POINTS, grid(point, size=5), "petit"), feedback)["OUTPUT"])
    assert {row["classe"] for row in found.values()} == {NONE}
    assert {row["raison"] for row in found.values()} == {"Moins de 30 unités à comparer"}
    assert all(row["p"] == NULL and row["q"] == NULL and row["gi_z"] != NULL for row in found.values())
    assert "Fewer than 30 units to compare, so nothing is called significant" in feedback.textLog()


def test_one_value_everywhere_and_one_place_for_all_are_said(memory_layer):
    feedback = QgsProcessingFeedback(False)
    even = [(wkt, name, 5.0, among) for wkt, name, _, among in grid(point)]
    assert {row["classe"] for row in by_name(run(memory_layer(POINTS, even), feedback)["OUTPUT"]).values()} == {NONE}
    assert "The values do not differ" in feedback.textLog()
    feedback = QgsProcessingFeedback(False)
    heap = [(point(0, 0), *rest) for _, *rest in grid(point)]
    rows = by_name(run(memory_layer(POINTS, heap), feedback)["OUTPUT"])
    assert {row["raison"] for row in rows.values()} == {"Toutes les unités sont ses voisines"}
    assert "Units with all others as neighbours, not told: 144" in feedback.textLog()


def test_an_island_is_said(memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = by_name(
        run(memory_layer(POLYGONS, [*grid(square), (square(50, 50), "ile", 99, 9)]), feedback, NEIGHBOURS=1)["OUTPUT"]
    )
    assert (rows["ile"]["n_voisins"], rows["ile"]["classe"]) == (0, NONE)
    assert "Units without a neighbour, not told: 1" in feedback.textLog()


def test_more_neighbours_than_units_are_refused_with_the_cure(points):
    with pytest.raises(QgsProcessingException, match="K is 143 for 144 units"):
        run(points, K=143)


def test_borders_of_points_are_refused(points):
    with pytest.raises(QgsProcessingException, match="Only surfaces have neighbours by their borders"):
        run(points, NEIGHBOURS=1)


@pytest.mark.parametrize("fdr", [0, 1])
def test_a_share_of_false_finds_that_means_nothing_is_refused(points, fdr):
    with pytest.raises(QgsProcessingException, match="FDR is"):
        run(points, FDR=fdr)


def test_without_a_field_to_look_at_the_fields_are_listed(memory_layer):
    layer = memory_layer("Point?crs=EPSG:2154&field=visites:int", [(point(0, 0), 3)])
    with pytest.raises(QgsProcessingException, match=r"\(FIELD\) among: visites"):
        run(layer)


def test_polygons_that_cross_themselves_are_mended(memory_layer):
    rows = grid(square)
    west, south, east, north = X + SIDE, Y + SIDE, X + 2 * SIDE, Y + 2 * SIDE
    bow = f"POLYGON(({west} {south}, {east} {north}, {east} {south}, {west} {north}, {west} {south}))"
    rows[13] = (bow, *rows[13][1:])
    context = QgsProcessingContext()
    context.setInvalidGeometryCheck(QgsFeatureRequest.InvalidGeometryCheck.GeometryNoCheck)
    parameters = {"INPUT": memory_layer(POLYGONS, rows), "NEIGHBOURS": 1, "OUTPUT": "memory:"}
    layer = processing.run(ALGORITHM, parameters, context=context, feedback=QgsProcessingFeedback(False))["OUTPUT"]
    assert by_name(layer)["u13"]["n_voisins"] == 8


def test_themes_of_one_layer_are_maps_of_their_own(memory_layer):
    rows = [
        (wkt, f"{name}{theme}", value if theme == "feed" else 250 - 2 * value, among, theme)
        for theme in ("feed", "move")
        for wkt, name, value, among in grid(point)
    ]
    feedback = QgsProcessingFeedback(False)
    found = by_name(run(memory_layer(POINTS + "&field=theme:string", rows), feedback)["OUTPUT"])
    assert (found["u0feed"]["classe"], found["u0move"]["classe"]) == (HOT, COLD)
    assert found["u13feed"]["n_voisins"] == 8
    assert "The layer holds 2 maps" in feedback.textLog()
    together = by_name(run(memory_layer(POINTS + "&field=theme:string", rows), GROUP_FIELDS=[])["OUTPUT"])
    assert together["u13feed"]["n_voisins"] > 8


def test_a_field_of_groups_that_is_missing_is_refused(points):
    with pytest.raises(QgsProcessingException, match="no field annee"):
        run(points, GROUP_FIELDS=["annee"])


def test_shuffled_rows_and_a_second_run_give_the_same_result(memory_layer):
    rows = grid(point)
    straight, again, back = (by_name(run(memory_layer(POINTS, each))["OUTPUT"]) for each in (rows, rows, rows[::-1]))
    assert straight == again == back


def test_degrees_give_the_same_classes(points):
    parameters = {"INPUT": points, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    degrees = processing.run("native:reprojectlayer", parameters)["OUTPUT"]
    there = run(degrees, K=4)["OUTPUT"]
    assert there.crs().authid() == "EPSG:4326"
    assert by_name(there)["u13"]["classe"] == HOT


def test_an_empty_layer_gives_an_empty_layer_and_a_sentence(memory_layer):
    feedback = QgsProcessingFeedback(False)
    assert run(memory_layer(POINTS, [], "vide"), feedback)["OUTPUT"].featureCount() == 0
    assert "vide: no feature to work on" in feedback.textLog()


def test_a_unit_without_geometry_is_reported(memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = grid(point)
    layer = run(memory_layer(POINTS, [(None, *rows[0][1:]), *rows[1:]], "points"), feedback)["OUTPUT"]
    assert layer.featureCount() == 143
    assert "points: 1 without a geometry, left out" in feedback.textLog()


def test_a_cancelled_run_leaves_nothing_behind(points, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(points, feedback, OUTPUT=str(tmp_path / "sortie.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_progress_only_grows_and_the_draws_can_be_cancelled(points):
    feedback, seen = QgsProcessingFeedback(False), []

    def look(progress):
        seen.append(progress)
        if progress > 20:
            feedback.cancel()

    feedback.progressChanged.connect(look)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(points, feedback, PERMUTATIONS=1_000_000)
    assert seen == sorted(seen)
    assert 20 < max(seen) < 60


def test_the_report_has_classes_charts_and_says_it_is_no_cause(squares, tmp_path):
    path = tmp_path / "rapport.html"
    run(squares, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "It is not a cause" in text
    assert HOT in text
    assert text.count("data:image/svg+xml") == 2
    assert "10.1111/j.1538-4632.1995.tb00912.x" in text


@pytest.mark.parametrize(("uri", "shape"), [(POINTS, point), (POLYGONS, square)])
def test_the_result_is_styled_with_french_aliases_and_every_class_is_drawn(memory_layer, uri, shape):
    from tisserand.layers.result_looks.hotspots import ALIASES

    context = QgsProcessingContext()
    rows = [*grid(shape), (shape(50, 50), "sans", NULL, 9)]
    shown = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run(
        {"INPUT": memory_layer(uri, rows), "OUTPUT": shown}, context, QgsProcessingFeedback(False)
    )
    assert done
    layer = context.getMapLayer(results["OUTPUT"])
    details = context.layerToLoadOnCompletionDetails(results["OUTPUT"])
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
    assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == ALIASES
    drawn = set()
    for rule in layer.renderer().rootRule().children():
        request = QgsFeatureRequest().setFilterExpression(rule.filterExpression())
        drawn |= {feature["nom"] for feature in layer.getFeatures(request)}
    assert drawn == {row[1] for row in rows}


def test_qgis_process_runs_it_by_its_id_and_ends_well(points, tmp_path, qgis_process):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    source, output = tmp_path / "points.gpkg", tmp_path / "sortie.gpkg"
    QgsVectorFileWriter.writeAsVectorFormatV3(points, str(source), QgsCoordinateTransformContext(), options)
    words = (f"INPUT={source}", "FIELD=non_couvert", "PERMUTATIONS=99", f"OUTPUT={output}")
    done = qgis_process("--json", "run", ALGORITHM, "--", *words)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["results"]) == {"OUTPUT"}
    layer = QgsVectorLayer(str(output), "r", "ogr")
    assert layer.featureCount() == 144
    assert by_name(layer)["u13"]["classe"] == HOT
