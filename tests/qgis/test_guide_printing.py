"""Printing the guide where something is in the way: a sentence, and the last good guide is still there."""

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from pypdf import PdfReader
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProject

from tisserand.guide.drawing.templates import BUILT_IN
from tisserand.layers.project import make_project

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" fill="#0a0"/></svg>'
FEW = {"SETTINGS": json.dumps({"sections": ["annuaire", "sources"]})}


class Listening(QgsProcessingFeedback):
    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def pushWarning(self, warning):  # noqa: N802 - name imposed by QGIS
        self.warnings.append(warning)


@pytest.fixture
def run(provider, tmp_path):
    """Return a printer of a store's guide: it gives the path, the results and the warnings."""
    from qgis import processing

    def run(store, **parameters):
        feedback = parameters.pop("feedback", None) or Listening()
        output = parameters.setdefault("OUTPUT", str(tmp_path / "guide.pdf"))
        results = processing.run("tisserand:guide", {"STORE": str(store), **FEW, **parameters}, feedback=feedback)
        return output, results, getattr(feedback, "warnings", [])

    return run


@pytest.fixture
def store(make_store):
    return make_store([{"at": (0, 0), "nom": "Le Jardin"}, {"at": (1, 0)}])


def words(path, page=None):
    pages = PdfReader(path).pages
    return " ".join(" ".join(p.extract_text() for p in (pages if page is None else [pages[page]])).split())


@pytest.fixture
def held(tmp_path):
    """Return a file that can be read but neither written nor replaced, as when Windows keeps it for a reader."""
    path = tmp_path / "tenu.pdf"
    path.write_bytes(b"%PDF le dernier bon guide")
    bound = subprocess.run(["mount", "--bind", str(path), str(path)], capture_output=True, check=False)
    if bound.returncode:
        pytest.skip("only root can keep a file from being replaced here")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(path)], check=True)
    yield path
    gc.collect()
    subprocess.run(["umount", str(path)], check=True)


def test_a_guide_that_another_program_keeps_is_said_before_any_work_and_stays(run, store, held):
    seen = QgsProcessingFeedback()
    progress = []
    seen.progressChanged.connect(progress.append)
    with pytest.raises(QgsProcessingException, match=r"tenu\.pdf is open in another program"):
        run(store, OUTPUT=str(held), feedback=seen)
    assert held.read_bytes() == b"%PDF le dernier bon guide"
    assert progress == []
    assert not list(held.parent.glob(".*.part"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_closed_ends_in_a_sentence(run, store, tmp_path):
    closed = tmp_path / "ferme"
    closed.mkdir(mode=0o555)
    with pytest.raises(QgsProcessingException, match="ferme"):
        run(store, OUTPUT=str(closed / "guide.pdf"))


def test_a_folder_in_place_of_the_file_ends_in_a_sentence(run, store, tmp_path):
    (tmp_path / "dossier").mkdir()
    with pytest.raises(QgsProcessingException, match="dossier"):
        run(store, OUTPUT=str(tmp_path / "dossier"))


def test_a_full_disk_leaves_the_last_good_guide(run, store, small_disk):
    disk = small_disk(65_536)
    output = disk / "guide.pdf"
    output.write_bytes(b"%PDF le dernier bon guide" + b" " * 30_000)
    before = output.read_bytes()
    with pytest.raises(QgsProcessingException, match=str(disk)):
        run(store, OUTPUT=str(output), SETTINGS="{}")
    assert output.read_bytes() == before
    assert [path.name for path in disk.iterdir()] == ["guide.pdf"]


def test_a_full_disk_for_drafts_leaves_the_last_good_guide(run, store, small_disk, monkeypatch):
    output, _, _ = run(store)
    before = Path(output).read_bytes()
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk(16_384)))
    with pytest.raises(QgsProcessingException, match=r"room|full"):
        run(store, SETTINGS="{}")
    assert Path(output).read_bytes() == before


@pytest.mark.parametrize("share", [0, 10, 40, 88])
def test_a_run_stopped_while_it_reads_composes_draws_or_finishes_leaves_the_last_good_guide(run, store, share):
    output, _, _ = run(store)
    before = Path(output).read_bytes()
    feedback = QgsProcessingFeedback()
    reached = []

    def stop(percent):
        reached.append(percent)
        if percent > share:
            feedback.cancel()

    feedback.progressChanged.connect(stop)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(store, SETTINGS="{}", feedback=feedback)
    assert Path(output).read_bytes() == before
    assert share < reached[-1] < share + 15


