"""From a layer to a GeoDataFrame: by arrays where the layer is a table of a GeoPackage, else feature by feature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from osgeo import gdal, ogr
from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsGeometry,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .frames import CHUNK, Reading, crs_of, some, stop_if_cancelled

# Fields by which a row of a workspace says that it no longer holds.
OUT_OF_FORCE = ("supprime_le", "remplace_le")
# Features of a batch of arrays: a text takes in each row the room of the longest of its batch.
BATCH = 4096
PLAIN = (ogr.OFTString, ogr.OFTInteger, ogr.OFTInteger64, ogr.OFTReal)


class Rows(NamedTuple):
    """The rows of a layer as they stand: one entry a feature in each; a geometry is WKB, None where there is none."""

    ids: list[int]
    shapes: list[bytes | None]
    values: dict[str, list]
    features: Sequence[QgsFeature]


class Features(Sequence):
    """The features of some ids of a source, fetched when one of them is first asked for."""

    def __init__(self, source: QgsProcessingFeatureSource, layer: QgsVectorLayer, ids: Sequence[int]):
        # The source reads from the layer, and does not keep it.
        self._source, self._layer, self._ids, self._fetched = source, layer, ids, None

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, row):
        if self._fetched is None:
            found = {feature.id(): feature for feature in self._source.getFeatures(QgsFeatureRequest())}
            if not found.keys() >= set(self._ids):
                raise TisserandError(
                    QT_TRANSLATE_NOOP(
                        "Tisserand", "{layer} has changed while it was being worked on: run the algorithm once more."
                    ),
                    layer=self._source.sourceName(),
                )
            self._fetched = [found[number] for number in self._ids]
        return self._fetched[row]


def read(
    source: QgsProcessingFeatureSource,
    columns: dict[str, str | None],
    feedback: QgsFeedback,
    layer: QgsVectorLayer | None = None,
) -> Reading:
    """Read a source; ``columns`` maps the column wanted to the field that holds it (None: no such column).

    ``layer`` is the whole layer behind the source, where there is one: a table of a GeoPackage is then read by arrays.
    Features without a geometry, or with an empty one, are left out and reported with their ids under the name of the
    layer; so are the rows of a workspace that were withdrawn, or replaced by a later vintage.
    """
    import geopandas
    import numpy as np
    import shapely

    label = source.sourceName()
    crs = crs_of(source, label)
    fields = source.fields()
    over = [name for name in OUT_OF_FORCE if fields.lookupField(name) >= 0]
    wanted = {column: fields.lookupField(field) for column, field in columns.items() if field}
    asked = {**wanted, **{name: fields.lookupField(name) for name in over}}
    rows = (layer and _by_arrays(layer, source, asked, feedback)) or _one_by_one(source, asked, feedback)
    geometry = shapely.from_wkb(np.array(rows.shapes, dtype=object))
    # What is missing or empty has no bounds, and what reaches to infinity none that can be drawn: all are left out.
    placed = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    in_force = np.ones(len(rows.ids), dtype=bool)
    for name in over:
        in_force &= np.array([value is None for value in rows.values[name]], dtype=bool)
    without = [rows.ids[row] for row in np.flatnonzero(~placed & in_force)]
    if without:
        feedback.pushWarning(
            translate("Tisserand", "{layer}: {count} without a geometry, left out (features {ids}).").format(
                layer=label, count=len(without), ids=some(without)
            )
        )
    if not in_force.all():
        text = translate("Tisserand", "{layer}: {count} withdrawn or replaced, left out.")
        feedback.pushInfo(text.format(layer=label, count=int((~in_force).sum())))
    kept = np.flatnonzero(placed & in_force).tolist()
    if not kept:
        feedback.pushWarning(translate("Tisserand", "{layer}: no feature to work on.").format(layer=label))
    values = {column: _some_of(rows.values[column], kept) for column in wanted}
    frame = geopandas.GeoDataFrame(
        values, geometry=geopandas.GeoSeries(geometry[kept], crs=crs), index=range(len(kept))
    )
    ids = _some_of(rows.ids, kept)
    features = rows.features if len(kept) == len(rows.ids) else None
    if features is None:
        lazy = isinstance(rows.features, Features)
        features = Features(source, layer, ids) if lazy else _some_of(rows.features, kept)
    return Reading(frame, features, fields, source.wkbType(), source.sourceCrs(), ids)


def whole_layer(value: object, layer: QgsVectorLayer | None) -> QgsVectorLayer | None:
    """Return the layer that a parameter names, None when only a part of it was chosen."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        # The limit and the filter came with QGIS 3.20 and 3.32.
        limited = getattr(value, "featureLimit", -1) != -1 or getattr(value, "filterExpression", "")
        if value.selectedFeaturesOnly or limited:
            return None
    return layer


