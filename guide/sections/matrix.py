"""The matrix of themes by territory: offers, needs, and where nobody looked."""

from __future__ import annotations

from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ..book import Box, Link
from ..content import Content, Disclosed, Territory
from ..typesetting import CAPTION, GREY, LIST, PAPER, Composer, number

SHADES = ("#ffffff", "#e3eef5", "#c3dceb", "#8fbfdb")
MOST_ROWS_WITH_COMMUNES = 46
LABEL_WIDTH = 54.0
ROW_HEIGHT = 5.4
NO_NEED = Disclosed(Disclosure.NONE, 0.0)


def matrix(composer: Composer) -> None:
    """Compose the matrix: a row a territory, a column a theme; offers in large figures, needs in small ones."""
    content = composer.content
    rows = _rows(content)
    anchor = "matrice"
    for start in range(0, len(rows), MOST_ROWS_WITH_COMMUNES):
        composer.new_page("Matrice des thèmes par territoire")
        if start == 0:
            composer.bookmark(1, "Matrice des thèmes par territoire", anchor)
            y = composer.heading(
                "Quels thèmes, dans quels territoires ?",
                "Nombre d'initiatives par thème ; en petit, les situations de besoin",
            )
        else:
            y = composer.heading("Quels thèmes, dans quels territoires ? (suite)")
        y = _matrix_head(composer, y)
        for territory in rows[start : start + MOST_ROWS_WITH_COMMUNES]:
            _matrix_row(composer, territory, y)
            y += ROW_HEIGHT
        _matrix_key(composer, y + 3)


def _rows(content: Content) -> list[Territory]:
    with_communes = len(content.groups) + len(content.communes) <= MOST_ROWS_WITH_COMMUNES
    rows = []
    for group in content.groups:
        rows.append(group)
        if with_communes:
            rows += [commune for commune in content.communes if commune.code in group.members]
    return rows


def _cell_width(composer: Composer) -> float:
    return (composer.width - LABEL_WIDTH) / len(composer.content.themes)


def _matrix_head(composer: Composer, y: float) -> float:
    width = _cell_width(composer)
    for index, theme in enumerate(code_list("themes_vie").rows):
        x = composer.left + LABEL_WIDTH + index * width
        composer.marker(f"theme:{theme['code']}", x + width / 2, y + 2.2, 4.0)
        composer.text(theme["short"], x - 1.5, y + 5, width + 3, size=6.5, align="centre")
    return y + 9.5


def _matrix_row(composer: Composer, territory: Territory, y: float) -> None:
    content = composer.content
    group = territory.level == content.level
    width = _cell_width(composer)
    if group:
        composer.rectangle(Box(composer.left, y, composer.width, ROW_HEIGHT), PAPER)
    indent = 0.8 if group else 4.0
    surveyed, total = content.survey_state(territory)
    anchor = f"territoire-{territory.code}"
    room = LABEL_WIDTH - indent - 2
    size = composer.fitting_size(territory.name, room, LIST if group else 7.2, bold=group)
    composer.text(
        territory.name, composer.left + indent, y + 0.9, room, size=size, bold=group, link=Link(anchor), most_lines=1
    )
    members = set(territory.members)
    for index, theme in enumerate(content.themes):
        box = Box(composer.left + LABEL_WIDTH + index * width + 0.3, y + 0.3, width - 0.6, ROW_HEIGHT - 0.6)
        count = sum(theme in actor.themes and actor.commune in members for actor in content.actors)
        if surveyed == 0 and count == 0:
            composer.rectangle(box, "not_surveyed")
            continue
        composer.rectangle(box, SHADES[min(3, (count + 1) // 2)] if count else "#ffffff", "#c8ced6")
        need = content.need(territory.code, theme) if group else NO_NEED
        text_width = box.w if need.state is Disclosure.NONE else box.w * 0.5
        figure = "0*" if count == 0 and surveyed < total else number(count)
        composer.text(figure, box.x, box.y + 0.4, text_width, size=LIST if group else 7.2, bold=group, align="centre")
        _need_mark(composer, box, need)


def _need_mark(composer: Composer, box: Box, need: Disclosed) -> None:
    middle = box.y + box.h / 2
    if need.state is Disclosure.HIDDEN:
        composer.rectangle(Box(box.right - 5.2, middle - 1.4, 4, 2.8), "hidden", GREY)
    elif need.state is Disclosure.SHOWN:
        composer.text(number(need.value), box.right - 6.5, box.y + 0.6, 6, size=6.5, colour=GREY, align="right")


def _matrix_key(composer: Composer, y: float) -> None:
    low = composer.content.threshold
    items = [
        ("0", "aucune initiative : on a cherché"),
        ("0*", "aucune trouvée, recensement inachevé"),
        ("not_surveyed", "territoire non recensé"),
        ("need", "besoins, en situations"),
        ("hidden", f"besoins masqués : moins de {low} situations"),
    ]
    y += composer.legend(y, items) + 0.5
    text = "Une initiative qui couvre plusieurs thèmes compte une fois dans chacun : les lignes ne s'additionnent pas."
    composer.text(text, composer.left, y, composer.width, size=CAPTION, colour=GREY)
