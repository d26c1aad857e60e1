"""Gi*: how high the values of a unit and its neighbours are among all, and how often chance does as much."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import erfc

from ..networks.chance import TIE, chances, false_discovery_rate
from .neighbourhoods import Neighbourhoods


class GiStar(NamedTuple):
    """What Gi* says of n units, arrays (n,).

    ``z`` is NaN where it cannot be told: all values equal, or all units neighbours of one; ``p`` (two-sided) and ``q``
    (corrected for many tests) are NaN there and where a unit has no neighbour. ``high``: more than chance, else less;
    ``mean`` of the values of a unit and its neighbours.
    """

    z: np.ndarray
    p: np.ndarray
    q: np.ndarray
    high: np.ndarray
    mean: np.ndarray


def smoothed_rates(counts: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return rates drawn towards that of all, the more so the fewer people they rest on (Marshall 1991, global).

    Where rates vary no more than chance makes them, all become that of all.
    """
    mean = counts.sum() / people.sum()
    rates = counts / people
    spread = (people * (rates - mean) ** 2).sum() / people.sum() - mean / people.mean()
    own = max(spread, 0.0)
    noise = own + mean / people
    return mean + np.divide(own, noise, out=np.zeros(len(people)), where=noise > 0) * (rates - mean)


def scores(values: np.ndarray, neighbourhoods: Neighbourhoods) -> np.ndarray:
    """Return the z of Gi* of each unit (Ord & Getis 1995, weights 0 and 1, the unit itself included)."""
    n = len(values)
    centred = values - values.mean()
    spread = np.sqrt((centred**2).mean())
    if spread <= np.abs(values).max() * TIE:
        return np.full(n, np.nan)
    weights = neighbourhoods.counts() + 1.0
    scale = spread * np.sqrt((n * weights - weights**2) / (n - 1))
    return np.divide(neighbourhoods.sums(centred), scale, out=np.full(n, np.nan), where=weights < n)


def gi_star(
    values: np.ndarray,
    neighbourhoods: Neighbourhoods,
    draws: int,
    seed: int,
    check: Callable[[float], None] = lambda share: None,
) -> GiStar:
    """Test each unit; without ``draws`` p is that of the normal law of z, else that of conditional permutations.

    The values stand in an order that does not depend on that of the rows they came from. ``check`` takes the share
    done, and may raise to stop.
    """
    z, counts = scores(values, neighbourhoods), neighbourhoods.counts()
    high = z > 0
    if draws:
        centred = values - values.mean()
        as_high, as_low = chances(centred, neighbourhoods.sums(centred) - centred, counts, draws, seed, check)
        high = as_high < as_low
        p = np.minimum(2 * np.minimum(as_high, as_low), 1.0)
    else:
        p = erfc(np.abs(z) / np.sqrt(2))
    told = ~np.isnan(z) & (counts > 0)
    p, q = np.where(told, p, np.nan), np.full(len(values), np.nan)
    q[told] = false_discovery_rate(p[told])
    return GiStar(z, p, q, high, neighbourhoods.sums(values) / (counts + 1))
