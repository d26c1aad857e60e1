"""Coverage gaps: needs that the actors in reach do not cover, and why."""

from __future__ import annotations

from math import fsum
from typing import ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.fields import BOOLEAN, INTEGER, REAL, TEXT
from ...layers.result_looks.coverage import style_needs, style_territories
from .conditions import ConditionedAlgorithm
from .engine_parameters import add_engine, worked_on
from .frames import extended, fields_after, fields_of, on_features, stop_if_cancelled, to_metric
from .results import present
from .texts.conditions import warn_of_facts
from .texts.coverage import FORMULA, SOURCE, method, report, warn_outside
from .texts.meeting import refuse_needs_without_theme, warn


class CoverageGaps(ConditionedAlgorithm):
    """Reads needs and actors, asks the analysis, writes the needs with their gap and the territories with theirs."""

    GROUP = "analysis"

    TERRITORIES = "TERRITORIES"
    REACH_BY_THEME = "REACH_BY_THEME"
    DECAY, TARGET, ROBUSTNESS, INSIDE = "DECAY", "TARGET", "ROBUSTNESS", "INSIDE"
    OUTPUT, BY_TERRITORY, PEOPLE, UNMET = "OUTPUT", "BY_TERRITORY", "PEOPLE", "UNMET"
    UNMET_MIN, UNMET_MAX, LOST = "UNMET_MIN", "UNMET_MAX", "LOST"
    DECAYS = ("gaussian", "step", "linear", "none")
    SUMS: ClassVar = {
        PEOPLE: "besoin",
        UNMET: "non_couvert",
        UNMET_MIN: "non_couvert_min",
        UNMET_MAX: "non_couvert_max",
        LOST: "perdus",
    }
    OF_TERRITORIES: ClassVar = {
        "code": "CODE_FIELD",
        "name": "NAME_FIELD",
        "level": "LEVEL_FIELD",
        "surveyed": "SURVEYED_FIELD",
    }
    NEED_FIELDS: ClassVar = {
        "theme": TEXT,
        "besoin": REAL,
        "apl": REAL,
        "ratio": REAL,
        "non_couvert": REAL,
        "cause": TEXT,
        "n_acteurs": INTEGER,
        "plus_proche": TEXT,
        "plus_proche_min": REAL,
        "top5": TEXT,
        "robustesse": REAL,
        "effet_bord": BOOLEAN,
        "capacite_imputee": REAL,
        "effectif": TEXT,
        "etat_offre": TEXT,
        "non_couvert_min": REAL,
        "non_couvert_max": REAL,
        "confiance": TEXT,
        "doutes": TEXT,
        "part_recensee": REAL,
        "choix": BOOLEAN,
        "frein": TEXT,
        "perdus": REAL,
        "n_a_portee": INTEGER,
        "n_ouverts": INTEGER,
        "n_gratuits": INTEGER,
        "n_sur_place": INTEGER,
        "n_a_distance": INTEGER,
        "n_itinerants": INTEGER,
        "n_non_publies": INTEGER,
        "horaires_connus": REAL,
        "frais_connus": REAL,
        "modes_connus": REAL,
        "itinerance_connue": REAL,
    }
    TERRITORY_FIELDS: ClassVar = {
        "niveau": TEXT,
        "code": TEXT,
        "nom": TEXT,
        "theme": TEXT,
        "besoin": REAL,
        "non_couvert": REAL,
        "part": REAL,
        "n_besoins": INTEGER,
        "n_acteurs": INTEGER,
        "principale_cause": TEXT,
        "recense": INTEGER,
        "etat_offre": TEXT,
        "n_inconnus": INTEGER,
        "non_couvert_min": REAL,
        "non_couvert_max": REAL,
        "confiance": TEXT,
        "frein": TEXT,
        "perdus": REAL,
        "sans_choix": REAL,
        "n_non_publies": INTEGER,
        "part_recensee": REAL,
    }

    def name(self):
        return "coveragegaps"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Coverage gaps")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1016/j.healthplace.2009.06.002"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        self.add_needs_and_actors()
        self.add_reach()
        self.addParameter(
            QgsProcessingParameterString(
                self.REACH_BY_THEME,
                translate("Tisserand", "Reach by theme (theme=minutes;…)"),
                optional=True,
            )
        )
        self.add_ways()
        decays = [
            translate("Tisserand", "gaussian"),
            translate("Tisserand", "by steps"),
            translate("Tisserand", "linear"),
            translate("Tisserand", "none (2SFCA)"),
        ]
        self.addParameter(
            QgsProcessingParameterEnum(
                self.DECAY, translate("Tisserand", "Decay with distance"), decays, defaultValue=0
            )
        )
        self.add_number(self.TARGET, translate("Tisserand", "Target (places per person)"), 1.0)
        self.addParameter(
            QgsProcessingParameterBoolean(self.ROBUSTNESS, translate("Tisserand", "Compute the robustness"), False)
        )
        self.add_conditions()
        label = translate("Tisserand", "Within a polygon, count the way across it")
        self._add(QgsProcessingParameterBoolean(self.INSIDE, label, False), True)
        self.add_layer(self.TERRITORIES, translate("Tisserand", "Territories"), polygons, optional=True)
        for name, label, default in (
            ("CODE_FIELD", translate("Tisserand", "Code (territories)"), "code"),
            ("NAME_FIELD", translate("Tisserand", "Name (territories)"), "nom"),
            ("LEVEL_FIELD", translate("Tisserand", "Level (territories)"), "niveau"),
            ("SURVEYED_FIELD", translate("Tisserand", "Surveyed (territories)"), "recense_le"),
        ):
            self.add_field(name, label, default, self.TERRITORIES, advanced=True)
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, translate("Tisserand", "Coverage of needs")))
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                self.BY_TERRITORY,
                translate("Tisserand", "Coverage by territory"),
                QgsProcessing.SourceType.TypeVectorPolygon,
                optional=True,
            )
        )
        add_engine(self)
        self.add_report()
        self.addOutput(QgsProcessingOutputNumber(self.PEOPLE, translate("Tisserand", "People concerned")))
        for name, label in (
            (self.UNMET, translate("Tisserand", "People not covered")),
            (self.UNMET_MIN, translate("Tisserand", "People not covered, at least")),
            (self.UNMET_MAX, translate("Tisserand", "People not covered, at most")),
            (self.LOST, translate("Tisserand", "People that the conditions leave out")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def work(self, parameters, context, feedback):
        from ..analysis.conditions import AUDIENCES
        from ..analysis.coverage import coverage_gaps
        from ..analysis.surveyed import survey_of
        from ..analysis.territories import by_territory

        about = self.described(parameters, context)
        needs = self.read(self.NEEDS, self.OF_NEEDS, parameters, context, feedback)
        asked = self.conditions(parameters, context)
        columns = self.OF_ACTORS | self.facts_of_actors(parameters, context, asked)
        actors = self.read(self.ACTORS, columns, parameters, context, feedback)
        territories = self.read(self.TERRITORIES, self.OF_TERRITORIES, parameters, context, feedback)
        demand, offer, *others = to_metric(*(layer.frame for layer in (needs, actors, territories) if layer))
        settings = self._settings(parameters, context, feedback, demand.crs)._replace(conditions=asked)
        places = others[0].set_geometry(others[0].geometry.make_valid()) if others else None
        area = places.union_all() if others and len(places) else None

        def progress(share):
            feedback.setProgress(80 * share)
            stop_if_cancelled(feedback)

        with worked_on(self, settings.ways, demand.crs, parameters, context, feedback) as ways:
            settings = settings._replace(ways=ways)
            coverage = coverage_gaps(demand, offer, settings, area, progress, survey_of(places))
        refuse_needs_without_theme(coverage.notes, needs)
        warn(coverage.notes, needs, actors, feedback)
        warn_of_facts(coverage.facts, asked, actors, feedback)
        rows = coverage.rows
        results = {name: fsum(rows[column]) for name, column in self.SUMS.items()}
        results[self.OUTPUT] = self._save_needs(rows, needs, parameters, context, feedback)
        if territories:
            readers, audience = coverage.facts.table["reader"], AUDIENCES.index(asked.audience)
            summary = by_territory(rows, offer, places, readers, audience)
            warn_outside(summary.outside, needs, feedback)
            results[self.BY_TERRITORY] = self._save_places(summary.rows, territories, parameters, context, feedback)
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, rows, asked, feedback.warnings)
        )
        for name, style, title in (
            (self.OUTPUT, style_needs, translate("Tisserand", "Coverage of needs")),
            (self.BY_TERRITORY, style_territories, translate("Tisserand", "Coverage by territory")),
        ):
            if results.get(name):
                present(results[name], style, title, about, context)
        return results

    def _save_needs(self, rows, needs, parameters, context, feedback):
        fields = fields_after(needs.fields, fields_of(self.NEED_FIELDS))
        features = extended(needs.features, rows["need"], [rows[name].tolist() for name in self.NEED_FIELDS], fields)
        return self.save(parameters, self.OUTPUT, context, feedback, fields, needs, features)

    def _save_places(self, rows, territories, parameters, context, feedback):
        fields = fields_of(self.TERRITORY_FIELDS)
        values = zip(*(rows[name] for name in self.TERRITORY_FIELDS))
        features = on_features(territories.features, rows["territory"], values, fields)
        return self.save(parameters, self.BY_TERRITORY, context, feedback, fields, territories, features)

    def _settings(self, parameters, context, feedback, crs):
        from ..analysis.coverage import Settings, reach_by_theme

        return Settings(
            reach=self.reach(parameters, context),
            reach_by_theme=reach_by_theme(self.parameterAsString(parameters, self.REACH_BY_THEME, context)),
            decay=self.DECAYS[self.parameterAsEnum(parameters, self.DECAY, context)],
            target=self.parameterAsDouble(parameters, self.TARGET, context),
            robustness=self.parameterAsBool(parameters, self.ROBUSTNESS, context),
            afar=self.parameterAsBool(parameters, self.AFAR, context),
            inside=self.parameterAsBool(parameters, self.INSIDE, context),
            ways=self.ways(parameters, context, feedback, crs),
        )
