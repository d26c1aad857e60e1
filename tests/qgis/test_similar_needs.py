"""Project leads in a real QGIS: layers of all kinds in, leads, members and sentences out."""

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
ALGORITHM = "tisserand:similarneeds"
FIELDS = (
    "&field=uuid:string&field=theme_vie:string&field=nb_situations:int&field=nb_volontaires:int"
    "&field=code_insee:string&field=intensite:int"
)
NEEDS = "Point?crs=EPSG:2154" + FIELDS
ACTORS = (
    "Point?crs=EPSG:2154&field=nom:string&field=themes_vie:string&field=moyens_partageables:string&field=itinerant:bool"
)
SITES = "Point?crs=EPSG:2154&field=nom:string&field=disponible:bool"
PLACES = "Polygon?crs=EPSG:2154&field=code:string&field=recense_le:string"
X, Y = 650000, 6860000
LEAD_FIELDS = [
    *("rang", "theme", "personnes", "n_besoins", "n_inconnus", "communes", "codes", "part_max", "volontaires"),
    *("intensite", "contexte", "appuis", "recensees", "rayon_m", "lancable", "manque", "raison"),
]


def point(east, north=0):
    return f"POINT({X + east} {Y + north})"


ROWS = [
    (point(0), "b1", "move", 12, 1, "92001", 2),
    (point(2000), "b2", "move", 15, NULL, "92002", 3),
    (point(0, 2500), "b3", "move", 8, 2, "92001", 4),
    (point(60000), "b4", "feed", 5, 0, "92003", 1),
    (point(60500), "b5", "feed", 6, 0, "92003", 1),
    (point(60000, 500), "b6", "feed", NULL, 0, "92003", 1),
    (point(30000), "b7", "move", 40, 9, "92004", 2),
]


@pytest.fixture()
def needs(memory_layer):
    return memory_layer(NEEDS, ROWS, "besoins")


@pytest.fixture()
def actors(memory_layer):
    rows = [(point(1000, 1000), "L'Atelier", "move", "salle, outils", False), (point(61000), "Épi", "feed", "", False)]
    return memory_layer(ACTORS, rows, "acteurs")


