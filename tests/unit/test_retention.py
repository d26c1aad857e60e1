"""Contacts whose time is over are gone from the row, its history, its conflicts and the bytes; nothing else is."""

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from tisserand.layers import geopackage
from tisserand.layers.errors import StoreBusyError
from tisserand.layers.export import export_actors
from tisserand.layers.geopackage.sqlite_geometry import add_geometry_functions
from tisserand.layers.migrations import backup
from tisserand.layers.migrations.errors import NoRoomError
from tisserand.layers.retention import UnknownRowError, erase_contacts
from tisserand.layers.store_versions import StoreOlderError

TODAY, PAST, TOMORROW = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 25)
MAIL, OLD_MAIL, PHONE, PERSON = "zoe.fictive@example.org", "z.fictive@example.org", "01 99 00 77 66", "Zoé Fictive-Été"
TRACES = (MAIL, OLD_MAIL, PHONE, PERSON)
OTHER_MAIL = "accueil@example.fr"
AGREED = {"consentement_le": date(2024, 1, 1)}


@pytest.fixture
def store(make_store):
    """Return a store whose first actor objected after a life of changes and conflicts; others stand beside."""
    full = {"contact_nom": PERSON, "telephone": PHONE, "courriel": OLD_MAIL, **AGREED}
    actors = [
        {"at": (0, 0), **full, "extra": json.dumps({"référent": PERSON, "surface": 12}, ensure_ascii=False)},
        {
            "at": (1, 0),
            "contact_nom": "Ami Inventé",
            "courriel": OTHER_MAIL,
            **AGREED,
            "conservation_jusqu_a": TOMORROW,
        },
        {"at": (2, 0), "contact_nom": "Lou Imaginaire", "courriel": "bureau@example.fr", **AGREED}
        | {"conservation_jusqu_a": PAST},
        {"at": (0, 1), "telephone": "01 99 00 11 11", "courriel": "mairie@example.fr", "source": "mairies"}
        | {"opposition_le": PAST},
    ]
    path = make_store(actors)
    first = geopackage.read_rows(path, "acteur")[0]["uuid"]
    geopackage.write_changes(path, {}, {"acteur": [{"uuid": first, "courriel": MAIL}]})
    geopackage.write_changes(path, {}, {"acteur": [{"uuid": first, "opposition_le": PAST, "nom": "Nouveau nom"}]})
    geopackage.write_rows(
        path,
        {
            "contribution": [
                {"uuid": uuid(1), "nature": "avis", "avis": "Bien", "auteur_contact": MAIL, **AGREED}
                | {"conservation_jusqu_a": PAST},
                {"uuid": uuid(2), "nature": "avis", "avis": "Mieux", "auteur_contact": OTHER_MAIL, **AGREED},
            ],
            "correspondant": [
                {"uuid": uuid(3), "identifiant": "cis-09", "source_ref": "matricule-4471", "conservation_jusqu_a": PAST}
                | {"extra": json.dumps({"nom": "Max Fictif"})}
            ],
            "conflit": [
                {"uuid": uuid(4), "nom_table": "acteur", "objet_uuid": first, "champ": "courriel", "etat": "ouvert"}
                | {"base": OLD_MAIL, "leur": MAIL, "notre": "autre@example.org"},
                {"uuid": uuid(5), "nom_table": "acteur", "objet_uuid": first, "etat": "ouvert"}
                | {"base": json.dumps({"telephone": PHONE, "nom": "Avant"})},
                {"uuid": uuid(6), "nom_table": "acteur", "objet_uuid": first, "champ": "nom", "etat": "ouvert"}
                | {"base": "Avant", "leur": "Après"},
            ],
        },
    )
    return path


def uuid(number):
    return f"00000000-0000-4000-8000-{number:012}"


def rows_of(path, name):
    return {row["uuid"]: row for row in geopackage.read_rows(path, name, withdrawn=True)}


def bytes_of(path):
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def erase(path, **options):
    return erase_contacts(path, TODAY, rehearse=False, **options)


