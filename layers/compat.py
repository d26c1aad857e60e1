"""Names that moved between QGIS versions, asked for here and in ``fields.py`` alone; gone when 3.26 is the floor."""

from qgis.core import Qgis, QgsAttributeEditorContainer, QgsPalLayerSettings, QgsProject

if hasattr(Qgis, "LabelPlacement"):
    LABELS_AROUND_POINT = Qgis.LabelPlacement.OrderedPositionsAroundPoint
    LABELS_HORIZONTAL = Qgis.LabelPlacement.Horizontal
    LABELS_FROM_SYMBOL_BOUNDS = Qgis.LabelOffsetType.FromSymbolBounds
    LABELS_OVER_POINT = Qgis.LabelPlacement.OverPoint
    LABELS_CENTRED = Qgis.LabelMultiLineAlignment.Center
else:
    LABELS_OVER_POINT = QgsPalLayerSettings.Placement.OverPoint
    LABELS_CENTRED = QgsPalLayerSettings.MultiLineAlign.MultiCenter
    LABELS_AROUND_POINT = QgsPalLayerSettings.Placement.OrderedPositionsAroundPoint
    LABELS_HORIZONTAL = QgsPalLayerSettings.Placement.Horizontal
    LABELS_FROM_SYMBOL_BOUNDS = QgsPalLayerSettings.OffsetType.FromSymbolBounds


def make_tab(container: QgsAttributeEditorContainer) -> None:
    """Let a container of a form be a tab; QGIS would draw a box."""
    if hasattr(Qgis, "AttributeEditorContainerType"):
        container.setType(Qgis.AttributeEditorContainerType.Tab)
    else:
        container.setIsGroupBox(False)


def shares_transactions(project: QgsProject) -> bool:
    """Say whether a project saves its layers together, in transaction groups or as one buffer."""
    if hasattr(project, "transactionMode"):
        return project.transactionMode() != Qgis.TransactionMode.Disabled
    return project.autoTransaction()


def stop_sharing_transactions(project: QgsProject) -> None:
    """Let each layer of a project be saved by itself; QGIS does nothing while a layer is being edited."""
    if hasattr(project, "transactionMode"):
        project.setTransactionMode(Qgis.TransactionMode.Disabled)
    else:
        project.setAutoTransaction(False)


def transaction_signal(project: QgsProject):
    """Return the signal that a project sends when the way it saves its layers changes."""
    return getattr(project, "transactionModeChanged", project.transactionGroupsChanged)


def feature_targets(action: type):
    """Return what an action on one feature or several is declared with; ``action`` is QgsMapLayerAction."""
    if hasattr(Qgis, "MapLayerActionTarget"):
        kinds, flags = Qgis.MapLayerActionTarget, Qgis.MapLayerActionTargets
    else:
        kinds, flags = action.Target, action.Targets
    return flags(kinds.SingleFeature) | kinds.MultipleFeatures
