"""Lays the lines of an index in columns: pages are filled, the last one evenly, and a group's title is never alone."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import groupby
from typing import NamedTuple

from ..composing.book import Link
from ..composing.typesetting import ACCENT, COLUMN_GAP, GREY, Composer

SIZE, TITLE = 7.5, 9.0
PAGE_COLUMN = 9.0
INDENT = 2.5
BEFORE_TITLE, BEFORE_SUBTITLE = 1.8, 0.7
GAP = 0.4
BREATH = 0.05
"""Space that rounding may take without a line falling out of its column."""


class Line(NamedTuple):
    """A line of an index. ``depth`` 0 is a title (H3), 1 what stands below it, 2 what stands below another line.

    ``anchor`` is where it leads, "" for nowhere; ``holds`` says that it is never parted from what follows. ``pages``
    are numbers run in one after the other, with the anchor of each, in the place of names.
    """

    words: str
    anchor: str = ""
    depth: int = 1
    bold: bool = False
    holds: bool = False
    pages: tuple[tuple[int, str], ...] = ()


class Placed(NamedTuple):
    """Where a line stands: page from 0, column, and height below the top of the columns."""

    page: int
    column: int
    y: float


class Measured(NamedTuple):
    """A line with its rows: of text, or of page numbers."""

    line: Line
    rows: list
    height: float


def measured(composer: Composer, lines: list[Line], width: float) -> list[Measured]:
    """Break each line to the width of a column; page numbers become a line for each row of them."""
    found = []
    for line in lines:
        indent = INDENT * max(0, line.depth - 1)
        if line.pages:
            step = composer.metrics.line_height(SIZE)
            for row in _rows(composer, line.pages, width - indent):
                found.append(Measured(line, row, step))
            continue
        size, bold = (TITLE, True) if line.depth == 0 else (SIZE, line.bold)
        rows = composer.lines(line.words, width - indent - _number_width(composer, line), size=size, bold=bold)
        height = len(rows) * composer.metrics.line_height(size, bold=bold) + GAP
        found.append(Measured(line, rows, height + _space_before(line)))
    return found


def _space_before(line: Line) -> float:
    return BEFORE_TITLE if line.depth == 0 else BEFORE_SUBTITLE if line.holds else 0.0


def _number_width(composer: Composer, line: Line) -> float:
    return PAGE_COLUMN if line.anchor in composer.numbers else 0.0


def _rows(composer: Composer, pages: tuple[tuple[int, str], ...], width: float) -> list[list[tuple[str, str, float]]]:
    """Return rows of (number, anchor, place in mm)."""
    rows, row, x = [], [], 0.0
    space = composer.metrics.width("\u2002", SIZE)
    for number, anchor in pages:
        wide = composer.metrics.width(str(number), SIZE)
        if row and x + wide > width:
            rows.append(row)
            row, x = [], 0.0
        row.append((str(number), anchor, x))
        x += wide + space
    return [*rows, row] if row else rows


def place(lines: list[Measured], count: int, first: float, later: float) -> list[Placed]:
    """Return the place of each line; ``first`` is the height of the columns on the first page, ``later`` on others."""
    placed: list[Placed] = []
    page, height = 0, first
    while len(placed) < len(lines):
        start = len(placed)
        here = _fill(lines, start, count, height, page)
        if start + len(here) == len(lines):
            low, high = 0.0, height
            while high - low > 0.5:
                middle = (low + high) / 2
                fitting = _fill(lines, start, count, middle, page)
                if len(fitting) == len(here):
                    here, high = fitting, middle
                else:
                    low = middle
        placed += here
        page, height = page + 1, later
    return placed


def _fill(lines: list[Measured], start: int, count: int, height: float, page: int) -> list[Placed]:
    """Return the places on one page, for as many lines as it holds; an empty first page holds none."""
    placed = []
    column, y = 0, (_continued_height(lines, start) if page else 0.0)
    for index in range(start, len(lines)):
        need = _with_what_it_holds(lines, index)
        if y > 0 and y + need > height + BREATH:
            column, y = column + 1, 0.0
            if column == count:
                return placed
        if y == 0 and need > height + BREATH and page == 0:
            # Not even one line: the first page is nearly full.
            return placed
        placed.append(Placed(page, column, y))
        y += lines[index].height - (_space_before(lines[index].line) if y == 0 else 0.0)
    return placed


def _with_what_it_holds(lines: list[Measured], index: int) -> float:
    need = lines[index].height
    while lines[index].line.holds and index + 1 < len(lines):
        index += 1
        need += lines[index].height
    return need


def _continued_height(lines: list[Measured], start: int) -> float:
    """Return the height of the group's title repeated on a new page, 0 where the page begins with a title."""
    if start == len(lines) or lines[start].line.depth == 0:
        return 0.0
    return next((m.height - BEFORE_TITLE for m in reversed(lines[:start]) if m.line.depth == 0), 0.0)


