"""Key figures, the survey's effort, the page of each theme and the gaps: what they say, and what they never confuse."""

from datetime import date

import pytest

from tisserand.guide.composing.book import ARTIFACT, MapFrame, Rectangle, Text
from tisserand.guide.composing.faults import faults
from tisserand.guide.composing.settings import Settings
from tisserand.guide.reading import read_content
from tisserand.guide.sections.overview import ages

HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀 \x07 " + "W" * 90


def content_of(store, **asked):
    asked = {"edition": "2026", "audience": "public", "level": "", "printed_on": date(2026, 11, 1), **asked}
    return read_content(store, **asked)


def maps(book, subject):
    return [o for page in book.pages for o in page.operations if isinstance(o, MapFrame) and o.subject == subject]


def texts(book):
    return [o.words for page in book.pages for o in page.operations if isinstance(o, Text) and o.words]


def table_rows(book, name):
    """Return the cells of a table, row by row, as their words."""
    table = next(i for i, e in enumerate(book.elements) if e.kind == "Table" and name in e.alternative)
    rows = {i: [] for i, e in enumerate(book.elements) if e.kind == "TR" and e.parent == table}
    written = [o for page in book.pages for o in page.operations if isinstance(o, Text)]
    words = {o.element: o.words.replace("\u00a0", " ") for o in written}
    for place, element in enumerate(book.elements):
        if element.parent in rows:
            rows[element.parent].append(words.get(place, ""))
    return list(rows.values())


def looks_of(frame):
    """Return the look of each territory of a map by its code, the topmost last."""
    found = {}
    for area in frame.areas:
        found.setdefault(area.code, []).append(area.look)
    return found


def crowd(count=40):
    """Return actors of one commune, all within a few hundred metres."""
    return [{"at": (0, 0), "geom": point(642_000 + 40 * (i % 7), 6_862_000 + 40 * (i // 7))} for i in range(count)]


def point(x, y):
    from osgeo import ogr

    return bytes(ogr.CreateGeometryFromWkt(f"POINT ({x} {y})").ExportToIsoWkb())


SECTIONS = ("synthese", "recensement", "themes", "manques")


@pytest.mark.parametrize("count", [0, 1, 30, 300])
def test_the_pages_of_any_number_of_actors_have_no_fault(make_store, make_book, count):
    rows = [{"at": (i % 3, i % 2), "theme_principal": ("feed", "house")[i % 2]} for i in range(count)]
    book = make_book(make_store(rows, [{"at": (0, 0)}]), SECTIONS)
    assert faults(book) == []


def test_hostile_names_of_actors_and_territories_have_no_fault(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0), "nom": HOSTILE}], departement_nom=HOSTILE), SECTIONS)
    assert faults(book) == []


def test_the_totals_are_the_sums_of_the_territories(make_store, make_book):
    rows = [{"at": (i % 3, i % 2)} for i in range(17)]
    found = table_rows(make_book(make_store(rows), ["synthese"]), "initiatives par")
    head, *territories, total = found
    at = head.index("Initiatives")
    assert sum(int(row[at]) for row in territories) == int(total[at]) == 17
    surveyed = [row[head.index("Communes recensées")] for row in (*territories, total)]
    assert surveyed == ["3 / 3", "2 / 3", "5 / 6"]


def test_what_the_chart_says_in_words_is_what_it_counts(make_store, make_book):
    rows = [{"at": (0, 0), "theme_principal": "feed", "themes_vie": "feed|house"}, {"at": (0, 0)}]
    book = make_book(make_store(rows), ["synthese"])
    chart = next(e.alternative for e in book.elements if e.kind == "Figure" and "par thème" in e.alternative)
    assert "Se nourrir 2, Se loger 1," in chart


@pytest.mark.parametrize(
    ("seen", "age"), [(date(2025, 11, 2), 0), (date(2025, 11, 1), 1), (date(2024, 11, 1), 2), (None, 3)]
)
def test_an_initiative_is_as_fresh_as_its_last_visit(make_store, seen, age):
    counts = ages(content_of(make_store([{"at": (0, 0), "date_visite": seen}])))
    assert counts.index(1) == age
    assert sum(counts) == 1


