"""Time the similar initiatives, beside the usual way with scikit-learn, and watch how they grow.

The peer weighs words, fills a matrix of all pairs with the same mixed distance, and gives it to HDBSCAN; it says not
why, nor how stable. It is measured at a size whose matrix fits into memory.
"""
# ruff: noqa: TID251

from __future__ import annotations

import measure
import networks
import numpy as np

SIZES = (1_000, 10_000, 100_000)
PEER = 4_000


def groups(number: int) -> dict:
    """Measure groups, reasons and links' sentences, without trials of stability."""
    return _groups(number, 0)


def stability(number: int) -> dict:
    """Measure the same with the twenty trials that are the default."""
    return _groups(number, 20)


def _groups(number: int, runs: int) -> dict:
    from tisserand.processing.analysis.similarity.initiatives import similar_initiatives

    strewn = networks.actors(number)
    clock = measure.Clock()
    found = similar_initiatives(strewn, runs=runs)
    return measure.measured(clock, groups=len(found.groups))


def hdbscan(number: int) -> dict:
    """Measure TF-IDF, a matrix of all pairs and HDBSCAN."""
    from scipy.spatial.distance import cdist
    from sklearn.cluster import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    strewn = networks.actors(number)
    clock = measure.Clock()
    places = np.column_stack([strewn.geometry.x, strewn.geometry.y])
    themes = CountVectorizer(tokenizer=lambda text: text.split("|"), token_pattern=None, binary=True)
    held = themes.fit_transform(strewn["themes"]).toarray()
    words = TfidfVectorizer().fit_transform(strewn["text"])
    apart = 0.45 * np.minimum(cdist(places, places) / 10_000, 1)
    apart += 0.30 * cdist(held.astype(bool), held.astype(bool), "jaccard")
    apart += 0.25 * (1 - (words @ words.T).toarray())
    np.fill_diagonal(apart, 0)
    labels = HDBSCAN(min_cluster_size=3, metric="precomputed", copy=False).fit_predict(apart)
    return measure.measured(clock, groups=int(labels.max()) + 1)


def main() -> None:
    """Print the tables."""
    measure.heading("Similar initiatives beside a matrix of all pairs and HDBSCAN (actors)")
    mine, theirs = measure.alone(__file__, "groups", PEER), measure.alone(__file__, "hdbscan", PEER)
    measure.ratio(mine, theirs, "scikit-learn")
    measure.heading("Similar initiatives (actors)")
    for size in SIZES:
        measure.alone(__file__, "groups", size)
    for size in SIZES[:2]:
        measure.alone(__file__, "stability", size)


if __name__ == "__main__":
    measure.run({"groups": groups, "stability": stability, "hdbscan": hdbscan}, main)
