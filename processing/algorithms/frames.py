"""Between QGIS features and GeoDataFrames, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingFeatureSource,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.crs import legal_epsg_at
from ...layers.errors import QT_TRANSLATE_NOOP, CancelledError, TisserandError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

CHUNK = 1000


class Reading(NamedTuple):
    """A layer as read; ``fields``, ``wkb_type`` and ``crs`` are its own.

    ``frame`` has a RangeIndex, one row a feature with a geometry, in the CRS of the layer, and the columns asked for
    (NULL is None); ``features[k]`` is the feature of row ``k``, geometry and all its attributes untouched.
    """

    frame: GeoDataFrame
    features: list[QgsFeature]
    fields: QgsFields
    wkb_type: QgsWkbTypes.Type
    crs: QgsCoordinateReferenceSystem


class Shape(NamedTuple):
    """The geometry of an output that is not that of an input."""

    wkb_type: QgsWkbTypes.Type
    crs: QgsCoordinateReferenceSystem


def read(
    source: QgsProcessingFeatureSource, columns: dict[str, str | None], feedback: QgsFeedback, label: str = ""
) -> Reading:
    """Read a source; ``columns`` maps the column wanted to the field that holds it (None: no such column).

    Features without a geometry, or with an empty one, are left out and reported with their ids under ``label``
    (by default the name of the layer).
    """
    import geopandas
    import shapely

    label = label or source.sourceName()
    fields = source.fields()
    wanted = {column: fields.lookupField(field) for column, field in columns.items() if field}
    features, shapes, without = [], [], []
    values = {column: [] for column in wanted}
    for number, feature in enumerate(source.getFeatures(QgsFeatureRequest())):
        if number % CHUNK == 0:
            stop_if_cancelled(feedback)
        geometry = feature.geometry()
        if geometry.isNull() or geometry.isEmpty():
            without.append(feature.id())
            continue
        features.append(feature)
        if QgsWkbTypes.isCurvedType(geometry.wkbType()):
            geometry = QgsGeometry(geometry.constGet().segmentize())
        shapes.append(geometry.asWkb().data())
        for column, position in wanted.items():
            value = feature[position]
            values[column].append(None if value == NULL else value)
    if without:
        feedback.pushWarning(
            translate("Tisserand", "{layer}: {count} without a geometry, left out (features {ids}).").format(
                layer=label, count=len(without), ids=some(without)
            )
        )
    if not features:
        feedback.pushWarning(translate("Tisserand", "{layer}: no feature to work on.").format(layer=label))
    geometry = geopandas.GeoSeries(shapely.from_wkb(shapes), crs=_crs(source, label))
    frame = geopandas.GeoDataFrame(values, geometry=geometry, index=range(len(features)))
    return Reading(frame, features, fields, source.wkbType(), source.sourceCrs())


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


def _crs(source: QgsProcessingFeatureSource, label: str) -> str:
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
