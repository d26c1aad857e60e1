"""Step 1 of the import window: which file, what it was read as, its first rows."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ...i18n import translate
from ...layers.importing.files import FORMATS, Sheet, source_of
from .background import Looked
from .lists import fill, new_list

PREVIEWED = 10
COLUMNS_SHOWN = 40


def titles() -> dict[str, str]:
    """Return what each format is called."""
    own = {
        "auto": translate("Tisserand", "Recognise it"),
        "csv": "CSV",
        "xlsx": "XLSX, ODS",
        "geojson": translate("Tisserand", "GeoJSON, GeoPackage or any layer"),
        "datainclusion": "data·inclusion",
        "mednum": "Lieux de médiation numérique",
        "hsds": "HSDS",
        "gogocarto": "GoGoCarto",
    }
    return {name: own.get(name, name) for name in FORMATS}


class FilePage(QWidget):
    """``chosen`` is told when another file or format is chosen."""

    chosen = pyqtSignal()

    def __init__(self):
        super().__init__()
        self.file = QgsFileWidget()
        self.file.setDialogTitle(translate("Tisserand", "File to import"))
        self.format = QComboBox()
        for name, title in titles().items():
            self.format.addItem(title, name)
        self.source = QLineEdit()
        self.source.setPlaceholderText(translate("Tisserand", "The name of the file"))
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.preview = new_list([""], None)
        form = QFormLayout()
        form.addRow(translate("Tisserand", "&File"), self.file)
        form.addRow(translate("Tisserand", "For&mat"), self.format)
        form.addRow(translate("Tisserand", "&Source"), self.source)
        form.labelForField(self.file).setBuddy(self.file.lineEdit())
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.about)
        layout.addWidget(self.preview, 1)
        self.file.fileChanged.connect(lambda _: self.chosen.emit())
        self.format.currentIndexChanged.connect(lambda _: self.chosen.emit())

    @property
    def path(self) -> Path:
        """The file that is chosen."""
        return Path(self.file.filePath())

    @property
    def kind(self) -> str:
        """The format that is chosen."""
        return self.format.currentData()

    def source_name(self, looked: Looked) -> str:
        """Return the name under which the rows will be known."""
        return source_of(self.path, looked.mapping, self.source.text())

    def show_sheet(self, looked: Looked) -> None:
        """Say how the file was read, and show its first rows."""
        self.about.setText(described(looked.sheet))
        self.source.setPlaceholderText(source_of(self.path, looked.mapping, ""))
        columns = looked.sheet.columns[:COLUMNS_SHOWN]
        self.preview.setColumnCount(len(columns) + 1)
        self.preview.setHorizontalHeaderLabels([translate("Tisserand", "Row"), *columns])
        rows = looked.sheet.rows[:PREVIEWED]
        fill(self.preview, [[row.number, *(row.values.get(name) for name in columns)] for row in rows])

    def clear(self, sentence: str = "") -> None:
        """Show no rows, and a sentence that says why."""
        self.about.setText(sentence)
        self.preview.setRowCount(0)


def described(sheet: Sheet) -> str:
    """Return in a line what a file was read as."""
    words = {
        "encoding": translate("Tisserand", "encoding"),
        "delimiter": translate("Tisserand", "separator"),
        "decimal": translate("Tisserand", "decimal mark"),
        "layer": translate("Tisserand", "sheet or layer"),
    }
    names = {"\t": translate("Tisserand", "tab"), " ": translate("Tisserand", "blank")}
    about = [f"{words.get(key, key)} : {names.get(value, value)}" for key, value in sheet.about.items()]
    parts = [
        titles().get(sheet.format, sheet.format),
        translate("Tisserand", "{count} rows").format(count=len(sheet.rows)),
        *about,
    ]
    if sheet.rejects:
        parts.append(translate("Tisserand", "{count} rows unreadable").format(count=len(sheet.rejects)))
    return " · ".join(parts)
