"""What the book finds wrong with itself before anything is drawn."""

import pytest

from tisserand.guide.book import Book, Bookmark, Box, Link, MapFrame, Page, Text


def text(x=20, y=20, w=50, words="Bonjour", **options):
    return Text(Box(x, y, w, 5), (words,), 9, width=options.pop("width", 20), **options)


def book(*operations, anchors=()):
    return Book("Essai", [Page("Essai", list(operations), dict.fromkeys(anchors, 0.0))])


def test_a_sound_page_has_no_fault():
    assert book(text(), text(y=40, link=Link("ici")), anchors=["ici"]).faults() == []


@pytest.mark.parametrize(
    ("operations", "fault"),
    [
        ([text(width=60)], "too wide"),
        ([text(x=190, width=10)], "outside the page"),
        ([text(y=295)], "outside the page"),
        ([text(), text(x=25, y=21, words="Bonsoir")], "overlap"),
        ([text(link=Link("ailleurs"))], "link to nowhere"),
        ([MapFrame(Box(150, 10, 80, 80), "synthesis", (0, 0, 1, 1))], "outside the page"),
        ([], "empty"),
    ],
)
def test_each_fault_of_a_page_is_named(operations, fault):
    faults = book(*operations).faults()
    assert len(faults) == 1
    assert fault in faults[0]


def test_right_and_left_text_may_share_a_box_when_their_letters_do_not_meet():
    assert book(text(words="Nom"), text(words="12", align="right", width=5)).faults() == []


def test_a_bookmark_to_nowhere_is_a_fault():
    made = book(text())
    made.bookmarks.append(Bookmark(1, "Perdu", "perdu"))
    assert made.faults() == ["bookmark to nowhere: 'Perdu'"]
