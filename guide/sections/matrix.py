"""The matrix of themes by territory."""

from __future__ import annotations

from collections.abc import Iterable

from ..composing.typesetting import Composer
from ..facts.content import Content
from ..facts.words import plural
from .grid import Row, grid, key, row_of, total_row

TITLE = "Quels thèmes, dans quels territoires ?"
MOST_ROWS_WITH_COMMUNES = 46


def matrix(composer: Composer) -> None:
    """Compose the matrix: a row a territory, a column a theme, and what both add up to."""
    content = composer.content
    composer.new_page("Matrice des thèmes par territoire")
    composer.bookmark(1, "Matrice des thèmes par territoire", "matrice")
    y = composer.heading(TITLE, _message(content))
    y += key(composer, y) + 3
    grid(
        composer,
        y,
        [total_row(content), *_rows(content)],
        continued=TITLE,
        alternative="Initiatives et besoins par thème et par territoire",
    )


def with_communes(content: Content) -> bool:
    """Return whether the matrix shows communes too; where it has no room, each sheet shows those of its territory."""
    if all(group.level == "commune" for group in content.groups):
        return False
    return len(content.groups) + len(content.communes) <= MOST_ROWS_WITH_COMMUNES


def _rows(content: Content) -> Iterable[Row]:
    communes = {commune.code: commune for commune in content.communes} if with_communes(content) else {}
    for group in content.groups:
        yield row_of(content, group, "group" if communes else "alone")
        members = set(group.members)
        for code, commune in communes.items():
            if code in members:
                yield row_of(content, commune, "member")


def _message(content: Content) -> str:
    rows = [row_of(content, group, "group") for group in content.groups]
    alone = sum(cell.unanswered for row in rows for cell in row.cells[:-1])
    if not content.actors:
        return "Aucune initiative n'est encore inscrite"
    if alone:
        return f"Dans {plural(alone, 'cas', 'cas')}, des besoins sont publiés et aucune initiative n'est connue"
    return "Initiatives et situations de besoin, par thème"
