"""Sets text and other operations on the pages of a book, measuring as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..facts.content import Content
from ..facts.words import printable
from .book import (
    ARTIFACT,
    Book,
    Bookmark,
    Box,
    Element,
    Link,
    MapFrame,
    Marker,
    Page,
    Picture,
    Polygon,
    Rectangle,
    Rule,
    Text,
)
from .frames import FRAMES, Frame, Zone
from .settings import Settings

if TYPE_CHECKING:
    from .metrics import Metrics

BODY, LIST, CAPTION = 9.5, 8.0, 7.0
SMALLEST = 6.5
COLUMN_GAP = 6.0
INK, GREY, ACCENT, PAPER, RULE = "ink", "grey", "accent", "paper", "rule"
HOLDS_WORDS = {"P", "H1", "H2", "H3", "LI", "Lbl", "LBody", "TH", "TD", "TOCI", "Caption", "Note"}
"""The elements that text set within them belongs to; elsewhere it makes a paragraph of its own."""


class Composer:
    """Adds pages to a book, operations to its last page, and elements to its structure.

    ``numbers`` holds the page numbers found by an earlier pass: contents and index need them before the pages exist.
    ``tick`` is called at each page; what it raises ends the work.
    """

    def __init__(
        self,
        content: Content,
        metrics: Metrics,
        numbers: dict[str, int],
        settings: Settings,
        frames: dict[str, Frame] = FRAMES,
        tick: Callable[[], None] = lambda: None,
    ):
        self.content = content
        self.metrics = metrics
        self.settings = settings
        title = settings.title if content.booklet is None else f"{settings.title} : {content.booklet.name}"
        self.book = Book(title)
        self.numbers = numbers
        self._frames = frames
        self._tick = tick
        self._inside = ARTIFACT

    @property
    def page(self) -> Page:
        return self.book.pages[-1]

    @property
    def frame(self) -> Frame:
        """Return the frame of the page at hand; before the first page, that of ordinary pages."""
        return self._frames[self.page.frame if self.book.pages else "page"]

    def zone(self, name: str) -> Zone:
        """Return a named zone of the page at hand."""
        return self.frame.zones[name]

    @property
    def left(self) -> float:
        return self.frame.body.x

    @property
    def width(self) -> float:
        return self.frame.body.w

    @property
    def top(self) -> float:
        return self.frame.body.y

    @property
    def bottom(self) -> float:
        return self.frame.body.bottom

    def new_page(self, section: str, frame: str = "page") -> None:
        """Begin a page in a frame, with its running head, foot and number."""
        self._tick()
        paper = self._frames[frame]
        self.book.pages.append(Page(section, frame, width=paper.width, height=paper.height))
        zones = self.frame.zones
        foot = f"{self.book.title} · {self.content.departement} · édition {self.content.edition}"
        for name, words in (
            ("rubrique", section.upper()),
            ("pied", foot),
            ("folio", str(len(self.book.pages))),
        ):
            if name in zones:
                self.in_zone(words, name, artifact=True, most_lines=1)
        if frame == "couverture" and "logo" in zones and self.settings.logo:
            self.picture(zones["logo"].box, self.settings.logo, f"Logo : {self.content.departement}")

    @contextmanager
    def element(self, kind: str, *, alternative: str = "", scope: str = "") -> Iterator[int]:
        """Let what is set within belong to a new element, a child of the one at hand; may span pages and columns."""
        self.book.elements.append(Element(kind, self._inside, alternative, scope))
        outer, self._inside = self._inside, len(self.book.elements) - 1
        try:
            yield self._inside
        finally:
            self._inside = outer

    def _new_element(self, kind: str, alternative: str = "") -> int:
        self.book.elements.append(Element(kind, self._inside, alternative))
        return len(self.book.elements) - 1

    def _element_for(self, tag: str) -> int:
        if not tag and self._inside != ARTIFACT and self.book.elements[self._inside].kind in HOLDS_WORDS:
            return self._inside
        return self._new_element(tag or "P")

    def anchor(self, name: str, y: float = 0.0) -> None:
        """Let links come to this place of the page."""
        self.page.anchors[name] = y
        # The element just begun, as long as nothing was set in it; else the one that is to come.
        inside = self._inside
        begun = inside == len(self.book.elements) - 1 != ARTIFACT and not any(
            getattr(operation, "element", ARTIFACT) == inside for operation in self.page.operations
        )
        self.book.anchored[name] = inside if begun else len(self.book.elements)

    def bookmark(self, level: int, title: str, anchor: str, y: float = 0.0) -> None:
        """Enter this place in the outline, and in the contents when the level is 1 or 2."""
        self.anchor(anchor, y)
        self.book.bookmarks.append(Bookmark(level, title, anchor))

    def number_of(self, anchor: str) -> str:
        """Return the printed page number of an anchor, as far as known."""
        return str(self.numbers.get(anchor, ""))

    def text(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
        link: Link | None = None,
        most_lines: int = 0,
        tag: str = "",
        artifact: bool = False,
    ) -> float:
        """Set text broken to ``width`` and return its height; more than ``most_lines`` are cut with an ellipsis.

        It belongs to the element at hand where that holds words, else to a new one of kind ``tag`` (P by default), and
        to none as an ``artifact``.
        """
        lines = self.lines(text, width, size=size, bold=bold, most_lines=most_lines)
        style = {"size": size, "bold": bold, "colour": colour, "align": align, "link": link}
        return self.set_lines(lines, printable(text), x, y, width, **style, tag=tag, artifact=artifact)

    def set_lines(
        self,
        lines: list[str],
        words: str,
        x: float,
        y: float,
        width: float,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = INK,
        align: str = "left",
        link: Link | None = None,
        tag: str = "",
        artifact: bool = False,
    ) -> float:
        """Set lines already broken to ``width``, ``words`` being what they say, and return their height."""
        if link and link.anchor and self.numbers and link.anchor not in self.numbers:
            link = None  # its section is not in this book
        height = len(lines) * self.metrics.line_height(size, bold=bold)
        widest = max(self.metrics.width(line, size, bold=bold) for line in lines)
        box = Box(x, y, width, height)
        # What is empty is drawn as nothing, and says nothing.
        element = ARTIFACT if artifact or not words else self._element_for(tag)
        self.page.operations.append(Text(box, tuple(lines), size, bold, colour, align, link, widest, words, element))
        return height

    def in_zone(self, text: str, name: str, **options) -> float:
        """Set text in a named zone of the page, in the zone's style, and return its height."""
        box, size, bold, colour, align = self.zone(name)
        style = {"size": size, "bold": bold, "colour": colour, "align": align, **options}
        return self.text(text, box.x, box.y, box.w, **style)

    def lines(
        self, text: str, width: float, *, size: float = BODY, bold: bool = False, most_lines: int = 0
    ) -> list[str]:
        """Return the lines that ``text`` would set."""
        lines = self.metrics.wrap(printable(text), size, width, bold=bold)
        if most_lines and len(lines) > most_lines:
            lines = lines[:most_lines]
            last = lines[-1].rstrip()
            while last and self.metrics.width(last + "…", size, bold=bold) > width:
                last = last[:-1].rstrip()
            lines[-1] = last + "…"
        return lines

    def height(self, text: str, width: float, *, size: float = BODY, bold: bool = False) -> float:
        """Return the height that ``text`` would take."""
        return len(self.lines(text, width, size=size, bold=bold)) * self.metrics.line_height(size, bold=bold)

    def heading(self, title: str, subtitle: str = "") -> float:
        """Set a page's title, four lines of it at most, and its factual line; return where the content begins."""
        box = self.zone("titre").box
        y = box.y + self.in_zone(title, "titre", tag="H1", most_lines=4)
        if subtitle:
            below, size, bold, colour, align = self.zone("sous-titre")
            y = max(y + 0.5, below.y) if below.y > box.y else y + 0.5
            style = {"size": size, "bold": bold, "colour": colour, "align": align, "most_lines": 3}
            y += self.text(subtitle, below.x, y, below.w, **style)
        return max(y + 4, self.top)

    def subheading(self, title: str, x: float, y: float, width: float, *, tag: str = "H2") -> float:
        """Set a heading within a page and return its height with the space below."""
        return self.text(title, x, y, width, size=12, bold=True, tag=tag) + 1.5

    def rectangle(self, box: Box, fill: str, outline: str = "") -> None:
        """Fill a box with a colour or a look of the maps; within an element that has an ``alternative`` it is its."""
        self.page.operations.append(Rectangle(box, fill, outline, self._figure()))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str = RULE, width: float = 0.2) -> None:
        """Draw a line."""
        self.page.operations.append(Rule(x1, y1, x2, y2, colour, width))

    def polygon(self, points: Iterable[tuple[float, float]], fill: str = "", outline: str = "", width: float = 0.2):
        """Draw a closed line; within an element that has an ``alternative`` it belongs to it."""
        self.page.operations.append(Polygon(tuple(points), fill, outline, width, self._figure()))

    def marker(self, symbol: str, x: float, y: float, size: float = 3.0) -> None:
        """Draw a map symbol centred on (x, y); within an element that has an ``alternative`` it belongs to it."""
        self.page.operations.append(Marker(symbol, x, y, size, self._figure()))

    def picture(self, box: Box, source: str, alternative: str) -> None:
        """Draw a picture, fitted into its box: the path of a file, or the text of an SVG."""
        self.page.operations.append(Picture(box, source, self._new_element("Figure", printable(alternative))))

    def map(self, box: Box, subject: str, extent: tuple, *, alternative: str, **options) -> None:
        """Draw a map whose extent keeps 5 % around it."""
        west, south, east, north = extent
        dx, dy = (east - west) * 0.05 or 500.0, (north - south) * 0.05 or 500.0
        wider = (west - dx, south - dy, east + dx, north + dy)
        words = printable(alternative)
        frame = MapFrame(box, subject, wider, alternative=words, **options)
        self.page.operations.append(replace(frame, element=self._new_element("Figure", words)))

    def _figure(self) -> int:
        """Return the element that drawn marks belong to: the one at hand where words stand for what is drawn."""
        inside = self._inside
        if inside == ARTIFACT or not self.book.elements[inside].alternative:
            return ARTIFACT
        # The alternative of a table is its name.
        return inside if self.book.elements[inside].kind in {"Figure", *HOLDS_WORDS} else ARTIFACT

    def fitting_size(self, text: str, width: float, size: float, *, bold: bool = False) -> float:
        """Return the size, at most ``size`` and at least 6.5 points, at which ``text`` fits one line."""
        wide = self.metrics.width(printable(text), size, bold=bold)
        return size if wide <= width else max(SMALLEST, size * width / wide * 0.99)

    def legend(self, y: float, items: list[tuple[str, str]]) -> float:
        """Set keys with their words one after the other, over as many lines as they need; return the height.

        A key is a look of the maps, ``need`` for the marker of needs, or a figure as it stands in a table.
        """
        x, top = self.left, y
        with self.element("L"):
            for key, words in items:
                width = self.metrics.width(words, 7.5) + 13
                if x + width > self.left + self.width:
                    x, y = self.left, y + 5.4
                with self.element("LI"):
                    self._key(key, x, y)
                    self.text(words, x + 8.5, y, width - 8.5, size=7.5)
                x += width
        return y + 5.4 - top

    def _key(self, key: str, x: float, y: float) -> None:
        if key == "need":
            self.marker(key, x + 4, y + 2, 2.2)
        elif key[0].isdigit():
            self.text(key, x, y, 7, size=LIST, bold=True, align="centre")
        else:
            self.rectangle(Box(x, y + 0.2, 7, 3.6), key, GREY)

    def source_line(self, y: float | None = None, extra: str = "") -> None:
        """Set the line that names producers, year and projection below a map; at the foot unless ``y`` is given."""
        place = self.bottom - 4 if y is None else y
        words = source_line(self.content) + extra
        self.text(words, self.left, place, self.width, size=6.5, colour=GREY, most_lines=2)

    def theme_legend(self, y: float, counts: dict[str, int] | None = None, columns: int = 3) -> float:
        """Set the themes' symbols in columns, with the number of actors of each, and return the height."""
        width = self.width / columns
        step = 5.6
        with self.element("L"):
            for index, (code, label) in enumerate(self.content.themes.items()):
                column, row = index % columns, index // columns
                x, line = self.left + column * width, y + row * step
                counted = "" if counts is None else f" ({counts.get(code, 0)})"
                with self.element("LI"):
                    self.marker(f"theme:{code}", x + 1.8, line + 2, 3.2)
                    self.text(label + counted, x + 5.5, line, width - 6.5, size=LIST, most_lines=1)
        return -(-len(self.content.themes) // columns) * step

    def column_width(self, count: int, gap: float = COLUMN_GAP) -> float:
        """Return the width of each of ``count`` columns of the page at hand."""
        return (self.width - gap * (count - 1)) / count

    def balanced_bottom(self, top: float, heights: list[float], columns: int) -> float:
        """Return where columns end so that a short list fills them alike; the page's bottom when it needs it all."""
        share = sum(heights) / columns + max(heights, default=0.0)
        return min(self.bottom, top + share)

    def even_pages(self, top: float, heights: list[float], columns: int) -> Spread:
        """Return how a list fills as few pages as it can, all alike."""
        total = sum(heights)
        body = self._frames["page"].body
        beyond = total - columns * (self.bottom - top)
        pages = 1 if beyond <= 0 else 1 + -int(-beyond // (columns * body.h))
        share = total / (columns * pages) + max(heights, default=0.0)
        return Spread(pages, min(self.bottom, top + share), min(body.bottom, body.y + share))


class Spread(NamedTuple):
    """How a list is laid over pages: how many, and where columns end on the first and on those after it."""

    pages: int
    bottom: float
    next_bottom: float


def source_line(content: Content) -> str:
    """Return producers, year and projection, for the foot of each map."""
    year = content.settings.get("millesime", "")
    return (
        f"Sources : {content.departement}, recensement des acteurs et des besoins, {content.printed_on.year} ; "
        f"limites IGN Admin Express et Insee, code officiel géographique {year}. "
        f"Traitement : Tisserand. Projection : EPSG:{content.epsg}."
    )
