"""Maps of actors on which every symbol is seen: enlargements of dense centres, rings around shared places."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..composing.book import Area, Box, MapFrame, Spot
from ..composing.typesetting import ACCENT, Composer
from ..facts.content import Actor, Territory
from .arranging import SMALL_MAP, STRIP, actors_on, arrangement, bar_corner, corner_box, holds, made_room, places_on
from .crowding import Window, crowded, meet
from .labelling import middle

SIZE, SMALL, TOWN_HALL, PALE = 3.0, 1.5, 1.7, 1.4
"""Millimetres of a symbol; of one that an inset shows larger; of a town hall; of a neighbour's actor."""
MOST_INSETS = 2
INSET_SHARES = (0.36, 0.29)
"""Sides of an inset as shares of the map's shorter side, the largest that finds a free place is taken."""
SMALLEST_INSET = 30.0
MANY, MOST_HIDDEN = 600, 0.5
"""Actors from which, and part of them hidden above which, a map counts them by commune."""
LARGEST_DISC, SMALLEST_DISC = 13.0, 1.8
NORTH_ARROW = (9.0, 12.0)


class Drawn(NamedTuple):
    """What a map shows: how many of each symbol, the insets beside it, symbols that still hide each other."""

    counts: Counter
    insets: int
    hidden: int


def dense_map(
    composer: Composer,
    box: Box,
    subject: str,
    territory: Territory,
    actors: Iterable[Actor],
    *,
    alternative: str,
    town_halls: Iterable[Actor] = (),
    around: Iterable[Actor] = (),
    areas: Sequence[Area] = (),
    theme: str = "",
    numbered: bool = False,
    size: float = SIZE,
    most_insets: int = MOST_INSETS,
) -> Drawn:
    """Draw a map of a territory with actors, and the insets it needs, in ``box``; return what there is to explain.

    ``around`` are actors that only surround, small and pale. ``theme`` gives all actors its symbol; else each has that
    of its main theme. ``numbered`` writes the actors' numbers. The territory stands out unless it is the Département.
    """
    content = composer.content
    focus = "" if territory is content.outline else territory.code
    composer.map(box, subject, territory.extent, alternative=alternative, focus=focus, theme=theme, areas=tuple(areas))
    frame = composer.page.operations[-1]
    actors = sorted(actors, key=lambda actor: (actor.x, actor.y, actor.number, actor.uuid))
    sides = [side for share in INSET_SHARES if (side := share * min(box.w, box.h)) >= SMALLEST_INSET]
    arranged = arrangement(frame, actors, size, territory.geometry, tuple(sides), most_insets, ())
    if arranged.cramped:
        frame, beside = made_room(frame, sides[0])
        arranged = arrangement(frame, actors, size, territory.geometry, (sides[0],), most_insets, beside)
    box = frame.box
    west, _, east, _ = frame.ground
    scale = box.w / (east - west)
    shown = actors_on(frame, actors)
    bar = bar_corner(places_on(frame, actors), box.w, box.h)
    background = [_spot(actor, "pale", 0, PALE) for actor in around] + [
        _spot(actor, "town_hall", 0, TOWN_HALL) for actor in town_halls
    ]
    enlarged = np.zeros(len(shown), dtype=bool)
    insets = arranged.insets
    for _, _, members, _ in insets:
        enlarged[members] = True
    spots = [
        _spot(actor, _symbol(actor, theme), 0 if small else actor.number * numbered, SMALL if small else size)
        if small
        else _spot(actor, _symbol(actor, theme), actor.number * numbered, size, _ground(frame, place, scale))
        for actor, place, small in zip(shown, arranged.placed.tolist(), enlarged.tolist())
    ]
    composer.page.operations[-1] = replace(frame, spots=(*background, *spots), bar=bar)
    if composer.settings.north_arrow and box.w >= SMALL_MAP:
        taken = [corner_box(bar, box.w, box.h), *(place for _, place, _, _ in insets)]
        _north_arrow(composer, box, places_on(frame, actors), taken)
    badges: list[Box] = []
    for index, (window, place, members, positions) in enumerate(insets):
        letter = "AB"[index] if len(insets) > 1 else ""
        inside = [shown[member] for member in members]
        _inset(composer, frame, window, place, letter, badges, inside, positions.tolist(), background, numbered, size)
    left = arranged.placed[~enlarged]
    seen = [spot.symbol for spot in (*background, *spots) if _lies_in(spot, frame.ground)]
    return Drawn(Counter(seen), len(insets), int(crowded(left, size).sum()))


def below(box: Box, y: float) -> Box:
    """Return the part of a box below ``y``: a title of two lines leaves less to the map."""
    top = max(box.y, y)
    return Box(box.x, top, box.w, box.bottom - top)


def fitting_symbols(count: int) -> float:
    """Return the size of symbols, in millimetres, that so many of them leave room for on a map of a page."""
    return SIZE if count <= 400 else 2.5 if count <= 1200 else 2.0


def overfull(box: Box, territory: Territory, actors: Sequence[Actor]) -> bool:
    """Return whether so many symbols would hide each other on a map that it is better to count them by commune."""
    if len(actors) < MANY:
        return False
    west, south, east, north = territory.extent
    scale = min(box.w / (east - west), box.h / (north - south)) / 1.1
    points = np.array([(actor.x, actor.y) for actor in actors]) * scale
    return bool(crowded(points, fitting_symbols(len(actors))).mean() > MOST_HIDDEN)


