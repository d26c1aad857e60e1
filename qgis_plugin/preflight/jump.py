"""From a finding to what it is about: the record on the map and in its form, the analysis, the table of settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsExpression, QgsFeature, QgsFeatureRequest, QgsProject, QgsVectorLayer

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.project import layers_of, store_of
from ...layers.result_tables import GAPS_BY_TERRITORY, GROUPS, LEADS, MATCHES, NETWORKS, NEW_SITES
from .. import prefill
from .findings import Row

ANALYSES: dict[str, tuple[str, Callable[[Path], dict]]] = {
    GAPS_BY_TERRITORY: ("coveragegaps", prefill.coverage_gaps),
    GROUPS: ("similarinitiatives", prefill.similar_initiatives),
    LEADS: ("similarneeds", prefill.similar_needs),
    MATCHES: ("matchneeds", prefill.match_needs),
    NETWORKS: ("networks", prefill.networks),
    NEW_SITES: ("newlocations", prefill.new_locations),
}
"""Result table -> the algorithm to run again, and what it takes."""


def go_to(iface, store: Path, row: Row) -> None:
    """Open what a finding is about; raises TisserandError when the open project does not hold it."""
    if row.table in ANALYSES:
        from qgis import processing

        algorithm, parameters = ANALYSES[row.table]
        processing.execAlgorithmDialog(f"tisserand:{algorithm}", parameters(store))
        return
    layers = [layer for layer in layers_of(QgsProject.instance(), row.table) if store_of(layer) == store]
    if not layers:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The open project has no layer “{table}” of {store}: open the project of this workspace."
            ),
            table=row.table,
            store=store.name,
        )
    if not row.uuid:
        iface.showAttributeTable(layers[0])
        return
    for layer in layers:
        feature = _feature(layer, row.uuid)
        if feature is not None:
            _show(iface, layer, feature)
            return
    raise TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "The record is no longer in “{layer}”, or a filter hides it: take the filter off, or check again.",
        ),
        layer=layers[0].name(),
    )


def _feature(layer: QgsVectorLayer, uuid: str) -> QgsFeature | None:
    request = QgsFeatureRequest().setFilterExpression(f'"uuid" = {QgsExpression.quotedString(uuid)}').setLimit(1)
    return next(layer.getFeatures(request), None)


def _show(iface, layer: QgsVectorLayer, feature: QgsFeature) -> None:
    node = QgsProject.instance().layerTreeRoot().findLayer(layer.id())
    if node is not None:
        node.setItemVisibilityCheckedParentRecursive(True)
    iface.setActiveLayer(layer)
    layer.selectByIds([feature.id()])
    if feature.hasGeometry() and not feature.geometry().isEmpty():
        canvas = iface.mapCanvas()
        canvas.zoomToFeatureIds(layer, [feature.id()])
        canvas.flashFeatureIds(layer, [feature.id()])
    iface.openFeatureForm(layer, feature, False, False)
