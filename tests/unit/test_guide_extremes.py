"""Stores that are as no editor would have them."""

import sqlite3
from contextlib import closing, suppress
from datetime import date

import pytest

from tisserand.guide.composing.book import Text
from tisserand.guide.composing.compose import SECTIONS, compose
from tisserand.guide.reading import read_content
from tisserand.guide.sections.rows import Cell
from tisserand.layers.confidentiality import Disclosure
from tisserand.layers.model.schema import Kind
from tisserand.layers.model.tables import TABLES
from tisserand.layers.workspace import build

HOSTILE = (
    "[% @project_path %]<b>gras</b>&amp;",
    "W" * 200,
    "مرحبا بالعالم <script>alert(1)</script>",
    "👩‍👩‍👧‍👦 \U0001f3f3\ufe0f",
    "a\u0001b\u001b[31m\u200b\u202e\u2028\ufeff\r\ne\tf",
    "Une association aux mots très nombreux " * 12,
    "e\u0301" * 60,
    "\u200b\u2028\u0007 ",
    "",
)
SHUT = ("meta", "theme", "journal")
"""Tables that people do not write in."""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    path = tmp_path_factory.mktemp("exemple") / "exemple.gpkg"
    build("92", path, demo=True)
    return path


@pytest.fixture
def spoiled(example, tmp_path):
    """Return a maker of copies in which every free text is one of ``texts``, cut to what the model lets in."""

    def make(texts):
        path = tmp_path / "spoiled.gpkg"
        path.write_bytes(example.read_bytes())
        with closing(sqlite3.connect(path)) as store, store:
            for name in [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
                store.execute(f'DROP TRIGGER "{name}"')
            for table in TABLES:
                if table.name in SHUT or table.append_only:
                    continue
                free = [field.name for field in table.fields if is_free(field)]
                for order, (row,) in enumerate(store.execute(f"SELECT fid FROM {table.name}").fetchall()):
                    for place, field in enumerate(free):
                        text = texts[(order + place) % len(texts)]
                        for fitting in (text, text[:150], text * 3):
                            with suppress(sqlite3.IntegrityError):
                                store.execute(f"UPDATE {table.name} SET {field} = ? WHERE fid = ?", (fitting, row))
                                break
        return path

    return make


def is_free(field):
    code = field.codes or field.unique or field.references or field.internal
    return field.kind is Kind.TEXT and not code and field.name not in ("membres", "code", "code_insee")


def read(store, level="", audience="interne"):
    return read_content(store, edition="2026", audience=audience, level=level, printed_on=date(2026, 11, 1))


@pytest.mark.parametrize("hostile", [HOSTILE, HOSTILE[-2:]], ids=["hostile", "blank"])
def test_a_store_whose_every_text_is_hostile_makes_a_book_without_a_fault(spoiled, monospace, hostile):
    content = read(spoiled(hostile))
    assert len(content.actors) > 100
    book = compose(content, monospace, list(SECTIONS))
    texts = [text for page in book.pages for text in page.operations if isinstance(text, Text)]
    said = "".join(line for text in texts for line in text.lines)
    assert all(sign.isprintable() or sign == "\u00a0" for sign in said)
    assert ("[%" in said) == ("[%" in hostile[0])


def test_names_in_which_no_sign_is_seen_are_said_to_be_missing(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0), "nom": "\u200b\u200b\u200b"}]), ["annuaire"])
    words = [line for page in book.pages for text in page.operations if isinstance(text, Text) for line in text.lines]
    assert "Sans nom" in words


def test_a_table_has_no_hole_where_nothing_is_said():
    assert Cell("").shown == "–"
    assert Cell("", mark="full", alternative="oui").shown == ""


def test_numbers_above_ten_thousand_stand_on_one_line(make_store, monospace):
    content = read(make_store([{"at": (0, 0)}] * 8))
    content.actors = [actor._replace(number=12_345 + actor.number) for actor in content.actors]
    book = compose(content, monospace, list(SECTIONS))
    texts = [text for page in book.pages for text in page.operations if isinstance(text, Text)]
    numbers = [text.lines for text in texts if text.lines[0] == "12348"]
    assert numbers
    assert all(lines == ("12348",) for lines in numbers)


def test_the_sheet_of_the_whole_departement_says_its_own_figures(make_store, monospace):
    needs = [{"at": at, "nb_situations": 40} for at in ((0, 0), (0, 1), (1, 0), (1, 1))]
    content = read(make_store([{"at": (0, 0)}], needs), level="departement")
    whole = content.need("")
    assert whole.state is Disclosure.SHOWN
    assert content.need("92") == whole
    assert content.unmet("92") == content.unmet("")
    compose(content, monospace, list(SECTIONS))
