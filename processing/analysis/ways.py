"""How people get from one place to another, and how long that takes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple, Protocol

import numpy as np
from scipy.spatial import cKDTree

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .pairs import TOLERANCE, Near, Tile

NEAREST_COMPARED = 8


class Ways(Protocol):
    """Times between places, arrays (n, 2) of coordinates in one metric CRS; whoever keeps this may stand for roads."""

    def near(
        self, origins: np.ndarray, places: np.ndarray, reach: float, check: Callable[[], None] = lambda: None
    ) -> Collection[Tile]:
        """Return the pairs no further apart than ``reach`` minutes, the reach itself included, with their minutes.

        ``check`` is called now and then, also while the tiles are gone through, and may raise, to stop.
        """

    def nearest(self, origins: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return for each origin the nearest place (the first of equals, -1: none to be reached) and its minutes."""

    def metres(self, reach: float) -> float:
        """Return the crow-fly metres beyond which nothing can be reached in so many minutes."""

    def straight(self, metres: np.ndarray) -> np.ndarray:
        """Return the minutes of crow-fly metres on which there is no road to follow."""


class CrowFly(NamedTuple):
    """As the crow flies, times a ``detour``, at a ``speed`` in km/h."""

    speed: float = 50.0
    detour: float = 1.3

    def minutes_per_metre(self) -> float:
        """Return what a crow-fly metre takes; raise when the speed or the detour leads nowhere."""
        above_zero(speed=self.speed, detour=self.detour)
        return self.detour / (self.speed * 1000 / 60)

    def near(self, origins, places, reach, check=lambda: None) -> Near:
        """Return the pairs no further apart than ``reach`` minutes."""
        return Near(origins, places, self.metres(reach), per_metre=self.minutes_per_metre(), check=check)

    def nearest(self, origins, places) -> tuple[np.ndarray, np.ndarray]:
        """Return the position of the nearest place and its minutes, however far."""
        if not len(places):
            return np.full(len(origins), -1), np.full(len(origins), np.nan)
        ranks = np.arange(1, min(NEAREST_COMPARED, len(places)) + 1)
        metres, found = cKDTree(places).query(origins, k=ranks)
        tied = metres <= metres[:, :1] * (1 + TOLERANCE)
        first = np.where(tied, found, len(places)).min(axis=1)
        return first, metres[:, 0] * self.minutes_per_metre()

    def metres(self, reach: float) -> float:
        """Return the crow-fly metres that so many minutes cover."""
        return reach / self.minutes_per_metre()

    def straight(self, metres: np.ndarray) -> np.ndarray:
        """Return the minutes of so many crow-fly metres."""
        return metres * self.minutes_per_metre()


def above_zero(**numbers: float) -> None:
    """Raise for the first of the named numbers that is not a number above 0."""
    for name, value in numbers.items():
        if not 0 < value < np.inf:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{name} is {value}: it must be a number above 0."),
                name=name.upper(),
                value=value,
            )
