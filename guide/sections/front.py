"""Cover and contents."""

from __future__ import annotations

from ..book import Area, Bookmark, Link
from ..content import Territory
from ..settings import TITLE
from ..typesetting import Columns, Composer, plural

SMALLEST_TITLE = 12
MOST_ENTRIES = 110
CONTENTS_STEPS = {1: 6.2, 2: 5.0, 3: 4.5}
FICTION = "Exemple : hormis les mairies, acteurs, besoins et visites de ce guide sont fictifs."
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
    if len(listed) > MOST_ENTRIES:
        listed = [mark for mark in listed if mark.level < 3]
    steps = [CONTENTS_STEPS[mark.level] + (2.5 if mark.level == 1 else 0) for mark in listed]
    count = 1 if sum(steps) < composer.bottom - y else 2
    columns = Columns(
        composer, count, y, gap=10, continued="Sommaire", bottom=composer.balanced_bottom(y, steps, count)
    )
    with composer.element("TOC"):
        for mark, step in zip(listed, steps):
            columns.room(step)
            with composer.element("TOCI"):
                _contents_line(composer, columns, mark)


def _contents_line(composer: Composer, columns: Columns, mark: Bookmark) -> None:
    main = mark.level == 1
    size = (10.5, 9.0, 8.0)[mark.level - 1]
    step = CONTENTS_STEPS[mark.level]
    columns.y += 2.5 if main else 0
    indent = 5 * (mark.level - 1)
    x, right = columns.x + indent, columns.x + columns.width
    title = composer.lines(mark.title, columns.width - indent - 14, size=size, bold=main, most_lines=1)[0]
    composer.text(title, x, columns.y, columns.width - indent - 12, size=size, bold=main, link=Link(mark.anchor))
    number = composer.number_of(mark.anchor)
    composer.text(number, right - 11, columns.y, 11, size=size, bold=main, align="right", link=Link(mark.anchor))
    start = x + composer.metrics.width(title, size, bold=main) + 2
    if start < right - 9:
        composer.rule(start, columns.y + step - 1.9, right - 9, columns.y + step - 1.9, width=0.12)
    columns.y += step
