"""A real QGIS window under Xvfb, with this checkout as its plugin, in French and in English."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOK = Path(__file__).with_name("window.py")
PATIENCE = 90
# Debian 12's "qgis" is a wrapper that fails.
QGIS = shutil.which("qgis.bin") or shutil.which("qgis")


class Window(NamedTuple):
    """What window.py saw, and where its picture is."""

    seen: dict
    picture: Path


def open_window(language: str, folder: Path) -> Window:
    """Start QGIS with a fresh profile and let window.py look; fail with what QGIS said when it never looks."""
    environment = {**os.environ, "TISSERAND_WINDOW_OUT": str(folder)}
    command = [ROOT / "scripts" / "window.sh", folder, language, LOOK]
    # In a session of its own, so that all of it can be ended: xvfb-run alone would leave QGIS behind.
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        _, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"QGIS stands still, perhaps at a dialog about an error (does tests/qgis pass?) after {PATIENCE} s")
    written = folder / "seen.json"
    assert written.is_file(), f"QGIS left with status {process.returncode}, nothing seen:\n{errors[-3000:]}"
    seen = json.loads(written.read_text(encoding="utf-8"))
    assert seen["error"] is None, seen["error"]
    assert process.returncode == 0, errors[-3000:]
    return Window(seen, folder / "window.png")


pytestmark = pytest.mark.skipif(not (QGIS and shutil.which("xvfb-run")), reason="needs qgis and xvfb-run")


@pytest.fixture(scope="module")
def french(tmp_path_factory) -> Window:
    return open_window("fr", tmp_path_factory.mktemp("fr"))


@pytest.fixture(scope="module")
def english(tmp_path_factory) -> Window:
    return open_window("en", tmp_path_factory.mktemp("en"))


def test_the_plugin_is_loaded_and_the_window_can_be_pictured(french):
    assert french.seen["loaded"]
    picture = ROOT / "build" / "window.png"
    shutil.copy(french.picture, picture)
    assert picture.stat().st_size > 20_000


def test_there_is_one_menu_and_one_provider(french):
    assert {key: french.seen["at first"][key] for key in ("menus", "providers")} == {"menus": 1, "providers": 1}


def test_every_entry_of_the_menu_and_every_algorithm_has_a_french_and_an_english_name(french, english):
    ours, theirs = french.seen["texts"], english.seen["texts"]
    assert (ours["menu"], ours["provider"]) == (theirs["menu"], theirs["provider"]) == ("Tisserand", "Tisserand")
    assert len(ours["entries"]) == len(theirs["entries"]) > 0
    assert set(ours["entries"]).isdisjoint(theirs["entries"])
    assert ours["algorithms"].keys() == theirs["algorithms"].keys() != set()
    assert {name for name, text in ours["algorithms"].items() if text == theirs["algorithms"][name]} == set()


@pytest.mark.parametrize("language", ["french", "english"])
def test_reloading_twice_leaves_everything_once(language, request):
    seen = request.getfixturevalue(language).seen
    assert seen["reloaded twice"] == seen["at first"]


@pytest.mark.parametrize("language", ["french", "english"])
def test_unloading_leaves_nothing(language, request):
    left = request.getfixturevalue(language).seen["unloaded"]
    assert {key: left[key] for key in ("menus", "toolbars", "providers", "docks", "modules")} == {
        "menus": 0,
        "toolbars": 0,
        "providers": 0,
        "docks": 0,
        "modules": [],
    }
