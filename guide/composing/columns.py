"""Columns that a list fills one after the other, over as many pages as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .typesetting import ACCENT, COLUMN_GAP

if TYPE_CHECKING:
    from .typesetting import Composer


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
        bottom: float | None = None,
        next_bottom: float | None = None,
    ):
        self._composer = composer
        self._count = count
        self._gap = gap
        self._continued = continued
        self._top = top
        self._bottom = composer.bottom if bottom is None else bottom
        self._next_bottom = next_bottom
        self._column = 0
        self._deepest = 0.0
        self.y = top

    @property
    def width(self) -> float:
        return self._composer.column_width(self._count, self._gap)

    @property
    def lowest(self) -> float:
        """Return a place below everything set so far on this page."""
        return max(self.y, self._deepest)

    @property
    def x(self) -> float:
        """Return the left edge of the current column."""
        return self._composer.left + self._column * (self.width + self._gap)

    def room(self, height: float) -> None:
        """Go to the next column, or page, unless ``height`` fits below the cursor."""
        if self.y + height > self._bottom:
            self.next_column()

    @property
    def space(self) -> float:
        """Return the height left below the cursor in this column."""
        return self._bottom - self.y

    @property
    def at_top(self) -> bool:
        """Return whether nothing was set in this column yet."""
        return self.y <= self._top

    def next_column(self) -> None:
        """Go to the top of the next column, or of the next page's first."""
        self._deepest = max(self._deepest, self.y)
        self._column += 1
        if self._column == self._count:
            self._next_page()
        self.y = self._top

    def _next_page(self) -> None:
        composer = self._composer
        self._deepest = 0.0
        composer.new_page(composer.page.section)
        self._column = 0
        self._top = composer.top
        self._bottom = composer.bottom if self._next_bottom is None else self._next_bottom
        if self._continued:
            text = f"{self._continued} (suite)"
            style = {"size": 11, "bold": True, "colour": ACCENT, "artifact": True}
            self._top += composer.text(text, composer.left, self._top - 1, composer.width, **style) + 3
