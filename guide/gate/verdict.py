"""What comes out of the gate: figures as they may be printed, and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from ...layers.confidentiality import Disclosure


class Disclosed(NamedTuple):
    """A number of situations as it may be printed: ``value`` is NaN unless it is SHOWN (0 for NONE)."""

    state: Disclosure
    value: float


class Unmet(NamedTuple):
    """How much of the needs is without an answer, as it may be printed.

    ``gap_class`` is 0 to 3 (see ``layers.classes``) and ``cause`` the main one; -1 and "" unless it is SHOWN.
    ``least`` and ``most`` are the classes between which it lies, ``confidence`` forte, moyenne or faible.
    """

    state: Disclosure
    gap_class: int
    cause: str
    least: int = -1
    most: int = -1
    confidence: str = ""


HIDDEN = Disclosed(Disclosure.HIDDEN, math.nan)
NOBODY = Disclosed(Disclosure.NONE, 0.0)
HIDDEN_SHARE = Unmet(Disclosure.HIDDEN, -1, "")
NO_SHARE = Unmet(Disclosure.NONE, -1, "")


@dataclass(frozen=True)
class Verdict:
    """What may be printed, by (code of a territory, theme) or by name; what is not here is hidden.

    ``least``: the part that is known of a sum, where another part is not. ``threshold``: the one that was applied.
    ``masked``: cells masked for the others' sake, for the next edition. ``told``: figures that are masked now but can
    be read in the last edition. ``stale``: territories whose coverage was computed with other needs.
    """

    threshold: int
    needs: dict[tuple[str, str], Disclosed] = field(default_factory=dict)
    least: dict[tuple[str, str], float] = field(default_factory=dict)
    shares: dict[tuple[str, str], Unmet] = field(default_factory=dict)
    extras: dict[str, Disclosed] = field(default_factory=dict)
    masked: frozenset[tuple[str, str]] = frozenset()
    told: int = 0
    stale: int = 0
    unproven: bool = False
    """No proof could be made, for want of scipy: everything is masked."""


CLOSED = Verdict(0)
"""Nothing may be printed: what a content holds before its figures went through the gate."""
