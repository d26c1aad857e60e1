"""Importing needs in a real QGIS: no person comes in, nor is repeated in a table or a report."""

import csv

import pytest
from qgis import processing
from qgis.core import QgsProcessingFeedback

from tisserand.layers import geopackage

ALGORITHM = "tisserand:importneeds"
NEED = {"libelle": "Manque de transport le soir", "theme_vie": "move", "niveau_geo": "commune", "code_geo": "92000"}


@pytest.fixture(autouse=True)
def importer(provider):
    """Register the algorithm where the provider does not have it yet."""
    from tisserand.processing.algorithms.import_needs import ImportNeeds

    if provider.algorithm("importneeds") is None:
        assert provider.addAlgorithm(ImportNeeds())


@pytest.fixture
def bring(make_store, tmp_path):
    store = make_store()

    def run(rows, **parameters):
        path = tmp_path / "besoins.csv"
        header = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        given = {"INPUT": str(path), "STORE": str(store), "SOURCE": "essai", "REJECTS": "memory:", **parameters}
        results = processing.run(ALGORITHM, given, feedback=QgsProcessingFeedback(False))
        return results, geopackage.read_rows(store, "besoin")

    return run


def fates(results):
    return tuple(results[name] for name in ("READ", "CREATED", "UPDATED", "UNCHANGED", "REJECTED"))


def test_needs_are_created_and_a_second_time_unchanged(bring):
    rows = [NEED, {**NEED, "code_geo": "92011", "nb_situations": "0"}, {**NEED, "code_geo": "92001"}]
    results, needs = bring(rows)
    assert fates(results) == (3, 3, 0, 0, 0)
    assert sorted(str(need["nb_situations"]) for need in needs) == ["0", "None", "None"]
    assert {(need["diffusion"], need["statut_besoin"]) for need in needs} == {("interne", "nouveau")}
    results, again = bring(rows[::-1])
    assert fates(results) == (3, 0, 0, 3, 0)
    assert again == needs


def test_a_person_is_refused_with_the_cure_and_told_nowhere(bring, tmp_path):
    report = tmp_path / "rapport.html"
    rows = [{**NEED, "prénom": "Fictive", "téléphone": "01 99 00 12 34"}, NEED]
    results, needs = bring(rows, REPORT=str(report), REMARKS="memory:")
    assert fates(results) == (2, 1, 0, 0, 1)
    (rejected,) = results["REJECTS"].getFeatures()
    assert "take the column out" in rejected["cause"]
    told = [
        value for name in ("REJECTS", "REMARKS") for row in results[name].getFeatures() for value in row.attributes()
    ]
    for secret in ("Fictive", "01 99 00 12 34"):
        assert secret not in report.read_text(encoding="utf-8")
        assert secret not in str(told) + str(needs)
