"""Potential access to a capacity that others want too: the enhanced two-step floating catchment area, E2SFCA.

Luo and Qi (2009), doi:10.1016/j.healthplace.2009.06.002; with weights all 1 it is the 2SFCA of Luo and Wang (2003),
doi:10.1068/b29120. With P people of need i, capacity S of actor j and the weight w of the way between them::

    R_j = S_j / sum_i P_i w_ij        A_i = sum_j R_j w_ij
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
from scipy import sparse

from .pairs import TOLERANCE, Tile

TOP = 5


def gaussian(share: np.ndarray) -> np.ndarray:
    """Return exp(-ln(100) share²), 0.01 at the reach (the form of Dai 2010, doi:10.1016/j.healthplace.2010.06.012)."""
    return np.exp(-np.log(100.0) * share**2)


def step(share: np.ndarray) -> np.ndarray:
    """Return 1, 0.68 and 0.22 for the three thirds of the reach (Luo and Qi 2009), each including its far end."""
    return np.where(share <= (1 + TOLERANCE) / 3, 1.0, np.where(share <= 2 * (1 + TOLERANCE) / 3, 0.68, 0.22))


def linear(share: np.ndarray) -> np.ndarray:
    """Return 1 at no distance, 0 at the reach."""
    return np.clip(1 - share, 0, None)


def none(share: np.ndarray) -> np.ndarray:
    """Return 1 all over the reach: 2SFCA."""
    return np.ones_like(share)


DECAYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "gaussian": gaussian,
    "step": step,
    "linear": linear,
    "none": none,
}


class Access(NamedTuple):
    """What each need has: arrays (n,), and (n, 5) for its best actors, best first (-1, 0, NaN where there is none)."""

    apl: np.ndarray
    imputed: np.ndarray
    in_reach: np.ndarray
    eligible: np.ndarray
    top: np.ndarray
    top_share: np.ndarray
    top_costs: np.ndarray


def access(
    tiles: Collection[Tile],
    reach: float,
    people: np.ndarray,
    capacity: np.ndarray | None,
    decay: Callable[[np.ndarray], np.ndarray] = gaussian,
    eligible: Callable[[Tile], np.ndarray] | None = None,
    imputed: np.ndarray | None = None,
) -> Access:
    """Return the access A of each need (row), and the five actors (columns) it owes most of it to.

    ``tiles`` hold the pairs within ``reach``, in one unit, and are gone through twice; ``eligible`` says of the stored
    values of a tile which of them may meet (None: all). An actor whom nobody asks for adds nothing. With ``capacity``
    None nobody competes: A is the sum of the weights. ``imputed`` marks the actors whose capacity is a guess;
    ``Access.imputed`` is the share of A that comes from them, NaN where A is 0.
    """
    if capacity is None:
        supply = None
    else:
        demand = np.zeros(len(capacity))
        for tile in tiles:
            weights = _stored(tile, _weights(tile, reach, decay, eligible)[0])
            demand += weights.T @ people[tile.first : tile.first + weights.shape[0]]
        supply = np.divide(capacity, demand, out=np.zeros(len(capacity)), where=demand > 0)
    parts = [_of_tile(tile, supply, imputed, *_weights(tile, reach, decay, eligible)) for tile in tiles]
    return Access(*(np.concatenate(column) for column in zip(*parts))) if parts else _of_nobody()


def _weights(tile, reach, decay, eligible) -> tuple[np.ndarray, np.ndarray]:
    weights = decay(np.minimum(tile.costs.data / reach, 1.0))
    if eligible is None:
        return weights, np.ones(len(weights))
    allowed = eligible(tile).astype(float)
    return weights * allowed, allowed


def _stored(tile: Tile, values: np.ndarray) -> sparse.csr_matrix:
    return sparse.csr_matrix((values, tile.costs.indices, tile.costs.indptr), shape=tile.costs.shape)


def _of_tile(tile, supply, imputed, weights, allowed) -> Access:
    columns = tile.costs.indices
    everyone = np.ones(tile.costs.shape[1])
    parts = weights if supply is None else weights * supply[columns]
    apl = _stored(tile, parts) @ everyone
    guessed = _stored(tile, parts) @ (everyone * 0 if imputed is None else imputed.astype(float))
    positions = _largest_of_each_row(parts, tile.costs.indptr)
    return Access(
        apl=apl,
        imputed=np.divide(guessed, apl, out=np.full(len(apl), np.nan), where=apl > 0),
        in_reach=np.diff(tile.costs.indptr),
        eligible=(_stored(tile, allowed) @ everyone).astype(int),
        top=np.append(columns, -1)[positions],
        top_share=np.append(parts, 0.0)[positions] / np.where(apl > 0, apl, 1.0)[:, None],
        top_costs=np.append(tile.costs.data, np.nan)[positions],
    )


def _largest_of_each_row(values: np.ndarray, row_starts: np.ndarray) -> np.ndarray:
    """Return the positions (rows, 5) of the largest positive values, the first of equals first, -1 for none left."""
    lengths = np.diff(row_starts)
    rows = np.flatnonzero(lengths)
    positions = np.full((len(lengths), TOP), -1)
    if not len(rows):
        return positions
    starts, lengths, left = row_starts[rows], lengths[rows], values.copy()
    for rank in range(TOP):
        largest = np.maximum.reduceat(left, starts)
        hits = np.flatnonzero(left == np.repeat(largest, lengths))
        _, first = np.unique(np.searchsorted(starts, hits, side="right"), return_index=True)
        positions[rows, rank] = np.where(largest > 0, hits[first], -1)
        left[hits[first]] = -1.0
    return positions


def _of_nobody() -> Access:
    nothing = np.zeros(0)
    return Access(nothing, nothing, nothing, nothing, *(np.zeros((0, TOP)) for _ in range(3)))
