"""Project leads, projects under way and proposed places, as they may be printed."""

from __future__ import annotations

import math
from typing import NamedTuple


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
    """Similar needs near one another; their number is ``Content.extra(name)``.

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
