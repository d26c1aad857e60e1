"""What counts as several values in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.processing.analysis.values import join, split


@pytest.mark.parametrize(
    "text", ["a|b", "a;b", "a, b", '["a", "b"]', "[a, b]", "{a,b}", '{"a","b"}', " a | b |", ["a", "b"]]
)
def test_every_way_to_write_two_values_is_read(text):
    assert split(text) == ("a", "b")


@pytest.mark.parametrize("nothing", [None, float("nan"), "", "  ", "[]", "{}", "|", [], "[null]"])
def test_nothing_holds_no_value(nothing):
    assert split(nothing) == ()


def test_a_value_written_twice_counts_once_and_order_stays():
    assert split("b|a|b") == ("b", "a")


def test_a_number_is_a_value():
    assert split(3) == ("3",)


@given(st.lists(st.text("abé-' ", min_size=1).map(str.strip).filter(bool), unique=True))
def test_what_is_joined_is_split_again(values):
    assert split(join(values)) == tuple(values)
