"""The check before printing as an algorithm, and the maps of networks and leads as they are drawn."""

from datetime import date
from html.parser import HTMLParser
from uuid import NAMESPACE_URL, uuid5

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers.result_tables import LEAD_MEMBERS, LEADS, NETWORK_LINKS, NETWORK_MEMBERS, NETWORKS

HOSTILE = "[% @project_path %] <script>alert(1)</script>"
SQUARE = "POLYGON ((641000 6861000, 646000 6861000, 646000 6865000, 641000 6865000, 641000 6861000))"


def uuid(order, table="acteur"):
    return str(uuid5(NAMESPACE_URL, f"{table}|{order}"))


@pytest.fixture
def check(provider, tmp_path):
    """Return a function that checks a store and gives the results and the rows of the table."""
    from qgis import processing

    def run(store, **parameters):
        feedback = parameters.pop("feedback", QgsProcessingFeedback())
        asked = {"STORE": str(store), "OUTPUT": str(tmp_path / "constats.gpkg"), "DATE": "2026-11-01", **parameters}
        results = processing.run("tisserand:guidecheck", asked, feedback=feedback)
        layer = QgsVectorLayer(results["OUTPUT"])
        return results, [
            {field.name(): feature[field.name()] for field in layer.fields()} for feature in layer.getFeatures()
        ]

    return run


def test_findings_are_counted_and_each_has_its_words_and_its_record(check, make_store):
    results, rows = check(make_store([{"at": (0, 0), "nom": "Muet", "date_visite": date(2020, 1, 1)}]))
    assert results["FINDINGS"] == len(rows) == results["ERRORS"] + results["WARNINGS"] + results["NOTES"]
    assert results["PAGES_COUNT"] > 3
    assert [row["rang"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["constat"] and row["remede"] and row["sujet"] and row["gravite"] for row in rows)
    assert {row["objet_uuid"] for row in rows if "Muet" in row["constat"]} == {uuid(0)}


def test_the_report_holds_every_finding_and_no_markup_of_a_name(check, make_store, tmp_path):
    path = tmp_path / "rapport.html"
    _, rows = check(make_store([{"at": (0, 0), "nom": HOSTILE, "geom": None}]), REPORT=str(path))
    page = path.read_text(encoding="utf-8")
    tags = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attributes: tags.append(tag)
    reader.feed(page)
    assert "script" not in tags
    assert "[% @project_path %]" in page
    assert page.count("<tr") > len(rows)


def test_only_what_would_be_printed_for_these_readers_is_checked(check, make_store):
    store = make_store([{"at": (0, 0), "nom": "Interne", "diffusion": "interne"}])
    _, public = check(store, AUDIENCE=0)
    _, inside = check(store, AUDIENCE=2)
    assert not any("Interne" in row["constat"] for row in public)
    assert any("Interne" in row["constat"] for row in inside)


def test_a_missing_font_and_a_missing_logo_are_findings(check, make_store, tmp_path):
    settings = '{"font": "Police inventée", "logo": "absent.png"}'
    _, rows = check(make_store([{"at": (0, 0)}]), SETTINGS=settings)
    told = " ".join(row["constat"] for row in rows)
    assert "Police inventée" in told
    assert "absent.png" in told


def test_a_store_that_is_none_ends_in_a_sentence(check, tmp_path):
    path = tmp_path / "notes.gpkg"
    path.write_text("bonjour")
    with pytest.raises(QgsProcessingException, match=r"notes\.gpkg"):
        check(path)


def test_a_check_that_is_cancelled_leaves_no_table(check, make_store, tmp_path):
    feedback = QgsProcessingFeedback()
    feedback.progressChanged.connect(lambda percent: feedback.cancel())
    with pytest.raises(QgsProcessingException):
        check(make_store([{"at": (0, 0)}]), feedback=feedback)
    assert not (tmp_path / "constats.gpkg").exists()


def test_nothing_in_the_workspace_is_changed(check, make_store):
    from tisserand.layers import geopackage

    store = make_store([{"at": (0, 0)}], [{"at": (0, 0)}])
    before = {name: geopackage.read_rows(store, name) for name in ("acteur", "besoin", "meta", "journal")}
    check(store)
    assert {name: geopackage.read_rows(store, name) for name in before} == before


@pytest.fixture
def printed(make_store, write_result):
    """Return the book of a store with a network and a lead, and what it is drawn with."""
    from tisserand.guide.printing import Asked, Press, read

    def make():
        actors = [{"at": (n % 3, n % 2), "nom": f"Acteur {n}"} for n in range(6)]
        store = make_store(actors, [{"at": (0, 0), "nb_situations": 40}, {"at": (1, 0), "nb_situations": 30}])
        members = [{"uuid": uuid(n), "reseau": 1, "intermediaire": 0.1} for n in range(6)]
        write_result(store, NETWORK_MEMBERS, members)
        network = {"reseau": 1, "pilote_id": uuid(0), "solidite": "nette", "geom": SQUARE}
        write_result(store, NETWORKS, [network])
        unsaid = dict.fromkeys(("de_nom", "vers_nom", "raison"))
        links = [
            {"de": uuid(n), "vers": uuid(n + 1), "type": "moyens", "retenu": "mutuel", "force": 1.0, "metres": 500.0}
            | {**unsaid, "reseau": 1, "geom": f"LINESTRING (642000 6862000, {644000 + 100 * n} 6864000)"}
            for n in range(5)
        ]
        write_result(store, NETWORK_LINKS, links)
        lead = {"rang": 1, "theme": "feed", "codes": "92000|92010", "volontaires": 3.0, "contexte": "favorable"}
        write_result(store, LEADS, [{**lead, "lancable": 1, "geom": "POINT (642000 6862000)"}])
        needs = [
            {"uuid": uuid(n, "besoin"), "code_insee": code, "theme": "feed", "personnes": size, "piste": 1}
            | {"recurrence": None, "geom": "POINT (642000 6862000)"}
            for n, (code, size) in enumerate((("92000", 40.0), ("92010", 30.0)))
        ]
        write_result(store, LEAD_MEMBERS, needs)
        press = Press(Asked(store, "2026", "public", date(2026, 11, 1), sections=("reseaux", "pistes")))
        content = read(press.asked)
        return press, content, press.compose(content)

    return make


def test_the_maps_of_networks_and_leads_are_drawn_with_all_they_show(qgis_app, printed, tmp_path):
    from qgis.PyQt.QtGui import QImage

    press, content, book = printed()
    target = tmp_path / "guide.pdf"
    press.print(book, content, press.look(content), target, lambda done: True)
    for subject, fewest in (("networks", 20), ("leads", 15), ("locator", 3)):
        number, frame = next(
            (number, o)
            for number, page in enumerate(book.pages, 1)
            for o in page.operations
            if getattr(o, "subject", "") == subject
        )
        picture = rendered(target, number, tmp_path)
        assert isinstance(picture, QImage)
        assert colours_in(picture, frame.box) > fewest, subject


def rendered(path, page, folder):
    import subprocess

    from qgis.PyQt.QtGui import QImage

    command = ["pdftoppm", "-r", "60", "-png", "-f", str(page), "-l", str(page), "-singlefile", str(path)]
    subprocess.run([*command, str(folder / "page")], check=True)
    return QImage(str(folder / "page.png"))


def colours_in(image, box):
    """Return how many colours stand in a box given in millimetres of an A4 page."""
    x, y, w, h = (int(value * image.width() / 210) for value in box)
    return len({image.pixel(x + i, y + j) for i in range(0, w, 2) for j in range(0, h, 2)})
