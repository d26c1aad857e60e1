"""The matching in a real QGIS: layers of all kinds in, lines, needs, actors, numbers and sentences out."""

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
ALGORITHM = "tisserand:matchneeds"
NEEDS = (
    "Point?crs=EPSG:2154&field=uuid:string&field=libelle:string&field=nb_situations:int&field=theme_vie:string"
    "&field=publics:string&field=rang:double"
)
ACTORS = (
    "Point?crs=EPSG:2154&field=uuid:string&field=nom:string&field=capacite:int&field=themes_vie:string"
    "&field=publics:string"
)
X, Y = 650000, 6860000
OUTPUTS = ("OUTPUT", "NEEDS_OUT", "ACTORS_OUT")


def point(east, north=0):
    return f"POINT({X + east} {Y + north})"


@pytest.fixture()
def needs(memory_layer):
    rows = [
        (point(0), "b1", "manger", 10, "feed", "", 0),
        (point(3000), "b2", "loger", 4, "house", "jeunes", 0),
        (point(60000), "b3", "loin", 5, "feed", None, 0),
        (point(2000), "b4", "bouger", 7, "move", "jeunes", 0),
    ]
    return memory_layer(NEEDS, rows, "besoins")


@pytest.fixture()
def actors(memory_layer):
    rows = [
        (point(1000), "u1", "Épicerie", 6, "feed", ""),
        (point(4000), "u2", "Jardin", 3, "feed|move", ""),
        (point(2000), "u3", "Foyer", 9, "house", "familles"),
        (point(2000), "u4", "Garage", None, "move", "tous-publics"),
    ]
    return memory_layer(ACTORS, rows, "acteurs")


