"""How much two initiatives resemble each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tisserand.layers.errors import TisserandError
from tisserand.processing.analysis.similarity import measure as similarity
from tisserand.processing.analysis.similarity.measure import (
    Measure,
    Traits,
    has_neighbour,
    mean_parts,
    parts,
    similarity_graph,
)
from tisserand.processing.analysis.text import tfidf

THEMES = ["feed", "house", "move"]
WORDS = ["jardin", "compost", "repas", "vélo", "couture"]


def traits(actors):
    """Make traits from (x, y, set of themes, text)."""
    xy = np.array([actor[:2] for actor in actors], float).reshape(-1, 2)
    held = np.array([[theme in actor[2] for theme in THEMES] for actor in actors], float).reshape(-1, len(THEMES))
    return Traits(xy, sparse.csr_matrix(held), tfidf([actor[3] for actor in actors]).matrix)


def expected(of, measure, i, j):
    """Compute the similarity of one pair by its formula, from dense rows."""
    themes, texts = of.themes.toarray(), of.texts.toarray()
    nearness = 1 - min(math.dist(of.xy[i], of.xy[j]) / measure.distance, 1)
    compared = [(measure.space, nearness)]
    if themes[i].any() and themes[j].any():
        compared.append(
            (measure.theme, np.minimum(themes[i], themes[j]).sum() / np.maximum(themes[i], themes[j]).sum())
        )
    if texts[i].any() and texts[j].any():
        compared.append((measure.text, float(texts[i] @ texts[j])))
    weight = sum(weight for weight, _ in compared)
    return sum(weight * value for weight, value in compared) / weight if weight else 0.0


def pair(of, measure=None, i=0, j=1):
    return parts(of, (measure or Measure()).checked(), np.array([i]), np.array([j]))[0]


ACTORS = st.lists(
    st.tuples(
        st.integers(0, 15_000),
        st.integers(0, 15_000),
        st.sets(st.sampled_from(THEMES)),
        st.lists(st.sampled_from(WORDS)).map(" ".join),
    ),
    max_size=12,
)
MEASURES = st.builds(
    Measure,
    space=st.floats(0.01, 1),
    theme=st.floats(0, 1),
    text=st.floats(0, 1),
    distance=st.floats(100, 20_000),
).map(Measure.checked)


def test_twins_at_one_place_have_a_similarity_of_one():
    assert pair(traits([(0, 0, {"feed"}, "repas"), (0, 0, {"feed"}, "repas")])) == pytest.approx([0.45, 0.30, 0.25])


def test_nearness_falls_in_proportion_to_distance():
    assert pair(traits([(0, 0, {"feed"}, "repas"), (3000, 4000, {"move"}, "vélo")])) == pytest.approx([0.225, 0, 0])


def test_a_missing_description_leaves_its_weight_to_place_and_themes():
    assert pair(traits([(0, 0, {"feed"}, ""), (0, 0, {"feed"}, "repas")])) == pytest.approx([0.6, 0.4, 0])


def test_a_missing_theme_leaves_its_weight_to_place_and_words():
    assert pair(traits([(0, 0, {"feed"}, "repas"), (0, 0, set(), "repas")])) == pytest.approx(
        [0.45 / 0.7, 0, 0.25 / 0.7]
    )


def test_with_neither_theme_nor_description_only_place_counts():
    assert pair(traits([(0, 0, set(), ""), (5000, 0, set(), "")])) == pytest.approx([0.5, 0, 0])


def test_nothing_to_compare_by_is_no_similarity():
    assert pair(traits([(0, 0, set(), ""), (0, 0, {"feed"}, "")]), Measure(space=0)).tolist() == [0, 0, 0]


def test_only_the_proportions_of_the_weights_count():
    of = traits([(0, 0, {"feed"}, "repas jardin"), (900, 0, {"feed", "move"}, "repas")])
    assert pair(of, Measure(4.5, 3.0, 2.5)) == pytest.approx(pair(of))


@pytest.mark.parametrize("weights", [(0, 0, 0), (-1, 1, 1), (1, -0.1, 0), (math.nan, 1, 1)])
def test_weights_that_measure_nothing_are_refused(weights):
    with pytest.raises(TisserandError, match="weights"):
        Measure(*weights).checked()


@pytest.mark.parametrize("distance", [0, -5, math.nan])
def test_a_distance_that_reaches_nowhere_is_refused(distance):
    with pytest.raises(TisserandError, match="distance"):
        Measure(distance=distance).checked()


def test_a_pair_at_exactly_the_distance_is_not_linked():
    of = traits([(0, 0, {"feed"}, "repas"), (10_000, 0, {"feed"}, "repas"), (9_999, 0, {"feed"}, "repas")])
    assert similarity_graph(of, Measure().checked(), 0.45).toarray()[0].astype(bool).tolist() == [False, False, True]


def test_a_pair_at_exactly_the_threshold_is_linked():
    of = traits([(0, 0, {"feed"}, "repas"), (0, 0, {"move"}, "vélo")])
    assert similarity_graph(of, Measure().checked(), 0.45).nnz == 2


@given(ACTORS, MEASURES, st.floats(0.05, 1))
def test_the_graph_holds_the_near_pairs_that_reach_the_threshold(actors, measure, threshold):
    of = traits(actors)
    found = similarity_graph(of, measure, threshold).toarray()
    for i in range(len(actors)):
        for j in range(len(actors)):
            s = expected(of, measure, i, j)
            distance = math.dist(of.xy[i], of.xy[j])
            if abs(s - threshold) < 1e-6 or abs(distance - measure.distance) < 1e-3:
                continue
            linked = i != j and distance < measure.distance and s >= threshold
            assert found[i, j] == pytest.approx(s if linked else 0, abs=1e-8)


@given(ACTORS, MEASURES)
def test_the_graph_is_the_same_a_few_pairs_at_a_time(actors, measure):
    of = traits(actors)
    whole = similarity_graph(of, measure, 0.3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "CHUNK", 3)
        assert (similarity_graph(of, measure, 0.3) != whole).nnz == 0


@given(ACTORS, MEASURES)
def test_moving_everything_by_a_thousand_kilometres_changes_nothing(actors, measure):
    of = traits(actors)
    there = of._replace(xy=of.xy + 1e6)
    here = similarity_graph(of, measure, 0.3).toarray()
    assert similarity_graph(there, measure, 0.3).toarray() == pytest.approx(here, abs=1e-8)


@given(ACTORS, MEASURES, st.data())
def test_the_mean_parts_are_the_means_over_all_pairs_of_the_group(actors, measure, data):
    of = traits(actors)
    groups = np.array([data.draw(st.integers(-1, 3)) for _ in actors], dtype=int)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "CHUNK", 5)
        patch.setattr(similarity, "ROWS", 2)
        means = mean_parts(of, measure, groups)
    for i, group in enumerate(groups):
        fellows = [j for j in np.flatnonzero(groups == group) if j != i]
        if group < 0 or not fellows:
            assert np.isnan(means[i]).all()
        else:
            assert means[i].sum() == pytest.approx(np.mean([expected(of, measure, i, j) for j in fellows]), abs=1e-8)


def test_a_neighbour_is_nearer_than_the_distance():
    assert has_neighbour(np.array([[0, 0], [0, 5], [0, 15.0]]), 10).tolist() == [True, True, False]
    assert has_neighbour(np.array([[0, 0.0]]), 10).tolist() == [False]


def test_what_a_tick_raises_stops_the_comparison():
    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        similarity_graph(traits([(0, 0, {"feed"}, ""), (0, 1, {"feed"}, "")]), Measure().checked(), 0.4, stop)
