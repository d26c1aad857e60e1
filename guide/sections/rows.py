"""A table that goes on over as many pages as it needs, its head repeated on each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ..composing.book import Box, Link
from ..composing.typesetting import GREY, INK, LIST, RULE, Composer
from ..facts.words import glued

HEAD = 7.0
MOST_LINES = 9
PADDING = 1.3
GAP = 3.0
MARK = 5.0
HEADING, LEAST, LONGEST = 9.0, 40.0, 110.0
"""Millimetres of a heading; of a page's rest in which a table may begin; of a table that is kept together."""


class Column(NamedTuple):
    """A column: its head, its share of the table's width."""

    title: str
    share: float
    align: str = "left"


class Cell(NamedTuple):
    """What a cell says; ``symbol`` is a map symbol before it, ``alternative`` what is read out instead.

    ``mark`` is drawn in its middle: full, empty or unknown; it needs an ``alternative``. A cell without any of them
    shows a dash: a table with a hole is read wrongly.
    """

    text: str
    link: Link | None = None
    bold: bool = False
    colour: str = INK
    symbol: str = ""
    alternative: str = ""
    mark: str = ""

    @property
    def shown(self) -> str:
        """Return the words to set."""
        return glued(self.text) or ("" if self.mark or self.alternative else "–")


def mark(composer: Composer, kind: str, x: float, y: float, radius: float = 1.3) -> None:
    """Draw a disc that is full, empty, or empty with a bar across (unknown), its middle at (x, y)."""
    turns = [2 * math.pi * turn / 24 for turn in range(24)]
    disc = [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]
    composer.polygon(disc, fill=INK if kind == "full" else "white", outline=INK, width=0.25)
    if kind == "unknown":
        bar = ((x - radius * 0.55, y - 0.2), (x + radius * 0.55, y - 0.2), (x + radius * 0.55, y + 0.2))
        composer.polygon((*bar, (x - radius * 0.55, y + 0.2)), fill=INK)


def map_box(composer: Composer, y: float, height: float = 0.0) -> Box:
    """Return the place of the map of a page whose head ends at ``y``, of at most ``height``."""
    box = composer.zone("carte").box
    top = max(box.y, y)
    return Box(box.x, top, box.w, min(box.bottom - top, height or box.h))


def table(
    composer: Composer,
    y: float,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    alternative: str,
    continued: str,
    reserve: float = 6.0,
) -> float:
    """Set a table below ``y`` and return where it ends; the first cell of a row is its header.

    ``continued`` is written at the head of the pages that follow; ``reserve`` is kept free at the foot of each page.
    """
    whole = sum(column.share for column in columns)
    widths = [composer.width * column.share / whole for column in columns]
    heights = [_height(composer, row, widths) for row in rows]
    if y + _head_height(composer, columns, widths) + heights[0] > composer.bottom - reserve:
        y = _next_page(composer, continued)
    with composer.element("Table", alternative=alternative):
        with composer.element("TR"):
            y = _head(composer, columns, widths, y, artifact=False)
        for row, height in zip(rows, heights):
            if y + height > composer.bottom - reserve:
                y = _head(composer, columns, widths, _next_page(composer, continued), artifact=True)
            with composer.element("TR"):
                _row(composer, columns, row, widths, y)
            y += height
            composer.rule(composer.left, y, composer.left + composer.width, y, width=0.1)
    return y


def begin(composer: Composer, y: float, title: str, anchor: str, height: float) -> float:
    """Set the heading of a table so ``height`` high, and return where the table begins.

    It is on a new page when the table would fit there whole and does not fit below ``y``, or hardly begins there.
    """
    room = composer.bottom - 6 - y - HEADING
    if room < LEAST or (height > room and height < LONGEST):
        composer.new_page(composer.page.section)
        y = composer.top
    composer.bookmark(2, title, anchor, y)
    return y + composer.subheading(title, composer.left, y, composer.width) + 1


def height_of(composer: Composer, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> float:
    """Return the height that a table takes on one page."""
    whole = sum(column.share for column in columns)
    widths = [composer.width * column.share / whole for column in columns]
    return _head_height(composer, columns, widths) + sum(_height(composer, row, widths) for row in rows)


def _next_page(composer: Composer, continued: str) -> float:
    composer.new_page(composer.page.section)
    text = f"{continued} (suite)"
    return (
        composer.top
        + composer.text(
            text, composer.left, composer.top - 1, composer.width, size=11, bold=True, colour="accent", artifact=True
        )
        + 3
    )


def _head_height(composer: Composer, columns: Sequence[Column], widths: list[float]) -> float:
    return max(composer.height(c.title, width - GAP, size=HEAD, bold=True) for c, width in zip(columns, widths)) + 1.6


def _head(composer: Composer, columns: Sequence[Column], widths: list[float], y: float, *, artifact: bool) -> float:
    x = composer.left
    height = _head_height(composer, columns, widths)
    for column, width in zip(columns, widths):
        style = {"size": HEAD, "bold": True, "colour": GREY, "align": column.align}
        if artifact:
            composer.text(column.title, x, y, width - GAP, artifact=True, **style)
        else:
            with composer.element("TH", scope="Column"):
                composer.text(column.title, x, y, width - GAP, **style)
        x += width
    composer.rule(composer.left, y + height, composer.left + composer.width, y + height, RULE, 0.35)
    return y + height


def _height(composer: Composer, row: Sequence[Cell], widths: list[float]) -> float:
    lines = (
        len(composer.lines(cell.shown, _room(cell, width), size=LIST, bold=cell.bold, most_lines=MOST_LINES))
        for cell, width in zip(row, widths)
    )
    return max(lines) * composer.metrics.line_height(LIST) + 2 * PADDING


def _room(cell: Cell, width: float) -> float:
    return width - GAP - (MARK if cell.symbol else 0.0)


def _row(composer: Composer, columns: Sequence[Column], row: Sequence[Cell], widths: list[float], y: float) -> None:
    x = composer.left
    for place, (column, cell, width) in enumerate(zip(columns, row, widths)):
        kind, scope = ("TD", "") if place else ("TH", "Row")
        with composer.element(kind, scope=scope, alternative=cell.alternative):
            shift = MARK if cell.symbol else 0.0
            if cell.symbol:
                composer.marker(cell.symbol, x + 1.8, y + PADDING + 1.9, 3.0)
            if cell.mark:
                mark(composer, cell.mark, x + (width - GAP) / 2, y + PADDING + 1.7)
            composer.text(
                cell.shown,
                x + shift,
                y + PADDING,
                _room(cell, width),
                size=LIST,
                bold=cell.bold,
                colour=cell.colour,
                align=column.align,
                link=cell.link,
                most_lines=MOST_LINES,
            )
        x += width
