"""Territories from outside in a real QGIS: any layer, any vintage, the national file; the store as it is afterwards."""

import os
from datetime import date
from pathlib import Path

import pytest
from osgeo import ogr
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from tisserand.layers import geopackage, workspace
from tisserand.layers.reference import BUILT, INSTALLED

DATA = Path(os.environ.get("TISSERAND_GIRONDE", Path(__file__).resolve().parents[2].parent / "shared/data/gironde"))
national = pytest.mark.skipif(
    not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes (make reference)"
)
gironde = pytest.mark.skipif(not DATA.is_dir(), reason="the real data of the Gironde are not beside the checkout")
pytestmark = pytest.mark.usefixtures("provider")
ALGORITHM = "tisserand:importterritories"
FIELDS = "Polygon?crs=EPSG:2154&field=Code Insée:string&field=Libellé:string&field=habitants:string"
X, Y, SIDE = 640_000, 6_860_000, 4_000


def square(column, row, width=1.0, height=1.0):
    west, south = X + SIDE * column, Y + SIDE * row
    east, north = west + SIDE * width, south + SIDE * height
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def run(store, feedback=None, **parameters):
    from qgis import processing

    parameters = {"STORE": str(store), "REJECTS": "memory:", **parameters}
    return processing.run(ALGORITHM, parameters, feedback=feedback or QgsProcessingFeedback(False))


def numbers(result):
    return {name: result[name] for name in ("ACCEPTED", "REJECTED", "CREATED", "UPDATED", "UNCHANGED", "REPLACED")}


def causes(result):
    layer = result["REJECTS"]
    return {feature["valeur"]: feature["cause"] for feature in layer.getFeatures()}


def territories(store, niveau, **options):
    return [row for row in geopackage.read_rows(store, "territoire", **options) if row["niveau"] == niveau]


def said(feedback):
    return feedback.textLog()


@pytest.fixture
def store(make_store):
    return make_store()


def test_new_territories_know_the_communes_they_are_made_of_and_their_people(store, memory_layer):
    rows = [(square(0, 0, 2, 2), "C1", "Couchant", None), (square(2, 0, 1, 2), "C2", "Levant", "777")]
    result = run(
        store,
        INPUT=memory_layer(FIELDS, rows),
        LEVEL="canton",
        CODE_FIELD="Code Insée",
        NAME_FIELD="Libellé",
        POPULATION_FIELD="habitants",
        SOURCE="Essai",
    )
    assert numbers(result) == {"ACCEPTED": 2, "REJECTED": 0, "CREATED": 2, "UPDATED": 0, "UNCHANGED": 0, "REPLACED": 0}
    first, second = territories(store, "canton")
    assert (first["code"], first["nom"], first["membres"]) == ("C1", "Couchant", "92000|92001|92010|92011")
    assert first["population"] == 1000 * (1 + 1 + 2 + 2)
    assert second["population"] == 777
    assert (first["source"], first["millesime"], first["remplace_le"]) == ("Essai", 2026, None)
    assert ogr.CreateGeometryFromWkb(first["geom"]).Area() == 4 * SIDE**2


def test_the_same_layer_twice_changes_nothing_whatever_the_order_of_its_rows(store, memory_layer):
    rows = [(square(0, 0, 2, 2), "C1", "Couchant", None), (square(2, 0, 1, 2), "C2", "Levant", None)]
    run(store, INPUT=memory_layer(FIELDS, rows), LEVEL="canton")
    before = geopackage.read_rows(store, "territoire", withdrawn=True)
    again = run(store, INPUT=memory_layer(FIELDS, rows[::-1]), LEVEL="canton")
    assert (again["ACCEPTED"], again["UNCHANGED"], again["CREATED"], again["UPDATED"]) == (2, 2, 0, 0)
    assert geopackage.read_rows(store, "territoire", withdrawn=True) == before


def test_a_name_that_changed_is_changed_and_the_rest_stays(store, memory_layer):
    rows = [(square(0, 0), "C1", "Couchant", None), (square(1, 0), "C2", "Levant", None)]
    run(store, INPUT=memory_layer(FIELDS, rows), LEVEL="canton")
    uuids = [row["uuid"] for row in territories(store, "canton")]
    rows[0] = (rows[0][0], "C1", "Le Couchant", None)
    result = run(store, INPUT=memory_layer(FIELDS, rows), LEVEL="canton")
    assert (result["UPDATED"], result["UNCHANGED"]) == (1, 1)
    assert [row["uuid"] for row in territories(store, "canton")] == uuids
    assert territories(store, "canton")[0]["nom"] == "Le Couchant"


