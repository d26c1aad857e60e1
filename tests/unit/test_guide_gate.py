"""The gate between needs and print, attacked from what comes out of it and from the printed pages."""

import ast
import math
import runpy
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tisserand.guide.facts.leads import Extra
from tisserand.guide.gate import Before, Counts, Gap, Rules, disclose
from tisserand.guide.reading import read_content
from tisserand.guide.reading.matrix_record import record_edition
from tisserand.layers import geopackage
from tisserand.layers.confidentiality import Disclosure
from tisserand.layers.errors import CancelledError

Book = runpy.run_path(str(Path(__file__).with_name("book_reader.py")))
Reader, Statements, HIDDEN, NONE = (Book[name] for name in ("Reader", "Statements", "HIDDEN", "NONE"))
GUIDE = Path(__file__).resolve().parents[2] / "guide"

THEMES = ["feed", "house", "work"]
COMMUNES = ["A", "B", "C", "D", "E"]
# The second level cuts the first.
TERRITORIES = {"": COMMUNES, "G1": ["A", "B", "C"], "G2": ["D", "E"], "X1": ["B", "D"], "X2": ["A", "C", "E"]}
TERRITORIES |= {commune: [commune] for commune in COMMUNES}
LEVELS = [["G1", "G2"], ["X1", "X2"], COMMUNES]
# Without making failures smaller, which takes minutes here.
PHASES = [Phase.explicit, Phase.generate]
MANY = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "phases": PHASES}
SLACK = 1e-4

numbers = st.one_of(st.just(0), st.integers(1, 12), st.integers(8, 60))
tables = st.fixed_dictionaries({(c, t): numbers for c in COMMUNES for t in THEMES})
shares = st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.45, 0.6, 0.8, 0.97, 1.0]), min_size=15, max_size=15)


def counts_of(situations, unmet=None, territories=TERRITORIES, **more):
    """Return what is counted; ``unmet`` are shares of each commune and theme."""
    members = {code: frozenset(own) for code, own in territories.items()}
    counts = Counts(members, LEVELS, list(THEMES), {key: float(n) for key, n in situations.items() if n}, **more)
    if unmet is not None:
        without = {key: n * share for (key, n), share in zip(situations.items(), unmet)}
        for code, own in territories.items():
            for theme in THEMES:
                people = float(sum(situations[commune, theme] for commune in own))
                amount = float(sum(without[commune, theme] for commune in own))
                counts.gaps[code, theme] = Gap(people, amount, "capacite" if amount else "couvert", amount, amount)
    return counts


def total(situations, key):
    code, theme = key
    return sum(situations[c, t] for c in TERRITORIES[code] for t in (THEMES if theme == "" else [theme]))


def said_by(verdict):
    statements = Statements()
    for key, need in verdict.needs.items():
        statements.need(key, {Disclosure.HIDDEN: HIDDEN, Disclosure.NONE: NONE}.get(need.state, need.value))
        if isinstance(statements.needs[key], float):
            statements.needs[key] = int(statements.needs[key])
    for key, share in verdict.shares.items():
        if share.state is Disclosure.SHOWN:
            statements.share(key, share.gap_class)
    return statements


def few_of(situations, said, k):
    """Return the masked cells that hold fewer than ``k``, and whether none is possible there, as part of another."""
    small = {key for key in said.needs if 0 < total(situations, key) < k}

    def within(key, other):
        (code, theme), (its, other_theme) = key, other
        return key != other and set(TERRITORIES[code]) <= set(TERRITORIES[its]) and other_theme in ("", theme)

    found = {}
    for key, what in said.needs.items():
        part = any(within(key, other) for other in small)
        if what == HIDDEN and (key in small or (part and not total(situations, key))):
            found[key] = (0 if part else 1, k)
    return found


