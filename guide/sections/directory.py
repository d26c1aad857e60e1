"""Finding an actor: the directory, and the list of town halls."""

from __future__ import annotations

from typing import NamedTuple

from ..composing.book import Box, Link, Text
from ..composing.columns import Columns
from ..composing.flow import Piece, flow, flow_within, piece
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, Composer
from ..facts.content import Actor
from ..facts.words import labels, plural, sort_key
from .actor_facts import Fact, facts, visit

NAME, SMALL = 9.5, 7.5
NAME_INDENT, LABEL = 12.0, 19.0
SPACE = 4.2
HEAD_WIDTH = 110.0
LONGEST_WHOLE = 75.0
"""An entry up to this height stands in one column; a longer one goes on in the next."""


class Entry(NamedTuple):
    """An actor's entry, broken to the width of its column: head, description, and facts with their labels."""

    actor: Actor
    name: Piece
    head: list[Piece]
    description: Piece | None
    facts: list[tuple[Fact, list[Piece]]]

    @property
    def height(self) -> float:
        below = sum(line.height for line in self.head) + (self.description.height if self.description else 0.0)
        return self.name.height + below + sum(line.height for _, lines in self.facts for line in lines)


def directory(composer: Composer) -> None:
    """Compose an entry for each numbered actor, in alphabetical order."""
    content = composer.content
    if not content.actors:
        return
    composer.new_page("Annuaire des acteurs")
    composer.bookmark(1, "Annuaire des acteurs", "annuaire")
    y = composer.heading("Annuaire des acteurs", f"{plural(len(content.actors), 'acteur')}, par ordre alphabétique")
    columns = Columns(composer, 2, y + 1)
    names = {commune.code: commune.name for commune in content.communes}
    monographs = {monograph.actor: monograph.anchor for monograph in reversed(content.monographs) if monograph.actor}
    first = len(composer.book.pages) - 1
    for actor in content.actors:
        entry = _broken(composer, columns.width, actor, names[actor.commune], monographs.get(actor.uuid, ""))
        _set(composer, columns, entry)
    _running_heads(composer, first)


def _running_heads(composer: Composer, first: int) -> None:
    """Write at the head of each page the first and the last name that begin on it, as dictionaries do."""
    zone = composer.frame.zones.get("rubrique")
    if zone is None or zone.align != "left" or zone.box.x > composer.left + 1:
        return  # a designer has put something else there
    names = {actor.anchor: actor.name for actor in composer.content.actors}
    for page in composer.book.pages[first:]:
        here = [names[anchor] for anchor in page.anchors if anchor in names]
        if here:
            words = " – ".join(_short(composer, name) for name in dict.fromkeys((here[0], here[-1])))
            place = Box(composer.left + composer.width - HEAD_WIDTH, zone.box.y, HEAD_WIDTH, zone.box.h)
            wide = composer.metrics.width(words, CAPTION)
            page.operations.append(Text(place, (words,), CAPTION, colour=zone.colour, align="right", width=wide))


def _short(composer: Composer, name: str) -> str:
    return composer.lines(name, HEAD_WIDTH / 2 - 3, size=CAPTION, most_lines=1)[0]


def _broken(composer: Composer, width: float, actor: Actor, commune: str, monograph: str) -> Entry:
    def broken(text: str, size: float, **style) -> Piece:
        return piece(composer, text, width, size=size, **style)

    kind = " · ".join(part for part in (actor.kind_label, commune) if part)
    head = [broken(kind, SMALL, colour=GREY, indent=NAME_INDENT, link=Link(f"territoire-{actor.commune}"))]
    themes = labels(actor.themes, "themes_vie")
    if themes:
        head.append(broken(themes, CAPTION, colour=GREY, indent=NAME_INDENT))
    seen = visit(actor)
    if seen:
        head.append(broken(seen, CAPTION, bold=actor.stale, colour=GREY, indent=NAME_INDENT))
    head[-1] = head[-1]._replace(space=1.0)
    description = broken(actor.description, LIST, space=1.2) if actor.description else None
    said = []
    for fact in facts(actor, commune, composer.number_of(monograph) if monograph else "", monograph):
        lines = [broken(fact.lead, SMALL, bold=True, indent=LABEL)] if fact.lead else []
        colour = {"colour": ACCENT} if fact.link else {}
        lines += [broken(fact.words, SMALL, indent=LABEL, link=fact.link, **colour)] if fact.words else []
        lines[-1] = lines[-1]._replace(space=0.5)
        said.append((fact, lines))
    name = broken(actor.name, NAME, bold=True, indent=NAME_INDENT, space=0.2)
    return Entry(actor, name, head, description, said)


