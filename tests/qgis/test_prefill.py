"""Each analysis of the menu runs on a workspace with what the menu gives it, and the project shows the results."""

import pytest
from qgis import processing
from qgis.core import NULL, QgsProcessingFeedback, QgsProject, QgsVectorLayer

from tisserand.layers import geopackage, result_tables
from tisserand.layers.errors import TisserandError
from tisserand.layers.results import add_results
from tisserand.qgis_plugin import prefill

pytestmark = pytest.mark.usefixtures("provider")
CELLS = [(x, y) for x in range(3) for y in range(2)]
AFTER_COVERAGE = {
    "hotspots": (prefill.hot_spots, ["HOT_SPOTS"]),
    "similarneeds": (prefill.similar_needs, ["LEADS", "LEAD_MEMBERS"]),
    "matchneeds": (prefill.match_needs, ["MATCHES", "MATCHED_NEEDS", "MATCHED_ACTORS"]),
    "networks": (prefill.networks, ["NETWORK_LINKS", "NETWORKS", "NETWORK_MEMBERS"]),
    "newlocations": (prefill.new_locations, ["NEW_SITES", "NEW_SITES_DEMAND"]),
}


@pytest.fixture
def store(make_store):
    actors = [{"at": at, "capacite": 5, "themes_vie": "feed|move"} for at in CELLS[:5]]
    actors += [{"at": at, "nom": "Mairie fictive", "type_initiative": "mairie"} for at in CELLS]
    needs = [{"at": at, "nb_situations": 20, "nb_volontaires": 2} for at in CELLS for _ in range(2)]
    needs.append({"at": CELLS[0], "nb_situations": 3, "theme_vie": "house"})
    return make_store(actors, needs, vitesse_kmh=50, detour=1.3, portee_min=20, semblables_m=10_000)


def run(name, parameters):
    return processing.run(f"tisserand:{name}", parameters, feedback=QgsProcessingFeedback(False))


def test_every_analysis_leaves_its_results_in_the_workspace_and_the_project_shows_them(store):
    run("coveragegaps", prefill.coverage_gaps(store))
    run("similarinitiatives", prefill.similar_initiatives(store))
    for name, (parameters, tables) in AFTER_COVERAGE.items():
        run(name, parameters(store))
        for table in tables:
            made = getattr(result_tables, table)
            assert made in geopackage_tables(store), (name, table)
    project = QgsProject()
    shown = {layer.source() for layer in add_results(project, store)}
    filled = [name for _, tables in AFTER_COVERAGE.values() for name in tables]
    filled = [name for name in map(vars(result_tables).get, filled) if geopackage.count_rows(store, name)]
    assert len(filled) >= 8
    for name in filled:
        assert any(f"layername={name}" in source for source in shown), name
    # A second run replaces the first.
    run("matchneeds", prefill.match_needs(store))
    project.clear()


def geopackage_tables(store):
    from osgeo import ogr

    data = ogr.Open(str(store))
    return [data.GetLayer(number).GetName() for number in range(data.GetLayerCount())]


@pytest.mark.parametrize("parameters", [prefill.hot_spots, prefill.new_locations])
def test_what_builds_on_the_coverage_says_to_compute_it_first(store, parameters):
    with pytest.raises(TisserandError, match="Coverage gaps"):
        parameters(store)


def test_what_is_proposed_for_publication_hides_what_is_small(store, tmp_path):
    output = tmp_path / "publication.gpkg"
    run("publish", {**prefill.publish(store), "OUTPUT": str(output)})
    layer = QgsVectorLayer(str(output), "", "ogr")
    rows = [(row["masque"], row["personnes"], row["seuil"]) for row in layer.getFeatures()]
    assert {mask for mask, *_ in rows} >= {"none", "seuil"}
    assert all(people == NULL for mask, people, _ in rows if mask != "none")
    assert all(people in (0, NULL) or people >= threshold == 11 for mask, people, threshold in rows if mask == "none")
