"""Numbers and addresses by which an actor is known or reached."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..contacts import international, is_mail, is_web, web_address
from .causes import NO_MAIL, NO_PHONE, NO_SIRET, NO_WEB, ODD_RNA, SEVERAL, Cleaned, Fault
from .texts import shown

LA_POSTE = "356000000"
_BETWEEN_DIGITS = re.compile(r"[\s\u00a0\u202f.\-_]")
_SIRET = re.compile(r"\d{14}", re.ASCII)
_RNA = re.compile(r"W\d[A-Z0-9]\d{7}", re.ASCII)
_PHONE = re.compile(r"\+\d{8,15}|\d{4}|\d{3}|118\d{3}", re.ASCII)
_BETWEEN_PHONES = re.compile(r"\s*(?:[/|;,\n]|\bou\b|\bet\b)\s*")
# A blank parts addresses only where the next one begins plainly: within one it is a typing error.
_BETWEEN_ADDRESSES = re.compile(r"\s*[|;,\n]\s*|\s+(?:/|ou|et|-)\s+|\s+(?=https?://|www\.|[^\s@]+@[^\s@]+$)")


def is_siret(digits: str) -> bool:
    """Say whether fourteen digits are a SIRET: Luhn's sum, or for places of La Poste a sum that 5 divides."""
    if not _SIRET.fullmatch(digits):
        return False
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    doubled = (int(digit) * (2 - order % 2) for order, digit in enumerate(digits))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def siret(text: str) -> Cleaned:
    """Return fourteen digits; an RNA number in the same column is none and no fault."""
    digits = _BETWEEN_DIGITS.sub("", text)
    if is_siret(digits):
        return Cleaned(digits)
    return Cleaned(None, None if _RNA.fullmatch(digits.upper()) else Fault(NO_SIRET, shown(text)))


def rna(text: str) -> Cleaned:
    """Return an RNA number, an unusual one with a remark; a SIRET in the same column is none and no fault."""
    number = _BETWEEN_DIGITS.sub("", text).upper()
    if _SIRET.fullmatch(number):
        return Cleaned(None)
    return Cleaned(number, None if _RNA.fullmatch(number) else Fault(ODD_RNA, shown(text), taken=True))


def telephone(text: str) -> Cleaned:
    """Return a number as it was typed, if it is one in France or an international one."""
    return _first(text, _BETWEEN_PHONES, lambda part: part if _PHONE.fullmatch(international(part)) else None, NO_PHONE)


def mail(text: str) -> Cleaned:
    """Return a mail address."""
    bare = text.replace("mailto:", "")
    return _first(bare, _BETWEEN_ADDRESSES, lambda part: part if is_mail(part) else None, NO_MAIL)


def web(text: str) -> Cleaned:
    """Return a web address with its scheme."""

    def whole(part: str) -> str | None:
        address = web_address(part)
        return address if is_web(address) else None

    return _first(text, _BETWEEN_ADDRESSES, whole, NO_WEB)


def _first(text: str, between: re.Pattern[str], read: Callable[[str], str | None], template: str) -> Cleaned:
    """Return the value of a text, or the first of those in it; the text stays in ``extra`` when there is more."""
    found = read(text)
    if found is not None:
        return Cleaned(found)
    # A text without end is no list of addresses.
    parts = between.split(text[:1000])
    found = next((value for part in parts if part and (value := read(part)) is not None), None)
    return Cleaned(found, Fault(template if found is None else SEVERAL, shown(text)))
