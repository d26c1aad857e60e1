"""The lists of a territory's sheet: its actors, its places, what resembles them elsewhere, its monographs."""

from __future__ import annotations

from functools import partial

from ..composing.book import Link
from ..composing.typesetting import CAPTION, GREY, Composer
from ..facts.content import Actor, Content, Place, Territory
from ..facts.monograph import Monograph
from ..facts.twins import Twin, twins
from .entry import NAME, RIGHT, SPACE, entry, entry_height
from .listing import Item, Listing

MANY = 60
"""Actors from which a list is set closer: three columns, names only."""
MOST_TWINS = 24
MOST_LIKE = 3


def lists(composer: Composer, territory: Territory, actors: list[Actor]) -> list[Listing]:
    """Return all the lists that have something to say, in their order."""
    found = (
        _actors(composer, actors),
        _places(composer, territory),
        _monographs(composer, territory),
        _twins(composer, twins(composer.content, territory)),
    )
    return [listing for listing in found if listing.items]


def _actors(composer: Composer, actors: list[Actor]) -> Listing:
    columns = 3 if len(actors) > MANY else 2
    details = [detail(composer.content, actor) if columns == 2 else "" for actor in actors]
    width = composer.column_width(columns)
    items = [
        Item(entry_height(composer, actor, width, words), partial(_entry, composer, actor, words))
        for actor, words in zip(actors, details)
    ]
    return Listing(f"Acteurs du territoire ({len(actors)})", items, columns)


def _places(composer: Composer, territory: Territory) -> Listing:
    content = composer.content
    members, width = set(territory.members), composer.column_width(2)
    by_uuid = {actor.uuid: actor for actor in content.actors}
    items = [
        Item(_place_height(composer, place, actor, width), partial(_place, composer, place, actor))
        for place in content.places
        if place.commune in members
        for actor in [by_uuid.get(place.actor)]
    ]
    return Listing(f"Sites et initiatives ({len(items)})", items)


def _monographs(composer: Composer, territory: Territory) -> Listing:
    members, width = set(territory.members), composer.column_width(2)
    items = [
        Item(_line_height(composer, monograph.title, width), partial(_monograph, composer, monograph))
        for monograph in composer.content.monographs
        # Before the first pass has found the pages, nobody knows whether their section is in the book.
        if monograph.commune in members and (not composer.numbers or monograph.anchor in composer.numbers)
    ]
    return Listing(f"Monographies ({len(items)})", items)


def _twins(composer: Composer, found: list[Twin]) -> Listing:
    width = composer.column_width(2)
    items = []
    for twin in found[:MOST_TWINS]:
        words = f"{twin.neighbour.place} · {likeness(twin)}"
        height = entry_height(composer, twin.neighbour, width, words)
        items.append(Item(height, partial(_entry, composer, twin.neighbour, words)))
    nearest = f", les {MOST_TWINS} plus proches" if len(found) > MOST_TWINS else ""
    return Listing(f"Initiatives semblables ailleurs ({len(found)}{nearest})", items)


def detail(content: Content, actor: Actor) -> str:
    """Return what kind of actor it is, and in which commune."""
    commune = next(commune.name for commune in content.communes if commune.code == actor.commune)
    return " · ".join(part for part in (actor.kind_label, commune) if part)


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
