"""Time the roads beside what QGIS and networkx offer, and watch how they grow.

The roads are a fictional crooked grid with a third of its streets missing, in a GeoPackage made when it is not there.
"""
# ruff: noqa: TID251

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
import measure
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "build" / "bench"
ORACLES = ROOT / "build" / "oracles" / "bin" / "python"
# Streets a side of the grid: about 1e5 nodes and 132,000 edges, twice, and ten times as many.
SIDES = (318, 450, 1000)
STREET = 400.0
EPSG = 2154
SPEED, REACH = 50.0, 20.0
SOURCES, PLACES, ANALYSED = 1000, 50_000, 20


def grid(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return nodes (n, 2), the ends of the streets between them, and the speed of each in km/h."""
    random = np.random.default_rng(1)
    corners = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1).reshape(-1, 2)
    nodes = corners * STREET + random.uniform(-0.3, 0.3, corners.shape) * STREET + (400_000, 6_400_000)
    number = np.arange(side * side).reshape(side, side)
    ends = np.concatenate(
        [
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
        ]
    )
    ends = ends[random.random(len(ends)) > 0.34]
    return nodes, ends, random.choice([30.0, 50.0, 80.0], len(ends))


def beside(side: int, count: int, seed: int) -> np.ndarray:
    """Return points all over the grid."""
    low = np.array([400_000.0, 6_400_000.0])
    return np.random.default_rng(seed).uniform(low, low + side * STREET, (count, 2))


def ways(side: int):
    """Return the ways along the grid, from its arrays."""
    from tisserand.processing.analysis.roads.by_road import ByRoad, at_speeds

    nodes, ends, speeds = grid(side)
    metres = np.hypot(*(nodes[ends[:, 0]] - nodes[ends[:, 1]]).T)
    return ByRoad(at_speeds(nodes, ends, metres, np.arange(len(ends)), speeds, SPEED), SPEED, 1000.0)


def nearest(side: int) -> dict:
    """Measure the nearest of the sources for each of as many places."""
    roads = ways(side)
    sources, places = beside(side, SOURCES, 2), beside(side, SOURCES, 3)
    clock = measure.Clock()
    minutes = roads.nearest(places, sources)[1]
    return measure.measured(clock, minutes=float(np.nansum(minutes)))


def pairs(side: int) -> dict:
    """Measure all pairs of 5000 sources and 50,000 places within the reach, from putting them on the roads on."""
    roads = ways(side)
    sources, places = beside(side, 5 * SOURCES, 2), beside(side, PLACES, 3)
    clock = measure.Clock()
    found = roads.near(places, sources, REACH)
    return measure.measured(clock, pairs=found.count)


def by_networkx(side: int) -> dict:
    """Measure networkx, multi-source, to the nodes of the grid from the nodes nearest to the sources."""
    import networkx

    nodes, ends, speeds = grid(side)
    minutes = np.hypot(*(nodes[ends[:, 0]] - nodes[ends[:, 1]]).T) / (speeds * 1000 / 60)
    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(*ends.T.tolist(), minutes.tolist()))
    sources = set(np.unique(ends)[:: max(1, len(nodes) // SOURCES)].tolist())
    clock = measure.Clock()
    found = networkx.multi_source_dijkstra_path_length(graph, sources)
    return measure.measured(clock, minutes=sum(found.values()))


def as_networkx(side: int) -> dict:
    """Measure ours for the same; networkx has its sources on nodes, we put them there before the clock starts."""
    roads = ways(side)
    nodes, ends, _ = grid(side)
    used = np.unique(ends)
    sources = nodes[used[:: max(1, len(nodes) // SOURCES)]]
    roads.spots(nodes[used]), roads.spots(sources)
    clock = measure.Clock()
    minutes = roads.nearest(nodes[used], sources)[1]
    return measure.measured(clock, minutes=float(np.nansum(minutes)))


def layer(side: int):
    """Return the grid as a layer of a GeoPackage, and start QGIS before it."""
    from qgis.core import QgsVectorLayer

    path = FOLDER / f"routes-{side}.gpkg"
    if not path.exists():
        import geopandas
        import shapely

        FOLDER.mkdir(parents=True, exist_ok=True)
        nodes, ends, speeds = grid(side)
        frame = geopandas.GeoDataFrame({"vitesse": speeds}, geometry=shapely.linestrings(nodes[ends]), crs=EPSG)
        frame.to_file(path, layer="routes", driver="GPKG")
    return QgsVectorLayer(f"{path}|layername=routes", "routes", "ogr")


def points(side: int, count: int):
    """Return the sources as a layer in memory."""
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    made = QgsVectorLayer(f"Point?crs=EPSG:{EPSG}&field=uuid:string", "acteurs", "memory")
    features = []
    for number, (x, y) in enumerate(beside(side, count, 2).tolist()):
        feature = QgsFeature(made.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        feature.setAttributes([f"fictif-{number}"])
        features.append(feature)
    made.dataProvider().addFeatures(features)
    return made


def qgis():
    """Start QGIS with its own algorithms and ours, and a profile of its own."""
    import tempfile

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp()
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    from tisserand.processing.provider import TisserandProvider

    Processing.initialize()
    application.ours = TisserandProvider()
    QgsApplication.processingRegistry().addProvider(application.ours)
    return application


def reach(side: int, count: int = ANALYSED) -> dict:
    """Measure the whole algorithm, the building of the network included."""
    return _reach(side, count, before=0)


def reach_again(side: int, count: int = ANALYSED) -> dict:
    """Measure the whole algorithm when the network was built before."""
    return _reach(side, count, before=1)


def _reach(side: int, count: int, before: int) -> dict:
    application = qgis()
    from qgis import processing

    given = {"ROADS": layer(side), "SPEED_FIELD": "vitesse", "ACTORS": points(side, count), "REACH": REACH, "STEP": 0}
    for _ in range(before):
        processing.run("tisserand:reach", {**given, "OUTPUT": "memory:"})
    clock = measure.Clock()
    result = processing.run("tisserand:reach", {**given, "OUTPUT": "memory:"})
    found = measure.measured(clock, kilometres=result["KM_REACHED"])
    del application
    return found


def service_area(side: int, count: int = ANALYSED) -> dict:
    """Measure QGIS's own service area, which builds its network each time."""
    application = qgis()
    from qgis import processing

    given = {
        "INPUT": layer(side),
        "START_POINTS": points(side, count),
        "STRATEGY": 1,
        "TRAVEL_COST2": REACH / 60,
        "SPEED_FIELD": "vitesse",
        "DEFAULT_SPEED": SPEED,
        "OUTPUT_LINES": "memory:",
    }
    clock = measure.Clock()
    result = processing.run("native:serviceareafromlayer", given)
    total = sum(feature.geometry().length() for feature in result["OUTPUT_LINES"].getFeatures())
    found = measure.measured(clock, kilometres=total / 1000)
    del application
    return found


def network(side: int) -> dict:
    """Measure the building of the network: reading, meetings of roads, QGIS's director, arrays."""
    return _network(side, before=0)


def network_again(side: int) -> dict:
    """Measure the network of the same layer once more, from the disk."""
    return _network(side, before=1)


def _network(side: int, before: int) -> dict:
    application = qgis()
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from tisserand.processing.algorithms import kept_roads
    from tisserand.processing.algorithms.reach import Reach
    from tisserand.processing.algorithms.reports import RememberingFeedback
    from tisserand.processing.algorithms.road_network import roads_of

    algorithm, told = Reach().create({}), QgsProcessingFeedback(False)
    given, context, feedback = {"ROADS": layer(side)}, QgsProcessingContext(), RememberingFeedback(told)
    for _ in range(before):
        reading = algorithm.read_roads(given, context, feedback)
        roads_of(reading, reading.frame.crs, False, feedback)
        kept_roads.forget()
    clock = measure.Clock()
    reading = algorithm.read_roads(given, context, feedback)
    roads = roads_of(reading, reading.frame.crs, False, feedback)
    found = measure.measured(clock, edges=len(roads.ends))
    del application
    return found


def from_each(side: int, count: int = ANALYSED) -> dict:
    """Measure the times from some sources to all places within the reach; QGIS too has its points tied before."""
    roads = ways(side)
    sources, places = beside(side, count, 2), beside(side, PLACES, 3)
    roads.spots(sources), roads.spots(places)
    clock = measure.Clock()
    found = roads.near(sources, places, REACH)
    return measure.measured(clock, pairs=found.count)


def analyzer(side: int, count: int = ANALYSED) -> dict:
    """Measure QgsGraphAnalyzer for the same sources; the director ties the points before the clock starts."""
    application = qgis()
    from qgis.analysis import (
        QgsGraphAnalyzer,
        QgsGraphBuilder,
        QgsNetworkSpeedStrategy,
        QgsVectorLayerDirector,
    )
    from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY

    roads = layer(side)
    director = QgsVectorLayerDirector(roads, -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionBoth)
    director.addStrategy(QgsNetworkSpeedStrategy(roads.fields().lookupField("vitesse"), SPEED, 1000 / 60))
    builder = QgsGraphBuilder(QgsCoordinateReferenceSystem(f"EPSG:{EPSG}"), False, 0.0, "NONE")
    tied = director.makeGraph(builder, [QgsPointXY(x, y) for x, y in beside(side, count, 2)])
    graph = builder.graph()
    starts = [graph.findVertex(point) for point in tied]
    clock = measure.Clock()
    for start in starts:
        QgsGraphAnalyzer.dijkstra(graph, start, 0)
    found = measure.measured(clock)
    del application
    return found


def main() -> None:
    """Print the tables, and fail when two tools do not agree."""
    first, second, _ = SIDES
    measure.heading("Network of a road layer (streets a side of the grid)")
    measure.alone(__file__, "network", first)
    measure.alone(__file__, "network_again", first)
    measure.alone(__file__, "network", second)
    measure.heading("Roads within 20 minutes of 20 actors (streets a side, actors)")
    mine, again = (measure.alone(__file__, tool, first, ANALYSED) for tool in ("reach", "reach_again"))
    theirs = measure.alone(__file__, "service_area", first, ANALYSED)
    measure.ratio(mine, theirs, "native:serviceareafromlayer")
    measure.ratio(again, theirs, "native:serviceareafromlayer, the network being kept")
    measure.heading(
        "Times from 20 sources to 50,000 places, and to every node by QgsGraphAnalyzer (streets a side, sources)"
    )
    mine = measure.alone(__file__, "from_each", first, ANALYSED)
    measure.ratio(mine, measure.alone(__file__, "analyzer", first, ANALYSED), "QgsGraphAnalyzer")
    measure.heading("The nearest of 1000 sources (streets a side of the grid)")
    for side in SIDES:
        measure.alone(__file__, "nearest", side)
    mine = measure.alone(__file__, "as_networkx", first)
    theirs = measure.alone(__file__, "by_networkx", first, python=str(ORACLES))
    if not np.isclose(mine["minutes"], theirs["minutes"], rtol=1e-9):
        sys.exit(f"The results differ: {mine['minutes']} minutes in all, {theirs['minutes']} by networkx.")
    measure.ratio(mine, theirs, "networkx")
    measure.heading("5000 sources to 50,000 places within 20 minutes (streets a side of the grid)")
    for side in SIDES:
        measure.alone(__file__, "pairs", side)


if __name__ == "__main__":
    tools = (network, network_again, reach, reach_again, service_area, from_each, analyzer)
    tools += (nearest, as_networkx, by_networkx, pairs)
    measure.run({tool.__name__: tool for tool in tools}, main)
