"""Sectors of social action for the demonstration: no national file has the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..reference import Commune


class Grouping(NamedTuple):
    """The communes of one EPT or EPCI; ``centre`` is (longitude, latitude) in degrees."""

    centre: tuple[float, float]
    communes: list[Commune]

    @property
    def population(self) -> int:
        return sum(commune.population or 0 for commune in self.communes)


def sectors(communes: list[Commune], centres: Mapping[str, tuple[float, float]], wanted: int) -> list[list[Commune]]:
    """Return at most ``wanted`` sectors of about the same population, made of whole EPT, or EPCI where there is none.

    ``centres`` gives the (longitude, latitude) of the communes that have one. A grouping none of whose communes has one
    is left out: it could not be drawn.
    """
    members: dict[str, list[Commune]] = {}
    for commune in sorted(communes, key=lambda commune: commune.code):
        members.setdefault(commune.ept_code or commune.epci_code or commune.code, []).append(commune)
    groupings = []
    for group in members.values():
        placed = [centres[commune.code] for commune in group if commune.code in centres]
        if placed:
            lon, lat = (sum(values) / len(placed) for values in zip(*placed))
            groupings.append(Grouping((lon, lat), group))
    split = _split(groupings, min(wanted, len(groupings)))
    return [sorted(commune for grouping in part for commune in grouping.communes) for part in split]


def _split(groupings: list[Grouping], parts: int) -> list[list[Grouping]]:
    """Cut across the longer side where the populations balance, and so on within each half."""
    if parts == 1:
        return [groupings]
    lons, lats = zip(*(grouping.centre for grouping in groupings))
    wide = (max(lons) - min(lons)) * cos(radians(lats[0])) > max(lats) - min(lats)
    ordered = sorted(groupings, key=lambda grouping: (grouping.centre[not wide], grouping.communes[0].code))
    left = parts // 2
    goal = sum(grouping.population for grouping in ordered) * left / parts
    cut = min(
        range(left, len(ordered) - (parts - left) + 1),
        key=lambda cut: abs(sum(grouping.population for grouping in ordered[:cut]) - goal),
    )
    return _split(ordered[:cut], left) + _split(ordered[cut:], parts - left)
