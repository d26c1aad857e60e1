"""What is masked cannot be worked out: a reader tries, with every linear programme they like."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from tisserand.layers.errors import CancelledError, TisserandError
from tisserand.processing.analysis.disclosure.audit import Known, audit, safe, telling
from tisserand.processing.analysis.disclosure.protection import Figures, protect
from tisserand.processing.analysis.disclosure.tables import tabulate

Attacker = runpy.run_path(str(Path(__file__).with_name("disclosure_attacker.py")))["Attacker"]
SLACK = 1e-6


def frame_of(rows, columns):
    """Return a frame of rows (values, count)."""
    frame = pd.DataFrame(rows, columns=[*columns, "count"])
    return frame.astype({"count": float})


def protected(frame, nested, others, k=11, margins="one-way", **more):
    cells = tabulate(frame, nested, others, margins)
    found = protect(Figures(cells.value, cells.sums, cells.published, cells.units, cells.top), k, **more)
    rows = cells.keys.assign(personnes=np.where(found.mask == "none", cells.value, np.nan), masque=found.mask)
    return cells, found, rows.to_dict("records")


def attack(cells, found, rows, fields, k, inside, whole):
    """Assert that a reader is left with all that is promised for every masked cell.

    What is promised is proven by linear programmes. Who also reasons with whole numbers may come one person nearer: a
    corner of such a programme may lie at a half.
    """
    slack = 1 if whole else SLACK
    reader = Attacker(rows, fields, k, inside)
    assert reader.determined() == []
    for at in reader.hidden():
        low, high = reader.find(at, whole)
        value = cells.value[at]
        assert low - SLACK <= value <= high + SLACK
        if found.tight[at]:
            assert high - low >= k // 2 - slack
        elif rows[at]["masque"] == "seuil":
            assert low <= min(1, value) + slack
            assert high >= k - 1 - slack
        else:
            assert high - low >= k - 2 - slack
        # What was proven is no more than what is true.
        assert found.low[at] >= low - slack
        assert found.high[at] <= high + slack


@st.composite
def tables(draw):
    """Draw rows (commune, theme, public, people), how communes lie in EPCI, and how the table is made."""
    communes, themes, publics = draw(st.integers(1, 5)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    epci = draw(st.lists(st.integers(0, 1), min_size=communes, max_size=communes))
    people = st.one_of(st.just(0), st.integers(1, 12), st.integers(11, 60))
    counts = draw(st.lists(people, min_size=communes * themes * publics, max_size=communes * themes * publics))
    places = [(c, t, p) for c in range(communes) for t in range(themes) for p in range(publics)]
    rows = [(f"c{c}", f"e{epci[c]}", f"t{t}", f"p{p}", n) for (c, t, p), n in zip(places, counts)]
    inside = {f"c{c}": {"epci": f"e{epci[c]}"} for c in range(communes)}
    nested = draw(st.sampled_from([["commune"], ["commune", "epci"]]))
    others = draw(st.sampled_from([[], ["theme"], ["theme", "public"]]))
    return (
        rows,
        inside,
        nested,
        others,
        draw(st.sampled_from([5, 11, 20])),
        draw(st.sampled_from(["one-way", "all", "none"])),
    )


@settings(max_examples=40, deadline=None)
@given(table=tables(), whole=st.booleans())
def test_a_reader_cannot_close_in_on_what_is_masked(table, whole):
    rows, inside, nested, others, k, margins = table
    frame = frame_of(rows, ["commune", "epci", "theme", "public"])
    try:
        cells, found, published = protected(frame, nested, others, k, margins)
    except TisserandError:
        return
    if len(nested) == 1:
        inside = {commune: {} for commune in inside}
    attack(cells, found, published, [*nested, *others], k, inside, whole)


@settings(max_examples=40, deadline=None)
@given(table=tables())
def test_all_below_the_threshold_is_masked_and_a_zero_only_inside_of_it(table):
    rows, _, nested, others, k, margins = table
    try:
        cells, found, _ = protected(frame_of(rows, ["commune", "epci", "theme", "public"]), nested, others, k, margins)
    except TisserandError:
        return
    small = (cells.value > 0) & (cells.value < k)
    assert (found.mask[small] == "seuil").all()
    assert (cells.value[found.mask == "seuil"] < k).all()
    assert (cells.value[found.mask == "secondaire"] >= k).all()


def test_small_tables_can_nearly_always_be_made_safe():
    refused = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        rows = [(f"c{c}", f"t{t}", int(random.integers(0, 25))) for c in range(4) for t in range(3)]
        try:
            protected(frame_of(rows, ["c", "t"]), ["c"], ["t"], margins="all")
        except TisserandError:
            refused += 1
    assert refused <= 3


def test_the_classic_square_one_in_the_row_one_in_the_column_and_the_corner():
    rows = [("A", "x", 4), ("B", "x", 36), ("C", "x", 60), ("A", "y", 50), ("B", "y", 40), ("C", "y", 30)]
    _, _, published = protected(frame_of(rows, ["c", "t"]), ["c"], ["t"])
    masked = {(row["c"], row["t"]): row["masque"] for row in published if row["masque"] != "none"}
    assert masked == {("A", "x"): "seuil", ("A", "y"): "secondaire", ("B", "x"): "secondaire", ("B", "y"): "secondaire"}


def test_without_totals_nothing_more_is_masked():
    rows = [("A", "x", 4), ("B", "x", 36), ("A", "y", 50), ("B", "y", 40)]
    _, found, _ = protected(frame_of(rows, ["c", "t"]), ["c"], ["t"], margins="none")
    assert sorted(found.mask) == ["none", "none", "none", "seuil"]


def test_two_small_figures_that_fill_their_total_do_not_protect_each_other():
    # 10 + 10 = 20 with both below 11: each could only be 10.
    rows = [("A", "x", 10), ("B", "x", 10), ("C", "y", 90), ("D", "y", 95)]
    cells, found, published = protected(frame_of(rows, ["c", "t"]), ["c"], ["t"])
    total = next(at for at, row in enumerate(published) if (row["c"], row["t"]) == ("Ensemble", "x"))
    assert found.mask[total] == "secondaire"
    attack(cells, found, published, ["c", "t"], 11, {c: {} for c in "ABCD"}, whole=True)


def test_levels_that_cut_each_other_are_published_together_and_safe():
    random = np.random.default_rng(4)
    rows = [(f"c{c}", f"s{c % 3}", f"e{c % 2}", int(n)) for c, n in enumerate(random.integers(0, 30, 12))]
    # The sectors and the EPCI cut each other, and commune c0 lies in two sectors.
    rows.append(("c0", "s1", "e0", 25))
    cells, found, _ = protected(frame_of(rows, ["c", "s", "e"]), ["c", "s", "e"], [])
    assert not cells.published.all()
    assert abs(cells.sums.matrix @ cells.value).max() < SLACK
    assert (found.mask[~cells.published] == "none").all()
    low, high = found.low, found.high
    masked = found.mask == "seuil"
    assert (low[masked] <= 1).all()
    assert (high[masked] >= 10).all()


@pytest.mark.parametrize(
    ("brought", "mask"),
    [
        ({"u1": 86, "u2": 7, "u3": 7}, "dominance"),
        ({"u1": 85, "u2": 8, "u3": 7}, "none"),
        ({"u1": 50, "u2": 50}, "dominance"),
        ({"u1": 5}, "seuil"),
    ],
)
def test_dominance_is_fewer_than_three_or_one_above_the_share(brought, mask):
    rows = [("A", unit, n) for unit, n in brought.items()]
    rows += [(c, f"v{n}", 60) for c in "BCDE" for n in range(4)]
    frame = frame_of(rows, ["c", "unit"])
    _, found, published = protected(frame, ["c"], [])
    assert published[0]["masque"] == mask
    if mask == "dominance":
        top, value = max(brought.values()), sum(brought.values())
        apart = max(10, np.ceil(top / 0.85 - value))
        assert found.low[0] <= max(11, value - apart) + SLACK
        assert found.high[0] >= value + apart - SLACK


def test_contributors_without_a_name_count_as_one():
    rows = [("A", None, 20), ("A", None, 20), ("A", "u", 20)] + [("B", f"v{n}", 60) for n in range(4)]
    cells = tabulate(frame_of(rows, ["c", "unit"]), ["c"], [])
    assert cells.units[0] == 2
    assert cells.top[0] == 40


@pytest.mark.parametrize("places", [0, 20_000_000], ids=["by sorting", "in a table"])
def test_contributions_are_the_same_either_way(places, monkeypatch):
    from tisserand.processing.analysis.disclosure import tables as disclosure_tables

    monkeypatch.setattr(disclosure_tables, "PLACES", places)
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"c": random.integers(0, 5, 500), "t": random.integers(0, 3, 500), "count": 1.0})
    frame["unit"] = random.integers(0, 9, 500)
    cells = tabulate(frame, ["c"], ["t"])
    for at, (commune, theme) in enumerate(cells.keys.to_numpy()):
        rows = frame[((frame["c"].astype(str) == commune) | (commune == "Ensemble"))]
        rows = rows[(rows["t"].astype(str) == theme) | (theme == "Ensemble")]
        each = rows.groupby("unit")["count"].sum()
        assert (cells.units[at], cells.top[at], cells.value[at]) == (len(each), each.max(), len(rows))


def test_figures_that_are_no_whole_numbers_are_protected_too():
    rows = [("A", "x", 3.25), ("B", "x", 36.5), ("C", "x", 60), ("A", "y", 50.125), ("B", "y", 40), ("C", "y", 30)]
    cells, found, _ = protected(frame_of(rows, ["c", "t"]), ["c"], ["t"])
    seuil = found.mask == "seuil"
    assert seuil.sum() == 1
    assert found.low[seuil] <= 1
    assert found.high[seuil] >= 10
    assert abs(cells.sums.matrix @ cells.value).max() < SLACK


def test_the_same_table_whatever_the_order_of_rows():
    random = np.random.default_rng(5)
    rows = [(f"c{c}", f"t{t}", int(n)) for (c, t), n in np.ndenumerate(random.integers(0, 40, (12, 5)))]
    first, again = frame_of(rows, ["c", "t"]), frame_of(rows, ["c", "t"]).sample(frac=1, random_state=1)
    one, two = (protected(frame, ["c"], ["t"])[2] for frame in (first, again))
    assert str(one) == str(two)


def test_everything_in_one_cell_and_nothing_at_all():
    for rows in ([("A", 0)], [("A", 5)], [("A", 500)]):
        cells, found, _ = protected(frame_of(rows, ["c"]), ["c"], [])
        expected = "seuil" if 0 < cells.value[0] < 11 else "none"
        assert set(found.mask) == {expected}


def test_the_audit_finds_a_leak_that_no_single_sum_shows():
    # a + b = 90, a + c = 100, b + c = 110: each sum alone leaves much room, all three leave none.
    value = np.array([40.0, 50.0, 60.0, 90.0, 100.0, 110.0])
    matrix = sparse.csr_matrix([[1, 1, 0, -1, 0, 0], [1, 0, 1, 0, -1, 0], [0, 1, 1, 0, 0, -1]], dtype=float)
    masked = np.arange(6) < 3
    low, high = np.where(masked, 11, value), np.where(masked, np.inf, value)
    known = Known(low, high, value, value, np.where(masked, 9.0, 0.0))
    assert len(telling(known, matrix)) == 0
    seen = audit(value, known, matrix, lambda: None)
    assert seen.open.sum() == 3
    assert {leak.cell for leak in seen.leaks} == {0, 1, 2}
    # Any of the three sums is to blame, and masking it would help.
    assert (seen.leaks[0].blame[3:] > 0).all()


def test_a_range_is_safe_only_when_wide_and_far_enough():
    known = Known(*(np.array([number]) for number in (1.0, 10.0, 1.0, 10.0, 0.0)))
    for low, high, expected in ((1, 10, True), (2, 10, False), (1, 9, False)):
        assert safe(known, np.array([low]), np.array([high]))[0] == expected


def test_the_search_stops_when_asked():
    random = np.random.default_rng(1)
    rows = [(f"c{c}", f"t{t}", int(n)) for (c, t), n in np.ndenumerate(random.integers(0, 40, (20, 5)))]
    calls = 0

    def tick():
        nonlocal calls
        calls += 1
        if calls == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        protected(frame_of(rows, ["c", "t"]), ["c"], ["t"], tick=tick)
    assert calls == 3


def test_too_many_cells_and_a_value_called_like_a_total_are_refused():
    many = frame_of([(f"c{n}", f"t{n}", 1) for n in range(1200)], ["c", "t"])
    with pytest.raises(TisserandError, match="and 1000000 is the most"):
        tabulate(many, ["c"], ["t"])
    with pytest.raises(TisserandError, match="leave the totals out"):
        tabulate(frame_of([("Ensemble", 5)], ["c"]), ["c"], [])
