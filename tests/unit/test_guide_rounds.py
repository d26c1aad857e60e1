"""Whom to meet, in which order, and what is to be asked."""

from datetime import date

import pytest

from tisserand.guide.composing.book import Text
from tisserand.guide.composing.settings import Settings
from tisserand.guide.poster.rounds import INTERNAL, in_order, round_sheet, steps
from tisserand.guide.reading import read_content
from tisserand.guide.reading.rounds import ALL, BOTH, NEVER, STALE, read_round
from tisserand.layers.errors import TisserandError
from tisserand.layers.geopackage import read_rows, write_rows

SECTOR, PERSON, OTHER = (f"00000000-0000-5000-8000-00000000000{n}" for n in (1, 2, 3))
HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀"


def content_of(store):
    return read_content(store, edition="2026", audience="interne", level="", printed_on=date(2026, 11, 1))


@pytest.fixture
def find(make_store):
    """Return a function that gives the content and the round of a store with one sector and two correspondents."""

    def make(actors, sector="", correspondent="", which=ALL):
        store = make_store(actors)
        shape = {"geom": read_rows(store, "territoire")[0]["geom"]}
        write_rows(
            store, {"secteur": [{"uuid": SECTOR, "code": "S-1", "nom": "Secteur Un", "membres": "92000|92001"} | shape]}
        )
        people = [
            {"uuid": PERSON, "identifiant": "CIS-1", "secteur_uuid": SECTOR, "actif": True},
            {"uuid": OTHER, "identifiant": "CIS-2", "actif": True},
        ]
        write_rows(store, {"correspondant": people})
        content = content_of(store)
        return content, read_round(content, store, sector, correspondent, which)

    return make


def names(found):
    return [visit.actor.name for visit in found.visits]


ACTORS = [
    {"at": (0, 0), "nom": "Jamais vu"},
    {"at": (0, 1), "nom": "Vu récemment", "date_visite": date(2026, 9, 1)},
    {"at": (1, 0), "nom": "Vu il y a longtemps", "date_visite": date(2020, 1, 1)},
    {"at": (1, 1), "nom": "À revoir", "date_visite": date(2026, 5, 1), "revoir_avant": date(2026, 6, 1)},
    {"at": (0, 0), "nom": "Refus", "statut_recensement": "refus"},
    {"at": (0, 0), "nom": "Mairie", "type_initiative": "mairie"},
]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (ALL, ["À revoir", "Jamais vu", "Vu il y a longtemps", "Vu récemment"]),
        (NEVER, ["Jamais vu"]),
        (STALE, ["À revoir", "Vu il y a longtemps"]),
        (BOTH, ["À revoir", "Jamais vu", "Vu il y a longtemps"]),
    ],
)
def test_only_those_to_be_met_are_on_it_and_never_the_closed_nor_town_halls(find, which, expected):
    assert names(find(ACTORS, which=which)[1]) == expected


def test_a_sector_keeps_its_communes(find):
    found = find(ACTORS, sector="s-1")[1]
    assert names(found) == ["Jamais vu", "Vu récemment"]
    assert found.name == "Secteur Un"


def test_a_correspondent_keeps_the_sector_without_what_a_colleague_follows(make_store):
    store = make_store([{"at": (0, 0), "nom": "Libre"}, {"at": (0, 0), "nom": "Suivi"}, {"at": (2, 0), "nom": "Loin"}])
    shape = {"geom": read_rows(store, "territoire")[0]["geom"]}
    write_rows(store, {"secteur": [{"uuid": SECTOR, "code": "S-1", "nom": "Secteur Un", "membres": "92000"} | shape]})
    people = [{"uuid": PERSON, "identifiant": "CIS-1", "secteur_uuid": SECTOR}, {"uuid": OTHER, "identifiant": "CIS-2"}]
    write_rows(store, {"correspondant": people})
    content = content_of(store)
    assert names(read_round(content, store, "", "CIS-1", ALL)) == ["Libre", "Suivi"]


