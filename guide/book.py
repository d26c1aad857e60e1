"""The book as data: pages of operations in millimetres, with links and bookmarks. No QGIS object.

Everything that can be checked before drawing is checked here: nothing outside its page, no text wider than its box,
no two texts on one another, no link to nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
MARGIN = 15.0
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
# The band of a page that content may fill; header and footer lie outside it.
TOP, BOTTOM = 16.0, 280.0


class Box(NamedTuple):
    """A rectangle on a page, in millimetres from its top left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h


class Link(NamedTuple):
    """Where a text leads: to an ``anchor`` of the book, or to a ``uri``."""

    anchor: str = ""
    uri: str = ""


@dataclass(frozen=True)
class Text:
    """Lines already broken to the width of the box.

    ``align`` is left, centre or right, ``size`` is in points, ``width`` is that of the longest line in millimetres as
    measured when it was set.
    """

    box: Box
    lines: tuple[str, ...]
    size: float
    bold: bool = False
    colour: str = "#1e2530"
    align: str = "left"
    link: Link | None = None
    width: float = 0.0


@dataclass(frozen=True)
class Rectangle:
    """A filled box; ``fill`` is a colour, or the name of a look (see ``maps.look``), such as hidden or gap:0."""

    box: Box
    fill: str
    outline: str = ""


@dataclass(frozen=True)
class Rule:
    """A straight line from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "#c8ced6"
    width: float = 0.2


@dataclass(frozen=True)
class Marker:
    """A map symbol centred on (x, y): ``theme:feed``, ``town_hall`` or ``need``; ``size`` in millimetres."""

    symbol: str
    x: float
    y: float
    size: float = 3.0


@dataclass(frozen=True)
class MapFrame:
    """A map: ``subject`` chooses its layers, ``extent`` (west, south, east, north) is in the CRS of the store.

    ``focus`` is the code of the territory that stands out. ``alternative`` says in words what the map shows.
    """

    box: Box
    subject: str
    extent: tuple[float, float, float, float]
    focus: str = ""
    alternative: str = ""
    scale_bar: bool = True
    frame: bool = True


@dataclass
class Page:
    """One page: its section's title, what is drawn in order, and the anchors that lead here."""

    section: str
    operations: list = field(default_factory=list)
    anchors: dict[str, float] = field(default_factory=dict)


class Bookmark(NamedTuple):
    """An entry of the PDF's outline and, down to level 2, of the contents."""

    level: int
    title: str
    anchor: str


@dataclass
class Book:
    """Pages in order, bookmarks in order, and the warnings an editor should read."""

    title: str
    pages: list[Page] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def page_numbers(self) -> dict[str, int]:
        """Return anchor -> printed page number; the cover is page 1."""
        return {anchor: number for number, page in enumerate(self.pages, 1) for anchor in page.anchors}

    def faults(self) -> list[str]:
        """Return what would look wrong in print, a sentence each; an empty list means the book can be drawn."""
        known = self.page_numbers()
        found = []
        for number, page in enumerate(self.pages, 1):
            texts = [operation for operation in page.operations if isinstance(operation, Text)]
            for text in texts:
                found += [f"page {number}: {fault}: {text.lines[0]!r}" for fault in _faults_of(text, known)]
            found += [f"page {number}: {fault}" for fault in _overlaps(texts)]
            for operation in page.operations:
                if isinstance(operation, (Rectangle, MapFrame)) and not _inside(operation.box):
                    found.append(f"page {number}: {type(operation).__name__} outside the page: {operation.box}")
            if not page.operations:
                found.append(f"page {number} is empty")
        for bookmark in self.bookmarks:
            if bookmark.anchor not in known:
                found.append(f"bookmark to nowhere: {bookmark.title!r}")
        return found

    def to_dict(self) -> dict:
        """Return what stands where, for the JSON that goes beside the PDF."""
        return {
            "titre": self.title,
            "pages": [
                {
                    "numero": number,
                    "section": page.section,
                    "ancres": sorted(page.anchors),
                    "textes": [" ".join(o.lines) for o in page.operations if isinstance(o, Text)],
                    "cartes": [
                        {"sujet": o.subject, "territoire": o.focus, "description": o.alternative}
                        for o in page.operations
                        if isinstance(o, MapFrame)
                    ],
                }
                for number, page in enumerate(self.pages, 1)
            ],
            "signets": [
                {"niveau": bookmark.level, "titre": bookmark.title, "page": self.page_numbers().get(bookmark.anchor)}
                for bookmark in self.bookmarks
            ],
            "avertissements": self.warnings,
        }


def _inside(box: Box) -> bool:
    return box.x >= -0.01 and box.y >= -0.01 and box.right <= PAGE_WIDTH + 0.01 and box.bottom <= PAGE_HEIGHT + 0.01


def _faults_of(text: Text, anchors: dict[str, int]):
    if not _inside(text.box):
        yield "text outside the page"
    if text.width > text.box.w + 0.05:
        yield f"text {text.width - text.box.w:.1f} mm too wide"
    if text.link and text.link.anchor and text.link.anchor not in anchors:
        yield f"link to nowhere ({text.link.anchor})"


def _ink(text: Text) -> Box:
    """Return the box that the letters themselves fill, a little less than the line height."""
    x = {"left": text.box.x, "centre": text.box.x + (text.box.w - text.width) / 2, "right": text.box.right - text.width}
    trim = 0.15 * text.box.h / len(text.lines)
    return Box(x[text.align], text.box.y + trim, text.width, text.box.h - 2 * trim)


def _overlaps(texts: list[Text]):
    boxes = sorted(((_ink(text), text) for text in texts), key=lambda pair: pair[0].y)
    for index, (first, upper) in enumerate(boxes):
        for second, lower in boxes[index + 1 :]:
            if second.y > first.bottom - 0.3:
                break
            if min(first.right, second.right) - max(first.x, second.x) > 0.3:
                yield f"{upper.lines[0]!r} and {lower.lines[0]!r} overlap"
