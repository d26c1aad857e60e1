"""What the analyses found: needs without an answer nearby, and initiatives that resemble each other."""

from __future__ import annotations

from ...layers.classes import GAP_LABELS, gap_class
from ...layers.confidentiality import Disclosure
from ..book import Box
from ..content import Content, Initiatives
from ..typesetting import ACCENT, CAPTION, GREY, LIST, Columns, Composer, labels, plural
from ..words import decimal
from .entry import entry, entry_height

CAUSES = {
    "couvert": "tout est couvert",
    "hors_portee": "aucun acteur accessible",
    "capacite": "pas assez de places",
    "public": "public non accueilli",
}


MOST_MEMBERS = 15


def share_in_words(content: Content, territory: str, theme: str = "") -> str:
    """Return an unmet share as it may be printed: a class, never a count."""
    state = content.need_state(territory, theme)
    if state is Disclosure.NONE:
        return "aucun besoin exprimé"
    if state is Disclosure.HIDDEN:
        return "masqué"
    return GAP_LABELS[gap_class(content.gap(territory, theme).share)]


def gaps(composer: Composer) -> None:
    """Compose the map of unmet needs with its parameters, and the table by theme."""
    content = composer.content
    if not content.gaps:
        return
    composer.new_page("Où les besoins restent-ils sans réponse ?")
    composer.bookmark(1, "Où les besoins restent-ils sans réponse ?", "manques")
    y = composer.heading(
        "Où les besoins restent-ils sans réponse ?",
        "Part des situations, tous thèmes confondus, sans place accessible pour elles",
    )
    worst = _communes_by_class(content)
    composer.map(
        Box(composer.left, y, composer.width, 142),
        "gaps",
        content.outline.extent,
        alternative=(
            "Carte des communes selon la part des besoins sans réponse. "
            f"{worst[3]} communes sont dans la classe la plus haute, {worst[2]} dans la suivante."
        ),
    )
    y += 145
    looks = [(f"gap:{index}", label) for index, label in enumerate(GAP_LABELS)]
    looks += [("no_need", "aucun besoin exprimé"), ("hidden", "masqué"), ("not_surveyed", "commune non recensée")]
    y += composer.legend(y, looks) + 1.5
    text = (
        f"Une place est dite accessible quand elle se trouve {content.reach}. Les acteurs proches d'une même "
        "situation se partagent leurs places selon la distance (méthode E2SFCA, Luo et Qi 2009). Une commune "
        "non recensée peut avoir des acteurs que ce guide ne connaît pas. Les mairies, présentes partout, n'y sont pas "
        "comptées."
    )
    y += composer.text(text, composer.left, y, composer.width, size=LIST) + 3.5
    _gap_table(composer, y)
    composer.source_line()


def gap_look(content: Content, theme: str) -> str:
    """Return the look of the whole Département's unmet share for a theme."""
    state = content.need_state("", theme)
    if state is Disclosure.SHOWN:
        return f"gap:{gap_class(content.gap('', theme).share)}"
    return "hidden" if state is Disclosure.HIDDEN else "no_need"


def _communes_by_class(content: Content) -> list[int]:
    counts = [0, 0, 0, 0]
    for commune in content.communes:
        if content.need_state(commune.code) is Disclosure.SHOWN:
            counts[gap_class(content.gap(commune.code).share)] += 1
    return counts


def _gap_table(composer: Composer, y: float) -> None:
    content = composer.content
    y += composer.subheading("Par thème, dans tout le département", composer.left, y, composer.width)
    for theme, label in content.themes.items():
        gap = content.gap("", theme)
        words = share_in_words(content, "", theme)
        if gap.unmet and content.need_state("", theme) is Disclosure.SHOWN:
            words += f", {CAUSES.get(gap.cause, gap.cause)}"
        composer.marker(f"theme:{theme}", composer.left + 1.8, y + 2, 3)
        composer.text(label, composer.left + 5, y, 62, size=LIST, bold=True, most_lines=1)
        composer.rectangle(Box(composer.left + 69, y + 0.3, 6, 3.4), gap_look(content, theme), GREY)
        composer.text(words, composer.left + 78, y, composer.width - 78, size=LIST, most_lines=1)
        y += 4.9


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