def attack(reader, said, situations, unmet, k):
    """Assert that no masked number, and nothing small among those with or without an answer, can be closed in on.

    A reader who knows the reasons too may find a few to within half the threshold, where everything is masked already.
    """
    for key, what in said.needs.items():
        true = total(situations, key)
        low, high = reader.range_of(reader.needs(key)) if what == HIDDEN else (true, true)
        if what == HIDDEN and 0 < true < k and not (reader.knows_reasons and high - low >= k // 2 - SLACK):
            assert low <= min(1, true) + SLACK, (key, true, low, high)
            assert high >= k - 1 - SLACK, (key, true, low, high)
        elif what == HIDDEN and true:
            assert high - low >= k // 2 - SLACK, (key, true, low, high)
        if unmet is None or not true:
            continue
        own = {(c, t): n * share for ((c, t), n), share in zip(situations.items(), unmet)}
        without = total(own, key)
        for row, amount in ((reader.unmet(key), without), (reader.needs(key) - reader.unmet(key), true - without)):
            if SLACK < amount < k - SLACK:
                low, high = reader.range_of(row)
                assert low <= min(1, amount) + SLACK, (key, amount, low, high)
                assert high >= min(k - 1, true) - 0.01, (key, amount, low, high)


@settings(max_examples=40, **MANY)
@given(tables, shares, st.sampled_from([5, 11, 20]))
def test_nothing_small_can_be_worked_out_of_numbers_and_classes_together(situations, unmet, k):
    said = said_by(disclose(counts_of(situations, unmet), Rules(k)))
    for few in (None, few_of(situations, said, k)):
        attack(Reader(said, TERRITORIES, THEMES, k, few), said, situations, unmet, k)


def test_a_share_whose_class_would_tell_how_few_is_hidden_beside_its_number():
    situations = dict.fromkeys(((c, t) for c in COMMUNES for t in THEMES), 100)
    situations["A", "feed"] = 20
    unmet = [0.4 if key == ("A", "feed") else 0.6 for key in situations]
    verdict = disclose(counts_of(situations, unmet), Rules(11))
    assert verdict.needs["A", "feed"].value == 20
    assert verdict.shares["A", "feed"].state is Disclosure.HIDDEN
    assert verdict.shares["B", "feed"][:2] == (Disclosure.SHOWN, 2)


@settings(max_examples=25, **MANY)
@given(tables, tables, st.sampled_from([5, 11]))
def test_two_editions_together_tell_no_more_than_each(first, more, k):
    grown = {key: n + (more[key] if more[key] % 3 == 0 else 0) for key, n in first.items()}
    before = disclose(counts_of(first), Rules(k))
    shown = {key: need.value for key, need in before.needs.items() if need.state is not Disclosure.HIDDEN}
    now = disclose(counts_of(grown), Rules(k), Before(shown, set(before.masked), k))
    for key, need in now.needs.items():
        if need.state is Disclosure.SHOWN and key in shown:
            assert not 0 < need.value - shown[key] < k
    # What both editions show unchanged is believed unchanged, and so is what is added up of it.
    then, today = said_by(before), said_by(now)
    if now.told:
        return
    reader = Reader(today, TERRITORIES, THEMES, k, few_of(grown, today, k))
    attack(reader, today, grown, None, k)
    if grown == first:
        both = Statements()
        both.needs = {key: today.needs[key] if then.needs[key] == HIDDEN else then.needs[key] for key in then.needs}
        reader = Reader(both, TERRITORIES, THEMES, k, few_of(first, both, k))
        attack(reader, both, first, None, k)


def test_the_threshold_is_never_lower_than_in_the_last_edition():
    situations = dict.fromkeys(((c, t) for c in COMMUNES for t in THEMES), 12)
    verdict = disclose(counts_of(situations), Rules(5), Before({}, set(), 20))
    assert verdict.threshold == 20
    assert verdict.needs["A", "feed"].state is Disclosure.HIDDEN


@settings(max_examples=25, **MANY)
@given(tables, st.data())
def test_what_is_left_of_a_cell_beside_a_lead_is_as_safe_as_the_lead(situations, data):
    k = 11
    parts = {}
    for commune in data.draw(st.lists(st.sampled_from(COMMUNES), min_size=1, max_size=3, unique=True)):
        if situations[commune, "feed"]:
            parts[commune, "feed"] = float(data.draw(st.integers(1, situations[commune, "feed"])))
    verdict = disclose(counts_of(situations, extras=[Extra("piste-1", parts)]), Rules(k))
    lead = verdict.extras["piste-1"]
    if lead.state is not Disclosure.SHOWN or len(parts) != 1:
        return
    (cell,) = parts
    if verdict.needs[cell].state is Disclosure.SHOWN:
        assert not 0 < verdict.needs[cell].value - lead.value < k


def test_a_lead_part_of_which_is_unknown_is_never_printed():
    situations = dict.fromkeys(((c, t) for c in COMMUNES for t in THEMES), 50)
    extras = [Extra("piste-1", {("A", "feed"): 50.0, ("", "feed"): math.nan}), Extra("piste-2", {("A", "work"): 50.0})]
    found = disclose(counts_of(situations, extras=extras), Rules(11)).extras
    assert (found["piste-1"].state, found["piste-2"].state) == (Disclosure.HIDDEN, Disclosure.SHOWN)


def test_an_unknown_number_hides_all_sums_it_is_part_of_and_no_other():
    situations = dict.fromkeys(((c, t) for c in COMMUNES for t in THEMES), 30)
    verdict = disclose(counts_of(situations, unknown={("A", "feed"): 1}), Rules(11))
    hidden = {key for key, need in verdict.needs.items() if need.state is Disclosure.HIDDEN}
    assert hidden == {(code, theme) for code in ("", "G1", "X2", "A") for theme in ("", "feed")}
    assert verdict.least["", ""] == 450
    assert set(verdict.least) == hidden


def test_where_nobody_knows_the_number_it_is_hidden_and_never_none():
    verdict = disclose(counts_of(dict.fromkeys(((c, t) for c in COMMUNES for t in THEMES), 0)), Rules(11))
    assert {need.state for need in verdict.needs.values()} == {Disclosure.NONE}
    verdict = disclose(
        counts_of(dict.fromkeys(((c, t) for c in COMMUNES for t in THEMES), 0), unknown={("A", "feed"): 2}), Rules(11)
    )
    assert verdict.needs["A", "feed"].state is verdict.needs["", ""].state is Disclosure.HIDDEN
    assert verdict.needs["B", "feed"].state is Disclosure.NONE
    assert verdict.least == {}


def test_a_territory_that_no_commune_makes_up_is_hidden_and_never_none():
    territories = {**TERRITORIES, "920110101": []}
    verdict = disclose(counts_of({("A", "feed"): 40}, territories=territories), Rules(11))
    assert ("920110101", "feed") not in verdict.needs


def test_one_correspondent_s_share_is_watched_where_the_workspace_wants_it():
    situations = {(c, t): 40 for c in COMMUNES for t in THEMES}
    brought = {
        key: {"a": 36.0, "b": 2.0, "c": 2.0} if key[0] == "A" else {"a": 14.0, "b": 13.0, "c": 13.0}
        for key in situations
    }
    counts = counts_of(situations, contributors=brought)
    assert disclose(counts, Rules(11)).needs["A", "feed"].state is Disclosure.SHOWN
    watched = disclose(counts, Rules(11, contributors="correspondants"))
    assert watched.needs["A", "feed"].state is Disclosure.HIDDEN
    assert watched.needs["", "feed"].state is Disclosure.SHOWN


def test_coverage_of_other_needs_than_there_are_is_not_printed():
    situations = {(c, t): 40 for c in COMMUNES for t in THEMES}
    counts = counts_of(situations, [0.5] * 15)
    counts.situations["A", "feed"] = 60.0
    verdict = disclose(counts, Rules(11))
    assert verdict.shares["A", "feed"].state is verdict.shares["", "feed"].state is Disclosure.HIDDEN
    assert verdict.shares["B", "feed"].state is Disclosure.SHOWN
    assert verdict.stale == 4


def test_without_scipy_every_number_is_masked_and_said_to_be(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    for name in [name for name in sys.modules if "disclosure" in name or name.endswith("gate.shares")]:
        monkeypatch.delitem(sys.modules, name)
    verdict = disclose(counts_of({("A", "feed"): 400}), Rules(11))
    assert verdict.unproven
    assert {need.state for need in verdict.needs.values()} == {Disclosure.HIDDEN}


def test_the_gate_stops_when_it_is_told_to():
    def stop():
        raise CancelledError

    with pytest.raises(CancelledError):
        disclose(counts_of({("A", "feed"): 4, ("B", "feed"): 40}), Rules(11), None, stop)


def test_the_order_of_what_is_counted_does_not_matter():
    situations = {(c, t): 7 * (at % 5) for at, (c, t) in enumerate((c, t) for c in COMMUNES for t in THEMES)}
    counts = counts_of(situations)
    turned = replace(
        counts,
        situations=dict(reversed(counts.situations.items())),
        territories=dict(reversed(counts.territories.items())),
    )
    assert disclose(counts, Rules(11)) == disclose(turned, Rules(11))


# The printed book.


def small_store(make_store, write_result, situations, unmet, name):
    at = [(x, y) for x in range(3) for y in range(2)]
    keys = [(place, theme) for place in at for theme in ("feed", "house")]
    needs = [
        {"at": place, "theme_vie": theme, "nb_situations": number}
        for (place, theme), number in zip(keys, situations)
        if number
    ]
    store = make_store([{"at": (0, 0)}, {"at": (1, 1), "themes_vie": "house"}], needs, name=name)
    rows = []
    members = {"92": at, "200000000": [p for p in at if p[1] == 0], "200000001": [p for p in at if p[1] == 1]}
    members |= {f"920{x}{y}": [(x, y)] for x, y in at}
    for code, own in members.items():
        for theme in ("feed", "house"):
            people = sum(n for (place, t), n in zip(keys, situations) if place in own and t == theme)
            without = sum(
                n * share for (place, t), n, share in zip(keys, situations, unmet) if place in own and t == theme
            )
            level = {"92": "departement"}.get(code, "commune" if code.startswith("92") else "epci")
            row = {"niveau": level, "code": code, "nom": code, "theme": theme, "besoin": float(people)}
            rows.append(
                {**row, "non_couvert": float(without), "principale_cause": "capacite" if without else "couvert"}
            )
    write_result(store, "analyse_couverture_territoire", rows)
    return store, keys, {("" if code == "92" else code): own for code, own in members.items()}


def read_book(book, content):
    said = Statements()
    territories = {t.name: t.code for t in (*content.groups, *content.communes)}
    territories |= {content.outline.name: "", "Tout le département": ""}
    from tisserand.layers.model.codes import code_list

    rows = code_list("themes_vie").rows
    themes = {row["short"]: row["code"] for row in rows} | {row["label"]: row["code"] for row in rows}
    themes |= {"Tous": "", "Tous thèmes": ""}
    Book["read_tables"](book, said, territories, themes)
    Book["read_maps"](book, said)
    return said


@settings(max_examples=6, **MANY)
@given(
    st.lists(numbers, min_size=12, max_size=12),
    st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.8, 1.0]), min_size=12, max_size=12),
)
def test_a_reader_of_the_printed_book_closes_in_on_nothing_masked(
    make_store, make_book, write_result, situations, unmet
):
    name = f"{abs(hash((tuple(situations), tuple(unmet))))}.gpkg"
    store, keys, members = small_store(make_store, write_result, situations, unmet, name)
    content = read_content(store, edition="2026", audience="public", level="", printed_on=date(2026, 11, 1))
    said = read_book(make_book(store, ["synthese", "matrice", "themes", "fiches", "manques"]), content)
    assert len(said.needs) > 20, "the matrix was not read"
    store.unlink()
    codes = {code: [f"920{x}{y}" for x, y in own] for code, own in members.items()}
    themes = ["feed", "house"]
    true = {(f"920{x}{y}", theme): n for ((x, y), theme), n in zip(keys, situations)}
    said.needs = {key: what for key, what in said.needs.items() if key[1] in ("", *themes)}
    reader = Reader(said, codes, themes, 11)

    def add(key, amounts):
        return sum(amounts[c, t] for c in codes[key[0]] for t in (themes if key[1] == "" else [key[1]]))

    for key, what in said.needs.items():
        amount = add(key, true)
        assert what == (HIDDEN if what == HIDDEN else amount or NONE), "what is printed is true"
        if what == HIDDEN and amount:
            low, high = reader.range_of(reader.needs(key))
            assert high - low >= 9 - SLACK, (key, amount, low, high)
            if amount < 11:
                assert low <= 1 + SLACK, (key, amount, low, high)
                assert high >= 10 - SLACK, (key, amount, low, high)
    without = {key: n * share for (key, n), share in zip(true.items(), unmet)}
    for key in said.classes:
        few, many = add(key, without), add(key, true)
        for row, amount in ((reader.unmet(key), few), (reader.needs(key) - reader.unmet(key), many - few)):
            if SLACK < amount < 11 - SLACK:
                low, high = reader.range_of(row)
                assert low <= min(1, amount) + SLACK, (key, amount, low, high)
                assert high >= min(10, many) - 0.01, (key, amount, low, high)


