"""What each circle of readers finds in the guide: one test a rule."""

from datetime import date

import pytest

from tisserand.guide.facts.audience import FOR_NOBODY, RULES, allows, only_for
from tisserand.guide.reading import read_content
from tisserand.layers import geopackage
from tisserand.layers.audience import AUDIENCES

EVERYBODY = ("public", "pro", "interne")


def content_of(store, audience):
    return read_content(store, edition="2026", audience=audience, level="", printed_on=date(2026, 11, 1))


def the_actor(store, audience):
    (actor,) = content_of(store, audience).actors
    return actor


def with_correspondent(store):
    uuid = "00000000-0000-4000-8000-000000000001"
    person = {"uuid": uuid, "identifiant": "MDS-07"}
    actor = geopackage.read_rows(store, "acteur")[0]["uuid"]
    geopackage.write_changes(
        store, {"correspondant": [person]}, {"acteur": [{"uuid": actor, "correspondant_uuid": uuid}]}
    )
    return store


def test_each_circle_of_readers_finds_all_that_the_ones_before_it_do():
    for rule in RULES:
        found = [allows(audience, rule) for audience in AUDIENCES]
        assert found == sorted(found)


def test_a_rule_or_a_circle_of_readers_that_is_not_known_is_an_error():
    with pytest.raises(KeyError):
        allows("public", "tout")
    with pytest.raises(ValueError, match="not in tuple"):
        allows("tous", "places")


def test_the_code_of_the_correspondent_is_for_professionals(make_store):
    store = with_correspondent(make_store([{"at": (0, 0)}]))
    assert [the_actor(store, audience).correspondent for audience in EVERYBODY] == ["", "MDS-07", "MDS-07"]


def test_legal_form_and_siret_are_for_professionals(make_store):
    store = make_store([{"at": (0, 0), "forme_juridique": "Association", "siret": "13002526500013"}])
    found = [(the_actor(store, audience).legal_form, the_actor(store, audience).siret) for audience in EVERYBODY]
    assert found == [("", ""), *[("Association", "13002526500013")] * 2]


def test_the_places_of_an_actor_are_for_professionals(make_store):
    store = make_store([{"at": (0, 0), "capacite": 12}])
    assert [the_actor(store, audience).places for audience in EVERYBODY] == [None, 12, 12]


def test_remarks_on_ties_are_for_professionals(make_store):
    store = make_store([{"at": (0, 0)}, {"at": (1, 0)}])
    one, other = (row["uuid"] for row in geopackage.read_rows(store, "acteur"))
    tie = {"uuid": "00000000-0000-4000-8000-000000000002", "nature": "partenaire", "commentaire": "À relancer"}
    geopackage.write_rows(store, {"lien": [{**tie, "de_uuid": one, "vers_uuid": other}]})
    assert [content_of(store, audience).ties[0].comment for audience in EVERYBODY] == ["", "À relancer", "À relancer"]


def test_contacts_are_for_nobody_without_consent(make_store):
    store = make_store([{"at": (0, 0), "telephone": "01 99 00 00 00", "courriel": "contact@essai.example"}])
    for audience in EVERYBODY:
        assert (the_actor(store, audience).phone, the_actor(store, audience).mail) == ("", "")


def test_the_name_of_a_person_is_for_nobody_even_with_consent(make_store):
    store = make_store([{"at": (0, 0), "contact_nom": "Personne Seule", "consentement_le": date(2026, 1, 1)}])
    for audience in EVERYBODY:
        assert "Personne Seule" not in repr(content_of(store, audience))


def test_a_stale_sheet_is_marked_for_all_readers(make_store):
    store = make_store([{"at": (0, 0), "revoir_avant": date(2026, 1, 1)}])
    assert all(the_actor(store, audience).stale for audience in EVERYBODY)


def test_needs_whose_sheets_are_internal_count_for_all_readers_alike(make_store):
    store = make_store(needs=[{"at": (0, 0), "diffusion": which, "nb_situations": 20} for which in EVERYBODY])
    found = [content_of(store, audience).verdict for audience in EVERYBODY]
    assert found[0] == found[1] == found[2]
    assert found[0].needs["92000", "feed"].value == 60


def test_what_each_edition_holds_can_be_said_in_words():
    assert only_for("public") == []
    assert only_for("pro") == [rule.words for rule in RULES.values()]
    assert set(only_for("pro")) <= set(only_for("interne"))
    assert all(words[0].islower() for words in (*FOR_NOBODY, *only_for("interne")))
