"""What the values of a column mean: a small window for fields that hold codes."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout

from ...i18n import translate
from ...layers.model.codes import code_list
from ...layers.model.schema import Field
from .lists import cell, fit, new_list

# Values that are asked for: a column with more is no list of codes.
ASKED = 300


class ValuesDialog(QDialog):
    """Asks for the meaning of values; ``meant`` has what is understood of each, None for one in no list."""

    def __init__(self, field: Field, meant: dict[str, str | None], parent=None):
        super().__init__(parent)
        self.setWindowTitle(field.alias)
        self.resize(620, 440)
        self.meant = dict(list(meant.items())[:ASKED])
        self.combos: dict[str, QComboBox] = {}
        about = QLabel(
            translate(
                "Tisserand",
                "What each value of the file means here. Rows with a value that means nothing yet are rejected.",
            )
        )
        about.setWordWrap(True)
        self.list = new_list((translate("Tisserand", "In the file"), translate("Tisserand", "Means")), 1)
        self.list.setRowCount(len(self.meant))
        labels = code_list(field.codes).labels
        for number, (value, codes) in enumerate(self.meant.items()):
            self.list.setItem(number, 0, cell(value))
            self.list.setCellWidget(number, 1, self._combo(value, codes, labels))
        fit(self.list)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (about, self.list, buttons):
            layout.addWidget(widget)

    def _combo(self, value: str, codes: str | None, labels: dict[str, str]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(value)
        if codes is None:
            combo.addItem(translate("Tisserand", "(not known: choose)"), None)
        combo.addItem(translate("Tisserand", "(leave empty)"), "")
        for code, label in labels.items():
            combo.addItem(label, code)
        if codes and combo.findData(codes) < 0:
            combo.addItem(", ".join(labels.get(code, code) for code in codes.split("|")), codes)
        combo.setCurrentIndex(0 if codes is None else max(combo.findData(codes), 0))
        self.combos[value] = combo
        return combo

    @property
    def chosen(self) -> dict[str, str | None]:
        """What was changed: the code of each value, None for one that is to be left empty."""
        now = {value: combo.currentData() for value, combo in self.combos.items()}
        return {value: code or None for value, code in now.items() if code is not None and code != self.meant[value]}
