"""Initiatives that resemble each other: map, groups with their reasons, and those still to be introduced."""

from __future__ import annotations

from ...layers.model.codes import code_list
from ..composing.book import Link
from ..composing.columns import Columns
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, Composer
from ..facts.content import Actor, Initiatives
from ..facts.ties import Bond
from ..facts.words import decimal, glued, labels, plural
from ..maps.insets import dense_map
from .entry import entry, entry_height
from .rows import Cell, Column, begin, height_of, map_box, table

TITLE = "Quelles initiatives se ressemblent ?"
MOST_MEMBERS = 15
MOST_PAIRS = 40
MOST_GROUPS = 60
MAP_HEIGHT = 158.0


def similar(composer: Composer) -> None:
    """Compose the map of similar initiatives, their groups with the reasons, and the pairs nobody introduced yet."""
    content = composer.content
    if not content.similar:
        return
    by_uuid = {actor.uuid: actor for actor in content.actors}
    waiting = to_introduce(content.similar, content.ties)
    members = [by_uuid[uuid] for group in content.similar for uuid in group.members]
    composer.new_page(TITLE, "carte")
    composer.bookmark(1, TITLE, "semblables")
    y = composer.heading(
        TITLE,
        f"{plural(len(content.similar), 'groupe')}, {plural(len(members), 'initiative')} : proches, mêmes thèmes, "
        f"mêmes mots. {plural(len(waiting), 'mise en relation à faire', 'mises en relation à faire')}",
    )
    box = map_box(composer, y, MAP_HEIGHT)
    dense_map(
        composer,
        box,
        "similar",
        content.outline,
        members,
        size=2.2,
        around=[actor for actor in content.actors if actor.uuid not in {member.uuid for member in members}],
        alternative=_map_in_words(content.similar, by_uuid),
    )
    y = box.bottom + 2
    y += composer.text(
        glued(
            "Un trait va de chaque initiative à celle qui lui ressemble le plus ; le contour et le numéro sont ceux du "
            "groupe. Les petits points pâles sont les autres acteurs."
        ),
        composer.left,
        y,
        composer.width,
        size=CAPTION,
        colour=GREY,
    )
    composer.source_line()
    columns = Columns(composer, 2, y + 4, continued="Initiatives semblables", bottom=composer.bottom - 6)
    # The largest first, as the analysis numbers them.
    for group in content.similar[:MOST_GROUPS]:
        _group(composer, columns, group, by_uuid, waiting)
    y = columns.lowest + 4
    if len(content.similar) > MOST_GROUPS:
        more = (
            f"{plural(len(content.similar) - MOST_GROUPS, 'autre groupe')}, plus petits, ne figurent que sur la carte."
        )
        columns.room(5)
        composer.text(more, columns.x, columns.y, columns.width, size=CAPTION, colour=GREY)
        y = columns.lowest + 8
    _introductions(composer, waiting, by_uuid, y)


def to_introduce(groups: list[Initiatives], ties: list) -> list[Bond]:
    """Return, the most alike first, each initiative with the one that resembles it most and that no link unites yet."""
    tied = {frozenset((tie.one, tie.other)) for tie in ties}
    found = set()
    for group in groups:
        open_to = set(group.members)
        for bond in group.bonds:
            pair = frozenset((bond.one, bond.other))
            if pair & open_to and pair not in tied:
                open_to -= pair
                found.add(bond)
    return sorted(found, key=lambda bond: (-bond.strength, bond.one, bond.other))


def _map_in_words(groups: list[Initiatives], by_uuid: dict[str, Actor]) -> str:
    largest = max(groups, key=lambda group: len(group.members))
    return (
        f"Carte de {plural(len(groups), 'groupe')} d'initiatives semblables, reliées par des traits. Le plus grand, "
        f"groupe {largest.number}, en compte {len(largest.members)} : "
        f"{', '.join(by_uuid[uuid].name for uuid in largest.members[:3])}."
    )


