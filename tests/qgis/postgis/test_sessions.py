"""Editing sessions of QGIS on one database: who saves second is told, and nothing is said to be saved that is not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsDataSourceUri, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayerUtils

from tisserand.layers import postgis
from tisserand.layers.errors import StoreRefusedError
from tisserand.layers.postgis.errors import ConnectionLostError, NotKeptError

ABSENT = "99999999-0000-4000-8000-000000000009"
HERE = QgsPointXY(643_000, 6_871_000)


@pytest.fixture
def row(place, actor):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    return row


def now(place):
    (found,) = postgis.read_rows(place, "acteur", withdrawn=True)
    return found


def change(layer, values):
    feature = next(layer.getFeatures())
    for name, value in values.items():
        assert layer.changeAttributeValue(feature.id(), layer.fields().lookupField(name), value)


def journal(place, uuid):
    return [line for line in postgis.read_rows(place, "journal") if line["objet_uuid"] == uuid]


def test_who_saves_second_is_told_and_keeps_what_they_typed(place, layer, row):
    mine, theirs = layer("c-nord"), layer("gestion")
    for session, words in ((mine, "Le mien"), (theirs, "Le leur")):
        assert session.startEditing()
        change(session, {"description": words})
    assert mine.commitChanges(), mine.commitErrors()
    assert not theirs.commitChanges()
    assert "CIS-CONFLIT : la fiche a été modifiée par quelqu'un d'autre" in " ".join(theirs.commitErrors())
    assert theirs.isEditable()
    assert [feature["description"] for feature in theirs.getFeatures()] == ["Le leur"]
    assert now(place)["description"] == "Le mien"


def test_two_changes_of_a_row_with_its_position_in_one_session_are_one_version(place, layer, row):
    session = layer("c-nord")
    assert session.startEditing()
    change(session, {"description": "Un"})
    assert session.changeGeometry(next(session.getFeatures()).id(), QgsGeometry.fromPointXY(HERE))
    change(session, {"description": "Deux", "telephone": "01 99 00 00 00"})
    assert session.commitChanges(), session.commitErrors()
    assert (now(place)["version"], now(place)["version_lue"], now(place)["description"]) == (2, None, "Deux")
    line = journal(place, row["uuid"])[-1]
    assert set(json.loads(line["apres"])) == {"description", "telephone", "date_maj", "maj_par", "geom"}
    assert json.loads(line["avant"])["geom"].endswith(row["geom"][-16:].hex().upper())
    assert len(journal(place, row["uuid"])) == 2


def test_of_two_who_move_a_point_the_second_is_told(place, layer, row):
    mine, theirs = layer("c-nord"), layer("gestion")
    for session, where in ((mine, HERE), (theirs, QgsPointXY(645_000, 6_873_000))):
        assert session.startEditing()
        assert session.changeGeometry(next(session.getFeatures()).id(), QgsGeometry.fromPointXY(where))
    assert mine.commitChanges(), mine.commitErrors()
    saved = now(place)["geom"]
    assert not theirs.commitChanges()
    assert "CIS-CONFLIT" in " ".join(theirs.commitErrors())
    assert now(place)["geom"] == saved


def test_a_row_can_be_changed_again_and_again_in_the_same_layer(place, layer, row):
    session = layer("c-nord")
    for number in range(4):
        assert session.startEditing()
        change(session, {"description": f"Fois {number}"})
        assert session.commitChanges(), session.commitErrors()
    assert now(place)["version"] == 5


def test_a_row_withdrawn_meanwhile_is_a_conflict(place, layer, row):
    session = layer("c-nord")
    assert session.startEditing()
    change(session, {"description": "Trop tard"})
    postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "supprime_le": "2026-11-24T10:00:00Z"}]})
    assert not session.commitChanges()
    assert "CIS-CONFLIT" in " ".join(session.commitErrors())
    assert session.isEditable()
    assert now(place)["description"] is None


def test_of_a_row_that_the_administrator_deleted_qgis_reports_a_success_and_our_writing_does_not(
    place, layer, row, execute
):
    session = layer("c-nord")
    assert session.startEditing()
    change(session, {"description": "Perdu"})
    execute(place.database, "ALTER TABLE cis.acteur DISABLE TRIGGER acteur_suppression; DELETE FROM cis.acteur")
    assert session.commitChanges(), "QGIS no longer takes a change of nothing for a success: rejoice"
    assert postgis.read_rows(place, "acteur") == []
    with pytest.raises(StoreRefusedError, match=row["uuid"]):
        postgis.write_changes(place, {}, {"acteur": [{"uuid": row["uuid"], "description": "Perdu"}]})


def in_transaction(layer, execute, place, deferred):
    """Change a row in a project in transaction mode so that its reference leads nowhere; return what QGIS says."""
    if deferred:
        execute(
            place.database,
            "ALTER TABLE cis.acteur ALTER CONSTRAINT acteur_correspondant_uuid_fkey DEFERRABLE INITIALLY DEFERRED",
        )
    session = layer("gestion")
    project = QgsProject()
    if hasattr(project, "setTransactionMode"):
        from qgis.core import Qgis

        project.setTransactionMode(Qgis.TransactionMode.AutomaticGroups)
    else:
        project.setAutoTransaction(True)
    copy = session.clone()
    project.addMapLayer(copy)
    assert copy.startEditing()
    index = copy.fields().lookupField("correspondant_uuid")
    changed = copy.changeAttributeValue(next(copy.getFeatures()).id(), index, ABSENT)
    saved = copy.commitChanges()
    errors = copy.commitErrors()
    if copy.isEditable():
        copy.rollBack()
    project.clear()
    return changed and saved, errors


def test_in_transaction_mode_qgis_says_saved_what_the_end_of_the_transaction_refuses(place, layer, row, execute):
    assert in_transaction(layer, execute, place, deferred=True) == (True, []), "the trap is gone: rejoice"
    assert now(place)["correspondant_uuid"] is None


def test_our_references_are_checked_at_once_so_that_even_transaction_mode_does_not_lie(place, layer, row, execute):
    saved, _ = in_transaction(layer, execute, place, deferred=False)
    assert not saved
    assert now(place)["correspondant_uuid"] is None


def test_our_own_writing_is_told_what_the_end_of_the_transaction_refuses(place, row, execute):
    execute(
        place.database,
        "ALTER TABLE cis.acteur ALTER CONSTRAINT acteur_correspondant_uuid_fkey DEFERRABLE INITIALLY DEFERRED",
    )
    changes = {"acteur": [{"uuid": row["uuid"], "correspondant_uuid": ABSENT}]}
    with pytest.raises(StoreRefusedError, match="acteur_correspondant_uuid_fkey"):
        postgis.write_changes(place, {}, changes)
    assert now(place)["version"] == 1


@pytest.mark.parametrize("event", ["INSERT", "UPDATE"])
def test_our_own_writing_reads_back_and_says_what_the_database_made_of_it(place, row, actor, execute, event):
    execute(
        place.database,
        "CREATE FUNCTION cis.taire() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF TG_OP = 'INSERT' THEN RETURN NULL; END IF; NEW.description := 'Autre chose'; RETURN NEW; END $$;"
        f" CREATE TRIGGER zz_taire BEFORE {event} ON cis.acteur FOR EACH ROW EXECUTE FUNCTION cis.taire()",
    )
    creates = {"acteur": [actor()]} if event == "INSERT" else {}
    updates = {"acteur": [{"uuid": row["uuid"], "description": "Ceci"}]} if event == "UPDATE" else {}
    with pytest.raises(NotKeptError, match=r"description|0 / 1"):
        postgis.write_changes(place, creates, updates)


def test_a_session_whose_connection_was_cut_saves_on_a_second_try_at_the_latest(place, layer, row, execute):
    session = layer("c-nord")
    assert session.startEditing()
    change(session, {"description": "Avant"})
    assert session.commitChanges(), session.commitErrors()
    assert session.startEditing()
    change(session, {"description": "Après la coupure"})
    execute(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        (place.database,),
    )
    if not session.commitChanges():
        assert session.isEditable()
        assert next(session.getFeatures())["description"] == "Après la coupure"
        assert session.commitChanges(), session.commitErrors()
    assert (now(place)["description"], now(place)["version"]) == ("Après la coupure", 3)


def test_our_own_writing_leaves_nothing_when_its_connection_is_cut(place, row, execute):
    execute(
        place.database,
        "CREATE FUNCTION cis.couper() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
        " CREATE TRIGGER zz_couper BEFORE UPDATE ON cis.acteur FOR EACH ROW"
        " WHEN (NEW.description = 'Deux') EXECUTE FUNCTION cis.couper()",
    )
    other = {"uuid": ABSENT, "nom": "La Bobine", "diffusion": "public"}
    postgis.write_rows(place, {"acteur": [other]})
    changes = [{"uuid": row["uuid"], "description": "Un"}, {"uuid": ABSENT, "description": "Deux"}]
    with pytest.raises(ConnectionLostError, match=r"essai_"):
        postgis.write_changes(place, {}, {"acteur": changes})
    assert [found["description"] for found in postgis.read_rows(place, "acteur")] == [None, None]
    postgis.write_changes(place, {}, {"acteur": changes[:1]})
    assert [found["description"] for found in postgis.read_rows(place, "acteur")] == ["Un", None]


def test_an_actor_may_wait_for_its_position_and_degrees_are_refused(place, layer):
    session = layer("c-nord")
    name = {session.fields().lookupField("nom"): "À localiser"}
    assert session.startEditing()
    assert session.addFeature(QgsVectorLayerUtils.createFeature(session, QgsGeometry(), name))
    assert session.commitChanges(), session.commitErrors()
    made = now(place)
    assert (made["version"], made["statut"], len(made["uuid"]), made["geom"]) == (1, "brouillon", 36, None)
    assert session.startEditing()
    degrees = QgsGeometry.fromWkt("POINT (2.2 48.9)")
    assert session.addFeature(QgsVectorLayerUtils.createFeature(session, degrees, name))
    assert not session.commitChanges()
    assert "CIS-POSITION" in " ".join(session.commitErrors())
    assert len(postgis.read_rows(place, "acteur")) == 1


def test_five_at_once_lose_nothing_and_the_journal_counts_right(place, as_account, actor):
    from tisserand.layers.postgis.accounts import source_of

    commits, rows = 25, 4
    postgis.write_rows(place, {"acteur": [actor(nom=f"Acteur {number:02}") for number in range(40)]})
    account = as_account("c-nord")
    source = QgsDataSourceUri(source_of(account, "acteur", 2154))
    source.setPassword(account.password)
    command = [sys.executable, Path(__file__).with_name("worker.py"), source.uri(False)]
    workers = [
        subprocess.Popen(
            [*command, str(seed), str(commits), str(rows)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for seed in range(5)
    ]
    ended = [(*worker.communicate(timeout=120), worker.returncode) for worker in workers]
    assert [code for _, _, code in ended] == [0] * 5, [error[-500:] for _, error, _ in ended]
    counts = [json.loads(output.splitlines()[-1]) for output, _, _ in ended]
    assert [said for count in counts for said in count["others"]] == []
    assert sum(count["saved"] + count["conflicts"] for count in counts) == 5 * commits
    saved = sum(count["rows"] for count in counts)
    changes = [line for line in postgis.read_rows(place, "journal") if line["operation"] == "modification"]
    versions = sum(found["version"] - 1 for found in postgis.read_rows(place, "acteur"))
    assert saved > 0
    assert (len(changes), versions) == (saved, saved)
    last = {}
    for line in changes:
        last[line["objet_uuid"]] = json.loads(line["apres"])["description"]
    assert {found["uuid"]: found["description"] for found in postgis.read_rows(place, "acteur")} == {
        found["uuid"]: last.get(found["uuid"]) for found in postgis.read_rows(place, "acteur")
    }
