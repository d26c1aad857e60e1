"""Maximal covering: the sites that bring the most people within reach.

Church & ReVelle 1974. Greedy, then exchanges of one site for another, then an iterated local search; how much better
any other choice could be is proven in ``location_bound``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from scipy import sparse

# Sums of this many units are exact in a float, so that no order of adding and taking away leaves a trace.
UNITS = 2.0**50
# Shakes without a better choice before the best one is taken up again; until then a little less is put up with.
PATIENCE, PUT_UP_WITH = 15, 0.006
# Of a person: what sums of people may be off by rounding.
LITTLE = 1e-6
LARGEST_SHAKE = 4


class Cover(NamedTuple):
    """Who is within reach of which candidate, from both sides.

    ``weights`` are the people of each place, ``units`` the same in whole numbers; ``sites_of`` is a CSR matrix of ones
    (places, candidates), ``places_of`` the same turned round.
    """

    weights: np.ndarray
    units: np.ndarray
    sites_of: sparse.csr_matrix
    places_of: sparse.csr_matrix

    def places(self, site: int) -> np.ndarray:
        """Return the places within reach of a candidate."""
        matrix = self.places_of
        return matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]

    def attainable(self, people: float) -> float:
        """Return the most that sites can cover when it is no more than that: whole people, where all are."""
        whole = (self.weights == np.round(self.weights)).all()
        return float(np.floor(people + LITTLE)) if whole else people

    def people(self, sites: Iterable[int]) -> float:
        """Return how many people these candidates cover together."""
        covered = np.zeros(len(self.weights), dtype=bool)
        covered[entries(self.places_of, np.array(list(sites), dtype=int))[0]] = True
        return float(self.weights[covered].sum())


def cover(weights: np.ndarray, reached: sparse.csr_matrix) -> Cover:
    """Return the cover of places by candidates, of which ``reached`` stores an entry for each pair within reach."""
    total = weights.sum()
    scale = 2.0 ** np.floor(np.log2(UNITS / total)) if total > 0 else 1.0
    ones = sparse.csr_matrix((np.ones(reached.nnz), reached.indices, reached.indptr), shape=reached.shape)
    return Cover(weights, np.round(weights * scale), ones, ones.T.tocsr())


def merged(weights: np.ndarray, reached: sparse.csr_matrix) -> tuple[np.ndarray, sparse.csr_matrix]:
    """Return the places with people whom somebody reaches, those with the same candidates in reach added up."""
    kept = np.flatnonzero((np.diff(reached.indptr) > 0) & (weights > 0))
    if not len(kept):
        return np.zeros(0), sparse.csr_matrix((0, reached.shape[1]))
    reached = reached[kept]
    # Two sums of random numbers stand for a set of candidates: that two sets share both is out of the question.
    marks = np.random.default_rng(0).integers(0, 2**62, (reached.shape[1], 2)).astype(np.uint64)
    sums = np.add.reduceat(marks[reached.indices], reached.indptr[:-1], axis=0)
    sets = np.c_[sums, np.diff(reached.indptr).astype(np.uint64)]
    _, first, group = np.unique(sets, axis=0, return_index=True, return_inverse=True)
    # In the order of the places, not in that of the random numbers.
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return np.bincount(rank[group.ravel()], weights=weights[kept], minlength=len(first)), reached[first[order]]


def entries(matrix: sparse.csr_matrix, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns stored in some rows of a CSR matrix, one row after the other, and how many each has."""
    starts = matrix.indptr[rows]
    lengths = matrix.indptr[rows + 1] - starts
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return matrix.indices[np.repeat(starts - (ends - lengths), lengths) + np.arange(total)], lengths


