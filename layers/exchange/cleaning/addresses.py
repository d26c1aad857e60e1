"""Postal addresses in one line, postcodes and Insee codes."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..communes import Communes
from ..folding import fold_commune
from ..records import Proposal
from .causes import (
    FAR_COMMUNE,
    NO_COMMUNE,
    NO_POSTCODE,
    NO_SUCH_NAME,
    OTHER_NAME,
    OTHER_POSTCODE,
    Cleaned,
    Fault,
)
from .texts import shown

_DECIMALS = re.compile(r"\.0+$")
_INSEE = re.compile(r"(?:\d\d|2[AB])\d{3}", re.ASCII)
_ARRONDISSEMENT = re.compile(r"751\d\d|6938\d|132\d\d", re.ASCII)
# The last five digits of an address that a name follows; before them what parts them from the street.
_STREETS = "rue|route|avenue|chemin|all[ée]e|place|boulevard|impasse|cours|quai|lieu"
_POSTCODE = re.compile(rf"(?i)(?:^|[\s,(\-–])([0-9]{{2}} ?[0-9]{{3}})(?=[\s,\-–]+(?!(?:{_STREETS})\b)[^\W\d]|\s*$)")
_PARTING = " \t\n,;-–("


class Address(NamedTuple):
    """The parts of an address in one line, ``""`` where it has none."""

    street: str
    postcode: str
    city: str


def address_parts(text: str) -> Address:
    """Return the parts of « 8 rue de la Boétie - 33000 Bordeaux »; without a postcode all is street."""
    all_found = list(_POSTCODE.finditer(text[:1000]))
    if not all_found:
        return Address(text, "", "")
    found = all_found[-1]
    city = re.sub(r"(?i)[\s,]*\bcedex\b.*$", "", text[found.end() :], flags=re.DOTALL)
    street = text[: found.start(1)].rstrip(_PARTING)
    return Address(street, found[1].replace(" ", ""), " ".join(city.split()).strip(" ,;-–()"))


def postcode(text: str, row: int, column: str) -> tuple[Cleaned, Proposal | None]:
    """Return five digits, or the proposal to put back a lost zero."""
    digits = _DECIMALS.sub("", text.replace(" ", ""))
    if re.fullmatch(r"\d{5}", digits, re.ASCII):
        return Cleaned(digits), None
    if _lost_zero(digits):
        return Cleaned(f"0{digits}"), Proposal("lost_zero", row, column, digits, f"0{digits}")
    return Cleaned(None, Fault(NO_POSTCODE, shown(text))), None


def insee(text: str, communes: Communes, row: int, column: str) -> tuple[Cleaned, list[Proposal]]:
    """Return the code of a current commune, with the proposals that lead to it."""
    code = _DECIMALS.sub("", text.replace(" ", "")).upper()
    proposals = []
    if _lost_zero(code):
        proposals.append(Proposal("lost_zero", row, column, code, f"0{code}"))
        code = f"0{code}"
    if not _INSEE.fullmatch(code):
        return Cleaned(None, Fault(NO_COMMUNE, shown(text))), []
    if code in communes.names:
        return Cleaned(code), proposals
    if code in communes.successors:
        kind = "arrondissement" if _ARRONDISSEMENT.fullmatch(code) else "merged_commune"
        current = communes.successors[code]
        proposals.append(Proposal(kind, row, column, code, current))
        code = current
    if code in communes.names:
        return Cleaned(code), proposals
    if communes.is_here(code):
        return Cleaned(None, Fault(NO_COMMUNE, shown(text), grave=True)), []
    return Cleaned(code, Fault(FAR_COMMUNE, code, taken=True)), proposals


def disagreements(values: dict[str, object], communes: Communes) -> list[tuple[str, Fault]]:
    """Return what in an address contradicts the official list, by field; nothing of it is changed."""
    code, name, digits = (values.get(field) for field in ("code_insee", "commune", "code_postal"))
    found = []
    official = communes.names.get(code) if code else None
    if official and name and fold_commune(name) != fold_commune(official):
        found.append(("commune", Fault(OTHER_NAME, shown(name), taken=True, more={"commune": official})))
    if name and not code and not communes.called(name) and (not digits or digits in communes.all_postcodes):
        found.append(("commune", Fault(NO_SUCH_NAME, shown(name), taken=True)))
    if official and digits and communes.postcodes.get(code) and digits not in communes.postcodes[code]:
        found.append(("code_postal", Fault(OTHER_POSTCODE, digits, taken=True, more={"commune": official})))
    return found


def _lost_zero(digits: str) -> bool:
    """Say whether four digits are those of a code of the first nine Départements."""
    return re.fullmatch(r"[1-9]\d{3}", digits, re.ASCII) is not None
