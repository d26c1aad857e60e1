"""The plugin as QGIS takes it in, without a window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ["fiona", "geopandas", "pandas", "pyogrio", "pypdf", "scipy", "segno", "shapely"]

START = f"""
import json, runpy, sys
from qgis.core import QgsApplication

runpy.run_path({str(ROOT / "scripts" / "checkout.py")!r})
import tisserand

application = QgsApplication([], False)
application.initQgis()
before = set(sys.modules)
plugin = tisserand.classFactory(None)
plugin.initProcessing()
new = {{name.split(".")[0] for name in set(sys.modules) - before}}
registry = application.processingRegistry()
algorithms = [algorithm.name() for algorithm in registry.providerById("tisserand").algorithms()]
plugin.unload()
left = [provider.id() for provider in registry.providers() if provider.id() == "tisserand"]
print(json.dumps({{"heavy": sorted(new & set({HEAVY!r})), "algorithms": algorithms, "left": left}}))
application.exitQgis()
"""


@pytest.fixture(scope="module")
def started() -> dict:
    """Start the plugin in a process of its own, as qgis_process does, and return what was seen there."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_starting_loads_no_heavy_package(started):
    assert started["heavy"] == []


def test_the_algorithms_of_the_contract_are_there(started):
    contract = {"createworkspace", "coveragegaps", "similarinitiatives", "guide"}
    assert contract <= set(started["algorithms"])


def test_unloading_takes_the_provider_out(started):
    assert started["left"] == []
