"""Matching of needs with actors: who could take whom, when places are short."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.model.codes import code_list
from ...layers.result_looks.matching import style_actors, style_lines, style_needs
from .frames import Shape, extended, fields_after, fields_of, stop_if_cancelled, to_features, to_metric
from .meeting import MeetingAlgorithm
from .texts.matching import FORMULA, SOURCE, method, report, warn
from .texts.meeting import refuse_needs_without_theme


class MatchNeeds(MeetingAlgorithm):
    """Reads needs and actors, asks the analysis, writes the lines between them and what the plan does for each."""

    GROUP = "analysis"

    REACH_BY_THEME, PRIORITY_FIELD = "REACH_BY_THEME", "PRIORITY_FIELD"
    INDIVISIBLE, FAIR, UNKNOWN_CAPACITY = "INDIVISIBLE", "FAIR", "UNKNOWN_CAPACITY"
    OUTPUT, NEEDS_OUT, ACTORS_OUT = "OUTPUT", "NEEDS_OUT", "ACTORS_OUT"
    SERVED, COST = "SERVED", "COST"
    OF_NEEDS: ClassVar = {
        **MeetingAlgorithm.OF_NEEDS,
        "priority": PRIORITY_FIELD,
        "id": "NEEDS_ID",
        "name": "NEEDS_NAME",
    }
    LINE_FIELDS: ClassVar = {
        "de": TEXT,
        "de_nom": TEXT,
        "vers": TEXT,
        "vers_nom": TEXT,
        "theme": TEXT,
        "personnes": REAL,
        "minutes": REAL,
        "raison": TEXT,
        "alternative": TEXT,
        "alternative_min": REAL,
        "capacite_imputee": INTEGER,
    }
    NEED_FIELDS: ClassVar = {
        "theme": TEXT,
        "besoin": REAL,
        "servi": REAL,
        "reste": REAL,
        "cause": TEXT,
        "n_acteurs": INTEGER,
        "minutes": REAL,
        "acteurs": TEXT,
    }
    ACTOR_FIELDS: ClassVar = {
        "places": REAL,
        "capacite_imputee": INTEGER,
        "charge": REAL,
        "saturation": REAL,
        "prix_ombre": REAL,
        "reste_a_portee": REAL,
        "n_besoins": INTEGER,
        "minutes": REAL,
    }

    def name(self):
        return "matchneeds"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Matching needs with actors")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1002/sapm1941201224"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        number = QgsProcessingParameterField.DataType.Numeric
        self.add_needs_and_actors()
        priority = translate("Tisserand", "Priority (needs)")
        self.add_field(self.PRIORITY_FIELD, priority, None, self.NEEDS, number)
        self.add_field("NEEDS_ID", translate("Tisserand", "Identifier (needs)"), "uuid", self.NEEDS, advanced=True)
        self.add_field("NEEDS_NAME", translate("Tisserand", "Name (needs)"), "libelle", self.NEEDS, advanced=True)
        self.add_reach()
        by_theme = translate("Tisserand", "Reach by theme (theme=minutes;…)")
        self.addParameter(QgsProcessingParameterString(self.REACH_BY_THEME, by_theme, optional=True))
        self.add_ways()
        whole = translate("Tisserand", "A need goes whole to one actor, or not at all")
        self.addParameter(QgsProcessingParameterBoolean(self.INDIVISIBLE, whole, False))
        fair = translate("Tisserand", "Share scarce places fairly: the lowest share served as high as can be")
        self.addParameter(QgsProcessingParameterBoolean(self.FAIR, fair, False))
        choices = [
            translate("Tisserand", "the median of its themes"),
            translate("Tisserand", "no place that could be promised"),
        ]
        unknown = translate("Tisserand", "An unknown capacity counts as")
        self._add(QgsProcessingParameterEnum(self.UNKNOWN_CAPACITY, unknown, choices, defaultValue=0), True)
        anything = QgsProcessing.SourceType.TypeVectorAnyGeometry
        for name, label, kind in (
            (self.OUTPUT, _lines_title(), QgsProcessing.SourceType.TypeVectorLine),
            (self.NEEDS_OUT, _needs_title(), anything),
            (self.ACTORS_OUT, _actors_title(), anything),
        ):
            self.addParameter(QgsProcessingParameterFeatureSink(name, label, kind, optional=name != self.OUTPUT))
        self.add_report()
        for name, label in (
            (self.SERVED, translate("Tisserand", "People served")),
            (self.COST, translate("Tisserand", "Their time on the way together (person-minutes)")),
            ("PEOPLE", translate("Tisserand", "People concerned")),
            ("NEAREST_SERVED", translate("Tisserand", "People served by nearest first")),
            ("KNOWN_SERVED", translate("Tisserand", "People served at most by the known capacities alone")),
            ("BOUND", translate("Tisserand", "People that no plan of the kind asked for can exceed")),
            ("MEAN_MINUTES", translate("Tisserand", "Minutes on the way, on average")),
            ("P90_MINUTES", translate("Tisserand", "Minutes that nine people of ten do not exceed")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def work(self, parameters, context, feedback):
        from ..analysis.matching.plan import match_needs

        about = self.described(parameters, context)
        needs = self.read(self.NEEDS, self.OF_NEEDS, parameters, context, feedback)
        actors = self.read(self.ACTORS, self.OF_ACTORS, parameters, context, feedback)
        demand, offer = to_metric(needs.frame, actors.frame)
        settings = self._settings(parameters, context, feedback, demand.crs)
        themes = {**code_list("thematiques").labels, **code_list("themes_vie").labels}

        def progress(share):
            feedback.setProgress(80 * share)
            stop_if_cancelled(feedback)

        found = match_needs(
            demand.assign(key=_keys(needs)),
            offer.assign(key=_keys(actors)),
            settings,
            {**themes, **code_list("publics").labels},
            progress,
        )
        refuse_needs_without_theme(found.notes, needs)
        warn(found, settings, needs, actors, feedback)

        of_lines = fields_of(self.LINE_FIELDS)
        of_needs = fields_after(needs.fields, fields_of(self.NEED_FIELDS))
        of_actors = fields_after(actors.fields, fields_of(self.ACTOR_FIELDS))
        lines = to_features(found.lines, needs.crs, of_lines)
        rows, places = found.needs, found.actors
        asking = extended(needs.features, rows["need"], [rows[name].tolist() for name in self.NEED_FIELDS], of_needs)
        offering = extended(
            actors.features, places["actor"], [places[name].tolist() for name in self.ACTOR_FIELDS], of_actors
        )
        strings = Shape(QgsWkbTypes.Type.LineString, needs.crs)
        results = found.totals.numbers()
        layers = (
            (self.OUTPUT, of_lines, strings, lines, _lines_title(), style_lines),
            (self.NEEDS_OUT, of_needs, needs, asking, _needs_title(), style_needs),
            (self.ACTORS_OUT, of_actors, actors, offering, _actors_title(), style_actors),
        )
        results |= self.save_layers(layers, about, parameters, context, feedback)
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, found, settings, themes, feedback.warnings),
        )
        return results

    def _settings(self, parameters, context, feedback, crs):
        from ..analysis.coverage import reach_by_theme
        from ..analysis.matching.pairs import Settings

        settings = Settings(
            reach=self.reach(parameters, context),
            reach_by_theme=reach_by_theme(self.parameterAsString(parameters, self.REACH_BY_THEME, context)),
            guess=self.parameterAsEnum(parameters, self.UNKNOWN_CAPACITY, context) == 0,
            indivisible=self.parameterAsBool(parameters, self.INDIVISIBLE, context),
            fair=self.parameterAsBool(parameters, self.FAIR, context),
        )
        settings.check()
        return settings._replace(ways=self.ways(parameters, context, feedback, crs))


def _keys(layer) -> list[str]:
    """Return a text a row by which rows that are alike in all that counts still have one order."""
    return ["|".join(map(str, feature.attributes())) for feature in layer.features]


def _lines_title() -> str:
    return translate("Tisserand", "Who could go where")


def _needs_title() -> str:
    return translate("Tisserand", "Needs with what they would get")


def _actors_title() -> str:
    return translate("Tisserand", "Actors with whom they would take")
