"""Our weights of words beside scikit-learn's."""

import numpy as np
import pytest

from tisserand.processing.analysis.text import WORD, fold, stem, stop_words, tfidf

text_features = pytest.importorskip("sklearn.feature_extraction.text")

TEXTS = [
    "Réparation de vélos et atelier mécanique : réparer son vélo avec des bénévoles, vélos d'occasion",
    "Atelier de cuisine, repas partagés et cuisines du monde",
    "Les bénévoles réparent des meubles et des objets",
    "Un repas par mois, cuisiné avec les invendus du marché",
    "",
    "Jardin partagé, compost, jardiniers débutants bienvenus au jardin",
    "Aide aux démarches administratives en ligne",
]


def stems(text):
    """Split a text as ours are split."""
    return [stem(word) for word in WORD.findall(text.lower()) if fold(word) not in stop_words()]


def test_cosines_are_those_of_scikit_learn():
    spoken = [text for text in TEXTS if text]
    theirs = text_features.TfidfVectorizer(analyzer=stems, sublinear_tf=True).fit_transform(spoken)
    ours = tfidf(TEXTS).matrix[[k for k, text in enumerate(TEXTS) if text]]
    assert (ours @ ours.T).toarray() == pytest.approx((theirs @ theirs.T).toarray(), abs=1e-12)
    assert ours.shape == theirs.shape


def test_random_texts_have_the_cosines_of_scikit_learn():
    random = np.random.default_rng(4)
    words = np.array([f"{a}{b}{c}ilo" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"])
    texts = [" ".join(random.choice(words, random.integers(1, 40))) for _ in range(60)]
    theirs = text_features.TfidfVectorizer(analyzer=stems, sublinear_tf=True).fit_transform(texts)
    ours = tfidf(texts).matrix
    assert (ours @ ours.T).toarray() == pytest.approx((theirs @ theirs.T).toarray(), abs=1e-12)