def _some_of(items: Sequence, rows: list[int]) -> list:
    return list(items) if len(rows) == len(items) else [items[row] for row in rows]


def _one_by_one(source: QgsProcessingFeatureSource, columns: dict[str, int], feedback: QgsFeedback) -> Rows:
    ids, shapes, features = [], [], []
    values = {column: [] for column in columns}
    for number, feature in enumerate(source.getFeatures(QgsFeatureRequest())):
        if number % CHUNK == 0:
            stop_if_cancelled(feedback)
        ids.append(feature.id())
        features.append(feature)
        shapes.append(_wkb(feature.geometry()))
        for column, position in columns.items():
            value = feature[position]
            values[column].append(None if value == NULL else value)
    return Rows(ids, shapes, values, features)


def _wkb(geometry: QgsGeometry) -> bytes | None:
    if geometry.isNull() or geometry.isEmpty():
        return None
    if QgsWkbTypes.isCurvedType(geometry.wkbType()):
        geometry = QgsGeometry(geometry.constGet().segmentize())
    return geometry.asWkb().data()


def _by_arrays(
    layer: QgsVectorLayer, source: QgsProcessingFeatureSource, columns: dict[str, int], feedback: QgsFeedback
) -> Rows | None:
    """Read a table of a GeoPackage through the Arrow stream of GDAL, ten times as fast; None where it cannot serve.

    It cannot with edits that are not yet saved, fields that QGIS adds, curves, dates, a layer that is a query, a
    GDAL before 3.6, and invalid polygons, with which QGIS does what its user chose.
    """
    plain = layer.storageType() == "GPKG" and layer.providerType() == "ogr" and not layer.isModified()
    own_fields = layer.isValid() and layer.fields().count() == layer.dataProvider().fields().count()
    kind = layer.wkbType()
    shaped = not QgsWkbTypes.isCurvedType(kind) and QgsWkbTypes.flatType(kind) != QgsWkbTypes.Type.Unknown
    subset = layer.subsetString()
    can = hasattr(ogr.Layer, "GetArrowStreamAsNumPy")
    if not (plain and own_fields and shaped and can) or subset.lstrip().lower().startswith("select"):
        return None
    names = {column: source.fields().at(position).name() for column, position in columns.items()}
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    data = gdal.OpenEx(parts["path"], gdal.OF_VECTOR | gdal.OF_READONLY)
    table = data and (data.GetLayerByName(parts["layerName"]) if parts.get("layerName") else data.GetLayer(0))
    # Of the others it only counts whether they hold anything.
    read_out = [name for name in names.values() if name not in OUT_OF_FORCE]
    if not table or not _readable(table, read_out) or table.SetAttributeFilter(subset or None):
        return None
    found = _stream(table, names, source, feedback)
    return found and found._replace(features=Features(source, layer, found.ids))


def _readable(table: ogr.Layer, names: Iterable[str]) -> bool:
    definition = table.GetLayerDefn()
    known = {
        definition.GetFieldDefn(number).GetName(): definition.GetFieldDefn(number).GetType()
        for number in range(definition.GetFieldCount())
    }
    return all(name == table.GetFIDColumn() or known.get(name) in PLAIN for name in names)


def _stream(table: ogr.Layer, names: dict[str, str], source, feedback: QgsFeedback) -> Rows | None:
    import numpy as np
    import shapely

    definition = table.GetLayerDefn()
    every = [definition.GetFieldDefn(number).GetName() for number in range(definition.GetFieldCount())]
    table.SetIgnoredFields([name for name in every if name not in names.values()])
    ids, shapes = [], []
    values = {column: [] for column in names}
    fid, geometry = table.GetFIDColumn(), table.GetGeometryColumn()
    options = ["USE_MASKED_ARRAYS=YES", f"MAX_FEATURES_IN_BATCH={BATCH}"]
    for batch in table.GetArrowStreamAsNumPy(options):
        stop_if_cancelled(feedback)
        ids += batch[fid].tolist()
        pieces = batch[geometry].tolist()
        # A text as the bytes of a memory view, not as an array, in some versions.
        shapes += [None if piece is None else bytes(piece) for piece in pieces]
        for column, name in names.items():
            values[column] += list(_plain(batch[name].tolist()))
    if QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry:
        outlines = shapely.from_wkb(np.array(shapes, dtype=object))
        if not shapely.is_valid(outlines[~shapely.is_missing(outlines)]).all():
            return None
    return Rows(ids, shapes, values, ())


def _plain(items: list) -> Iterator[object]:
    return (item.decode("utf-8", "replace") if isinstance(item, bytes) else item for item in items)
