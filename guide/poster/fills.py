"""How communes are filled on the map of a sheet, and what is written in them: only what may be printed."""

from __future__ import annotations

from typing import NamedTuple

from ...layers.classes import GAP_LABELS, need_class
from ...layers.confidentiality import Disclosure
from ..composing.book import Area
from ..facts.content import Content, Territory
from ..facts.words import number, on_map, printable
from .legend import Key, Poster

LABEL, ROOM = 6.5, 0.9
"""Points of the words within a commune, and the part of its width and height that they may take."""
UNSHOWN = {
    "no_need": "Aucun besoin exprimé",
    "hidden": "Masqué : chiffre non publié",
    "not_surveyed": "Commune non recensée",
}


class Fills(NamedTuple):
    """How territories are filled, and the looks that occur with their words, in the order of the legend."""

    areas: tuple[Area, ...]
    keys: list[Key]


def members(content: Content, territory: Territory) -> list[Territory]:
    """Return the communes of a territory, its own for a commune."""
    inside = set(territory.members)
    return [commune for commune in content.communes if commune.code in inside]


def effort_of(composer: Poster, territory: Territory, theme: str) -> Fills:
    """Return how far each commune was surveyed."""
    content = composer.content
    looks = {"surveyed": "effort:2", "begun": "effort:1"}
    areas = []
    for commune in members(content, territory):
        known = content.effort.get(commune.code)
        state = known.state if known else "surveyed" if commune.surveyed_on else "none"
        areas.append(_area(composer, territory, commune, looks.get(state, "not_surveyed")))
    words = {
        "effort:2": "Commune recensée",
        "effort:1": "Recensement commencé",
        "not_surveyed": "Commune non recensée : on ne sait pas ce qui s'y trouve",
    }
    return _fills(areas, words)


def needs_of(composer: Poster, territory: Territory, theme: str) -> Fills:
    """Return the needs of each commune for a theme, "" for all, as far as they may be printed."""
    content, least = composer.content, composer.content.threshold
    areas = []
    for commune in members(content, territory):
        need = content.need(commune.code, theme)
        if need.state is Disclosure.SHOWN:
            look = f"need:{need_class(need.value, least)}"
            areas.append(_area(composer, territory, commune, look, number(need.value)))
        else:
            areas.append(_area(composer, territory, commune, _unshown(content, commune, need.state)))
    words = {
        "need:0": f"De {least} à {number(5 * least - 1)} situations",
        "need:1": f"De {number(5 * least)} à {number(15 * least - 1)} situations",
        "need:2": f"{number(15 * least)} situations et plus",
    }
    return _fills(areas, {**words, **UNSHOWN})


def gaps_of(composer: Poster, territory: Territory, theme: str) -> Fills:
    """Return what is without an answer in each commune, as far as it may be printed."""
    content = composer.content
    areas = []
    for commune in members(content, territory):
        unmet = content.unmet(commune.code)
        if unmet.state is Disclosure.SHOWN:
            share = GAP_LABELS[unmet.gap_class]
            areas.append(_area(composer, territory, commune, f"gap:{unmet.gap_class}", share))
        else:
            areas.append(_area(composer, territory, commune, _unshown(content, commune, unmet.state)))
    words = {f"gap:{index}": label for index, label in enumerate(GAP_LABELS)}
    return _fills(areas, {**words, **UNSHOWN})


def _area(composer: Poster, territory: Territory, commune: Territory, look: str, value: str = "") -> Area:
    """Return a commune filled with a look, with as much of its name and its value as it has room for."""
    box, (west, south, east, north) = composer.zone("carte").box, territory.extent
    scale = min(box.w / (east - west), box.h / (north - south)) / 1.1
    west, south, east, north = commune.extent
    width, height = ROOM * (east - west) * scale, ROOM * (north - south) * scale
    names = [on_map(printable(commune.name), longest) for longest in (30, 16, 11, 8)]
    for words in (*(f"{name}\n{value}".rstrip() for name in names), value):
        lines = words.split("\n")
        widest = max(composer.metrics.width(line, LABEL, bold=True) for line in lines)
        if widest <= width and len(lines) * composer.metrics.line_height(LABEL, bold=True) <= height:
            return Area(commune.code, look, words)
    return Area(commune.code, look)


def _unshown(content: Content, commune: Territory, state: Disclosure) -> str:
    if content.survey_state(commune)[0] == 0:
        return "not_surveyed"
    return "no_need" if state is Disclosure.NONE else "hidden"


def _fills(areas: list[Area], words: dict[str, str]) -> Fills:
    used = {area.look for area in areas}
    return Fills(tuple(areas), [Key(look, text) for look, text in words.items() if look in used])
