"""How a result presents itself: its style with French aliases, and the parameters it was made with."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import (
    QgsDataProvider,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt import sip

from ...layers.result_metadata import KEYWORDS, parameters_of
from .outputs import unwritable

SUBLAYER_SEPARATOR = QgsDataProvider.sublayerSeparator()


class Styled(QgsProcessingLayerPostProcessorInterface):
    """Gives a result its style and its aliases once QGIS has loaded it."""

    def __init__(self, style: Callable[[QgsVectorLayer], None]):
        super().__init__()
        self.style = style

    def postProcessLayer(self, layer, context, feedback):  # noqa: N802 - name imposed by QGIS
        self.style(layer)
        layer.triggerRepaint()


# QGIS uses a post-processor after the algorithm is gone, and its context deletes it in the end: each result has one of
# its own, kept here until then.
_IN_USE: list[Styled] = []


def _styled(style: Callable[[QgsVectorLayer], None]) -> Styled:
    _IN_USE[:] = [*(styled for styled in _IN_USE if not sip.isdeleted(styled)), Styled(style)]
    return _IN_USE[-1]


def present(
    destination: str,
    style: Callable[[QgsVectorLayer], None],
    title: str,
    about: dict[str, tuple[str, str]],
    context: QgsProcessingContext,
) -> None:
    """Give the layer ``destination`` its style (a function of a module), and in its metadata the parameters ``about``.

    A person reads them in the abstract (label: value), a program in the keywords (name=value, see ``parameters_of``).
    In a GeoPackage the metadata lie in the file itself, beside other files in a ``.qmd``.
    """
    if context.willLoadLayerOnCompletion(destination):
        context.layerToLoadOnCompletionDetails(destination).setPostProcessor(_styled(style))
    metadata = QgsLayerMetadata()
    metadata.setTitle(title)
    metadata.setType("dataset")
    metadata.setAbstract("\n".join(f"{label}: {value}" for label, value in about.values()))
    metadata.setKeywords({KEYWORDS: [f"{name}={value}" for name, (_, value) in about.items()]})
    layer = QgsProcessingUtils.mapLayerFromString(destination, context)
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
    # A result that cannot say how it was made is not one; most often the disk is full.
    if layer.providerType() == "ogr" and not (_write(layer, metadata) and _has_parameters(layer.source())):
        raise unwritable(destination, "metadata")


def _has_parameters(source: str) -> bool:
    """Read back whether the metadata arrived: GDAL says written of what a full disk did not take."""
    fresh = QgsVectorLayer(source)
    fresh.loadDefaultMetadata()
    return bool(parameters_of(fresh))


def _write(layer: QgsMapLayer, metadata: QgsLayerMetadata) -> bool:
    registry = QgsProviderRegistry.instance()
    parts = registry.decodeUri("ogr", layer.source())
    if not parts["path"].lower().endswith(".gpkg"):
        return layer.saveDefaultMetadata()[1]
    # Alone in its file a table is read without its name, but its metadata are not written without it.
    parts["layerName"] = parts.get("layerName") or layer.dataProvider().subLayers()[0].split(SUBLAYER_SEPARATOR)[1]
    written, _ = registry.saveLayerMetadata("ogr", registry.encodeUri("ogr", parts), metadata)
    return written
