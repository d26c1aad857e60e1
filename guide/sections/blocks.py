"""A territory in a block, a small map beside facts and actors: for communes, and for levels of many territories."""

from __future__ import annotations

from itertools import accumulate

from ...layers.confidentiality import Disclosure
from ..composing.book import Box, Text
from ..composing.columns import Columns
from ..composing.typesetting import ACCENT, GREY, LIST, Composer, source_line
from ..facts.content import Actor, Content, Neighbour, Territory
from ..facts.twins import twins
from ..facts.words import labels, number, plural, printable
from .entry import entry, entry_height
from .gaps import share_in_words
from .listing import even
from .maps_of_sheets import territory_map
from .sheet_lists import likeness

SMALL_MAP, LARGE_MAP = 48.0, 66.0
NAME_HEIGHT, BETWEEN = 9.0, 5.0
SOURCE_HEIGHT = 6.0
MOST_TWINS = 3

Entry = tuple  # (actor or neighbour, words)


def has_something_to_say(content: Content, territory: Territory) -> bool:
    """Return whether a territory has an actor other than town halls, or was surveyed and has needs."""
    if content.actors_in(territory):
        return True
    return content.survey_state(territory)[0] > 0 and content.need(territory.code).state is not Disclosure.NONE


def block(composer: Composer, territory: Territory, y: float, *, level: int, beside: str = "") -> float:
    """Set a territory's block below ``y``, or at the top of a new page, and return where it ends.

    ``level`` is that of its bookmark, ``beside`` what the head of a new page says on the right.
    """
    content = composer.content
    actors = content.actors_in(territory)
    facts = list(_facts(content, territory))
    if not has_something_to_say(content, territory):
        return _bare(composer, territory, facts, y, level, beside)
    entries = _entries(content, territory, actors, level)
    size, x, width = _size(composer, facts, entries)
    top = _facts_height(composer, facts, width)
    room = (width - BETWEEN) / 2
    heights = [entry_height(composer, actor, room, words) for actor, words in entries]
    fit = _fitting(heights, size - top, 2)
    rest = [(*each, entry_height(composer, each[0], composer.column_width(2), each[1])) for each in entries[fit:]]
    below = composer.balanced_bottom(3.0, [height for _, _, height in rest], 2) if rest else 0.0
    y = _place(composer, y, NAME_HEIGHT + max(size, top) + min(below, 20.0) + 4, beside)
    _name(composer, territory, y, level)
    y += NAME_HEIGHT
    _sources(composer)
    territory_map(composer, Box(composer.left, y, size, size), "commune", territory, actors)
    line = y
    for fact in facts:
        line += composer.text(fact, x, line, width, size=LIST, most_lines=3) + 0.4
    _beside_map(composer, entries[:fit], heights[:fit], x, y + top, room)
    y += max(size, top) + 3
    return (_below_map(composer, rest, y, territory.name) if rest else y) + 1


def _size(composer: Composer, facts: list[str], entries: list[Entry]) -> tuple[float, float, float]:
    """Return the side of a map, the smallest beside which all fits, then left edge and width of what is beside it."""
    for size in (SMALL_MAP, LARGE_MAP):
        x, width = composer.left + size + BETWEEN, composer.width - size - BETWEEN
        heights = [entry_height(composer, actor, (width - BETWEEN) / 2, words) for actor, words in entries]
        if _fitting(heights, size - _facts_height(composer, facts, width), 2) == len(entries):
            break
    return size, x, width


def _entries(content: Content, territory: Territory, actors: list[Actor], level: int) -> list[Entry]:
    found: list[Entry] = [(actor, actor.kind_label or labels(actor.themes[:1], "themes_vie")) for actor in actors]
    if level == 2:  # its only sheet
        for twin in twins(content, territory)[:MOST_TWINS]:
            found.append((twin.neighbour, f"Ailleurs : {twin.neighbour.place}, {likeness(twin)}"))
    return found


def _facts_height(composer: Composer, facts: list[str], width: float) -> float:
    line = composer.metrics.line_height(LIST)
    return sum(min(3, len(composer.lines(fact, width, size=LIST))) * line + 0.4 for fact in facts) + 2.0


def _fitting(heights: list[float], room: float, columns: int) -> int:
    """Return how many of the first heights fill so many columns of a room."""
    done = 0
    for _ in range(columns):
        done += sum(total <= room for total in accumulate(heights[done:]))
    return done


def _place(composer: Composer, y: float, height: float, beside: str) -> float:
    """Return where a block of a height begins: below a rule, or on a new page."""
    if y + height <= composer.bottom - SOURCE_HEIGHT:
        composer.rule(composer.left, y, composer.left + composer.width, y)
        return y + 4
    composer.new_page("Fiches de territoire")
    if beside and "rubrique" in composer.frame.zones:
        head, half = composer.zone("rubrique"), composer.width / 2
        style = {"size": head.size, "colour": GREY, "align": "right", "most_lines": 1, "artifact": True}
        composer.text(beside, composer.left + half, head.box.y, half, **style)
    return composer.top


