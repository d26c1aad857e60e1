"""Who may do what, each cell tried in an editing session of QGIS: account, operation, status, sector."""

import json
from datetime import date
from itertools import product
from uuid import uuid4

import pytest
from qgis.core import QgsGeometry, QgsPointXY, QgsVectorDataProvider, QgsVectorLayerUtils

from tisserand.layers import postgis
from tisserand.layers.audience import contacts_are_public, may_read
from tisserand.layers.ddl.postgres_rights import FIELDWORK
from tisserand.layers.errors import StoreRefusedError
from tisserand.layers.export import CONTACTS, WORKING
from tisserand.layers.model.tables import TABLES

NORD, SUD = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
SECTORS = {"nord": NORD, "sud": SUD, "aucun": None}
STATUSES = ("brouillon", "soumis", "valide", "publie", "archive")
# What a correspondent may make of a sheet of its own sector, a line for each status before.
TAKEN = {
    ("brouillon", "brouillon"),
    ("brouillon", "soumis"),
    ("brouillon", "archive"),
    ("soumis", "soumis"),
    ("soumis", "brouillon"),
    ("valide", "soumis"),
    ("valide", "brouillon"),
    ("publie", "soumis"),
    ("publie", "brouillon"),
}
HERE = QgsGeometry.fromPointXY(QgsPointXY(644_000, 6_872_000))


def set_values(layer, uuid, values):
    feature = next(feature for feature in layer.getFeatures() if feature["uuid"] == uuid)
    for name, value in values.items():
        assert layer.changeAttributeValue(feature.id(), layer.fields().lookupField(name), value)


def save(layer):
    """Commit; return what the database said, '' when it took everything. What was refused must still be on screen."""
    if layer.commitChanges():
        return ""
    assert layer.isEditable()
    assert layer.isModified()
    said = " ".join(layer.commitErrors())
    layer.rollBack()
    return said


def added(layer, geometry=HERE, **values):
    fields = {layer.fields().lookupField(name): value for name, value in values.items() if value is not None}
    feature = QgsVectorLayerUtils.createFeature(layer, geometry, fields)
    # The form fills these in; None is "of no sector".
    for name, value in values.items():
        feature[name] = value
    assert layer.addFeature(feature)
    return feature["uuid"]


def found(place, uuid, table="acteur"):
    return next((row for row in postgis.read_rows(place, table, withdrawn=True) if row["uuid"] == uuid), None)


def expected(account, sector, step_is_taken):
    """Return the word that a refusal must begin with, '' where the change must be taken."""
    if account == "gestion":
        return ""
    if account == "c-inconnu" or sector == "sud":
        return "CIS-DROITS"
    return "" if step_is_taken else "CIS-STATUT"


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("account", ["c-nord", "c-inconnu", "gestion"])
def test_changing_a_sheet_of_each_status_into_each_other(place, layer, actor, account, sector):
    steps = list(product(STATUSES, STATUSES))
    rows = [actor(statut=before, secteur_uuid=SECTORS[sector]) for before, _ in steps]
    postgis.write_rows(place, {"acteur": rows})
    session = layer(account)
    for (before, after), row in zip(steps, rows):
        assert session.startEditing()
        set_values(session, row["uuid"], {"statut": after, "description": "Changé"})
        word = expected(account, sector, (before, after) in TAKEN)
        said = save(session)
        cell = (account, sector, before, after)
        now = found(place, row["uuid"])
        if word:
            assert f"{word} : " in said, (cell, said)
            assert (now["statut"], now["description"], now["version"]) == (before, None, 1), cell
        else:
            assert said == "", cell
            assert (now["statut"], now["description"], now["version"]) == (after, "Changé", 2), cell


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("account", ["c-nord", "c-inconnu", "gestion"])
def test_adding_a_sheet_of_each_status(place, layer, account, sector):
    session = layer(account)
    for status in (*STATUSES, None):
        assert session.startEditing()
        uuid = added(session, nom="Tout neuf", statut=status, secteur_uuid=SECTORS[sector])
        word = expected(account, sector, status in ("brouillon", "soumis", None))
        said = save(session)
        if word:
            assert f"{word} : " in said, (account, sector, status, said)
            assert found(place, uuid) is None
        else:
            assert said == "", (account, sector, status)
            assert (found(place, uuid)["statut"], found(place, uuid)["secteur_uuid"]) == (status, SECTORS[sector])


