"""The PostGIS store: made whole or not at all, written whole or not at all, the same rows as in a GeoPackage."""

import json
from dataclasses import replace
from datetime import date, datetime, timezone
from uuid import uuid4

import pytest
from osgeo import ogr

from tisserand.layers import geopackage, postgis
from tisserand.layers.errors import OutsideDepartementError, StoreBusyError, StoreExistsError, StoreRefusedError
from tisserand.layers.postgis.errors import (
    GroupsMissingError,
    NoStoreInSchemaError,
    PostgisMissingError,
    ReadingForbiddenError,
)
from tisserand.layers.store_versions import StoreNewerError, StoreOlderError

psycopg2 = pytest.importorskip("psycopg2", reason="python3-psycopg2 is not installed")
EPSG = 2154
HOSTILE = "x' OR 1=1 --"


def wkb(text):
    return bytes(ogr.CreateGeometryFromWkt(text).ExportToIsoWkb())


def actors(place, **wanted):
    rows = postgis.read_rows(place, "acteur", withdrawn=True)
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_settings_come_back_with_the_version_and_the_crs(place):
    settings = postgis.read_settings(place)
    assert (settings["departement"], settings["epsg"]) == ("92", str(EPSG))
    assert settings["version_schema"].isdigit()


def test_the_same_rows_come_back_from_both_stores(place, actor, tmp_path):
    path = tmp_path / "espace.gpkg"
    full = actor(
        secteur_uuid=None,
        capacite=12,
        score_geocodage=0.75,
        itinerant=True,
        contact_publiable=False,
        date_visite=date(2026, 3, 1),
        cree_le=datetime(2026, 3, 1, 12, 30, tzinfo=timezone.utc),
        description="À l'écoute, « tout près ».\nDeux lignes ; 'apostrophes' | barres % \\ " + HOSTILE,
    )
    rows = {"acteur": [full, actor(secteur_uuid=None, geom=None, telephone="")]}
    geopackage.create_store(path, EPSG, {}, rows)
    assert postgis.write_rows(place, rows) == {"acteur": 2}
    assert postgis.read_rows(place, "acteur") == geopackage.read_rows(path, "acteur")
    assert postgis.count_rows(place, "acteur") == 2


def test_the_journal_tells_the_same_story_in_both_stores(place, actor, tmp_path):
    path = tmp_path / "espace.gpkg"
    row = actor(secteur_uuid=None)
    uuid = {"uuid": row["uuid"]}
    geopackage.create_store(path, EPSG, {}, {"acteur": [row]})
    postgis.write_rows(place, {"acteur": [row]})
    for change in (
        {"description": "L'atelier « du coin »", "capacite": 3, "score_geocodage": 0.5, "itinerant": True},
        {
            "description": None,
            "date_visite": "2026-03-01",
            "contact_publiable": False,
            "geom": wkb("POINT (641000 6861000)"),
        },
        {"supprime_le": "2026-11-24T10:00:00Z"},
        {"supprime_le": None, "itinerant": None},
    ):
        geopackage.write_changes(path, {}, {"acteur": [uuid | change]})
        postgis.write_changes(place, {}, {"acteur": [uuid | change]})

    def told(lines):
        return [
            {
                "what": (line["nom_table"], line["objet_uuid"], line["operation"], line["version"]),
                **{side: json.loads(line[side]) if line[side] else None for side in ("avant", "apres")},
            }
            for line in lines
            if line["nom_table"] == "acteur"
        ]

    ours, theirs = told(postgis.read_rows(place, "journal")), told(geopackage.read_rows(path, "journal"))
    assert [line["what"] for line in ours] == [line["what"] for line in theirs]
    for our, their in zip(ours, theirs):
        for side in ("avant", "apres"):
            ours_said, theirs_said = dict(our[side] or {}), dict(their[side] or {})
            # A GeoPackage puts a header of its own before the same WKB.
            if "geom" in theirs_said:
                assert theirs_said.pop("geom").endswith(ours_said.pop("geom"))
            if theirs_said.get("supprime_le"):
                assert theirs_said.pop("supprime_le")[:19] == ours_said.pop("supprime_le")[:19]
            assert ours_said == theirs_said


