"""The words of descriptions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tisserand.processing.analysis.text import fold, stem, stop_words, tfidf


@pytest.mark.parametrize(
    "family",
    [
        "réparer réparation Réparations réparateur répare reparée",
        "jardin jardins jardinage jardiniers jardinière",
        "aliment alimentation alimentaires",
        "bénévole bénévoles bénévolat",
        "solidaire solidarités",
        "association associatif associatives",
        "vélo vélos",
        "animal animaux",
        "bateau bateaux",
        "âge âgés âgées",
        "gratuit gratuite gratuitement",
        "œuvre oeuvres",
    ],
)
def test_the_words_of_a_family_have_one_stem(family):
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    "strangers",
    ["eau eaux local", "repas repos", "vélo vêtement", "couture culture", "information informatique", "pain paix"],
)
def test_words_of_different_families_keep_different_stems(strangers):
    first, *_, last = strangers.split()
    assert stem(first) != stem(last)


def test_folding_forgets_case_accents_and_ligatures():
    assert fold("Cœur d'ÉTÉ à Nîmes") == "coeur d'ete a nimes"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûœ", min_size=2))
def test_a_stem_is_never_empty(word):
    assert stem(word)


def test_stop_words_carry_no_weight():
    assert tfidf(["La cuisine des voisins est pour tous"]).words.tolist() == ["cuisine", "voisins"]


def test_a_term_is_shown_by_its_most_frequent_form():
    assert tfidf(["réparer", "réparation de vélo", "réparation"]).words.tolist() == ["réparation", "vélo"]


def test_texts_of_one_family_are_the_same_text():
    matrix = tfidf(["Réparation de vélos", "réparer un vélo", "Repas partagés"]).matrix
    assert (matrix @ matrix.T)[0, 1] == pytest.approx(1)
    assert (matrix @ matrix.T)[0, 2] == 0


def test_a_rare_word_weighs_more_than_a_common_one():
    weights = tfidf(["compost jardin", "jardin", "jardin"]).matrix[0].toarray()[0]
    assert weights[0] > weights[1]


@pytest.mark.parametrize("texts", [[], [None], ["", "le la les"], [None, "12 345"]])
def test_texts_that_say_nothing_have_empty_rows(texts):
    vectors = tfidf(texts)
    assert vectors.matrix.shape == (len(texts), 0)


def test_a_text_that_says_nothing_does_not_change_what_is_rare():
    assert tfidf(["jardin compost", "jardin", None]).matrix[0].toarray() == pytest.approx(
        tfidf(["jardin compost", "jardin"]).matrix[0].toarray()
    )


TEXTS = st.lists(
    st.lists(st.sampled_from(["jardin", "compost", "repas", "vélo", "réparer", "réparation"])).map(" ".join), max_size=8
)


@given(TEXTS)
def test_rows_have_length_one_or_nothing(texts):
    lengths = np.linalg.norm(tfidf(texts).matrix.toarray(), axis=1)
    assert all(length == pytest.approx(1 if text else 0) for length, text in zip(lengths, texts))


@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_the_texts_changes_nothing(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    straight, shuffled = tfidf(texts), tfidf([texts[k] for k in order])
    assert shuffled.words.tolist() == straight.words.tolist()
    assert (shuffled.matrix != straight.matrix[order]).nnz == 0


def test_stop_words_are_compared_without_accents():
    assert {"a", "meme", "etre"} & stop_words() == {"meme", "etre"}
