"""An actor in a list: symbol, number, name, page of the directory, and on wish a line of detail."""

from __future__ import annotations

from ..composing.book import Link
from ..composing.typesetting import ACCENT, CAPTION, GREY, SMALLEST, Composer
from ..facts.content import Actor

NAME, NUMBER = 7.8, 7.2
LEFT, RIGHT = 11.0, 8.0
SPACE = 0.7
DIGITS = 6.4
"""Millimetres for a number of up to four digits."""


def entry_height(composer: Composer, actor: Actor, width: float, detail: str = "") -> float:
    """Return the height that an entry takes, with the space below it."""
    lines = composer.lines(actor.name, width - LEFT - _wider(composer, actor) - RIGHT, size=NAME, most_lines=2)
    height = len(lines) * composer.metrics.line_height(NAME) + SPACE
    return height + (composer.metrics.line_height(CAPTION) + SPACE if detail else 0.0)


def entry(composer: Composer, actor: Actor, x: float, y: float, width: float, detail: str = "") -> float:
    """Set an entry and return its height; it is an LI, so call this within an L.

    Only name, number, theme and anchor are asked of the actor; one without an entry in the book gets no page number.
    """
    wider = _wider(composer, actor)
    left = LEFT + wider
    inner = width - left - RIGHT
    page = composer.number_of(actor.anchor)
    link = Link(actor.anchor)
    composer.marker(f"theme:{actor.theme}", x + 1.6, y + 1.9, 2.6)
    with composer.element("LI"):
        with composer.element("Lbl"):
            number = str(actor.number)
            size = composer.fitting_size(number, DIGITS + wider, NUMBER, bold=True)
            composer.text(number, x + 3.4, y + 0.1, DIGITS + wider, size=size, bold=True, align="right", colour=ACCENT)
        with composer.element("LBody"):
            below = y + composer.text(actor.name, x + left, y, inner, size=NAME, link=link, most_lines=2)
            if detail:
                composer.text(detail, x + left, below, inner, size=CAPTION, colour=GREY, most_lines=1)
            composer.text(page, x + width - RIGHT, y, RIGHT, size=7.5, align="right", colour=GREY, link=link)
    return entry_height(composer, actor, width, detail)


def _wider(composer: Composer, actor: Actor) -> float:
    """Return by how much the column of numbers is wider than DIGITS, the same for all entries of a book."""
    longest = str(max(actor.number, len(composer.content.actors)))
    return max(0.0, composer.metrics.width(longest, SMALLEST, bold=True) - DIGITS)
