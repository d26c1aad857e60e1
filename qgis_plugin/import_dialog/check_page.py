"""Step 3 of the import window: what would be done, what is refused and why, what a person must decide."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QGroupBox, QLabel, QTabWidget, QVBoxLayout, QWidget

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP
from .lists import cell, fill, new_list

# Rows of a list that are shown: the report has 500, the tables of the algorithm all.
SHOWN = 1000
MENDINGS = {
    "swapped": QT_TRANSLATE_NOOP("Tisserand", "Exchange longitude and latitude where they are swapped: {count}"),
    "projected": QT_TRANSLATE_NOOP("Tisserand", "Turn projected coordinates into degrees: {count}"),
    "merged_commune": QT_TRANSLATE_NOOP("Tisserand", "Write the present commune in place of one that merged: {count}"),
    "lost_zero": QT_TRANSLATE_NOOP("Tisserand", "Give codes back the zero that they lost: {count}"),
    "arrondissement": QT_TRANSLATE_NOOP("Tisserand", "Write the commune in place of its municipal district: {count}"),
}


class Checked(NamedTuple):
    """The answer of a dry run.

    ``numbers`` are those of the algorithm. ``rejects`` and ``remarks`` are (row, field, value, cause), ``twins``
    (row, name, name here, source, reason). ``mendings`` counts the rows that wait for an agreement, by its kind.
    """

    numbers: dict[str, int]
    rejects: list[tuple]
    remarks: list[tuple]
    twins: list[tuple]
    mendings: Counter


class CheckPage(QWidget):
    """``decided`` is told when a person agrees to a mending, or says that a row is another actor."""

    decided = pyqtSignal()

    def __init__(self):
        super().__init__()
        self.numbers = QLabel()
        self.numbers.setTextFormat(Qt.TextFormat.PlainText)
        font = self.numbers.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        self.numbers.setFont(font)
        self.numbers.setWordWrap(True)
        self.agreements = QGroupBox(translate("Tisserand", "To be agreed to"))
        inside = QVBoxLayout(self.agreements)
        self.boxes = {kind: QCheckBox() for kind in MENDINGS}
        for box in self.boxes.values():
            inside.addWidget(box)
            box.clicked.connect(lambda _: self.decided.emit())
        of_rejects = (
            translate("Tisserand", "Row"),
            translate("Tisserand", "Field"),
            translate("Tisserand", "Value"),
            translate("Tisserand", "Cause and cure"),
        )
        self.rejects, self.remarks = new_list(of_rejects, 3), new_list(of_rejects, 3)
        self.twins = new_list(
            (
                translate("Tisserand", "Another one: create"),
                translate("Tisserand", "Row"),
                translate("Tisserand", "In the file"),
                translate("Tisserand", "Already here"),
                translate("Tisserand", "Source"),
                translate("Tisserand", "Reason"),
            ),
            5,
        )
        self.twins.itemChanged.connect(self._changed)
        self.tabs = QTabWidget()
        for widget in (self.rejects, self.twins, self.remarks):
            self.tabs.addTab(widget, "")
        layout = QVBoxLayout(self)
        layout.addWidget(self.numbers)
        layout.addWidget(self.agreements)
        layout.addWidget(self.tabs, 1)
        self.clear()

    @property
    def accepted(self) -> list[str]:
        """Kinds of mending that are agreed to."""
        return [kind for kind, box in self.boxes.items() if box.isChecked()]

    @property
    def created_rows(self) -> list[int]:
        """Rows that a person says are another actor."""
        ticked = []
        for number in range(self.twins.rowCount()):
            if self.twins.item(number, 0).checkState() == Qt.CheckState.Checked:
                ticked.append(int(self.twins.item(number, 1).text()))
        return ticked

    def forget(self) -> None:
        """Take back all decisions: another file, or other columns."""
        for box in self.boxes.values():
            box.setChecked(False)
        self._fill_twins([])

    def clear(self) -> None:
        """Show nothing; decisions stay."""
        self.numbers.setText("")
        for listed in (self.rejects, self.remarks):
            listed.setRowCount(0)
        self._title_tabs(0, 0, 0)
        self.agreements.setVisible(bool(self.accepted))

    def show_checked(self, checked: Checked) -> None:
        """Show the answer of a dry run."""
        self.numbers.setText(in_words(checked.numbers))
        agreed = set(self.accepted)
        for kind, box in self.boxes.items():
            count = checked.mendings[kind]
            box.setVisible(bool(count) or kind in agreed)
            # Once agreed to, no row waits any more: the number it had stays.
            if count:
                box.setText(translate("Tisserand", MENDINGS[kind]).format(count=count))
        self.agreements.setVisible(bool(checked.mendings) or bool(agreed))
        fill(self.rejects, checked.rejects[:SHOWN])
        fill(self.remarks, checked.remarks[:SHOWN])
        self._fill_twins(checked.twins)
        self._title_tabs(checked.numbers["REJECTED"], len(checked.twins), len(checked.remarks))

    def _fill_twins(self, twins: list[tuple]) -> None:
        ticked = set(self.created_rows)
        self.twins.blockSignals(True)
        fill(self.twins, [("", *twin) for twin in twins])
        for number, twin in enumerate(twins):
            box = cell("")
            box.setFlags(box.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            box.setCheckState(Qt.CheckState.Checked if twin[0] in ticked else Qt.CheckState.Unchecked)
            self.twins.setItem(number, 0, box)
        self.twins.blockSignals(False)

    def _changed(self, item) -> None:
        if item.column() == 0:
            self.decided.emit()

    def _title_tabs(self, rejected: int, twins: int, remarks: int) -> None:
        titles = (
            translate("Tisserand", "Rejected rows ({count})").format(count=rejected),
            translate("Tisserand", "Possible duplicates ({count})").format(count=twins),
            translate("Tisserand", "Remarks ({count})").format(count=remarks),
        )
        for number, title in enumerate(titles):
            self.tabs.setTabText(number, title)


def in_words(numbers: dict[str, int]) -> str:
    """Return the fates of the rows in a line."""
    told = (
        translate("Tisserand", "{count} rows read").format(count=numbers["READ"]),
        translate("Tisserand", "{count} to create").format(count=numbers["CREATED"]),
        translate("Tisserand", "{count} to update").format(count=numbers["UPDATED"]),
        translate("Tisserand", "{count} unchanged").format(count=numbers["UNCHANGED"]),
        translate("Tisserand", "{count} rejected").format(count=numbers["REJECTED"]),
    )
    return "   ·   ".join(told)
