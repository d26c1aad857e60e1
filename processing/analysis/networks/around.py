"""Which themes are needed around each actor, and by how many people."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from ..pairs import Near


def needed_around(
    xy: np.ndarray,
    sources: np.ndarray,
    amounts: sparse.csr_matrix,
    distance: float,
    check: Callable[[], None] = lambda: None,
) -> sparse.csr_matrix:
    """Return (places, themes): what the sources within the distance of each place add up to.

    ``amounts`` (sources, themes) holds the people who need a theme, or 1 where an actor has it.
    """
    found = [sparse.csr_matrix((0, amounts.shape[1]))]
    for tile in Near(xy, sources, distance, kept=0, check=check):
        near = tile.costs.copy()
        near.data = np.ones_like(near.data)
        found.append(near @ amounts)
    return sparse.csr_matrix(sparse.vstack(found))


def sets(of_rows: Sequence[Sequence[str]], codes: Sequence[str]) -> sparse.csr_matrix:
    """Return sets of codes as rows of 0 and 1, a column for each of ``codes``, which hold them all."""
    column = {code: number for number, code in enumerate(codes)}
    starts = np.concatenate([[0], np.cumsum([len(each) for each in of_rows])]).astype(int)
    columns = np.array([column[code] for each in of_rows for code in each], dtype=int)
    return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(of_rows), len(codes)))
