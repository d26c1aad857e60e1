"""The booklets, printed for real and read back."""

import pytest
from pypdf import PdfReader
from qgis.core import QgsProcessingException, QgsProcessingFeedback


@pytest.fixture
def print_booklets(provider, tmp_path):
    """Return a function that prints a store's booklets and gives their folder and results."""
    from qgis import processing

    def run(store, **parameters):
        feedback = parameters.pop("feedback", QgsProcessingFeedback())
        folder = parameters.setdefault("OUTPUT", str(tmp_path / "livrets"))
        asked = {"STORE": str(store), "EDITION": "2026", "DATE": "2026-11-01", **parameters}
        return folder, processing.run("tisserand:booklets", asked, feedback=feedback)

    return run


def actors(count=12):
    return [{"at": (i % 3, i % 2), "nom": f"Initiative {i:02}", "description": "Un lieu."} for i in range(count)]


def text_of(path):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)


def test_each_territory_has_a_booklet_with_its_own_actors(print_booklets, make_store, tmp_path):
    _, results = print_booklets(make_store(actors()))
    levant, ponant = tmp_path / "livrets" / "CC-du-Levant.pdf", tmp_path / "livrets" / "CC-du-Ponant.pdf"
    assert sorted((tmp_path / "livrets").iterdir()) == [levant, ponant]
    assert results["BOOKLETS"] == 2
    assert results["PAGES_COUNT"] == sum(len(PdfReader(path).pages) for path in (levant, ponant))
    of_levant, of_ponant = text_of(levant), text_of(ponant)
    for index in range(12):
        name = f"Initiative {index:02}"
        assert (name in of_levant, name in of_ponant) == (index % 2 == 0, index % 2 == 1)
    assert "CC du Levant" in PdfReader(levant).metadata.title


def test_the_progress_goes_by_page_and_never_back(print_booklets, make_store):
    seen = []
    feedback = QgsProcessingFeedback()
    feedback.progressChanged.connect(seen.append)
    _, results = print_booklets(make_store(actors()), feedback=feedback)
    assert seen == sorted(seen)
    assert len([value for value in seen if value > 10]) >= results["PAGES_COUNT"] - 2


def test_a_booklet_that_fails_is_named_and_leaves_the_others_and_their_last_good_files(
    print_booklets, make_store, tmp_path
):
    folder = tmp_path / "livrets"
    blocked = folder / "CC-du-Levant.pdf"
    blocked.mkdir(parents=True)
    (blocked / "note.txt").write_text("à garder")
    with pytest.raises(QgsProcessingException, match=r"1 of 2 booklets.*CC du Levant"):
        print_booklets(make_store(actors()))
    assert (blocked / "note.txt").read_text() == "à garder"
    assert "Initiative 01" in text_of(folder / "CC-du-Ponant.pdf")
    assert {path.name for path in folder.iterdir()} == {"CC-du-Levant.pdf", "CC-du-Ponant.pdf"}


def test_a_cancelled_run_says_how_far_it_came_and_leaves_whole_files(print_booklets, make_store, tmp_path):
    store = make_store(actors())
    print_booklets(store)
    before = {path.name: path.read_bytes() for path in (tmp_path / "livrets").iterdir()}
    feedback = QgsProcessingFeedback()
    feedback.progressChanged.connect(lambda progress: feedback.cancel() if progress > 60 else None)
    with pytest.raises(QgsProcessingException, match=r"Cancelled: 1 of 2"):
        print_booklets(store, feedback=feedback)
    # Same store, same date: what was written anew is what stood there.
    assert {path.name: path.read_bytes() for path in (tmp_path / "livrets").iterdir()} == before


def test_only_the_territories_that_are_named_get_a_booklet(print_booklets, make_store, tmp_path):
    print_booklets(make_store(actors()), TERRITORIES="CC du Ponant")
    assert [path.name for path in (tmp_path / "livrets").iterdir()] == ["CC-du-Ponant.pdf"]
    with pytest.raises(QgsProcessingException, match=r"CC du Nord.*CC du Levant, CC du Ponant"):
        print_booklets(make_store(actors(), name="autre.gpkg"), TERRITORIES="CC du Nord")


def test_sections_that_are_about_the_whole_departement_make_no_booklet(print_booklets, make_store, tmp_path):
    from tisserand.guide.composing.compose import SECTIONS

    with pytest.raises(QgsProcessingException, match="Territory sheets"):
        print_booklets(make_store(actors()), PAGES=[list(SECTIONS).index("matrice")])


def test_a_folder_that_cannot_be_made_ends_in_a_sentence(print_booklets, make_store, tmp_path):
    with pytest.raises(QgsProcessingException, match="absent"):
        print_booklets(make_store(actors()), OUTPUT=str(tmp_path / "absent" / "livrets"))
    (tmp_path / "fichier").write_text("")
    with pytest.raises(QgsProcessingException, match="fichier"):
        print_booklets(make_store(actors(), name="autre.gpkg"), OUTPUT=str(tmp_path / "fichier"))


def test_a_full_disk_ends_the_run_and_leaves_no_piece_of_a_booklet(print_booklets, make_store, small_disk):
    disk = small_disk(16_000)
    with pytest.raises(QgsProcessingException, match="full"):
        print_booklets(make_store(actors()), OUTPUT=str(disk))
    assert list(disk.iterdir()) == []


def test_communes_that_are_in_no_booklet_are_named(print_booklets, make_store):
    from tisserand.layers import geopackage

    store = make_store(actors())
    rows = [row for row in geopackage.read_rows(store, "territoire") if row["niveau"] == "epci"]
    canton = dict(rows[0], uuid="00000000-0000-4000-8000-000000000001", code="C1", nom="Canton 1", niveau="canton")
    geopackage.write_rows(store, {"territoire": [canton]})
    said = []

    class Feedback(QgsProcessingFeedback):
        def pushWarning(self, warning):  # noqa: N802 - imposed by QGIS
            said.append(warning)

    print_booklets(store, LEVEL="canton", feedback=Feedback())
    assert any("3 communes" in warning and "Commune A2" in warning for warning in said)
