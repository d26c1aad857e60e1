"""What one row may not do to the others: break a rule, point at nothing, bring back what a person objected to."""

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.layers import geopackage
from tisserand.layers.errors import DiskFullError
from tisserand.layers.exchange.mapping import ColumnRule, Mapping
from tisserand.layers.exchange.records import Record, Records
from tisserand.layers.importing import writing
from tisserand.layers.importing.candidates import Candidate
from tisserand.layers.importing.ground import place_of, point, read_ground
from tisserand.layers.importing.identity import name_key, resemble
from tisserand.layers.importing.matching import without_repetitions
from tisserand.layers.importing.plan import Options, make_plan, usual
from tisserand.layers.importing.writing import write_plan
from tisserand.layers.model.tables import table

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
CONSENT = {"contact_nom": "Personne Fictive", "consentement_le": date(2026, 1, 1)}


def plan_of(store, *rows, now=NOW, **options):
    accepted = tuple(
        Record(number, {"lon": None, "lat": None, "source_ref": str(number), **values})
        for number, values in enumerate(rows, start=2)
    )
    records = Records(len(accepted), accepted, ())
    return make_plan(
        store, records, Mapping("essai", "acteur", {}), read_ground(store), Options("essai", now, **options)
    )


@pytest.fixture
def store(make_store):
    return make_store()


def test_a_reference_to_nothing_is_left_out_and_the_row_is_taken(store):
    plan = plan_of(store, {"nom": "Lieu fictif", "correspondant_uuid": "11111111-1111-4111-8111-111111111111"})
    write_plan(store, plan)
    assert [remark.field for remark in plan.remarks] == ["correspondant_uuid"]
    assert geopackage.read_rows(store, "acteur")[0]["correspondant_uuid"] is None


def test_a_file_does_not_bring_back_the_name_of_a_person_who_objected(store):
    write_plan(store, plan_of(store, {"nom": "Lieu fictif", **CONSENT}))
    (actor,) = geopackage.read_rows(store, "acteur")
    change = {"uuid": actor["uuid"], "contact_nom": None, "opposition_le": date(2026, 10, 1), "maj_par": "collègue"}
    geopackage.write_changes(store, {}, {"acteur": [change]})
    plan = plan_of(store, {"nom": "Lieu fictif", **CONSENT}, now=NOW.replace(hour=11), keep_local=False)
    assert plan.is_empty
    assert [remark.field for remark in plan.remarks] == ["contact_nom"]
    assert "Fictive" not in str(plan.remarks[0])


def test_a_row_that_breaks_a_rule_with_what_is_here_is_rejected_alone(store):
    write_plan(store, plan_of(store, {"nom": "Lieu fictif", **CONSENT}, {"nom": "Autre lieu fictif"}))
    erasing = Mapping("essai", "acteur", {"consentement_le": ColumnRule("date de l'accord")})
    accepted = tuple(
        Record(number, {"lon": None, "lat": None, "source_ref": str(number), "nom": name, "description": "Nouvelle."})
        for number, name in ((2, "Lieu fictif"), (3, "Autre lieu fictif"))
    )
    options = Options("essai", NOW.replace(hour=11), empty_erases=True, keep_local=False)
    plan = make_plan(store, Records(2, accepted, ()), erasing, read_ground(store), options)
    write_plan(store, plan)
    assert [reject.row for reject in plan.rejected] == [2]
    assert len(plan.updates) == 1


def test_a_new_row_begins_as_the_form_would_have_it():
    found = usual(table("acteur"))
    assert found["statut_recensement"] == "repere"
    assert found["contact_publiable"] is False
    assert "uuid" not in found
    assert "cree_le" not in found


def test_a_disk_without_room_is_refused_before_anything_is_written(store, monkeypatch):
    plan = plan_of(store, {"nom": "Lieu fictif"})
    monkeypatch.setattr(writing, "ROOM", 10**15)
    with pytest.raises(DiskFullError):
        write_plan(store, plan)
    assert geopackage.read_rows(store, "acteur") == []


def test_a_point_keeps_its_place_through_wkb():
    assert place_of(point(640_000.25, 6_860_000.5)) == (640_000.25, 6_860_000.5)
    assert place_of(None) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("La Bobine", "Association LA BOBINE", True),
        ("Centre social du Levant", "Centre social du Levant — antenne", True),
        ("Garage imaginaire", "Épicerie fictive", False),
        ("", "Épicerie fictive", False),
    ],
)
def test_names_resemble_by_the_words_that_tell_them(one, other, alike):
    assert resemble(one, other) is resemble(other, one) is alike


def test_articles_and_legal_forms_do_not_tell_a_name():
    assert name_key("L'Association de la Bobine") == name_key("bobine (asso)")


rows = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(("A", "B", "C")), st.sampled_from((None, date(2025, 1, 1)))),
    max_size=12,
)


@given(rows, st.randoms(use_true_random=False))
def test_what_is_kept_of_repeated_rows_does_not_hang_on_their_order(given_rows, chance):
    candidates = [
        Candidate(number, {"source_ref": str(ref), "nom": name, "source_le": day}, "essai", None, f"u{ref}", False)
        for number, (ref, name, day) in enumerate(given_rows)
    ]
    shuffled = chance.sample(candidates, len(candidates))
    kept, rejected = without_repetitions(candidates)
    again, _ = without_repetitions(shuffled)
    assert len(kept) + len(rejected) == len(candidates)
    assert {str(sorted(one.values.items(), key=str)) for one in kept} == {
        str(sorted(one.values.items(), key=str)) for one in again
    }
