"""Rows of one actor made one: which stays, what it takes, and that nothing is lost."""

import json
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import ogr

from tisserand.layers import geopackage
from tisserand.layers.errors import StoreRefusedError, TisserandError
from tisserand.layers.merge_choices import choose, ranked
from tisserand.layers.merging import UnknownActorError, WithdrawnActorError, absorbed, apply_merging, plan_merging
from tisserand.layers.model.tables import TABLES

TODAY = date(2026, 6, 1)
FULL = {
    "telephone": "0199000001",
    "description": "x" * 300,
    "thematiques": "sante--acces-aux-soins",
    "publics": "familles",
    "frais": "gratuit",
    "date_maj": date(2026, 5, 1),
}


def uuid(number):
    return f"{number:08d}-0000-4000-8000-000000000000"


def values(*rows, **chosen):
    """Return field -> value chosen among rows that are named a, b, c."""
    named = [{"uuid": name, **row} for name, row in zip("abc", rows)]
    return {choice.field: choice.value for choice in choose(named, chosen)}


def contradictions(*rows):
    named = [{"uuid": name, **row} for name, row in zip("abc", rows)]
    return {choice.field for choice in choose(named) if choice.contradiction}


def test_the_row_to_keep_is_the_most_complete_then_the_furthest_met_then_the_latest_then_by_uuid():
    poor, met, late, first, last = (
        {"uuid": "e", "nom": "Pauvre"},
        {"uuid": "d", "nom": "Vu", **FULL, "statut_recensement": "visite", "date_maj": date(2026, 4, 1)},
        {"uuid": "c", "nom": "Récent", **FULL, "date_maj": date(2026, 5, 2)},
        {"uuid": "a", "nom": "Égal", **FULL},
        {"uuid": "b", "nom": "Égal", **FULL},
    )
    for rows in permutations([poor, met, late, first, last]):
        assert [row["uuid"] for row in ranked(rows, TODAY)] == ["d", "c", "a", "b", "e"]


def test_the_kept_row_stands_and_the_others_fill_its_gaps():
    kept, other = {"nom": "La Bobine", "siret": None}, {"nom": "Bobine", "siret": "12345678900012"}
    assert values(kept, other) == {"nom": "La Bobine", "siret": "12345678900012"}


def test_codes_of_both_are_united_and_everybody_holds_all():
    kept, other = (
        {"themes_vie": "feed|move", "publics": "familles"},
        {"themes_vie": "equip|feed", "publics": "tous-publics"},
    )
    assert values(kept, other) == {"themes_vie": "feed|move|equip", "publics": "tous-publics"}


def test_an_address_is_never_made_of_two():
    kept = {"adresse": "1 rue du Port", "code_postal": None, "code_insee": "33063"}
    here = {"adresse": "1 rue du Port", "code_postal": "33000", "code_insee": "33063"}
    there = {"adresse": "9 place Haute", "code_postal": "33400", "code_insee": "33522"}
    assert values(kept, here)["code_postal"] == "33000"
    assert "code_postal" not in {name for name, value in values(kept, there).items() if value}
    empty = dict.fromkeys(kept)
    assert values(empty, there, here) == there


@pytest.mark.parametrize(
    ("kept", "other", "publishable", "day"),
    [
        ({"contact_publiable": True, "consentement_le": TODAY}, {"contact_publiable": False}, False, TODAY),
        ({"contact_publiable": True, "consentement_le": TODAY}, {"opposition_le": TODAY}, False, TODAY),
        ({"contact_publiable": True, "consentement_le": TODAY}, {"contact_publiable": None}, True, TODAY),
        ({"contact_publiable": None}, {"contact_publiable": True, "consentement_le": TODAY}, True, TODAY),
        ({"contact_publiable": False}, {"contact_publiable": True, "consentement_le": TODAY}, False, TODAY),
        (
            {"contact_nom": "X", "consentement_le": date(2025, 1, 1)},
            {"contact_nom": "Y", "contact_publiable": True, "consentement_le": TODAY},
            False,
            date(2025, 1, 1),
        ),
    ],
)
def test_of_two_consents_the_stricter_holds(kept, other, publishable, day):
    found = values(kept, other)
    assert found.get("contact_publiable", False) == publishable
    assert found["consentement_le"] == day


