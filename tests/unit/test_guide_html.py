"""The HTML edition as text: structure, links, escaping; what a browser makes of it is tested in tests/qgis."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from tisserand.guide.composing.book import Book, Box, Element, Link, Page, Rectangle, Text
from tisserand.guide.composing.settings import Colours
from tisserand.guide.reading import read_content
from tisserand.guide.web import parts
from tisserand.guide.web.contrast import contrast, pale, readable
from tisserand.guide.web.html import Pages, is_safe, isolated
from tisserand.guide.web.outline import outline

HOSTILE = '[% @project_path %] <b>gras</b> <script>alert(1)</script> "&amp;" مرحبا 😀'
VOID = {"meta", "link", "img", "br", "hr", "input"}
HEADINGS = ("h1", "h2", "h3", "h4")


class Reader(HTMLParser):
    """Reads a page strictly: every tag closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture
def make_pages(make_book):
    """Return a maker of the pages of a store: file name -> what a strict reader finds in it."""

    def make(store, sections=None, colours=None):
        book = make_book(store, sections)
        content = read_content(store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
        made = Pages(book, content, colours or Colours(), lambda node: None)
        return {name: Reader(text) for name, text in made.files()}, made

    return make


@pytest.fixture
def pages(make_pages, make_store):
    actors = [
        {"at": (i % 3, i % 2), "nom": f"Acteur {i}", "horaires_accueil": "Mo-Fr 09:00-12:00", "publics": "seniors"}
        for i in range(12)
    ]
    return make_pages(make_store(actors, [{"at": (0, 0)}, {"at": (1, 0), "nb_situations": 40}]))[0]


def test_each_page_has_a_title_of_its_own_one_h1_and_no_level_is_skipped(pages):
    titles = []
    for name, page in pages.items():
        levels = [int(tag[1]) for tag, _ in page.tags if tag in HEADINGS]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(below <= above + 1 for above, below in zip(levels, levels[1:])), (name, levels)
        titles.append(re.search("Guide", page.text) and page.text.split("Aller au contenu")[0])
    assert len(set(titles)) == len(titles)


def test_each_page_says_its_language_can_be_skipped_to_its_content_and_has_its_landmarks(pages):
    for name, page in pages.items():
        assert page.all("html") == [{"lang": "fr"}], name
        assert page.all("a")[0] == {"class": "saut", "href": "#contenu"}
        assert page.all("main")[0]["id"] == "contenu"
        for landmark in ("header", "footer", "nav"):
            assert page.all(landmark), (name, landmark)
        assert all("aria-label" in nav for nav in page.all("nav"))


def test_nothing_comes_from_elsewhere_and_there_is_no_script(pages):
    for page in pages.values():
        assert not page.all("script")
        loaded = [tag.get("src", "") for tag in page.all("img")] + [tag["href"] for tag in page.all("link")]
        assert not [path for path in loaded if ":" in path or path.startswith("/")]


def test_every_link_within_leads_to_an_id_that_is_there_once(pages):
    links = 0
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.all("a"):
            file, _, place = link["href"].partition("#")
            if ":" in file or file.startswith("tableaux/"):
                continue
            assert (file or name) in pages, link
            assert not place or place in pages[file or name].ids, link
            links += 1
    assert links > 60


def test_lists_and_tables_hold_only_what_they_may(pages):
    tables = 0
    for page in pages.values():
        for tag, attributes in page.tags:
            if tag == "th":
                assert attributes["scope"] in ("col", "row")
        tables += len(page.all("table"))
        assert len(page.all("caption")) == len(page.all("table"))
    assert tables
    assert sum(len(page.all("li")) for page in pages.values()) > 30


def test_hostile_text_stands_there_as_it_was_written(make_pages, make_store):
    actors = [{"at": (0, 0), "nom": f"Essai {HOSTILE}", "description": HOSTILE, "site_web": "javascript:alert(1)"}]
    pages, _ = make_pages(make_store(actors))
    everything = " ".join(page.text for page in pages.values())
    assert "[% @project_path %]" in everything
    assert "<script>alert(1)</script>" in everything
    assert all(not page.all("script") and not page.all("b") for page in pages.values())
    assert any(tag == "bdi" for page in pages.values() for tag, _ in page.tags)
    assert not [link for page in pages.values() for link in page.all("a") if link["href"].startswith("javascript")]


def test_a_text_that_print_cuts_is_whole(make_pages, make_store):
    name = "Association " + " ".join(f"mot{number}" for number in range(24))
    pages, _ = make_pages(make_store([{"at": (0, 0), "nom": name[:150]}]))
    everything = " ".join(page.text for page in pages.values())
    assert everything.count(name[:150]) >= 3
    assert not re.search(r"mot\d+…", everything)


def test_a_store_without_anything_still_gives_pages(make_pages, make_store):
    pages, made = make_pages(make_store())
    assert "index.html" in pages
    assert made.edition.parts


@pytest.mark.parametrize(
    ("uri", "safe"),
    [
        ("https://exemple.test/a?b=c", True),
        ("http://exemple.test", True),
        ("mailto:a@exemple.test", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("https:", False),
        ("http://[", False),
        ("//exemple.test", False),
        ("", False),
    ],
)
def test_only_the_web_and_mail_may_be_linked(uri, safe):
    assert is_safe(uri) is safe


def test_only_letters_written_from_right_to_left_are_isolated():
    assert str(isolated("Café & <b>")) == "Café &amp; &lt;b&gt;"
    assert str(isolated("مرحبا <b>")) == "<bdi>مرحبا &lt;b&gt;</bdi>"


@pytest.mark.parametrize("colour", ["#ffffff", "#ffcf87", "#92dadd", "#00517d", "#808080", "rouge", ""])
@pytest.mark.parametrize("paper", ["#f6f4ef", "#000000", "#ffff00", "rien"])
def test_any_colours_of_the_settings_can_be_read(colour, paper):
    ground = pale(paper)
    assert contrast(ground, "#000000") >= 15.9
    for under in ("#ffffff", ground):
        assert contrast(readable(colour, ("#ffffff", ground)), under) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def text(words, element, x=20.0, y=20.0, size=9.0, link=None):
    return Text(Box(x, y, 40, 5), (words,), size, words=words, element=element, width=20, link=link)


def book_of(*operations, elements):
    return Book("Essai", list(elements), [Page("Essai", operations=list(operations), anchors={"a": 20.0})])


def test_a_symbol_belongs_to_the_text_beside_it_and_to_no_other():
    operations = [
        Rectangle(Box(10, 20.5, 7, 4), "hidden"),
        text("masqué", 0),
        Rectangle(Box(10, 60, 7, 4), "#ffffff"),
        text("rien", 1, y=60),
        Rectangle(Box(10, 200, 7, 4), "hidden"),
        text("loin", 2, y=100),
    ]
    nodes = outline(book_of(*operations, elements=[Element("P")] * 3))
    assert [node.runs[0].symbols for node in nodes] == [("hidden",), (), ()]


def test_a_page_number_beside_its_link_is_known_as_one():
    link = Link("a")
    nodes = outline(book_of(text("Mairie", 0, link=link), text("1", 0, x=70, link=link), elements=[Element("LI")]))
    assert [run.page for run in nodes[0].runs] == [False, True]
    assert nodes[0].words == "Mairie"


def long_book(count, per_list=None):
    """Return a book with one chapter: an H1, then a list of so many entries, or an H2 and a list for each."""
    elements, operations = [Element("H1")], [text("Annuaire", 0)]
    for start in range(0, count, per_list or count):
        if per_list:
            elements.append(Element("H2"))
            operations.append(text(f"Lettre {start}", len(elements) - 1))
        elements.append(Element("L"))
        here = len(elements) - 1
        for entry in range(start, min(count, start + (per_list or count))):
            elements.append(Element("LI", here))
            operations.append(text(f"Entrée {entry}", len(elements) - 1))
    book = Book("Essai", elements, [Page("Annuaire", operations=operations, anchors={"annuaire": 0.0, "fin": 1.0})])
    book.anchored = {"annuaire": 0, "fin": len(elements) - 1}
    return book


@pytest.mark.parametrize("per_list", [None, 40, 5000])
def test_a_long_chapter_is_cut_into_pages_without_losing_or_repeating_an_entry(per_list):
    edition = parts.edition(long_book(9000, per_list))
    words = [node.words for part in edition.parts for root in part.nodes for node in root.within() if node.kind == "LI"]
    assert words == [f"Entrée {entry}" for entry in range(9000)]
    assert len(edition.parts) > 2
    assert [part.file for part in edition.parts[:2]] == ["annuaire.html", "annuaire-2.html"]
    assert edition.places["fin"][0] == edition.parts[-1].file
    assert max(sum(node.weight for node in part.nodes) for part in edition.parts) < 1.2 * parts.HEAVIEST
    for part in edition.parts:
        kinds = [node.kind for node in part.nodes if node.kind != "H1"]
        assert kinds[0] == ("H2" if per_list else "L")


def test_no_page_is_called_as_the_first_one_or_as_another():
    book = long_book(3)
    book.elements += [Element("H1"), Element("P"), Element("H1"), Element("P")]
    book.pages[0].operations += [text(words, 5 + n) for n, words in enumerate(("Index", "a", "Annuaire", "b"))]
    book.anchored["index"] = 5
    files = [part.file for part in parts.edition(book).parts]
    assert len(set(files)) == len(files) == 3
    assert "index.html" not in files
