"""The coverage algorithm in a real QGIS: layers of all kinds in, layers, numbers and sentences out."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis import processing
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
)

pytestmark = pytest.mark.usefixtures("provider")
plans = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("coverage_layers.py"))))
ALGORITHM = plans.ALGORITHM
NEEDS = plans.NEEDS
ACTORS = plans.ACTORS
X = plans.X
Y = plans.Y
INDICATORS = plans.INDICATORS
point = plans.point
needs = plans.needs
actors = plans.actors
run = plans.run
rows_of = plans.rows_of
territories = plans.territories


def test_one_row_a_need_and_theme_with_all_fields_of_the_need_before_those_of_the_result(needs, actors):
    layer = run(needs, actors)["OUTPUT"]
    assert layer.fields().names() == [*needs.fields().names(), *INDICATORS]
    rows = rows_of(layer)
    assert [(row["libelle"], row["theme"], row["cause"]) for row in rows] == [
        ("manger", "feed", "capacite"),
        ("manger", "move", "capacite"),
        ("loger", "house", "public"),
        ("loin", "feed", "hors_portee"),
    ]
    assert rows[0]["apl"] == pytest.approx(0.6)
    assert rows[0]["non_couvert"] == pytest.approx(4)
    assert rows[0]["top5"] == "Épicerie (100 %, 2 min)"
    assert rows[1]["capacite_imputee"] == 1
    assert rows[3]["plus_proche"] == "u1"
    assert rows[3]["capacite_imputee"] == NULL
    assert layer.crs().authid() == "EPSG:2154"


def test_the_numbers_are_the_sums_of_the_rows(needs, actors):
    result = run(needs, actors)
    rows = rows_of(result["OUTPUT"])
    assert result["PEOPLE"] == sum(row["besoin"] for row in rows) == 29
    assert result["UNMET"] == pytest.approx(sum(row["non_couvert"] for row in rows))


def test_the_points_of_the_result_are_those_of_the_needs_to_the_last_digit(needs, actors, reprojected):
    for layer in (needs, reprojected(needs)):
        points = {feature["libelle"]: feature.geometry().asWkb() for feature in layer.getFeatures()}
        for feature in run(layer, actors)["OUTPUT"].getFeatures():
            assert feature.geometry().asWkb() == points[feature["libelle"]]


@pytest.fixture()
def reprojected():
    def make(layer, crs="EPSG:4326"):
        return processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": crs, "OUTPUT": "memory:"})[
            "OUTPUT"
        ]

    return make


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_degrees_and_pseudo_mercator_are_measured_in_metres(needs, actors, reprojected, crs):
    metric = rows_of(run(needs, actors)["OUTPUT"])
    other = rows_of(run(reprojected(needs, crs), reprojected(actors, crs))["OUTPUT"])
    mixed = rows_of(run(reprojected(needs, crs), actors)["OUTPUT"])
    for name in ("apl", "plus_proche_min"):
        expected = pytest.approx([row[name] for row in metric], rel=1e-5)
        assert [row[name] for row in other] == expected
        assert [row[name] for row in mixed] == expected


def test_degrees_in_la_reunion_are_measured_in_its_own_crs(memory_layer):
    needs = memory_layer("Point?crs=EPSG:4326", [("POINT(55.45 -20.88)",)])
    actors = memory_layer("Point?crs=EPSG:2975", [("POINT(338779 7690000)",)])
    row = rows_of(run(needs, actors)["OUTPUT"])[0]
    there = processing.run("native:reprojectlayer", {"INPUT": needs, "TARGET_CRS": "EPSG:2975", "OUTPUT": "memory:"})[
        "OUTPUT"
    ]
    metres = next(there.getFeatures()).geometry().distance(next(actors.getFeatures()).geometry())
    assert row["plus_proche_min"] == pytest.approx(metres * 1.3 / 50000 * 60, rel=1e-6)


def test_a_layer_in_degrees_outside_france_is_refused_with_the_cure(memory_layer, actors):
    swapped = memory_layer("Point?crs=EPSG:4326", [("POINT(48.8 2.3)",)])
    with pytest.raises(QgsProcessingException, match="outside France"):
        run(swapped, actors)


def test_a_layer_without_crs_is_refused_by_name(memory_layer, actors):
    layer = memory_layer("Point?field=a:int", [("POINT(1 1)", 1)], "sans_crs")
    layer.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException, match="sans_crs has no CRS"):
        run(layer, actors)


def test_shuffled_layers_give_the_same_rows(memory_layer, needs, actors):
    def turned(layer, uri):
        rows = [(feature.geometry().asWkt(), *feature.attributes()) for feature in layer.getFeatures()]
        return memory_layer(uri, rows[::-1])

    there = rows_of(run(turned(needs, NEEDS), turned(actors, ACTORS))["OUTPUT"])
    assert sorted(map(repr, there)) == sorted(map(repr, rows_of(run(needs, actors)["OUTPUT"])))


def test_no_need_gives_an_empty_layer_and_a_sentence(memory_layer, actors):
    feedback = QgsProcessingFeedback(False)
    result = run(memory_layer(NEEDS, [], "besoins"), actors, feedback)
    assert result["OUTPUT"].featureCount() == 0
    assert result["PEOPLE"] == 0
    assert "besoins: no feature to work on" in feedback.textLog()


def test_no_actor_leaves_every_need_out_of_reach(memory_layer, needs):
    rows = rows_of(run(needs, memory_layer(ACTORS, []))["OUTPUT"])
    assert {row["cause"] for row in rows} == {"hors_portee"}


def test_a_need_without_a_theme_ends_the_run_with_its_id_and_nothing_written(memory_layer, actors, tmp_path):
    layer = memory_layer(NEEDS, [(point(0), "a", 1, "feed", ""), (point(0), "b", 1, None, "")], "besoins")
    with pytest.raises(QgsProcessingException, match=r"Needs without a theme: 1 \(features 2\)"):
        run(layer, actors, OUTPUT=str(tmp_path / "sortie.gpkg"))
    assert not (tmp_path / "sortie.gpkg").exists()


def test_a_need_without_geometry_is_reported_with_its_id(memory_layer, actors):
    feedback = QgsProcessingFeedback(False)
    rows = [(None, "a", 1, "feed", ""), (point(0), "c", 1, "feed", "")]
    layer = memory_layer(NEEDS, rows, "besoins")
    result = run(layer, actors, feedback)
    assert [row["libelle"] for row in rows_of(result["OUTPUT"])] == ["c"]
    assert "besoins: 1 without a geometry, left out (features 1)" in feedback.textLog()


def test_negative_counts_and_capacities_are_reported(memory_layer):
    feedback = QgsProcessingFeedback(False)
    needs = memory_layer(NEEDS, [(point(0), "a", -2, "feed", "")])
    actors = memory_layer(ACTORS, [(point(0), "u", "n", -1, "feed", ""), (point(0), "v", "m", 3, "feed", "")])
    assert run(needs, actors, feedback)["PEOPLE"] == 1
    assert "Needs with a negative count, taken as unknown: 1 (features 1)" in feedback.textLog()
    assert "Actors with a negative capacity, taken as unknown: 1 (features 1)" in feedback.textLog()


def test_a_named_field_that_the_layer_lacks_is_refused_with_the_fields_it_has(needs, actors):
    with pytest.raises(QgsProcessingException, match=r"no field nombre.*libelle, nb_situations"):
        run(needs, actors, NEEDS_COUNT="nombre")


def test_a_default_field_that_the_layer_lacks_is_reported_and_done_without(memory_layer):
    feedback = QgsProcessingFeedback(False)
    bare = memory_layer("Point?crs=EPSG:2154", [(point(0),)], "points")
    result = run(bare, bare, feedback)
    assert [(row["besoin"], row["theme"], row["cause"]) for row in rows_of(result["OUTPUT"])] == [(1, "", "couvert")]
    assert "points has no field nb_situations (NEEDS_COUNT)" in feedback.textLog()


@pytest.mark.parametrize("empty", ["", None])
def test_a_field_left_empty_is_no_field_and_no_cause_for_a_warning(needs, actors, empty):
    feedback = QgsProcessingFeedback(False)
    rows = rows_of(run(needs, actors, feedback, NEEDS_COUNT=empty, NEEDS_THEME=empty)["OUTPUT"])
    assert [(row["besoin"], row["theme"]) for row in rows] == [(1, "")] * 3
    assert "has no field" not in feedback.textLog()


def test_a_field_of_the_need_with_the_name_of_a_result_is_kept_under_another_name(memory_layer, actors):
    needs = memory_layer("Point?crs=EPSG:2154&field=theme:string&field=cause:string", [(point(0), "feed", "moi")])
    row = rows_of(run(needs, actors, NEEDS_THEME="theme")["OUTPUT"])[0]
    assert (row["theme"], row["theme_2"], row["cause_2"]) == ("feed", "feed", "moi")


def test_polygons_and_multipoints_are_needs_too(memory_layer, actors):
    square = f"POLYGON(({X} {Y},{X + 100} {Y},{X + 100} {Y + 100},{X} {Y + 100},{X} {Y}))"
    for kind, wkt in (("Polygon", square), ("MultiPoint", f"MULTIPOINT(({X} {Y}))"), ("PointZ", f"POINTZ({X} {Y} 9)")):
        layer = memory_layer(f"{kind}?crs=EPSG:2154", [(wkt,)])
        output = run(layer, actors)["OUTPUT"]
        assert output.wkbType() == layer.wkbType()
        assert rows_of(output)[0]["n_acteurs"] == 3


def test_each_territory_has_a_row_for_each_theme_also_where_nothing_is(needs, actors, territories):
    feedback = QgsProcessingFeedback(False)
    result = run(needs, actors, feedback, TERRITORIES=territories, BY_TERRITORY="memory:")
    rows = {(row["code"], row["theme"]): row for row in rows_of(result["BY_TERRITORY"])}
    assert set(rows) == {(code, t) for code in ("92001", "92002", "92") for t in ("feed", "move", "house", "equip")}
    west, whole = rows["92001", "feed"], rows["92", "house"]
    assert (west["besoin"], west["n_besoins"], west["n_acteurs"]) == (10, 1, 1)
    assert (west["part"], west["principale_cause"], west["recense"]) == (pytest.approx(0.4), "capacite", 1)
    assert (whole["niveau"], whole["besoin"], whole["principale_cause"], whole["recense"]) == (
        "departement",
        4,
        "public",
        0,
    )
    nothing = rows["92002", "equip"]
    assert (nothing["besoin"], nothing["part"], nothing["principale_cause"], nothing["n_acteurs"]) == (0, NULL, NULL, 1)
    assert "Needs outside all territories, in no total of theirs: 1 (features 3)" in feedback.textLog()
    assert [row["effet_bord"] for row in rows_of(result["OUTPUT"])] == [True] * 4


def test_without_a_survey_field_nothing_is_said_of_the_survey(needs, actors, territories):
    result = run(needs, actors, TERRITORIES=territories, BY_TERRITORY="memory:", SURVEYED_FIELD="")
    assert {row["recense"] for row in rows_of(result["BY_TERRITORY"])} == {NULL}


def test_the_report_holds_figures_method_and_warnings_and_escapes_what_people_wrote(memory_layer, actors, tmp_path):
    path = tmp_path / "rapport.html"
    needs = memory_layer(NEEDS, [(point(0), "a", 3, "<script>x</script>", "")], "besoins")
    run(needs, actors, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "&lt;script&gt;x" in text
    assert "<script>" not in text
    assert "10.1016/j.healthplace.2009.06.002" in text
    assert "Themes of needs that no actor offers" in text


def test_a_result_shown_in_a_project_is_styled_with_french_aliases(needs, actors, territories):
    from tisserand.layers.result_looks.coverage import NEED_ALIASES, TERRITORY_ALIASES

    context = QgsProcessingContext()
    parameters = {"NEEDS": needs, "ACTORS": actors, "TERRITORIES": territories}
    parameters |= {"OUTPUT": "memory:", "BY_TERRITORY": "memory:"}
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    for name in ("OUTPUT", "BY_TERRITORY"):
        parameters[name] = _shown_in_project(parameters[name])
    results, done = algorithm.run(parameters, context, QgsProcessingFeedback(False))
    assert done
    for name, aliases in (("OUTPUT", NEED_ALIASES), ("BY_TERRITORY", TERRITORY_ALIASES)):
        layer = context.getMapLayer(results[name])
        context.layerToLoadOnCompletionDetails(results[name]).postProcessor().postProcessLayer(
            layer, context, QgsProcessingFeedback(False)
        )
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases
        assert len(layer.renderer().legendSymbolItems()) >= 4


def _shown_in_project(destination):
    return QgsProcessingOutputLayerDefinition(destination, QgsProject.instance())


def test_no_need_at_all_still_gives_the_territories_their_rows(memory_layer, actors, territories):
    result = run(memory_layer(NEEDS, []), actors, TERRITORIES=territories, BY_TERRITORY="memory:")
    assert {(row["theme"], row["besoin"]) for row in rows_of(result["BY_TERRITORY"])} == {
        (theme, 0) for theme in ("feed", "house", "move", "equip")
    }


def test_territories_without_a_feature_are_no_territories(memory_layer, needs, actors):
    result = run(needs, actors, TERRITORIES=memory_layer("Polygon?crs=EPSG:2154", []), BY_TERRITORY="memory:")
    assert result["BY_TERRITORY"].featureCount() == 0
    assert {row["effet_bord"] for row in rows_of(result["OUTPUT"])} == {NULL}


def test_curved_territories_are_read(memory_layer, needs, actors):
    x, y = X - 9000, Y
    circle = f"CURVEPOLYGON(CIRCULARSTRING({x} {y},{X + 9000} {y},{x} {y}))"
    result = run(needs, actors, TERRITORIES=memory_layer("CurvePolygon?crs=EPSG:2154", [(circle,)]))
    assert len(rows_of(result["OUTPUT"])) == 4


def test_a_bad_reach_by_theme_is_a_sentence(needs, actors):
    with pytest.raises(QgsProcessingException, match="“feed” is not a reach by theme"):
        run(needs, actors, REACH_BY_THEME="feed")


def test_a_missing_package_is_named_with_its_cure():
    from tisserand.processing.algorithms.packages import missing_package

    assert missing_package({"scipy": (1, 9)}) == ""
    assert "apt install python3-nonsuch" in missing_package({"nonsuch": (1, 0)})
    assert "scipy 99.0 or later" in missing_package({"scipy": (99, 0)})


def test_without_a_package_the_algorithm_says_so_and_does_not_run(needs, actors, monkeypatch):
    from tisserand.processing.algorithms.coverage_gaps import CoverageGaps

    monkeypatch.setattr(CoverageGaps, "PACKAGES", {"nonsuch": (1, 0)})
    can, sentence = CoverageGaps().canExecute()
    assert not can
    assert "nonsuch" in sentence
    with pytest.raises(QgsProcessingException):
        run(needs, actors)


def test_a_layer_that_cannot_be_read_is_named_in_the_users_words(actors, tmp_path):
    path = tmp_path / "besoins.gpkg"
    path.write_text("bonjour")
    with pytest.raises(QgsProcessingException, match=r"besoins\.gpkg cannot be read \(Needs\)"):
        run(str(path), actors)
