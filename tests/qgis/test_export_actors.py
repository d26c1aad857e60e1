"""The export of actors in a real QGIS: each format written, opened again, and what is missing said."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers import workspace
from tisserand.layers.exchange.formats import FORMATS
from tisserand.layers.reference import BUILT, INSTALLED

pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:exportactors"
DATAINCLUSION, MEDNUM, HSDS, GEOJSON, CSV, XLSX = range(6)
SEEN = {"date_maj": date(2026, 3, 1)}
ROWS = [
    {"at": (0, 0), "nom": "La Table d'Ici", "code_postal": "01000", "telephone": "01 99 00 11 11", **SEEN},
    {"at": (1, 1), "nom": "=HYPERLINK(1)", "diffusion": "pro", **SEEN},
    {"at": (2, 0), "nom": "Atelier fermé", "statut_recensement": "ferme", **SEEN},
]


@pytest.fixture
def store(make_store):
    return make_store(ROWS)


def run(store, feedback=None, **parameters):
    parameters = {"STORE": str(store), **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def test_the_formats_are_in_the_order_of_the_contract(provider):
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    assert list(FORMATS) == ["datainclusion", "mednum", "hsds", "geojson", "csv", "xlsx"]
    titles = algorithm.parameterDefinition("FORMAT").options()
    assert [title.split(" ")[0] for title in titles] == ["data·inclusion", "Lieux", "HSDS", "GeoJSON", "CSV", "XLSX"]
    assert len(algorithm.parameterDefinition("AUDIENCE").options()) == 3
    assert algorithm.groupId() == "data"


@pytest.mark.parametrize(("form", "suffix"), [(GEOJSON, "geojson"), (CSV, "csv"), (XLSX, "xlsx")])
def test_qgis_opens_what_is_written(store, tmp_path, form, suffix):
    output = tmp_path / f"acteurs.{suffix}"
    results = run(store, FORMAT=form, AUDIENCE=1, OUTPUT=str(output))
    assert results["WRITTEN"] == 2
    layer = QgsVectorLayer(str(output), "acteurs", "ogr")
    assert layer.isValid()
    rows = {feature["nom"].lstrip("'"): feature for feature in layer.getFeatures()}
    assert set(rows) == {"La Table d'Ici", "=HYPERLINK(1)"}
    assert rows["La Table d'Ici"]["code_postal"] == "01000"
    if form == GEOJSON:
        assert layer.crs().authid() in ("EPSG:4326", "OGC:CRS84")
        assert 41 < rows["La Table d'Ici"].geometry().asPoint().y() < 52


def test_what_is_not_in_the_file_is_said(store, tmp_path):
    feedback = QgsProcessingFeedback(False)
    results = run(store, feedback, FORMAT=MEDNUM, AUDIENCE=0, OUTPUT=str(tmp_path / "lieux.csv"))
    assert results["WRITTEN"] == 0
    said = feedback.textLog()
    assert "left out: 2." in said
    assert "not of digital mediation, left out: 1 (La Table d'Ici)" in said
    assert "want of a recorded consent: 1 (La Table d'Ici)" in said


def test_a_store_that_is_none_is_refused_in_a_sentence(tmp_path):
    wrong = tmp_path / "faux.gpkg"
    wrong.write_bytes(b"rien")
    with pytest.raises(QgsProcessingException, match="not a Tisserand workspace"):
        run(wrong, FORMAT=CSV, OUTPUT=str(tmp_path / "x.csv"))
    assert list(tmp_path.iterdir()) == [wrong]


@pytest.mark.parametrize("form", range(len(FORMATS)))
def test_a_full_disk_leaves_the_former_file_as_it_was(make_store, small_disk, form):
    rows = [{"at": (0, 0), "description": f"{order} " * 900, **SEEN} for order in range(60)]
    place = {"adresse": "1 rue", "code_postal": "92000", "commune": "A1", "type_initiative": "mediation-numerique"}
    store = make_store([row | place for row in rows])
    disk = small_disk(24_576)
    output = disk / "acteurs.xlsx"
    output.write_bytes(b"avant")
    (disk / "plein").write_bytes(b"x" * 12_000)
    with pytest.raises(QgsProcessingException, match=r"[Nn]othing was written"):
        run(store, FORMAT=form, OUTPUT=str(output))
    assert output.read_bytes() == b"avant"
    assert sorted(path.name for path in disk.iterdir()) == ["acteurs.xlsx", "plein"]


def test_a_cancelled_export_writes_nothing(store, tmp_path):
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(store, feedback, FORMAT=CSV, OUTPUT=str(tmp_path / "x.csv"))
    assert not (tmp_path / "x.csv").exists()


def test_the_command_line_gives_the_number_written(store, tmp_path, qgis_process):
    output = tmp_path / "acteurs.json"
    words = [f"STORE={store}", "FORMAT=0", "AUDIENCE=2", f"OUTPUT={output}"]
    called = qgis_process("--json", "run", ALGORITHM, "--", *words)
    assert called.returncode == 0, called.stderr
    assert json.loads(called.stdout)["results"]["WRITTEN"] == 2
    assert len(json.loads(output.read_text(encoding="utf-8"))["structures"]) == 2


@pytest.mark.skipif(not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes")
@pytest.mark.parametrize("departement", ["33", "974"])
def test_a_whole_departement_goes_out_in_every_format(tmp_path, departement):
    store = tmp_path / "espace.gpkg"
    workspace.build(departement, store, demo=True)
    written = {
        name: run(store, FORMAT=order, AUDIENCE=0, OUTPUT=str(tmp_path / f"{name}{format_.suffix}"))["WRITTEN"]
        for order, (name, format_) in enumerate(FORMATS.items())
    }
    assert 0 < written.pop("mednum") < written["csv"]
    assert len(set(written.values())) == 1
    features = json.loads((tmp_path / "geojson.geojson").read_text(encoding="utf-8"))["features"]
    west, south, east, north = {"33": (-1.5, 44.1, 0.4, 45.7), "974": (55.1, -21.5, 55.9, -20.8)}[departement]
    for feature in features:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert west < longitude < east
        assert south < latitude < north


GIRONDE = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))


@pytest.mark.skipif(not GIRONDE.is_dir(), reason="needs the real data of the Gironde")
def test_real_places_of_digital_mediation_go_into_their_format(make_store, tmp_path):
    import csv

    with (GIRONDE / "actors" / "mediation_numerique_33.csv").open(encoding="utf-8", newline="") as file:
        real = [row for row in csv.DictReader(file) if 3 <= len(row["Lieu"]) <= 150]
    rows = [
        {
            "at": (order % 3, order % 2),
            "nom": row["Lieu"],
            "description": row["Description"],
            "adresse": row["Adresse postale"].split(" - ")[0],
            "code_postal": "33000",
            "commune": row["Commune"],
            "site_web": row["Site internet"],
            "type_initiative": "mediation-numerique",
            **SEEN,
        }
        for order, row in enumerate(real)
    ]
    output = tmp_path / "lieux.csv"
    results = run(make_store(rows), FORMAT=MEDNUM, OUTPUT=str(output))
    with output.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    placed = sorted(row["nom"] for row in rows if row["adresse"] and row["commune"])
    assert len(found) == results["WRITTEN"] == len(placed) > 200
    assert sorted(row["nom"].removeprefix("'") for row in found) == placed
    assert max(len(row["presentation_resume"]) for row in found) <= 280
