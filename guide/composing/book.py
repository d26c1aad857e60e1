"""The book as data: pages of operations in millimetres, the structure they belong to, links and bookmarks.

No QGIS object. The PDF, its tags, the HTML edition and the tables are all made from this. What can be checked before
anything is drawn is checked in ``faults.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
ARTIFACT = -1
"""The element of what only adorns: running heads, rules, backgrounds."""


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
class Element:
    """A node of the structure: ``kind`` is a standard type of PDF 1.7 (H1-H3, P, L, LI, Table, TR, TH, TD, Figure…).

    ``parent`` is its parent's place in ``Book.elements``, ARTIFACT for none. ``alternative`` says in words what its
    operations show. ``scope`` of a TH is Row or Column. Children stand in the order in which they were begun.
    """

    kind: str
    parent: int = ARTIFACT
    alternative: str = ""
    scope: str = ""


@dataclass(frozen=True)
class Text:
    """Lines already broken to the width of the box; ``words`` is the whole text, also where the lines cut it short.

    ``align`` is left, centre or right, ``size`` is in points, ``width`` is that of the longest line in millimetres as
    measured when it was set. ``colour`` is #rrggbb or a name of the settings' colours (see ``settings.Colours``).
    ``element`` is the place in ``Book.elements`` of what the text belongs to.
    """

    box: Box
    lines: tuple[str, ...]
    size: float
    bold: bool = False
    colour: str = "ink"
    align: str = "left"
    link: Link | None = None
    width: float = 0.0
    words: str = ""
    element: int = ARTIFACT


@dataclass(frozen=True)
class Rectangle:
    """A filled box; ``fill`` is a colour, or the name of a look (see ``maps.look``), such as hidden or gap:0."""

    box: Box
    fill: str
    outline: str = ""
    element: int = ARTIFACT


@dataclass(frozen=True)
class Polygon:
    """A closed line through ``points`` (x, y); ``fill`` and ``outline`` are colours, "" for none."""

    points: tuple[tuple[float, float], ...]
    fill: str = ""
    outline: str = ""
    width: float = 0.2
    element: int = ARTIFACT


@dataclass(frozen=True)
class Picture:
    """A picture fitted into its box: ``source`` is the path of a file, or the text of an SVG."""

    box: Box
    source: str
    element: int = ARTIFACT


@dataclass(frozen=True)
class Rule:
    """A straight line from (x1, y1) to (x2, y2)."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "rule"
    width: float = 0.2
    element: int = ARTIFACT


@dataclass(frozen=True)
class Marker:
    """A map symbol centred on (x, y): ``theme:feed``, ``town_hall`` or ``need``; ``size`` in millimetres."""

    symbol: str
    x: float
    y: float
    size: float = 3.0
    element: int = ARTIFACT


class Spot(NamedTuple):
    """A symbol of a map where it is drawn, in the CRS of the store; it stands for (``true_x``, ``true_y``).

    ``symbol`` is that of a ``Marker``, or ``pale`` for what only surrounds; ``number`` is written beside it, or 0;
    ``size`` is in millimetres.
    """

    x: float
    y: float
    symbol: str
    number: int
    size: float
    true_x: float
    true_y: float

    @property
    def moved(self) -> bool:
        return (self.x, self.y) != (self.true_x, self.true_y)