def counted(communes: Iterable[Territory], actors: Iterable[Actor]) -> tuple[Spot, ...]:
    """Return a disc for each commune with actors, its surface as their number, the largest first."""
    counts = Counter(actor.commune for actor in actors)
    most = max(counts.values(), default=1)
    discs = []
    for commune in sorted(communes, key=lambda commune: (-counts[commune.code], commune.code)):
        if count := counts[commune.code]:
            x, y = middle(commune.geometry)
            discs.append(Spot(x, y, "count", count, disc(count, most), x, y))
    return tuple(discs)


def disc(count: int, most: int) -> float:
    """Return the width in millimetres of a disc for a number, the largest number having LARGEST_DISC."""
    return round(max(SMALLEST_DISC, LARGEST_DISC * math.sqrt(count / most)), 1)


def _lies_in(spot: Spot, ground: tuple[float, float, float, float]) -> bool:
    west, south, east, north = ground
    return west <= spot.true_x <= east and south <= spot.true_y <= north


def _symbol(actor: Actor, theme: str) -> str:
    return f"theme:{theme or actor.theme}"


def _spot(actor: Actor, symbol: str, number: int, size: float, place: tuple[float, float] | None = None) -> Spot:
    x, y = place or (actor.x, actor.y)
    # A millimetre of the map is metres on the ground: what moved less than one of them did not move.
    if abs(x - actor.x) + abs(y - actor.y) < 1.0:
        x, y = actor.x, actor.y
    return Spot(x, y, symbol, number, size, actor.x, actor.y)


def _ground(frame: MapFrame, place: Sequence[float], scale: float) -> tuple[float, float]:
    west, _, _, north = frame.ground
    return west + place[0] / scale, north - place[1] / scale


def _inset(
    composer: Composer,
    frame: MapFrame,
    window: Window,
    place: Box,
    letter: str,
    badges: list[Box],
    actors: list[Actor],
    positions: list[tuple[float, float]],
    background: list[Spot],
    numbered: bool,
    size: float,
) -> None:
    box = frame.box
    scale = box.w / (frame.ground[2] - frame.ground[0])
    x, y = _ground(frame, (window.box.x, window.box.bottom), scale)
    right, top = _ground(frame, (window.box.right, window.box.y), scale)
    spots = [
        _spot(
            actor,
            _symbol(actor, frame.theme),
            actor.number * numbered,
            size,
            _ground(frame, (window.box.x + px / window.zoom, window.box.y + py / window.zoom), scale),
        )
        for actor, (px, py) in zip(actors, positions)
    ]
    behind = [spot for spot in background if x <= spot.x <= right and y <= spot.y <= top]
    on_page = Box(box.x + place.x, box.y + place.y, place.w, place.h)
    words = f"Agrandissement{f' {letter}' if letter else ''}, {window.zoom:g} fois : {len(actors)} acteurs du centre."
    # The map adds 5 % around an extent.
    dx, dy = (right - x) * 0.05 / 1.1, (top - y) * 0.05 / 1.1
    extent = (x + dx, y + dy, right - dx, top - dy)
    options = {"focus": frame.focus, "theme": frame.theme, "areas": frame.areas, "over": True, "bar": "below"}
    composer.rectangle(on_page, "white")
    map_box = Box(on_page.x, on_page.y, on_page.w, on_page.h - STRIP)
    composer.map(map_box, frame.subject, extent, alternative=words, spots=(*behind, *spots), **options)
    source = Box(box.x + window.box.x, box.y + window.box.y, window.box.w, window.box.h)
    for around in (source, on_page):
        _outline(composer, around)
        if letter:
            _badge(composer, around, letter, badges)


def _outline(composer: Composer, box: Box) -> None:
    corners = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))
    composer.polygon(corners, outline=ACCENT, width=0.4)


def _badge(composer: Composer, box: Box, letter: str, badges: list[Box]) -> None:
    """Write a letter in a corner of a frame, outside where the frame is small, away from the other ``badges``."""
    out = 4 if box.w < 14 else 0
    corners = [Box(x, y, 4, 4) for y in (box.y - out, box.bottom - 4 + out) for x in (box.x - out, box.right - 4 + out)]
    corner = next((corner for corner in corners if not any(meet(corner, badge) for badge in badges)), corners[0])
    badges.append(corner)
    composer.rectangle(corner, ACCENT)
    composer.text(
        letter, corner.x, corner.y + 0.1, 4, size=7.5, bold=True, colour="white", align="centre", artifact=True
    )


def _north_arrow(composer: Composer, box: Box, points: Sequence[tuple[float, float]], taken: list[Box]) -> None:
    """Draw an arrow in the corner of a map where it covers the fewest symbols and nothing that is ``taken``."""
    corners = [Box(0, 0, *NORTH_ARROW), Box(box.w - NORTH_ARROW[0], 0, *NORTH_ARROW)]
    corners += [Box(corner.x, box.h - NORTH_ARROW[1], *NORTH_ARROW) for corner in corners]
    free = [corner for corner in corners if not any(meet(corner, other) for other in taken)]
    if not free:
        return
    corner = min(free, key=lambda corner: sum(holds(corner, point) for point in points))
    x, y = box.x + corner.x + corner.w / 2, box.y + corner.y + 1.5
    composer.polygon(((x, y), (x + 2, y + 5.5), (x, y + 4.3), (x - 2, y + 5.5)), fill="ink")
    composer.text("N", x - 3, y + 5.4, 6, size=7, bold=True, align="centre", artifact=True)
