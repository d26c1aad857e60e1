"""Archiving records from the menu, from the attribute table and from a form."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsFeature, QgsVectorLayer
from qgis.gui import QgsGui, QgsMapLayerAction
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QMessageBox

from ..i18n import translate
from ..layers.compat import feature_targets
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.withdrawal import can_withdraw, withdraw
from ..styles import FOLDER
from .messages import telling

ICON = FOLDER / "icon_archive.svg"


class ArchiveAction(QgsMapLayerAction):
    """The entry in the menus of features of the layers whose rows can be archived."""

    def __init__(self, iface, parent):
        text = translate("Tisserand", "Archive this record…")
        super().__init__(text, parent, feature_targets(QgsMapLayerAction), QIcon(str(ICON)))
        self.setObjectName("TisserandArchiveFeature")
        self.iface = iface
        self.triggeredForFeature.connect(lambda layer, feature: self._run(layer, [feature]))
        self.triggeredForFeatures.connect(self._run)

    def canRunUsingLayer(self, layer, *_):  # noqa: N802
        return can_withdraw(layer)

    def _run(self, layer, features) -> None:
        telling(self.iface, lambda: archive(self.iface, layer, features))


def archive_selected(iface) -> None:
    """Archive what is selected in the active layer, after a question."""
    layer = iface.activeLayer()
    if not can_withdraw(layer) or not layer.selectedFeatureCount():
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "Nothing to archive: select the records in a layer of the workspace, then try again."
            )
        )
    archive(iface, layer, layer.selectedFeatures())


def archive(iface, layer: QgsVectorLayer, features: Iterable[QgsFeature]) -> None:
    """Ask, archive, and say how many records the store now holds as archived."""
    features = list(features)
    question = translate(
        "Tisserand",
        "Archive %n record(s) of “{layer}”? They will no longer be shown, counted or printed; they stay in the "
        "workspace with their history.",
        "",
        len(features),
    ).format(layer=layer.name())
    title = translate("Tisserand", "Archive")
    if QMessageBox.question(iface.mainWindow(), title, question) != QMessageBox.StandardButton.Yes:
        return
    done = withdraw(layer, features)
    text = translate("Tisserand", "%n record(s) archived in “{layer}”.", "", done.count).format(layer=layer.name())
    iface.messageBar().pushSuccess("Tisserand", text)


def add_action(iface, parent) -> ArchiveAction:
    """Make the entry known to QGIS; it lives until ``remove_action``."""
    action = ArchiveAction(iface, parent)
    QgsGui.mapLayerActionRegistry().addMapLayerAction(action)
    return action


def remove_action(action: ArchiveAction) -> None:
    """Take the entry out of QGIS's menus."""
    QgsGui.mapLayerActionRegistry().removeMapLayerAction(action)
    action.deleteLater()
