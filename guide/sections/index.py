"""The indexes of the guide: by name, by commune, by need, by public, by network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ...layers.model.codes import code_list, life_theme_of
from ..composing.typesetting import Composer
from ..facts.content import Actor
from ..facts.words import plural, sort_key, without_article
from .index_columns import Drawing, Line, Measured, later_room, measured, place

SECTION = "Index"
MOST_NAMES = 1500
"""An index of groups with more names than this gives the pages of each group instead."""
LEAST_ROOM = 55.0
"""An index begins on the page of the one before where at least this height is left, in mm."""
ALL_PUBLICS = "tous-publics"


class Index(NamedTuple):
    """One of the indexes: its anchor, its title, and what makes its lines."""

    anchor: str
    title: str
    lines: Callable[[Composer], list[Line]]


def index(composer: Composer) -> None:
    """Compose the indexes that have something to list, one below the other."""
    made = [(one, one.lines(composer)) for one in INDEXES]
    made = [(one, lines) for one, lines in made if lines]
    if not made:
        return
    composer.new_page(SECTION)
    composer.bookmark(1, SECTION, "index")
    titles = ", ".join(one.title[:1].lower() + one.title[1:] for one, _ in made)
    counted = plural(len(composer.content.actors), "acteur")
    y = composer.heading(SECTION, f"{counted}, {titles.replace('index ', '')}")
    for one, lines in made:
        if y > composer.bottom - LEAST_ROOM:
            composer.new_page(SECTION)
            y = composer.top
        composer.bookmark(2, one.title, one.anchor, y)
        top = y + composer.subheading(one.title, composer.left, y, composer.width) + 1
        composer.rule(composer.left, top - 1.8, composer.left + composer.width, top - 1.8, "accent", 0.3)
        y = _laid(composer, one.title, lines, top) + 7


def _laid(composer: Composer, title: str, lines: list[Line], top: float) -> float:
    """Set an index in three columns, or in four where that saves a page, and return where it ends."""
    choices = []
    first, later = composer.bottom - top, composer.bottom - composer.top - later_room(composer)
    for count in (3, 4):
        broken = measured(composer, lines, composer.column_width(count))
        placed = place(broken, count, first, later)
        choices.append((placed[-1].page, count, broken, placed))
    _, count, broken, placed = min(choices, key=lambda choice: choice[:2])
    return _drawn(composer, title, count, top, broken, placed)


def _drawn(composer: Composer, title: str, count: int, top: float, broken: list[Measured], placed: list) -> float:
    drawing = Drawing(composer, title, count, top)
    drawing.draw(broken, placed)
    return drawing.lowest


def _by_name(composer: Composer) -> list[Line]:
    content = composer.content
    entries = [(actor.name, without_article(actor.name), actor.anchor, False) for actor in content.actors]
    entries += [
        (territory.name, territory.name, anchor, True)
        for territory in (*content.groups, *content.communes)
        if (anchor := f"territoire-{territory.code}") in composer.numbers
    ]
    lines, initial = [], ""
    for name, words, anchor, bold in sorted(entries, key=lambda entry: (sort_key(entry[0]), entry[2])):
        letter = sort_key(name)[:1].upper()
        letter = letter if letter.isalpha() else "0-9"
        if letter != initial:
            lines.append(Line(letter, depth=0, holds=True))
            initial = letter
        lines.append(Line(words, anchor, bold=bold))
    return lines


def _by_commune(composer: Composer) -> list[Line]:
    content = composer.content
    groups: dict[str, list[Actor]] = defaultdict(list)
    for actor in content.actors:
        groups[actor.commune].append(actor)
    lines = []
    for commune in content.communes:
        if groups[commune.code]:
            lines.append(Line(commune.name, f"territoire-{commune.code}", depth=0, holds=True))
            lines += _names(groups[commune.code])
    return lines


def _by_need(composer: Composer) -> list[Line]:
    """Return the verbs of everyday life, in each the thématiques of the national directory, in each the actors."""
    by_topic: dict[str, list[Actor]] = defaultdict(list)
    by_verb: dict[str, list[Actor]] = defaultdict(list)
    for actor in composer.content.actors:
        verbs = set()
        for topic in dict.fromkeys(actor.topics):
            by_topic[topic].append(actor)
            verbs.add(life_theme_of(topic))
        for verb in actor.themes:
            if verb not in verbs:
                by_verb[verb].append(actor)
    brief = sum(map(len, by_topic.values())) + sum(map(len, by_verb.values())) > MOST_NAMES
    words = code_list("thematiques")
    lines = []
    for verb, label in composer.content.themes.items():
        topics = sorted((t for t in by_topic if life_theme_of(t) == verb), key=lambda t: (sort_key(words.label(t)), t))
        if topics or by_verb[verb]:
            lines.append(Line(label, depth=0, holds=True))
            lines += _entries(composer, by_verb[verb], brief=brief)
        for topic in topics:
            lines.append(Line(words.label(topic), bold=True, holds=True))
            lines += _entries(composer, by_topic[topic], brief=brief, depth=2)
    return lines


def _by_public(composer: Composer) -> list[Line]:
    groups: dict[str, list[Actor]] = defaultdict(list)
    for actor in composer.content.actors:
        for public in dict.fromkeys(actor.audiences or (ALL_PUBLICS,)):
            groups[public].append(actor)
    words = code_list("publics")
    order = sorted(groups, key=lambda code: (code != ALL_PUBLICS, sort_key(words.label(code)), code))
    return _grouped(composer, ((words.label(code), groups[code]) for code in order))


def _by_network(composer: Composer) -> list[Line]:
    groups: dict[str, list[Actor]] = defaultdict(list)
    for actor in composer.content.actors:
        for network in dict.fromkeys(actor.networks):
            groups[network].append(actor)
    words = code_list("reseaux_porteurs")
    order = sorted(groups, key=lambda code: (sort_key(words.label(code)), code))
    return _grouped(composer, ((words.label(code), groups[code]) for code in order))


def _grouped(composer: Composer, groups: Iterable[tuple[str, list[Actor]]]) -> list[Line]:
    groups = list(groups)
    brief = sum(len(actors) for _, actors in groups) > MOST_NAMES
    lines = []
    for label, actors in groups:
        lines += [Line(label, depth=0, holds=True), *_entries(composer, actors, brief=brief)]
    return lines


def _entries(composer: Composer, actors: list[Actor], *, brief: bool, depth: int = 1) -> list[Line]:
    """Return a line for each actor, or when ``brief`` the pages on which they stand."""
    if not brief:
        return _names(actors, depth)
    pages: dict[int, str] = {}
    for actor in actors:
        if actor.anchor in composer.numbers:
            pages.setdefault(composer.numbers[actor.anchor], actor.anchor)
    return [Line("", depth=depth, pages=tuple(sorted(pages.items())))] if pages else _names(actors, depth)


def _names(actors: list[Actor], depth: int = 1) -> list[Line]:
    return [Line(without_article(actor.name), actor.anchor, depth) for actor in actors]


INDEXES = (
    Index("index-noms", "Index par nom", _by_name),
    Index("index-communes", "Index par commune", _by_commune),
    Index("index-besoins", "Index par besoin", _by_need),
    Index("index-publics", "Index par public", _by_public),
    Index("index-reseaux", "Index par réseau", _by_network),
)
