"""The sheets: a page for each territory of the guide's level, a block for each commune with something to say."""

from __future__ import annotations

from itertools import accumulate

from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ..book import Box
from ..content import Actor, Content, Territory
from ..typesetting import (
    ACCENT,
    CAPTION,
    GREY,
    LIST,
    PAPER,
    Columns,
    Composer,
    labels,
    number,
    plural,
)
from .entry import entry, entry_height
from .gaps import share_in_words

COMMUNE_MAP = 66.0
FACTS_HEIGHT = 14.5
SOURCE_HEIGHT = 6.0


def sheets(composer: Composer) -> None:
    """Compose every territory's sheet, each followed by its communes."""
    content = composer.content
    for index, group in enumerate(content.groups):
        _group_sheet(composer, group, first=index == 0)
        y = composer.bottom
        for commune in content.communes:
            if commune.code in group.members and has_something_to_say(content, commune):
                y = _commune_block(composer, commune, group, y)


def has_something_to_say(content: Content, commune: Territory) -> bool:
    """Return whether a commune has an actor other than its town hall, or was surveyed and has needs."""
    if any(actor.commune == commune.code for actor in content.actors):
        return True
    return commune.surveyed_on is not None and content.need(commune.code).state is not Disclosure.NONE


def _group_sheet(composer: Composer, group: Territory, *, first: bool) -> None:
    content = composer.content
    actors = content.actors_in(group)
    surveyed, total = content.survey_state(group)
    composer.new_page("Fiches de territoire", "fiche")
    if first:
        composer.bookmark(1, "Fiches de territoire", "fiches")
    composer.bookmark(2, group.name, f"territoire-{group.code}")
    level = code_list("niveaux").label(group.level)
    y = composer.heading(group.name, f"{level} · {plural(total, 'commune')} dans le département")
    size = 112.0
    composer.map(
        Box(composer.left, y, size, size),
        "group",
        group.extent,
        focus=group.code,
        alternative=(
            f"Carte de {group.name} : {len(actors)} acteurs numérotés, {surveyed} communes recensées sur {total}."
        ),
    )
    x, width = composer.left + size + 5, composer.width - size - 5
    figures = (
        (number(group.population or 0), "habitants"),
        (number(len(actors)), "initiatives et services"),
        (f"{surveyed} / {total}", "communes recensées"),
    )
    right = y
    for figure, words in figures:
        composer.rectangle(Box(x, right, width, 14.5), PAPER)
        composer.text(figure, x + 3, right + 0.6, width - 6, size=15, bold=True, colour=ACCENT)
        composer.text(words, x + 3, right + 8.4, width - 6, size=LIST)
        right += 16.5
    _themes_of(composer, group, actors, x, right + 1, width)
    y += size + 5
    y += _to_survey(composer, group, y)
    y += composer.subheading(f"Acteurs du territoire ({len(actors)})", composer.left, y, composer.width)
    if not actors:
        composer.text(_nobody(surveyed, total), composer.left, y, composer.width)
    composer.source_line()
    names = {commune.code: commune.name for commune in content.communes}
    details = [" · ".join(part for part in (actor.kind_label, names[actor.commune]) if part) for actor in actors]
    count, details = _arrangement(composer, actors, details, composer.bottom - SOURCE_HEIGHT - y)
    width = composer.column_width(count)
    heights = [entry_height(composer, actor, width, detail) for actor, detail in zip(actors, details)]
    bottom = min(composer.bottom - SOURCE_HEIGHT, composer.balanced_bottom(y, heights, count))
    columns = Columns(composer, count, y, continued=group.name, bottom=bottom)
    for actor, detail, height in zip(actors, details, heights):
        columns.room(height)
        columns.y += entry(composer, actor, columns.x, columns.y, columns.width, detail)


def _arrangement(composer: Composer, actors: list[Actor], details: list[str], room: float) -> tuple[int, list[str]]:
    """Return how many columns a list takes and its details: all of it where there is room, else less."""
    plain = [""] * len(actors)
    for lines in (details, plain):
        heights = [entry_height(composer, actor, composer.column_width(2), line) for actor, line in zip(actors, lines)]
        if composer.balanced_bottom(0.0, heights, 2) <= room:
            return 2, lines
    return 3, plain


def _to_survey(composer: Composer, group: Territory, y: float) -> float:
    """Name the communes where nobody has looked yet, and return the height taken."""
    members = set(group.members)
    names = [c.name for c in composer.content.communes if c.code in members and c.surveyed_on is None]
    if not names:
        return 0.0
    composer.rectangle(Box(composer.left, y + 0.3, 6, 3.6), "not_surveyed", GREY)
    text = f"À recenser ({len(names)}) : {', '.join(names)}"
    return composer.text(text, composer.left + 8, y, composer.width - 8, size=LIST, most_lines=4) + 3