def test_the_day_of_a_consent_follows_the_name_it_was_given_for():
    kept = {"contact_nom": "X", "consentement_le": date(2025, 1, 1)}
    other = {"contact_nom": "Y", "consentement_le": TODAY}
    assert values(kept, other, contact_nom="b") == {"contact_nom": "Y", "consentement_le": TODAY}


@pytest.mark.parametrize(
    ("field", "kept", "other", "expected"),
    [
        ("date_visite", date(2025, 1, 1), TODAY, TODAY),
        ("revoir_avant", TODAY, date(2025, 1, 1), date(2025, 1, 1)),
        ("conservation_jusqu_a", TODAY, date(2025, 1, 1), date(2025, 1, 1)),
        ("diffusion", "public", "interne", "interne"),
        ("statut_recensement", "repere", "visite", "visite"),
        ("statut_recensement", "valide", "refus", "refus"),
        ("statut_recensement", "ferme", "visite", "ferme"),
        ("statut_recensement", "repere", "ferme", "repere"),
    ],
)
def test_some_fields_have_a_rule_of_their_own(field, kept, other, expected):
    assert values({field: kept}, {field: other}) == {field: expected}


@pytest.mark.parametrize(
    ("field", "one", "other", "told"),
    [
        ("nom", "La Bobine", "LA BOBINE", False),
        ("nom", "La Bobine", "La Cabine", True),
        ("telephone", "01 99 00 00 01", "+33199000001", False),
        ("telephone", "0199000001", "0199000002", True),
        ("position", (0.0, 0.0), (30.0, 0.0), False),
        ("position", (0.0, 0.0), (90.0, 0.0), True),
        ("themes_vie", "feed", "move", False),
        ("contact_publiable", False, True, True),
        ("statut_recensement", "repere", "valide", False),
        ("statut_recensement", "ferme", "valide", True),
    ],
)
def test_another_way_of_writing_is_no_contradiction(field, one, other, told):
    assert contradictions({field: one}, {field: other}) == ({field} if told else set())


def test_a_chosen_value_is_taken_but_never_against_the_law():
    assert values({"nom": "Un"}, {"nom": "Deux"}, nom="b") == {"nom": "Deux"}
    for field, chosen in (("opposition_le", "b"), ("uuid", "b"), ("inconnu", "b"), ("nom", "z")):
        with pytest.raises(TisserandError):
            values({"nom": "Un", "opposition_le": None}, {"nom": "Deux"}, **{field: chosen})


rows_of_actors = st.lists(
    st.fixed_dictionaries(
        {
            "nom": st.sampled_from(["Un", "Deux"]),
            "themes_vie": st.sampled_from([None, "feed", "feed|move"]),
            "adresse": st.sampled_from([None, "1 rue A", "2 rue B"]),
            "code_postal": st.sampled_from([None, "33000", "33400"]),
            "contact_nom": st.sampled_from([None, "X"]),
            "contact_publiable": st.sampled_from([None, True, False]),
            "opposition_le": st.sampled_from([None, TODAY]),
        }
    )
    .map(lambda row: {**row, "consentement_le": TODAY if row["contact_nom"] or row["contact_publiable"] else None})
    .map(lambda row: {**row, "contact_publiable": row["contact_publiable"] and not row["opposition_le"]}),
    min_size=2,
    max_size=3,
)


@given(rows_of_actors)
@settings(max_examples=200, deadline=None)
def test_every_value_of_every_row_is_chosen_or_told_and_the_checks_of_the_model_hold(rows):
    named = [{"uuid": name, **row} for name, row in zip("abc", rows)]
    choices = {choice.field: choice for choice in choose(named)}
    for row in named:
        for name, value in row.items():
            if name != "uuid" and value is not None:
                told = choices[name]
                codes = set(str(value).split("|")) <= set(str(told.value).split("|"))
                assert value == told.value or codes or (row["uuid"], value) in told.others
    merged = {name: choice.value for name, choice in choices.items()}
    assert not merged.get("contact_publiable") or merged["consentement_le"]
    assert not merged.get("contact_nom") or merged["consentement_le"]
    assert not (merged.get("contact_publiable") and merged.get("opposition_le"))


