"""Slots of the week as people write them, and who is open in them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import CancelledError, TisserandError
from tisserand.processing.analysis.openings import CODES, Slot, openings, slot_of

WEDNESDAY = Slot((2,), 14 * 60, 17 * 60)


@pytest.mark.parametrize(
    "text",
    [
        "We 14:00-17:00",
        "we 14:00 - 17:00",
        "mercredi 14h-17h",
        "Mercredi 14-17h",
        "le mercredi de 14 h à 17 h",
        "MERCREDI 14:00–17:00",
        "mer 14h00-17h00",
        "wednesday 14:00 to 17:00",
    ],
)
def test_one_slot_is_written_in_many_ways(text):
    assert slot_of(text) == WEDNESDAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lundi, mardi et jeudi matin", "Mo,Tu,Th 08:00-12:00"),
        ("du lundi au vendredi 18h30-20h", "Mo,Tu,We,Th,Fr 18:30-20:00"),
        ("Fr-Mo 09:00-10:00", "Mo,Fr,Sa,Su 09:00-10:00"),
        ("mercredi après-midi", "We 14:00-18:00"),
        ("week-end", "Sa,Su 00:00-24:00"),
        ("dimanche", "Su 00:00-24:00"),
    ],
)
def test_days_and_parts_of_the_day_are_understood(text, expected):
    assert str(slot_of(text)) == expected


@settings(max_examples=50)
@given(st.sets(st.integers(0, 6), min_size=1), st.integers(0, 1438), st.integers(1, 1440))
def test_a_slot_reads_what_it_writes(days, start, length):
    slot = Slot(tuple(sorted(days)), start, min(start + length, 1440))
    assert slot_of(str(slot)) == slot


@pytest.mark.parametrize("text", [None, "", "   "])
def test_no_text_is_no_slot(text):
    assert slot_of(text) is None


@pytest.mark.parametrize(
    "text", ["bonjour", "14:00-17:00", "We 17:00-14:00", "We 20:00-26:00", "Mo-", "mercredi 14h", "We We-", "8/10"]
)
def test_what_is_no_slot_is_refused_with_an_example(text):
    with pytest.raises(TisserandError, match=r"is not a slot of the week.*We 14:00-17:00"):
        slot_of(text)


def state(text, slot=WEDNESDAY, year=2026, minutes=60):
    return read([text], slot, year, minutes).state[0]


def read(*given):
    pytest.importorskip("opening_hours", reason="opening-hours-py reads opening hours: make setup")
    return openings(*given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We 14:00-17:00", 1),
        ("We 16:00-19:00", 1),
        ("We 16:01-19:00", 0),
        ("Mo-Fr 09:00-12:00", 0),
        ("24/7", 1),
        ("off", 0),
        ("Sa[1] 10:00-17:00", 0),
        ("We[1] 14:00-17:00", 0),
        ("week 1-53/2 We 14:00-17:00", 1),
        ("Oct-May We 14:00-17:00", 1),
        ("Jul-Aug We 14:00-17:00", 0),
        ("We 14:00-15:00; We 14:00-17:00 unknown", math.nan),
        ('"sur rendez-vous"', math.nan),
        ('Tu 09:00-12:00 || "sur rendez-vous"', math.nan),
        ('We 14:00-17:00 "sonner"', 1),
        ("", math.nan),
        (None, math.nan),
        (math.nan, math.nan),
    ],
)
def test_who_is_open_on_most_wednesday_afternoons(text, expected):
    assert state(text) == pytest.approx(expected, nan_ok=True)


def test_hours_that_cannot_be_read_are_unknown_and_named_by_position():
    found = read(["We 14:00-17:00", "le mercredi", None, "Mo 25:99", "le mercredi"], WEDNESDAY, 2026, 60)
    assert found.unreadable == [1, 3, 4]
    assert np.isnan(found.state[[1, 2, 3, 4]]).all()


def test_a_slot_shorter_than_the_minutes_asked_for_has_to_be_open_as_a_whole():
    short = Slot((2,), 14 * 60, 14 * 60 + 30)
    assert state("We 14:00-14:30", short) == 1
    assert state("We 14:10-18:00", short) == 0


def test_one_of_several_days_is_enough():
    assert state("Th 18:00-20:00", slot_of("Mo-Fr 18:00-20:00")) == 1


def test_public_holidays_are_french():
    # Of the Mondays of a year, far fewer than half are holidays: a place that opens on those alone is closed.
    assert state("PH 14:00-17:00", slot_of("Mo 14:00-17:00")) == 0
    assert state("Mo-Su 14:00-17:00; PH off") == 1


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(CODES), st.integers(0, 23), st.integers(1, 24), st.integers(0, 6), st.integers(0, 20))
def test_plain_hours_are_open_when_they_share_an_hour_with_the_slot(day, start, end, slot_day, slot_start):
    if end <= start:
        start, end = end - 1, start + 1
    slot = Slot((slot_day,), slot_start * 60, (slot_start + 3) * 60)
    shared = min(end, slot_start + 3) - max(start, slot_start) if CODES[slot_day] == day else 0
    assert state(f"{day} {start:02d}:00-{end:02d}:00", slot) == (shared >= 1)


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="MoTuWeThFrSaSuPH 0123456789:-,;|[]()\"'é!+/offunknownweekJan", max_size=40))
def test_no_text_breaks_the_reading(text):
    assert state(text) in (0, 1) or math.isnan(state(text))


@pytest.mark.parametrize("year", [0, 20260])
def test_a_year_that_is_none_is_refused(year):
    with pytest.raises(TisserandError, match="is no year for opening hours"):
        state("We 14:00-17:00", year=year)


def test_reading_stops_when_asked():
    def stop():
        raise CancelledError

    with pytest.raises(CancelledError):
        read(["We 14:00-17:00"], WEDNESDAY, 2026, 60, stop)
