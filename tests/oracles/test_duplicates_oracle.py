"""The likeness of names against scikit-learn, and what it ranks against RapidFuzz."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tisserand.processing.analysis.duplicates.names import likeness, name_vectors, read_names, said_words

text = pytest.importorskip("sklearn.feature_extraction.text")
pairwise = pytest.importorskip("sklearn.metrics.pairwise")
LABELLED = Path(__file__).resolve().parents[1] / "data" / "duplicates_labelled.csv"


@given(st.lists(st.text("abcdefé ", max_size=20).map(lambda said: " ".join(said.split())), min_size=2, max_size=12))
@settings(max_examples=100, deadline=None)
def test_cosines_are_those_of_scikit_learn(names):
    names = ["recyclerie", *names]
    counts = text.CountVectorizer(analyzer="char_wb", ngram_range=(3, 3)).fit_transform(names)
    ours = name_vectors(names)
    assert (ours @ ours.T).toarray() == pytest.approx(pairwise.cosine_similarity(counts))


def test_true_pairs_are_told_from_false_ones_better_than_rapidfuzz_tells_them():
    fuzz = pytest.importorskip("rapidfuzz.fuzz")
    metrics = pytest.importorskip("sklearn.metrics")
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["partage"] not in ("siret", "siren")]
    names = [name for row in rows for name in (row["nom_a"], row["nom_b"])]
    read = read_names(names, [row["commune"] for row in rows for _ in range(2)])
    ours = likeness(read, np.arange(0, len(names), 2), np.arange(1, len(names), 2))
    said = [" ".join(said_words(name)) for name in names]
    same = [row["meme"] == "1" for row in rows]
    for scorer in (fuzz.token_sort_ratio, fuzz.token_set_ratio, fuzz.WRatio):
        theirs = [scorer(*pair) for pair in zip(said[::2], said[1::2])]
        assert metrics.roc_auc_score(same, ours) > metrics.roc_auc_score(same, theirs)
