"""Where the symbols of a map would lie one on another at its printed scale, and what is done about it; in millimetres.

Two means: a few symbols that share a place stand in a ring around it; a dense centre is shown again, enlarged. All is
arithmetic on positions, so that the same actors always stand in the same place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..composing.book import Box

TOUCH = 0.8
"""Two symbols nearer than this part of their size hide each other."""
MOST_IN_RING = 10
TURNS = 8
ZOOMS = (2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
FEWEST_RELIEVED = 8
FULL_CELL = 64
FEW = 150
"""Symbols up to which rings are tried before an enlargement is judged; with more, rings help little and take long."""
MOST_LAND = 0.2


class Window(NamedTuple):
    """The part of a map to enlarge: ``box`` on the map, ``zoom`` times; ``relieved`` symbols no longer hidden."""

    box: Box
    zoom: float
    relieved: int


def crowded(points: np.ndarray, size: float) -> np.ndarray:
    """Return for each point (x, y) whether another lies nearer than a symbol of ``size`` allows."""
    near = np.zeros(len(points), dtype=bool)
    if len(points) < 2:
        return near
    reach = TOUCH * size
    cells = np.floor(points / reach).astype(np.int64)
    cells -= cells.min(axis=0) - 1
    stride = int(cells[:, 1].max()) + 2
    keys = cells[:, 0] * stride + cells[:, 1]
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    for shift in (dx * stride + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
        first = np.searchsorted(ordered, keys + shift, "left")
        last = np.searchsorted(ordered, keys + shift, "right")
        # A cell with more is crowded beyond doubt; looking at all of it would take for ever in a big town.
        for step in range(min(FULL_CELL, int((last - first).max(initial=0)))):
            asked = np.flatnonzero(~near & (first + step < last))
            other = order[first[asked] + step]
            near[asked] = (np.hypot(*(points[asked] - points[other]).T) < reach) & (other != asked)
    return near


def dense_window(points: np.ndarray, size: float, room: tuple[float, float], ground: Box) -> Window | None:
    """Return the part of ``ground`` that gains most from being shown as wide and high as ``room``, if any does.

    ``points`` are all symbols on the map, ``size`` millimetres wide there and in the enlargement alike.
    """
    if len(points) < FEWEST_RELIEVED:
        return None
    hides = _hides(points, size)
    best = None
    for zoom in ZOOMS:
        width, height = room[0] / zoom, room[1] / zoom
        for x, y in _centres(points[hides], width):
            box = _within(Box(x - width / 2, y - height / 2, width, height), ground)
            inside = _in(points, box)
            gain = int(hides[inside].sum() - _hides(points[inside] * zoom, size).sum())
            if gain >= FEWEST_RELIEVED and (best is None or gain > 1.15 * best.relieved):
                best = Window(box, zoom, gain)
    return best


def _hides(points: np.ndarray, size: float) -> np.ndarray:
    """Return which symbols would still lie one on another, rings tried."""
    return crowded(spread(points, size) if len(points) <= FEW else points, size)


def _centres(points: np.ndarray, width: float) -> list[tuple[float, float]]:
    """Return the middles of the three places, ``width`` wide, with the most points; equals from the south-west on."""
    if not len(points):
        return []
    cells, places = np.unique(np.floor(points / (width / 2)).astype(np.int64), axis=0, return_inverse=True)
    counts = np.bincount(places.ravel())
    around = np.array([counts[(np.abs(cells - cell) <= 1).all(axis=1)].sum() for cell in cells])
    found = []
    for place in np.argsort(-around, kind="stable")[:3]:
        near = points[(np.abs(points - (cells[place] + 0.5) * width / 2) <= width / 2).all(axis=1)]
        low, high = near.min(axis=0), near.max(axis=0)
        found.append(tuple((low + high) / 2))
    return found


def _within(box: Box, ground: Box) -> Box:
    x = min(max(box.x, ground.x), ground.right - box.w)
    y = min(max(box.y, ground.y), ground.bottom - box.h)
    return Box(x, y, box.w, box.h)


def _in(points: np.ndarray, box: Box) -> np.ndarray:
    x, y = points.T
    return (x >= box.x) & (x <= box.right) & (y >= box.y) & (y <= box.bottom)


def free_place(
    ground: Box, side: float, symbols: np.ndarray, land: np.ndarray, step: float, taken: Sequence[Box], gap: float = 1.5
) -> Box | None:
    """Return a place at the edge of ``ground`` for a square of that side, over no symbol and as little land as can be.

    ``symbols`` and ``land`` are points, those of land on a grid ``step`` millimetres apart; ``taken`` are boxes it must
    not meet. None where it would cover symbols, or more than MOST_LAND of it land.
    """
    xs = (ground.right - side - gap, ground.x + gap, ground.x + (ground.w - side) / 2)
    ys = (ground.y + gap, ground.bottom - side - gap, ground.y + (ground.h - side) / 2)
    places = [Box(x, y, side, side) for x in xs for y in ys][:-1]
    best = None
    for place in places:
        wider = Box(place.x - gap, place.y - gap, side + 2 * gap, side + 2 * gap)
        if any(meet(wider, box) for box in taken) or (len(symbols) and _in(symbols, wider).any()):
            continue
        covered = int(_in(land, place).sum()) if len(land) else 0
        if covered * step * step > MOST_LAND * side * side:
            continue
        if best is None or covered < best[0]:
            best = covered, place
    return best[1] if best else None


def meet(first: Box, second: Box) -> bool:
    """Return whether two boxes share ground."""
    return first.x < second.right and second.x < first.right and first.y < second.bottom and second.y < first.bottom


def spread(points: np.ndarray, size: float) -> np.ndarray:
    """Return where symbols are drawn so that those that share a place are all seen: in a ring around it.

    Only groups of up to MOST_IN_RING are spread; more of them in one place ask for an enlargement.
    """
    placed = points.astype(float).copy()
    groups = [group for group in _groups(points, 0.6 * size) if 1 < len(group) <= MOST_IN_RING]
    settled = np.ones(len(points), dtype=bool)
    settled[[place for group in groups for place in group]] = False
    for group in groups:
        centre = points[group].mean(axis=0)
        radius = max(0.62 * size, 1.05 * size / (2 * math.sin(math.pi / len(group))))
        near = placed[settled & (np.abs(placed - centre).max(axis=1) < radius + size)]
        rings = [_ring(centre, radius, len(group), turn) for turn in range(TURNS)]
        placed[group] = min(rings, key=lambda ring, near=near: _clashes(ring, near, size))
        settled[group] = True
    return placed


def _ring(centre: np.ndarray, radius: float, count: int, turn: int) -> np.ndarray:
    angles = 2 * math.pi * (np.arange(count) + turn / TURNS) / count
    return centre + radius * np.column_stack((np.sin(angles), np.cos(angles)))


def _clashes(ring: np.ndarray, others: np.ndarray, size: float) -> int:
    if not len(others):
        return 0
    return int((np.hypot(*(ring[:, None] - others[None]).transpose(2, 0, 1)) < TOUCH * size).sum())


def _groups(points: np.ndarray, reach: float) -> list[list[int]]:
    """Return the places of points that share one spot: each within ``reach`` of the first of its group."""
    cells: dict[tuple[int, int], list[int]] = {}
    groups: list[list[int]] = []
    for place, (x, y) in enumerate(points.tolist()):
        column, row = math.floor(x / reach), math.floor(y / reach)
        near = (
            group
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for group in cells.get((column + dx, row + dy), ())
            if math.dist(points[groups[group][0]], (x, y)) < reach
        )
        found = next(near, None)
        if found is None:
            cells.setdefault((column, row), []).append(len(groups))
            groups.append([place])
        else:
            groups[found].append(place)
    return groups