def test_a_territory_nobody_surveyed_is_never_said_to_have_no_initiative(make_store, make_book):
    store = make_store()
    from osgeo import ogr

    source = ogr.Open(str(store), update=1)
    layer = source.GetLayerByName("territoire")
    for feature in layer:
        feature.SetFieldNull("recense_le")
        layer.SetFeature(feature)
    del layer, source
    rows = table_rows(make_book(store, ["synthese"]), "initiatives par")
    assert {row[3] for row in rows[1:]} == {"non recensé"}


def test_each_commune_is_surveyed_or_begun_or_not_and_what_is_left_is_named(make_store, make_book):
    untouched = make_book(make_store(name="a.gpkg"), ["recensement"])
    begun = make_book(make_store([{"at": (2, 1), "statut_recensement": "contacte"}], name="b.gpkg"), ["recensement"])
    for book, look in ((untouched, "not_surveyed"), (begun, "effort:1")):
        (frame,) = maps(book, "effort")
        looks = looks_of(frame)
        assert looks["92021"] == [look]
        assert [found for code, found in looks.items() if code != "92021"] == [["effort:2"]] * 5
    assert any(words == "CC du Ponant (1) : Commune C2." for words in texts(untouched))
    assert any(words == "CC du Ponant (1) : Commune C2 (entamée)." for words in texts(begun))


def test_someone_who_refused_shows_that_a_survey_has_begun_and_is_counted_nowhere(make_store, make_book):
    book = make_book(make_store([{"at": (2, 1), "statut_recensement": "refus"}]), ["recensement"])
    assert looks_of(maps(book, "effort")[0])["92021"] == ["effort:1"]
    assert table_rows(book, "Effort")[-1][4:8] == ["0", "0", "0", "0"]


def test_a_survey_that_has_grown_old_is_seen_as_such(make_store, make_book, write_result):
    store = make_store([{"at": (0, 0)}])
    assert looks_of(maps(make_book(store, ["recensement"], printed_on=date(2029, 11, 1)), "effort")[0])["92000"] == [
        "survey_stale"
    ]
    write_result(store, "analyse_effort", [{"niveau": "commune", "code": "92000", "classe": "perime"}])
    looks = looks_of(maps(make_book(store, ["recensement"]), "effort")[0])
    assert looks["92000"] == ["survey_stale"]
    assert looks["92010"] == ["effort:2"]


def test_a_visit_still_to_come_has_not_been_made(make_store):
    content = content_of(make_store([{"at": (0, 0), "date_visite": date(2027, 1, 1)}]))
    assert content.effort["92000"].met == 0


def test_each_theme_with_an_actor_or_a_published_need_has_a_page_and_no_other(make_store, make_book):
    needs = [{"at": at, "theme_vie": "house", "nb_situations": 40} for at in ((1, 0), (1, 1))]
    book = make_book(make_store([{"at": (0, 0)}], needs), ["themes"])
    assert [frame.theme for frame in maps(book, "theme") if not frame.over] == ["feed", "house"]


def test_the_title_of_a_theme_is_its_message(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)}, {"at": (0, 0)}]), ["themes"])
    assert "Se nourrir : 2\u00a0initiatives, aucune dans 4\u00a0communes recensées" in texts(book)


@pytest.mark.parametrize(("situations", "look"), [(None, "no_need"), (3, "hidden"), (40, "need:0"), (90, "need:1")])
def test_needs_no_offer_and_not_surveyed_each_have_a_look_of_their_own(make_store, make_book, situations, look):
    needs = [{"at": at, "nb_situations": situations} for at in ((0, 0), (1, 1))] if situations else []
    (frame,) = maps(make_book(make_store([{"at": (0, 0)}], needs), ["themes"]), "theme")
    looks = looks_of(frame)
    assert looks["200000000"] == looks["200000001"] == [look]
    assert looks["92010"] == ["no_offer"]
    assert looks["92021"] == ["not_surveyed"]
    assert "92000" not in looks