def run(needs, actors=None, feedback=None, **parameters):
    parameters = {"NEEDS": needs, "ACTORS": actors, "OUTPUT": "memory:", "MEMBERS": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


def by_uuid(layer):
    return {row["uuid"]: row for row in rows_of(layer)}


def test_leads_are_points_with_their_conditions_the_first_to_be_launched_first(needs, actors):
    results = run(needs, actors)
    layer = results["OUTPUT"]
    assert layer.fields().names() == LEAD_FIELDS
    assert layer.crs() == needs.crs()
    first, second = rows_of(layer)
    assert (first["rang"], first["theme"], first["personnes"], first["communes"], first["volontaires"]) == (
        1,
        "move",
        35,
        2,
        3,
    )
    assert (first["contexte"], first["lancable"], first["manque"]) == ("favorable", True, NULL)
    assert first["intensite"] == pytest.approx((12 * 2 + 15 * 3 + 8 * 4) / 35)
    assert "« Se déplacer »" in first["raison"]
    assert (second["rang"], second["lancable"], second["n_inconnus"]) == (2, False, 1)
    assert second["manque"] == (
        "il manque 19 personnes (1 besoin sans nombre connu) ; une seule commune ; personne ne s'est proposé"
        " ; un seul acteur du thème à portée"
    )
    assert (results["LEADS"], results["LAUNCHABLE"]) == (2, 1)


def test_members_keep_their_fields_and_learn_their_lead(needs, actors):
    layer = run(needs, actors)["MEMBERS"]
    assert layer.fields().names() == [*needs.fields().names(), "theme", "personnes", "piste", "raison"]
    rows = by_uuid(layer)
    assert [rows[f"b{k}"]["piste"] for k in range(1, 8)] == [1, 1, 1, 2, 2, 2, NULL]
    assert rows["b1"]["raison"] == "Avec 2 autres besoins du même thème (piste n° 1)"
    assert rows["b7"]["raison"] == "Aucun autre besoin de ce thème à moins de 5 km"
    assert rows["b6"]["personnes"] == NULL


def test_without_actors_the_context_is_unknown_not_bad(needs):
    feedback = QgsProcessingFeedback(False)
    leads = rows_of(run(needs, feedback=feedback)["OUTPUT"])
    assert {lead["contexte"] for lead in leads} == {"inconnu"}
    assert leads[0]["manque"] == "contexte inconnu"
    assert "No actors were given" in feedback.textLog()


def test_sites_and_surveyed_communes_are_looked_at(needs, memory_layer):
    far = memory_layer(ACTORS, [(point(300000), "Loin", "move", "", False)])
    sites = memory_layer(SITES, [(point(500), "Salle des fêtes", True)])
    square = f"POLYGON(({X} {Y}, {X + 9} {Y}, {X + 9} {Y + 9}, {X} {Y}))"
    places = memory_layer(PLACES, [(square, "92001", "2026-03-01"), (square, "92002", NULL), (square, "92003", NULL)])
    move, feed = sorted(
        rows_of(run(needs, far, SITES=sites, TERRITORIES=places)["OUTPUT"]), key=lambda row: -row["personnes"]
    )
    assert (move["contexte"], move["appuis"], move["recensees"]) == (
        "favorable",
        "1 lieu disponible (Salle des fêtes)",
        1,
    )
    assert (feed["contexte"], feed["recensees"]) == ("inconnu", 0)


def test_a_warning_says_what_must_not_leave_the_house(needs, actors):
    feedback = QgsProcessingFeedback(False)
    run(needs, actors, feedback, MIN_PEOPLE=5)
    assert "0 of 2 leads rest on fewer than 11 people" in feedback.textLog()
    assert "pass it through “publish”" in feedback.textLog()


def test_unknown_negative_and_zero_counts_are_named(memory_layer, actors):
    feedback = QgsProcessingFeedback(False)
    more = [
        (point(100), "n", "move", -3, NULL, "92001", NULL),
        (point(200), "z", "move", 0, 1, NULL, NULL),
        (point(300), "t", NULL, 4, 1, "92001", NULL),
    ]
    run(memory_layer(NEEDS, [*ROWS, *more]), actors, feedback)
    for sentence in (
        "Needs without a known count, adding nobody: 1 (features 6)",
        "Needs with a negative count, taken as unknown: 1 (features 8)",
        "Needs of nobody, in no lead: 1 (features 9)",
        "Needs without a theme, in no lead: 1 (features 10)",
        "Needs without a territory, adding none: 1 (features 9)",
        "Needs without a known number of people willing: 2",
    ):
        assert sentence in feedback.textLog()


def test_polygons_degrees_and_several_themes_are_read(memory_layer, needs, actors):
    parameters = {"INPUT": needs, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    degrees = processing.run("native:reprojectlayer", parameters)["OUTPUT"]
    there = run(degrees, actors)["OUTPUT"]
    assert there.crs().authid() == "EPSG:4326"
    assert [row["manque"] for row in rows_of(there)] == [row["manque"] for row in rows_of(run(needs, actors)["OUTPUT"])]
    surfaces = processing.run("native:buffer", {"INPUT": needs, "DISTANCE": 100, "OUTPUT": "memory:"})["OUTPUT"]
    assert rows_of(run(surfaces, actors)["OUTPUT"])[0]["personnes"] == 35
    both = memory_layer(NEEDS, [(*row[:2], "move|feed", *row[3:]) for row in ROWS[:3]])
    assert run(both, actors)["MEMBERS"].featureCount() == 6


def test_shuffled_rows_give_the_same_leads(memory_layer, needs, actors):
    backwards = run(memory_layer(NEEDS, ROWS[::-1]), actors)
    straight = run(needs, actors)
    assert rows_of(backwards["OUTPUT"]) == rows_of(straight["OUTPUT"])
    assert by_uuid(backwards["MEMBERS"]) == by_uuid(straight["MEMBERS"])


def test_an_empty_layer_gives_empty_layers_and_a_sentence(memory_layer, actors):
    feedback = QgsProcessingFeedback(False)
    results = run(memory_layer(NEEDS, [], "besoins"), actors, feedback)
    assert [results[name].featureCount() for name in ("OUTPUT", "MEMBERS")] == [0, 0]
    assert "besoins: no feature to work on" in feedback.textLog()


def test_layers_without_any_of_the_fields_are_read(memory_layer):
    feedback = QgsProcessingFeedback(False)
    layer = memory_layer("Point?crs=EPSG:2154", [(point(100 * k),) for k in range(4)], "points")
    actors = memory_layer("Point?crs=EPSG:2154", [(point(100),), (point(200),)], "gens")
    lead = rows_of(run(layer, actors, feedback, MIN_PEOPLE=4)["OUTPUT"])[0]
    assert (lead["personnes"], lead["contexte"], lead["theme"]) == (4, "favorable", "")
    assert lead["manque"] == "commune inconnue ; on ne sait pas si quelqu'un se propose"
    assert "points has no field nb_volontaires" in feedback.textLog()


def test_a_named_field_that_the_layer_lacks_is_refused(needs):
    with pytest.raises(QgsProcessingException, match="no field pret"):
        run(needs, VOLUNTEERS_FIELD="pret")


def test_a_distance_of_nothing_is_refused(needs):
    with pytest.raises(QgsProcessingException, match="The distance is 0"):
        run(needs, DISTANCE=0)


def test_members_are_written_only_when_asked_for(needs):
    assert "MEMBERS" not in processing.run(ALGORITHM, {"NEEDS": needs, "OUTPUT": "memory:"})


def test_a_cancelled_run_leaves_nothing_behind(needs, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(needs, None, feedback, OUTPUT=str(tmp_path / "sortie.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_the_report_has_leads_balance_and_charts(needs, actors, tmp_path):
    path = tmp_path / "rapport.html"
    run(needs, actors, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "Se déplacer" in text
    assert text.count("data:image/svg+xml") == 2
    assert "DBSCAN" in text
    assert "publish" in text


def test_results_are_styled_with_french_aliases_and_every_row_is_drawn(needs, actors):
    from tisserand.layers.result_looks.leads import LEAD_ALIASES, MEMBER_ALIASES

    context = QgsProcessingContext()
    shown = {
        name: QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance()) for name in ("OUTPUT", "MEMBERS")
    }
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run({"NEEDS": needs, "ACTORS": actors, **shown}, context, QgsProcessingFeedback(False))
    assert done
    for name, aliases in (("OUTPUT", LEAD_ALIASES), ("MEMBERS", MEMBER_ALIASES)):
        layer = context.getMapLayer(results[name])
        details = context.layerToLoadOnCompletionDetails(results[name])
        details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases
        drawn = []
        for rule in layer.renderer().rootRule().children():
            request = QgsFeatureRequest().setFilterExpression(rule.filterExpression())
            drawn += [feature.id() for feature in layer.getFeatures(request)]
        assert sorted(drawn) == sorted(feature.id() for feature in layer.getFeatures())


def test_qgis_process_runs_it_by_its_id_and_ends_well(needs, tmp_path, qgis_process):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    source, output = tmp_path / "besoins.gpkg", tmp_path / "pistes.gpkg"
    QgsVectorFileWriter.writeAsVectorFormatV3(needs, str(source), QgsCoordinateTransformContext(), options)
    done = qgis_process("--json", "run", ALGORITHM, "--", f"NEEDS={source}", "MIN_PEOPLE=10", f"OUTPUT={output}")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["LEADS"], results["LAUNCHABLE"]) == (2, 0)
    assert QgsVectorLayer(str(output), "r", "ogr").featureCount() == 2
