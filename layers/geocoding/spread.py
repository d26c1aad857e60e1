"""Answers that lie on top of each other: most are the centre of one commune, and a map would show a single point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

# Degrees to this many decimals are one place: a decimetre.
_DECIMALS = 6


def stack_sizes(positions: Iterable[tuple[float, float] | None]) -> list[int | None]:
    """Return for each position (degrees) how many of them lie at its very place, itself among them; None stays None."""
    places = [position and (round(position[0], _DECIMALS), round(position[1], _DECIMALS)) for position in positions]
    counts = Counter(places)
    return [counts[place] if place else None for place in places]
