"""Run inside QGIS by test_import_dialog.py: go through the import window as a person does, write what was seen."""

import os
from pathlib import Path

from hands import picture, press, wait, when_ready
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface

STORE, FILE = Path(os.environ["TISSERAND_STORE"]), Path(os.environ["TISSERAND_FILE"])


def texts(listed):
    """Return the rows of a list."""
    columns = range(listed.columnCount())
    items = [[listed.item(row, column) for column in columns] for row in range(listed.rowCount())]
    return [[item.text() if item else None for item in row] for row in items]


def say_values(page):
    """Take the column « Genre » for the type, say what its unknown value means; return what was asked and taken."""
    from tisserand.layers.importing.files import meanings
    from tisserand.qgis_plugin.import_dialog.values_dialog import ValuesDialog

    combo = page.combos["type_initiative"]
    combo.setCurrentIndex(combo.findData("Genre"))
    combo.activated.emit(combo.currentIndex())
    row = next(row for row in range(page.list.rowCount()) if page.list.cellWidget(row, 1) is combo)
    page.list.setCurrentCell(row, 0)
    assert page.values.isEnabled()
    rule = page.mapping.columns["type_initiative"]
    asked = ValuesDialog(page.coded, meanings(page.looked.sheet, page.coded, rule), page)
    asked.show()
    picture(asked, "import-values")
    unknown = asked.combos["lieu à inventer"]
    before = unknown.currentText()
    unknown.setCurrentIndex(3)
    page.take_values("type_initiative", asked.chosen)
    asked.close()
    return [list(asked.combos), before, page.mapping.columns["type_initiative"].values]


def go_through():
    """Return what the steps say."""
    from tisserand.processing.algorithms.import_actors import ImportActors
    from tisserand.qgis_plugin.import_dialog.dialog import ImportDialog

    provider = QgsApplication.processingRegistry().providerById("tisserand")
    if provider.algorithm("importactors") is None:
        provider.addAlgorithm(ImportActors())
    dialog = ImportDialog(STORE, iface.mainWindow())
    told = []
    dialog.imported.connect(told.append)
    dialog.show()
    seen = {"next at first": dialog.next_button.isEnabled()}
    dialog.file_page.file.setFilePath(str(FILE))
    wait(lambda: dialog.looked is not None)
    seen["about"] = dialog.file_page.about.text()
    seen["preview"] = texts(dialog.file_page.preview)
    picture(dialog, "import-1")
    press(dialog.next_button)
    seen["columns"] = texts(dialog.columns_page.list)
    seen["mapped"] = {name: combo.currentText() for name, combo in dialog.columns_page.combos.items()}
    seen["values"] = say_values(dialog.columns_page)
    picture(dialog, "import-2")
    press(dialog.next_button)
    seen["while checking"] = dialog.import_button.isEnabled()
    press(dialog.stop_button)
    wait(lambda: dialog.running is None)
    seen["stopped"] = [dialog.said.text(), dialog.import_button.isEnabled(), dialog.stop_button.isVisible()]
    press(dialog.back_button)
    press(dialog.next_button)
    wait(lambda: dialog.checked)
    seen["checked"] = dialog.check_page.numbers.text()
    seen["rejects"] = texts(dialog.check_page.rejects)
    seen["twins"] = texts(dialog.check_page.twins)
    seen["agreements"] = [box.text() for box in dialog.check_page.boxes.values() if not box.isHidden()]
    picture(dialog, "import-3")
    dialog.check_page.tabs.setCurrentIndex(1)
    picture(dialog, "import-twins")
    press(dialog.check_page.boxes["swapped"])
    wait(lambda: dialog.checked)
    seen["agreed"] = dialog.check_page.numbers.text()
    dialog.check_page.twins.item(0, 0).setCheckState(Qt.CheckState.Checked)
    wait(lambda: dialog.checked)
    seen["decided"] = dialog.check_page.numbers.text()
    press(dialog.import_button)
    wait(lambda: told)
    seen["numbers"] = {name: value for name, value in told[0].items() if isinstance(value, int)}
    seen["said"] = dialog.check_page.numbers.text()
    picture(dialog, "import-4")
    press(dialog.close_button)
    seen["open"] = dialog.isVisible()
    return seen


when_ready(lambda seen: seen.update(go_through()))