class Choice:
    """Sites chosen so far, and what each candidate would add to them, kept up to date by what changes.

    ``value`` and ``gain`` are in the units of the cover: whole numbers, so that equal gains compare as equal, and the
    first candidate of equals wins.
    """

    def __init__(self, cover: Cover, allowed: Iterable[int] | None = None):
        self.cover = cover
        self.sites: list[int] = []
        self.value = 0.0
        self._times = np.zeros(len(cover.units), dtype=np.int64)
        self.gain = cover.places_of @ cover.units
        if allowed is not None:
            barred = np.ones(len(self.gain), dtype=bool)
            barred[list(allowed)] = False
            self.gain[barred] = -np.inf

    def add(self, site: int) -> None:
        """Open a site."""
        places = self.cover.places(site)
        new = places[self._times[places] == 0]
        self._times[places] += 1
        self.value += self.gain[site]
        self.gain -= self._spread(new)
        self.sites.append(site)

    def drop(self, site: int) -> None:
        """Close a site."""
        places = self.cover.places(site)
        self._times[places] -= 1
        self.gain += self._spread(places[self._times[places] == 0])
        self.value -= self.gain[site]
        self.sites.remove(site)

    def fill(self, count: int) -> Choice:
        """Open what adds most, one after the other, up to ``count`` sites or until nothing adds anything."""
        while len(self.sites) < count and len(self.gain):
            best = int(self.gain.argmax())
            if self.gain[best] <= 0:
                break
            self.add(best)
        return self

    def exchange(self, check: Callable[[], None]) -> Choice:
        """Replace one site by another as long as that adds people."""
        waiting = list(self.sites)
        while waiting:
            check()
            site = waiting.pop(0)
            self.drop(site)
            best = int(self.gain.argmax())
            if self.gain[best] > self.gain[site]:
                self.add(best)
                waiting = [other for other in self.sites if other != best]
            else:
                self.add(site)
        return self

    def become(self, sites: Iterable[int]) -> Choice:
        """Open these sites and no others."""
        wanted = {int(site) for site in sites}
        for site in [site for site in self.sites if site not in wanted]:
            self.drop(site)
        for site in sorted(wanted - set(self.sites)):
            self.add(site)
        return self

    def shake(self, draws: np.random.Generator) -> None:
        """Close a site and one to three of those that share candidates with it; open one by chance."""
        size = int(draws.integers(2, min(LARGEST_SHAKE, len(self.sites)) + 1))
        first = self.sites[int(draws.integers(len(self.sites)))]
        near = np.zeros(len(self.gain), dtype=bool)
        near[entries(self.cover.sites_of, self.cover.places(first))[0]] = True
        chance = dict(zip(self.sites, draws.random(len(self.sites)).tolist()))
        others = sorted((site for site in self.sites if site != first), key=lambda site: (not near[site], chance[site]))
        for site in [first, *others[: size - 1]]:
            self.drop(site)
        better = np.flatnonzero(self.gain >= 0.5 * self.gain.max())
        self.add(int(better[draws.integers(len(better))]))

    def _spread(self, places: np.ndarray) -> np.ndarray:
        sites, lengths = entries(self.cover.sites_of, places)
        return np.bincount(sites, weights=np.repeat(self.cover.units[places], lengths), minlength=len(self.gain))


def improve(
    choice: Choice,
    rounds: int,
    draws: np.random.Generator,
    check: Callable[[], None],
    late: Callable[[], bool] = lambda: False,
) -> Choice:
    """Shake and exchange that many times or until it is late, and leave the choice at the best that was found."""
    count = len(choice.sites)
    if count < 2:
        return choice
    best, best_value, stale = list(choice.sites), choice.value, 0
    for _ in range(rounds):
        if late():
            break
        before, value = list(choice.sites), choice.value
        choice.shake(draws)
        choice.fill(count).exchange(check)
        if choice.value > best_value:
            best, best_value, stale = list(choice.sites), choice.value, 0
            continue
        stale += 1
        if stale > PATIENCE:
            choice.become(best)
            stale = 0
        elif choice.value < value * (1 - PUT_UP_WITH):
            choice.become(before)
    return choice.become(best)


def replacements(choice: Choice) -> list[tuple[int, float]]:
    """Return for each site of a choice the best other candidate in its place (-1: none), and the units lost by it."""
    found = []
    for site in list(choice.sites):
        choice.drop(site)
        own = choice.gain[site]
        others = choice.gain.copy()
        others[[site, *choice.sites]] = -np.inf
        best = int(others.argmax())
        found.append((best, own - others[best]) if others[best] > 0 else (-1, own))
        choice.add(site)
    return found
