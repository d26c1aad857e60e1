"""Which CRS is legal where."""

import pytest

from tisserand.layers.crs import legal_epsg, legal_epsg_at
from tisserand.layers.errors import TisserandError


@pytest.mark.parametrize(
    ("code", "epsg"),
    [
        *((code, 2154) for code in ("01", "19", "2A", "2B", "92", "95")),
        *(("971", 5490), ("972", 5490), ("973", 2972), ("974", 2975), ("975", 4467), ("976", 4471)),
    ],
)
def test_each_departement_has_its_legal_crs(code, epsg):
    assert legal_epsg(code) == epsg


@pytest.mark.parametrize("code", ["", "0", "00", "20", "96", "99", "1", "2C", "2a", "92000", "XX", "970"])
def test_what_is_no_departement_is_refused_by_name(code):
    with pytest.raises(TisserandError, match="is not the code of a Département"):
        legal_epsg(code)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((2.21, 48.89), "92"),
        ((-4.49, 48.39), "29"),
        ((9.45, 42.70), "2B"),
        ((7.75, 48.58), "67"),
        ((-61.55, 16.24), "971"),
        ((-61.07, 14.61), "972"),
        ((-52.33, 4.93), "973"),
        ((55.45, -20.88), "974"),
        ((-56.18, 46.78), "975"),
        ((45.23, -12.78), "976"),
    ],
)
def test_the_crs_of_a_place_is_that_of_its_departement(place, code):
    assert legal_epsg_at(*place) == legal_epsg(code)


@pytest.mark.parametrize("place", [(0.0, 0.0), (48.89, 2.21), (-74.0, 40.7)])
def test_a_place_outside_france_is_refused(place):
    with pytest.raises(TisserandError, match="outside France"):
        legal_epsg_at(*place)
