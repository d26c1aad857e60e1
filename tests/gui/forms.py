"""Run inside QGIS by test_forms.py: fill in a new record of each table as a person does, and save it.

What to type is in the file TISSERAND_FORMS (JSON: table -> {"given": {…}, "typed": {field: text or list of labels}}).
What was refused is written to seen.json.
"""

import json
import os
from pathlib import Path

from hands import OUT, when_ready
from qgis.core import QgsGeometry, QgsProject, QgsVectorLayerUtils
from qgis.gui import QgsAttributeEditorContext
from qgis.PyQt.QtCore import QEvent, QEventLoop, Qt, QTimer
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QTextEdit,
    QTreeWidget,
    QWidget,
)
from qgis.utils import iface

PLAN = json.loads(Path(os.environ["TISSERAND_FORMS"]).read_text(encoding="utf-8"))
TABLE_PROPERTY = "tisserand/table"


def settle(milliseconds=60):
    """Let QGIS do what waits."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def layer_of(name):
    """Return the first layer of a table."""
    layers = QgsProject.instance().mapLayers().values()
    return next(layer for layer in layers if layer.customProperty(TABLE_PROPERTY) == name)


def reach(form, field):
    """Show the tab of a field and return the part of the form that holds it."""
    holder = form.findChild(QWidget, field)
    page = holder
    while page.parentWidget() is not None:
        parent = page.parentWidget()
        if isinstance(parent.parentWidget(), QTabWidget):
            parent.parentWidget().setCurrentWidget(page)
        page = parent
    settle()
    return holder


def write(holder, value):
    """Type a text, step to a choice of a list, or click on choices to tick."""
    if isinstance(value, list):
        tree = holder.findChild(QTreeWidget)
        for label in value:
            click(tree, label)
        return
    # Hidden ones are for searching.
    kinds = (QComboBox, QPlainTextEdit, QTextEdit, QSpinBox, QLineEdit)
    target = next(found for kind in kinds for found in holder.findChildren(kind) if found.isVisible())
    if isinstance(target, QComboBox):
        step(target, value)
    else:
        target.setFocus()
        target.selectAll()
        press(target, str(value))


def press(target, text):
    """Press the keys of a text; QTest itself knows no accents."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def click(tree, label):
    """Click on the words of a choice."""
    (item,) = tree.findItems(label, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    if item.parent():
        item.parent().setExpanded(True)
    tree.scrollToItem(item)
    settle()
    place = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def step(combo, label):
    """Go down a list by the keyboard to a choice."""
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.count()):
        if combo.currentText() == label:
            return
        QTest.keyClick(combo, Qt.Key.Key_Down)
    raise AssertionError(f"{label!r} is not in the list")


def fill(name, plan):
    """Fill in a new record and save it; return what was wrong, '' when all is well."""
    layer = layer_of(name)
    layer.startEditing()
    given = {layer.fields().lookupField(field): value for field, value in plan["given"].items()}
    place = QgsGeometry.fromWkt(plan.get("at", ""))
    feature = QgsVectorLayerUtils.createFeature(layer, place, given, layer.createExpressionContext())
    dialog = iface.getFeatureForm(layer, feature)
    dialog.setMode(QgsAttributeEditorContext.Mode.AddFeatureMode)
    dialog.resize(760, 700)
    dialog.show()
    settle(200)
    for field, value in plan["typed"].items():
        write(reach(dialog, field), value)
    if "photo" in plan:
        reach(dialog, "chemin")
        choose_photo(dialog, plan["photo"])
    settle()
    accept = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    if not accept.isEnabled():
        dialog.grab().save(str(OUT / f"{name}.png"))
        return "the button OK is not to be pressed"
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    settle()
    saved = layer.commitChanges()
    return "" if saved else " ".join(layer.commitErrors())


def choose_photo(dialog, path):
    """Take a photo in; the window that asks for the file belongs to the system, so it is passed by."""
    parents = (button.parentWidget() for button in dialog.findChildren(QPushButton))
    frame = next(parent for parent in parents if hasattr(parent, "take"))
    frame.take(Path(path))


def act(seen):
    """Fill in everything."""
    seen["refused"] = {}
    for name, plan in PLAN.items():
        seen["refused"][name] = fill(name, plan)


when_ready(act, 4000)
