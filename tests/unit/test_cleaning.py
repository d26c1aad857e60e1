"""Values made what the model wants: what would mislead rejects its row, any other fault is remarked and kept."""

from datetime import date, datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.exchange.cleaning import to_records
from tisserand.layers.exchange.cleaning.addresses import address_parts
from tisserand.layers.exchange.cleaning.contacts import is_siret
from tisserand.layers.exchange.cleaning.values import day, integer, moment, real, truth
from tisserand.layers.exchange.communes import Communes
from tisserand.layers.exchange.mapping import ColumnRule, Mapping
from tisserand.layers.exchange.records import Reject, Row, Sheet
from tisserand.layers.model.codes import code_list
from tisserand.layers.model.tables import table

GIRONDE = Communes.of(
    "33",
    2154,
    (-1.27, 44.19, 0.32, 45.58),
    [("33063", "Bordeaux", "33000 33100"), ("33119", "Cenon", "33150"), ("33529", "La Teste-de-Buch", "33260")],
    {"33999": "33063", "75101": "75056", "24999": "24322"},
)


def records_of(*rows, table="acteur", rules=None, communes=GIRONDE, services=None, children=(), **more):
    """Return the records of rows whose columns are called as the fields, ``nom`` given where it is not said."""
    label = {"acteur": {"nom": "Maison d'essai"}, "besoin": {"libelle": "Se déplacer", "theme_vie": "move"}}[table]
    given = [{**label, **row} for row in rows]
    columns = tuple(dict.fromkeys(name for row in given for name in row))
    known = {name: ColumnRule(name) for name in columns if name not in ("autre", "lon", "lat")}
    mapping = Mapping("Essai", table, {**known, **(rules or {})}, services=services or {})
    sheet = Sheet("csv", columns, tuple(Row(k, row, children=children) for k, row in enumerate(given, start=2)))
    return to_records(sheet, mapping, communes, **more)


def one(field, value, **more):
    """Return the value of a field, what is left over, and the sentences of rejects and remarks."""
    found = records_of({field: value}, **more)
    record = found.accepted[0] if found.accepted else None
    said = [str(item) for item in (*found.rejected, *found.remarks)]
    return (record.values.get(field) if record else "REJECTED"), (record.extra if record else {}), said


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("siret", "732 829 320 00074", "73282932000074"),
        ("siret", 73282932000074, "73282932000074"),
        ("siret", "35600000000048", "35600000000048"),
        ("rna", "w331234567", "W331234567"),
        ("telephone", "01 99 00 11 11", "01 99 00 11 11"),
        ("telephone", "+33 1 99 00 11 11", "+33 1 99 00 11 11"),
        ("telephone", "3949", "3949"),
        ("courriel", "mailto:contact@example.org", "contact@example.org"),
        ("site_web", "www.example.org", "http://www.example.org"),
        ("code_postal", 33000, "33000"),
        ("code_postal", "33 000", "33000"),
        ("code_insee", "33063", "33063"),
        ("publics", "Séniors, FAMILLES", "seniors|familles"),
        ("publics", '["seniors", "familles"]', "seniors|familles"),
        ("publics", "{seniors,familles}", "seniors|familles"),
        ("publics", ["seniors", "Familles"], "seniors|familles"),
        ("themes_vie", "Travailler, se former ; Se nourrir", "work|feed"),
        ("types_action", "Troc, échange, Don", "troc-echange|don"),
        ("frais", "GRATUIT", "gratuit"),
        ("itinerant", "Oui", True),
        ("itinerant", "faux", False),
        ("itinerant", True, True),
        ("capacite", "1 200", 1200),
        ("capacite", 30.0, 30),
        ("score_geocodage", "0,91", 0.91),
        ("date_visite", "01/03/2026", date(2026, 3, 1)),
        ("nom", "  Deux\n mots  ", "Deux mots"),
        ("description", "Deux\r\nlignes\t!", "Deux\nlignes\t!"),
    ],
)
def test_a_value_is_understood_as_people_write_it(field, typed, kept):
    assert one(field, typed) == (kept, {}, [])


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("siret", "73282932000075"),
        ("siret", "7328293200007"),
        ("telephone", "demander Zoé"),
        ("courriel", "zoe(a)example.org"),
        ("site_web", "bientôt"),
        ("code_postal", "Bordeaux"),
        ("code_insee", "0"),
        ("itinerant", "parfois"),
        ("capacite", "une trentaine"),
        ("capacite", "-3"),
        ("score_geocodage", "3"),
        ("date_visite", "inconnue"),
        ("date_visite", "2019"),
    ],
)
def test_an_optional_value_that_is_wrong_is_remarked_and_kept_as_it_was(field, typed):
    value, extra, said = one(field, typed)
    assert (value, extra) == (None, {field: typed})
    assert len(said) == 1
    assert typed.strip("-") in said[0]


