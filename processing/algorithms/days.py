"""Days in a field of any kind, and rows of tables without a geometry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qgis.core import NULL, QgsFeatureRequest, QgsFeedback, QgsProcessingFeatureSource
from qgis.PyQt.QtCore import QDate, QDateTime

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .frames import CHUNK, some, stop_if_cancelled

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)


def day(value: object) -> date | None:
    """Return the day of a date, a time or a text in ISO form; None for nothing; ValueError for anything else."""
    if value is None or value == NULL or value == "":
        return None
    if isinstance(value, QDateTime):
        value = value.date()
    found = value.toPyDate() if isinstance(value, QDate) else date.fromisoformat(str(value).strip()[:10])
    if not FIRST <= found <= LAST:
        raise ValueError(value)
    return found


def days(values: Sequence[object], field: str, layer: str, feedback: QgsFeedback) -> list[date | None]:
    """Return the days of a field, None for what is no day; such values are reported."""
    found, wrong = [], []
    for value in values:
        try:
            found.append(day(value))
        except ValueError:
            found.append(None)
            wrong.append(str(value))
    if wrong:
        text = translate("Tisserand", "{layer}: {count} values of {field} are no date, taken as unknown ({values}).")
        feedback.pushWarning(text.format(layer=layer, count=len(wrong), field=field, values=some(wrong)))
    return found


def day_given(text: str) -> date:
    """Return the day a user wrote, today for nothing."""
    try:
        return day(text) or date.today()
    except ValueError as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "“{text}” is not a date. Write it as 2026-03-31, or leave it empty."),
            text=text,
        ) from error


def read_table(
    source: QgsProcessingFeatureSource, columns: dict[str, str | None], feedback: QgsFeedback
) -> dict[str, list]:
    """Return the columns asked for of all rows, with or without a geometry (NULL is None; no field: no column).

    Rows of a workspace that were withdrawn are left out.
    """
    withdrawn = source.fields().lookupField("supprime_le")
    wanted = {column: source.fields().lookupField(field) for column, field in columns.items() if field}
    values = {column: [] for column in wanted}
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    for number, feature in enumerate(source.getFeatures(request)):
        if number % CHUNK == 0:
            stop_if_cancelled(feedback)
        if withdrawn >= 0 and feature[withdrawn] not in (None, NULL):
            continue
        for column, position in wanted.items():
            value = feature[position]
            values[column].append(None if value == NULL else value)
    return values
