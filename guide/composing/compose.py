"""Composes the book: the sections in their order, as many passes as page numbers need to come true."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..facts.content import Content
from ..sections import (
    directory,
    effort,
    foreword,
    front,
    gaps,
    index,
    leads,
    matrix,
    monographs,
    networks,
    news,
    overview,
    reading_guide,
    sheets,
    similar,
    sources,
    theme_maps,
    update_form,
)
from .book import Book, Bookmark
from .faults import faults as faults_of
from .frames import FRAMES, Frame
from .settings import Settings
from .typesetting import Composer

if TYPE_CHECKING:
    from .metrics import Metrics

MOST_PASSES = 5

Section = Callable[[Composer], None]

SECTIONS: dict[str, Section] = {
    "avant-propos": foreword.foreword,
    "lire": reading_guide.reading_guide,
    "synthese": overview.key_figures,
    "recensement": effort.effort,
    "matrice": matrix.matrix,
    "themes": theme_maps.theme_maps,
    "fiches": sheets.sheets,
    "monographies": monographs.monographs,
    "manques": gaps.gaps,
    "semblables": similar.similar,
    "reseaux": networks.networks,
    "pistes": leads.leads,
    "nouveautes": news.news,
    "annuaire": directory.directory,
    "mairies": directory.town_halls,
    "index": index.index,
    "correction": update_form.update_form,
    "sources": sources.sources,
}
"""The sections a planner may choose from; cover and contents are always there."""


def compose(
    content: Content,
    metrics: Metrics,
    sections: Iterable[str],
    settings: Settings | None = None,
    frames: dict[str, Frame] = FRAMES,
    tick: Callable[[], None] = lambda: None,
) -> Book:
    """Return the book of a content with the chosen sections, in the order of the settings or of SECTIONS.

    Contents and index take the page numbers of the pass before; passes are made until the numbers no longer change.
    ``tick`` is called at each page. Raises TisserandError when a page came out that could not be printed well.
    """
    numbers: dict[str, int] = {}
    bookmarks: list[Bookmark] = []
    settings = settings or Settings()
    order = in_order(sections, settings.sections)
    for _ in range(MOST_PASSES):
        composer = Composer(content, metrics, numbers, settings, frames, tick)
        front.cover(composer)
        front.contents(composer, bookmarks)
        for name in order:
            SECTIONS[name](composer)
        book = composer.book
        settled = book.page_numbers() == numbers
        numbers, bookmarks = book.page_numbers(), list(book.bookmarks)
        if settled:
            break
    book.warnings = list(content.warnings)
    faults = faults_of(book)
    if faults or not settled:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The guide could not be composed, {count} faults: {faults}"),
            count=len(faults),
            faults=" ; ".join(faults[:5]) or "page numbers do not settle",
        )
    return book


def in_order(sections: Iterable[str], wanted: Iterable[str] = ()) -> list[str]:
    """Return the chosen sections: those of ``wanted`` first, in its order, the others as SECTIONS has them."""
    chosen = set(sections)
    first = [name for name in dict.fromkeys(wanted) if name in chosen and name in SECTIONS]
    return first + [name for name in SECTIONS if name in chosen and name not in first]
