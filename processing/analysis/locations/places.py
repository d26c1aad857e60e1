"""Places where people are, stand or might be served: layers of any geometry as rows that depend on values alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
from scipy import sparse

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..pairs import TOLERANCE
from ..ways import Ways

MOST_PAIRS = 50_000_000
MOST_DENSE = 20_000_000
# Minutes beyond which nobody looks, to find all there is.
EVERYWHERE = 1e7
DECIMALS = 6


class Places(NamedTuple):
    """Places, each once, in the order of their coordinates.

    ``xy`` (n, 2) in metres; ``names``, the names of the rows of a place in their order, "" where none has one;
    ``rows``, the label of a row of each; ``of``, for each row of the layer the position of its place.
    """

    xy: np.ndarray
    names: list[str]
    rows: list
    of: np.ndarray

    def called(self, place: int) -> str:
        """Return the name of a place, its coordinates where it has none."""
        x, y = self.xy[place]
        return self.names[place] or f"lieu sans nom ({x:.0f}, {y:.0f})"


def places(frame: geopandas.GeoDataFrame) -> Places:
    """Return the representative points of a frame, with its column ``name`` where it has one."""
    # Only a valid polygon has a point that is sure to lie within it.
    points = frame.geometry.make_valid().representative_point()
    names = frame["name"] if "name" in frame else [None] * len(frame)
    named = ["" if name is None or name != name else str(name).strip() for name in names]
    table = pd.DataFrame({"x": points.x.to_numpy(), "y": points.y.to_numpy(), "name": named, "row": frame.index})
    grouped = table.groupby(["x", "y"], sort=True)
    ordered = table.sort_values(["x", "y", "name"], kind="stable").groupby(["x", "y"], sort=True)
    return Places(
        xy=np.array(list(grouped.groups), dtype=float).reshape(-1, 2),
        names=[_together(group) for group in ordered["name"].agg(list)] if len(table) else [],
        rows=ordered["row"].first().tolist() if len(table) else [],
        of=grouped.ngroup().to_numpy() if len(table) else np.zeros(0, dtype=int),
    )


def _together(names: list[str]) -> str:
    return " · ".join(dict.fromkeys(filter(None, names)))


class Counted(NamedTuple):
    """How many people each row stands for, and the labels of the rows where that was not to be read."""

    people: np.ndarray
    missing: list
    negative: list


def people(frame: pd.DataFrame) -> Counted:
    """Return the column ``weight`` as people; a missing or negative number is one person, as in all analyses."""
    if "weight" not in frame:
        return Counted(np.ones(len(frame)), [], [])
    numbers = pd.to_numeric(frame["weight"], errors="coerce").to_numpy(dtype=float)
    known = np.isfinite(numbers) & (numbers >= 0)
    negative = numbers < 0
    return Counted(
        np.where(known, numbers, 1.0), frame.index[~known & ~negative].tolist(), frame.index[negative].tolist()
    )


def added_up(of: np.ndarray, people: np.ndarray, count: int) -> np.ndarray:
    """Return the people of each place, added up in an order that does not depend on that of the rows."""
    order = np.lexsort((people, of))
    return np.bincount(of[order], weights=people[order], minlength=count)


def within(
    ways: Ways, origins: np.ndarray, places: np.ndarray, reach: float, check: Callable[[], None], most: int = MOST_PAIRS
) -> sparse.csr_matrix:
    """Return the minutes from each origin to each place no further than the reach, as far as stored (0 is stored)."""
    blocks, count = [], 0
    for tile in ways.near(origins, places, reach, check):
        check()
        count += tile.costs.nnz
        if count > most:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "There are more than {most} pairs of a need and a candidate to compare ({needs} places with needs, "
                    "{candidates} candidates): give fewer candidates, or a shorter reach with the model “mclp”.",
                ),
                most=f"{most:,}",
                needs=len(origins),
                candidates=len(places),
            )
        blocks.append(tile.costs)
    if not blocks:
        return sparse.csr_matrix((len(origins), len(places)))
    found = blocks[0] if len(blocks) == 1 else sparse.vstack(blocks, format="csr")
    # So that a shift of the coordinates breaks no tie.
    return sparse.csr_matrix((np.round(found.data, DECIMALS), found.indices, found.indptr), shape=found.shape)


def no_further(minutes: sparse.csr_matrix, reach: float) -> sparse.csr_matrix:
    """Return the pairs of a matrix that are within a shorter reach."""
    kept = minutes.data <= reach * (1 + TOLERANCE) + 10.0**-DECIMALS
    ends = np.r_[0, np.cumsum(kept)][minutes.indptr]
    return sparse.csr_matrix((minutes.data[kept], minutes.indices[kept], ends), shape=minutes.shape)


def nearest(minutes: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row the column with the fewest minutes stored (the first of equals, -1: none) and the minutes."""
    height = minutes.shape[0]
    rows = np.repeat(np.arange(height), np.diff(minutes.indptr))
    order = np.lexsort((minutes.indices, minutes.data, rows))
    has = np.flatnonzero(np.diff(minutes.indptr))
    first = order[minutes.indptr[has]]
    column, least = np.full(height, -1), np.full(height, np.nan)
    column[has], least[has] = minutes.indices[first], minutes.data[first]
    return column, least
