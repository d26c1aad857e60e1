"""The PDF of the guide from run to run: no trace of its tagging, the same bytes, and what goes wrong on the way."""

import subprocess
from datetime import date

import pytest
from pypdf import PdfReader
from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtGui import QImage


@pytest.fixture
def store(make_store):
    themes = ("feed", "house", "connect")
    rows = [{"at": (i % 3, i % 2), "theme_principal": themes[i % 3], "themes_vie": themes[i % 3]} for i in range(9)]
    return make_store(rows, [{"at": (0, 0)}] * 3)


@pytest.fixture
def press(provider, store):
    """Return the press, the book, its content and its look, for what no parameter can bring about."""
    from tisserand.guide.printing import Asked, Press, read

    asked = Asked(store, "2026", "public", date(2026, 11, 1), sections=("lire", "synthese"))
    content, press = read(asked), Press(asked)
    return press, press.compose(content), content, press.look(content)


def pixels(path, folder, resolution=40):
    subprocess.run(["pdftoppm", "-r", str(resolution), "-png", str(path), str(folder / path.stem)], check=True)
    return [QImage(str(picture)) for picture in sorted(folder.glob(f"{path.stem}-*.png"))]


def test_the_marks_leave_no_trace_on_the_pages(press, tmp_path):
    from tisserand.guide.drawing.draw import draw, page_layout
    from tisserand.guide.pdf import finish

    _, book, _, look = press
    plain, marked, done = (tmp_path / name for name in ("plain.pdf", "marked.pdf", "done.pdf"))
    draw(book, look, plain, lambda pages: True)
    draw(book, look, marked, lambda pages: True, marked=True)
    assert pixels(plain, tmp_path) != pixels(marked, tmp_path)
    finish(marked, done, book, "Essai", date(2026, 11, 1))
    assert pixels(plain, tmp_path) == pixels(done, tmp_path)
    # What opens in the layout designer has none either.
    layout = page_layout(book.pages[-1], look)
    assert not [item for item in layout.items() if getattr(item, "backgroundColor", None) and _is_marked(item)]


def _is_marked(item):
    from tisserand.guide.pdf.marks import RESERVED_RED

    return item.hasBackground() and item.backgroundColor().red() == RESERVED_RED


def test_a_page_that_is_not_as_planned_is_never_tagged_wrongly(press, tmp_path):
    from tisserand.guide.drawing.draw import draw
    from tisserand.guide.pdf import UntaggableError, finish

    _, book, _, look = press
    drawn, target = tmp_path / "drawn.pdf", tmp_path / "guide.pdf"
    draw(book, look, drawn, lambda pages: True, marked=True)
    target.write_bytes(b"the last good guide")
    del book.pages[2].operations[-1]
    with pytest.raises(UntaggableError, match="3"):
        finish(drawn, target, book, "Essai", date(2026, 11, 1))
    assert target.read_bytes() == b"the last good guide"
    assert [path.name for path in tmp_path.glob(".*.part")] == []


def test_a_drawing_that_looks_like_a_mark_costs_the_tags_and_not_the_guide(press, tmp_path):
    from tisserand.guide.composing.book import Box, Picture
    from tisserand.guide.pdf import UntaggableError
    from tisserand.guide.pdf.marks import mark_colour

    press, book, content, look = press
    square = f'<rect width="10" height="10" fill="{mark_colour(0)}"/>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{square}</svg>'
    element = next(place for place, element in enumerate(book.elements) if element.kind == "Figure")
    book.pages[0].operations.append(Picture(Box(180, 250, 10, 10), picture, element))
    target = tmp_path / "guide.pdf"
    press.print(book, content, look, target, lambda pages: True)
    assert [type(note) for note in press.notes] == [UntaggableError]
    reader = PdfReader(target)
    assert "/StructTreeRoot" not in reader.root_object
    assert "/MarkInfo" not in reader.root_object
    assert len(reader.outline) > 1
    assert sum(len(page.get("/Annots", ())) for page in reader.pages) > 3
    corner = pixels(target, tmp_path)[0]
    assert corner.pixelColor(int(185 / 210 * corner.width()), int(255 / 297 * corner.height())).name() == mark_colour(0)


def test_two_runs_in_two_processes_give_the_same_bytes(qgis_process, store, tmp_path):
    made = []
    # Qt hashes with a seed of its own in each process, unless that is 0.
    for seed, of_qt in (("1", {}), ("2718", {"QT_HASH_SEED": "0"})):
        folder = tmp_path / seed
        folder.mkdir()
        words = [f"STORE={store}", f"OUTPUT={folder / 'g.pdf'}", f"BOOK={folder / 'b.json'}", "DATE=2026-11-01"]
        done = qgis_process("run", "tisserand:guide", "--", *words, PYTHONHASHSEED=seed, **of_qt)
        assert done.returncode == 0, done.stdout + done.stderr
        made.append(((folder / "g.pdf").read_bytes(), (folder / "b.json").read_bytes()))
    assert made[0] == made[1]


@pytest.mark.parametrize("day", ["2026-11-01", "2026-12-24"])
def test_the_date_of_the_file_is_the_one_that_was_asked_for(provider, store, tmp_path, day):
    from qgis import processing

    output = tmp_path / "guide.pdf"
    processing.run("tisserand:guide", {"STORE": str(store), "PAGES": [0], "DATE": day, "OUTPUT": str(output)})
    reader = PdfReader(output)
    assert reader.metadata["/CreationDate"] == reader.metadata["/ModDate"] == f"D:{day.replace('-', '')}000000Z"
    assert f"<xmp:CreateDate>{day}T00:00:00Z<" in reader.root_object["/Metadata"].get_data().decode()


@pytest.mark.parametrize("pages", [0.5, 1])
def test_a_run_that_is_cancelled_while_it_is_tagged_leaves_the_last_good_guide(press, tmp_path, pages):
    from tisserand.guide.drawing.draw import draw
    from tisserand.guide.pdf import finish
    from tisserand.layers.errors import CancelledError

    _, book, _, look = press
    drawn, target = tmp_path / "drawn.pdf", tmp_path / "guide.pdf"
    draw(book, look, drawn, lambda done: True, marked=True)
    target.write_bytes(b"the last good guide")

    def told(done):
        if done >= pages * len(book.pages):
            raise CancelledError

    with pytest.raises(CancelledError):
        finish(drawn, target, book, "Essai", date(2026, 11, 1), told=told)
    assert target.read_bytes() == b"the last good guide"
    assert [path.name for path in tmp_path.glob(".*.part")] == []


def test_a_full_disk_leaves_the_last_good_guide(press, small_disk):
    from tisserand.layers.errors import TisserandError

    press, book, content, look = press
    disk = small_disk(16_384)
    target = disk / "guide.pdf"
    target.write_bytes(b"the last good guide")
    with pytest.raises(TisserandError, match="full"):
        press.print(book, content, look, target, lambda pages: True)
    assert target.read_bytes() == b"the last good guide"
    assert [path.name for path in disk.iterdir()] == ["guide.pdf"]


def test_a_letter_that_the_font_does_not_have_is_told(provider, make_store, tmp_path):
    from qgis import processing

    told = []

    class Listening(QgsProcessingFeedback):
        def pushWarning(self, warning):  # noqa: N802
            told.append(warning)

    store = make_store([{"at": (0, 0), "nom": "Maison \U00012000"}])
    asked = {"STORE": str(store), "OUTPUT": str(tmp_path / "guide.pdf")}
    processing.run("tisserand:guide", asked, feedback=Listening())
    assert any("Maison" in warning and "font" in warning for warning in told)
