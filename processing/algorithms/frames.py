"""Between QGIS features and GeoDataFrames, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeedback,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from ...layers.crs import legal_epsg_at
from ...layers.errors import QT_TRANSLATE_NOOP, CancelledError, TisserandError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

CHUNK = 1000


class Reading(NamedTuple):
    """A layer as read; ``fields``, ``wkb_type`` and ``crs`` are its own.

    ``frame`` has a RangeIndex, one row a feature with a geometry, in the CRS of the layer, and the columns asked for
    (NULL is None); ``features[k]`` is the feature of row ``k``, geometry and all its attributes untouched, ``ids[k]``
    its id. To ask for one feature may fetch them all; the ids are there at once.
    """

    frame: GeoDataFrame
    features: Sequence[QgsFeature]
    fields: QgsFields
    wkb_type: QgsWkbTypes.Type
    crs: QgsCoordinateReferenceSystem
    ids: list[int]


class Shape(NamedTuple):
    """The geometry of an output that is not that of an input."""

    wkb_type: QgsWkbTypes.Type
    crs: QgsCoordinateReferenceSystem


def to_metric(*frames: GeoDataFrame) -> tuple[GeoDataFrame, ...]:
    """Return the frames in one CRS in which a unit is a true metre.

    It is the CRS of the first frame with rows; where that is in degrees, Pseudo-Mercator or not in metres, it is the
    legal CRS of the place where most of its data lie (the median, so that one stray point does not decide).
    """
    first = next((frame for frame in frames if len(frame)), None)
    if first is None:
        return frames
    crs = first.crs if _is_metric(first.crs) else legal_epsg_at(*_median_degrees(first))
    return tuple(frame.to_crs(crs) for frame in frames)


def to_features(frame: GeoDataFrame, crs: QgsCoordinateReferenceSystem, fields: QgsFields) -> Iterator[QgsFeature]:
    """Yield one feature a row, in ``crs``, with the columns named like ``fields`` (NaN and None are NULL)."""
    import shapely

    names = [field.name() for field in fields]
    columns = [frame[name].tolist() for name in names]
    geometry = frame.geometry.to_crs(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED))
    # In qgis_process it may be the GEOS of QGIS that answers to shapely, and that one may not know a fourth dimension.
    shapes = shapely.to_wkb(geometry, output_dimension=3)
    for wkb, *attributes in zip(shapes, *columns):
        feature = QgsFeature(fields)
        feature.setGeometry(_geometry(wkb))
        feature.setAttributes([null_if_missing(value) for value in attributes])
        yield feature


def on_features(
    features: Sequence[QgsFeature], rows: Iterable[int], attributes: Iterable[Sequence[object]], fields: QgsFields
) -> Iterator[QgsFeature]:
    """Yield for each of ``rows`` a feature with the untouched geometry of ``features[row]`` and those attributes."""
    for row, own in zip(rows, attributes):
        feature = QgsFeature(fields)
        feature.setGeometry(features[row].geometry())
        feature.setAttributes([null_if_missing(value) for value in own])
        yield feature


def extended(
    features: Sequence[QgsFeature], rows: Iterable[int], columns: Sequence[Iterable[object]], fields: QgsFields
) -> Iterator[QgsFeature]:
    """Yield for each of ``rows`` a copy of ``features[row]`` with the values of its place in ``columns`` after its own.

    The attributes that it has are not looked at: to turn them into Python objects and back takes most of the time of
    a wide table.
    """
    first = fields.count() - len(columns)
    for row, *values in zip(rows, *columns):
        feature = QgsFeature(features[row])
        feature.setFields(fields, False)
        feature.resizeAttributes(fields.count())
        for position, value in enumerate(values, first):
            # Also where it is missing: what resizing puts there is not yet a NULL.
            feature.setAttribute(position, null_if_missing(value))
        yield feature


def fields_of(types: dict[str, object]) -> QgsFields:
    """Return fields from name: type, a type of ``layers.fields``."""
    fields = QgsFields()
    for name, kind in types.items():
        fields.append(QgsField(name, kind))
    return fields


def fields_after(own: QgsFields, added: QgsFields) -> QgsFields:
    """Return the own fields, renamed where a name is taken, then the added ones under their names."""
    both = list(QgsProcessingUtils.combineFields(added, own))
    fields = QgsFields()
    for field in both[added.count() :] + both[: added.count()]:
        fields.append(field)
    return fields


def null_if_missing(value: object) -> object:
    """Return None for NaN, NaT and None, else the value; QGIS takes None for NULL."""
    return None if value is None or value != value else value


def some(items: Sequence[object], most: int = 5) -> str:
    """Return the first items as text, with … when there are more."""
    return ", ".join(str(item) for item in items[:most]) + (", …" if len(items) > most else "")


def stop_if_cancelled(feedback: QgsFeedback) -> None:
    """Raise ``CancelledError`` when the user asked to stop."""
    if feedback.isCanceled():
        raise CancelledError


def _geometry(wkb: bytes | None) -> QgsGeometry:
    geometry = QgsGeometry()
    if wkb is not None:
        geometry.fromWkb(wkb)
    return geometry


def crs_of(source: QgsProcessingFeatureSource, label: str) -> str:
    """Return the CRS of a source as WKT; raise, naming ``label``, when it has none."""
    crs = source.sourceCrs()
    if not crs.isValid():
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "{layer} has no CRS: set it in the properties of the layer."), layer=label
        )
    return crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)


def _is_metric(crs) -> bool:
    mercator = crs.is_projected and "Mercator" in crs.coordinate_operation.method_name
    pseudo = mercator and "Transverse" not in crs.coordinate_operation.method_name
    return crs.is_projected and not pseudo and crs.axis_info[0].unit_conversion_factor == 1


def _median_degrees(frame: GeoDataFrame) -> tuple[float, float]:
    points = frame.geometry.representative_point().to_crs(4326)
    return float(points.x.median()), float(points.y.median())
