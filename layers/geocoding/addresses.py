"""What is sent of an address: cleaned, with the commune that its answer must lie in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..exchange.folding import fold, fold_commune

# Longer texts are refused by addok, and with them the whole batch.
LONGEST = 200

_NUMBER = r"(?:n[°o]\s*)?\d{1,6}(?:\s\d{3}(?!\d))?"
# What only the post needs: post boxes, special sorting and delivery offices.
_POST_BOX = re.compile(
    rf"(?i)\b(?:b\.?\s?p\.?|c\.?\s?s\.?|t\.?\s?s\.?\s?a\.?|bo[iî]te\s+postale|case\s+postale)\s*{_NUMBER}(?!\d)"
)
_CEDEX = re.compile(r"(?i)\bcedex\b(?:\s+\d{1,2}(?!\d))?")
# Quotes, separators and lines would make the service misread the table it is sent.
_UNSENDABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\"«»“”;|\t]+")
_LOOSE = " ,;:-–—./"
_SHORT = {
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "boul": "boulevard",
    "rte": "route",
    "pl": "place",
    "imp": "impasse",
    "chem": "chemin",
    "che": "chemin",
    "all": "allée",
    "res": "résidence",
    "rés": "résidence",
    "sq": "square",
    "crs": "cours",
    "fg": "faubourg",
    "fbg": "faubourg",
    "qu": "quai",
    "zi": "zone industrielle",
    "za": "zone artisanale",
}
_ABBREVIATION = re.compile(rf"(?i)(?<![\w'’.])({'|'.join(_SHORT)})(?:\.\s*|\s+)(?=[^\W_])")
# One or two letters mean a kind of street only right after the number.
_AFTER_NUMBER = re.compile(r"(?i)^(\d+\s*(?:bis|ter|quater|[a-d])?\s*,?\s+)(r|ch)(?:\.\s*|\s+)(?=[^\W_])")
_LETTERS = {"r": "rue", "ch": "chemin"}
_VAGUE = re.compile(
    r"(?:\d{5}\s)?(?:(?:a|au|le|la|l)\s)*"
    r"(?:mairie|hotel de ville|(?:centre\s)?bourg|centre ville|village|chef lieu"
    r"|mairie (?:le )?bourg|bourg mairie|\d{5})"
)
_POSTCODE = re.compile(r"(?<!\d)(\d{2} ?\d{3})(?=\s+[^\W\d])", re.ASCII)
_DECIMALS = re.compile(r"\.0+$")
_ARRONDISSEMENT = re.compile(r"751\d\d|6938\d|132\d\d", re.ASCII)


class Attempt(NamedTuple):
    """One thing asked of the service; a filter that is ``""`` is none. Equal attempts have equal answers."""

    text: str
    citycode: str
    postcode: str


class Question(NamedTuple):
    """An address and its commune, as cleaned; ``""`` for what is unknown.

    ``citycode`` is that of a current commune, or of an arrondissement; ``vague`` says that the address tells no more
    than the commune, so that the centre of the commune is a fair answer.
    """

    address: str
    city: str
    citycode: str
    postcode: str
    vague: bool

    def attempts(self) -> tuple[Attempt, ...]:
        """Return what to ask, one after the other until an answer is believed: by city code, then by postcode."""
        filters = [(self.citycode, "")] if self.citycode else []
        filters += [("", self.postcode)] if self.postcode else []
        # A postcode of the post alone (CEDEX) is none for the service.
        filters += [("", "")] if not self.citycode else []
        texts = [self.address] if self.address else []
        texts += [self.city] if self.vague and self.city else []
        asked = [
            Attempt(_street(text) if citycode else self._located(text), citycode, postcode)
            for text in texts
            for citycode, postcode in filters
        ]
        return tuple(dict.fromkeys(attempt for attempt in asked if len(attempt.text) <= LONGEST))

    def _located(self, text: str) -> str:
        """Return the text with the name of the commune, unless it is there already."""
        return text if f" {fold(self.city)} " in f" {fold(text)} " else f"{text} {self.city}".rstrip()


def make_question(
    address: object,
    postcode: object,
    city: object,
    citycode: object,
    successors: Mapping[str, str],
    names: Mapping[str, str],
) -> Question:
    """Return what to ask for the values of a row (texts, numbers or None).

    ``successors`` maps a former city code to the commune of today, ``names`` a city code to its name. A code that is
    no code is left out, and so is then no filter.
    """
    code = read_citycode(citycode)
    if code in successors and not _ARRONDISSEMENT.fullmatch(code):
        code = successors[code]
    name = clean_address(city) or names.get(successors.get(code, code), "")
    text = clean_address(address)
    digits = read_postcode(postcode)
    if not code and not digits and not _CEDEX.search(str(address)):
        inside = _POSTCODE.findall(text)
        digits = inside[-1].replace(" ", "") if inside else ""
    return Question(text, name, code, digits, is_vague(text, name) or is_vague(_street(text), name))


def clean_address(value: object) -> str:
    """Return an address in one line, without post boxes and CEDEX, its abbreviations of streets spelt out."""
    text = _UNSENDABLE.sub(" ", "" if value is None else str(value))
    text = _CEDEX.sub(" ", _POST_BOX.sub(" ", text))
    text = " ".join(text.split()).strip(_LOOSE)
    text = _AFTER_NUMBER.sub(lambda found: found[1] + _LETTERS[found[2].lower()] + " ", text)
    text = _ABBREVIATION.sub(lambda found: _SHORT[found[1].lower()] + " ", text)
    return re.sub(r"\s*,[\s,–-]*", ", ", text).strip(_LOOSE)


def _street(text: str) -> str:
    """Return an address without the « 33580 Coutures » at its end, once its commune is known by code.

    Post offices, delegated communes and old names would make a right answer look unlike the address.
    """
    found = list(_POSTCODE.finditer(text))
    street = text[: found[-1].start()].rstrip(_LOOSE) if found else ""
    return street or text


def is_vague(address: str, city: str) -> bool:
    """Say whether an address tells no more than the commune: empty, « mairie », « le bourg », or the commune's name."""
    words, commune = fold(address), fold(city)
    if commune and words.endswith(commune):
        words = re.sub(r"(?:^|\s)(?:\d{5}|de|d|du|des|a)$", "", words[: -len(commune)].rstrip()).rstrip()
    return not words or _VAGUE.fullmatch(words) is not None or fold_commune(address) == fold_commune(city)


def read_postcode(value: object) -> str:
    """Return five digits (the zero lost by a spreadsheet is put back), ``""`` for anything else."""
    digits = _code(value)
    return digits.zfill(5) if re.fullmatch(r"\d{4,5}", digits, re.ASCII) else ""


def read_citycode(value: object) -> str:
    """Return an Insee code of five characters (with its lost zero), ``""`` for anything else."""
    code = _code(value).upper()
    code = code.zfill(5) if re.fullmatch(r"\d{4}", code, re.ASCII) else code
    return code if re.fullmatch(r"(?:\d\d|2[AB])\d{3}", code, re.ASCII) else ""


def is_arrondissement(citycode: str) -> bool:
    """Say whether a code is that of a municipal arrondissement of Paris, Lyon or Marseille."""
    return _ARRONDISSEMENT.fullmatch(citycode) is not None


def _code(value: object) -> str:
    return "" if value is None else _DECIMALS.sub("", str(value).replace(" ", ""))