def test_each_row_that_cannot_be_taken_is_named_with_its_cause(store, memory_layer):
    bow = f"POLYGON(({X} {Y}, {X + 4000} {Y + 4000}, {X + 4000} {Y}, {X} {Y + 4000}, {X} {Y}))"
    line = f"POLYGON(({X} {Y}, {X + 4000} {Y}, {X} {Y}, {X} {Y}))"
    rows = [
        (square(0, 0), "A", "Bon", None),
        (None, "B", "Sans contour", None),
        (line, "C", "Sans surface", None),
        (square(0, 0), "", "Sans code", None),
        (square(0, 0), "D", "", None),
        (square(1, 0), "E", "Un", None),
        (square(2, 0), "E", "Deux", None),
        (square(50, 50), "F", "Loin", None),
        (bow, "G", "Nœud papillon", "-3"),
    ]
    feedback = QgsProcessingFeedback(False)
    result = run(
        store,
        feedback,
        INPUT=memory_layer(FIELDS, rows),
        LEVEL="autre",
        POPULATION_FIELD="habitants",
        CODE_FIELD="Code Insée",
        NAME_FIELD="Libellé",
    )
    assert (result["ACCEPTED"], result["REJECTED"]) == (2, 7)
    assert result["ACCEPTED"] + result["REJECTED"] == len(rows)
    found = {feature["ligne"]: feature["cause"] for feature in result["REJECTS"].getFeatures()}
    assert set(found) == {2, 3, 4, 5, 6, 7, 8, 9}
    for row, word in (
        (2, "no geometry"),
        (3, "1 m²"),
        (4, "no code"),
        (5, "no name"),
        (6, "6, 7"),
        (7, "6, 7"),
        (8, "outside"),
        (9, "population"),
    ):
        assert word in found[row], found[row]
    assert "mended: 1 (G)" in said(feedback)
    assert {row["code"] for row in territories(store, "autre")} == {"A", "G"}
    assert all(ogr.CreateGeometryFromWkb(row["geom"]).IsValid() for row in territories(store, "autre"))