class Drawing:
    """Sets measured lines at their places; names in a row are one list."""

    def __init__(self, composer: Composer, title: str, count: int, top: float):
        self._composer = composer
        self._title = title
        self._width = composer.column_width(count)
        self._top = top
        self._page = 0
        self._group = ""
        self.lowest = top

    def draw(self, lines: list[Measured], placed: list[Placed]) -> None:
        """Set all lines, on as many pages as their places ask for."""
        runs = groupby(zip(lines, placed), key=lambda pair: _container(pair[0].line))
        for (kind, _), run in runs:
            with self._composer.element(kind) if kind else nullcontext():
                for line, at in run:
                    if at.page != self._page:
                        self._next_page(at.page, continued=line.line.depth != 0)
                    y = self._top + at.y
                    self._set(line, self._composer.left + at.column * (self._width + COLUMN_GAP), y)
                    self.lowest = max(self.lowest, y + line.height)

    def _next_page(self, page: int, *, continued: bool) -> None:
        composer = self._composer
        composer.new_page(composer.page.section)
        self._page = page
        style = {"size": 11, "bold": True, "colour": ACCENT, "artifact": True, "most_lines": 1}
        words = f"{self._title} (suite)"
        composer.text(words, composer.left, composer.top - 1, composer.width, **style)
        self._top = self.lowest = composer.top + later_room(composer)
        if continued and self._group:
            words = f"{self._group} (suite)"
            style = {"size": TITLE, "colour": GREY, "artifact": True, "most_lines": 1}
            composer.text(words, composer.left, self._top, self._width, **style)

    def _set(self, measured_line: Measured, x: float, y: float) -> None:
        composer, line = self._composer, measured_line.line
        if line.pages:
            for number, anchor, at in measured_line.rows:
                wide = composer.metrics.width(number, SIZE)
                composer.set_lines([number], number, x + INDENT + at, y, wide + 0.3, size=SIZE, link=Link(anchor))
            return
        y += _space_before(line) if y > self._top else 0.0
        if line.depth == 0:
            self._group = line.words
            with composer.element("H3"):
                self._words(measured_line, x, y, TITLE, "accent")
        elif line.holds:
            with composer.element("P"):
                self._words(measured_line, x, y, SIZE, "ink")
        else:
            with composer.element("LI"), composer.element("LBody"):
                self._words(measured_line, x + INDENT * (line.depth - 1), y, SIZE, "ink")

    def _words(self, measured_line: Measured, x: float, y: float, size: float, colour: str) -> None:
        composer, line = self._composer, measured_line.line
        width = self._width - INDENT * max(0, line.depth - 1) - _number_width(composer, line)
        link = Link(line.anchor) if line.anchor else None
        bold = line.bold or line.depth == 0
        style = {"size": size, "bold": bold, "colour": colour, "link": link}
        composer.set_lines(measured_line.rows, line.words, x, y, width, **style)
        number = composer.number_of(line.anchor) if line.anchor else ""
        if number:
            down = (size - SIZE) * 0.3
            style = {"size": SIZE, "bold": bold, "align": "right", "link": link}
            composer.set_lines([number], number, x + width, y + down, PAGE_COLUMN, **style)


def _container(line: Line) -> tuple[str, object]:
    """Return what lines stand in together: a list for names, a paragraph for page numbers, nothing for titles."""
    if line.depth == 0 or line.holds:
        return "", id(line)
    return ("P", id(line)) if line.pages else ("L", None)


def later_room(composer: Composer) -> float:
    """Return the height that the title takes which goes on over the pages after the first."""
    return composer.metrics.line_height(11, bold=True) + 2
