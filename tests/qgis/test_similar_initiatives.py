"""The similarity algorithm in a real QGIS: layers of all kinds in, groups, links and sentences out."""

import json

import pytest
from qgis import processing
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:similarinitiatives"
ACTORS = "Point?crs=EPSG:2154&field=uuid:string&field=nom:string&field=themes_vie:string&field=description:string(500)"
X, Y = 650000, 6860000
RESULT = ["groupe", "medoide", "s_moyen", "s_espace", "s_theme", "s_texte", "plus_proche", "raison"]


def point(east, north=0):
    return f"POINT({X + east} {Y + north})"


ROWS = [
    (point(0), "u1", "Cuisine du Port", "feed|connect", "Repas partagés et cuisine avec les invendus du quartier"),
    (point(400), "u2", "La Table d'Ici", "feed|connect", "Cuisine partagée, repas de quartier"),
    (point(900), "u3", "Bocaux & Cie", "feed", "On cuisine les invendus des marchés"),
    (point(50000), "u4", "Vélo-École", "move", "Apprendre à rouler"),
    (point(70000), "u5", "Jumeau", "equip", "Prêt d'outils"),
    (point(70020), "u6", "JUMEAU !", "equip", "Prêt d'outils"),
]


@pytest.fixture()
def actors(memory_layer):
    return memory_layer(ACTORS, ROWS, "acteurs")