def _sources(composer: Composer) -> None:
    """Set the source line at the foot of the page, unless it is there."""
    line = printable(source_line(composer.content))
    if not any(isinstance(operation, Text) and operation.words == line for operation in composer.page.operations):
        composer.source_line()


def _name(composer: Composer, territory: Territory, y: float, level: int) -> None:
    composer.bookmark(level, territory.name, f"territoire-{territory.code}", y)
    style = {"size": 14, "bold": True, "colour": ACCENT, "most_lines": 1, "tag": "H2"}
    composer.text(territory.name, composer.left, y, composer.width, **style)


def _bare(composer: Composer, territory: Territory, facts: list[str], y: float, level: int, beside: str) -> float:
    """Set a territory of which nothing is known but its survey: its name and facts, without a map."""
    height = _facts_height(composer, facts, composer.width)
    y = _place(composer, y, NAME_HEIGHT + height + 1, beside)
    _name(composer, territory, y, level)
    y += NAME_HEIGHT - 1
    for fact in facts:
        y += composer.text(fact, composer.left, y, composer.width, size=LIST, most_lines=3) + 0.4
    return y + 2


def _beside_map(
    composer: Composer, entries: list[Entry], heights: list[float], x: float, top: float, width: float
) -> None:
    """Set entries in two columns as even as they can be."""
    if not entries:
        return
    first = _fitting(heights, even(heights, 2), 1)
    y = top
    with composer.element("L"):
        for index, (actor, words) in enumerate(entries):
            if index == first:
                x, y = x + width + BETWEEN, top
            y += entry(composer, actor, x, y, width, words)


def _below_map(composer: Composer, rest: list[tuple[Actor | Neighbour, str, float]], y: float, name: str) -> float:
    bottom = min(composer.bottom - SOURCE_HEIGHT, composer.balanced_bottom(y, [height for _, _, height in rest], 2))
    columns = Columns(composer, 2, y, continued=name, bottom=bottom)
    with composer.element("L"):
        for actor, words, height in rest:
            columns.room(height)
            columns.y += entry(composer, actor, columns.x, columns.y, columns.width, words)
    return columns.lowest


def _facts(content: Content, territory: Territory):
    surveyed, total = content.survey_state(territory)
    people = (
        "population non renseignée" if territory.population is None else f"{number(territory.population)} habitants"
    )
    if total > 1:
        yield f"{people} · {plural(total, 'commune')}, dont {plural(surveyed, 'recensée')}"
    elif surveyed == 0:
        yield f"{people} · commune non recensée"
    else:
        dates = [c.surveyed_on for c in content.communes if c.code in territory.members and c.surveyed_on]
        yield f"{people} · recensée le {dates[0]:%d/%m/%Y}"
    count = len(content.actors_in(territory))
    if surveyed == 0 and count == 0:
        yield "Personne n'y a encore cherché les acteurs : on ne sait pas ce qui s'y trouve."
    elif surveyed == 0:
        known = plural(count, "initiative connue", "initiatives connues")
        yield f"{known}, sans recensement : la liste est incomplète."
    elif count == 0:
        unfinished = "les autres communes restent à parcourir." if surveyed < total else "le recensement est fait."
        yield f"Aucune initiative connue : {unfinished}"
    yield needs_sentence(content, territory)
    if content.has_gaps and content.unmet(territory.code).state is not Disclosure.NONE:
        yield f"Besoins sans réponse accessible : {share_in_words(content, territory.code)}"


def needs_sentence(content: Content, territory: Territory) -> str:
    """Return what may be said of a territory's needs by theme, in a sentence."""
    shown, hidden = [], []
    for theme, label in content.themes.items():
        need = content.need(territory.code, theme)
        if need.state is Disclosure.SHOWN:
            shown.append(f"{label} {number(need.value)}")
        elif need.state is Disclosure.HIDDEN:
            hidden.append(label)
    whole = content.need(territory.code)
    parts = []
    if whole.state is Disclosure.SHOWN:
        parts.append(plural(whole.value, "situation"))
    if shown:
        parts.append(", ".join(shown))
    if hidden or (whole.state is Disclosure.HIDDEN and not shown):
        parts.append("nombre masqué" + (f" : {', '.join(hidden)}" if hidden else ""))
    if parts:
        return f"Besoins exprimés : {' ; '.join(parts)}"
    return "Aucun besoin exprimé" if content.survey_state(territory)[0] else "Besoins non recensés"
