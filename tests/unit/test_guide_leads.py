"""Project leads, projects under way, proposed places and full actors, in the book."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from tisserand.guide.composing.book import MapFrame
from tisserand.guide.composing.faults import faults
from tisserand.guide.facts.leads import LACKING, MET, UNKNOWN, conditions, lacking
from tisserand.guide.reading import read_content
from tisserand.layers import geopackage
from tisserand.layers.result_tables import (
    LEAD_MEMBERS,
    LEADS,
    MATCHED_ACTORS,
    MATCHED_NEEDS,
    MATCHES,
    NEW_SITES,
)

HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀 \u202e"
CELLS = [(x, y) for y in range(2) for x in range(3)]


def uuid(order, table="besoin"):
    return str(uuid5(NAMESPACE_URL, f"{table}|{order}"))


def code(at):
    return f"920{at[0]}{at[1]}"


def point(at):
    return f"POINT ({640_000 + 4_000 * (at[0] + 0.5)} {6_860_000 + 4_000 * (at[1] + 0.5)})"


def read(store, audience="public"):
    return read_content(store, edition="2026", audience=audience, level="", printed_on=date(2026, 11, 1))


def words_of(book):
    return "\n".join(o.words for page in book.pages for o in page.operations if hasattr(o, "lines"))


def lead(rank, counts, needs, places, write_to, **fields):
    """Add a lead of needs with these counts, each in its place, to the rows of the analysis."""
    leads, members = write_to
    codes = "|".join(sorted({code(at) for at in places}))
    leads.append(
        {"rang": rank, "theme": "feed", "personnes": float(sum(c or 0 for c in counts)), "codes": codes}
        | {"volontaires": 5.0, "contexte": "favorable", "lancable": True, "geom": point(places[0])}
        | {"raison": "Les trois conditions sont réunies ; 77777 personnes", "manque": "il manque 88888 personnes"}
        | fields
    )
    members += [
        {"uuid": uuid(order), "code_insee": code(at), "theme": "feed", "piste": rank, "geom": point(at)}
        | {"personnes": None if count is None else float(count), "recurrence": fields.get("recurrence", "permanent")}
        for order, count, at in zip(needs, counts, places)
    ]


@pytest.fixture
def lead_store(make_store, write_result):
    """Return a maker of a store with leads: each a list of (situations, place), with fields of its own."""

    def make(*given, actors=(), **settings):
        rows, tables = [], ([], [])
        for rank, (members, fields) in enumerate(given, 1):
            orders = range(len(rows), len(rows) + len(members))
            rows += [{"at": at, "nb_situations": count} for count, at in members]
            lead(rank, [c for c, _ in members], orders, [at for _, at in members], tables, **fields)
        store = make_store(actors, rows, **settings)
        write_result(store, LEADS, tables[0])
        write_result(store, LEAD_MEMBERS, tables[1])
        return store

    return make


LARGE = ([(40, (0, 0)), (30, (1, 0))], {})
SMALL = ([(4, (0, 1)), (3, (1, 1))], {})


def test_without_leads_projects_and_places_there_is_no_page_and_a_warning_names_what_to_run(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)}]), ["pistes"])
    assert {page.section for page in book.pages} == {"Couverture"}
    assert sum("Pistes de projet" in warning for warning in book.warnings) == 1


def test_a_lead_has_the_number_that_the_gate_lets_pass(lead_store, make_book):
    words = words_of(make_book(lead_store(LARGE), ["pistes"]))
    assert "70\u00a0situations" in words
    assert "1. Se nourrir" in words


def test_a_lead_below_the_threshold_is_not_printed_at_all_and_a_warning_says_how_many(lead_store, make_book):
    book = make_book(lead_store(LARGE, SMALL), ["pistes"])
    words = words_of(book)
    assert "2. Se nourrir" not in words
    assert "1 piste" in words
    withheld = [warning for warning in book.warnings if getattr(warning, "kind", "") == "withheld"]
    assert [warning.values for warning in withheld] == [{"count": 1}]


def test_leads_are_numbered_anew_so_that_no_gap_tells_of_one_withheld(lead_store):
    content = read(lead_store(SMALL, LARGE))
    assert [(lead.number, lead.name) for lead in content.leads] == [(1, "piste-2")]


def test_no_word_and_no_number_of_the_analysis_is_printed(lead_store, make_book):
    book = make_book(lead_store(LARGE), ["pistes"])
    words = words_of(book) + "".join(element.alternative for element in book.elements)
    assert "77777" not in words
    assert "88888" not in words
    assert "personnes prêtes" not in words.replace("des personnes prêtes", "")


def test_the_content_holds_no_number_of_a_lead_that_did_not_pass_the_gate(lead_store):
    content = read(lead_store(SMALL))
    assert content.leads == []
    assert not content.need_of("piste-1").value > 0


@pytest.mark.parametrize(
    ("fields", "found", "lacks"),
    [
        ({}, (MET, MET, MET), ""),
        ({"volontaires": 0.0, "lancable": False}, (MET, LACKING, MET), "des personnes prêtes à s'impliquer"),
        ({"volontaires": None, "lancable": False}, (MET, UNKNOWN, MET), "savoir si quelqu'un se propose"),
        ({"contexte": "inconnu", "lancable": False}, (MET, MET, UNKNOWN), "connaître le contexte local"),
        ({"contexte": "fragile", "lancable": False}, (MET, MET, LACKING), "d'autres appuis"),
        ({"contexte": "aucun appui", "lancable": False}, (MET, MET, LACKING), "un premier appui local"),
        ({"lancable": False}, (LACKING, MET, MET), "davantage de situations"),
    ],
)
def test_each_condition_is_met_lacking_or_not_known_and_what_is_lacking_is_said(lead_store, fields, found, lacks):
    (printed,) = read(lead_store((LARGE[0], fields))).leads
    assert conditions(printed) == found
    assert lacking(printed) == lacks


def test_needs_in_one_commune_alone_ask_for_another_one(lead_store):
    (printed,) = read(lead_store(([(40, (0, 0)), (30, (0, 0))], {"lancable": False}))).leads
    assert conditions(printed)[0] == LACKING
    assert lacking(printed) == "des besoins semblables dans une autre commune"


def test_needs_that_last_make_a_lasting_project_and_mixed_ones_leave_it_open(lead_store):
    store = lead_store((LARGE[0], {"recurrence": "permanent"}))
    assert [printed.lasting for printed in read(store).leads] == [True]


def test_a_lead_with_a_need_of_unknown_number_says_at_least_or_nothing(lead_store, make_book):
    store = lead_store(([(40, (0, 0)), (30, (1, 0)), (None, (2, 0))], {}))
    printed = read(store).leads
    assert all(found.at_least for found in printed)
    if printed:
        assert "au moins 70" in words_of(make_book(store, ["pistes"]))


def test_a_lead_stands_in_the_middle_of_its_communes_never_where_its_needs_are(lead_store, make_book):
    book = make_book(lead_store(LARGE), ["pistes"])
    (frame,) = [o for page in book.pages for o in page.operations if isinstance(o, MapFrame) and o.subject == "leads"]
    (spot,) = frame.spots
    # It is pushed aside by a hundredth of its size at most: here some metres.
    assert (spot.x, spot.y) == pytest.approx((644_000, 6_862_000), abs=20)


def test_leads_in_the_same_communes_have_marks_that_do_not_hide_each_other(lead_store, make_book):
    book = make_book(lead_store(*[([(40 + n, (0, 0)), (30, (1, 0))], {}) for n in range(6)]), ["pistes"])
    (frame,) = [o for page in book.pages for o in page.operations if isinstance(o, MapFrame) and o.subject == "leads"]
    west, _, east, _ = frame.ground
    scale = frame.box.w / (east - west)
    apart = [
        ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 * scale
        for place, one in enumerate(frame.spots)
        for other in frame.spots[:place]
    ]
    assert len(frame.spots) == 6
    assert min(apart) > 0.95 * frame.spots[0].size


def test_who_could_help_is_told_from_the_actors_of_the_communes(lead_store, make_book):
    actors = [
        {"at": (0, 0), "nom": "Soupe", "moyens_partageables": "Une salle"},
        {"at": (2, 1), "nom": "Loin", "moyens_partageables": "Un four"},
        {"at": (0, 0), "nom": "Secret", "diffusion": "interne"},
    ]
    store = lead_store(LARGE, actors=actors)
    words = words_of(make_book(store, ["pistes"]))
    assert "1 acteur de ce thème sur place (Soupe n°\u00a02)" in words
    assert "Loin" not in words
    assert "Secret" not in words


@pytest.fixture
def project():
    return {"uuid": uuid(0, "projet"), "titre": "Un four pour tous", "duree": "perenne", "etat_projet": "idee"} | {
        "theme_vie": "feed", "porteur_uuid": uuid(0, "acteur"), "nb_besoins": 31313, "nb_volontaires": 41414,
        "contexte": "La salle est libre.", "moyens_manquants": "Un four", "diffusion": "public", "statut": "valide",
    }  # fmt: skip


def test_a_project_has_its_state_its_carrier_and_no_number(make_store, make_book, project):
    store = make_store([{"at": (0, 0), "nom": "Soupe"}])
    geopackage.write_rows(store, {"projet": [project]})
    words = words_of(make_book(store, ["pistes", "annuaire"]))
    assert "Un four pour tous" in words
    assert "Idée, pérenne" in words
    assert "Soupe (n°\u00a01)" in words
    assert "Des personnes se sont proposées" in words
    assert "31313" not in words
    assert "41414" not in words


@pytest.mark.parametrize(
    "change",
    [{"diffusion": "interne"}, {"statut": "archive"}, {"etat_projet": "abandonne"}, {"etat_projet": "termine"}],
)
def test_a_project_that_is_over_or_not_for_these_readers_is_not_printed(make_store, make_book, project, change):
    store = make_store([{"at": (0, 0)}])
    geopackage.write_rows(store, {"projet": [{**project, **change}]})
    assert "Un four pour tous" not in words_of(make_book(store, ["pistes"]))


def test_a_carrier_the_readers_may_not_know_is_not_named(make_store, make_book, project):
    store = make_store([{"at": (0, 0), "nom": "Secret", "diffusion": "interne"}])
    geopackage.write_rows(store, {"projet": [project]})
    assert "Secret" not in words_of(make_book(store, ["pistes"]))


def test_a_proposed_place_has_its_rank_and_no_number_of_people(make_store, write_result, make_book):
    store = make_store([{"at": (0, 0), "nom": "Mairie A", "type_initiative": "mairie"}, {"at": (1, 0), "nom": "Soupe"}])
    row = {"uuid": uuid(0, "acteur"), "rang": 1, "gain": 51515.0, "cumul": 51515.0, "solidite": "solide"}
    row |= {"existant": "Soupe", "existant_min": 12.4, "raison": "Met à portée 51515 personnes : Faim (48)"}
    write_result(store, NEW_SITES, [{**row, "geom": point((0, 0))}])
    words = words_of(make_book(store, ["pistes", "annuaire"]))
    assert "1. Mairie A" in words
    assert "Soupe (n°\u00a01), à 12\u00a0min" in words
    assert "51515" not in words
    assert "Faim" not in words


@pytest.fixture
def full_store(make_store, write_result):
    """Return a maker of a store where one actor is full of so many situations while others remain."""

    def make(situations):
        needs = [{"at": (0, 0), "nb_situations": situations}, {"at": (1, 0), "nb_situations": 60}]
        store = make_store([{"at": (0, 0), "nom": "Comble"}], needs)
        actor = {"uuid": uuid(0, "acteur"), "saturation": 1.0, "reste_a_portee": 9.0, "capacite_imputee": 0}
        write_result(store, MATCHED_ACTORS, [actor])
        need = {"uuid": uuid(0), "code_insee": code((0, 0)), "theme": "feed", "geom": point((0, 0))}
        write_result(store, MATCHED_NEEDS, [need])
        served = {"de": uuid(0), "vers": uuid(0, "acteur"), "theme": "feed", "personnes": float(situations)}
        write_result(store, MATCHES, [served])
        return store

    return make


def test_an_actor_is_called_full_only_when_the_situations_that_fill_it_may_be_told(full_store):
    assert read(full_store(40)).full == [uuid(0, "acteur")]


def test_an_actor_filled_by_few_is_not_called_full(full_store):
    assert read(full_store(4)).full == []


@pytest.mark.parametrize("count", [1, 40])
def test_few_and_many_leads_make_pages_without_a_fault(lead_store, make_book, count):
    actors = [{"at": CELLS[o % 6], "nom": f"{HOSTILE} {o}", "moyens_partageables": "x" * 200} for o in range(12)]
    store = lead_store(*[([(40 + o, (0, 0)), (30, (1, 0))], {}) for o in range(count)], actors=actors)
    book = make_book(store, ["pistes", "annuaire"])
    assert faults(book) == []
    cards = [mark for mark in book.bookmarks if mark.anchor.startswith("piste-")]
    assert len(cards) == len(read(store).leads)
