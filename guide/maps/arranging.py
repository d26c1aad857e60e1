"""Where the symbols of a map stand at its printed scale, which of them an inset shows again, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from osgeo import ogr

from ..composing.book import Box, MapFrame
from ..facts.content import Actor
from .crowding import Window, dense_window, free_place, spread

GAP = 2.0
STRIP = 9.0
"""Millimetres at the foot of an inset for its scale bar: in a dense centre it would hide what is enlarged."""
SCALE_BAR, SHORT_BAR = (38.0, 8.0), (24.0, 8.0)
CORNERS = ("bottom left", "bottom right", "top right", "top left")
SMALL_MAP = 60.0
"""Millimetres below which a map has a scale bar of one part, and no arrow."""
SAMPLES = 40


class Arrangement(NamedTuple):
    """Positions in millimetres of the map: of the symbols on it, and windows with their insets' places and symbols.

    ``cramped`` says that an inset was wanted and no place was free for it.
    """

    placed: np.ndarray
    insets: tuple[tuple[Window, Box, np.ndarray, np.ndarray], ...]
    cramped: bool


def corner_box(name: str, width: float, height: float) -> Box:
    """Return where the scale bar stands in a corner of a map, in millimetres from its top left."""
    w, h = SCALE_BAR if width >= SMALL_MAP else SHORT_BAR
    return Box(0.0 if name.endswith("left") else width - w, 0.0 if name.startswith("top") else height - h, w, h)


def bar_corner(points: Sequence[tuple[float, float]], width: float, height: float) -> str:
    """Return the corner in which a scale bar covers the fewest symbols."""

    def covered(name: str) -> int:
        corner = corner_box(name, width, height)
        return sum(holds(corner, point) for point in points)

    return min(CORNERS, key=covered)


def actors_on(frame: MapFrame, actors: list[Actor]) -> list[Actor]:
    """Return the actors that lie on the ground of a map."""
    west, south, east, north = frame.ground
    return [actor for actor in actors if west <= actor.x <= east and south <= actor.y <= north]


def places_on(frame: MapFrame, actors: list[Actor]) -> tuple[tuple[float, float], ...]:
    """Return where the actors of a map are, in millimetres from its top left."""
    west, _, east, north = frame.ground
    scale = frame.box.w / (east - west)
    return tuple(((actor.x - west) * scale, (north - actor.y) * scale) for actor in actors_on(frame, actors))


def made_room(frame: MapFrame, side: float) -> tuple[MapFrame, tuple[Box, ...]]:
    """Return a map that leaves room for two insets beside it, or below where it is narrow, and their places."""
    box = frame.box
    if box.w * 1.15 >= box.h:
        smaller = box._replace(w=box.w - side - GAP)
        places = (Box(smaller.w + GAP, 0, side, side), Box(smaller.w + GAP, box.h - side, side, side))
    else:
        smaller = box._replace(h=box.h - side - GAP)
        places = (Box(0, smaller.h + GAP, side, side), Box(box.w - side, smaller.h + GAP, side, side))
    return replace(frame, box=smaller), places


def arrangement(
    frame: MapFrame,
    actors: list[Actor],
    size: float,
    geometry: bytes,
    sides: tuple[float, ...],
    most: int,
    beside: tuple[Box, ...],
) -> Arrangement:
    """Return where the symbols of a map stand, ``size`` millimetres wide, and at most ``most`` insets.

    ``sides`` are those an inset may have, the best first; ``beside`` are places for them off the map.
    """
    box = frame.box
    points = places_on(frame, actors)
    taken = (corner_box(bar_corner(points, box.w, box.h), box.w, box.h),)
    return _arrange(points, size, box.w, box.h, sides, most, geometry, frame.ground, taken, beside)


# The passes that page numbers need lay the same maps again.
@lru_cache(maxsize=2048)
def _arrange(
    points: tuple[tuple[float, float], ...],
    size: float,
    width: float,
    height: float,
    sides: tuple[float, ...],
    most: int,
    geometry: bytes,
    ground: tuple[float, float, float, float],
    taken: tuple[Box, ...],
    beside: tuple[Box, ...],
) -> Arrangement:
    """Decide on insets, at the places ``beside`` the map or else over it where it is free, and on rings."""
    places = np.array(points, dtype=float).reshape(-1, 2)
    box = Box(0, 0, width, height)
    left = np.ones(len(places), dtype=bool)
    insets, occupied, wanted = [], list(taken), False
    while len(insets) < most:
        found = None
        for side in sides:
            window = dense_window(places[left], size, (side, side - STRIP), box)
            wanted |= window is not None
            place = window and _place(
                beside, insets, box, side, places[left], geometry, ground, [*occupied, window.box]
            )
            if place:
                found = window, place
                break
        if found is None:
            break
        window, place = found
        x, y = places.T
        inside = (x >= window.box.x) & (x <= window.box.right) & (y >= window.box.y) & (y <= window.box.bottom)
        members = np.flatnonzero(left & inside)
        enlarged = (places[members] - (window.box.x, window.box.y)) * window.zoom
        insets.append((window, place, members, spread(enlarged, size)))
        left[members] = False
        occupied += [window.box, place]
    placed = places.copy()
    placed[left] = spread(places[left], size)
    return Arrangement(placed, tuple(insets), wanted and not insets and not beside)


def _place(
    beside: tuple[Box, ...],
    insets: list,
    box: Box,
    side: float,
    symbols: np.ndarray,
    geometry: bytes,
    ground: tuple[float, float, float, float],
    taken: list[Box],
) -> Box | None:
    if beside:
        return beside[len(insets)] if len(insets) < len(beside) else None
    return free_place(box, side, symbols, _land(geometry, ground, box.w), box.w / SAMPLES, taken)


@lru_cache(maxsize=256)
def _land(geometry: bytes, ground: tuple[float, float, float, float], width: float) -> np.ndarray:
    """Return points of the territory on a grid, in millimetres of a map that is ``width`` wide."""
    west, south, east, north = ground
    shape = ogr.CreateGeometryFromWkb(geometry).CreatePreparedGeometry()
    scale, step = width / (east - west), (east - west) / SAMPLES
    found = []
    for column in range(SAMPLES):
        for row in range(int((north - south) / step)):
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(west + (column + 0.5) * step, north - (row + 0.5) * step)
            if shape.Contains(point):
                found.append(((column + 0.5) * step * scale, (row + 0.5) * step * scale))
    return np.array(found).reshape(-1, 2)


def holds(box: Box, point: tuple[float, float]) -> bool:
    """Say whether a point lies in a box."""
    return box.x <= point[0] <= box.right and box.y <= point[1] <= box.bottom
