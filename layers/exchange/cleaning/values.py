"""Numbers, truths and dates as people and spreadsheets write them; None for what is none."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta, timezone

from ..folding import fold

TRUTHS = dict.fromkeys(("oui", "o", "vrai", "true", "t", "yes", "y", "1", "x"), True) | dict.fromkeys(
    ("non", "n", "faux", "false", "f", "no", "0"), False
)
MONTHS = {
    **{name: order for order, name in enumerate(
        ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
         "decembre"), start=1)},
    **{"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
}  # fmt: skip
# Day 0 of the serial dates of spreadsheets (ECMA-376, 18.17.4.1, with Lotus' 29 February 1900).
EXCEL_DAY_0 = date(1899, 12, 30)
EARLIEST, LATEST = date(1800, 1, 1), date(2200, 1, 1)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_FRENCH = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?:[T ,].*)?", re.ASCII | re.DOTALL)
_COMPACT = re.compile(r"(19|20)(\d\d)(\d\d)(\d\d)", re.ASCII)
_WORDS = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})", re.ASCII)
_SERIAL = re.compile(r"([1-9]\d{4})(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?(?:[eE][+-]?\d{1,3})?|[+-]?[.,]\d+", re.ASCII)
_BLANKS = re.compile(r"[\s\u00a0\u202f']")


def real(text: str) -> float | None:
    """Return a finite number with a decimal point or comma; blanks may part thousands."""
    bare = _BLANKS.sub("", text)
    if not _NUMBER.fullmatch(bare):
        return None
    number = float(bare.replace(",", "."))
    return number if math.isfinite(number) else None


def integer(text: str) -> int | None:
    """Return a whole number, also when written ``30,0``; None beyond what a store holds."""
    number = real(text)
    return int(number) if number is not None and number == int(number) and abs(number) < 2**31 else None


def truth(text: str) -> bool | None:
    """Return what a yes or no means, in French or English."""
    return TRUTHS.get(fold(text))


def day(text: str) -> date | None:
    """Return a date: ISO, day first as in French, in French words, or a spreadsheet's serial number."""
    for pattern, order in ((_ISO, (1, 3, 4)), (_FRENCH, (4, 3, 1))):
        found = pattern.fullmatch(text)
        if found:
            return _date(*(int(found[place]) for place in order))
    found = _COMPACT.fullmatch(text)
    if found:
        return _date(int(found[1] + found[2]), int(found[3]), int(found[4]))
    found = _SERIAL.fullmatch(text)
    if found:
        return EXCEL_DAY_0 + timedelta(days=int(found[1]))
    found = _WORDS.fullmatch(fold(text)) if len(text) < 40 else None
    return _date(int(found[3]), MONTHS.get(found[2], 0), int(found[1])) if found else None


def moment(text: str) -> datetime | None:
    """Return a moment in UTC; one without a zone is taken for UTC, a date for its first second."""
    written = text.strip().replace("/", "-", 2).replace("Z", "+00:00")
    written = re.sub(r"([+-]\d\d)$", r"\1:00", written) if ":" in written else written
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        only_day = day(text.strip())
        return datetime(only_day.year, only_day.month, only_day.day, tzinfo=timezone.utc) if only_day else None


def _date(year: int, month: int, day_of_month: int) -> date | None:
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        return None
    return found if EARLIEST <= found < LATEST else None