def _set(composer: Composer, columns: Columns, entry: Entry) -> None:
    actor, height = entry.actor, entry.height
    together = min(height, LONGEST_WHOLE) if height <= LONGEST_WHOLE else _least(entry)
    columns.room(together)
    x, y = columns.x, columns.y
    if not columns.at_top:
        composer.rule(x, y - SPACE / 2, x + columns.width, y - SPACE / 2)
    composer.anchor(actor.anchor, y)
    composer.marker(f"theme:{actor.theme}", x + 1.7, y + 2.3, 3.2)
    with composer.element("H2"):
        size = composer.fitting_size(str(actor.number), 7.2, 8.2, bold=True)
        composer.text(str(actor.number), x + 3.6, y + 0.3, 7.2, size=size, bold=True, colour=ACCENT, align="right")
        flow_within(composer, columns, entry.name)
    for line in entry.head:
        flow(composer, columns, line)
    if entry.description:
        flow(composer, columns, entry.description)
    if entry.facts:
        with composer.element("L"):
            for fact, lines in entry.facts:
                _set_fact(composer, columns, fact, lines)
    columns.y += SPACE


def _least(entry: Entry) -> float:
    """Return the height of what stands together at the start of an entry that goes on in the next column."""
    return min(LONGEST_WHOLE, entry.name.height + sum(line.height for line in entry.head) + 12.0)


def _set_fact(composer: Composer, columns: Columns, fact: Fact, lines: list[Piece]) -> None:
    columns.room(sum(line.step * min(2, len(line.lines)) for line in lines))
    with composer.element("LI"):
        if fact.label:
            with composer.element("Lbl"):
                composer.text(fact.label, columns.x, columns.y, LABEL - 1, size=CAPTION, colour=GREY, most_lines=1)
        with composer.element("LBody"):
            for line in lines:
                flow_within(composer, columns, line)


def town_halls(composer: Composer) -> None:
    """Compose the list of town halls: commune, address, telephone."""
    names = {commune.code: commune.name for commune in composer.content.communes}
    halls = sorted(composer.content.town_halls, key=lambda hall: (sort_key(names[hall.commune]), hall.uuid))
    if not halls:
        return
    composer.new_page("Mairies")
    composer.bookmark(1, "Mairies", "mairies")
    y = composer.heading("Mairies", f"{plural(len(halls), 'mairie')}, par commune")
    width = composer.column_width(3)
    entries = [_hall(composer, hall, names[hall.commune], width) for hall in halls]
    heights = [sum(line.height for line in entry) for entry in entries]
    columns = Columns(composer, 3, y, continued="Mairies", bottom=composer.balanced_bottom(y, heights, 3))
    with composer.element("L"):
        for entry, height in zip(entries, heights):
            columns.room(height)
            with composer.element("LI"):
                for line in entry:
                    flow_within(composer, columns, line)


def _hall(composer: Composer, hall: Actor, commune: str, width: float) -> list[Piece]:
    lines = [
        piece(composer, commune, width, size=LIST, bold=True, link=Link(f"territoire-{hall.commune}")),
        piece(composer, hall.address or "Adresse non renseignée", width, size=CAPTION),
    ]
    if hall.phone:
        lines.append(piece(composer, hall.phone, width, size=CAPTION, colour=ACCENT))
    lines[-1] = lines[-1]._replace(space=2.2)
    return lines
