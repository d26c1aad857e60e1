"""A new workspace: right for any Département, whole, and nothing at all where something stands in the way."""

import os
from datetime import date, datetime, timezone

import pytest
from osgeo import ogr
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException, QgsProcessingFeedback, QgsProject

from tisserand.layers import geopackage, project, workspace
from tisserand.layers.crs import legal_epsg
from tisserand.layers.errors import CancelledError, TisserandError
from tisserand.layers.model.codes import code_list
from tisserand.layers.reference import BUILT, INSTALLED, departements, read_departement
from tisserand.layers.territories.outlines import OwnTerritories, OwnTerritory

pytestmark = pytest.mark.skipif(
    not (BUILT.is_file() or INSTALLED.is_file()), reason="needs the national file of communes (make reference)"
)

METRES2_PER_KM2 = 1e6
NOW = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
WITH_OUTLINES = [place.code for place in departements().values() if place.zone != "com"]


def run(**parameters):
    from qgis import processing

    return processing.run("tisserand:createworkspace", parameters)


def by_level(store):
    levels = {}
    for row in geopackage.read_rows(store, "territoire"):
        levels.setdefault(row["niveau"], []).append(row)
    return levels


def area(row):
    return ogr.CreateGeometryFromWkb(row["geom"]).Area()


@pytest.mark.parametrize("code", WITH_OUTLINES)
def test_every_departement_has_a_legal_crs_that_qgis_knows_and_that_is_in_metres(qgis_app, code):
    crs = QgsCoordinateReferenceSystem.fromEpsgId(legal_epsg(code))
    assert crs.isValid()
    assert not crs.isGeographic()
    communes = read_departement(code)
    assert all(commune.code.startswith(code) for commune in communes)


def test_the_hauts_de_seine_have_four_ept_and_are_crossed_on_foot(tmp_path):
    store = tmp_path / "92.gpkg"
    counts = workspace.build("92", store, now=NOW)
    levels = by_level(store)
    assert {niveau: len(rows) for niveau, rows in levels.items()} == {
        "departement": 1,
        "epci": 1,
        "ept": 4,
        "commune": 36,
    }
    settings = geopackage.read_settings(store)
    assert (settings["niveau_guide"], settings["mode_deplacement"], settings["vitesse_kmh"]) == ("ept", "pied", "4.5")
    assert (settings["epsg"], settings["fictif"], settings["seuil"]) == ("2154", "non", "11")
    assert counts["theme"] == len(code_list("themes_vie").rows) + len(code_list("thematiques").rows)


def test_the_gironde_is_crossed_by_car_and_read_by_epci(tmp_path):
    workspace.build("33", tmp_path / "33.gpkg")
    settings = geopackage.read_settings(tmp_path / "33.gpkg")
    assert (settings["niveau_guide"], settings["mode_deplacement"], settings["vitesse_kmh"]) == (
        "epci",
        "voiture",
        "50",
    )


@pytest.mark.parametrize("code", ["92", "33", "2A", "48", "75", "971", "972", "973", "974", "976"])
def test_the_levels_cover_the_same_ground_and_the_same_people(tmp_path, code):
    store = tmp_path / "espace.gpkg"
    workspace.build(code, store, demo=True, now=NOW)
    levels = by_level(store)
    communes = {row["code"]: row for row in levels["commune"]}
    (whole,) = levels["departement"]
    assert area(whole) == pytest.approx(sum(area(row) for row in communes.values()), rel=1e-4)
    for niveau in ("epci", "ept"):
        for row in levels.get(niveau, []):
            members = [communes[member] for member in row["membres"].split("|")]
            assert area(row) == pytest.approx(sum(map(area, members)), rel=1e-4)
            assert row["population"] == sum(member["population"] for member in members)
    assert whole["population"] == sum(row["population"] for row in communes.values())
    sectors = geopackage.read_rows(store, "secteur")
    assert sorted(code for row in sectors for code in row["membres"].split("|")) == sorted(communes)
    for table in ("acteur", "besoin"):
        points = [ogr.CreateGeometryFromWkb(row["geom"]) for row in geopackage.read_rows(store, table)]
        ground = ogr.CreateGeometryFromWkb(whole["geom"]).Buffer(1)
        assert all(ground.Contains(point) for point in points)


