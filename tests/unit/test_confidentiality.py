"""The threshold of a workspace."""

import pytest

from tisserand.layers.confidentiality import threshold_from


@pytest.mark.parametrize(
    ("setting", "threshold"), [("11", 11), ("7", 7), ("1", 5), ("0", 5), ("100", 20), (None, 11), ("onze", 11)]
)
def test_a_threshold_is_never_below_five_nor_unreadable(setting, threshold):
    assert threshold_from(setting) == threshold
