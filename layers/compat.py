"""Names that moved between QGIS versions, asked for here and in ``fields.py`` alone; gone when 3.26 is the floor."""

from qgis.core import Qgis, QgsAttributeEditorContainer, QgsPalLayerSettings

if hasattr(Qgis, "LabelPlacement"):
    LABELS_AROUND_POINT = Qgis.LabelPlacement.OrderedPositionsAroundPoint
    LABELS_HORIZONTAL = Qgis.LabelPlacement.Horizontal
    LABELS_FROM_SYMBOL_BOUNDS = Qgis.LabelOffsetType.FromSymbolBounds
else:
    LABELS_AROUND_POINT = QgsPalLayerSettings.Placement.OrderedPositionsAroundPoint
    LABELS_HORIZONTAL = QgsPalLayerSettings.Placement.Horizontal
    LABELS_FROM_SYMBOL_BOUNDS = QgsPalLayerSettings.OffsetType.FromSymbolBounds


def make_tab(container: QgsAttributeEditorContainer) -> None:
    """Let a container of a form be a tab; QGIS would draw a box."""
    if hasattr(Qgis, "AttributeEditorContainerType"):
        container.setType(Qgis.AttributeEditorContainerType.Tab)
    else:
        container.setIsGroupBox(False)
