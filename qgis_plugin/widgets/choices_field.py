"""The widget ``TisserandChoices``: several codes of a list in one text field."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import NULL, QgsApplication, QgsFieldFormatter
from qgis.gui import QgsEditorWidgetWrapper
from qgis.PyQt.QtWidgets import QAbstractItemView, QWidget

from ...layers.choices import split_codes
from ...layers.forms.widgets import CHOICES
from .choice_list import Choice, ChoiceButton, ChoiceList


class ChoicesField(QgsEditorWidgetWrapper):
    """What QGIS shows for such a field: a list in a form, a button in a table."""

    def createWidget(self, parent):  # noqa: N802
        choices = choices_of(self.config())
        # Kept here too: from QGIS 3.40 it comes back as a bare QWidget otherwise.
        self.made = ChoiceButton(choices, parent) if _in_table(parent) else ChoiceList(choices, parent)
        return self.made

    def initWidget(self, editor):  # noqa: N802
        self.editor = getattr(self, "made", editor)
        self.editor.changed.connect(self._changed)

    def valid(self):
        return isinstance(getattr(self, "editor", None), (ChoiceList, ChoiceButton))

    def value(self):
        text = self._list().text()
        return NULL if text is None else text

    def updateValues(self, value, additional=None):  # noqa: N802
        self.widget()  # makes the editor where QGIS gives the value first
        self.editor.set_codes([] if value == NULL else split_codes(value))

    def setValue(self, value):  # noqa: N802 - by this name QGIS reaches Python
        self.updateValues(value)

    def setEnabled(self, enabled):  # noqa: N802
        self._list().set_read_only(not enabled)
        if isinstance(self.editor, ChoiceButton):
            self.editor.setEnabled(enabled)

    def showIndeterminateState(self):  # noqa: N802
        self._list().set_mixed()

    def _list(self) -> ChoiceList:
        return self.editor.list if isinstance(self.editor, ChoiceButton) else self.editor

    def _changed(self) -> None:
        self.emitValueChanged()


class ChoicesFormatter(QgsFieldFormatter):
    """Shows such a field by its labels in tables, lists and identified features."""

    def id(self):
        return CHOICES

    def representValue(self, layer, field, config, cache, value):  # noqa: N802
        if value == NULL:
            return QgsApplication.nullRepresentation()
        labels = {choice.code: choice.label for choice in choices_of(config)}
        return ", ".join(labels.get(code, code) for code in split_codes(value))


def choices_of(config: Mapping) -> list[Choice]:
    """Return the choices that the settings of a field hold."""
    rows = config.get("Codes") or []
    return [Choice(row["Code"], row["Label"], row.get("Group") or "") for row in rows]


def _in_table(parent: QWidget | None) -> bool:
    # The parent of an editor in a table is the view's inner part.
    return parent is not None and isinstance(parent.parentWidget(), QAbstractItemView)
