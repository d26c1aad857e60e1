"""A real QGIS window under Xvfb, with this checkout as its plugin, for a script that looks and writes what it saw."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = Path(__file__).with_name("inside")
WINDOW = Path(__file__).resolve().parents[2] / "scripts" / "window.sh"
# Debian 12's "qgis" is a wrapper that fails.
QGIS = shutil.which("qgis.bin") or shutil.which("qgis")


@pytest.fixture(scope="session")
def real_window():
    """Return what opens QGIS on a fresh profile for a script of this folder, and gives what it saw (``seen.json``).

    ``arguments`` follow the script; names in capitals go into its environment. Fails with what QGIS said when it stands
    still, dies, or when the script met an error.
    """
    if not (QGIS and shutil.which("xvfb-run")):
        pytest.skip("needs qgis and xvfb-run")

    def look(folder: Path, script: str, *arguments, language="fr", profile=None, patience=180, **environment) -> dict:
        variables = {**os.environ, "TISSERAND_WINDOW_OUT": str(folder)}
        variables |= {name: str(value) for name, value in environment.items()}
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, (str(INSIDE), variables.get("PYTHONPATH"))))
        command = [WINDOW, profile or folder, language, Path(__file__).with_name(script), *arguments]
        # In a session of its own, so that all of it can be ended: xvfb-run alone would leave QGIS behind.
        process = subprocess.Popen(
            command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            _, errors = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"QGIS stands still after {patience} s, perhaps at a dialog about an error")
        written = folder / "seen.json"
        assert written.is_file(), f"QGIS left with status {process.returncode}, nothing seen:\n{errors[-3000:]}"
        seen = json.loads(written.read_text(encoding="utf-8"))
        assert seen["error"] is None, seen["error"]
        assert process.returncode == 0, errors[-3000:]
        return seen

    return look


@pytest.fixture(scope="session")
def with_project():
    """Return what makes the project beside a store, in a process of its own: that of the tests shall hold no QGIS."""

    def make(store: Path) -> Path:
        project = store.with_suffix(".qgz")
        code = (
            "import runpy, sys; from pathlib import Path; from qgis.core import QgsApplication;"
            f"runpy.run_path({str(WINDOW.with_name('checkout.py'))!r});"
            "application = QgsApplication([], False); application.initQgis();"
            "from tisserand.layers.project import make_project;"
            "make_project(Path(sys.argv[1]), Path(sys.argv[2])).clear()"
        )
        offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run([sys.executable, "-c", code, store, project], env=offscreen, check=True, timeout=120)
        return project

    return make


@pytest.fixture(scope="module")
def look_at_example(real_window, with_project, tmp_path_factory):
    """Return what opens the project of the fictional example for a script that knows of TISSERAND_PROJECT.

    It finds the packages of the tests' environment. Gives what was seen, with the ``folder`` of store and pictures.
    """
    from tisserand.layers import workspace

    def look(script: str, patience: int) -> dict:
        folder = tmp_path_factory.mktemp("exemple")
        store = folder / "hauts-de-seine.gpkg"
        workspace.build("92", store, demo=True)
        packages = os.pathsep.join(path for path in sys.path if "site-packages" in path)
        project = with_project(store)
        seen = real_window(folder, script, patience=patience, PYTHONPATH=packages, TISSERAND_PROJECT=project)
        return {**seen, "folder": folder}

    return look
