"""The sheets: one for each territory of the guide's level, each followed by its communes with something to say."""

from __future__ import annotations

from ...layers.model.codes import code_list
from ..composing.book import Box
from ..composing.typesetting import GREY, LIST, Composer
from ..facts.content import Content, Territory
from ..facts.words import plural
from . import blocks, grid, matrix
from .listing import Flow
from .maps_of_sheets import locator, territory_map
from .sheet_lists import lists
from .territory_figures import TILE_STEP, message, table_height, theme_table, tiles, unseen

TITLE = "Fiches de territoire"
MANY_TERRITORIES = 60
"""Above so many, each territory has a block instead of pages of its own."""
LEAST_MAP = 92.0
SOURCE_HEIGHT = 6.0
KEY_HEIGHT = 26.0
"""Of heading and key above a table of communes, at most."""


def sheets(composer: Composer) -> None:
    """Compose every territory's sheet, and the communes that lie in none."""
    content = composer.content
    if len(content.groups) > MANY_TERRITORIES:
        _many(composer)
    else:
        for index, group in enumerate(content.groups):
            y = _sheet(composer, group, first=index == 0)
            _communes(composer, group, y)
    _strays(composer)


def strays(content: Content) -> list[Territory]:
    """Return the communes with actors that lie in no territory of the level."""
    grouped = {code for group in content.groups for code in group.members}
    peopled = {actor.commune for actor in content.actors}
    return [c for c in content.communes if c.code not in grouped and c.code in peopled]


def _sheet(composer: Composer, group: Territory, *, first: bool) -> float:
    """Set a territory's sheet on pages of its own, and return where it ends."""
    content = composer.content
    actors = content.actors_in(group)
    _, total = content.survey_state(group)
    composer.new_page(TITLE, "fiche")
    if first:
        composer.bookmark(1, TITLE, "fiches")
    composer.bookmark(2, group.name, f"territoire-{group.code}")
    level = code_list("niveaux").label(group.level)
    extent = "" if group.level == "commune" else f" · {plural(total, 'commune')} dans le département"
    y = composer.heading(group.name, level + extent)
    map_box, column = composer.zone("carte").box, composer.zone("chiffres").box
    # A long name pushes maps and figures down, and makes them smaller as far as they can be.
    top = max(y, map_box.y)
    listings = lists(composer, group, actors)
    height = max(LEAST_MAP, map_box.bottom - top)
    # A last short list is worth a smaller map rather than a page of its own.
    below = table_height(composer, group, actors) + sum(listing.height(composer) for listing in listings)
    beyond = top + height + below - (composer.bottom - SOURCE_HEIGHT)
    if 0 < beyond <= height - LEAST_MAP:
        height -= beyond
    territory_map(composer, Box(map_box.x, top, map_box.w, height), "group", group, actors, most_insets=2)
    figures = top + height - 4 * TILE_STEP + (TILE_STEP - 14.5)
    locator(composer, Box(column.x, top, column.w, figures - top - 3), group)
    tiles(composer, group, actors, column.x, figures, column.w)
    composer.source_line()
    y = top + height + 4
    y += composer.subheading(message(content, group, actors), composer.left, y, composer.width) - 1
    y = theme_table(composer, group, actors, y) + 2
    y += unseen(composer, group, y)
    flow = Flow(composer, group.name, y + 3, last=SOURCE_HEIGHT)
    if group.level != "commune" and not matrix.with_communes(content):
        _communes_table(composer, group, flow)
    for listing in listings:
        flow.listing(listing)
    return flow.y


def _communes_table(composer: Composer, group: Territory, flow: Flow) -> None:
    """Set the matrix of a territory's communes, which the matrix of the guide has no room for."""
    content = composer.content
    members = set(group.members)
    rows = [grid.row_of(content, group, "group")]
    rows += [grid.row_of(content, c, "member") for c in content.communes if c.code in members]
    if flow.y + grid.height(rows) + KEY_HEIGHT > flow.bottom:
        flow.next_page()
    flow.y += composer.subheading("Commune par commune", composer.left, flow.y, composer.width)
    flow.y += grid.key(composer, flow.y) + 2
    flow.y = (
        grid.grid(composer, flow.y, rows, continued=group.name, alternative=f"Commune par commune : {group.name}") + 5
    )


def _communes(composer: Composer, group: Territory, y: float) -> None:
    if group.level == "commune":
        return
    members = set(group.members)
    for commune in composer.content.communes:
        if commune.code in members and blocks.has_something_to_say(composer.content, commune):
            y = blocks.block(composer, commune, y, level=3, beside=group.name)


def _many(composer: Composer) -> None:
    content = composer.content
    composer.new_page(TITLE)
    composer.bookmark(1, TITLE, "fiches")
    level = code_list("niveaux").label(content.level)
    empty = sum(not blocks.has_something_to_say(content, group) for group in content.groups)
    y = composer.heading(
        TITLE, f"{plural(len(content.groups), 'territoire')} ({level}), dont {empty} dont rien n'est encore connu"
    )
    for group in content.groups:
        y = blocks.block(composer, group, y, level=2)


def _strays(composer: Composer) -> None:
    found = strays(composer.content)
    if not found:
        return
    composer.new_page(TITLE)
    composer.bookmark(2, "Autres communes", "territoire-autres")
    level = code_list("niveaux").label(composer.content.level)
    y = composer.heading("Autres communes", f"Communes hors de tout territoire du niveau choisi ({level})")
    composer.source_line()
    text = (
        "Leurs acteurs ne sont comptés dans aucune fiche de territoire ; ils le sont dans les chiffres du Département."
    )
    y += composer.text(text, composer.left, y, composer.width, size=LIST, colour=GREY) + 3
    for commune in found:
        y = blocks.block(composer, commune, y, level=3)
