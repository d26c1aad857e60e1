"""The quality of records: the criteria of data·inclusion, and advice that helps when it is followed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.layers.quality import CRITERIA, quality

TODAY = date(2026, 6, 15)
GOOD = {
    "source": "saisie",
    "telephone": "0556000000",
    "courriel": "contact@exemple.fr",
    "adresse": "1 rue du Port",
    "description": "x" * 300,
    "thematiques": "numerique--acquerir-un-equipement",
    "publics": "tous-publics",
    "frais": "gratuit",
    "modes_accueil": "en-presentiel",
    "date_maj": TODAY,
}
SERVICE = {"modes_mobilisation": "telephoner|envoyer-un-courriel|se-presenter", "date_maj": TODAY}
NAMES = {
    "adresse_bien_definie",
    "modes_mobilisation_bien_definis",
    "au_moins_un_public",
    "au_moins_une_thematique",
    "au_moins_un_moyen_de_contact",
    "courriel_bien_defini",
    "date_maj_recente",
    "frais_bien_definis",
    "description_bien_definie",
    "telephone_bien_defini",
}


def criterion(name, services=(SERVICE,), **changes):
    return quality({**GOOD, **changes}, services, TODAY).criteria[name]


def test_the_ten_criteria_have_the_names_of_data_inclusion():
    assert {criterion.name for criterion in CRITERIA} == NAMES
    assert len(CRITERIA) == 10


def test_a_record_with_everything_has_full_marks_and_nothing_to_correct():
    found = quality(GOOD, [SERVICE], TODAY)
    assert set(found.criteria.values()) == {1.0}
    assert (found.score, found.fixes) == (1.0, "")


def test_a_record_with_nothing_has_no_marks_and_is_told_all_that_applies():
    found = quality({"nom": "Rien"}, [], TODAY)
    assert found.score == 0.0
    assert found.fixes.startswith("donner un téléphone ou un courriel ; décrire ")
    assert len(found.fixes.split(" ; ")) == sum(value is not None for value in found.criteria.values()) == 7


def test_a_criterion_that_does_not_apply_is_skipped_and_not_zero():
    remote = {"modes_accueil": "a-distance", "adresse": None, "courriel": None}
    called = {"modes_mobilisation": "telephoner", "date_maj": TODAY}
    found = quality({**GOOD, **remote}, [called], TODAY)
    assert found.criteria["adresse_bien_definie"] is None
    assert found.criteria["courriel_bien_defini"] is None
    assert (found.score, found.fixes) == (1.0, "")


@pytest.mark.parametrize(
    ("days", "value"), [(0, 1), (-3, 1), (179, 1), (180, 1), (455, 0.5), (729, 0), (730, 0), (5000, 0)]
)
def test_freshness_falls_from_one_at_six_months_to_zero_at_two_years(days, value):
    updated = TODAY - timedelta(days=days)
    service = {**SERVICE, "date_maj": updated}
    assert criterion("date_maj_recente", [service]) == pytest.approx(value, abs=0.005)


def test_a_source_that_gives_no_dates_is_not_judged_by_them():
    assert criterion("date_maj_recente", source="france-travail") is None


@pytest.mark.parametrize(
    ("length", "value"), [(0, 0), (49, 0), (50, 0.5), (199, 0.5), (200, 1), (1999, 1), (2000, 0.5), (10000, 0.5)]
)
def test_a_description_is_best_from_200_to_2000_characters(length, value):
    assert criterion("description_bien_definie", description="x" * length) == value


@pytest.mark.parametrize(
    ("frais", "precisions", "value"),
    [(None, None, 0), ("gratuit", None, 1), ("payant", None, 0.5), ("payant", "2 € par repas", 1)],
)
def test_fees_to_pay_are_well_said_with_their_amount(frais, precisions, value):
    service = {**SERVICE, "frais_precisions": precisions}
    assert criterion("frais_bien_definis", [service], frais=frais) == value


def test_a_store_that_says_who_may_ask_is_judged_by_it_too():
    assert criterion("modes_mobilisation_bien_definis", [{**SERVICE, "mobilisable_par": "usagers"}]) == 1
    assert criterion("modes_mobilisation_bien_definis", mobilisable_par=None) == 0.5


def test_a_service_takes_from_its_actor_what_it_does_not_say():
    assert criterion("description_bien_definie", [{**SERVICE, "description": None}]) == 1
    assert criterion("description_bien_definie", [{**SERVICE, "description": "court"}]) == 0


def test_several_services_count_by_their_mean_and_the_advice_says_how_many():
    found = quality(GOOD, [SERVICE, {**SERVICE, "description": "court"}, SERVICE], TODAY)
    assert found.criteria["description_bien_definie"] == 0.67
    assert found.fixes == "décrire ce qui s'y fait en 200 à 2000 caractères (1 service sur 3)"


texts = st.sampled_from([None, "", " ", "x" * 20, "x" * 300])
records = st.fixed_dictionaries(
    {
        **{name: texts for name in ("telephone", "courriel", "adresse", "description", "thematiques", "publics")},
        "frais": st.sampled_from([None, "gratuit", "payant"]),
        "frais_precisions": texts,
        "modes_accueil": st.sampled_from([None, "a-distance", "en-presentiel", "a-distance|en-presentiel"]),
        "modes_mobilisation": st.sampled_from([None, "telephoner", "envoyer-un-courriel|se-presenter"]),
        "date_maj": st.one_of(st.none(), st.dates(date(2020, 1, 1), TODAY)),
    }
)


@given(records, st.lists(records, max_size=3))
def test_scores_lie_between_zero_and_one_and_advice_is_given_below_one(actor, services):
    found = quality(actor, services, TODAY)
    known = [value for value in found.criteria.values() if value is not None]
    assert all(0 <= value <= 1 for value in known)
    assert found.score == pytest.approx(sum(known) / len(known), abs=0.006)
    assert bool(found.fixes) == any(value < 1 for value in known)


@given(records, st.lists(records, min_size=2, max_size=3))
def test_the_order_of_services_changes_nothing(actor, services):
    assert quality(actor, services, TODAY) == quality(actor, services[::-1], TODAY)


@given(records)
def test_the_first_advice_raises_what_is_lowest(actor):
    found = quality(actor, [], TODAY)
    lowest = min(value for value in found.criteria.values() if value is not None)
    if lowest < 1:
        first = next(criterion for criterion in CRITERIA if found.fixes.startswith(criterion.fix))
        assert found.criteria[first.name] == lowest


@given(records)
def test_filling_in_all_that_lacks_gives_full_marks(actor):
    complete = {**GOOD, "modes_mobilisation": SERVICE["modes_mobilisation"]}
    filled = {**actor, **{name: value for name, value in complete.items() if name not in ("modes_accueil",)}}
    assert quality(filled, [], TODAY).score == 1.0
