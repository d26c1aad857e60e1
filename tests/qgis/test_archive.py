"""Archiving: rows are shown no more, nothing is deleted, and what is said is what the store holds."""

import pytest
from qgis.core import QgsProject

from tisserand.layers import geopackage
from tisserand.layers.model.tables import TABLES, table
from tisserand.layers.project import TABLE_PROPERTY, layers_of, make_project, open_layer
from tisserand.layers.result_tables import LEADS
from tisserand.layers.withdrawal import WithdrawalError, can_withdraw, withdraw


@pytest.fixture
def store(qgis_app, make_store):
    return make_store([{"at": (column, 0), "nom": f"Acteur {column}"} for column in range(3)], [{"at": (0, 0)}])


@pytest.fixture
def opened(store):
    project = make_project(store, store.with_suffix(".qgz"))
    yield project
    project.clear()


def named(layer, *names):
    return [row for row in layer.getFeatures() if row["nom"] in names]


def test_archived_actors_are_no_longer_shown_and_stay_in_the_store_with_their_history(opened, store):
    (layer,) = layers_of(opened, "acteur")
    done = withdraw(layer, named(layer, "Acteur 0", "Acteur 2"))
    assert done == (table("acteur").title, 2)
    assert not layer.isEditable()
    assert [row["nom"] for row in layer.getFeatures()] == ["Acteur 1"]
    assert [row["nom"] for row in geopackage.read_rows(store, "acteur")] == ["Acteur 1"]
    everything = {row["nom"]: row for row in geopackage.read_rows(store, "acteur", withdrawn=True)}
    assert {name for name, row in everything.items() if row["supprime_le"]} == {"Acteur 0", "Acteur 2"}
    operations = [row["operation"] for row in geopackage.read_rows(store, "journal")]
    assert operations.count("retrait") == 2


def test_deleting_is_refused_and_archiving_the_same_row_then_works(opened, store):
    (layer,) = layers_of(opened, "acteur")
    layer.startEditing()
    layer.deleteFeature(named(layer, "Acteur 0")[0].id())
    assert not layer.commitChanges()
    assert "archiver" in " ".join(layer.commitErrors())
    layer.rollBack()
    assert withdraw(layer, named(layer, "Acteur 0")).count == 1


def test_changes_that_are_not_saved_are_neither_saved_nor_lost(opened, store):
    (layer,) = layers_of(opened, "acteur")
    layer.startEditing()
    kept = named(layer, "Acteur 1")[0]
    layer.changeAttributeValue(kept.id(), layer.fields().lookupField("telephone"), "01 99 00 00 01")
    with pytest.raises(WithdrawalError, match="not saved"):
        withdraw(layer, named(layer, "Acteur 0"))
    assert layer.isModified()
    assert geopackage.count_rows(store, "acteur") == 3
    assert all(row["telephone"] is None for row in geopackage.read_rows(store, "acteur"))
    layer.rollBack()


def test_a_layer_that_is_being_edited_stays_so(opened):
    (layer,) = layers_of(opened, "acteur")
    layer.startEditing()
    withdraw(layer, named(layer, "Acteur 0"))
    assert layer.isEditable()
    layer.rollBack()


def test_only_rows_that_carry_a_version_can_be_archived(opened):
    can = {declared.name for declared in TABLES for layer in layers_of(opened, declared.name) if can_withdraw(layer)}
    assert can == {declared.name for declared in TABLES if declared.versioned}
    assert not can_withdraw(None)


def test_the_result_of_an_analysis_cannot_be_archived(opened, store):
    layer = open_layer(store, "acteur", "Pistes de projet")
    assert can_withdraw(layer)
    layer.setCustomProperty(TABLE_PROPERTY, LEADS)
    assert not can_withdraw(layer)


def test_the_command_asks_first_and_does_nothing_when_the_answer_is_no(opened, store, monkeypatch, qgis_iface):
    from qgis.PyQt.QtWidgets import QMessageBox

    from tisserand.qgis_plugin import archive

    (layer,) = layers_of(opened, "acteur")
    asked = []
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(
        archive.QMessageBox, "question", lambda *words: asked.append(words[-1]) or answers[len(asked) - 1]
    )
    archive.archive(qgis_iface, layer, named(layer, "Acteur 0"))
    assert len(geopackage.read_rows(store, "acteur")) == 3
    archive.archive(qgis_iface, layer, named(layer, "Acteur 0"))
    assert len(geopackage.read_rows(store, "acteur")) == 2
    assert "Acteurs" in asked[0]


def test_the_entry_of_the_menus_stands_for_our_layers_only(opened, memory_layer):
    from qgis.gui import QgsGui
    from qgis.PyQt.QtCore import QObject

    from tisserand.qgis_plugin import archive

    QgsProject.instance().clear()
    parent = QObject()
    action = archive.add_action(None, parent)
    assert action.canRunUsingLayer(layers_of(opened, "acteur")[0])
    assert not action.canRunUsingLayer(memory_layer("Point?field=a:string", []))
    assert not action.canRunUsingLayer(layers_of(opened, "journal")[0])
    archive.remove_action(action)
    found = QgsGui.mapLayerActionRegistry().mapLayerActions(layers_of(opened, "acteur")[0])
    assert [entry.objectName() for entry in found] == []