@pytest.mark.parametrize(("sector", "person"), [("S-9", ""), ("", "CIS-9")])
def test_an_unknown_code_is_answered_with_those_there_are(find, sector, person):
    with pytest.raises(TisserandError, match="S-1" if sector else "CIS-1, CIS-2"):
        find(ACTORS, sector=sector, correspondent=person)


def test_each_stop_is_the_nearest_of_those_that_are_left(find):
    visits = find([{"at": (i % 3, i % 2), "nom": f"Acteur {i}"} for i in range(12)])[1].visits
    start = (visits[3].actor.x + 1, visits[3].actor.y)
    ordered = in_order(visits, start)
    assert ordered[0] == visits[3]
    assert sorted(visit.actor.uuid for visit in ordered) == sorted(visit.actor.uuid for visit in visits)
    for place, distance in enumerate(steps(ordered, start)[1:], 1):
        before = ordered[place - 1].actor
        left = ordered[place:]
        nearest = min(((v.actor.x - before.x) ** 2 + (v.actor.y - before.y) ** 2) ** 0.5 for v in left)
        assert distance == pytest.approx(nearest)


def test_the_order_does_not_depend_on_that_of_the_rows(find):
    visits = find([{"at": (i % 3, i % 2), "nom": f"Acteur {i}"} for i in range(9)])[1].visits
    assert in_order(visits) == in_order(sorted(visits, key=lambda visit: visit.actor.name))
    assert in_order([]) == []


def test_what_a_record_lacks_is_asked_and_what_it_says_is_not(find):
    whole = {
        "telephone": "0100000000",
        "contact_publiable": True,
        "consentement_le": date(2026, 1, 1),
        "adresse": "1 rue",
        "description": "Longue description. " * 5,
        "horaires_accueil": "24/7",
        "publics": "seniors",
        "frais": "gratuit",
        "capacite": 4,
        "accessibilite_lieu": "https://exemple.test",
        "moyens_partageables": "Salle",
        "recherche": "Rien",
        "site_web": "https://exemple.test",
    }
    found = find([{"at": (0, 0), "nom": "Entier", **whole}, {"at": (0, 0), "nom": "Vide"}])[1]
    asked = {visit.actor.name: visit.asked for visit in found.visits}
    assert asked["Entier"] == ()
    assert asked["Vide"][0].startswith("Un téléphone")
    assert len(asked["Vide"]) == 8


@pytest.mark.parametrize("count", [0, 1, 7, 120])
def test_the_sheet_says_on_each_page_that_it_is_internal_and_names_every_stop(find, monospace, count):
    actors = [{"at": (i % 3, i % 2), "nom": f"Acteur {i}", "description": HOSTILE} for i in range(count)]
    content, found = find(actors)
    ordered = in_order(found.visits)
    book = round_sheet(content, monospace, Settings(), found, ordered, None)
    for page in book.pages:
        assert any(isinstance(one, Text) and one.words == INTERNAL for one in page.operations)
    headings = [e.kind for e in book.elements].count("H2")
    assert headings == (count + 1 if count else 0)


def test_no_contact_after_an_objection_and_no_need_is_on_the_sheet(find, monospace):
    content, found = find(
        [{"at": (0, 0), "nom": "Discret", "telephone": "0199999999", "opposition_le": date(2026, 1, 1)}]
    )
    book = round_sheet(content, monospace, Settings(), found, found.visits, (640000.0, 6860000.0))
    said = " ".join(one.words for page in book.pages for one in page.operations if isinstance(one, Text))
    assert "0199999999" not in said
    assert "situation" not in said
    assert "Discret" in said


def test_very_long_names_and_words_are_set(find, monospace):
    content, found = find(
        [{"at": (0, 0), "nom": "Donaudampfschiff" * 9, "adresse": "rue " * 60, "horaires_accueil": "x" * 200}]
    )
    assert len(round_sheet(content, monospace, Settings(), found, found.visits, None).pages) >= 2
