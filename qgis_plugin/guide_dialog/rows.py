"""Rows of a form whose label leads to its field by keyboard and by screen reader."""

from __future__ import annotations

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QFormLayout, QWidget


def add(form: QFormLayout, label: str, field: QWidget, hint: str = "") -> None:
    """Add a labelled field; ``hint`` is what it is for, said on hover and to screen readers."""
    form.addRow(label, field)
    spoken = label.replace("&", "")
    target = field.lineEdit() if isinstance(field, QgsFileWidget) else field
    if target is not field:
        form.labelForField(field).setBuddy(target)
    target.setAccessibleName(spoken)
    if hint:
        field.setToolTip(hint)
        target.setAccessibleDescription(hint)


def file_field(title: str, pattern: str, mode: QgsFileWidget.StorageMode) -> QgsFileWidget:
    """Return a field for a path; ``pattern`` as file dialogs take it, "" for folders."""
    field = QgsFileWidget()
    field.setDialogTitle(title)
    field.setFilter(pattern)
    field.setStorageMode(mode)
    return field
