"""What a guide reads from a store, and for whom."""

from datetime import date
from uuid import uuid4

import pytest
from osgeo import gdal, ogr

from tisserand.guide.composing.compose import SECTIONS, compose
from tisserand.guide.composing.faults import faults
from tisserand.guide.facts.words import sort_key, without_article
from tisserand.guide.reading import read_content
from tisserand.layers import geopackage
from tisserand.layers.confidentiality import Disclosure
from tisserand.layers.errors import StoreUnreadableError, TisserandError

TODAY = date(2026, 11, 1)


def read(store, audience="public", level=""):
    return read_content(store, edition="2026", audience=audience, level=level, printed_on=TODAY)


def words_of(book):
    return [" ".join(o.lines) for page in book.pages for o in page.operations if hasattr(o, "lines")]


def test_each_audience_reads_what_is_meant_for_it_and_no_more(make_store):
    rows = [{"at": (0, 0), "nom": name, "diffusion": name} for name in ("public", "pro", "interne")]
    store = make_store(rows)
    assert [a.name for a in read(store, "public").actors] == ["public"]
    assert [a.name for a in read(store, "pro").actors] == ["pro", "public"]
    assert [a.name for a in read(store, "interne").actors] == ["interne", "pro", "public"]


def test_actors_that_refused_or_closed_or_were_archived_are_in_no_guide(make_store):
    rows = [
        {"at": (0, 0), "statut_recensement": "refus"},
        {"at": (0, 0), "statut_recensement": "ferme"},
        {"at": (0, 0), "statut": "archive"},
    ]
    assert read(make_store(rows), "interne").actors == []


def test_contacts_are_read_only_with_consent(make_store):
    contact = {"telephone": "01 99 00 00 00", "courriel": "contact@essai.example"}
    rows = [
        {"at": (0, 0), "nom": "Sans accord", **contact},
        {"at": (0, 0), "nom": "Avec accord", "contact_publiable": True, "consentement_le": date(2026, 1, 1), **contact},
    ]
    store = make_store(rows)
    for audience in ("public", "pro", "interne"):
        phones = {actor.name: (actor.phone, actor.mail) for actor in read(store, audience).actors}
        assert phones == {"Sans accord": ("", ""), "Avec accord": tuple(contact.values())}


def test_an_actor_outside_the_departement_is_named_in_the_warnings_and_left_out(make_store):
    store = make_store([{"at": (0, 0), "nom": "Ailleurs", "code_insee": None}])
    moved = gdal.OpenEx(str(store), gdal.OF_UPDATE)
    layer = moved.GetLayerByName("acteur")
    feature = layer.GetNextFeature()
    feature.SetGeometry(ogr.CreateGeometryFromWkt("POINT (700000 6860000)"))
    layer.SetFeature(feature)
    del feature, layer, moved
    content = read(store)
    assert content.actors == []
    assert any("Ailleurs" in warning for warning in content.warnings)


@pytest.mark.parametrize("table", ["actors", "needs"])
def test_what_lies_outside_the_departement_is_refused_at_the_door(make_store, tmp_path, table):
    far = bytes(ogr.CreateGeometryFromWkt("POINT (6860000 640000)").ExportToIsoWkb())
    with pytest.raises(TisserandError, match="outside the Département"):
        make_store(**{table: [{"at": (0, 0), "geom": far}]})
    assert list(tmp_path.iterdir()) == []


def test_an_actor_without_position_is_named_in_the_warnings_and_left_out(make_store):
    content = read(make_store([{"at": (0, 0), "nom": "À placer", "geom": None}]))
    assert content.actors == []
    assert any("À placer" in warning and "sans position" in warning for warning in content.warnings)


def test_territories_of_the_neighbours_have_no_page(make_store):
    store = make_store([{"at": (0, 0)}])
    before = read(store)
    corner = "POLYGON ((700000 6860000, 704000 6860000, 704000 6864000, 700000 6864000, 700000 6860000))"
    shape = bytes(ogr.CreateGeometryFromWkt(corner).ExportToIsoWkb())
    rows = [
        {"uuid": str(uuid4()), "code": code, "nom": "Voisin", "niveau": niveau, "millesime": 2026, "geom": shape}
        for niveau, code in (("departement", "78"), ("epci", "200099999"), ("commune", "78000"))
    ]
    geopackage.write_rows(store, {"territoire": rows})
    after = read(store)
    assert after.outline == before.outline
    assert [t.code for t in after.communes + after.groups] == [t.code for t in before.communes + before.groups]


