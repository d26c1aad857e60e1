"""The sheets of territories and the matrix: what they add up to, and what they must never confuse."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tisserand.guide.composing.book import MapFrame, Polygon, Rectangle, Text
from tisserand.guide.composing.compose import compose
from tisserand.guide.composing.faults import faults
from tisserand.guide.facts.content import Disclosed, Initiatives
from tisserand.guide.facts.twins import twins
from tisserand.guide.reading import read_content
from tisserand.guide.sections.grid import SHADES, Cell
from tisserand.guide.sections.sheets import MANY_TERRITORIES
from tisserand.guide.web.outline import outline
from tisserand.layers.confidentiality import Disclosure

THEMES = ("feed", "house", "move", "connect")
TODAY = date(2026, 11, 1)
HOSTILE = "[% 1+1 %] <b>x</b> \u202eمرحبا 😀\x07" + "W" * 200
NONE, HIDDEN = Disclosed(Disclosure.NONE, 0.0), Disclosed(Disclosure.HIDDEN, float("nan"))


def read(store, level=""):
    return read_content(store, edition="2026", audience="public", level=level, printed_on=TODAY)


def actors(count, **fields):
    """Return so many actors over all communes but the one that nobody surveyed, of one or two themes each."""
    places = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)]
    return [
        {
            "at": places[order % 5],
            "nom": f"Initiative {order:03}",
            "theme_principal": THEMES[order % 4],
            "themes_vie": "|".join(THEMES[order % 4 : order % 4 + 1 + order % 2]),
            **fields,
        }
        for order in range(count)
    ]


def needs():
    return [{"at": (0, 0), "nb_situations": 40}, {"at": (1, 1), "nb_situations": 60, "theme_vie": "house"}]


def nodes(book, kind):
    return [node for root in outline(book) for node in root.within() if node.kind == kind]


def tables(book):
    """Return alternative -> rows of what the cells say."""
    found = {}
    for table in nodes(book, "Table"):
        rows = [[cell.said for cell in row.children] for row in table.children]
        found[table.alternative] = rows
    return found


def offers(words):
    """Return the initiatives of a cell of the matrix as it is said."""
    return 0 if words.startswith("non recensé") else int(re.match(r"(\d+) initiative", words).group(1))


def pages_of(book, anchor):
    """Return the pages from an anchor to the next heading of its level."""
    first = book.page_numbers()[anchor]
    starts = sorted({book.page_numbers()[mark.anchor] for mark in book.bookmarks if mark.level <= 2})
    last = next((number for number in starts if number > first), len(book.pages) + 1)
    return book.pages[first - 1 : last - 1]


def words(pages):
    return [o.words for page in pages for o in page.operations if isinstance(o, Text)]


def test_the_sums_of_the_sheets_are_the_key_figures(make_store, make_book):
    store = make_store(actors(23), needs())
    content = read(store)
    book = make_book(store, ["matrice", "fiches"])
    found = tables(book)
    head, total, *_ = found["Initiatives et besoins par thème et par territoire"]
    by_theme = {label: 0 for label in content.themes.values()}
    counted = 0
    for group in content.groups:
        _, *rows, whole = found[f"Offre et besoins par thème : {group.name}"]
        for label, count, *_ in rows:
            by_theme[label] += int(count.rstrip("*"))
        counted += int(whole[1])
    assert counted == len(content.actors) == offers(total[-1])
    assert list(by_theme.values()) == [offers(cell) for cell in total[1:-1]]
    assert len(head) == len(total) == 1 + len(content.themes) + 1


def test_each_actor_stands_on_the_sheet_of_its_territory_and_on_no_other(make_store, make_book):
    store = make_store(actors(23))
    content = read(store)
    book = make_book(store, ["fiches", "annuaire"])
    sheets = {group.code: words(pages_of(book, f"territoire-{group.code}")) for group in content.groups}
    for actor in content.actors:
        assert [code for code, said in sheets.items() if actor.name in said] == [actor.group]


def test_a_sheet_gives_each_actor_the_page_of_its_entry(make_store, make_book):
    book = make_book(make_store(actors(23)), ["fiches", "annuaire"])
    numbers = book.page_numbers()
    seen = 0
    for page in book.pages:
        for text in page.operations:
            if page.section == "Fiches de territoire" and isinstance(text, Text) and text.link and text.words.isdigit():
                assert int(text.words) == numbers[text.link.anchor]
                seen += 1
    assert seen >= 23


def alike(content, *members):
    return Initiatives(1, tuple(content.actors[index].uuid for index in members), ("feed",), (), 900.0, "", b"")


def test_similar_initiatives_elsewhere_are_never_the_territorys_own(make_store):
    content = read(make_store(actors(23)))
    content.similar = [alike(content, *range(0, 23, 3)), alike(content, 1, 2, 4)]
    for territory in (*content.groups, *content.communes):
        own = {actor.uuid for actor in content.actors_in(territory)}
        found = twins(content, territory)
        assert own.isdisjoint(twin.neighbour.uuid for twin in found)
        assert all({actor.uuid for actor in twin.like} <= own for twin in found)


def test_similar_initiatives_elsewhere_are_named_with_their_place_and_page(make_store, monospace):
    content = read(make_store(actors(12)))
    here, there = (next(a for a in content.actors if a.group == group.code) for group in content.groups)
    content.similar = [Initiatives(1, (here.uuid, there.uuid), ("feed",), (), 900.0, "", b"")]
    book = compose(content, monospace, ["fiches", "annuaire"])
    said = words(pages_of(book, f"territoire-{content.groups[0].code}"))
    assert there.name in said
    assert any(text.endswith(f"{content.groups[1].name} · comme {here.number}") for text in said)
    assert str(book.page_numbers()[there.anchor]) in said


def test_where_nobody_looked_a_sheet_never_says_that_there_is_nothing(make_store, make_book):
    store = make_store([{"at": (0, 0)}], needs())
    book = make_book(store, ["matrice", "fiches"], level="commune")
    content = read(store, "commune")
    unseen = next(commune for commune in content.communes if commune.surveyed_on is None)
    said = words(pages_of(book, f"territoire-{unseen.code}"))
    assert "Personne n'a encore recensé ce territoire" in said
    assert not [text for text in said if text in ("0", "aucun besoin exprimé") or "Aucun" in text]
    (row,) = [
        row for row in tables(book)["Initiatives et besoins par thème et par territoire"] if row[0] == unseen.name
    ]
    assert {cell for cell in row[1:]} == {"non recensé ; besoins non recensés"}


def test_none_hidden_and_not_surveyed_are_said_in_different_words():
    shown = Disclosed(Disclosure.SHOWN, 40.0)
    said = {Cell(0, need, surveyed, 3).words for need in (NONE, HIDDEN, shown) for surveyed in (0, 1, 3)}
    # Where nobody asked, no need was expressed either: that is not known, and said so.
    assert len(said) == 9
    assert Cell(0, NONE, 0, 3).words == "non recensé ; besoins non recensés"
    assert Cell(0, NONE, 3, 3).words == "0 initiative ; aucun besoin exprimé"
    assert Cell(2, HIDDEN, 3, 3).words == "2 initiatives ; besoins masqués"
    assert (Cell(0, NONE, 1, 3).figure, Cell(0, NONE, 3, 3).figure) == ("0*", "0")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell(0, Disclosed(Disclosure.SHOWN, 40.0), 3, 3), True),
        (Cell(1, Disclosed(Disclosure.SHOWN, 40.0), 3, 3), False),
        (Cell(0, HIDDEN, 3, 3), False),
        (Cell(0, NONE, 3, 3), False),
        (Cell(0, Disclosed(Disclosure.SHOWN, 40.0), 0, 3), False),
    ],
)
def test_only_published_needs_without_an_initiative_where_somebody_looked_are_ringed(cell, expected):
    assert cell.unanswered is expected


def test_the_balance_is_drawn_round_the_cells_of_the_matrix(make_store, make_book):
    book = make_book(make_store([{"at": (0, 0), "themes_vie": "move"}], needs()), ["matrice"])
    rings = [o for page in book.pages for o in page.operations if isinstance(o, Polygon) and o.outline == "#b30000"]
    said = [cell for rows in tables(book).values() for row in rows for cell in row]
    assert len(rings) == 1 + sum(re.match(r"0 initiative.* situations", cell) is not None for cell in said) > 1


def test_a_matrix_longer_than_a_page_goes_on_as_one_table_with_its_head_repeated(make_store, monospace):
    content = many(read(make_store(actors(30), needs())), 120)
    book = compose(content, monospace, ["matrice"])
    assert faults(book) == []
    pages = [page for page in book.pages if page.section.startswith("Matrice")]
    assert len(pages) > 2
    (table,) = nodes(book, "Table")
    assert len(table.children) == 1 + 1 + 120
    assert len([h for h in nodes(book, "H1") if h.words.startswith("Quels thèmes")]) == 1
    for page in pages[1:]:
        heads = [o for o in page.operations if isinstance(o, Text) and o.words == "Nourrir"]
        assert [head.element for head in heads] == [-1]


def many(content, count):
    """Return the content with so many territories, each of one commune."""
    communes = content.communes
    groups = [
        communes[index % len(communes)]._replace(code=f"T{index:04}", name=f"Territoire {index}", level="canton")
        for index in range(count)
    ]
    return replace(content, level="canton", groups=groups)


def test_of_many_territories_each_has_a_block_and_several_stand_on_a_page(make_store, monospace):
    content = many(read(make_store(actors(10), needs())), MANY_TERRITORIES + 30)
    book = compose(content, monospace, ["fiches", "annuaire"])
    sheets = [page for page in book.pages if page.section == "Fiches de territoire"]
    assert len(sheets) <= len(content.groups) / 2
    numbers = book.page_numbers()
    assert all(f"territoire-{group.code}" in numbers for group in content.groups)


def test_where_the_matrix_has_no_room_for_communes_each_sheet_shows_its_own(make_store, monospace):
    content = read(make_store(actors(10), needs()))
    extra = [content.communes[0]._replace(code=f"X{index}", name=f"Autre {index}") for index in range(60)]
    ponant = content.groups[1]._replace(members=(*content.groups[1].members, *(commune.code for commune in extra)))
    content = replace(content, groups=[content.groups[0], ponant], communes=[*content.communes, *extra])
    found = tables(compose(content, monospace, ["matrice", "fiches"]))
    assert len(found["Initiatives et besoins par thème et par territoire"]) == 1 + 1 + 2
    assert len(found[f"Commune par commune : {ponant.name}"]) == 1 + 1 + len(ponant.members)


def test_communes_with_actors_that_lie_in_no_territory_have_a_sheet_of_their_own(make_store, monospace):
    content = read(make_store(actors(10)))
    content = replace(content, groups=content.groups[:1])
    book = compose(content, monospace, ["fiches", "annuaire"])
    said = words(pages_of(book, "territoire-autres"))
    outside = [actor.name for actor in content.actors if actor.commune not in content.groups[0].members]
    assert outside
    assert set(outside) <= set(said)


def test_a_level_of_communes_has_no_commune_twice(make_store, make_book):
    book = make_book(make_store(actors(10)), ["fiches"], level="commune")
    titles = [mark.title for mark in book.bookmarks if mark.level > 1 and mark.anchor.startswith("territoire-")]
    assert len(titles) == len(set(titles)) == 6


@pytest.mark.parametrize("count", [0, 1, 61, 300])
def test_sheets_of_any_number_of_actors_have_no_fault(make_store, monospace, count):
    content = read(make_store(actors(count), needs()))
    content.similar = [alike(content, *range(0, count, 2))] if count > 2 else []
    assert faults(compose(content, monospace, ["matrice", "fiches", "annuaire"])) == []


def test_entries_of_all_heights_stand_beside_and_below_a_communes_map(make_store, monospace):
    content = read(make_store([{"at": (0, 0)} for _ in range(16)]))
    for step in range(1, 8):
        long = "Un nom qui prend deux lignes "
        named = [
            actor._replace(name=long * (actor.number * step * step % 11 % 3) + str(actor.number))
            for actor in content.actors
        ]
        for count in range(4, 17):
            few = replace(content, actors=named[:count])
            assert faults(compose(few, monospace, ["fiches", "annuaire"])) == []


def test_every_page_with_a_map_names_its_sources_once(make_store, monospace):
    content = read(make_store(actors(300), needs()))
    for level in (content, many(content, MANY_TERRITORIES + 30)):
        for page in compose(level, monospace, ["fiches"]).pages:
            maps = any(isinstance(o, MapFrame) and o.subject != "cover" for o in page.operations)
            lines = [o for o in page.operations if isinstance(o, Text) and o.words.startswith("Sources :")]
            assert len(lines) == maps


def test_names_of_any_length_and_any_letters_push_nothing_off_the_page(make_store, monospace):
    content = read(make_store(actors(9), needs()))
    content.actors = [actor._replace(name=f"{actor.number} {HOSTILE}") for actor in content.actors]
    groups = [group._replace(name=f"{group.code} {HOSTILE}") for group in content.groups]
    communes = [commune._replace(name=f"{commune.code} {HOSTILE}") for commune in content.communes]
    content = replace(content, groups=groups, communes=communes)
    content.similar = [alike(content, *range(9))]
    for level in (content, many(content, MANY_TERRITORIES + 1)):
        assert faults(compose(level, monospace, ["matrice", "fiches", "annuaire"])) == []


def test_cells_of_the_matrix_are_darker_the_more_there_is_and_white_for_none(make_store, make_book):
    book = make_book(make_store(actors(40)), ["matrice"])
    fills = {o.fill for page in book.pages for o in page.operations if isinstance(o, Rectangle)}
    assert set(SHADES) <= fills
