"""Where actors have been looked for: what is not known there is not nothing."""

from __future__ import annotations

from typing import NamedTuple

import geopandas
import numpy as np

from .pairs import Near
from .spread import tally

WHOLE = 1 - 1e-6


class Survey(NamedTuple):
    """The finest territories: their points (k, 2), their areas, and whether actors have been looked for in each."""

    points: np.ndarray
    areas: np.ndarray
    done: np.ndarray
    frame: geopandas.GeoDataFrame


def survey_of(territories: geopandas.GeoDataFrame | None) -> Survey | None:
    """Return where actors have been looked for, None when that is not said.

    ``territories`` as ``territories.by_territory`` takes them. The finest level is the one with the most territories;
    of it those count as surveyed that say so themselves or whose point lies in a surveyed territory of another level.
    """
    if territories is None or "surveyed" not in territories or not len(territories):
        return None
    levels = territories["level"].astype(str) if "level" in territories else None
    finest = territories
    if levels is not None:
        counts = levels.value_counts()
        finest = territories[levels == min(counts.index[counts == counts.max()])]
    done = said(territories)
    places = finest[["geometry"]].set_geometry(finest.geometry.representative_point())
    # So that sums do not depend on the order of the rows.
    order = np.lexsort((finest.geometry.area, places.geometry.y, places.geometry.x))
    finest, places = finest.iloc[order], places.iloc[order]
    # By whatever territory, the finest themselves among them.
    inside = places.sjoin(territories.loc[done, ["geometry"]], predicate="intersects")
    points = np.column_stack([places.geometry.x, places.geometry.y])
    covered = finest.index.isin(inside.index)
    return Survey(points, finest.geometry.area.to_numpy(), covered, finest[["geometry"]].reset_index(drop=True))


def said(territories: geopandas.GeoDataFrame) -> np.ndarray:
    """Return which territories say of themselves that actors have been looked for."""
    known = territories["surveyed"]
    return (known.notna() & known.astype(bool)).to_numpy()


def share_within(survey: Survey, at: np.ndarray, radius: float) -> np.ndarray:
    """Return for each place (n, 2) the share of the area around it, by territories, that has been surveyed.

    Around it are the territory in which it lies and those whose point is no further than ``radius``; NaN where there
    are none.
    """
    where, back = np.unique(at, axis=0, return_inverse=True)
    back = np.ravel(back)
    flags = np.column_stack([survey.areas, survey.areas * survey.done])
    areas = tally(Near(where, survey.points, radius), len(where), flags, None)
    own = _own(survey, where)
    lies = own >= 0
    far = lies.copy()
    far[lies] = np.hypot(*(where[lies] - survey.points[own[lies]]).T) > radius
    areas[far] += flags[own[far]]
    shares = np.divide(areas[:, 1], areas[:, 0], out=np.full(len(where), np.nan), where=areas[:, 0] > 0)
    return np.minimum(shares, 1.0)[back]


def share_inside(survey: Survey, territories: geopandas.GeoDataFrame) -> np.ndarray:
    """Return for each territory the share of its area that has been surveyed: all of it, where it says so itself.

    Of a larger territory it is that of the finest ones whose points lie in it, none where there are none.
    """
    places = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*survey.points.T), crs=territories.crs)
    found = places.sjoin(territories[["geometry"]].reset_index(drop=True), predicate="intersects")
    inside, which = found["index_right"].to_numpy(dtype=int), found.index.to_numpy(dtype=int)
    whole = np.bincount(inside, survey.areas[which], len(territories))
    done = np.bincount(inside, (survey.areas * survey.done)[which], len(territories))
    share = np.divide(done, whole, out=np.zeros(len(whole)), where=whole > 0)
    return np.where(said(territories), 1.0, np.where(share > WHOLE, 1.0, share))


def _own(survey: Survey, where: np.ndarray) -> np.ndarray:
    """Return the territory in which each place lies, the one whose point is nearest of several, -1 for none."""
    places = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*where.T), crs=survey.frame.crs)
    found = places.sjoin(survey.frame, predicate="intersects")["index_right"]
    own = np.full(len(where), -1)
    if len(found):
        rows, inside = found.index.to_numpy(), found.to_numpy(dtype=int)
        metres = np.hypot(*(where[rows] - survey.points[inside]).T)
        order = np.lexsort((inside, metres, rows))
        rows, first = np.unique(rows[order], return_index=True)
        own[rows] = inside[order][first]
    return own
