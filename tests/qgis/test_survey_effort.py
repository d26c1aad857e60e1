"""The survey effort in a real QGIS: from layers of any kind, and from a workspace."""

import json
from datetime import date

import pytest
from qgis import processing
from qgis.core import (
    NULL,
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:surveyeffort"
TERRITORIES = "Polygon?crs=EPSG:2154&field=code:string&field=nom:string&field=recense_le:date"
ACTORS = "Point?crs=EPSG:2154&field=uuid:string&field=statut_recensement:string&field=date_maj:date"
VISITS = "NoGeometry?field=acteur_uuid:string&field=date_visite:date&field=nature:string"
RECENT, OLD = QDate(2026, 3, 1), QDate(2021, 3, 1)
RESULT = ["recense", "contacte", "visite", "perime", "classe"]
X, Y = 650000, 6860000


def square(k):
    west, east = X + 1000 * k, X + 1000 * (k + 1)
    return f"POLYGON(({west} {Y}, {east} {Y}, {east} {Y + 1000}, {west} {Y + 1000}, {west} {Y}))"


def point(k):
    return f"POINT({X + 1000 * k + 500} {Y + 500})"


@pytest.fixture()
def territories(memory_layer):
    rows = [(square(0), "1", "Avant", RECENT), (square(1), "2", "Bourg", None), (square(2), "3", "Clos", RECENT)]
    return memory_layer(TERRITORIES, rows, "territoires")


@pytest.fixture()
def actors(memory_layer):
    rows = [
        (point(0), "u1", "visite", RECENT),
        (point(0), "u2", "repere", OLD),
        (point(0), "u3", "ferme", RECENT),
        (point(1), "u4", "repere", RECENT),
    ]
    return memory_layer(ACTORS, rows, "acteurs")


@pytest.fixture()
def visits(memory_layer):
    return memory_layer(VISITS, [(None, "u2", RECENT, "appel"), (None, "u4", RECENT, "visite")], "visites")


def run(territories, actors, feedback=None, **parameters):
    parameters = {"TERRITORIES": territories, "ACTORS": actors, "DATE": "2026-06-15", "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def counts(layer):
    return {feature["nom"]: tuple(feature[name] for name in RESULT) for feature in layer.getFeatures()}


def test_territories_keep_their_fields_and_learn_their_counts(territories, actors):
    layer = run(territories, actors)["OUTPUT"]
    assert layer.fields().names() == [*territories.fields().names(), *RESULT]
    assert counts(layer) == {
        "Avant": (2, 1, 1, 1, "partiel"),
        "Bourg": (1, 0, 0, 0, "jamais"),
        "Clos": (0, 0, 0, 0, "a_jour"),
    }


def test_visits_in_a_table_without_geometry_are_counted(territories, actors, visits):
    found = counts(run(territories, actors, VISITS=visits)["OUTPUT"])
    assert found["Avant"] == (2, 2, 1, 1, "a_jour")
    assert found["Bourg"] == (1, 1, 1, 0, "partiel")


def test_degrees_give_the_same_counts(territories, actors, visits):
    degrees = [
        processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"})
        for layer in (territories, actors)
    ]
    there = run(*(result["OUTPUT"] for result in degrees), VISITS=visits)["OUTPUT"]
    assert counts(there) == counts(run(territories, actors, VISITS=visits)["OUTPUT"])
    assert there.crs().authid() == "EPSG:4326"


def test_a_day_written_as_text_counts_and_what_is_no_day_is_reported(territories, memory_layer):
    text = memory_layer(
        ACTORS.replace("date_maj:date", "date_maj:string"),
        [(point(0), "u1", "visite", "2026-03-01"), (point(0), "u2", "visite", "hier")],
    )
    feedback = QgsProcessingFeedback(False)
    assert counts(run(territories, text, feedback)["OUTPUT"])["Avant"] == (2, 2, 2, 1, "a_jour")
    assert "1 values of date_maj are no date, taken as unknown (hier)" in feedback.textLog()
    assert "Actors without any date, taken as stale: 1 (u2)" in feedback.textLog()


@pytest.mark.parametrize("empty", ["territories", "actors", "both"])
def test_empty_layers_end_well_with_a_sentence(territories, actors, memory_layer, empty):
    feedback = QgsProcessingFeedback(False)
    places = memory_layer(TERRITORIES, [], "territoires") if empty != "actors" else territories
    people = memory_layer(ACTORS.replace("2154", "4326"), [], "acteurs") if empty != "territories" else actors
    layer = run(places, people, feedback)["OUTPUT"]
    assert layer.featureCount() == places.featureCount()
    assert "no feature to work on" in feedback.textLog()


def test_missing_fields_are_reported_and_done_without(territories, memory_layer):
    feedback = QgsProcessingFeedback(False)
    bare = memory_layer("Point?crs=EPSG:2154", [(point(1),), (None,)], "points")
    assert counts(run(territories, bare, feedback)["OUTPUT"])["Bourg"] == (1, 0, 0, 1, "jamais")
    assert "points has no field uuid (ID_FIELD)" in feedback.textLog()
    assert "1 without a geometry" in feedback.textLog()


def test_nulls_everywhere_are_counted(territories, memory_layer):
    people = memory_layer(ACTORS, [(point(1), NULL, NULL, NULL)] * 2)
    nobody = memory_layer(VISITS, [(None, NULL, NULL, NULL)])
    assert counts(run(territories, people, VISITS=nobody)["OUTPUT"])["Bourg"] == (2, 0, 0, 2, "jamais")


def test_an_actor_outside_is_reported_by_its_identifier(territories, memory_layer):
    feedback = QgsProcessingFeedback(False)
    run(territories, memory_layer(ACTORS, [(point(9), "loin", "visite", RECENT)]), feedback)
    assert "Actors in no territory, not counted: 1 (loin)" in feedback.textLog()


def test_visits_that_do_not_say_whom_are_refused_with_the_cure(territories, actors, visits):
    with pytest.raises(QgsProcessingException, match="name the field of the actor"):
        run(territories, actors, VISITS=visits, VISIT_ACTOR_FIELD=None)


def test_a_day_that_is_none_is_refused_with_the_cure(territories, actors):
    with pytest.raises(QgsProcessingException, match="Write it as 2026-03-31"):
        run(territories, actors, DATE="15 juin")


def test_shuffled_rows_give_the_same_counts(territories, actors, visits, memory_layer):
    def turned(layer, uri):
        rows = [(feature.geometry().asWkt() or None, *feature.attributes()) for feature in layer.getFeatures()]
        return memory_layer(uri, rows[::-1])

    straight = counts(run(territories, actors, VISITS=visits)["OUTPUT"])
    again = run(turned(territories, TERRITORIES), turned(actors, ACTORS), VISITS=turned(visits, VISITS))
    assert counts(again["OUTPUT"]) == straight


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


@pytest.mark.parametrize("percent", [0, 40, 60, 80])
def test_a_cancelled_run_leaves_nothing_behind(territories, actors, tmp_path, percent):
    feedback = Watching(percent)
    if not percent:
        feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(territories, actors, feedback, OUTPUT=str(tmp_path / "effort.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_progress_only_grows(territories, actors):
    feedback = Watching()
    run(territories, actors, feedback)
    assert feedback.seen == sorted(feedback.seen)
    assert len(set(feedback.seen)) >= 3


def test_the_report_charts_the_level_with_the_most_territories(memory_layer, actors, tmp_path):
    path = tmp_path / "rapport.html"
    rows = [(square(k), str(k), name, None, level) for k, name, level in ((0, "Avant", "c"), (1, "Bourg", "c"))]
    rows.append((square(0), "9", "Canton", None, "canton"))
    layer = memory_layer(TERRITORIES + "&field=niveau:string", rows)
    run(layer, actors, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert text.count("<figure>") == 2
    assert "Bourg : not contacted 1, contacted, not visited 0, visited 0" in text
    assert "Canton : not contacted" not in text


def test_the_report_counts_the_classes_and_names_the_territories(territories, actors, tmp_path):
    path = tmp_path / "rapport.html"
    run(territories, actors, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "Pas encore recensé" in text
    assert "Bourg" in text
    assert "2026-06-15" in text


def test_the_result_is_styled_with_french_aliases_and_each_class_has_its_look(territories, actors):
    from tisserand.layers.result_looks.survey import ALIASES

    context = QgsProcessingContext()
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    output = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    parameters = {"TERRITORIES": territories, "ACTORS": actors, "DATE": "2026-06-15", "OUTPUT": output}
    results, done = algorithm.run(parameters, context, QgsProcessingFeedback(False))
    assert done
    layer = context.getMapLayer(results["OUTPUT"])
    details = context.layerToLoadOnCompletionDetails(results["OUTPUT"])
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
    assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == ALIASES
    rules = layer.renderer().rootRule().children()
    seen = {
        feature["nom"]: [
            rule.label()
            for rule in rules
            if layer.getFeatures(rule.filterExpression()).isValid()
            and feature.id() in {found.id() for found in layer.getFeatures(rule.filterExpression())}
        ]
        for feature in layer.getFeatures()
    }
    assert seen == {
        "Avant": ["Contacté : une partie au moins des acteurs"],
        "Bourg": ["Repéré : des acteurs connus, aucun contacté"],
        "Clos": ["Recensé : aucun acteur"],
    }
    assert "As of (YYYY-MM-DD; empty: today): 2026-06-15" in layer.metadata().abstract()


def test_every_outcome_has_one_look_and_the_steps_darken_in_grey(memory_layer):
    from tisserand.layers.result_looks.survey import style_effort

    fields = "".join(f"&field={name}:integer" for name in RESULT[:4]) + "&field=classe:string"
    outcomes = {
        (0, 0, 0, 0, "jamais"): "Non recensé",
        (2, 0, 0, 0, "jamais"): "Repéré",
        (2, 0, 0, 0, "partiel"): "Repéré",
        (2, 1, 0, 0, "partiel"): "Contacté",
        (2, 2, 1, 0, "a_jour"): "Contacté",
        (2, 2, 2, 0, "a_jour"): "Visité",
        (2, 2, 2, 1, "partiel"): "Visité",
        (0, 0, 0, 0, "a_jour"): "Recensé",
        (0, 0, 0, 0, "partiel"): "Recensé",
        (0, 0, 0, 0, "perime"): "Périmé",
        (2, 2, 2, 2, "perime"): "Périmé",
    }
    layer = memory_layer(f"Polygon?crs=EPSG:2154{fields}", [(square(k), *row) for k, row in enumerate(outcomes)])
    style_effort(layer)
    rules = layer.renderer().rootRule().children()
    seen = {}
    for rule in rules:
        for feature in layer.getFeatures(rule.filterExpression()):
            seen.setdefault(tuple(feature.attributes()), []).append(rule.label().split(" :")[0])
    assert seen == {row: [label] for row, label in outcomes.items()}
    steps = {rule.label().split(" :")[0]: rule.symbol().color().lightness() for rule in rules}
    assert steps["Repéré"] > steps["Contacté"] > steps["Visité"]


def test_what_no_longer_holds_is_left_out(memory_layer):
    gone = "2026-02-01"
    places = [(square(0), "1", "Avant", RECENT, None), (square(0), "1", "Jadis", RECENT, gone)]
    people = [(point(0), "u1", "repere", RECENT, None), (point(0), "u2", "visite", RECENT, gone)]
    met = [(None, "u1", RECENT, "visite", gone)]
    layer = run(
        memory_layer(TERRITORIES + "&field=remplace_le:string", places, "territoires"),
        memory_layer(ACTORS + "&field=supprime_le:string", people, "acteurs"),
        VISITS=memory_layer(VISITS + "&field=supprime_le:string", met),
    )["OUTPUT"]
    assert counts(layer) == {"Avant": (1, 0, 0, 0, "partiel")}


def test_qgis_process_surveys_a_workspace(make_store, tmp_path, qgis_process):
    store = make_store(
        [
            {"at": (0, 0), "statut_recensement": "visite", "date_visite": date(2026, 2, 1)},
            {"at": (2, 1), "statut_recensement": "repere", "date_maj": date(2026, 2, 1)},
            {"at": (1, 0), "type_initiative": "mairie"},
        ]
    )
    output = tmp_path / "effort.gpkg"
    layers = {"TERRITORIES": "territoire", "ACTORS": "acteur", "VISITS": "visite"}
    words = [f"{name}={store}|layername={table}" for name, table in layers.items()]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words, "DATE=2026-06-15", f"OUTPUT={output}")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["results"]) == {"OUTPUT"}
    layer = QgsVectorLayer(str(output), "effort", "ogr")
    communes = {row["nom"]: (row["recense"], row["classe"]) for row in layer.getFeatures("\"niveau\" = 'commune'")}
    assert communes == {
        "Commune A1": (1, "a_jour"),
        "Commune A2": (0, "a_jour"),
        "Commune B1": (0, "a_jour"),
        "Commune B2": (0, "a_jour"),
        "Commune C1": (0, "a_jour"),
        "Commune C2": (1, "jamais"),
    }
