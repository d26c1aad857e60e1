"""What goes into the gate: what was counted, and by which rules it is kept secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..facts.leads import Extra

Key = tuple[str, str]
"""Code of a territory or piece, ``""`` for the whole Département; theme, ``""`` for all."""
SITUATIONS, CORRESPONDENTS = "situations", "correspondants"
DOMINANCE = 0.85
"""The greatest share of one contributor, after Insee's rule for enterprises."""


class Gap(NamedTuple):
    """What ``coveragegaps`` says of one territory and theme: situations, those without answer, the main cause.

    ``least`` and ``most`` are the situations without answer if what is not known were all good, or all bad;
    ``confidence`` is forte, moyenne or faible.
    """

    situations: float
    unmet: float
    cause: str
    least: float = 0.0
    most: float = 0.0
    confidence: str = ""


class Rules(NamedTuple):
    """By which rules figures are kept secret.

    ``contributors``: whose share of a figure is watched. A situation is one of at least ``k`` by the threshold itself;
    CORRESPONDENTS says that what each of them brought must not be read either.
    """

    k: int
    dominance: float = DOMINANCE
    contributors: str = SITUATIONS


@dataclass
class Counts:
    """Raw figures. A piece is a commune, or a wider unit at which needs were noted that belong to none.

    ``territories``: code -> pieces; ``levels``: the codes of each level; ``situations`` and ``unknown`` (needs without
    a number) by piece and theme; ``contributors``: who brought how much of it; ``gaps`` by territory and theme.
    """

    territories: dict[str, frozenset[str]] = field(default_factory=dict)
    levels: list[list[str]] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    situations: dict[Key, float] = field(default_factory=dict)
    unknown: dict[Key, int] = field(default_factory=dict)
    contributors: dict[Key, dict[str, float]] = field(default_factory=dict)
    gaps: dict[Key, Gap] = field(default_factory=dict)
    extras: list[Extra] = field(default_factory=list)


class Before(NamedTuple):
    """What the last edition showed, and what it masked for the others' sake; ``k`` is the threshold it had."""

    shown: dict[Key, float]
    masked: set[Key]
    k: int
