"""Cover, contents, foreword, how to read, sources: what the front and the back of the book say."""

import re
from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_URL, uuid5

import pytest

from tisserand.guide.composing.book import ARTIFACT, Link, Text
from tisserand.guide.composing.compose import SECTIONS
from tisserand.guide.composing.settings import TITLE, Settings
from tisserand.layers import geopackage

HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀 \x07"


def texts(book, section=None):
    return [o for page in book.pages if section in (None, page.section) for o in page.operations if isinstance(o, Text)]


def words(book, section=None):
    return " ".join(text.words for text in texts(book, section))


def of_kind(book, kind):
    """Return the words of each element of a kind, what lies within it counted."""
    found = {place: [] for place, element in enumerate(book.elements) if element.kind == kind}
    for text in texts(book):
        place = text.element
        while place != ARTIFACT:
            if place in found:
                found[place].append(text.words)
            place = book.elements[place].parent
    return [" ".join(said) for said in found.values()]


def some_actors(count=12):
    themes = ("feed", "house", "connect")
    return [{"at": (i % 3, i % 2), "theme_principal": themes[i % 3], "themes_vie": themes[i % 3]} for i in range(count)]


def test_the_cover_carries_the_title_of_the_settings_whole_even_a_long_one(make_store, make_book):
    store = make_store(some_actors())
    for title in (TITLE, "Où trouver de l'aide, près de chez soi, dans les six communes de ce Département d'essai ?"):
        book = make_book(store, ["annuaire"], Settings(title=title))
        assert of_kind(book, "H1")[0] == title


def test_a_title_of_hostile_text_is_set_as_it_was_written_and_never_outside_the_cover(make_store, make_book):
    book = make_book(make_store(some_actors(2)), ["annuaire"], Settings(title=HOSTILE + "x" * 200))
    assert of_kind(book, "H1")[0].startswith("[% @project_path %] <b>gras</b> مرحبا 😀 xxx")


def test_the_cover_says_for_whom_the_edition_is_and_that_an_example_is_fictional(make_store, make_book):
    store = make_store(some_actors(2), fictif="oui")
    for audience, said in (("public", "Édition publique"), ("pro", "professionnels"), ("interne", "Édition interne")):
        cover = words(make_book(store, ["annuaire"], audience=audience), "Couverture")
        assert said in cover
        assert "fictifs" in cover


def test_each_line_of_the_contents_gives_the_page_on_which_its_title_stands(make_store, make_book):
    book = make_book(make_store(some_actors(40)))
    numbers = book.page_numbers()
    lines = of_kind(book, "TOCI")
    marks = [mark for mark in book.bookmarks if mark.anchor != "sommaire"]
    assert len(lines) == len(marks) > 8
    for line, mark in zip(lines, marks):
        assert line == f"{mark.title} {numbers[mark.anchor]}"


def test_a_long_title_of_the_contents_is_set_whole_on_two_lines(make_store, make_book):
    store = make_store(some_actors(3))
    actor = geopackage.read_rows(store, "acteur")[0]["uuid"]
    title = "Une monographie dont le titre prend toute la place qu'un titre peut prendre, et se lit ici en entier"
    row = {"uuid": str(uuid5(NAMESPACE_URL, "m")), "titre": title, "acteur_uuid": actor, "diffusion": "public"}
    geopackage.write_rows(store, {"monographie": [row]})
    book = make_book(store)
    assert any(line.startswith(title) for line in of_kind(book, "TOCI"))
    assert [page.section for page in book.pages].count("Sommaire") == 1


def test_the_foreword_appears_only_when_it_was_written(make_store, make_book):
    store = make_store(some_actors(2))
    assert "Avant-propos" not in words(make_book(store, settings=Settings(foreword=" \n ")))
    book = make_book(store, settings=Settings(foreword="Premier.\n\nSecond."))
    assert [page.section for page in book.pages].count("Avant-propos") == 1
    assert [p for p in of_kind(book, "P") if p in ("Premier.", "Second.")] == ["Premier.", "Second."]


def test_a_long_foreword_flows_over_pages_and_loses_no_word(make_store, make_book):
    foreword = "\n".join(" ".join(f"p{p}m{m}" for m in range(700)) for p in range(4))
    book = make_book(make_store(some_actors(2)), ["avant-propos"], Settings(foreword=foreword))
    assert [page.section for page in book.pages].count("Avant-propos") > 1
    said = re.findall(r"p\dm\d+", words(book, "Avant-propos"))
    assert said == foreword.split()


