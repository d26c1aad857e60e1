"""Step 2 of the import window: which column of the file fills which field, and why it was thought so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...i18n import translate
from ...layers.errors import TisserandError
from ...layers.geopackage import refusal
from ...layers.importing.files import ColumnRule, Mapping, choose_mapping, meanings
from ...layers.model.schema import Field
from ...layers.model.tables import table as model_table
from .background import Looked
from .lists import cell, fit, new_list
from .values_dialog import ValuesDialog

LON, LAT = "lon", "lat"
# Fields that a file does not fill: the store keeps them itself.
NOT_OFFERED = ("uuid", "extra")
SAMPLES = 3


class ColumnsPage(QWidget):
    """The mapping, one row a field; ``changed`` is told when a person changes it."""

    changed = pyqtSignal()

    def __init__(self, table: str):
        super().__init__()
        self.table = model_table(table)
        self.looked: Looked | None = None
        self.mapping: Mapping | None = None
        self.combos: dict[str, QComboBox] = {}
        says = translate(
            "Tisserand",
            "For each field, the column of the file that fills it. Columns that no field takes are kept with the row, "
            "under “other information”.",
        )
        about = QLabel(says)
        about.setWordWrap(True)
        self.list = new_list(
            (
                translate("Tisserand", "Field"),
                translate("Tisserand", "Column of the file"),
                translate("Tisserand", "Its values"),
                translate("Tisserand", "Sure"),
                translate("Tisserand", "Why"),
            ),
            4,
        )
        self.load = QPushButton(translate("Tisserand", "&Load a correspondence…"))
        self.values = QPushButton(translate("Tisserand", "Meaning of the &values…"))
        self.save = QPushButton(translate("Tisserand", "Sa&ve it…"))
        self.missing = QLabel()
        self.missing.setWordWrap(True)
        buttons = QHBoxLayout()
        for widget in (self.values, self.load, self.save):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.missing)
        layout.addLayout(buttons)
        self.load.clicked.connect(self._load)
        self.save.clicked.connect(self._save)
        self.values.clicked.connect(self._say_values)
        self.list.currentCellChanged.connect(lambda *_: self._update())

    def show_mapping(self, looked: Looked) -> None:
        """Show the mapping of a file: the fields that it fills first, then those that it could."""
        self.looked, self.mapping = looked, looked.mapping
        fields = [field for field in self.table.fields if not field.internal and field.name not in NOT_OFFERED]
        filled = [field for field in fields if field.name in self.mapping.columns]
        needed = [field for field in fields if field.name == self.table.label and field not in filled]
        rest = [field for field in fields if field not in filled and field not in needed]
        self.combos = {}
        self.list.setRowCount(2 + len(fields))
        self._add_place(0, LON, translate("Tisserand", "Longitude"))
        self._add_place(1, LAT, translate("Tisserand", "Latitude"))
        for number, field in enumerate([*needed, *filled, *rest], start=2):
            self._add_field(number, field)
        fit(self.list)
        self._say_what_is_missing()
        self._update()

    def _add_place(self, number: int, axis: str, title: str) -> None:
        chosen = getattr(self.mapping, axis)
        in_geometry = any(row.x is not None for row in self.looked.sheet.rows[:50])
        nothing = translate("Tisserand", "(the geometry of the file)") if in_geometry else "—"
        combo = self._combo(axis, title, nothing, chosen)
        self._row(number, axis, title, combo, [chosen] if chosen else [])

    def _add_field(self, number: int, field: Field) -> None:
        rule = self.mapping.columns.get(field.name)
        combo = self._combo(field.name, field.alias, "—", rule.column if rule and plain(rule) else "")
        if rule is not None and not plain(rule):
            combo.insertItem(0, described(rule), rule)
            combo.setCurrentIndex(0)
        self._row(number, field.name, field.alias, combo, rule.columns if rule else ())

    def _combo(self, name: str, title: str, nothing: str, chosen: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(title)
        combo.addItem(nothing, "")
        for column in self.looked.sheet.columns:
            combo.addItem(column, column)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))
        combo.activated.connect(lambda _: self._choose(name))
        self.combos[name] = combo
        return combo

    def _row(self, number: int, name: str, title: str, combo: QComboBox, columns) -> None:
        why = self.mapping.why.get(name)
        self.list.setItem(number, 0, cell(title))
        self.list.setCellWidget(number, 1, combo)
        self.list.setItem(number, 2, cell(self._samples(columns)))
        self.list.setItem(number, 3, cell(f"{why.confidence:.0%}" if why else ""))
        self.list.setItem(number, 4, cell(why.sentence(translate) if why else self._otherwise(columns)))

    def _otherwise(self, columns) -> str:
        if not columns:
            return ""
        return translate("Tisserand", "The correspondence “{name}” says so.").format(name=self.mapping.name)

    def _samples(self, columns) -> str:
        values = [
            str(row.values[column])
            for row in self.looked.sheet.rows[:50]
            for column in columns
            if row.values.get(column) not in (None, "", [])
        ]
        return " · ".join(list(dict.fromkeys(values))[:SAMPLES])

    def _choose(self, name: str) -> None:
        """Take what a person chose for a field."""
        chosen = self.combos[name].currentData()
        why = {field: reason for field, reason in self.mapping.why.items() if field != name}
        if name in (LON, LAT):
            self.mapping = replace(self.mapping, **{name: chosen}, why=why)
        else:
            columns = {field: rule for field, rule in self.mapping.columns.items() if field != name}
            if chosen:
                columns[name] = chosen if isinstance(chosen, ColumnRule) else self._rule(name, chosen)
            self.mapping = replace(self.mapping, columns=columns, why=why)
        number = next(row for row in range(self.list.rowCount()) if self.list.cellWidget(row, 1) is self.combos[name])
        columns = chosen.columns if isinstance(chosen, ColumnRule) else [chosen] if chosen else []
        self.list.setItem(number, 2, cell(self._samples(columns)))
        self.list.setItem(number, 3, cell(""))
        self.list.setItem(number, 4, cell(translate("Tisserand", "You chose it.") if chosen else ""))
        self._say_what_is_missing()
        self._update()
        self.changed.emit()

    @property
    def coded(self) -> Field | None:
        """The field of the row in hand, where it takes a column whose values stand for codes."""
        combo = self.list.cellWidget(max(self.list.currentRow(), 0), 1)
        name = next((name for name, other in self.combos.items() if other is combo), "")
        rule = self.mapping.columns.get(name) if self.mapping else None
        return self.table[name] if rule is not None and plain(rule) and self.table[name].codes else None

    def _update(self) -> None:
        self.values.setEnabled(self.coded is not None)

    def _say_values(self) -> None:
        """Let a person say what the values of the column mean."""
        field = self.coded
        rule = self.mapping.columns[field.name]
        asked = ValuesDialog(field, meanings(self.looked.sheet, field, rule), self)
        if asked.exec():
            self.take_values(field.name, asked.chosen)

    def take_values(self, name: str, chosen: dict[str, str | None]) -> None:
        """Take what values mean, beside what was known of them."""
        rule = self.mapping.columns[name]
        rule = replace(rule, values={**rule.values, **chosen})
        self.mapping = replace(self.mapping, columns={**self.mapping.columns, name: rule})
        self.changed.emit()

    def _rule(self, name: str, column: str) -> ColumnRule:
        """Return the rule for a column; what the mapping said of this field's values still holds."""
        before = self.looked.mapping.columns.get(name)
        return replace(before, column=column) if before is not None and plain(before) else ColumnRule(column)

    @property
    def complete(self) -> bool:
        """Whether the field that every row needs is filled."""
        return self.mapping is not None and self.table.label in self.mapping.columns

    def _say_what_is_missing(self) -> None:
        alias = self.table[self.table.label].alias
        text = translate("Tisserand", "Choose the column for “{field}”: every row needs it.").format(field=alias)
        self.missing.setText("" if self.complete else text)

    def _load(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.load.text().replace("&", ""), "", "JSON (*.json)")
        if not path:
            return
        try:
            self.load_from(Path(path))
        except TisserandError as error:
            self.missing.setText(error.sentence(translate))

    def load_from(self, path: Path) -> None:
        """Take a mapping that was saved; raises MappingUnreadableError or MappingForAnotherTableError."""
        text = path.read_text(encoding="utf-8", errors="replace")
        mapping = choose_mapping(self.looked.sheet, self.table.name, self.looked.ground.communes, text)
        self.show_mapping(self.looked._replace(mapping=mapping))
        self.changed.emit()

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.save.text().replace("&", ""), "", "JSON (*.json)")
        if not path:
            return
        try:
            Path(path).with_suffix(".json").write_text(self.mapping.to_json(), encoding="utf-8")
        except OSError as error:
            self.missing.setText(refusal(Path(path), error.strerror or str(error)).sentence(translate))


def plain(rule: ColumnRule) -> bool:
    """Say whether a rule takes one column as it is."""
    return bool(rule.column) and not (rule.join or rule.part or rule.constant is not None)


def described(rule: ColumnRule) -> str:
    """Return a rule that is more than one column, in words."""
    if rule.constant is not None:
        return translate("Tisserand", "always “{value}”").format(value=rule.constant)
    if rule.join:
        return " + ".join(rule.join)
    parts = {
        "street": translate("Tisserand", "street of {column}"),
        "postcode": translate("Tisserand", "postcode of {column}"),
        "city": translate("Tisserand", "commune of {column}"),
    }
    return parts.get(rule.part, "{column}").format(column=rule.column)
