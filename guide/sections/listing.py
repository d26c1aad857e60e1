"""Lists that follow each other down a sheet, and over as many pages as they need."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..composing.columns import Columns
from ..composing.typesetting import ACCENT, Composer

BETWEEN = 5.0
LEAST = 45.0
"""Room in millimetres for which a long list is begun on a page rather than on the next."""
CONTINUED = 8.0
HALVINGS = 24


class Item(NamedTuple):
    """Something of a list: its height, and how it is set at x, y in a width."""

    height: float
    draw: Callable[[float, float, float], object]


class Listing(NamedTuple):
    """A heading with its items, and in how many columns they stand."""

    title: str
    items: list[Item]
    columns: int = 2

    def height(self, composer: Composer) -> float:
        """Return how high it is where it stands on one page, with the space below."""
        heading = composer.height(self.title, composer.width, size=12, bold=True) + 1.5
        return heading + even([item.height for item in self.items], self.columns) + BETWEEN


def even(heights: list[float], columns: int) -> float:
    """Return the least height of so many columns that hold things one after the other."""
    least, most = max(sum(heights) / columns, max(heights, default=0.0)), sum(heights)
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        least, most = (least, middle) if _columns(heights, middle) <= columns else (middle, most)
    return most


def _columns(heights: list[float], height: float) -> int:
    """Return how many columns of a height things fill one after the other."""
    count, used = 1, 0.0
    for each in heights:
        if used + each > height and used:
            count, used = count + 1, 0.0
        used += each
    return count


class Flow:
    """A cursor down a sheet. ``last`` millimetres at the foot of its first page stay free."""

    def __init__(self, composer: Composer, name: str, y: float, last: float = 0.0):
        self._composer = composer
        self._name = name
        self._first = composer.page
        self._last = last
        self.y = y

    @property
    def bottom(self) -> float:
        """Return where this page ends."""
        composer = self._composer
        return composer.bottom - (self._last if composer.page is self._first else 0.0)

    def room(self, height: float) -> None:
        """Go to the next page unless ``height`` fits below."""
        if self.y + height > self.bottom:
            self.next_page()

    def next_page(self) -> None:
        """Go on at the top of a new page, under the name of what goes on."""
        composer = self._composer
        composer.new_page(composer.page.section)
        style = {"size": 11, "bold": True, "colour": ACCENT, "artifact": True, "most_lines": 2}
        words = f"{self._name} (suite)"
        self.y = composer.top + composer.text(words, composer.left, composer.top - 1, composer.width, **style) + 3

    def listing(self, listing: Listing) -> None:
        """Set a heading and its items in even columns, begun where enough of them fits below it."""
        title, items, columns = listing
        composer = self._composer
        heights = [item.height for item in items]
        heading = composer.height(title, composer.width, size=12, bold=True) + 1.5
        self.room(min(listing.height(composer) - BETWEEN, heading + LEAST))
        self.y += composer.subheading(title, composer.left, self.y, composer.width)
        bottom, next_bottom = self._ends(heights, columns)
        cursor = Columns(composer, columns, self.y, continued=self._name, bottom=bottom, next_bottom=next_bottom)
        with composer.element("L"):
            for item in items:
                cursor.room(item.height)
                item.draw(cursor.x, cursor.y, cursor.width)
                cursor.y += item.height
        self.y = cursor.lowest + BETWEEN

    def _ends(self, heights: list[float], columns: int) -> tuple[float, float]:
        """Return where the columns end on this page and on those after it, so that all are alike."""
        composer = self._composer
        height = even(heights, columns)
        if self.y + height <= self.bottom:
            return self.y + height, composer.bottom
        total, tallest = sum(heights), max(heights, default=0.0)
        here = columns * (self.bottom - self.y - tallest)
        full = composer.bottom - composer.top - CONTINUED
        pages = max(1, -int(-(total - here) // (columns * (full - tallest))))
        share = max(0.0, total - here) / (columns * pages) + tallest
        return self.bottom, min(composer.bottom, composer.top + CONTINUED + share)
