"""Every text for users has its French, and can be translated at all."""

from __future__ import annotations

import ast
import string
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("qgis_plugin", "processing", "layers", "guide", "styles", "i18n")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
MARKS = {"translate", "QT_TRANSLATE_NOOP"}


class Marked(NamedTuple):
    """A call that marks a text for translation."""

    line: int
    context: ast.expr
    text: ast.expr


def marked(source: str) -> list[Marked]:
    """Return the calls of ``translate(context, text)`` and ``QT_TRANSLATE_NOOP(context, text)``."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and len(node.args) >= 2]
    names = [(getattr(call.func, "id", getattr(call.func, "attr", None)), call) for call in calls]
    return [Marked(call.lineno, call.args[0], call.args[1]) for name, call in names if name in MARKS]


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) else None


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def texts() -> set[str]:
    found = {constant(mark.text) for path in SOURCES for mark in marked(path.read_text(encoding="utf-8"))}
    return found - {None}


@pytest.fixture(scope="module")
def french() -> dict[str, ElementTree.Element]:
    tree = ElementTree.parse(ROOT / "i18n" / "tisserand_fr.ts")
    contexts = {context.findtext("name"): context for context in tree.iter("context")}
    assert contexts.keys() == {"Tisserand"}
    return {
        message.findtext("source"): message.find("translation") for message in contexts["Tisserand"].iter("message")
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_text_is_marked_as_a_whole_and_in_the_one_context(path):
    # pylupdate does not see an f-string or a text already formatted; a bare name was marked where it was written.
    marks = marked(path.read_text(encoding="utf-8"))
    assert [mark.line for mark in marks if constant(mark.context) not in ("Tisserand", None)] == []
    assert [mark.line for mark in marks if isinstance(mark.text, (ast.JoinedStr, ast.BinOp, ast.Call))] == []


def test_every_text_has_its_french(texts, french):
    assert texts - french.keys() == set()


def test_no_french_is_left_of_a_text_that_is_gone(texts, french):
    assert french.keys() - texts == set()


def test_no_translation_is_empty_or_unfinished(french):
    unfinished = {
        source
        for source, translation in french.items()
        if translation.get("type") or not "".join(translation.itertext()).strip()
    }
    assert unfinished == set()


def test_the_french_fills_in_the_same_values(french):
    differing = {
        source
        for source, translation in french.items()
        if placeholders(source) != placeholders("".join(translation.itertext()))
    }
    assert differing == set()


def test_a_text_that_cannot_be_translated_would_be_seen():
    [mark] = marked('name = "x"\ntranslate("Tisserand", f"Hello {name}")\n')
    assert isinstance(mark.text, ast.JoinedStr)
