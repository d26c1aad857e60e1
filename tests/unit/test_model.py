"""The model: whole in itself, and every rule it states is kept by the database."""

import sqlite3
from uuid import uuid4

import pytest

from tisserand.layers.ddl.statements import SQLITE, create_table
from tisserand.layers.model.accounts import CRITERIA
from tisserand.layers.model.codes import code_list, life_theme_of
from tisserand.layers.model.schema import Kind
from tisserand.layers.model.tables import TABLES, table

FIELDS = [(declared, column) for declared in TABLES for column in declared.fields]
SAMPLES = {Kind.TEXT: "texte", Kind.INTEGER: 1, Kind.REAL: 0.5, Kind.DATE: "2026-01-01", Kind.BOOLEAN: 1}
SAMPLES[Kind.DATETIME] = "2026-01-01T00:00:00Z"

# One value that each condition of a field must refuse.
REFUSED = {
    "uuid": "{" + str(uuid4())[1:],
    "population": -1,
    "nom": "ab",
    "capacite": -1,
    "code_postal": "9200",
    "code_insee": "1001",
    "siret": "123",
    "score_geocodage": 1.01,
    "intensite": 5,
    "nb_situations": -1,
    "nb_volontaires": -1,
    "fiabilite": 0,
    "titre": "ab",
    "surface_m2": -1,
    "places": -1,
    "nb_beneficiaires": -1,
    "nb_besoins": -1,
    "nb_participants": -1,
    "ordre": -1,
    "chemin": "../../mot-de-passe.png",
    "sha256": "abc",
    "copie_sha256": "abc",
    "mime": "image/svg+xml",
    "octets": -1,
    "seuil": 2,
    "nb_acteurs": -1,
    "appliquees": -1,
    "conflits": -1,
    **{f"c_{name}": 5 for name, _, _ in CRITERIA},
}
VALID = {
    "titre": "Un titre",
    "chemin": "photo.jpg",
    "mime": "image/png",
    "seuil": 11,
    "decision": "en-attente",
    "millesime": 2026,
}
# Values that together break a condition of the table.
REFUSED_TOGETHER = {
    "acteur_consentement": {"contact_publiable": 1, "consentement_le": None},
    "acteur_contact_nom": {"contact_nom": "Dominique Fictif", "consentement_le": None},
    "acteur_opposition": {"contact_publiable": 1, "consentement_le": "2026-01-01", "opposition_le": "2026-02-01"},
    "indicateur_secret": {"secret": 1, "valeur": 12.5},
    "lien_deux_acteurs": {"de_uuid": "même", "vers_uuid": "même"},
    "initiative_dates": {"debut": "2026-02-01", "fin": "2026-01-31"},
    "projet_dates": {"debut": "2026-02-01", "fin": "2026-01-31"},
    "evenement_dates": {"debut": "2026-02-01", "fin": "2026-01-31"},
    "monographie_objet": {"acteur_uuid": "un", "site_uuid": "deux"},
    "media_objet": {"acteur_uuid": None, "site_uuid": None},
    "contribution_contact": {"auteur_contact": "quelqu'un@example.org", "consentement_le": None},
    "contribution_relue": {"decision": "acceptee", "relu_le": None},
    "contribution_motif": {"decision": "refusee", "relu_le": "2026-01-01", "motif": None},
}


def of(kind):
    return [pytest.param(d, c, id=f"{d.name}.{c.name}") for d, c in FIELDS if kind(c)]


def _fitting(column):
    """Return a value that a condition lets through: nothing, unless the field has to be filled."""
    if not column.check.startswith("length"):
        return 1
    return uuid4().hex * 2 if column.required else None


def valid_row(declared):
    # Of what may be only one, the first.
    row = {"acteur_uuid": str(uuid4())} if declared.name in ("monographie", "media") else {}
    for column in declared.fields:
        if column.name == "uuid":
            row[column.name] = str(uuid4())
        elif column.name in VALID:
            row[column.name] = VALID[column.name]
        elif column.codes:
            row[column.name] = next(iter(code_list(column.codes).labels))
        elif column.check and column.name != "nom":
            row[column.name] = _fitting(column)
        elif column.required:
            row[column.name] = str(uuid4())[:20] if column.kind is Kind.TEXT else SAMPLES[column.kind]
    return row


@pytest.fixture
def database():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for declared in TABLES:
        connection.execute(create_table(declared, SQLITE, 2154))
    yield connection
    connection.close()


def insert(database, declared, row):
    names = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    database.execute(f"INSERT INTO {declared.name} ({names}) VALUES ({marks})", list(row.values()))


