"""What merging possible duplicates would do, as rows of a table: which actor stays, and which value of each field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from qgis.core import NULL, QgsFeature, QgsFields, QgsProcessingFeedback
from qgis.PyQt.QtCore import QDate, QDateTime, QTime

from ...i18n import translate
from ...layers.fields import BOOLEAN, INTEGER, TEXT
from ...layers.merge_choices import POSITION, choose, ranked
from ...layers.model.schema import Kind
from ...layers.model.tables import table
from .days import days
from .frames import some

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FIELDS = {
    "groupe": INTEGER,
    "garde": TEXT,
    "retire": TEXT,
    "champ": TEXT,
    "valeur": TEXT,
    "vient_de": TEXT,
    "autre": TEXT,
    "contradiction": BOOLEAN,
}
NAME = "nom"


def proposals(
    groups: Sequence[Sequence[str]],
    frame: GeoDataFrame,
    features: Sequence[QgsFeature],
    feedback: QgsProcessingFeedback,
) -> list[tuple]:
    """Return the rows of the table of proposals, in the order of ``FIELDS``.

    ``frame`` has the ``id`` of each feature and its place in metres. A withdrawn row has a line for each field in which
    it says something else than the proposed value or gives it, and one for its name in any case. Groups of rows with
    one id are reported: nothing can tell which of them to keep.
    """
    of_id = {}
    for row, identifier in enumerate(frame["id"]):
        of_id.setdefault(identifier, []).append(row)
    doubles = [identifier for identifier, rows in of_id.items() if len(rows) > 1]
    if doubles:
        text = translate("Tisserand", "Identifiers of several rows, for which nothing is proposed: {count} ({ids}).")
        feedback.pushWarning(text.format(count=len(doubles), ids=some(doubles)))
    wanted = [group for group in groups if len(group) > 1 and not set(group) & set(doubles)]
    found = []
    for number, group in enumerate(wanted, 1):
        rows = ranked(
            _plain_rows([of_id[identifier][0] for identifier in group], frame, features, feedback), date.today()
        )
        found += _of_group(number, rows)
    return found


def _of_group(number: int, rows: Sequence[dict]) -> Iterator[tuple]:
    keep = rows[0]["uuid"]
    choices = choose(rows)
    for row in rows[1:]:
        for choice in choices:
            other = dict(choice.others).get(row["uuid"])
            if choice.field == NAME or other is not None or choice.origin == row["uuid"]:
                own = row.get(choice.field)
                told = choice.contradiction and other is not None
                yield (
                    number,
                    keep,
                    row["uuid"],
                    choice.field,
                    text_of(choice.value),
                    choice.origin,
                    text_of(own),
                    told,
                )


def _plain_rows(
    numbers: Sequence[int], frame: GeoDataFrame, features: Sequence[QgsFeature], feedback: QgsProcessingFeedback
) -> list[dict]:
    """Return features as rows of plain values, days as the model has them."""
    rows = []
    for number in numbers:
        feature = features[number]
        point = frame.geometry.iloc[number].representative_point()
        values = {name: _plain(feature[name]) for name in feature.fields().names()}
        rows.append({**values, "uuid": frame["id"].iloc[number], POSITION: (point.x, point.y)})
    for column in table("acteur").fields:
        if column.kind is Kind.DATE and column.name in rows[0]:
            read = days([row[column.name] for row in rows], column.name, translate("Tisserand", "Actors"), feedback)
            for row, value in zip(rows, read):
                row[column.name] = value
    return rows


def _plain(value: object) -> object:
    if value == NULL:
        return None
    if isinstance(value, QDate):
        return value.toPyDate()
    if isinstance(value, QDateTime):
        return value.toPyDateTime().isoformat()
    return value.toPyTime().isoformat() if isinstance(value, QTime) else value


def text_of(value: object) -> str | None:
    """Return a value as a person reads it in the table."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(f"{coordinate:.1f}" for coordinate in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def features_of(rows: Sequence[tuple], fields: QgsFields) -> Iterator[QgsFeature]:
    """Yield the rows as features without a geometry."""
    for row in rows:
        feature = QgsFeature(fields)
        feature.setAttributes(list(row))
        yield feature
