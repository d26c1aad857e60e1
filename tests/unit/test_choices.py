"""Several codes in one field: read however they were written, written in one way."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.layers.choices import join_codes, split_codes

CODES = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True), unique=True, max_size=8)


@pytest.mark.parametrize(
    "written",
    [
        "feed|house",
        "feed;house",
        "feed | house|",
        "{feed,house}",
        '{"feed","house"}',
        '["feed", "house"]',
        "feed|feed|house",
    ],
)
def test_codes_are_read_however_they_were_written(written):
    assert split_codes(written) == ["feed", "house"]


@pytest.mark.parametrize("empty", ["", None, " ", "|", "{}", "[]", []])
def test_nothing_is_no_code(empty):
    assert split_codes(empty) == []


def test_what_only_looks_like_json_is_kept_as_a_code():
    assert split_codes("[feed") == ["[feed"]


@given(CODES)
def test_every_way_of_writing_gives_back_the_codes(codes):
    ways = ["|".join(codes), ";".join(codes), "{" + ",".join(codes) + "}", json.dumps(codes), list(codes)]
    assert {tuple(split_codes(way)) for way in ways} == {tuple(codes)}


@given(CODES, st.lists(st.sampled_from("abcdef"), unique=True))
def test_codes_are_written_in_the_order_of_their_list_and_none_is_lost(codes, order):
    written = join_codes(codes, order)
    back = split_codes(written)
    assert sorted(back) == sorted(codes)
    known = [code for code in back if code in order]
    assert known == sorted(known, key=order.index)
    assert back[: len(known)] == known


def test_no_code_is_no_value():
    assert join_codes([], ["a"]) is None
