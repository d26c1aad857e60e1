"""Reasons as people read them."""

import numpy as np
import pytest
from scipy import sparse

from tisserand.processing.analysis.similarity.measure import Traits
from tisserand.processing.analysis.similarity.reasons import Told, away, name_key, pair_reasons, strongest
from tisserand.processing.analysis.text import tfidf

LABELS = ("Se nourrir", "Se déplacer", "Se divertir, se cultiver")


def reason(first, second):
    """Return the reason of two actors (x, y, name, themes as 0 and 1, text)."""
    actors = (first, second)
    texts = tfidf([actor[4] for actor in actors])
    traits = Traits(
        np.array([actor[:2] for actor in actors], float),
        sparse.csr_matrix([actor[3] for actor in actors]),
        texts.matrix,
    )
    told = Told(LABELS, texts.words, [name_key(actor[2]) for actor in actors])
    return pair_reasons(traits, told, np.array([0]), np.array([1]))[0]


def test_a_reason_tells_distance_themes_and_words():
    found = reason((0, 0, "A", [1, 0, 1], "cuisine du quartier"), (2300, 0, "B", [1, 1, 1], "des cuisines ouvertes"))
    assert found == "À 2,3 km ; thèmes communs : Se nourrir · Se divertir, se cultiver ; mot commun : cuisine"


def test_words_are_told_the_rarest_first_and_three_at_most():
    words = tfidf(["jardin compost repas vélo", "jardin compost repas vélo", "jardin", "jardin repas"])
    strongest_columns = strongest(words.matrix[0].multiply(words.matrix[1]).tocsr(), 3)[0]
    assert words.words[strongest_columns].tolist() == ["compost", "vélo", "repas"]


def test_the_same_name_at_one_place_may_be_a_duplicate():
    found = reason((0, 0, "Épicerie « Les Halles »", [1, 0, 0], ""), (49, 0, "EPICERIE LES HALLES", [1, 0, 0], ""))
    assert "peut-être un doublon" in found


@pytest.mark.parametrize("other", [(50, 0, "Les Halles"), (10, 0, "La Halle"), (10, 0, None)])
def test_further_away_or_of_another_name_is_no_duplicate(other):
    assert "doublon" not in reason((0, 0, "Les Halles", [1, 0, 0], ""), (*other, [1, 0, 0], ""))


def test_two_without_a_name_are_no_duplicate():
    assert "doublon" not in reason((0, 0, None, [1, 0, 0], ""), (0, 0, "", [1, 0, 0], ""))


def test_what_could_not_be_compared_is_said():
    assert reason((0, 0, "A", [0, 0, 0], ""), (0, 0, "B", [1, 0, 0], "repas")) == (
        "Au même endroit ; sans thème à comparer ; sans description à comparer"
    )


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0.4, "Au même endroit"),
        (42, "À 42 m"),
        (99.7, "À 100 m"),
        (347, "À 350 m"),
        (996, "À 1 km"),
        (2340, "À 2,3 km"),
        (10_000, "À 10 km"),
    ],
)
def test_distances_are_said_in_french(metres, words):
    assert away(metres) == words
