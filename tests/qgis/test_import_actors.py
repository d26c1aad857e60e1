"""Importing actors in a real QGIS: numbers that add up, tables of causes, and a store that is whole or as it was."""

import csv
import json
import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers import geopackage, workspace

ALGORITHM = "tisserand:importactors"
DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
LON, LAT = 2.205, 48.855
HEADER = ("source_ref", "nom", "adresse", "longitude", "latitude", "telephone", "siret", "couleur")


@pytest.fixture(autouse=True)
def importer(provider):
    """Register the algorithm where the provider does not have it yet."""
    from tisserand.processing.algorithms.import_actors import ImportActors

    if provider.algorithm("importactors") is None:
        assert provider.addAlgorithm(ImportActors())


@pytest.fixture
def store(make_store):
    return make_store([{"at": (0, 0), "nom": "La Maison fictive du vélo", "source": "annuaire"}])


@pytest.fixture
def file_of(tmp_path):
    def make(rows, name="lieux.csv"):
        path = tmp_path / name
        header = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="", delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return make


def row(number, **values):
    place = {"longitude": f"{LON + number * 0.0001:.6f}", "latitude": f"{LAT:.6f}"}
    name = f"Lieu fictif {'ABCDEFGHIJ'[number % 10]} {number}"
    return {"source_ref": f"n-{number}", "nom": name, **place, "couleur": "bleu", **values}


def run(store, path, feedback=None, **parameters):
    given = {"INPUT": str(path), "STORE": str(store), "SOURCE": "essai", "REJECTS": "memory:", **parameters}
    return processing.run(ALGORITHM, given, feedback=feedback or QgsProcessingFeedback(False))


def fates(results):
    return tuple(results[name] for name in ("READ", "CREATED", "UPDATED", "UNCHANGED", "REJECTED"))


def table(layer, *names):
    layer = layer if isinstance(layer, QgsVectorLayer) else QgsVectorLayer(layer)
    return [tuple(feature[name] for name in names) for feature in layer.getFeatures()]


def dump(store):
    with closing(sqlite3.connect(store)) as connection:
        return "\n".join(line for line in connection.iterdump() if "rtree" not in line)


def at_the_bike_house(store):
    """Return the degrees of the actor of the store."""
    from osgeo import ogr, osr

    (actor,) = geopackage.read_rows(store, "acteur")
    systems = [osr.SpatialReference(), osr.SpatialReference()]
    for system, epsg in zip(systems, (2154, 4326)):
        system.ImportFromEPSG(epsg)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    point = ogr.CreateGeometryFromWkb(actor["geom"])
    point.Transform(osr.CoordinateTransformation(*systems))
    return {"longitude": f"{point.GetX():.6f}", "latitude": f"{point.GetY():.6f}"}


def test_every_row_has_a_fate_and_the_rejected_ones_a_cause(store, file_of):
    bad = row(3, nom="", source_ref="n-3")
    results = run(store, file_of([row(1), row(2), bad, row(4, longitude="4.8", latitude="45.7")]))
    assert fates(results) == (4, 2, 0, 0, 2)
    causes = table(results["REJECTS"], "ligne", "champ", "valeur", "cause")
    assert [line for line, *_ in causes] == [4, 5]
    assert causes[0][1] == "nom"
    assert all(cause.endswith(".") for *_, cause in causes)


def test_the_same_file_again_changes_nothing_even_shuffled(store, file_of):
    rows = [row(number) for number in range(20)]
    assert fates(run(store, file_of(rows))) == (20, 20, 0, 0, 0)
    before = dump(store)
    random.Random(3).shuffle(rows)
    rows = [dict(reversed(list(one.items()))) for one in rows]
    assert fates(run(store, file_of(rows))) == (20, 0, 0, 20, 0)
    assert dump(store) == before


def test_a_dry_run_says_the_same_and_writes_nothing(store, file_of):
    before = dump(store)
    results = run(store, file_of([row(1), row(2, nom="")]), DRY_RUN=True)
    assert fates(results) == (2, 1, 0, 0, 1)
    assert dump(store) == before


def test_a_row_that_may_be_an_actor_of_another_source_is_held_back_until_it_is_told_to_be_another(store, file_of):
    path = file_of([row(1, nom="Maison fictive du vélo", **at_the_bike_house(store)), row(2)])
    results = run(store, path, PROPOSALS="memory:")
    assert fates(results) == (2, 1, 0, 0, 1)
    ((line, twin, source, decision),) = table(results["PROPOSALS"], "ligne", "jumeau_nom", "jumeau_source", "decision")
    assert (line, twin, source, decision) == (2, "La Maison fictive du vélo", "annuaire", "retenue")
    assert "La Maison fictive du vélo" in table(results["REJECTS"], "cause")[0][0]
    assert fates(run(store, path, CREATE_ROWS="2")) == (2, 1, 0, 1, 0)
    assert fates(run(store, path)) == (2, 0, 0, 2, 0)


def test_a_siret_proposes_a_twin_only_where_it_is_single_and_the_names_resemble(store, file_of):
    siret = "35600000000048"
    run(store, file_of([row(1, siret=siret), row(2)]))
    other = [row(7, nom="Lieu fictif B 1 bis", siret=siret, source_ref="a", longitude=str(LON + 0.05))]
    assert fates(run(store, file_of(other), SOURCE="autre")) == (1, 0, 0, 0, 1)
    assert fates(run(store, file_of([{**other[0], "nom": "Garage imaginaire"}]), SOURCE="autre")) == (1, 1, 0, 0, 0)


