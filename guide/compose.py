"""Composes the book: the sections in their order, as many passes as page numbers need to come true."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .book import Book, Bookmark
from .content import Content
from .sections import analyses, directory, front, overview, sheets, sources
from .typesetting import Composer

if TYPE_CHECKING:
    from .metrics import Metrics

TITLE = "Guide cartographique de l'innovation sociale"
MOST_PASSES = 5

Section = Callable[[Composer], None]

SECTIONS: dict[str, Section] = {
    "lire": front.how_to_read,
    "synthese": overview.key_figures,
    "matrice": overview.matrix,
    "manques": analyses.gaps,
    "semblables": analyses.similar,
    "fiches": sheets.sheets,
    "annuaire": directory.directory,
    "mairies": directory.town_halls,
    "index": directory.index,
    "sources": sources.sources,
}
"""The sections a planner may choose from; cover and contents are always there."""


def compose(content: Content, metrics: Metrics, sections: list[str]) -> Book:
    """Return the book of a content with the chosen sections, in the order of SECTIONS.

    Contents and index take the page numbers of the pass before; passes are made until the numbers no longer change.
    Raises TisserandError when a page came out that could not be printed well.
    """
    numbers: dict[str, int] = {}
    bookmarks: list[Bookmark] = []
    for _ in range(MOST_PASSES):
        composer = Composer(content, metrics, TITLE, numbers)
        front.cover(composer)
        front.contents(composer, bookmarks)
        for name, section in SECTIONS.items():
            if name in sections:
                section(composer)
        book = composer.book
        settled = book.page_numbers() == numbers
        numbers, bookmarks = book.page_numbers(), list(book.bookmarks)
        if settled:
            break
    book.warnings = list(content.warnings)
    faults = book.faults()
    if faults or not settled:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The guide could not be composed, {count} faults: {faults}"),
            count=len(faults),
            faults=" ; ".join(faults[:5]) or "page numbers do not settle",
        )
    return book
