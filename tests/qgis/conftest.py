"""What the tests with a real QGIS share."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer


@pytest.fixture(scope="session")
def provider(qgis_app, qgis_processing):
    """Register the provider of the plugin, as QGIS does at start."""
    from tisserand.processing.provider import TisserandProvider

    provider = TisserandProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    # A layer on a file that a failed test or a caught error still holds would outlive GDAL, and crash at the end.
    gc.collect()
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture(scope="session")
def memory_layer(qgis_app):
    """Return a maker of layers in memory; a row is the WKT of its geometry (None: without) and its attributes."""

    def make(uri, rows, name="couche"):
        layer = QgsVectorLayer(uri, name, "memory")
        assert layer.isValid(), uri
        features = []
        for wkt, *attributes in rows:
            feature = QgsFeature(layer.fields())
            if wkt is not None:
                feature.setGeometry(QgsGeometry.fromWkt(wkt))
            feature.setAttributes(attributes)
            features.append(feature)
        assert layer.dataProvider().addFeatures(features)[0]
        return layer

    return make


@pytest.fixture
def small_disk(tmp_path):
    """Return a mounter of a disk of so many bytes; the test is skipped where none can be mounted (not root)."""
    mounted = []

    def mount(size):
        disk = tmp_path / f"petit-{len(mounted)}"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        mounted.append(disk)
        return disk

    yield mount
    gc.collect()
    for disk in mounted:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture(scope="session")
def qgis_process(tmp_path_factory):
    """Return a caller of qgis_process with a profile of its own in which the checkout is the plugin."""
    folder = tmp_path_factory.mktemp("qgis_process")
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "tisserand").symlink_to(Path(__file__).resolve().parents[2])
    environment = {
        **os.environ,
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QGIS_PLUGINPATH": str(plugins),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if "site-packages" in path),
    }

    def call(*words, **more):
        # Debian's wrapper qgis_process fails on QGIS 3.22.
        command = ["qgis_process.bin", *map(str, words)]
        return subprocess.run(command, env={**environment, **more}, capture_output=True, text=True, check=False)

    enabled = call("plugins", "enable", "tisserand")
    assert enabled.returncode == 0, enabled.stderr
    return call
