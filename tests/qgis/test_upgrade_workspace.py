"""A workspace of an earlier version in a real QGIS: upgraded, its project made anew; then contacts erased from one."""

import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsVectorLayer

from tisserand.layers import geopackage
from tisserand.layers.errors import DiskFullError
from tisserand.layers.migrations import backup, upgrade
from tisserand.layers.model.tables import SCHEMA_VERSION
from tisserand.layers.project import fault, layers_of

pytestmark = pytest.mark.usefixtures("provider")
UNIT = Path(__file__).resolve().parents[1] / "unit"
old_stores = SimpleNamespace(**runpy.run_path(str(UNIT / "old_stores.py")))


@pytest.fixture
def old(tmp_path):
    return old_stores.make_old_store(tmp_path / "espace.gpkg")


@pytest.fixture
def feedback():
    return QgsProcessingFeedback(False)


def run(store, feedback, **parameters):
    return processing.run("tisserand:upgradeworkspace", {"STORE": str(store), **parameters}, feedback=feedback)


def former_project(store):
    """Write a project as a person had it on the former store, with a layer of its own."""
    project = QgsProject()
    for name in ("acteur", "besoin"):
        project.addMapLayer(QgsVectorLayer(f"{store}|layername={name}", name, "ogr"))
    project.setTitle("Le mien")
    path = store.with_suffix(".qgz")
    assert project.write(str(path))
    project.clear()
    return path


def test_a_former_workspace_becomes_one_of_today_with_its_project(old, feedback):
    results = run(old, feedback)
    assert (results["FROM"], results["TO"]) == (1, SCHEMA_VERSION)
    assert Path(results["BACKUP"]).name == f"espace.v1-{date.today().isoformat()}.gpkg"
    assert fault(Path(results["PROJECT"])) == ""
    project = QgsProject()
    assert project.read(results["PROJECT"])
    (actors,) = layers_of(project, "acteur")
    assert sorted(feature["nom"] for feature in actors.getFeatures())[0] == "Chez Élise & Cie"
    assert layers_of(project, "monographie")
    project.clear()


def test_an_upgraded_workspace_can_be_edited(old, feedback):
    results = run(old, feedback)
    project = QgsProject()
    assert project.read(results["PROJECT"])
    (actors,) = layers_of(project, "acteur")
    assert actors.startEditing()
    first = next(actors.getFeatures())
    assert actors.changeAttributeValue(first.id(), actors.fields().lookupField("description"), "Changée")
    assert actors.commitChanges(), actors.commitErrors()
    project.clear()
    assert geopackage.read_rows(old, "acteur")[0]["version"] == 2
    assert [line["operation"] for line in geopackage.read_rows(old, "journal")] == ["modification"]


def test_the_former_project_is_kept_and_still_opens(old, feedback):
    former_project(old)
    run(old, feedback)
    kept = QgsProject()
    assert kept.read(str(old.with_name("espace.v1.qgz")))
    assert kept.title() == "Le mien"
    assert [layer.isValid() for layer in kept.mapLayers().values()] == [True, True]
    kept.clear()
    assert "espace.v1.qgz" in feedback.textLog()


def test_a_workspace_of_today_is_left_as_it_is(old, feedback):
    run(old, feedback)
    project = old.with_suffix(".qgz").read_bytes()
    results = run(old, feedback)
    assert (results["FROM"], results["TO"], results["BACKUP"]) == (SCHEMA_VERSION, SCHEMA_VERSION, "")
    assert old.with_suffix(".qgz").read_bytes() == project
    assert len(list(old.parent.glob("*.gpkg"))) == 2


def test_a_workspace_that_the_open_project_shows_is_refused(old, feedback):
    project = QgsProject.instance()
    project.addMapLayer(QgsVectorLayer(f"{old}|layername=acteur", "acteur", "ogr"))
    try:
        with pytest.raises(QgsProcessingException, match=r"espace\.gpkg"):
            run(old, feedback)
    finally:
        project.clear()
    assert run(old, feedback)["FROM"] == 1


def test_a_project_that_cannot_be_made_is_told_and_the_store_upgraded(old, feedback, monkeypatch):
    path = former_project(old)
    held = path.read_bytes()

    def refuse(project, file):
        raise DiskFullError(file.parent)

    monkeypatch.setattr("tisserand.layers.project_renewal.save_project", refuse)
    assert run(old, feedback)["TO"] == SCHEMA_VERSION
    assert path.read_bytes() == held
    assert not old.with_name("espace.v1.qgz").exists()
    assert "espace.qgz" in feedback.textLog()


def test_a_workspace_of_tomorrow_is_refused_with_a_sentence(old, feedback):
    old_stores.change(old, "UPDATE meta SET valeur = '99' WHERE cle = 'version_schema'")
    with pytest.raises(QgsProcessingException, match=r"espace\.gpkg"):
        run(old, feedback)