def test_where_nobody_looked_a_theme_map_does_not_say_that_there_is_no_need(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)}]), ["themes"], level="commune")
    (frame,) = maps(book, "theme")
    assert looks_of(frame)["92021"] == ["not_surveyed"]
    assert not any(area.label for area in frame.areas if area.code == "92021")


def test_a_hidden_need_is_nowhere_on_the_map_of_its_theme(make_store, make_book):
    needs = [{"at": (0, 0), "nb_situations": 7}, {"at": (1, 1), "nb_situations": 40}]
    book = make_book(make_store([{"at": (0, 0)}], needs), ["themes"])
    (frame,) = (frame for frame in maps(book, "theme"))
    assert not any("7" in area.label for area in frame.areas)


def test_the_legend_has_a_key_for_each_look_of_the_map_and_no_other(make_store, make_book):
    store = make_store([{"at": (i % 3, i % 2)} for i in range(12)], [{"at": (0, 0), "nb_situations": 40}])
    book = make_book(store, ["themes"])
    page = next(page for page in book.pages if page.section == "Thème par thème")
    frame = next(o for o in page.operations if isinstance(o, MapFrame))
    keys = {o.fill for o in page.operations if isinstance(o, Rectangle) and o.box.h == pytest.approx(3.6)}
    assert keys == {area.look for area in frame.areas}


def test_a_dense_centre_has_an_inset_with_a_scale_bar_and_the_map_shows_where_it_is(make_store, make_book):
    far = [{"at": (2, 0)}, {"at": (2, 1)}, {"at": (0, 1)}]
    book = make_book(make_store([*crowd(), *far]), ["synthese"])
    whole, inset = maps(book, "synthesis")
    assert inset.over
    assert inset.scale_bar
    # The Département fills its map: the inset stands beside it.
    assert whole.box.right < inset.box.x
    assert whole.box.y <= inset.box.y
    assert inset.box.bottom <= whole.box.bottom
    numbers = [spot for spot in inset.spots if spot.symbol.startswith("theme:")]
    assert len(numbers) >= 30
    shown_small = [spot for spot in whole.spots if spot.size < 2 and spot.symbol.startswith("theme:")]
    assert {(s.true_x, s.true_y) for s in shown_small} == {(s.true_x, s.true_y) for s in numbers}
    assert "Agrandissement" in inset.alternative
    assert faults(book) == []


def test_actors_of_one_address_stand_around_it_and_keep_their_true_place(make_store, make_book):
    rows = [{"at": (0, 0), "geom": point(642_000, 6_862_000)} for _ in range(4)]
    (frame,) = maps(make_book(make_store(rows), ["synthese"]), "synthesis")
    spots = [spot for spot in frame.spots if spot.symbol == "theme:feed"]
    assert len({(spot.x, spot.y) for spot in spots}) == 4
    assert {(spot.true_x, spot.true_y) for spot in spots} == {(642_000, 6_862_000)}
    assert all(spot.moved for spot in spots)


def test_more_actors_than_a_map_can_show_are_counted_by_commune(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)} for _ in range(700)]), ["synthese"])
    (frame,) = maps(book, "synthesis")
    assert [(spot.symbol, spot.number) for spot in frame.spots] == [("count", 700)]


def test_the_north_arrow_is_drawn_when_it_is_wanted(make_store, make_book):
    store = make_store([{"at": (0, 0)}])
    assert "N" not in texts(make_book(store, ["synthese"]))
    assert "N" in texts(make_book(store, ["synthese"], Settings(north_arrow=True)))


def gap(code, level, **values):
    row = {"niveau": level, "code": code, "nom": code, "theme": "feed", "besoin": 100.0, "non_couvert": 60.0}
    return {**row, "principale_cause": "hors_portee", "confiance": "moyenne", "etat_offre": "offre", **values}


