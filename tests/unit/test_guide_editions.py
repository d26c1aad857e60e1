"""Two editions: what the last one showed binds this one, what is new is told, and the matrix is kept."""

import shutil
from datetime import date

import pytest

from tisserand.guide.composing.faults import faults
from tisserand.guide.reading import read_content
from tisserand.guide.reading.matrix_record import figure_of, record_edition
from tisserand.layers import geopackage
from tisserand.layers.confidentiality import Disclosure
from tisserand.layers.errors import StoreUnreadableError, TisserandError

HOSTILE = "[% @project_path %] <b>gras</b> مرحبا 😀 \x07 " + "W" * 90


def content_of(store, previous=None, audience="public", **asked):
    asked = {"edition": "2026", "level": "", "printed_on": date(2026, 11, 1), **asked}
    return read_content(store, previous=previous, audience=audience, **asked)


def words_of(book):
    return "\n".join(o.words for page in book.pages for o in page.operations if getattr(o, "words", ""))


def kept(store, name="avant.gpkg"):
    """Return the copy of a store that is kept when its guide is printed."""
    copy = store.with_name(name)
    shutil.copy(store, copy)
    return copy


def uuid_of(store, name, table="acteur", field="nom"):
    return next(row["uuid"] for row in geopackage.read_rows(store, table) if row[field] == name)


def change(store, name, **values):
    geopackage.write_changes(store, {}, {"acteur": [{"uuid": uuid_of(store, name), **values}]})


def actors(*names, **values):
    return [{"at": (order % 3, order % 2), "nom": name, **values} for order, name in enumerate(names)]


def needs(*numbers):
    return [{"at": (x, 0), "nb_situations": number} for x, number in enumerate(numbers)]


def test_without_a_last_edition_nothing_is_new(make_store, make_book):
    store = make_store(actors("Seul"))
    assert content_of(store).changes is None
    assert "Quoi de neuf ?" not in [page.section for page in make_book(store).pages]


def test_an_edition_like_the_last_one_has_no_page_of_news(make_store, make_book):
    store = make_store(actors("Seul"))
    before = kept(store)
    assert content_of(store, before).changes.nothing
    assert "Quoi de neuf ?" not in [page.section for page in make_book(store, previous=before).pages]


def test_who_came_who_changed_and_who_closed_are_told_with_their_pages(make_store, make_book):
    before = make_store(actors("Change", "Ferme", "Reste"), name="avant.gpkg")
    store = make_store(actors("Change", "Ferme", "Reste", "Vient"), name="apres.gpkg")
    change(store, "Change", horaires_accueil="Mo 09:00-12:00", description="Autre chose")
    change(store, "Ferme", statut_recensement="ferme")
    content = content_of(store, before)
    by_name = {actor.name: actor.uuid for actor in content.actors}
    assert content.changes.added == (by_name["Vient"],)
    assert [(c.uuid, c.what) for c in content.changes.changed] == [(by_name["Change"], ("description", "horaires"))]
    assert (content.changes.closed, content.changes.withdrawn) == (("Ferme",), 0)
    book = make_book(store, previous=before)
    assert faults(book) == []
    words = words_of(book)
    for said in ("1 nouvel acteur", "Nouveaux acteurs (1)", "description, horaires", "Ont fermé (1)"):
        assert said in words
    page = next(page for page in book.pages if page.section == "Quoi de neuf ?")
    linked = {o.link.anchor for o in page.operations if getattr(o, "link", None)}
    assert {actor.anchor for actor in content.actors if actor.name in ("Change", "Vient")} <= linked


@pytest.mark.parametrize(
    "gone",
    [
        {"statut_recensement": "refus"},
        {"statut_recensement": "ferme", "opposition_le": date(2026, 5, 1)},
        {"statut": "archive"},
        {"diffusion": "interne"},
        {"statut_recensement": "ferme", "statut": "archive"},
    ],
)
def test_who_left_for_another_reason_than_closing_is_counted_and_never_named(make_store, make_book, gone):
    before = make_store(actors("Discret", "Reste"), name="avant.gpkg")
    store = make_store(actors("Discret", "Reste"), name="apres.gpkg")
    change(store, "Discret", **gone)
    changes = content_of(store, before).changes
    assert (changes.closed, changes.withdrawn) == ((), 1)
    assert "Discret" not in words_of(make_book(store, previous=before))


