"""What the algorithms with a reach share: how people get about, and how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessing, QgsProcessingContext, QgsProcessingParameterField

from ...i18n import translate
from .base import TisserandAlgorithm
from .reports import RememberingFeedback

if TYPE_CHECKING:
    from pyproj import CRS

    from ..analysis.ways import Ways


class ReachAlgorithm(TisserandAlgorithm):
    """An algorithm that counts minutes: by the roads of a layer, or as the crow flies times a detour."""

    REACH, ROADS, SPEED_FIELD = "REACH", "ROADS", "SPEED_FIELD"
    SPEED, DETOUR, MAX_SNAP = "SPEED", "DETOUR", "MAX_SNAP"

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

    def reach(self, parameters: dict, context: QgsProcessingContext) -> float:
        """Return the reach in minutes."""
        return self.parameterAsDouble(parameters, self.REACH, context)

    def ways(self, parameters: dict, context: QgsProcessingContext, feedback: RememberingFeedback, crs: CRS) -> Ways:
        """Return how people get about, for places with coordinates in the metric ``crs``."""
        from ..analysis.ways import CrowFly

        return CrowFly(
            speed=self.parameterAsDouble(parameters, self.SPEED, context),
            detour=self.parameterAsDouble(parameters, self.DETOUR, context),
        )
