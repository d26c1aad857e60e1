"""The search for new locations in a real QGIS: layers of all kinds in, sites with their reasons out."""

import json

import numpy as np
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
ALGORITHM = "tisserand:newlocations"
DEMAND = "Point?crs=EPSG:2154&field=libelle:string&field=theme:string&field=non_couvert:double"
ACTORS = "Point?crs=EPSG:2154&field=nom:string"
X, Y = 650000, 6860000
SITE = ["nom", "rang", "gain", "cumul", "frequence", "frequence_exacte", "solidite", "remplacant", "perte"]
SITE += ["personnes", "lieux", "existant", "existant_min", "raison"]
COVERED = ["couvert_par", "rang_site", "minutes", "a_portee", "situation", "personnes", "couverts"]
# A minute is a kilometre, so that 10 minutes are 10 km.
PACE = {"SPEED": 60.0, "DETOUR": 1.0, "REACH": 10.0}


def point(east, north=0):
    return f"POINT({X + 1000 * east} {Y + 1000 * north})"


ROWS = [
    (point(0), "Bourg", "feed", 40.0),
    (point(4), "Hameau", "feed", 10.0),
    (point(4), "Hameau", "move", 6.0),
    (point(30), "Ville", "move", 30.0),
    (point(34), "Faubourg", "feed", 5.0),
    (point(90), "Lointain", "feed", 2.0),
]


@pytest.fixture()
def demand(memory_layer):
    return memory_layer(DEMAND, ROWS, "besoins")


@pytest.fixture()
def actors(memory_layer):
    return memory_layer(ACTORS, [(point(2), "Relais du Bourg")], "acteurs")


@pytest.fixture()
def many(memory_layer):
    random = np.random.default_rng(1)
    rows = [
        (point(*at), f"Lieu {k}", "feed", float(people))
        for k, (at, people) in enumerate(zip(random.uniform(0, 60, (150, 2)), random.integers(0, 90, 150)))
    ]
    return memory_layer(DEMAND, rows, "besoins")


def run(demand, feedback=None, **parameters):
    parameters = {"DEMAND": demand, "OUTPUT": "memory:", "COVERED": "memory:", **PACE, **parameters}
    parameters = {name: value for name, value in parameters.items() if value is not None}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


def by_name(layer, field="libelle"):
    return {row[field]: row for row in rows_of(layer)}


def said(demand, **parameters):
    feedback = QgsProcessingFeedback(False)
    run(demand, feedback, **parameters)
    return feedback.textLog()


def copied(layer, path):
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = layer.name()
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    error = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    assert error[0] == QgsVectorFileWriter.WriterError.NoError, error
    return f"{path}|layername={layer.name()}"


def test_sites_come_in_the_order_of_opening_with_their_gain_and_their_reasons(demand):
    results = run(demand, COUNT=2)
    layer = results["OUTPUT"]
    assert layer.fields().names() == SITE
    assert layer.wkbType() == QgsWkbTypes.Type.Point
    first, second = rows_of(layer)
    assert (first["rang"], first["gain"], first["cumul"], first["lieux"]) == (1, 56, 56, 2)
    assert (second["rang"], second["gain"], second["cumul"], second["lieux"]) == (2, 35, 91, 2)
    assert first["raison"].startswith("Met à portée 56 personnes : Bourg (40), Hameau (16)")
    assert (results["OBJECTIVE"], results["BOUND"], results["GAP_PERCENT"]) == (91, 91, 0)


def test_the_demand_keeps_its_fields_and_learns_who_covers_it(demand):
    layer = run(demand, COUNT=1)["COVERED"]
    assert layer.fields().names() == [*demand.fields().names(), *COVERED]
    rows = by_name(layer)
    assert (rows["Bourg"]["rang_site"], rows["Bourg"]["situation"], rows["Bourg"]["couverts"]) == (1, "site", 40)
    assert rows["Bourg"]["couvert_par"] in ("Bourg", "Hameau")
    assert (rows["Ville"]["couvert_par"], rows["Ville"]["situation"]) == (NULL, "non_retenu")


