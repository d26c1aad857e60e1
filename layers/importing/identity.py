"""Who a row is: the uuid it has or gets, and the words and places by which two rows are compared.

A row without identifier gets the same uuid whenever and wherever it is imported: a uuid5 of its source and its
identifier there, else of its source, name and place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from ..exchange.folding import fold

# Metres within which two rows of one name are at one place.
SAME_PLACE = 50.0
# Words that one file writes and the next one does not.
LEGAL_FORMS = ("association", "asso", "sarl", "sas", "sasu", "sa", "scop", "scic", "eurl", "sci", "gie", "gip", "epic")
ARTICLES = ("le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "et", "a", "au", "aux", "en")
UNSAID = frozenset((*LEGAL_FORMS, *ARTICLES))
# What of a need tells it from another one, beside its source.
NEED_KEYS = ("libelle", "theme_vie", "niveau_geo", "code_geo", "publics", "date_recueil", "millesime")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def name_key(name: object) -> str:
    """Return the words of a name that tell it, folded; all of them where none else is left."""
    words = fold(str(name or "")).split()
    return " ".join([word for word in words if word not in UNSAID] or words)


def resemble(one: object, other: object) -> bool:
    """Say whether half the words of the shorter of two names stand in the longer one."""
    words = [set(name_key(name).split()) for name in (one, other)]
    shorter = min(words, key=len)
    return bool(shorter) and 2 * len(words[0] & words[1]) >= len(shorter)


def own_uuid(values: Mapping[str, object]) -> str | None:
    """Return the uuid that a row brings: its own, or the one our exports write as identifier at the source."""
    given = str(values.get("uuid") or "").strip("{}").lower()
    if _UUID.fullmatch(given):
        return given
    tail = str(values.get("source_ref") or "").rpartition("--")[2]
    return tail if _UUID.fullmatch(tail) else None


def made_uuid(table: str, source: str, values: Mapping[str, object]) -> str:
    """Return the uuid of a row that brings none; ``values`` has ``lon`` and ``lat`` in degrees."""
    reference = values.get("source_ref")
    if reference:
        return uuid_of(table, source, str(reference))
    if table == "besoin":
        keys = [fold(_text(values.get(name))) for name in NEED_KEYS]
        if values.get("code_geo"):
            return uuid_of(table, source, *keys)
    else:
        keys = [fold(str(values.get("nom") or "")), fold(str(values.get("adresse") or ""))]
    return uuid_of(table, source, *keys, _place(values))


def uuid_of(table: str, *parts: str) -> str:
    """Return the uuid5 of a row of a table."""
    return str(uuid5(NAMESPACE_URL, ":".join(("tisserand", table, *parts))))


def near(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """Return the metres between two places no more than ``SAME_PLACE`` apart, None for any others."""
    if one is None or other is None:
        return None
    metres = math.dist(one, other)
    return metres if metres <= SAME_PLACE else None


def content(values: Mapping[str, object]) -> str:
    """Return all that a row says as one text that does not hang on the order of its columns."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)


def _place(values: Mapping[str, object]) -> str:
    if values.get("lon") is not None:
        # About a metre: what another program rounds off does not make another row.
        return f"{values['lon']:.5f},{values['lat']:.5f}"
    if values.get("code_insee"):
        return str(values["code_insee"])
    return fold(str(values.get("commune") or ""))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")
