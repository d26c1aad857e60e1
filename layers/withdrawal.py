"""Withdrawing rows: they are shown no more, and stay in the store with their history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from qgis.core import QgsFeature, QgsVectorLayer
from qgis.PyQt.QtCore import QDateTime

from .errors import QT_TRANSLATE_NOOP, TisserandError
from .model.tables import TABLES, table
from .project import TABLE_PROPERTY

FIELD = "supprime_le"


class Withdrawn(NamedTuple):
    """What was done: the title of the table, and the rows that the store now holds as withdrawn."""

    title: str
    count: int


class WithdrawalError(TisserandError):
    """Rows that could not be withdrawn; none was."""


def can_withdraw(layer: object) -> bool:
    """Say whether a layer shows rows that can be withdrawn."""
    if not isinstance(layer, QgsVectorLayer) or layer.readOnly():
        return False
    name = layer.customProperty(TABLE_PROPERTY)
    # A result of an analysis has a table too, but none of the model's.
    return any(declared.versioned for declared in TABLES if declared.name == name)


def withdraw(layer: QgsVectorLayer, features: Iterable[QgsFeature]) -> Withdrawn:
    """Give rows of a layer the date of their withdrawal, save, and read the store back.

    Raises WithdrawalError when the layer holds changes that are not saved, or when the store refuses.
    """
    declared = table(layer.customProperty(TABLE_PROPERTY))
    rows = {feature.id(): feature["uuid"] for feature in features}
    if layer.isModified():
        raise WithdrawalError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The layer {layer} has changes that are not saved: save or cancel them, then try again."
            ),
            layer=layer.name(),
        )
    editing = layer.isEditable()
    if not editing and not layer.startEditing():
        raise WithdrawalError(
            QT_TRANSLATE_NOOP("Tisserand", "The layer {layer} cannot be edited: is the workspace read-only?"),
            layer=layer.name(),
        )
    layer.beginEditCommand("Archiver")
    field, now = layer.fields().lookupField(FIELD), QDateTime.currentDateTime()
    for number in rows:
        layer.changeAttributeValue(number, field, now)
    layer.endEditCommand()
    if not layer.commitChanges(not editing):
        causes = " ".join(layer.commitErrors())
        layer.rollBack(not editing)
        raise WithdrawalError(
            QT_TRANSLATE_NOOP("Tisserand", "Nothing was archived in {layer}: {cause}"), layer=layer.name(), cause=causes
        )
    return Withdrawn(declared.title, _count_withdrawn(layer, set(rows.values())))


def _count_withdrawn(layer: QgsVectorLayer, uuids: set[str]) -> int:
    """Return how many of these rows the store itself holds as withdrawn, whatever the layer shows."""
    everything = layer.clone()
    everything.setSubsetString("")
    named = ", ".join(f"'{uuid}'" for uuid in uuids)
    return sum(1 for _ in everything.getFeatures(f'"uuid" IN ({named}) AND "{FIELD}" IS NOT NULL'))
