"""In which widget each field is edited."""

from __future__ import annotations

import re

from qgis.core import QgsEditorWidgetSetup, QgsRelation, QgsValueMapFieldFormatter

from ..model.codes import code_list
from ..model.schema import Field, Kind

# Widgets of the plugin (qgis_plugin/widgets). Without the plugin QGIS shows these fields as plain text.
CHOICES, PHOTO = "TisserandChoices", "TisserandPhoto"
# Fields that hold codes of a list which the model does not close: other codes may come in from elsewhere.
OPEN_LISTS = {"reseaux_porteurs": "reseaux_porteurs"}
LONG_TEXTS = {
    "avis",
    "commentaire",
    "compte_rendu",
    "conditions_acces",
    "contexte",
    "description",
    "difficultes",
    "enseignements",
    "fonctionnement",
    "histoire",
    "moyens",
    "moyens_manquants",
    "moyens_partageables",
    "partenaires",
    "publics_touches",
    "recherche",
    "resultats",
    "resume",
    "suite",
    "tournee",
}
MOST = 2**31 - 1


def widget(column: Field) -> QgsEditorWidgetSetup:
    """Return the widget of a field; references get theirs from ``relation_widget``."""
    if column.internal:
        return QgsEditorWidgetSetup("Hidden", {})
    if column.name == "chemin":
        return QgsEditorWidgetSetup(PHOTO, {})
    if column.multiple or column.name in OPEN_LISTS:
        return QgsEditorWidgetSetup(CHOICES, choices_config(column.codes or OPEN_LISTS[column.name]))
    if column.codes:
        return QgsEditorWidgetSetup("ValueMap", {"map": value_map(column)})
    if column.kind is Kind.BOOLEAN:
        return QgsEditorWidgetSetup("CheckBox", {"AllowNullState": True})
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return QgsEditorWidgetSetup("DateTime", _moment(with_hour=column.kind is Kind.DATETIME))
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


def choices_config(name: str) -> dict:
    """Return the settings of the widget for several codes: the list with its labels, so that the project says it all.

    Codes of a list that belong to a life theme come with it as their ``Group``.
    """
    themes = code_list("themes_vie")
    codes = code_list(name)
    return {
        "List": name,
        "Codes": [
            {
                "Code": row["code"],
                "Label": row["label"],
                "Group": themes.label(row["theme_vie"]) if "theme_vie" in row else "",
            }
            for row in codes.rows
        ],
    }


def value_map(column: Field) -> list[dict[str, str]]:
    """Return the codes of a field as QGIS's value map wants them: French label -> code, empty first where it may be."""
    nothing = [] if column.required else [{"": QgsValueMapFieldFormatter.NULL_VALUE}]
    return nothing + [{label: code} for code, label in code_list(column.codes).labels.items()]


def _moment(*, with_hour: bool) -> dict:
    return {
        "allow_null": True,
        "calendar_popup": True,
        "display_format": "dd/MM/yyyy HH:mm" if with_hour else "dd/MM/yyyy",
        "field_format": "yyyy-MM-dd HH:mm:ss" if with_hour else "yyyy-MM-dd",
        "field_iso_format": False,
    }


def _bounds(column: Field) -> tuple[int, int]:
    between = re.fullmatch(r"\w+ BETWEEN (\d+) AND (\d+)", column.check or "")
    if between:
        return int(between[1]), int(between[2])
    least = re.fullmatch(r"\w+ >= (\d+)", column.check or "")
    return (int(least[1]) if least else -MOST), MOST