def test_a_polygon_is_stored_as_a_multipolygon(place):
    square = wkb("POLYGON ((640000 6860000, 640009 6860000, 640009 6860009, 640000 6860009, 640000 6860000))")
    row = {"uuid": str(uuid4()), "code": "01", "nom": "Centre", "geom": square}
    postgis.write_rows(place, {"secteur": [row]})
    postgis.write_changes(place, {}, {"secteur": [{"uuid": row["uuid"], "nom": "Milieu", "geom": square}]})
    (found,) = [found for found in postgis.read_rows(place, "secteur") if found["code"] == "01"]
    assert ogr.CreateGeometryFromWkb(found["geom"]).GetGeometryName() == "MULTIPOLYGON"


def test_one_bad_row_among_good_ones_leaves_the_store_as_it_was_and_is_named(place, actor):
    kept = actor()
    postgis.write_rows(place, {"acteur": [kept]})
    before = postgis.read_rows(place, "acteur"), postgis.read_rows(place, "journal")
    for bad in (
        actor(nom="Fablab", diffusion="inconnue"),
        actor(nom="Fablab", uuid=kept["uuid"]),
        actor(nom="Fablab", secteur_uuid=str(uuid4())),
        actor(nom="Fablab", contact_publiable=True),
        actor(nom="Fablab", description="nul \0 ici"),
        actor(nom="Fablab", description="moitié \ud800"),
        actor(nom="Fablab", capacite="beaucoup"),
    ):
        with pytest.raises(StoreRefusedError, match="Fablab"):
            postgis.write_rows(place, {"acteur": [actor(), bad, actor()]})
        assert (postgis.read_rows(place, "acteur"), postgis.read_rows(place, "journal")) == before


def test_the_rule_that_refuses_is_said_in_the_words_of_the_model(place, actor):
    with pytest.raises(StoreRefusedError, match="l'accord a été donné"):
        postgis.write_rows(place, {"acteur": [actor(contact_publiable=True)]})
    with pytest.raises(StoreRefusedError, match="Quatorze chiffres"):
        postgis.write_rows(place, {"acteur": [actor(siret="123")]})


def test_a_refusal_does_not_repeat_the_row_with_its_contacts(place, actor):
    with pytest.raises(StoreRefusedError) as caught:
        postgis.write_rows(place, {"acteur": [actor(siret="123", telephone="01 99 00 12 34")]})
    assert "01 99 00 12 34" not in str(caught.value)


def test_a_change_that_is_refused_takes_back_the_additions_and_changes_around_it(place, actor):
    one, two = actor(), actor(nom="La Bobine")
    postgis.write_rows(place, {"acteur": [one, two]})
    before = postgis.read_rows(place, "acteur"), postgis.read_rows(place, "journal")
    changes = [{"uuid": one["uuid"], "description": "Changé"}, {"uuid": two["uuid"], "contact_publiable": True}]
    with pytest.raises(StoreRefusedError, match="l'accord a été donné"):
        postgis.write_changes(place, {"acteur": [actor()]}, {"acteur": changes})
    assert (postgis.read_rows(place, "acteur"), postgis.read_rows(place, "journal")) == before


def test_a_change_meets_the_change_of_another_and_a_row_that_is_not_there(place, actor):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "description": "Plus tôt"}]})
    with pytest.raises(StoreRefusedError, match="CIS-CONFLIT"):
        postgis.write_changes(
            place, {}, {"acteur": [{"uuid": row["uuid"], "description": "Plus tard", "version_lue": 1}]}
        )
    assert actors(place)[0]["description"] == "Plus tôt"
    with pytest.raises(StoreRefusedError, match="uuid"):
        postgis.write_changes(place, {}, {"acteur": [{"uuid": str(uuid4()), "description": "?"}]})


def test_a_change_that_changes_nothing_makes_no_version_and_no_line_in_the_journal(place, actor):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "nom": row["nom"]}]})
    assert actors(place)[0]["version"] == 1
    assert len([line for line in postgis.read_rows(place, "journal") if line["nom_table"] == "acteur"]) == 1


@pytest.mark.parametrize(
    "where",
    [
        "POINT (2.2 48.9)",
        "POINT (6861000 641000)",
        "POINT (1e308 6861000)",
        "POINT (inf 6861000)",
        "POINT (nan nan)",
        "POINT (641000 nan)",
        "POINT EMPTY",
    ],
)
def test_a_position_that_cannot_be_is_refused(place, actor, where):
    geometry = ogr.CreateGeometryFromWkt(where.replace("nan", "0").replace("inf", "0"))
    if "nan" in where or "inf" in where:
        geometry.SetPoint_2D(0, *(float(word) for word in where[7:-1].split()))
    position = bytes(geometry.ExportToIsoWkb())
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    with pytest.raises((OutsideDepartementError, StoreRefusedError)):
        postgis.write_rows(place, {"acteur": [actor(geom=position)]})
    with pytest.raises((OutsideDepartementError, StoreRefusedError)):
        postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "geom": position}]})
    assert [found["geom"] for found in actors(place)] == [row["geom"]]


