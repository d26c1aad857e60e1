"""Duplicates, quality and survey effort of a workspace: run as the menu runs them, shown in its project."""

import pytest
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingFeedback

from tisserand.layers import geopackage
from tisserand.layers.project import make_project, table_of
from tisserand.layers.result_tables import DUPLICATES, EFFORT, MERGES, QUALITY
from tisserand.layers.results import add_results
from tisserand.qgis_plugin import prefill

pytestmark = pytest.mark.usefixtures("provider")
SIRET = "12345678900012"


@pytest.fixture(scope="module", autouse=True)
def registered(provider):
    """Register the algorithm where the provider does not list it yet."""
    from tisserand.processing.algorithms.merge_actors import MergeActors

    if QgsApplication.processingRegistry().algorithmById("tisserand:mergeactors") is None:
        provider.addAlgorithm(MergeActors())


@pytest.fixture
def store(make_store):
    return make_store(
        [
            {"at": (0, 0), "nom": "La Bobine", "siret": SIRET},
            {"at": (0, 0), "nom": "Ressourcerie La Bobine", "siret": SIRET},
            {"at": (1, 0), "nom": "Autre"},
            {"at": (1, 1), "nom": "Retiré", "siret": SIRET, "supprime_le": "2026-01-01T00:00:00Z"},
        ]
    )


def run(algorithm, parameters):
    return processing.run(f"tisserand:{algorithm}", parameters, feedback=QgsProcessingFeedback(False))


def test_results_lie_in_the_workspace_and_its_project_shows_them(store, tmp_path):
    project = make_project(store, tmp_path / "essai.qgz")
    run("findduplicates", prefill.find_duplicates(store))
    run("checkquality", prefill.check_quality(store))
    run("surveyeffort", prefill.survey_effort(store))
    added = {table_of(layer): layer for layer in add_results(project, store)}
    assert set(added) == {DUPLICATES, MERGES, QUALITY, EFFORT}
    assert all(layer.isValid() for layer in added.values())
    assert {name: layer.featureCount() for name, layer in added.items() if name != MERGES} == {
        DUPLICATES: 1,
        QUALITY: 3,
        EFFORT: 6,
    }
    assert added[MERGES].attributeDisplayName(added[MERGES].fields().lookupField("garde")) == "Fiche gardée"
    assert add_results(project, store) == []
    project.clear()


def test_a_proposal_can_be_merged_as_it_stands(store):
    run("findduplicates", prefill.find_duplicates(store))
    line = geopackage.read_rows(store, MERGES)[0]
    run("mergeactors", {**prefill.merge_actors(store), "KEEP": line["garde"], "WITHDRAW": line["retire"]})
    assert {row["uuid"] for row in geopackage.read_rows(store, "acteur")} & {line["garde"], line["retire"]} == {
        line["garde"]
    }
