"""Expressions that say a row, or the codes of one of its fields, in words."""

from __future__ import annotations

from ..model.codes import code_list
from ..model.schema import Field, Kind, Table


def labels_of(column: Field) -> str:
    """Return the expression that shows the labels of a field with one code or several, separated by commas."""
    pairs = ", ".join(f"{quoted(code)}, {quoted(label)}" for code, label in code_list(column.codes).labels.items())
    label = f"coalesce(map_get(map({pairs}), @element), @element)"
    return f"""array_to_string(array_foreach(string_to_array("{column.name}", '|'), {label}), ', ')"""


def display_expression(declared: Table) -> str:
    """Return the expression by which QGIS names a row of the table."""
    column = declared[declared.label]
    if column.codes:
        return labels_of(column)
    if column.kind is Kind.DATE:
        return f"format_date(\"{column.name}\", 'dd/MM/yyyy')"
    if declared.name == "media":
        # Few photos have a legend on the day they come in.
        return "coalesce(\"legende\", 'Photo sans légende')"
    return f'"{column.name}"'


def quoted(text: str) -> str:
    """Return a text as a literal of a QGIS expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
