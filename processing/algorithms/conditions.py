"""What coverage may ask of an offer beyond its being near, as parameters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from qgis.core import (
    NULL,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterString,
)

from ...i18n import translate
from .meeting import MeetingAlgorithm

if TYPE_CHECKING:
    from ..analysis.conditions import Conditions


class ConditionedAlgorithm(MeetingAlgorithm):
    """An algorithm in which an offer may have to be open in a slot, free, on the spot, in rounds, or public."""

    WHEN, WHEN_MINUTES, WHEN_YEAR = "WHEN", "WHEN_MINUTES", "WHEN_YEAR"
    FREE, MODE, ROUNDS, AUDIENCE = "FREE", "MODE", "ROUNDS", "AUDIENCE"
    EXCLUDE_UNKNOWN, AFAR = "EXCLUDE_UNKNOWN", "AFAR"
    MODES = ("", "en-presentiel", "a-distance")
    MOVING = (None, True, False)
    AUDIENCES = ("interne", "pro", "public")
    FACTS: ClassVar = {
        "hours": "ACTORS_HOURS",
        "cost": "ACTORS_COST",
        "modes": "ACTORS_MODES",
        "itinerant": "ACTORS_ITINERANT",
        "round": "ACTORS_ROUND",
        "audience": "ACTORS_AUDIENCE",
    }

    def add_conditions(self) -> None:
        """Add the conditions, none of which is asked by default, and the fields in which actors say it."""
        when = translate("Tisserand", "Open on (day and hours; for example We 14:00-17:00)")
        self.addParameter(QgsProcessingParameterString(self.WHEN, when, optional=True))
        free = translate("Tisserand", "Only what is free of charge")
        self.addParameter(QgsProcessingParameterBoolean(self.FREE, free, False))
        modes = [
            translate("Tisserand", "in any way"),
            translate("Tisserand", "on the spot"),
            translate("Tisserand", "at a distance"),
        ]
        self._add_choice(self.MODE, translate("Tisserand", "Only who receives"), modes)
        moving = [
            translate("Tisserand", "itinerant or not"),
            translate("Tisserand", "itinerant alone"),
            translate("Tisserand", "not itinerant"),
        ]
        self._add_choice(self.ROUNDS, translate("Tisserand", "Only actors that are"), moving, advanced=True)
        audiences = [
            translate("Tisserand", "the Département (all actors)"),
            translate("Tisserand", "professionals (public and professional actors)"),
            translate("Tisserand", "everyone (public actors)"),
        ]
        self._add_choice(self.AUDIENCE, translate("Tisserand", "Who reads the result"), audiences)
        label = translate("Tisserand", "Leave out actors of whom a fact asked for is unknown")
        self._add(QgsProcessingParameterBoolean(self.EXCLUDE_UNKNOWN, label, False), True)
        label = translate("Tisserand", "Who receives at a distance is in everyone's reach")
        self._add(QgsProcessingParameterBoolean(self.AFAR, label, False), True)
        label = translate("Tisserand", "Open for at least (minutes of the slot)")
        self.add_whole(self.WHEN_MINUTES, label, 60, 1)
        label = translate("Tisserand", "Year of the opening hours")
        self.add_whole(self.WHEN_YEAR, label, date.today().year, 1900)
        for name, text, default in (
            ("ACTORS_HOURS", translate("Tisserand", "Opening hours (actors)"), "horaires_accueil"),
            ("ACTORS_COST", translate("Tisserand", "Cost (actors)"), "frais"),
            ("ACTORS_MODES", translate("Tisserand", "Ways to receive (actors)"), "modes_accueil"),
            ("ACTORS_ITINERANT", translate("Tisserand", "Itinerant (actors)"), "itinerant"),
            ("ACTORS_ROUND", translate("Tisserand", "Round (actors)"), "tournee"),
            ("ACTORS_AUDIENCE", translate("Tisserand", "Who may read of it (actors)"), "diffusion"),
        ):
            self.add_field(name, text, default, self.ACTORS, advanced=True)

    def _add_choice(self, name, label, options, advanced=False):
        self._add(QgsProcessingParameterEnum(name, label, options, defaultValue=0), advanced)

    def conditions(self, parameters: dict, context: QgsProcessingContext) -> Conditions:
        """Return what is asked of an offer."""
        from ..analysis.conditions import Conditions
        from ..analysis.openings import slot_of

        return Conditions(
            slot=slot_of(self.parameterAsString(parameters, self.WHEN, context)),
            year=self.parameterAsInt(parameters, self.WHEN_YEAR, context),
            minutes=self.parameterAsInt(parameters, self.WHEN_MINUTES, context),
            free=self.parameterAsBool(parameters, self.FREE, context),
            mode=self.MODES[self.parameterAsEnum(parameters, self.MODE, context)],
            rounds=self.MOVING[self.parameterAsEnum(parameters, self.ROUNDS, context)],
            audience=self.AUDIENCES[self.parameterAsEnum(parameters, self.AUDIENCE, context)],
            strict=self.parameterAsBool(parameters, self.EXCLUDE_UNKNOWN, context),
        )

    def facts_of_actors(self, parameters: dict, context: QgsProcessingContext, asked: Conditions) -> dict[str, str]:
        """Return the columns to read facts from: a default field that the layer lacks is missed only when asked for."""
        fields = self.source(parameters, self.ACTORS, context).fields()
        needed = {
            "hours": asked.slot is not None,
            "cost": asked.free,
            "modes": bool(asked.mode) or self.parameterAsBool(parameters, self.AFAR, context),
            "itinerant": asked.rounds is not None,
            "round": False,
            "audience": asked.audience != self.AUDIENCES[0],
        }
        return {
            column: name
            for column, name in self.FACTS.items()
            if needed[column]
            or parameters.get(name) not in (None, NULL, "")
            or fields.lookupField(self.parameterAsString(parameters, name, context)) >= 0
        }
