"""Lists that are read, not written, and used by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

# Letters of a cell; the whole text is in its tooltip.
SHOWN = 400
# Pixels of a column that is not the wide one.
WIDEST = 260


def new_list(headings: Sequence[str], wide: int | None) -> QTableWidget:
    """Return an empty list; the column ``wide``, if any, takes the room that is left."""
    made = QTableWidget(0, len(headings))
    made.setHorizontalHeaderLabels(list(headings))
    made.verticalHeader().hide()
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setAlternatingRowColors(True)
    made.setWordWrap(True)
    # Tab leaves the list instead of going through its cells: the arrows do that.
    made.setTabKeyNavigation(False)
    made.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    if wide is not None:
        made.horizontalHeader().setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    return made


def fill(target: QTableWidget, rows: Iterable[Sequence[object]]) -> None:
    """Put rows in the place of those that a list has."""
    listed = list(rows)
    target.setRowCount(len(listed))
    for number, row in enumerate(listed):
        for column, value in enumerate(row):
            target.setItem(number, column, cell(value))
    fit(target)


def fit(target: QTableWidget) -> None:
    """Make the columns as wide as what is in them, within reason; the one that takes the rest of the room does so."""
    header = target.horizontalHeader()
    for column in range(target.columnCount()):
        if header.sectionResizeMode(column) != QHeaderView.ResizeMode.Stretch:
            target.resizeColumnToContents(column)
            target.setColumnWidth(column, min(target.columnWidth(column), WIDEST))


def cell(value: object) -> QTableWidgetItem:
    """Return a cell of a list, plain text whatever the file says."""
    text = "" if value is None else str(value)
    item = QTableWidgetItem(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
    if len(text) > SHOWN:
        # Qt would take a text with markup for rich text.
        item.setToolTip(text[:2000].replace("<", "‹").replace(">", "›"))
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return item
