"""GeoJSON, GeoPackage and other layers through GDAL: one point a feature, in the layer's own CRS."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

from osgeo import gdal, ogr, osr

from ...errors import QT_TRANSLATE_NOOP
from ..records import Reject, Row, Sheet
from .faults import MOST_COLUMNS, MOST_ROWS, TOO_LONG, TOO_WIDE, FileUnreadableError, too_large, without_rows
from .opening import VECTORS, opened

WGS84 = 4326
# Metres or degrees; every CRS of France stays far below.
FARTHEST = 1e8
MOST_VERTICES = 1_000_000

IMPOSSIBLE = QT_TRANSLATE_NOOP(
    "Tisserand", "The geometry has coordinates that are no place ({value}): draw it again at the source."
)
TOO_DETAILED = QT_TRANSLATE_NOOP(
    "Tisserand", "The geometry has {value} vertices, more than any place needs: simplify it at the source."
)
INVALID = QT_TRANSLATE_NOOP(
    "Tisserand", "The outline crosses itself, so no point in it can be told: repair it at the source ({value})."
)


def read_vectors(path: Path, layer: str | None = None) -> Sheet:
    """Return the features of one layer: ``layer``, else the first that has any.

    Lines give the point at half their length, polygons a point within them; a null or empty geometry gives none.
    """
    with opened(path, VECTORS) as dataset:
        names = [dataset.GetLayer(order).GetName() for order in range(dataset.GetLayerCount())]
        if layer is not None and layer not in names:
            raise FileUnreadableError(
                QT_TRANSLATE_NOOP("Tisserand", "{path} has no sheet or layer “{layer}”: choose one of {names}."),
                path=path,
                layer=layer,
                names=", ".join(names),
            )
        chosen = next((name for name in names if dataset.GetLayerByName(name).GetFeatureCount()), None)
        if layer is None and chosen is None:
            raise without_rows(path)
        return _sheet(path, dataset, layer or chosen, names)


def _sheet(path: Path, dataset: gdal.Dataset, name: str, names: list[str]) -> Sheet:
    layer = dataset.GetLayerByName(name)
    definition = layer.GetLayerDefn()
    columns = [definition.GetFieldDefn(place).GetName() for place in range(definition.GetFieldCount())]
    if len(columns) > MOST_COLUMNS:
        raise too_large(path, MOST_COLUMNS, TOO_WIDE)
    rows, rejects, shapes = [], [], Counter()
    for number, feature in enumerate(layer, start=1):
        if number > MOST_ROWS:
            raise too_large(path, MOST_ROWS, TOO_LONG)
        geometry = feature.GetGeometryRef()
        values = {column: _value(feature, place) for place, column in enumerate(columns)}
        point, fault = _point(geometry)
        if fault is not None:
            template, value = fault
            rejects.append(Reject(number, "", value, template, {"value": value}))
            continue
        if point is not None:
            shapes[ogr.GeometryTypeToName(ogr.GT_Flatten(geometry.GetGeometryType()))] += 1
        rows.append(Row(number, values, *(point or (None, None))))
    if not rows and not rejects:
        raise without_rows(path)
    epsg, rows = _in_known_crs(layer.GetSpatialRef(), rows)
    about = {"driver": dataset.GetDriver().ShortName, "layer": name, "layers": " | ".join(names)}
    if shapes:
        about["geometry"] = ", ".join(f"{kind}: {count}" for kind, count in shapes.most_common())
    return Sheet("geojson", tuple(columns), tuple(rows), epsg if shapes else None, about, tuple(rejects))


def _value(feature: ogr.Feature, place: int) -> object:
    if not feature.IsFieldSetAndNotNull(place):
        return None
    definition = feature.GetFieldDefnRef(place)
    if definition.GetType() == ogr.OFTDate:
        return feature.GetFieldAsString(place).replace("/", "-")
    if definition.GetType() == ogr.OFTBinary:
        return bytes(feature.GetFieldAsBinary(place)).hex()
    value = feature.GetField(place)
    return bool(value) if definition.GetSubType() == ogr.OFSTBoolean and isinstance(value, int) else value


def _point(geometry: ogr.Geometry | None) -> tuple[tuple[float, float] | None, tuple[str, str] | None]:
    """Return the point that stands for a geometry, or why there is none and the value to show."""
    if geometry is None or geometry.IsEmpty():
        return None, None
    west, east, south, north = geometry.GetEnvelope()
    for value in (west, east, south, north):
        if not math.isfinite(value) or abs(value) > FARTHEST:
            return None, (IMPOSSIBLE, f"{value:g}")
    kind = ogr.GT_Flatten(geometry.GetGeometryType())
    if kind == ogr.wkbPoint:
        return (geometry.GetX(), geometry.GetY()), None
    vertices = geometry.WkbSize() // 16
    if vertices > MOST_VERTICES:
        return None, (TOO_DETAILED, str(vertices))
    if kind == ogr.wkbLineString:
        middle = geometry.Value(geometry.Length() / 2)
    elif geometry.GetDimension() == 2:
        if not geometry.IsValid():
            return None, (INVALID, geometry.GetGeometryName())
        middle = geometry.PointOnSurface()
    else:
        middle = geometry.Centroid()
    if middle is None or middle.IsEmpty():
        return None, (INVALID, geometry.GetGeometryName())
    return (middle.GetX(), middle.GetY()), None


def _in_known_crs(spatial_ref: osr.SpatialReference | None, rows: list[Row]) -> tuple[int | None, list[Row]]:
    """Return the EPSG code of a CRS, and the rows; of a CRS without a code the points are turned into degrees."""
    if spatial_ref is None:
        return None, rows
    code = _epsg(spatial_ref)
    if code is not None:
        return code, rows
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(WGS84)
    for crs in (spatial_ref, degrees):
        crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    placed = [row for row in rows if row.x is not None]
    points = osr.CoordinateTransformation(spatial_ref, degrees).TransformPoints([(row.x, row.y) for row in placed])
    moved = {row.number: (x, y) for row, (x, y, _) in zip(placed, points)}
    return WGS84, [Row(row.number, row.values, *moved.get(row.number, (None, None))) for row in rows]


def _epsg(spatial_ref: osr.SpatialReference) -> int | None:
    name, code = spatial_ref.GetAuthorityName(None), spatial_ref.GetAuthorityCode(None)
    if name == "OGC" and code in ("CRS84", "84"):
        return WGS84
    if name == "EPSG" and code and code.isdigit():
        return int(code)
    for found, confidence in spatial_ref.FindMatches() or ():
        if confidence >= 90 and found.GetAuthorityName(None) == "EPSG":
            return int(found.GetAuthorityCode(None))
    return None
