"""The import window: three steps, each of which works in the background and can be stopped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from qgis.core import QgsProject
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from ...i18n import translate
from ...layers.errors import CancelledError, TisserandError
from ...layers.project import layers_of
from .background import Looked, ReadTask, Run, rows_of
from .check_page import Checked, CheckPage
from .columns_page import ColumnsPage
from .file_page import FilePage

ALGORITHM = "tisserand:importactors"
TABLE = "acteur"
FILE, COLUMNS, CHECK = range(3)
CAUSES = ("ligne", "champ", "valeur", "cause")
TWINS = ("ligne", "nom", "jumeau_nom", "jumeau_source", "raison")


class ImportDialog(QDialog):
    """Brings actors of a file into ``store``; ``imported`` is told the numbers of the algorithm."""

    imported = pyqtSignal(dict)

    def __init__(self, store: Path, parent=None):
        super().__init__(parent)
        self.store = store
        self.looked: Looked | None = None
        self.reading: ReadTask | None = None
        self.running: Run | None = None
        # Whether the rows on show are those that would be imported.
        self.checked = False
        self.folder = TemporaryDirectory(prefix="tisserand-")
        self.setObjectName("TisserandImport")
        self.setWindowTitle(translate("Tisserand", "Import actors"))
        self.resize(980, 640)
        self.steps = QLabel()
        self.file_page, self.columns_page, self.check_page = FilePage(), ColumnsPage(TABLE), CheckPage()
        self.pages = QStackedWidget()
        for page in (self.file_page, self.columns_page, self.check_page):
            self.pages.addWidget(page)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.bar = QProgressBar()
        self.stop_button = QPushButton(translate("Tisserand", "S&top"))
        self.back_button = QPushButton(translate("Tisserand", "&Back"))
        self.next_button = QPushButton(translate("Tisserand", "&Next"))
        self.import_button = QPushButton(translate("Tisserand", "&Import"))
        self.close_button = QPushButton(translate("Tisserand", "&Close"))
        self._lay_out()
        self._connect()
        self._show_step(FILE)

    def _lay_out(self) -> None:
        progress = QHBoxLayout()
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.stop_button)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.back_button, self.next_button, self.import_button, self.close_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.steps)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.said)
        layout.addLayout(progress)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.file_page.chosen.connect(self.read)
        self.columns_page.changed.connect(self._mapping_changed)
        self.check_page.decided.connect(self.check)
        self.back_button.clicked.connect(lambda: self._show_step(self.pages.currentIndex() - 1))
        self.next_button.clicked.connect(self._go_on)
        self.import_button.clicked.connect(self.bring_in)
        self.stop_button.clicked.connect(self.stop)
        self.close_button.clicked.connect(self.close)

    # Step 1: the file.

    def read(self) -> None:
        """Read the file that is chosen."""
        self.looked = None
        self.check_page.forget()
        path = self.file_page.path
        if not path.is_file():
            self.file_page.clear()
            self._update()
            return
        self.reading = ReadTask(path, self.file_page.kind, self.store, TABLE)
        task = self.reading
        task.done.connect(lambda answer: self._have_read(task, answer))
        self._say(translate("Tisserand", "Reading the file…"))
        task.start()
        self._update()

    def _have_read(self, task: ReadTask, answer: object) -> None:
        if task is not self.reading:
            # Another file was chosen meanwhile.
            return
        self.reading = None
        if isinstance(answer, Looked):
            self.looked = answer
            self.file_page.show_sheet(answer)
            self.columns_page.show_mapping(answer)
            self._say("")
        else:
            error = answer if isinstance(answer, TisserandError) else CancelledError()
            self.file_page.clear(error.sentence(translate))
            self._say("")
        self._update()

    # Step 2: the columns.

    def _mapping_changed(self) -> None:
        self.check_page.forget()
        self._update()

    # Step 3: a look, then the import.

    def check(self) -> None:
        """Ask the algorithm what it would do, without doing it."""
        tables = {name: "memory:" for name in ("REJECTS", "REMARKS", "PROPOSALS")}
        self._start({"DRY_RUN": True, **tables}, self._checked)
        self._say(translate("Tisserand", "Checking the rows; nothing is written…"))

    def _checked(self, run: Run, results: dict) -> None:
        rejects = rows_of(run, results.get("REJECTS"), *CAUSES, "accord")
        waiting = Counter(kind for kind, _ in {(row[-1], row[0]) for row in rejects} if kind)
        checked = Checked(
            results,
            [row[:-1] for row in rejects],
            rows_of(run, results.get("REMARKS"), *CAUSES),
            rows_of(run, results.get("PROPOSALS"), *TWINS),
            waiting,
        )
        self.check_page.show_checked(checked)
        self.checked = True
        self._say("")
        self._update()

    def bring_in(self) -> None:
        """Import."""
        self._start({"DRY_RUN": False, "REJECTS": None}, self._brought_in)
        self._say(translate("Tisserand", "Importing…"))

    def _brought_in(self, run: Run, results: dict) -> None:
        text = translate(
            "Tisserand", "Done: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected."
        )
        done = {name.lower(): results[name] for name in ("CREATED", "UPDATED", "UNCHANGED", "REJECTED")}
        self.check_page.numbers.setText(text.format(**done))
        self._say("")
        for name in (TABLE, "service"):
            for layer in layers_of(QgsProject.instance(), name):
                layer.reload()
                layer.triggerRepaint()
        self.imported.emit(results)

    def parameters(self) -> dict:
        """Return the parameters of the algorithm as the steps have them."""
        mapping = Path(self.folder.name) / "mapping.json"
        mapping.write_text(self.columns_page.mapping.to_json(), encoding="utf-8")
        return {
            "INPUT": str(self.file_page.path),
            "FORMAT": self.file_page.kind,
            "MAPPING": str(mapping),
            "SOURCE": self.file_page.source_name(self.looked),
            "STORE": str(self.store),
            "ACCEPT": self.check_page.accepted,
            "CREATE_ROWS": ", ".join(map(str, self.check_page.created_rows)),
        }

    def _start(self, more: dict, then) -> None:
        if self.running is not None:
            # A decision was taken while rows are checked: the answer to come would not know it.
            self.running.cancel()
        run = Run(ALGORITHM, {**self.parameters(), **more})
        self.running = run
        self.checked = False
        run.progressed.connect(lambda percent: self._progressed(run, percent))
        run.ended.connect(lambda answer: self._ended(run, answer, then))
        self.bar.setValue(0)
        run.start()
        self._update()

    def _progressed(self, run: Run, percent: float) -> None:
        # One that was cancelled may still tell when the window is gone.
        if run is self.running:
            self.bar.setValue(round(percent))

    def _ended(self, run: Run, answer: object, then) -> None:
        if run is not self.running:
            return
        self.running = None
        self._update()
        if isinstance(answer, dict):
            then(run, answer)
        else:
            self._say(str(answer))

    # All steps.

    def stop(self) -> None:
        """Stop what is under way; nothing of it is written."""
        if self.running is not None:
            self.running.cancel()
        if self.reading is not None:
            # What a library reads in one go is not waited for.
            self.reading.cancel()
            self.reading = None
            self._say(CancelledError().sentence(translate))
            self._update()

    def done(self, result: int) -> None:
        """Close, and stop what is under way."""
        self.stop()
        self.running = self.reading = None
        self.folder.cleanup()
        super().done(result)

    def _go_on(self) -> None:
        step = self.pages.currentIndex() + 1
        self._show_step(step)
        if step == CHECK:
            self.check()

    def _show_step(self, step: int) -> None:
        if self.pages.currentIndex() == CHECK and step < CHECK and self.running is not None:
            self.stop()
        self.pages.setCurrentIndex(step)
        self._say("")
        self._update()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)

    def _update(self) -> None:
        """Enable what can be done now."""
        step, busy = self.pages.currentIndex(), self.running is not None
        names = (
            translate("Tisserand", "1 File"),
            translate("Tisserand", "2 Columns"),
            translate("Tisserand", "3 Check and import"),
        )
        shown = [f"<b>{name}</b>" if number == step else name for number, name in enumerate(names)]
        self.steps.setText("   ›   ".join(shown))
        ready = (self.looked is not None, self.columns_page.complete, False)[step]
        self.back_button.setEnabled(step > FILE)
        self.next_button.setVisible(step < CHECK)
        self.next_button.setEnabled(ready)
        self.next_button.setDefault(step < CHECK)
        self.import_button.setVisible(step == CHECK)
        self.import_button.setEnabled(self.checked and not busy)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy or self.reading is not None)
