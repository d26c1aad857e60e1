"""Similar initiatives, networks and links between actors, in the book."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from tisserand.guide.composing.book import MapFrame
from tisserand.guide.composing.faults import faults
from tisserand.guide.reading import read_content
from tisserand.layers import geopackage
from tisserand.layers.result_tables import (
    GROUPS,
    INITIATIVES,
    LINKS,
    NETWORK_LINKS,
    NETWORK_MEMBERS,
    NETWORKS,
)

SQUARE = "POLYGON ((640000 6860000, 642000 6860000, 642000 6862000, 640000 6862000, 640000 6860000))"
LINE = "LINESTRING (640000 6860000, 642000 6862000)"
HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀 \u202e" + "x" * 200


def uuid(order, table="acteur"):
    return str(uuid5(NAMESPACE_URL, f"{table}|{order}"))


def read(store, audience="public"):
    return read_content(store, edition="2026", audience=audience, level="", printed_on=date(2026, 11, 1))


def words_of(book):
    return "\n".join(o.words for page in book.pages for o in page.operations if hasattr(o, "lines"))


def actors(count, **fields):
    return [{"at": (order % 3, order // 3 % 2), "nom": f"Acteur {order}", **fields} for order in range(count)]


@pytest.fixture
def similar_store(make_store, write_result):
    """Return a maker of a store where the actors of one group resemble each other."""

    def make(rows, links=(), size=None):
        store = make_store(rows)
        members = range(len(rows) if size is None else size)
        write_result(store, INITIATIVES, [{"uuid": uuid(order), "groupe": 1} for order in members])
        group = {"groupe": 1, "themes": "feed", "termes": "soupe|secret", "rayon_m": 900.0, "solidite": "stable"}
        write_result(store, GROUPS, [{**group, "medoide": uuid(0), "geom": SQUARE}])
        pairs = [(a, b) for a in members for b in members if a < b]
        write_result(
            store,
            LINKS,
            [
                {"de": uuid(a), "vers": uuid(b), "s": 1 / (1 + a + b), "raison": f"Raison {a}-{b}", "geom": LINE}
                for a, b in pairs
            ],
        )
        if links:
            rows = [
                {"uuid": uuid(n, "lien"), "de_uuid": uuid(a), "vers_uuid": uuid(b), "nature": "partenaire"}
                | {"commentaire": "Entre nous"}
                for n, (a, b) in enumerate(links)
            ]
            geopackage.write_rows(store, {"lien": rows})
        return store

    return make


@pytest.fixture
def network_store(make_store, write_result):
    """Return a maker of a store where all actors make one network, linked one after the other."""

    def make(rows, needs=(), kind="complementaire", told="", pilot=0):
        store = make_store(rows, needs)
        orders = range(len(rows))
        members = [{"uuid": uuid(o), "reseau": 7, "intermediaire": 0.5} for o in orders]
        write_result(store, NETWORK_MEMBERS, members)
        network = {"reseau": 7, "n": len(rows), "pilote_id": uuid(pilot), "solidite": "nette", "geom": SQUARE}
        network |= {"manque": "clothe", "raison": "manque : S'habiller (3 personnes)"}
        write_result(store, NETWORKS, [network])
        write_result(
            store,
            NETWORK_LINKS,
            [
                {"de": uuid(o), "vers": uuid(o + 1), "de_nom": f"Acteur {o}", "vers_nom": f"Acteur {o + 1}"}
                | {"type": kind, "force": 1.0, "metres": 1200.0, "retenu": "mutuel", "reseau": 7, "geom": LINE}
                | {"raison": told or "3 personnes demandent"}
                for o in orders[:-1]
            ],
        )
        return store

    return make


def test_without_its_analysis_a_section_has_no_page_and_a_warning_names_what_to_run(make_store, make_book):
    book = make_book(make_store(actors(3)), ["semblables", "reseaux"])
    assert {page.section for page in book.pages} == {"Couverture"}
    assert sum("Initiatives semblables" in warning for warning in book.warnings) == 1
    assert sum("Réseaux d'acteurs" in warning for warning in book.warnings) == 1


def test_a_pair_that_a_link_unites_is_no_longer_to_introduce(similar_store, make_book):
    words = words_of(make_book(similar_store(actors(3), links=[(1, 0)]), ["semblables", "annuaire"]))
    assert "Raison 0-1" not in words
    assert "Raison 0-2" in words
    assert "Raison 1-2" in words


def test_when_all_are_introduced_there_is_nothing_to_introduce(similar_store, make_book):
    book = make_book(similar_store(actors(2), links=[(0, 1)]), ["semblables"])
    assert "À relier" not in words_of(book)
    assert "Toutes déjà reliées" in words_of(book)


def test_each_is_to_be_introduced_to_the_most_alike_and_the_most_alike_pairs_stand_first(similar_store):
    from tisserand.guide.sections.similar import to_introduce

    content = read(similar_store(actors(3)))
    assert [bond.reason for bond in to_introduce(content.similar, [])] == ["Raison 0-1", "Raison 0-2"]


def test_a_group_tells_nothing_of_members_the_readers_may_not_know(similar_store):
    rows = actors(3, description="une soupe")
    rows[2] |= {"diffusion": "interne", "description": "un secret"}
    store = similar_store(rows)
    public, inside = read(store).similar[0], read(store, "interne").similar[0]
    assert (len(public.members), len(inside.members)) == (2, 3)
    assert (public.words, inside.words) == (("soupe",), ("soupe", "secret"))
    assert public.hull != inside.hull
    assert public.radius != inside.radius
    assert [bond.reason for bond in public.bonds] == ["Raison 0-1"]


def test_the_reasons_of_a_network_are_made_from_what_its_members_say(network_store, make_book):
    rows = actors(2)
    rows[0] |= {"theme_principal": "feed", "themes_vie": "feed", "publics": "jeunes"}
    rows[1] |= {"theme_principal": "house", "themes_vie": "house", "publics": "jeunes"}
    words = words_of(make_book(network_store(rows), ["reseaux", "annuaire"]))
    assert "le premier apporte Se nourrir\u00a0; le second Se loger" in words
    assert "même public" in words


def test_what_one_looks_for_and_the_other_shares_is_said_only_in_the_direction_that_was_found(network_store, make_book):
    rows = actors(2)
    rows[0] |= {"recherche": "Une salle", "moyens_partageables": "Un camion"}
    rows[1] |= {"recherche": "Un four", "moyens_partageables": "Une grange"}
    words = words_of(
        make_book(network_store(rows, kind="moyens", told="« Acteur 0 » recherche « Une salle »"), ["reseaux"])
    )
    assert "Acteur 0 cherche «\u00a0Une salle\u00a0», Acteur 1 partage «\u00a0Une grange\u00a0»" in words
    assert "Acteur 1 cherche" not in words


def test_no_number_of_the_analysis_reaches_the_page(network_store, make_book):
    needs = [{"at": (0, 0), "theme_vie": "clothe", "nb_situations": 3}]
    words = words_of(make_book(network_store(actors(2), needs), ["reseaux"]))
    assert "personnes" not in words
    assert "besoins masqués\u00a0: " in words


def test_what_is_asked_and_nobody_brings_has_the_published_number(network_store, make_book):
    needs = [{"at": (0, 0), "theme_vie": "clothe", "nb_situations": 40}]
    words = words_of(make_book(network_store(actors(1) + actors(2)[1:], needs), ["reseaux"]))
    assert "S'habiller (40\u00a0situations chez eux)" in words


def test_a_pilot_the_readers_may_not_know_is_not_named_and_the_rest_says_there_are_others(network_store, make_book):
    rows = actors(3)
    rows[0] |= {"diffusion": "interne"}
    store = network_store(rows)
    public, inside = (
        words_of(make_book(store, ["reseaux"])),
        words_of(make_book(store, ["reseaux"], audience="interne")),
    )
    assert "Acteur 0" not in public
    assert "que cette édition ne nomme pas" in public
    assert "Pilote possible\u00a0: Acteur 0" in inside


def test_links_people_noted_are_listed_and_their_comments_are_not_for_the_public(similar_store, make_book):
    store = similar_store(actors(3), links=[(2, 0)])
    public, pro = (words_of(make_book(store, ["reseaux"], audience=who)) for who in ("public", "pro"))
    assert "Partenaires" in public
    assert "Entre nous" not in public
    assert "Entre nous" in pro


def test_members_and_pairs_carry_their_page_in_the_directory(similar_store, make_book):
    book = make_book(similar_store(actors(3)), ["semblables", "annuaire"])
    page = book.page_numbers()["acteur-1"]
    assert f"Acteur 0 (n°\u00a01, p.\u00a0{page})" in words_of(book)


def test_a_table_that_goes_on_has_one_element_and_a_head_on_each_page(similar_store, make_book):
    book = make_book(similar_store(actors(48)), ["semblables"])
    tables = [place for place, element in enumerate(book.elements) if element.kind == "Table"]
    assert len(tables) == 1
    heads = [
        number
        for number, page in enumerate(book.pages)
        for o in page.operations
        if getattr(o, "words", "") == "Ce qui les rapproche"
    ]
    assert len(heads) > 1
    assert sum(element.kind == "TH" and element.scope == "Column" for element in book.elements) == 3


@pytest.mark.parametrize("section", ["reseaux", "semblables"])
def test_hostile_names_make_pages_without_a_fault(section, request, make_book):
    rows = [{**row, "nom": f"{HOSTILE[: 140 - order]}{order}"} for order, row in enumerate(actors(4))]
    make = request.getfixturevalue({"reseaux": "network_store", "semblables": "similar_store"}[section])
    book = make_book(make(rows), [section, "annuaire"])
    assert faults(book) == []
    assert "[% @project_path %]" in words_of(book)


@pytest.mark.parametrize("count", [2, 120])
def test_large_and_small_networks_fill_their_pages(network_store, make_book, count):
    book = make_book(network_store(actors(count)), ["reseaux"])
    assert faults(book) == []
    maps = [o for page in book.pages for o in page.operations if isinstance(o, MapFrame) and o.subject == "networks"]
    assert len(maps) == 1
    assert "1 réseau possible" in maps[0].alternative


def test_the_order_of_the_rows_changes_nothing(similar_store, make_store, write_result, make_book):
    rows = actors(4)
    one = make_book(similar_store(rows), ["semblables"]).to_dict()
    store = make_store(rows, name="autre.gpkg")
    pairs = [(a, b) for a in range(4) for b in range(4) if a < b]
    write_result(store, INITIATIVES, [{"uuid": uuid(o), "groupe": 1} for o in reversed(range(4))])
    group = {"groupe": 1, "themes": "feed", "termes": "soupe|secret", "rayon_m": 900.0, "solidite": "stable"}
    write_result(store, GROUPS, [{**group, "medoide": uuid(0), "geom": SQUARE}])
    links = [
        {"de": uuid(a), "vers": uuid(b), "s": 1 / (1 + a + b), "raison": f"Raison {a}-{b}", "geom": LINE}
        for a, b in pairs
    ]
    write_result(store, LINKS, links[::-1])
    assert make_book(store, ["semblables"]).to_dict() == one
