"""The places of a workspace, asked for many points at once: CRS, Département, communes, sectors, other units.

Needs GDAL and numpy alone. Degrees are EPSG:4326, metres those of the CRS of the store.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from osgeo import ogr, osr

from ..crs import bounds
from ..errors import TisserandError
from ..exchange.communes import Communes
from ..geopackage import GEOMETRY, OUTSIDE_TOLERANCE, read_rows, read_settings
from ..reference import read_departement, successors


class Area(NamedTuple):
    """A territory or a sector; ``niveau`` is "secteur" for a sector, ``outline`` in the CRS of the store."""

    niveau: str
    code: str
    nom: str
    uuid: str
    outline: ogr.Geometry


@dataclass(frozen=True)
class Ground:
    """What the import knows of a store's places."""

    settings: dict[str, str]
    epsg: int
    communes: Communes
    areas: dict[str, list[Area]]

    def projected(self, degrees: Sequence[tuple[float, float]]) -> np.ndarray:
        """Return (longitude, latitude) pairs as rows of metres; infinite where there is no answer."""
        if not degrees:
            return np.empty((0, 2))
        found = osr.CoordinateTransformation(system(4326), system(self.epsg)).TransformPoints(list(degrees))
        return np.array(found, dtype=float)[:, :2]

    def outside(self, xy: np.ndarray) -> np.ndarray:
        """Say which points the store would refuse: farther from the Département than its outline is coarse."""
        west, south, east, north = bounds(self.epsg)
        x, y = xy[:, 0], xy[:, 1]
        refused = ~((x >= west) & (x <= east) & (y >= south) & (y <= north))
        whole = self.areas.get("departement")
        if whole:
            wide = [area._replace(outline=area.outline.Buffer(OUTSIDE_TOLERANCE)) for area in whole]
            refused |= which(wide, xy) < 0
        return refused

    def communes_at(self, xy: np.ndarray) -> list[Area | None]:
        """Return the commune of each point; off the coast or just over the border the nearest, within 1 km."""
        areas = self.areas.get("commune", [])
        found = which(areas, xy)
        for number in np.flatnonzero(found < 0):
            found[number] = _nearest(areas, xy[number])
        return [areas[number] if number >= 0 else None for number in found]

    def sectors_at(self, xy: np.ndarray) -> list[Area | None]:
        """Return the sector of each point, None outside all."""
        areas = self.areas.get("secteur", [])
        return [areas[number] if number >= 0 else None for number in which(areas, xy)]

    def unit(self, niveau: str, code: str) -> Area | None:
        """Return the area of a level and a code, None when the workspace has none."""
        return next((area for area in self.areas.get(niveau, ()) if area.code == code), None)


def read_ground(store: Path) -> Ground:
    """Return the places of a store; raises StoreUnreadableError or StoreOlderError."""
    settings = read_settings(store)
    epsg = int(settings["epsg"])
    areas: dict[str, list[Area]] = {}
    rows = [(row["niveau"], row) for row in read_rows(store, "territoire")]
    rows += [("secteur", row) for row in read_rows(store, "secteur")]
    for niveau, row in rows:
        if row[GEOMETRY] is not None:
            outline = ogr.CreateGeometryFromWkb(row[GEOMETRY])
            areas.setdefault(niveau, []).append(Area(niveau, row["code"], row["nom"], row["uuid"], outline))
    for listed in areas.values():
        listed.sort(key=lambda area: area.code)
    named = [(row["code"], row["nom"]) for niveau, row in rows if niveau == "commune"]
    return Ground(settings, epsg, _communes(settings.get("departement", ""), epsg, areas, named), areas)


def point(x: float, y: float) -> bytes:
    """Return a point as WKB."""
    return struct.pack("<BIdd", 1, 1, x, y)


def place_of(wkb: bytes | None) -> tuple[float, float] | None:
    """Return the coordinates of a point in WKB, None without one."""
    if wkb is None:
        return None
    geometry = ogr.CreateGeometryFromWkb(wkb)
    return None if geometry.IsEmpty() else (geometry.GetX(), geometry.GetY())


def centre(area: Area) -> tuple[float, float]:
    """Return a point that is within an area for certain, as its centre may not be."""
    inside = area.outline.PointOnSurface()
    return inside.GetX(), inside.GetY()


def which(areas: Sequence[Area], xy: np.ndarray) -> np.ndarray:
    """Return for each point the number of the first area that holds it, -1 for none."""
    found = np.full(len(xy), -1)
    for number, area in enumerate(areas):
        west, east, south, north = area.outline.GetEnvelope()
        x, y = xy[:, 0], xy[:, 1]
        near = np.flatnonzero((found < 0) & (x >= west) & (x <= east) & (y >= south) & (y <= north))
        if not len(near):
            continue
        prepared = area.outline.CreatePreparedGeometry()
        inside = [prepared.Intersects(_ogr_point(*xy[row])) for row in near]
        found[near[np.array(inside, dtype=bool)]] = number
    return found


def _nearest(areas: Sequence[Area], xy: np.ndarray) -> int:
    here = _ogr_point(*xy)
    nearest, best = -1, OUTSIDE_TOLERANCE
    for number, area in enumerate(areas):
        west, east, south, north = area.outline.GetEnvelope()
        beside = max(west - xy[0], xy[0] - east, south - xy[1], xy[1] - north)
        if beside <= best and (metres := area.outline.Distance(here)) <= best:
            nearest, best = number, metres
    return nearest


def _ogr_point(x: float, y: float) -> ogr.Geometry:
    made = ogr.Geometry(ogr.wkbPoint)
    made.SetPoint_2D(0, float(x), float(y))
    return made


def _communes(departement: str, epsg: int, areas: dict[str, list[Area]], named: list[tuple[str, str]]) -> Communes:
    listed = [area for niveau in ("departement", "commune") for area in areas.get(niveau, ())]
    boxes = np.array([area.outline.GetEnvelope() for area in listed]).reshape(-1, 4)
    if not len(boxes):
        box = bounds(epsg)
        west, south, east, north = box.west, box.south, box.east, box.north
    else:
        west, east, south, north = boxes[:, 0].min(), boxes[:, 1].max(), boxes[:, 2].min(), boxes[:, 3].max()
    to_degrees = osr.CoordinateTransformation(system(epsg), system(4326))
    box = to_degrees.TransformBounds(west, south, east, north, 21)
    try:
        postcodes = {commune.code: commune.codes_postaux for commune in read_departement(departement)}
    except TisserandError:
        # A collectivity that the national file does not know, or a workspace made elsewhere: postcodes go unchecked.
        postcodes = {}
    rows = [(code, name, postcodes.get(code, "")) for code, name in named]
    return Communes.of(departement, epsg, tuple(box), rows, successors())


def system(epsg: int) -> osr.SpatialReference:
    """Return a CRS whose coordinates are x, then y."""
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system