def test_an_actor_without_commune_code_is_placed_by_its_position(make_store):
    content = read(make_store([{"at": (1, 1), "code_insee": None}]))
    assert [actor.commune for actor in content.actors] == ["92011"]


def test_numbers_follow_the_alphabet_of_a_directory():
    names = ["L'Étape", "Zone libre", "La Bobine", "Œuvre commune", "bocal", "Obole", "Le Zèbre", "Olive"]
    assert sorted(names, key=sort_key) == [
        "La Bobine", "bocal", "L'Étape", "Obole", "Œuvre commune", "Olive", "Le Zèbre", "Zone libre",
    ]  # fmt: skip
    assert without_article("La Bobine") == "Bobine (La)"
    assert without_article("L'Étape") == "Étape (L')"
    assert without_article("Lavoir") == "Lavoir"


def test_needs_that_were_answered_no_longer_count(make_store):
    content = read(make_store(needs=[{"at": (0, 0)}, {"at": (0, 0), "statut_besoin": "repondu"}]))
    assert content.need("92000").value == 12


def test_a_level_the_store_lacks_is_named(make_store):
    with pytest.raises(TisserandError, match="canton"):
        read(make_store(), level="canton")


def test_a_file_that_is_no_store_is_named(tmp_path):
    path = tmp_path / "notes.gpkg"
    path.write_text("bonjour")
    with pytest.raises(StoreUnreadableError, match=r"notes\.gpkg"):
        read(path)


@pytest.mark.parametrize("count", [0, 1, 7, 60, 400])
def test_the_book_of_any_number_of_actors_has_no_fault_and_says_each_page_right(make_store, count, monospace):
    rows = [
        {"at": (order % 3, order % 2), "description": "Un lieu pour tous. " * (order % 9)} for order in range(count)
    ]
    content = read(make_store(rows, needs=[{"at": (0, 0)}]))
    book = compose(content, monospace, list(SECTIONS))
    assert faults(book) == []
    numbers = book.page_numbers()
    for actor in content.actors:
        page = book.pages[numbers[actor.anchor] - 1]
        assert any(actor.name in text for text in words_of_page(page))


def words_of_page(page):
    return [" ".join(o.lines) for o in page.operations if hasattr(o, "lines")]


def test_very_long_words_are_broken_and_never_leave_their_box(make_store, monospace):
    rows = [{"at": (0, 0), "nom": "W" * 150, "description": "Anticonstitutionnellement" * 40}]
    assert faults(compose(read(make_store(rows)), monospace, list(SECTIONS))) == []


def test_a_book_without_some_sections_has_no_link_into_them(make_store, monospace):
    content = read(make_store([{"at": (0, 0)}]))
    for section in SECTIONS:
        assert faults(compose(content, monospace, [section])) == []


def test_no_text_of_a_need_is_in_the_book(make_store, monospace):
    need = {"at": (0, 0), "libelle": "Libellé taisible", "description": "Notes taisibles", "nb_situations": 7}
    book = compose(read(make_store([{"at": (0, 0)}], [need]), "interne"), monospace, list(SECTIONS))
    assert not [text for text in words_of(book) if "taisible" in text]


def test_two_stores_whose_hidden_needs_differ_give_the_same_book(make_store, monospace):
    def book(situations):
        needs = [{"at": (0, 0), "nb_situations": situations}, {"at": (1, 1), "nb_situations": 40}]
        store = make_store([{"at": (0, 0)}], needs, name=f"essai-{situations}.gpkg")
        return compose(read(store), monospace, list(SECTIONS)).pages

    hidden = book(1)
    assert hidden == book(10)
    assert hidden != book(0)


def test_a_territory_nobody_surveyed_never_looks_like_one_without_actors(make_store, monospace):
    content = read(make_store())
    book = compose(content, monospace, ["matrice", "fiches"])
    fills = [o.fill for page in book.pages for o in page.operations if hasattr(o, "fill")]
    assert fills.count("not_surveyed") >= len(content.themes)
    assert any("À recenser (1) : Commune C2" in text for text in words_of(book))


def test_a_need_whose_number_is_secret_is_hidden_and_never_none(make_store):
    content = read(make_store(needs=[{"at": (0, 0), "nb_situations": None, "origine": "statistique"}]))
    assert content.need("92000", "feed").state is Disclosure.HIDDEN
    assert content.need("92000").state is Disclosure.HIDDEN
    assert content.need("92010").state is Disclosure.NONE
    assert content.statistical
