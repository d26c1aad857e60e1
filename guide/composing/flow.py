"""Text that may be longer than a column: set line by line, over columns and pages, as one paragraph."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..facts.words import printable
from .book import Link
from .columns import Columns
from .typesetting import BODY, INK, Composer

TOGETHER = 2
"""The lines of a paragraph that never stand alone at the foot or the head of a column."""


class Piece(NamedTuple):
    """A paragraph already broken to its width, with its style; ``indent`` in millimetres from the column's edge."""

    lines: list[str]
    words: str
    step: float
    size: float = BODY
    bold: bool = False
    colour: str = INK
    indent: float = 0.0
    link: Link | None = None
    space: float = 0.0

    @property
    def height(self) -> float:
        return len(self.lines) * self.step + self.space


def piece(
    composer: Composer,
    text: str,
    width: float,
    *,
    size: float = BODY,
    bold: bool = False,
    colour: str = INK,
    indent: float = 0.0,
    link: Link | None = None,
    space: float = 0.0,
) -> Piece:
    """Break a text for columns of ``width``; ``space`` is the height left below it."""
    lines = composer.lines(text, width - indent, size=size, bold=bold)
    step = composer.metrics.line_height(size, bold=bold)
    return Piece(lines, printable(text), step, size, bold, colour, indent, link, space)


def flow(composer: Composer, columns: Columns, paragraph: Piece, kind: str = "P") -> None:
    """Set a paragraph as one element of ``kind``, going on in the next column where it must; nothing if it is empty."""
    if not paragraph.words:
        return
    with composer.element(kind):
        flow_within(composer, columns, paragraph)


def flow_within(composer: Composer, columns: Columns, paragraph: Piece) -> None:
    """Set a paragraph in the element at hand, which must hold words."""
    rest = paragraph.lines
    while rest:
        count = _lines_here(columns, paragraph.step, len(rest))
        if not count:
            columns.next_column()
            continue
        here, rest = rest[:count], rest[count:]
        words = paragraph.words if count == len(paragraph.lines) else " ".join(here)
        composer.set_lines(
            here,
            words,
            columns.x + paragraph.indent,
            columns.y,
            columns.width - paragraph.indent,
            size=paragraph.size,
            bold=paragraph.bold,
            colour=paragraph.colour,
            link=paragraph.link,
        )
        columns.y += count * paragraph.step
    columns.y += paragraph.space


def _lines_here(columns: Columns, step: float, wanted: int) -> int:
    """Return how many of the wanted lines stand in this column: all, none, or so many that none is left alone."""
    fit = int((columns.space + 1e-6) / step)
    if fit >= wanted:
        return wanted
    count = min(fit, wanted - TOGETHER)
    if count >= TOGETHER:
        return count
    return max(1, fit) if columns.at_top else 0


def balanced_height(blocks: Iterable[list[Piece]], count: int, room: float) -> float:
    """Return the least height at which blocks fill ``count`` columns; ``room`` when they need more than that.

    The first two pieces of a block, its heading and the paragraph below it, begin in one column.
    """
    blocks = [block for block in blocks if block]
    low, high = 0.0, room
    if _columns_needed(blocks, room) > count:
        return room
    while high - low > 0.5:
        middle = (low + high) / 2
        if _columns_needed(blocks, middle) <= count:
            high = middle
        else:
            low = middle
    return min(room, high + 0.01)


def _columns_needed(blocks: list[list[Piece]], height: float) -> int:
    columns, y = 1, 0.0
    for block in blocks:
        if y + head_height(block) > height:
            columns, y = columns + 1, 0.0
        for paragraph in block:
            rest = len(paragraph.lines)
            while rest:
                fit = int((height - y + 1e-6) / paragraph.step)
                here = rest if fit >= rest else min(fit, rest - TOGETHER)
                if here < min(rest, TOGETHER):
                    if y == 0.0:
                        return 10**9
                    columns, y = columns + 1, 0.0
                    continue
                y += here * paragraph.step
                rest -= here
                if rest:
                    columns, y = columns + 1, 0.0
            y += paragraph.space
    return columns


def head_height(block: list[Piece]) -> float:
    """Return the height of what must stand together at the start of a block."""
    first, *others = block
    below = others[0].step * min(TOGETHER, len(others[0].lines)) if others else 0.0
    return first.height + below
