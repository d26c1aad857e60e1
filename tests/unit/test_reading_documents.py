"""JSON of the standards: recognised by what it holds, services with their structure, nothing lost."""

import json

import pytest

from tisserand.layers.exchange.reading import FORMATS, read_file
from tisserand.layers.exchange.reading.faults import FileUnreadableError

STRUCTURE = {"source": "essai", "id": "essai--1", "nom": "Maison d'essai", "date_maj": "2026-03-01", "inconnu": [1, 2]}
SERVICE = {
    "source": "essai",
    "structure_id": "essai--1",
    "id": "essai--s1",
    "nom": "Atelier",
    "thematiques": ["a", "b"],
}
ELEMENT = {
    "id": "aB1",
    "name": "Jardin d'essai",
    "geo": {"latitude": 44.8, "longitude": -0.5},
    "address": {"streetAddress": "1 rue de l'Essai", "postalCode": "33000", "addressLocality": "Bordeaux"},
    "categories": ["Jardin", "Compost"],
    "openHours": {"Mo": "09:00-12:00", "We": "14:00-17:00"},
}
MEDNUM = dict.fromkeys(("id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj"), "x")


def document(tmp_path, content, name="essai.txt", encoding="utf-8"):
    path = tmp_path / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("content", "format"),
    [
        ([STRUCTURE], "datainclusion"),
        ({"structures": [STRUCTURE], "services": []}, "datainclusion"),
        ({"organization": [{"id": "1", "name": "Essai"}]}, "hsds"),
        ([{"id": "s", "name": "Atelier", "organization": {"id": "1", "name": "Essai"}}], "hsds"),
        ({"licence": "ODbL", "data": [ELEMENT]}, "gogocarto"),
        ([MEDNUM], "mednum"),
        ([{"nom": "Essai", "ville": {"nom": "Bordeaux"}}], "csv"),
        ("id,pivot,nom,commune,code_postal,adresse,date_maj\n1,2,3,4,5,6,7\n", "mednum"),
        ("id,source,nom,date_maj\n1,2,3,4\n", "datainclusion"),
        ("nom;ville\nEssai;Bordeaux\n", "csv"),
    ],
)
def test_a_format_is_recognised_by_what_the_file_holds(tmp_path, content, format):
    sheet = read_file(document(tmp_path, content))
    assert sheet.format == format
    assert sheet.format in FORMATS
    assert len(sheet.rows) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read_in_the_encodings_it_may_have(tmp_path, encoding):
    (row,) = read_file(document(tmp_path, [{**STRUCTURE, "nom": "Œuvre d'été"}], encoding=encoding)).rows
    assert row.values["nom"] == "Œuvre d'été"


@pytest.mark.parametrize(
    "content", [{"structures": [STRUCTURE], "services": [SERVICE]}, [{**STRUCTURE, "services": [SERVICE]}]]
)
def test_services_are_the_children_of_their_structure(tmp_path, content):
    (row,) = read_file(document(tmp_path, content)).rows
    assert row.values == STRUCTURE
    assert row.children == (SERVICE,)


def test_a_service_without_its_structure_and_what_is_no_object_are_rejected_by_rank(tmp_path):
    content = {"structures": [STRUCTURE, "rien"], "services": [{**SERVICE, "structure_id": "essai--9"}, SERVICE, 7]}
    sheet = read_file(document(tmp_path, content))
    assert {reject.row: reject.value for reject in sheet.rejects} == {2: '"rien"', 3: "essai--9", 5: "7"}
    assert len(sheet.rows) == 1


def test_elements_of_gogocarto_are_laid_out_with_their_hours_as_one_text(tmp_path):
    sheet = read_file(document(tmp_path, {"licence": "ODbL", "data": [ELEMENT]}))
    values = sheet.rows[0].values
    assert values["address.postalCode"] == "33000"
    assert values["geo.longitude"] == -0.5
    assert values["openHours"] == "Mo 09:00-12:00; We 14:00-17:00"
    assert values["categories"] == ["Jardin", "Compost"]
    assert sheet.about["licence"] == "ODbL"


