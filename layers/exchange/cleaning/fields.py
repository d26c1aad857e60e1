"""One value made what its field of the model wants."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...model.schema import Field, Kind
from ..folding import fold
from ..mapping import ColumnRule
from . import contacts
from .addresses import address_parts
from .causes import NO_DATE, NO_NUMBER, NO_TRUTH, Cleaned, Fault
from .codes import coded, parts_of
from .texts import after, as_text, shown
from .values import day, integer, moment, real, truth

# Fields with rules of their own, beside those of their kind.
OWN: dict[str, Callable[[str], Cleaned]] = {
    "siret": contacts.siret,
    "rna": contacts.rna,
    "telephone": contacts.telephone,
    "courriel": contacts.mail,
    "site_web": contacts.web,
    "lien_source": contacts.web,
    "accessibilite_lieu": contacts.web,
}
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
ONE_LINE = ("nom", "libelle", "titre", "commune")


def taken(rule: ColumnRule, values: dict[str, object]) -> object:
    """Return what a rule takes of the cleaned values of a row, before it is understood; ``""`` for nothing."""
    if rule.constant is not None:
        return rule.constant
    if rule.join:
        texts = [as_text(values.get(column)).strip() for column in rule.join]
        labels = rule.labels or ("",) * len(texts)
        return rule.separator.join(f"{label} {text}".strip() for label, text in zip(labels, texts) if text)
    value = values.get(rule.column)
    for column in rule.otherwise if value in (None, "", []) else ():
        value = value or values.get(column)
    if rule.part:
        value = getattr(address_parts(as_text(value)), rule.part)
    return value


def cleaned(field: Field, rule: ColumnRule, meanings: dict[str, str | None], value: object) -> Cleaned:
    """Return the value of a field; codes and texts first mean what the mapping says, by ``meanings``."""
    if field.codes:
        return coded(field, value, rule.split, meanings, rule.lenient)
    text = as_text(value).strip()
    if meanings and fold(text) in meanings:
        text = meanings[fold(text)] or ""
    if not text:
        return Cleaned(None)
    if field.name in OWN:
        return OWN[field.name](text)
    if field.kind is Kind.TEXT:
        if field.name in ONE_LINE:
            text = " ".join(text.split())
        elif rule.split:
            text = "|".join(parts_of(value, rule.split))
        return Cleaned(after(rule.prefix, text) if rule.prefix else text)
    return _typed(field, text)


def _typed(field: Field, text: str) -> Cleaned:
    if field.kind is Kind.DATE:
        found = day(text)
        # A date that is wrong misleads; a year alone or words in its place (« inconnue ») do not.
        wrong = any(letter.isdigit() for letter in text) and not _YEAR.fullmatch(text)
        return Cleaned(found, None if found else Fault(NO_DATE, shown(text), grave=wrong))
    if field.kind is Kind.DATETIME:
        at = moment(text)
        return Cleaned(at, None if at else Fault(NO_DATE, shown(text)))
    if field.kind is Kind.BOOLEAN:
        said = truth(text)
        return Cleaned(said, None if said is not None else Fault(NO_TRUTH, shown(text)))
    number = integer(text) if field.kind is Kind.INTEGER else real(text)
    return Cleaned(number, None if number is not None else Fault(NO_NUMBER, shown(text)))
