"""The same links drawn by chance: what a network has to be compared with before it is called one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

BURN_IN, BETWEEN = 20, 10
"""Rounds before the first drawing and between two; in each, every link is proposed one exchange."""

CELLS_A_DISTANCE = 2
_MIX = tuple(np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def rewired(
    first: np.ndarray,
    second: np.ndarray,
    xy: np.ndarray,
    distance: float,
    component: np.ndarray,
    runs: int,
    seed: int = 1,
    tick: Callable[[], None] = lambda: None,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield ``runs`` times both ends of the links, drawn anew: link k stays link k, with other ends.

    Two links a-b and c-d become a-d and c-b, again and again (Maslov & Sneppen 2002, doi:10.1126/science.1065103),
    where neither new one joins an actor to itself, is already there, or is longer than ``distance``: every actor keeps
    the number of its links, and chance has no wider choice than the actors themselves. Without the bound on length any
    map would seem far from chance, only because it is a map.

    ``component`` (one a node) numbers parts that no link could join. The draws of a part depend on that part alone, so
    that what is far away changes nothing; a part with one possible arrangement keeps it.
    """
    ends = np.array([first, second])
    if not len(first):
        yield from (tuple(ends) for _ in range(runs))
        return
    of_link = component[first]
    corner = np.full((component.max() + 1, 2), np.inf)
    np.minimum.at(corner, component, xy)
    places = xy - corner[component]
    rank = _rank_within(of_link)
    number = 0
    for run in range(runs):
        for _ in range(BETWEEN if run else BURN_IN):
            tick()
            _exchange(ends, places, distance, of_link, rank, seed, number)
            number += 1
        yield tuple(ends.copy())


def _exchange(ends, places, distance, of_link, rank, seed, number):
    """Propose each link one exchange with a link that begins near it; change ``ends`` in place."""
    nodes = np.int64(len(places))
    turned = _draws(rank, seed, 3 * number) % np.uint64(2) == 1
    ends[:, turned] = ends[::-1, turned]
    shift = _draws(np.arange(2), seed, 3 * number + 1) / 2.0**64
    cell = np.floor(places[ends[0]] / distance * CELLS_A_DISTANCE + shift).astype(np.int64)
    order = np.lexsort((_draws(rank, seed, 3 * number + 2), cell[:, 0], cell[:, 1], of_link))
    grouped = np.column_stack([of_link, cell])[order]
    new = np.r_[True, (grouped[1:] != grouped[:-1]).any(axis=1)]
    place = _since_true(new)
    one = np.flatnonzero((place[:-1] % 2 == 0) & ~new[1:])
    one, other = order[one], order[one + 1]
    # The links to be: from the start of each to the end of the other.
    tails = np.concatenate([ends[0, one], ends[0, other]])
    heads = np.concatenate([ends[1, other], ends[1, one]])
    keys = np.minimum(tails, heads) * nodes + np.maximum(tails, heads)
    there = np.sort(ends.min(axis=0) * nodes + ends.max(axis=0))
    fits = (tails != heads) & (np.hypot(*(places[tails] - places[heads]).T) <= distance) & ~_among(keys, there)
    _, back, counts = np.unique(keys, return_inverse=True, return_counts=True)
    fits &= counts[back] == 1
    both = fits[: len(one)] & fits[len(one) :]
    one, other = one[both], other[both]
    ends[1, one], ends[1, other] = ends[1, other], ends[1, one]


def _draws(rank: np.ndarray, seed: int, number: int) -> np.ndarray:
    """Return 64 random bits for each rank: a counter scrambled as in SplitMix (Steele, Lea & Flood 2014)."""
    with np.errstate(over="ignore"):
        bits = (rank.astype(np.uint64) + np.uint64(number) * np.uint64(0x632BE59BD9B4E019) + np.uint64(seed)) * _MIX[0]
        for shift, mix in ((30, _MIX[1]), (27, _MIX[2])):
            bits = (bits ^ (bits >> np.uint64(shift))) * mix
        return bits ^ (bits >> np.uint64(31))


def _rank_within(groups: np.ndarray) -> np.ndarray:
    order = np.argsort(groups, kind="stable")
    ranked = groups[order]
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = _since_true(np.r_[True, ranked[1:] != ranked[:-1]])
    return rank


def _since_true(new: np.ndarray) -> np.ndarray:
    """Return for each place how many stand between it and the last True, itself included."""
    at = np.arange(len(new))
    return at - np.maximum.accumulate(np.where(new, at, 0))


def _among(keys: np.ndarray, ascending: np.ndarray) -> np.ndarray:
    place = np.searchsorted(ascending, keys)
    return ascending[np.minimum(place, len(ascending) - 1)] == keys
