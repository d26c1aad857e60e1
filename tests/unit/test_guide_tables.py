"""The tables of the book as CSV and ODS, read back by other means than those that wrote them."""

import csv
import zipfile
from datetime import date

import pytest
from osgeo import gdal

from tisserand.guide.composing.book import Book, Box, Element, Page, Text
from tisserand.guide.reading import read_content
from tisserand.guide.web.tables import Table, tables, write_csv, write_ods

FORMULAS = ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "of:=1+1", "'=1")


@pytest.fixture
def make_tables(make_book):
    def make(store, sections=None):
        content = read_content(store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
        return {table.title: table for table in tables(make_book(store, sections), content)}

    return make


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def printed(*rows, title="Essai"):
    """Return a book with one table: rows of (kind, scope, words)."""
    elements, operations = [Element("Table", alternative=title)], []
    for line, row in enumerate(rows):
        elements.append(Element("TR", 0))
        here = len(elements) - 1
        for column, (kind, scope, words) in enumerate(row):
            elements.append(Element(kind, here, scope=scope))
            box = Box(20 + 30 * column, 20 + 10 * line, 25, 5)
            operations.append(Text(box, (words,), 9, words=words, element=len(elements) - 1, width=20))
    return Book("Essai", elements, [Page("Essai", operations=operations)])


def test_a_printed_table_keeps_its_headers_and_its_rows(make_store):
    content = read_content(make_store(), edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
    head = [("TH", "Column", "Thème"), ("TH", "Column", "Initiatives")]
    rows = [[("TH", "Row", "Se nourrir"), ("TD", "", "1\u00a0234")], [("TH", "Row", "Se loger"), ("TD", "", "masqué")]]
    table = tables(printed(head, *rows), content)[0]
    assert table.header == ["Thème", "Initiatives"]
    assert table.rows == [["Se nourrir", "1234"], ["Se loger", "masqué"]]
    assert (table.title, table.file) == ("Essai", "essai.csv")


def test_the_directory_has_one_row_an_actor_and_no_contact_without_consent(make_tables, make_store):
    actors = [{"at": (0, 0), "nom": f"Acteur {i}", "telephone": "0100000000"} for i in range(5)]
    table = make_tables(make_store(actors))["Annuaire des acteurs"]
    assert [row[table.header.index("Nom")] for row in table.rows] == [f"Acteur {i}" for i in range(5)]
    assert {row[table.header.index("Téléphone")] for row in table.rows} == {""}


def test_a_number_below_the_threshold_is_masked_in_the_matrix_and_nobody_looked_is_said(make_tables, make_store):
    needs = [{"at": (0, 0), "nb_situations": 3}, {"at": (1, 0), "nb_situations": 60}]
    table = make_tables(make_store([{"at": (0, 0)}], needs))[
        "Initiatives et besoins, une ligne par territoire et par thème"
    ]
    cells = {(row[0], row[3]): row for row in table.rows}
    assert cells["92000", "Se nourrir"][5] == "masqué"
    assert cells["92010", "Se loger"][5] in ("aucun besoin exprimé", "masqué")
    assert cells["92021", "Se nourrir"][4] == "non recensé"
    assert cells["92000", "Se nourrir"][4] == "1"
    assert not [row for row in table.rows if row[5].isdigit() and int(row[5]) < 11]


def test_every_entry_of_the_indexes_has_its_pages(make_tables, make_store):
    found = make_tables(make_store([{"at": (0, 0), "nom": f"Acteur {i}"} for i in range(4)]))
    rows = [row for row in found["Index"].rows if row[2].startswith("Acteur")]
    assert len({row[2] for row in rows}) == 4
    assert all(row[3] for row in rows)


def test_no_two_tables_share_a_file(make_tables, make_store):
    found = make_tables(make_store([{"at": (0, 0)}, {"at": (1, 1)}], [{"at": (0, 0)}]))
    files = [table.file for table in found.values()]
    assert len(set(files)) == len(files) >= 3


def test_a_csv_opens_in_a_french_spreadsheet_and_holds_no_formula(tmp_path):
    write_csv(Table("Essai", "essai.csv", ["Nom", "Texte"], [["é;à", text] for text in FORMULAS]), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv(tmp_path / "a.csv")
    assert rows[0] == ["Nom", "Texte"]
    assert [row[0] for row in rows[1:]] == ["é;à"] * len(FORMULAS)
    assert not [row for row in rows[1:] if row[1][0] in "=+-@\t\r"]


def test_an_ods_has_a_sheet_a_table_numbers_are_numbers_and_texts_are_never_formulas(tmp_path):
    texts = Table("Textes", "textes.csv", ["Texte", "Code"], [[text, "01000"] for text in FORMULAS])
    numbers = Table("Nombres", "nombres.csv", ["Nom", "Nombre"], [["a", "12"], ["b", ""], ["c", "7"]])
    write_ods([texts, numbers, texts._replace(title="TEXTES")], tmp_path / "a.ods")
    content = zipfile.ZipFile(tmp_path / "a.ods").read("content.xml").decode()
    assert "table:formula" not in content
    book = gdal.OpenEx(str(tmp_path / "a.ods"), gdal.OF_VECTOR)
    assert [book.GetLayer(index).GetName() for index in range(3)] == ["Textes", "Nombres", "TEXTES 2"]
    assert [feature.GetField(1) for feature in book.GetLayer(1)] == [12, None, 7]
    assert {feature.GetField(1) for feature in book.GetLayer(0)} - {"Code"} == {"01000"}


def test_the_same_tables_give_the_same_bytes(tmp_path):
    table = Table("Essai", "essai.csv", ["Nom"], [["a"], ["b"]])
    write_ods([table], tmp_path / "a.ods")
    write_ods([table], tmp_path / "b.ods")
    assert (tmp_path / "a.ods").read_bytes() == (tmp_path / "b.ods").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a.ods").namelist()[0] == "mimetype"
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.ods", "b.ods"]


def test_a_table_that_goes_on_is_one_and_the_same_below_another_heading_is_another(make_store):
    content = read_content(make_store(), edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
    book = Book("Essai", [], [Page("Essai")])

    def add(kind, parent, words="", scope="", alternative=""):
        book.elements.append(Element(kind, parent, alternative, scope))
        place = len(book.elements) - 1
        if words:
            box = Box(20, 10 * place, 25, 5)
            book.pages[0].operations.append(Text(box, (words,), 9, words=words, element=place, width=20))
        return place

    for heading, tables_below in (("Un", 2), ("Deux", 1)):
        add("H1", -1, heading)
        for _ in range(tables_below):
            table = add("Table", -1, alternative="Critères")
            for kind, words in (("TH", "Nom"), ("TD", "a")):
                add(kind, add("TR", table), words, "Column" if kind == "TH" else "")
    found = tables(book, content)
    assert [(table.title, len(table.rows)) for table in found] == [("Critères : Un", 2), ("Critères : Deux", 1)]
