"""Switching a project between its whole forms and the short ones for visits."""

from __future__ import annotations

from qgis.core import QgsProject, QgsVectorLayer

from .forms import set_tabs, short_plan
from .model.tables import TABLES, table
from .project import TABLE_PROPERTY, layers_of, relations_of

# Kept by the project and not by its layers: their own properties change with their style.
ENTRY = ("tisserand", "formulaire_court")


def is_short(project: QgsProject) -> bool:
    """Say whether the forms of a project are the short ones."""
    return project.readBoolEntry(*ENTRY, False)[0]


def set_short(project: QgsProject, short: bool) -> list[QgsVectorLayer]:
    """Give the layers of a project their short or their whole form; return the layers.

    Not by a style of their own: map themes remember styles, so that looking at another map would change the form.
    """
    project.writeEntryBool(*ENTRY, short)
    names = [declared.name for declared in TABLES if short_plan(declared) is not None]
    layers = [layer for name in names for layer in layers_of(project, name)]
    for layer in layers:
        restore_form(layer, project)
    return layers


def restore_form(layer: QgsVectorLayer, project: QgsProject) -> None:
    """Lay the form of a layer out again, as when another style came upon it.

    The form that QGIS reads from a style shows no rows of other tables, and may be of the other length.
    """
    declared = table(layer.customProperty(TABLE_PROPERTY))
    set_tabs(layer, declared, relations_of(project), short=is_short(project))
