"""The directory: what is said of each actor, to whom, and that nothing is lost or leads astray."""

import re
from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from tisserand.guide.composing.addresses import contact_link, mail_link, shown, web_link
from tisserand.guide.composing.book import Link, Text
from tisserand.layers import geopackage

SECTION = "Annuaire des acteurs"
HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀 =1+1"


def texts(book, section=SECTION):
    return [o for page in book.pages if page.section == section for o in page.operations if isinstance(o, Text)]


def words(book, section=SECTION):
    return " ".join(text.words for text in texts(book, section))


def first_actor(store):
    return geopackage.read_rows(store, "acteur")[0]["uuid"]


def add_service(store, **fields):
    row = {"uuid": str(uuid5(NAMESPACE_URL, fields["nom"])), "acteur_uuid": first_actor(store), **fields}
    geopackage.write_rows(store, {"service": [row]})


def test_an_entry_says_what_helps_to_come(make_store, make_book):
    row = {
        "at": (0, 0),
        "nom": "La Remise",
        "description": "On y répare ensemble.",
        "publics": "seniors|familles",
        "frais": "gratuit",
        "horaires_accueil": "Tu,Fr 14:00-17:30",
        "adresse": "3 rue de l'Essai",
        "complement_adresse": "fond de cour",
        "code_postal": "92000",
        "moyens_partageables": "Un établi",
        "recherche": "Un étau",
        "site_web": "https://remise.example/",
        "accessibilite_lieu": "https://acces.example/remise",
        "reseaux_porteurs": "aci",
        "itinerant": True,
        "tournee": "Le lundi au marché",
        "date_visite": date(2026, 4, 2),
    }
    said = words(make_book(make_store([row]), ["annuaire"]))
    for part in (
        "La Remise",
        "On y répare ensemble.",
        "séniors, familles · gratuit",
        "Mardi, vendredi 14",
        "3 rue de l'Essai, fond de cour, 92000 Commune A1",
        "Un établi",
        "Un étau",
        "remise.example",
        "acces.example/remise",
        "Ateliers et Chantiers d’Insertion",
        "Le lundi au marché",
        "02/04/2026",
    ):
        assert part in said, part


def test_a_service_is_named_with_its_fee_conditions_and_way_in(make_store, make_book):
    store = make_store([{"at": (0, 0)}])
    add_service(
        store,
        nom="Rendez-vous budget",
        description="Quatre rendez-vous d'une heure",
        frais="payant",
        frais_precisions="2 euros",
        conditions_acces="Sur orientation",
        modes_mobilisation="telephoner",
        horaires_accueil="Mo 09:00-12:00",
        publics="familles",
    )
    said = words(make_book(store, ["annuaire"]))
    assert "Rendez-vous budget" in said
    assert "Quatre rendez-vous d'une heure. Pour : familles. Payant (2 euros). Sur orientation. Lundi 9" in said
    assert "Téléphoner." in said


def test_telephone_and_mail_appear_only_with_consent(make_store, make_book):
    contact = {"telephone": "01 99 00 00 00", "courriel": "contact@essai.example"}
    closed, opened = {"at": (0, 0), **contact}, {"at": (0, 0), **contact, "contact_publiable": True}
    opened["consentement_le"] = date(2026, 1, 1)
    for audience in ("public", "pro", "interne"):
        said = words(make_book(make_store([closed], name=f"a-{audience}.gpkg"), ["annuaire"], audience=audience))
        assert "01 99" not in said
        assert "@" not in said
    book = make_book(make_store([opened]), ["annuaire"])
    assert "01 99 00 00 00 · contact@essai.example" in words(book)
    assert Link(uri="mailto:contact@essai.example") in {text.link for text in texts(book)}


def test_professionals_read_more_than_inhabitants(make_store, make_book):
    row = {"at": (0, 0), "siret": "12345678901234", "forme_juridique": "Association", "capacite": 40}
    store = make_store([row])
    public, pro = (words(make_book(store, ["annuaire"], audience=audience)) for audience in ("public", "pro"))
    for part in ("SIRET", "Association", "40 places"):
        assert part not in public
        assert part in pro


def test_a_stale_record_is_marked(make_store, make_book):
    said = words(make_book(make_store([{"at": (0, 0), "date_visite": date(2020, 1, 1)}]), ["annuaire"]))
    assert "Fiche à revoir" in said


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "https://a b", "data:text/html,x", "x"]
)
def test_what_is_no_address_of_the_web_is_printed_and_leads_nowhere(make_store, make_book, address):
    book = make_book(make_store([{"at": (0, 0), "site_web": address}]), ["annuaire"])
    assert not [text for text in texts(book) if text.link and text.link.uri]
    assert shown(address) in words(book)


