"""The form to correct, add or object: lines to write on, where to send it, and a code only for a true address."""

import pytest

from tisserand.guide.composing.addresses import shown
from tisserand.guide.composing.book import Link, Picture, Rule, Text
from tisserand.guide.composing.qr import LONGEST, qr_svg
from tisserand.guide.composing.settings import Settings

SECTION = "Fiche de mise à jour"
ADDRESS = "https://departement.example/guide/mise-a-jour"


def form(make_store, make_book, **settings):
    book = make_book(make_store([{"at": (0, 0)}]), ["correction"], Settings(**settings))
    (page,) = [page for page in book.pages if page.section == SECTION]
    return page


def words(page):
    return " ".join(o.words for o in page.operations if isinstance(o, Text))


def codes(page):
    return [o for o in page.operations if isinstance(o, Picture)]


def test_the_form_has_choices_and_lines_to_write_on(make_store, make_book):
    page = form(make_store, make_book)
    for said in ("Corriger une fiche", "Ajouter un acteur", "Retirer des informations", "Numéro et page", "À détacher"):
        assert said in words(page)
    lines = [o for o in page.operations if isinstance(o, Rule) and o.x2 - o.x1 > 170 and o.y1 < 280]
    assert len(lines) >= 10


def test_without_an_address_there_is_no_code_and_the_form_says_so(make_store, make_book):
    page = form(make_store, make_book)
    assert codes(page) == []
    assert "n'est pas renseignée" in words(page)


def test_the_address_is_coded_and_written_in_words(make_store, make_book):
    page = form(make_store, make_book, update_address=ADDRESS, contact="Mission guide, 2 rue de l'Essai")
    (code,) = codes(page)
    assert code.source == qr_svg(ADDRESS)
    assert "departement.example/guide/mise-a-jour" in words(page)
    assert "Mission guide, 2 rue de l'Essai" in words(page)
    assert Link(uri=ADDRESS) in [o.link for o in page.operations if isinstance(o, Text)]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "nulle part", "https://a.example/" + "x" * LONGEST, "[% @project_path %] 😀", "x" * 5000],
)
def test_what_is_no_address_of_a_usual_length_is_printed_without_a_code(make_store, make_book, address):
    page = form(make_store, make_book, update_address=address)
    assert codes(page) == []
    assert shown(address)[:10] in words(page)


def test_a_mail_address_may_be_coded(make_store, make_book):
    assert len(codes(form(make_store, make_book, update_address="mailto:guide@essai.example"))) == 1


def test_a_very_long_contact_leaves_the_form_on_its_page(make_store, make_book):
    page = form(make_store, make_book, update_address=ADDRESS, contact="mot " * 5000)
    assert "Acteur, lieu ou territoire" in words(page)