@given(rows_of_actors)
@settings(max_examples=200, deadline=None)
def test_a_row_that_contradicts_an_address_in_one_thing_fills_no_gap_of_it(rows):
    kept, other = rows[:2]
    found = values(kept, other)
    parts = ("adresse", "code_postal")
    agree = all(kept[name] == other[name] for name in parts if kept[name] and other[name])
    assert [found.get(name) for name in parts] == [kept[name] or (other[name] if agree else None) for name in parts]


@pytest.fixture
def store(make_store):
    """Return a store with two rows of one actor (0 and 1), a third actor and a fourth, and rows that refer to them."""
    path = make_store(
        [
            {"at": (0, 0), "uuid": uuid(0), "nom": "La Bobine", "source": "alpha", "source_ref": "7"},
            {"at": (0, 0), "uuid": uuid(1), "nom": "Ressourcerie La Bobine", "source": "beta", "source_ref": "B-1"}
            | {"telephone": "0199000001", "themes_vie": "equip", "extra": '{"couleur": "bleu", "fax": "non"}'},
            {"at": (1, 0), "uuid": uuid(2), "nom": "Autre"},
            {"at": (2, 0), "uuid": uuid(3), "nom": "Encore"},
        ],
        [{"at": (0, 0), "reponse_uuid": uuid(1)}],
    )
    link = {"nature": "partenaire"}
    geopackage.write_rows(
        path,
        {
            "service": [{"uuid": uuid(20), "acteur_uuid": uuid(1), "nom": "Atelier"}],
            "visite": [{"uuid": uuid(30), "acteur_uuid": uuid(1), "date_visite": TODAY}],
            "lien": [
                {"uuid": uuid(40), "de_uuid": uuid(0), "vers_uuid": uuid(2), **link},
                {"uuid": uuid(41), "de_uuid": uuid(1), "vers_uuid": uuid(2), **link},
                {"uuid": uuid(42), "de_uuid": uuid(1), "vers_uuid": uuid(0), **link},
                {"uuid": uuid(43), "de_uuid": uuid(3), "vers_uuid": uuid(1), **link},
            ],
        },
    )
    return path


def everything(path):
    return {
        declared.name: sorted(geopackage.read_rows(path, declared.name, withdrawn=True), key=repr)
        for declared in TABLES
    }


def merge(path, keep=0, withdraw=(1,), fields=None):
    plan = plan_merging(path, uuid(keep), [uuid(number) for number in withdraw], fields, author="essai")
    apply_merging(path, plan)
    return plan


def actor(path, number):
    return next(row for row in geopackage.read_rows(path, "acteur", withdrawn=True) if row["uuid"] == uuid(number))


def test_the_kept_row_takes_what_it_lacked_and_remembers_where_the_other_came_from(store):
    merge(store)
    kept, gone = actor(store, 0), actor(store, 1)
    assert (kept["nom"], kept["telephone"], kept["themes_vie"]) == ("La Bobine", "0199000001", "feed|equip")
    assert (kept["supprime_le"], kept["maj_par"]) == (None, "essai")
    assert gone["supprime_le"] is not None
    assert absorbed(kept) == [{"uuid": uuid(1), "source": "beta", "source_ref": "B-1"}]
    assert json.loads(kept["extra"])["couleur"] == "bleu"
    assert {row["uuid"] for row in geopackage.read_rows(store, "acteur")} == {uuid(0), uuid(2), uuid(3)}


def test_all_that_referred_to_the_withdrawn_row_refers_to_the_kept_one(store):
    plan = merge(store)
    assert plan.moved == {"service": 1, "visite": 1, "lien": 1, "besoin": 1}
    assert plan.doubled == 2
    for declared in TABLES:
        for column in declared.references:
            if column.references == "acteur":
                assert uuid(1) not in {row[column.name] for row in geopackage.read_rows(store, declared.name)}
    links = {(row["de_uuid"], row["vers_uuid"]) for row in geopackage.read_rows(store, "lien")}
    assert links == {(uuid(0), uuid(2)), (uuid(3), uuid(0))}


