"""Where things may stand in a commune."""

from __future__ import annotations

from itertools import count
from math import cos, hypot, pi, radians, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

from osgeo import ogr

from ..errors import QT_TRANSLATE_NOOP, TisserandError
from .chance import share

if TYPE_CHECKING:
    from ..reference import Commune

METRES_PER_DEGREE = 111_320
TOWN_PEOPLE_PER_KM2 = 4000
HAMLET_METRES = 300
ATTEMPTS = 2000
# Attempts go from the whole spread down to the centre, and start again: a place is found even on a rock in the sea.
CYCLE = 64


class Place(NamedTuple):
    """A point in degrees, EPSG:4326."""

    lon: float
    lat: float


class Ground(NamedTuple):
    """A commune with an outline.

    ``heart`` is its town hall, or ``middle`` where the town hall's place is unknown or outside; ``middle`` is a point
    surely inside. ``radius`` is that of a circle with the commune's area, in metres.
    """

    commune: Commune
    outline: ogr.Geometry
    heart: Place
    middle: Place
    radius: float

    @property
    def built_up(self) -> float:
        """How far from the heart people live, in metres: a town has 4,000 of them a km², and stays in its commune."""
        town = 1000 * sqrt((self.commune.population or 0) / TOWN_PEOPLE_PER_KM2 / pi)
        return min(0.9 * self.radius, max(HAMLET_METRES, town))


def ground(commune: Commune) -> Ground | None:
    """Return the ground of a commune; None when it has no outline."""
    if commune.polygon is None:
        return None
    outline = ogr.CreateGeometryFromWkb(commune.polygon)
    outline.FlattenTo2D()
    inside = outline.PointOnSurface()
    middle = Place(round(inside.GetX(), 6), round(inside.GetY(), 6))
    hall = None if commune.mairie.lon is None else Place(commune.mairie.lon, commune.mairie.lat)
    radius = METRES_PER_DEGREE * sqrt(outline.Area() * cos(radians(middle.lat)) / pi)
    return Ground(commune, outline, hall if hall and contains(outline, hall) else middle, middle, radius)


def contains(outline: ogr.Geometry, place: Place) -> bool:
    """Return whether a place is strictly inside an outline."""
    point = ogr.Geometry(ogr.wkbPoint)
    point.AddPoint_2D(*place)
    return outline.Contains(point)


def cell(place: Place) -> tuple[float, float]:
    """Return the cell of about 10 m in which a place lies: two symbols in one cell would hide each other."""
    return round(place.lon, 4), round(place.lat, 4)


def metres(a: Place, b: Place) -> float:
    """Return the distance between two places that are not far from each other."""
    return METRES_PER_DEGREE * hypot((a.lon - b.lon) * cos(radians(a.lat)), a.lat - b.lat)


def spot(ground: Ground, centre: Place, spread: float, taken: set[tuple[float, float]], *key: object) -> Place:
    """Return a place inside the commune, at most ``spread`` metres from ``centre`` and more often near it.

    ``taken`` holds the cells that are in use, and gains this one. Raises TisserandError when the commune has no room.
    """
    for attempt in count():
        reach = spread * (1 - attempt % CYCLE / CYCLE)
        angle, distance = 2 * pi * share(*key, "angle", attempt), reach * share(*key, "distance", attempt)
        place = Place(
            round(centre.lon + distance * sin(angle) / METRES_PER_DEGREE / cos(radians(centre.lat)), 6),
            round(centre.lat + distance * cos(angle) / METRES_PER_DEGREE, 6),
        )
        if cell(place) not in taken and contains(ground.outline, place):
            taken.add(cell(place))
            return place
        if attempt == ATTEMPTS:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "The outline of {commune} is too small for the fictional actors: correct it, "
                    "or make the workspace without the demonstration.",
                ),
                commune=ground.commune.nom,
            )
