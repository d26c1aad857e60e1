"""The sections of the guide, ticked and in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...i18n import translate

CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
KEY = Qt.ItemDataRole.UserRole


class SectionsList(QWidget):
    """``titles`` are the words by key, in the built-in order. Moved by dragging, by buttons, or by Alt and an arrow."""

    def __init__(self, titles: dict[str, str]):
        super().__init__()
        self.titles = titles
        self.list = QListWidget()
        self.list.setAccessibleName(translate("Tisserand", "Sections of the guide, in their order"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.up = QPushButton(translate("Tisserand", "&Up"))
        self.down = QPushButton(translate("Tisserand", "&Down"))
        self.reset = QPushButton(translate("Tisserand", "Built-in &order"))
        self.up.setToolTip(translate("Tisserand", "Print this section earlier"))
        self.down.setToolTip(translate("Tisserand", "Print this section later"))
        self.reset.setToolTip(translate("Tisserand", "Tick all sections, in the order they were made for"))
        buttons = QVBoxLayout()
        for button in (self.up, self.down, self.reset):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.up.clicked.connect(lambda: self.move(-1))
        self.down.clicked.connect(lambda: self.move(1))
        self.reset.clicked.connect(lambda: self.show_chosen(()))
        self.list.currentRowChanged.connect(lambda _: self._update())
        self.list.model().rowsMoved.connect(lambda *_: self._update())
        self.list.installEventFilter(self)
        self.show_chosen(())

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the keys that are ticked, in their order; () when all are, in the built-in order."""
        ticked = tuple(item.data(KEY) for item in self._items() if item.checkState() == CHECKED)
        return () if ticked == tuple(self.titles) else ticked

    @property
    def nothing(self) -> bool:
        """Say whether no section is ticked."""
        return not any(item.checkState() == CHECKED for item in self._items())

    def show_chosen(self, keys: Iterable[str]) -> None:
        """Show the chosen sections first, in their order, then the others; none chosen means all."""
        wanted = [key for key in dict.fromkeys(keys) if key in self.titles]
        self.list.clear()
        for key in (*wanted, *(key for key in self.titles if key not in wanted)):
            item = QListWidgetItem(self.titles[key], self.list)
            item.setData(KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(CHECKED if key in wanted or not wanted else UNCHECKED)
        self.list.setCurrentRow(0)
        self._update()

    def move(self, by: int) -> None:
        """Move the section at hand up (-1) or down (1)."""
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            self.list.insertItem(row + by, self.list.takeItem(row))
            self.list.setCurrentRow(row + by)

    def eventFilter(self, watched, event):  # noqa: N802 - name imposed by Qt
        if event.type() == QEvent.Type.KeyPress and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(event.key())
            if step:
                self.move(step)
                return True
        return super().eventFilter(watched, event)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _update(self) -> None:
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)
