"""The networks of actors in a real QGIS: layers of all kinds in, links, networks and sentences out."""

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
ALGORITHM = "tisserand:networks"
FIELDS = ("uuid", "nom", "themes_vie", "publics", "recherche", "moyens_partageables")
ACTORS = "Point?crs=EPSG:2154" + "".join(f"&field={name}:string(300)" for name in FIELDS)
NEEDS = "Point?crs=EPSG:2154&field=theme_vie:string&field=nb_situations:integer"
X, Y = 650000, 6860000


def point(east, north=0):
    return f"POINT({X + east} {Y + north})"


# Fictional. One town, a village too far for the rest, and one who is alone.
ROWS = [
    (point(0), "u1", "Cuisine du Port", "feed", "familles", "Un local, une camionnette", ""),
    (point(900), "u2", "Roue Libre", "move", "familles", "", "Une camionnette le lundi"),
    (point(1500), "u3", "Le Fil Tendu", "clothe|equip", "jeunes", "", ""),
    (point(2500), "u4", "La Rampe", "house", "jeunes", "", "Une salle de 40 places"),
    (point(3000), "u5", "Sans Étiquette", "", "", "", ""),
    (point(40000), "u6", "Au Loin", "feed", "seniors", "", ""),
]
WANTED = [
    (point(100), "feed", 10),
    (point(200), "move", 40),
    (point(300), "fund", 25),
    (point(400), "house", 5),
    (point(500), "clothe", 3),
    (point(600), "equip", 3),
]


@pytest.fixture()
def actors(memory_layer):
    return memory_layer(ACTORS, ROWS, "acteurs")


@pytest.fixture()
def needs(memory_layer):
    return memory_layer(NEEDS, WANTED, "besoins")


