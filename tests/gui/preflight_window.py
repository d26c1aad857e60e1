"""Run inside QGIS by test_preflight.py: check the guide, go to what is found, write what was seen."""

import os

from hands import OUT, wait, when_ready
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDialog, QDockWidget
from qgis.utils import iface, plugins

PROJECT = os.environ["TISSERAND_PROJECT"]


def items(tree):
    """Return every finding that is shown, with its item."""
    waiting = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    found = []
    while waiting:
        item = waiting.pop(0)
        if item.isHidden():
            continue
        row = item.data(0, Qt.ItemDataRole.UserRole)
        if row is not None:
            found.append((row, item))
        waiting += [item.child(index) for index in range(item.childCount())]
    return found


def first(tree, table):
    """Return the first finding about a table."""
    return next(item for row, item in items(tree) if row.table == table and (row.uuid or table == "meta"))


def forms():
    """Return the forms that are open."""
    return [window for window in QApplication.topLevelWidgets() if isinstance(window, QDialog) and window.isVisible()]


def jump(dock, table):
    """Go to a finding by Enter; return the row, what is selected, and how many forms opened; close them."""
    before = len(forms())
    item = first(dock.tree, table)
    dock.tree.setCurrentItem(item)
    dock.tree.setFocus()
    QTest.keyClick(dock.tree, Qt.Key.Key_Return)
    wait(lambda: len(forms()) > before)
    layer = iface.activeLayer()
    selected = [feature["uuid"] for feature in layer.selectedFeatures()] if layer else []
    extent = iface.mapCanvas().extent()
    for form in forms():
        form.close()
    QApplication.processEvents()
    row = item.data(0, Qt.ItemDataRole.UserRole)
    return {"uuid": row.uuid, "selected": selected, "layer": layer.name() if layer else "", "width": extent.width()}


def look(seen):
    """Fill what test_preflight.py asks for."""
    window = iface.mainWindow()
    window.resize(1500, 950)
    iface.addProject(PROJECT)
    wait(lambda: QgsProject.instance().mapLayers())
    seen["width at first"] = iface.mapCanvas().extent().width()
    commands = plugins["tisserand"].commands
    commands.check_guide()
    dock = commands.checking
    wait(lambda: not dock.busy)
    window.resizeDocks([dock], [430], Qt.Orientation.Vertical)
    iface.messageBar().clearWidgets()
    seen["said"] = dock.said.text()
    seen["rows"] = [list(row) for row, _ in items(dock.tree)]
    seen["boxes"] = [box.text() for box in dock.boxes.values()]
    QApplication.processEvents()
    window.grab().save(str(OUT / "preflight.png"))

    seen["actor"] = jump(dock, "acteur")
    seen["territory"] = jump(dock, "territoire")
    seen["without place"] = jump(dock, "media")

    dock.words.setText("sceaux")
    QApplication.processEvents()
    seen["filtered"] = [row.finding for row, _ in items(dock.tree)]
    dock.words.clear()
    dock.boxes["warning"].setChecked(False)
    seen["without warnings"] = sorted({row.code for row, _ in items(dock.tree)})
    dock.boxes["warning"].setChecked(True)

    QgsProject.instance().removeMapLayers(
        [layer.id() for layer in QgsProject.instance().mapLayers().values() if layer.name() == "Photos et documents"]
    )
    dock.tree.setCurrentItem(first(dock.tree, "media"))
    dock.go_button.click()
    QApplication.processEvents()
    seen["message"] = [item.text() for item in iface.messageBar().items()]

    dock.print_button.click()
    wait(lambda: commands.guiding is not None and commands.guiding.isVisible())
    seen["guide window"] = commands.guiding.objectName()
    commands.guiding.close()
    commands.stop()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    names = [found.objectName() for found in window.findChildren(QDockWidget)]
    seen["docks left"] = [name for name in names if name.startswith("Tisserand")]


when_ready(look)
