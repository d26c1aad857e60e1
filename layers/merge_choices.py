"""Which of several rows of one actor to keep, and which value of each field: the rule, without any store.

A row is a dict by the names of the table ``acteur``; ``position`` is its (x, y) in metres, in place of its geometry.
What a layer of another origin holds besides is merged like a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from math import hypot
from typing import NamedTuple

from .errors import QT_TRANSLATE_NOOP, TisserandError
from .model.tables import table
from .quality import quality

SEPARATOR = "|"
POSITION = "position"
MULTIPLE = (*(field.name for field in table("acteur").fields if field.multiple), "reseaux_porteurs")
CONSENT_DAY = "consentement_le"
EVERYBODY = "tous-publics"
"""The public that holds all others."""

# What goes together comes from one row: the street of one row with the postcode of another is nobody's address, and a
# consent is worth something for the name that it was given for.
UNITS = (
    ("adresse", "complement_adresse", "code_postal", "commune", "code_insee"),
    (POSITION, "precision_geo", "score_geocodage"),
    ("contact_nom", CONSENT_DAY),
)
LATEST = ("date_visite", "date_maj")
EARLIEST = ("opposition_le", "conservation_jusqu_a", "revoir_avant")
STAGES = ("repere", "contacte", "visite", "valide")
REFUSED = "refus"
AUDIENCES = ("public", "pro", "interne")
"""From the widest to the narrowest."""
PUBLISHABLE = "contact_publiable"
LAW = ("opposition_le", PUBLISHABLE, "conservation_jusqu_a")
"""Fields of which the stricter value holds, whatever is chosen."""

KEPT_APART = frozenset(
    (
        *("fid", "geom", "uuid", "source", "source_ref", "source_le", "extra"),
        *("cree_le", "cree_par", "maj_par", "version", "version_lue", "supprime_le"),
    )
)
"""Fields that say of a row itself where it comes from and what became of it: they are not merged."""

SAME_PLACE = 50.0
"""Metres up to which two positions do not contradict each other."""


class Choice(NamedTuple):
    """The value proposed for a field, the uuid of the row it comes from ('' for values united), and the other values.

    ``others``: (uuid, value) of the rows that say something else; ``contradiction``: whether that cannot be true beside
    the value.
    """

    field: str
    value: object
    origin: str
    others: tuple[tuple[str, object], ...]
    contradiction: bool


def ranked(rows: Sequence[Mapping], today: date) -> list[Mapping]:
    """Return the rows of one actor, that to keep first.

    It is the most complete by the ten criteria of data·inclusion, then the one furthest in the survey, then the one
    updated last; the uuid decides between equals.
    """

    def rank(row: Mapping) -> tuple:
        stage = row.get("statut_recensement")
        updated = row.get("date_maj")
        return (
            -quality(row, [], today).score,
            -(STAGES.index(stage) + 1 if stage in STAGES else 0),
            -(updated.toordinal() if updated else 0),
            row["uuid"],
        )

    return sorted(rows, key=rank)


def choose(rows: Sequence[Mapping], chosen: Mapping[str, str] | None = None) -> list[Choice]:
    """Return the choice for each field that some row fills; the first row is the one that is kept.

    ``chosen``: field -> uuid of the row whose value the user wants. By default the kept row's value stands and the
    others fill its gaps; what goes together (``UNITS``) is filled together. Values of lists are united, the last visit
    and the first day of review hold, the narrowest audience, a refusal. An opposition, a contact that may not be
    published and the earlier end of retention hold even against ``chosen``.
    """
    chosen = dict(chosen or {})
    _check(rows, chosen)
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in KEPT_APART]
    standing = _standing(rows, names, chosen)
    found = []
    for name in names:
        given = [(row["uuid"], row.get(name)) for row in rows if _filled(row.get(name))]
        if given:
            value, origin = _value(name, rows, given, standing, chosen)
            others = tuple((uuid, other) for uuid, other in given if not _same(name, other, value))
            found.append(Choice(name, value, origin, others, _contradict(name, value, others)))
    return found


def _check(rows: Sequence[Mapping], chosen: Mapping[str, str]) -> None:
    uuids = {row["uuid"] for row in rows}
    for name, uuid in chosen.items():
        if name in KEPT_APART or name in LAW or all(name not in row for row in rows):
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "The field {field} cannot be chosen: leave it out of the fields."),
                field=name,
            )
        if uuid not in uuids:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "The value of {field} cannot come from {uuid}: name one of the rows that are merged."
                ),
                field=name,
                uuid=uuid,
            )


def _standing(rows: Sequence[Mapping], names: Sequence[str], chosen: Mapping[str, str]) -> dict[str, tuple]:
    """Return for each field the value that stands when no other rule decides, and the uuid of its row ('': no value).

    The rows are gone through in their order, each filling the gaps of a unit when it agrees with what stands so far.
    """
    found = {}
    loose = [(name,) for name in names if all(name not in unit for unit in UNITS)]
    for unit in (*UNITS, *loose):
        wished = {chosen[name] for name in unit if name in chosen} if CONSENT_DAY in unit else set()
        standing = {}
        for row in rows:
            if wished and row["uuid"] not in wished:
                continue
            own = {name: row.get(name) for name in unit if _filled(row.get(name))}
            if all(_same(name, value, standing[name][0]) for name, value in own.items() if name in standing):
                standing = {**{name: (value, row["uuid"]) for name, value in own.items()}, **standing}
        found |= standing
    return found


def _value(
    name: str,
    rows: Sequence[Mapping],
    given: Sequence[tuple[str, object]],
    standing: Mapping[str, tuple],
    chosen: Mapping[str, str],
) -> tuple[object, str]:
    if name == PUBLISHABLE:
        return _publishable(rows, standing)
    if name in chosen and name != CONSENT_DAY:
        return next(row.get(name) for row in rows if row["uuid"] == chosen[name]), chosen[name]
    if name in MULTIPLE:
        return _united(name, given)
    if name in LATEST or name in EARLIEST:
        pick = max if name in LATEST else min
        uuid, value = pick(given, key=lambda pair: pair[1])
        return value, uuid
    if name == "statut_recensement":
        return _stage(given)
    if name == "diffusion":
        uuid, value = max(given, key=lambda pair: AUDIENCES.index(pair[1]) if pair[1] in AUDIENCES else -1)
        return value, uuid
    return standing.get(name, (None, ""))


def _publishable(rows: Sequence[Mapping], standing: Mapping[str, tuple]) -> tuple[bool, str]:
    """Return whether contacts may be published: never where a row says no or an opposition was received."""
    for row in rows:
        if row.get(PUBLISHABLE) is False or _filled(row.get("opposition_le")):
            return False, row["uuid"]
    _, agreed = standing.get(CONSENT_DAY, (None, ""))
    return any(row["uuid"] == agreed and row.get(PUBLISHABLE) for row in rows), agreed


def _united(name: str, given: Sequence[tuple[str, object]]) -> tuple[str, str]:
    codes = dict.fromkeys(code for _, value in given for code in str(value).split(SEPARATOR) if code)
    united = SEPARATOR.join([EVERYBODY] if name == "publics" and EVERYBODY in codes else codes)
    return united, next((uuid for uuid, value in given if value == united), "")


def _stage(given: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return a refusal, else the furthest stage of the survey unless the kept row says that the place is closed."""
    refused = next(((value, uuid) for uuid, value in given if value == REFUSED), None)
    if refused or given[0][1] not in STAGES:
        return refused or (given[0][1], given[0][0])
    uuid, value = max(given, key=lambda pair: STAGES.index(pair[1]) if pair[1] in STAGES else -1)
    return value, uuid