def test_who_could_not_be_read_about_is_neither_news_nor_named_when_closing(make_store):
    before = make_store(actors("Interne", diffusion="interne"), name="avant.gpkg")
    store = make_store(actors("Interne", diffusion="interne"), name="apres.gpkg")
    change(store, "Interne", statut_recensement="ferme")
    assert content_of(store, before).changes.nothing
    assert content_of(store, before, "interne").changes.closed == ("Interne",)


def test_that_somebody_took_back_their_telephone_is_not_told(make_store):
    contact = {"telephone": "01 99 00 00 00", "contact_publiable": True, "consentement_le": date(2026, 1, 1)}
    before = make_store(actors("Seul", **contact), name="avant.gpkg")
    store = make_store(actors("Seul", **contact), name="apres.gpkg")
    change(store, "Seul", opposition_le=date(2026, 6, 1), contact_publiable=False)
    assert content_of(store, before).changes.nothing
    change(store, "Seul", opposition_le=None, contact_publiable=True, telephone="01 99 00 00 01")
    assert content_of(store, before).changes.changed[0].what == ("téléphone",)


def test_communes_surveyed_since_are_told(make_store, make_book):
    store = make_store(actors("Seul"))
    before = kept(store)
    commune = uuid_of(store, "Commune C2", "territoire")
    geopackage.write_changes(store, {}, {"territoire": [{"uuid": commune, "recense_le": date(2026, 9, 1)}]})
    assert content_of(store, before).changes.surveyed == ("92021",)
    assert "1 commune de plus" in words_of(make_book(store, previous=before))


@pytest.mark.parametrize("count", [1, 40, 600])
def test_news_of_any_number_of_actors_with_hostile_names_have_no_fault(make_store, make_book, count):
    before = make_store(actors("Reste"), name="avant.gpkg")
    store = make_store(actors("Reste", *(f"{HOSTILE} {order}" for order in range(count))), name="apres.gpkg")
    book = make_book(store, ["nouveautes", "annuaire"], previous=before)
    assert faults(book) == []
    assert f"Nouveaux acteurs ({count})" in words_of(book)


def test_the_workspace_itself_cannot_be_its_last_edition(make_store):
    store = make_store()
    with pytest.raises(TisserandError, match=r"essai\.gpkg is the workspace to be printed itself"):
        content_of(store, store)


def test_the_workspace_of_another_departement_cannot_be_the_last_edition(make_store):
    store = make_store()
    other = make_store(name="ailleurs.gpkg", departement="92")
    geopackage.write_rows(other, {})
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("UPDATE meta SET valeur = '78' WHERE cle = 'departement'")
    with pytest.raises(TisserandError, match=r"ailleurs\.gpkg is the workspace of the Département 78"):
        content_of(store, other)


def test_a_last_edition_that_is_no_workspace_is_named(make_store, tmp_path):
    notes = tmp_path / "notes.gpkg"
    notes.write_text("bonjour")
    for path in (notes, tmp_path / "absent.gpkg"):
        with pytest.raises(StoreUnreadableError, match=path.name):
            content_of(make_store(name=f"{path.stem}-essai.gpkg"), path)


def test_a_number_that_moved_by_a_few_is_masked_in_the_next_edition(make_store):
    before = make_store(needs=needs(40, 60, 80), name="avant.gpkg")
    store = make_store(needs=needs(43, 60, 80), name="apres.gpkg")
    assert content_of(store).need("92000", "feed").value == 43
    assert content_of(store, before).need("92000", "feed").state is Disclosure.HIDDEN
    moved = make_store(needs=needs(70, 60, 80), name="beaucoup.gpkg")
    assert content_of(moved, before).need("92000", "feed").value == 70