def run(actors, feedback=None, **parameters):
    outputs = {"OUTPUT": "memory:", "NETWORKS": "memory:", "MEMBERS": "memory:"}
    parameters = {"ACTORS": actors, **outputs, **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def rows_of(layer):
    return [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]


def links_of(layer):
    return {(row["de"], row["vers"]): row for row in rows_of(layer)}


def said(layer):
    """Return the rows of a layer whatever their order, with their geometry."""
    return sorted([feature.geometry().asWkt(1), *map(str, feature.attributes())] for feature in layer.getFeatures())


def test_links_say_who_brings_what_to_whom(actors, needs):
    links = links_of(run(actors, NEEDS=needs)["OUTPUT"])
    link = links["u1", "u2"]
    assert (link["de_nom"], link["vers_nom"], link["type"]) == ("Cuisine du Port", "Roue Libre", "moyens")
    assert link["force"] == pytest.approx(2 / 6 + 0.3 + 1.5)
    assert "« Cuisine du Port » recherche « Un local, une camionnette »" in link["raison"]
    assert "« Roue Libre » partage « Une camionnette le lundi »" in link["raison"]
    assert "« Roue Libre » apporte Se déplacer" in link["raison"]
    assert "public commun : Familles" in link["raison"]
    assert link["themes"] == "feed|move"


def test_who_names_no_theme_complements_nobody_by_themes_and_the_link_says_so(actors, needs):
    links = [row for row in rows_of(run(actors, NEEDS=needs)["OUTPUT"]) if "u5" in (row["de"], row["vers"])]
    assert links
    assert all((row["type"], row["themes"]) == ("public", "") for row in links)
    assert all("thèmes inconnus : « Sans Étiquette »" in row["raison"] for row in links)


def test_no_link_is_longer_than_the_distance_and_who_is_alone_has_none(actors):
    results = run(actors, DISTANCE=2000)
    links = list(results["OUTPUT"].getFeatures())
    assert links
    assert all(link.geometry().length() <= 2000 for link in links)
    assert not any("u6" in (link["de"], link["vers"]) for link in links)
    (alone,) = (row for row in rows_of(results["MEMBERS"]) if row["uuid"] == "u6")
    assert (alone["reseau"], alone["role"], alone["n_liens"]) == (NULL, NULL, 0)
    assert alone["raison"] == "Aucun autre acteur à moins de 2 km"


def test_a_network_knows_its_members_its_themes_and_what_is_missing(actors, needs):
    results = run(actors, NEEDS=needs)
    (network,) = results["NETWORKS"].getFeatures()
    assert network.geometry().type() == QgsWkbTypes.GeometryType.PolygonGeometry
    assert network["n"] == 5
    assert network["membres"].split(" · ")[0] == "Cuisine du Port"
    assert set(network["themes"].split("|")) == {"feed", "move", "clothe", "equip", "house"}
    assert network["manque"] == "fund"
    assert "Se financer, faire face (25 personnes à moins de 15 km d'un membre)" in network["raison"]
    members = rows_of(results["MEMBERS"])
    assert [row["uuid"] for row in members if row["role"] == "pilote"] == [network["pilote_id"]]
    assert network["pilote"] == next(row["nom"] for row in members if row["role"] == "pilote")


def test_a_group_that_chance_would_make_too_is_not_called_firm(actors):
    (network,) = rows_of(run(actors)["NETWORKS"])
    assert network["solidite"] != "nette"


def test_without_needs_the_themes_around_stand_for_them_and_that_is_said(actors, tmp_path):
    feedback = QgsProcessingFeedback(False)
    path = tmp_path / "rapport.html"
    results = run(actors, feedback, REPORT=str(path))
    assert "the themes of the actors around stand for what is needed" in feedback.textLog()
    assert "thèmes présents à moins de 15 km" in links_of(results["OUTPUT"])["u1", "u2"]["raison"]
    assert "the actors within the distance" in path.read_text(encoding="utf-8")


def test_similarity_links_those_who_resemble_each_other(memory_layer):
    uri = ACTORS + "&field=description:string(300)"
    texts = ["Repas partagés du quartier", "Repas de quartier", "Atelier vélo", "Vélo et mécanique", "", ""]
    rows = [(*row[:3], row[3], *row[4:], text) for row, text in zip(ROWS, texts)]
    links = rows_of(run(memory_layer(uri, rows), MODE=1)["OUTPUT"])
    assert {row["type"] for row in links} == {"semblable"}
    assert any("mots communs : " in row["raison"] for row in links)


def test_degrees_give_the_same_networks(actors):
    parameters = {"INPUT": actors, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    degrees = run(processing.run("native:reprojectlayer", parameters)["OUTPUT"])
    metric = run(actors)
    assert degrees["NETWORKS"].crs().authid() == degrees["OUTPUT"].crs().authid() == "EPSG:4326"
    assert {ends: row["type"] for ends, row in links_of(degrees["OUTPUT"]).items()} == {
        ends: row["type"] for ends, row in links_of(metric["OUTPUT"]).items()
    }


def test_needs_in_another_crs_are_counted_in_metres(actors, needs):
    parameters = {"INPUT": needs, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    degrees = processing.run("native:reprojectlayer", parameters)["OUTPUT"]
    assert said(run(actors, NEEDS=degrees)["NETWORKS"]) == said(run(actors, NEEDS=needs)["NETWORKS"])


def test_shuffled_rows_give_the_same_layers(memory_layer, actors, needs):
    straight = run(actors, NEEDS=needs)
    turned = run(memory_layer(ACTORS, ROWS[::-1]), NEEDS=memory_layer(NEEDS, WANTED[::-1]))
    for name in ("OUTPUT", "NETWORKS", "MEMBERS"):
        assert said(straight[name]) == said(turned[name])


def test_polygons_stand_at_a_point_within_them(memory_layer):
    squares = [
        (f"POLYGON(({X + k} {Y}, {X + k + 50} {Y}, {X + k + 50} {Y + 50}, {X + k} {Y}))", *row[1:])
        for k, row in zip((0, 900, 1800), ROWS)
    ]
    assert run(memory_layer(ACTORS.replace("Point", "Polygon"), squares))["OUTPUT"].featureCount() >= 2


def test_an_empty_layer_gives_empty_layers_and_a_sentence(memory_layer):
    feedback = QgsProcessingFeedback(False)
    results = run(memory_layer(ACTORS, [], "acteurs"), feedback)
    assert [results[name].featureCount() for name in ("OUTPUT", "NETWORKS", "MEMBERS")] == [0, 0, 0]
    assert "acteurs: no feature to work on" in feedback.textLog()


def test_one_actor_has_no_link(memory_layer):
    results = run(memory_layer(ACTORS, ROWS[:1]))
    assert results["OUTPUT"].featureCount() == 0
    assert rows_of(results["MEMBERS"])[0]["reseau"] == NULL


def test_nobody_within_the_distance_ends_with_a_cure(actors):
    feedback = QgsProcessingFeedback(False)
    assert run(actors, feedback, DISTANCE=10)["OUTPUT"].featureCount() == 0
    assert "Take a longer distance" in feedback.textLog()


def test_actors_all_at_one_place_are_one_network_with_a_surface(memory_layer):
    results = run(memory_layer(ACTORS, [(point(0), *row[1:]) for row in ROWS]))
    (network,) = results["NETWORKS"].getFeatures()
    assert network.geometry().area() > 0
    assert network["n"] == 6


def test_two_of_one_name_at_one_place_may_be_a_duplicate(memory_layer):
    twin = (point(10), "u7", "CUISINE DU PORT !", "move", "familles", "", "")
    links = rows_of(run(memory_layer(ACTORS, [*ROWS, twin]))["OUTPUT"])
    (link,) = (row for row in links if {row["de"], row["vers"]} == {"u1", "u7"})
    assert "peut-être un doublon (même nom)" in link["raison"]


def test_what_is_not_known_is_reported_with_ids(memory_layer, actors):
    feedback = QgsProcessingFeedback(False)
    layer = memory_layer(NEEDS, [(point(0), "feed", None), (point(0), "move", -4), (point(0), "", 3)], "besoins")
    run(actors, feedback, NEEDS=layer)
    text = feedback.textLog()
    assert "Actors without a theme, linked by the rest: 1 (features 5)" in text
    assert "Needs without a theme, asking for none: 1 (features 3)" in text
    assert "Needs without a known count, counted as one person: 2 (features 1, 2)" in text


def test_needs_without_any_theme_are_said_not_to_count(actors, memory_layer):
    feedback = QgsProcessingFeedback(False)
    run(actors, feedback, NEEDS=memory_layer("Point?crs=EPSG:2154", [(point(0),)], "besoins"))
    assert "The needs name no theme" in feedback.textLog()


def test_geometries_that_are_missing_are_reported(memory_layer):
    feedback = QgsProcessingFeedback(False)
    assert (
        run(memory_layer(ACTORS, [(None, *ROWS[0][1:]), *ROWS[1:]], "acteurs"), feedback)["MEMBERS"].featureCount() == 5
    )
    assert "acteurs: 1 without a geometry, left out (features 1)" in feedback.textLog()


def test_a_layer_of_points_alone_is_linked_by_nearness_and_says_so(memory_layer):
    layer = memory_layer("Point?crs=EPSG:2154", [(point(100 * k),) for k in range(4)], "points")
    links = rows_of(run(layer)["OUTPUT"])
    assert {row["type"] for row in links} == {"proximite"}
    assert {row["force"] for row in links} == {0.0}


def test_a_named_field_that_the_layer_lacks_is_refused(actors):
    with pytest.raises(QgsProcessingException, match="no field metiers"):
        run(actors, THEME_FIELD="metiers")


@pytest.mark.parametrize(
    ("parameters", "match"), [({"DISTANCE": 0}, "give one above 0"), ({"MIN_SIZE": 9, "MAX_SIZE": 4}, "in their order")]
)
def test_parameters_that_mean_nothing_are_refused_with_the_cure(actors, parameters, match):
    with pytest.raises(QgsProcessingException, match=match):
        run(actors, **parameters)


def test_networks_and_members_are_written_only_when_asked_for(actors):
    assert set(processing.run(ALGORITHM, {"ACTORS": actors, "OUTPUT": "memory:"})) == {"OUTPUT"}


class Impatient(QgsProcessingFeedback):
    """Cancels once the progress has come to a share."""

    def __init__(self, percent):
        super().__init__(False)
        self.percent = percent
        self.seen = []
        self.progressChanged.connect(self._look)

    def _look(self, progress):
        self.seen.append(progress)
        if progress >= self.percent:
            self.cancel()


@pytest.mark.parametrize("percent", [0, 20, 60])
def test_a_cancelled_run_leaves_nothing_behind(actors, tmp_path, percent):
    feedback = Impatient(percent)
    if not percent:
        feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(actors, feedback, OUTPUT=str(tmp_path / "liens.gpkg"), NETWORKS=str(tmp_path / "reseaux.gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_the_report_shows_the_networks_and_how_firm_they_are(actors, needs, tmp_path):
    path = tmp_path / "rapport.html"
    run(actors, NEEDS=needs, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "Modularity of the largest part" in text
    assert "10.1126/science.1065103" in text
    assert text.count("<figure>") == 3
    assert "Themes that networks lack" in text


def test_results_shown_in_a_project_are_styled_with_french_aliases(actors):
    from tisserand.layers.result_looks.networks import LINK_ALIASES, MEMBER_ALIASES, NETWORK_ALIASES

    context = QgsProcessingContext()
    names = ("OUTPUT", "NETWORKS", "MEMBERS")
    shown = {name: QgsProcessingOutputLayerDefinition("memory:", QgsProject.instance()) for name in names}
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    results, done = algorithm.run({"ACTORS": actors, **shown}, context, QgsProcessingFeedback(False))
    assert done
    for name, aliases in zip(names, (LINK_ALIASES, NETWORK_ALIASES, MEMBER_ALIASES)):
        layer = context.getMapLayer(results[name])
        details = context.layerToLoadOnCompletionDetails(results[name])
        details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
        assert {field.name(): field.alias() for field in layer.fields() if field.alias()} == aliases
        rules = layer.renderer().rootRule().children()
        drawn = [{feature.id() for feature in layer.getFeatures(rule.filterExpression())} for rule in rules]
        assert sum(map(len, drawn)) == len(set().union(*drawn)) == layer.featureCount()


def geopackage(layer, path):
    """Write the layer into a GeoPackage and return its address."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", layer.name()
    result = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    assert result[0] == QgsVectorFileWriter.WriterError.NoError, result
    return f"{path}|layername={layer.name()}"


def test_qgis_process_runs_it_by_its_id_and_its_numbers(actors, needs, tmp_path, qgis_process):
    outputs = {name: tmp_path / f"{name}.gpkg" for name in ("OUTPUT", "NETWORKS", "MEMBERS")}
    sources = {
        "ACTORS": geopackage(actors, tmp_path / "acteurs.gpkg"),
        "NEEDS": geopackage(needs, tmp_path / "besoins.gpkg"),
    }
    words = [f"{name}={value}" for name, value in {**sources, **outputs, "MODE": 0, "NEIGHBOURS": 3}.items()]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["results"]) == set(outputs)
    layers = {name: QgsVectorLayer(str(path), name, "ogr") for name, path in outputs.items()}
    assert layers["NETWORKS"].featureCount() == 1
    assert layers["MEMBERS"].featureCount() == 6
    assert "Strongest partners of each: 3" in layers["OUTPUT"].metadata().abstract()
