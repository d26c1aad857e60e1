"""The gate between needs and print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.layers.confidentiality import Disclosure, band, band_bounds, disclosure, threshold_from


def test_no_situation_is_said_and_too_few_are_hidden_never_both():
    assert disclosure(0, 11) is Disclosure.NONE
    assert disclosure(1, 11) is Disclosure.HIDDEN
    assert disclosure(10, 11) is Disclosure.HIDDEN
    assert disclosure(11, 11) is Disclosure.SHOWN


def test_a_hidden_figure_has_no_band():
    with pytest.raises(ValueError, match="threshold"):
        band(10, 11)


@given(st.integers(5, 20), st.integers(1, 10_000))
def test_every_band_is_at_least_as_wide_as_the_threshold(threshold, situations):
    if disclosure(situations, threshold) is Disclosure.SHOWN:
        bounds = (*band_bounds(threshold), 10**9)
        index = band(situations, threshold)
        assert bounds[index - 1] <= situations < bounds[index]
        assert bounds[index] - bounds[index - 1] >= threshold


@pytest.mark.parametrize(
    ("setting", "threshold"), [("11", 11), ("7", 7), ("1", 5), ("0", 5), ("100", 20), (None, 11), ("onze", 11)]
)
def test_a_threshold_is_never_below_five_nor_unreadable(setting, threshold):
    assert threshold_from(setting) == threshold
