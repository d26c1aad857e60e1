"""The fictional catalogue."""

import re
from collections import Counter, defaultdict
from itertools import combinations

import pytest

from tisserand.layers.confidentiality import DEFAULT_THRESHOLD
from tisserand.layers.demo.catalogue import read_catalogue
from tisserand.layers.model.codes import code_list, life_theme_of
from tisserand.layers.model.tables import table
from tisserand.processing.analysis.text import tfidf

CATALOGUE = read_catalogue()
SHEETS = {
    "acteur": CATALOGUE.actors,
    "service": CATALOGUE.services,
    "lien": CATALOGUE.links,
    "visite": CATALOGUE.visits,
    "besoin": CATALOGUE.needs,
}
TEXTS = [
    row[column]
    for rows in SHEETS.values()
    for row in rows
    for column in ("nom", "libelle", "description", "moyens_partageables", "recherche", "compte_rendu", "suite")
    if row.get(column)
]
FICTION = re.compile(r"0(1 99 00|2 61 91|3 53 01|4 65 71|5 36 49|6 39 98) \d\d \d\d")


def test_every_data_inclusion_thematique_belongs_to_exactly_one_verb():
    rows = code_list("thematiques").rows
    assert len(rows) == len({row["code"] for row in rows}) == 69
    assert {row["theme_vie"] for row in rows} == set(code_list("themes_vie").labels)


@pytest.mark.parametrize("name", SHEETS)
def test_every_code_of_the_catalogue_is_in_its_list(name):
    unknown = [
        (row.get("cle"), field.name, code)
        for field in table(name).fields
        if field.codes
        for row in SHEETS[name]
        for code in (row.get(field.name) or "").split("|" if field.multiple else None)
        if code not in code_list(field.codes).labels
    ]
    assert [entry for entry in unknown if entry[2]] == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_reference_of_the_catalogue_names_an_actor(name):
    keys = {row["cle"] for row in CATALOGUE.actors}
    named = {row[column] for row in SHEETS[name] for column in ("acteur", "de", "vers", "pres_de") if row.get(column)}
    assert named <= keys


def test_keys_and_names_are_said_once():
    for rows in (CATALOGUE.actors, CATALOGUE.needs):
        assert max(Counter(row["cle"] for row in rows).values()) == 1
    assert max(Counter(row["nom"] for row in CATALOGUE.actors).values()) == 1
    assert max(Counter(row["libelle"] for row in CATALOGUE.needs).values()) == 1


def test_the_catalogue_is_as_large_as_a_guide_needs():
    assert 115 <= len(CATALOGUE.actors) <= 130
    assert 140 <= len(CATALOGUE.needs) <= 160


def test_every_kind_of_initiative_is_there_and_town_halls_are_not():
    kinds = {row["type_initiative"] for row in CATALOGUE.actors}
    assert kinds == set(code_list("types_initiative").labels) - {"mairie"}


def test_actors_are_described_within_the_limits():
    longest_commune = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
    for row in CATALOGUE.actors:
        assert 3 <= len(row["nom"].replace("{commune}", longest_commune)) <= 150, row["cle"]
        assert not row["nom"].endswith("."), row["cle"]
        assert 200 <= len(row["description"]) <= 500, row["cle"]
        assert row["description"].endswith("."), row["cle"]


def test_the_themes_of_an_actor_agree_with_its_thematiques():
    for row in CATALOGUE.actors:
        themes, details = row["themes_vie"].split("|"), row["thematiques"].split("|")
        assert row["theme_principal"] == themes[0], row["cle"]
        assert 1 <= len(themes) == len(set(themes)) <= 3, row["cle"]
        assert 1 <= len(details) == len(set(details)) <= 4, row["cle"]
        assert {life_theme_of(code) for code in details} == set(themes), row["cle"]


def test_the_thematiques_of_a_need_are_of_its_theme():
    strangers = [
        row["cle"]
        for row in CATALOGUE.needs
        if {life_theme_of(code) for code in row["thematiques"].split("|")} != {row["theme_vie"]}
    ]
    assert strangers == []


def test_everybody_excludes_any_other_public():
    for rows in SHEETS.values():
        assert not [r for r in rows if "tous-publics" in (r.get("publics") or "") and r["publics"] != "tous-publics"]