@pytest.mark.parametrize(("before", "after"), product(SECTORS, SECTORS))
def test_a_sheet_goes_from_one_sector_to_another_only_by_those_who_may(place, layer, actor, before, after):
    row = actor(secteur_uuid=SECTORS[before])
    postgis.write_rows(place, {"acteur": [row]})
    session = layer("c-nord")
    assert session.startEditing()
    set_values(session, row["uuid"], {"secteur_uuid": SECTORS[after], "description": "?"})
    said = save(session)
    may = "sud" not in (before, after)
    assert ("CIS-DROITS" in said) != may
    assert found(place, row["uuid"])["secteur_uuid"] == SECTORS[after if may else before]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("account", ["c-nord", "c-sud", "gestion"])
def test_withdrawing_a_sheet(place, layer, actor, account, status):
    row = actor(statut=status)
    postgis.write_rows(place, {"acteur": [row]})
    session = layer(account)
    assert session.startEditing()
    values = {"supprime_le": "2026-11-24T10:00:00"}
    if status in ("valide", "publie"):  # not even on the way back to the reader
        values["statut"] = "brouillon" if account != "gestion" else status
    set_values(session, row["uuid"], values)
    said = save(session)
    may = account == "gestion" or (account == "c-nord" and status == "brouillon")
    assert (said == "") == may, said
    assert bool(found(place, row["uuid"])["supprime_le"]) == may


@pytest.mark.parametrize("account", ["c-nord", "c-sud", "c-inconnu", "gestion"])
def test_what_belongs_to_an_actor_is_written_by_those_who_may_write_the_actor(place, layer, actor, account):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    service = {"uuid": str(uuid4()), "acteur_uuid": row["uuid"], "nom": "Prêt d'outils"}
    photo = {"uuid": str(uuid4()), "acteur_uuid": row["uuid"], "chemin": "photo.jpg"}
    postgis.write_rows(place, {"service": [service], "media": [photo]})
    may = account in ("c-nord", "gestion")
    for table, present, fields in (
        ("service", service, {"acteur_uuid": row["uuid"], "nom": "Un autre"}),
        ("media", photo, {"acteur_uuid": row["uuid"], "chemin": "autre.jpg"}),
    ):
        session = layer(account, table)
        assert session.startEditing()
        set_values(session, present["uuid"], {"source_ref": "changé"})
        assert (save(session) == "") == may
        assert session.isEditable() or session.startEditing()
        uuid = added(session, QgsGeometry(), **fields)
        said = save(session)
        assert (said == "") == may
        assert may or "CIS-DROITS" in said
        assert (found(place, uuid, table) is not None) == may
        assert (found(place, present["uuid"], table)["source_ref"] == "changé") == may


def test_of_own_and_foreign_sheets_in_one_commit_none_is_kept(place, layer, actor):
    mine, theirs = actor(), actor(secteur_uuid=SUD)
    postgis.write_rows(place, {"acteur": [mine, theirs]})
    session = layer("c-nord")
    assert session.startEditing()
    for row in (mine, theirs):
        set_values(session, row["uuid"], {"description": "Changé"})
    assert not session.commitChanges()
    assert "CIS-DROITS" in " ".join(session.commitErrors())
    assert sorted(feature["description"] for feature in session.getFeatures()) == ["Changé", "Changé"]
    assert [row["description"] for row in postgis.read_rows(place, "acteur")] == [None, None]


def test_the_second_lock_holds_where_the_first_was_taken_off(place, layer, actor, execute):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    execute(place.database, "ALTER TABLE cis.acteur DISABLE TRIGGER acteur_droits")
    session = layer("c-nord")
    assert session.startEditing()
    set_values(session, row["uuid"], {"secteur_uuid": SUD})
    assert "row-level security" in save(session)
    assert session.startEditing()
    added(session, nom="Chez les voisins", secteur_uuid=SUD)
    assert "row-level security" in save(session)
    assert [found["secteur_uuid"] for found in postgis.read_rows(place, "acteur")] == [NORD]


@pytest.mark.parametrize("account", ["c-nord", "gestion"])
def test_qgis_offers_no_deletion(layer, account):
    for name in ("acteur", "besoin", "secteur", "journal"):
        assert not layer(account, name).dataProvider().capabilities() & QgsVectorDataProvider.Capability.DeleteFeatures


def test_a_correspondent_writes_in_the_tables_of_fieldwork_alone(layer):
    may_change = QgsVectorDataProvider.Capability.ChangeAttributeValues
    for declared in TABLES:
        for account, writes in (("c-nord", declared in FIELDWORK), ("gestion", not declared.append_only)):
            capabilities = layer(account, declared.name).dataProvider().capabilities()
            assert bool(capabilities & may_change) == writes, (account, declared.name)


