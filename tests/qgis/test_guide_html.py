"""The HTML edition written for real, and read by a real Chromium with axe-core."""

import gc
import json
import runpy
import subprocess
import threading
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtGui import QImage

browser = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("browser.py"))))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESKTOP = (360, 740), (1280, 900)


@pytest.fixture
def print_html(provider, tmp_path):
    """Return a function that prints a store's guide and gives the folder of its HTML edition."""
    from qgis import processing

    def run(store, folder=None, sections=("synthese", "annuaire", "index"), **parameters):
        from tisserand.guide.composing.compose import SECTIONS

        folder = folder or tmp_path / "html"
        parameters["PAGES"] = [place for place, name in enumerate(SECTIONS) if not sections or name in sections]
        asked = {"STORE": str(store), "OUTPUT": str(tmp_path / "guide.pdf"), "HTML": str(folder), "EDITION": "2026"}
        feedback = parameters.pop("feedback", QgsProcessingFeedback())
        results = processing.run("tisserand:guide", {**asked, "DATE": "2026-11-01", **parameters}, feedback=feedback)
        assert results["HTML"] == str(folder)
        return folder

    return run


def some_actors(count):
    themes = ("feed", "house", "connect", "move")
    return [
        {
            "at": (i % 3, i % 2),
            "nom": f"L'Épicerie n° {i}",
            "theme_principal": themes[i % 4],
            "themes_vie": themes[i % 4],
        }
        | {
            "date_visite": date(2026, 5, 1),
            "description": "Ouvert à tous. " * 6,
            "horaires_accueil": "Mo-Fr 09:00-12:00",
        }
        for i in range(count)
    ]


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_no_map_layer_outlives_the_run(print_html, make_store):
    """QGIS 3.40 dies when it exits while Python still holds some in a ring of objects."""
    from tisserand.guide.maps.layers import MapLayers

    def alive():
        return {id(one) for one in gc.get_objects() if isinstance(one, MapLayers)}

    gc.collect()
    # What the fixtures of other tests hold is theirs.
    before = alive()
    gc.disable()
    try:
        print_html(make_store(some_actors(6)))
        assert alive() <= before
    finally:
        gc.enable()


def test_the_edition_is_whole_and_its_maps_are_not_blank(print_html, make_store):
    needs = [{"at": (0, 0)}, {"at": (1, 1), "nb_situations": 50}]
    folder = print_html(make_store(some_actors(20), needs), sections=("synthese", "matrice", "fiches", "annuaire"))
    listed = json.loads((folder / "fichiers.json").read_text(encoding="utf-8"))
    assert sorted([*listed, "fichiers.json"]) == sorted(contents(folder))
    pictures = sorted((folder / "images").iterdir())
    assert pictures
    for path in pictures:
        image = QImage(str(path))
        assert image.width() > 150
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        assert len(colours) > 3, path.name
    for symbol in (folder / "symboles").iterdir():
        assert not QImage(str(symbol)).isNull()
    assert (folder / "tableaux" / "tableaux.ods").exists()


def test_the_same_store_gives_the_same_bytes(print_html, make_store, tmp_path):
    store = make_store(some_actors(8), [{"at": (0, 0)}])
    first = contents(print_html(store, tmp_path / "un"))
    assert first == contents(print_html(store, tmp_path / "deux"))


def test_a_new_edition_takes_the_place_of_the_last_and_leaves_nothing_of_it(print_html, make_store, tmp_path):
    folder = print_html(make_store(some_actors(12), name="avant.gpkg"))
    before = contents(folder)
    print_html(make_store(some_actors(2), name="apres.gpkg"), folder)
    after = contents(folder)
    assert after["annuaire.html"] != before["annuaire.html"]
    assert sorted(json.loads(after["fichiers.json"])) == sorted(set(after) - {"fichiers.json"})
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".html")]


def test_a_folder_with_other_files_is_left_as_it_is(print_html, make_store, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "vacances.jpg").write_bytes(b"photo")
    with pytest.raises(QgsProcessingException, match=r"vacances\.jpg"):
        print_html(make_store(some_actors(2)), folder)
    assert contents(folder) == {"vacances.jpg": b"photo"}
    # Found before the long work, not after it.
    assert not (tmp_path / "guide.pdf").exists()


def test_a_cancelled_run_leaves_the_last_edition(print_html, make_store):
    store = make_store(some_actors(6))
    folder = print_html(store)
    before = contents(folder)
    feedback = QgsProcessingFeedback()
    feedback.progressChanged.connect(lambda progress: feedback.cancel() if progress > 80 else None)
    with pytest.raises(QgsProcessingException):
        print_html(store, feedback=feedback)
    assert contents(folder) == before


