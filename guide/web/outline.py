"""The structure of a book as a tree of words, links, symbols and figures: what HTML and tables are made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..composing.book import ARTIFACT, Book, Link, Marker, Page, Polygon, Rectangle, Rule, Text
from ..facts.words import printable

_PAGE_REFERENCE = re.compile(r"(?:p\.|pages?)?\s*(\d+)")
# Millimetres: a symbol this near to the left of a text, or just above it, belongs to it.
NEAR = 14.0
MOST_SYMBOLS = 4
SMALLER = 0.93


@dataclass
class Run:
    """Words with where they lead, and the symbols (``theme:feed``, ``hidden``) that stand before them.

    ``page`` marks a page number of the printed book beside its link; ``small`` what is set smaller than the words
    before it in the same element.
    """

    words: str
    link: Link | None = None
    symbols: tuple[str, ...] = ()
    page: bool = False
    small: bool = False


@dataclass
class Node:
    """An element with what it holds; ``place`` is its place in ``Book.elements``, ``drawn`` the (page, operation)s."""

    kind: str
    place: int
    alternative: str = ""
    scope: str = ""
    runs: list[Run] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    drawn: list[tuple[int, object]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return all words within, without the page numbers of links."""
        own = [run.words for run in self.runs if run.words and not run.page]
        return " ".join([*own, *(child.words for child in self.children)]).strip()

    @property
    def said(self) -> str:
        """Return what a reader who does not see it is told: the alternative where there is one, else the words."""
        return self.alternative or self.words

    def within(self) -> Iterator[Node]:
        """Yield this node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.within()

    @property
    def weight(self) -> int:
        return sum(len(node.runs) + 1 for node in self.within())


def outline(book: Book) -> list[Node]:
    """Return the elements that stand in no other, in order, each with all that is below it."""
    nodes = [Node(e.kind, i, printable(e.alternative), e.scope) for i, e in enumerate(book.elements)]
    numbers = book.page_numbers()
    for index, page in enumerate(book.pages):
        _fill(nodes, index, page, numbers)
    roots = []
    for node, element in zip(nodes, book.elements):
        (roots if element.parent == ARTIFACT else nodes[element.parent].children).append(node)
    return roots


def _fill(nodes: list[Node], index: int, page: Page, numbers: dict[str, int]) -> None:
    waiting: list = []
    for operation in page.operations:
        place = getattr(operation, "element", ARTIFACT)
        if isinstance(operation, Text):
            if place != ARTIFACT:
                run = _run(operation, waiting, numbers)
                first = next((text for _, text in nodes[place].drawn if isinstance(text, Text)), operation)
                run.small = operation.size < SMALLER * first.size
                nodes[place].runs.append(run)
                nodes[place].drawn.append((index, operation))
            elif operation.words and set(operation.words) <= CROSSES:
                # How legends draw this look, whose crosses stand too far apart for their small boxes.
                waiting = [*waiting, Rectangle(operation.box, "no_offer")][-MOST_SYMBOLS:]
        elif place != ARTIFACT:
            nodes[place].drawn.append((index, operation))
            if nodes[place].kind != "Figure" and symbol_of(operation):
                nodes[place].runs.append(Run("", symbols=(symbol_of(operation),)))
        elif symbol_of(operation):
            waiting = [*waiting, operation][-MOST_SYMBOLS:]


def _run(text: Text, waiting: list, numbers: dict[str, int]) -> Run:
    mine = [mark for mark in waiting if _belongs(mark, text)]
    for mark in mine:
        waiting.remove(mark)
    found = _PAGE_REFERENCE.fullmatch(text.words)
    page = bool(found and text.link and str(numbers.get(text.link.anchor, "")) == found.group(1))
    return Run(text.words, text.link, tuple(map(symbol_of, mine)), page)


def symbol_of(operation: object) -> str:
    """Return the name of the symbol or look that an operation draws, "" for a plain colour or anything else."""
    if isinstance(operation, Marker):
        return operation.symbol
    if isinstance(operation, Rectangle) and not operation.fill.startswith("#") and operation.box.w < NEAR:
        # Looks are told from names of colours by what they are drawn as (see ``maps.look``).
        return operation.fill if operation.fill in LOOKS or ":" in operation.fill else ""
    return ""


CROSSES = set("× ")
LOOKS = ("not_surveyed", "hidden", "no_need", "no_offer")


def _belongs(mark: Marker | Rectangle, text: Text) -> bool:
    left, top, right, bottom = extent_of(mark)
    line = text.box.h / len(text.lines)
    beside = top < text.box.y + line and bottom > text.box.y and -1.5 < text.box.x - right < NEAR
    above = 0 <= text.box.y - (top + bottom) / 2 < 6 and text.box.x <= (left + right) / 2 <= text.box.right
    return beside or above


def extent_of(operation: object) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what an operation draws, in millimetres."""
    if isinstance(operation, Polygon):
        xs, ys = [x for x, _ in operation.points], [y for _, y in operation.points]
        return min(xs), min(ys), max(xs), max(ys)
    if isinstance(operation, Rule):
        xs, ys = sorted((operation.x1, operation.x2)), sorted((operation.y1, operation.y2))
        return xs[0], ys[0], xs[1], ys[1]
    if isinstance(operation, Marker):
        half = operation.size / 2
        return operation.x - half, operation.y - half, operation.x + half, operation.y + half
    return operation.box.x, operation.box.y, operation.box.right, operation.box.bottom
