"""Addresses to points in a real QGIS, against a real BAN geocoder (addok) on this computer."""

from __future__ import annotations

import csv
import json
import re
import runpy
import statistics
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

geocoders = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("geocoders.py"))))
ABZAC, DATA, ROWS, TABLE = geocoders.ABZAC, geocoders.DATA, geocoders.ROWS, geocoders.TABLE
run, rows = geocoders.run, geocoders.rows
POINTS = TABLE.replace("None?", "Point?crs=EPSG:2154&")


@pytest.fixture(scope="module")
def gironde():
    yield from geocoders.serve(DATA / "geocoder" / "addok_33_partiel.ndjson.gz")


@pytest.fixture(scope="module")
def caledonia():
    yield from geocoders.serve(DATA / "geocoder" / "ban_nouvelle_caledonie.ndjson.gz")


@pytest.fixture(autouse=True)
def algorithm(provider):
    geocoders.add_algorithm(provider)


def degrees(layer):
    """Return name -> longitude, latitude of what has a position."""
    to_degrees = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance())
    return {
        feature["nom"]: to_degrees.transform(feature.geometry().asPoint())
        for feature in layer.getFeatures()
        if feature.hasGeometry()
    }


def metres(place, longitude, latitude):
    measure = QgsDistanceArea()
    measure.setEllipsoid("GRS80")
    return measure.measureLine(place, QgsPointXY(float(longitude), float(latitude)))


def test_every_row_comes_out_with_what_became_of_it(gironde, memory_layer):
    result = run(memory_layer(TABLE, ROWS), gironde)
    layer = result["OUTPUT"]
    numbers = [result[name] for name in ("READ", "FOUND", "DOUBTFUL", "NOT_FOUND")]
    assert numbers == [5, 2, 1, 2]
    assert layer.crs().authid() == "EPSG:2154"
    found = rows(layer)
    assert {name: row["statut"] for name, row in found.items()} == {
        "Mairie": "trouve",
        "Sans rue": "trouve",
        "Ailleurs": "douteux",
        "Nulle part": "non_trouve",
        "Rien": "non_trouve",
    }
    assert [found[name]["precision_geo"] for name in ("Mairie", "Sans rue")] == ["numero", "commune"]
    assert found["Mairie"]["commune_trouvee"] == "33001"
    assert "autre commune" in found["Ailleurs"]["cause"].split("|")
    assert found["Ailleurs"]["commune_trouvee"] == "33002"
    assert found["Rien"]["cause"] == "adresse vide"
    assert metres(degrees(layer)["Mairie"], -0.1286568, 45.0168931) < 0.1


def test_a_doubtful_answer_moves_nothing_and_is_noted_beside(gironde, memory_layer):
    layer = memory_layer(POINTS, [("POINT (400000 6400000)", *ROWS[2][1:]), (None, "Sans position", *ROWS[2][2:])])
    found = rows(run(layer, gironde)["OUTPUT"])
    kept, without = found["Ailleurs"], found["Sans position"]
    assert (kept.geometry().asWkt(0), kept["source_position"]) == ("Point (400000 6400000)", "origine")
    assert (without.hasGeometry(), without["source_position"]) == (False, NULL)
    assert QgsPointXY(kept["candidat_x"], kept["candidat_y"]).distance(QgsPointXY(455633.4, 6379741.4)) < 1


def test_a_position_found_replaces_that_of_the_row_in_its_own_crs(gironde, memory_layer):
    layer = memory_layer(POINTS.replace("2154", "4326"), [("POINT (1 45)", *ABZAC)])
    out = run(layer, gironde)["OUTPUT"]
    assert out.crs().authid() == "EPSG:4326"
    assert next(out.getFeatures()).geometry().asWkt(4) == "Point (-0.1287 45.0169)"
    assert next(layer.getFeatures()).geometry().asWkt(0) == "Point (1 45)"


def test_a_former_code_finds_the_commune_of_today(gironde, memory_layer):
    from tisserand.layers.reference import former_communes

    towns = {row["code_insee"]: row for row in town_halls()}
    former = next(f for f in former_communes().values() if f.actuelle in towns and f.code not in towns)
    town = towns[former.actuelle]
    layer = memory_layer(TABLE, [(None, "Fusion", town["mairie_adresse"], None, former.nom, former.code)])
    found = rows(run(layer, gironde)["OUTPUT"])["Fusion"]
    assert (found["statut"], found["commune_trouvee"]) == ("trouve", former.actuelle)


def town_halls():
    path = DATA / "actors" / "mairies_33.csv"
    if not path.is_file():
        pytest.skip(f"the town halls of the Gironde are not on this computer ({path})")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_town_halls_of_a_whole_departement_are_found_where_they_stand(gironde, memory_layer):
    towns = town_halls()
    given = [(None, town["nom"], town["mairie_adresse"], None, town["nom"], town["code_insee"]) for town in towns]
    result = run(memory_layer(TABLE, given), gironde)
    assert result["READ"] == len(towns) == 534
    # The geocoder knows the addresses of the town halls that have a number, hardly any other.
    assert result["FOUND"] >= 500
    known = {town["nom"]: (town["longitude"], town["latitude"]) for town in towns if town["longitude"]}
    precise = {name: row["precision_geo"] for name, row in rows(result["OUTPUT"]).items() if row["statut"] == "trouve"}
    places = degrees(result["OUTPUT"])
    away = [metres(places[name], *known[name]) for name, code in precise.items() if code == "numero" and name in known]
    assert len(away) > 480
    assert statistics.quantiles(away, n=100)[98] < 10
    centres = [
        metres(places[name], *known[name]) for name, code in precise.items() if code == "commune" and name in known
    ]
    assert all(distance < 5000 for distance in centres)


