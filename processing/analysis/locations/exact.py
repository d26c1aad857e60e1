"""Proofs by branching: an integer programme in pieces short enough that whoever waits may stop it at any time.

scipy's ``milp`` (HiGHS) cannot be interrupted, and before scipy 1.15 it lets no other Python run meanwhile. So each
call gets half a second; what it did not finish is cut in two by a site that is open in one half and closed in the
other, and what it learnt, its bound and its best solution, is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize, sparse

PIECE = 0.5
ROUNDING = 1e-9
MOST_PAIRS = 50_000


class Run(NamedTuple):
    """How a search is run: when it must end (``time.monotonic``), whom it asks whether to stop, how far it came."""

    deadline: float
    check: Callable[[], None]
    progress: Callable[[float], None]

    def late(self) -> bool:
        """Say whether time is up."""
        return time.monotonic() > self.deadline


class Model(NamedTuple):
    """Minimise ``cost`` v with ``lower`` ≤ ``rows`` v ≤ ``upper`` and v in 0..``most``.

    The first ``sites`` variables are 0 or 1, to be branched on in ``order``.
    """

    cost: np.ndarray
    rows: sparse.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    most: np.ndarray
    sites: int
    order: np.ndarray


class Proof(NamedTuple):
    """The sites of a better solution (None: the known one stands), its value, and what no solution can better."""

    sites: np.ndarray | None
    value: float
    bound: float


def available() -> bool:
    """Say whether this scipy solves integer programmes (1.9 and later do)."""
    return hasattr(optimize, "milp")


def proof(model: Model, known: float, bound: float, deadline: float, check: Callable[[], None], pieces: int) -> Proof:
    """Look for a solution that costs less than ``known`` until there is none, or time or pieces are used up.

    ``bound`` is the least cost proven before; ``deadline`` in seconds of ``time.monotonic``.
    """
    best, sites = known, None
    waiting = [(bound, np.zeros(model.sites), np.ones(model.sites))]
    while waiting:
        check()
        waiting = [node for node in waiting if node[0] < _less(best)]
        left = deadline - time.monotonic()
        if not waiting or left <= 0 or pieces <= 0:
            break
        pieces -= 1
        floor, lower, upper = waiting.pop()
        found = _solved(model, lower, upper, min(PIECE, left))
        if found.x is not None:
            value = float(model.cost @ found.x)
            if value < _less(best):
                best, sites = value, np.flatnonzero(found.x[: model.sites] > 0.5)
        if found.status not in (0, 2):
            floor = max(floor, _finite(getattr(found, "mip_dual_bound", None)))
            waiting += _halves(model.order, floor, lower, upper)
    return Proof(sites, best, min([best, *(floor for floor, *_ in waiting)]))


def _solved(model: Model, lower: np.ndarray, upper: np.ndarray, seconds: float) -> optimize.OptimizeResult:
    rest = len(model.cost) - model.sites
    return optimize.milp(
        model.cost,
        integrality=np.r_[np.ones(model.sites), np.zeros(rest)],
        bounds=optimize.Bounds(np.r_[lower, np.zeros(rest)], np.r_[upper, model.most[model.sites :]]),
        constraints=optimize.LinearConstraint(model.rows, model.lower, model.upper),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )


def _halves(order, floor, lower, upper):
    free = order[lower[order] < upper[order]]
    if not len(free):
        # All is decided, and yet the piece was not finished: it stays a piece of its own.
        return [(floor, lower, upper)]
    without, with_it = upper.copy(), lower.copy()
    without[free[0]], with_it[free[0]] = 0.0, 1.0
    return [(floor, lower, without), (floor, with_it, upper)]


def _less(value: float) -> float:
    return value - ROUNDING * max(1.0, abs(value))


def _finite(number: float | None) -> float:
    return number if number is not None and np.isfinite(number) else -np.inf
