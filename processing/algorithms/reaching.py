"""What the algorithms with a reach share: how people get about, and how far."""

from __future__ import annotations

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
from .frames import some, stop_if_cancelled
from .reports import RememberingFeedback
from .road_network import build

if TYPE_CHECKING:
    from pyproj import CRS

    from ..analysis.roads import ByRoad
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

    def ways(self, parameters: dict, context: QgsProcessingContext, feedback: RememberingFeedback, crs: CRS) -> Ways:
        """Return how people get about, for places with coordinates in the metric ``crs``.

        With roads, the places of the algorithm's layers that are too far from any of them are told by name.
        """
        from ..analysis.ways import CrowFly

        speed = self.parameterAsDouble(parameters, self.SPEED, context)
        if parameters.get(self.ROADS) in (None, NULL, ""):
            return CrowFly(speed=speed, detour=self.parameterAsDouble(parameters, self.DETOUR, context))
        return self.by_road(parameters, context, feedback, crs)

    def by_road(
        self, parameters: dict, context: QgsProcessingContext, feedback: RememberingFeedback, crs: CRS
    ) -> ByRoad:
        """Return the ways along the roads, which must be given."""
        import numpy as np

        from ..analysis.roads import ByRoad, network
        from ..analysis.ways import above_zero

        speed = self.parameterAsDouble(parameters, self.SPEED, context)
        above_zero(speed=speed)
        reading = self.read(self.ROADS, {"speed": self.SPEED_FIELD}, parameters, context, feedback)
        join = self.parameterAsEnum(parameters, self.CROSSINGS, context) == 1
        roads = build(reading, crs, join, feedback)
        speeds = np.where(np.isnan(roads.speed), speed, roads.speed)
        graph = network(roads.nodes, roads.ends, roads.metres, roads.metres / (speeds * 1000 / 60), roads.road)
        ways = ByRoad(graph, speed, self.parameterAsDouble(parameters, self.MAX_SNAP, context))
        self._tell_unconnected(ways, parameters, context, feedback, crs)
        return ways

    def _tell_unconnected(self, ways, parameters, context, feedback, crs):
        """Tell which places are too far from any road."""
        import numpy as np

        for name in self.PLACES:
            if parameters.get(name) in (None, NULL, "") or self.parameterDefinition(name) is None:
                continue
            stop_if_cancelled(feedback)
            reading = self.read(name, {}, parameters, context, QgsProcessingFeedback(False))
            points = reading.frame.geometry.representative_point().to_crs(crs)
            far = np.flatnonzero(ways.spots(np.stack([points.x, points.y], axis=1)).edge < 0)
            if len(far):
                text = translate(
                    "Tisserand",
                    "{layer}: {count} farther from any road than {metres} m, not connected: out of everyone's reach "
                    "(features {ids}).",
                )
                ids = some([reading.ids[row] for row in far])
                label = self.source(parameters, name, context).sourceName()
                feedback.pushWarning(text.format(layer=label, count=len(far), metres=f"{ways.max_snap:g}", ids=ids))
