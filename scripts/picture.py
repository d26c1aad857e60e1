"""Run inside QGIS (see window.sh): show the map theme of the actors and save a picture of the window."""

import os
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface

PICTURE = Path(os.environ["TISSERAND_PICTURE"])
THEME = os.environ["TISSERAND_THEME"]
SHOWN_DOCKS = {"Layers"}


def prepare():
    """Lay the window out as the manual shows it, and come back when the map is drawn."""
    window = iface.mainWindow()
    window.resize(1500, 940)
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(dock.objectName() in SHOWN_DOCKS)
    iface.messageBar().clearWidgets()
    project = QgsProject.instance()
    view = iface.layerTreeView()
    project.mapThemeCollection().applyTheme(THEME, project.layerTreeRoot(), view.layerTreeModel())
    iface.mapCanvas().setExtent(project.viewSettings().defaultViewExtent())
    iface.mapCanvas().refresh()
    QTimer.singleShot(4000, take)


def take():
    """Save the picture and leave."""
    status = 1
    try:
        iface.messageBar().clearWidgets()
        QApplication.processEvents()
        status = 0 if iface.mainWindow().grab().save(str(PICTURE)) else 1
    except Exception:
        traceback.print_exc()
    os._exit(status)


QTimer.singleShot(4000, prepare)
