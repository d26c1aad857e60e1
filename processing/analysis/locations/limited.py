"""Maximal covering with sites that can take only so many: whom a site cannot take, another in reach may.

Current & Storbeck 1988. How many a choice of sites serves is a maximum flow; the bound relaxes that nobody is served
twice, and each site then fills up with those that are worth most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import optimize, sparse
from scipy.sparse.csgraph import maximum_flow

from . import exact as location_exact
from .curve import PIECES, PIECES_BELOW, Curve, ended
from .exact import Model, Run
from .mclp import Cover, entries
from .models import Covering, Opened
from .places import nearest
from .rows import Serving

# Units of a flow, which scipy counts in 32 bits.
UNITS = 2.0**30
PROPOSED = 5
STEPS = 200
HALVE_AFTER = 12
SMALLEST_STEP = 1e-3
INERTIA = 0.7
ROUNDING = 1e-9
# Beside one person more, a longer way does not count.
NEARER = 1e-4
# Ways by which nobody goes further than needed are added to the programme when there are few enough.
TIGHT = 15_000


class Limited(Covering):
    """Maximal covering in which no new site serves more than ``capacity`` people."""

    def __init__(self, people, minutes, reach, existing, capacity: float):
        super().__init__(people, minutes, reach, existing)
        self._capacity = capacity
        self._reach = reach

    def solved(self, count: int, run: Run, seed: int) -> Curve:
        found = []
        for number, sites in enumerate(_filled(self.cover, self._capacity, count), 1):
            start = max(([*found[-1], sites[-1]], sites), key=self._units) if found else sites
            found.append(self._exchanged(start, run.check, run.late))
            run.progress(0.6 * number / count)
        if not found:
            return Curve([], np.zeros(0), np.zeros(0), run.late())
        values = np.array([self._served_by(sites) for sites in found])
        limits = _bounds(self.cover, self._capacity, len(found), values, run)
        if location_exact.available() and self.cover.sites_of.nnz <= location_exact.MOST_PAIRS:
            for number in range(len(found), 0, -1):
                if limits[number - 1] <= values[number - 1] * (1 + ROUNDING):
                    continue
                model = _model(self.cover, self._capacity, number)
                pieces = PIECES if number == len(found) else PIECES_BELOW
                better = location_exact.proof(
                    model, -values[number - 1], -limits[number - 1], run.deadline, run.check, pieces
                )
                limits[number - 1] = min(limits[number - 1], -better.bound)
                if better.sites is not None:
                    found[number - 1] = [int(site) for site in better.sites]
                    values[number - 1] = self._served_by(found[number - 1])
        values = np.maximum.accumulate(values)
        best = [int(np.flatnonzero(values[: k + 1] == values[k])[0]) for k in range(len(found))]
        # A choice of fewer sites that serves as many is filled up with sites that add nothing.
        found = [sorted(found[k]) if k == best[k] else self._padded(found[best[k]], k + 1) for k in range(len(found))]
        limits = np.maximum(np.minimum.accumulate(limits[::-1])[::-1], values)
        return ended(Curve(found, values, limits, run.late()))

    def opened(self, sites: Sequence[int]) -> list[Opened]:
        order = _filled(self.cover, self._capacity, len(sites), sites)
        order = order[-1] if order else []
        order = [*order, *sorted(set(sites) - set(order))]
        flow, before, found = self._flow(order), 0.0, []
        for number, site in enumerate(order):
            now = self._served_by(order[: number + 1])
            places = np.flatnonzero(flow[:, number] > 0)
            found.append(Opened(int(site), max(0.0, now - before), now, places, flow[places, number]))
            before = now
        return found

    def settled(self, sites: Sequence[int]) -> list[int]:
        return list(sites)

    def replaced(self, sites: Sequence[int], check: Callable[[], None]) -> dict[int, tuple[int, float]]:
        whole = self._served_by(sites)
        found = {}
        for site in sites:
            check()
            rest = [kept for kept in sites if kept != site]
            tried = [other for other in self._proposed(rest) if other != site]
            served = [self._served_by([*rest, other]) for other in tried]
            alone = self._served_by(rest)
            best = int(np.argmax(served)) if served else -1
            if best >= 0 and served[best] > alone:
                found[site] = (tried[best], max(0.0, whole - served[best]))
            else:
                found[site] = (-1, max(0.0, whole - alone))
        return found

    def again(self, people: np.ndarray, reach: float, count: int, check: Callable[[], None]) -> list[int]:
        check()
        filled = _filled(self._other(people, reach), self._capacity, count)
        return filled[-1] if filled else []

    def served(self, sites: Sequence[int]) -> Serving | None:
        if not len(sites):
            return None
        flow = self._flow(sites)
        rank, minutes = nearest(self.reached[:, list(sites)].tocsr())
        most = flow.argmax(axis=1)
        has = np.flatnonzero(flow.max(axis=1) > 0)
        rank[has] = most[has]
        at = self.reached[:, list(sites)].toarray()
        minutes[has] = at[has, most[has]]
        return Serving(rank, minutes, flow.sum(axis=1))

    def _units(self, sites: Sequence[int]) -> int:
        """Return how many people these sites serve, in units of a flow."""
        cover, count = self.cover, len(sites)
        scale = UNITS / max(cover.weights.sum(), 1.0)
        scale = 2.0 ** np.floor(np.log2(scale))
        reached, lengths = entries(cover.places_of, np.asarray(sites, dtype=int))
        places, at = np.unique(reached, return_inverse=True)
        people = np.floor(cover.weights[places] * scale).astype(np.int32)
        room = np.int32(min(np.floor(self._capacity * scale), UNITS))
        if not len(places):
            return 0
        source, sink, first = len(places) + count, len(places) + count + 1, len(places)
        rows = np.r_[np.full(len(places), source), at, first + np.arange(count)]
        columns = np.r_[np.arange(len(places)), first + np.repeat(np.arange(count), lengths), np.full(count, sink)]
        values = np.r_[people, people[at], np.full(count, room)].astype(np.int32)
        graph = sparse.csr_matrix((values, (rows, columns)), shape=(sink + 1, sink + 1))
        return int(maximum_flow(graph, source, sink, method="dinic").flow_value)

    def _served_by(self, sites: Sequence[int]) -> float:
        scale = 2.0 ** np.floor(np.log2(UNITS / max(self.cover.weights.sum(), 1.0)))
        return self._units(list(sites)) / scale

    def _flow(self, sites: Sequence[int]) -> np.ndarray:
        """Return who goes where (places, sites): as many as can be served, then by the shortest ways."""
        minutes = self.reached[:, list(sites)].tocoo()
        used = self.people[minutes.row] > 0
        row, column, data = minutes.row[used], minutes.col[used], minutes.data[used]
        flow = np.zeros((len(self.people), len(sites)))
        if not len(row):
            return flow
        at, one = np.arange(len(row)), np.ones(len(row))
        rows = sparse.vstack(
            [
                sparse.csr_matrix((one, (row, at)), shape=(len(self.people), len(row))),
                sparse.csr_matrix((one, (column, at)), shape=(len(sites), len(row))),
            ]
        )
        limits = np.r_[self.people, np.full(len(sites), self._capacity)]
        worth = 1.0 - NEARER * data / max(self._reach, 1e-9)
        found = optimize.linprog(-worth, A_ub=rows, b_ub=limits, bounds=(0, None), method="highs")
        flow[row, column] = np.maximum(found.x, 0.0)
        return flow

    def _exchanged(self, sites: list[int], check: Callable[[], None], late: Callable[[], bool]) -> list[int]:
        """Return the sites after exchanges of one for another, as long as more people are served."""
        value, waiting = self._units(sites), list(sites)
        while waiting and not late():
            check()
            site = waiting.pop(0)
            rest = [kept for kept in sites if kept != site]
            for other in self._proposed(rest):
                now = self._units([*rest, other])
                if now > value:
                    sites, value = [*rest, other], now
                    waiting = list(rest)
                    break
        return sites

    def _proposed(self, sites: Sequence[int]) -> list[int]:
        """Return the candidates that promise most beside these sites."""
        left = _left(self.cover, self._capacity, sites)
        gain = np.minimum(self.cover.places_of @ left, self._capacity)
        gain[list(sites)] = -1.0
        order = np.argsort(-gain, kind="stable")[:PROPOSED]
        return [int(site) for site in order if gain[site] > 0]

    def _padded(self, sites: list[int], count: int) -> list[int]:
        others = [k for k in np.argsort(-(self.cover.places_of @ self.cover.weights), kind="stable") if k not in sites]
        return sorted([*sites, *(int(k) for k in others[: count - len(sites)])])


def _take(cover: Cover, capacity: float, site: int, left: np.ndarray, few: np.ndarray) -> None:
    """Let a site serve those left in its reach, first the places that fewest other candidates reach."""
    places = cover.places(site)
    places = places[np.argsort(few[places], kind="stable")]
    room = np.clip(capacity - (np.cumsum(left[places]) - left[places]), 0.0, left[places])
    left[places] -= room


def _left(cover: Cover, capacity: float, sites: Sequence[int]) -> np.ndarray:
    left, few = cover.weights.copy(), np.diff(cover.sites_of.indptr)
    for site in sites:
        _take(cover, capacity, site, left, few)
    return left


def _filled(cover: Cover, capacity: float, count: int, allowed: Sequence[int] | None = None) -> list[list[int]]:
    """Return 1, 2, … ``count`` sites, each time the one that serves most of those left; until nobody is left."""
    left, few = cover.weights.copy(), np.diff(cover.sites_of.indptr)
    reach = cover.places_of @ left
    barred = np.ones(len(reach), dtype=bool)
    barred[list(allowed) if allowed is not None else slice(None)] = False
    sites, found = [], []
    smallest = 1e-9 * max(1.0, cover.weights.sum())
    while len(sites) < count and len(reach):
        gain = np.where(barred, -1.0, np.minimum(reach, capacity))
        # Of those that fill up alike, the one with most people around.
        best = int(np.where(gain >= gain.max() - smallest, reach, -np.inf).argmax())
        if gain[best] <= smallest:
            break
        before = left[cover.places(best)]
        _take(cover, capacity, best, left, few)
        changed = cover.places(best)
        served, lengths = entries(cover.sites_of, changed)
        reach -= np.bincount(served, weights=np.repeat(before - left[changed], lengths), minlength=len(reach))
        barred[best] = True
        sites.append(best)
        found.append(list(sites))
    return found


def _bounds(cover: Cover, capacity: float, most: int, known: np.ndarray, run: Run) -> np.ndarray:
    """Return the most that 1, 2, … ``most`` sites can serve, as far as a subgradient search proves it."""
    weights = cover.weights
    fees = np.zeros(len(weights))
    best, least, best_fees = np.full(most, weights.sum()), np.inf, fees
    factor, since, before = 2.0, 0, np.zeros(len(weights))
    for step in range(STEPS):
        run.check()
        worth, served = _knapsacks(cover, capacity, fees, most)
        values = float(fees @ weights) + np.cumsum(np.pad(-np.sort(-worth)[:most], (0, max(0, most - len(worth)))))
        best = np.minimum(best, values)
        run.progress(0.6 + 0.4 * step / STEPS)
        if values[-1] < least - 1e-12 * abs(values[-1]):
            least, best_fees, since = values[-1], fees, 0
        else:
            since += 1
            if since >= HALVE_AFTER:
                factor, since, fees, before = factor / 2, 0, best_fees, np.zeros(len(fees))
                if factor < SMALLEST_STEP:
                    break
                continue
        if best[-1] <= known[-1] * (1 + ROUNDING):
            break
        slope = weights - served + INERTIA * before
        before = slope.copy()
        slope[((slope > 0) & (fees <= 0)) | ((slope < 0) & (fees >= 1))] = 0.0
        length = float(slope @ slope)
        if not length:
            factor, fees, before = factor / 2, best_fees, np.zeros(len(fees))
            if factor < SMALLEST_STEP:
                break
            continue
        fees = np.clip(fees - factor * max(values[-1] - known[-1], ROUNDING) / length * slope, 0.0, 1.0)
    return best


def _knapsacks(cover: Cover, capacity: float, fees: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what each site is worth when it serves the lowest fees first, and whom the best ones serve, by place."""
    order = np.argsort(fees, kind="stable")
    turned = cover.sites_of[order].tocsc()
    places = order[turned.indices]
    people = cover.weights[places]
    sums = np.cumsum(people)
    starts = np.r_[0.0, sums][turned.indptr[:-1]]
    lengths = np.diff(turned.indptr)
    taken = np.clip(capacity - (sums - people - np.repeat(starts, lengths)), 0.0, people)
    site = np.repeat(np.arange(len(lengths)), lengths)
    worth = np.bincount(site, weights=taken * (1.0 - fees[places]), minlength=len(lengths))
    chosen = np.zeros(len(worth), dtype=bool)
    chosen[np.argsort(-worth, kind="stable")[:count]] = True
    mine = chosen[site]
    return worth, np.bincount(places[mine], weights=taken[mine], minlength=len(fees))


