"""Our groups of near needs beside scikit-learn's DBSCAN and complete linkage."""

import numpy as np
import pytest

from tisserand.processing.analysis.leads import density
from tisserand.processing.analysis.leads.density import dense_groups, narrowed

cluster = pytest.importorskip("sklearn.cluster")


def towns(seed, n=2500):
    """Return needs strewn around towns, at whole metres, some of them at one place."""
    random = np.random.default_rng(seed)
    centres = random.uniform(0, 100_000, (60, 2))
    xy = centres[random.integers(0, 60, n)] + random.normal(0, 2500, (n, 2))
    xy[: n // 5] = centres[random.integers(0, 60, n // 5)]
    return np.round(xy, -2)


@pytest.mark.parametrize("least", [2, 3, 6])
@pytest.mark.parametrize("triangulated", [False, True])
def test_groups_are_those_of_scikit_learn(least, triangulated, monkeypatch):
    if triangulated:
        monkeypatch.setattr(density, "PAIRS", 0)
    for seed in range(5):
        xy = towns(seed)
        theirs = cluster.DBSCAN(eps=1500, min_samples=least).fit(xy)
        ours = dense_groups(xy, 1500, least).group
        assert ((ours < 0) == (theirs.labels_ < 0)).all()
        core = theirs.core_sample_indices_
        pairs = set(zip(ours[core], theirs.labels_[core]))
        assert len(pairs) == len(set(ours[core])) == len(set(theirs.labels_[core]))
        # A border point is in the group of one of the cores that reach it; which one is where tools differ.
        for i in np.setdiff1d(np.flatnonzero(ours >= 0), core):
            near = core[np.hypot(*(xy[core] - xy[i]).T) <= 1500]
            assert ours[i] in ours[near]


@pytest.mark.parametrize("seed", range(4))
def test_cuts_are_those_of_complete_linkage(seed):
    # Whole numbers would tie, and ties are broken differently.
    xy = np.random.default_rng(seed).uniform(0, 100_000, (400, 2))
    ours = narrowed(xy, np.zeros(400, dtype=int), 20_000.0)
    theirs = cluster.AgglomerativeClustering(n_clusters=None, linkage="complete", distance_threshold=20_000.0).fit(xy)
    pairs = set(zip(ours, theirs.labels_))
    assert len(pairs) == len(set(ours)) == len(set(theirs.labels_))
