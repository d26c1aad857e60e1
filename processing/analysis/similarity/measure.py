"""How much two initiatives resemble each other: by place, by themes, by the words of their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..pairs import Near

CHUNK = 100_000
"""Pairs compared at a time: some 60 MB for descriptions of thirty words."""

ROWS = 1_000
"""Actors whose words are compared at a time to those of their whole group."""

DECIMALS = 9
"""Similarities are rounded, lest the last digits of coordinates decide between equals."""


class Traits(NamedTuple):
    """What is compared of n actors.

    ``xy`` (n, 2) in metres; ``themes`` (n, themes) of 0 and 1; ``texts`` (n, terms) with rows of length 1, or empty
    where there is nothing to read.
    """

    xy: np.ndarray
    themes: sparse.csr_matrix
    texts: sparse.csr_matrix


class Measure(NamedTuple):
    """The weights of place, themes and words, and the distance in metres at which nearness ends."""

    space: float = 0.45
    theme: float = 0.30
    text: float = 0.25
    distance: float = 10_000.0

    def checked(self) -> Measure:
        """Return the measure with weights that add up to 1; raise when it cannot measure anything."""
        weights = (self.space, self.theme, self.text)
        if not min(weights) >= 0 or not sum(weights) > 0:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "The weights of place, themes and words are {weights}: give three numbers from 0 on, not all 0.",
                ),
                weights=", ".join(map(str, weights)),
            )
        if not self.distance > 0:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "The distance is {distance} m: give one above 0."),
                distance=self.distance,
            )
        return Measure(*(weight / sum(weights) for weight in weights), self.distance)


def parts(traits: Traits, measure: Measure, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return what place, themes and words give to the similarity of each pair: (pairs, 3).

    The sum of a row is s = a (1 - min(d / D, 1)) + b Jaccard(themes) + c cos(tf-idf). A trait that one of the two lacks
    is not counted as a difference: the others then share its weight. A pair with nothing to be compared by has 0.
    """
    given = _same_words(traits, measure, first, second)
    given[:, 2] *= _row_sums(products(traits.texts, first, second))
    return given


def similarity_graph(
    traits: Traits,
    measure: Measure,
    threshold: float,
    tick: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda share: None,
) -> sparse.csr_matrix:
    """Return the similarities of the pairs nearer than the distance that reach the threshold: symmetric, (n, n).

    Pairs are found and compared piece by piece, so that memory goes to the pairs that are kept. ``tick`` is called
    between two pieces; what it raises stops the work. ``progress`` gets the share of the actors that are done.
    """
    found = [(np.empty(0, dtype=int), np.empty(0, dtype=int), np.empty(0))]
    for first, second in _near_pairs(traits.xy, measure.distance):
        tick()
        progress(first[0] / len(traits.xy))
        hopeful = similarities(_same_words(traits, measure, first, second)) >= threshold
        first, second = first[hopeful], second[hopeful]
        s = similarities(parts(traits, measure, first, second))
        kept = (s >= threshold) & (s > 0)
        found.append((first[kept], second[kept], s[kept]))
    first, second, s = (np.concatenate(column) for column in zip(*found))
    upper = sparse.csr_matrix((s, (first, second)), shape=(len(traits.xy), len(traits.xy)))
    graph = sparse.csr_matrix(upper + upper.T)
    graph.sort_indices()
    return graph


def similarities(of_parts: np.ndarray) -> np.ndarray:
    """Return the similarity of each row of ``parts``."""
    return np.round(of_parts.sum(axis=1), DECIMALS)


def mean_parts(
    traits: Traits, measure: Measure, groups: np.ndarray, tick: Callable[[], None] = lambda: None
) -> np.ndarray:
    """Return the parts of each actor's mean similarity to all others of its group: (n, 3), NaN in no group.

    ``groups`` holds one number an actor, -1 for none. Every pair of a group counts, also those further apart than the
    distance, which place adds nothing to.
    """
    total = np.zeros((len(groups), 3))
    total[:, 2] = _text_totals(traits, measure, groups)
    for first, second in _inner_pairs(groups):
        tick()
        of_pairs = _same_words(traits, measure, first, second)
        for column in (0, 1):
            total[:, column] += np.bincount(first, of_pairs[:, column], len(groups))
            total[:, column] += np.bincount(second, of_pairs[:, column], len(groups))
    sizes = np.bincount(groups[groups >= 0], minlength=1)
    fellows = np.where(groups >= 0, sizes[groups] - 1, 0)[:, None]
    means = np.divide(total, fellows, out=np.full(total.shape, np.nan), where=fellows > 0)
    return np.clip(np.round(means, DECIMALS), 0, None)


