"""Classes in which an unmet share is drawn and printed; free of QGIS."""

from __future__ import annotations

# Lower bounds of the unmet share of a territory's needs; the last class is closed at 1.
GAP_BOUNDS = (0.0, 0.25, 0.5, 0.75)
GAP_LABELS = ("moins de 25 %", "25 à 50 %", "50 à 75 %", "75 % et plus")


def gap_class(share: float) -> int:
    """Return the class 0..3 of an unmet share 0..1."""
    return sum(share >= bound for bound in GAP_BOUNDS[1:])


def need_class(situations: float, threshold: int) -> int:
    """Return the class 0..2 of a number of situations that may be shown: below 5, 15 times the threshold, and above."""
    return sum(situations >= times * threshold for times in (5, 15))
