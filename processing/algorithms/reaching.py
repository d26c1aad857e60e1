"""What the algorithms with a reach share: how people get about, and how far."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import (
    NULL,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
)

from ...i18n import translate
from .base import TisserandAlgorithm
from .frames import Reading, stop_if_cancelled
from .reports import RememberingFeedback, Report
from .road_network import roads_of, speeds_of
from .texts.roads import method as by_road
from .texts.roads import tell_pieces, tell_unconnected

if TYPE_CHECKING:
    from pyproj import CRS

    from ..analysis.roads.by_road import ByRoad
    from ..analysis.ways import Ways


class ReachAlgorithm(TisserandAlgorithm):
    """An algorithm that counts minutes: by the roads of a layer, or as the crow flies times a detour."""

    REACH, ROADS, SPEED_FIELD = "REACH", "ROADS", "SPEED_FIELD"
    SPEED, DETOUR, MAX_SNAP, CROSSINGS = "SPEED", "DETOUR", "MAX_SNAP", "CROSSINGS"
    # The layers of which people come, or go to.
    PLACES = ("NEEDS", "ACTORS", "DEMAND", "EXISTING", "CANDIDATES")

    def add_reach(self) -> None:
        """Add the reach in minutes."""
        self.add_number(self.REACH, translate("Tisserand", "Reach (minutes)"), 20.0)

    def add_ways(self, needed: bool = False) -> None:
        """Add the roads (``needed``: they must be given) and the speed, or what stands for them."""
        lines = [QgsProcessing.SourceType.TypeVectorLine]
        self.add_layer(self.ROADS, translate("Tisserand", "Roads"), lines, optional=not needed)
        number = QgsProcessingParameterField.DataType.Numeric
        speed = translate("Tisserand", "Speed of roads (km/h; field)")
        self.add_field(self.SPEED_FIELD, speed, None, self.ROADS, number, advanced=True)
        self.add_number(self.SPEED, translate("Tisserand", "Speed (km/h)"), 50.0)
        if not needed:
            detour = translate("Tisserand", "Detour (way / crow-fly distance)")
            self.add_number(self.DETOUR, detour, 1.3, advanced=True)
        snap = translate("Tisserand", "Farthest from a road (m)")
        self.add_number(self.MAX_SNAP, snap, 1000.0, advanced=True)
        crossings = [translate("Tisserand", "bridges"), translate("Tisserand", "crossroads")]
        label = translate("Tisserand", "Roads that cross without a common vertex are")
        self._add(QgsProcessingParameterEnum(self.CROSSINGS, label, crossings, defaultValue=0), True)

    def reach(self, parameters: dict, context: QgsProcessingContext) -> float:
        """Return the reach in minutes."""
        return self.parameterAsDouble(parameters, self.REACH, context)

    def save_report(self, parameters, context, results, make):
        """Write the report; where roads were given, with how time along them is counted."""

        def told() -> Report:
            report = make()
            if self.parameterAsSource(parameters, self.ROADS, context) is None or by_road() in report.method:
                return report
            return report._replace(method=f"{report.method}\n{by_road()}")

        super().save_report(parameters, context, results, told)

    def ways(self, parameters: dict, context: QgsProcessingContext, feedback: RememberingFeedback, crs: CRS) -> Ways:
        """Return how people get about, for places with coordinates in the metric ``crs``.

        With roads, the places of the algorithm's layers that are too far from any of them are told by name.
        """
        from ..analysis.ways import CrowFly

        speed = self.parameterAsDouble(parameters, self.SPEED, context)
        if parameters.get(self.ROADS) in (None, NULL, ""):
            return CrowFly(speed=speed, detour=self.parameterAsDouble(parameters, self.DETOUR, context))
        roads = self.read_roads(parameters, context, feedback)
        return self.by_road(roads, parameters, context, feedback, crs)

    def read_roads(self, parameters: dict, context: QgsProcessingContext, feedback: RememberingFeedback) -> Reading:
        """Return the road layer, with a column ``speed`` where there is such a field."""
        return self.read(self.ROADS, {"speed": self.SPEED_FIELD}, parameters, context, feedback)

    def by_road(
        self,
        reading: Reading,
        parameters: dict,
        context: QgsProcessingContext,
        feedback: RememberingFeedback,
        crs: CRS,
        progress: Callable[[float], None] = lambda share: None,
    ) -> ByRoad:
        """Return the ways along the roads of ``read_roads``; ``progress`` as in ``roads_of``."""
        from ..analysis.roads.by_road import ByRoad, at_speeds
        from ..analysis.ways import above_zero

        speed = self.parameterAsDouble(parameters, self.SPEED, context)
        above_zero(speed=speed)
        join = self.parameterAsEnum(parameters, self.CROSSINGS, context) == 1
        roads = roads_of(reading, crs, join, feedback, progress)
        speeds = speeds_of(reading, feedback)
        graph = at_speeds(roads.nodes, roads.ends, roads.metres, roads.road, speeds, speed)
        ways = ByRoad(graph, speed, self.parameterAsDouble(parameters, self.MAX_SNAP, context))
        tell_pieces(ways, feedback)
        for name in self.PLACES:
            if parameters.get(name) not in (None, NULL, "") and self.parameterDefinition(name) is not None:
                stop_if_cancelled(feedback)
                places = self.read(name, {}, parameters, context, QgsProcessingFeedback(False))
                tell_unconnected(ways, places, self.source(parameters, name, context).sourceName(), crs, feedback)
        return ways
