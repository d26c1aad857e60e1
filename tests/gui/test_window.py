"""A real QGIS window under Xvfb, with this checkout as its plugin, in French and in English."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest


class Window(NamedTuple):
    """What window.py saw, and where its picture is."""

    seen: dict
    picture: Path


@pytest.fixture(scope="module")
def french(real_window, tmp_path_factory) -> Window:
    folder = tmp_path_factory.mktemp("fr")
    return Window(real_window(folder, "window.py"), folder / "window.png")


@pytest.fixture(scope="module")
def english(real_window, tmp_path_factory) -> Window:
    folder = tmp_path_factory.mktemp("en")
    return Window(real_window(folder, "window.py", language="en"), folder / "window.png")


def test_the_plugin_is_loaded_and_the_window_can_be_pictured(french):
    assert french.seen["loaded"]
    picture = Path(__file__).resolve().parents[2] / "build" / "window.png"
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
