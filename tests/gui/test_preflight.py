"""The check before printing in a real QGIS: what it lists, filters, and how it goes to the records."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def seen(look_at_example):
    return look_at_example("preflight_window.py", 180)


def test_every_finding_says_its_severity_in_words_and_its_remedy(seen):
    assert len(seen["rows"]) > 20
    for severity, subject, finding, remedy, *_, code in seen["rows"]:
        assert all((severity, subject, finding, remedy))
        assert code in ("error", "warning", "note")
    assert len(seen["boxes"]) == 3


def test_enter_selects_the_record_zooms_to_it_and_opens_its_form(seen):
    for place in ("actor", "territory"):
        assert seen[place]["selected"] == [seen[place]["uuid"]]
        assert seen[place]["width"] < seen["width at first"]


def test_a_record_without_a_place_is_selected_too(seen):
    assert seen["without place"]["selected"] == [seen["without place"]["uuid"]]


def test_the_list_narrows_to_words_and_to_severities(seen):
    assert 0 < len(seen["filtered"]) < len(seen["rows"])
    assert all("Sceaux" in finding for finding in seen["filtered"])
    assert "warning" not in seen["without warnings"]
    assert seen["without warnings"]


def test_a_layer_that_is_gone_is_said_in_a_sentence(seen):
    assert any("media" in text and "hauts-de-seine" in text for text in seen["message"])


def test_printing_anyway_opens_the_window_of_the_guide(seen):
    assert seen["guide window"] == "TisserandGuideWindow"


def test_nothing_is_left_when_the_plugin_stops(seen):
    assert seen["docks left"] == []


def test_the_window_can_be_pictured(seen):
    picture = Path(__file__).resolve().parents[2] / "build" / "preflight.png"
    picture.parent.mkdir(exist_ok=True)
    shutil.copy(seen["folder"] / "preflight.png", picture)
    assert picture.stat().st_size > 20_000
