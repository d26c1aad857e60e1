"""Cover and contents."""

from __future__ import annotations

from typing import NamedTuple

from ..composing.book import Area, Bookmark, Link
from ..composing.columns import Columns
from ..composing.settings import TITLE
from ..composing.typesetting import Composer
from ..facts.content import Territory
from ..facts.words import plural

SMALLEST_TITLE = 12
MOST_ENTRIES = 160
CLOSER = 0.88
CONTENTS_SIZES = (10.5, 9.0, 8.0)
CONTENTS_GAP, CONTENTS_INDENT, CONTENTS_NUMBER, CONTENTS_BEFORE = 10.0, 5.0, 14.0, 2.5
CONTENTS_STEPS = {1: 6.2, 2: 5.0, 3: 4.5}
FICTION = "Exemple : hormis les mairies, acteurs, besoins et visites sont fictifs."
BOOKLET = "Livret de territoire du guide cartographique de l'innovation sociale"
AUDIENCES = {"public": "Édition publique", "pro": "Édition des professionnels", "interne": "Édition interne"}


def cover(composer: Composer) -> None:
    """Compose the cover: title, Département, edition, and its map in silhouette."""
    content = composer.content
    composer.new_page("Couverture", "couverture")
    composer.anchor("couverture")
    if content.booklet is None:
        _titles(composer, composer.settings.title)
    else:
        _booklet_titles(composer, content.booklet)
    _silhouette(composer)
    composer.in_zone(f"Édition {content.edition}", "edition")
    counted = f"{plural(len(content.actors), 'acteur')} · {plural(len(content.communes), 'commune')}"
    height = composer.in_zone(f"{AUDIENCES[content.audience]} · {counted}", "mention")
    if content.fictional:
        mention = composer.zone("mention").box
        composer.text(FICTION, mention.x, mention.y + height + 1, mention.w, size=9, colour="light", most_lines=2)


def _titles(composer: Composer, title: str) -> None:
    first, second = ("Guide cartographique", "de l'innovation sociale") if title == TITLE else (title, "")
    with composer.element("H1"):
        if second:
            composer.in_zone(first, "titre")
            composer.in_zone(second, "sous-titre")
        else:
            _fitted_title(composer, title, 3.0)
    composer.in_zone(composer.content.departement, "departement", most_lines=2)


def _booklet_titles(composer: Composer, territory: Territory) -> None:
    title = composer.zone("titre").box
    with composer.element("H1"):
        y = _fitted_title(composer, territory.name, 9.0)
    composer.text(BOOKLET, title.x, y + 1, title.w, size=12, colour="white", most_lines=1)
    composer.in_zone(composer.content.departement, "departement", most_lines=2)


def _fitted_title(composer: Composer, words: str, below: float) -> float:
    """Set a title in as many lines as there is room for above the Département, and return where it ends."""
    title = composer.zone("titre")
    room = composer.zone("departement").box.y - title.box.y - below
    size = title.size
    while size > SMALLEST_TITLE and composer.height(words, title.box.w, size=size, bold=True) > room:
        size -= 1
    lines = max(1, int(room / composer.metrics.line_height(size, bold=True)))
    return title.box.y + composer.in_zone(words, "titre", size=size, most_lines=lines)


def _silhouette(composer: Composer) -> None:
    """Draw the Département and its communes; in a booklet the territory stands out."""
    content = composer.content
    territory = content.booklet
    words = f"Silhouette du département {content.departement} et de ses communes"
    options = {}
    if territory is not None:
        words += f", où {territory.name} se détache"
        options = {"focus": territory.code, "areas": (Area(territory.code, "#2f83a8"),)}
    composer.map(
        composer.zone("carte").box,
        "cover" if territory is None else "booklet",
        content.outline.extent if territory is None else territory.extent,
        alternative=f"{words}.",
        scale_bar=False,
        frame=False,
        **options,
    )


def contents(composer: Composer, bookmarks: list[Bookmark]) -> None:
    """Compose the contents from the bookmarks of an earlier pass, with their page numbers."""
    listed = [mark for mark in bookmarks if mark.anchor != "sommaire"]
    if not listed:
        return
    composer.new_page("Sommaire")
    composer.bookmark(1, "Sommaire", "sommaire")
    y = composer.heading("Sommaire")
    count, entries = _arranged(composer, listed, composer.bottom - y)
    bottom = composer.balanced_bottom(y, [entry.step for entry in entries], count)
    columns = Columns(composer, count, y, gap=CONTENTS_GAP, continued="Sommaire", bottom=bottom)
    with composer.element("TOC"):
        for place, entry in enumerate(entries):
            below = entries[place + 1] if place + 1 < len(entries) else None
            # A title stays with the first of what it announces.
            together = below.step if below and below.mark.level > entry.mark.level else 0.0
            columns.room(entry.step + together)
            with composer.element("TOCI"):
                _contents_line(composer, columns, entry)


class Entry(NamedTuple):
    """A title of the contents, broken to its column; it takes ``step`` mm, of which ``before`` is the space above."""

    mark: Bookmark
    lines: list[str]
    size: float
    before: float
    step: float


def _arranged(composer: Composer, marks: list[Bookmark], room: float) -> tuple[int, list[Entry]]:
    """Return in how many columns the contents fit a page, closer set or without the third level where they must."""
    short = [mark for mark in marks if mark.level < 3]
    choices = [(marks, 1.0), (marks, CLOSER)] if len(marks) <= MOST_ENTRIES else []
    for listed, spread in [*choices, (short, 1.0), (short, CLOSER)]:
        for count in (1, 2):
            entries = _entries(composer, listed, composer.column_width(count, CONTENTS_GAP), spread)
            steps = [entry.step for entry in entries]
            # Each column but the last may end with a hole as high as two lines that stay together.
            if sum(steps) + (count - 1) * 2 * max(steps) <= count * room:
                return count, entries
    return 2, entries


def _entries(composer: Composer, marks: list[Bookmark], width: float, spread: float) -> list[Entry]:
    entries = []
    for mark in marks:
        size, bold = CONTENTS_SIZES[mark.level - 1], mark.level == 1
        room = width - CONTENTS_INDENT * (mark.level - 1) - CONTENTS_NUMBER
        lines = composer.lines(mark.title, room, size=size, bold=bold, most_lines=3)
        more = (len(lines) - 1) * composer.metrics.line_height(size, bold=bold)
        before = CONTENTS_BEFORE * spread if mark.level == 1 else 0.0
        entries.append(Entry(mark, lines, size, before, before + CONTENTS_STEPS[mark.level] * spread + more))
    return entries


def _contents_line(composer: Composer, columns: Columns, entry: Entry) -> None:
    mark, main = entry.mark, entry.mark.level == 1
    indent = CONTENTS_INDENT * (mark.level - 1)
    x, right = columns.x + indent, columns.x + columns.width
    y = columns.y + entry.before
    style = {"size": entry.size, "bold": main, "link": Link(mark.anchor)}
    composer.set_lines(entry.lines, mark.title, x, y, columns.width - indent - CONTENTS_NUMBER + 2, **style)
    step = composer.metrics.line_height(entry.size, bold=main)
    last = y + (len(entry.lines) - 1) * step
    composer.text(composer.number_of(mark.anchor), right - 11, last, 11, align="right", **style)
    start = x + composer.metrics.width(entry.lines[-1], entry.size, bold=main) + 2
    leader = last + step * 0.78
    if start < right - 9:
        composer.rule(start, leader, right - 9, leader, width=0.12)
    columns.y += entry.step