def test_an_outline_in_degrees_comes_in_in_the_crs_of_the_store(store, memory_layer):
    from qgis import processing

    rows = [(square(0, 0, 3, 2), "C1", "Tout", None)]
    degrees = processing.run(
        "native:reprojectlayer", {"INPUT": memory_layer(FIELDS, rows), "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    )["OUTPUT"]
    run(store, INPUT=degrees, LEVEL="canton")
    (row,) = territories(store, "canton")
    assert ogr.CreateGeometryFromWkb(row["geom"]).Area() == pytest.approx(6 * SIDE**2, rel=1e-4)
    assert len(row["membres"].split("|")) == 6


def test_a_territory_that_cuts_communes_says_which_and_keeps_those_it_mostly_covers(store, memory_layer):
    feedback = QgsProcessingFeedback(False)
    run(store, feedback, INPUT=memory_layer(FIELDS, [(square(0, 0, 1.7, 1), "C1", "Coupe", None)]), LEVEL="canton")
    (row,) = territories(store, "canton")
    assert row["membres"] == "92000|92010"
    assert row["population"] is None
    assert "cut communes: 1 (C1 Coupe : 92010)" in said(feedback)


def test_overlap_and_gap_are_told_in_square_kilometres(store, memory_layer):
    feedback = QgsProcessingFeedback(False)
    rows = [(square(0, 0, 1.5, 2), "C1", "Un", None), (square(1, 0, 1, 2), "C2", "Deux", None)]
    run(store, feedback, INPUT=memory_layer(FIELDS, rows), LEVEL="canton")
    assert "overlap each other by 16.0 km²" in said(feedback)
    assert "32.0 km² of the Département are in none" in said(feedback)


def test_a_newer_vintage_replaces_and_an_older_one_is_history(store, memory_layer):
    layer = memory_layer(FIELDS, [(square(0, 0, 3, 2), "C1", "Tout", None)])
    run(store, INPUT=layer, LEVEL="canton", VINTAGE=2024)
    newer = run(store, INPUT=layer, LEVEL="canton", VINTAGE=2027)
    assert (newer["CREATED"], newer["REPLACED"]) == (1, 1)
    older = run(store, INPUT=layer, LEVEL="canton", VINTAGE=2020)
    assert (older["CREATED"], older["REPLACED"]) == (1, 0)
    assert [row["millesime"] for row in territories(store, "canton")] == [2027]
    held = {row["millesime"]: row["remplace_le"] for row in territories(store, "canton", withdrawn=True)}
    assert held == {2020: date(2024, 1, 1), 2024: date(2027, 1, 1), 2027: None}
    for vintage in (2020, 2024, 2027):
        assert run(store, INPUT=layer, LEVEL="canton", VINTAGE=vintage)["UNCHANGED"] == 1


def test_codes_read_as_numbers_are_recognised_by_the_zero_they_lost(make_store, memory_layer):
    store = make_store(departement="01")
    uri = "Polygon?crs=EPSG:2154&field=code:integer&field=nom:string"
    layer = memory_layer(uri, [(square(0, 0), 1001, "L'Abergement-Clémenciat"), (square(1, 0), 1999, "Nulle part")])
    refused = run(store, INPUT=layer, LEVEL="commune")
    assert refused["REJECTED"] == 2
    assert "(01001)" in causes(refused)["1001"]
    assert "no commune" in causes(refused)["1999"]
    taken = run(store, INPUT=layer, LEVEL="commune", LOST_ZEROS=True)
    assert (taken["ACCEPTED"], taken["REJECTED"]) == (1, 1)
    assert "01001" in {row["code"] for row in territories(store, "commune")}


def test_an_arrondissement_is_no_commune(store, memory_layer):
    result = run(
        store,
        INPUT=memory_layer(FIELDS, [(square(0, 0), "75101", "Premier", None)]),
        LEVEL="commune",
        CODE_FIELD="Code Insée",
        NAME_FIELD="Libellé",
    )
    assert "75056 Paris" in causes(result)["75101"]


def test_a_layer_without_a_telling_field_asks_for_it(store, memory_layer):
    layer = memory_layer("Polygon?crs=EPSG:2154&field=a:string&field=b:string", [(square(0, 0), "1", "Un")])
    with pytest.raises(QgsProcessingException, match=r"a, b.*CODE_FIELD"):
        run(store, INPUT=layer, LEVEL="canton")


def test_a_store_that_another_program_holds_stays_as_it_is_and_leaves_no_rejects(store, memory_layer, tmp_path):
    import sqlite3

    before = geopackage.read_rows(store, "territoire", withdrawn=True)
    holder = sqlite3.connect(store, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(QgsProcessingException, match="Another program"):
            run(
                store,
                INPUT=memory_layer(FIELDS, [(square(0, 0), "1", "Un", None)]),
                LEVEL="canton",
                CODE_FIELD="Code Insée",
                NAME_FIELD="Libellé",
                REJECTS=str(tmp_path / "rejets.gpkg"),
            )
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert geopackage.read_rows(store, "territoire", withdrawn=True) == before
    assert not (tmp_path / "rejets.gpkg").exists()


def test_an_empty_layer_ends_in_zeros(store, memory_layer):
    result = run(store, INPUT=memory_layer(FIELDS, []), LEVEL="canton")
    assert set(numbers(result).values()) == {0}


def test_the_report_names_what_was_refused(store, memory_layer, tmp_path):
    rows = [(square(0, 0), "A", "Bon", None), (None, "B<", "Sans contour", None)]
    run(store, INPUT=memory_layer(FIELDS, rows), LEVEL="canton", REPORT=str(tmp_path / "r.html"))
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "no geometry" in text
    assert "B&lt;" in text


@national
@pytest.mark.parametrize(("code", "epsg"), [("973", 2972), ("976", 4471)])
def test_overseas_the_communes_come_back_unchanged_in_the_legal_crs(tmp_path, code, epsg):
    store = tmp_path / "espace.gpkg"
    workspace.build(code, store)
    assert geopackage.read_settings(store)["epsg"] == str(epsg)
    count = len(territories(store, "commune"))
    result = run(store, FROM=1, LEVEL="commune")
    assert (result["ACCEPTED"], result["UNCHANGED"], result["REJECTED"]) == (count, count, 0)
    layer = QgsVectorLayer(f"{store}|layername=territoire|subset=\"niveau\" = 'commune'", "communes", "ogr")
    assert layer.crs().postgisSrid() == epsg
    from qgis import processing

    degrees = processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"})[
        "OUTPUT"
    ]
    taken = run(store, INPUT=degrees, LEVEL="commune", SOURCE="Aller et retour")
    assert (taken["ACCEPTED"], taken["REJECTED"], taken["CREATED"]) == (count, 0, 0)


@national
def test_neighbours_come_from_the_national_file_and_an_epci_across_the_border_becomes_whole(tmp_path):
    store = tmp_path / "espace.gpkg"
    workspace.build("33", store)
    feedback = QgsProcessingFeedback(False)
    own = run(store, feedback, FROM=1, LEVEL="epci")
    assert own["UNCHANGED"] == own["ACCEPTED"]
    part = {row["code"]: ogr.CreateGeometryFromWkb(row["geom"]).Area() for row in territories(store, "epci")}
    wide = run(store, FROM=1, LEVEL="epci", DEPARTEMENTS="33, 24 47 40 17")
    assert wide["CREATED"] > 20
    whole = {row["code"]: ogr.CreateGeometryFromWkb(row["geom"]).Area() for row in territories(store, "epci")}
    grown = {code for code, area in part.items() if whole[code] > 1.01 * area}
    assert grown, "some go on beyond the Gironde"
    assert "200043974" not in grown, "the CC du Sud Gironde lies in the Gironde alone"
    assert all(whole[code] == pytest.approx(area, rel=1e-6) for code, area in part.items() if code not in grown)
    communes = run(store, FROM=1, LEVEL="commune", DEPARTEMENTS="24")
    assert communes["CREATED"] == communes["ACCEPTED"] > 400


@national
def test_a_level_that_the_national_file_lacks_is_refused_with_those_it_has(store):
    with pytest.raises(QgsProcessingException, match=r"“canton”.*epci"):
        run(store, FROM=1, LEVEL="canton", DEPARTEMENTS="92")


@national
@gironde
def test_the_gironde_of_2018_is_history_and_the_cantons_without_outline_are_named(tmp_path):
    store = tmp_path / "espace.gpkg"
    workspace.build("33", store)
    feedback = QgsProcessingFeedback(False)
    old = run(store, feedback, INPUT=str(DATA / "admin/communes_33_cog2018.geojson"), LEVEL="commune")
    assert (old["ACCEPTED"], old["REJECTED"], old["CREATED"]) == (538, 0, 538)
    assert "merged since: 4" in said(feedback)
    assert len(territories(store, "commune")) == 534
    past = {row["code"]: row for row in territories(store, "commune", withdrawn=True) if row["millesime"] == 2018}
    assert past["33409"]["remplace_le"] == date(2025, 1, 1)
    assert past["33092"]["remplace_le"] == date(2019, 1, 1)
    assert run(store, INPUT=str(DATA / "admin/communes_33_cog2018.geojson"), LEVEL="commune")["UNCHANGED"] == 538
    refused = run(store, INPUT=str(DATA / "admin/communes_33_cog2018.geojson"), LEVEL="commune", VINTAGE=2026)
    assert set(causes(refused)) == {"33092", "33267", "33338", "33409"}
    cantons = run(store, INPUT=str(DATA / "admin/cantons_33.geojson"), LEVEL="canton")
    assert (cantons["ACCEPTED"], cantons["REJECTED"]) == (32, 5)
    assert {cause for cause in causes(cantons).values()} == {"it has no geometry: draw it, or remove the row"}


def test_a_cancelled_run_writes_nothing(store, memory_layer):
    before = geopackage.read_rows(store, "territoire", withdrawn=True)
    feedback = QgsProcessingFeedback(False)
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run(store, feedback, INPUT=memory_layer(FIELDS, [(square(0, 0), "A", "Bon", None)]), LEVEL="canton")
    assert geopackage.read_rows(store, "territoire", withdrawn=True) == before


@gironde
@national
def test_a_wrong_departement_refuses_every_row(tmp_path):
    store = tmp_path / "espace.gpkg"
    workspace.build("92", store)
    result = run(store, INPUT=str(DATA / "admin/epci_33.geojson"), LEVEL="epci")
    assert (result["ACCEPTED"], result["REJECTED"]) == (0, 28)


def test_the_algorithm_is_there_with_the_parameters_of_the_contract():
    algorithm = QgsApplication.processingRegistry().algorithmById(ALGORITHM)
    names = {one.name() for one in algorithm.parameterDefinitions()}
    assert {"INPUT", "CODE_FIELD", "NAME_FIELD", "LEVEL", "STORE", "VINTAGE", "SOURCE", "REJECTS"} <= names
    assert {"ACCEPTED", "REJECTED"} <= {output.name() for output in algorithm.outputDefinitions()}