ODD = 7919
"""A number that stands nowhere by chance."""


def test_a_number_masked_for_the_others_sake_stands_nowhere_in_the_book(make_store, make_book):
    needs = [
        {"at": (0, 0), "nb_situations": 4},
        {"at": (1, 0), "nb_situations": ODD},
        {"at": (2, 0), "nb_situations": 52_361},
    ]
    store = make_store([{"at": (0, 0)}], needs)
    for audience in ("public", "pro", "interne"):
        book = make_book(store, audience=audience)
        content = read_content(store, edition="2026", audience=audience, level="", printed_on=date(2026, 11, 1))
        assert content.need("92010", "feed").state is Disclosure.HIDDEN
        assert str(ODD) not in repr(book).replace("\u00a0", "").replace(" ", "")


def walked(value):
    """Yield every plain value that can be reached from a content."""
    if is_dataclass(value):
        for field in fields(value):
            yield from walked(getattr(value, field.name))
    elif isinstance(value, dict):
        for pair in value.items():
            yield from walked(pair)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from walked(each)
    else:
        yield value


def test_no_masked_number_can_be_reached_from_a_content(make_store):
    needs = [
        {"at": (0, 0), "nb_situations": 4},
        {"at": (1, 0), "nb_situations": ODD},
        {"at": (2, 0), "nb_situations": 52_361},
    ]
    store = make_store([{"at": (0, 0)}], needs)
    content = read_content(store, edition="2026", audience="interne", level="", printed_on=date(2026, 11, 1))
    reached = list(walked(content))
    assert 52_361.0 in reached
    assert ODD not in reached


