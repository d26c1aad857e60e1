"""A list of choices to tick, with a search line when it is long and headings when its choices have groups."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from ...i18n import translate
from ...layers.choices import join_codes

SHORT_LIST = 12
ROWS_SHOWN = 6
CODE = Qt.ItemDataRole.UserRole


class Choice(NamedTuple):
    """A code, its words, and the heading under which it stands ('' for none)."""

    code: str
    label: str
    group: str = ""


class ChoiceList(QWidget):
    """Choices to tick. ``changed`` tells that the user ticked or unticked one; setting codes tells nothing.

    A code that is in no list is shown under its own name and kept until the user unticks it.
    """

    changed = pyqtSignal()

    def __init__(self, choices: Iterable[Choice], parent: QWidget | None = None):
        super().__init__(parent)
        self.choices = list(choices)
        self.items: dict[str, QTreeWidgetItem] = {}
        self.read_only = False
        self._just_ticked = False
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(translate("Tisserand", "Search…"))
        self.search.setClearButtonEnabled(True)
        self.search.setVisible(len(self.choices) > SHORT_LIST)
        self.search.textChanged.connect(self._filter)
        self.tree = _Tree(self)
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        # Labels of codes come from data: never read them as HTML.
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for part in (self.search, self.tree, self.summary):
            layout.addWidget(part)
        self.setFocusProxy(self.tree)
        self.tree.itemChanged.connect(self._ticked)
        self.tree.pressed.connect(self._pressed)
        self.tree.itemClicked.connect(self._clicked)
        self._fill()

    def codes(self) -> list[str]:
        """Return the ticked codes in the order of the list; unknown ones come last."""
        return [code for code, item in self.items.items() if item.checkState(0) == Qt.CheckState.Checked]

    def text(self) -> str | None:
        """Return the ticked codes as the store keeps them, None when there is none."""
        return join_codes(self.codes(), (choice.code for choice in self.choices))

    def set_codes(self, codes: Iterable[str]) -> None:
        """Tick these codes and no others."""
        wanted = list(codes)
        self.tree.blockSignals(True)
        self._drop_unknown(wanted)
        for code in wanted:
            if code not in self.items:
                self._add(self.tree.invisibleRootItem(), code, _unlisted(code))
        for code, item in self.items.items():
            item.setCheckState(0, Qt.CheckState.Checked if code in wanted else Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)
        self._show_state()

    def set_mixed(self) -> None:
        """Show that the rows being changed together do not hold the same codes."""
        self.tree.blockSignals(True)
        for item in self.items.values():
            item.setCheckState(0, Qt.CheckState.PartiallyChecked)
        self.tree.blockSignals(False)
        self._show_state()
        self.summary.setText(translate("Tisserand", "These records differ: what you tick replaces the choices of all."))
        self.summary.setVisible(True)

    def set_read_only(self, read_only: bool) -> None:
        """Show the ticked codes only, with nothing to change, or the whole list again."""
        self.read_only = read_only
        self.tree.blockSignals(True)
        for item in self.items.values():
            item.setFlags(_flags(read_only))
        self.tree.blockSignals(False)
        self._filter(self.search.text())
        self._show_state()

    def _fill(self) -> None:
        headings: dict[str, QTreeWidgetItem] = {"": self.tree.invisibleRootItem()}
        for choice in self.choices:
            if choice.group not in headings:
                heading = QTreeWidgetItem(self.tree, [choice.group])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = heading.font(0)
                font.setBold(True)
                heading.setFont(0, font)
                headings[choice.group] = heading
            self._add(headings[choice.group], choice.code, choice.label)
        self.tree.setRootIsDecorated(len(headings) > 1)
        self.tree.rows = len(self.choices) + len(headings) - 1
        self._show_state()

    def _add(self, parent: QTreeWidgetItem, code: str, label: str) -> None:
        item = QTreeWidgetItem(parent, [label])
        item.setData(0, CODE, code)
        item.setFlags(_flags(self.read_only))
        item.setCheckState(0, Qt.CheckState.Unchecked)
        item.setToolTip(0, label)
        self.items[code] = item

    def _drop_unknown(self, wanted: list[str]) -> None:
        """Take away codes of no list that an earlier row brought in."""
        listed = {choice.code for choice in self.choices}
        root = self.tree.invisibleRootItem()
        for code in [code for code in self.items if code not in listed and code not in wanted]:
            root.removeChild(self.items.pop(code))

    def _pressed(self, _index) -> None:
        self._just_ticked = False

    def _ticked(self, _item) -> None:
        self._just_ticked = True
        self._settle_mixed()
        self._show_state()
        self.changed.emit()

    def _clicked(self, item: QTreeWidgetItem) -> None:
        """Let a click on the words do what a click on the box does."""
        if item.childCount():
            item.setExpanded(not item.isExpanded())
        elif not self.read_only and not self._just_ticked:
            on = item.checkState(0) == Qt.CheckState.Checked
            item.setCheckState(0, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _settle_mixed(self) -> None:
        """After the first tick in a mixed list, what is not ticked is out."""
        self.tree.blockSignals(True)
        for item in self.items.values():
            if item.checkState(0) == Qt.CheckState.PartiallyChecked:
                item.setCheckState(0, Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)

    def _filter(self, words: str) -> None:
        """Show what holds the words, accents and capitals apart; when only reading, what is ticked."""
        sought = _plain(words)
        for item in self.items.values():
            heading = item.parent().text(0) if item.parent() else ""
            found = sought in _plain(f"{item.text(0)} {heading}")
            ticked = item.checkState(0) == Qt.CheckState.Checked
            item.setHidden(not found or (self.read_only and not ticked))
        for heading in self._headings():
            shown = [not heading.child(row).isHidden() for row in range(heading.childCount())]
            heading.setHidden(not any(shown))
            if sought:
                heading.setExpanded(True)

    def _headings(self) -> list[QTreeWidgetItem]:
        root = self.tree.invisibleRootItem()
        return [item for item in map(root.child, range(root.childCount())) if item.childCount()]

    def _show_state(self) -> None:
        ticked = self.codes()
        for heading in self._headings():
            count = sum(
                heading.child(row).checkState(0) == Qt.CheckState.Checked for row in range(heading.childCount())
            )
            title = self.items_title(heading)
            self.tree.blockSignals(True)
            heading.setText(0, f"{title} ({count})" if count else title)
            self.tree.blockSignals(False)
            if count and not self.search.text():
                heading.setExpanded(True)
        self.search.setVisible(len(self.choices) > SHORT_LIST and not self.read_only)
        self.summary.setText(", ".join(self.items[code].text(0) for code in ticked))
        self.summary.setVisible(bool(ticked) and len(self.choices) > SHORT_LIST)
        if self.read_only:
            self._filter("")

    @staticmethod
    def items_title(heading: QTreeWidgetItem) -> str:
        """Return the words of a heading without its count."""
        return heading.text(0).rsplit(" (", 1)[0] if heading.text(0).endswith(")") else heading.text(0)


class ChoiceButton(QToolButton):
    """The same choices in the height of a table's row: what is ticked as text, and the list when it is pressed."""

    changed = pyqtSignal()

    def __init__(self, choices: Iterable[Choice], parent: QWidget | None = None):
        super().__init__(parent)
        self.list = ChoiceList(choices)
        self.list.setMinimumWidth(320)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.list)
        menu.addAction(action)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setAutoFillBackground(True)
        self.list.changed.connect(self._changed)

    def text_of_store(self) -> str | None:
        """Return the ticked codes as the store keeps them."""
        return self.list.text()

    def set_codes(self, codes: Iterable[str]) -> None:
        """Tick these codes and no others."""
        self.list.set_codes(codes)
        self._say()

    def _changed(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        labels = [self.list.items[code].text(0) for code in self.list.codes()]
        self.setText(", ".join(labels) or translate("Tisserand", "Choose…"))


class _Tree(QTreeWidget):
    """As high as its rows, up to some; the form scrolls, not this list, as long as the list is short."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.rows = ROWS_SHOWN
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)

    def sizeHint(self) -> QSize:  # noqa: N802
        row = max(self.sizeHintForRow(0), self.fontMetrics().height() + 4)
        return QSize(240, min(self.rows, ROWS_SHOWN) * row + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, self.sizeHint().height())


def _flags(read_only: bool) -> Qt.ItemFlag:
    # Unlike a disabled list, one that is only read can still be scrolled and is not pale.
    return (
        Qt.ItemFlag.ItemIsEnabled if read_only else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable
    ) | Qt.ItemFlag.ItemIsSelectable


def _unlisted(code: str) -> str:
    return translate("Tisserand", "{code} (not in the list)").format(code=code)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
