"""How far one gets by road from the nearest of some places: roads cut where the time runs out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely

from ..pairs import TOLERANCE
from ..ways import above_zero
from .by_road import ByRoad, Network, Spots, nearest_source

TOO_FAR, NO_WAY = CAUSES = ("trop_loin", "sans_acces")


class Reached(NamedTuple):
    """Stretches of road, each a line, in the order of the roads.

    ``reached`` has ``road`` (position), ``place`` (position of the nearest place by time), ``classe`` (the minutes that
    end its class), ``minutes_debut`` and ``minutes`` (at its near and at its far end) and ``metres``; ``unreached`` has
    ``road``, ``cause``, the same minutes (NaN where no place can be reached at all) and ``metres``.
    """

    reached: geopandas.GeoDataFrame
    unreached: geopandas.GeoDataFrame | pd.DataFrame


class Slopes(NamedTuple):
    """Parts of edges along which the time to the nearest place rises evenly; all arrays of one length.

    ``edge``; ``from_`` and ``to``: where along it (0..1), from the nearer end to the farther one; ``near`` and ``far``:
    the minutes there, NaN where no place can be reached; ``place``.
    """

    edge: np.ndarray
    from_: np.ndarray
    to: np.ndarray
    near: np.ndarray
    far: np.ndarray
    place: np.ndarray

    def some(self, which: np.ndarray) -> Slopes:
        """Return some of them, by position or by a mask."""
        return Slopes(*(column[which] for column in self))


def reached(
    ways: ByRoad,
    places: np.ndarray,
    reach: float,
    step: float,
    crs: object,
    check: Callable[[], None] = lambda: None,
    *,
    draw_unreached: bool = True,
) -> Reached:
    """Return what of the roads lies within ``reach`` minutes of the nearest of ``places``, and what does not.

    A road is cut where the reach ends, where another place becomes the nearest, and every ``step`` minutes (0: not);
    neighbouring stretches of one road that no such cut parts are one line. Of places that are equally near the first
    counts. What is at exactly the reach is reached. What is not reached is drawn only when asked for.
    """
    above_zero(reach=reach)
    spots = ways.spots(np.asarray(places, float))
    graph = ways.corners(spots)
    minutes, place = nearest_source(graph.minutes, graph.of_spots, spots.aside * ways.aside_per_metre)
    check()
    slopes = _slopes(ways.roads, spots, graph.of_spots, minutes, place)
    bounds = _bounds(reach, step, np.nanmax(slopes.far, initial=0.0))
    parts, class_ = _cut(slopes, bounds)
    check()
    return _lines(ways.roads, parts, class_, bounds, crs, draw_unreached)


def _bounds(reach: float, step: float, longest: float) -> np.ndarray:
    """Return the minutes where classes end, the reach last; a last step that is hardly one is left out.

    So are the classes beyond that of the ``longest`` way.
    """
    farthest = min(reach, longest + step)
    steps = np.arange(1, np.ceil(farthest / step * (1 - TOLERANCE))) * step if step > 0 else np.zeros(0)
    return np.append(steps, reach)


def _slopes(roads: Network, spots: Spots, of_spots, minutes, place) -> Slopes:
    inside = np.flatnonzero((spots.edge >= 0) & (spots.along > 0) & (spots.along < 1))
    edges = len(roads.ends)
    edge = np.concatenate([np.arange(edges), spots.edge[inside]])
    start = np.concatenate([np.zeros(edges), spots.along[inside]])
    node = np.concatenate([roads.ends[:, 0], of_spots[inside]])
    order = np.lexsort((start, edge))
    edge, start, node = edge[order], start[order], node[order]
    last = np.append(edge[1:] != edge[:-1], True)[: len(edge)]
    stop = np.where(last, 1.0, np.roll(start, -1))
    other = np.where(last, roads.ends[edge, 1], np.roll(node, -1))
    takes = (stop - start) * roads.minutes[edge]
    here, there = minutes[node], minutes[other]
    known = np.isfinite(here)
    # Where those who come from both ends meet.
    rise = np.clip((np.subtract(there, here, out=np.zeros(len(here)), where=known) + takes) / 2, 0.0, takes)
    # What the last digits of two ways leave between them is no stretch of road.
    rise = np.where(rise <= takes * TOLERANCE, 0.0, np.where(rise >= takes * (1 - TOLERANCE), takes, rise))
    summit = start + np.divide(rise, takes, out=np.zeros(len(takes)), where=takes > 0) * (stop - start)
    summit = np.where(rise >= takes, stop, summit)
    top = here + rise
    up = Slopes(edge, start, summit, here, top, place[node]).some(known & (summit > start))
    down = Slopes(edge, stop, summit, there, top, place[other]).some(known & (summit < stop))
    without = np.full(len(edge), np.nan)
    nowhere = Slopes(edge, start, stop, without, without, place[node]).some(~known & (stop > start))
    return Slopes(*(np.concatenate(columns) for columns in zip(up, down, nowhere)))


def _cut(slopes: Slopes, bounds: np.ndarray) -> tuple[Slopes, np.ndarray]:
    """Return the slopes cut at the bounds, and the number of the class of each, ``len(bounds)`` beyond the last."""
    nowhere = np.isnan(slopes.near)
    highest = np.searchsorted(bounds, slopes.far * (1 - TOLERANCE), side="left")
    lowest = np.minimum(np.searchsorted(bounds, slopes.near * (1 + TOLERANCE), side="right"), highest)
    lowest[nowhere] = highest[nowhere] = len(bounds)
    count = highest - lowest + 1
    row = np.repeat(np.arange(len(count)), count)
    class_ = lowest[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    is_first, is_last = class_ == lowest[row], class_ == highest[row]
    whole = slopes.some(row)
    rise = np.where(whole.far > whole.near, whole.far - whole.near, np.nan)

    def at(minutes):
        return whole.from_ + (minutes - whole.near) / rise * (whole.to - whole.from_)

    near = np.where(is_first, whole.near, np.append(-np.inf, bounds)[class_])
    far = np.where(is_last, whole.far, np.append(bounds, np.inf)[class_])
    from_, to = np.where(is_first, whole.from_, at(near)), np.where(is_last, whole.to, at(far))
    return whole._replace(from_=from_, to=to, near=near, far=far), class_


def _lines(roads: Network, parts: Slopes, class_: np.ndarray, bounds: np.ndarray, crs, draw_unreached: bool) -> Reached:
    """Return the parts in their order along the roads, joined to lines where nothing parts them."""
    low, high = np.minimum(parts.from_, parts.to), np.maximum(parts.from_, parts.to)
    order = np.lexsort((high, low, parts.edge))
    low, high, class_ = low[order], high[order], class_[order]
    edge, _, _, near, far, place = parts.some(order)
    beyond = class_ == len(bounds)
    # Beyond the reach it matters only whether anyone can come at all.
    kind = np.where(beyond, np.where(place < 0, -1, -2), place)
    road = roads.road[edge]
    new = np.ones(len(edge), dtype=bool)
    new[1:] = (road[1:] != road[:-1]) | (kind[1:] != kind[:-1]) | (class_[1:] != class_[:-1])
    new[1:] |= (_points(roads, edge[1:], low[1:]) != _points(roads, edge[:-1], high[:-1])).any(axis=1)
    firsts = np.flatnonzero(new)
    rows = pd.DataFrame(
        {
            "road": road[firsts],
            "place": place[firsts],
            "cause": np.where(place[firsts] < 0, NO_WAY, TOO_FAR),
            "classe": np.append(bounds, np.nan)[class_[firsts]],
            "minutes_debut": _of_each(np.minimum, near, firsts),
            "minutes": _of_each(np.maximum, far, firsts),
            "metres": _of_each(np.add, (high - low) * roads.metres[edge], firsts),
        }
    )

    def drawn(which):
        some, first = which[np.cumsum(new) - 1], new
        start, stop = _points(roads, edge[some & first], low[some & first]), _points(roads, edge[some], high[some])
        begins = np.flatnonzero(first[some])
        line = np.cumsum(first[some]) - 1
        points = np.insert(stop, begins, start, axis=0)
        shapes = shapely.linestrings(points, indices=np.insert(line, begins, line[begins])) if len(points) else []
        return geopandas.GeoDataFrame(rows[which].reset_index(drop=True), geometry=list(shapes), crs=crs)

    within = ~beyond[firsts]
    left = drawn(~within) if draw_unreached else rows[~within].reset_index(drop=True)
    return Reached(drawn(within).drop(columns="cause"), left.drop(columns=["place", "classe"]))


def _of_each(operation: np.ufunc, values: np.ndarray, firsts: np.ndarray) -> np.ndarray:
    return operation.reduceat(values, firsts) if len(firsts) else values


def _points(roads: Network, edge: np.ndarray, along: np.ndarray) -> np.ndarray:
    start, stop = roads.nodes[roads.ends[edge, 0]], roads.nodes[roads.ends[edge, 1]]
    return np.where((along == 1)[:, None], stop, start + along[:, None] * (stop - start))
