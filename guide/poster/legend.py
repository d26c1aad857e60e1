"""What stands beside or below the map of a sheet: legend, notes, the list of the actors."""

from __future__ import annotations

from contextlib import nullcontext
from typing import NamedTuple

from ..composing.book import Box
from ..composing.typesetting import GREY, Composer
from ..facts.content import Actor
from ..sections.entry import entry, entry_height

STEP = 5.6
SMALL = {"town_hall": 2.2, "pale": 1.8, "count": 5.0}
LEGEND, NOTE = 8.0, 7.5


class Key(NamedTuple):
    """A line of the legend: a symbol or a look of the maps, and its words."""

    sign: str
    words: str


class Poster(Composer):
    """A composer that knows its paper's letters, whether the actors are listed, and where the legend ends."""

    letters = 1.0
    listed: bool | None = None
    end = 0.0


def _columns(composer: Poster) -> tuple[int, float]:
    """Return how many columns the legend's zone has, and how wide each is."""
    count = max(1, int((composer.width + 6) // 62))
    return count, composer.column_width(count)


def legend(composer: Poster, keys: list[Key], notes: list[str]) -> float:
    """Set the legend and the notes below it, and return where they end."""
    count, width = _columns(composer)
    top = composer.top
    rows = -(-len(keys) // count)
    large = composer.letters
    if keys:
        top += composer.text("Légende", composer.left, top, composer.width, size=12 * large, bold=True, tag="H2")
        top += 1.5 * large
    heights = [0.0] * count
    with composer.element("L") if keys else nullcontext():
        for index, key in enumerate(keys):
            column = index // rows
            x, y = composer.left + column * (width + 6), top + heights[column]
            with composer.element("LI"):
                _sign(composer, key.sign, x, y)
                words = composer.text(key.words, x + 9 * large, y, width - 9 * large, size=LEGEND * large)
                heights[column] += max(STEP * large, words + 1.6 * large)
    y = top + max(heights) + (2 if keys else 0)
    for note in notes:
        y += composer.text(note, composer.left, y, composer.width, size=NOTE * large, colour=GREY) + large
    return y + 2


def _sign(composer: Poster, sign: str, x: float, y: float) -> None:
    large = composer.letters
    if sign.startswith("theme:") or sign in SMALL:
        composer.marker(sign, x + 3.5 * large, y + 1.9 * large, SMALL.get(sign, 3.2) * large)
    else:
        composer.rectangle(Box(x, y + 0.1, 7 * large, 3.8 * large), sign, GREY)


def fits(composer: Poster, actors: list[Actor], keys: int) -> bool:
    """Say whether the list of actors has room below a legend of so many keys."""
    if composer.listed is not None:
        return composer.listed
    count, width = _columns(composer)
    room = composer.bottom - composer.top - (36 + STEP * -(-keys // count)) * composer.letters
    heights = [entry_height(composer, actor, width) for actor in actors]
    composer.listed = sum(heights) + count * max(heights, default=0.0) <= count * room
    return composer.listed


def actor_list(composer: Poster, actors: list[Actor], y: float) -> float:
    """Set the names of the actors below their numbers, in columns, and return where they end."""
    count, width = _columns(composer)
    y += composer.subheading("Les initiatives", composer.left, y, composer.width)
    heights = [entry_height(composer, actor, width) for actor in actors]
    bottom = composer.balanced_bottom(y, heights, count)
    column, line, end = 0, y, y
    with composer.element("L"):
        for actor, height in zip(actors, heights):
            if line + height > bottom and column < count - 1:
                column, line = column + 1, y
            line += entry(composer, actor, composer.left + column * (width + 6), line, width)
            end = max(end, line)
    return end + 1
