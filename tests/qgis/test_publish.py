"""The safe export: a real run on layers of any kind, what leaves and what does not."""

import json
import random
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
    QgsWkbTypes,
)

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:publish"
NEEDS = "Point?crs=EPSG:2154&field=code_insee:string&field=theme_vie:string&field=nb_situations:integer"
TERRITORIES = (
    "Polygon?crs=EPSG:2154&field=code:string&field=nom:string&field=niveau:string&field=membres:string"
    "&field=recense_le:date"
)
X, Y = 650000, 6860000
OWN = ["nom", "niveau", "personnes", "masque", "etat", "raison", "seuil"]
# (commune, theme, people): feed adds up to 100, so that A's 4 alone would be had by subtraction.
ROWS = [
    ("A", "feed", 4),
    ("B", "feed", 36),
    ("C", "feed", 60),
    ("A", "house", 50),
    ("B", "house", 40),
    ("C", "house", 30),
]


def square(k):
    west = X + 1000 * k
    return f"POLYGON(({west} {Y}, {west + 1000} {Y}, {west + 1000} {Y + 1000}, {west} {Y + 1000}, {west} {Y}))"


@pytest.fixture()
def needs(memory_layer):
    return memory_layer(NEEDS, [(f"POINT({X} {Y})", *row) for row in ROWS], "besoins")


@pytest.fixture()
def territories(memory_layer):
    rows = [
        (square(0), "A", "Avant", "commune", "", date(2026, 3, 1)),
        (square(1), "B", "Bourg", "commune", "", date(2026, 3, 1)),
        (square(2), "C", "Clos", "commune", "", date(2026, 3, 1)),
        (square(3), "D", "Dune", "commune", "", date(2026, 3, 1)),
        (square(4), "E", "Etang", "commune", "", None),
        (square(5), "E1", "Vals", "epci", "A|B|D", None),
        (square(6), "E2", "Monts", "epci", "C|E", None),
    ]
    return memory_layer(
        TERRITORIES, [(*row[:5], row[5].isoformat() if row[5] else NULL) for row in rows], "territoires"
    )


