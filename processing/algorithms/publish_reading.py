"""What the safe export reads: people by group, territories with their levels, and the table of the last edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qgis.core import NULL, QgsFields, QgsGeometry, QgsProcessingFeatureSource
from qgis.PyQt.QtCore import QDate, QDateTime, Qt

from ...i18n import translate
from ...layers.confidentiality import HIGHEST_THRESHOLD
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .days import read_table
from .frames import Reading, Shape

if TYPE_CHECKING:
    import pandas as pd


MOST_PEOPLE = 1e10
"""More than there are on earth: no number of people."""


class Doubts(NamedTuple):
    """Rows whose number cannot be used, by cause: how many, and some of the values that are no number."""

    missing: int
    negative: int
    unreadable: int
    samples: list[str]


class Territories(NamedTuple):
    """Territories by code; of several polygons of one code the largest counts."""

    reading: Reading
    row: dict[str, int]
    names: dict[str, str]
    levels: dict[str, str]
    members: dict[str, str]
    surveyed: dict[str, bool] | None

    @classmethod
    def of(cls, reading: Reading | None) -> Territories | None:
        """Return the territories of a layer; None without one. Raises TisserandError when they have no code."""
        if reading is None:
            return None
        frame = reading.frame
        if "code" not in frame:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "The territories have no code: name the field of their code (CODE_FIELD)."
                )
            )
        codes = [None if code is None else str(code).strip() for code in frame["code"]]
        order = frame.geometry.area.sort_values(kind="stable").index
        row = {codes[at]: int(at) for at in order if codes[at]}

        def column(name: str) -> dict[str, str]:
            return {} if name not in frame else {code: frame[name][at] for code, at in row.items()}

        surveyed = {code: day not in (None, False, "") for code, day in column("surveyed").items()}
        return cls(reading, row, column("name"), column("level"), column("members"), surveyed or None)

    @property
    def shape(self) -> Shape:
        """Return the kind of geometry and the CRS of the territories."""
        return Shape(self.reading.wkb_type, self.reading.crs)

    def geometry(self, code: str | None) -> QgsGeometry:
        """Return the polygon of a territory, none for a total or a code that is unknown."""
        return self.reading.features[self.row[code]].geometry() if code in self.row else QgsGeometry()

    def complete(self, frame: pd.DataFrame, nested, others, derived, alone: bool) -> pd.DataFrame:
        """Return the rows with levels ``derived`` from lists of communes, and a row of nobody a territory without any.

        These are only added (``alone``) when the layer itself says in what they lie.
        """
        import pandas as pd

        from ..analysis.disclosure.publication import members_of

        finest = nested[0]
        frame[finest] = [None if code is None else str(code).strip() for code in frame[finest]]
        if alone:
            named = set(frame[finest])
            kinds = {self.levels.get(code) for code in named & self.row.keys()}
            silent = sorted(code for code in self.row if self.levels.get(code) in kinds and code not in named)
            first = {field: frame[field].dropna().astype(str).min() for field in others}
            nobody = pd.DataFrame({finest: silent, "count": 0.0, **first})
            frame = pd.concat([frame, nobody], ignore_index=True) if silent else frame
        for level in derived:
            codes = sorted(code for code, own in self.levels.items() if own == level)
            if not codes:
                raise TisserandError(
                    QT_TRANSLATE_NOOP(
                        "Tisserand", "The territories have no level “{level}” (LEVELS). Their levels: {levels}."
                    ),
                    level=level,
                    levels=", ".join(sorted({str(own) for own in self.levels.values() if own})),
                )
            inside = members_of(codes, [self.members.get(code) for code in codes])
            frame[level] = [inside.get(code) for code in frame[finest]]
        return frame


def several(algorithm, name: str, parameters, context, source: QgsProcessingFeatureSource, feedback) -> list[str]:
    """Return the fields that a parameter names, each once; a default field that the layer lacks is done without."""
    if name in parameters and parameters[name] in (None, NULL, "", []):
        return []
    given = list(dict.fromkeys(filter(None, algorithm.parameterAsFields(parameters, name, context))))
    missing = [field for field in given if source.fields().lookupField(field) < 0]
    if missing and parameters.get(name) not in (None, NULL, ""):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The layer {layer} has no field {field} (parameter {parameter}). Its fields: {fields}. "
                "Name one of them, or leave it empty.",
            ),
            layer=source.sourceName(),
            field=missing[0],
            parameter=name,
            fields=", ".join(source.fields().names()),
        )
    for field in missing:
        feedback.pushWarning(
            translate("Tisserand", "{layer} has no field {field} ({parameter}): done without it.").format(
                layer=source.sourceName(), field=field, parameter=name
            )
        )
    return [field for field in given if field not in missing]


def people_of(source, groups: list[str], fields: dict[str, str | None], feedback) -> tuple[pd.DataFrame, Doubts]:
    """Return a row of people a row of the layer: the groups, ``count`` (NaN: unknown) and ``unit`` if there is one."""
    import numpy as np
    import pandas as pd

    columns = {f"group {field}": field for field in groups} | {name: field for name, field in fields.items() if field}
    table = read_table(source, columns, feedback)
    rows = len(next(iter(table.values()), ()))
    frame = pd.DataFrame(
        {field: [_plain(value) for value in table[f"group {field}"]] for field in groups}, dtype=object
    )
    given = pd.Series(table.get("count", np.ones(rows)), dtype=object)
    number = pd.to_numeric(given, errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
    missing = given.isna() | (given.astype(str).str.strip() == "")
    number = number.where(~(number > MOST_PEOPLE))
    wrong = number.isna() & ~missing
    negative = number < 0
    frame["count"] = number.mask(negative).to_numpy()
    if "unit" in table:
        frame["unit"] = [None if value is None else str(_plain(value)) for value in table["unit"]]
    samples = sorted({str(value) for value in given[wrong]})
    return frame, Doubts(int(missing.sum()), int(negative.sum()), int(wrong.sum()), samples)


def table_before(algorithm, name, parameters, context, out: QgsFields, named: list[str], feedback):
    """Return the table of the last edition (column a group, figures, reasons), its threshold; None, 0 without one."""
    import pandas as pd

    from ..analysis.disclosure.publication import FIGURE, REASON

    source = algorithm.source(parameters, name, context)
    if source is None:
        return None, 0
    # The groups keep their place where one of their names was taken.
    columns = dict(zip(named, (field.name() for field in out))) | {FIGURE: "personnes", REASON: "masque"}
    missing = [field for field in columns.values() if source.fields().lookupField(field) < 0]
    if missing:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{layer} is not a table of the last edition with the same groups: it has no field {field}. Choose the "
                "output of this tool, made with the same groups.",
            ),
            layer=source.sourceName(),
            field=missing[0],
        )
    threshold = {" seuil": "seuil"} if source.fields().lookupField("seuil") >= 0 else {}
    table = pd.DataFrame(read_table(source, columns | threshold, feedback), dtype=object)
    then = pd.to_numeric(table.get(" seuil", pd.Series(dtype=object)), errors="coerce").max()
    return table[list(columns)], int(then) if 0 < then <= HIGHEST_THRESHOLD else 0


def _plain(value: object) -> object:
    return value.toString(Qt.DateFormat.ISODate) if isinstance(value, (QDate, QDateTime)) else value
