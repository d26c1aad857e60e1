"""The quality of records in a real QGIS: one row an actor of a workspace, and what to correct."""

import json
from datetime import date

import pytest
from osgeo import ogr
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

from tisserand.layers import geopackage

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:checkquality"
DAY = date(2026, 6, 1)
GOOD = {
    "telephone": "0556000000",
    "adresse": "1 rue du Port",
    "commune": "Commune A1",
    "description": "x" * 300,
    "thematiques": "sante--acces-aux-soins",
    "publics": "tous-publics",
    "frais": "gratuit",
    "modes_accueil": "en-presentiel",
    "date_maj": DAY,
}


@pytest.fixture()
def store(make_store):
    """Return a workspace with a full record and its service, and one that says nothing."""
    path = make_store(
        [{"at": (0, 0), "nom": "Complet", **GOOD}, {"at": (1, 0), "nom": "Vide", "themes_vie": None, "date_maj": None}]
    )
    actor = next(row["uuid"] for row in geopackage.read_rows(path, "acteur") if row["nom"] == "Complet")
    service = {"uuid": actor[:-1] + "0", "acteur_uuid": actor, "nom": "Atelier", "modes_mobilisation": "telephoner"}
    geopackage.write_rows(path, {"service": [{**service, "date_maj": DAY}]})
    return path


def run(store, feedback=None, **parameters):
    parameters = {"STORE": str(store), "DATE": "2026-06-15", "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def by_name(layer):
    return {feature["nom"]: feature for feature in layer.getFeatures()}


def test_each_actor_has_its_ten_criteria_its_score_and_its_advice(store):
    layer = run(store)["OUTPUT"]
    assert layer.fields().count() == 3 + 10 + 2 + 3
    rows = by_name(layer)
    assert (rows["Complet"]["score"], rows["Complet"]["a_corriger"]) == (1.0, "")
    assert rows["Complet"]["courriel_bien_defini"] == NULL
    assert rows["Vide"]["score"] == 0.0
    assert rows["Vide"]["a_corriger"].startswith("donner un téléphone ou un courriel ; ")


def test_points_stand_where_the_actors_do(store):
    places = {row["nom"]: ogr.CreateGeometryFromWkb(row["geom"]) for row in geopackage.read_rows(store, "acteur")}
    layer = run(store)["OUTPUT"]
    assert layer.crs().authid() == "EPSG:2154"
    for name, feature in by_name(layer).items():
        point = feature.geometry().asPoint()
        assert (point.x(), point.y()) == (places[name].GetX(), places[name].GetY())


def test_an_actor_without_a_place_still_has_its_row(make_store):
    store = make_store([{"at": (0, 0), "nom": "Ici"}])
    row = {"uuid": "0" * 36, "nom": "Nulle part", "diffusion": "public"}
    geopackage.write_rows(store, {"acteur": [row]})
    assert by_name(run(store)["OUTPUT"]).keys() == {"Ici", "Nulle part"}
    assert by_name(run(store)["OUTPUT"])["Nulle part"].geometry().isNull()


def test_a_position_that_is_missing_or_in_another_commune_is_told_first_of_all(make_store):
    store = make_store(
        [
            {"at": (0, 0), "nom": "Ici", **GOOD, "revoir_avant": date(2026, 6, 15)},
            {"at": (0, 0), "nom": "Ailleurs", **GOOD, "code_insee": "92021"},
            {"at": (0, 0), "nom": "Inconnu", **GOOD, "code_insee": "99999"},
            {"at": (0, 0), "nom": "Sans code", **GOOD, "code_insee": None},
            {"at": (0, 0), "nom": "Nulle part", **GOOD, "geom": None, "revoir_avant": date(2026, 6, 14)},
        ]
    )
    rows = by_name(run(store)["OUTPUT"])
    flags = {
        name: tuple(row[field] for field in ("perime", "a_localiser", "hors_commune")) for name, row in rows.items()
    }
    assert flags == {
        "Ici": (False, False, False),
        "Ailleurs": (NULL, False, True),
        "Inconnu": (NULL, False, True),
        "Sans code": (NULL, False, False),
        "Nulle part": (True, True, False),
    }
    assert rows["Ailleurs"]["a_corriger"].startswith("vérifier la position ou le code INSEE")
    assert rows["Inconnu"]["a_corriger"].startswith("vérifier le code INSEE : aucune commune")
    first, second = rows["Nulle part"]["a_corriger"].split(" ; ")[:2]
    assert (first, second) == ("placer l'acteur sur la carte", "revoir la fiche, attendue avant le 14/06/2026")


def test_withdrawn_actors_and_services_are_left_out(store):
    service = geopackage.read_rows(store, "service")[0]["uuid"]
    actors = {row["nom"]: row["uuid"] for row in geopackage.read_rows(store, "acteur")}
    gone = {"supprime_le": "2026-06-02T10:00:00Z"}
    geopackage.write_changes(
        store, {}, {"service": [{"uuid": service, **gone}], "acteur": [{"uuid": actors["Vide"], **gone}]}
    )
    rows = by_name(run(store)["OUTPUT"])
    assert rows.keys() == {"Complet"}
    assert "dire dans un service comment y accéder" in rows["Complet"]["a_corriger"]


def test_an_empty_workspace_gives_an_empty_layer_and_a_sentence(make_store):
    feedback = QgsProcessingFeedback(False)
    assert run(make_store(), feedback)["OUTPUT"].featureCount() == 0
    assert "no feature to work on" in feedback.textLog()


def test_a_file_that_is_no_workspace_is_refused_with_the_cure(tmp_path):
    path = tmp_path / "autre.gpkg"
    path.write_text("rien", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="not a Tisserand workspace"):
        run(path)


def test_the_workspace_itself_is_left_as_it_was(store):
    before = store.read_bytes()
    run(store)
    assert store.read_bytes() == before


def test_the_report_tells_the_poorest_records_first(store, tmp_path):
    path = tmp_path / "rapport.html"
    run(store, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert text.index("Vide") < text.index("Complet")
    assert "Au moins un moyen de contact" in text


def test_the_result_is_styled_with_french_aliases(store):
    from tisserand.layers.result_looks.quality import ALIASES

    context = QgsProcessingContext()
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    output = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    results, done = algorithm.run({"STORE": str(store), "OUTPUT": output}, context, QgsProcessingFeedback(False))
    assert done
    layer = context.getMapLayer(results["OUTPUT"])
    details = context.layerToLoadOnCompletionDetails(results["OUTPUT"])
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
    assert {field.name(): field.alias() for field in layer.fields()} == ALIASES
    rules = layer.renderer().rootRule().children()
    drawn = [sum(1 for _ in layer.getFeatures(rule.filterExpression())) for rule in rules]
    assert sum(drawn) == layer.featureCount()
    assert str(store) in layer.metadata().abstract()


def test_qgis_process_runs_it_by_its_id_and_ends_well(store, tmp_path, qgis_process):
    output = tmp_path / "qualite.gpkg"
    done = qgis_process("--json", "run", ALGORITHM, "--", f"STORE={store}", f"OUTPUT={output}")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["results"]) == {"OUTPUT"}
    assert QgsVectorLayer(str(output), "qualite", "ogr").featureCount() == 2
