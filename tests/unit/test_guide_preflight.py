"""The check before printing: what it finds, what it does not say twice, and where each finding leads."""

from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from tisserand.guide.composing.compose import SECTIONS, compose
from tisserand.guide.composing.settings import Settings
from tisserand.guide.preflight import KINDS, SEVERITIES, SUBJECTS, Severity, check
from tisserand.guide.reading import read_content
from tisserand.layers import geopackage
from tisserand.layers.errors import TisserandError
from tisserand.layers.result_tables import DUPLICATES, GROUPS, NETWORKS

TODAY = date(2026, 11, 1)
GOOD = {
    "description": "On y mange.",
    "adresse": "1 rue d'Essai",
    "date_visite": date(2026, 6, 1),
    "precision_geo": "numero",
}


def uuid(order, table="acteur"):
    return str(uuid5(NAMESPACE_URL, f"{table}|{order}"))


def english(context, text):
    return text


@pytest.fixture
def findings(monospace):
    """Return what the check finds in a store."""

    def found(
        store, sections=(), settings=None, photo=lambda store, name: None, notes=(), book=None, audience="public"
    ):
        settings = settings or Settings()
        sections = sections or tuple(SECTIONS)
        content = read_content(store, edition="2026", audience=audience, level="", printed_on=TODAY)
        book = book or compose(content, monospace, sections, settings)
        return check(store, content, sections, settings, photo, book, notes, english)

    return found


def of(found, kind):
    return [finding for finding in found if finding.kind == kind]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("unplaced", {"geom": None}),
        ("no_theme", {"theme_principal": None, "themes_vie": None}),
        ("stale", {"date_visite": date(2020, 1, 1)}),
        ("stale", {"revoir_avant": date(2026, 10, 1)}),
        ("undescribed", {"description": " "}),
        ("unreachable", {"adresse": None}),
        ("draft", {"statut": "brouillon"}),
        ("imprecise", {"precision_geo": "commune"}),
        (
            "kept_too_long",
            {
                "telephone": "01 99 00 00 00",
                "consentement_le": date(2024, 1, 1),
                "conservation_jusqu_a": date(2026, 1, 1),
            },
        ),
    ],
)
def test_what_an_actor_lacks_is_found_and_leads_to_its_record(make_store, findings, kind, fields):
    store = make_store([{"at": (0, 0), "nom": "Bon", **GOOD}, {"at": (0, 0), "nom": "Mauvais", **GOOD, **fields}])
    (found,) = of(findings(store), kind)
    assert (found.table, found.uuid) == ("acteur", uuid(1))
    assert "Mauvais" in found.sentence(english)


def test_a_good_record_is_not_named(make_store, findings):
    found = findings(make_store([{"at": (0, 0), "nom": "Bon", **GOOD}]))
    assert [finding for finding in found if finding.table == "acteur"] == []


def test_a_record_these_readers_do_not_see_is_not_named(make_store, findings):
    store = make_store([{"at": (0, 0), "diffusion": "interne"}])
    assert [finding for finding in findings(store) if finding.table == "acteur"] == []
    assert of(findings(store, audience="interne"), "undescribed")


def test_what_was_warned_of_while_reading_is_said_once(make_store, findings):
    store = make_store([{"at": (0, 0), "nom": "Perdu", "geom": None}])
    assert sum("Perdu" in finding.sentence(english) for finding in findings(store)) == 1


def test_a_warning_of_no_known_kind_is_passed_on(make_store, monospace):
    content = read_content(make_store(), edition="2026", audience="public", level="", printed_on=TODAY)
    content.warnings.append("Il pleut.")
    book = compose(content, monospace, ["lire"])
    found = check(make_store(name="b.gpkg"), content, ("lire",), Settings(), lambda *_: None, book, (), english)
    assert [finding.sentence(english) for finding in of(found, "remark")] == ["Il pleut."]


def test_communes_nobody_surveyed_lead_to_their_territory(make_store, findings):
    store = make_store()
    (found,) = of(findings(store), "not_surveyed")
    codes = {row["uuid"]: row["code"] for row in geopackage.read_rows(store, "territoire")}
    assert (found.table, codes[found.uuid]) == ("territoire", "92021")


