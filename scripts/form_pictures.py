"""Run inside QGIS (see window.sh): open the form of each layer of the example and save a picture of each of its tabs.

    TISSERAND_PICTURES=FOLDER scripts/window.sh PROFILE fr scripts/form_pictures.py PROJECT

Pictures are named ``acteur-1.png`` … after the table and the tab, ``court-acteur-1.png`` for the short forms. With
TISSERAND_FORMS="acteur media" only these tables are pictured.
"""

import os
import traceback
from collections import Counter
from pathlib import Path

from qgis.core import NULL, QgsFeature, QgsProject, QgsVectorLayerUtils
from qgis.PyQt.QtCore import QEventLoop, Qt, QTimer
from qgis.PyQt.QtGui import QImage
from qgis.PyQt.QtWidgets import QAction, QApplication, QTabWidget
from qgis.utils import iface

FOLDER = Path(os.environ["TISSERAND_PICTURES"])
TABLE_PROPERTY = "tisserand/table"
WIDTH, HEIGHT = 680, 580
TABLES = os.environ.get(
    "TISSERAND_FORMS",
    "acteur service site visite lien besoin initiative projet evenement monographie media contribution",
).split()


def layer_of(name):
    """Return the layer of a table, None when the project has none."""
    layers = QgsProject.instance().mapLayers().values()
    return next((layer for layer in layers if layer.customProperty(TABLE_PROPERTY) == name), None)


def richest(layer):
    """Return the row with the most fields and rows of other tables, so that the pictures show filled forms."""
    rows = list(layer.getFeatures())
    if not rows:
        return QgsVectorLayerUtils.createFeature(layer)
    relations = QgsProject.instance().relationManager().referencedRelations(layer)
    children = Counter()
    for relation in relations:
        (field,) = relation.fieldPairs()
        children.update({child[field] for child in relation.referencingLayer().getFeatures()})
    return max(rows, key=lambda row: (children[row["uuid"]], sum(value != NULL for value in row.attributes())))


def settle(milliseconds=250):
    """Let QGIS draw."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def picture(layer, prefix):
    """Open the form of a row and save each of its tabs."""
    layer.startEditing()
    form = iface.getFeatureForm(layer, QgsFeature(richest(layer)))
    form.resize(WIDTH, HEIGHT)
    form.show()
    settle(500)
    tabs = form.findChild(QTabWidget)
    # Of the longest form every tab; the others end like it.
    for index in range(tabs.count() if "acteur" in prefix else 2):
        tabs.setCurrentIndex(index)
        settle()
        image = form.grab().toImage()
        # 256 colours: a form has few, and the picture weighs a third.
        flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
        image = image.convertToFormat(QImage.Format.Format_Indexed8, flags)
        image.save(str(FOLDER / f"{prefix}-{index + 1}.png"), "PNG", 0)
    form.close()
    form.deleteLater()
    settle(50)
    layer.rollBack()


def act():
    """Picture the whole forms, then the short ones, and leave."""
    status = 0
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        iface.messageBar().clearWidgets()
        for name in TABLES:
            layer = layer_of(name)
            if layer is not None:
                picture(layer, name)
        iface.mainWindow().findChild(QAction, "TisserandShortForms").trigger()
        for name in ("acteur", "besoin"):
            if name in TABLES:
                picture(layer_of(name), f"court-{name}")
        QApplication.processEvents()
    except Exception:
        traceback.print_exc()
        status = 1
    QgsProject.instance().clear()
    os._exit(status)


QTimer.singleShot(4000, act)
