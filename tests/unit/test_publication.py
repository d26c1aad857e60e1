"""The table that leaves the house: what its rows say, and what two editions together do not."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.disclosure.publication import FIGURE, REASON, members_of, publish

Attacker = runpy.run_path(str(Path(__file__).with_name("disclosure_attacker.py")))["Attacker"]
SLACK = 1e-6


def frame_of(rows, columns=("c", "t")):
    return pd.DataFrame(rows, columns=[*columns, "count"]).astype({"count": float})


def edition(found):
    """Return a publication as the next one takes it."""
    return found.keys.assign(**{FIGURE: found.rows["personnes"], REASON: found.rows["masque"]})


def rows_of(found):
    return found.keys.assign(personnes=found.rows["personnes"], masque=found.rows["masque"]).to_dict("records")


def by_key(found):
    return {tuple(key): row for key, row in zip(found.keys.to_numpy().tolist(), found.rows.itertuples())}


def test_unknown_is_neither_zero_nor_masked_and_makes_totals_at_least():
    found = by_key(
        publish(frame_of([("A", "x", 30), ("A", "y", None), ("B", "x", 40), ("B", "y", 50)]), ["c"], ["t"], 11)
    )
    assert found["A", "y"].etat == "inconnu"
    assert np.isnan(found["A", "y"].personnes)
    assert (found["A", "Ensemble"].etat, found["A", "Ensemble"].personnes) == ("incomplet", 30)
    assert (found["B", "Ensemble"].etat, found["B", "Ensemble"].personnes) == ("publie", 90)


def test_a_territory_counts_as_surveyed_when_one_in_it_was():
    rows = [("A", "e1", 30), ("B", "e1", 0), ("C", "e2", 0), ("D", "e3", 0)]
    surveyed = {"A": True, "B": False, "C": False, "D": True, "e1": False, "e2": False, "e3": False}
    found = by_key(publish(frame_of(rows, ("c", "e")), ["c", "e"], [], 11, surveyed=surveyed))
    states = {key: row.etat for key, row in found.items()}
    assert states["B", "Ensemble"] == "non_recense"
    assert states["C", "Ensemble"] == "non_recense"
    assert states["D", "Ensemble"] == "zero"
    assert states["Ensemble", "e1"] == "publie"
    assert states["Ensemble", "e2"] == "non_recense"
    assert states["Ensemble", "e3"] == "zero"


def test_a_masked_row_holds_no_figure_and_its_reason_none_either():
    rows = [(f"c{c}", f"t{t}", 3 + 17 * c * t) for c in range(4) for t in range(3)]
    found = publish(frame_of(rows), ["c"], ["t"], 11)
    masked = found.rows[found.rows["masque"] != "none"]
    assert masked["personnes"].isna().all()
    assert set(masked["raison"]) <= {
        "de 1 à 10 personnes, ou détail d'un tel chiffre",
        "tu pour qu'aucun autre chiffre ne s'en déduise",
    }


def test_the_share_of_people_is_not_told_when_their_total_is_masked():
    assert publish(frame_of([("A", "x", 4), ("B", "x", 3)]), ["c"], ["t"], 11).share is None
    assert publish(frame_of([("A", "x", 40), ("B", "x", 60)]), ["c"], ["t"], 11).share == 1.0


def test_what_does_not_change_is_published_the_same_again():
    random = np.random.default_rng(3)
    frame = frame_of([(f"c{c}", f"t{t}", int(n)) for (c, t), n in np.ndenumerate(random.integers(0, 50, (8, 4)))])
    first = publish(frame, ["c"], ["t"], 11)
    second = publish(frame, ["c"], ["t"], 11, before=edition(first))
    pd.testing.assert_frame_equal(first.rows, second.rows)
    assert second.matched == len(first.rows)
    assert not second.protection.difference.any()


def test_a_change_of_few_people_is_masked_and_not_said_to_be_one():
    first = publish(frame_of([("A", "x", 40), ("B", "x", 50), ("C", "x", 60)]), ["c"], ["t"], 11, margins="none")
    changed = frame_of([("A", "x", 43), ("B", "x", 61), ("C", "x", 60)])
    found = by_key(second := publish(changed, ["c"], ["t"], 11, margins="none", before=edition(first)))
    assert found["A", "x"].masque == "secondaire"
    assert (found["B", "x"].personnes, found["C", "x"].personnes) == (61, 60)
    assert second.protection.difference.sum() == 1
    assert "édition" not in found["A", "x"].raison


def test_what_was_published_already_is_masked_and_told():
    first = publish(frame_of([("A", "x", 8), ("B", "x", 50)]), ["c"], ["t"], 5, margins="none")
    second = publish(frame_of([("A", "x", 8), ("B", "x", 50)]), ["c"], ["t"], 11, margins="none", before=edition(first))
    assert by_key(second)["A", "x"].masque == "seuil"
    assert second.protection.told.tolist() == [True, False]


@st.composite
def editions(draw):
    """Draw two editions: the same, more people, or others in place of some."""
    communes, themes = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    people = st.one_of(st.just(0), st.integers(1, 12), st.integers(11, 60))
    places = [(f"c{c}", f"t{t}") for c in range(communes) for t in range(themes)]
    first = draw(st.lists(people, min_size=len(places), max_size=len(places)))
    change = st.one_of(st.just(0), st.just(0), st.integers(0, 25), st.integers(-8, 0))
    second = [max(0, n + draw(change)) for n in first]
    rows = [[(*place, n) for place, n in zip(places, counts)] for counts in (first, second)]
    return *rows, draw(st.sampled_from([5, 11])), draw(st.sampled_from(["one-way", "none"]))


@settings(max_examples=60, deadline=None)
@given(two=editions())
def test_two_editions_together_do_not_give_away_what_either_masks(two):
    first_rows, second_rows, k, margins = two
    try:
        first = publish(frame_of(first_rows), ["c"], ["t"], k, margins=margins)
        second = publish(frame_of(second_rows), ["c"], ["t"], k, margins=margins, before=edition(first))
    except TisserandError:
        return
    inside = {row[0]: {} for row in first_rows}
    truth = publish(frame_of(second_rows), ["c"], ["t"], k, margins=margins).protection
    then = {(row["c"], row["t"]): row for row in rows_of(first)}
    now = rows_of(second)
    believed = []
    for at, row in enumerate(now):
        old = then[row["c"], row["t"]]
        if old["masque"] == "none" and row["masque"] == "none" and row["personnes"]:
            change = abs(row["personnes"] - old["personnes"])
            assert change == 0 or change >= k
        if old["masque"] == "secondaire":
            assert row["masque"] != "none" or row["personnes"] == 0
        # The worst reader: one who guesses right which figures did not change.
        if old["masque"] == "none" and row["masque"] != "none" and second.protection.told[at]:
            believed.append((at, old["personnes"]))
    assert len(truth.mask) == len(now)
    reader = Attacker(now, ["c", "t"], k, inside, believed)
    for at in reader.hidden():
        if not second.protection.told[at]:
            low, high = reader.find(at)
            assert (
                high - low >= (k // 2 if second.protection.tight[at] or now[at]["masque"] == "seuil" else k - 2) - SLACK
            )


def test_communes_know_their_territory_and_the_first_by_code_wins():
    assert members_of(["e2", "e1"], ["a|b", "b;c"]) == {"a": "e2", "b": "e1", "c": "e1"}


@pytest.mark.parametrize("count", [1, 10, 11])
def test_one_row_alone(count):
    found = publish(frame_of([("A", "x", count)]), [], ["c", "t"], 11)
    assert set(found.rows["masque"]) == {"seuil" if count < 11 else "none"}
