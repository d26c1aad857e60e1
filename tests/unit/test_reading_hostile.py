"""Input made to do harm: kept as the text that it is, or rejected with a cause; only our own errors leave."""

import contextlib
import csv
import io
import json
import random
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from osgeo import ogr

from tisserand.layers.errors import TisserandError
from tisserand.layers.exchange.cleaning import to_records
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.formulas import disarmed
from tisserand.layers.exchange.guessing import best_mapping, guess_mapping
from tisserand.layers.exchange.mapping import shipped_mappings
from tisserand.layers.exchange.reading import FORMATS, read_file
from tisserand.layers.exchange.records import PROPOSALS, Row, Sheet

GIRONDE = Communes.of("33", 2154, (-1.27, 44.19, 0.32, 45.58), [("33063", "Bordeaux", "33000")])
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "'=déjà",
    "[% env('HOME') %]",
    "{nom} {0.__class__}",
    "x' OR 1=1 --",
    "'; DROP TABLE acteur; --",
    '<script>alert(1)</script> & "co" ; , |',
    "<img src=x onerror=alert(1)>",
    "../../etc/passwd",
    "\u202egnp.exe",
    "جمعية الحي",
    "Équipe 👩‍🌾🏳️‍🌈",
    "é" * 150,
    "%s%n%x",
    "\\N\\N",
    "NULL",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["id", "nom", "name", "source", "date_maj", "structures", "services", "organization", "structure_id", "geo",
     "latitude", "categories", "openHours", "data", "features", "type", "properties", "geometry", "coordinates",
     "FeatureCollection", "Point", "locations", "phones", "attributes", "taxonomy_term", "siret", "longitude"]
)  # fmt: skip
LIKE_OURS = st.recursive(
    ANYTHING | KEYS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)
QUICK = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def write_csv(path, rows):
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)
    path.write_text(file.getvalue(), encoding="utf-8", newline="")


def write_geojson(path, rows):
    names, *rows = rows
    features = [{"type": "Feature", "geometry": None, "properties": dict(zip(names, row))} for row in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def write_xlsx(path, rows):
    names, *rows = rows
    book = ogr.GetDriverByName("XLSX").CreateDataSource(str(path))
    sheet = book.CreateLayer("acteurs")
    for name in names:
        sheet.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    for row in rows:
        feature = ogr.Feature(sheet.GetLayerDefn())
        for place, value in enumerate(row):
            feature.SetField(place, value)
        sheet.CreateFeature(feature)


def write_inclusion(path, rows):
    names, *rows = rows
    common = {"source": "essai", "date_maj": "2026-03-01"}
    content = [{**common, "id": f"e--{order}", **dict(zip(names, row))} for order, row in enumerate(rows)]
    path.write_text(json.dumps(content), encoding="utf-8")


WRITERS = {"csv": write_csv, "geojson": write_geojson, "xlsx": write_xlsx, "json": write_inclusion}


@pytest.mark.parametrize("suffix", WRITERS)
def test_hostile_texts_come_in_as_the_texts_that_they_are(tmp_path, suffix):
    path = tmp_path / f"essai.{suffix}"
    WRITERS[suffix](
        path, [("nom", "description"), *((disarmed(text) if suffix == "csv" else text, text) for text in HOSTILE)]
    )
    sheet = read_file(path)
    found = to_records(sheet, best_mapping(sheet, "acteur", GIRONDE), GIRONDE)
    assert [str(reject) for reject in found.rejected] == []
    assert [record.values["nom"] for record in found.accepted] == [" ".join(text.split()) for text in HOSTILE]


@pytest.mark.parametrize("suffix", ["csv", "geojson", "json"])
def test_control_characters_are_taken_out_and_remarked(tmp_path, suffix):
    path = tmp_path / f"essai.{suffix}"
    WRITERS[suffix](path, [("nom", "description"), ("Unité\x00 deux\x07", "Trois\x1b[31m\n\tquatre")])
    sheet = read_file(path)
    found = to_records(sheet, best_mapping(sheet, "acteur", GIRONDE), GIRONDE)
    (record,) = found.accepted
    assert record.values["nom"].startswith("Un")
    assert not [letter for letter in repr(record.values) if ord(letter) < 32]
    assert "\n\tquatre" in record.values["description"]
    assert {remark.field for remark in found.remarks} >= {"description"}


def test_a_text_of_100_kb_is_kept_whole(tmp_path):
    text = "Réparer des vélos. " * 5000
    path = tmp_path / "essai.csv"
    write_csv(path, [("nom", "description"), ("Long", text)])
    sheet = read_file(path)
    (record,) = to_records(sheet, best_mapping(sheet, "acteur", GIRONDE), GIRONDE).accepted
    assert record.values["description"] == text.strip()


@pytest.mark.parametrize("text", ["M<e9>rignac", "ThÃ©Ã¢tre", "\ufffdpicerie", "dâ€™ici"])
def test_accents_that_were_damaged_before_are_remarked_and_not_guessed(text):
    sheet = Sheet("csv", ("nom", "autre"), (Row(2, {"nom": "Essai", "autre": text}),))
    found = to_records(sheet, guess_mapping(sheet, "acteur", GIRONDE), GIRONDE)
    assert found.accepted[0].extra["autre"] == text
    assert "damaged" in str(found.remarks[0])


@pytest.mark.parametrize("text", ["{nom} {0.__class__}", "{", "}{", "{value}"])
def test_braces_in_a_value_do_not_disturb_the_sentence_about_it(text):
    sheet = Sheet("csv", ("nom", "siret"), (Row(2, {"nom": "Essai", "siret": text}),))
    mapping = next(shipped for shipped in shipped_mappings() if shipped.name.startswith("data"))
    found = to_records(sheet, mapping, GIRONDE)
    assert text in str(found.remarks[0])


@given(
    st.binary(max_size=400)
    | st.sampled_from([b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"SQLite format 3\0", b"fgb\x03"]).flatmap(
        lambda mark: st.binary(max_size=300).map(lambda rest: mark + rest)
    )
)
@settings(max_examples=150, **QUICK)
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path, raw):
    path = tmp_path / "essai.bin"
    path.write_bytes(raw)
    for format in ("auto", random.choice(FORMATS)):
        try:
            sheet = read_file(path, format)
            to_records(sheet, guess_mapping(sheet, "acteur", GIRONDE), GIRONDE)
        except TisserandError:
            continue


