"""The legal projected CRS of each French Département and collectivity (décret 2019-165 of 5 March 2019)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from osgeo import osr

from .ddl.sqlite_triggers import Bounds
from .errors import QT_TRANSLATE_NOOP, TisserandError

METROPOLE = 2154
OVERSEAS = {
    "971": 5490,
    "972": 5490,
    "973": 2972,
    "974": 2975,
    "975": 4467,
    "976": 4471,
    "977": 5490,
    "978": 5490,
    "988": 3163,
}


class Zone(NamedTuple):
    """A generous box in degrees around land where one CRS is legal."""

    epsg: int
    west: float
    south: float
    east: float
    north: float


ZONES = (
    Zone(METROPOLE, -6.0, 41.0, 10.5, 51.6),
    Zone(5490, -63.6, 14.0, -60.4, 18.6),
    Zone(2972, -55.0, 1.8, -51.0, 6.2),
    Zone(2975, 54.8, -21.8, 56.2, -20.5),
    Zone(4471, 44.7, -13.3, 45.6, -12.3),
    Zone(4467, -57.0, 46.4, -55.8, 47.4),
    Zone(3163, 162.5, -23.5, 169.0, -18.5),
    Zone(3296, -156.0, -28.5, -150.0, -7.0),
    Zone(3297, -150.0, -28.5, -144.0, -7.0),
    Zone(3298, -144.0, -28.5, -133.0, -7.0),
)


def legal_epsg(departement: str) -> int:
    """Return the EPSG code for a Département code such as ``92``, ``2A`` or ``974``.

    French Polynesia (987) spans three UTM zones and has no single answer: use ``legal_epsg_at``.
    """
    if departement in OVERSEAS:
        return OVERSEAS[departement]
    if re.fullmatch(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]", departement):
        return METROPOLE
    raise TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand", "“{code}” is not the code of a Département. Write for example 92, 2A, 33 or 974."
        ),
        code=departement,
    )


def legal_epsg_at(longitude: float, latitude: float) -> int:
    """Return the EPSG code where a point in degrees (WGS 84) lies; raise where no French CRS is legal."""
    for zone in ZONES:
        if zone.west <= longitude <= zone.east and zone.south <= latitude <= zone.north:
            return zone.epsg
    raise TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "The data lie around longitude {longitude:.2f}, latitude {latitude:.2f}, outside France: "
            "check their CRS, or reproject them to a metric CRS first.",
        ),
        longitude=longitude,
        latitude=latitude,
    )


@lru_cache
def bounds(epsg: int) -> Bounds:
    """Return the extent of the area where a CRS is used, in its own units, a quarter wider on each side."""
    system, degrees = osr.SpatialReference(), osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    degrees.ImportFromEPSG(4326)
    for each in (system, degrees):
        each.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    area = system.GetAreaOfUse()
    west, south, east, north = osr.CoordinateTransformation(degrees, system).TransformBounds(
        area.west_lon_degree, area.south_lat_degree, area.east_lon_degree, area.north_lat_degree, 21
    )
    width, height = (east - west) / 4, (north - south) / 4
    return Bounds(round(west - width), round(south - height), round(east + width), round(north + height))
