"""What is exported, and what a format could not take of it."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from ..errors import QT_TRANSLATE_NOOP
from ..model.codes import code_list

# A code holds none of the marks that stand between and around codes.
_CODE = re.compile(r"[^|;,{}\[\]\"\s]+")

UNKNOWN_CODE = QT_TRANSLATE_NOOP(
    "Tisserand", "Codes in no list of the format, left out: {count} ({names}). Choose them again in the form."
)
UNFIT = QT_TRANSLATE_NOOP(
    "Tisserand", "Values that the format does not allow, left out: {count} ({names}). Correct them in the form."
)
UNDATED = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Sheets without a date of update, or with one to come, left out: {count} ({names}). Correct the date, or save the "
    "sheet again.",
)
SERVICES_LEFT_OUT = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Services left out, for this format holds actors alone: {count} ({names}). XLSX, data·inclusion and HSDS hold "
    "them.",
)


class Catalogue(NamedTuple):
    """What an audience may read.

    ``actors`` are rows of the table ``acteur``, contacts only where they may be given, with ``longitude`` and
    ``latitude`` (degrees, WGS 84; None without a place) instead of a geometry. ``services`` are rows of ``service`` by
    the uuid of their actor. ``departement`` is the name of the Département, ``today`` the day of the export.
    """

    actors: list[dict]
    services: dict[str, list[dict]]
    departement: str
    today: date

    def services_of(self, actor: dict) -> list[dict]:
        """Return the services of an actor, none if it has none."""
        return self.services.get(actor["uuid"], [])


class Remark(NamedTuple):
    """Something that a reader of the file will miss: a sentence with ``{count}`` and ``{names}``, and one such name."""

    sentence: str
    name: str


class Written(NamedTuple):
    """How many actors went into a file, and what did not."""

    actors: int
    remarks: list[Remark]


def codes(text: str | None) -> list[str]:
    """Return the codes of a field that holds several, in whichever way they are separated, each once."""
    return list(dict.fromkeys(_CODE.findall(text or "")))


def known_codes(text: str | None, name: str, of: str, remarks: list[Remark]) -> list[str]:
    """Return the codes that the list ``name`` has; the others are remarked as those of ``of``."""
    known = code_list(name).labels
    remarks += [Remark(UNKNOWN_CODE, f"{of} : {code}") for code in codes(text) if code not in known]
    return [code for code in codes(text) if code in known]


def last_update(row: dict, today: date) -> date | None:
    """Return the day a sheet was last changed, else that of its making; None when unknown or still to come."""
    made = row["cree_le"]
    day = row["date_maj"] or (date.fromisoformat(str(made)[:10].replace("/", "-")) if made else None)
    return day if day and day <= today else None


def left_out_services(catalogue: Catalogue) -> list[Remark]:
    """Return the remarks of a format that has no place for services."""
    return [
        Remark(SERVICES_LEFT_OUT, service["nom"])
        for actor in catalogue.actors
        for service in catalogue.services_of(actor)
    ]
