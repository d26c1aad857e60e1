"""What would cost people their work is said when the project of a workspace opens."""

import os

import pytest
from qgis.core import QgsProject

from tisserand.layers import geopackage
from tisserand.layers.compat import shares_transactions, transaction_signal
from tisserand.layers.model.tables import SCHEMA_VERSION
from tisserand.layers.project import build_project, layers_of
from tisserand.qgis_plugin.watch import found_in


@pytest.fixture
def store(make_store, qgis_app):
    return make_store([{"at": (0, 0)}])


@pytest.fixture
def project(store):
    project = build_project(store, geopackage.read_settings(store))
    yield project
    project.clear()


def share(project):
    if hasattr(project, "transactionMode"):
        from qgis.core import Qgis

        project.setTransactionMode(Qgis.TransactionMode.AutomaticGroups)
    else:
        project.setAutoTransaction(True)


def set_version(store, version):
    from osgeo import gdal

    dataset = gdal.OpenEx(str(store), gdal.OF_UPDATE)
    dataset.ExecuteSQL(f"UPDATE meta SET valeur = '{version}' WHERE cle = 'version_schema'")
    del dataset


def test_nothing_is_said_of_a_workspace_in_order_nor_of_any_other_project(project):
    assert found_in(project) == []
    assert not any(layer.readOnly() for layer in project.mapLayers().values())
    assert found_in(QgsProject()) == []


def test_transaction_groups_are_switched_off_and_said(project):
    told = []
    transaction_signal(project).connect(lambda *_: told.append(True))
    share(project)
    assert shares_transactions(project)
    assert told
    (error,) = found_in(project)
    assert "transaction groups" in str(error).lower()
    assert not shares_transactions(project)


def test_without_transaction_groups_a_broken_reference_is_refused_aloud(project, store):
    layer = layers_of(project, "acteur")[0]
    assert not shares_transactions(project)
    assert layer.startEditing()
    feature = next(layer.getFeatures())
    assert layer.changeAttributeValue(feature.id(), layer.fields().lookupField("correspondant_uuid"), "0" * 36)
    assert not layer.commitChanges()
    assert any("FOREIGN KEY" in message for message in layer.commitErrors())
    assert layer.isEditable()
    layer.rollBack()
    assert geopackage.read_rows(store, "acteur")[0]["correspondant_uuid"] is None


@pytest.mark.parametrize("version", [1, SCHEMA_VERSION + 1])
def test_a_store_of_another_version_is_opened_for_reading_only(project, store, version):
    set_version(store, version)
    (error,) = found_in(project)
    assert "version" in str(error)
    assert all(layer.readOnly() for layer in project.mapLayers().values())
    set_version(store, SCHEMA_VERSION)
    assert found_in(project) == []
    assert not any(layer.readOnly() for layer in project.mapLayers().values())


def test_a_store_that_cannot_be_written_is_opened_for_reading_only(project, store, monkeypatch):
    # Root may write everywhere, whatever the rights of a file.
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    else:
        store.chmod(0o444)
    (error,) = found_in(project)
    assert str(store) in str(error)
    assert all(layer.readOnly() for layer in project.mapLayers().values())
