"""What a search for project leads is asked for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError


class Settings(NamedTuple):
    """``distance`` in metres; a lead asks for so many people, territories and needs."""

    distance: float = 10_000.0
    min_people: float = 30.0
    min_territories: int = 2
    min_needs: int = 3

    def checked(self) -> Settings:
        """Return the settings; raise when they mean nothing."""
        if not 0 < self.distance < np.inf:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "The distance is {distance} m: give one above 0."),
                distance=self.distance,
            )
        if self.min_needs < 2:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{count} needs are no group of similar needs: ask for 2 or more."),
                count=self.min_needs,
            )
        return self