@pytest.mark.parametrize(
    ("field", "typed", "cause"),
    [
        ("nom", "", "has no “Nom”"),
        ("nom", "Hé", "3 à 150"),
        ("nom", "x" * 151, "3 à 150"),
        ("date_visite", "31/02/2026", "no possible date"),
        ("date_visite", "2026-13-01", "no possible date"),
        ("publics", "seniors|martiens", "“martiens” is in no list"),
        ("frais", "cher", "“cher” is in no list"),
        ("code_insee", "33998", "Insee code of no commune"),
    ],
)
def test_what_would_mislead_rejects_its_row_and_names_the_value(field, typed, cause):
    value, _, said = one(field, typed)
    assert value == "REJECTED"
    assert len(said) == 1
    assert cause in said[0]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("01 99 00 11 11 / 06 39 98 00 00", "01 99 00 11 11"),
        ("voir 01 99 00 11 11 ou 06 39 98 00 00", "06 39 98 00 00"),
    ],
)
def test_of_several_telephones_the_first_is_taken_and_all_are_kept(typed, first):
    value, extra, said = one("telephone", typed)
    assert (value, extra) == (first, {"telephone": typed})
    assert "more than one" in said[0]


def test_a_mapping_says_what_words_mean_and_what_they_do_not():
    rule = ColumnRule("publics", split="/", values={"3e âge": "seniors", "Tout le monde": None}, keep=True)
    value, extra, said = one("publics", "3E AGE / tout le monde", rules={"publics": rule})
    assert (value, extra, said) == ("seniors", {"publics": "3E AGE / tout le monde"}, [])


def test_a_lenient_rule_keeps_the_row_of_an_unknown_code():
    value, extra, said = one("publics", "seniors|martiens", rules={"publics": ColumnRule("publics", lenient=True)})
    assert (value, extra) == ("seniors", {"publics": "seniors|martiens"})
    assert len(said) == 1


def test_columns_are_joined_taken_apart_and_stood_in_for():
    rules = {
        "horaires_accueil": ColumnRule(join=("autre", "vide", "nom"), labels=("Mo", "Tu", "We")),
        "adresse": ColumnRule("lieu", part="street"),
        "commune": ColumnRule("lieu", part="city"),
        "description": ColumnRule("vide", otherwise=("resume",)),
        "source": ColumnRule(constant="essai"),
    }
    row = {"autre": "9 h", "vide": "", "lieu": "8 rue d'ici - 33000 Bordeaux", "resume": "Court"}
    columns = ("nom", *row)
    mapping = Mapping("Essai", "acteur", {"nom": ColumnRule("nom"), **rules})
    sheet = Sheet("csv", columns, (Row(2, {"nom": "Essai", **row}),))
    (record,) = to_records(sheet, mapping, GIRONDE).accepted
    assert record.values["horaires_accueil"] == "Mo 9 h; We Essai"
    assert (record.values["adresse"], record.values["commune"]) == ("8 rue d'ici", "Bordeaux")
    assert (record.values["description"], record.values["source"]) == ("Court", "essai")
    assert record.extra == {"resume": "Court"}


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("8 rue de la Boétie - 33000 Bordeaux", ("8 rue de la Boétie", "33000", "Bordeaux")),
        ("160 rue du Docteur-Texier, 33230 Abzac", ("160 rue du Docteur-Texier", "33230", "Abzac")),
        ("ESP CHARLES DE GAULLE\n33000 BORDEAUX", ("ESP CHARLES DE GAULLE", "33000", "BORDEAUX")),
        ("Place - BP 40111 - 33160 ST MEDARD EN JALLES", ("Place - BP 40111", "33160", "ST MEDARD EN JALLES")),
        ("1 place 33 394 Blaye CEDEX 2", ("1 place", "33394", "Blaye")),
        ("3 Rue Razon 33600 - Pessac", ("3 Rue Razon", "33600", "Pessac")),
        ("12345 route de Cenon", ("12345 route de Cenon", "", "")),
        ("7 rue Colette", ("7 rue Colette", "", "")),
        ("33000", ("", "33000", "")),
        ("", ("", "", "")),
    ],
)
def test_an_address_in_one_line_has_its_parts(line, parts):
    assert address_parts(line) == parts


