"""Monographs: who reads them, what the radar says, and texts of any length."""

import re
from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from tisserand.guide.composing.book import ARTIFACT, Picture, Polygon, Text
from tisserand.guide.facts.monograph import CRITERIA, TEXTS
from tisserand.guide.reading import read_content
from tisserand.layers import geopackage

SECTION = "Monographies"
HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀"
STORY = {field: f"Réponse à {heading}." for field, heading in TEXTS.items()}
SCORES = {field: place % 5 for place, field in enumerate(CRITERIA)}


def uuid(word):
    return str(uuid5(NAMESPACE_URL, word))


@pytest.fixture
def told(make_store):
    """Return a maker of a store with one actor (and a second, linked to it) and its monograph."""

    def make(actor=None, **fields):
        at = {"at": (0, 0), "nom": "La Remise", "diffusion": "public"} | (actor or {})
        store = make_store([at, {"at": (1, 0), "nom": "Le Voisin"}], name=f"{uuid(str((actor, fields)))}.gpkg")
        first, second = (row["uuid"] for row in geopackage.read_rows(store, "acteur"))
        row = {"uuid": uuid("m"), "titre": "Réparer ensemble", "diffusion": "public"} | fields
        if not {"acteur_uuid", "site_uuid", "initiative_uuid"} & set(fields):
            row["acteur_uuid"] = first
        link = {"uuid": uuid("l"), "de_uuid": second, "vers_uuid": first, "nature": "partenaire"}
        people = {"uuid": uuid("c"), "identifiant": "CIS-07"}
        geopackage.write_rows(store, {"correspondant": [people], "lien": [link], "monographie": [row]})
        return store

    return make


def read(store, audience="public"):
    return read_content(store, edition="2026", audience=audience, level="", printed_on=date(2026, 11, 1))


def pages_of(book):
    return [page for page in book.pages if page.section == SECTION]


def words(book):
    return " ".join(o.words for page in pages_of(book) for o in page.operations if isinstance(o, Text))


def figures(book):
    return [element.alternative for element in book.elements if element.kind == "Figure"]


def test_a_short_interview_fits_one_page_with_all_that_was_said(told, make_book):
    store = told(resume="On y répare.", date_rencontre=date(2026, 7, 7), **STORY, **SCORES)
    book = make_book(store, ["monographies", "annuaire"])
    assert len(pages_of(book)) == 1
    said = words(book)
    for part in ("Réparer ensemble", "On y répare.", "07/07/2026", *STORY.values(), *TEXTS.values(), "La Remise"):
        assert part in said
    assert f"Le Voisin, page {book.page_numbers()['acteur-2']}" in said


def test_the_radar_says_its_twelve_values_and_who_was_not_answered_is_no_zero(told, make_book):
    scores = SCORES | {"c_rupture": None, "c_recherche": 0}
    book = make_book(told(**scores), ["monographies"])
    (radar,) = [alternative for alternative in figures(book) if alternative.startswith("Radar")]
    for place, (field, criterion) in enumerate(CRITERIA.items()):
        value = {"c_rupture": "sans réponse", "c_recherche": "0"}.get(field, str(place % 5))
        assert f"{criterion.lower()} {value}" in radar
    table = words(book)
    assert table.count("sans réponse") == 2  # in the key and in the table
    assert "Ouverture à la recherche 0" in table


def test_the_radar_draws_a_zero_and_a_missing_answer_differently(told, make_book):
    fields = list(CRITERIA)
    full = dict.fromkeys(fields, 3)
    zero, missing = full | {fields[4]: 0}, full | {fields[4]: None}
    drawn = []
    for scores in (zero, missing):
        page = pages_of(make_book(told(**scores), ["monographies"]))[0]
        drawn.append([o for o in page.operations if isinstance(o, Polygon)])
    dots = [sum(o.fill == "accent" for o in polygons) for polygons in drawn]
    assert dots == [12, 11]
    assert not any(o.outline == "grey" for o in drawn[0])
    assert any(o.outline == "grey" for o in drawn[1])


def test_without_any_score_there_is_no_radar_and_no_empty_frame(told, make_book):
    book = make_book(told(**STORY), ["monographies"])
    assert not [alternative for alternative in figures(book) if "Radar" in alternative]
    assert "Critère" not in words(book)


def test_the_twelve_values_are_a_table_with_headers(told, make_book):
    book = make_book(told(**SCORES), ["monographies"])
    (table,) = [place for place, element in enumerate(book.elements) if element.kind == "Table"]
    rows = [place for place, element in enumerate(book.elements) if element.kind == "TR" and element.parent == table]
    assert len(rows) == 13
    headers = [e.scope for e in book.elements if e.kind == "TH" and e.parent in rows]
    assert headers.count("Column") == 3
    assert headers.count("Row") == 12


