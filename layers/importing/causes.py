"""Why a row, or a value of it, does not go into the store as the file has it: one sentence each, with what to do."""

from __future__ import annotations

from ..errors import QT_TRANSLATE_NOOP, TisserandError

TWICE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The same as row {other} of this file, which was taken: give each row an identifier of its own, or leave one out.",
)
WITHDRAWN = QT_TRANSLATE_NOOP(
    "Tisserand", "“{name}” was withdrawn from the workspace: restore it there first, or leave the row out."
)
FAR_AWAY = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Longitude {lon}, latitude {lat} is more than 1 km outside the Département: check the coordinates, or leave the "
    "row out.",
)
TWIN_BY_SIRET = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Held back, for it may be “{twin}” ({source}), already in the workspace with the same SIRET: create it if it is "
    "another.",
)
TWIN_NEARBY = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Held back, for it may be “{twin}” ({source}), already in the workspace under the same name {metres} m away: "
    "create it if it is another.",
)
TWIN_IN_COMMUNE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Held back, for it may be “{twin}” ({source}), already in the workspace under the same name in the same commune: "
    "create it if it is another.",
)
OTHER_COMMUNE = QT_TRANSLATE_NOOP(
    "Tisserand", "The row says commune {code}, its position lies in {found}; both were kept: check the position."
)
KEPT_LOCAL = QT_TRANSLATE_NOOP(
    "Tisserand", "“{field}” of “{name}” was changed here since the last import, and kept: the file says “{value}”."
)
NO_SUCH_ROW = QT_TRANSLATE_NOOP(
    "Tisserand", "“{field}” refers to something that is not in this workspace, and was left out: choose it in the form."
)
BREAKS_A_RULE = QT_TRANSLATE_NOOP(
    "Tisserand", "With this row “{name}” would break a rule of the workspace: {says} Correct the row or the form."
)
OPPOSED = QT_TRANSLATE_NOOP(
    "Tisserand", "“{field}” of “{name}” was left out: the person objected to it. Ask for a new consent first."
)

PERSON = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The column “{column}” tells of a person, and a need never does: take the column out, and write one row for all "
    "similar situations, with their number.",
)
PERSON_WITHIN = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The text under “{column}” names a person, a telephone number or a mail address: say the need without them.",
)
NO_UNIT = QT_TRANSLATE_NOOP(
    "Tisserand", "“{code}” is no {level} of this workspace: correct the code of the unit, or leave the row out."
)
MOVED_TO_UNIT = QT_TRANSLATE_NOOP(
    "Tisserand", "The point was put at the centre of {unit}: a need is never kept at an address."
)
NOWHERE = QT_TRANSLATE_NOOP(
    "Tisserand", "The need has no place: give its unit (commune, EPCI, sector) or a position to see it on the map."
)
OLD_COMMUNE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The commune {before} is now part of {after}; accept “merged_commune” to write the new code, or leave the row out.",
)


class ImportCountError(TisserandError):
    """The rows read are not those created, updated, unchanged and rejected: a fault of ours, found before writing."""

    def __init__(self, read: int, told: int):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{read} rows were read, but {told} accounted for, so nothing was written: report this to the authors "
                "of Tisserand.",
            ),
            read=read,
            told=told,
        )


class MappingForAnotherTableError(TisserandError):
    """A mapping of actors was given for needs, or the other way round."""

    def __init__(self, name: str, table: str, wanted: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The correspondence “{name}” is for the table {table}, not for {wanted}: choose another, or none to "
                "have the columns guessed.",
            ),
            name=name,
            table=table,
            wanted=wanted,
        )


class NothingMappedError(TisserandError):
    """Neither a mapping given nor a guess fills what every row needs."""

    def __init__(self, fields: str, columns: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "No column was found for {fields} among {columns}: choose the columns in the import window, or give a "
                "correspondence.",
            ),
            fields=fields,
            columns=columns,
        )
