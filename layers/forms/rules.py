"""The conditions of the model as QGIS checks them in a form, each with a French sentence that says what to do."""

from __future__ import annotations

import re

from qgis.core import QgsFieldConstraints, QgsVectorLayer

from ..model.schema import Field, Table

# French of the conditions of the model, by the form of the condition.
RULES = (
    (r"length\(\w+\) BETWEEN (\d+) AND (\d+)", "de {0} à {1} caractères"),
    (r"length\(\w+\) = (\d+)", "exactement {0} caractères"),
    (r"\w+ BETWEEN (\d+) AND (\d+)", "un nombre de {0} à {1}"),
    (r"\w+ >= 0", "un nombre, zéro ou plus"),
)


def rules(declared: Table, column: Field) -> list[tuple[str, str]]:
    """Return (expression, French sentence) of the conditions that a field's form checks.

    A condition of the whole table is checked at the last of its fields.
    """
    found = []
    # QGIS keeps the French of a constraint only beside an expression, so a field to fill in has one too.
    if column.required and not column.internal:
        unique = " et différent d'une fiche à l'autre" if column.unique else ""
        found.append((f'"{column.name}" IS NOT NULL', f"{column.alias} : à remplir{unique}."))
    if column.check and not column.internal:
        found.append((expression_of(column.check), f"{column.alias} : {column.check_says or in_french(column.check)}."))
    for _, condition, says in declared.checks:
        named = [field.name for field in declared.fields if re.search(rf"\b{field.name}\b", condition)]
        if named[-1] == column.name:
            found.append((expression_of(condition), says))
    return found


def set_constraints(layer: QgsVectorLayer, index: int, declared: Table, column: Field) -> None:
    """Give a field of a layer its constraints; all are hard, for the store refuses what breaks them."""
    hard = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard
    conditions = rules(declared, column)
    if column.required:
        layer.setFieldConstraint(index, QgsFieldConstraints.Constraint.ConstraintNotNull, hard)
    if column.unique:
        layer.setFieldConstraint(index, QgsFieldConstraints.Constraint.ConstraintUnique, hard)
    if conditions:
        layer.setFieldConstraint(index, QgsFieldConstraints.Constraint.ConstraintExpression, hard)
        expression = " AND ".join(f"({condition})" for condition, _ in conditions)
        layer.setConstraintExpression(index, expression, " ".join(sentence for _, sentence in conditions))


def expression_of(condition: str) -> str:
    """Return an SQL condition of the model as a QGIS expression that NULL passes; QGIS 3.22 knows no BETWEEN."""
    spelled_out = re.sub(r"(\S+) BETWEEN (\S+) AND (\S+)", r"\1 >= \2 AND \1 <= \3", condition)
    # QGIS takes a backslash in a text for the beginning of an escape.
    return "coalesce({}, true)".format(spelled_out.replace("\\", "\\\\"))


def in_french(condition: str) -> str:
    """Return the words for a condition of one field; ValueError when its form has none yet."""
    for pattern, french in RULES:
        match = re.fullmatch(pattern, condition)
        if match:
            return french.format(*match.groups())
    raise ValueError(f"RULES has no French for the condition {condition!r}")
