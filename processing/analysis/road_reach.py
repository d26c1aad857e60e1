"""How far one gets by road from the nearest of some places: roads cut where the time runs out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely

from .pairs import TOLERANCE
from .roads import ByRoad, Network, Spots, nearest_source
from .ways import above_zero

TOO_FAR, NO_WAY = CAUSES = ("trop_loin", "sans_acces")


class Reached(NamedTuple):
    """Stretches of road, each a line, in the order of the roads.

    ``reached`` has ``road`` (position), ``place`` (position of the nearest place by time), ``classe`` (the minutes that
    end its class), ``minutes_debut`` and ``minutes`` (at its near and at its far end) and ``metres``; ``unreached`` has
    ``road``, ``cause``, the same minutes (NaN where no place can be reached at all) and ``metres``.
    """

    reached: geopandas.GeoDataFrame
    unreached: geopandas.GeoDataFrame


def reached(
    ways: ByRoad,
    places: np.ndarray,
    reach: float,
    step: float,
    crs: object,
    check: Callable[[], None] = lambda: None,
) -> Reached:
    """Return what of the roads lies within ``reach`` minutes of the nearest of ``places``, and what does not.

    A road is cut where the reach ends, where another place becomes the nearest, and every ``step`` minutes (0: not);
    neighbouring stretches of one road that no such cut parts are one line. Of places that are equally near the first
    counts. What is at exactly the reach is reached.
    """
    above_zero(reach=reach)
    spots = ways.spots(np.asarray(places, float))
    graph = ways.junctions(spots)
    minutes, place = nearest_source(graph.minutes, graph.of_spots, spots.aside * ways.aside_per_metre)
    check()
    bounds = _bounds(reach, step)
    found = _cut(_slopes(ways.roads, spots, graph.of_spots, minutes, place), bounds)
    check()
    return _lines(ways.roads, found, bounds, crs)


def _bounds(reach: float, step: float) -> np.ndarray:
    """Return the minutes where classes end, the reach last; a last step that is hardly one is left out."""
    steps = np.arange(1, np.ceil(reach / step * (1 - TOLERANCE))) * step if step > 0 else np.zeros(0)
    return np.append(steps, reach)


def _slopes(roads: Network, spots: Spots, of_spots, minutes, place) -> pd.DataFrame:
    """Return the stretches of edges along which the time to the nearest place rises or falls evenly.

    Columns: ``edge``; ``from_`` and ``to``, where along it, from the nearer end to the farther one; ``near`` and
    ``far``, the minutes there; ``place``.
    """
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
    summit = start + np.divide(rise, takes, out=np.zeros(len(takes)), where=takes > 0) * (stop - start)
    summit = np.where(rise >= takes, stop, summit)
    top = here + rise
    up = pd.DataFrame({"edge": edge, "from_": start, "to": summit, "near": here, "far": top, "place": place[node]})
    down = pd.DataFrame({"edge": edge, "from_": stop, "to": summit, "near": there, "far": top, "place": place[other]})
    nowhere = pd.DataFrame({"edge": edge, "from_": start, "to": stop, "near": np.nan, "far": np.nan, "place": -1})
    both = pd.concat([up[known], down[known], nowhere[~known]], ignore_index=True)
    return both[both["from_"] != both["to"]]


def _cut(slopes: pd.DataFrame, bounds: np.ndarray) -> pd.DataFrame:
    """Return the slopes cut at the bounds, with the number of their ``class_``: ``len(bounds)`` beyond the last."""
    near, far = slopes["near"].to_numpy(), slopes["far"].to_numpy()
    highest = np.searchsorted(bounds, far * (1 - TOLERANCE), side="left")
    lowest = np.minimum(np.searchsorted(bounds, near * (1 + TOLERANCE), side="right"), highest)
    nowhere = np.isnan(near)
    lowest[nowhere] = highest[nowhere] = len(bounds)
    count = highest - lowest + 1
    row = np.repeat(np.arange(len(slopes)), count)
    class_ = lowest[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    is_first, is_last = class_ == lowest[row], class_ == highest[row]
    begin = np.where(is_first, near[row], np.append(-np.inf, bounds)[class_])
    end = np.where(is_last, far[row], np.append(bounds, np.inf)[class_])
    parts = slopes.iloc[row].reset_index(drop=True)
    from_, to = parts["from_"].to_numpy(), parts["to"].to_numpy()
    rise = np.where(far > near, far - near, np.nan)[row]

    def at(minutes):
        return from_ + (minutes - near[row]) / rise * (to - from_)

    begins, ends = np.where(is_first, from_, at(begin)), np.where(is_last, to, at(end))
    return parts.assign(from_=begins, to=ends, near=begin, far=end, class_=class_)


def _lines(roads: Network, parts: pd.DataFrame, bounds: np.ndarray, crs: object) -> Reached:
    """Return the parts in their order along the roads, joined to lines where nothing parts them."""
    low, high = parts[["from_", "to"]].min(axis=1).to_numpy(), parts[["from_", "to"]].max(axis=1).to_numpy()
    order = np.lexsort((high, low, parts["edge"]))
    edge, low, high = parts["edge"].to_numpy()[order], low[order], high[order]
    place, class_ = parts["place"].to_numpy()[order], parts["class_"].to_numpy()[order]
    near, far = parts["near"].to_numpy()[order], parts["far"].to_numpy()[order]
    # Beyond the reach it matters only whether anyone can come at all.
    kind = np.where(class_ == len(bounds), np.where(place < 0, -1, -2), place)
    start, stop = _points(roads, edge, low), _points(roads, edge, high)
    road = roads.road[edge]
    new = np.ones(len(edge), dtype=bool)
    new[1:] = (road[1:] != road[:-1]) | (kind[1:] != kind[:-1]) | (class_[1:] != class_[:-1])
    new[1:] |= (start[1:] != stop[:-1]).any(axis=1)
    firsts = np.flatnonzero(new)
    line = np.cumsum(new) - 1
    if not len(firsts):
        shapes, near, far, metres = [], near, far, near
    else:
        points = np.insert(stop, firsts, start[firsts], axis=0)
        shapes = shapely.linestrings(points, indices=np.insert(line, firsts, line[firsts]))
        near, far = np.minimum.reduceat(near, firsts), np.maximum.reduceat(far, firsts)
        metres = np.add.reduceat((high - low) * roads.metres[edge], firsts)
    rows = geopandas.GeoDataFrame(
        {
            "road": road[firsts],
            "place": place[firsts],
            "cause": np.where(place[firsts] < 0, NO_WAY, TOO_FAR),
            "classe": np.append(bounds, np.nan)[class_[firsts]],
            "minutes_debut": near,
            "minutes": far,
            "metres": metres,
        },
        geometry=geopandas.GeoSeries(shapes, crs=crs),
    )
    within = class_[firsts] < len(bounds)
    return Reached(
        rows[within].drop(columns="cause").reset_index(drop=True),
        rows[~within].drop(columns=["place", "classe"]).reset_index(drop=True),
    )


def _points(roads: Network, edge: np.ndarray, along: np.ndarray) -> np.ndarray:
    start, stop = roads.nodes[roads.ends[edge, 0]], roads.nodes[roads.ends[edge, 1]]
    return np.where((along == 1)[:, None], stop, start + along[:, None] * (stop - start))