def test_gogocarto_as_geojson_has_its_positions(tmp_path):
    properties = {name: value for name, value in ELEMENT.items() if name not in ("geo", "id")}
    feature = {"type": "Feature", "id": "aB1", "properties": properties}
    feature["geometry"] = {"type": "Point", "coordinates": [-0.5, 44.8]}
    sheet = read_file(document(tmp_path, {"type": "FeatureCollection", "features": [feature]}, "essai.geojson"))
    assert (sheet.format, sheet.epsg) == ("gogocarto", 4326)
    assert (sheet.rows[0].x, sheet.rows[0].y, sheet.rows[0].values["id"]) == (-0.5, 44.8, "aB1")


def test_an_organization_of_hsds_has_its_first_place_and_keeps_the_others(tmp_path):
    places = [
        {"id": f"l{order}", "latitude": 44.8 + order, "longitude": -0.5, "addresses": [{"city": f"Ville {order}"}]}
        for order in range(2)
    ]
    organization = {"id": "1", "name": "Essai", "locations": places, "phones": [{"number": "01 99 00 11 11"}]}
    service = {"id": "s1", "name": "Atelier", "schedules": [{"description": "Mo 09:00-12:00"}], "attributes": []}
    sheet = read_file(document(tmp_path, [{**organization, "services": [service]}]))
    (row,) = sheet.rows
    assert row.values["phone"] == "01 99 00 11 11"
    assert row.values["address.city"] == "Ville 0"
    assert json.loads(row.values["other_locations"]) == places[1:]
    assert row.children == ({"id": "s1", "name": "Atelier", "schedule": "Mo 09:00-12:00"},)


def test_places_of_hsds_that_only_services_are_linked_to_are_found(tmp_path):
    content = {
        "organizations": [{"id": "1", "name": "Essai"}],
        "services": [{"id": "s1", "organization_id": "1", "name": "Atelier"}],
        "locations": [{"id": "l1", "latitude": 44.8, "longitude": -0.5}],
        "service_at_locations": [{"id": "x", "service_id": "s1", "location_id": "l1"}],
    }
    (row,) = read_file(document(tmp_path, content)).rows
    assert (row.values["location.latitude"], row.values["location.longitude"]) == (44.8, -0.5)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{",
        '{"structures": [',
        "[]",
        "[1, 2]",
        '{"a": 1}',
        '["\\ud800"]',
        "[" + "9" * 5000 + "]",
        "[NaN]",
    ],
    ids=lambda text: text[:20],
)
def test_json_of_no_use_is_refused_with_a_sentence(tmp_path, text):
    with pytest.raises(FileUnreadableError, match=r"[:;]"):
        read_file(document(tmp_path, text))


def test_bytes_that_are_no_utf_8_are_named_by_their_line(tmp_path):
    path = tmp_path / "essai.json"
    path.write_bytes(b'[\n{"nom":\n"\xe9"}]')
    with pytest.raises(FileUnreadableError, match="UTF-8, 3"):
        read_file(path)


@pytest.mark.parametrize("format", [format for format in FORMATS if format not in ("auto", "csv")])
def test_a_file_that_is_not_what_the_user_said_is_refused(tmp_path, format):
    with pytest.raises(FileUnreadableError, match=r"does not look like|damaged"):
        read_file(document(tmp_path, "nom;ville\nEssai;Bordeaux\n"), format)


@pytest.mark.parametrize(
    ("begin", "kind"), [(b"%PDF-1.7", "PDF"), (b"\xd0\xcf\x11\xe0\xa1", "XLS"), (b"\x1f\x8b", "GZIP")]
)
def test_files_of_other_kinds_are_called_by_their_name(tmp_path, begin, kind):
    path = tmp_path / "essai.csv"
    path.write_bytes(begin + bytes(1000))
    with pytest.raises(FileUnreadableError, match=kind):
        read_file(path)