def test_one_theme_may_be_looked_at_alone_by_code_or_by_name(demand):
    assert run(demand, COUNT=1, THEME="move")["OBJECTIVE"] == 30
    assert run(demand, COUNT=1, THEME="Se déplacer")["OBJECTIVE"] == 30
    assert run(demand, COUNT=1, THEME="move|feed")["OBJECTIVE"] == 56
    assert run(demand, COUNT=1, THEME="move")["COVERED"].featureCount() == 2
    assert "2 themes are added up" in said(demand)
    assert "Themes asked for that no demand has: bouger" in said(demand, THEME="bouger")


def test_themes_without_a_field_of_themes_are_a_sentence(demand):
    with pytest.raises(QgsProcessingException, match="has no field of themes"):
        run(demand, THEME="move", THEME_FIELD="")


def test_people_not_covered_have_the_existing_actors_in_them_already(demand, actors):
    assert run(demand, COUNT=1, EXISTING=actors)["OBJECTIVE"] == 56
    assert "what they do is in the weight already" in said(demand, EXISTING=actors)
    covered = run(demand, COUNT=1, EXISTING=actors, EXISTING_RULE=1)
    assert covered["OBJECTIVE"] == 35
    assert by_name(covered["COVERED"])["Bourg"]["couvert_par"] == "Relais du Bourg"
    assert by_name(covered["COVERED"])["Bourg"]["situation"] == "acteur"


def test_with_another_weight_whoever_an_actor_reaches_is_covered(memory_layer, actors):
    rows = [(at, name, theme, int(people)) for at, name, theme, people in ROWS]
    needs = memory_layer(DEMAND.replace("non_couvert:double", "nb_situations:integer"), rows, "besoins")
    assert run(needs, COUNT=1, EXISTING=actors)["OBJECTIVE"] == 35
    assert run(needs, COUNT=1, EXISTING=actors, EXISTING_RULE=2)["OBJECTIVE"] == 56
    assert "counted by the field nb_situations" in said(needs)


def test_without_a_field_of_people_each_row_is_one_and_that_is_said(memory_layer):
    layer = memory_layer("Point?crs=EPSG:2154", [(point(0),), (point(1),), (point(50),)], "lieux")
    assert run(layer, COUNT=1)["OBJECTIVE"] == 2
    assert "each row counts as one" in said(layer)


def test_candidates_keep_their_own_fields_and_may_be_polygons(memory_layer, demand):
    x, y = X + 1000, Y
    square = f"POLYGON(({x} {y - 500},{x + 1000} {y - 500},{x + 1000} {y + 500},{x} {y + 500},{x} {y - 500}))"
    uri = "Polygon?crs=EPSG:2154&field=nom:string&field=code:string&field=gain:integer"
    pool = memory_layer(uri, [(square, "Mairie", "01", 7)], "mairies")
    results = run(demand, CANDIDATES=pool, COUNT=1)
    (row,) = rows_of(results["OUTPUT"])
    assert results["OUTPUT"].fields().names() == ["nom_2", "code", "gain_2", *SITE]
    assert (row["nom_2"], row["nom"], row["code"], row["gain_2"], row["gain"]) == ("Mairie", "Mairie", "01", 7, 56)
    assert row["remplacant"] == NULL


def test_the_p_median_counts_minutes_and_set_covering_counts_sites(demand):
    median = run(demand, MODEL=1, COUNT=2)
    assert median["OBJECTIVE"] == pytest.approx(16 * 4 + 5 * 4 + 2 * 60)
    assert rows_of(median["OUTPUT"])[0]["gain"] == NULL
    every = run(demand, MODEL=2)
    assert (every["OBJECTIVE"], every["BOUND"]) == (3, 3)
    assert {row["situation"] for row in rows_of(every["COVERED"])} == {"site"}


def test_a_site_takes_no_more_people_than_its_capacity(demand):
    results = run(demand, COUNT=2, CAPACITY=30)
    assert results["OBJECTIVE"] == 60
    assert results["BOUND"] == pytest.approx(60, abs=1e-4)
    assert max(row["personnes"] for row in rows_of(results["OUTPUT"])) <= 30 + 1e-6
    assert by_name(results["COVERED"])["Bourg"]["situation"] == "partiel"
    assert "counts with the model mclp alone" in said(demand, MODEL=2, CAPACITY=30)