def test_addresses_without_postcode_are_never_believed_in_another_commune(gironde, memory_layer):
    path = DATA / "actors" / "mediation_numerique_33.csv"
    if not path.is_file():
        pytest.skip(f"the places of the Gironde are not on this computer ({path})")
    with path.open(encoding="utf-8", newline="") as file:
        lieux = [row for row in csv.DictReader(file) if not re.search(r"\b33\d{3}\b", row["Adresse postale"])]
    given = [(None, str(n), row["Adresse postale"], None, row["Commune"], None) for n, row in enumerate(lieux)]
    result = run(memory_layer(TABLE, given), gironde)
    assert result["READ"] == len(lieux) == 26
    for row in rows(result["OUTPUT"]).values():
        label = row["adresse_trouvee"]
        assert row["statut"] != "trouve" or label.endswith(row["commune"]), label


def test_real_addresses_of_the_ban_find_themselves(caledonia, memory_layer):
    import gzip

    sample = []
    with gzip.open(DATA / "geocoder" / "ban_nouvelle_caledonie.ndjson.gz", "rt", encoding="utf-8") as file:
        for line in file:
            street = json.loads(line)
            if street["type"] == "street" and len(sample) < 200 and len(street["name"]) > 8:
                number, place = next(iter(street["housenumbers"].items()), (None, None))
                if place:
                    sample.append((f"{number} {street['name']}", street["citycode"][0], street["city"][0], place))
    given = [(None, str(n), text, None, city, code) for n, (text, code, city, _) in enumerate(sample)]
    result = run(memory_layer(TABLE, given), caledonia)
    assert result["OUTPUT"].crs().authid() == "EPSG:3163"
    assert result["FOUND"] > 0.8 * len(sample) > 100
    places = degrees(result["OUTPUT"])
    away = [
        metres(places[name], sample[int(name)][3]["lon"], sample[int(name)][3]["lat"])
        for name, row in rows(result["OUTPUT"]).items()
        if row["precision_geo"] == "numero" and row["statut"] == "trouve"
    ]
    assert len(away) > 0.6 * len(sample)
    assert statistics.median(away) < 1


def test_a_table_without_any_address_is_told_so(gironde, memory_layer):
    with pytest.raises(QgsProcessingException, match=r"address|adresse"):
        run(memory_layer("None?field=nom:string", [(None, "x")]), gironde)


def test_an_empty_table_ends_in_an_empty_result(gironde, memory_layer):
    result = run(memory_layer(TABLE, []), gironde)
    assert (result["READ"], result["OUTPUT"].featureCount()) == (0, 0)


def test_own_fields_of_the_same_names_are_kept_beside(gironde, memory_layer):
    layer = memory_layer(f"{TABLE}&field=score:double&field=precision_geo:string", [(None, *ABZAC, 0.1, "manuel")])
    found = next(run(layer, gironde)["OUTPUT"].getFeatures())
    assert (found["precision_geo"], found["precision_geo_2"], found["score_2"]) == ("numero", "manuel", 0.1)


def test_stacked_centres_are_flagged_and_moved_apart_by_the_style_alone(gironde, memory_layer):
    from tisserand.layers.result_looks.geocoding import ALIASES, style_geocoded

    given = [(None, str(n), "Le Bourg", None, "Abzac", "33001") for n in range(4)]
    feedback = QgsProcessingFeedback(False)
    layer = run(memory_layer(TABLE, given), gironde, feedback)["OUTPUT"]
    assert [feature["empilement"] for feature in layer.getFeatures()] == [4] * 4
    assert Counter(feature.geometry().asWkt() for feature in layer.getFeatures()).most_common(1)[0][1] == 4
    assert ": 4" in feedback.textLog()
    style_geocoded(layer)
    assert layer.renderer().type() == "pointDisplacement"
    assert {layer.attributeAlias(layer.fields().lookupField(name)) for name in ALIASES} == set(ALIASES.values())
    assert dots(layer) == 4


def dots(layer):
    """Count the coloured marks that a map of the layer shows."""
    from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings, QgsRectangle
    from qgis.PyQt.QtCore import QSize

    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    centre = next(layer.getFeatures()).geometry().asPoint()
    settings.setExtent(QgsRectangle(centre.x() - 500, centre.y() - 500, centre.x() + 500, centre.y() + 500))
    settings.setOutputSize(QSize(300, 300))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    filled = {(x, y) for x in range(300) for y in range(300) if image.pixelColor(x, y).name() == "#fc8d59"}
    count = 0
    while filled:
        count += 1
        waiting = [filled.pop()]
        while waiting:
            x, y = waiting.pop()
            for near in [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if near in filled:
                    filled.remove(near)
                    waiting.append(near)
    return count


def test_the_report_and_the_metadata_say_how_but_no_account(gironde, memory_layer, tmp_path):
    from tisserand.processing.algorithms.results import parameters_of

    report = tmp_path / "rapport.html"
    result = run(memory_layer(TABLE, ROWS), gironde, REPORT=str(report), OUTPUT=str(tmp_path / "points.gpkg"))
    text = report.read_text(encoding="utf-8")
    assert "autre commune" in text
    assert "rue de la Lune rousse" in text
    layer = QgsVectorLayer(result["OUTPUT"], "points", "ogr")
    layer.loadDefaultMetadata()
    kept = parameters_of(layer)
    assert kept["SERVICE"] == gironde
    assert "AUTHCFG" not in kept


def test_the_help_says_what_leaves_the_computer():
    help_text = QgsApplication.processingRegistry().algorithmById("tisserand:geocode").shortHelpString()
    assert re.search(r"Leaves this computer|Quitte cet ordinateur", help_text)
