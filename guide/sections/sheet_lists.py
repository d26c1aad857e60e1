"""The lists of a territory's sheet: its actors, its places, what resembles them elsewhere, its monographs."""

from __future__ import annotations

from functools import partial

from ..book import Link
from ..content import Actor, Content, Place, Territory
from ..monograph import Monograph
from ..twins import Twin, twins
from ..typesetting import CAPTION, GREY, Composer, plural
from .entry import NAME, RIGHT, SPACE, entry, entry_height
from .listing import Flow, Item

MANY = 60
"""Actors from which a list is set closer: three columns, names only."""
MOST_TWINS = 24
MOST_LIKE = 3


def lists(composer: Composer, flow: Flow, territory: Territory, actors: list[Actor]) -> None:
    """Set all the lists that have something to say."""
    content = composer.content
    _actors(composer, flow, actors)
    members = set(territory.members)
    places = [place for place in content.places if place.commune in members]
    if places:
        names = {actor.uuid: actor for actor in content.actors}
        width = composer.column_width(2)
        items = [
            Item(
                _place_height(composer, p, names.get(p.actor), width), partial(_place, composer, p, names.get(p.actor))
            )
            for p in places
        ]
        flow.listing(f"Sites et initiatives ({len(places)})", items)
    monographs = [monograph for monograph in content.monographs if monograph.commune in members]
    monographs = [monograph for monograph in monographs if not composer.numbers or monograph.anchor in composer.numbers]
    if monographs:
        width = composer.column_width(2)
        items = [Item(_line_height(composer, m.title, width), partial(_monograph, composer, m)) for m in monographs]
        flow.listing(f"Monographies ({len(monographs)})", items)
    _twins(composer, flow, twins(content, territory))


def _actors(composer: Composer, flow: Flow, actors: list[Actor]) -> None:
    if not actors:
        return
    details = [""] * len(actors) if len(actors) > MANY else [detail(composer.content, actor) for actor in actors]
    columns = 3 if len(actors) > MANY else 2
    width = composer.column_width(columns)
    items = [
        Item(entry_height(composer, actor, width, words), partial(_entry, composer, actor, words))
        for actor, words in zip(actors, details)
    ]
    flow.listing(f"Acteurs du territoire ({len(actors)})", items, columns)


def detail(content: Content, actor: Actor) -> str:
    """Return what kind of actor it is, and in which commune."""
    commune = next(commune.name for commune in content.communes if commune.code == actor.commune)
    return " · ".join(part for part in (actor.kind_label, commune) if part)


def _twins(composer: Composer, flow: Flow, found: list[Twin]) -> None:
    if not found:
        return
    width = composer.column_width(2)
    shown = found[:MOST_TWINS]
    items = [
        Item(
            entry_height(composer, twin.neighbour, width, "x"),
            partial(_entry, composer, twin.neighbour, f"{twin.neighbour.place} · {likeness(twin)}"),
        )
        for twin in shown
    ]
    flow.listing(f"Initiatives semblables ailleurs ({len(found)})", items)
    if len(found) > len(shown):
        words = f"Les {len(shown)} plus proches sont nommées ; {plural(len(found) - len(shown), 'autre')} plus loin."
        flow.room(5)
        flow.y += composer.text(words, composer.left, flow.y - 3, composer.width, size=CAPTION, colour=GREY)


def likeness(twin: Twin) -> str:
    """Return which of the territory's own it resembles, by their numbers."""
    numbers = [str(actor.number) for actor in twin.like]
    words = ", ".join(numbers[:MOST_LIKE]) + ("…" if len(numbers) > MOST_LIKE else "")
    return f"comme {words}"


def _entry(composer: Composer, actor, words: str, x: float, y: float, width: float) -> None:
    entry(composer, actor, x, y, width, words)


def _line_height(composer: Composer, words: str, width: float) -> float:
    lines = composer.lines(words, width - RIGHT - 2, size=NAME, most_lines=2)
    return len(lines) * composer.metrics.line_height(NAME) + SPACE


def _place_height(composer: Composer, place: Place, actor: Actor | None, width: float) -> float:
    below = composer.metrics.line_height(CAPTION) + SPACE if _place_words(place, actor) else 0.0
    return _line_height(composer, place.name, width) + below


def _place_words(place: Place, actor: Actor | None) -> str:
    return " · ".join(part for part in (place.detail, f"{actor.number} {actor.name}" if actor else "") if part)


def _place(composer: Composer, place: Place, actor: Actor | None, x: float, y: float, width: float) -> None:
    with composer.element("LI"):
        link = Link(actor.anchor) if actor else None
        below = y + composer.text(place.name, x, y, width - RIGHT - 2, size=NAME, link=link, most_lines=2)
        if words := _place_words(place, actor):
            composer.text(words, x, below, width - RIGHT - 2, size=CAPTION, colour=GREY, most_lines=1)
        if actor:
            _page(composer, link, x, y, width)


def _monograph(composer: Composer, monograph: Monograph, x: float, y: float, width: float) -> None:
    with composer.element("LI"):
        link = Link(monograph.anchor)
        composer.text(monograph.title, x, y, width - RIGHT - 2, size=NAME, link=link, most_lines=2)
        _page(composer, link, x, y, width)


def _page(composer: Composer, link: Link, x: float, y: float, width: float) -> None:
    page = composer.number_of(link.anchor)
    composer.text(page, x + width - RIGHT, y, RIGHT, size=7.5, align="right", colour=GREY, link=link)