def test_coordinates_the_wrong_way_round_wait_for_an_agreement(store, file_of):
    path = file_of([row(1), row(2, longitude=f"{LAT}", latitude=f"{LON}"), row(3)])
    assert fates(run(store, path)) == (3, 2, 0, 0, 1)
    assert fates(run(store, path, ACCEPT=["swapped"])) == (3, 1, 0, 2, 0)


def test_the_mapping_that_was_used_serves_again(store, file_of, tmp_path):
    path, saved = file_of([row(1), row(2)]), tmp_path / "mapping.json"
    run(store, path, SAVE_MAPPING=str(saved), DRY_RUN=True)
    rules = json.loads(saved.read_text(encoding="utf-8"))
    assert rules["columns"]["nom"] == {"column": "nom"}
    rules["columns"]["description"] = {"column": "couleur"}
    saved.write_text(json.dumps(rules), encoding="utf-8")
    run(store, path, MAPPING=str(saved))
    assert {found["description"] for found in geopackage.read_rows(store, "acteur") if found["source_ref"]} == {"bleu"}


def test_a_mapping_for_needs_is_refused_by_a_sentence(store, file_of, tmp_path):
    saved = tmp_path / "mapping.json"
    content = {"version": 1, "name": "Essai", "table": "besoin", "columns": {"libelle": {"column": "nom"}}}
    saved.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="besoin"):
        run(store, file_of([row(1)]), MAPPING=str(saved))


def test_the_report_has_the_numbers_the_causes_and_no_markup_of_the_file(store, file_of, tmp_path):
    report = tmp_path / "rapport.html"
    hostile = "<script>alert(1)</script>"
    run(store, file_of([row(1), row(2, nom=hostile, longitude="4.8", latitude="45.7")]), REPORT=str(report))
    text = report.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "Rejected" in text


def test_hostile_names_are_kept_as_text(store, file_of):
    names = ('=HYPERLINK("http://x","y")', "[% env('HOME') %]", "x' OR 1=1 --", "<b>gras</b> & co", "../../etc")
    run(store, file_of([row(number, nom=name) for number, name in enumerate(names)]))
    found = {actor["nom"] for actor in geopackage.read_rows(store, "acteur")}
    assert set(names) <= found


class Stopping(QgsProcessingFeedback):
    """Stops at a percentage, and notes when."""

    def __init__(self, at):
        super().__init__(False)
        self.at, self.asked, self.seen = at, None, []
        self.progressChanged.connect(self.look)

    def look(self, percent):
        self.seen.append(percent)
        if percent >= self.at and self.asked is None:
            self.asked = time.monotonic()
            self.cancel()


@pytest.mark.parametrize("percent", [5, 20, 50, 80])
def test_cancelled_at_any_moment_nothing_is_written(store, file_of, percent):
    path = file_of([row(number, longitude=f"{LON + number / 1e5:.6f}") for number in range(3000)])
    before = dump(store)
    feedback = Stopping(percent)
    with pytest.raises(QgsProcessingException, match="nothing was written"):
        run(store, path, feedback=feedback)
    assert dump(store) == before


def test_progress_moves_on_and_never_back(store, file_of):
    feedback = Stopping(1000)
    run(store, file_of([row(number, longitude=f"{LON + number / 1e5:.6f}") for number in range(3000)]), feedback)
    assert feedback.seen == sorted(feedback.seen)
    assert len(set(feedback.seen)) > 8


def test_a_store_that_another_program_writes_to_is_left_as_it_is(store, file_of):
    path, before = file_of([row(1)]), dump(store)
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(QgsProcessingException, match="Another program"):
            run(store, path)
        other.execute("ROLLBACK")
    assert dump(store) == before


def test_a_full_disk_leaves_the_store_as_it_was(make_store, file_of, small_disk):
    folder = small_disk("3M")
    store = folder / "essai.gpkg"
    store.write_bytes(make_store(name="modele.gpkg").read_bytes())
    before = dump(store)
    rows = [row(number, longitude=f"{LON + number / 1e5:.6f}", adresse="x" * 900) for number in range(3000)]
    with pytest.raises(QgsProcessingException, match="full"):
        run(store, file_of(rows))
    assert dump(store) == before


def test_what_is_not_a_workspace_is_refused_by_a_sentence(file_of, tmp_path):
    other = tmp_path / "autre.gpkg"
    other.write_bytes(b"not a workspace")
    with pytest.raises(QgsProcessingException, match=r"workspace|espace"):
        run(other, file_of([row(1)]))


FILES = sorted((DATA / "actors").glob("*.*")) if DATA.is_dir() else []


@pytest.fixture(scope="module")
def gironde(tmp_path_factory):
    if not FILES:
        pytest.skip("the real data of the Gironde are not beside the checkout")
    path = tmp_path_factory.mktemp("gironde") / "gironde.gpkg"
    workspace.build("33", path)
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: getattr(path, "stem", "absent"))
def test_real_files_come_in_and_a_second_time_change_nothing(gironde, path):
    first = run(gironde, path, SOURCE="", DUPLICATES="create", ACCEPT=["merged_commune", "lost_zero", "swapped"])
    assert first["READ"] == sum(first[name] for name in ("CREATED", "UPDATED", "UNCHANGED", "REJECTED"))
    assert first["CREATED"] + first["UPDATED"] > 0.5 * first["READ"]
    before = dump(gironde)
    again = run(gironde, path, SOURCE="", DUPLICATES="create", ACCEPT=["merged_commune", "lost_zero", "swapped"])
    assert fates(again) == (first["READ"], 0, 0, first["READ"] - first["REJECTED"], first["REJECTED"])
    assert dump(gironde) == before