@pytest.mark.parametrize(("code", "epsg", "km2"), [("974", 2975, 2504), ("973", 2972, 83_846)])
def test_an_overseas_departement_is_made_in_its_own_crs_with_a_project_that_opens(provider, tmp_path, code, epsg, km2):
    made = run(DEPARTEMENT=code, STORE=str(tmp_path / "espace.gpkg"), DEMO=True)
    (whole,) = by_level(tmp_path / "espace.gpkg")["departement"]
    assert area(whole) / METRES2_PER_KM2 == pytest.approx(km2, rel=0.01)
    opened = QgsProject()
    assert opened.read(made["PROJECT"])
    assert opened.crs().postgisSrid() == epsg
    assert all(layer.isValid() and layer.crs().postgisSrid() in (epsg, 0) for layer in opened.mapLayers().values())
    opened.clear()


def test_the_example_is_the_same_when_it_is_made_again(tmp_path):
    stores = [tmp_path / "une.gpkg", tmp_path / "deux.gpkg"]
    for store in stores:
        workspace.build("92", store, demo=True, now=NOW)
    for table in ("territoire", "secteur", "theme", "acteur", "service", "besoin", "visite", "lien", "correspondant"):
        first, second = (geopackage.read_rows(store, table) for store in stores)
        assert first == second, table
        assert first, table


def test_the_example_says_of_every_row_that_it_is_fictional_but_of_the_town_halls(tmp_path):
    workspace.build("92", tmp_path / "92.gpkg", demo=True, now=NOW)
    assert geopackage.read_settings(tmp_path / "92.gpkg")["fictif"] == "oui"
    for table in ("acteur", "service", "besoin", "visite", "lien", "correspondant", "secteur"):
        sources = {row["source"] for row in geopackage.read_rows(tmp_path / "92.gpkg", table)}
        assert sources == ({"demo", "mairies"} if table == "acteur" else {"demo"}), table


def test_a_grouping_is_surveyed_when_most_of_its_communes_are(tmp_path):
    workspace.build("92", tmp_path / "92.gpkg", demo=True, now=NOW)
    levels = by_level(tmp_path / "92.gpkg")
    dates = {row["code"]: row["recense_le"] for row in levels["commune"]}
    assert None in dates.values()
    for row in levels["ept"]:
        known = [dates[code] for code in row["membres"].split("|") if dates[code]]
        most = 2 * len(known) > len(row["membres"].split("|"))
        assert row["recense_le"] == (min(known) if most else None)


def test_store_and_project_stand_side_by_side_unless_said_otherwise(provider, tmp_path):
    made = run(DEPARTEMENT="90", STORE=str(tmp_path / "belfort.gpkg"))
    assert made["PROJECT"] == str(tmp_path / "belfort.qgz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["belfort.gpkg", "belfort.qgz"]
    elsewhere = tmp_path / "ailleurs"
    elsewhere.mkdir()
    run(DEPARTEMENT="90", STORE=str(tmp_path / "deux.gpkg"), PROJECT=str(elsewhere / "carte.qgz"))
    assert project.fault(elsewhere / "carte.qgz") == ""


def test_a_departement_may_be_written_in_lower_case(provider, tmp_path):
    run(DEPARTEMENT=" 2a ", STORE=str(tmp_path / "corse.gpkg"))
    assert geopackage.read_settings(tmp_path / "corse.gpkg")["departement"] == "2A"


# Territories of the user's own.


def degrees(*corners):
    ring = ", ".join(f"{x} {y}" for x, y in (*corners, corners[0]))
    return bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))").ExportToWkb())


NORTH = degrees((2.1, 48.88), (2.4, 48.88), (2.4, 49.0), (2.1, 49.0))
SOUTH = degrees((2.1, 48.7), (2.4, 48.7), (2.4, 48.88), (2.1, 48.88))


def own(*rows, niveau="canton"):
    return OwnTerritories(niveau, "mes territoires", [OwnTerritory(*row) for row in rows])


def test_polygons_of_the_user_are_a_further_level_with_the_communes_inside_them(tmp_path):
    workspace.build("92", tmp_path / "92.gpkg", own=own(("N", "Nord", NORTH), ("S", "Sud", SOUTH)))
    levels = by_level(tmp_path / "92.gpkg")
    members = {row["code"]: set(row["membres"].split("|")) for row in levels["canton"]}
    assert "92025" in members["N"]
    assert "92002" in members["S"]
    assert members["N"] | members["S"] == {row["code"] for row in levels["commune"]}
    assert {row["source"] for row in levels["canton"]} == {"mes territoires"}
    assert {row["population"] for row in levels["canton"]} == {None}, "they do not follow the communes"


