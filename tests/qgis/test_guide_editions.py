"""Two editions of the guide, printed for real."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from qgis.core import QgsProcessingException, QgsProcessingFeedback

from tisserand.guide.composing.compose import SECTIONS

DAY = "2026-11-01"


class Remembering(QgsProcessingFeedback):
    def __init__(self):
        super().__init__()
        self.said = []

    def pushWarning(self, text):  # noqa: N802 - imposed by QGIS
        self.said.append(text)


@pytest.fixture
def print_guide(provider, tmp_path):
    """Return a printer of a few pages of a store's guide: path and results; the feedback is kept as ``heard``."""
    from qgis import processing

    def run(store, *sections, **parameters):
        run.heard = Remembering()
        asked = {
            "STORE": str(store),
            "EDITION": "2026",
            "DATE": DAY,
            "PAGES": [list(SECTIONS).index(name) for name in sections],
            "OUTPUT": str(tmp_path / "guide.pdf"),
            "BOOK": str(tmp_path / "livre.json"),
            **parameters,
        }
        return Path(asked["OUTPUT"]), processing.run("tisserand:guide", asked, feedback=run.heard)

    return run


def two_actors(**values):
    return [{"at": (0, 0), "nom": "Ancien acteur"}, {"at": (1, 0), "nom": "Nouvel acteur", **values}]


def test_a_recorded_edition_is_in_the_workspace_and_the_next_one_tells_what_is_new(make_store, print_guide, tmp_path):
    needs = [{"at": (x, 0), "nb_situations": number} for x, number in enumerate((40, 60, 80))]
    store = make_store(two_actors()[:1], needs, name="avant.gpkg")
    path, results = print_guide(store, "matrice", EDITION="2025", RECORD=True)
    assert results["RECORDED"] == 90
    with closing(sqlite3.connect(store)) as connection:
        code, day, digest = connection.execute("SELECT code, etablie_le, empreinte FROM edition").fetchone()
        assert (code, day[:10], len(digest)) == ("2025", DAY, 64)
    after = make_store(two_actors(), [{**needs[0], "nb_situations": 43}, *needs[1:]], name="apres.gpkg")
    path, results = print_guide(after, "matrice", "nouveautes", "annuaire", PREVIOUS=str(store))
    assert results["RECORDED"] == 0
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]
    (news,) = [text for text in texts if "QUOI DE NEUF" in text]
    for said in ("Depuis l'édition 2025, établie le 01/11/2026", "Nouvel acteur", "Nouveaux acteurs (1)"):
        assert said in news
    book = json.loads((tmp_path / "livre.json").read_text(encoding="utf-8"))
    assert "43" not in [text for page in book["pages"] if "Matrice" in page["section"] for text in page["textes"]]


def test_a_workspace_that_cannot_take_the_edition_is_named_and_the_guide_is_there(make_store, print_guide):
    store = make_store(two_actors())
    with closing(sqlite3.connect(store, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        path, results = print_guide(store, "annuaire", RECORD=True)
        holder.execute("ROLLBACK")
    assert results["RECORDED"] == 0
    assert len(PdfReader(path).pages) == results["PAGES_COUNT"]
    assert any("was not kept" in said or "n'a pas été gardée" in said for said in print_guide.heard.said)


def test_a_last_edition_that_cannot_be_one_is_refused_and_the_last_guide_stays(make_store, print_guide):
    store = make_store(two_actors())
    path, _ = print_guide(store, "annuaire")
    good = path.read_bytes()
    copy = store.with_name("copie.gpkg")
    shutil.copy(store, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE meta SET valeur = '75' WHERE cle = 'departement'")
    for previous in (store, copy):
        with pytest.raises(QgsProcessingException, match=previous.name):
            print_guide(store, "annuaire", PREVIOUS=str(previous))
    assert path.read_bytes() == good


def test_a_guide_can_be_stopped_while_its_numbers_pass_the_gate(make_store, print_guide):
    class Stopped(Remembering):
        def isCanceled(self):  # noqa: N802 - imposed by QGIS
            return True

    from qgis import processing

    store = make_store(two_actors(revoir_avant=date(2026, 1, 1)), [{"at": (0, 0), "nb_situations": 4}])
    target = store.with_name("guide.pdf")
    with pytest.raises(QgsProcessingException):
        processing.run("tisserand:guide", {"STORE": str(store), "OUTPUT": str(target)}, feedback=Stopped())
    assert not target.exists()
