"""What is written within a territory on a map, as far as there is room for it at the printed scale."""

from __future__ import annotations

from functools import lru_cache

from osgeo import ogr

from ..composing.book import Area, Box
from ..composing.typesetting import Composer
from ..facts.content import Territory
from ..facts.words import on_map, printable

SIZE = 6.5
GRID = 7
NAME_WIDTHS = (30, 16, 11, 8)
"""Letters of the longest line of a name, tried in this order."""
WHOLE, ALONE = 0.95, 0.75
"""How much of the words must lie within; a value without a name may pass the outline by a little."""


def labelled(composer: Composer, box: Box, territory: Territory, look: str, *values: str, named: bool = True) -> Area:
    """Return a territory with its name and its value, or its value alone, or nothing: the most that fits within it.

    ``box`` is that of a map of the whole Département; ``values`` are ways to say the value, the longest first.
    """
    west, south, east, north = composer.content.outline.extent
    metres = max((east - west) / box.w, (north - south) / box.h) * 1.1
    centre = middle(territory.geometry)
    names = [on_map(printable(territory.name), longest) for longest in NAME_WIDTHS] if named else []
    said = [value for value in values if value]
    with_value = [f"{name}\n{value}" for value in said for name in names]
    candidates = [(words, WHOLE) for words in (with_value if said else names)]
    candidates += [(value, ALONE) for value in said]
    for words, part in candidates:
        width, height = _size(composer, words)
        if _has_room(territory.geometry, centre, part * width * metres, part * height * metres):
            return Area(territory.code, look, words, centre)
    return Area(territory.code, look)


def _size(composer: Composer, words: str) -> tuple[float, float]:
    lines = words.split("\n")
    widest = max(composer.metrics.width(line, SIZE, bold=True) for line in lines)
    return widest, len(lines) * composer.metrics.line_height(SIZE, bold=True)


@lru_cache(maxsize=4096)
def middle(geometry: bytes) -> tuple[float, float]:
    """Return the point of a grid over the territory that is farthest from its outline."""
    shape = ogr.CreateGeometryFromWkb(geometry)
    west, east, south, north = shape.GetEnvelope()
    shape = shape.SimplifyPreserveTopology((east - west + north - south) / 200)
    border = shape.Boundary()
    on_surface = shape.PointOnSurface()
    best = (border.Distance(on_surface), on_surface.GetX(), on_surface.GetY())
    for column in range(GRID):
        for row in range(GRID):
            point = ogr.Geometry(ogr.wkbPoint)
            x, y = (west + (east - west) * (column + 0.5) / GRID, south + (north - south) * (row + 0.5) / GRID)
            point.AddPoint_2D(x, y)
            if shape.Contains(point):
                best = max(best, (border.Distance(point), x, y))
    return best[1:]


@lru_cache(maxsize=16384)
def _has_room(geometry: bytes, centre: tuple[float, float], width: float, height: float) -> bool:
    """Say whether a rectangle around ``centre`` lies within the territory."""
    (x, y), dx, dy = centre, width / 2, height / 2
    corners = ((x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy), (x - dx, y - dy))
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for corner in corners:
        ring.AddPoint_2D(*corner)
    rectangle = ogr.Geometry(ogr.wkbPolygon)
    rectangle.AddGeometry(ring)
    return ogr.CreateGeometryFromWkb(geometry).Contains(rectangle)
