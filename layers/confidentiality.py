"""What a threshold is, and what may be said of a number of situations: shared by the guide's gate and the analyses."""

from __future__ import annotations

from enum import Enum

DEFAULT_THRESHOLD = 11
"""Households below which Insee publishes nothing for its income grids (Filosofi)."""
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 5, 20


class Disclosure(Enum):
    """What may be said of a number of situations."""

    NONE = "none"
    HIDDEN = "hidden"
    SHOWN = "shown"


def threshold_from(setting: object) -> int:
    """Return the threshold of a workspace, kept within 5 to 20; anything unreadable gives 11."""
    try:
        wanted = int(str(setting))
    except ValueError:
        return DEFAULT_THRESHOLD
    return max(LOWEST_THRESHOLD, min(HIGHEST_THRESHOLD, wanted))
