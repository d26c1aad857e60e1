"""The dock that lists what to look at before the guide is printed, and goes to each thing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from qgis.core import NULL, QgsApplication, QgsProcessingContext, QgsProject
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDockWidget,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...i18n import translate
from ..guide_dialog.running import Work, run
from ..messages import telling
from .findings import ICONS, FindingsTree, Row
from .jump import go_to

ALGORITHM = "tisserand:guidecheck"
FIELDS = ("gravite", "sujet", "constat", "remede", "nom_table", "objet_uuid", "page", "sorte")


class PreflightDock(QDockWidget):
    """Checks the guide of ``store`` with the parameters it is given; ``print_asked`` is told them back."""

    print_asked = pyqtSignal(dict)

    def __init__(self, store: Path, iface):
        super().__init__(translate("Tisserand", "Check before printing"), iface.mainWindow())
        self.store = store
        self._iface = iface
        self._parameters: dict = {}
        self._work: Work | None = None
        self.setObjectName("TisserandPreflight")
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.words = QLineEdit()
        self.words.setPlaceholderText(translate("Tisserand", "Show only what has these words"))
        self.words.setAccessibleName(translate("Tisserand", "Filter"))
        self.words.setClearButtonEnabled(True)
        self.boxes = {code: QCheckBox() for code in ICONS}
        for code, box in self.boxes.items():
            box.setIcon(QgsApplication.getThemeIcon(ICONS[code]))
            box.setChecked(True)
        self.tree = FindingsTree()
        self.bar = QProgressBar()
        self.go_button = QPushButton(translate("Tisserand", "&Go to the record"))
        self.check_button = QPushButton(translate("Tisserand", "&Check again"))
        self.stop_button = QPushButton(translate("Tisserand", "S&top"))
        self.report_button = QPushButton(translate("Tisserand", "Save the &report…"))
        self.print_button = QPushButton(translate("Tisserand", "&Print anyway…"))
        self._lay_out()
        self._connect()
        self._name_boxes({})
        self._update()

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.addWidget(self.words, 1)
        for box in self.boxes.values():
            filters.addWidget(box)
        buttons = QHBoxLayout()
        for button in (self.go_button, self.check_button, self.report_button):
            buttons.addWidget(button)
        buttons.addWidget(self.bar, 1)
        buttons.addWidget(self.stop_button)
        buttons.addStretch(0)
        buttons.addWidget(self.print_button)
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.addWidget(self.said)
        layout.addLayout(filters)
        layout.addWidget(self.tree, 1)
        layout.addLayout(buttons)
        self.setWidget(inner)

    def _connect(self) -> None:
        self.words.textChanged.connect(self._narrow)
        for box in self.boxes.values():
            box.toggled.connect(self._narrow)
        self.tree.chosen.connect(self.go)
        self.tree.currentItemChanged.connect(self._update)
        self.go_button.clicked.connect(lambda: self.go(self.tree.current_row))
        self.check_button.clicked.connect(lambda: self.check(self._parameters))
        self.stop_button.clicked.connect(self.stop)
        self.report_button.clicked.connect(self.save_report)
        self.print_button.clicked.connect(lambda: self.print_asked.emit(dict(self._parameters)))

    @property
    def busy(self) -> bool:
        """Return whether a check is under way."""
        return self._work is not None

    def check(self, parameters: dict) -> None:
        """Run the check with the parameters of the guide and show what it finds."""
        if self.busy:
            return
        self._parameters = dict(parameters)
        results, layer = self._run({**parameters, "OUTPUT": "memory:"})
        if results is None:
            return
        rows = [
            Row(*("" if feature[name] == NULL else feature[name] for name in FIELDS)) for feature in layer.getFeatures()
        ]
        self.tree.show_rows(rows)
        self._name_boxes(Counter(row.code for row in rows))
        pages = translate("Tisserand", "Pages the guide would have: {count}.").format(count=results["PAGES_COUNT"])
        nothing = translate("Tisserand", "Nothing to correct.")
        help_text = translate("Tisserand", "Double click, or Enter: go to the record.")
        self.said.setText(f"{pages} {help_text if rows else nothing}")
        self._narrow()

    def _run(self, parameters: dict):
        """Run the algorithm here, where fonts may be measured, while QGIS stays usable; (None, None) when it failed."""
        if self.busy:
            return None, None
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        self._work = Work(lambda percent: self.bar.setValue(int(percent)))
        self.said.setText(translate("Tisserand", "Reading the workspace and laying out the pages…"))
        self._update()
        try:
            results = run(ALGORITHM, parameters, self._work, context)
        finally:
            errors, self._work = self._work.errors, None
            self._update()
        if results is None:
            self.said.setText(errors[-1] if errors else "")
            return None, None
        return results, context.takeResultLayer(results["OUTPUT"])

    def stop(self) -> None:
        """Stop a check that is under way."""
        if self._work is not None:
            self._work.cancel()

    def go(self, row: Row | None) -> None:
        """Open the record, the analysis or the table that a finding is about; else the window of the guide."""
        if row is None or self.busy:
            return
        if row.leads_somewhere:
            telling(self._iface, lambda: go_to(self._iface, self.store, row))
        else:
            self.print_asked.emit(dict(self._parameters))

    def save_report(self) -> None:
        """Ask for a file, check again and save the report there."""
        path, _ = QFileDialog.getSaveFileName(
            self, self.report_button.text().replace("&", ""), str(self.store.with_suffix(".html")), "HTML (*.html)"
        )
        if path and self._run({**self._parameters, "OUTPUT": "memory:", "REPORT": path})[0] is not None:
            self.said.setText(translate("Tisserand", "Saved: {path}").format(path=path))

    def _narrow(self, *_) -> None:
        self.tree.narrow(self.words.text(), {code for code, box in self.boxes.items() if box.isChecked()})
        self._update()

    def _name_boxes(self, counts: dict[str, int]) -> None:
        for code, text in (
            ("error", translate("Tisserand", "To correct")),
            ("warning", translate("Tisserand", "To look at")),
            ("note", translate("Tisserand", "Could be better")),
        ):
            self.boxes[code].setText(f"{text} ({counts.get(code, 0)})")

    def _update(self, *_) -> None:
        row = self.tree.current_row
        self.go_button.setEnabled(row is not None and not self.busy)
        self.go_button.setText(
            translate("Tisserand", "&Go to the record")
            if row is None or row.leads_somewhere
            else translate("Tisserand", "&Go to the window of the guide")
        )
        for button in (self.check_button, self.report_button, self.print_button):
            button.setEnabled(not self.busy and bool(self._parameters))
        for widget in (self.bar, self.stop_button):
            widget.setVisible(self.busy)

    def closeEvent(self, event):  # noqa: N802 - name imposed by Qt
        self.stop()
        super().closeEvent(event)


def open_dock(store: Path, iface) -> PreflightDock:
    """Return a new dock, at the foot of QGIS's window."""
    dock = PreflightDock(store, iface)
    iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    return dock
