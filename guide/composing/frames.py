"""The frames that pages are laid in: named zones in millimetres, with the style of the text they take.

The built-in frames stand here; ``styles/guide/*.qpt`` are made from them, and a designer's own templates replace them.
"""

from __future__ import annotations

from typing import NamedTuple

from .book import PAGE_HEIGHT, PAGE_WIDTH, Box


class Zone(NamedTuple):
    """A named place on a page; size in points, colour as in ``book.Text``; the style matters where text is set."""

    box: Box
    size: float = 9.5
    bold: bool = False
    colour: str = "ink"
    align: str = "left"


class Frame(NamedTuple):
    """The zones of one kind of page by name. Every frame has ``corps``, where content flows.

    ``width`` and ``height`` are the paper's, in millimetres.
    """

    name: str
    zones: dict[str, Zone]
    width: float = PAGE_WIDTH
    height: float = PAGE_HEIGHT

    @property
    def body(self) -> Box:
        """Return the part of the page that content may fill."""
        return self.zones["corps"].box


_BODY = Zone(Box(15, 16, 180, 264))
_FURNITURE = {
    "rubrique": Zone(Box(15, 7, 140, 4), 7, colour="grey"),
    "pied": Zone(Box(15, 287, 160, 4), 7, colour="grey"),
    "folio": Zone(Box(175, 286.4, 20, 5), 9, bold=True, align="right"),
    "titre": Zone(Box(15, 14, 180, 9), 21, bold=True, colour="accent"),
    "sous-titre": Zone(Box(15, 24, 180, 5), 10.5, colour="grey"),
}

OPTIONAL = ("rubrique", "pied", "folio", "logo")
"""The zones that a template may do without."""

FRAMES: dict[str, Frame] = {
    frame.name: frame
    for frame in (
        Frame(
            "couverture",
            {
                "titre": Zone(Box(18, 26, 176, 14), 33, bold=True, colour="white"),
                "sous-titre": Zone(Box(18, 42, 176, 11), 25, colour="white"),
                "departement": Zone(Box(18, 60, 140, 16), 16, bold=True, colour="light"),
                "carte": Zone(Box(12, 82, 186, 164)),
                "edition": Zone(Box(18, 260, 120, 7), 15, bold=True, colour="white"),
                "mention": Zone(Box(18, 268.5, 140, 18), 10, colour="white"),
                "logo": Zone(Box(162, 256, 32, 26)),
                "corps": Zone(Box(18, 16, 176, 270)),
            },
        ),
        Frame("page", {**_FURNITURE, "corps": _BODY}),
        Frame("carte", {**_FURNITURE, "corps": _BODY, "carte": Zone(Box(15, 34, 180, 184))}),
        Frame(
            "fiche",
            {
                **_FURNITURE,
                "corps": _BODY,
                "carte": Zone(Box(15, 34, 112, 112)),
                "chiffres": Zone(Box(132, 34, 63, 112)),
            },
        ),
        Frame(
            "monographie",
            {
                **_FURNITURE,
                "corps": _BODY,
                "photo": Zone(Box(15, 34, 112, 74)),
                "radar": Zone(Box(132, 34, 63, 74)),
            },
        ),
    )
}
"""The built-in frames by name; a page that continues another is laid in ``page``."""