@given(LIKE_OURS)
@settings(max_examples=300, **QUICK)
def test_any_json_is_read_or_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "essai.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        sheet = read_file(path)
        found = to_records(sheet, best_mapping(sheet, "acteur", GIRONDE), GIRONDE)
    except TisserandError:
        return
    assert found.read == len(found.accepted) + len({reject.row for reject in found.rejected})
    json.dumps([[record.extra, record.services] for record in found.accepted], allow_nan=False, default=str)


@given(st.data())
@settings(max_examples=150, **QUICK)
def test_spreadsheets_and_stores_with_a_damaged_spot_are_read_or_refused(tmp_path, data):
    path = tmp_path / "essai.xlsx"
    if not path.exists():
        write_xlsx(path, [("nom", "description"), ("Abc", "Essai"), ("Def", "Autre")])
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    damaged = tmp_path / "abime.xlsx"
    damaged.write_bytes(bytes(raw[: data.draw(st.integers(10, len(raw)))]))
    with contextlib.suppress(TisserandError):
        read_file(damaged)


CELLS = st.one_of(
    ANYTHING, st.sampled_from(["33063", "1000", "31/02/2020", "seniors|x", "44,8", "-0.5", "73282932000074"])
)


@given(st.data(), st.sampled_from(shipped_mappings()))
@settings(max_examples=200, **QUICK)
def test_whatever_the_cells_every_row_is_accepted_or_rejected(data, mapping):
    columns = sorted(mapping.read_columns | {"autre"})
    rows = tuple(
        Row(number, {name: data.draw(CELLS) for name in columns}, children=({"nom": data.draw(CELLS)},))
        for number in range(2, 2 + data.draw(st.integers(1, 3)))
    )
    sheet = Sheet("csv", tuple(columns), rows)
    for accept in (frozenset(), frozenset(PROPOSALS)):
        found = to_records(sheet, mapping, GIRONDE, accept=accept)
        assert found.read == len(rows) == len(found.accepted) + len({reject.row for reject in found.rejected})
        assert all(str(said) for said in (*found.rejected, *found.remarks))
        for record in found.accepted:
            assert 3 <= len(record.values["nom"]) <= 150
            json.dumps(record.extra, allow_nan=False)


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(60):
                member.write(bytes(10_000_000))
    with pytest.raises(TisserandError, match="more than 512 MB"):
        read_file(path)
