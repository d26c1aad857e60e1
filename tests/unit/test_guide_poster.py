"""The map of a territory as a page, before it is drawn."""

from datetime import date

import pytest

from tisserand.guide.composing.book import MapFrame, Text
from tisserand.guide.composing.settings import Settings
from tisserand.guide.facts.content import Unmet
from tisserand.guide.poster import ACTORS, EFFORT, GAPS, NEEDS, PAPERS, SIMILAR, SUBJECTS, find_territory, poster
from tisserand.guide.poster.georeference import map_of, world_file
from tisserand.guide.reading import read_content
from tisserand.layers.confidentiality import Disclosure
from tisserand.layers.errors import TisserandError

HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀"


def read(store, audience="public"):
    return read_content(store, edition="2026", audience=audience, level="", printed_on=date(2026, 11, 1))


@pytest.fixture
def draw(monospace):
    def make(content, territory="", subject=ACTORS, paper="A4-portrait"):
        return poster(content, monospace, Settings(), find_territory(content, territory), subject, PAPERS[paper])

    return make


def words(book):
    return [operation.words for operation in book.pages[0].operations if isinstance(operation, Text)]


def areas(book):
    return {area.code: area for area in map_of(book.pages[0]).areas}


def actors(count):
    return [{"at": (i % 3, i % 2), "nom": f"Acteur {i}"} for i in range(count)]


def test_every_subject_has_a_sound_page_on_every_paper(draw, make_store):
    content = read(make_store(actors(40), [{"at": (0, 0), "nb_situations": 40}]))
    for subject in (ACTORS, EFFORT, NEEDS, "feed"):
        for paper, size in PAPERS.items():
            book = draw(content, subject=subject, paper=paper)
            assert len(book.pages) == 1
            assert (book.pages[0].width, book.pages[0].height) == (size.width, size.height)
            assert any("Sources" in text for text in words(book))
            assert [element.kind for element in book.elements].count("H1") == 1


@pytest.mark.parametrize("count", [0, 1, 9, 900])
def test_numbers_stand_on_the_map_only_when_the_names_have_room_beside_it(draw, make_store, count):
    book = draw(read(make_store(actors(count))))
    numbered = [spot.number for spot in map_of(book.pages[0]).spots if spot.number and spot.symbol != "count"]
    listed = [text for text in words(book) if text.startswith("Acteur ")]
    assert len(numbered) == len(listed) == (count if count < 20 else 0)


def test_hostile_and_very_long_names_are_set(draw, make_store):
    store = make_store([{"at": (0, 0), "nom": HOSTILE}, {"at": (1, 0), "nom": "Saint-" * 25}])
    assert HOSTILE in words(draw(read(store)))


def test_only_figures_that_may_be_printed_stand_in_the_communes(draw, make_store):
    needs = [
        {"at": (0, 0), "nb_situations": 3},
        {"at": (1, 0), "nb_situations": 60},
        {"at": (2, 0), "nb_situations": None},
    ]
    content = read(make_store(actors(3), needs))
    drawn = areas(draw(content, subject=NEEDS))
    for commune in content.communes:
        need = content.need(commune.code)
        figure = drawn[commune.code].label.split("\n")[-1]
        assert figure.isdigit() == (need.state is Disclosure.SHOWN)
    assert drawn["92000"].look == drawn["92020"].look == "hidden"
    assert drawn["92021"].look == "not_surveyed"
    legend = [text for text in words(draw(content, subject=NEEDS)) if text]
    assert any(text.startswith("Masqué") for text in legend)
    assert any("non recensée" in text for text in legend)


def test_hidden_no_need_and_not_surveyed_keep_their_three_looks_on_the_map_of_gaps(draw, make_store):
    content = read(make_store(actors(3), [{"at": (0, 0), "nb_situations": 60}]))
    shares = {("92000", ""): Unmet(Disclosure.SHOWN, 2, ""), ("92010", ""): Unmet(Disclosure.NONE, -1, "")}
    content.verdict = type(content.verdict)(content.verdict.threshold, content.verdict.needs, shares=shares)
    looks = {code: area.look for code, area in areas(draw(content, subject=GAPS)).items()}
    assert looks["92000"] == "gap:2"
    assert looks["92010"] == "no_need"
    assert looks["92020"] == "hidden"
    assert looks["92021"] == "not_surveyed"


def test_a_territory_is_found_by_code_or_by_name_whatever_its_accents(make_store):
    content = read(make_store())
    assert find_territory(content, "92010").name == "Commune B1"
    assert find_territory(content, " commune b1 ").code == "92010"
    assert find_territory(content, "cc du levant").level == "epci"
    assert find_territory(content, "") is content.outline


def test_an_unknown_territory_is_answered_with_those_that_are_like_it(make_store):
    with pytest.raises(TisserandError, match=r"Commune A1 \(92000\)"):
        find_territory(read(make_store()), "Comune A1")


def test_a_name_that_several_territories_have_asks_for_a_code(make_store):
    content = read(make_store())
    content.communes[1] = content.communes[1]._replace(name=content.communes[0].name)
    with pytest.raises(TisserandError, match="92000"):
        find_territory(content, content.communes[0].name)


@pytest.mark.parametrize("subject", [GAPS, SIMILAR])
def test_a_subject_without_a_result_says_what_to_run(draw, make_store, subject):
    with pytest.raises(TisserandError, match="Coverage gaps"):
        draw(read(make_store(actors(2))), subject=subject)


def test_a_map_that_is_not_public_says_so(draw, make_store):
    content = read(make_store(actors(2)), audience="interne")
    assert any(text.startswith("Document interne") for text in words(draw(content)))


def test_the_world_file_puts_the_corners_of_the_map_where_they_are(draw, make_store):
    page = draw(read(make_store(actors(2)))).pages[0]
    frame = map_of(page)
    pixels = 2100
    a, d, b, e, c, f = map(float, world_file(page, pixels).split())
    assert (d, b) == (0, 0)
    column, row = frame.box.x * pixels / page.width, frame.box.y * pixels / page.width
    assert c + a * (column - 0.5) == pytest.approx(frame.ground[0], abs=0.01)
    assert f + e * (row - 0.5) == pytest.approx(frame.ground[3], abs=0.01)
    right = (frame.box.right * pixels / page.width) - 0.5
    assert c + a * right == pytest.approx(frame.ground[2], abs=0.01)


def test_every_theme_is_a_subject():
    assert len(SUBJECTS) == 15
    assert len(set(SUBJECTS)) == 15


def test_neighbours_are_pale_and_said_to_be_neighbours(draw, make_store):
    book = draw(read(make_store(actors(12))), territory="CC du Levant")
    frame = next(one for one in book.pages[0].operations if isinstance(one, MapFrame))
    assert {spot.symbol for spot in frame.spots} >= {"pale", "theme:feed"}
    assert "Initiative d'un territoire voisin" in words(book)


def test_actors_that_would_hide_each_other_are_counted_by_commune(draw, make_store):
    content = read(make_store(actors(900)))
    book = draw(content)
    spots = map_of(book.pages[0]).spots
    assert {spot.symbol for spot in spots} == {"count"}
    assert sum(spot.number for spot in spots) == 900
    assert any("plus le disque est grand" in text for text in words(book))