def test_addresses_become_links_only_where_they_are_safe():
    assert web_link(" https://essai.example/a?b=c ") == Link(uri="https://essai.example/a?b=c")
    assert mail_link("a.b@essai.example") == Link(uri="mailto:a.b@essai.example")
    assert contact_link("mailto:a@essai.example") == Link(uri="mailto:a@essai.example")
    assert web_link("https://" + "x" * 3000) is None
    assert mail_link("a@essai.example?bcc=b@c.example") is None
    assert shown("https://essai.example/") == "essai.example"


def test_a_description_of_twenty_thousand_letters_flows_and_every_word_is_set_once(make_store, make_book):
    long = " ".join(f"mot{number}" for number in range(2500))
    assert len(long) > 18_000
    rows = [{"at": (0, 0), "nom": "Bavard", "description": long}, {"at": (0, 0), "nom": "Zélé"}]
    book = make_book(make_store(rows), ["annuaire"])
    assert re.findall(r"mot\d+", words(book)) == long.split()
    assert "Zélé" in words(book)


def test_words_of_two_hundred_letters_and_hostile_text_are_set_as_they_are(make_store, make_book):
    fields = ("description", "adresse", "moyens_partageables", "recherche", "horaires_accueil", "complement_adresse")
    rows = [
        {"at": (0, 0), "nom": "y" * 150} | dict.fromkeys(fields, "x" * 200),
        {"at": (0, 0), "nom": HOSTILE} | dict.fromkeys(fields, HOSTILE),
    ]
    said = words(make_book(make_store(rows), ["annuaire"]))
    assert said.count("[% @project_path %] <b>gras</b>") == 1 + len(fields)
    assert "x" * 200 in said.replace(" ", "")


def test_an_entry_names_the_page_of_its_monograph_and_only_when_it_is_in_the_book(make_store, make_book):
    store = make_store([{"at": (0, 0), "nom": "La Remise"}])
    row = {"uuid": str(uuid5(NAMESPACE_URL, "m")), "titre": "Réparer", "acteur_uuid": first_actor(store)}
    geopackage.write_rows(store, {"monographie": [row | {"diffusion": "public"}]})
    book = make_book(store, ["monographies", "annuaire"])
    page = book.page_numbers()[f"monographie-{row['uuid']}"]
    assert f"page {page}" in words(book)
    assert "Monographie" not in words(make_book(store, ["annuaire"]))


def test_every_actor_has_one_entry_at_its_anchor(make_store, make_book):
    rows = [{"at": (i % 3, i % 2), "nom": f"Acteur {i:03}", "description": "mot " * (i % 90)} for i in range(150)]
    book = make_book(make_store(rows), ["annuaire"])
    numbers = book.page_numbers()
    for number in range(1, 151):
        page = book.pages[numbers[f"acteur-{number}"] - 1]
        assert f"Acteur {number - 1:03}" in [o.words for o in page.operations if isinstance(o, Text)]


def test_town_halls_are_listed_by_commune_with_their_telephone(make_store, make_book):
    hall = {"type_initiative": "mairie", "source": "mairies", "telephone": "01 99 00 00 01"}
    rows = [
        {"at": (2, 0), "nom": "Mairie C1", "adresse": "1 place", **hall},
        {"at": (0, 0), "nom": "Mairie A1", **hall},
    ]
    book = make_book(make_store(rows), ["annuaire", "mairies"])
    said = words(book, "Mairies")
    assert said.index("Commune A1 Adresse non renseignée 01 99") < said.index("Commune C1 1 place 01 99")
    assert "Annuaire des acteurs" not in [page.section for page in book.pages]


def test_the_head_of_each_page_names_the_first_and_the_last_who_begin_there(make_store, make_book):
    rows = [{"at": (0, 0), "nom": f"Acteur {i:03}", "description": "mot " * 40} for i in range(60)]
    book = make_book(make_store(rows), ["annuaire"])
    pages = [page for page in book.pages if page.section == SECTION]
    assert len(pages) > 3
    for page in pages:
        begun = [int(anchor.split("-")[1]) - 1 for anchor in page.anchors if anchor.startswith("acteur-")]
        heads = [o.lines[0] for o in page.operations if isinstance(o, Text) and o.box.y < 12 and o.align == "right"]
        assert heads == [f"Acteur {begun[0]:03} – Acteur {begun[-1]:03}"]
