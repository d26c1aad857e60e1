"""The network of a road layer, built once by QGIS and kept as long as the layer stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from qgis.analysis import QgsGraphBuilder, QgsNetworkDistanceStrategy, QgsVectorLayerDirector
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsFeedback, QgsGeometry, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from . import kept_roads as kept
from .frames import CHUNK, Reading, some, stop_if_cancelled
from .kept_roads import Roads
from .reports import RememberingFeedback

if TYPE_CHECKING:
    from pyproj import CRS

    from ..analysis.roads.lines import Pieces

# No ellipsoid: the metres are those of the plane, as everywhere in the analyses.
PLANE = "NONE"
# To be raised when the same lines make another network than before.
FORMAT = 1


def roads_of(
    reading: Reading,
    crs: CRS,
    join_crossings: bool,
    feedback: RememberingFeedback,
    progress: Callable[[float], None] = lambda share: None,
) -> Roads:
    """Return the roads of a layer in a metric ``crs``, from memory or from the disk when the layer was read before.

    ``progress`` is told how much of the building is done, from 0 to 100.
    """
    key = _key(reading, crs, join_crossings)
    roads = kept.find(key)
    if roads is None:
        roads = _build(reading, crs, join_crossings, feedback, progress)
        kept.keep(key, roads)
    _tell(roads, join_crossings, feedback)
    return roads


def _key(reading: Reading, crs: CRS, join_crossings: bool) -> str:
    """Return what stands for the roads and all that is done to them: no edit goes unseen, a mere new name does."""
    from ..analysis.roads.lines import coordinates

    digest = blake2b(repr((FORMAT, str(crs.to_wkt()), str(reading.frame.crs), join_crossings)).encode(), digest_size=20)
    for numbers in coordinates(np.asarray(reading.frame.geometry.array)):
        digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()


def _build(reading: Reading, crs: CRS, join_crossings: bool, feedback: RememberingFeedback, progress) -> Roads:
    from ..analysis.roads.lines import joined, pieces

    feedback.pushInfo(translate("Tisserand", "Building the network of the roads…"))
    shapes = reading.frame.geometry.to_crs(crs).array
    found, meetings = joined(pieces(np.asarray(shapes)), join_crossings, lambda: stop_if_cancelled(feedback))
    nodes, ends, metres = directed(found, crs, feedback, progress)
    return Roads(nodes, ends, metres, found.road, meetings.crossings, np.array(meetings.joined))


def speeds_of(reading: Reading, feedback: RememberingFeedback) -> np.ndarray:
    """Return the speed of each road in km/h, NaN where its column ``speed`` has none above 0."""
    import pandas as pd

    if "speed" not in reading.frame:
        return np.full(len(reading.frame), np.nan)
    speeds = pd.to_numeric(reading.frame["speed"], errors="coerce").to_numpy(dtype=float)
    known = (speeds > 0) & (speeds < np.inf)
    if not known.all():
        ids = [reading.ids[row] for row in np.flatnonzero(~known)]
        text = translate(
            "Tisserand",
            "Roads without a speed above 0, counted at the speed given for all: {count} of {total} (features {ids}).",
        )
        feedback.pushWarning(text.format(count=len(ids), total=len(speeds), ids=some(ids)))
    return np.where(known, speeds, np.nan)


def _tell(roads: Roads, join_crossings: bool, feedback: RememberingFeedback) -> None:
    if roads.joined:
        text = translate(
            "Tisserand", "Ends of roads that missed another road by less than a centimetre, joined to it: {count}."
        )
        feedback.pushWarning(text.format(count=int(roads.joined)))
    if len(roads.crossings):
        text = (
            translate("Tisserand", "Places where roads cross without a common vertex, taken as crossroads: {count}.")
            if join_crossings
            else translate(
                "Tisserand",
                "Places where roads cross without a common vertex, taken as bridges: {count}. If they are crossroads, "
                "choose so in the parameters.",
            )
        )
        feedback.pushWarning(text.format(count=len(roads.crossings)))


def directed(
    found: Pieces, crs: CRS, feedback: QgsFeedback, progress: Callable[[float], None] = lambda share: None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the nodes, the ends of the edges and their metres of the graph that QGIS makes of pieces, one an edge."""
    layer = QgsVectorLayer("LineString", "routes", "memory")
    layer.setCrs(QgsCoordinateReferenceSystem.fromWkt(crs.to_wkt()))
    for chunk in _features(found):
        stop_if_cancelled(feedback)
        layer.dataProvider().addFeatures(chunk)
    # One way is enough: the network is open both ways, and half as much to take over.
    director = QgsVectorLayerDirector(layer, -1, "", "", "", QgsVectorLayerDirector.Direction.DirectionForward)
    director.addStrategy(QgsNetworkDistanceStrategy())
    builder = QgsGraphBuilder(layer.crs(), False, 0.0, PLANE)
    own = listener(feedback)
    own.progressChanged.connect(progress)
    director.makeGraph(builder, [], own)
    stop_if_cancelled(feedback)
    return _exported(builder.graph(), found, lambda: stop_if_cancelled(feedback))


def _features(found: Pieces):
    import shapely

    count = len(found.start)
    first = np.append(True, found.line[1:] != found.line[:-1])[:count]
    points = np.insert(found.stop, np.flatnonzero(first), found.start[first], axis=0)
    line = np.cumsum(first) - 1
    of_point = np.insert(line, np.flatnonzero(first), line[first])
    shapes = shapely.to_wkb(shapely.linestrings(points, indices=of_point), output_dimension=2) if count else []
    for start in range(0, len(shapes), CHUNK):
        chunk = []
        for wkb in shapes[start : start + CHUNK]:
            geometry, feature = QgsGeometry(), QgsFeature()
            geometry.fromWkb(wkb)
            feature.setGeometry(geometry)
            chunk.append(feature)
        yield chunk


def _exported(graph, found: Pieces, check: Callable[[], None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    nodes = np.array([tuple(graph.vertex(number).point()) for number in range(graph.vertexCount())]).reshape(-1, 2)
    rows = np.empty((graph.edgeCount(), 3))
    for number in range(len(rows)):
        if number % CHUNK == 0:
            check()
        edge = graph.edge(number)
        rows[number] = edge.fromVertex(), edge.toVertex(), edge.cost(0)
    ends = rows[:, :2].astype(np.int32)
    if not np.array_equal(np.stack([found.start, found.stop], axis=1), nodes[ends]):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The network that this version of QGIS makes of the roads is not theirs: report this, and give no "
                "roads in the meantime.",
            )
        )
    return nodes, ends, rows[:, 2]


def listener(feedback: QgsFeedback) -> QgsFeedback:
    """Return a feedback that is cancelled with another one, at once also from another thread, and shows no progress."""
    own = QgsFeedback()
    feedback.canceled.connect(own.cancel, Qt.ConnectionType.DirectConnection)
    if feedback.isCanceled():
        own.cancel()
    return own
