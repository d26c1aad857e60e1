"""Who stands on the shortest ways between the others, in many small networks at once."""

from __future__ import annotations

import numpy as np

CELLS = 2_000_000
"""Numbers of one array worked on at a time: networks of n members take n³ each."""

SAME = 1e-9
"""Relative: two ways are equally short when they differ by no more."""


def betweenness(lengths: np.ndarray) -> np.ndarray:
    """Return for each member of each network how many pairs of others it stands between: (networks, n).

    ``lengths`` (networks, n, n) holds the lengths of the links, above 0, inf where there is none; smaller networks are
    filled up with members without links. A pair joined by several shortest ways counts in parts, each pair once
    (Freeman 1977; the numbers are those of Brandes 2001, doi:10.1080/0022250X.2001.9990249). All pairs are worked on
    together, which is fast for networks of some dozens of members and would be slow for large ones.
    """
    networks, members = lengths.shape[:2]
    found = np.zeros((networks, members))
    step = max(1, CELLS // max(1, members**3))
    for start in range(0, networks, step):
        found[start : start + step] = _betweenness(lengths[start : start + step])
    return found


def _betweenness(lengths: np.ndarray) -> np.ndarray:
    members = lengths.shape[1]
    away = _shortest(lengths)
    ways = _ways(lengths, away)
    # Axes: network, from, between, to.
    through = away[:, :, :, None] + away[:, None, :, :]
    on_the_way = _equal(through, away[:, :, None, :])
    by = ways[:, :, :, None] * ways[:, None, :, :]
    share = np.divide(by, ways[:, :, None, :], out=np.zeros_like(by), where=on_the_way & (ways[:, :, None, :] > 0))
    at = np.arange(members)
    share[:, at, at, :] = 0
    share[:, :, at, at] = 0
    share[:, at, :, at] = 0
    return share.sum(axis=(1, 3)) / 2


def _shortest(lengths: np.ndarray) -> np.ndarray:
    """Return the lengths of the shortest ways (Floyd 1962)."""
    away = lengths.copy()
    at = np.arange(lengths.shape[1])
    away[:, at, at] = 0
    for by in at:
        np.minimum(away, away[:, :, by, None] + away[:, None, by, :], out=away)
    return away


def _ways(lengths: np.ndarray, away: np.ndarray) -> np.ndarray:
    """Return how many shortest ways there are between each two members: (networks, from, to)."""
    members = lengths.shape[1]
    # The last link of a shortest way: axes network, from, last but one, to.
    last = _equal(away[:, :, :, None] + lengths[:, None, :, :], away[:, :, None, :]).astype(float)
    ways = np.broadcast_to(np.eye(members), away.shape).copy()
    found = ways
    for _ in range(members - 1):
        ways = (ways[:, :, None, :] @ last)[:, :, 0, :]
        if not ways.any():
            break
        found = found + ways
    return found


def _equal(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    finite = np.isfinite(first) & np.isfinite(second)
    with np.errstate(invalid="ignore"):
        return finite & (np.abs(first - second) <= SAME * np.maximum(first, second))
