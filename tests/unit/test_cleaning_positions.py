"""Positions: in degrees of the Département, or a proposal that says what they probably are, or a cause."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.exchange.cleaning import positions, to_records
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.mapping import ColumnRule, Mapping
from tisserand.layers.exchange.records import Row, Sheet

BOX = (-1.27, 44.19, 0.32, 45.58)
GIRONDE = Communes.of("33", 2154, BOX, [("33063", "Bordeaux", "33000")])
REUNION = Communes.of("974", 2975, (55.2, -21.4, 55.85, -20.85), [("97411", "Saint-Denis", "97400")])
BORDEAUX = (-0.5792, 44.8378)


def placed(*pairs, epsg=4326, communes=GIRONDE, accept=frozenset()):
    """Return the records of rows with these longitudes and latitudes."""
    mapping = Mapping("Essai", "acteur", {"nom": ColumnRule("nom")}, "lon", "lat", epsg)
    rows = tuple(Row(k, {"nom": f"Essai {k}", "lon": lon, "lat": lat}) for k, (lon, lat) in enumerate(pairs, start=2))
    return to_records(Sheet("csv", ("nom", "lon", "lat"), rows), mapping, communes, accept=accept)


def projected(lon, lat, epsg):
    """Project with pyproj, where the code under test uses GDAL."""
    pyproj = pytest.importorskip("pyproj")
    return pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat"), [(-0.5792, 44.8378), ("-0.5792", "44.8378"), ("-0,5792", "44,8378"), (" -0.5792 ", "+44.8378")]
)
def test_degrees_are_read_with_a_point_or_a_comma(lon, lat):
    (record,) = placed((lon, lat)).accepted
    assert (record.values["lon"], record.values["lat"]) == BORDEAUX


@pytest.mark.parametrize("pair", [("", ""), (None, None), ("0", "0"), (0, 0.0)])
def test_a_row_without_a_position_is_taken_without_one(pair):
    found = placed(pair)
    assert (found.accepted[0].values["lon"], found.accepted[0].values["lat"]) == (None, None)
    assert len(found.remarks) == (pair[0] not in ("", None))


@pytest.mark.parametrize(
    "pair",
    [("44.8", ""), ("", "-0.5"), ("est", "nord"), ("nan", "44.8"), ("1e308", "44.8"), ("inf", "1"), ("-0.5", "444.8")],
)
def test_an_impossible_position_rejects_its_row(pair):
    found = placed(pair)
    assert found.accepted == ()
    assert "no possible position" in str(found.rejected[0])


def test_swapped_coordinates_are_a_proposal_that_names_them():
    refused = placed(BORDEAUX, BORDEAUX[::-1])
    assert [record.row for record in refused.accepted] == [2]
    assert str(refused.rejected[0]) == (
        "The coordinates look swapped: latitude 44.8378 stands under longitude; accept “swapped”."
    )
    agreed = placed(BORDEAUX, BORDEAUX[::-1], accept=frozenset({"swapped"}))
    assert {(record.values["lon"], record.values["lat"]) for record in agreed.accepted} == {BORDEAUX}
    (proposal,) = agreed.accepted[1].proposals
    assert (proposal.kind, proposal.row, proposal.before) == ("swapped", 3, "44.8378 / -0.5792")


@pytest.mark.parametrize("epsg", [2154, 3945, 27572, 3857])
def test_projected_coordinates_are_a_proposal_with_their_crs(epsg):
    pair = projected(*BORDEAUX, epsg)
    refused = placed(pair)
    assert refused.accepted == ()
    assert f"EPSG:{epsg}" in str(refused.rejected[0])
    (record,) = placed(pair, accept=frozenset({"projected"})).accepted
    assert (record.values["lon"], record.values["lat"]) == pytest.approx(BORDEAUX, abs=1e-4)
    assert record.proposals[0].after.startswith(f"EPSG:{epsg} ")


def test_overseas_the_legal_crs_is_tried_first():
    pair = projected(55.45, -20.88, 2975)
    assert "EPSG:2975" in str(placed(pair, communes=REUNION).rejected[0])


def test_degrees_in_a_layer_said_to_be_projected_are_a_proposal_too():
    assert "EPSG:4326" in str(placed(BORDEAUX, epsg=2154).rejected[0])


def test_a_crs_that_the_mapping_says_is_believed():
    (record,) = placed(projected(*BORDEAUX, 2154), epsg=2154).accepted
    assert (record.values["lon"], record.values["lat"]) == pytest.approx(BORDEAUX, abs=1e-7)
    assert record.proposals == ()


def test_a_place_in_another_departement_is_rejected_with_its_degrees():
    (reject,) = placed(("2.35", "48.85")).rejected
    assert "Longitude 2.35000, latitude 48.85000 is outside the Département" in str(reject)


def test_an_unknown_crs_is_refused_with_a_sentence():
    with pytest.raises(positions.UnknownCrsError, match="EPSG:1025"):
        placed(("1", "2"), epsg=1025)


@given(st.floats(BOX[0], BOX[2]), st.floats(BOX[1], BOX[3]))
@settings(max_examples=60, deadline=None)
def test_no_place_of_the_departement_needs_a_proposal_and_swapped_it_always_is_one(lon, lat):
    (record,) = placed((lon, lat)).accepted
    assert (record.values["lon"], record.values["lat"]) == (lon, lat)
    assert record.proposals == ()
    (swapped,) = placed((lat, lon), accept=frozenset({"swapped"})).accepted
    assert (swapped.values["lon"], swapped.values["lat"]) == (lon, lat)


@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_whatever_the_numbers_every_row_is_accepted_in_the_departement_or_rejected(pairs):
    found = placed(*pairs, accept=frozenset({"swapped", "projected"}))
    assert found.read == len(pairs) == len(found.accepted) + len({reject.row for reject in found.rejected})
    for record in found.accepted:
        lon, lat = record.values["lon"], record.values["lat"]
        assert lon is None or GIRONDE.holds(lon, lat)
