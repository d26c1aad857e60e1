"""What a person sees of a table of the model when filling it in: words, widgets, rules, defaults, tabs.

The words are French, as the data are: they travel in the project file, whatever language QGIS runs in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorField,
    QgsAttributeEditorRelation,
    QgsDefaultValue,
    QgsEditFormConfig,
    QgsEditorWidgetSetup,
    QgsFieldConstraints,
    QgsRelation,
    QgsValueMapFieldFormatter,
    QgsVectorLayer,
)

from .compat import make_tab
from .model.codes import code_list
from .model.schema import Field, Kind, Table

LONG_TEXTS = {
    "description",
    "conditions_acces",
    "moyens_partageables",
    "recherche",
    "commentaire",
    "compte_rendu",
    "suite",
}
MOST = 2**31 - 1

# A form with many fields is split into tabs; fields named nowhere here come in the last one.
TABS = {
    "acteur": {
        "Présentation": (
            "nom",
            "type_initiative",
            "description",
            "theme_principal",
            "themes_vie",
            "thematiques",
            "types_action",
            "publics",
            "echelle",
        ),
        "Accueil": (
            "adresse",
            "code_postal",
            "commune",
            "code_insee",
            "horaires_accueil",
            "capacite",
            "frais",
            "modes_accueil",
            "itinerant",
            "telephone",
            "courriel",
            "site_web",
        ),
        "Ressources": ("moyens_partageables", "recherche", "siret", "reseaux_porteurs"),
        "Suivi": (),
    },
    "besoin": {
        "Besoin": (
            "libelle",
            "description",
            "theme_vie",
            "thematiques",
            "publics",
            "origine",
            "nature",
            "intensite",
            "recurrence",
            "nb_situations",
            "nb_volontaires",
            "freins",
        ),
        "Lieu": ("niveau_geo", "code_geo", "code_insee"),
        "Suivi": (),
    },
}

# French of the conditions of the model, by the form of the condition.
RULES = (
    (r"length\(\w+\) BETWEEN (\d+) AND (\d+)", "de {0} à {1} caractères"),
    (r"length\(\w+\) = (\d+)", "exactement {0} caractères"),
    (r"\w+ BETWEEN (\d+) AND (\d+)", "un nombre de {0} à {1}"),
    (r"\w+ >= 0", "un nombre, zéro ou plus"),
)


def set_form(layer: QgsVectorLayer, declared: Table) -> None:
    """Give a layer the aliases, widgets, constraints and default values that the model declares for its table."""
    layer.setFieldAlias(layer.fields().lookupField("fid"), "N°")
    layer.setEditorWidgetSetup(layer.fields().lookupField("fid"), QgsEditorWidgetSetup("Hidden", {}))
    for column in declared.fields:
        index = layer.fields().lookupField(column.name)
        layer.setFieldAlias(index, column.alias)
        layer.setEditorWidgetSetup(index, widget(column))
        if column.default:
            layer.setDefaultValueDefinition(index, QgsDefaultValue(column.default, column.stamp))
        _set_constraints(layer, index, declared, column)
    layer.setDisplayExpression(display_expression(declared))
    _hide_internal_columns(layer, declared)


def set_tabs(layer: QgsVectorLayer, declared: Table, children: Mapping[str, QgsRelation]) -> None:
    """Lay the form out in tabs; each relation of ``children`` (title -> relation) gets a tab with its rows."""
    config = layer.editFormConfig()
    config.setLayout(QgsEditFormConfig.EditorLayout.TabLayout)
    config.clearTabs()
    for title, names in tabs(declared).items():
        tab = _tab(title)
        for name in names:
            tab.addChildElement(QgsAttributeEditorField(name, layer.fields().lookupField(name), tab))
        config.addTab(tab)
    for title, relation in children.items():
        tab = _tab(title)
        rows = QgsAttributeEditorRelation(relation, tab)
        rows.setRelationWidgetTypeId("relation_editor")
        tab.addChildElement(rows)
        config.addTab(tab)
    layer.setEditFormConfig(config)


def tabs(declared: Table) -> dict[str, tuple[str, ...]]:
    """Return the tabs of a table's form: title -> its fields; internal fields stand in none."""
    shown = [column.name for column in declared.fields if not column.internal]
    planned = TABS.get(declared.name, {declared.title: ()})
    placed = {name for names in planned.values() for name in names}
    last = list(planned)[-1]
    return {**planned, last: (*planned[last], *(name for name in shown if name not in placed))}


