"""What the code of a territory says before anything is drawn: known, former, without its zero, an arrondissement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..errors import QT_TRANSLATE_NOOP
from ..reference import commune_names, departements, former_communes

LENGTHS = {"commune": 5, "iris": 9, "epci": 9, "ept": 9}

NO_CODE = QT_TRANSLATE_NOOP("Tisserand", "it has no code: fill it in")
NO_NAME = QT_TRANSLATE_NOOP("Tisserand", "it has no name: fill it in")
LOST_ZERO = QT_TRANSLATE_NOOP(
    "Tisserand",
    "its code seems to have lost its zero ({mended}): read the field as text, or ask for lost zeros to be put back",
)
ARRONDISSEMENT = QT_TRANSLATE_NOOP(
    "Tisserand", "it is an arrondissement of {today}, not a commune: take it in with the level “autre”"
)
MERGED_BEFORE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "it was a commune until the code of {last} and lies in {today} now: give {last} or an earlier year, or 0",
)
UNKNOWN_COMMUNE = QT_TRANSLATE_NOOP("Tisserand", "no commune has this code, today or since 1943: correct it")
UNKNOWN_DEPARTEMENT = QT_TRANSLATE_NOOP("Tisserand", "no Département has this code: correct it")


class Verdict(NamedTuple):
    """``code`` as it should be; ``cause`` and ``values`` say why it cannot be taken ("" when it can).

    ``last_year`` is the last vintage of a commune that merged since, None for the others.
    """

    code: str
    cause: str = ""
    values: Mapping[str, object] = MappingProxyType({})
    mended: bool = False
    last_year: int | None = None


def judge(code: str, niveau: str, departement: str, *, vintage: int, put_zeros_back: bool) -> Verdict:
    """Return what to think of a code of a level; ``vintage`` 0 means that the layer does not say its year."""
    code = re.sub(r"\s", "", code).upper()
    if not code:
        return Verdict(code, NO_CODE)
    mended = with_its_zero(code, niveau, departement)
    if mended != code:
        if not put_zeros_back:
            return Verdict(code, LOST_ZERO, {"mended": mended})
        return judge(mended, niveau, departement, vintage=vintage, put_zeros_back=False)._replace(mended=True)
    if niveau == "departement" and code not in departements():
        return Verdict(code, UNKNOWN_DEPARTEMENT)
    return _commune(code, vintage) if niveau == "commune" else Verdict(code)


def with_its_zero(code: str, niveau: str, departement: str) -> str:
    """Return the code, with a zero before it where a program that read it as a number seems to have taken one away."""
    longer = f"0{code}"
    if niveau == "commune":
        lost = code not in known_communes() and longer in known_communes()
    elif niveau == "departement":
        lost = code not in departements() and longer in departements()
    elif niveau in ("canton", "iris", "qpv"):
        lost = code.isdigit() and departement.startswith("0") and not code.startswith(departement)
        lost = lost and longer.startswith(departement) and len(longer) <= LENGTHS.get(niveau, 5)
    else:
        lost = False
    return longer if lost else code


def known_communes() -> set[str]:
    """Return the codes of communes, of today and since 1943."""
    return commune_names().keys() | former_communes().keys()


def _commune(code: str, vintage: int) -> Verdict:
    if code in commune_names():
        return Verdict(code)
    former = former_communes().get(code)
    if former is None:
        return Verdict(code, UNKNOWN_COMMUNE)
    today = f"{former.actuelle} {commune_names()[former.actuelle]}"
    if former.dernier_cog is None:
        return Verdict(code, ARRONDISSEMENT, {"today": today})
    if vintage > former.dernier_cog:
        return Verdict(code, MERGED_BEFORE, {"today": today, "last": former.dernier_cog})
    return Verdict(code, last_year=former.dernier_cog)