def test_a_font_that_is_missing_is_named_and_the_one_used_too(run, store):
    output, results, warnings = run(store, SETTINGS=json.dumps({"font": "Police Absente", "sections": ["sources"]}))
    (said,) = [warning for warning in warnings if "Police Absente" in warning]
    assert results["FONT"] in said
    fonts = subprocess.run(["pdffonts", output], check=True, capture_output=True, text=True).stdout
    assert results["FONT"].replace(" ", "") in fonts


def test_a_font_that_is_wanted_and_there_is_used(run, store):
    output, results, _ = run(store, SETTINGS=json.dumps({"font": "DejaVu Serif", "sections": ["sources"]}))
    assert results["FONT"] == "DejaVu Serif"
    assert "DejaVuSerif" in subprocess.run(["pdffonts", output], check=True, capture_output=True, text=True).stdout


def test_a_logo_that_is_missing_or_no_picture_is_named_and_left_out(run, store, tmp_path):
    (tmp_path / "faux.png").write_text("bonjour")
    for logo in ("absent.svg", "faux.png"):
        _, results, warnings = run(store, LOGO=str(tmp_path / logo))
        assert len([warning for warning in warnings if logo in warning]) == 1, warnings
        assert results["WARNINGS"] == len(warnings)


def test_a_logo_is_drawn_in_its_place_on_the_cover(run, store, tmp_path):
    from qgis.PyQt.QtGui import QColor, QImage

    logo = tmp_path / "logo.svg"
    logo.write_text(LOGO, encoding="utf-8")
    output, _, warnings = run(store, LOGO=str(logo))
    assert [warning for warning in warnings if "logo" in warning] == []
    target = tmp_path / "page"
    subprocess.run(["pdftoppm", "-r", "50", "-png", "-f", "1", "-l", "1", "-singlefile", output, target], check=True)
    cover = QImage(f"{target}.png")
    scale = cover.width() / 210
    assert QColor(cover.pixel(int(170 * scale), int(262 * scale))).name() == "#00aa00"


def test_the_settings_of_the_open_project_are_used_for_its_own_store_only(run, make_store, tmp_path):
    from tisserand.guide import project_settings
    from tisserand.guide.composing.settings import Settings

    mine = make_store([{"at": (0, 0)}], name="mien.gpkg")
    other = make_store([{"at": (0, 0)}], name="autre.gpkg")
    make_project(mine, tmp_path / "mien.qgz")
    project = QgsProject.instance()
    try:
        assert project.read(str(tmp_path / "mien.qgz"))
        project_settings.write(project, Settings(title="Titre du projet", sections=("sources",)))
        output, _, _ = run(mine, SETTINGS=None)
        assert "Titre du projet" in words(output)
        assert "Annuaire" not in words(output)
        output, _, _ = run(other, SETTINGS=None)
        assert "Titre du projet" not in words(output)
    finally:
        project.clear()


def test_settings_are_kept_when_the_project_is_moved_with_its_logo(make_store, tmp_path, provider):
    from tisserand.guide import project_settings
    from tisserand.guide.composing.settings import Settings

    here, there = tmp_path / "ici", tmp_path / "la"
    here.mkdir()
    store = shutil.move(make_store([{"at": (0, 0)}]), here / "essai.gpkg")
    (here / "logo.svg").write_text(LOGO, encoding="utf-8")
    project = make_project(Path(store), here / "essai.qgz")
    project.read(str(here / "essai.qgz"))
    project_settings.write(project, Settings(logo=str(here / "logo.svg")))
    assert project.write()
    shutil.copytree(here, there)
    moved = QgsProject()
    assert moved.read(str(there / "essai.qgz"))
    assert Path(project_settings.read(moved, there / "essai.gpkg").logo) == there / "logo.svg"


