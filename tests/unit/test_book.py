"""What the book finds wrong with itself before anything is drawn."""

import pytest

from tisserand.guide.composing.book import ARTIFACT, Book, Bookmark, Box, Element, Link, MapFrame, Page, Picture, Text
from tisserand.guide.composing.faults import faults

P = Element("P")
FIGURE = Element("Figure", alternative="Carte des acteurs.")


def text(x=20, y=20, w=50, words="Bonjour", **options):
    return Text(Box(x, y, w, 5), (words,), 9, width=options.pop("width", 20), **{"element": 0, **options})


def carte(box, extent=(0, 0, 1, 1), **options):
    return MapFrame(box, "synthesis", extent, **{"element": 1, **options})


def book(*operations, elements=(P,), anchors=()):
    page = Page("Essai", operations=list(operations), anchors=dict.fromkeys(anchors, 0.0))
    return Book("Essai", list(elements), [page])


def test_a_sound_page_has_no_fault():
    assert faults(book(text(), text(y=40, link=Link("ici")), anchors=["ici"])) == []
    assert faults(book(text(), carte(Box(20, 40, 80, 80)), elements=[P, FIGURE])) == []


@pytest.mark.parametrize(
    ("operations", "elements", "fault"),
    [
        ([text(width=60)], [P], "too wide"),
        ([text(x=190, width=10)], [P], "outside the page"),
        ([text(y=295)], [P], "outside the page"),
        ([text(), text(x=25, y=21, words="Bonsoir")], [P], "overlap"),
        ([text(link=Link("ailleurs"))], [P], "link to nowhere"),
        ([text(), carte(Box(150, 10, 80, 80))], [P, FIGURE], "outside the page"),
        ([text(), carte(Box(20, 40, 80, 80), (0, 0, 0, 0))], [P, FIGURE], "empty frame"),
        ([text(), Picture(Box(20, 40, 80, 80), "", element=1)], [P, FIGURE], "empty frame"),
        ([text(y=60), carte(Box(20, 40, 80, 80))], [P, FIGURE], "lies on a MapFrame"),
        ([text(), carte(Box(20, 40, 80, 80)), carte(Box(90, 40, 80, 80))], [P, FIGURE], "MapFrame lies on"),
        ([text(), text(element=1, y=40)], [P, Element("H1")], "widowed heading"),
        ([], [], "is empty"),
    ],
)
def test_each_fault_of_a_page_is_named(operations, elements, fault):
    found = faults(book(*operations, elements=elements))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("elements", "fault"),
    [
        ([Element("LI")], "LI in the document"),
        ([Element("H2")], "H2 after H0"),
        ([Element("Figure")], "without an alternative"),
        ([P, P], "an empty P"),
    ],
)
def test_each_fault_of_the_structure_is_named(elements, fault):
    found = faults(book(text(), text(y=40, element=ARTIFACT), elements=elements))
    assert any(fault in one for one in found), found


def test_a_heading_with_its_number_in_a_column_of_its_own_is_one_heading():
    heading = [text(element=1), text(x=150, w=20, words="65", element=1)]
    assert faults(book(*heading, text(y=40), elements=[P, Element("H1")])) == []
    alone = faults(book(*heading, text(y=10), elements=[P, Element("H1")]))
    assert alone == ["page 1: widowed heading: 'Bonjour'"]


def test_a_table_whose_rows_differ_in_length_is_named():
    rows = [Element("Table"), Element("TR", 0), Element("TH", 1), Element("TH", 1), Element("TR", 0), Element("TD", 4)]
    words = [text(y=20, element=2), text(x=90, y=20, element=3), text(y=40, element=5)]
    assert any("rows have [1, 2] cells" in fault for fault in faults(book(*words, elements=rows)))


def test_an_inset_may_lie_on_its_map_and_nothing_else_may():
    inset = carte(Box(25, 45, 20, 20), over=True)
    assert faults(book(text(), carte(Box(20, 40, 80, 80)), inset, elements=[P, FIGURE])) == []


def test_right_and_left_text_may_share_a_box_when_their_letters_do_not_meet():
    assert faults(book(text(words="Nom"), text(words="12", align="right", width=5))) == []


def test_a_bookmark_to_nowhere_is_a_fault():
    made = book(text())
    made.bookmarks.append(Bookmark(1, "Perdu", "perdu"))
    assert faults(made) == ["bookmark to nowhere: 'Perdu'"]
