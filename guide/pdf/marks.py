"""Marks by which the tagger finds again, in the PDF that Qt wrote, what each operation of a page drew.

A mark is a background of a reserved colour, which QGIS paints just before the first item of a run: in the content
stream it says "here begins run n", and is taken out again. No QGIS object here.
"""

from __future__ import annotations

from typing import NamedTuple

from ..composing.book import ARTIFACT, Book, Page, Text

RESERVED_RED = 1
FIRST = 0x5A17
"""A green that nobody chooses, unlike the blacks which begin with #01: up to 42,000 runs a page."""


class Run(NamedTuple):
    """Operations ``first`` to ``last`` of a page, drawn one after the other, that belong to one element."""

    first: int
    last: int
    element: int


def runs(book: Book, page: Page) -> list[Run]:
    """Return the runs of a page in the order in which they are drawn; each operation is in one of them.

    A text is a run of its own, so that it can be a link and be read line by line; what is said in the words of an
    ``alternative`` is one run, with what adorns it in between.
    """
    found: list[Run] = []
    for place, operation in enumerate(page.operations):
        element = getattr(operation, "element", ARTIFACT)
        before = found[-1] if found else None
        if before and before.element == element and (_adorns(page, before, operation) or _as_one(book, element)):
            found[-1] = before._replace(last=place)
        else:
            found.append(Run(place, place, element))
    return _joined(book, found)


def _adorns(page: Page, before: Run, operation) -> bool:
    if before.element != ARTIFACT:
        return False
    return isinstance(page.operations[before.last], Text) == isinstance(operation, Text)


def _as_one(book: Book, element: int) -> bool:
    """Return whether words stand for all that is drawn of an element."""
    return element != ARTIFACT and bool(book.elements[element].alternative)


def _joined(book: Book, found: list[Run]) -> list[Run]:
    """Return the runs with those of one figure joined across the artifacts between them, such as its letters."""
    joined: list[Run] = []
    between: list[Run] = []
    for run in found:
        if run.element == ARTIFACT:
            between.append(run)
            continue
        if joined and joined[-1].element == run.element and _as_one(book, run.element):
            joined[-1] = joined[-1]._replace(last=run.last)
        else:
            joined += [*between, run]
        between = []
    return joined + between


def mark_colour(number: int) -> str:
    """Return the reserved colour of run ``number`` of a page, as #rrggbb."""
    return f"#{RESERVED_RED:02x}{FIRST + number:04x}"


def number_of(green: int, blue: int) -> int:
    """Return the run whose mark has the reserved red with this green and blue."""
    return (green << 8 | blue) - FIRST
