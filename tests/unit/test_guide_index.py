"""The five indexes: everyone is found, on the right page, and the columns are those of a careful printer."""

import re
from collections import Counter, defaultdict

import pytest

from tisserand.guide.composing.book import ARTIFACT, Text
from tisserand.guide.facts.words import without_article
from tisserand.layers.model.codes import code_list

TITLES = ["Index par nom", "Index par commune", "Index par besoin", "Index par public", "Index par réseau"]


def index_of(book, anchor):
    """Return the words of each item of one index, with the number of its page."""
    begins = {mark.anchor: book.anchored[mark.anchor] for mark in book.bookmarks if mark.anchor.startswith("index-")}
    start = begins[anchor]
    end = min((place for place in begins.values() if place > start), default=len(book.elements))
    items = defaultdict(list)
    for page in book.pages:
        for text in page.operations:
            if isinstance(text, Text) and text.element != ARTIFACT and start <= text.element < end:
                items[text.element].append(text.words)
    return [items[place] for place in sorted(items) if book.elements[place].kind == "LBody"]


def headings(book, kind):
    return [
        text.words
        for page in book.pages
        if page.section == "Index"
        for text in page.operations
        if isinstance(text, Text) and text.element != ARTIFACT and book.elements[text.element].kind == kind
    ]


def actors(count, **fields):
    names = ("La Bobine", "L'Étape", "Obole", "Zone libre", "Le Zèbre", "Œuvre commune")
    return [{"at": (i % 3, i % 2), "nom": f"{names[i % 6]} {i:03}", **fields} for i in range(count)]


def test_every_actor_is_found_once_by_name_and_its_page_is_right(make_store, make_book):
    rows = actors(200)
    book = make_book(make_store(rows), ["annuaire", "index"])
    numbers = book.page_numbers()
    found = index_of(book, "index-noms")
    assert Counter(words for words, _ in found) == Counter(without_article(row["nom"]) for row in rows)
    anchors = {text.words: text.link.anchor for page in book.pages if page.section == "Index"
               for text in page.operations if isinstance(text, Text) and text.link}  # fmt: skip
    for words, page in found:
        assert int(page) == numbers[anchors[words]]
        on_page = [text.words for text in book.pages[int(page) - 1].operations if isinstance(text, Text)]
        assert any(without_article(said) == words for said in on_page)


def test_every_actor_is_found_once_by_commune(make_store, make_book):
    rows = actors(90)
    found = index_of(make_book(make_store(rows), ["annuaire", "index"]), "index-communes")
    assert Counter(item[0] for item in found) == Counter(without_article(row["nom"]) for row in rows)


def test_an_actor_stands_below_the_verb_and_the_thematique_of_each_need(make_store, make_book):
    topics = [row["code"] for row in code_list("thematiques").rows if row["theme_vie"] == "move"][:2]
    rows = [
        {"at": (0, 0), "nom": "Roule", "themes_vie": "move|feed", "thematiques": "|".join(topics)},
        {"at": (0, 0), "nom": "Mange", "themes_vie": "feed"},
    ]
    book = make_book(make_store(rows), ["annuaire", "index"])
    titles = headings(book, "H3")
    assert "Se nourrir" in titles
    assert "Se déplacer" in titles
    assert Counter(item[0] for item in index_of(book, "index-besoins")) == {"Roule": 3, "Mange": 1}
    for topic in topics:
        assert code_list("thematiques").label(topic) in headings(book, "P")


def test_who_says_nothing_of_its_publics_is_for_everybody(make_store, make_book):
    rows = [{"at": (0, 0), "nom": "Ouvert"}, {"at": (0, 0), "nom": "Ancien", "publics": "seniors"}]
    book = make_book(make_store(rows), ["annuaire", "index"])
    titles = headings(book, "H3")
    assert titles.index("Tous publics") < titles.index("Séniors")
    assert [item[0] for item in index_of(book, "index-publics")] == ["Ouvert", "Ancien"]


def test_networks_have_their_words_and_no_index_without_any(make_store, make_book):
    store = make_store([{"at": (0, 0), "nom": "Relié", "reseaux_porteurs": "60000-rebonds|aci"}], name="a.gpkg")
    assert headings(make_book(store, ["annuaire", "index"]), "H2") == TITLES
    store = make_store([{"at": (0, 0), "nom": "Seul"}], name="b.gpkg")
    assert headings(make_book(store, ["annuaire", "index"]), "H2") == TITLES[:4]


def test_a_book_without_actors_has_no_index_but_of_its_territories(make_store, make_book):
    assert "Index" not in [page.section for page in make_book(make_store([]), ["annuaire", "index"]).pages]


@pytest.mark.parametrize("count", [7, 120, 700])
def test_no_title_is_parted_from_the_first_name_below_it(make_store, make_book, count):
    book = make_book(make_store(actors(count, publics="seniors|jeunes")), ["annuaire", "index"])
    for page in book.pages:
        if page.section != "Index":
            continue
        texts = [o for o in page.operations if isinstance(o, Text) and o.element != ARTIFACT and o.align == "left"]
        for title in (t for t in texts if book.elements[t.element].kind == "H3"):
            below = [t for t in texts if abs(t.box.x - title.box.x) < 6 and t.box.y > title.box.y]
            following = min(below, key=lambda text: text.box.y)
            assert book.elements[following.element].kind == "LBody", title.words
            assert following.box.y - title.box.bottom < 2


def test_the_columns_of_the_last_page_are_alike(make_store, make_book):
    book = make_book(make_store(actors(60)), ["annuaire", "index"])
    page = book.pages[book.page_numbers()["index-noms"] - 1]
    items = [o for o in page.operations if isinstance(o, Text) and o.element != ARTIFACT and o.align == "left"]
    items = [text for text in items if book.elements[text.element].kind == "LBody"]
    start, end = book.anchored["index-noms"], book.anchored["index-communes"]
    lowest = defaultdict(float)
    for text in items:
        if start <= text.element < end:
            lowest[round(text.box.x)] = max(lowest[round(text.box.x)], text.box.bottom)
    assert len(lowest) == 3
    assert max(lowest.values()) - min(lowest.values()) < 15


def test_what_has_too_many_names_gives_the_pages_instead_and_they_are_right(make_store, make_book):
    publics = "|".join(row["code"] for row in code_list("publics").rows if row["code"] != "tous-publics")
    rows = actors(140, publics=publics)
    book = make_book(make_store(rows), ["annuaire", "index"])
    assert index_of(book, "index-publics") == []
    numbers = book.page_numbers()
    wanted = sorted({numbers[f"acteur-{number}"] for number in range(1, 141)})
    text = " ".join(o.words for page in book.pages if page.section == "Index" for o in page.operations
                    if isinstance(o, Text))  # fmt: skip
    after = text[text.index("Séniors") + len("Séniors") :]
    assert [int(found) for found in re.findall(r"\d+", after)[: len(wanted)]] == wanted


def test_very_long_names_stay_in_their_column(make_store, make_book):
    rows = [{"at": (0, 0), "nom": f"{'interminable' * 12}{i}"} for i in range(40)]
    book = make_book(make_store(rows), ["annuaire", "index"])
    assert len(index_of(book, "index-noms")) == 40
