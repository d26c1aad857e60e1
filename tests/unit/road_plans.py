"""Roads for the tests: drawn as lines, and times along them by plain loops."""

import heapq
import math

import geopandas
import numpy as np
import shapely

from tisserand.processing.analysis.roads.by_road import ByRoad, at_speeds
from tisserand.processing.analysis.roads.lines import joined, pieces, vertices


def network(lines, speeds=None, speed=60.0, join_crossings=False):
    """Return the network of lines (lists of points); speeds in km/h, 1000 m being one minute by default."""
    found, _ = joined(pieces(shapes(lines)), join_crossings)
    nodes, ends = vertices(found)
    metres = np.hypot(*(found.stop - found.start).T)
    each = np.full(len(lines), np.nan) if speeds is None else np.array(speeds, dtype=float)
    return at_speeds(nodes, ends, metres, found.road, each, speed)


def shapes(lines):
    return np.array(geopandas.GeoSeries([shapely.LineString(line) for line in lines], crs=2154).array)


def ways(lines, speeds=None, speed=60.0, max_snap=1000.0, join_crossings=False):
    return ByRoad(network(lines, speeds, speed, join_crossings), speed, max_snap)


def town(seed, side=5, drop=0.3):
    """Return the lines and speeds of a crooked grid with missing, doubled and winding streets."""
    random = np.random.default_rng(seed)
    at = {
        (i, j): (i * 1000 + random.uniform(-300, 300), j * 1000 + random.uniform(-300, 300))
        for i in range(side)
        for j in range(side)
    }
    lines, speeds = [], []
    for (i, j), start in at.items():
        for stop in filter(None, (at.get((i + 1, j)), at.get((i, j + 1)))):
            if random.random() < drop:
                continue
            for _ in range(1 + (random.random() < 0.2)):
                middle = tuple((np.array(start) + stop) / 2 + random.uniform(-80, 80, 2))
                line = [start, middle, stop] if random.random() < 0.5 else [start, stop]
                lines.append(line if random.random() < 0.5 else line[::-1])
                speeds.append(random.choice([20.0, 50.0, 90.0]))
    return lines, speeds, random


def spots_by_hand(lines, speeds, points, max_snap):
    """Return for each point (number of the piece, metres along it, metres aside), None beyond ``max_snap``."""
    found = [(a, b, speed) for line, speed in zip(lines, speeds) for a, b in map(sorted, zip(line, line[1:]))]
    spots = []
    for point in points:
        best = None
        for number, (a, b, speed) in enumerate(found):
            length = math.dist(a, b)
            share = sum((p - s) * (e - s) for p, s, e in zip(point, a, b)) / length**2
            share = min(max(share, 0.0), 1.0)
            aside = math.dist(point, [s + share * (e - s) for s, e in zip(a, b)])
            if aside <= max_snap and (best is None or (aside, -speed) < best[:2]):
                best = (aside, -speed, number, share * length)
        spots.append(best and (best[2], best[3], best[0]))
    return found, spots


def minutes_by_hand(lines, speeds, origins, places, speed=60.0, max_snap=1000.0):
    """Return the minutes between all origins and places, inf where there is no way: heaps and dictionaries only."""
    points = [tuple(point) for point in (*origins, *places)]
    found, spots = spots_by_hand(lines, speeds, points, max_snap)
    on = {}
    for number, spot in enumerate(spots):
        if spot:
            on.setdefault(spot[0], []).append((spot[1], ("spot", number)))
    graph = {}
    for number, (a, b, road_speed) in enumerate(found):
        stops = [(0.0, a), *sorted(on.get(number, [])), (math.dist(a, b), b)]
        for (here, one), (there, other) in zip(stops, stops[1:]):
            time = (there - here) / (road_speed * 1000 / 60)
            graph.setdefault(one, []).append((other, time))
            graph.setdefault(other, []).append((one, time))
    table = np.full((len(origins), len(places)), np.inf)
    for row in range(len(origins)):
        if not spots[row]:
            continue
        times = shortest(graph, ("spot", row))
        for column in range(len(places)):
            spot = spots[len(origins) + column]
            if spot:
                aside = (spots[row][2] + spot[2]) / (speed * 1000 / 60)
                table[row, column] = times.get(("spot", len(origins) + column), np.inf) + aside
    return table


def shortest(graph, start):
    """Return the shortest times from a node of a dictionary of lists, by Dijkstra's method."""
    times, waiting, count = {}, [(0.0, 0, start)], 0
    while waiting:
        time, _, node = heapq.heappop(waiting)
        if node in times:
            continue
        times[node] = time
        for other, more in graph.get(node, []):
            if other not in times:
                count += 1
                heapq.heappush(waiting, (time + more, count, other))
    return times


def dense(pairs, shape):
    """Return pairs (tiles) as a table of minutes, inf where there is no pair; their order is checked on the way."""
    table, next_row = np.full(shape, np.inf), 0
    for tile in pairs:
        assert tile.first == next_row
        next_row += tile.costs.shape[0]
        assert tile.costs.has_sorted_indices
        rows = tile.first + np.repeat(np.arange(tile.costs.shape[0]), np.diff(tile.costs.indptr))
        table[rows, tile.costs.indices] = tile.costs.data
    assert next_row == shape[0]
    return table
