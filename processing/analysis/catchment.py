"""Potential access to a capacity that others want too: the enhanced two-step floating catchment area, E2SFCA.

Luo and Qi (2009), doi:10.1016/j.healthplace.2009.06.002; with weights all 1 it is the 2SFCA of Luo and Wang (2003),
doi:10.1068/b29120. With P people of need i, capacity S of actor j and the weight w of the way between them::

    R_j = S_j / sum_i P_i w_ij        A_i = sum_j R_j w_ij
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from .pairs import TOLERANCE, Near, Tile, on_each

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


class Eligible(NamedTuple):
    """Who may meet, as data that can be sent anywhere: row i and column j may where ``meet[left[i], right[j]]``."""

    left: np.ndarray
    right: np.ndarray
    meet: np.ndarray

    def __call__(self, tile: Tile) -> np.ndarray:
        """Say of the stored values of a tile which of them may meet."""
        rows = self.left[tile.first : tile.first + tile.costs.shape[0]]
        return self.meet[np.repeat(rows, np.diff(tile.costs.indptr)), self.right[tile.costs.indices]]


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
    tiles: Near | Iterable[Tile],
    reach: float,
    people: np.ndarray,
    capacity: np.ndarray | None,
    decay: Callable[[np.ndarray], np.ndarray] = gaussian,
    eligible: Eligible | None = None,
    imputed: np.ndarray | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Access:
    """Return the access A of each need (row), and the five actors (columns) it owes most of it to.

    ``tiles`` hold the pairs within ``reach``, in one unit, and are gone through twice, by ``pairs.on_each``;
    ``eligible`` says who may meet (None: all). An actor whom nobody asks for adds nothing. With ``capacity`` None
    nobody competes: A is the sum of the weights. ``imputed`` marks the actors whose capacity is a guess;
    ``Access.imputed`` is the share of A that comes from them, NaN where A is 0. ``progress`` is told the share of the
    work done, piece by piece, and may raise, to stop.
    """
    left, right, meet = eligible or (None, None, None)
    rest = (reach, decay, meet)
    work = max(len(people), 1) * (1 if capacity is None else 2)
    done, supply = 0, None
    if capacity is not None:
        demand = np.zeros(len(capacity))
        for rows, (columns, part) in on_each(tiles, demand_of_piece, (people, left), (right,), rest):
            demand[columns] += part
            done += len(rows)
            progress(done / work)
        supply = np.divide(capacity, demand, out=np.zeros(len(capacity)), where=demand > 0)
    found = _nothing(len(people))
    for rows, parts in on_each(tiles, access_of_piece, (left,), (supply, imputed, right), rest):
        for whole, part in zip(found, parts):
            whole[rows] = part
        done += len(rows)
        progress(done / work)
    return found


def demand_of_piece(costs, rows, columns, reach, decay, meet) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of a piece and what its rows ask of each, a kernel of ``pairs.on_each``."""
    (people, left), (positions, right) = rows, columns
    weights, _ = _weights(costs, left, right, reach, decay, meet)
    return positions, _with_values(costs, weights).T @ people


def access_of_piece(costs, rows, columns, reach, decay, meet) -> tuple[np.ndarray, ...]:
    """Return the ``Access`` of the rows of a piece as a plain tuple, a kernel of ``pairs.on_each``."""
    (left,), (positions, supply, imputed, right) = rows, columns
    weights, allowed = _weights(costs, left, right, reach, decay, meet)
    parts = weights if supply is None else weights * supply[costs.indices]
    apl = _sums(costs, parts)
    guessed = np.zeros(len(apl)) if imputed is None else _with_values(costs, parts) @ imputed.astype(float)
    in_reach = np.diff(costs.indptr)
    best = _largest_of_each_row(parts, costs.indptr)
    return (
        apl,
        np.divide(guessed, apl, out=np.full(len(apl), np.nan), where=apl > 0),
        in_reach,
        in_reach if allowed is None else _sums(costs, allowed),
        np.append(positions[costs.indices], -1)[best],
        np.append(parts, 0.0)[best] / np.where(apl > 0, apl, 1.0)[:, None],
        np.append(costs.data, np.nan)[best],
    )


def _nothing(needs: int) -> Access:
    whole = np.zeros(needs, dtype=np.int64)
    return Access(
        apl=np.zeros(needs),
        imputed=np.full(needs, np.nan),
        in_reach=whole,
        eligible=whole.copy(),
        top=np.full((needs, TOP), -1),
        top_share=np.zeros((needs, TOP)),
        top_costs=np.full((needs, TOP), np.nan),
    )


def _weights(costs, left, right, reach, decay, meet) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the weight of each pair, and 1 or 0 for who may meet, None: all may."""
    weights = decay(np.minimum(costs.data / reach, 1.0))
    if meet is None:
        return weights, None
    allowed = meet[np.repeat(left, np.diff(costs.indptr)), right[costs.indices]].astype(float)
    return weights * allowed, allowed


def _with_values(costs: sparse.csr_matrix, values: np.ndarray) -> sparse.csr_matrix:
    return sparse.csr_matrix((values, costs.indices, costs.indptr), shape=costs.shape)


def _sums(costs: sparse.csr_matrix, values: np.ndarray) -> np.ndarray:
    return _with_values(costs, values) @ np.ones(costs.shape[1])


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
