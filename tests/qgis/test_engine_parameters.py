"""Where the work of an analysis is done, as its parameters say."""

import pytest
from pyproj import CRS
from qgis import processing
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
)

from tisserand.layers.errors import TisserandError
from tisserand.processing.algorithms import engine_parameters
from tisserand.processing.algorithms.base import TisserandAlgorithm
from tisserand.processing.analysis.ways import CrowFly


class Said(QgsProcessingFeedback):
    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def pushWarning(self, warning):  # noqa: N802
        self.warnings.append(warning)


class Reaching(TisserandAlgorithm):
    def name(self):
        return "reaching"

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.addParameter(QgsProcessingParameterFeatureSource(engine_parameters.ACTORS, "Acteurs", optional=True))
        engine_parameters.add_engine(self)


@pytest.fixture
def work(qgis_app):
    def worked_on(feedback, ways=None, **parameters):
        algorithm = Reaching()
        algorithm.initAlgorithm()
        given = (parameters, QgsProcessingContext(), feedback)
        return engine_parameters.worked_on(algorithm, ways or CrowFly(), CRS.from_epsg(2154), *given)

    return worked_on


def test_both_parameters_are_advanced_and_change_nothing_when_left_alone(work):
    algorithm = Reaching()
    algorithm.initAlgorithm()
    for name in (engine_parameters.SCHEDULER, engine_parameters.IN_DATABASE):
        flags = algorithm.parameterDefinition(name).flags()
        assert flags & QgsProcessingParameterDefinition.Flag.FlagAdvanced
    feedback = Said()
    with work(feedback) as ways:
        assert ways == CrowFly()
    assert feedback.warnings == []


def test_a_cluster_and_a_database_at_once_are_refused(work):
    with pytest.raises(TisserandError, match="Choose one place"), work(Said(), SCHEDULER="h:1", IN_DATABASE=True):
        pass


def test_by_roads_the_work_is_done_here_with_a_word(work):
    feedback, roads = Said(), object()
    with work(feedback, roads, SCHEDULER="127.0.0.1:9") as ways:
        assert ways is roads
    assert feedback.warnings == ["By roads, the pairs are searched on this machine."]


def test_actors_of_no_database_are_searched_here_with_a_word(work, memory_layer):
    feedback = Said()
    layer = memory_layer("Point?crs=EPSG:2154", [("POINT (1 1)",)])
    with work(feedback, ACTORS=layer, IN_DATABASE=True) as ways:
        assert ways == CrowFly()
    assert len(feedback.warnings) == 1
    assert "not a layer of a PostGIS database" in feedback.warnings[0]


def test_a_cluster_that_cannot_be_reached_is_a_sentence(work):
    # Where Dask is missing the sentence says that; elsewhere, that nobody answers.
    with pytest.raises(TisserandError, match="empty to work on this machine"), work(Said(), SCHEDULER="127.0.0.1:9"):
        pass


def test_coverage_says_what_is_amiss_with_the_cluster_and_writes_nothing(provider, memory_layer, tmp_path):
    points = memory_layer("Point?crs=EPSG:2154", [("POINT (650000 6860000)",)])
    output = tmp_path / "couverture.gpkg"
    given = {"NEEDS": points, "ACTORS": points, "SCHEDULER": "127.0.0.1:9", "OUTPUT": str(output)}
    with pytest.raises(QgsProcessingException, match=r"127\.0\.0\.1:9|distributed"):
        processing.run("tisserand:coveragegaps", given)
    assert not output.exists()
