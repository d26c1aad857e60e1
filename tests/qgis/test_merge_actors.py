"""Merging actors of a workspace in a real QGIS: what is told, what is written, and when nothing is."""

import json

import pytest
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback

from tisserand.layers import geopackage

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:mergeactors"
KEEP, OTHER, THIRD = (f"{number:08d}-0000-4000-8000-000000000000" for number in (1, 2, 3))


@pytest.fixture(scope="module", autouse=True)
def registered(provider):
    """Register the algorithm where the provider does not list it yet."""
    from tisserand.processing.algorithms.merge_actors import MergeActors

    if QgsApplication.processingRegistry().algorithmById(ALGORITHM) is None:
        provider.addAlgorithm(MergeActors())


@pytest.fixture
def store(make_store):
    path = make_store(
        [
            {"at": (0, 0), "uuid": KEEP, "nom": "La Bobine", "source": "alpha", "source_ref": "1"},
            {"at": (0, 0), "uuid": OTHER, "nom": "Ressourcerie La Bobine", "telephone": "0199000001"}
            | {"source": "beta", "source_ref": "2"},
            {"at": (1, 0), "uuid": THIRD, "nom": "Autre"},
        ]
    )
    geopackage.write_rows(path, {"service": [{"uuid": THIRD[:-1] + "9", "acteur_uuid": OTHER, "nom": "Atelier"}]})
    return path


def run(store, feedback=None, **parameters):
    parameters = {"STORE": str(store), "KEEP": KEEP, "WITHDRAW": OTHER, **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def in_force(store):
    return {row["uuid"]: row for row in geopackage.read_rows(store, "acteur")}


def test_a_proposal_is_applied(store):
    assert run(store) == {"WITHDRAWN": 1, "MOVED": 1, "DOUBLED": 0}
    actors = in_force(store)
    assert set(actors) == {KEEP, THIRD}
    assert (actors[KEEP]["nom"], actors[KEEP]["telephone"]) == ("La Bobine", "0199000001")
    assert [service["acteur_uuid"] for service in geopackage.read_rows(store, "service")] == [KEEP]


def test_the_value_named_is_taken(store):
    run(store, FIELDS=json.dumps({"nom": OTHER}))
    assert in_force(store)[KEEP]["nom"] == "Ressourcerie La Bobine"


def test_a_dry_run_tells_and_writes_nothing(store):
    before, feedback = store.read_bytes(), QgsProcessingFeedback(False)
    assert run(store, feedback, DRY_RUN=True)["WITHDRAWN"] == 1
    assert store.read_bytes() == before
    assert "Nom : La Bobine ← Ressourcerie La Bobine" in feedback.textLog()


def test_a_second_run_says_that_it_was_done(store):
    run(store)
    feedback = QgsProcessingFeedback(False)
    assert run(store, feedback) == {"WITHDRAWN": 0, "MOVED": 0, "DOUBLED": 0}
    assert f"Merged before, left as they are: 1 ({OTHER})" in feedback.textLog()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"WITHDRAW": "nulle-part"}, "No actor has the identifier nulle-part"),
        ({"WITHDRAW": KEEP}, "Name the actor to keep"),
        ({"FIELDS": "nom"}, "does not say which value to take"),
        ({"FIELDS": '{"nom": "nulle-part"}'}, "cannot come from nulle-part"),
        ({"FIELDS": json.dumps({"opposition_le": OTHER})}, "cannot be chosen"),
    ],
)
def test_what_cannot_be_is_refused_with_the_cure_and_nothing_is_written(store, parameters, sentence):
    before = store.read_bytes()
    with pytest.raises(QgsProcessingException, match=sentence):
        run(store, **parameters)
    assert store.read_bytes() == before


def test_the_report_tells_each_value_and_what_moved(store, tmp_path):
    path = tmp_path / "fusion.html"
    run(store, REPORT=str(path))
    text = path.read_text(encoding="utf-8")
    assert "Ressourcerie La Bobine" in text
    assert "Services" in text
