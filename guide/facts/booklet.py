"""The content of one territory's booklet, cut from that of the whole guide.

Actors keep the numbers they have in the whole guide, so that both can lie on a table side by side. Figures made of
needs are those that the one passage through the gate gave for the whole Département: nothing is disclosed anew.
"""

from __future__ import annotations

from dataclasses import replace

from .content import Content, Territory
from .monograph import Monograph
from .twins import twins

SECTIONS = (
    "avant-propos", "lire", "fiches", "monographies", "annuaire", "mairies", "index", "correction", "sources",
)  # fmt: skip
"""Keys of the sections that a booklet may have; the others are about the whole Département."""


def narrowed(content: Content, territory: Territory) -> Content:
    """Return what is told of one territory: its own, and by name and place the initiatives elsewhere like its own."""
    members = set(territory.members)
    actors = [actor for actor in content.actors if actor.commune in members]
    own = {actor.uuid for actor in actors}
    neighbours = [twin.neighbour for twin in twins(content, territory)]
    named = own | {neighbour.uuid for neighbour in neighbours}
    return replace(
        content,
        booklet=territory,
        groups=[territory],
        communes=[commune for commune in content.communes if commune.code in members],
        actors=actors,
        town_halls=[hall for hall in content.town_halls if hall.commune in members],
        elsewhere=neighbours,
        similar=[
            group._replace(members=tuple(uuid for uuid in group.members if uuid in named))
            for group in content.similar
            if own.intersection(group.members)
        ],
        places=[
            place if place.actor in own else place._replace(actor="")
            for place in content.places
            if place.commune in members
        ],
        monographs=[_of_own(monograph, own) for monograph in content.monographs if monograph.commune in members],
        met={uuid: met for uuid, met in content.met.items() if uuid in own},
        full=[uuid for uuid in content.full if uuid in own],
        links=[],
        ties=[tie for tie in content.ties if tie.one in own and tie.other in own],
        networks=[],
        network_links=[],
        leads=[],
        projects=[],
        proposals=[],
        warnings=[],
    )


def _of_own(monograph: Monograph, own: set[str]) -> Monograph:
    return monograph._replace(
        actor=monograph.actor if monograph.actor in own else "",
        partners=tuple(uuid for uuid in monograph.partners if uuid in own),
    )