def test_an_address_that_contradicts_the_official_list_is_remarked_and_not_changed():
    row = {"code_insee": "33063", "commune": "Bordeaux Caudéran", "code_postal": "33077"}
    found = records_of(row, {"commune": "Nulleville"}, {"commune": "Teste de Buch (La)", "code_postal": "33260"})
    assert [record.values.get("commune") for record in found.accepted][:2] == ["Bordeaux Caudéran", "Nulleville"]
    assert [(remark.row, remark.field) for remark in found.remarks] == [
        (2, "commune"),
        (2, "code_postal"),
        (3, "commune"),
    ]


@pytest.mark.parametrize(
    ("code", "kind", "current"),
    [("33999", "merged_commune", "33063"), ("75101", "arrondissement", "75056"), ("1053", "lost_zero", "01053")],
)
def test_an_old_code_is_a_proposal_and_never_mended_unasked(code, kind, current):
    refused = records_of({"code_insee": code})
    assert [kind in str(reject) for reject in refused.rejected] == [True]
    (record,) = records_of({"code_insee": code}, accept=frozenset({kind})).accepted
    assert record.values["code_insee"] == current
    assert [(proposal.kind, proposal.before, proposal.after) for proposal in record.proposals] == [
        (kind, code, current)
    ]


def test_a_persons_name_goes_nowhere_without_the_date_of_consent():
    row = {"contact_nom": "Fictif, Jean", "contact_publiable": "oui"}
    found = records_of(row, {**row, "consentement_le": "01/01/2026"})
    without, consented = found.accepted
    assert "Fictif" not in repr(without) + repr(found.remarks)
    assert without.values.get("contact_publiable") is None
    assert (consented.values["contact_nom"], consented.values["contact_publiable"]) == ("Fictif, Jean", True)
    assert {remark.field for remark in found.remarks} == {"contact_nom", "contact_publiable"}


@pytest.mark.parametrize("column", ["contact_nom_prenom", "Nom du référent", "contactNom", "Prénom contact"])
def test_a_column_that_names_persons_is_not_kept_with_the_other_information(column):
    sheet = Sheet("csv", ("nom", column), (Row(2, {"nom": "Essai", column: "Fictif, Jean"}),))
    found = to_records(sheet, Mapping("Essai", "acteur", {"nom": ColumnRule("nom")}), GIRONDE)
    assert "Fictif" not in repr(found)
    assert [remark.field for remark in found.remarks] == [column]


def test_unknown_columns_are_kept_losslessly():
    (record,) = records_of({"autre": "Pôle"}, rules={}).accepted
    assert record.extra == {"autre": "Pôle"}


def test_a_service_that_cannot_be_one_stays_with_its_actor_and_is_named():
    services = {"nom": ColumnRule("nom"), "publics": ColumnRule("publics")}
    children = ({"nom": "Atelier", "publics": "martiens", "n": 1}, {"nom": "?"})
    found = records_of({}, services=services, children=children)
    (record,) = found.accepted
    assert record.services == ({"nom": "Atelier", "extra": {"publics": "martiens", "n": 1}},)
    assert record.extra["services"] == [{"nom": "?"}]
    assert [remark.field for remark in found.remarks] == ["services[1].publics", "services[2].nom", "services"]


