"""CSV as people save it: whatever the encoding and the separator, the same rows; what is damaged is named."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.exchange.formulas import disarmed
from tisserand.layers.exchange.reading import faults, read_file, tables
from tisserand.layers.exchange.reading.faults import FileUnreadableError

COLUMNS = ["nom", "code_insee", "siret", "horaires", "longitude", "latitude"]
WORDS = ["Épicerie", "Œuvre du cœur", "l'été à Noël", "Forêt — non", "garçon, fille", "a;b", "c|d", 'dit « "ici" »']
ROWS = [
    {
        "nom": f"{WORDS[order % len(WORDS)]} {order}",
        "code_insee": ("01000", "2A004", "33063")[order % 3],
        "siret": f"0130030133{order:04d}",
        "horaires": "lundi\nmardi" if order % 4 == 0 else "",
        "longitude": f"{-0.5 - order / 1000:.6f}",
        "latitude": f"{44.8 + order / 1000:.6f}",
    }
    for order in range(20)
]
# What an encoding cannot write is written as people do there.
POORER = {"iso8859-1": {"Œ": "OE", "œ": "oe", "—": "-"}, "iso8859-15": {"—": "-"}}


def text_of(rows, delimiter=",", decimal=".", end="\r\n"):
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    for row in rows:
        numbers = {name: row[name].replace(".", decimal) for name in ("longitude", "latitude")}
        writer.writerow({**row, **numbers})
    return file.getvalue()


def written(tmp_path, content, name="essai.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso8859-1", "iso8859-15", "utf-16"])
def test_the_same_rows_in_every_encoding_and_with_every_separator_give_the_same_sheet(
    tmp_path, encoding, delimiter, decimal
):
    rows = ROWS
    for letter, instead in POORER.get(encoding, {}).items():
        rows = [{**row, "nom": row["nom"].replace(letter, instead)} for row in rows]
    path = written(tmp_path, text_of(rows, delimiter, decimal).encode(encoding))
    sheet = read_file(path)
    assert sheet.columns == tuple(COLUMNS)
    assert [row.values for row in sheet.rows] == rows
    assert sheet.rejects == ()
    assert (sheet.format, sheet.about["delimiter"], sheet.about["decimal"]) == ("csv", delimiter, decimal)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark_too(tmp_path, encoding):
    sheet = read_file(written(tmp_path, text_of(ROWS).encode(encoding)))
    assert [row.values for row in sheet.rows] == ROWS


def test_rows_are_numbered_by_the_line_on_which_they_begin(tmp_path):
    sheet = read_file(written(tmp_path, 'nom;note\nAbc;"deux\nlignes"\n\nDef;une\n'))
    assert [row.number for row in sheet.rows] == [2, 5]


@pytest.mark.parametrize(
    ("lines", "bad", "encoding"),
    [
        (["Épicerie", "Café", "Forêt", "É".encode("cp1252") + b"cole"], 5, "UTF-8"),
        (["Épicerie".encode("cp1252"), "Café".encode("cp1252"), "École"], 4, "ISO8859-1"),
    ],
)
def test_a_line_in_another_encoding_is_rejected_by_its_number_and_the_others_are_read(tmp_path, lines, bad, encoding):
    raw = [line if isinstance(line, bytes) else line.encode("utf-8") for line in lines]
    sheet = read_file(written(tmp_path, b"nom,ville\n" + b"".join(line + b",Bordeaux\n" for line in raw)))
    assert [reject.row for reject in sheet.rejects] == [bad]
    assert f"Line {bad} " in str(sheet.rejects[0])
    assert encoding in str(sheet.rejects[0])
    assert len(sheet.rows) == len(lines) - 1
    assert "\ufffd" not in repr(sheet)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=déjà", "''@deux", "'quote", "+33557490738", "-0.57"],
)
def test_the_one_apostrophe_that_our_exports_write_is_taken_away(tmp_path, text):
    file = io.StringIO()
    csv.writer(file).writerows([["nom", "ville"], [disarmed(text), "Bordeaux"]])
    (row,) = read_file(written(tmp_path, file.getvalue())).rows
    assert row.values["nom"] == text


@given(st.text(st.sampled_from("'=+-@\t\r 0123a.|;\n\""), min_size=1, max_size=8))
@settings(deadline=None)
def test_what_was_disarmed_comes_back_whatever_it_was(tmp_path_factory, text):
    file = io.StringIO()
    csv.writer(file).writerows([["nom", "ville"], [disarmed(text), "Bordeaux"]])
    (row,) = read_file(written(tmp_path_factory.mktemp("csv"), file.getvalue()), "csv").rows
    assert row.values["nom"] == text.replace("\r\n", "\n")


def test_codes_stay_text_as_they_were_written(tmp_path):
    (row,) = read_file(written(tmp_path, "insee,cp,siret\n2A004,01000,00130030133000\n")).rows
    assert row.values == {"insee": "2A004", "cp": "01000", "siret": "00130030133000"}


def test_lists_of_numbers_are_not_taken_for_decimals(tmp_path):
    rows = read_file(written(tmp_path, "nom;codes\nAbc;1,2\nDef;3,44\n")).rows
    assert [row.values["codes"] for row in rows] == ["1,2", "3,44"]


def test_a_row_whose_cells_may_have_slipped_is_rejected_and_counted(tmp_path):
    sheet = read_file(
        written(tmp_path, "nom,ville,note\nAbc,Bordeaux,x\nDef,Bordeaux\nGhi,Bordeaux,a,b\nJkl,Cenon,y,,\n")
    )
    assert [row.number for row in sheet.rows] == [2, 5]
    assert [reject.row for reject in sheet.rejects] == [3, 4]
    assert "2 cells where the header has 3" in str(sheet.rejects[0])


def test_titles_above_the_header_and_empty_columns_are_passed_over(tmp_path):
    sheet = read_file(written(tmp_path, "Liste des acteurs;;;\n;;;\nnom;ville;;note\nAbc;Bordeaux;;\nDef;Cenon;;x\n"))
    assert sheet.columns == ("nom", "ville", "note")
    assert [(row.number, row.values["nom"]) for row in sheet.rows] == [(4, "Abc"), (5, "Def")]


def test_columns_of_one_name_and_of_none_are_told_apart(tmp_path):
    sheet = read_file(written(tmp_path, "nom,tel,tel,\nAbc,1,2,3\n"))
    assert sheet.columns == ("nom", "tel", "tel (2)", "colonne 4")


def test_the_line_by_which_excel_says_its_separator_is_no_header(tmp_path):
    sheet = read_file(written(tmp_path, "sep=;\nnom;ville\nAbc;Bordeaux\n"))
    assert sheet.columns == ("nom", "ville")
    assert [row.number for row in sheet.rows] == [3]


@pytest.mark.parametrize("rest", ["court", "x" * 200_000])
def test_quotation_marks_that_are_never_closed_are_named_by_their_line(tmp_path, rest):
    path = written(tmp_path, f'nom,note\nAbc,bien\nDef,"jamais fermé\nGhi,{rest}\n')
    with pytest.raises(FileUnreadableError, match="opened on line 3 is never closed"):
        read_file(path)


@pytest.mark.parametrize("content", [b"", b"nom,ville\n", b"\xef\xbb\xbf", b"\n\n\n"])
def test_a_file_without_rows_is_refused_with_a_sentence(tmp_path, content):
    with pytest.raises(FileUnreadableError, match=r"empty|no rows"):
        read_file(written(tmp_path, content))


def test_what_is_no_text_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(FileUnreadableError, match="not text"):
        read_file(written(tmp_path, bytes(range(256)) * 50))


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "immense.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(FileUnreadableError, match="more than 256 MB"):
        read_file(path)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(tables.decoding, "LONGEST_LINE", 1000)
    with pytest.raises(FileUnreadableError, match="line 2 has more than 1000 letters"):
        read_file(written(tmp_path, "nom,ville\n" + "é" * 3000))


def test_more_rows_than_the_memory_should_hold_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(FileUnreadableError, match="more than 3 rows"):
        read_file(written(tmp_path, "nom,ville\n" + "Abc,Bordeaux\n" * 5))
    assert faults.MOST_ROWS == 300_000


def test_a_folder_and_a_missing_file_are_refused_with_a_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(FileUnreadableError, match="is not a file"):
            read_file(path)


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)] * 3), min_size=1))
@settings(max_examples=60, deadline=None)
def test_every_row_of_a_file_is_read_or_rejected(tmp_path_factory, rows):
    rows = [(f"n{order}", *row[1:]) for order, row in enumerate(rows)]
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\n").writerows([("nom", "ville", "note"), *rows])
    sheet = read_file(written(tmp_path_factory.mktemp("csv"), file.getvalue()))
    assert len(sheet.rows) + len(sheet.rejects) == len(rows)
    assert [row.values["nom"] for row in sheet.rows] == [row[0] for row in rows]