@pytest.mark.parametrize("declared", TABLES, ids=lambda declared: declared.name)
def test_a_valid_row_is_taken(database, declared):
    insert(database, declared, valid_row(declared))


@pytest.mark.parametrize(("declared", "column"), of(lambda c: c.check))
def test_a_condition_refuses_a_value_that_breaks_it(database, declared, column):
    with pytest.raises(sqlite3.IntegrityError, match=f"CHECK constraint failed: {declared.name}_{column.name}"):
        insert(database, declared, {**valid_row(declared), column.name: REFUSED[column.name]})


@pytest.mark.parametrize(
    ("declared", "name"), [pytest.param(d, name, id=name) for d in TABLES for name, _, _ in d.checks]
)
def test_a_condition_of_a_table_refuses_values_that_break_it_together(database, declared, name):
    with pytest.raises(sqlite3.IntegrityError, match=f"CHECK constraint failed: {name}"):
        insert(database, declared, {**valid_row(declared), **REFUSED_TOGETHER[name]})


@pytest.mark.parametrize(("declared", "column"), of(lambda c: c.codes and not c.multiple))
def test_a_code_that_is_not_in_its_list_is_refused(database, declared, column):
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
        insert(database, declared, {**valid_row(declared), column.name: "pas-un-code"})


@pytest.mark.parametrize(("declared", "column"), of(lambda c: c.required))
def test_a_required_field_refuses_to_be_empty(database, declared, column):
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL constraint failed"):
        insert(database, declared, {**valid_row(declared), column.name: None})


@pytest.mark.parametrize(("declared", "column"), of(lambda c: c.unique))
def test_a_unique_value_is_refused_the_second_time(database, declared, column):
    first = valid_row(declared)
    insert(database, declared, first)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        insert(database, declared, {**valid_row(declared), column.name: first[column.name]})


@pytest.mark.parametrize("declared", [d for d in TABLES if d.unique_together], ids=lambda declared: declared.name)
def test_values_that_are_unique_together_are_refused_the_second_time(database, declared):
    first = valid_row(declared)
    insert(database, declared, first)
    together = {name: first[name] for name in declared.unique_together[0]}
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        insert(database, declared, {**valid_row(declared), **together})


@pytest.mark.parametrize(("declared", "column"), of(lambda c: c.references))
def test_a_reference_to_a_row_that_does_not_exist_is_refused(database, declared, column):
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA ignore_check_constraints = ON")
    row = {name: value for name, value in valid_row(declared).items() if not declared[name].references}
    with pytest.raises(sqlite3.IntegrityError, match=r"FOREIGN KEY|NOT NULL"):
        insert(database, declared, {**row, column.name: str(uuid4())})


@pytest.mark.parametrize(("declared", "column"), of(lambda c: c.references))
def test_a_reference_names_a_table_that_is_declared_before(declared, column):
    order = [candidate.name for candidate in TABLES]
    assert order.index(column.references) < order.index(declared.name)
    assert table(column.references)["uuid"].unique


@pytest.mark.parametrize("declared", TABLES, ids=lambda declared: declared.name)
def test_the_words_that_name_a_row_come_from_a_field_of_the_table(declared):
    assert declared.label in declared.names


def test_no_two_fields_of_a_form_have_the_same_name_or_alias():
    for declared in TABLES:
        aliases = [column.alias for column in declared.fields if not column.internal]
        assert len(set(declared.names)) == len(declared.names), declared.name
        assert len(set(aliases)) == len(aliases), declared.name


def test_every_code_list_has_one_label_a_code():
    for name in {column.codes for _, column in FIELDS if column.codes}:
        codes = code_list(name)
        assert len(codes.labels) == len(codes.rows)
        assert len(set(codes.labels.values())) == len(codes.rows), name
        assert all("|" not in code for code in codes.labels)


def test_every_thematique_belongs_to_one_everyday_verb():
    verbs = code_list("themes_vie").labels
    thematiques = code_list("thematiques").labels
    assert {life_theme_of(code) for code in thematiques} <= set(verbs)
    assert life_theme_of("inconnue") is None


def test_an_unknown_code_is_shown_as_it_stands():
    assert code_list("frais").label("inconnu") == "inconnu"


def test_a_table_or_field_that_is_not_declared_is_named_in_the_error():
    with pytest.raises(KeyError, match="inconnue"):
        table("inconnue")
    with pytest.raises(KeyError, match=r"acteur\.inconnu"):
        table("acteur")["inconnu"]


@pytest.mark.parametrize(("declared", "column"), of(lambda c: not c.internal))
def test_every_field_that_people_see_has_a_word_of_help(declared, column):
    assert column.help.strip(), f"{declared.name}.{column.name}"
