"""Run inside QGIS (see window.sh): save pictures of the window of the guide and of the check before printing.

TISSERAND_PICTURES=FOLDER scripts/window.sh PROFILE fr scripts/guide_pictures.py PROJECT
"""

import os
import time
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface, plugins

FOLDER = Path(os.environ["TISSERAND_PICTURES"])
TABS = {0: "guide-fenetre", 2: "guide-apparence"}
PATIENCE = 60


def wait(condition):
    """Let QGIS live until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        QApplication.processEvents()
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)
    for _ in range(20):
        QApplication.processEvents()
        time.sleep(0.01)


def save(widget, name):
    """Save a picture of a widget."""
    if not widget.grab().save(str(FOLDER / f"{name}.png")):
        raise OSError(name)


def picture_guide(commands):
    """Picture tabs of the window of the guide."""
    commands.guide()
    dialog = commands.guiding
    wait(dialog.isVisible)
    dialog.resize(760, 640)
    for tab, name in TABS.items():
        dialog.tabs.setCurrentIndex(tab)
        wait(dialog.isVisible)
        save(dialog, name)
    dialog.close()


def picture_check(commands):
    """Picture the window with the check under the map."""
    window = iface.mainWindow()
    window.resize(1400, 900)
    for dock in window.findChildren(QDockWidget):
        dock.setVisible(False)
    commands.check_guide()
    dock = commands.checking
    wait(lambda: not dock.busy)
    window.resizeDocks([dock], [440], Qt.Orientation.Vertical)
    dock.tree.setColumnWidth(0, 700)
    iface.messageBar().clearWidgets()
    iface.mapCanvas().setExtent(QgsProject.instance().viewSettings().defaultViewExtent())
    wait(lambda: not iface.mapCanvas().isDrawing())
    save(window, "guide-controle")


def act():
    """Take the pictures and leave."""
    status = 0
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        commands = plugins["tisserand"].commands
        picture_guide(commands)
        picture_check(commands)
    except Exception:
        traceback.print_exc()
        status = 1
    QgsProject.instance().clear()
    os._exit(status)


QTimer.singleShot(4000, act)