def test_no_byte_of_an_erased_contact_is_left(store):
    # GDAL keeps the file in WAL mode while a program edits it.
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert all(trace.encode() in bytes_of(store) for trace in TRACES)
    erase(store)
    assert [trace for trace in TRACES if trace.encode() in bytes_of(store)] == []
    assert OTHER_MAIL.encode() in bytes_of(store)


def test_what_an_earlier_change_left_in_freed_pages_is_gone_too(store):
    # Debian's SQLite wipes what it frees, those of other systems do not.
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE brouillon AS SELECT ? AS texte", (MAIL + " oublié",))
        connection.execute("DROP TABLE brouillon")
    assert f"{MAIL} oublié".encode() in bytes_of(store)
    erase(store)
    assert MAIL.encode() not in bytes_of(store)


def test_nothing_else_is_changed(store):
    names = ("territoire", "acteur", "service", "besoin", "contribution", "correspondant", "conflit", "meta")
    before = {name: geopackage.read_rows(store, name) for name in names}
    erase(store)
    changed = {
        (name, old.get("nom") or old.get("identifiant") or old["uuid"], field)
        for name in names
        for old, new in zip(before[name], geopackage.read_rows(store, name))
        for field in old
        if old[field] != new[field]
    }
    assert changed == {
        *(("acteur", "Nouveau nom", field) for field in ("telephone", "courriel", "extra", "version", "contact_nom")),
        *(("acteur", "Acteur 2", field) for field in ("version", "contact_nom")),
        *(("contribution", uuid(1), field) for field in ("auteur_contact", "version")),
        *(("correspondant", "cis-09", field) for field in ("source_ref", "extra", "version")),
        *(("conflit", uuid(4), field) for field in ("base", "leur", "notre")),
        ("conflit", uuid(5), "base"),
    }
    assert {name: geopackage.count_rows(store, name) for name in names} == {name: len(before[name]) for name in names}


def test_a_town_hall_and_an_actor_within_its_time_keep_their_contacts(store):
    erase(store)
    by_name = {row["nom"]: row for row in geopackage.read_rows(store, "acteur")}
    assert (by_name["Acteur 1"]["contact_nom"], by_name["Acteur 1"]["courriel"]) == ("Ami Inventé", OTHER_MAIL)
    # Past its date, the person goes and the structure's own mail stays.
    assert (by_name["Acteur 2"]["contact_nom"], by_name["Acteur 2"]["courriel"]) == (None, "bureau@example.fr")
    assert by_name["Acteur 3"]["telephone"] == "01 99 00 11 11"


def test_the_history_keeps_all_but_the_contacts(store):
    (first, *_) = geopackage.read_rows(store, "acteur")
    erase(store)
    lines = [row for row in geopackage.read_rows(store, "journal") if row["objet_uuid"] == first["uuid"]]
    assert [line["operation"] for line in lines] == ["creation", "modification", "modification", "effacement"]
    assert [line["apres"] for line in lines] == [None, "{}", lines[2]["apres"], None]
    assert json.loads(lines[2]["apres"])["nom"] == "Nouveau nom"
    assert (lines[3]["avant"], lines[3]["qui"], lines[3]["version"]) == (None, "conservation", 4)


def test_what_the_source_said_beside_stays_but_for_the_person(store):
    erase(store)
    assert json.loads(geopackage.read_rows(store, "acteur")[0]["extra"]) == {"surface": 12}
    assert json.loads(rows_of(store, "conflit")[uuid(5)]["base"]) == {"nom": "Avant"}


