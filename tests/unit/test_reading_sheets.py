"""Spreadsheets as offices make them: titles, merged cells, empty rows, codes that became numbers."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from osgeo import ogr

from tisserand.layers.exchange.cleaning import to_records
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.guessing import guess_mapping
from tisserand.layers.exchange.reading import faults, read_file
from tisserand.layers.exchange.reading.faults import FileUnreadableError

AIN = Communes.of("01", 2154, (4.7, 45.6, 6.2, 46.6), [("01053", "Bourg-en-Bresse", "01000")])
LINES = [
    ["Recensement des acteurs", None, None, None, None],
    [None] * 5,
    ["Nom", "Code postal", None, "Mise à jour", "Longitude"],
    ["Épicerie du Pont", 1000, None, "2026/03/01", 5.2254],
    [None] * 5,
    ["Garage solidaire", "01000", None, "2026/04/02", 5.25],
]


def make_book(path, lines, driver, types=(ogr.OFTString, ogr.OFTString, ogr.OFTString, ogr.OFTString, ogr.OFTString)):
    book = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    sheet = book.CreateLayer("Feuille 1")
    for place, kind in enumerate(types):
        # The header that GDAL writes is the first line of the sheet.
        sheet.CreateField(ogr.FieldDefn(str(lines[0][place] or f"titre {place}"), kind))
    for line in lines[1:]:
        feature = ogr.Feature(sheet.GetLayerDefn())
        for place, value in enumerate(line):
            if value is not None:
                feature.SetField(place, value)
        sheet.CreateFeature(feature)
    return path


CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/worksheets/sheet9.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>',
    "xl/workbook.xml": f'<workbook xmlns="{CELLS}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="Feuille" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet9.xml"/></Relationships>',
}


def make_bare_book(path, lines, merged=()):
    """Write an XLSX by hand, with what GDAL does not write: merged cells and numbers among texts."""

    def cell(row, column, value):
        at = f"{'ABCDEFG'[column]}{row}"
        if value is None:
            return ""
        if isinstance(value, str):
            return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{at}"><v>{value}</v></c>'

    rows = "".join(
        f'<row r="{row}">{"".join(cell(row, column, value) for column, value in enumerate(line))}</row>'
        for row, line in enumerate(lines, start=1)
        if any(value is not None for value in line)
    )
    blocks = "".join(f'<mergeCell ref="{block}"/>' for block in merged)
    merges = f"<mergeCells>{blocks}</mergeCells>" if merged else ""
    sheet = f'<worksheet xmlns="{CELLS}"><sheetData>{rows}</sheetData>{merges}</worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**PARTS, "xl/worksheets/sheet9.xml": sheet}.items():
            archive.writestr(name, text)
    return path


def make_bare_ods(path, lines):
    """Write an ODS by hand: GDAL always writes the names of its columns first."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)

    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        kind = f'value-type="float" office:value="{value}"' if not isinstance(value, str) else 'value-type="string"'
        return f"<table:table-cell office:{kind}><text:p>{value}</text:p></table:table-cell>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, line))}</table:table-row>" for line in lines)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Feuille">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


MAKERS = {"xlsx": make_bare_book, "ods": make_bare_ods}


@pytest.mark.parametrize("suffix", MAKERS)
def test_titles_and_empty_rows_and_columns_are_passed_over_and_rows_keep_their_number(tmp_path, suffix):
    sheet = read_file(MAKERS[suffix](tmp_path / f"essai.{suffix}", LINES))
    assert sheet.columns == ("Nom", "Code postal", "Mise à jour", "Longitude")
    assert [(row.number, row.values["Nom"]) for row in sheet.rows] == [(4, "Épicerie du Pont"), (6, "Garage solidaire")]
    assert sheet.about["titles"] == "2"


@pytest.mark.parametrize("suffix", MAKERS)
def test_a_spreadsheet_is_known_by_what_it_holds_and_not_by_its_suffix(tmp_path, suffix):
    sheet = read_file(MAKERS[suffix](tmp_path / "essai.csv", LINES))
    assert (sheet.format, len(sheet.rows)) == ("xlsx", 2)


@pytest.mark.parametrize("driver", ["XLSX", "ODS"])
def test_dates_come_as_dates_and_codes_as_text(tmp_path, driver):
    lines = [["Nom", "Siret", "Vu le"], ["Abc", "01300301330001", "2026/03/01"]]
    types = (ogr.OFTString, ogr.OFTString, ogr.OFTDate)
    (row,) = read_file(make_book(tmp_path / f"essai.{driver.lower()}", lines, driver, types)).rows
    assert row.values == {"Nom": "Abc", "Siret": "01300301330001", "Vu le": "2026-03-01"}


