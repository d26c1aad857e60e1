"""The window of the guide in a real QGIS: choices kept in the project, printing by keyboard, the layout designer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tisserand.guide.composing.compose import SECTIONS


@pytest.fixture(scope="module")
def seen(look_at_example):
    return look_at_example("guide_window.py", 240)


def test_every_field_says_its_name_to_who_does_not_see_it(seen):
    assert len(seen["fields"]) > 15
    assert [field for field in seen["fields"] if not (field[1] or field[2])] == []


def test_sections_are_chosen_and_moved_by_keyboard(seen):
    assert seen["sections at first"] == [len(SECTIONS), []]
    moved, chosen = seen["sections"]
    assert chosen[0] == moved == list(SECTIONS)[2]
    assert len(chosen) == 4


def test_a_colour_that_cannot_be_read_is_told(seen):
    assert "4.5" in seen["too light"]
    assert seen["dark enough"] == ""


def test_settings_go_through_a_file_and_a_broken_one_changes_nothing(seen):
    assert seen["loaded"] == ["Guide d'essai", "#7a1f5c"]
    sentence, title = seen["not loaded"]
    assert "JSON" in sentence
    assert title == "Guide d'essai"


def test_a_print_that_is_stopped_leaves_nothing_and_may_begin_again(seen):
    sentence, exists, may_print = seen["stopped"]
    assert sentence
    assert (exists, may_print) == (False, True)


def test_the_window_lives_while_the_guide_is_printed(seen):
    assert seen["pulses"] > 4
    assert seen["printed"][1:] == [True, True]
    assert "guide.pdf" in seen["printed"][0]


def test_what_is_chosen_is_kept_in_the_project(seen):
    title, accent, sections, dirty = seen["kept"]
    assert (title, accent, dirty) == ("Guide d'essai", "#7a1f5c", True)
    assert sections == seen["sections"][1]


def test_a_page_opens_in_the_layout_designer_with_its_zones_beside_its_content(seen):
    names, sentence = seen["page"]
    assert len(names) == 1
    assert "4" in names[0]
    assert ".qpt" in sentence
    assert {"guide", "contenu"} <= {*seen["items"]}


def test_templates_are_copied_to_the_profile_and_open_in_the_designer(seen):
    assert seen["no template"] is False
    sentence, count, folder = seen["copied"]
    assert count == 5
    assert folder in sentence
    assert {path.name for path in Path(folder).glob("*.qpt")} >= {"page.qpt", "couverture.qpt"}
    assert len(seen["template"]) == 2


def test_a_page_that_is_not_there_is_refused_with_the_number_of_pages(seen):
    assert any(character.isdigit() for character in seen["no such page"])


def test_closing_keeps_the_choices_and_opening_again_shows_them(seen):
    assert seen["open"] is False
    assert seen["again"] == [True, "guide@essai.example", "2031", "pro", "guide@essai.example"]
    assert seen["anew"] == [False, "guide@essai.example"]