def test_how_to_read_names_the_four_things_that_must_not_be_confused(make_store, make_book):
    book = make_book(make_store(some_actors(2)), ["lire"])
    said = words(book, "Comment lire ce guide")
    for name in ("Zone non recensée", "Masqué", "Aucun besoin exprimé", "Aucune offre"):
        assert name in said
    looks = {getattr(operation, "fill", "") for page in book.pages for operation in page.operations}
    assert {"not_surveyed", "hidden", "no_need", "no_offer"} <= looks


def test_how_to_read_tells_each_audience_what_it_holds(make_store, make_book):
    store = make_store(some_actors(2))
    said = {
        a: words(make_book(store, ["lire"], audience=a), "Comment lire ce guide") for a in ("public", "pro", "interne")
    }
    assert "chacun peut la lire" in said["public"]
    assert "ne la diffusez pas" in said["pro"]
    assert "services du Département" in said["interne"]
    assert "le code du correspondant" not in said["public"]
    assert "le code du correspondant" in said["pro"]
    assert all("les points et les textes des besoins" in words for words in said.values())


def test_how_to_read_gives_the_pages_of_the_three_entries_and_none_of_what_is_not_there(make_store, make_book):
    store = make_store(some_actors(9))
    book = make_book(store, ["lire", "annuaire", "index"])
    numbers = book.page_numbers()
    said = words(book, "Comment lire ce guide")
    assert f"Index par nom, page {numbers['index-noms']}" in said
    assert f"Annuaire, page {numbers['annuaire']}" in said
    assert "Matrice, page" not in said
    links = {text.link for text in texts(book, "Comment lire ce guide") if text.link}
    assert Link("index-communes") in links


def test_the_notice_says_what_it_does_not_know(make_store, make_book):
    store = make_store(some_actors(2), sources="", licences="")
    said = words(make_book(store, ["sources"]), "Sources et mentions légales")
    assert said.count("Non renseigné.") == 3
    assert "Adresse à laquelle écrire : non renseignée" in said
    assert "Aucune analyse n'a été faite" in said
    assert "Ce guide n'a pas de photo" in said


def test_the_notice_is_made_from_the_store_and_the_settings(make_store, make_book):
    store = make_store(some_actors(2), seuil=15, sources="Fichier d'essai", directeur_publication="La présidente")
    settings = Settings(legal="ISBN d'essai\nTous droits réservés", contact="guide@essai.example")
    book = make_book(store, ["sources"], settings)
    said = words(book, "Sources et mentions légales")
    for known in (
        "au-dessous de 15 situations",
        "Fichier d'essai",
        "La présidente",
        "ISBN d'essai",
        "2026",
        "EPSG:2154",
    ):
        assert known in said
    assert "01/11/2026" in said
    assert Link(uri="mailto:guide@essai.example") in {text.link for text in texts(book)}


def test_a_notice_longer_than_a_page_flows_and_says_all(make_store, make_book):
    legal = "\n".join(f"Mention {number} : " + "mot " * 60 for number in range(60))
    book = make_book(make_store(some_actors(2)), ["sources"], Settings(legal=legal))
    said = words(book, "Sources et mentions légales")
    assert [int(found) for found in re.findall(r"Mention (\d+)", said)] == list(range(60))


@pytest.mark.parametrize("count", [0, 1, 120])
def test_the_whole_book_composes_for_any_number_of_actors(make_store, make_book, count):
    book = make_book(make_store(some_actors(count)), list(SECTIONS), Settings(foreword="Bonjour."))
    sections = {page.section for page in book.pages}
    assert ("Annuaire des acteurs" in sections) == (count > 0)
    assert {"Comment lire ce guide", "Fiche de mise à jour", "Sources et mentions légales"} <= sections


def test_the_same_store_gives_the_same_book(make_store, make_book):
    store = make_store(some_actors(30))
    settings = replace(Settings(), foreword="Bonjour.", update_address="https://essai.example")
    assert make_book(store, settings=settings) == make_book(store, settings=settings, printed_on=date(2026, 11, 1))
