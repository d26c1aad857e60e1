"""What the coverage algorithm writes, where it may not, and what it leaves behind when it is stopped."""

import json
import runpy
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

pytestmark = pytest.mark.usefixtures("provider")
plans = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("coverage_layers.py"))))
ALGORITHM = plans.ALGORITHM
NEEDS = plans.NEEDS
ACTORS = plans.ACTORS
needs = plans.needs
actors = plans.actors
run = plans.run
territories = plans.territories
geopackage = plans.geopackage


def test_a_report_that_cannot_be_written_is_a_sentence(needs, actors, tmp_path):
    with pytest.raises(QgsProcessingException, match="cannot be written"):
        run(needs, actors, REPORT=str(tmp_path / "absent" / "rapport.html"))


def test_results_go_into_an_existing_store_and_carry_their_parameters(needs, actors, territories, tmp_path):
    store = tmp_path / "atelier.gpkg"
    needs, actors = geopackage(needs, store), geopackage(actors, store)
    for _ in range(2):
        run(
            needs,
            actors,
            TERRITORIES=territories,
            REACH=33,
            OUTPUT=f"ogr:dbname='{store}' table=\"analyse_couverture\" (geom)",
            BY_TERRITORY=f"ogr:dbname='{store}' table=\"analyse_couverture_territoire\" (geom)",
        )
    output = QgsVectorLayer(f"{store}|layername=analyse_couverture", "o", "ogr")
    assert output.featureCount() == 4
    assert len({feature.id() for feature in output.getFeatures()}) == 4
    assert "Reach (minutes): 33" in output.metadata().abstract()
    assert "Actors: atelier" in output.metadata().abstract()
    assert QgsVectorLayer(f"{store}|layername=analyse_couverture_territoire", "t", "ogr").featureCount() == 12
    assert QgsVectorLayer(f"{store}|layername=besoins", "n", "ogr").featureCount() == 3


@pytest.mark.parametrize("when", [0, 20, 80])
def test_a_cancelled_run_leaves_nothing_behind(needs, actors, tmp_path, when):
    class Impatient(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.progressChanged.connect(lambda share: self.cancel() if share >= when else None)
            if when == 0:
                self.cancel()

    path = tmp_path / "sortie.gpkg"
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(needs, actors, Impatient(), OUTPUT=str(path))
    assert list(tmp_path.iterdir()) == []


def test_a_run_cancelled_while_writing_leaves_the_store_as_it_was(needs, actors, tmp_path):
    class Impatient(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.progressChanged.connect(lambda share: self.cancel() if share >= 80 else None)

    store = tmp_path / "atelier.gpkg"
    kept = geopackage(actors, store)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(needs, kept, Impatient(), OUTPUT=f"ogr:dbname='{store}' table=\"analyse\" (geom)")
    assert not QgsVectorLayer(f"{store}|layername=analyse", "a", "ogr").isValid()
    assert QgsVectorLayer(f"{store}|layername=acteurs", "a", "ogr").featureCount() == 3


def test_what_fails_after_the_first_output_takes_that_one_away_too(needs, actors, territories, tmp_path):
    absent = str(tmp_path / "absent" / "territoires.gpkg")
    with pytest.raises(QgsProcessingException):
        run(needs, actors, OUTPUT=str(tmp_path / "besoins.gpkg"), TERRITORIES=territories, BY_TERRITORY=absent)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_results_are_written_to_files_of_all_kinds(needs, actors, tmp_path, suffix):
    path = tmp_path / f"sortie.{suffix}"
    feedback = QgsProcessingFeedback(False)
    run(needs, actors, feedback, OUTPUT=str(path))
    layer = QgsVectorLayer(str(path), "s", "ogr")
    layer.loadDefaultMetadata()
    assert layer.featureCount() == 4
    assert "could not be written to its metadata" not in feedback.textLog()
    assert "Reach (minutes): 20" in layer.metadata().abstract()


def test_an_output_that_cannot_be_written_is_refused(needs, actors, tmp_path):
    with pytest.raises(QgsProcessingException):
        run(needs, actors, OUTPUT=str(tmp_path / "absent" / "sortie.gpkg"))


def test_qgis_process_runs_it_by_its_id_and_ends_well(needs, actors, territories, tmp_path, qgis_process):
    store = tmp_path / "atelier.gpkg"
    words = [f"NEEDS={geopackage(needs, store)}", f"ACTORS={geopackage(actors, store)}", "DECAY=3", "ROBUSTNESS=true"]
    words += [f"TERRITORIES={geopackage(territories, store)}", f"BY_TERRITORY={tmp_path / 'territoires.gpkg'}"]
    done = qgis_process("--json", "run", ALGORITHM, "--", *words, f"OUTPUT={tmp_path / 'sortie.gpkg'}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["PEOPLE"] == 29
    assert QgsVectorLayer(str(tmp_path / "sortie.gpkg"), "s", "ogr").featureCount() == 4
    assert QgsVectorLayer(str(tmp_path / "territoires.gpkg"), "t", "ogr").featureCount() == 12


def test_qgis_process_ends_with_an_error_when_a_field_is_missing(needs, actors, tmp_path, qgis_process):
    store = tmp_path / "atelier.gpkg"
    words = [f"NEEDS={geopackage(needs, store)}", f"ACTORS={geopackage(actors, store)}", "NEEDS_COUNT=nombre"]
    done = qgis_process("run", ALGORITHM, "--", *words, f"OUTPUT={tmp_path / 'sortie.gpkg'}")
    assert done.returncode != 0
    assert "nombre" in done.stdout + done.stderr
    assert not (tmp_path / "sortie.gpkg").exists()


@pytest.mark.parametrize("room", [60_000, 200_000, 5_000_000])
def test_a_disk_with_too_little_room_is_named_and_holds_nothing(
    qgis_process, needs, actors, small_disk, tmp_path, room
):
    store, disk = tmp_path / "atelier.gpkg", small_disk(room)
    words = [f"NEEDS={geopackage(needs, store)}", f"ACTORS={geopackage(actors, store)}"]
    done = qgis_process("run", ALGORITHM, "--", *words, f"OUTPUT={disk / 'sortie.gpkg'}")
    assert done.returncode != 0
    assert str(disk) in done.stderr
    assert "Traceback" not in done.stderr
    assert list(disk.iterdir()) == []


def test_a_store_that_another_program_holds_is_named(qgis_process, needs, actors, tmp_path):
    store = tmp_path / "atelier.gpkg"
    words = [f"NEEDS={geopackage(needs, store)}", f"ACTORS={geopackage(actors, store)}"]
    held = tmp_path / "tenu.gpkg"
    geopackage(needs, held)
    with closing(sqlite3.connect(held, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        target = f'ogr:dbname="{held}" table="resultat" (geom)'
        done = qgis_process("run", ALGORITHM, "--", *words, f"OUTPUT={target}")
    assert done.returncode != 0
    assert "Another program is writing" in done.stderr or "Un autre programme" in done.stderr
