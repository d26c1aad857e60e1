"""The zip, installed into a fresh profile as "Install from ZIP" does, and used from there by qgis_process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ZIP = Path(__file__).resolve().parents[2] / "dist" / "tisserand.zip"
# Debian 12's "qgis_process" is a wrapper that fails.
QGIS_PROCESS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
# The installer's own way to unpack, without its dialogs.
UNZIP = """
import importlib.util, sys
from qgis.core import QgsApplication

application = QgsApplication([], False)
path = application.pkgDataPath() + "/python/pyplugin_installer/unzip.py"
spec = importlib.util.spec_from_file_location("unzip", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.unzip(sys.argv[1], sys.argv[2])
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """Give a QGIS its own empty profile and, where the system's are too old, geopandas and shapely, nothing else."""
    packages = tmp_path_factory.mktemp("packages")
    for entry in Path(sysconfig.get_path("purelib")).glob("*"):
        if entry.name in ("geopandas", "shapely") or entry.name.startswith("shapely.libs"):
            (packages / entry.name).symlink_to(entry)
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "PYTHONPATH": str(packages),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path_factory.mktemp("profile")),
        "QT_QPA_PLATFORM": "offscreen",
    }


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run a command in the profile's folder; return what it printed; its status is part of its result."""
    folder = environment["QGIS_CUSTOM_CONFIG_PATH"]
    done = subprocess.run(
        arguments, env=environment, cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, f"status {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(environment) -> Path:
    """Install and enable the plugin; return its folder."""
    assert ZIP.is_file(), "build it first: make package"
    assert QGIS_PROCESS, "needs qgis_process"
    plugins = Path(environment["QGIS_CUSTOM_CONFIG_PATH"]) / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    run(environment, sys.executable, "-c", UNZIP, str(ZIP), str(plugins))
    run(environment, QGIS_PROCESS, "plugins", "enable", "tisserand")
    return plugins / "tisserand"


@pytest.fixture(scope="module")
def workspace(environment, installed) -> Path:
    """Make a workspace of the Hauts-de-Seine with its fictional catalogue; return the store."""
    store = installed.parents[4] / "hauts-de-seine.gpkg"
    project = store.with_suffix(".qgz")
    parameters = ["DEPARTEMENT=92", "DEMO=true", f"STORE={store}", f"PROJECT={project}"]
    run(environment, QGIS_PROCESS, "run", "tisserand:createworkspace", "--", *parameters)
    assert project.is_file()
    return store


def test_the_algorithms_are_listed(environment, installed):
    listed = run(environment, QGIS_PROCESS, "list")
    assert "tisserand:coveragegaps" in listed
    assert "tisserand:guide" in listed


def test_the_installed_plugin_makes_a_workspace_without_a_network(workspace):
    assert workspace.stat().st_size > 100_000


def test_the_installed_plugin_prints_a_guide_with_the_libraries_it_brings(environment, workspace):
    guide = workspace.with_name("guide.pdf")
    run(environment, QGIS_PROCESS, "run", "tisserand:guide", "--", f"STORE={workspace}", f"OUTPUT={guide}")
    assert guide.read_bytes().startswith(b"%PDF")


def test_nothing_of_the_checkout_was_used(environment, installed):
    where = "import pypdf, sys; print(pypdf.__file__)"
    vendored = {**environment, "PYTHONPATH": f"{environment['PYTHONPATH']}{os.pathsep}{installed / 'vendor'}"}
    assert run(vendored, "/usr/bin/python3", "-c", where).startswith(str(installed / "vendor"))