def test_a_full_disk_leaves_the_last_edition(print_html, make_store, small_disk):
    folder = small_disk("6m") / "html"
    store = make_store(some_actors(6))
    before = contents(print_html(store, folder))
    with (folder.parent / "plein").open("wb") as filler:
        try:
            while True:
                filler.write(b"0" * 50_000)
                filler.flush()
        except OSError:
            pass
    with pytest.raises(QgsProcessingException, match=r"plein|full"):
        print_html(store, folder)
    assert contents(folder) == before


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    reason = browser.missing()
    if reason:
        pytest.skip(reason)
    with browser.chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def test_axe_finds_what_is_wrong_with_a_page_made_wrong(window, tmp_path):
    page = tmp_path / "faux.html"
    page.write_text('<html><body><img src="a.png"><h3>Titre</h3><p style="color:#ccc">pâle</p></body></html>')
    window.open(page)
    rules = {rule for rule, _, _ in window.violations(RULES)}
    assert {"image-alt", "html-has-lang", "color-contrast", "landmark-one-main"} <= rules


def test_axe_finds_nothing_wrong_on_a_telephone_nor_on_a_desk_and_nothing_is_wider_than_the_screen(
    window, print_html, make_store
):
    needs = [{"at": (0, 0)}, {"at": (1, 0), "nb_situations": 40}, {"at": (2, 0), "nb_situations": 3}]
    hostile = "[% %] <b>x</b> مرحبا 😀 " + "Donaudampfschifffahrt" * 6
    actors = [*some_actors(15), {"at": (0, 0), "nom": hostile[:150], "description": hostile * 3}]
    folder = print_html(make_store(actors, needs), sections=())
    pages = sorted(folder.glob("*.html"))
    assert len(pages) > 6
    for page in pages:
        for size in (PHONE, DESKTOP):
            window.emulate(*size)
            window.open(page)
            assert window.violations(RULES) == [], (page.name, size)
            assert window.run("return document.documentElement.scrollWidth <= window.innerWidth"), (page.name, size)
            broken = "return [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
            assert window.run(broken) == []


def test_any_colours_pass_and_the_first_stop_of_the_keyboard_leads_past_the_menu(window, print_html, make_store):
    colours = {"accent": "#ffe600", "ink": "#bbbbbb", "grey": "#eeeeee", "paper": "#222222"}
    folder = print_html(make_store(some_actors(4)), SETTINGS=json.dumps({"colours": colours}))
    window.emulate(*DESKTOP)
    window.open(folder / "annuaire.html")
    assert window.violations(RULES) == []
    window.press("\ue004")
    assert window.run("return document.activeElement.getAttribute('href')") == "#contenu"
    assert window.run("return document.activeElement.getBoundingClientRect().left >= 0")
    window.press("\ue004")
    assert window.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_browser_asks_nothing_of_anyone_else(window, print_html, make_store):
    folder = print_html(make_store(some_actors(4)))
    asked = []

    class Server(SimpleHTTPRequestHandler):
        def log_message(self, form, *values):
            asked.append(self.path.split("?")[0].lstrip("/"))

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        window.go(f"http://127.0.0.1:{server.server_port}/index.html")
        loaded = window.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
        server.shutdown()
    assert all(name.startswith(f"http://127.0.0.1:{server.server_port}/") for name in loaded)
    assert {"index.html", "edition.css"} <= set(asked)
    assert not [name for name in asked if name != "favicon.ico" and not (folder / name).is_file()]


def test_the_spreadsheets_open_in_qgis(print_html, make_store):
    folder = print_html(make_store(some_actors(4)))
    done = subprocess.run(
        ["ogrinfo", "-ro", "-so", str(folder / "tableaux" / "tableaux.ods")], capture_output=True, text=True, check=True
    )
    assert "Annuaire" in done.stdout


def test_a_photograph_is_made_smaller_and_keeps_nothing_the_camera_wrote(qgis_app, tmp_path):
    from tisserand.guide.composing.book import Box, Picture
    from tisserand.guide.web.outline import Node
    from tisserand.guide.web.pictures import photograph

    image = QImage(3000, 2000, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.setText("GPS", "48.85 2.35")
    image.save(str(tmp_path / "photo.png"))
    (tmp_path / "faux.jpg").write_text("ceci n'est pas une photo")

    def made(name):
        picture = Picture(Box(10, 10, 112, 74), str(tmp_path / name), 0)
        return photograph(Node("Figure", 0, "Une cuisine.", drawn=[(0, picture)]))

    data, width, height, ending = made("photo.png")
    shown = QImage.fromData(data)
    assert shown.width() == 1600
    assert shown.height() == pytest.approx(1600 * 2000 / 3000, abs=1)
    assert (data[:3], ending) == (b"\xff\xd8\xff", "jpg")
    assert b"48.85" not in data
    assert (width, height) == (560, pytest.approx(373, abs=2))
    assert made("faux.jpg") is None