def _group(composer: Composer, columns: Columns, group: Initiatives, by_uuid: dict, waiting: list[Bond]) -> None:
    members = sorted((by_uuid[uuid] for uuid in group.members), key=lambda actor: actor.number)
    name = by_uuid[group.centre].name if group.centre in by_uuid else members[0].name
    title = glued(f"{group.number} · Autour de « {name} »")
    facts = [labels(group.themes, "themes_vie"), _reason(group)]
    own = set(group.members)
    untied = sum(bond.one in own for bond in waiting)
    facts.append(f"{plural(untied, 'paire')} à mettre en relation" if untied else "Toutes déjà reliées")
    width = columns.width
    height = composer.height(title, width, size=9.5, bold=True)
    height += sum(composer.height(fact, width, size=CAPTION) for fact in facts if fact)
    columns.room(height + sum(entry_height(composer, actor, width, _place(composer, actor)) for actor in members[:3]))
    composer.anchor(f"groupe-{group.number}", columns.y)
    columns.y += composer.text(title, columns.x, columns.y, width, size=9.5, bold=True, colour=ACCENT, tag="H2") + 0.3
    for fact in facts:
        if fact:
            columns.y += composer.text(fact, columns.x, columns.y, width, size=CAPTION, colour=GREY)
    columns.y += 1.2
    with composer.element("L"):
        for actor in members[:MOST_MEMBERS]:
            detail = _place(composer, actor)
            columns.room(entry_height(composer, actor, width, detail))
            columns.y += entry(composer, actor, columns.x, columns.y, width, detail)
    if len(members) > MOST_MEMBERS:
        columns.room(4.5)
        more = f"et {plural(len(members) - MOST_MEMBERS, 'autre')}"
        columns.y += composer.text(more, columns.x + 11, columns.y, width - 11, size=CAPTION, colour=GREY)
    columns.y += 4.5


def _place(composer: Composer, actor: Actor) -> str:
    commune = next((c.name for c in composer.content.communes if c.code == actor.commune), "")
    return " · ".join(part for part in (actor.kind_label, commune) if part)


def _reason(group: Initiatives) -> str:
    """Return why a group holds together: how near, in which words, how surely."""
    reason = f"À moins de {decimal(max(0.1, round(group.radius / 1000, 1)))} km de son centre"
    if group.words:
        reason += f" ; mots communs : {', '.join(group.words)}"
    return glued(f"{reason} ; groupe {group.solidity}" if group.solidity else reason)


def _introductions(composer: Composer, waiting: list[Bond], by_uuid: dict[str, Actor], y: float) -> None:
    if not waiting:
        return
    printed = waiting[:MOST_PAIRS]
    said = "Chaque initiative avec celle qui lui ressemble le plus, tant qu'aucun lien entre elles n'est noté."
    if len(waiting) > len(printed):
        said += f" {plural(len(waiting) - len(printed), 'autre paire', 'autres paires')} ne figurent pas ici."
    rows = [
        [who(composer, by_uuid[bond.one]), who(composer, by_uuid[bond.other]), Cell(_short(bond.reason))]
        for bond in printed
    ]
    heads = (Column("Une initiative", 28), Column("Une autre", 28), Column("Ce qui les rapproche", 44))
    y = begin(composer, y, "À relier", "a-relier", height_of(composer, heads, rows) + 6)
    y += composer.text(said, composer.left, y, composer.width, size=LIST, colour=GREY) + 3
    table(composer, y, heads, rows, "Initiatives semblables à mettre en relation", "À relier")


def _short(reason: str) -> str:
    """Return a reason with the first words alone of each theme: « Créer du lien » for what has a longer name."""
    for label in code_list("themes_vie").labels.values():
        reason = reason.replace(label, label.partition(",")[0])
    return reason


def who(composer: Composer, actor: Actor) -> Cell:
    """Return a cell that names an actor, with its number and its page in the directory."""
    page = composer.number_of(actor.anchor)
    where = f", p.\u00a0{page}" if page else ""
    return Cell(f"{actor.name} (n°\u00a0{actor.number}{where})", Link(actor.anchor), symbol=f"theme:{actor.theme}")