def _model(cover: Cover, capacity: float, count: int) -> Model:
    """Return the integer programme: sites, then the people on each way from a place to a candidate."""
    places, sites = cover.sites_of.shape
    row = np.repeat(np.arange(places), np.diff(cover.sites_of.indptr))
    column = cover.sites_of.indices
    pairs = len(row)
    one, at = np.ones(pairs), np.arange(pairs)
    blocks = [
        [sparse.csr_matrix(np.ones((1, sites))), None],
        [None, sparse.csr_matrix((one, (row, at)), shape=(places, pairs))],
        [-capacity * sparse.identity(sites), sparse.csr_matrix((one, (column, at)), shape=(sites, pairs))],
    ]
    upper = [np.array([float(count)]), cover.weights, np.zeros(sites)]
    if pairs <= TIGHT:
        most = sparse.csr_matrix((-cover.weights[row], (at, column)), shape=(pairs, sites))
        blocks.append([most, sparse.identity(pairs)])
        upper.append(np.zeros(pairs))
    rows = sparse.bmat(blocks, format="csr")
    upper = np.concatenate(upper)
    gain = np.minimum(cover.places_of @ cover.weights, capacity)
    return Model(
        cost=np.r_[np.zeros(sites), -one],
        rows=rows,
        lower=np.full(len(upper), -np.inf),
        upper=upper,
        most=np.r_[np.ones(sites), cover.weights[row]],
        sites=sites,
        order=np.argsort(-gain, kind="stable"),
    )