def has_neighbour(xy: np.ndarray, distance: float) -> np.ndarray:
    """Return for each point whether another lies nearer than the distance."""
    if len(xy) < 2:
        return np.zeros(len(xy), dtype=bool)
    nearest, _ = cKDTree(xy).query(xy, k=2)
    return nearest[:, 1] < distance


def products(matrix: sparse.csr_matrix, first: np.ndarray, second: np.ndarray) -> sparse.csr_matrix:
    """Return, a row for each pair, the products of the two rows of the matrix: what they have in common."""
    return sparse.csr_matrix(matrix[first].multiply(matrix[second]))


def _weights(traits: Traits, measure: Measure, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the weights of place, themes and words for each pair; they add up to 1, or to 0 where nothing compares."""
    given = np.empty((len(first), 3))
    given[:, 0] = measure.space
    for column, weight, matrix in ((1, measure.theme, traits.themes), (2, measure.text, traits.texts)):
        known = np.diff(matrix.indptr) > 0
        given[:, column] = weight * (known[first] & known[second])
    total = given.sum(axis=1, keepdims=True)
    return np.divide(given, total, out=np.zeros_like(given), where=total > 0)


def _nearness(traits: Traits, measure: Measure, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.clip(1 - np.hypot(*(traits.xy[first] - traits.xy[second]).T) / measure.distance, 0, None)


def _jaccard(sets: sparse.csr_matrix, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    sizes = np.diff(sets.indptr)
    shared = _row_sums(products(sets, first, second))
    either = sizes[first] + sizes[second] - shared
    return np.divide(shared, either, out=np.zeros(len(first)), where=either > 0)


def _row_sums(matrix: sparse.csr_matrix) -> np.ndarray:
    return np.asarray(matrix.sum(axis=1)).ravel()


def _same_words(traits: Traits, measure: Measure, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the parts as they were with the same description: comparing words is the long part of the work."""
    given = _weights(traits, measure, first, second)
    given[:, 0] *= _nearness(traits, measure, first, second)
    given[:, 1] *= _jaccard(traits.themes, first, second)
    return given


def _text_totals(traits: Traits, measure: Measure, groups: np.ndarray) -> np.ndarray:
    """Return the sum of the words' part over all others of each actor's group.

    Cosines need no pairs: those of one row to many add up to its product with their sum. Fellows with and without
    themes are summed apart, as words weigh more where themes cannot be compared.
    """
    total = np.zeros(len(groups))
    rows = np.flatnonzero((groups >= 0) & (np.diff(traits.texts.indptr) > 0))
    if measure.text == 0 or len(rows) == 0:
        return total
    texts, groups, themed = traits.texts[rows], groups[rows], np.diff(traits.themes.indptr)[rows] > 0
    for with_themes in (True, False):
        fellows = themed == with_themes
        belongs = sparse.csr_matrix((fellows.astype(float), (groups, np.arange(len(rows)))))
        sums = sparse.csr_matrix(belongs @ texts)
        weights = measure.text / (measure.space + measure.text + measure.theme * (themed & with_themes))
        for start in range(0, len(rows), ROWS):
            piece = slice(start, start + ROWS)
            cosines = _row_sums(texts[piece].multiply(sums[groups[piece]])) - fellows[piece]
            total[rows[piece]] += cosines * weights[piece]
    return total


def _near_pairs(xy: np.ndarray, distance: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for tile in Near(xy, xy, distance, kept=0):
        first = tile.first + np.repeat(np.arange(tile.costs.shape[0]), np.diff(tile.costs.indptr))
        second = tile.costs.indices
        once = (first < second) & (tile.costs.data < distance)
        first, second = first[once], second[once]
        for start in range(0, len(first), CHUNK):
            yield first[start : start + CHUNK], second[start : start + CHUNK]


def _inner_pairs(groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    members = np.flatnonzero(groups >= 0)
    members = members[np.argsort(groups[members], kind="stable")]
    later = np.searchsorted(groups[members], groups[members], side="right") - np.arange(len(members)) - 1
    ends = np.cumsum(later)
    cuts = np.searchsorted(ends, np.arange(CHUNK, later.sum(), CHUNK)) + 1
    bounds = np.unique(np.r_[0, cuts, len(members)])
    for start, stop in zip(bounds[:-1], bounds[1:]):
        counts = later[start:stop]
        first = np.repeat(np.arange(start, stop), counts)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
        yield members[first], members[second]
