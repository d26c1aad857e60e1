"""The rows behind what we publish, judged by pycanon, which was written by others for tables of single persons."""

import numpy as np
import pytest

from tisserand.processing.analysis.disclosure.publication import publish

anonymity = pytest.importorskip("pycanon.anonymity", reason="pycanon lives in build/oracles: make test-oracles")
pandas = pytest.importorskip("pandas")

GROUPS = ["commune", "theme", "public"]


def people(seed, count=3000):
    """Return a row a person, in unequal groups."""
    random = np.random.default_rng(seed)
    weight = random.lognormal(0, 1.5, 30)
    return pandas.DataFrame(
        {
            "commune": [f"c{n}" for n in random.choice(30, count, p=weight / weight.sum())],
            "theme": [f"t{n}" for n in np.minimum(random.geometric(0.4, count), 6)],
            "public": [f"p{n}" for n in random.integers(0, 2, count)],
        }
    )


def rows_behind(frame, found, level):
    """Return the rows that the published cells of a level count."""
    rows, keys = found.rows, found.keys
    groups = [field for field in GROUPS if field in level.split(" × ")]
    shown = keys[(rows["niveau"] == level) & (rows["masque"] == "none")][groups]
    return frame.merge(shown, on=groups)[groups], groups


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [5, 11, 20])
def test_what_is_published_is_k_anonymous_for_pycanon_too(k, seed):
    frame = people(seed)
    found = publish(frame.assign(count=1.0), ["commune"], GROUPS[1:], k)
    levels = [level for level in found.rows["niveau"].unique() if level != "Ensemble"]
    assert " × ".join(GROUPS) in levels
    for level in levels:
        rows, groups = rows_behind(frame, found, level)
        if len(rows):
            assert anonymity.k_anonymity(rows, groups) >= k


@pytest.mark.parametrize("seed", range(4))
def test_what_we_mask_as_too_few_is_what_pycanon_finds_too_few(seed):
    frame = people(seed)
    found = publish(frame.assign(count=1.0), ["commune"], GROUPS[1:], 11)
    finest = " × ".join(GROUPS)
    assert anonymity.k_anonymity(frame, GROUPS) < 11
    rows, keys = found.rows, found.keys
    few = keys[(rows["niveau"] == finest) & (rows["masque"] == "seuil")]
    left = frame.merge(few[GROUPS], on=GROUPS, how="left", indicator=True)
    # Without these rows it is k-anonymous, and none of them could have stayed.
    assert anonymity.k_anonymity(left[left["_merge"] == "left_only"][GROUPS], GROUPS) >= 11
    assert left[left["_merge"] == "both"].groupby(GROUPS).size().max() < 11