def test_settings_in_a_file_serve_without_a_project(run, store, tmp_path):
    path = tmp_path / "reglages.json"
    path.write_text(json.dumps({"title": "Titre du fichier", "sections": ["sources"]}), encoding="utf-8")
    output, _, _ = run(store, SETTINGS=str(path))
    assert "Titre du fichier" in words(output)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"SETTINGS": "{"}, "no JSON object"),
        ({"SETTINGS": "/nulle/part/reglages.json"}, "reglages.json"),
        ({"SETTINGS": '{"colours": {"accent": "bleu"}}'}, "colours.accent"),
        ({"DATE": "hier"}, "“hier” is no date"),
        ({"LEVEL": "planete"}, "planete"),
        ({"BOOK": "/nulle/part/livre.json"}, "/nulle/part"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named_before_anything_is_written(
    run, store, tmp_path, parameters, sentence
):
    with pytest.raises(QgsProcessingException, match=sentence):
        run(store, **parameters)
    assert not (tmp_path / "guide.pdf").exists()


def test_a_designers_templates_are_used_and_a_bad_one_is_told(run, store, tmp_path):
    folder = tmp_path / "gabarits"
    folder.mkdir()
    (folder / "fond.svg").write_text(LOGO, encoding="utf-8")
    text = (BUILT_IN / "page.qpt").read_text(encoding="utf-8")
    cover = (BUILT_IN / "couverture.qpt").read_text(encoding="utf-8")
    picture = next(part for part in cover.split("<LayoutItem")[1:] if 'id="guide:logo"' in part)
    picture = picture.split("</LayoutItem>")[0].replace("guide:logo", "fond").replace('file=""', 'file="fond.svg"')
    text = text.replace("</Layout>", f"<LayoutItem{picture}</LayoutItem></Layout>").replace("guide:pied", "sans nom")
    (folder / "page.qpt").write_text(text, encoding="utf-8")
    (folder / "fiche.qpt").write_text("bonjour", encoding="utf-8")
    output, results, warnings = run(store, TEMPLATES=str(folder))
    assert [warning for warning in warnings if "fiche.qpt" in warning]
    assert results["WARNINGS"] == len(warnings)
    # The foot is no zone any more: it is drawn as the designer wrote it.
    assert "Titre du guide · Département · édition" in words(output, 1)
    # What a designer adds is no content: the pages are tagged all the same.
    assert [warning for warning in warnings if "screen readers" in warning] == []
    assert PdfReader(output).root_object["/MarkInfo"]["/Marked"]


def test_templates_into_which_the_guide_does_not_fit_give_way_to_the_built_in_ones(run, store, tmp_path):
    folder = tmp_path / "gabarits"
    folder.mkdir()
    text = (BUILT_IN / "page.qpt").read_text(encoding="utf-8")
    assert 'size="180,264,mm"' in text
    (folder / "page.qpt").write_text(text.replace('size="180,264,mm"', 'size="11,20,mm"'), encoding="utf-8")
    output, _, warnings = run(store, TEMPLATES=str(folder))
    assert [warning for warning in warnings if "does not fit" in warning]
    assert "Le Jardin" in words(output)


def test_the_choices_offered_are_those_of_the_guide_in_its_order(qgis_app):
    from tisserand.guide.composing.compose import SECTIONS
    from tisserand.guide.poster import PAPERS
    from tisserand.processing.algorithms.guide_parameters import section_titles
    from tisserand.processing.algorithms.territory_map import paper_titles

    assert list(section_titles()) == list(SECTIONS)
    assert list(paper_titles()) == list(PAPERS)


def test_nothing_of_the_guide_is_loaded_when_qgis_starts():
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1]); from qgis.core import QgsApplication; "
        "app = QgsApplication([], False); app.initQgis(); from tisserand.processing.provider import TisserandProvider; "
        "provider = TisserandProvider(); QgsApplication.processingRegistry().addProvider(provider); "
        "print([name for name in sys.modules if name.startswith('tisserand.guide')])"
    )
    script = Path(__file__).resolve().parents[2] / "scripts" / "checkout.py"
    done = subprocess.run([sys.executable, "-c", code, script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_a_broken_store_of_the_previous_edition_is_named(run, store, tmp_path):
    broken = tmp_path / "ancien.gpkg"
    broken.write_text("bonjour")
    with pytest.raises(QgsProcessingException, match=r"ancien\.gpkg"):
        run(store, PREVIOUS=str(broken))


LONG = "anticonstitutionnellement" * 8
HOSTILE = (
    "[% env('HOME') %] [%=1+1%] %] [%",
    "<b>gras</b> &amp; <img src=x onerror=alert(1)>",
    "\u202eabc مرحبا بالعالم \u200f",
    "😀 \u0001\u0007\u001b[31m\ttab\u0000",
    LONG,
)


def test_hostile_texts_are_printed_as_they_were_written(run, make_store):
    texts = [text.replace("\0", "") for text in HOSTILE]
    store = make_store([{"at": (0, 0), "nom": f"Essai {text}"[:150], "description": text} for text in texts])
    output, _, _ = run(store, SETTINGS=json.dumps({"title": "[% 2+2 %] <i>Guide</i>", "sections": ["annuaire"]}))
    everything = words(output)
    for literal in (
        "[% env('HOME') %]",
        "[%=1+1%]",
        "<b>gras</b> &amp;",
        "onerror=alert(1)>",
        "[% 2+2 %] <i>Guide</i>",
    ):
        assert literal in everything, literal
    assert LONG in everything.replace(" ", "")
    assert "\x07" not in everything
