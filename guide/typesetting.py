"""Sets text and other operations on the pages of a book, measuring as it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..layers.model.codes import code_list
from ..styles import palette
from .book import (
    BOTTOM,
    MARGIN,
    PAGE_WIDTH,
    TEXT_WIDTH,
    TOP,
    Book,
    Bookmark,
    Box,
    Link,
    MapFrame,
    Marker,
    Page,
    Rectangle,
    Rule,
    Text,
)
from .content import Content

if TYPE_CHECKING:
    from .metrics import Metrics

BODY, LIST, CAPTION = 9.5, 8.0, 7.0
SMALLEST = 6.5
COLUMN_GAP = 6.0
INK, GREY, ACCENT, PAPER, RULE = (palette()[name] for name in ("ink", "grey", "accent", "paper", "rule"))


class Composer:
    """Adds pages to a book and operations to its last page.

    ``numbers`` holds the page numbers found by an earlier pass: contents and index need them before the pages exist.
    """

    def __init__(self, content: Content, metrics: Metrics, title: str, numbers: dict[str, int]):
        self.content = content
        self.metrics = metrics
        self.book = Book(title)
        self.numbers = numbers

    @property
    def page(self) -> Page:
        return self.book.pages[-1]

    def new_page(self, section: str, *, furniture: bool = True) -> None:
        """Begin a page; with furniture it has the running head and the foot."""
        self.book.pages.append(Page(section))
        if not furniture:
            return
        self.rectangle(Box(0, 0, PAGE_WIDTH, 3), ACCENT)
        self.text(section.upper(), MARGIN, 7, 140, size=CAPTION, colour=GREY)
        self.rule(MARGIN, 285, PAGE_WIDTH - MARGIN, 285)
        foot = f"{self.book.title} · {self.content.departement} · édition {self.content.edition}"
        self.text(foot, MARGIN, 287, 160, size=CAPTION, colour=GREY, most_lines=1)
        number = str(len(self.book.pages))
        self.text(number, 175, 286.4, 20, size=9, bold=True, align="right")

    def anchor(self, name: str, y: float = 0.0) -> None:
        """Let links come to this place of the page."""
        self.page.anchors[name] = y

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
    ) -> float:
        """Set text broken to ``width`` and return its height; more than ``most_lines`` are cut with an ellipsis."""
        if link and link.anchor and self.numbers and link.anchor not in self.numbers:
            link = None  # its section is not in this book
        lines = self.lines(text, width, size=size, bold=bold, most_lines=most_lines)
        height = len(lines) * self.metrics.line_height(size, bold=bold)
        widest = max(self.metrics.width(line, size, bold=bold) for line in lines)
        box = Box(x, y, width, height)
        self.page.operations.append(Text(box, tuple(lines), size, bold, colour, align, link, widest))
        return height

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
        """Set a page's title and its factual line, and return where the content begins."""
        y = TOP - 2
        y += self.text(title, MARGIN, y, TEXT_WIDTH, size=21, bold=True, colour=ACCENT)
        if subtitle:
            y += self.text(subtitle, MARGIN, y + 0.5, TEXT_WIDTH, size=10.5, colour=GREY) + 0.5
        return y + 4

    def subheading(self, title: str, x: float, y: float, width: float) -> float:
        """Set a heading within a page and return its height with the space below."""
        return self.text(title, x, y, width, size=12, bold=True) + 1.5

    def rectangle(self, box: Box, fill: str, outline: str = "") -> None:
        """Fill a box with a colour or a look of the maps."""
        self.page.operations.append(Rectangle(box, fill, outline))

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: str = RULE, width: float = 0.2) -> None:
        """Draw a line."""
        self.page.operations.append(Rule(x1, y1, x2, y2, colour, width))

    def marker(self, symbol: str, x: float, y: float, size: float = 3.0) -> None:
        """Draw a map symbol centred on (x, y)."""
        self.page.operations.append(Marker(symbol, x, y, size))

    def map(self, box: Box, subject: str, extent: tuple, **options) -> None:
        """Draw a map whose extent keeps 5 % around it."""
        west, south, east, north = extent
        dx, dy = (east - west) * 0.05 or 500.0, (north - south) * 0.05 or 500.0
        self.page.operations.append(MapFrame(box, subject, (west - dx, south - dy, east + dx, north + dy), **options))

    def fitting_size(self, text: str, width: float, size: float, *, bold: bool = False) -> float:
        """Return the size, at most ``size`` and at least 6.5 points, at which ``text`` fits one line."""
        wide = self.metrics.width(printable(text), size, bold=bold)
        return size if wide <= width else max(SMALLEST, size * width / wide * 0.99)

    def legend(self, y: float, items: list[tuple[str, str]]) -> float:
        """Set keys with their words one after the other, over as many lines as they need; return the height.

        A key is a look of the maps, ``need`` for the marker of needs, or a figure as it stands in a table.
        """
        x, top = MARGIN, y
        for key, words in items:
            width = self.metrics.width(words, 7.5) + 13
            if x + width > MARGIN + TEXT_WIDTH:
                x, y = MARGIN, y + 5.4
            if key == "need":
                self.marker(key, x + 4, y + 2, 2.2)
            elif key[0].isdigit():
                self.text(key, x, y, 7, size=LIST, bold=True, align="centre")
            else:
                self.rectangle(Box(x, y + 0.2, 7, 3.6), key, GREY)
            self.text(words, x + 8.5, y, width - 8.5, size=7.5)
            x += width
        return y + 5.4 - top

    def source_line(self, y: float = BOTTOM - 4, extra: str = "") -> None:
        """Set the line that names producers, year and projection below a map."""
        self.text(source_line(self.content) + extra, MARGIN, y, TEXT_WIDTH, size=6.5, colour=GREY, most_lines=2)

    def theme_legend(self, y: float, counts: dict[str, int] | None = None, columns: int = 3) -> float:
        """Set the themes' symbols in columns, with the number of actors of each, and return the height."""
        width = TEXT_WIDTH / columns
        step = 5.6
        for index, (code, label) in enumerate(self.content.themes.items()):
            column, row = index % columns, index // columns
            x, line = MARGIN + column * width, y + row * step
            self.marker(f"theme:{code}", x + 1.8, line + 2, 3.2)
            counted = "" if counts is None else f" ({counts.get(code, 0)})"
            self.text(label + counted, x + 5.5, line, width - 6.5, size=LIST, most_lines=1)
        return -(-len(self.content.themes) // columns) * step


def column_width(count: int, gap: float = COLUMN_GAP) -> float:
    """Return the width of each of ``count`` columns."""
    return (TEXT_WIDTH - gap * (count - 1)) / count


class Columns:
    """A cursor that fills columns from top to bottom and asks for a new page after the last one."""

    def __init__(
        self,
        composer: Composer,
        count: int,
        top: float,
        *,
        gap: float = COLUMN_GAP,
        continued: str = "",
        bottom: float = BOTTOM,
        next_bottom: float = BOTTOM,
    ):
        self._composer = composer
        self._count = count
        self.width = column_width(count, gap)
        self._gap = gap
        self._continued = continued
        self._top = top
        self._bottom = bottom
        self._next_bottom = next_bottom
        self._column = 0
        self._deepest = 0.0
        self.y = top

    @property
    def lowest(self) -> float:
        """Return a place below everything set so far on this page."""
        return max(self.y, self._deepest)

    @property
    def x(self) -> float:
        """Return the left edge of the current column."""
        return MARGIN + self._column * (self.width + self._gap)

    def room(self, height: float) -> None:
        """Go to the next column, or page, unless ``height`` fits below the cursor."""
        if self.y + height <= self._bottom:
            return
        self._deepest = max(self._deepest, self.y)
        self._column += 1
        if self._column == self._count:
            self._deepest = 0.0
            self._composer.new_page(self._composer.page.section)
            self._column = 0
            self._top, self._bottom = TOP, self._next_bottom
            if self._continued:
                text = f"{self._continued} (suite)"
                self._top += (
                    self._composer.text(text, MARGIN, TOP - 1, TEXT_WIDTH, size=11, bold=True, colour=ACCENT) + 3
                )
        self.y = self._top


def balanced_bottom(top: float, heights: list[float], columns: int) -> float:
    """Return where columns should end so that a short list fills them all alike; BOTTOM when it needs them whole."""
    share = sum(heights) / columns + max(heights, default=0.0)
    return min(BOTTOM, top + share)


class Spread(NamedTuple):
    """How a list is laid over pages: how many, and where columns end on the first and on those after it."""

    pages: int
    bottom: float
    next_bottom: float


def even_pages(top: float, heights: list[float], columns: int) -> Spread:
    """Return how a list fills as few pages as it can, all alike."""
    total = sum(heights)
    beyond = total - columns * (BOTTOM - top)
    pages = 1 if beyond <= 0 else 1 + -int(-beyond // (columns * (BOTTOM - TOP)))
    share = total / (columns * pages) + max(heights, default=0.0)
    return Spread(pages, min(BOTTOM, top + share), min(BOTTOM, TOP + share))


def printable(text: str) -> str:
    """Return a person's text as one paragraph, without characters that cannot be printed; hard spaces stay."""
    hard = text.replace("\u202f", "\u00a0")
    visible = "".join(c if c.isprintable() or c == "\u00a0" else " " for c in hard)
    return re.sub(" +", " ", visible).strip()


def number(value: float) -> str:
    """Return a whole number the French way: thousands apart by a narrow space that does not break."""
    return f"{value:,.0f}".replace(",", "\u00a0")


def labels(codes: Iterable[str], list_name: str) -> str:
    """Return the words for codes of a list, joined by commas."""
    words = code_list(list_name)
    return ", ".join(words.label(code) for code in codes)


def plural(count: int, singular: str, several: str = "") -> str:
    """Return a count with its noun, in the plural from 2 on as French wants."""
    return f"{number(count)} {singular if count < 2 else several or singular + 's'}"


def source_line(content: Content) -> str:
    """Return producers, year and projection, for the foot of each map."""
    year = content.settings.get("millesime", "")
    return (
        f"Sources : {content.departement}, recensement des acteurs et des besoins, {content.printed_on.year} ; "
        f"limites IGN Admin Express et Insee, code officiel géographique {year}. "
        f"Traitement : Tisserand. Projection : EPSG:{content.epsg}."
    )
