"""Project leads, projects under way and proposed places, as they may be printed."""

from __future__ import annotations

import math
from typing import NamedTuple

MET, LACKING, UNKNOWN = "réunie", "manque", "on ne sait pas"
"""What may be said of a condition."""


class Extra(NamedTuple):
    """A figure made of needs besides those of territories and themes, for the gate.

    ``parts``: situations by (code of a commune, theme), each a part of what that cell holds; NaN where unknown.
    """

    name: str
    parts: dict[tuple[str, str], float]

    @property
    def total(self) -> float:
        """Return the situations of all parts; NaN when one is unknown."""
        return math.fsum(self.parts.values())


class Lead(NamedTuple):
    """Similar needs near one another; their number is ``Content.need_of(name)``.

    ``communes`` are codes. ``volunteers`` and ``lasting`` are True, False, or None where it is not known (or both);
    ``context`` is favorable, fragile, "aucun appui" or "" (unknown). ``ready``: the three conditions are met.
    ``at_least``: some of the needs have no known number.
    """

    number: int
    name: str
    theme: str
    communes: tuple[str, ...]
    volunteers: bool | None
    context: str
    lasting: bool | None
    ready: bool
    at_least: bool


class Project(NamedTuple):
    """A project that somebody carries, as its own readers may read it; uuids are "" where they may not."""

    uuid: str
    title: str
    theme: str
    lasting: bool | None
    state: str
    description: str
    carrier: str
    place: str
    commune: str
    volunteers: bool | None
    context: str
    missing: str


class Proposal(NamedTuple):
    """A place that the analysis of new locations proposes; ``actor`` is the uuid of who is there already, or "".

    ``solidity`` is how often the place comes back in trials, in words; ``nearest`` the uuid of the nearest actor,
    ``minutes`` away.
    """

    number: int
    name: str
    actor: str
    commune: str
    solidity: str
    nearest: str
    minutes: float


def conditions(lead: Lead) -> tuple[str, str, str]:
    """Return of similar needs, willing people and context whether each is met, lacking or not known."""
    people = {True: MET, False: LACKING, None: UNKNOWN}[lead.volunteers]
    context = MET if lead.context == "favorable" else LACKING if lead.context else UNKNOWN
    others = people == MET and context == MET
    # Of what is not ready though people and context are there, the needs themselves are too few or in one commune.
    needs = LACKING if len(lead.communes) < 2 or (others and not lead.ready) else MET
    return needs, people, context


def lacking(lead: Lead) -> str:
    """Return in words what a lead still needs; "" for one that has all."""
    needs, people, context = conditions(lead)
    said = []
    if needs == LACKING:
        said.append(
            "des besoins semblables dans une autre commune" if len(lead.communes) < 2 else "davantage de situations"
        )
    said += {LACKING: ["des personnes prêtes à s'impliquer"], UNKNOWN: ["savoir si quelqu'un se propose"]}.get(
        people, []
    )
    if context == UNKNOWN:
        said.append("connaître le contexte local")
    elif context == LACKING:
        said.append("d'autres appuis" if lead.context == "fragile" else "un premier appui local")
    return " ; ".join(said)