def test_a_postcode_that_became_a_number_is_proposed_with_its_zero_and_not_mended_unasked(tmp_path):
    sheet = read_file(make_bare_book(tmp_path / "essai.xlsx", LINES))
    mapping = guess_mapping(sheet, "acteur", AIN)
    assert mapping.columns["code_postal"].column == "Code postal"
    refused = to_records(sheet, mapping, AIN)
    assert [(reject.row, reject.field) for reject in refused.rejected] == [(4, "Code postal")]
    assert "lost_zero" in str(refused.rejected[0])
    agreed = to_records(sheet, mapping, AIN, accept=frozenset({"lost_zero"}))
    assert [record.values["code_postal"] for record in agreed.accepted] == ["01000", "01000"]
    (proposal,) = agreed.accepted[0].proposals
    assert (proposal.kind, proposal.before, proposal.after) == ("lost_zero", "1000", "01000")


def test_the_serial_number_of_a_day_is_that_day(tmp_path):
    # 46082 is 1 March 2026 in any spreadsheet.
    sheet = read_file(make_bare_book(tmp_path / "essai.xlsx", [["Nom", "Dernière MAJ"], ["Abc", 46082]]))
    (record,) = to_records(sheet, guess_mapping(sheet, "acteur", AIN), AIN).accepted
    assert record.values["source_le"] == date(2026, 3, 1)


def test_cells_merged_downwards_give_their_value_to_every_row(tmp_path):
    lines = [
        ["Liste", None, None],
        ["Commune", "Nom", "Note"],
        ["Bourg-en-Bresse", "Abc", None],
        [None, "Def", None],
        [None, "Ghi", "x"],
        [None, "Jkl", None],
    ]
    sheet = read_file(make_bare_book(tmp_path / "essai.xlsx", lines, ["A1:C1", "A3:A5"]))
    assert [row.values["Commune"] for row in sheet.rows] == ["Bourg-en-Bresse"] * 3 + [""]
    assert [row.values["Note"] for row in sheet.rows] == ["", "", "x", ""]


def test_the_sheet_that_is_asked_for_is_read_and_another_is_refused_by_name(tmp_path):
    path = make_book(tmp_path / "essai.xlsx", [["Nom", "Ville"], ["Abc", "Bourg"]], "XLSX", (ogr.OFTString,) * 2)
    assert read_file(path, "xlsx", layer="Feuille 1").about["layer"] == "Feuille 1"
    with pytest.raises(FileUnreadableError, match="choose one of Feuille 1"):
        read_file(path, "xlsx", layer="Feuille 2")


def test_an_archive_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = make_bare_book(tmp_path / "essai.xlsx", [["Nom", "Ville"], ["Abc", "Bourg"]])
    monkeypatch.setattr("tisserand.layers.exchange.reading.opening.MOST_BYTES", 100)
    with pytest.raises(FileUnreadableError, match="split it first"):
        read_file(path)
    assert faults.MOST_BYTES == 256_000_000


@pytest.mark.parametrize("kept", [20, 300, 600])
def test_a_spreadsheet_cut_off_is_refused_with_a_sentence(tmp_path, kept):
    whole = make_bare_book(tmp_path / "essai.xlsx", [["Nom", "Ville"], ["Abc", "Bourg"]])
    path = tmp_path / "coupe.xlsx"
    path.write_bytes(Path(whole).read_bytes()[:kept])
    with pytest.raises(FileUnreadableError, match="damaged"):
        read_file(path)


def test_another_archive_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "essai.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acteurs.csv", "nom,ville\nAbc,Bourg\n")
    with pytest.raises(FileUnreadableError, match="unpack it"):
        read_file(path)


def test_reading_leaves_the_settings_of_gdal_as_they_were(tmp_path):
    from osgeo import gdal

    path = make_book(tmp_path / "essai.xlsx", [["Nom", "Ville"], ["Abc", "Bourg"]], "XLSX", (ogr.OFTString,) * 2)
    gdal.SetThreadLocalConfigOption("OGR_XLSX_HEADERS", "FORCE")
    try:
        read_file(path)
        assert gdal.GetThreadLocalConfigOption("OGR_XLSX_HEADERS") == "FORCE"
        assert gdal.GetThreadLocalConfigOption("OGR_XLSX_FIELD_TYPES") is None
    finally:
        gdal.SetThreadLocalConfigOption("OGR_XLSX_HEADERS", None)
