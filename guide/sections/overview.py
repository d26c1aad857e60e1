"""The whole Département at a glance: key figures with a map, and the matrix of themes by territory."""

from __future__ import annotations

from collections import Counter

from ...layers.confidentiality import Disclosure, band, band_bounds
from ...layers.model.codes import code_list
from ..book import Box, Link
from ..content import Content, Territory
from ..typesetting import ACCENT, CAPTION, GREY, LIST, PAPER, Composer, number, plural

SHADES = ("#ffffff", "#e3eef5", "#c3dceb", "#8fbfdb")
MOST_ROWS_WITH_COMMUNES = 46
LABEL_WIDTH = 54.0
ROW_HEIGHT = 5.4


def key_figures(composer: Composer) -> None:
    """Compose the figures of the Département and the map of all its actors."""
    content = composer.content
    composer.new_page("Le Département en un coup d'œil")
    composer.bookmark(1, "Le Département en un coup d'œil", "synthese")
    communes = {actor.commune for actor in content.actors}
    surveyed, total = content.survey_state(content.outline)
    y = composer.heading(
        f"{plural(len(content.actors), 'initiative')} dans {plural(len(communes), 'commune')} sur {number(total)}",
        f"{plural(surveyed, 'commune recensée', 'communes recensées')}, {number(total - surveyed)} à recenser ; "
        f"{plural(len(content.town_halls), 'mairie')}",
    )
    stale = sum(actor.stale for actor in content.actors)
    tiles = (
        (number(content.outline.population or 0), "habitants"),
        (number(len(content.actors)), "initiatives et services"),
        (f"{surveyed} / {total}", "communes recensées"),
        (number(stale), "fiches à revoir (plus de deux ans)"),
    )
    figure_tiles(composer, tiles, y)
    y += 23
    composer.map(
        Box(composer.left, y, composer.width, 168),
        "synthesis",
        content.outline.extent,
        alternative=(
            f"Carte des {len(content.actors)} acteurs du département par thème. "
            f"{surveyed} communes sur {total} ont été recensées ; les autres sont hachurées."
        ),
    )
    y += 172
    y += composer.theme_legend(y, Counter(actor.theme for actor in content.actors)) + 1
    composer.marker("town_hall", composer.left + 1.8, y + 2, 2.0)
    composer.text(f"Mairie ({len(content.town_halls)})", composer.left + 5.5, y, 50, size=LIST)
    composer.rectangle(Box(composer.left + composer.width / 3, y + 0.3, 6, 3.6), "not_surveyed", GREY)
    composer.text("Commune non recensée", composer.left + composer.width / 3 + 8, y, 60, size=LIST)
    composer.source_line()


def figure_tiles(composer: Composer, tiles: tuple[tuple[str, str], ...], y: float) -> None:
    """Set big figures with their words side by side."""
    gap = 4.0
    width = (composer.width - gap * (len(tiles) - 1)) / len(tiles)
    for index, (figure, words) in enumerate(tiles):
        x = composer.left + index * (width + gap)
        composer.rectangle(Box(x, y, width, 19), PAPER)
        composer.text(figure, x + 3, y + 1.2, width - 6, size=17, bold=True, colour=ACCENT)
        composer.text(words, x + 3, y + 10.2, width - 6, size=LIST, most_lines=2)


def matrix(composer: Composer) -> None:
    """Compose the matrix: a row a territory, a column a theme; offers in figures, needs in bands."""
    content = composer.content
    rows = _rows(content)
    anchor = "matrice"
    for start in range(0, len(rows), MOST_ROWS_WITH_COMMUNES):
        composer.new_page("Matrice des thèmes par territoire")
        if start == 0:
            composer.bookmark(1, "Matrice des thèmes par territoire", anchor)
            y = composer.heading(
                "Quels thèmes, dans quels territoires ?",
                "Nombre d'initiatives par thème ; les ronds disent l'importance des besoins exprimés",
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
        need = content.need_state(territory.code, theme) if group else Disclosure.NONE
        text_width = box.w if need is Disclosure.NONE else box.w * 0.5
        figure = "0*" if count == 0 and surveyed < total else number(count)
        composer.text(figure, box.x, box.y + 0.4, text_width, size=LIST if group else 7.2, bold=group, align="centre")
        _need_mark(composer, box, need, content.needs.get((territory.code, theme), 0))


def _need_mark(composer: Composer, box: Box, need: Disclosure, situations: float) -> None:
    middle = box.y + box.h / 2
    if need is Disclosure.HIDDEN:
        composer.rectangle(Box(box.right - 5.2, middle - 1.4, 4, 2.8), "hidden", GREY)
    elif need is Disclosure.SHOWN:
        for dot in range(band(situations, composer.content.threshold)):
            composer.marker("need", box.right - 1.5 - dot * 2.0, middle, 1.7)


def _matrix_key(composer: Composer, y: float) -> None:
    low, *_ = band_bounds(composer.content.threshold)
    items = [
        ("0", "aucune initiative : on a cherché"),
        ("0*", "aucune trouvée, recensement inachevé"),
        ("not_surveyed", "territoire non recensé"),
        ("need", "besoins, un à trois ronds"),
        ("hidden", f"besoins masqués : moins de {low} situations"),
    ]
    y += composer.legend(y, items) + 0.5
    text = "Une initiative qui couvre plusieurs thèmes compte une fois dans chacun : les lignes ne s'additionnent pas."
    composer.text(text, composer.left, y, composer.width, size=CAPTION, colour=GREY)
