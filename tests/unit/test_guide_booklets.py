"""The booklet of a territory: its own, and nothing of others but the names it is given to know."""

from dataclasses import replace
from datetime import date

import pytest

from tisserand.guide.composing.book import Text
from tisserand.guide.composing.compose import compose
from tisserand.guide.composing.faults import faults
from tisserand.guide.facts.booklet import SECTIONS, narrowed
from tisserand.guide.facts.content import Initiatives, Place
from tisserand.guide.filenames import LONGEST, file_names, stem
from tisserand.guide.reading import read_content


@pytest.fixture
def content(make_store):
    """Return the content of two territories of 12 actors each, of which one pair is alike across the border."""
    rows = [
        {
            "at": (order % 3, order // 12),
            "nom": f"{'Levant' if order < 12 else 'Ponant'} numéro {order:02}",
            "description": f"Ce que fait le {order:02}",
            "reseaux_porteurs": "france-services",
        }
        for order in range(24)
    ]
    needs = [
        {"at": (0, 0), "nb_situations": 40},
        {"at": (1, 0), "nb_situations": 5},
        {"at": (1, 1), "nb_situations": 60},
    ]
    store = make_store(rows, needs)
    found = read_content(store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
    here, there = found.actors[3], found.actors[20]
    found.similar = [Initiatives(1, (here.uuid, there.uuid), ("feed",), ("atelier",), 900.0, "forte", b"")]
    found.places = [
        Place("La halle", "Salle", here.uuid, here.commune),
        Place("Le pré", "Jardin", there.uuid, there.commune),
    ]
    return found


def printed(book):
    return "\n".join(o.words for page in book.pages for o in page.operations if isinstance(o, Text))


def test_a_booklet_names_no_actor_of_another_territory_but_those_like_its_own(content, monospace):
    levant, ponant = content.groups
    booklet = narrowed(content, levant)
    twin = content.actors[20]
    others = [actor for actor in content.actors if actor.group == ponant.code and actor is not twin]
    book = compose(booklet, monospace, SECTIONS)
    assert faults(book) == []
    said = printed(book)
    for actor in others:
        assert actor.name not in said
        # Nor can a section to come print what is not there.
        assert actor.name not in repr(booklet)
        assert actor.description not in repr(booklet)
    assert twin.name in said
    assert twin.description not in repr(booklet)
    assert "Le pré" not in repr(booklet)


def test_a_booklet_has_all_that_is_its_own_under_the_numbers_of_the_whole_guide(content, monospace):
    levant = content.groups[0]
    booklet = narrowed(content, levant)
    said = printed(compose(booklet, monospace, SECTIONS))
    own = content.actors_in(levant)
    assert booklet.actors == own
    assert all(actor.name in said and actor.description in said for actor in own)
    assert [actor.number for actor in booklet.actors] == [actor.number for actor in own]
    assert "La halle" in said


def test_the_booklets_together_have_every_actor_once(content):
    numbers = [actor.number for group in content.groups for actor in narrowed(content, group).actors]
    assert sorted(numbers) == [actor.number for actor in content.actors]


def test_figures_of_needs_in_a_booklet_are_those_of_the_whole_guide(content):
    for group in content.groups:
        booklet = narrowed(content, group)
        for code in (*group.members, group.code, ""):
            for theme in (*content.themes, ""):
                assert repr(booklet.need(code, theme)) == repr(content.need(code, theme))
                assert booklet.unmet(code, theme) == content.unmet(code, theme)


def test_a_booklet_links_to_no_page_that_only_the_whole_guide_has(content, monospace):
    for group in content.groups:
        for section in SECTIONS:
            assert faults(compose(narrowed(content, group), monospace, [section])) == []


def test_a_booklet_is_called_after_its_territory(content, monospace):
    book = compose(narrowed(content, content.groups[0]), monospace, SECTIONS)
    assert book.title.endswith(content.groups[0].name)
    assert content.groups[0].name in printed(replace(book, pages=book.pages[:1]))


def test_a_territory_of_which_nothing_is_known_has_a_booklet_that_says_so(make_store, monospace):
    found = read_content(make_store(), edition="2026", audience="public", level="commune", printed_on=date(2026, 11, 1))
    unseen = next(group for group in found.groups if group.surveyed_on is None)
    book = compose(narrowed(found, unseen), monospace, SECTIONS)
    assert faults(book) == []
    assert "Personne n'a encore recensé ce territoire" in printed(book)


def test_a_name_of_200_letters_fits_the_cover(content, monospace):
    levant = content.groups[0]._replace(name="Communauté de communes " * 9)
    assert (
        faults(compose(narrowed(replace(content, groups=[levant, content.groups[1]]), levant), monospace, SECTIONS))
        == []
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vallée Sud-Grand Paris", "Vallee-Sud-Grand-Paris"),
        ("CC d'Œuvre & Cœur", "CC-d-Oeuvre-Coeur"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "C-Windows"),
        ("Nord / Sud\x00\n", "Nord-Sud"),
        ("con", "con-"),
        ("مرحبا 😀", ""),
        ("W" * 200, "W" * LONGEST),
    ],
)
def test_a_file_is_called_as_every_system_allows(name, expected):
    assert stem(name) == expected


def test_namesakes_have_files_of_their_own_whatever_their_case():
    wanted = [("1", "Saint-Denis"), ("2", "SAINT DENIS"), ("3", "Saint-Denis-1"), ("4", "مرحبا"), ("5", "Autre")]
    names = file_names(wanted)
    assert names == file_names(reversed(wanted))
    assert len({name.casefold() for name in names.values()}) == 5
    assert names["4"] == "4"
    assert names["5"] == "Autre"


def test_names_alike_in_their_first_letters_have_files_of_their_own():
    names = file_names([("1", "W" * 200), ("2", "W" * 199 + "X"), ("", "?"), ("?", "")])
    assert len(set(names.values())) == 4
    assert all(names.values())
