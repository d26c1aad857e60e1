"""The ground of territories: made valid, compared with the Département, shared out among the communes.

All geometries are OGR's, in the metric CRS of the store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from osgeo import ogr

from ..errors import QT_TRANSLATE_NOOP
from .outlines import SQUARE_METRES, TOLERATED_SHARE, dissolve

# Square metres: what is smaller is a slip of the pen, no territory.
SMALLEST_TERRITORY = 1.0
# A territory with less of its ground than this inside the Département is a neighbour whose outline is drawn otherwise.
NEIGHBOUR_SHARE = 0.01

NO_GEOMETRY = QT_TRANSLATE_NOOP("Tisserand", "it has no geometry: draw it, or remove the row")
NO_POLYGON = QT_TRANSLATE_NOOP("Tisserand", "its geometry is no polygon: choose the layer of the areas")
UNPLACED = QT_TRANSLATE_NOOP(
    "Tisserand", "its ground cannot be brought into the CRS of the workspace: check the CRS of the layer"
)
DEGENERATE = QT_TRANSLATE_NOOP("Tisserand", "its polygon covers less than 1 m²: draw it again")


class Ground(NamedTuple):
    """A valid MultiPolygon, or None with the ``cause``; ``mended`` when it had to be made valid."""

    outline: ogr.Geometry | None
    cause: str = ""
    mended: bool = False


def ground(wkb: bytes | None) -> Ground:
    """Return what a geometry given as WKB is worth as a territory; b"" is one that could not be reprojected."""
    if wkb == b"":
        return Ground(None, UNPLACED)
    geometry = None if wkb is None else ogr.CreateGeometryFromWkb(wkb)
    if geometry is None or geometry.IsEmpty():
        return Ground(None, NO_GEOMETRY)
    geometry.FlattenTo2D()
    if geometry.GetDimension() != 2:
        return Ground(None, NO_POLYGON)
    if not all(map(math.isfinite, geometry.GetEnvelope())):
        return Ground(None, UNPLACED)
    mended = not geometry.IsValid()
    if mended:
        geometry = geometry.MakeValid(["METHOD=STRUCTURE"])  # the other method may add lines to the polygons
    if geometry is None or geometry.GetDimension() != 2 or geometry.Area() < SMALLEST_TERRITORY:
        return Ground(None, DEGENERATE)
    return Ground(_polygons(geometry), "", mended)


def _polygons(geometry: ogr.Geometry) -> ogr.Geometry:
    """Return the polygons of a valid geometry, without the lines and points of a collection."""
    if ogr.GT_Flatten(geometry.GetGeometryType()) != ogr.wkbGeometryCollection:
        return ogr.ForceToMultiPolygon(geometry)
    kept = ogr.Geometry(ogr.wkbMultiPolygon)
    for part in geometry:
        for polygon in ogr.ForceToMultiPolygon(part.Clone()) if part.GetDimension() == 2 else ():
            kept.AddGeometry(polygon)
    return kept


def is_outside(outline: ogr.Geometry, land: ogr.Geometry | None) -> bool:
    """Say whether a territory has next to nothing of its ground on ``land`` (None: unknown, so never outside)."""
    if land is None:
        return False
    if not outline.Intersects(land):
        return True
    return shared_area(outline, land) < NEIGHBOUR_SHARE * outline.Area()


def shared_area(one: ogr.Geometry, other: ogr.Geometry) -> float:
    """Return the square metres that two outlines share; 0 where they only touch."""
    return _area(one.Intersection(other))


def _area(geometry: ogr.Geometry) -> float:
    # GDAL complains on stderr when asked for the area of lines and points.
    return _polygons(geometry).Area() if geometry.GetDimension() == 2 else 0.0


class Members(NamedTuple):
    """The communes with most of their ground in a territory, and those that its border cuts, by code.

    ``whole`` when the territory is nothing but its members, up to the tolerated share.
    """

    codes: list[str]
    cut: list[str]
    whole: bool


def members(outline: ogr.Geometry, communes: Mapping[str, ogr.Geometry]) -> Members:
    """Share the communes out by the greater part of their area."""
    west, east, south, north = outline.GetEnvelope()
    prepared = outline.CreatePreparedGeometry()
    inside, cut = [], []
    for code, commune in communes.items():
        left, right, bottom, top = commune.GetEnvelope()
        if right < west or left > east or top < south or bottom > north or not prepared.Intersects(commune):
            continue
        share = 1.0 if prepared.Contains(commune) else shared_area(outline, commune) / commune.Area()
        if share > 0.5:
            inside.append(code)
        if TOLERATED_SHARE < share < 1 - TOLERATED_SHARE:
            cut.append(code)
    made_of = dissolve(communes[code] for code in inside)
    whole = made_of is not None and _area(outline.SymDifference(made_of)) <= TOLERATED_SHARE * outline.Area()
    return Members(sorted(inside), sorted(cut), whole)


class Fit(NamedTuple):
    """How territories cover the Département, in km²: ground that two share, that none has, that lies beyond."""

    overlap: float
    gap: float
    beyond: float


NOTHING = Fit(0.0, 0.0, 0.0)


def fit(outlines: Iterable[ogr.Geometry], land: ogr.Geometry | None) -> Fit:
    """Return how the territories of a level lie on ``land``; nothing but the overlap is known without it."""
    pieces = ogr.Geometry(ogr.wkbMultiPolygon)
    for outline in outlines:
        for polygon in outline:
            pieces.AddGeometry(polygon)
    if pieces.IsEmpty():
        return NOTHING
    together = pieces.UnionCascaded()
    overlap = max(pieces.Area() - together.Area(), 0.0)
    gap = beyond = 0.0
    if land is not None:
        gap, beyond = _area(land.Difference(together)), _area(together.Difference(land))
    return Fit(overlap / SQUARE_METRES, gap / SQUARE_METRES, beyond / SQUARE_METRES)