def _filled(value: object) -> bool:
    return value is not None and value != ""


def _same(name: str, one: object, other: object) -> bool:
    if name == POSITION and one is not None and other is not None:
        return hypot(one[0] - other[0], one[1] - other[1]) < 1
    if name in MULTIPLE:
        return set(str(one or "").split(SEPARATOR)) == set(str(other or "").split(SEPARATOR))
    return one == other


def _contradict(name: str, value: object, others: Sequence[tuple[str, object]]) -> bool:
    """Say whether one of the other values cannot be true beside this one; another way of writing can."""
    if name in (*MULTIPLE, *LATEST, "revoir_avant", "precision_geo", "score_geocodage"):
        return False
    if name == "statut_recensement":
        return any(other not in STAGES or value not in STAGES for _, other in others)
    if name == POSITION:
        return any(hypot(other[0] - value[0], other[1] - value[1]) > SAME_PLACE for _, other in others if value)
    return any(_plain(name, other) != _plain(name, value) for _, other in others)


def _plain(name: str, value: object) -> str:
    """Return what two ways of writing one value share."""
    if not isinstance(value, str):
        return repr(value)
    if name == "telephone":
        return re.sub(r"^(00)?33(?=\d{9}$)", "0", re.sub(r"\D", "", value))
    decomposed = unicodedata.normalize("NFKD", value.lower())
    return " ".join(re.findall(r"\w+", "".join(part for part in decomposed if not unicodedata.combining(part))))