def test_a_territory_that_follows_the_communes_has_their_people(tmp_path):
    communes = read_departement("92")
    union = ogr.Geometry(ogr.wkbMultiPolygon)
    for commune in communes[:5]:
        for part in ogr.CreateGeometryFromWkb(commune.polygon):
            union.AddGeometry(part)
    workspace.build("92", tmp_path / "92.gpkg", own=own(("X", "Cinq", bytes(union.UnionCascaded().ExportToWkb()))))
    (row,) = by_level(tmp_path / "92.gpkg")["canton"]
    assert row["population"] == sum(commune.population for commune in communes[:5])


def test_communes_of_the_user_take_the_place_of_the_national_ones(tmp_path):
    rows = [(commune.code, f"{commune.nom} (à nous)", commune.polygon) for commune in read_departement("92")[:10]]
    workspace.build("92", tmp_path / "92.gpkg", demo=True, own=own(*rows, niveau="commune"))
    levels = by_level(tmp_path / "92.gpkg")
    assert len(levels["commune"]) == 10
    assert all(row["nom"].endswith("(à nous)") and row["population"] for row in levels["commune"])
    assert set(levels) == {"departement", "epci", "ept", "commune"}


def test_a_collectivity_without_outlines_can_be_made_from_communes_of_the_user(tmp_path):
    square = degrees((-56.4, 46.7), (-56.1, 46.7), (-56.1, 47.1), (-56.4, 47.1))
    workspace.build("975", tmp_path / "975.gpkg", own=own(("97502", "Saint-Pierre", square), niveau="commune"))
    assert geopackage.read_settings(tmp_path / "975.gpkg")["epsg"] == "4467"
    assert [row["code"] for row in by_level(tmp_path / "975.gpkg")["commune"]] == ["97502"]


FAR = degrees((5.0, 43.0), (5.1, 43.0), (5.1, 43.1))
LINE = bytes(ogr.CreateGeometryFromWkt("LINESTRING(2.2 48.8, 2.3 48.9)").ExportToWkb())


@pytest.mark.parametrize(
    ("territories", "said"),
    [
        (own(), "holds no territory"),
        (own(("N", "Nord", NORTH), ("N", "Sud", SOUTH)), "with the code N"),
        (own(("N", "Nord", NORTH), ("S", "Sud", None)), r"without a polygon \(S\)"),
        (own(("N", "Nord", LINE)), r"without a polygon \(N\)"),
        (own(("N", "", NORTH)), r"without a code or a name \(features 1\)"),
        (own(("N", "Nord", NORTH), ("F", "Loin", FAR)), r"outside the Département \(F\)"),
        (own(("1", "Nord", NORTH), niveau="commune"), "such as 92002"),
    ],
)
def test_territories_that_cannot_be_used_are_named_and_nothing_is_written(tmp_path, territories, said):
    with pytest.raises(TisserandError, match=said):
        workspace.build("92", tmp_path / "92.gpkg", own=territories)
    assert list(tmp_path.iterdir()) == []


def test_a_layer_of_territories_is_read_in_its_own_crs(provider, memory_layer, tmp_path):
    layer = memory_layer(
        "Polygon?crs=EPSG:2154&field=num:double&field=lib:string",
        [("POLYGON((630000 6840000, 630000 6880000, 665000 6880000, 665000 6840000, 630000 6840000))", 7.0, "Tout")],
    )
    run(
        DEPARTEMENT="92",
        TERRITORIES=layer,
        CODE_FIELD="num",
        NAME_FIELD="lib",
        LEVEL="canton",
        STORE=str(tmp_path / "92.gpkg"),
    )
    (row,) = by_level(tmp_path / "92.gpkg")["canton"]
    assert (row["code"], row["nom"], len(row["membres"].split("|"))) == ("7", "Tout", 36)


def test_a_field_that_the_territories_lack_is_named_with_those_they_have(provider, memory_layer, tmp_path):
    polygon = "POLYGON ((2.2 48.8, 2.3 48.8, 2.3 48.9, 2.2 48.8))"
    layer = memory_layer("Polygon?crs=EPSG:4326&field=num:string&field=lib:string", [(polygon, "1", "Un")])
    with pytest.raises(QgsProcessingException, match=r"inconnu.*num, lib"):
        run(
            DEPARTEMENT="92",
            TERRITORIES=layer,
            CODE_FIELD="inconnu",
            NAME_FIELD="lib",
            STORE=str(tmp_path / "92.gpkg"),
        )
    assert list(tmp_path.iterdir()) == []


