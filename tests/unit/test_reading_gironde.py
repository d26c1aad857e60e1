"""The ten files of real actors of the Gironde, with the traps that are known of them."""

import csv
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tisserand.layers.exchange.cleaning import to_records
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.guessing import best_mapping, guess_mapping
from tisserand.layers.exchange.reading import read_file

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TISSERAND_GIRONDE", ROOT.parent / "shared/data/gironde"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of the Gironde are not beside the checkout")

# Rows of each file, and how many of them are rejected: 38 places of OpenStreetMap have no name, two town halls lie in
# another Département.
FILES = {
    "adultes_relais_2023_33.csv": (72, 0),
    "amap_33.csv": (108, 0),
    "conseillers_numeriques_33.csv": (44, 0),
    "fabriques_territoire_33.geojson": (8, 0),
    "france_services_33.csv": (44, 0),
    "mairies_33.csv": (534, 2),
    "mediation_numerique_33.csv": (347, 0),
    "osm_poi_sociaux_bordeaux.csv": (632, 38),
    "points_justice_33.geojson": (18, 0),
    "tiers_lieux_cget2019_33.csv": (87, 0),
}


@pytest.fixture(scope="module")
def communes():
    with (ROOT / "layers/decoupage/communes.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (row["code"], row["nom"], row["codes_postaux"])
            for row in csv.DictReader(file)
            if row["departement"] == "33"
        ]
    outlines = json.loads((DATA / "admin/departement_33.geojson").read_text(encoding="utf-8"))
    return Communes.of("33", 2154, box(outlines["features"][0]["geometry"]["coordinates"]), rows)


def box(nested):
    """Return the extent of nested lists of coordinates."""
    points = [nested] if isinstance(nested[0], (int, float)) else [box(part) for part in nested]
    west, south = (min(point[axis] for point in points) for axis in (0, 1))
    east, north = (max(point[axis - 2] for point in points) for axis in (0, 1))
    return (west, south, east, north)


@pytest.fixture(scope="module")
def found(communes):
    """Return the records of every file by its name, with the mapping that was found for it."""
    sheets = {name: read_file(DATA / "actors" / name) for name in FILES}
    return {
        name: to_records(sheet, best_mapping(sheet, "acteur", communes), communes) for name, sheet in sheets.items()
    }


def test_every_file_is_known_by_a_shipped_mapping(communes):
    for name in FILES:
        assert best_mapping(read_file(DATA / "actors" / name), "acteur", communes).why == {}, name


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_accepted_or_rejected_with_a_cause(found, name):
    records = found[name]
    rejected = {reject.row for reject in records.rejected}
    assert (records.read, len(rejected)) == FILES[name]
    assert records.read == len(records.accepted) + len(rejected)


@pytest.mark.parametrize("name", [name for name in FILES if name != "points_justice_33.geojson"])
def test_the_guess_alone_takes_as_many_rows_save_where_nothing_is_a_name(communes, name):
    sheet = read_file(DATA / "actors" / name)
    records = to_records(sheet, guess_mapping(sheet, "acteur", communes), communes)
    assert (records.read, len({reject.row for reject in records.rejected})) == FILES[name]


def test_coordinates_under_the_wrong_letters_come_in_the_right_way_without_a_proposal(found):
    records = found["mediation_numerique_33.csv"].accepted
    assert all(44 < record.values["lat"] < 46 and -2 < record.values["lon"] < 1 for record in records)
    assert not any(record.proposals for record in records)


def test_addresses_in_one_line_have_their_postcode_where_they_say_one(found):
    records = found["mediation_numerique_33.csv"].accepted
    assert sum("code_postal" not in record.values for record in records) == 26
    assert {record.values["commune"] for record in records} >= {"Bordeaux", "Libourne"}


def test_a_closed_actor_is_closed_and_other_states_are_kept_as_they_were(found):
    records = found["amap_33.csv"].accepted
    states = Counter(record.values.get("statut_recensement") for record in records)
    assert states["ferme"] == 2
    assert [record.extra["etat"] for record in records if record.extra.get("etat") == "désabonné"] == ["désabonné"]


def test_damaged_accents_are_remarked_and_nothing_is_guessed(found):
    records = found["conseillers_numeriques_33.csv"]
    assert Counter(remark.field for remark in records.remarks) == {"result_label": 18}
    assert any(
        "<e9>" in str(record.extra["result_label"]) for record in records.accepted if "result_label" in record.extra
    )


def test_a_list_without_places_is_accepted_without_positions(found):
    records = found["adultes_relais_2023_33.csv"].accepted
    assert {(record.values["lon"], record.values["lat"]) for record in records} == {(None, None)}
    assert all(len(record.values["siret"]) == 14 for record in records)


def test_nothing_of_a_row_is_lost(communes):
    for name in FILES:
        sheet = read_file(DATA / "actors" / name)
        mapping = best_mapping(sheet, "acteur", communes)
        rows = {row.number: row for row in sheet.rows}
        for record in to_records(sheet, mapping, communes).accepted:
            unread = {
                column: value
                for column, value in rows[record.row].values.items()
                if column not in mapping.read_columns and str(value or "").strip()
            }
            assert unread.keys() <= record.extra.keys(), (name, record.row)
