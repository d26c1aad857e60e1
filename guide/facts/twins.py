"""Initiatives of other territories that resemble those of one."""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from .content import Actor, Content, Neighbour, Territory


class Twin(NamedTuple):
    """An initiative elsewhere, where that is, and those of the territory that it resembles, by number."""

    neighbour: Neighbour
    like: tuple[Actor, ...]


def twins(content: Content, territory: Territory) -> list[Twin]:
    """Return the members of the territory's groups of similar initiatives that lie outside it, the nearest first."""
    members = set(territory.members)
    own = {actor.uuid: actor for actor in content.actors if actor.commune in members}
    others = {actor.uuid: actor for actor in content.actors if actor.uuid not in own}
    elsewhere = {neighbour.uuid: neighbour for neighbour in content.elsewhere}
    places = _places(content)
    found = []
    for group in content.similar:
        like = tuple(sorted((own[uuid] for uuid in group.members if uuid in own), key=lambda actor: actor.number))
        if not like:
            continue
        for uuid in group.members:
            if uuid in elsewhere:
                found.append(Twin(elsewhere[uuid], like))
            elif uuid in others:
                found.append(Twin(_neighbour(others[uuid], places), like))
    return sorted(found, key=lambda twin: (_distance(twin), twin.neighbour.number))


def _places(content: Content) -> dict[str, str]:
    """Return commune -> its name with that of its territory."""
    names = {commune.code: commune.name for commune in content.communes}
    groups = {code: group.name for group in content.groups if group.level != "commune" for code in group.members}
    return {code: f"{name}, {groups[code]}" if code in groups else name for code, name in names.items()}


def _neighbour(actor: Actor, places: dict[str, str]) -> Neighbour:
    return Neighbour(actor.uuid, actor.number, actor.name, actor.theme, places[actor.commune], actor.x, actor.y)


def _distance(twin: Twin) -> float:
    return min(hypot(twin.neighbour.x - actor.x, twin.neighbour.y - actor.y) for actor in twin.like)
