"""Maps of a territory and round sheets, written for real and read back by GDAL and by pypdf."""

import subprocess
from datetime import date

import pytest
from osgeo import gdal, osr
from pypdf import PdfReader
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsRasterLayer
from qgis.PyQt.QtGui import QImage

from tisserand.guide.poster import PAPERS, SUBJECTS

HOSTILE = "[% @project_path %] <script>1</script>"
# The Département of the small stores: three by two squares of 4 km.
WEST, SOUTH, EAST, NORTH = 640_000, 6_860_000, 652_000, 6_868_000


@pytest.fixture
def run(provider, tmp_path):
    """Return a function that runs an algorithm of the guide into a file of that name and gives its path and results."""
    from qgis import processing

    def call(algorithm, store, name, **parameters):
        feedback = parameters.pop("feedback", QgsProcessingFeedback())
        output = tmp_path / name
        asked = {"STORE": str(store), "OUTPUT": str(output), "DATE": "2026-11-01", **parameters}
        return output, processing.run(f"tisserand:{algorithm}", asked, feedback=feedback)

    return call


def actors(count):
    return [{"at": (i % 3, i % 2), "nom": f"Acteur {i}", "date_visite": date(2026, 1, 1)} for i in range(count)]


def words_of(path):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)


def ground_of(path):
    """Return west, south, east, north of a picture in the CRS it names."""
    picture = gdal.Open(str(path))
    x, width, _, y, _, height = picture.GetGeoTransform()
    return x, y + height * picture.RasterYSize, x + width * picture.RasterXSize, y


@pytest.mark.parametrize("paper", PAPERS)
def test_a_pdf_has_the_size_of_its_paper_lies_where_it_is_on_earth_and_is_tagged(run, make_store, paper):
    store = make_store(actors(6), [{"at": (0, 0), "nb_situations": 40}])
    path, results = run("territorymap", store, "carte.pdf", FORMAT=list(PAPERS).index(paper))
    assert results["ACTORS"] == 6
    page = PdfReader(path).pages[0]
    scale = PAPERS[paper].scale
    assert float(page.mediabox.width) == pytest.approx(PAPERS[paper].width * scale * 72 / 25.4, abs=1)
    assert float(page.mediabox.height) == pytest.approx(PAPERS[paper].height * scale * 72 / 25.4, abs=1)
    assert PdfReader(path).root_object["/MarkInfo"]["/Marked"]
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0
    outline = gdal.Open(str(path)).GetMetadataItem("NEATLINE")
    numbers = [
        float(number) for number in outline.replace("POLYGON ((", "").replace("))", "").replace(",", " ").split()
    ]
    assert min(numbers[::2]) < WEST < EAST < max(numbers[::2])
    assert min(numbers[1::2]) < SOUTH < NORTH < max(numbers[1::2])
    assert osr.SpatialReference(gdal.Open(str(path)).GetProjection()).GetAuthorityCode(None) == "2154"


def test_a_picture_lies_where_it_is_on_earth(run, make_store):
    path, _ = run("territorymap", make_store(actors(6)), "carte.png", RESOLUTION=60)
    assert QImage(str(path)).width() == pytest.approx(210 / 25.4 * 60, abs=1)
    west, south, east, north = ground_of(path)
    assert west < WEST < EAST < east
    assert south < SOUTH < NORTH < north
    layer = QgsRasterLayer(str(path), "carte")
    assert layer.isValid()
    assert path.with_suffix(".prj").read_text().startswith("PROJCS[")

    # The commune that nobody surveyed is hatched, and its neighbour is plain ground: the file and the map agree.
    def colours(x, y):
        image = QImage(str(path))
        column = int((x - west) / (east - west) * image.width())
        row = int((north - y) / (north - south) * image.height())
        return {image.pixel(column + i, row + j) for i in range(-6, 7) for j in range(-6, 7)}

    assert len(colours(650_900, 6_867_100)) > 1
    assert len(colours(640_600, 6_867_500)) == 1


