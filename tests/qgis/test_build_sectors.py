"""Sectors from a table in a real QGIS: any layer, any names of fields; the store as it is afterwards."""

import os
from collections import Counter
from pathlib import Path

import pytest
from osgeo import ogr
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers import geopackage, workspace
from tisserand.layers.reference import BUILT, INSTALLED, read_departement

DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
national = pytest.mark.skipif(
    not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes (make reference)"
)
gironde = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of the Gironde are not beside the checkout")
pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:buildsectors"
TABLE = "NoGeometry?field=Code Insée:string&field=N° secteur:string&field=Nom Secteur:string"


def run(store, table, feedback=None, **parameters):
    from qgis import processing

    parameters = {"STORE": str(store), "TABLE": table, "SECTOR_FIELD": "N° secteur", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def sectors(store):
    return {row["code"]: row for row in geopackage.read_rows(store, "secteur")}


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "33.gpkg"
    workspace.build("33", path)
    return path


@pytest.fixture
def by_epci(memory_layer):
    """Return a table that gives each commune of the Gironde its EPCI as sector."""
    rows = [(None, one.code, one.epci_code, one.epci_nom) for one in read_departement("33")]
    return memory_layer(TABLE, rows, "découpage")


@national
def test_sectors_after_the_epci_are_the_epci(store, by_epci):
    result = run(store, by_epci, OUTPUT="memory:")
    assert (result["SECTORS"], result["CREATED"], result["ORPHANS"], result["UNKNOWN"]) == (28, 28, 0, 0)
    epci = {row["code"]: row for row in geopackage.read_rows(store, "territoire") if row["niveau"] == "epci"}
    for code, row in sectors(store).items():
        assert row["membres"] == epci[code]["membres"]
        assert row["nom"] == epci[code]["nom"]
        assert row["source"] == "découpage"
        outlines = [ogr.CreateGeometryFromWkb(one["geom"]) for one in (row, epci[code])]
        assert outlines[0].SymDifference(outlines[1]).Area() < 1
    layer = result["OUTPUT"]
    assert layer.crs().postgisSrid() == 2154
    assert Counter(feature["n_communes"] for feature in layer.getFeatures()) == Counter(
        len(row["membres"].split("|")) for row in epci.values()
    )


@national
def test_the_same_table_twice_changes_nothing(store, by_epci):
    run(store, by_epci)
    before = sectors(store)
    again = run(store, by_epci)
    assert (again["UNCHANGED"], again["CREATED"], again["UPDATED"]) == (28, 0, 0)
    assert sectors(store) == before


@national
def test_what_does_not_fit_is_named(store, memory_layer, tmp_path):
    rows = [(None, "33092", "1", "Est"), (None, "33003", "1", "Est"), (None, "33999", "1", "Est")]
    feedback = QgsProcessingFeedback(False)
    result = run(store, memory_layer(TABLE, rows), feedback, REPORT=str(tmp_path / "r.html"))
    assert (result["SECTORS"], result["UNKNOWN"], result["ORPHANS"], result["SCATTERED"]) == (1, 1, 532, 1)
    log = feedback.textLog()
    assert "33092 Cantois → 33008" in log
    assert "33999" in log
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert text.count("Communes without a sector: 532") == 532 + 1, "each orphan, and the warning"


@national
def test_a_commune_in_two_sectors_stops_and_nothing_is_written(store, memory_layer, tmp_path):
    rows = [(None, "33001", "1", "Est"), (None, "33001", "2", "Ouest"), (None, "33002", "1", "Est")]
    with pytest.raises(QgsProcessingException, match=r"33001 Abzac : 1, 2"):
        run(store, memory_layer(TABLE, rows), OUTPUT=str(tmp_path / "s.gpkg"))
    assert sectors(store) == {}
    assert not (tmp_path / "s.gpkg").exists()


@national
def test_the_table_territoire_itself_may_be_the_layer_of_communes(store, by_epci):
    layer = QgsVectorLayer(f"{store}|layername=territoire", "territoires", "ogr")
    result = run(store, by_epci, COMMUNES=layer)
    assert (result["SECTORS"], result["ORPHANS"], result["UNKNOWN"]) == (28, 0, 0)


@national
@gironde
def test_communes_of_2018_take_the_sector_of_what_they_became(store, by_epci):
    feedback = QgsProcessingFeedback(False)
    result = run(store, by_epci, feedback, COMMUNES=str(DATA / "admin/communes_33_cog2018.geojson"))
    assert (result["SECTORS"], result["ORPHANS"]) == (28, 0)
    codes = [code for row in sectors(store).values() for code in row["membres"].split("|")]
    assert len(codes) == len(set(codes)) == 538
    assert "followed: 4" in feedback.textLog()


@national
@pytest.mark.parametrize(("code", "epsg"), [("973", 2972), ("976", 4471)])
def test_overseas_the_sectors_are_in_the_legal_crs_whatever_that_of_the_communes(tmp_path, memory_layer, code, epsg):
    from qgis import processing

    store = tmp_path / "espace.gpkg"
    workspace.build(code, store)
    communes = read_departement(code)
    table = memory_layer(TABLE, [(None, one.code, "1" if order % 2 else "2", "") for order, one in enumerate(communes)])
    here = run(store, table)
    assert here["SECTORS"] == 2
    areas = {code: ogr.CreateGeometryFromWkb(row["geom"]).Area() for code, row in sectors(store).items()}
    layer = QgsVectorLayer(f"{store}|layername=territoire", "territoires", "ogr")
    assert layer.crs().postgisSrid() == epsg
    degrees = processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"})
    run(store, table, COMMUNES=degrees["OUTPUT"])
    for code, row in sectors(store).items():
        assert ogr.CreateGeometryFromWkb(row["geom"]).Area() == pytest.approx(areas[code], rel=1e-6)


@national
def test_numbers_instead_of_codes_find_their_communes(tmp_path, memory_layer):
    store = tmp_path / "01.gpkg"
    workspace.build("01", store)
    table = memory_layer(
        "NoGeometry?field=insee:integer&field=secteur:integer",
        [(None, int(one.code), int(one.code) % 5) for one in read_departement("01")],
    )
    result = run(store, table, SECTOR_FIELD="secteur")
    assert (result["SECTORS"], result["ORPHANS"], result["UNKNOWN"]) == (5, 0, 0)


@national
def test_fields_that_tell_nothing_are_asked_for(store, memory_layer):
    table = memory_layer("NoGeometry?field=a:string&field=b:string", [(None, "33001", "1")])
    with pytest.raises(QgsProcessingException, match=r"a, b.*COMMUNE_FIELD"):
        run(store, table, SECTOR_FIELD="b")


@national
def test_the_layer_is_styled_with_french_names(store, by_epci, tmp_path):
    from qgis.core import QgsProcessingOutputLayerDefinition, QgsProject

    project = QgsProject()
    context = QgsProcessingContext()
    context.setProject(project)
    from qgis import processing

    output = QgsProcessingOutputLayerDefinition(str(tmp_path / "s.gpkg"), project)
    parameters = {"STORE": str(store), "TABLE": by_epci, "SECTOR_FIELD": "N° secteur", "OUTPUT": output}
    result = processing.run(ALGORITHM, parameters, context=context, feedback=QgsProcessingFeedback(False))
    details = context.layerToLoadOnCompletionDetails(result["OUTPUT"])
    layer = QgsVectorLayer(result["OUTPUT"], "secteurs", "ogr")
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback(False))
    assert layer.attributeAlias(layer.fields().lookupField("n_communes")) == "Nombre de communes"
    assert len(layer.renderer().categories()) == 2