def test_the_journal_is_closed_again_and_still_written(store):
    erase(store)
    with closing(sqlite3.connect(store)) as connection:
        add_geometry_functions(connection)
        with pytest.raises(sqlite3.IntegrityError, match="CIS-JOURNAL"):
            connection.execute("UPDATE journal SET avant = 'x'")
        connection.execute("UPDATE acteur SET adresse = 'ici'")
        (last,) = connection.execute("SELECT apres FROM journal ORDER BY fid DESC LIMIT 1").fetchone()
        assert json.loads(last)["adresse"] == "ici"
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_rehearsal_counts_and_changes_nothing(store):
    held = store.read_bytes()
    found = erase_contacts(store, TODAY)
    assert [(row.table, row.label) for row in found.due] == [
        ("acteur", "Nouveau nom"),
        ("acteur", "Acteur 2"),
        ("contribution", uuid(1)),
        ("correspondant", "cis-09"),
    ]
    assert found.erased == 0
    assert store.read_bytes() == held
    assert [row.uuid for row in erase(store).due] == [row.uuid for row in found.due]


def test_a_second_time_finds_nothing_and_leaves_the_file(store):
    assert erase(store).erased > 4
    held = store.read_bytes()
    again = erase(store)
    assert (again.due, again.erased) == ([], 0)
    assert store.read_bytes() == held


def test_a_contact_that_was_emptied_by_hand_still_leaves_the_history(store):
    (first, *_) = geopackage.read_rows(store, "acteur")
    emptied = {"uuid": first["uuid"], **dict.fromkeys(("contact_nom", "telephone", "courriel", "extra"))}
    geopackage.write_changes(store, {}, {"acteur": [emptied]})
    erase(store)
    assert [trace for trace in TRACES if trace.encode() in bytes_of(store)] == []


def test_an_actor_who_asks_is_erased_at_once(store):
    chosen = next(row for row in geopackage.read_rows(store, "acteur") if row["nom"] == "Acteur 1")
    found = erase(store, asked=chosen["uuid"])
    assert "Acteur 1" in [row.label for row in found.due]
    after = rows_of(store, "acteur")[chosen["uuid"]]
    assert [after[name] for name in ("contact_nom", "telephone", "courriel")] == [None, None, None]
    # Somebody else gave the same mail: that is said, and left to a person to judge.
    assert found.elsewhere == {"contribution.auteur_contact": 1}


def test_somebody_unknown_cannot_be_erased(store):
    held = store.read_bytes()
    with pytest.raises(UnknownRowError, match="no actor"):
        erase(store, asked=uuid(99))
    assert store.read_bytes() == held


def test_copies_that_still_hold_a_contact_are_named(store):
    kept = store.with_name("essai.v1-2026-01-01.gpkg")
    kept.write_bytes(store.read_bytes())
    store.with_name("sans.gpkg").write_bytes(b"rien")
    store.with_name("liste.csv").write_text(f"nom;courriel\nX;{MAIL}\n", encoding="utf-8")
    store.with_name("vide.txt").touch()
    assert [path.name for path in erase(store).copies] == [kept.name, "liste.csv"]


@pytest.mark.parametrize("format_", ["csv", "datainclusion"])
def test_an_export_holds_none_of_them(store, tmp_path, format_):
    erase(store)
    output = tmp_path / "export"
    export_actors(store, format_, "interne", output, TODAY)
    content = output.read_bytes()
    assert [trace for trace in (*TRACES, "Lou Imaginaire") if trace.encode() in content] == []


def test_a_store_in_use_or_without_room_is_left_alone(store, monkeypatch):
    held = store.read_bytes()
    monkeypatch.setattr(backup, "LEAST_FREE", 10**15)
    with pytest.raises(NoRoomError):
        erase(store)
    monkeypatch.undo()
    with closing(sqlite3.connect(store)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            erase(store)
    assert store.read_bytes() == held


def test_an_older_store_is_to_be_upgraded_first(store):
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE meta SET valeur = '1' WHERE cle = 'version_schema'")
    with pytest.raises(StoreOlderError):
        erase(store)


def test_an_erasure_that_fails_on_the_way_erases_nothing(store, monkeypatch):
    held = {name: geopackage.read_rows(store, name) for name in ("acteur", "journal", "conflit")}

    def fail(connection, row):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("tisserand.layers.retention._erase_conflicts", fail)
    with pytest.raises(Exception, match="full"):
        erase(store)
    assert {name: geopackage.read_rows(store, name) for name in held} == held