def test_a_drawing_has_the_size_of_its_paper_and_says_what_it_shows(run, make_store):
    path, _ = run("territorymap", make_store(actors(3)), "carte.svg", FORMAT=list(PAPERS).index("A0-paysage"))
    text = path.read_text(encoding="utf-8")
    assert 'width="1189mm"' in text
    assert 'height="841mm"' in text
    assert "<desc>Carte de Département d'essai" in text or "<desc>Carte de Département d&#x27;essai" in text
    assert text.count("<path") > 20


@pytest.mark.parametrize("subject", ["recensement", "besoins", "house"])
def test_every_subject_is_drawn_with_a_legend_and_its_sources(run, make_store, subject):
    store = make_store(actors(5), [{"at": (0, 0), "nb_situations": 40}])
    path, _ = run("territorymap", store, "carte.pdf", SUBJECT=SUBJECTS.index(subject), TERRITORY="92")
    words = words_of(path)
    assert "Sources" in words
    assert "non recensée" in words


def test_the_same_store_gives_the_same_map(run, make_store):
    store = make_store(actors(6))
    one, _ = run("territorymap", store, "un.pdf")
    two, _ = run("territorymap", store, "deux.pdf")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"TERRITORY": "Atlantide"}, "Atlantide"),
        ({"SUBJECT": SUBJECTS.index("manques")}, "Coverage gaps"),
        ({"OUTPUT": "/absent/carte.pdf"}, "absent"),
        ({"OUTPUT": "/tmp/carte.docx"}, "docx"),
        ({"DATE": "hier"}, "hier"),
    ],
)
def test_what_cannot_be_done_ends_in_a_sentence_and_writes_nothing(run, make_store, tmp_path, parameters, sentence):
    with pytest.raises(QgsProcessingException, match=sentence):
        run("territorymap", make_store(actors(2)), "carte.pdf", **parameters)
    assert not (tmp_path / "carte.pdf").exists()


def test_a_cancelled_run_leaves_the_last_good_map(run, make_store):
    store = make_store(actors(4))
    path, _ = run("territorymap", store, "carte.pdf")
    before = path.read_bytes()
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        run("territorymap", store, "carte.pdf", feedback=feedback)
    assert path.read_bytes() == before


def test_hostile_text_is_printed_as_it_was_written(run, make_store):
    path, _ = run("territorymap", make_store([{"at": (0, 0), "nom": HOSTILE}]), "carte.pdf", TERRITORY="92000")
    assert HOSTILE in words_of(path)


def test_a_round_sheet_is_printed_with_its_order_its_map_and_its_warning_on_each_page(run, make_store):
    store = make_store([{"at": (i % 3, i % 2), "nom": f"Acteur {i}"} for i in range(9)])
    path, results = run("roundsheet", store, "tournee.pdf", START="640000,6860000 [EPSG:2154]", MOST=6)
    assert (results["STOPS"], results["LEFT_OUT"]) == (6, 3)
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]
    assert all("Document interne" in page for page in pages)
    assert len(pages) == 3
    assert "Rencontré" in pages[1]
    assert pages[0].count("Acteur ") >= 6


def test_a_start_in_degrees_is_where_it_is(run, make_store):
    store = make_store([{"at": (i % 3, i % 2), "nom": f"Acteur {i}"} for i in range(6)])
    in_metres, _ = run("roundsheet", store, "metres.pdf", START="651000,6861000 [EPSG:2154]")
    transform = osr.CoordinateTransformation(_crs(2154), _crs(4326))
    longitude, latitude, _ = transform.TransformPoint(651_000, 6_861_000)
    in_degrees, _ = run("roundsheet", store, "degres.pdf", START=f"{longitude},{latitude} [EPSG:4326]")
    assert words_of(in_metres) == words_of(in_degrees)


def _crs(epsg):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def test_nobody_to_meet_is_a_page_that_says_so_and_an_unknown_sector_a_sentence(run, make_store):
    store = make_store()
    path, results = run("roundsheet", store, "tournee.pdf")
    assert results["STOPS"] == 0
    assert "Personne n'est à rencontrer" in words_of(path)
    with pytest.raises(QgsProcessingException, match="S-9"):
        run("roundsheet", store, "autre.pdf", SECTOR="S-9")