def test_nothing_of_a_withdrawn_row_is_lost(store):
    before = everything(store)
    merge(store)
    after = everything(store)
    for name in ("acteur", "lien", "service", "visite", "besoin"):
        assert {row["uuid"] for row in after[name]} == {row["uuid"] for row in before[name]}
    stamps = ("supprime_le", "version", "maj_par")
    gone = next(row for row in before["acteur"] if row["uuid"] == uuid(1))
    assert {**actor(store, 1), **dict.fromkeys(stamps)} == {**gone, **dict.fromkeys(stamps)}
    doubled = [row for row in after["lien"] if row["supprime_le"]]
    assert {(row["de_uuid"], row["vers_uuid"]) for row in doubled} == {(uuid(1), uuid(2)), (uuid(1), uuid(0))}


def test_the_journal_tells_what_was_merged_and_who_did_it(store):
    merge(store)
    told = [row for row in geopackage.read_rows(store, "journal") if row["qui"] == "essai"]
    by_actor = {row["objet_uuid"]: row for row in told if row["nom_table"] == "acteur"}
    assert by_actor[uuid(1)]["operation"] == "retrait"
    assert by_actor[uuid(0)]["operation"] == "modification"
    assert uuid(1) in json.loads(json.loads(by_actor[uuid(0)]["apres"])["extra"])["fusion"][0]["uuid"]


def test_a_second_run_changes_nothing(store):
    merge(store)
    before = everything(store)
    plan = merge(store)
    assert (plan.withdrawn, plan.already, plan.updates) == ((), (uuid(1),), {})
    assert everything(store) == before


def test_a_plan_alone_writes_nothing(store):
    before = everything(store)
    plan_merging(store, uuid(0), [uuid(1)])
    assert everything(store) == before


def test_what_was_merged_before_is_remembered_by_the_next(store):
    merge(store, 1, (0,))
    merge(store, 2, (1,))
    assert {entry["uuid"] for entry in absorbed(actor(store, 2))} == {uuid(0), uuid(1)}


def test_several_are_merged_at_once(store):
    merge(store, 2, (0, 1, 3))
    assert {row["uuid"] for row in geopackage.read_rows(store, "acteur")} == {uuid(2)}
    assert geopackage.read_rows(store, "lien") == []


def test_a_link_that_was_withdrawn_comes_back_when_it_is_the_double_of_one_that_moves(store):
    geopackage.write_changes(store, {}, {"lien": [{"uuid": uuid(40), "supprime_le": "2026-01-01T00:00:00Z"}]})
    merge(store)
    links = {(row["de_uuid"], row["vers_uuid"]) for row in geopackage.read_rows(store, "lien")}
    assert links == {(uuid(0), uuid(2)), (uuid(3), uuid(0))}


def test_the_position_chosen_is_that_of_the_row_named(store):
    geometry = actor(store, 1)["geom"]
    assert geometry != actor(store, 0)["geom"]
    merge(store, fields={"position": uuid(1)})
    assert actor(store, 0)["geom"] == geometry


def test_a_missing_position_is_filled(store):
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid(0), "geom": None}]})
    merge(store)
    assert ogr.CreateGeometryFromWkb(actor(store, 0)["geom"]).Equals(ogr.CreateGeometryFromWkb(actor(store, 1)["geom"]))


def test_a_row_that_moved_on_since_the_plan_refuses_the_merge_whole(store):
    plan = plan_merging(store, uuid(0), [uuid(1)])
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid(1), "nom": "Corrigé"}]})
    before = everything(store)
    with pytest.raises(StoreRefusedError, match="modifiée par quelqu'un d'autre"):
        apply_merging(store, plan)
    assert everything(store) == before


def test_what_cannot_be_merged_is_said(store):
    with pytest.raises(UnknownActorError, match="No actor has the identifier nulle-part"):
        plan_merging(store, uuid(0), ["nulle-part"])
    with pytest.raises(TisserandError, match="Name the actor to keep"):
        plan_merging(store, uuid(0), [uuid(0)])
    merge(store)
    for keep, withdraw in ((1, 2), (2, 1)):
        with pytest.raises(WithdrawnActorError, match="already withdrawn"):
            plan_merging(store, uuid(keep), [uuid(withdraw)])
