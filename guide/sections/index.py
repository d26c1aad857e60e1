"""The indexes of the guide."""

from __future__ import annotations

from ..book import Link
from ..typesetting import (
    ACCENT,
    Columns,
    Composer,
)
from ..words import sort_key, without_article

INDEX = 7.5
PAGE_COLUMN = 9.0


def index(composer: Composer) -> None:
    """Compose the alphabetical index of actors and territories with their pages."""
    content = composer.content
    entries = [(actor.name, actor.anchor, False) for actor in content.actors]
    territories = [*content.groups, *content.communes]
    entries += [
        (t.name, f"territoire-{t.code}", True) for t in territories if f"territoire-{t.code}" in composer.numbers
    ]
    if not entries:
        return
    composer.new_page("Index alphabétique")
    composer.bookmark(1, "Index alphabétique", "index")
    y = composer.heading("Index alphabétique", "Acteurs, et territoires en gras")
    entries.sort(key=lambda entry: (sort_key(entry[0]), entry[1]))
    choices = []
    for count in (3, 4):
        lines = _index_lines(composer, entries, composer.column_width(count) - PAGE_COLUMN)
        choices.append((composer.even_pages(y, [height for _, _, _, height in lines], count), count, lines))
    # The more columns only where they save a page.
    (_, bottom, next_bottom), count, lines = min(choices, key=lambda choice: (choice[0].pages, choice[1]))
    columns = Columns(composer, count, y, bottom=bottom, next_bottom=next_bottom)
    for text, anchor, bold, height in lines:
        if not anchor:
            # A letter stays with the first name below it.
            columns.room(height + 4.5)
            composer.text(text, columns.x, columns.y + 1.5, columns.width, size=10, bold=True, colour=ACCENT)
        else:
            columns.room(height)
            x, y, number = columns.x, columns.y, composer.number_of(anchor)
            composer.text(text, x, y, columns.width - PAGE_COLUMN, size=INDEX, bold=bold, link=Link(anchor))
            x += columns.width - PAGE_COLUMN
            composer.text(number, x, y, PAGE_COLUMN, size=INDEX, bold=bold, align="right", link=Link(anchor))
        columns.y += height


def _index_lines(
    composer: Composer, entries: list[tuple[str, str, bool]], width: float
) -> list[tuple[str, str, bool, float]]:
    """Return text, anchor, boldness and height of each line: initials, without an anchor, and the names below them."""
    lines = []
    initial = ""
    for name, anchor, territory in entries:
        letter = sort_key(name)[:1].upper()
        letter = letter if letter.isalpha() else "0-9"
        if letter != initial:
            lines.append((letter, "", True, composer.metrics.line_height(10, bold=True) + 1.8))
            initial = letter
        shown = name if territory else without_article(name)
        lines.append((shown, anchor, territory, composer.height(shown, width, size=INDEX, bold=territory) + 0.4))
    return lines
