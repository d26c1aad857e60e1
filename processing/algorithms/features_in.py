"""Features of QGIS on their way into the workspace: values as text, outlines in the CRS of the store."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsFeedback,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsWkbTypes,
)

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import GEOMETRY, read_rows
from ...layers.territories.planning import Given
from ...layers.territories.wfs import Answer, read_wfs
from .frames import CHUNK, stop_if_cancelled


def given_territories(
    source: QgsFeatureSource | Fetched,
    fields: dict[str, str | None],
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsFeedback,
) -> list[Given]:
    """Return the features as rows; ``fields`` names those of CODE_FIELD, NAME_FIELD and POPULATION_FIELD.

    The outline is b"" where it cannot be brought into ``crs``. Raises TisserandError for a layer without
    a CRS that has geometries.
    """
    positions = [source.fields().lookupField(name) if name else -1 for name in fields.values()]
    transform = QgsCoordinateTransform(source.sourceCrs(), crs, context.transformContext())
    rows = []
    for number, feature in enumerate(_features(source), 1):
        if number % CHUNK == 0:
            stop_if_cancelled(feedback)
        values = [None if position < 0 else feature[position] for position in positions]
        code, name, people = (None if value == NULL else value for value in values)
        outline = _outline(feature.geometry(), source, transform)
        rows.append(Given(number, as_text(code), as_text(name), people, outline))
    return rows


def given_communes(
    source: QgsFeatureSource,
    code: str,
    name: str | None,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsFeedback,
) -> list[Given]:
    """Return the communes of a layer; of one that is our own table ``territoire``, the communes in force alone."""
    given = given_territories(
        source, {"CODE_FIELD": code, "NAME_FIELD": name, "POPULATION_FIELD": None}, crs, context, feedback
    )
    names = source.fields().names()
    if not {"niveau", "remplace_le"} <= set(names):
        return given
    in_force = [feature["niveau"] == "commune" and feature["remplace_le"] == NULL for feature in _features(source)]
    return [row for row, kept in zip(given, in_force) if kept]


def as_text(value: object) -> str:
    """Return a code or name as text, "" for NULL; a whole number read as a float loses its ``.0``."""
    if value is None or value == NULL:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _features(source: QgsFeatureSource | Fetched):
    if isinstance(source, QgsProcessingFeatureSource):
        # An invalid polygon is mended and reported, instead of stopping everything.
        return source.getFeatures(QgsFeatureRequest(), QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks)
    return source.getFeatures(QgsFeatureRequest())


def _outline(geometry: QgsGeometry, source: QgsFeatureSource, transform: QgsCoordinateTransform) -> bytes | None:
    if geometry.isNull() or geometry.isEmpty():
        return None
    if not source.sourceCrs().isValid():
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "{layer} has no CRS: set it in the properties of the layer."),
            layer=source.sourceName(),
        )
    if QgsWkbTypes.isCurvedType(geometry.wkbType()):
        geometry = QgsGeometry(geometry.constGet().segmentize())
    try:
        geometry.transform(transform)
    except QgsCsException:
        return b""
    return geometry.asWkb().data()


class Fetched:
    """The answer of a service, to be read as any other source of features: with the geometries as they came."""

    def __init__(self, name: str, answer: Answer):
        self.name, self.answer = name, answer

    def sourceName(self):  # noqa: N802 - this and the names below are those of QgsFeatureSource
        return self.name

    def sourceCrs(self):  # noqa: N802
        return self.answer.crs

    def fields(self):
        return self.answer.fields

    def getFeatures(self, request):  # noqa: N802
        return iter(self.answer.features)


def wfs_territories(
    url: str, typename: str, store: Path, crs: QgsCoordinateReferenceSystem, authcfg: str, feedback: QgsFeedback
) -> Fetched:
    """Return the features of a service around the territories of the store."""
    box = QgsRectangle()
    for row in read_rows(store, "territoire"):
        if row[GEOMETRY]:
            geometry = QgsGeometry()
            geometry.fromWkb(row[GEOMETRY])
            box.combineExtentWith(geometry.boundingBox())
    if box.isEmpty():
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The workspace {store} has no territory yet, so that nothing says where to look."
            ),
            store=store.name,
        )
    return Fetched(
        typename, read_wfs(url, typename, box, crs, authcfg=authcfg, go_on=lambda: stop_if_cancelled(feedback))
    )
