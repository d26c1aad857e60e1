"""Positions in degrees, and what swapped or projected coordinates probably mean; all points of a file at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ...errors import QT_TRANSLATE_NOOP, TisserandError
from ..communes import Communes
from ..records import Proposal
from .causes import NO_PLACE, NOWHERE, OUTSIDE, Fault
from .values import real

WGS84 = 4326
# Metres; beyond it no CRS has a place on Earth.
FARTHEST = 1e8
# What French files are in when nobody says so: Lambert-93, Web Mercator, Lambert II étendu, the nine conic zones.
USUAL = (2154, 3857, 27572, *range(3942, 3951))


class UnknownCrsError(TisserandError):
    """The CRS that a mapping names is none that PROJ knows."""

    def __init__(self, epsg: int):
        super().__init__(
            QT_TRANSLATE_NOOP("Tisserand", "EPSG:{epsg} is no coordinate system that is known here: choose another."),
            epsg=epsg,
        )


class Given(NamedTuple):
    """Coordinates as a row has them, in the CRS of the mapping; ``shown`` as they were written."""

    row: int
    x: float
    y: float
    shown: str
    field: str


class Place(NamedTuple):
    """Degrees (EPSG:4326), with the proposal that leads there or the fault that leads nowhere."""

    lon: float | None
    lat: float | None
    proposal: Proposal | None = None
    fault: Fault | None = None


def given(row: int, x: object, y: object, field: str) -> Given | Fault | None:
    """Return the coordinates of a row, a fault when they are none, None when both are empty."""
    texts = [("" if value is None else str(value).strip()) for value in (x, y)]
    if not any(texts):
        return None
    numbers = [real(text) for text in texts]
    shown = " / ".join(text[:40] for text in texts)
    if None in numbers or max(map(abs, numbers)) > FARTHEST:
        return Fault(NO_PLACE, shown, grave=True)
    if numbers == [0, 0]:
        return Fault(NOWHERE, shown, taken=True)
    return Given(row, numbers[0], numbers[1], shown, field)


def places(points: Sequence[Given], epsg: int, communes: Communes) -> list[Place]:
    """Return where the points are; those outside the Département are tried swapped, then in the usual CRS."""
    degrees = to_degrees([(point.x, point.y) for point in points], epsg)
    found: list[Place | None] = [
        Place(*place) if place is not None and communes.holds(*place) else None for place in degrees
    ]
    lost = [order for order, place in enumerate(found) if place is None]
    if lost:
        _look_swapped(points, lost, found, epsg, communes)
    for candidate in (WGS84, *dict.fromkeys((communes.epsg, *USUAL))):
        lost = [order for order, place in enumerate(found) if place is None]
        if lost and candidate != epsg:
            _look_projected(points, lost, found, candidate, communes)
    return [place or _outside(points[order], degrees[order]) for order, place in enumerate(found)]


def to_degrees(points: Sequence[tuple[float, float]], epsg: int) -> list[tuple[float, float] | None]:
    """Return points of a CRS in degrees (lon, lat), None where it has no such point."""
    if epsg == WGS84:
        return [point if abs(point[0]) <= 180 and abs(point[1]) <= 90 else None for point in points]
    if not points:
        return []
    # Only here: an environment without GDAL cleans what is in degrees.
    from osgeo import gdal, osr

    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        systems = [osr.SpatialReference(), osr.SpatialReference()]
        for system, code in zip(systems, (epsg, WGS84)):
            if system.ImportFromEPSG(code) != 0:
                raise UnknownCrsError(epsg)
            system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        moved = osr.CoordinateTransformation(*systems).TransformPoints([(x, y) for x, y in points])
    # Raised instead of a status when some other program switched GDAL's exceptions on.
    except RuntimeError:
        raise UnknownCrsError(epsg) from None
    finally:
        gdal.PopErrorHandler()
    return [(x, y) if math.isfinite(x) and math.isfinite(y) else None for x, y, _ in moved]


def _look_swapped(
    points: Sequence[Given], lost: list[int], found: list[Place | None], epsg: int, communes: Communes
) -> None:
    swapped = to_degrees([(points[order].y, points[order].x) for order in lost], epsg)
    for order, place in zip(lost, swapped):
        if place is not None and communes.holds(*place):
            point = points[order]
            found[order] = Place(*place, Proposal("swapped", point.row, point.field, point.shown, _degrees(*place)))


def _look_projected(
    points: Sequence[Given], lost: list[int], found: list[Place | None], candidate: int, communes: Communes
) -> None:
    for order, place in zip(lost, to_degrees([(points[order].x, points[order].y) for order in lost], candidate)):
        if place is not None and communes.holds(*place):
            point = points[order]
            after = f"EPSG:{candidate} {_degrees(*place)}"
            found[order] = Place(*place, Proposal("projected", point.row, point.field, point.shown, after))


def _outside(point: Given, degrees: tuple[float, float] | None) -> Place:
    if degrees is None:
        return Place(None, None, fault=Fault(NO_PLACE, point.shown, grave=True))
    where = {"lon": f"{degrees[0]:.5f}", "lat": f"{degrees[1]:.5f}"}
    return Place(None, None, fault=Fault(OUTSIDE, point.shown, grave=True, more=where))


def _degrees(lon: float, lat: float) -> str:
    return f"{lon:.6f} / {lat:.6f}"
