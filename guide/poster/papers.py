"""The sheets a map is printed on, and the zones of each."""

from __future__ import annotations

from typing import NamedTuple

from ..composing.book import Box
from ..composing.frames import Frame, Zone

FRAME = "affiche"
MARGIN = 12.0
FOOT = 14.0


class Paper(NamedTuple):
    """A sheet: ``width`` and ``height`` in millimetres as it is composed, ``scale`` times larger when it is printed.

    A poster is read from afar: A0 is composed smaller, so that all its letters and symbols come out larger;
    ``letters`` enlarges those of its title and legend further.
    """

    width: float
    height: float
    scale: float = 1.0
    letters: float = 1.0

    @property
    def landscape(self) -> bool:
        return self.width > self.height


PAPERS = {
    "A4-portrait": Paper(210.0, 297.0),
    "A4-paysage": Paper(297.0, 210.0),
    "A3-portrait": Paper(297.0, 420.0, 1.0, 1.25),
    "A3-paysage": Paper(420.0, 297.0, 1.0, 1.25),
    "A0-portrait": Paper(841 / 2.4, 1189 / 2.4, 2.4, 1.45),
    "A0-paysage": Paper(1189 / 2.4, 841 / 2.4, 2.4, 1.45),
}


def frame_of(paper: Paper, below: float = 0.0) -> Frame:
    """Return the zones of a sheet: the legend stands beside a landscape map, ``below`` mm high under a portrait one."""
    width, head = paper.width - 2 * MARGIN, 14 + 15.5 * paper.letters
    height = paper.height - head - FOOT
    if paper.landscape:
        column = max(62.0, min(0.24 * paper.width, 120.0))
        zones = {
            "carte": Zone(Box(MARGIN, head, width - column - 6, height)),
            "corps": Zone(Box(MARGIN + width - column, head, column, height)),
        }
    else:
        below = below or max(66.0, 0.27 * paper.height)
        zones = {
            "carte": Zone(Box(MARGIN, head, width, height - below - 5)),
            "corps": Zone(Box(MARGIN, head + height - below, width, below)),
        }
    large = paper.letters
    zones |= {
        "titre": Zone(Box(MARGIN, 9, width, 9 * large), 21 * large, bold=True, colour="accent"),
        "sous-titre": Zone(Box(MARGIN, 9 + 10 * large, width, 5 * large), 10.5 * large, colour="grey"),
        "sources": Zone(Box(MARGIN, paper.height - FOOT + 2.5, width, 8), 6.5, colour="grey"),
    }
    return Frame(FRAME, zones, paper.width, paper.height)