def test_our_own_writing_keeps_to_the_same_rights(place, as_account, actor):
    mine, theirs = actor(), actor(secteur_uuid=SUD)
    postgis.write_rows(place, {"acteur": [mine, theirs]})
    north = as_account("c-nord")
    postgis.write_changes(north, {}, {"acteur": [{"uuid": mine["uuid"], "description": "Changé"}]})
    changes = [{"uuid": row["uuid"], "description": "Encore"} for row in (mine, theirs)]
    with pytest.raises(StoreRefusedError, match="CIS-DROITS"):
        postgis.write_changes(north, {"acteur": [actor()]}, {"acteur": changes})
    with pytest.raises(StoreRefusedError, match="permission denied"):
        postgis.write_changes(north, {}, {"secteur": [{"uuid": NORD, "nom": "Tout"}]})
    with pytest.raises(StoreRefusedError, match="permission denied"):
        postgis.write_changes(north, {}, {"correspondant": [{"uuid": NORD, "secteur_uuid": SUD}]})
    assert [row["description"] for row in postgis.read_rows(place, "acteur")] == ["Changé", None]


def test_a_correspondent_who_left_writes_no_more(place, as_account, actor, execute):
    row = actor()
    postgis.write_rows(place, {"acteur": [row]})
    execute(place.database, "UPDATE cis.correspondant SET actif = false WHERE identifiant = 'c-nord'")
    with pytest.raises(StoreRefusedError, match="aucun correspondant en activité"):
        postgis.write_changes(as_account("c-nord"), {}, {"acteur": [{"uuid": row["uuid"], "description": "?"}]})


def test_the_journal_says_who_was_logged_in_whatever_the_sheet_says(place, as_account, actor):
    row = actor(cree_par="quelqu'un d'autre")
    postgis.write_rows(as_account("c-nord"), {"acteur": [row]})
    change = {"uuid": row["uuid"], "maj_par": "c-sud"}
    postgis.write_changes(as_account("c-nord"), {}, {"acteur": [change | {"description": "Un"}]})
    postgis.write_changes(as_account("gestion"), {}, {"acteur": [change | {"description": "Deux"}]})
    lines = [line for line in postgis.read_rows(place, "journal") if line["objet_uuid"] == row["uuid"]]
    # Those who manage bring in the work of others, and say whose it is.
    assert [line["qui"] for line in lines] == ["c-nord", "c-nord", "c-sud"]
    assert json.loads(lines[-1]["apres"]) == {"description": "Deux"}


def test_readers_see_the_published_actors_that_the_guide_would_print_with_the_contacts_it_would_print(
    place, as_account, actor
):
    spoken = {"telephone": "01 99 00 00 00", "courriel": "bonjour@example.org"}
    choices = {
        "diffusion": ("public", "pro", "interne"),
        "statut": (*STATUSES, None),
        "statut_recensement": ("visite", "refus", "ferme", None),
        "source": ("saisie", "mairies", None),
        "contact": ("non", "oui", "oppose"),
        "supprime_le": (None, "2026-11-24T10:00:00Z"),
    }
    consents = {
        "non": {"contact_publiable": None},
        "oui": {"contact_publiable": True, "consentement_le": date(2026, 1, 1), "contact_nom": "Dominique Fictif"},
        "oppose": {"consentement_le": date(2026, 1, 1), "opposition_le": date(2026, 2, 1), "contact_nom": "D. Fictif"},
    }
    rows = []
    for values in product(*choices.values()):
        chosen = dict(zip(choices, values))
        rows.append(actor(**spoken, **consents[chosen.pop("contact")], **chosen))
    postgis.write_rows(place, {"acteur": rows})
    shown = {row["uuid"]: row for row in postgis.read_rows(as_account("lecture"), "acteur_public")}
    stored = {row["uuid"]: row for row in postgis.read_rows(place, "acteur")}
    assert set(shown) == {uuid for uuid, row in stored.items() if may_read(row, "public") and row["statut"] == "publie"}
    assert len(shown) == 2 * 3 * 3
    for uuid, row in shown.items():
        given = contacts_are_public(stored[uuid])
        assert {name: row[name] for name in CONTACTS} == {
            name: stored[uuid][name] if given else None for name in CONTACTS
        }
        assert not set(row) & {*WORKING, "extra", "version", "supprime_le"}


def test_readers_are_refused_all_that_is_not_for_them(layer, as_account):
    assert layer("lecture", "acteur_public").isValid()
    for name in ("territoire", "secteur"):
        assert layer("lecture", name).isValid()
    for declared in TABLES:
        open_to_all = declared.name in ("territoire", "secteur", "theme", "indicateur", "meta")
        if not open_to_all:
            with pytest.raises(Exception, match="may not read"):
                postgis.read_rows(as_account("lecture"), declared.name)
    with pytest.raises(StoreRefusedError, match="permission denied"):
        postgis.write_rows(as_account("lecture"), {"meta": [{"cle": "essai"}]})
