"""The fills of the maps by name, each told from the others in black and white."""

from __future__ import annotations

from qgis.core import QgsFillSymbol, QgsMarkerSymbol

from ...layers import symbols
from ...styles import palette


def look(name: str) -> QgsFillSymbol:
    """Return the fill of a look by its name, or of a plain colour.

    gap:0 to gap:3, need:0 to need:2, effort:1 and effort:2 are classes; no_offer lies
    over a class, no_offer_on_dark over a dark one.
    """
    kind, _, index = name.partition(":")
    if index:
        classes = {"gap": "gaps", "need": "needs", "effort": "effort"}
        return symbols.fill(palette()[classes[kind]][int(index)])
    looks = {
        "not_surveyed": symbols.not_surveyed_fill,
        "hidden": symbols.hidden_fill,
        "survey_stale": symbols.survey_stale_fill,
        "no_need": symbols.no_need_fill,
        "no_offer": symbols.no_offer_fill,
        "no_offer_on_dark": lambda: symbols.no_offer_fill("#ffffff"),
    }
    return looks[name]() if name in looks else symbols.fill(name, width=0)


def ground_of(name: str) -> str:
    """Return the colour on which words within a look stand, as #rrggbb."""
    kind, _, index = name.partition(":")
    if index:
        return palette()[{"gap": "gaps", "need": "needs", "effort": "effort"}[kind]][int(index)]
    return palette()["hidden"] if name == "hidden" else "#ffffff"


def marker(symbol: str, size: float) -> QgsMarkerSymbol:
    """Return the marker of a symbol by its name, ``size`` in millimetres."""
    kind, _, theme = symbol.partition(":")
    if kind == "theme":
        return symbols.theme_marker(theme, size)
    markers = {
        "town_hall": symbols.town_hall_marker,
        "need": symbols.need_marker,
        "pale": symbols.pale_marker,
        "place": symbols.place_marker,
        "count": symbols.count_marker,
    }
    return markers[kind](size)
