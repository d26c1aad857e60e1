"""What a computation of coverage is asked for."""

from __future__ import annotations

from typing import NamedTuple

from .conditions import Conditions
from .ways import CrowFly, Ways


class Settings(NamedTuple):
    """Reaches in minutes by the ``ways``, ``target`` in places per person.

    ``afar``: who receives at a distance has no reach. ``inside``: within a polygon a way takes at least half the radius
    of a circle of its size, but no more than three quarters of the reach.
    """

    reach: float = 20.0
    reach_by_theme: tuple[tuple[str, float], ...] = ()
    decay: str = "gaussian"
    target: float = 1.0
    robustness: bool = False
    ways: Ways = CrowFly()
    conditions: Conditions = Conditions()
    afar: bool = False
    inside: bool = False

    def reach_of(self, theme: str) -> float:
        """Return the reach of a theme in minutes."""
        return dict(self.reach_by_theme).get(theme, self.reach)