def test_the_threshold_of_the_last_edition_is_kept_and_said(make_store):
    before = make_store(needs=needs(18), name="avant.gpkg", seuil=20)
    store = make_store(needs=needs(18), name="apres.gpkg", seuil=5)
    content = content_of(store, before)
    assert content.threshold == 20
    assert content.need("92000", "feed").state is Disclosure.HIDDEN
    assert any("ne s'abaisse pas" in warning for warning in content.warnings)


def rows_of(store, edition="2026"):
    own = next(row for row in geopackage.read_rows(store, "edition") if row["code"] == edition)
    return own, [row for row in geopackage.read_rows(store, "matrice") if row["edition_uuid"] == own["uuid"]]


def test_the_matrix_is_kept_as_it_was_printed_with_its_four_states(make_store):
    rows = [*actors("Seul"), {"at": (1, 1), "nom": "Deux", "themes_vie": "house|feed"}]
    store = make_store(rows, [*needs(40, 4), {"at": (0, 1), "nb_situations": None}])
    content = content_of(store)
    assert record_edition(store, content, "Guide", "ab" * 32) == 10 * 9
    edition, cells = rows_of(store)
    assert (edition["seuil"], edition["niveau"], edition["diffusion"]) == (11, "epci", "public")
    assert edition["etablie_le"] == date(2026, 11, 1)
    found = {(row["code_territoire"], row["theme_vie"]): row for row in cells}
    assert found["92000", "feed"]["etat_offre"] == "offre"
    assert found["92000", "work"]["etat_offre"] == "aucune"
    assert found["92021", "feed"]["etat_offre"] == "non-recense"
    assert found["92011", "house"]["nb_acteurs"] == 1
    for code, words in (("92000", "40"), ("92010", "masqué"), ("92020", "aucun"), ("92001", "masqué")):
        state = content.need(code, "feed").state
        expected = {Disclosure.HIDDEN: "masqué", Disclosure.NONE: "aucun"}.get(state, words)
        assert found[code, "feed"]["besoins"] == expected
    assert {row["besoins"] for row in cells} >= {"masqué", "aucun"}


def test_an_edition_printed_again_takes_the_place_of_the_first_one(make_store):
    store = make_store(actors("Seul"), needs(40))
    record_edition(store, content_of(store), "Guide")
    geopackage.write_changes(
        store, {}, {"besoin": [{"uuid": uuid_of(store, "Besoin", "besoin", "libelle"), "nb_situations": 70}]}
    )
    record_edition(store, content_of(store), "Guide, bis")
    edition, cells = rows_of(store)
    assert edition["titre"] == "Guide, bis"
    assert len(geopackage.read_rows(store, "edition")) == 1
    assert len(cells) == 90
    assert (
        next(row["besoins"] for row in cells if (row["code_territoire"], row["theme_vie"]) == ("92000", "feed")) == "70"
    )


def test_what_was_recorded_counts_more_than_what_the_store_says_today(make_store):
    before = make_store(needs=needs(40, 60, 80), name="avant.gpkg")
    record_edition(before, content_of(before, edition="2025"), "Guide")
    # Somebody went on working in the copy.
    geopackage.write_changes(
        before,
        {},
        {"besoin": [{"uuid": geopackage.read_rows(before, "besoin")[0]["uuid"], "nb_situations": 90}]},
    )
    store = make_store(needs=needs(43, 60, 80), name="apres.gpkg")
    content = content_of(store, before)
    assert content.need("92000", "feed").state is Disclosure.HIDDEN
    assert (content.changes.edition, content.changes.established_on) == ("2025", date(2026, 11, 1))


def test_a_kept_matrix_that_cannot_be_written_leaves_the_store_as_it_was(make_store):
    store = make_store(actors("Seul"), needs(40))
    content = content_of(store)
    content.threshold = 2  # the model wants 3 at least
    with pytest.raises(TisserandError):
        record_edition(store, content, "Guide")
    assert geopackage.read_rows(store, "edition") == geopackage.read_rows(store, "matrice") == []


def test_words_of_a_kept_matrix_are_read_as_they_were_written():
    assert [figure_of(words) for words in ("aucun", "40", "au moins 240", "masqué", "")] == [
        0.0,
        40.0,
        240.0,
        None,
        None,
    ]
