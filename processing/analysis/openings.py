"""Who is open in a slot of the week, by opening hours written as in OpenStreetMap.

The hours are read by opening-hours-py (PyPI, optional): https://wiki.openstreetmap.org/wiki/Key:opening_hours
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError

OPEN, CLOSED, UNKNOWN = 1.0, 0.0, np.nan
WEEKS = 52
OFTEN = 0.5
LONGEST = 2000
"""Characters: a longer text is no opening hours, and is not read."""

CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = (
    ("mo", "mon", "monday", "lun", "lundi", "lundis"),
    ("tu", "tue", "tuesday", "mar", "mardi", "mardis"),
    ("we", "wed", "wednesday", "mer", "mercredi", "mercredis"),
    ("th", "thu", "thursday", "jeu", "jeudi", "jeudis"),
    ("fr", "fri", "friday", "ven", "vendredi", "vendredis"),
    ("sa", "sat", "saturday", "sam", "samedi", "samedis"),
    ("su", "sun", "sunday", "dim", "dimanche", "dimanches"),
)
_DAYS = {name: day for day, names in enumerate(_NAMES) for name in names}
_GROUPS = {"weekend": (5, 6), "semaine": (0, 1, 2, 3, 4)}
_PARTS = {"matin": (480, 720), "morning": (480, 720), "apresmidi": (840, 1080), "afternoon": (840, 1080)}
_PARTS |= {"soir": (1080, 1260), "evening": (1080, 1260)}
_BETWEEN = {"et", "and", ",", "le", "les", "du", "de", "en", "on"}
_TO = {"-", "a", "au", "to"}
_TIMES = re.compile(r"(\d{1,2})\s*(?:[:h](\d{2})?)?\s*(?:-|a|to)\s*(\d{1,2})\s*(?:[:h](\d{2})?)?(?![\d:h])")
# A rule that is a comment alone says how to get in, not when: by the specification that is not known. The library
# takes it for open at all times.
_COMMENT_ALONE = re.compile(r'(^|;|\|\|)(\s*)("[^"]*")(?=\s*(?:$|;|\|\|))')


class Slot(NamedTuple):
    """Days of the week (0 is Monday), and minutes of the day: on each of these days from one to the other."""

    days: tuple[int, ...]
    start: int
    end: int

    def __str__(self) -> str:
        """Return the slot as OpenStreetMap writes it."""
        hours = "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (self.start, self.end))
        return f"{','.join(CODES[day] for day in self.days)} {hours}"


class Openings(NamedTuple):
    """``state`` of each text (OPEN, CLOSED, UNKNOWN), ``unreadable``: positions of the texts that are no hours."""

    state: np.ndarray
    unreadable: list[int]


def slot_of(text: str | None) -> Slot | None:
    """Return the slot that a text asks for, None for no text.

    Days in French or English, or as in OpenStreetMap, alone, listed or from one to another; then hours, or matin,
    après-midi, soir; without them, the whole day.
    """
    folded = _folded(text or "")
    if not folded:
        return None
    hours = _TIMES.search(folded)
    start, end = 0, 1440
    if hours:
        first, first_minutes, last, last_minutes = (int(number or 0) for number in hours.groups())
        start, end = 60 * first + first_minutes, 60 * last + last_minutes
        folded = folded[: hours.start()] + " " + folded[hours.end() :]
    days, words = [], re.findall(r"[a-z]+|\S", folded)
    since = None
    for word in words:
        if word in _PARTS and not hours:
            start, end = _PARTS[word]
        elif word in _GROUPS:
            days += _GROUPS[word]
        elif word in _DAYS:
            day = _DAYS[word]
            days += [day] if since is None else [(since + step) % 7 for step in range(1, (day - since) % 7 + 1)]
            since = None
        elif word in _TO and days:
            since = days[-1]
        elif word not in _BETWEEN and word not in _TO:
            raise _no_slot(text)
    if not days or since is not None or not 0 <= start < end <= 1440:
        raise _no_slot(text)
    return Slot(tuple(sorted(set(days))), start, end)


def openings(
    texts: Sequence[object], slot: Slot, year: int, minutes: int, tick: Callable[[], None] = lambda: None
) -> Openings:
    """Return who is open in the slot; raise ImportError where opening-hours-py is missing.

    In a week a place is open in the slot when, on one of its days, it is open for so many ``minutes`` of it (or for
    all of a shorter slot); it is open when that is so in half or more of the 52 weeks of the ``year``, French public
    holidays as the hours say. Hours that cannot be read, that are not given, or that say so themselves, are unknown.
    ``tick`` may raise, to stop.
    """
    from opening_hours import OpeningHours, ParserError

    windows = _windows(slot, year)
    needed = timedelta(minutes=min(minutes, slot.end - slot.start))
    known: dict[str, float | None] = {}
    state, unreadable = np.full(len(texts), UNKNOWN), []
    for position, text in enumerate(texts):
        text = "" if text is None or text != text else str(text).strip()
        if not text:
            continue
        if text not in known:
            tick()
            try:
                hours = None if len(text) > LONGEST else OpeningHours(_with_comments(text), country="FR")
                known[text] = None if hours is None else _most_weeks(hours, windows, needed)
            except ParserError:
                known[text] = None
        if known[text] is None:
            unreadable.append(position)
        else:
            state[position] = known[text]
    return Openings(state, unreadable)


def _windows(slot: Slot, year: int) -> list[list[tuple[datetime, datetime]]]:
    if not 1900 <= year <= 9000:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "{year} is no year for opening hours: give one like 2026."), year=year
        )
    # The Monday of the first week in the sense of ISO 8601.
    monday = datetime.combine(date.fromisocalendar(year, 1, 1), datetime.min.time())
    start, end = timedelta(minutes=slot.start), timedelta(minutes=slot.end)
    days = ([monday + timedelta(weeks=week, days=day) for day in slot.days] for week in range(WEEKS))
    return [[(day + start, day + end) for day in week] for week in days]


def _with_comments(text: str) -> str:
    return _COMMENT_ALONE.sub(r"\1\2unknown \3", text)


def _most_weeks(hours, windows, needed) -> float:
    weeks_open = weeks_possible = 0
    for week in windows:
        best_open = best_possible = timedelta(0)
        for start, end in week:
            found = {"open": timedelta(0), "unknown": timedelta(0)}
            for since, until, kind, _ in hours.intervals(start, end):
                kind = str(kind).rpartition(".")[2].lower()
                if kind in found:
                    found[kind] += min(until or end, end) - max(since, start)
            best_open = max(best_open, found["open"])
            best_possible = max(best_possible, found["open"] + found["unknown"])
        weeks_open += best_open >= needed
        weeks_possible += best_possible >= needed
    if weeks_open >= OFTEN * WEEKS:
        return OPEN
    return UNKNOWN if weeks_possible >= OFTEN * WEEKS else CLOSED


def _folded(text: str) -> str:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    plain = re.sub(r"[‐-―]", "-", plain.lower())
    return re.sub(r"apres[ -]midi", "apresmidi", re.sub(r"week[ -]end", "weekend", plain)).strip()


def _no_slot(text: str) -> TisserandError:
    return TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "“{text}” is not a slot of the week. Write a day and its hours, for example We 14:00-17:00, mercredi "
            "14h-17h or Sa matin.",
        ),
        text=text,
    )