def test_needs_past_their_day_or_uncounted_are_found_and_nothing_of_their_text_is_repeated(make_store, findings):
    store = make_store(
        needs=[
            {"at": (0, 0), "libelle": "Secret", "valide_jusqu_a": date(2026, 1, 1)},
            {"at": (0, 0), "libelle": "Secret", "nb_situations": None},
            {"at": (0, 0), "libelle": "Secret", "valide_jusqu_a": date(2026, 1, 1), "statut_besoin": "clos"},
        ]
    )
    found = findings(store)
    assert [finding.uuid for finding in of(found, "need_due")] == [uuid(0, "besoin")]
    assert [finding.uuid for finding in of(found, "need_uncounted")] == [uuid(1, "besoin")]
    assert not any("Secret" in finding.sentence(english) for finding in found)


def test_an_unsettled_duplicate_is_found_once(make_store, findings, write_result):
    store = make_store([{"at": (0, 0), "nom": "Acteur un", **GOOD}, {"at": (0, 0), "nom": "Acteur deux", **GOOD}])
    pair = {"de": uuid(0), "vers": uuid(1), "raison": "même nom"}
    write_result(store, DUPLICATES, [pair, {**pair, "de": uuid(1), "vers": uuid(0)}])
    assert len(of(findings(store), "duplicate")) == 1


def test_licence_sources_director_contact_and_logo_are_asked_for(make_store, findings):
    lacking = {finding.kind for finding in findings(make_store(licences="", sources=""))}
    assert {"no_licence", "no_source", "no_director", "no_contact", "no_logo"} <= lacking
    told = Settings(contact="guide@essai.example", logo="logo.png")
    kinds = {finding.kind for finding in findings(make_store(name="b.gpkg", directeur_publication="X"), settings=told)}
    assert not {"no_licence", "no_source", "no_director", "no_contact", "no_logo"} & kinds


def test_only_analyses_of_the_chosen_sections_are_asked_for(make_store, findings):
    store = make_store()
    assert [finding.table for finding in of(findings(store, ("semblables",)), "analysis_absent")] == [GROUPS]
    assert of(findings(store, ("lire",)), "analysis_absent") == []


def test_an_analysis_older_than_the_records_it_read_is_named_with_both_days(make_store, findings, write_result):
    from tisserand.guide.facts.content import Analysis
    from tisserand.guide.preflight.results import of_analyses

    store = make_store([{"at": (0, 0), "date_maj": date(2026, 9, 2)}])
    write_result(store, NETWORKS, [{"reseau": 1, "pilote_id": None, "solidite": None, "geom": "POLYGON EMPTY"}])
    content = read_content(store, edition="2026", audience="public", level="", printed_on=TODAY)
    for day, kinds in ((date(2020, 9, 1), ["analysis_old"]), (date(2100, 1, 1), []), (None, ["analysis_undated"])):
        content.analyses = [Analysis("Réseaux", day, (), NETWORKS)]
        found = list(of_analyses(store, content, ("reseaux",)))
        assert [finding.kind for finding in found] == kinds
        assert [finding.table for finding in found] == [NETWORKS] * len(kinds)
    content.analyses = [Analysis("Réseaux", date(2020, 9, 1), (), NETWORKS)]
    (old,) = of_analyses(store, content, ("reseaux",))
    assert "01/09/2020" in old.sentence(english)


def test_what_was_got_round_and_a_book_that_cannot_be_laid_out_are_findings(make_store, findings):
    notes = [TisserandError("The font {name} is missing.", name="Essai")]
    broken = TisserandError("page 3: two texts overlap")
    found = findings(make_store(), notes=notes, book=broken)
    assert "Essai" in of(found, "setting")[0].sentence(english)
    (page,) = of(found, "not_composed")
    assert page.severity is Severity.ERROR
    assert "page 3" in page.sentence(english)


