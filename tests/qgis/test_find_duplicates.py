"""Possible duplicates in a real QGIS, on layers of all kinds and on real files of one Département."""

import json
import os
from pathlib import Path

import geopandas
import pandas as pd
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
DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
ALGORITHM = "tisserand:findduplicates"
ACTORS = "Point?crs=EPSG:2154&field=uuid:string&field=nom:string&field=siret:string&field=code_postal:string"
X, Y = 650000, 6860000
SIRET = "12345678900012"


def point(east):
    return f"POINT({X + east} {Y})"


ROWS = [
    (point(0), "u1", "La Maison du Vélo", None, "92000"),
    (point(40), "u2", "Association Maison du vélo", None, "92000"),
    (point(60), "u3", "Café des familles", None, "92000"),
    (point(9000), "u4", "Alpha", SIRET, None),
    (point(20000), "u5", "Association Alpha", SIRET, None),
]
PAIRS = [("u4", "u5"), ("u1", "u2")]


@pytest.fixture()
def actors(memory_layer):
    return memory_layer(ACTORS, ROWS, "acteurs")


def run(actors, feedback=None, **parameters):
    parameters = {"ACTORS": actors, "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def pairs(layer):
    return [(feature["de"], feature["vers"]) for feature in layer.getFeatures()]


def test_the_certain_pair_comes_first_and_each_says_why(actors):
    layer = run(actors)["OUTPUT"]
    assert pairs(layer) == PAIRS
    certain, likely = layer.getFeatures()
    assert certain["score"] == 1.0
    assert certain["raison"].startswith(f"Même SIRET {SIRET}")
    assert likely["raison"] == "Même nom « La Maison du Vélo » ; à 40 m ; même code postal 92000"
    assert likely.geometry().length() == pytest.approx(40)


def test_shuffled_rows_give_the_same_pairs(actors, memory_layer):
    assert pairs(run(memory_layer(ACTORS, ROWS[::-1]))["OUTPUT"]) == PAIRS


def test_degrees_give_the_same_pairs(actors):
    parameters = {"INPUT": actors, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    degrees = processing.run("native:reprojectlayer", parameters)["OUTPUT"]
    layer = run(degrees)["OUTPUT"]
    assert pairs(layer) == PAIRS
    assert layer.crs().authid() == "EPSG:4326"


def test_an_empty_layer_gives_an_empty_layer_and_a_sentence(memory_layer):
    feedback = QgsProcessingFeedback(False)
    assert run(memory_layer(ACTORS, [], "acteurs"), feedback)["OUTPUT"].featureCount() == 0
    assert "acteurs: no feature to work on" in feedback.textLog()


def test_nulls_and_missing_places_are_counted_and_named(memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = [(point(0), NULL, NULL, NULL, NULL), (point(0), NULL, NULL, SIRET, NULL), (None, "u", "Sans lieu", "", "")]
    assert pairs(run(memory_layer(ACTORS, rows, "acteurs"), feedback)["OUTPUT"]) == []
    assert "acteurs: 1 without a geometry, left out (features 3)" in feedback.textLog()
    assert "Actors without a name, compared by SIRET alone: 2 (features 1, 2)" in feedback.textLog()


def test_missing_fields_are_reported_and_done_without(memory_layer):
    feedback = QgsProcessingFeedback(False)
    layer = memory_layer("Point?crs=EPSG:2154&field=nom:string", [(point(0), "Vélo"), (point(1), "vélo")], "points")
    assert pairs(run(layer, feedback)["OUTPUT"]) == [("1", "2")]
    assert "points has no field siret (SIRET_FIELD)" in feedback.textLog()


def test_a_number_in_place_of_a_text_is_read(memory_layer):
    layer = memory_layer(
        "Point?crs=EPSG:2154&field=uuid:integer&field=nom:string&field=siret:int8",
        [(point(0), 7, "Alpha", int(SIRET)), (point(9000), 8, "Oméga", int(SIRET))],
    )
    assert pairs(run(layer)["OUTPUT"]) == [("7", "8")]


def lines(layer):
    return [
        tuple(None if value == NULL else value for value in feature.attributes()) for feature in layer.getFeatures()
    ]


def test_what_certain_pairs_join_is_proposed_as_one_merge_field_by_field(memory_layer):
    more = ACTORS + "&field=themes_vie:string&field=contact_publiable:bool&field=date_maj:date"
    rows = [
        (point(0), "u1", "La Bobine", SIRET, "92000", "feed", True, QDate(2026, 1, 1)),
        (point(40), "u2", "Ressourcerie La Bobine", SIRET, NULL, "move", False, QDate(2025, 1, 1)),
        (point(70), "u3", "La Bobine", SIRET, "92100", NULL, NULL, NULL),
        (point(80), "u9", "La Bobine", NULL, "92100", NULL, NULL, NULL),
    ]
    layer = run(memory_layer(more, rows), PROPOSALS="memory:")["PROPOSALS"]
    found = lines(layer)
    assert {line[:3] for line in found} == {(1, "u1", "u2"), (1, "u1", "u3")}
    told = {(line[2], line[3]): line[4:] for line in found}
    assert told["u2", "nom"] == ("La Bobine", "u1", "Ressourcerie La Bobine", True)
    assert told["u3", "nom"] == ("La Bobine", "u1", "La Bobine", False)
    assert told["u2", "themes_vie"] == ("feed|move", "", "move", False)
    assert told["u2", "contact_publiable"][0] == "non"
    assert told["u3", "code_postal"] == ("92000", "u1", "92100", True)
    assert not layer.isSpatial()


def test_rows_of_one_identifier_are_named_and_not_proposed(memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = [(point(0), "u1", "Alpha", None, None), (point(5), "u1", "Alpha", None, None)]
    result = run(memory_layer(ACTORS, rows), feedback, PROPOSALS="memory:")
    assert pairs(result["OUTPUT"]) == [("u1", "u1")]
    assert result["PROPOSALS"].featureCount() == 0
    assert "Identifiers of several rows, for which nothing is proposed: 1 (u1)" in feedback.textLog()


def test_rows_that_were_withdrawn_are_left_out(memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = [(*row, "2026-01-01T00:00:00Z" if row[1] == "u2" else None) for row in ROWS]
    layer = memory_layer(ACTORS + "&field=supprime_le:string", rows, "acteurs")
    assert pairs(run(layer, feedback)["OUTPUT"]) == [("u4", "u5")]
    assert "acteurs: 1 withdrawn or replaced, left out" in feedback.textLog()


@pytest.mark.parametrize(("name", "value"), [("DISTANCE", 0), ("THRESHOLD", 0), ("THRESHOLD", 2)])
def test_parameters_that_mean_nothing_are_refused(actors, name, value):
    with pytest.raises(QgsProcessingException, match="give one above 0"):
        run(actors, **{name: value})


def test_a_cancelled_run_leaves_nothing_behind(actors, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(actors, feedback, OUTPUT=str(tmp_path / "sortie.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_the_report_holds_the_pairs_with_what_people_wrote_escaped(memory_layer, tmp_path):
    path = tmp_path / "rapport.html"
    rows = [(place, uuid, "<b>Ici</b>", siret, code) for place, uuid, _, siret, code in ROWS]
    run(memory_layer(ACTORS, rows), REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "&lt;b&gt;Ici" in text
    assert "<b>Ici" not in text


def test_the_result_is_styled_with_french_aliases(actors):
    from tisserand.layers.result_looks.duplicates import ALIASES

    context = QgsProcessingContext()
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    output = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    results, done = algorithm.run({"ACTORS": actors, "OUTPUT": output}, context, QgsProcessingFeedback(False))
    assert done
    layer = context.getMapLayer(results["OUTPUT"])
    details = context.layerToLoadOnCompletionDetails(results["OUTPUT"])
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
    assert {field.name(): field.alias() for field in layer.fields()} == ALIASES
    assert "Distance (m): 500" in layer.metadata().abstract()


def test_qgis_process_runs_it_by_its_id_and_ends_well(make_store, tmp_path, qgis_process):
    store = make_store([{"at": (0, 0), "nom": name, "siret": SIRET} for name in ("Alpha", "Association Alpha")])
    output = tmp_path / "doublons.gpkg"
    done = qgis_process("--json", "run", ALGORITHM, "--", f"ACTORS={store}|layername=acteur", f"OUTPUT={output}")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["results"]) == {"OUTPUT"}
    (pair,) = QgsVectorLayer(str(output), "doublons", "ogr").getFeatures()
    assert (pair["nom_de"], pair["nom_vers"], pair["score"]) in {
        ("Alpha", "Association Alpha", 1.0),
        ("Association Alpha", "Alpha", 1.0),
    }


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data of the Gironde are not beside the checkout")
def test_a_second_file_of_the_same_places_is_recognised(tmp_path):
    # What another producer would make of the town halls: in capitals, without articles, thirty metres away.
    halls = pd.read_csv(DATA / "actors/mairies_33.csv", dtype=str, keep_default_na=False)
    columns = {name.lower(): name for name in halls.columns}
    lon, lat = (
        next(columns[name] for name in names if name in columns)
        for names in (("lon", "longitude"), ("lat", "latitude"))
    )
    name = next(columns[word] for word in ("nom", "commune_nom", "nom_commune", "commune") if word in columns)
    places = geopandas.GeoSeries(geopandas.points_from_xy(halls[lon], halls[lat]), crs=4326).to_crs(2154)
    ours = geopandas.GeoDataFrame(
        {"uuid": "a" + halls.index.astype(str), "nom": "Mairie de " + halls[name]}, geometry=places
    )
    theirs = ours.assign(uuid="b" + halls.index.astype(str), nom="MAIRIE " + halls[name].str.upper())
    theirs = theirs.set_geometry(places.translate(30, 0))
    path = tmp_path / "mairies.gpkg"
    pd.concat([ours, theirs]).to_file(path, engine="fiona")
    found = set(pairs(run(str(path))["OUTPUT"]))
    assert found == {(f"a{k}", f"b{k}") for k in halls.index}
