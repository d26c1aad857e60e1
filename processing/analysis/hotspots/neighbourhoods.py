"""Which units are neighbours: the nearest ones, or those that touch."""

from __future__ import annotations

from typing import NamedTuple

import geopandas
import numpy as np
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

from ..pairs import TOLERANCE

TOUCHING = 0.01
"""Metres: borders no further apart touch. A reprojected border may leave the one it shared by less."""
MORE = 8
"""Places looked at beyond those asked for, as others may lie exactly as far as the last."""


class Neighbourhoods(NamedTuple):
    """Who is near whom among n units.

    ``place`` (n,) is the number of the place of each unit, several may share one; ``near`` (places, places) holds 1
    where the units of two places are neighbours, those of one place included.
    """

    place: np.ndarray
    near: sparse.csr_matrix

    def counts(self) -> np.ndarray:
        """Return the number of neighbours of each unit, itself not counted."""
        return np.rint(self.sums(np.ones(len(self.place)))).astype(int) - 1

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of the values of each unit and all its neighbours."""
        return (self.near @ np.bincount(self.place, values, self.near.shape[0]))[self.place]


def nearest(xy: np.ndarray, k: int) -> Neighbourhoods:
    """Return the neighbourhoods of the ``k`` nearest units, and of all others exactly as far as the last of them.

    ``xy`` (n, 2) is sorted by x, then y.
    """
    starts = np.r_[True, np.any(xy[1:] != xy[:-1], axis=1)] if len(xy) else np.empty(0, dtype=bool)
    place = np.cumsum(starts) - 1
    places = xy[starts]
    if not len(places):
        return Neighbourhoods(place, sparse.csr_matrix((0, 0)))
    units = np.bincount(place)
    tree = cKDTree(places)
    most = min(k + 1 + MORE, len(places))
    metres, found = (np.asarray(each).reshape(len(places), most) for each in tree.query(places, k=most))
    reached = np.cumsum(units[found], axis=1) > min(k, len(xy) - 1)
    last = np.take_along_axis(metres, reached.argmax(axis=1)[:, None], axis=1) * (1 + TOLERANCE) + TOLERANCE
    within = metres <= last
    rows, columns = np.nonzero(within)[0], found[within]
    more = np.flatnonzero(within[:, -1]) if most < len(places) else []
    if len(more):
        once = ~np.isin(rows, more)
        others = tree.query_ball_point(places[more], last[more, 0])
        rows = np.r_[rows[once], np.repeat(more, [len(each) for each in others])]
        columns = np.r_[columns[once], np.concatenate(others).astype(int)]
    return Neighbourhoods(place, _matrix(rows, columns, len(places)))


def touching(polygons: geopandas.GeoSeries) -> Neighbourhoods:
    """Return the neighbourhoods of polygons that share a border or a corner, or overlap; invalid ones are mended."""
    shapes = shapely.make_valid(polygons.to_numpy())
    tree = shapely.STRtree(shapes)
    rows, columns = tree.query(shapes, predicate="dwithin", distance=TOUCHING)
    return Neighbourhoods(np.arange(len(shapes)), _matrix(rows, columns, len(shapes)))


def _matrix(rows, columns, size: int) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    matrix.sort_indices()
    return matrix