def test_a_corner_that_is_no_number_is_refused_within_an_outline(place, execute):
    corners = "640000 6860000, {} 6860000, 640009 6860009, 640000 6860009, 640000 6860000"
    for corner in ("NaN", "1e308"):
        with pytest.raises(psycopg2.Error, match="CIS-POSITION"):
            execute(
                place.database,
                "INSERT INTO cis.secteur (uuid, code, nom, geom) VALUES (%s, 'x', 'Faux', ST_GeomFromText(%s, 2154))",
                (str(uuid4()), f"MULTIPOLYGON ((({corners.format(corner)})))"),
            )


def test_a_point_far_from_the_departement_is_refused_and_one_without_position_is_not(place, actor):
    with pytest.raises(OutsideDepartementError, match="Ailleurs"):
        postgis.write_rows(place, {"acteur": [actor(), actor(nom="Ailleurs", geom=wkb("POINT (700000 6700000)"))]})
    assert postgis.write_rows(place, {"acteur": [actor(geom=None)]}) == {"acteur": 1}


def test_a_row_is_not_deleted_nor_the_journal_changed_even_by_the_owner(place, actor, execute):
    postgis.write_rows(place, {"acteur": [actor()]})
    for statement, word in (
        ("DELETE FROM cis.acteur", "CIS-SUPPRESSION"),
        ("DELETE FROM cis.journal", "CIS-JOURNAL"),
        ("UPDATE cis.journal SET qui = 'personne'", "CIS-JOURNAL"),
    ):
        with pytest.raises(psycopg2.Error, match=word):
            execute(place.database, statement)


def test_a_row_that_was_withdrawn_is_read_only_when_asked_for(place, actor):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "supprime_le": "2026-11-24T10:00:00Z"}]})
    assert postgis.read_rows(place, "acteur") == []
    assert len(postgis.read_rows(place, "acteur", withdrawn=True)) == 1


def test_a_row_that_someone_holds_is_said_to_be_busy(place, actor, monkeypatch):
    monkeypatch.setattr("tisserand.layers.postgis.connection.ROW_WITHIN", 200)
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    holder = psycopg2.connect(
        host=place.host, port=place.port, dbname=place.database, user=place.user, password=place.password
    )
    with holder.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cis.acteur FOR UPDATE")
        with pytest.raises(StoreBusyError):
            postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "description": "?"}]})
        # A row that is added refers to its sector, and waits for it too.
        cursor.execute("SELECT 1 FROM cis.secteur FOR UPDATE")
        with pytest.raises(StoreBusyError):
            postgis.write_rows(place, {"acteur": [actor()]})
    holder.close()


def test_hostile_values_and_names_stay_what_they_are(place, actor):
    row = actor(nom=HOSTILE, description="'; DROP TABLE cis.acteur; --")
    postgis.write_rows(place, {"acteur": [row]})
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "telephone": HOSTILE}]})
    (found,) = actors(place)
    assert (found["nom"], found["telephone"]) == (HOSTILE, HOSTILE)
    with pytest.raises(StoreRefusedError):
        postgis.write_changes(place, {}, {"acteur": [{"uuid": HOSTILE, "telephone": "?"}]})
    with pytest.raises(KeyError):
        postgis.write_rows(place, {"acteur": [actor(**{'nom") VALUES (1) --': "x"})]})
    assert postgis.read_rows(place, 'acteur"; --') == []
    assert len(actors(place)) == 1


def test_a_schema_that_exists_is_left_as_it_is_and_what_fails_leaves_nothing(place, actor, execute):
    def schemas():
        return {name for (name,) in execute(place.database, "SELECT nspname FROM pg_namespace")}

    before = schemas()
    with pytest.raises(StoreExistsError, match="cis"):
        postgis.create_schema(place, EPSG, {}, {})
    with pytest.raises(StoreRefusedError, match="xy"):
        postgis.create_schema(replace(place, schema="autre"), EPSG, {}, {"acteur": [actor(nom="xy")]}, prefix="essai")
    assert schemas() == before
    assert execute(place.database, "SELECT 1 FROM pg_roles WHERE rolname = 'essai_lecture'") == []


