"""Initiatives that resemble each other: map, groups, reasons."""

from __future__ import annotations

from ..book import Box
from ..content import Initiatives
from ..typesetting import ACCENT, CAPTION, GREY, Columns, Composer, labels, plural
from ..words import decimal
from .entry import entry, entry_height

MOST_MEMBERS = 15


def similar(composer: Composer) -> None:
    """Compose the map of similar initiatives and the list of their groups with the reasons."""
    content = composer.content
    if not content.similar:
        return
    grouped = sum(len(group.members) for group in content.similar)
    composer.new_page("Quelles initiatives se ressemblent ?")
    composer.bookmark(1, "Quelles initiatives se ressemblent ?", "semblables")
    y = composer.heading(
        "Quelles initiatives se ressemblent ?",
        f"{plural(len(content.similar), 'groupe')} à mettre en relation, {plural(grouped, 'initiative')} : "
        "proches, mêmes thèmes, mêmes mots",
    )
    composer.map(
        Box(composer.left, y, composer.width, 120),
        "similar",
        content.outline.extent,
        alternative=f"Carte de {len(content.similar)} groupes d'initiatives semblables, reliées par des traits.",
    )
    composer.source_line()
    columns = Columns(composer, 2, y + 125, continued="Initiatives semblables", bottom=composer.bottom - 6)
    by_uuid = {actor.uuid: actor for actor in content.actors}
    for group in content.similar:
        _similar_group(composer, columns, group, by_uuid)


def _similar_group(composer: Composer, columns: Columns, group: Initiatives, by_uuid: dict) -> None:
    members = sorted((by_uuid[uuid] for uuid in group.members), key=lambda actor: actor.number)
    title = f"Groupe {group.number} · {' · '.join(labels([theme], 'themes_vie') for theme in group.themes)}"
    reason = _reason(group)
    heading = composer.height(title, columns.width, size=9, bold=True)
    heading += composer.height(reason, columns.width, size=CAPTION)
    columns.room(heading + sum(entry_height(composer, actor, columns.width) for actor in members[:3]))
    columns.y += composer.text(title, columns.x, columns.y, columns.width, size=9, bold=True, colour=ACCENT)
    columns.y += composer.text(reason, columns.x, columns.y, columns.width, size=CAPTION, colour=GREY) + 0.5
    with composer.element("L"):
        for actor in members[:MOST_MEMBERS]:
            columns.room(entry_height(composer, actor, columns.width))
            columns.y += entry(composer, actor, columns.x, columns.y, columns.width)
    if len(members) > MOST_MEMBERS:
        columns.room(4.5)
        more = f"et {plural(len(members) - MOST_MEMBERS, 'autre')}"
        columns.y += composer.text(more, columns.x + 11, columns.y, columns.width - 11, size=CAPTION, colour=GREY)
    columns.y += 3


def _reason(group: Initiatives) -> str:
    """Return why a group holds together: how near, in which words, how surely."""
    reason = f"À moins de {decimal(max(0.1, round(group.radius / 1000, 1)))} km de son centre"
    if group.words:
        reason += f" ; mots communs : {', '.join(group.words)}"
    return f"{reason} ; groupe {group.solidity}" if group.solidity else reason