def test_each_audience_reads_the_monographs_meant_for_it(told):
    store = told(diffusion="pro")
    assert [len(read(store, audience).monographs) for audience in ("public", "pro", "interne")] == [0, 1, 1]
    assert read(told(statut="archive"), "interne").monographs == []


@pytest.mark.parametrize("closed", [{"diffusion": "interne"}, {"statut_recensement": "refus"}, {"statut": "archive"}])
def test_a_monograph_of_an_actor_that_may_not_be_read_is_left_out_and_named(told, closed):
    content = read(told(closed))
    assert content.monographs == []
    assert any("Réparer ensemble" in warning for warning in content.warnings)


def test_the_code_of_the_correspondent_is_for_professionals(told, make_book):
    store = told(correspondant_uuid=uuid("c"))
    assert "CIS-07" not in words(make_book(store, ["monographies"]))
    assert "CIS-07" in words(make_book(store, ["monographies"], audience="pro"))


def test_a_site_and_an_initiative_have_their_monographs_too(told, make_book):
    from osgeo import ogr

    store = told(**STORY)
    actor = geopackage.read_rows(store, "acteur")[0]
    point = bytes(ogr.CreateGeometryFromWkt("POINT (641000 6861000)").ExportToIsoWkb())
    common = {"geom": point, "diffusion": "public"}
    site = {"uuid": uuid("s"), "nom": "L'ancienne cantine", "type_site": "cuisine", "surface_m2": 140}
    initiative = {"uuid": uuid("i"), "titre": "La soupe du lundi", "nb_beneficiaires": 120}
    rows = [
        {"uuid": uuid("ms"), "titre": "Un lieu", "site_uuid": uuid("s"), "diffusion": "public"},
        {"uuid": uuid("mi"), "titre": "Une soupe", "initiative_uuid": uuid("i"), "diffusion": "public"},
    ]
    geopackage.write_rows(
        store,
        {
            "site": [site | common | {"acteur_uuid": actor["uuid"]}],
            "initiative": [initiative | common | {"porteur_uuid": actor["uuid"]}],
            "monographie": rows,
        },
    )
    said = words(make_book(store, ["monographies"]))
    for part in ("L'ancienne cantine", "140 m²", "Tenu par", "La soupe du lundi", "120 par an", "Portée par"):
        assert part in said


def test_texts_of_twenty_thousand_letters_flow_over_pages_and_lose_nothing(told, make_book):
    long = {field: " ".join(f"{field[:3]}{number}" for number in range(2600)) for field in TEXTS}
    book = make_book(told(resume=" ".join(f"sum{n}" for n in range(2600)), **long, **SCORES), ["monographies"])
    said = words(book)
    for start in ("sum", *(field[:3] for field in TEXTS)):
        assert re.findall(rf"\b{start}\d+", said) == [f"{start}{number}" for number in range(2600)]
    assert len([e for e in book.elements if e.kind == "H1"]) == 3  # cover, contents, and the monograph once


def test_hostile_text_and_very_long_words_are_set_as_they_are(told, make_book):
    texts = {field: HOSTILE + " " + "x" * 200 for field in TEXTS}
    store = told({"nom": HOSTILE}, titre=HOSTILE + "y" * 100, resume=HOSTILE, **texts, **SCORES)
    said = words(make_book(store, ["monographies"]))
    assert said.count("<b>gras</b>") >= len(TEXTS) + 2


def test_a_monograph_of_which_nothing_was_written_says_so(told, make_book):
    book = make_book(told(), ["monographies"])
    assert len(pages_of(book)) == 1
    assert "n'est pas encore saisi" in words(book)


def test_no_monograph_no_page(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0)}]), ["monographies", "annuaire"])
    assert pages_of(book) == []


def test_a_photo_without_right_is_not_taken_and_named(told):
    store = told()
    media = {"chemin": "a.jpg", "monographie_uuid": uuid("m"), "ordre": 1}
    rows = [media | {"uuid": uuid(f"p{right}"), "droit_image": right} for right in ("inconnu", "refus")]
    geopackage.write_rows(store, {"media": rows})
    content = read(store)
    assert content.monographs[0].photo is None
    assert sum("droit à l'image" in warning for warning in content.warnings) == 2


def test_headings_of_the_texts_are_headings_below_the_title(told, make_book):
    book = make_book(told(**STORY, **SCORES), ["monographies"])
    kinds = {}
    for page in pages_of(book):
        for text in page.operations:
            if isinstance(text, Text) and text.element != ARTIFACT:
                kinds[text.words] = book.elements[text.element].kind
    assert kinds["Réparer ensemble"] == "H1"
    assert {kinds[heading] for heading in TEXTS.values()} == {"H2"}
    assert not [o for page in pages_of(book) for o in page.operations if isinstance(o, Picture)]
