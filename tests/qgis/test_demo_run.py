"""What ``make demo`` makes, in a folder where an earlier run left its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.PyQt.QtGui import QImage

from tisserand.layers import geopackage
from tisserand.layers.reference import BUILT, INSTALLED
from tisserand.layers.workspace import file_stem

pytestmark = pytest.mark.skipif(
    not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes (make reference)"
)
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "demo.py"
PATIENCE = 300


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder and the lines that were printed."""
    folder = tmp_path_factory.mktemp("demo")
    for earlier in ("guide.pdf", "livrets/Ailleurs.pdf", "guide-html/ancien.html", "photos/mienne.jpg"):
        (folder / earlier).parent.mkdir(exist_ok=True)
        (folder / earlier).write_text("avant", encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, SCRIPT, "92", folder], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder, done.stdout.splitlines()


def number_of(lines, title):
    (found,) = [line for line in lines if line.strip().startswith(title)]
    return int(re.sub(r"\D", "", found.replace(title, "")))


def test_everything_is_there_and_what_an_earlier_run_left_is_not(made):
    folder, _ = made
    names = {path.name for path in folder.iterdir()}
    assert names == {
        *("hauts-de-seine.gpkg", "hauts-de-seine.qgz", "guide.pdf", "guide.json", "guide-html"),
        *("livrets", "carte.png", "carte.pgw", "carte.prj", "tournee.pdf", "rapports", "photos"),
    }
    assert (folder / "guide.pdf").read_bytes()[:5] == (folder / "tournee.pdf").read_bytes()[:5] == b"%PDF-"
    assert not (folder / "livrets" / "Ailleurs.pdf").exists()
    assert not (folder / "guide-html" / "ancien.html").exists()
    assert (folder / "photos" / "mienne.jpg").read_text(encoding="utf-8") == "avant"


def test_one_booklet_is_made_that_of_the_territory_where_most_people_live(made):
    folder, _ = made
    (booklet,) = (folder / "livrets").iterdir()
    store = folder / "hauts-de-seine.gpkg"
    level = geopackage.read_settings(store)["niveau_guide"]
    rows = [row for row in geopackage.read_rows(store, "territoire") if row["niveau"] == level]
    most = max(rows, key=lambda row: row["population"])
    assert booklet.stem.lower() == file_stem(most["nom"])


def test_the_map_is_an_a3_landscape(made):
    folder, _ = made
    picture = QImage(str(folder / "carte.png"))
    assert picture.width() / picture.height() == pytest.approx(420 / 297, rel=0.005)


def test_reports_are_of_every_analysis_and_of_the_check_before_printing(made):
    folder, _ = made
    names = {path.stem for path in (folder / "rapports").iterdir()}
    assert names >= {"coveragegaps", "similarinitiatives", "matchneeds", "networks", "publish", "guidecheck"}
    assert all("<h1" in path.read_text(encoding="utf-8") for path in (folder / "rapports").iterdir())


def test_the_guide_has_all_that_the_example_is_made_for(made):
    folder, lines = made
    book = json.loads((folder / "guide.json").read_text(encoding="utf-8"))
    sections = {page["section"] for page in book["pages"]}
    assert sections >= {"Monographies", "Index", "Matrice des thèmes par territoire", "Quels réseaux faire naître ?"}
    assert len(book["pages"]) == number_of(lines, "Pages du guide")
    texts = {text for page in book["pages"] for text in page["textes"]}
    assert "Index par réseau" in texts
    assert [text for text in texts if "Illustration fictive" in text]
    assert [text for text in texts if "fictif" in text]


def test_the_web_edition_shows_the_illustrations(made):
    folder, _ = made
    assert len(list((folder / "guide-html" / "images").glob("*.jpg"))) == 3


def test_the_summary_counts_what_is_in_the_store_and_lists_every_warning(made):
    folder, lines = made
    store = folder / "hauts-de-seine.gpkg"
    assert number_of(lines, "Acteurs  ") == geopackage.count_rows(store, "acteur")
    assert number_of(lines, "Photos et documents") == geopackage.count_rows(store, "media") > 0
    warnings = [line for line in lines if line.startswith("    – ")]
    assert number_of(lines, "Avertissements") == len(warnings) == len(set(warnings)) > 0
    assert [line for line in warnings if "droit à l'image inconnu" in line]


def test_every_file_of_the_summary_exists(made):
    folder, lines = made
    place = next(at for at, line in enumerate(lines) if str(folder) in line)
    named = [line.strip().split(" (")[0] for line in lines[place + 1 :]]
    assert len(named) >= 9
    assert [name for name in named if not (folder / name).exists()] == []