def test_the_gaps_say_between_which_classes_they_lie_and_how_sure_they_are(make_store, make_book, write_result):
    store = make_store([{"at": (0, 0)}], [{"at": (0, 0), "nb_situations": 100}])
    bounds = {"non_couvert_min": 40.0, "non_couvert_max": 80.0}
    rows = [gap("92", "departement", **bounds), gap("200000000", "epci", **bounds), gap("92000", "commune", **bounds)]
    write_result(store, "analyse_couverture_territoire", rows)
    book = make_book(store, ["manques"])
    row = table_rows(book, "sans réponse par thème")[1]
    assert row[2:6] == [
        "50 à 75 %",
        "de « 25 à 50 % » à « 75 % et plus »",
        "moyenne",
        "aucun acteur accessible",
    ]
    assert faults(book) == []


def test_a_territory_of_which_nothing_may_be_said_has_no_class_on_the_map_of_gaps(make_store, make_book, write_result):
    store = make_store([{"at": (0, 0)}], [{"at": (0, 0), "nb_situations": 4}, {"at": (1, 1), "nb_situations": 50}])
    rows = [gap("92", "departement"), gap("92000", "commune"), gap("92011", "commune"), gap("200000000", "epci")]
    write_result(store, "analyse_couverture_territoire", rows)
    book = make_book(store, ["manques"])
    for frame in (*maps(book, "gaps"), *maps(book, "small_gaps")):
        looks = looks_of(frame)
        for code in ("92000", "200000000"):
            assert not any(look.startswith("gap:") for look in looks.get(code, []))


def test_a_commune_nobody_surveyed_is_never_said_to_have_a_gap(make_store, make_book, write_result):
    ats = [(x, y) for x in range(3) for y in range(2)]
    store = make_store([{"at": (0, 0)}], [{"at": at, "nb_situations": 100} for at in ats])
    rows = [gap(f"920{x}{y}", "commune") for x, y in ats]
    rows += [gap("92", "departement"), gap("200000000", "epci"), gap("200000001", "epci")]
    write_result(store, "analyse_couverture_territoire", rows)
    book = make_book(store, ["manques"])
    found = [looks_of(frame) for frame in (*maps(book, "gaps"), *maps(book, "small_gaps"))]
    assert found
    assert {look for looks in found for look in looks.get("92021", [])} <= {"not_surveyed"}


def test_offer_is_kept_apart_from_needs_on_the_map_of_a_theme_s_gaps(make_store, make_book, write_result):
    store = make_store([{"at": (0, 0)}], [{"at": at, "nb_situations": 100} for at in ((0, 0), (0, 1))])
    rows = [
        gap("92", "departement"),
        gap("92000", "commune"),
        gap("92001", "commune", etat_offre="aucune"),
        gap("200000000", "epci"),
        gap("200000001", "epci", etat_offre="aucune"),
    ]
    write_result(store, "analyse_couverture_territoire", rows)
    frames = maps(make_book(store, ["manques"]), "small_gaps")
    if not frames:
        pytest.skip("nothing of this theme may be printed")
    looks = looks_of(frames[0])
    assert any(found[0].startswith("gap:") and found[-1] == "no_offer" for found in looks.values())


def test_a_store_without_the_analysis_has_no_page_of_gaps(make_store, make_book):
    assert maps(make_book(make_store([{"at": (0, 0)}]), ["manques"]), "gaps") == []


def test_every_map_has_an_alternative_made_of_the_data_and_belongs_to_the_structure(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)}], [{"at": (0, 0), "nb_situations": 40}]), SECTIONS)
    for page in book.pages:
        for frame in page.operations:
            if isinstance(frame, MapFrame):
                assert frame.element != ARTIFACT
                assert any(c.isdigit() for c in frame.alternative) or frame.subject == "cover"


def test_each_map_has_its_sources_on_its_page(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)}]), SECTIONS)
    for page in book.pages:
        if any(isinstance(o, MapFrame) and o.subject != "cover" for o in page.operations):
            assert any(isinstance(o, Text) and o.words.startswith("Sources : ") for o in page.operations)


def test_the_same_store_gives_the_same_pages(make_store, make_book):
    store = make_store([*crowd(), {"at": (2, 0)}], [{"at": (0, 0), "nb_situations": 40}])
    assert make_book(store, SECTIONS).pages == make_book(store, SECTIONS).pages