def test_no_telephone_can_ring_and_no_address_can_be_reached():
    for row in CATALOGUE.actors:
        assert row["telephone"] is None or FICTION.fullmatch(row["telephone"]), row["cle"]
        assert row["courriel"] is None or row["courriel"].endswith(".example"), row["cle"]
        assert row["site_web"] is None or re.fullmatch(r"https://[a-z0-9-]+\.example", row["site_web"]), row["cle"]


def test_only_the_double_has_the_telephone_of_another():
    shared = defaultdict(list)
    for row in CATALOGUE.actors:
        shared[row["telephone"]].append(row)
    doubles = [rows for phone, rows in shared.items() if phone and len(rows) > 1]
    assert [[rows[0]["cle"], *(row["pres_de"] for row in rows[1:])] for rows in doubles] == [["repair-fer-souder"] * 2]


def test_contact_is_publishable_only_where_somebody_went_and_the_public_may_read():
    for row in CATALOGUE.actors:
        if row["contact_publiable"]:
            assert row["statut_recensement"] in ("visite", "valide"), row["cle"]
            assert row["diffusion"] != "interne", row["cle"]
            assert row["telephone"] or row["courriel"], row["cle"]


def test_opening_hours_are_openstreetmaps():
    opening_hours = pytest.importorskip("opening_hours")
    for row in CATALOGUE.actors:
        if row["horaires_accueil"]:
            assert opening_hours.OpeningHours(row["horaires_accueil"]), row["cle"]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("['\"]|\\.\\.\\.", id="a typewriter's sign"),
        pytest.param("  |^ | $", id="a space too many"),
        pytest.param("[^\u00a0][;:!?»%]|«[^\u00a0]", id="no unbreakable space at double signs"),
        pytest.param(r"\d (€|%|h\b|km?\b|kg\b|m²|\d{3})", id="a breakable space before a unit"),
        pytest.param("^[a-zàâçéèêëîïôöùûü]", id="a small letter at the beginning"),
    ],
)
def test_french_is_set_as_a_printer_would(fault):
    assert [text for text in TEXTS if re.search(fault, text)] == []


def test_needs_name_no_place_and_stay_on_one_line():
    for row in CATALOGUE.needs:
        assert len(row["libelle"]) <= 90, row["cle"]
        assert not re.search(r"[{\n]", row["libelle"]), row["cle"]


def test_needs_fall_on_both_sides_of_the_confidentiality_threshold():
    counts = [row["nb_situations"] for row in CATALOGUE.needs]
    assert min(counts) >= 1
    assert max(counts) <= 60
    assert sum(count < DEFAULT_THRESHOLD for count in counts) >= len(counts) / 4
    assert sum(count >= DEFAULT_THRESHOLD for count in counts) >= len(counts) / 4


def test_where_offer_is_scarce_needs_are_not():
    offers = Counter(row["theme_principal"] for row in CATALOGUE.actors)
    needs = Counter(row["theme_vie"] for row in CATALOGUE.needs)
    assert {"clothe", "fund"} == {theme for theme, count in offers.items() if count < 5}
    assert min(needs["clothe"], needs["fund"]) >= 10
    assert set(offers) == set(needs) == set(code_list("themes_vie").labels)


def test_some_sheets_are_stale_unvisited_refused_closed_or_kept_from_the_public():
    status = Counter(row["statut_recensement"] for row in CATALOGUE.actors)
    assert (status["refus"], status["ferme"]) == (2, 2)
    assert status["repere"] >= 10
    assert sum((row["visite_mois"] or 0) > 24 for row in CATALOGUE.actors) >= 8
    assert {row["diffusion"] for row in CATALOGUE.actors} == set(code_list("diffusions").labels)
    assert 10 <= sum(row["capacite"] is None for row in CATALOGUE.actors) <= 30
    assert all((row["visite_mois"] is None) == (row["statut_recensement"] == "repere") for row in CATALOGUE.actors)


def test_members_of_a_family_read_more_alike_than_strangers_do():
    families = [row["famille"] for row in CATALOGUE.actors]
    assert len(set(families) - {None}) >= 8
    matrix = tfidf([row["description"] for row in CATALOGUE.actors]).matrix
    likeness = (matrix @ matrix.T).toarray()
    strangers = [likeness[i, j] for i, j in combinations(range(len(families)), 2) if families[i] != families[j]]
    typical = sum(strangers) / len(strangers)
    for family in set(families) - {None}:
        members = [i for i, name in enumerate(families) if name == family]
        assert len(members) >= 3
        for i in members:
            closest = max(likeness[i, j] for j in members if j != i)
            assert closest > 4 * typical, (family, CATALOGUE.actors[i]["cle"])