def test_no_section_and_no_map_imports_what_counts_needs():
    for path in [*(GUIDE / "sections").glob("*.py"), *GUIDE.glob("*.py"), *(GUIDE / "preflight").glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        counted = {name for name in names if name.endswith(("gate", "gate.counts", "gate.passing", "reading.needs"))}
        assert not counted, f"{path.name} imports {counted}"


@pytest.mark.parametrize(
    ("one", "other"), [((3, 37, 100), (8, 32, 100)), ((10, 31), (1, 40)), ((1,), (10,)), ((4, 0, 6), (5, 3, 2))]
)
def test_two_stores_that_differ_only_in_what_is_masked_give_the_same_book(make_store, make_book, one, other):
    def printed(situations, name):
        needs = [{"at": (x, 0), "nb_situations": number} for x, number in enumerate(situations) if number]
        return make_book(make_store([{"at": (0, 0)}], needs, name=name)).pages

    assert printed(one, "un.gpkg") == printed(other, "deux.gpkg")


def test_a_need_noted_for_a_wider_unit_counts_there_and_in_no_commune(make_store):
    needs = [{"at": (0, 0), "niveau_geo": "epci", "code_geo": "200000000", "nb_situations": 40}]
    content = read_content(
        make_store(needs=needs), edition="", audience="public", level="", printed_on=date(2026, 11, 1)
    )
    assert content.need("92000", "feed").state is Disclosure.NONE
    assert content.need("200000000", "feed").value == content.need("", "feed").value == 40
    needs = [{"at": (0, 0), "niveau_geo": "secteur", "code_geo": "MDS-1", "nb_situations": 40}]
    store = make_store(needs=needs, name="secteur.gpkg")
    content = read_content(store, edition="", audience="public", level="", printed_on=date(2026, 11, 1))
    assert content.need("200000000", "feed").state is Disclosure.NONE
    assert content.need("", "feed").value == 40


def crossing(make_store, **settings):
    """Return a store with cantons that cut across its EPCI, and a need in each commune."""
    from uuid import uuid4

    from osgeo import ogr

    needs = [{"at": (x, y), "nb_situations": 30 + 10 * x + y} for x in range(3) for y in range(2)]
    store = make_store(needs=needs, **settings)
    corner = "POLYGON ((640000 6860000, 644000 6860000, 644000 6868000, 640000 6868000, 640000 6860000))"
    shape = bytes(ogr.CreateGeometryFromWkt(corner).ExportToIsoWkb())
    rows = [
        {"uuid": str(uuid4()), "code": f"92{x:02}C", "nom": f"Canton {x}", "niveau": "canton", "millesime": 2026}
        | {"geom": shape, "membres": f"920{x}0|920{x}1"}
        for x in range(3)
    ]
    geopackage.write_rows(store, {"territoire": rows})
    return store


def content_at(store, level=""):
    return read_content(store, edition="2026", audience="public", level=level, printed_on=date(2026, 11, 1))


def test_a_level_that_cuts_across_the_printed_one_is_hidden_until_it_is_printed_itself(make_store):
    store = crossing(make_store)
    content = content_at(store)
    assert content.need("9200C", "feed").state is Disclosure.HIDDEN
    assert content.need("200000000", "feed").value == 120
    assert content_at(store, "canton").need("9200C", "feed").value == 61
    record_edition(store, content_at(store, "canton"), "Guide")
    # What was printed of cantons counts from now on, whatever the level.
    assert content_at(store).need("9200C", "feed").value == 61
    assert content_at(store).need("200000000", "feed").value == 120