def test_a_text_cut_in_print_leads_to_its_record_and_its_page(make_store, findings):
    store = make_store([{"at": (0, 0), "nom": "Nom " + "très long " * 12, **GOOD}])
    cut = of(findings(store), "cut")
    assert any((finding.table, finding.uuid) == ("acteur", uuid(0)) and finding.page > 0 for finding in cut)


def test_symbols_that_hide_each_other_make_an_overfull_map_and_spread_ones_do_not(make_store, monospace):
    from tisserand.guide.composing.book import MapFrame, Spot
    from tisserand.guide.preflight.pages import of_pages

    content = read_content(make_store(), edition="2026", audience="public", level="", printed_on=TODAY)
    book = compose(content, monospace, ["synthese"])
    page = next(page for page in book.pages if any(isinstance(o, MapFrame) for o in page.operations))
    place, frame = next((i, o) for i, o in enumerate(page.operations) if isinstance(o, MapFrame))
    west, south, east, north = frame.ground
    for step, expected in ((0.0, 1), (1.0, 0)):
        spots = tuple(
            Spot(west + (east - west) * (0.1 + step * n / 30), (south + north) / 2, "theme:feed", n, 3.0, 0.0, 0.0)
            for n in range(20)
        )
        page.operations[place] = replace(frame, spots=spots)
        assert len([finding for finding in of_pages(book, content) if finding.kind == "overfull"]) == expected


@pytest.fixture
def monograph_store(make_store):
    """Return a maker of a store with a monograph and a photo of it."""

    def make(photo, **fields):
        store = make_store([{"at": (0, 0), "nom": "Sujet", **GOOD}])
        monograph = {"uuid": str(uuid4()), "titre": "Une halle", "acteur_uuid": uuid(0), "diffusion": "public"}
        monograph |= {"statut": "valide", **fields}
        geopackage.write_rows(store, {"monographie": [monograph]})
        if photo is not None:
            row = {"uuid": str(uuid4()), "chemin": "halle.jpg", "monographie_uuid": monograph["uuid"], "ordre": 1}
            geopackage.write_rows(store, {"media": [{**row, "droit_image": "accord-ecrit", **photo}]})
        return store

    return make


def test_a_monograph_without_answers_and_without_photo_is_named(monograph_store, findings):
    found = findings(monograph_store(None))
    assert of(found, "no_criteria")[0].values == {"name": "Une halle", "answered": 0}
    assert len(of(found, "no_photo")) == 1


@pytest.mark.parametrize(
    ("kind", "photo"),
    [
        ("photo_no_right", {"droit_image": "inconnu"}),
        ("photo_no_right", {"droit_image": "refus"}),
        ("photo_no_credit", {"legende": "Une halle"}),
        ("photo_no_legend", {"credit": "Essai"}),
    ],
)
def test_what_a_photo_lacks_is_found_and_leads_to_it(monograph_store, findings, kind, photo):
    store = monograph_store(photo)
    (found,) = of(findings(store, ("monographies",)), kind)
    assert found.table == "media"
    assert found.uuid == geopackage.read_rows(store, "media")[0]["uuid"]


def test_a_photo_that_is_none_says_why(monograph_store, findings):
    def refuse(store, name):
        raise TisserandError("{name} is no picture.", name=name)

    (found,) = of(findings(monograph_store({}), ("monographies",), photo=refuse), "photo_unusable")
    assert "halle.jpg is no picture." in found.sentence(english)


def test_the_gravest_come_first_and_the_order_is_that_of_values(make_store, findings):
    rows = [{"at": (0, 0), "nom": f"Acteur {n}", "geom": None if n % 2 else b""} for n in range(2)]
    rows[0].pop("geom")
    found = findings(make_store(rows, licences=""))
    order = [list(SEVERITIES).index(finding.severity) for finding in found]
    assert order == sorted(order)
    assert order[0] == 0
    assert findings(make_store(rows[::-1], name="b.gpkg", licences=""))[0].kind == found[0].kind


def test_every_kind_has_a_subject_a_sentence_and_a_remedy_that_its_values_fill():
    for kind in KINDS.values():
        assert kind.subject in SUBJECTS
        assert kind.sentence
        assert kind.remedy.endswith(".")
