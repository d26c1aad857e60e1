"""The questions that may be asked of places and candidates, each answering in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from scipy import sparse

from .curve import Curve, covering
from .exact import Run
from .lscp import everyone, sites_enough
from .mclp import Choice, Cover, cover, entries, merged, replacements
from .places import no_further
from .pmedian import Costs, exchanged, exchanges, grown
from .pmedian_bound import medians

ROUNDING = 1e-9


class Opened(NamedTuple):
    """A site in the order of opening: the candidate, what it adds to those before it, and what all bring so far.

    ``total`` is what the model counts: people, or for the p-median person-minutes. ``places`` are those it adds, with
    ``counts`` people of theirs where not all of them.
    """

    site: int
    gain: float
    total: float
    places: np.ndarray
    counts: np.ndarray | None = None


class Question(Protocol):
    """A model with its people and its ways; ``people`` are those of each place that a new site may bring something."""

    people: np.ndarray

    def solved(self, count: int, run: Run, seed: int) -> Curve:
        """Return the best choices of up to ``count`` sites."""

    def settled(self, sites: Sequence[int]) -> list[int]:
        """Return a choice that is as good, each site the nearest to its people of those that do alike."""

    def opened(self, sites: Sequence[int]) -> list[Opened]:
        """Return the sites of a choice in the order in which to open them: first what adds most."""

    def replaced(self, sites: Sequence[int], check: Callable[[], None]) -> dict[int, tuple[int, float]]:
        """Return for each site the best other candidate in its place (-1: none), and what is lost by it."""

    def again(self, people: np.ndarray, reach: float, count: int, check: Callable[[], None]) -> list[int]:
        """Return quickly a good choice for other people and another reach."""

    def served(self, sites: Sequence[int]):
        """Return who is served by whom (a ``Serving``); None: everybody by the nearest site."""

    def useful(self) -> int:
        """Return how many candidates bring anybody anything."""


class Covering:
    """Maximal covering: ``minutes`` is a CSR matrix (places, candidates) up to the longest reach that is asked for.

    ``existing`` are the minutes to the nearest existing site (NaN: none): whoever it reaches is covered already.
    """

    def __init__(self, people: np.ndarray, minutes: sparse.csr_matrix, reach: float, existing: np.ndarray):
        self._minutes, self._existing = minutes, existing
        self.people = self._left(people, reach)
        self.reached = no_further(minutes, reach)
        self.cover = cover(*merged(self.people, self.reached))

    def solved(self, count: int, run: Run, seed: int) -> Curve:
        return covering(self.cover, count, run, seed)

    def settled(self, sites: Sequence[int]) -> list[int]:
        choice, turned = Choice(self.cover).become(sites), self.reached.T.tocsr()
        for site in sorted(sites):
            choice.drop(site)
            alike = np.flatnonzero(choice.gain == choice.gain[site])
            # Who is within reach of the others anyway does not count.
            left = self.people.copy()
            left[entries(turned, np.array(choice.sites, dtype=int))[0]] = 0.0
            choice.add(int(alike[np.argmin([_travelled(turned, left, other) for other in alike])]))
        return sorted(choice.sites)

    def opened(self, sites: Sequence[int]) -> list[Opened]:
        left = self.people.copy()
        turned = self.reached.T.tocsr()
        total, found = 0.0, []
        order = Choice(self.cover, allowed=sites).fill(len(sites)).sites
        # What the others reach too comes last, and adds nothing.
        for site in [*order, *sorted(set(sites) - set(order))]:
            places = turned.indices[turned.indptr[site] : turned.indptr[site + 1]]
            places = places[left[places] > 0]
            gain = float(left[places].sum())
            left[places] = 0.0
            total += gain
            found.append(Opened(int(site), gain, total, places))
        return found

    def replaced(self, sites: Sequence[int], check: Callable[[], None]) -> dict[int, tuple[int, float]]:
        choice = Choice(self.cover).become(sites)
        people = self.cover.people(sites)
        found = {}
        for site, (other, _) in zip(list(choice.sites), replacements(choice)):
            check()
            rest = [kept for kept in sites if kept != site]
            left = people - self.cover.people([*rest, other] if other >= 0 else rest)
            found[site] = (other, max(0.0, left))
        return found

    def again(self, people: np.ndarray, reach: float, count: int, check: Callable[[], None]) -> list[int]:
        return Choice(self._other(people, reach)).fill(count).exchange(check).sites

    def served(self, sites: Sequence[int]):
        return None

    def useful(self) -> int:
        return int((np.diff(self.cover.places_of.indptr) > 0).sum())

    def _left(self, people: np.ndarray, reach: float) -> np.ndarray:
        return np.where(self._existing <= reach, 0.0, people)

    def _other(self, people: np.ndarray, reach: float) -> Cover:
        return cover(self._left(people, reach), no_further(self._minutes, reach))


class Everyone(Covering):
    """Set covering: everybody whom a candidate can reach, with as few sites as possible."""

    def solved(self, count: int, run: Run, seed: int) -> Curve:
        return everyone(self.cover, run, seed)

    def again(self, people: np.ndarray, reach: float, count: int, check: Callable[[], None]) -> list[int]:
        check()
        other = self._other(people, reach)
        kept = np.flatnonzero((other.weights > 0) & (np.diff(other.sites_of.indptr) > 0))
        return sites_enough(cover(np.ones(len(kept)), other.sites_of[kept])) if len(kept) else []


class Medians:
    """p-median: ``minutes`` is a CSR matrix (places, candidates) of all the ways there are.

    Where no way leads, it is as far as the farthest there is; a place from which none leads counts for nobody.
    """

    def __init__(self, people: np.ndarray, minutes: sparse.csr_matrix, existing: np.ndarray):
        lengths = np.diff(minutes.indptr)
        self.people = np.where(lengths > 0, people, 0.0)
        dense = np.full(minutes.shape, minutes.data.max() if minutes.nnz else 0.0)
        dense[np.repeat(np.arange(len(lengths)), lengths), minutes.indices] = minutes.data
        self._now = np.where(np.isnan(existing), np.inf, existing)
        np.minimum(dense, self._now[:, None], out=dense)
        self._counting = np.flatnonzero(self.people > 0)
        self.costs = Costs(self.people[self._counting], dense[self._counting])

    def solved(self, count: int, run: Run, seed: int) -> Curve:
        curve = medians(self.costs, count, run, seed)
        now = float(self.costs.weights @ self._now[self._counting])
        if len(curve.values) and curve.values[-1] >= now * (1 - ROUNDING):
            # The actors there are do as well alone.
            return Curve([], np.zeros(0), np.zeros(0), curve.stopped)
        return curve

    def settled(self, sites: Sequence[int]) -> list[int]:
        return list(sites)

    def opened(self, sites: Sequence[int]) -> list[Opened]:
        chosen = Costs(self.costs.weights, self.costs.minutes[:, list(sites)])
        order: list[int] = []
        now, found = self._now[self._counting], []
        while len(order) < len(sites):
            more = grown(chosen, order, lambda: None)
            order = more if len(more) > len(order) else [*order, min(set(range(len(sites))) - set(order))]
            at = chosen.minutes[:, order[-1]]
            before = float(chosen.weights @ now) if np.isfinite(now).all() else np.nan
            nearer = self._counting[at < now]
            now = np.minimum(now, at)
            total = float(chosen.weights @ now)
            found.append(Opened(int(sites[order[-1]]), before - total, total, nearer))
        return found

    def replaced(self, sites: Sequence[int], check: Callable[[], None]) -> dict[int, tuple[int, float]]:
        listed = sorted(sites)
        profit = exchanges(self.costs, listed, check)
        total = self.costs.total(listed)
        found = {}
        for row, site in enumerate(listed):
            best = int(profit[row].argmax())
            rest = [kept for kept in listed if kept != site]
            if np.isfinite(profit[row, best]):
                found[site] = (best, max(0.0, self.costs.total([*rest, best]) - total))
            else:
                found[site] = (-1, max(0.0, self.costs.total(rest) - total) if rest else np.nan)
        return found

    def again(self, people: np.ndarray, reach: float, count: int, check: Callable[[], None]) -> list[int]:
        costs, sites = Costs(people[self._counting], self.costs.minutes), []
        for _ in range(count):
            more = grown(costs, sites, check)
            if len(more) == len(sites):
                break
            sites = more
        return exchanged(costs, sites, check)

    def served(self, sites: Sequence[int]):
        return None

    def useful(self) -> int:
        return self.costs.minutes.shape[1]


def _travelled(minutes: sparse.csr_matrix, people: np.ndarray, site: int) -> float:
    """Return the minutes of all people within reach of a site to it; ``minutes`` has a row a candidate."""
    stored = slice(minutes.indptr[site], minutes.indptr[site + 1])
    return float(people[minutes.indices[stored]] @ minutes.data[stored])