def test_needs_are_held_to_the_rules_of_their_table():
    rows = [{"intensite": "3"}, {"intensite": "9"}, {"theme_vie": "Se déplacer"}, {"theme_vie": ""}]
    found = records_of(*rows, table="besoin")
    assert [record.values.get("intensite") for record in found.accepted] == [3, None, None]
    assert [record.values["theme_vie"] for record in found.accepted] == ["move"] * 3
    assert [str(reject) for reject in found.rejected] == ["This row has no “Thème”: fill it in, or leave the row out."]


def test_rows_that_could_not_be_read_are_counted_with_the_rejected():
    sheet = Sheet(
        "csv", ("nom",), (Row(2, {"nom": "Essai"}),), rejects=(Reject(3, "", "", "x"), Reject(3, "", "", "y"))
    )
    found = to_records(sheet, Mapping("Essai", "acteur", {"nom": ColumnRule("nom")}), GIRONDE)
    assert (found.read, len(found.accepted), len(found.rejected)) == (2, 1, 2)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026-03-01T10:00:00Z", date(2026, 3, 1)),
        ("01/03/2026", date(2026, 3, 1)),
        ("1.3.2026 10:00", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("46082", date(2026, 3, 1)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("dimanche 1 mars 2026", date(2026, 3, 1)),
        ("12 févr. 2026", date(2026, 2, 12)),
        ("03/2026", None),
        ("29/02/2025", None),
        ("01/03/26", None),
        ("0001-01-01", None),
        ("٢٠٢٦-٠٣-٠١", None),
    ],
)
def test_a_date_is_read_day_first_or_not_at_all(text, read):
    assert day(text) == read


@given(st.dates(date(1900, 1, 1), date(2170, 12, 31)))
def test_a_date_comes_back_from_each_way_of_writing_it(when):
    for written in (when.isoformat(), when.strftime("%d/%m/%Y"), f"{when.day}.{when.month}.{when.year}"):
        assert day(written) == when
    serial = (when - date(1899, 12, 30)).days
    assert serial < 10_000 or day(str(serial)) == when


@given(st.floats(-1e9, 1e9))
def test_a_number_is_the_same_with_a_point_and_with_a_comma(number):
    assert real(repr(number)) == real(repr(number).replace(".", ",")) == number


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1,2,3", "--1", "", "0x10", "١٢"])
def test_what_is_no_number_is_none(text):
    assert (real(text), integer(text)) == (None, None)


def test_moments_are_in_utc():
    expected = datetime(2026, 2, 3, 9, 0, tzinfo=timezone.utc)
    assert moment("2026-02-03T10:00:00+01:00") == moment("2026/02/03 09:00:00+00") == moment("2026-02-03T09:00:00Z")
    assert moment("2026-02-03T09:00:00Z") == expected
    assert moment("hier") is None


@pytest.mark.parametrize(("text", "said"), [("Oui", True), ("NON", False), ("1", True), ("vrai", True), ("bof", None)])
def test_a_yes_is_a_yes(text, said):
    assert truth(text) is said


@pytest.mark.parametrize("name", [field.name for field in table("acteur").fields if field.codes])
def test_every_code_is_read_from_itself_and_from_its_words(name):
    field = table("acteur")[name]
    labels = code_list(field.codes).labels
    for code, label in labels.items():
        assert one(name, code)[0] == code
        if list(labels.values()).count(label) == 1:
            assert one(name, label.upper())[0] == code, label


@given(st.integers(0, 10**13 - 1))
@settings(max_examples=50)
def test_one_last_digit_in_ten_makes_a_siret(number):
    # Luhn's sum changes with the last digit, so that one of the ten is right; places of La Poste have more.
    right = [digit for digit in range(10) if is_siret(f"{number:013d}{digit}")]
    assert len(right) == 1 or f"{number:013d}".startswith("356000000")
