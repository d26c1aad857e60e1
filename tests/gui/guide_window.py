"""Run inside QGIS by test_guide_dialog.py: use the window of the guide as a person does, write what was seen."""

import os
import time

from hands import OUT, picture, press, wait, when_ready
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QEvent, Qt, QTimer
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLabel, QMenu
from qgis.utils import iface, plugins

PROJECT = os.environ["TISSERAND_PROJECT"]


def fields_of(dialog):
    """Return, for each widget that takes the focus by Tab, what a screen reader calls it."""
    named = {label.buddy(): label.text() for label in dialog.findChildren(QLabel) if label.buddy() is not None}
    found = []
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        QApplication.processEvents()
        widget = dialog.tabs.currentWidget()
        while True:
            widget = widget.nextInFocusChain()
            if not dialog.tabs.currentWidget().isAncestorOf(widget):
                break
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                name = widget.accessibleName() or named.get(widget) or getattr(widget, "text", str)()
                found.append([type(widget).__name__, name, widget.toolTip()])
    dialog.tabs.setCurrentIndex(0)
    return found


def layouts():
    """Return the names of the layouts of the project."""
    return sorted(layout.name() for layout in QgsProject.instance().layoutManager().printLayouts())


def go_through(seen):
    """Note what the window says and does."""
    from tisserand.guide import project_settings

    iface.addProject(PROJECT)
    commands = plugins["tisserand"].commands
    menu = iface.mainWindow().findChild(QMenu, "TisserandMenu")
    next(action for action in menu.actions() if action.objectName() == "TisserandGuide").trigger()
    dialog = commands.guiding
    wait(dialog.isVisible)
    seen["fields"] = fields_of(dialog)
    sections = dialog.tabs.edition_page.sections
    seen["sections at first"] = [sections.list.count(), list(sections.chosen)]
    sections.list.setFocus()
    sections.list.setCurrentRow(2)
    moved = sections.list.currentItem().data(Qt.ItemDataRole.UserRole)
    QTest.keyClick(sections.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(sections.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    for row in range(4, sections.list.count()):
        sections.list.setCurrentRow(row)
        QTest.keyClick(sections.list, Qt.Key.Key_Space)
    seen["sections"] = [moved, list(sections.chosen)]
    dialog.tabs.files_page.pdf.setFilePath(str(OUT / "guide.pdf"))
    picture(dialog, "guide-1")
    dialog.tabs.setCurrentIndex(1)
    dialog.tabs.texts_page.title.setText("Guide d'essai")
    dialog.tabs.texts_page.foreword.setPlainText("Un mot.\n\nUn autre.")
    picture(dialog, "guide-2")
    dialog.tabs.setCurrentIndex(2)
    dialog.tabs.look_page.colours["accent"].setColor(QColor("#ffee00"))
    seen["too light"] = dialog.tabs.look_page.said.text()
    picture(dialog, "guide-3")
    dialog.tabs.look_page.colours["accent"].setColor(QColor("#7a1f5c"))
    seen["dark enough"] = dialog.tabs.look_page.said.text()

    # Settings in a file.
    dialog.save(OUT / "reglages.json")
    dialog.tabs.texts_page.title.setText("Autre titre")
    dialog.load(OUT / "reglages.json")
    seen["loaded"] = [dialog.tabs.texts_page.title.text(), dialog.tabs.settings().colours.accent]
    (OUT / "reglages.json").write_text("{", encoding="utf-8")
    dialog.load(OUT / "reglages.json")
    seen["not loaded"] = [dialog.said.toPlainText(), dialog.tabs.texts_page.title.text()]
    dialog.tabs.files_page.record.setChecked(True)

    # Printing, stopped, then whole; the window lives meanwhile.
    pulses = []
    timer = QTimer()
    timer.timeout.connect(lambda: pulses.append(time.monotonic()))
    timer.start(20)
    QTimer.singleShot(300, lambda: press(dialog.stop_button))
    dialog.tabs.setCurrentIndex(4)
    press(dialog.print_button)
    seen["stopped"] = [dialog.said.toPlainText(), (OUT / "guide.pdf").exists(), dialog.print_button.isEnabled()]
    pulses.clear()
    QTimer.singleShot(1500, lambda: picture(dialog, "guide-4"))
    press(dialog.print_button)
    timer.stop()
    seen["pulses"] = len(pulses)
    seen["longest silence"] = max(after - before for before, after in zip(pulses, pulses[1:]))
    seen["printed"] = [dialog.said.toPlainText(), (OUT / "guide.pdf").exists(), dialog.open_button.isVisible()]
    picture(dialog, "guide-5")
    kept = project_settings.read(QgsProject.instance(), dialog.store)
    seen["kept"] = [kept.title, kept.colours.accent, list(kept.sections), QgsProject.instance().isDirty()]

    # The layout designer.
    page = dialog.tabs.templates_page
    page.page_number.setValue(4)
    dialog.tabs.setCurrentIndex(3)
    seen["no template"] = page.template_button.isEnabled()
    press(page.page_button)
    seen["page"] = [layouts(), dialog.said.toPlainText()]
    wait(lambda: iface.openLayoutDesigners())
    designer = iface.openLayoutDesigners()[0]
    QTest.qWait(500)
    picture(designer.window(), "guide-designer")
    seen["items"] = sorted({item.id().split(":")[0] for item in designer.layout().items() if hasattr(item, "id")})
    press(page.copy_button)
    seen["copied"] = [dialog.said.toPlainText(), page.template.count(), page.folder.filePath()]
    page.template.setCurrentIndex(page.template.findText("page.qpt"))
    picture(dialog, "guide-templates")
    press(page.template_button)
    seen["template"] = layouts()
    wait(lambda: len(iface.openLayoutDesigners()) == 2)
    for opened in iface.openLayoutDesigners():
        opened.close()
    page.page_number.setValue(9999)
    press(page.page_button)
    seen["no such page"] = dialog.said.toPlainText()

    # Closed by Escape, opened again: it is as it was left.
    dialog.tabs.texts_page.contact.setText("guide@essai.example")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    seen["open"] = dialog.isVisible()
    commands.guide({"EDITION": "2031", "AUDIENCE": 1})
    seen["again"] = [
        dialog.isVisible(),
        dialog.tabs.texts_page.contact.text(),
        dialog.tabs.choices()["edition"],
        dialog.tabs.choices()["audience"],
        project_settings.read(QgsProject.instance(), dialog.store).contact,
    ]
    commands._close_guide()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    commands.guide()
    seen["anew"] = [commands.guiding is dialog, commands.guiding.tabs.texts_page.contact.text()]


when_ready(go_through)
