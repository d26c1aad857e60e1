"""The window of the guide."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from ...guide import project_settings
from ...guide.printing import Press, profile_templates, read
from ...i18n import translate
from ...layers.errors import TisserandError
from ...layers.geopackage import refusal
from ...processing.algorithms.guide_parameters import settings_in
from . import designer
from .running import Work, run
from .tabs import Tabs

ALGORITHM = "tisserand:guide"


class GuideDialog(QDialog):
    """Prints the guide of ``store``. Choices are kept in the open project when something is done, and at closing.

    ``printed`` is told the results of the algorithm, ``check_asked`` its parameters.
    """

    printed = pyqtSignal(dict)
    check_asked = pyqtSignal(dict)

    def __init__(self, store: Path, iface, parent=None):
        super().__init__(parent)
        self.store, self.iface = store, iface
        self.work: Work | None = None
        self.written: dict[str, str] = {}
        self.setObjectName("TisserandGuideWindow")
        self.setWindowTitle(translate("Tisserand", "Cartographic guide"))
        self.resize(860, 640)
        self.tabs = Tabs(store)
        # As many warnings as there are must not push the buttons out of the screen.
        self.said = QPlainTextEdit()
        self.said.setReadOnly(True)
        self.said.setTabChangesFocus(True)
        self.said.setMaximumHeight(110)
        self.said.setAccessibleName(translate("Tisserand", "What was done"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(translate("Tisserand", "Progress"))
        self.about = QLabel(translate("Tisserand", "What is chosen here is kept in the project: save it."))
        self.check_button = QPushButton(translate("Tisserand", "Chec&k before printing"))
        self.print_button = QPushButton(translate("Tisserand", "P&rint"))
        self.stop_button = QPushButton(translate("Tisserand", "Stop"))
        self.open_button = QPushButton(translate("Tisserand", "Open the guide"))
        self.close_button = QPushButton(translate("Tisserand", "&Close"))
        self._lay_out()
        self._connect()
        self.say("")
        self._show_kept()
        self._update()

    def _lay_out(self) -> None:
        progress = QHBoxLayout()
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.stop_button)
        buttons = QHBoxLayout()
        buttons.addWidget(self.check_button)
        buttons.addStretch(1)
        for button in (self.print_button, self.open_button, self.close_button):
            buttons.addWidget(button)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.print_button.setDefault(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.about)
        layout.addWidget(self.said)
        layout.addLayout(progress)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.check_button.clicked.connect(self.ask_check)
        self.print_button.clicked.connect(self.print_guide)
        self.stop_button.clicked.connect(self.stop)
        self.open_button.clicked.connect(self.open_guide)
        self.close_button.clicked.connect(self.close)
        self.tabs.files_page.save_settings.clicked.connect(
            lambda: self._with_file(QFileDialog.getSaveFileName, self.save)
        )
        self.tabs.files_page.load_settings.clicked.connect(
            lambda: self._with_file(QFileDialog.getOpenFileName, self.load)
        )
        self.tabs.templates_page.page_button.clicked.connect(self.open_page)
        self.tabs.templates_page.template_button.clicked.connect(self.open_template)
        self.tabs.templates_page.copy_button.clicked.connect(self.copy_templates)
        self.tabs.templates_page.template.currentIndexChanged.connect(lambda _: self._update())
        self.tabs.edition_page.sections.list.itemChanged.connect(lambda _: self._update())
        self.tabs.files_page.pdf.fileChanged.connect(lambda _: self._update())

    # What is chosen.

    def _show_kept(self) -> None:
        project = QgsProject.instance()
        try:
            self.tabs.kept = project_settings.read(project, self.store)
        except TisserandError as error:
            self.say(error.sentence(translate))
        self.tabs.show_settings(self.tabs.kept)
        built_in = {
            "edition": str(date.today().year),
            "pdf": str(self.store.with_name(f"{self.store.stem}-guide.pdf")),
        }
        self.tabs.show_choices({**built_in, **project_settings.read_choices(project)})

    def keep(self) -> bool:
        """Keep what is chosen in the project, when it changed; say why when the project does not take it."""
        project = QgsProject.instance()
        if not project_settings.belongs(project, self.store):
            return True
        settings, choices = self.tabs.settings(), self.tabs.choices()
        try:
            if settings != self.tabs.kept:
                project_settings.write(project, settings)
                self.tabs.kept = settings
        except TisserandError as error:
            self.say(error.sentence(translate))
            return False
        if choices != project_settings.read_choices(project):
            project_settings.write_choices(project, choices)
        return True

    def ask_check(self) -> None:
        """Ask for the check, with the parameters as they are chosen."""
        if self.keep():
            self.check_asked.emit(self.tabs.parameters())

    # What is done.

    def print_guide(self) -> None:
        """Print; the window stays usable, and what stood there stays until all is written."""
        if not self.keep():
            return
        work = self._begin(translate("Tisserand", "Printing the guide…"))
        try:
            results = run(ALGORITHM, self.tabs.parameters(), work)
        finally:
            self._end()
        if results is None:
            self.say(work.errors[-1])
            return
        self.written = results
        done = translate("Tisserand", "Printed: {count} pages, {path}.").format(
            count=int(results["PAGES_COUNT"]), path=results["OUTPUT"]
        )
        self.say("\n".join([done, *work.warnings]))
        self._update()
        self.printed.emit(results)

    def open_guide(self) -> None:
        """Open the PDF in the program that this computer has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.written["OUTPUT"]))

    def open_page(self) -> None:
        """Add a page to the project as a layout, and open it in the layout designer."""
        if not self.keep():
            return
        number = self.tabs.templates_page.page_number.value()
        work = self._begin(translate("Tisserand", "Composing the guide…"))
        try:
            asked = self.tabs.asked()
            content = read(asked, work.tick)
            press = Press(asked)
            book = press.compose(content, tick=work.tick)
            layout = designer.add_page(QgsProject.instance(), press, content, book, number)
        except TisserandError as error:
            self.say(error.sentence(translate))
            return
        finally:
            self._end()
        self.iface.openLayoutDesigner(layout)
        self.say(
            translate(
                "Tisserand",
                "This page is a copy: what you change in it is not read back. To change all pages of its kind, show "
                "and move its hidden items “guide:…”, then save it as a template named {name}.qpt in the folder of "
                "templates.",
            ).format(name=book.pages[number - 1].frame)
        )

    def open_template(self) -> None:
        """Add a template to the project as a layout, and open it in the layout designer."""
        path = self.tabs.templates_page.chosen
        try:
            layout = designer.add_template(QgsProject.instance(), path)
        except TisserandError as error:
            self.say(error.sentence(translate))
            return
        self.iface.openLayoutDesigner(layout)
        self.say(
            translate("Tisserand", "When it is as you like it, save it as a template over {path}.").format(path=path)
        )

    def copy_templates(self) -> None:
        """Copy the built-in templates to the profile, and use them."""
        folder = profile_templates()
        try:
            copied = designer.copy_templates(folder)
        except TisserandError as error:
            self.say(error.sentence(translate))
            return
        self.tabs.templates_page.folder.setFilePath(str(folder))
        self.tabs.templates_page.refresh()
        text = (
            translate("Tisserand", "{count} templates copied to {folder}.")
            if copied
            else translate("Tisserand", "{folder} has them already: nothing was copied.")
        )
        self.say(text.format(count=len(copied), folder=folder))

    def save(self, path: Path) -> None:
        """Write the settings to a JSON file, which serves other projects and printing without a window."""
        try:
            path.write_text(self.tabs.settings().to_json() + "\n", encoding="utf-8")
        except OSError as error:
            self.say(refusal(path, error.strerror or str(error)).sentence(translate))
            return
        self.say(translate("Tisserand", "The settings are in {path}.").format(path=path))

    def load(self, path: Path) -> None:
        """Show the settings of a JSON file."""
        try:
            self.tabs.show_settings(settings_in(path))
        except TisserandError as error:
            self.say(error.sentence(translate))

    def _with_file(self, ask, do) -> None:
        chosen, _ = ask(self, translate("Tisserand", "Settings of the guide"), str(self.store.parent), "JSON (*.json)")
        if chosen:
            do(Path(chosen))

    def stop(self) -> None:
        """Stop what is under way; nothing of it is written."""
        if self.work is not None:
            self.work.cancel()

    def done(self, result: int) -> None:
        """Close: what is under way stops, what was chosen is kept."""
        self.stop()
        if self.keep():
            super().done(result)

    # How it looks.

    def say(self, sentence: str) -> None:
        """Show a sentence until the next."""
        self.said.setPlainText(sentence)
        self.said.setVisible(bool(sentence))

    def _begin(self, sentence: str) -> Work:
        self.work = Work(lambda percent: self.bar.setValue(round(percent)))
        self.bar.setValue(0)
        self.say(sentence)
        self._update()
        # What had the focus sleeps now; the keyboard goes to what can be done.
        self.stop_button.setFocus()
        return self.work

    def _end(self) -> None:
        self.work = None
        self._update()
        self.close_button.setFocus()

    def _update(self) -> None:
        busy = self.work is not None
        ready = not busy and not self.tabs.edition_page.sections.nothing
        self.print_button.setEnabled(ready and bool(self.tabs.files_page.pdf.filePath().strip()))
        self.check_button.setEnabled(ready)
        self.tabs.templates_page.page_button.setEnabled(ready)
        self.tabs.templates_page.template_button.setEnabled(not busy and self.tabs.templates_page.chosen is not None)
        self.tabs.setEnabled(not busy)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.open_button.setVisible("OUTPUT" in self.written)
        self.open_button.setEnabled(not busy)
