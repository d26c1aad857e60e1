"""What is new since the last edition: who has come, what is said anew, who has closed, where somebody has looked."""

from __future__ import annotations

from collections.abc import Iterable

from ..composing.book import Box, Link
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, PAPER, Composer
from ..facts.changes import Changes
from ..facts.content import Content
from ..facts.words import number, plural
from .entry import LEFT, RIGHT, entry, entry_height
from .listing import Flow, Item, Listing

SECTION = "Quoi de neuf ?"
TILE, TILE_GAP = 19.0, 4.0
SPACE = 1.0


def news(composer: Composer) -> None:
    """Compose the differences with the last edition; no page where none was given, or nothing has changed."""
    content = composer.content
    changes = content.changes
    if changes is None or changes.nothing:
        return
    composer.new_page(SECTION)
    composer.bookmark(1, SECTION, "nouveautes")
    y = composer.heading(message(changes), _facts(content, changes))
    y = _tiles(composer, changes, y) + 6
    flow = Flow(composer, SECTION, y)
    by_uuid = {actor.uuid: actor for actor in content.actors}
    _actors(composer, flow, "Nouveaux acteurs", [(by_uuid[uuid], _place(content, uuid)) for uuid in changes.added])
    changed = [(by_uuid[change.uuid], ", ".join(change.what)) for change in changes.changed]
    _actors(composer, flow, "Fiches dont quelque chose a changé", changed)
    _names(composer, flow, "Ont fermé", [(name, "") for name in changes.closed])
    titles = {monograph.uuid: monograph for monograph in content.monographs}
    told = [(titles[uuid].title, titles[uuid].anchor) for uuid in changes.monographs]
    _names(composer, flow, "Nouvelles monographies", told)
    names = {commune.code: commune.name for commune in content.communes}
    surveyed = [(names[code], f"territoire-{code}") for code in changes.surveyed]
    _names(composer, flow, "Communes recensées depuis", surveyed, columns=3)
    _closing(composer, flow, changes)


def message(changes: Changes) -> str:
    """Return what matters most of what is new, as a title."""
    said = []
    if changes.added:
        said.append(plural(len(changes.added), "nouvel acteur", "nouveaux acteurs"))
    if changes.surveyed:
        said.append(plural(len(changes.surveyed), "commune de plus", "communes de plus"))
    if not said and changes.monographs:
        said.append(plural(len(changes.monographs), "nouvelle monographie", "nouvelles monographies"))
    if not said and changes.changed:
        said.append(plural(len(changes.changed), "fiche mise à jour", "fiches mises à jour"))
    return ", ".join(said) or "Qui n'est plus dans ce guide"


def _facts(content: Content, changes: Changes) -> str:
    since = f"Depuis l'édition {changes.edition}" if changes.edition else "Depuis l'édition précédente"
    if changes.established_on:
        since += f", établie le {changes.established_on:%d/%m/%Y}"
    return f"{since} ; {plural(len(content.actors), 'acteur')} aujourd'hui"


def _tiles(composer: Composer, changes: Changes, y: float) -> float:
    """Set the counts side by side, those of nothing left out, and return where they end."""
    counts = (
        (len(changes.added), "nouvel acteur", "nouveaux acteurs"),
        (len(changes.changed), "fiche changée", "fiches changées"),
        (len(changes.closed) + changes.withdrawn, "n'y est plus", "n'y sont plus"),
        (len(changes.monographs), "nouvelle monographie", "nouvelles monographies"),
        (len(changes.surveyed), "commune recensée de plus", "communes recensées de plus"),
    )
    shown = [(number(count), one if count < 2 else several) for count, one, several in counts if count]
    width = (composer.width - TILE_GAP * 4) / 5
    with composer.element("L"):
        for index, (figure, words) in enumerate(shown):
            x = composer.left + index * (width + TILE_GAP)
            composer.rectangle(Box(x, y, width, TILE), PAPER)
            with composer.element("LI"):
                composer.text(figure, x + 3, y + 1.2, width - 6, size=17, bold=True, colour=ACCENT)
                composer.text(words, x + 3, y + 10.2, width - 6, size=LIST, most_lines=2)
    return y + TILE


def _place(content: Content, uuid: str) -> str:
    actor = next(actor for actor in content.actors if actor.uuid == uuid)
    commune = next(commune.name for commune in content.communes if commune.code == actor.commune)
    return " · ".join(part for part in (actor.kind_label, commune) if part)


def _actors(composer: Composer, flow: Flow, title: str, found: list[tuple]) -> None:
    if not found:
        return
    width = composer.column_width(2)
    items = [
        Item(
            entry_height(composer, actor, width, words) + SPACE,
            lambda x, y, w, actor=actor, words=words: entry(composer, actor, x, y, w, words),
        )
        for actor, words in found
    ]
    flow.listing(Listing(f"{title} ({number(len(items))})", items))


def _names(composer: Composer, flow: Flow, title: str, found: Iterable[tuple[str, str]], *, columns: int = 2) -> None:
    """Set names with the pages of their anchors, "" for none."""
    width = composer.column_width(columns) - LEFT - RIGHT
    items = [
        Item(
            composer.height(name, width, size=LIST) + SPACE,
            lambda x, y, w, name=name, anchor=anchor: _name(composer, name, anchor, x, y, w),
        )
        for name, anchor in found
    ]
    if items:
        flow.listing(Listing(f"{title} ({number(len(items))})", items, columns))


def _name(composer: Composer, name: str, anchor: str, x: float, y: float, width: float) -> None:
    link = Link(anchor) if anchor else None
    with composer.element("LI"):
        composer.text(name, x, y, width - LEFT - RIGHT, size=LIST, link=link)
        if anchor:
            page = composer.number_of(anchor)
            composer.text(page, x + width - RIGHT, y, RIGHT, size=7.5, align="right", colour=GREY, link=link)


def _closing(composer: Composer, flow: Flow, changes: Changes) -> None:
    """Say what this page does not tell."""
    words = (
        "Sont comparées les fiches que les mêmes lecteurs pouvaient lire dans l'édition précédente. Le retrait de "
        "coordonnées n'est pas signalé."
    )
    if changes.withdrawn:
        one = changes.withdrawn < 2
        gone = "ne figure plus ici et n'est pas nommé" if one else "ne figurent plus ici et ne sont pas nommés"
        words += (
            f" {plural(changes.withdrawn, 'autre acteur', 'autres acteurs')} de l'édition précédente {gone} : on peut "
            "quitter ce guide sans dire pourquoi."
        )
    if changes.threshold_raised:
        words += " Le seuil du secret a été relevé : plus de chiffres sont masqués."
    flow.room(composer.height(words, composer.width, size=CAPTION) + 2)
    composer.text(words, composer.left, flow.y, composer.width, size=CAPTION, colour=GREY)
