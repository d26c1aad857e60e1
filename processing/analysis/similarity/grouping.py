"""Which communities are groups: enough members, alike enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..communities import nested_communities
from .measure import DECIMALS, Measure, Traits, mean_parts, similarities

SAMPLE, MARGIN = 200, 0.03
"""Members of a large community looked at first, and how far below the threshold their mean settles that it is too
loose: several times what such a sample can err."""


class Groups(NamedTuple):
    """Groups of n actors, numbered from 0 on: the largest first, equals in the order of their medoids.

    ``number`` (n,) is the group of each actor, -1 = alone; ``parts`` (n, 3) what place, themes and words give to its
    mean similarity to all others of the group, NaN when alone; ``medoids`` the member of each most like the others.
    """

    number: np.ndarray
    parts: np.ndarray
    medoids: np.ndarray


def groups_of(
    traits: Traits,
    measure: Measure,
    graph: sparse.csr_matrix,
    threshold: float,
    min_size: int,
    tick: Callable[[], None] = lambda: None,
) -> Groups:
    """Return the communities of the graph whose mean similarity over all pairs reaches the threshold.

    Where a community is too loose, as that of a whole city may be, the communities within it are tried in turn; what
    has fewer than ``min_size`` members is no group.
    """
    number = np.full(len(traits.xy), -1)
    of_actors = np.full((len(traits.xy), 3), np.nan)
    numbers_taken = 0
    for communities in nested_communities(graph, tick):
        large = np.bincount(communities)[communities] >= min_size
        tried = np.where(large & (number < 0), communities, -1)
        tried = _without_the_loose(traits, measure, tried, threshold, tick)
        candidate = mean_parts(traits, measure, tried, tick)
        firm = (tried >= 0) & (_means(candidate, tried)[tried] >= threshold)
        number[firm] = communities[firm] + numbers_taken
        of_actors[firm] = candidate[firm]
        numbers_taken += len(communities)
    return _numbered(number, of_actors)


def _without_the_loose(
    traits: Traits, measure: Measure, groups: np.ndarray, threshold: float, tick: Callable[[], None]
) -> np.ndarray:
    """Take out groups that a sample of their members, every so many, shows to be too loose.

    The pairs of all members of a large community are too many to be looked at for nothing.
    """
    order = np.argsort(groups, kind="stable")
    _, first, place, sizes = np.unique(groups[order], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(groups), dtype=int)
    rank[order] = np.arange(len(groups)) - first[place]
    step = np.empty(len(groups), dtype=int)
    step[order] = -(-sizes[place] // SAMPLE)
    sample = np.where(rank % step == 0, groups, -1)
    loose = _means(mean_parts(traits, measure, sample, tick), sample) < threshold - MARGIN
    return np.where((groups >= 0) & ~loose[groups], groups, -1)


def _means(of_actors: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the mean similarity over all pairs of each group: its members have as many pairs each."""
    grouped = groups >= 0
    sizes = np.bincount(groups[grouped], minlength=1)
    sums = np.bincount(groups[grouped], of_actors[grouped].sum(axis=1), minlength=1)
    return np.round(np.divide(sums, sizes, out=np.zeros(len(sizes)), where=sizes > 0), DECIMALS)


def _numbered(number: np.ndarray, of_actors: np.ndarray) -> Groups:
    """Give the groups their numbers: the largest first, equals in the order of their medoids."""
    order = np.lexsort((-similarities(of_actors), number))
    found, first, sizes = np.unique(number[order], return_index=True, return_counts=True)
    found, medoids, sizes = (each[found >= 0] for each in (found, order[first], sizes))
    ranking = np.lexsort((medoids, -sizes))
    renamed = np.full(number.max(initial=0) + 1, -1)
    renamed[found[ranking]] = np.arange(len(found))
    return Groups(np.where(number >= 0, renamed[number], -1), of_actors, medoids[ranking])