def _nobody(surveyed: int, total: int) -> str:
    if surveyed == 0:
        return "Territoire non recensé : personne n'y a encore cherché les acteurs."
    if surveyed < total:
        return "Aucun acteur dans les communes recensées ; les autres restent à parcourir."
    return "Aucun acteur : le territoire a été recensé."


def _themes_of(composer: Composer, group: Territory, actors: list[Actor], x: float, y: float, width: float) -> None:
    content = composer.content
    composer.text("Offre et besoins par thème", x, y, width, size=8.5, bold=True)
    y += 5.4
    for theme, label in content.themes.items():
        count = sum(theme in actor.themes for actor in actors)
        need = content.need(group.code, theme)
        composer.marker(f"theme:{theme}", x + 1.6, y + 1.9, 2.6)
        composer.text(label, x + 4.2, y, width - 23, size=CAPTION, most_lines=1)
        composer.text(number(count), x + width - 18, y, 6, size=7.5, bold=True, align="right")
        if need.state is Disclosure.HIDDEN:
            composer.rectangle(Box(x + width - 9, y + 0.5, 4, 2.8), "hidden", GREY)
        elif need.state is Disclosure.SHOWN:
            composer.text(number(need.value), x + width - 10, y, 10, size=7.5, align="right")
        y += 4.35
    if content.has_gaps:
        y += 1
        composer.text("Besoins sans réponse accessible", x, y, width, size=7.5, bold=True)
        composer.text(share_in_words(content, group.code), x, y + 3.8, width, size=7.5, most_lines=1)


def _commune_block(composer: Composer, commune: Territory, group: Territory, y: float) -> float:
    """Set a commune's block below ``y``, or on a new page, and return where it ends."""
    content = composer.content
    actors = content.actors_in(commune)
    x, width = composer.left + COMMUNE_MAP + 5, composer.width - COMMUNE_MAP - 5
    details = [actor.kind_label or labels(actor.themes[:1], "themes_vie") for actor in actors]
    heights = [entry_height(composer, actor, width, detail) for actor, detail in zip(actors, details)]
    fit = _fitting(heights, COMMUNE_MAP - FACTS_HEIGHT)
    rest = [
        (actor, detail, entry_height(composer, actor, composer.column_width(2), detail))
        for actor, detail in list(zip(actors, details))[fit:]
    ]
    below = composer.balanced_bottom(3.0, [height for _, _, height in rest], 2) if rest else 0.0
    height = 9 + COMMUNE_MAP + min(below, 20.0) + 4
    if y + height > composer.bottom - SOURCE_HEIGHT:
        composer.new_page("Fiches de territoire")
        composer.source_line()
        composer.text(
            group.name,
            composer.left + 90,
            7,
            composer.width - 90,
            size=CAPTION,
            colour=GREY,
            align="right",
            most_lines=1,
        )
        y = composer.top
    else:
        composer.rule(composer.left, y, composer.left + composer.width, y)
        y += 4
    composer.bookmark(3, commune.name, f"territoire-{commune.code}", y)
    composer.text(commune.name, composer.left, y, composer.width, size=14, bold=True, colour=ACCENT, most_lines=1)
    y += 9
    composer.map(
        Box(composer.left, y, COMMUNE_MAP, COMMUNE_MAP),
        "commune",
        commune.extent,
        focus=commune.code,
        alternative=f"Carte de {commune.name} : {len(actors)} acteurs numérotés.",
    )
    line = y
    for fact in _facts(content, commune):
        line += composer.text(fact, x, line, width, size=LIST, most_lines=2) + 0.4
    line = y + FACTS_HEIGHT
    if not actors:
        composer.text(_nobody(*content.survey_state(commune)), x, line, width, size=LIST)
    for actor, detail in zip(actors[:fit], details):
        line += entry(composer, actor, x, line, width, detail)
    y += COMMUNE_MAP + 3
    if rest:
        bottom = min(composer.bottom - SOURCE_HEIGHT, composer.balanced_bottom(y, [height for _, _, height in rest], 2))
        columns = Columns(composer, 2, y, continued=commune.name, bottom=bottom)
        for actor, detail, height in rest:
            columns.room(height)
            columns.y += entry(composer, actor, columns.x, columns.y, columns.width, detail)
        y = columns.lowest
    return y + 1


def _fitting(heights: list[float], room: float) -> int:
    """Return how many of the first heights fit one below the other."""
    return sum(total <= room for total in accumulate(heights))


def _facts(content: Content, commune: Territory):
    if commune.surveyed_on is None:
        yield "Commune non recensée : la liste est incomplète."
    else:
        yield f"Recensée le {commune.surveyed_on:%d/%m/%Y}"
    yield f"{number(commune.population or 0)} habitants"
    if content.has_gaps:
        yield f"Besoins sans réponse accessible : {share_in_words(content, commune.code)}"
