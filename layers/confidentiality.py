"""The gate that every figure derived from needs passes before it is printed.

A need is a number of situations met by social workers. Below a threshold a family could be recognised, so the figure is
hidden; it is never shown as zero. Counts are printed in bands and never with totals, so that no hidden figure can be
had by subtraction.
"""

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


def disclosure(situations: float, threshold: int) -> Disclosure:
    """Return whether a number of situations may be spoken of: none at all, too few, or enough."""
    if situations <= 0:
        return Disclosure.NONE
    return Disclosure.SHOWN if situations >= threshold else Disclosure.HIDDEN


def band_bounds(threshold: int) -> tuple[int, int, int]:
    """Return the lower bounds of the three bands in which situations are printed."""
    return threshold, 5 * threshold, 15 * threshold


def band(situations: float, threshold: int) -> int:
    """Return 1, 2 or 3 for a number of situations that may be shown; ValueError when it may not."""
    if disclosure(situations, threshold) is not Disclosure.SHOWN:
        raise ValueError("a figure below the threshold has no band")
    return sum(situations >= bound for bound in band_bounds(threshold))