def test_what_limits_the_answer_is_said(demand, memory_layer):
    far = memory_layer(ACTORS, [(point(0), "A"), (point(0), "B"), (point(31), "C")], "candidats")
    text = said(demand, CANDIDATES=far, COUNT=5)
    assert "2 sites come out instead of 5" in text
    assert "Only 2 candidates are of use for 5 sites" in text
    assert "Candidates at the place of another, taken as one: 1" in text
    assert "Out of reach of every candidate: 1 places with 2 people: Lointain (2)" in text


def test_shuffled_rows_and_a_second_run_give_the_same(memory_layer, many):
    rows = [(feature.geometry().asWkt(15), *feature.attributes()) for feature in many.getFeatures()]
    once, twice = (rows_of(run(many, COUNT=4)["OUTPUT"]) for _ in range(2))
    assert once == twice
    assert rows_of(run(memory_layer(DEMAND, rows[::-1], "besoins"), COUNT=4)["OUTPUT"]) == once


def test_degrees_give_the_same_sites_in_degrees(many):
    parameters = {"INPUT": many, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    degrees = processing.run("native:reprojectlayer", parameters)["OUTPUT"]
    one, other = run(many, COUNT=4), run(degrees, COUNT=4)
    assert [row["nom"] for row in rows_of(other["OUTPUT"])] == [row["nom"] for row in rows_of(one["OUTPUT"])]
    assert other["OUTPUT"].crs().authid() == "EPSG:4326"
    assert abs(next(other["OUTPUT"].getFeatures()).geometry().asPoint().y()) < 90


def test_an_empty_layer_gives_empty_layers_and_a_sentence(memory_layer):
    feedback = QgsProcessingFeedback(False)
    results = run(memory_layer(DEMAND, [], "besoins"), feedback)
    assert (results["OUTPUT"].featureCount(), results["COVERED"].featureCount()) == (0, 0)
    assert (results["OBJECTIVE"], results["BOUND"], results["GAP_PERCENT"]) == (0, 0, 0)
    assert "besoins: no feature to work on" in feedback.textLog()


def test_bad_numbers_and_lost_points_are_told_by_their_ids(memory_layer):
    rows = [(point(0), "A", "feed", -3.0), (point(50), "B", "feed", NULL), (None, "C", "feed", 9.0)]
    layer = memory_layer(DEMAND, rows, "besoins")
    text = said(layer, COUNT=2)
    assert "Demand with negative people, taken as unknown: 1 (features 1)" in text
    assert "Demand without known people, counted as one person: 2 (features 1, 2)" in text
    assert "1 without a geometry" in text
    assert run(layer, COUNT=2)["OBJECTIVE"] == 2


def test_nobody_to_cover_no_candidate_and_torn_polygons_are_sentences(memory_layer, demand):
    nobody = memory_layer(DEMAND, [(point(0), "A", "feed", 0.0)], "besoins")
    assert "Nobody is left to cover" in said(nobody)
    assert "There is no candidate" in said(demand, CANDIDATES=memory_layer(ACTORS, [], "candidats"))
    x, y = X, Y
    crossed = f"POLYGON(({x} {y},{x + 900} {y + 900},{x + 900} {y},{x} {y + 900},{x} {y}))"
    torn = memory_layer(DEMAND.replace("Point", "Polygon"), [(crossed, "Nœud", "feed", 3.0)], "communes")
    with pytest.raises(QgsProcessingException, match="has invalid geometry"):
        run(torn, COUNT=1)


def test_a_field_that_is_not_there_is_named(demand):
    with pytest.raises(QgsProcessingException, match="has no field habitants"):
        run(demand, WEIGHT_FIELD="habitants")


def test_ways_by_road_are_minutes_on_the_road(memory_layer, demand):
    road = f"LINESTRING({X} {Y},{X + 45000} {Y})"
    roads = memory_layer("LineString?crs=EPSG:2154", [(road,)], "routes")
    results = run(demand, ROADS=roads, COUNT=2)
    assert results["OBJECTIVE"] == 91
    assert by_name(results["COVERED"])["Lointain"]["situation"] == "hors_portee"
    assert run(demand, ROADS=roads, COUNT=2, MODEL=1)["OBJECTIVE"] == pytest.approx(16 * 4 + 5 * 4, rel=1e-6)


@pytest.mark.parametrize("model", [0, 1, 2])
@pytest.mark.parametrize("when", [0, 30, 70])
def test_a_cancelled_run_leaves_nothing_behind(many, tmp_path, model, when):
    class Impatient(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.progressChanged.connect(lambda share: self.cancel() if share >= when else None)
            if when == 0:
                self.cancel()

    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(many, Impatient(), MODEL=model, OUTPUT=str(tmp_path / "sites.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_results_shown_in_a_project_are_styled_with_a_french_name_for_every_field(demand):
    from tisserand.layers.result_looks.locations import DEMAND_ALIASES, SITE_ALIASES

    context = QgsProcessingContext()
    parameters = {"DEMAND": demand, **PACE}
    for name in ("OUTPUT", "COVERED"):
        parameters[name] = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run(parameters, context, QgsProcessingFeedback(False))
    assert done
    assert [*SITE_ALIASES] == SITE
    assert [*DEMAND_ALIASES] == COVERED
    for name, aliases, classes in (("OUTPUT", SITE_ALIASES, 4), ("COVERED", DEMAND_ALIASES, 7)):
        layer = context.getMapLayer(results[name])
        context.layerToLoadOnCompletionDetails(results[name]).postProcessor().postProcessLayer(
            layer, context, QgsProcessingFeedback(False)
        )
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases
        assert len(layer.renderer().legendSymbolItems()) == classes


def test_the_report_tells_the_proof_the_sites_and_the_curve(many, tmp_path):
    path = tmp_path / "rapport.html"
    results = run(many, COUNT=4, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert results["REPORT"] == str(path)
    assert text.count("data:image/svg+xml") == 2
    for words in ("Church", "Proven gap (%)", "The best choice for each number of sites", "Met à portée"):
        assert words in text


def test_a_workspace_of_needs_is_answered_as_it_stands(make_store):
    needs = [{"at": (column, row), "libelle": f"Besoin {column}{row}"} for column in range(3) for row in range(2)]
    store = make_store(needs=needs)
    results = run(f"{store}|layername=besoin", COUNT=1, EXISTING=f"{store}|layername=acteur")
    assert results["OBJECTIVE"] == 72
    assert "Besoin 00 (12)" in rows_of(results["OUTPUT"])[0]["raison"]


def test_results_in_a_store_are_added_to_its_project_with_their_look(make_store):
    from tisserand.layers.result_tables import NEW_SITES, NEW_SITES_DEMAND
    from tisserand.layers.results import LOOKS, destination

    store = make_store(needs=[{"at": (0, 0)}, {"at": (1, 1)}])
    run(
        f"{store}|layername=besoin",
        OUTPUT=destination(store, NEW_SITES),
        COVERED=destination(store, NEW_SITES_DEMAND),
    )
    for name in (NEW_SITES, NEW_SITES_DEMAND):
        layer = QgsVectorLayer(f"{store}|layername={name}", name, "ogr")
        assert layer.featureCount() > 0
        _title, style = LOOKS[name]
        style(layer)
        assert layer.renderer().type() == "RuleRenderer"


def test_qgis_process_runs_it_by_its_id_and_ends_well(demand, actors, tmp_path, qgis_process):
    store = tmp_path / "donnees.gpkg"
    words = [f"DEMAND={copied(demand, store)}", f"EXISTING={copied(actors, store)}", "COUNT=2", "MODEL=0"]
    words += [f"{name}={value}" for name, value in PACE.items()]
    words += [f"OUTPUT={tmp_path / 'sites.gpkg'}", f"COVERED={tmp_path / 'demande.gpkg'}"]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words, f"REPORT={tmp_path / 'rapport.html'}")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["OBJECTIVE"], results["BOUND"], results["GAP_PERCENT"]) == (91, 91, 0)
    layer = QgsVectorLayer(str(tmp_path / "sites.gpkg"), "s", "ogr")
    layer.loadDefaultMetadata()
    assert layer.featureCount() == 2
    assert "Sites to open: 2" in layer.metadata().abstract() or "ouvrir" in layer.metadata().abstract()
    assert "data:image/svg+xml" in (tmp_path / "rapport.html").read_text(encoding="utf-8")