def test_a_second_store_stands_beside_the_first(place, actor):
    other = replace(place, schema="autre_dept")
    postgis.create_schema(other, 5490, {"departement": "971"}, {})
    assert postgis.read_settings(other)["epsg"] == "5490"
    row = actor(secteur_uuid=None, geom=wkb("POINT (650000 1800000)"))
    postgis.write_rows(other, {"acteur": [row]})
    assert actors(place) == []


def test_a_server_that_is_not_ready_says_what_its_administrator_has_to_do(place, as_account, execute):
    execute("postgres", "CREATE DATABASE nue")
    try:
        execute("postgres", 'GRANT CREATE ON DATABASE nue TO "gestion"')
        account = replace(as_account("gestion"), database="nue")
        with pytest.raises(PostgisMissingError, match="CREATE EXTENSION postgis"):
            postgis.create_schema(account, EPSG, {}, {})
        execute("nue", "CREATE EXTENSION postgis")
        with pytest.raises(GroupsMissingError, match='CREATE ROLE "essai_lecture" NOLOGIN'):
            postgis.create_schema(account, EPSG, {}, {}, prefix="essai")
        # With its groups made, an account without any power of an administrator makes a store of its own.
        postgis.create_schema(account, EPSG, {"departement": "92"}, {})
        assert postgis.read_settings(account)["departement"] == "92"
    finally:
        execute("postgres", "DROP DATABASE nue WITH (FORCE)")


def test_a_store_of_another_version_is_told_from_ours(place, execute, actor):
    for version, expected in (("1", StoreOlderError), ("99", StoreNewerError)):
        execute(place.database, "UPDATE cis.meta SET valeur = %s WHERE cle = 'version_schema'", (version,))
        with pytest.raises(expected):
            postgis.read_settings(place) if version == "1" else postgis.write_rows(place, {"acteur": [actor()]})


def test_a_schema_that_is_no_store_or_is_closed_is_said_to_be_none(place, execute, as_account):
    with pytest.raises(NoStoreInSchemaError, match="ailleurs"):
        postgis.read_settings(replace(place, schema="ailleurs"))
    execute(place.database, "REVOKE USAGE ON SCHEMA cis FROM cis_lecture")
    with pytest.raises(NoStoreInSchemaError):
        postgis.read_settings(as_account("lecture"))


def test_a_table_that_no_analysis_wrote_yet_is_empty_and_one_that_is_closed_is_not(place, as_account):
    assert postgis.read_rows(place, "analyse_couverture") == []
    assert postgis.count_rows(place, "analyse_couverture") == 0
    for verb in (postgis.read_rows, postgis.count_rows):
        with pytest.raises(ReadingForbiddenError, match="besoin"):
            verb(as_account("lecture"), "besoin")


def test_the_rules_can_be_made_anew_over_those_that_stand(place, actor, execute):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    execute(place.database, "DROP TRIGGER acteur_version ON cis.acteur; DROP VIEW cis.acteur_public")
    postgis.install_rules(place)
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "statut": "publie"}]})
    assert actors(place)[0]["version"] == 2
    assert [found["uuid"] for found in postgis.read_rows(place, "acteur_public")] == [row["uuid"]]


def test_a_store_comes_back_from_the_backup_of_its_administrator_with_rows_rules_and_rights(
    place, actor, execute, dump_and_restore, as_account, tmp_path
):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "description": "Changé"}]})
    execute("postgres", "CREATE DATABASE restauree TEMPLATE template0")
    try:
        dump_and_restore(place.database, "restauree", tmp_path)
        restored = replace(place, database="restauree")
        for name in ("acteur", "journal", "meta", "territoire"):
            assert postgis.read_rows(restored, name) == postgis.read_rows(place, name)
        change = {"uuid": row["uuid"], "description": "Encore"}
        with pytest.raises(StoreRefusedError, match="CIS-DROITS"):
            postgis.write_changes(replace(as_account("c-sud"), database="restauree"), {}, {"acteur": [change]})
        postgis.write_changes(replace(as_account("c-nord"), database="restauree"), {}, {"acteur": [change]})
        assert postgis.read_rows(restored, "acteur")[0]["version"] == 3
    finally:
        execute("postgres", "DROP DATABASE restauree WITH (FORCE)")
