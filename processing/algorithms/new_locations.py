"""New locations: where to open, in which order, whom it brings within reach, and how sure that is."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    NULL,
    QgsFeature,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import BOOLEAN, INTEGER, REAL, TEXT
from ...layers.model.codes import code_list
from ...layers.result_looks.locations import style_covered, style_sites
from .frames import Shape, extended, fields_after, fields_of, stop_if_cancelled, to_features, to_metric
from .reaching import ReachAlgorithm
from .results import present
from .texts.location_report import report
from .texts.locations import FORMULA, SOURCE, method, of_themes, tell_weight, warn


class NewLocations(ReachAlgorithm):
    """Reads demand, existing sites and candidates, asks the analysis, writes the sites and who they cover."""

    GROUP = "analysis"

    DEMAND, EXISTING, CANDIDATES = "DEMAND", "EXISTING", "CANDIDATES"
    WEIGHT_FIELD, NAME_FIELD, THEME_FIELD, THEME = "WEIGHT_FIELD", "NAME_FIELD", "THEME_FIELD", "THEME"
    EXISTING_NAME, CANDIDATES_NAME, EXISTING_RULE = "EXISTING_NAME", "CANDIDATES_NAME", "EXISTING_RULE"
    COUNT, MODEL, CAPACITY, TIME_LIMIT = "COUNT", "MODEL", "CAPACITY", "TIME_LIMIT"
    SENSITIVITY, SEED = "SENSITIVITY", "SEED"
    OUTPUT, COVERED = "OUTPUT", "COVERED"
    OBJECTIVE, BOUND, GAP_PERCENT = "OBJECTIVE", "BOUND", "GAP_PERCENT"
    # The fields tried when none is named: those of coveragegaps first, then those of the workspace's needs.
    DEFAULTS: ClassVar = {
        "WEIGHT_FIELD": ("non_couvert", "nb_situations"),
        "NAME_FIELD": ("libelle", "nom"),
        "THEME_FIELD": ("theme", "theme_vie"),
        "EXISTING_NAME": ("nom",),
        "CANDIDATES_NAME": ("nom", "libelle"),
    }
    UNMET = "non_couvert"
    SITE_FIELDS: ClassVar = {
        "nom": TEXT,
        "rang": INTEGER,
        "gain": REAL,
        "cumul": REAL,
        "frequence": REAL,
        "frequence_exacte": REAL,
        "solidite": TEXT,
        "remplacant": TEXT,
        "perte": REAL,
        "personnes": REAL,
        "lieux": INTEGER,
        "existant": TEXT,
        "existant_min": REAL,
        "raison": TEXT,
    }
    DEMAND_FIELDS: ClassVar = {
        "couvert_par": TEXT,
        "rang_site": INTEGER,
        "minutes": REAL,
        "a_portee": BOOLEAN,
        "situation": TEXT,
        "personnes": REAL,
        "couverts": REAL,
    }

    def name(self):
        return "newlocations"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "New locations")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1007/BF01942293"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        anything = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
        number = QgsProcessingParameterField.DataType.Numeric
        self.add_layer(self.DEMAND, translate("Tisserand", "Demand (needs, or their coverage)"), anything)
        people = translate("Tisserand", "People (demand)")
        self.add_field(self.WEIGHT_FIELD, people, self.UNMET, self.DEMAND, number)
        self.add_field(self.NAME_FIELD, translate("Tisserand", "Name (demand)"), "libelle", self.DEMAND, advanced=True)
        self.add_field(self.THEME_FIELD, translate("Tisserand", "Theme (demand)"), "theme", self.DEMAND, advanced=True)
        theme = translate("Tisserand", "Only these themes (codes or names, separated by |)")
        self.addParameter(QgsProcessingParameterString(self.THEME, theme, optional=True))
        self.add_layer(self.EXISTING, translate("Tisserand", "Existing actors"), anything, optional=True)
        name = translate("Tisserand", "Name (existing actors)")
        self.add_field(self.EXISTING_NAME, name, "nom", self.EXISTING, advanced=True)
        rules = [
            translate("Tisserand", "as the weight says: “non_couvert” has taken them into account, other weights not"),
            translate("Tisserand", "whoever they reach is covered"),
            translate("Tisserand", "the weight has taken them into account"),
        ]
        rule = translate("Tisserand", "What existing actors do")
        self._add(QgsProcessingParameterEnum(self.EXISTING_RULE, rule, rules, defaultValue=0), True)
        candidates = translate("Tisserand", "Candidates (none: the places of the demand)")
        self.add_layer(self.CANDIDATES, candidates, anything, optional=True)
        name = translate("Tisserand", "Name (candidates)")
        self.add_field(self.CANDIDATES_NAME, name, "nom", self.CANDIDATES, advanced=True)
        self.add_whole(self.COUNT, translate("Tisserand", "Sites to open"), 3, 1, advanced=False)
        models = [
            translate("Tisserand", "most people within reach (maximal covering)"),
            translate("Tisserand", "fewest minutes in all (p-median)"),
            translate("Tisserand", "everybody within reach, as few sites as possible (set covering)"),
        ]
        model = translate("Tisserand", "What is sought")
        self.addParameter(QgsProcessingParameterEnum(self.MODEL, model, models, defaultValue=0))
        self.add_reach()
        self.add_ways()
        self.add_number(self.CAPACITY, translate("Tisserand", "Capacity of a new site (0: no limit)"), 0.0)
        limit = translate("Tisserand", "Longest time of the search (seconds)")
        self.add_number(self.TIME_LIMIT, limit, 30.0, advanced=True)
        self.add_whole(self.SENSITIVITY, translate("Tisserand", "Trials with shaken figures"), 50, 0)
        self.add_whole(self.SEED, translate("Tisserand", "Seed"), 1, 0)
        points = QgsProcessing.SourceType.TypeVectorPoint
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, _sites_title(), points))
        self.addParameter(QgsProcessingParameterFeatureSink(self.COVERED, _covered_title(), optional=True))
        self.add_report()
        for output, label in (
            (self.OBJECTIVE, translate("Tisserand", "What the sites bring")),
            (self.BOUND, translate("Tisserand", "What no choice can better")),
            (self.GAP_PERCENT, translate("Tisserand", "Proven gap (%)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(output, label))

    def field(self, parameters, name, context, source, feedback):
        tried = self.DEFAULTS.get(name, ())
        if name in parameters or not tried:
            return super().field(parameters, name, context, source, feedback)
        return next((field for field in tried if source.fields().lookupField(field) >= 0), None)

    def work(self, parameters, context, feedback):
        from ..analysis.locations.choice import new_locations

        about = self.described(parameters, context)
        columns = {"weight": self.WEIGHT_FIELD, "name": self.NAME_FIELD, "theme": self.THEME_FIELD}
        demand = self.read(self.DEMAND, columns, parameters, context, feedback)
        weighed_by = self._weighed_by(parameters, context, feedback)
        labels = code_list("themes_vie").labels
        demand = of_themes(demand, self.parameterAsString(parameters, self.THEME, context), labels, feedback)
        existing = self.read(self.EXISTING, {"name": self.EXISTING_NAME}, parameters, context, feedback)
        candidates = self.read(self.CANDIDATES, {"name": self.CANDIDATES_NAME}, parameters, context, feedback)
        given = {"demand": demand, "existing": existing, "candidates": candidates}
        given = {name: reading for name, reading in given.items() if reading}
        frames = dict(zip(given, to_metric(*(reading.frame for reading in given.values()))))
        settings = self._settings(parameters, context, feedback, frames["demand"].crs, weighed_by)
        tell_weight(demand, weighed_by, existing, settings, feedback)

        def progress(share):
            feedback.setProgress(95 * share)
            stop_if_cancelled(feedback)

        found = new_locations(frames["demand"], frames.get("existing"), frames.get("candidates"), settings, progress)
        warn(found, demand, candidates, settings, feedback)
        results = {
            self.OBJECTIVE: found.objective,
            self.BOUND: found.bound,
            self.GAP_PERCENT: found.gap_percent,
            self.OUTPUT: self._save_sites(found.sites, candidates, demand, parameters, context, feedback),
            self.COVERED: self._save_covered(found.covered, demand, parameters, context, feedback),
        }
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, found, settings, weighed_by, feedback.warnings),
        )
        for name, style, title in (
            (self.OUTPUT, style_sites, _sites_title()),
            (self.COVERED, style_covered, _covered_title()),
        ):
            if results[name]:
                present(results[name], style, title, about, context)
        return {name: value for name, value in results.items() if value is not None}

    def _weighed_by(self, parameters, context, feedback):
        source = self.source(parameters, self.DEMAND, context)
        return self.field(parameters, self.WEIGHT_FIELD, context, source, feedback)

    def _settings(self, parameters, context, feedback, crs, weighed_by):
        from ..analysis.locations.choice import MODELS, Settings

        rule = self.parameterAsEnum(parameters, self.EXISTING_RULE, context)
        return Settings(
            model=MODELS[self.parameterAsEnum(parameters, self.MODEL, context)],
            count=self.parameterAsInt(parameters, self.COUNT, context),
            reach=self.reach(parameters, context),
            ways=self.ways(parameters, context, feedback, crs),
            counted=rule == 2 or (rule == 0 and weighed_by == self.UNMET),
            capacity=self.parameterAsDouble(parameters, self.CAPACITY, context),
            time_limit=self.parameterAsDouble(parameters, self.TIME_LIMIT, context),
            sensitivity=self.parameterAsInt(parameters, self.SENSITIVITY, context),
            seed=self.parameterAsInt(parameters, self.SEED, context),
        )

    def _save_sites(self, sites, candidates, demand, parameters, context, feedback):
        pool = candidates or demand
        fields = fields_of(self.SITE_FIELDS)
        shape = Shape(QgsWkbTypes.Type.Point, pool.crs)
        features = to_features(sites, pool.crs, fields)
        if candidates:
            # A site keeps what its own layer says of it.
            fields = fields_after(candidates.fields, fields)
            columns = [sites[name].tolist() for name in self.SITE_FIELDS]
            own = extended(candidates.features, sites["site"], columns, fields)
            features = (_at(point, feature) for point, feature in zip(features, own))
        return self.save(parameters, self.OUTPUT, context, feedback, fields, shape, features)

    def _save_covered(self, covered, demand, parameters, context, feedback):
        if parameters.get(self.COVERED) in (None, NULL, ""):
            return None
        fields = fields_after(demand.fields, fields_of(self.DEMAND_FIELDS))
        columns = [covered[name].tolist() for name in self.DEMAND_FIELDS]
        features = extended(demand.features, range(len(covered)), columns, fields)
        return self.save(parameters, self.COVERED, context, feedback, fields, demand, features)


def _at(place: QgsFeature, feature: QgsFeature) -> QgsFeature:
    feature.setGeometry(place.geometry())
    return feature


def _sites_title() -> str:
    return translate("Tisserand", "New locations")


def _covered_title() -> str:
    return translate("Tisserand", "Demand and who covers it")