def run(actors, feedback=None, **parameters):
    outputs = {"OUTPUT": "memory:", "GROUPS": "memory:", "LINKS": "memory:"}
    parameters = {"ACTORS": actors, **outputs, **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


def by_uuid(layer):
    return {row["uuid"]: row for row in rows_of(layer)}


def reprojected(layer, crs="EPSG:4326"):
    parameters = {"INPUT": layer, "TARGET_CRS": crs, "OUTPUT": "memory:"}
    return processing.run("native:reprojectlayer", parameters)["OUTPUT"]


def test_actors_keep_their_fields_and_learn_their_group(actors):
    layer = run(actors)["OUTPUT"]
    assert layer.fields().names() == [*actors.fields().names(), *RESULT]
    rows = by_uuid(layer)
    assert [rows[f"u{k}"]["groupe"] for k in range(1, 7)] == [1, 1, 1, NULL, NULL, NULL]
    assert sum(row["medoide"] for row in rows.values()) == 1
    assert rows["u4"]["plus_proche"] == NULL
    assert rows["u4"]["s_moyen"] == NULL
    assert layer.crs() == actors.crs()


def test_reasons_are_sentences_with_the_labels_of_the_workspace(actors):
    rows = by_uuid(run(actors)["OUTPUT"])
    assert rows["u1"]["raison"].startswith("« La Table d'Ici », à 400 m ; thèmes communs : ")
    assert "Se nourrir" in rows["u1"]["raison"]
    assert "mots communs : " in rows["u1"]["raison"]
    assert rows["u4"]["raison"] == "Aucune initiative semblable à moins de 10 km"


def test_a_possible_duplicate_is_said(actors):
    rows = by_uuid(run(actors)["OUTPUT"])
    assert "peut-être un doublon" in rows["u5"]["raison"]
    assert not any("doublon" in rows[uuid]["raison"] for uuid in ("u1", "u2", "u3", "u4"))


def test_groups_are_polygons_around_their_members(actors):
    results = run(actors)
    (group,) = results["GROUPS"].getFeatures()
    assert group.geometry().type() == QgsWkbTypes.GeometryType.PolygonGeometry
    members = [feature for feature in results["OUTPUT"].getFeatures() if feature["groupe"] == group["groupe"]]
    assert all(group.geometry().contains(member.geometry()) for member in members)
    assert (group["n"], group["themes"]) == (3, "feed|connect")
    assert "cuisine" in group["termes"].split("|")


def test_links_join_the_places_of_two_actors(actors):
    places = {row[1]: row[0] for row in ROWS}
    links = list(run(actors)["LINKS"].getFeatures())
    assert links
    for link in links:
        start, end = link.geometry().asPolyline()
        assert [point(start.x() - X), point(end.x() - X)] == [
            place.replace("POINT", "POINT") for place in (point(_east(places[link[name]])) for name in ("de", "vers"))
        ]
        assert link["s"] >= 0.45


def _east(wkt):
    return float(wkt[6:].split()[0]) - X


def test_degrees_give_the_same_groups(actors):
    metric, degrees = by_uuid(run(actors)["OUTPUT"]), run(reprojected(actors))
    for uuid, row in by_uuid(degrees["OUTPUT"]).items():
        assert row["groupe"] == metric[uuid]["groupe"]
        if row["s_moyen"] != NULL:
            assert row["s_moyen"] == pytest.approx(metric[uuid]["s_moyen"], rel=1e-6)
    assert degrees["GROUPS"].crs().authid() == "EPSG:4326"


def test_shuffled_rows_give_the_same_result(memory_layer, actors):
    assert by_uuid(run(memory_layer(ACTORS, ROWS[::-1]))["OUTPUT"]) == by_uuid(run(actors)["OUTPUT"])


def test_an_empty_layer_gives_empty_layers_and_a_sentence(memory_layer):
    feedback = QgsProcessingFeedback(False)
    results = run(memory_layer(ACTORS, [], "acteurs"), feedback)
    assert [results[name].featureCount() for name in ("OUTPUT", "GROUPS", "LINKS")] == [0, 0, 0]
    assert "acteurs: no feature to work on" in feedback.textLog()


def test_one_actor_is_alone(memory_layer):
    assert rows_of(run(memory_layer(ACTORS, ROWS[:1]))["OUTPUT"])[0]["groupe"] == NULL


def test_actors_all_at_one_place_are_one_group(memory_layer):
    results = run(memory_layer(ACTORS, [(point(0), *row[1:3], "feed", "repas") for row in ROWS]))
    assert {row["groupe"] for row in rows_of(results["OUTPUT"])} == {1}
    assert next(results["GROUPS"].getFeatures()).geometry().area() > 0


def test_an_actor_without_geometry_is_reported_with_its_id(memory_layer):
    feedback = QgsProcessingFeedback(False)
    results = run(memory_layer(ACTORS, [(None, *ROWS[0][1:]), *ROWS[1:]], "acteurs"), feedback)
    assert results["OUTPUT"].featureCount() == 5
    assert "acteurs: 1 without a geometry, left out (features 1)" in feedback.textLog()


def test_what_is_not_told_and_unknown_themes_are_reported(memory_layer):
    feedback = QgsProcessingFeedback(False)
    run(memory_layer(ACTORS, [(point(0), "a", "A", None, " "), (point(9), "b", "B", "tricot", "laine")]), feedback)
    assert "Actors without a theme, compared by the rest: 1 (features 1)" in feedback.textLog()
    assert "Actors without a description, compared by the rest: 1 (features 1)" in feedback.textLog()
    assert "Themes in no list, shown as they stand: 1 (tricot)" in feedback.textLog()


def test_without_any_of_the_fields_place_alone_counts(memory_layer):
    feedback = QgsProcessingFeedback(False)
    layer = memory_layer("Point?crs=EPSG:2154", [(point(100 * k),) for k in range(4)], "points")
    results = run(layer, feedback)
    assert {row["groupe"] for row in rows_of(results["OUTPUT"])} == {1}
    assert "points has no field description (TEXT_FIELD)" in feedback.textLog()
    ids = {str(feature.id()) for feature in layer.getFeatures()}
    assert {row["plus_proche"] for row in rows_of(results["OUTPUT"])} <= ids


def test_a_named_field_that_the_layer_lacks_is_refused(actors):
    with pytest.raises(QgsProcessingException, match="no field resume"):
        run(actors, TEXT_FIELD="resume")


def test_weights_of_nothing_are_refused_with_the_cure(actors):
    with pytest.raises(QgsProcessingException, match="not all 0"):
        run(actors, WEIGHT_SPACE=0, WEIGHT_THEME=0, WEIGHT_TEXT=0)


def test_a_field_of_the_actors_with_the_name_of_a_result_is_kept_under_another_name(actors):
    again = rows_of(run(run(actors)["OUTPUT"])["OUTPUT"])[0]
    assert again["groupe"] == again["groupe_2"] == 1


def test_groups_and_links_are_written_only_when_asked_for(actors):
    assert set(processing.run(ALGORITHM, {"ACTORS": actors, "OUTPUT": "memory:"})) == {"OUTPUT"}


def test_a_cancelled_run_leaves_nothing_behind(actors, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(actors, feedback, OUTPUT=str(tmp_path / "sortie.gpkg"))
    assert list(tmp_path.iterdir()) == []


class Watching(QgsProcessingFeedback):
    """Keeps the progress, and cancels once it has come to a share."""

    def __init__(self, percent=101):
        super().__init__(False)
        self.percent = percent
        self.seen = []
        self.progressChanged.connect(self._look)

    def _look(self, progress):
        self.seen.append(progress)
        if progress >= self.percent:
            self.cancel()


@pytest.mark.parametrize("percent", [1, 20, 50, 70])
def test_a_run_cancelled_on_its_way_leaves_nothing_behind(actors, tmp_path, percent):
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(actors, Watching(percent), OUTPUT=str(tmp_path / "sortie.gpkg"), GROUPS=str(tmp_path / "groupes.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_progress_only_grows(actors):
    feedback = Watching()
    run(actors, feedback)
    assert feedback.seen == sorted(feedback.seen)
    assert len(set(feedback.seen)) > 10


def test_the_report_charts_stability_and_what_makes_groups_alike(actors, tmp_path):
    path = tmp_path / "rapport.html"
    run(actors, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "Stability of the groups, by size" in text
    assert "2 to 4 members : Stable 1" in text
    assert "1 – Cuisine du Port : nearness" in text or "1 – La Table d&#39;Ici : nearness" in text
    run(actors, REPORT=str(path), STABILITY=0)
    assert path.read_text(encoding="utf-8").count("<figure>") == 1


@pytest.mark.parametrize("solidity", ["stable", "moyenne", "fragile", None])
def test_each_stability_has_a_look_of_its_own_in_black_and_white(memory_layer, solidity):
    from tisserand.layers.result_looks.similar import style_groups

    square = "POLYGON((0 0, 1 0, 1 1, 0 0))"
    layer = memory_layer("Polygon?crs=EPSG:2154&field=groupe:integer&field=solidite:string", [(square, 1, solidity)])
    style_groups(layer)
    rules = layer.renderer().rootRule().children()
    drawn = [rule for rule in rules if list(layer.getFeatures(rule.filterExpression()))]
    assert len(drawn) == 1
    looks = {
        (
            rule.symbol().symbolLayer(0).strokeStyle(),
            rule.symbol().symbolLayer(0).strokeWidth(),
            rule.symbol().symbolLayerCount(),
        )
        for rule in rules
    }
    assert len(looks) == len(rules) == 4


def test_the_report_holds_groups_method_and_what_people_wrote_escaped(memory_layer, tmp_path):
    path = tmp_path / "rapport.html"
    rows = [(place, uuid, "<b>Ici</b>", themes, text) for place, uuid, _, themes, text in ROWS]
    run(memory_layer(ACTORS, rows), REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "&lt;b&gt;Ici" in text
    assert "<b>Ici" not in text
    assert "Se nourrir" in text
    assert "10.1088/1742-5468/2008/10/P10008" in text


def geopackage(layer, path):
    """Write the layer into a GeoPackage, where it has a unique fid, and return its address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", layer.name()
    result = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    assert result[0] == QgsVectorFileWriter.WriterError.NoError, result
    return f"{path}|layername={layer.name()}"


def test_results_go_into_an_existing_store_and_carry_their_parameters(actors, tmp_path):
    store = tmp_path / "atelier.gpkg"
    source = geopackage(actors, store)
    tables = {"OUTPUT": "analyse_initiatives", "GROUPS": "analyse_groupes", "LINKS": "analyse_liens"}
    outputs = {name: f"ogr:dbname='{store}' table=\"{table}\" (geom)" for name, table in tables.items()}
    for _ in range(2):
        run(source, MIN_SIZE=2, **outputs)
    counts = {}
    for name, table in tables.items():
        layer = QgsVectorLayer(f"{store}|layername={table}", table, "ogr")
        assert "Fewest members of a group: 2" in layer.metadata().abstract()
        counts[name] = layer.featureCount()
    assert counts == {"OUTPUT": 6, "GROUPS": 2, "LINKS": 4}
    assert QgsVectorLayer(source, "acteurs", "ogr").featureCount() == 6


def test_results_shown_in_a_project_are_styled_with_french_aliases(actors):
    from tisserand.layers.result_looks.similar import ACTOR_ALIASES, GROUP_ALIASES, LINK_ALIASES

    context = QgsProcessingContext()
    shown = {
        name: QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
        for name in ("OUTPUT", "GROUPS", "LINKS")
    }
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run({"ACTORS": actors, **shown}, context, QgsProcessingFeedback(False))
    assert done
    for name, aliases in (("OUTPUT", ACTOR_ALIASES), ("GROUPS", GROUP_ALIASES), ("LINKS", LINK_ALIASES)):
        layer = context.getMapLayer(results[name])
        details = context.layerToLoadOnCompletionDetails(results[name])
        details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases


def test_qgis_process_runs_it_by_its_id_and_ends_well(actors, tmp_path, qgis_process):
    source = geopackage(actors, tmp_path / "atelier.gpkg")
    outputs = {name: tmp_path / f"{name}.gpkg" for name in ("OUTPUT", "GROUPS", "LINKS")}
    words = [f"{name}={path}" for name, path in outputs.items()]
    done = qgis_process("--json", "run", ALGORITHM, "--", f"ACTORS={source}", "STABILITY=3", *words)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["results"]) == set(outputs)
    counts = [QgsVectorLayer(str(path), "r", "ogr").featureCount() for path in outputs.values()]
    assert counts == [6, 1, 4]