# What stands in the way.


def test_a_project_that_exists_stops_before_anything_is_written(provider, tmp_path):
    (tmp_path / "espace.qgz").write_text("à moi", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match=r"espace\.qgz"):
        run(DEPARTEMENT="92", STORE=str(tmp_path / "espace.gpkg"))
    assert [path.name for path in tmp_path.iterdir()] == ["espace.qgz"]


def test_cancelling_leaves_nothing(tmp_path):
    def stop(share):
        if share > 0.4:
            raise CancelledError

    with pytest.raises(CancelledError):
        workspace.build("92", tmp_path / "92.gpkg", demo=True, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_run_of_the_algorithm_leaves_nothing(provider, tmp_path):
    from qgis import processing

    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(QgsProcessingException):
        processing.run(
            "tisserand:createworkspace",
            {"DEPARTEMENT": "92", "STORE": str(tmp_path / "92.gpkg")},
            feedback=feedback,
        )
    assert list(tmp_path.iterdir()) == []


def headless(qgis_process, *parameters):
    return qgis_process("run", "tisserand:createworkspace", "--", *parameters)


def test_qgis_process_makes_a_workspace_and_leaves_with_status_zero(qgis_process, tmp_path):
    done = headless(qgis_process, "DEPARTEMENT=92", "DEMO=true", f"STORE={tmp_path / 'espace.gpkg'}")
    assert done.returncode == 0, done.stderr
    assert project.fault(tmp_path / "espace.qgz") == ""


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (("DEPARTEMENT=20", "STORE={folder}/a.gpkg"), "20"),
        (("DEPARTEMENT=92", "STORE={folder}/existe.gpkg"), "existe.gpkg"),
        pytest.param(
            ("DEPARTEMENT=92", "STORE=/proc/a.gpkg"),
            "/proc",
            marks=pytest.mark.skipif(not os.path.ismount("/proc"), reason="needs /proc, where nobody can make a file"),
        ),
        (("DEPARTEMENT=92", "STORE={folder}/nulle/part/a.gpkg"), "nulle/part"),
        (("DEPARTEMENT=92", "STORE={folder}/a.gpkg", "TERRITORIES={folder}/existe.gpkg"), "existe.gpkg"),
        (("DEPARTEMENT=92", "STORE={folder}/a.gpkg", "TERRITORIES={folder}/absent.shp"), "absent.shp"),
    ],
)
def test_qgis_process_says_one_sentence_fails_and_leaves_nothing(qgis_process, tmp_path, parameters, said):
    (tmp_path / "existe.gpkg").write_text("à moi", encoding="utf-8")
    done = headless(qgis_process, *(parameter.format(folder=tmp_path) for parameter in parameters))
    assert done.returncode != 0
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["existe.gpkg"]
    assert (tmp_path / "existe.gpkg").read_text(encoding="utf-8") == "à moi"


def test_a_disk_that_fills_leaves_nothing_and_says_so(qgis_process, small_disk):
    disk = small_disk(600_000)
    done = headless(qgis_process, "DEPARTEMENT=33", "DEMO=true", f"STORE={disk / 'espace.gpkg'}")
    assert done.returncode != 0
    assert str(disk) in done.stderr
    assert "Traceback" not in done.stderr
    assert list(disk.iterdir()) == []


def test_a_disk_with_room_for_the_store_alone_keeps_neither(qgis_process, small_disk, tmp_path):
    workspace.build("90", tmp_path / "mesure.gpkg", now=NOW)
    disk = small_disk((tmp_path / "mesure.gpkg").stat().st_size + 40_000)
    done = headless(qgis_process, "DEPARTEMENT=90", f"STORE={disk / 'espace.gpkg'}")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert list(disk.iterdir()) == []


def test_dates_are_those_of_the_day_it_was_made(tmp_path):
    workspace.build("92", tmp_path / "92.gpkg", now=NOW)
    (whole,) = by_level(tmp_path / "92.gpkg")["departement"]
    assert whole["date_maj"] == date(2026, 3, 1)
    assert geopackage.read_settings(tmp_path / "92.gpkg")["cree_le"] == "2026-03-01T08:00:00Z"