def run(needs, actors, feedback=None, **parameters):
    layers = dict.fromkeys(OUTPUTS, "memory:")
    parameters = {"NEEDS": needs, "ACTORS": actors, **layers, **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


def test_people_go_where_places_are_and_every_line_says_why(needs, actors):
    result = run(needs, actors)
    lines = {(row["de_nom"], row["vers_nom"]): row for row in rows_of(result["OUTPUT"])}
    assert {key: row["personnes"] for key, row in lines.items()} == {
        ("manger", "Épicerie"): 6,
        ("manger", "Jardin"): 3,
        ("bouger", "Garage"): 3,
    }
    row = lines["manger", "Épicerie"]
    assert (row["de"], row["vers"], row["theme"], row["capacite_imputee"]) == ("b1", "u1", "feed", 0)
    assert row["minutes"] == pytest.approx(1000 * 1.3 / 50000 * 60)
    assert row["raison"] == "Se nourrir ; à 2 min ; pour tous ; l'acteur le plus proche"
    assert row["alternative"] == "Jardin (+5 min, complet)"
    assert row["alternative_min"] == pytest.approx(3000 * 1.3 / 50000 * 60)
    assert "capacité supposée" in lines["bouger", "Garage"]["raison"]
    assert result["OUTPUT"].wkbType() == QgsWkbTypes.Type.LineString
    assert result["OUTPUT"].crs().authid() == "EPSG:2154"


def test_needs_and_actors_keep_their_fields_and_say_what_the_plan_does_for_them(needs, actors):
    result = run(needs, actors)
    served = {row["libelle"]: row for row in rows_of(result["NEEDS_OUT"])}
    assert list(served) == ["manger", "loger", "loin", "bouger"]
    assert [served[name]["cause"] for name in served] == ["capacite", "public", "hors_portee", "capacite"]
    for row in served.values():
        assert row["servi"] + row["reste"] == row["besoin"] == row["nb_situations"]
    taken = {row["nom"]: row for row in rows_of(result["ACTORS_OUT"])}
    assert list(taken) == ["Épicerie", "Jardin", "Foyer", "Garage"]
    assert (taken["Épicerie"]["charge"], taken["Épicerie"]["saturation"], taken["Épicerie"]["prix_ombre"]) == (6, 1, 1)
    assert (taken["Foyer"]["charge"], taken["Foyer"]["prix_ombre"], taken["Foyer"]["minutes"]) == (0, 0, NULL)
    assert (taken["Garage"]["places"], taken["Garage"]["capacite_imputee"]) == (3, 1)
    assert result["SERVED"] == sum(row["servi"] for row in served.values())
    assert result["PEOPLE"] == 26
    assert result["COST"] == pytest.approx(sum(r["personnes"] * r["minutes"] for r in rows_of(result["OUTPUT"])))


def test_an_unknown_capacity_may_be_left_out_and_is_told_apart_from_no_offer(needs, actors, memory_layer):
    feedback = QgsProcessingFeedback(False)
    only = memory_layer(ACTORS, [(point(0), "u4", "Garage", None, "move", ""), (point(0), "u", "n", 5, "feed", "")])
    result = run(needs, only, feedback, UNKNOWN_CAPACITY=1)
    causes = {row["libelle"]: row["cause"] for row in rows_of(result["NEEDS_OUT"])}
    assert causes["bouger"] == "capacite_inconnue"
    garage = rows_of(result["ACTORS_OUT"])[0]
    assert (garage["places"], garage["saturation"], garage["reste_a_portee"]) == (NULL, NULL, 7)
    assert "without a known capacity, left out: 1 (features 1)" in feedback.textLog()


def test_without_any_known_capacity_nobody_is_promised_a_place(needs, actors):
    feedback = QgsProcessingFeedback(False)
    result = run(needs, actors, feedback, ACTORS_CAPACITY="")
    assert result["SERVED"] == 0
    assert "No capacity is known: nobody can be promised a place" in feedback.textLog()


def test_the_one_who_comes_first_is_said_by_the_priority(memory_layer):
    needs = memory_layer(NEEDS, [(point(d), n, n, 5, "feed", "", r) for d, n, r in ((0, "a", 0), (2000, "b", 9))])
    actors = memory_layer(ACTORS, [(point(900), "u", "n", 5, "feed", "")])
    near = {row["libelle"]: row["servi"] for row in rows_of(run(needs, actors)["NEEDS_OUT"])}
    first = {row["libelle"]: row["servi"] for row in rows_of(run(needs, actors, PRIORITY_FIELD="rang")["NEEDS_OUT"])}
    assert (near, first) == ({"a": 5, "b": 0}, {"a": 0, "b": 5})


def test_whole_needs_and_fair_shares(memory_layer):
    needs = memory_layer(NEEDS, [(point(d), n, n, 6, "feed", "", 0) for d, n in ((0, "a"), (2000, "b"))])
    actors = memory_layer(ACTORS, [(point(900), "u", "n", 8, "feed", "")])

    def served(**how):
        return sorted(row["servi"] for row in rows_of(run(needs, actors, **how)["NEEDS_OUT"]))

    assert (served(), served(INDIVISIBLE=True), served(FAIR=True)) == ([2, 6], [0, 6], [4, 4])
    with pytest.raises(QgsProcessingException, match="do not go together"):
        run(needs, actors, FAIR=True, INDIVISIBLE=True)


def test_shuffled_layers_give_the_same_rows_also_of_needs_that_are_alike(memory_layer, needs, actors):
    alike = [(point(500), None, name, 3, "feed", "", 0) for name in "abcdef"]
    needs = memory_layer(NEEDS, [*_rows(needs), *alike])

    def turned(layer, uri):
        return memory_layer(uri, _rows(layer)[::-1])

    here, there = run(needs, actors), run(turned(needs, NEEDS), turned(actors, ACTORS))
    for name in OUTPUTS:
        assert sorted(map(repr, rows_of(there[name]))) == sorted(map(repr, rows_of(here[name])))


def _rows(layer):
    return [(feature.geometry().asWkt(), *feature.attributes()) for feature in layer.getFeatures()]


def test_degrees_are_measured_in_metres_and_lines_lie_where_the_needs_do(needs, actors):
    def degrees(layer):
        how = {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
        return processing.run("native:reprojectlayer", how)["OUTPUT"]

    here, there, mixed = run(needs, actors), run(degrees(needs), degrees(actors)), run(degrees(needs), actors)
    for other in (there, mixed):
        assert other["SERVED"] == here["SERVED"]
        assert other["COST"] == pytest.approx(here["COST"], rel=1e-5)
        assert other["OUTPUT"].crs().authid() == "EPSG:4326"
        line = next(other["OUTPUT"].getFeatures()).geometry()
        assert 0 < line.boundingBox().xMinimum() < 10


def test_reaches_by_theme_are_kept(needs, actors):
    result = run(needs, actors, REACH_BY_THEME="move=0,1;feed=0.2")
    assert result["OUTPUT"].featureCount() == 1
    with pytest.raises(QgsProcessingException, match="is not a reach by theme"):
        run(needs, actors, REACH_BY_THEME="feed")


def test_roads_count_minutes_too(needs, actors, memory_layer):
    roads = memory_layer(
        "LineString?crs=EPSG:2154", [(f"LINESTRING({X} {Y}, {X} {Y + 2000}, {X + 1000} {Y + 2000}, {X + 1000} {Y})",)]
    )
    rows = {row["vers_nom"]: row for row in rows_of(run(needs, actors, ROADS=roads)["OUTPUT"]) if row["de"] == "b1"}
    assert rows["Épicerie"]["minutes"] == pytest.approx(5000 / 50000 * 60, rel=1e-3)


def test_polygons_and_lines_may_be_needs_and_actors(memory_layer, actors):
    square = f"POLYGON(({X} {Y},{X + 100} {Y},{X + 100} {Y + 100},{X} {Y + 100},{X} {Y}))"
    layer = memory_layer("Polygon?crs=EPSG:2154", [(square,), (square,)])
    result = run(layer, layer, ACTORS_CAPACITY="")
    assert result["NEEDS_OUT"].wkbType() == QgsWkbTypes.Type.Polygon
    assert result["ACTORS_OUT"].featureCount() == 2


def test_empty_layers_end_in_empty_outputs_and_a_sentence(memory_layer, needs, actors):
    feedback = QgsProcessingFeedback(False)
    nobody = run(memory_layer(NEEDS, [], "besoins"), actors, feedback)
    assert [nobody[name].featureCount() for name in OUTPUTS] == [0, 0, 4]
    assert "besoins: no feature to work on" in feedback.textLog()
    nowhere = run(needs, memory_layer(ACTORS, [], "acteurs"))
    assert [nowhere[name].featureCount() for name in OUTPUTS] == [0, 4, 0]
    assert {row["cause"] for row in rows_of(nowhere["NEEDS_OUT"])} == {"hors_portee"}
    assert (nowhere["SERVED"], nowhere["COST"], nowhere["MEAN_MINUTES"]) == (0, 0, 0)
    both = run(memory_layer(NEEDS, []), memory_layer(ACTORS, []))
    assert [both[name].featureCount() for name in OUTPUTS] == [0, 0, 0]


def test_odd_rows_are_told_by_name(memory_layer):
    feedback = QgsProcessingFeedback(False)
    needs = memory_layer(
        NEEDS,
        [
            (point(0), "a", "é\x01", -2, "feed", "", -1),
            (point(0), "b", "b", 0, "feed", "", 0),
            (None, "c", "c", 3, "feed", "", 0),
            (point(0), "d", "d", None, "feed", "", None),
        ],
        "besoins",
    )
    actors = memory_layer(
        ACTORS,
        [(point(0), "u", "n", -1, "feed", ""), (point(0), "v", "m", 0, "feed", ""), (point(0), "w", "o", 1, "", "")],
    )
    result = run(needs, actors, feedback)
    assert (result["PEOPLE"], result["SERVED"]) == (2, 0)
    for sentence in (
        "besoins: 1 without a geometry, left out (features 3)",
        "Needs with a negative count, taken as unknown: 1",
        "Needs without a known count, counted as one person: 2",
        "Actors with a negative capacity, taken as unknown: 1",
        "Actors without a theme, serving none: 1",
    ):
        assert sentence in feedback.textLog()


def test_a_need_without_a_theme_ends_the_run_and_nothing_is_written(memory_layer, actors, tmp_path):
    layer = memory_layer(NEEDS, [(point(0), "b", "b", 1, None, "", 0)], "besoins")
    with pytest.raises(QgsProcessingException, match=r"Needs without a theme: 1 \(features 1\)"):
        run(layer, actors, OUTPUT=str(tmp_path / "lignes.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_fields_that_a_layer_lacks(memory_layer, needs, actors):
    bare = memory_layer("Point?crs=EPSG:2154", [(point(0),)], "points")
    feedback = QgsProcessingFeedback(False)
    assert run(bare, actors, feedback)["SERVED"] == 1
    assert "points has no field nb_situations" in feedback.textLog()
    with pytest.raises(QgsProcessingException, match="no field nombre"):
        run(needs, actors, PRIORITY_FIELD="nombre")


def test_reach_zero_is_a_sentence(needs, actors):
    with pytest.raises(QgsProcessingException, match="REACH is 0"):
        run(needs, actors, REACH=0)


def test_ten_thousand_themes_are_only_ten_thousand_themes(memory_layer):
    many = "|".join(f"t{k}" for k in range(10_000))
    of_needs, of_actors = (
        uri.replace("theme_vie:string", "theme_vie:string(0)").replace("themes_vie:string", "themes_vie:string(0)")
        for uri in (NEEDS, ACTORS)
    )
    needs = memory_layer(of_needs, [(point(0), "b", "b", 1, many, "", 0)])
    actors = memory_layer(of_actors, [(point(0), "u", "n", 5, many, "")])
    result = run(needs, actors)
    assert (result["PEOPLE"], result["SERVED"]) == (10_000, 5)


class Impatient(QgsProcessingFeedback):
    """Cancels once so much is done."""

    def __init__(self, when):
        super().__init__(False)
        self.progressChanged.connect(lambda share: self.cancel() if share >= when else None)
        if when == 0:
            self.cancel()


@pytest.mark.parametrize("when", [0, 15, 40, 80])
def test_a_cancelled_run_leaves_nothing_behind(needs, actors, tmp_path, when):
    files = {name: str(tmp_path / f"{name}.gpkg") for name in OUTPUTS}
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(needs, actors, Impatient(when), **files)
    assert list(tmp_path.iterdir()) == []


def test_results_shown_in_a_project_are_styled_with_french_aliases_for_every_field(needs, actors):
    from tisserand.layers.result_looks.matching import ACTOR_ALIASES, LINE_ALIASES, NEED_ALIASES
    from tisserand.processing.algorithms.match_needs import MatchNeeds

    context = QgsProcessingContext()
    parameters = {"NEEDS": needs, "ACTORS": actors}
    for name in OUTPUTS:
        parameters[name] = QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run(parameters, context, QgsProcessingFeedback(False))
    assert done
    for name, aliases, fields in (
        ("OUTPUT", LINE_ALIASES, MatchNeeds.LINE_FIELDS),
        ("NEEDS_OUT", NEED_ALIASES, MatchNeeds.NEED_FIELDS),
        ("ACTORS_OUT", ACTOR_ALIASES, MatchNeeds.ACTOR_FIELDS),
    ):
        layer = context.getMapLayer(results[name])
        context.layerToLoadOnCompletionDetails(results[name]).postProcessor().postProcessLayer(
            layer, context, QgsProcessingFeedback(False)
        )
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases
        assert set(aliases) == set(fields)
        assert len(layer.renderer().legendSymbolItems()) >= 2
        assert "Reach (minutes): 20" in layer.metadata().abstract()


def test_every_row_falls_under_one_rule_of_its_style(needs, actors):
    from tisserand.layers.result_looks.matching import style_actors, style_lines, style_needs

    result = run(needs, actors)
    for name, style in (("OUTPUT", style_lines), ("NEEDS_OUT", style_needs), ("ACTORS_OUT", style_actors)):
        layer = result[name]
        style(layer)
        rules = [rule.filterExpression() for rule in layer.renderer().rootRule().children()]
        for feature in layer.getFeatures():
            holds = [len(list(layer.getFeatures(f"$id = {feature.id()} AND ({rule})"))) for rule in rules]
            assert sum(holds) == 1, (name, feature.attributes(), rules)


def test_the_report_holds_figures_charts_method_and_warnings_and_escapes(memory_layer, actors, tmp_path):
    path = tmp_path / "rapport.html"
    needs = memory_layer(NEEDS, [(point(0), "b", "b", 30, "feed|<script>x</script>", "", 0)], "besoins")
    run(needs, actors, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert text.count("<figure>") == 3
    for expected in ("10.1002/sapm1941201224", "nearest first", "Where more places would serve most", "Épicerie"):
        assert expected in text


def geopackage(layer, path):
    """Write the layer into a GeoPackage and return its address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", layer.name()
    if path.exists():
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    result = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    assert result[0] == QgsVectorFileWriter.WriterError.NoError, result
    return f"{path}|layername={layer.name()}"


def test_qgis_process_runs_it_by_its_id_and_ends_well(needs, actors, tmp_path, qgis_process):
    store = tmp_path / "atelier.gpkg"
    words = [f"NEEDS={geopackage(needs, store)}", f"ACTORS={geopackage(actors, store)}"]
    words += [f"{name}={tmp_path / name}.gpkg" for name in OUTPUTS]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["SERVED"], results["PEOPLE"]) == (12, 26)
    counts = [QgsVectorLayer(str(tmp_path / f"{name}.gpkg"), name, "ogr").featureCount() for name in OUTPUTS]
    assert counts[1:] == [4, 4]


def test_results_in_a_store_are_added_to_its_project_with_their_looks(make_store):
    from tisserand.layers.result_looks.matching import LINE_ALIASES
    from tisserand.layers.results import add_results, destination

    store = make_store(
        actors=[{"at": (0, 0), "capacite": 5}, {"at": (2, 1), "capacite": 3}],
        needs=[{"at": (1, 0)}, {"at": (2, 0), "nb_situations": 4}],
    )
    tables = ("analyse_appariements", "analyse_appariements_besoins", "analyse_appariements_acteurs")
    outputs = {name: destination(store, table) for name, table in zip(OUTPUTS, tables)}
    result = run(f"{store}|layername=besoin", f"{store}|layername=acteur", **outputs)
    assert result["SERVED"] == 8
    project = QgsProject()
    added = {layer.name(): layer for layer in add_results(project, store)}
    assert list(added) == ["Acteurs et personnes accueillies", "Besoins et places trouvées", "Qui pourrait aller où"]
    lines = added["Qui pourrait aller où"]
    assert {field.alias() for field in lines.fields() if field.alias()} == set(LINE_ALIASES.values())