def run(layer, feedback=None, **parameters):
    parameters = {"INPUT": layer, "OUTPUT": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def table(layer):
    """Return (groups) -> (personnes, masque, etat)."""
    groups = [name for name in layer.fields().names() if name not in OWN]
    return {
        tuple(row[name] for name in groups): tuple(
            None if row[n] == NULL else row[n] for n in ("personnes", "masque", "etat")
        )
        for row in layer.getFeatures()
    }


def test_a_small_figure_and_one_more_are_masked_and_totals_stay(needs):
    result = run(needs)
    found = table(result["OUTPUT"])
    assert found["A", "feed"] == (None, "seuil", "masque")
    assert found["Ensemble", "feed"] == (100, "none", "publie")
    assert found["Ensemble", "Ensemble"] == (220, "none", "publie")
    masked = {key: mask for key, (_, mask, _) in found.items() if mask != "none"}
    # One in the row, one in the column and the corner between them: less would give the 4 away.
    assert sorted(masked.values()) == ["secondaire", "secondaire", "secondaire", "seuil"]
    assert all(len({key[side] for key in masked}) == 2 for side in (0, 1))
    assert result["MASKED"] == 4
    assert result["PUBLISHED"] == len(found) - 4


def test_the_order_of_rows_changes_nothing(memory_layer, needs):
    expected = [feature.attributes() for feature in run(needs)["OUTPUT"].getFeatures()]
    rows = list(ROWS)
    random.Random(3).shuffle(rows)
    again = run(memory_layer(NEEDS, [(f"POINT({X} {Y})", *row) for row in rows]))["OUTPUT"]
    assert [feature.attributes() for feature in again.getFeatures()] == expected


def test_points_never_leave(needs):
    layer = run(needs)["OUTPUT"]
    assert layer.wkbType() == QgsWkbTypes.Type.NoGeometry
    assert not any(feature.hasGeometry() for feature in layer.getFeatures())


def test_territories_bring_polygons_levels_zeros_and_what_is_not_surveyed(needs, territories):
    layer = run(needs, TERRITORIES=territories, LEVELS="epci")["OUTPUT"]
    assert layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry
    found = table(layer)
    assert found["D", "Ensemble", "feed"] == (0, "none", "zero")
    assert found["E", "Ensemble", "feed"] == (None, "none", "non_recense")
    assert found["Ensemble", "E2", "Ensemble"] == (90, "none", "publie")
    shapes = {row["nom"]: row.geometry().asWkt() for row in layer.getFeatures() if row["nom"] != NULL}
    own = {row["nom"]: row.geometry().asWkt() for row in territories.getFeatures()}
    assert shapes == own


def test_what_is_hidden_in_a_commune_is_not_had_from_its_epci(memory_layer, territories):
    # E1 = A + B (D has nobody): with both shown but A masked, A would be E1 - B.
    rows = [("A", "feed", 5), ("B", "feed", 40), ("C", "feed", 60)]
    layer = memory_layer(NEEDS, [(None, *row) for row in rows])
    found = table(run(layer, TERRITORIES=territories, LEVELS="epci", GROUP=["code_insee"])["OUTPUT"])
    assert found["A", "Ensemble"][1] == "seuil"
    assert {found["B", "Ensemble"][1], found["Ensemble", "E1"][1]} & {"secondaire"}


def test_zero_masked_unknown_and_not_surveyed_are_four_things(memory_layer, territories):
    rows = [("A", "feed", 30), ("B", "feed", NULL), ("C", "feed", 3), ("A", "house", 40), ("C", "house", 90)]
    feedback = QgsProcessingFeedback(False)
    layer = memory_layer(NEEDS, [(None, *row) for row in rows])
    found = table(run(layer, feedback, TERRITORIES=territories)["OUTPUT"])
    assert found["B", "feed"] == (None, "none", "inconnu")
    assert found["D", "feed"] == (0, "none", "zero")
    assert found["E", "feed"] == (None, "none", "non_recense")
    assert found["C", "feed"] == (None, "seuil", "masque")
    assert found["Ensemble", "Ensemble"] == (163, "none", "incomplet")
    assert "taken as unknown, never as zero: 1" in feedback.textLog()


def test_numbers_below_zero_and_no_numbers_are_reported_and_not_counted(memory_layer):
    feedback = QgsProcessingFeedback(False)
    uri = NEEDS.replace("nb_situations:integer", "nb_situations:string")
    layer = memory_layer(uri, [(None, "A", "feed", "-5"), (None, "A", "feed", "beaucoup"), (None, "A", "feed", "20")])
    found = table(run(layer, feedback)["OUTPUT"])
    assert found["A", "feed"] == (20, "none", "incomplet")
    assert "below zero, taken as unknown: 1" in feedback.textLog()
    assert "(beaucoup)" in feedback.textLog()


@pytest.mark.parametrize("k", [1, 4, 21])
def test_a_threshold_out_of_bounds_is_refused_with_the_reason(needs, k):
    with pytest.raises(QgsProcessingException, match="Choose a number from 5 to 20"):
        run(needs, K=k)


def test_a_figure_of_one_contributor_is_masked_by_dominance(memory_layer):
    uri = NEEDS + "&field=qui:string"
    rows = [("A", "feed", 40, "u1"), ("A", "feed", 1, "u2"), ("A", "feed", 1, "u3")]
    rows += [(code, "feed", 30, f"u{n}") for code in "BC" for n in range(4)]
    layer = memory_layer(uri, [(None, *row) for row in rows])
    found = table(run(layer, UNIT_FIELD="qui")["OUTPUT"])
    assert found["A", "feed"][:2] == (None, "dominance")
    assert table(run(layer)["OUTPUT"])["A", "feed"] == (42, "none", "publie")
    with pytest.raises(QgsProcessingException, match=r"choose 0\.5 to 1"):
        run(layer, UNIT_FIELD="qui", DOMINANCE=0.1)


def test_the_last_edition_masks_small_changes(memory_layer, needs):
    first = run(needs, K=5, MARGINS=2, GROUP=["code_insee"])["OUTPUT"]
    rows = [*ROWS, ("B", "feed", 3)]
    second = memory_layer(NEEDS, [(None, *row) for row in rows])
    feedback = QgsProcessingFeedback(False)
    found = table(run(second, feedback, K=5, MARGINS=2, GROUP=["code_insee"], PREVIOUS=first)["OUTPUT"])
    assert found["B",] == (None, "secondaire", "masque")
    assert found["A",] == (54, "none", "publie")


def test_a_threshold_is_not_lowered_after_an_edition(needs):
    first = run(needs, K=11)["OUTPUT"]
    feedback = QgsProcessingFeedback(False)
    second = run(needs, feedback, K=5, PREVIOUS=first)["OUTPUT"]
    assert {row["seuil"] for row in second.getFeatures()} == {11}
    assert "The threshold of the last edition was 11" in feedback.textLog()


def test_the_same_figures_again_make_the_same_table(needs):
    first = run(needs)["OUTPUT"]
    assert table(run(needs, PREVIOUS=first)["OUTPUT"]) == table(first)


def test_a_table_of_other_groups_is_refused_as_the_last_edition(needs):
    first = run(needs, GROUP=["code_insee"])["OUTPUT"]
    with pytest.raises(QgsProcessingException, match="has no field theme_vie"):
        run(needs, PREVIOUS=first)


def test_missing_and_doubtful_parameters_are_sentences(needs, memory_layer):
    with pytest.raises(QgsProcessingException, match="There is no group"):
        run(memory_layer("Point?crs=EPSG:2154&field=autre:string", [(None, "x")]))
    with pytest.raises(QgsProcessingException, match="has no field absent"):
        run(needs, GROUP=["absent"])
    with pytest.raises(QgsProcessingException, match="choose TERRITORIES too"):
        run(needs, LEVELS="epci")
    with pytest.raises(QgsProcessingException, match="what a total is called"):
        run(memory_layer(NEEDS, [(None, "Ensemble", "feed", 12)]))


def test_an_unknown_level_names_those_there_are(needs, territories):
    with pytest.raises(QgsProcessingException, match="Their levels: commune, epci"):
        run(needs, TERRITORIES=territories, LEVELS="canton")


def test_ten_thousand_themes_are_refused_with_the_cure(memory_layer):
    rows = [(None, f"c{n % 300}", f"t{n}", 1) for n in range(10_000)]
    with pytest.raises(QgsProcessingException, match="take out a group, or choose coarser ones"):
        run(memory_layer(NEEDS, rows))


def test_an_empty_layer_ends_in_an_empty_table_and_a_sentence(memory_layer, territories, tmp_path):
    feedback = QgsProcessingFeedback(False)
    path = tmp_path / "rapport.html"
    result = run(memory_layer(NEEDS, []), feedback, TERRITORIES=territories, REPORT=str(path))
    assert result["OUTPUT"].featureCount() == 0
    assert result["OUTPUT"].fields().names() == ["code_insee", "theme_vie", *OWN]
    assert "There is no row to count" in feedback.textLog()
    assert path.is_file()


def test_a_layer_of_any_fields_one_person_a_row(memory_layer):
    layer = memory_layer(
        "NoGeometry?field=etat:string&field=an:date", [(None, "é", "2026-01-01")] * 40 + [(None, NULL, NULL)]
    )
    out = run(layer, GROUP=["etat", "an"], COUNT_FIELD=None)["OUTPUT"]
    # A group that is called like one of our fields gives way to it.
    assert out.fields().names()[-7:] == OWN
    rows = {(row[0], row[1]): row["masque"] for row in out.getFeatures()}
    assert rows["é", "2026-01-01"] == "secondaire"
    assert rows["non renseigné", "non renseigné"] == "seuil"
    assert rows["Ensemble", "Ensemble"] == "none"


def test_the_report_tells_what_was_checked_and_no_masked_figure(needs, tmp_path):
    path = tmp_path / "rapport.html"
    run(needs, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "No masked figure can be worked out from the totals: checked for 4 masked figures" in text
    assert "10.1287/mnsc.47.7.1008.9805" in text
    assert "data:image/svg+xml" in text


def test_a_sparse_table_is_warned_of_with_advice(memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = [(None, f"c{n}", f"t{n % 5}", 1 + n % 3) for n in range(40)]
    run(memory_layer(NEEDS, rows), feedback)
    assert "the groups are too fine for these people" in feedback.textLog()


def test_cancelling_leaves_nothing_behind(needs, tmp_path):
    output = tmp_path / "tableau.gpkg"
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run(needs, feedback, OUTPUT=str(output))
    assert not output.exists()


def test_the_result_is_styled_and_each_state_has_one_look(memory_layer):
    from tisserand.layers.result_looks.publish import ALIASES, style_publication

    uri = "Polygon?crs=EPSG:2154" + "".join(
        f"&field={name}:{'double' if name == 'personnes' else 'string'}" for name in OWN
    )
    states = {
        ("none", "publie", 12.0): "Moins de 50",
        ("none", "incomplet", 500.0): "500 et plus",
        ("none", "zero", 0.0): "Aucune situation connue",
        ("none", "inconnu", None): "Nombre inconnu",
        ("none", "non_recense", None): "Non recensé",
        ("seuil", "masque", None): "Masqué : sous le seuil",
        ("secondaire", "masque", None): "Masqué : pour une autre raison",
        ("dominance", "masque", None): "Masqué : pour une autre raison",
    }
    rows = [(square(k), "n", "com", people, mask, state, "", 11) for k, (mask, state, people) in enumerate(states)]
    layer = memory_layer(uri, rows)
    style_publication(layer)
    assert {field.name(): field.alias() for field in layer.fields()} == ALIASES
    (level,) = layer.renderer().rootRule().children()
    seen = {}
    for rule in level.children():
        for row in layer.getFeatures(rule.filterExpression()):
            key = (row["masque"], row["etat"], None if row["personnes"] == NULL else row["personnes"])
            seen.setdefault(key, []).append(rule.label())
    assert seen == {state: [label] for state, label in states.items()}


def test_every_field_of_the_result_has_a_french_name(needs):
    from tisserand.layers.result_looks.publish import ALIASES

    context = QgsProcessingContext()
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    output = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    results, done = algorithm.run({"INPUT": needs, "OUTPUT": output}, context, QgsProcessingFeedback(False))
    assert done
    layer = context.getMapLayer(results["OUTPUT"])
    details = context.layerToLoadOnCompletionDetails(results["OUTPUT"])
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
    assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == ALIASES
    assert "Threshold k (5 to 20): 11" in layer.metadata().abstract()


def test_qgis_process_publishes_the_needs_of_a_workspace(make_store, tmp_path, qgis_process):
    needs = [
        {"at": at, "nb_situations": people} for at, people in (((0, 0), 40), ((1, 0), 6), ((2, 0), 50), ((0, 1), 30))
    ]
    store = make_store([], needs)
    output = tmp_path / "tableau.gpkg"
    words = [f"INPUT={store}|layername=besoin", f"TERRITORIES={store}|layername=territoire", "LEVELS=epci;departement"]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words, f"OUTPUT={output}")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert {"OUTPUT", "PUBLISHED", "MASKED"} == set(results)
    layer = QgsVectorLayer(str(output), "tableau", "ogr")
    rows = {(row["niveau"], row["nom"] if row["nom"] != NULL else None): row["masque"] for row in layer.getFeatures()}
    assert rows["code_insee × theme_vie", "Commune B1"] == "seuil"
    assert rows["departement × theme_vie", "Département d'essai"] == "none"
    assert rows["code_insee × theme_vie", "Commune C2"] == "none"
