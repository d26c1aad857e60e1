"""The guide, printed for real and read back."""

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from pypdf import PdfReader
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtGui import QImage

HOSTILE = "[% @project_path %] <b>gras</b> <script>alert(1)</script> =1+1 مرحبا 😀"


@pytest.fixture
def print_guide(provider, tmp_path):
    """Return a function that prints a store's guide and gives its path and results."""
    from qgis import processing

    def run(store, **parameters):
        feedback = parameters.pop("feedback", QgsProcessingFeedback())
        output = parameters.setdefault("OUTPUT", str(tmp_path / "guide.pdf"))
        asked = {"STORE": str(store), "EDITION": "2026", "BOOK": str(tmp_path / "book.json"), **parameters}
        return output, processing.run("tisserand:guide", asked, feedback=feedback)

    return run


class Printed(NamedTuple):
    path: str
    book: dict
    results: dict
    texts: list


@pytest.fixture(scope="module")
def printed(provider, make_store_in, tmp_path_factory):
    """Return a guide of thirty actors, for those who only read it."""
    from qgis import processing

    folder = tmp_path_factory.mktemp("imprime")
    store = make_store_in(folder, some_actors(), [{"at": (0, 0)}])
    asked = {"STORE": str(store), "EDITION": "2026", "OUTPUT": str(folder / "guide.pdf")}
    results = processing.run("tisserand:guide", {**asked, "BOOK": str(folder / "book.json")})
    book = json.loads((folder / "book.json").read_text(encoding="utf-8"))
    return Printed(asked["OUTPUT"], book, results, page_texts(asked["OUTPUT"]))


def page_texts(path):
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def colours_in(image, box):
    """Return how many colours stand in a box given in millimetres of an A4 page."""
    scale = image.width() / 210
    x, y, w, h = (int(value * scale) for value in box)
    return len({image.pixel(x + i, y + j) for i in range(0, w, 2) for j in range(0, h, 2)})


def rendered(path, page, folder):
    subprocess.run(
        ["pdftoppm", "-r", "60", "-png", "-f", str(page), "-l", str(page), "-singlefile", path, str(folder / "page")],
        check=True,
    )
    return QImage(str(folder / "page.png"))


def some_actors(count=30):
    themes = ("feed", "house", "connect")
    return [
        {
            "at": (i % 3, i % 2),
            "theme_principal": themes[i % 3],
            "themes_vie": themes[i % 3],
            "date_visite": date(2026, 5, 1),
        }
        for i in range(count)
    ]


def test_the_pdf_has_the_pages_of_the_book_and_their_words(printed):
    book, texts = printed.book, printed.texts
    assert len(texts) == len(book["pages"]) == printed.results["PAGES_COUNT"]
    for page, text in zip(book["pages"], texts):
        for words in page["textes"]:
            assert words.split()[0] in text
    assert not [c for text in texts for c in text if c == "\ufffd" or "\ufb00" <= c <= "\ufb06"]


def test_contents_and_index_give_the_page_on_which_the_thing_stands(printed):
    book, texts = printed.book, printed.texts
    for mark in book["signets"][1:]:
        assert mark["titre"].upper() in texts[mark["page"] - 1].upper(), mark
    contents = book["pages"][1]["textes"]
    for mark in book["signets"][1:]:
        assert contents[contents.index(mark["titre"]) + 1] == str(mark["page"])


def test_every_link_leads_to_the_page_it_names_and_bookmarks_are_there(printed):
    reader = PdfReader(printed.path)
    numbers = {page.indirect_reference.idnum: index for index, page in enumerate(reader.pages)}
    texts = printed.texts
    links = 0
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if "/A" in link and link["/A"].get("/S") == "/URI":
                continue
            target = link["/Dest"] if "/Dest" in link else link["/A"]["/D"]
            index = numbers[target[0].idnum] if hasattr(target[0], "idnum") else int(target[0])
            words = str(link["/Contents"])
            if words.startswith("Acteur "):
                assert words in texts[index]
            links += 1
    assert links > 60
    assert len(reader.outline) >= 7


def test_fonts_are_embedded_and_language_and_title_are_said(printed):
    output = printed.path
    fonts = subprocess.run(["pdffonts", output], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts)
    reader = PdfReader(output)
    assert reader.root_object["/Lang"] == "fr-FR"
    assert reader.metadata.title.startswith("Guide cartographique")


def test_the_maps_are_not_blank(printed, tmp_path):
    for page in printed.book["pages"]:
        if any(map_["sujet"] == "synthesis" for map_ in page["cartes"]):
            assert colours_in(rendered(printed.path, page["numero"], tmp_path), (20, 70, 170, 120)) > 20
            return
    pytest.fail("no synthesis map in the book")


def test_not_surveyed_hidden_and_no_need_never_look_the_same(provider):
    from qgis.PyQt.QtCore import QSize

    from tisserand.guide.maps.layers import look

    names = ("not_surveyed", "hidden", "no_need", "gap:0", "gap:1", "gap:2", "gap:3")
    pictures = [look(name).asImage(QSize(60, 60)) for name in names]
    grey = [picture.convertToFormat(QImage.Format.Format_Grayscale8) for picture in pictures]
    for first in range(len(names)):
        for second in range(first):
            assert grey[first] != grey[second], (names[first], names[second])


def test_hostile_text_is_printed_as_it_was_written(print_guide, make_store):
    output, _ = print_guide(make_store([{"at": (0, 0), "nom": f"Essai {HOSTILE}", "description": HOSTILE}]))
    everything = " ".join(page_texts(output))
    assert "[% @project_path %]" in everything
    assert "<script>alert(1)</script>" in everything


def test_a_cancelled_run_leaves_the_last_good_guide(print_guide, make_store):
    store = make_store(some_actors())
    output, _ = print_guide(store)
    before = Path(output).read_bytes()
    feedback = QgsProcessingFeedback()
    feedback.progressChanged.connect(lambda progress: feedback.cancel())
    with pytest.raises(QgsProcessingException):
        print_guide(store, feedback=feedback)
    assert Path(output).read_bytes() == before


def test_a_store_that_is_none_ends_in_a_sentence(print_guide, tmp_path):
    path = tmp_path / "notes.gpkg"
    path.write_text("bonjour")
    with pytest.raises(QgsProcessingException, match=r"notes\.gpkg"):
        print_guide(path)
    assert not (tmp_path / "guide.pdf").exists()


def test_a_folder_that_is_missing_ends_in_a_sentence(print_guide, make_store, tmp_path):
    with pytest.raises(QgsProcessingException, match="absent"):
        print_guide(make_store(some_actors(2)), OUTPUT=str(tmp_path / "absent" / "guide.pdf"))


def test_the_guide_runs_through_qgis_process(qgis_process, make_store, tmp_path):
    store = make_store(some_actors(4))
    done = qgis_process("run", "tisserand:guide", "--", f"STORE={store}", f"OUTPUT={tmp_path / 'guide.pdf'}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(PdfReader(tmp_path / "guide.pdf").pages) > 5