class Area(NamedTuple):
    """How a territory is filled: a look of the maps by name; ``label`` is written within it.

    ``at`` is the middle of the words in the CRS of the store; without it they keep off the symbols as they can.
    """

    code: str
    look: str
    label: str = ""
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class MapFrame:
    """A map: ``subject`` chooses its layers, ``extent`` (west, south, east, north) is in the CRS of the store.

    ``focus`` is the code of the territory that stands out, ``theme`` the theme it is about. ``alternative`` says in
    words what the map shows. ``over`` marks a map that lies on another, such as an inset. ``spots`` are its symbols,
    None for all actors where they are; ``areas`` fill the territories of the subjects that have no fill of their own.
    ``bar`` is the corner in which the scale bar stands, or below.
    """

    box: Box
    subject: str
    extent: tuple[float, float, float, float]
    focus: str = ""
    theme: str = ""
    alternative: str = ""
    scale_bar: bool = True
    frame: bool = True
    over: bool = False
    element: int = ARTIFACT
    bar: str = "bottom left"
    spots: tuple[Spot, ...] | None = None
    areas: tuple[Area, ...] = ()

    @property
    def ground(self) -> tuple[float, float, float, float]:
        """Return the extent widened to the shape of the box: what the map really shows."""
        west, south, east, north = self.extent
        ratio = self.box.w / self.box.h
        half = max(east - west, (north - south) * ratio) / 2
        x, y = (west + east) / 2, (south + north) / 2
        return x - half, y - half / ratio, x + half, y + half / ratio


@dataclass
class Page:
    """One page: its section's title, the frame it is laid in, what is drawn in order, the anchors that lead here.

    ``width`` and ``height`` are the paper's, in millimetres.
    """

    section: str
    frame: str = "page"
    operations: list = field(default_factory=list)
    anchors: dict[str, float] = field(default_factory=dict)
    width: float = PAGE_WIDTH
    height: float = PAGE_HEIGHT


class Bookmark(NamedTuple):
    """An entry of the PDF's outline and, down to level 2, of the contents."""

    level: int
    title: str
    anchor: str


@dataclass
class Book:
    """Pages in order, the structure, bookmarks in order, and the warnings an editor should read.

    ``anchored`` gives for each anchor the place in ``elements`` of what stands there.
    """

    title: str
    elements: list[Element] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    anchored: dict[str, int] = field(default_factory=dict)

    def page_numbers(self) -> dict[str, int]:
        """Return anchor -> printed page number; the cover is page 1."""
        return {anchor: number for number, page in enumerate(self.pages, 1) for anchor in page.anchors}

    def to_dict(self) -> dict:
        """Return what stands where, for the JSON that goes beside the PDF; in millimetres from the top left."""
        numbers = self.page_numbers()
        return {
            "titre": self.title,
            "pages": [self._page_to_dict(number, page, numbers) for number, page in enumerate(self.pages, 1)],
            "structure": [
                {
                    "type": element.kind,
                    "parent": element.parent,
                    **({"description": element.alternative} if element.alternative else {}),
                    **({"portee": element.scope} if element.scope else {}),
                }
                for element in self.elements
            ],
            "signets": [
                {"niveau": bookmark.level, "titre": bookmark.title, "page": numbers.get(bookmark.anchor)}
                for bookmark in self.bookmarks
            ],
            "avertissements": self.warnings,
        }

    def _page_to_dict(self, number: int, page: Page, numbers: dict[str, int]) -> dict:
        texts = [operation for operation in page.operations if isinstance(operation, Text)]
        return {
            "numero": number,
            "section": page.section,
            "cadre": page.frame,
            "format": [page.width, page.height],
            "ancres": sorted(page.anchors),
            "textes": [" ".join(text.lines) for text in texts],
            "places": [
                {"boite": _rounded(text.box), "corps": round(text.size, 2), "element": text.element} for text in texts
            ],
            "liens": [
                {"texte": text.words, "adresse": text.link.uri}
                if text.link.uri
                else {"texte": text.words, "ancre": text.link.anchor, "page": numbers.get(text.link.anchor)}
                for text in texts
                if text.link
            ],
            "cartes": [
                {"sujet": o.subject, "territoire": o.focus, "theme": o.theme, "description": o.alternative}
                | {"boite": _rounded(o.box), "element": o.element}
                for o in page.operations
                if isinstance(o, MapFrame)
            ],
            "images": [
                {"boite": _rounded(o.box), "element": o.element, "description": self.elements[o.element].alternative}
                for o in page.operations
                if isinstance(o, Picture) and o.element != ARTIFACT
            ],
        }


def _rounded(box: Box) -> list[float]:
    return [round(side, 2) for side in box]