def widget(column: Field) -> QgsEditorWidgetSetup:
    """Return the widget in which a field is edited; references get theirs from ``relation_widget``."""
    if column.internal:
        return QgsEditorWidgetSetup("Hidden", {})
    if column.codes and not column.multiple:
        return QgsEditorWidgetSetup("ValueMap", {"map": value_map(column)})
    if column.kind is Kind.BOOLEAN:
        return QgsEditorWidgetSetup("CheckBox", {"AllowNullState": True})
    if column.kind is Kind.DATE:
        return QgsEditorWidgetSetup(
            "DateTime",
            {
                "allow_null": True,
                "calendar_popup": True,
                "display_format": "dd/MM/yyyy",
                "field_format": "yyyy-MM-dd",
                "field_iso_format": False,
            },
        )
    if column.kind is Kind.INTEGER:
        least, most = _bounds(column)
        return QgsEditorWidgetSetup(
            "Range", {"AllowNull": True, "Min": least, "Max": most, "Step": 1, "Style": "SpinBox"}
        )
    return QgsEditorWidgetSetup("TextEdit", {"IsMultiline": column.name in LONG_TEXTS})


def relation_widget(relation: QgsRelation, *, required: bool) -> QgsEditorWidgetSetup:
    """Return the widget that chooses the row of another table."""
    # Nothing else: the further settings that QGIS can write here hold the full path of the store.
    return QgsEditorWidgetSetup(
        "RelationReference", {"Relation": relation.id(), "AllowNULL": not required, "OrderByValue": True}
    )


def value_map(column: Field) -> list[dict[str, str]]:
    """Return the codes of a field as QGIS's value map wants them: French label -> code, empty first where it may be."""
    nothing = [] if column.required else [{"": QgsValueMapFieldFormatter.NULL_VALUE}]
    return nothing + [{label: code} for code, label in code_list(column.codes).labels.items()]


def labels_of(column: Field) -> str:
    """Return the expression that shows the labels of a field with one code or several, separated by commas."""
    pairs = ", ".join(f"{_quoted(code)}, {_quoted(label)}" for code, label in code_list(column.codes).labels.items())
    label = f"coalesce(map_get(map({pairs}), @element), @element)"
    return f"""array_to_string(array_foreach(string_to_array("{column.name}", '|'), {label}), ', ')"""


def display_expression(declared: Table) -> str:
    """Return the expression by which QGIS names a row of the table."""
    column = declared[declared.label]
    if column.codes:
        return labels_of(column)
    if column.kind is Kind.DATE:
        return f"format_date(\"{column.name}\", 'dd/MM/yyyy')"
    return f'"{column.name}"'


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
        found.append((_expression(column.check), f"{column.alias} : {column.check_says or _in_french(column.check)}."))
    for _, condition, says in declared.checks:
        named = [field.name for field in declared.fields if re.search(rf"\b{field.name}\b", condition)]
        if named[-1] == column.name:
            found.append((_expression(condition), says))
    return found


def _set_constraints(layer: QgsVectorLayer, index: int, declared: Table, column: Field) -> None:
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


def _expression(condition: str) -> str:
    """Return an SQL condition of the model as a QGIS expression that NULL passes; QGIS 3.22 knows no BETWEEN."""
    spelled_out = re.sub(r"(\S+) BETWEEN (\S+) AND (\S+)", r"\1 >= \2 AND \1 <= \3", condition)
    # QGIS takes a backslash in a text for the beginning of an escape.
    return "coalesce({}, true)".format(spelled_out.replace("\\", "\\\\"))


def _in_french(condition: str) -> str:
    for pattern, french in RULES:
        match = re.fullmatch(pattern, condition)
        if match:
            return french.format(*match.groups())
    raise ValueError(f"RULES has no French for the condition {condition!r}")


def _bounds(column: Field) -> tuple[int, int]:
    between = re.fullmatch(r"\w+ BETWEEN (\d+) AND (\d+)", column.check or "")
    return (int(between[1]), int(between[2])) if between else (0 if column.check else -MOST, MOST)


def _hide_internal_columns(layer: QgsVectorLayer, declared: Table) -> None:
    config = layer.attributeTableConfig()
    config.update(layer.fields())
    hidden = {"fid", *(column.name for column in declared.fields if column.internal)}
    columns = config.columns()
    for column in columns:
        column.hidden = column.hidden or column.name in hidden
    config.setColumns(columns)
    layer.setAttributeTableConfig(config)


def _tab(title: str) -> QgsAttributeEditorContainer:
    # Without a parent: the root of a form's configuration is gone as soon as its copy changes; addTab gives it one.
    tab = QgsAttributeEditorContainer(title, None)
    make_tab(tab)
    return tab


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