def test_a_small_disk_is_refused_before_anything_is_done(small_disk, feedback):
    store = old_stores.make_old_store(small_disk(20_000_000) / "espace.gpkg")
    held = store.read_bytes()
    with pytest.raises(QgsProcessingException, match="100"):
        run(store, feedback)
    assert store.read_bytes() == held
    assert [path.name for path in store.parent.iterdir()] == [store.name]


@pytest.mark.parametrize("times", [1.3, 2.2, 2.8, 3.4])
def test_a_disk_that_fills_up_on_the_way_leaves_the_store_as_it_was(small_disk, monkeypatch, tmp_path, times):
    model = old_stores.make_old_store(tmp_path / "modele.gpkg")
    store = small_disk(int(times * model.stat().st_size)) / "espace.gpkg"
    store.write_bytes(model.read_bytes())
    held = old_stores.everything(store)
    monkeypatch.setattr(backup, "LEAST_FREE", 0)
    monkeypatch.setattr(backup, "TIMES", 0)
    with pytest.raises(DiskFullError):
        upgrade(store, date(2026, 11, 24))
    assert old_stores.everything(store) == held
    assert [path.name for path in store.parent.iterdir()] == [store.name]
    assert QgsVectorLayer(f"{store}|layername=acteur", "acteur", "ogr").featureCount() == 4


@pytest.fixture
def expired(make_store):
    """Return a workspace with a contact past its date and one within it."""
    consent = {"contact_nom": "Zoé Fictive", "consentement_le": date(2020, 1, 1)}
    return make_store(
        [
            {"at": (0, 0), "nom": "Le Bocal", **consent, "conservation_jusqu_a": date(2026, 5, 31)},
            {"at": (1, 0), "nom": "La Bobine", **consent, "conservation_jusqu_a": date(2026, 6, 30)},
        ]
    )


def erase(store, feedback, **parameters):
    parameters = {"STORE": str(store), "TODAY": "2026-06-01", **parameters}
    return processing.run("tisserand:erasecontacts", parameters, feedback=feedback)


def test_by_default_contacts_are_only_counted(expired, feedback, tmp_path):
    held = expired.read_bytes()
    report = tmp_path / "rapport.html"
    results = erase(expired, feedback, REPORT=str(report))
    assert (results["EXPIRED"], results["ERASED"]) == (1, 0)
    assert expired.read_bytes() == held
    text = report.read_text(encoding="utf-8")
    assert "Le Bocal" in text
    assert "La Bobine" not in text
    assert "Zoé" not in text + feedback.textLog()


def test_what_is_erased_is_counted_and_copies_that_keep_it_are_named(expired, feedback):
    expired.with_name("copie.gpkg").write_bytes(expired.read_bytes())
    results = erase(expired, feedback, DRY_RUN=False)
    assert (results["EXPIRED"], results["ERASED"]) == (1, 1)
    assert [row["contact_nom"] for row in geopackage.read_rows(expired, "acteur")] == [None, "Zoé Fictive"]
    assert "copie.gpkg" in feedback.textLog()


def test_one_actor_is_erased_at_once_by_the_identifier_that_qgis_shows(expired, feedback):
    other = geopackage.read_rows(expired, "acteur")[1]["uuid"]
    results = erase(expired, feedback, DRY_RUN=False, ACTOR=f" {{{other.upper()}}} ")
    assert results["EXPIRED"] == 2
    assert {row["contact_nom"] for row in geopackage.read_rows(expired, "acteur")} == {None}


# QGIS keeps what a call raised for ever, and with it all that the test held: a layer among it would outlive GDAL.
@pytest.fixture
def in_editing(expired):
    layer = QgsVectorLayer(f"{expired}|layername=acteur", "acteur", "ogr")
    assert layer.startEditing()
    first = next(layer.getFeatures())
    layer.changeAttributeValue(first.id(), layer.fields().lookupField("description"), "en cours")
    yield
    layer.rollBack()


@pytest.mark.usefixtures("in_editing")
def test_an_open_layer_in_editing_mode_bars_the_erasure(expired, feedback):
    with pytest.raises(QgsProcessingException, match=r"essai\.gpkg"):
        erase(expired, feedback, DRY_RUN=False)
    assert geopackage.read_rows(expired, "acteur")[0]["contact_nom"] == "Zoé Fictive"


def test_both_say_what_they_do():
    registry = QgsApplication.processingRegistry()
    for name in ("upgradeworkspace", "erasecontacts"):
        algorithm = registry.algorithmById(f"tisserand:{name}")
        assert algorithm.shortHelpString()
        assert algorithm.groupId() == "data"
