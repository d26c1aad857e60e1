"""What the algorithms that bring needs and actors together share."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import QgsProcessing, QgsProcessingParameterField

from ...i18n import translate
from .reaching import ReachAlgorithm


class MeetingAlgorithm(ReachAlgorithm):
    """An algorithm that reads needs and actors, with the people, themes and publics of each."""

    NEEDS, ACTORS = "NEEDS", "ACTORS"
    OF_NEEDS: ClassVar = {"count": "NEEDS_COUNT", "themes": "NEEDS_THEME", "publics": "NEEDS_PUBLIC"}
    OF_ACTORS: ClassVar = {
        "capacity": "ACTORS_CAPACITY",
        "themes": "ACTORS_THEME",
        "publics": "ACTORS_PUBLIC",
        "id": "ACTORS_ID",
        "name": "ACTORS_NAME",
    }

    def add_needs_and_actors(self) -> None:
        """Add the two layers and the fields that count."""
        anything = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
        number = QgsProcessingParameterField.DataType.Numeric
        self.add_layer(self.NEEDS, translate("Tisserand", "Needs"), anything)
        self.add_field("NEEDS_COUNT", translate("Tisserand", "People (needs)"), "nb_situations", self.NEEDS, number)
        self.add_field("NEEDS_THEME", translate("Tisserand", "Theme (needs)"), "theme_vie", self.NEEDS)
        self.add_field("NEEDS_PUBLIC", translate("Tisserand", "Publics (needs)"), "publics", self.NEEDS)
        self.add_layer(self.ACTORS, translate("Tisserand", "Actors"), anything)
        self.add_field("ACTORS_CAPACITY", translate("Tisserand", "Capacity (actors)"), "capacite", self.ACTORS, number)
        self.add_field("ACTORS_THEME", translate("Tisserand", "Themes (actors)"), "themes_vie", self.ACTORS)
        self.add_field("ACTORS_PUBLIC", translate("Tisserand", "Publics (actors)"), "publics", self.ACTORS)
        self.add_field("ACTORS_ID", translate("Tisserand", "Identifier (actors)"), "uuid", self.ACTORS, advanced=True)
        self.add_field("ACTORS_NAME", translate("Tisserand", "Name (actors)"), "nom", self.ACTORS, advanced=True)
