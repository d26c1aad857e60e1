"""What is new since the last edition, as it may be told."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Changed(NamedTuple):
    """An actor of the book of whom something else is said now: its uuid, and what, in words."""

    uuid: str
    what: tuple[str, ...]


class Changes(NamedTuple):
    """The differences between two editions for the same readers.

    ``edition`` is the code of the last one, "" when its store does not say. ``added`` are uuids of actors,
    ``monographs`` those of monographs, ``surveyed`` codes of communes. ``closed`` are names of actors that have closed
    since; whoever else is gone is only counted in ``withdrawn``: why is nobody's business.
    """

    edition: str
    established_on: date | None
    added: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()
    closed: tuple[str, ...] = ()
    withdrawn: int = 0
    monographs: tuple[str, ...] = ()
    surveyed: tuple[str, ...] = ()
    threshold_raised: bool = False

    @property
    def nothing(self) -> bool:
        """Return whether there is nothing to tell."""
        told = (self.added, self.changed, self.closed, self.monographs, self.surveyed)
        return not any(told) and not self.withdrawn
