"""The findings as a tree: grouped by subject and remedy, filtered by words and by severity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from ...i18n import translate

ICONS = {"error": "/mIconCritical.svg", "warning": "/mIconWarning.svg", "note": "/mIconInfo.svg"}
FINDING, SEVERITY, REMEDY, PAGE = range(4)
ROW = Qt.ItemDataRole.UserRole
MANY = 8
"""From so many findings with one remedy on, they stand under it."""


class Row(NamedTuple):
    """A row of the algorithm's table."""

    severity: str
    subject: str
    finding: str
    remedy: str
    table: str
    uuid: str
    page: int
    code: str

    @property
    def leads_somewhere(self) -> bool:
        return bool(self.table)


class FindingsTree(QTreeWidget):
    """``chosen`` is told the row that a double click or Enter asks to go to."""

    chosen = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("TisserandFindings")
        self.setHeaderLabels(
            [
                translate("Tisserand", "Finding"),
                translate("Tisserand", "Severity"),
                translate("Tisserand", "Remedy"),
                translate("Tisserand", "Page"),
            ]
        )
        self.setAccessibleName(translate("Tisserand", "Findings"))
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(FINDING, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(SEVERITY, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(REMEDY, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(PAGE, QHeaderView.ResizeMode.ResizeToContents)
        self.itemActivated.connect(self._activated)

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show rows, those of a subject together, and within it many that ask for the same remedy."""
        self.clear()
        rows = list(rows)
        alike = Counter((row.subject, row.remedy) for row in rows)
        groups: dict[tuple[str, ...], QTreeWidgetItem] = {}
        for row in rows:
            within = self._group(groups, (row.subject,), self)
            if alike[row.subject, row.remedy] >= MANY:
                within = self._group(groups, (row.subject, row.remedy), within)
            item = QTreeWidgetItem(within, self._texts(row))
            item.setIcon(SEVERITY, QgsApplication.getThemeIcon(ICONS[row.code]))
            item.setData(FINDING, ROW, row)
            item.setToolTip(FINDING, row.finding)
            item.setToolTip(REMEDY, row.remedy)
            item.setTextAlignment(PAGE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for name, group in groups.items():
            group.setExpanded(len(name) == 1)

    @staticmethod
    def _group(groups: dict, name: tuple[str, ...], within) -> QTreeWidgetItem:
        if name not in groups:
            groups[name] = QTreeWidgetItem(within, [name[-1]])
            groups[name].setData(SEVERITY, ROW, name[-1])
            groups[name].setFirstColumnSpanned(True)
        return groups[name]

    @staticmethod
    def _texts(row: Row) -> list[str]:
        return [row.finding, row.severity, row.remedy, str(row.page) if row.page else ""]

    def narrow(self, words: str, codes: set[str]) -> int:
        """Show only rows of these severities that have all the words; return how many."""
        wanted = words.casefold().split()

        def fits(row: Row) -> bool:
            text = " ".join((row.subject, row.finding, row.remedy, row.severity)).casefold()
            return row.code in codes and all(word in text for word in wanted)

        def shown_in(item: QTreeWidgetItem) -> int:
            row = item.data(FINDING, ROW)
            if row is not None:
                shown = int(fits(row))
            else:
                shown = sum(shown_in(item.child(index)) for index in range(item.childCount()))
                item.setText(FINDING, f"{item.data(SEVERITY, ROW)} ({shown})")
                if wanted and shown:
                    item.setExpanded(True)
            item.setHidden(not shown)
            return shown

        return sum(shown_in(self.topLevelItem(place)) for place in range(self.topLevelItemCount()))

    @property
    def current_row(self) -> Row | None:
        """Return the row at hand, None on a group."""
        item = self.currentItem()
        return item.data(FINDING, ROW) if item is not None else None

    def _activated(self, item: QTreeWidgetItem) -> None:
        row = item.data(FINDING, ROW)
        if row is not None:
            self.chosen.emit(row)
