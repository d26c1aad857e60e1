"""Safe export: a table of people in which nothing small can be read, nor worked out."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.confidentiality import DEFAULT_THRESHOLD, HIGHEST_THRESHOLD, LOWEST_THRESHOLD
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.result_looks.publish import style_publication
from .base import TisserandAlgorithm
from .frames import Shape, fields_after, fields_of, null_if_missing, stop_if_cancelled
from .publish_reading import Territories, people_of, several, table_before
from .results import present
from .texts.publish import FORMULA, SOURCE, method, report, warn, warn_found, warn_threshold


class Publish(TisserandAlgorithm):
    """Reads rows of people, asks the analysis, writes the table that may be published; points never leave."""

    INPUT, BY, COUNT_FIELD, UNIT_FIELD = "INPUT", "GROUP", "COUNT_FIELD", "UNIT_FIELD"
    K, DOMINANCE, MARGINS = "K", "DOMINANCE", "MARGINS"
    HIERARCHY, TERRITORIES, LEVELS, PREVIOUS = "HIERARCHY", "TERRITORIES", "LEVELS", "PREVIOUS"
    OUTPUT, PUBLISHED, MASKED = "OUTPUT", "PUBLISHED", "MASKED"
    CHOICES = ("one-way", "all", "none")
    OF_TERRITORIES: ClassVar = {
        "code": "CODE_FIELD",
        "name": "NAME_FIELD",
        "level": "LEVEL_FIELD",
        "members": "MEMBERS_FIELD",
        "surveyed": "SURVEYED_FIELD",
    }
    FIELDS: ClassVar = {
        "nom": TEXT,
        "niveau": TEXT,
        "personnes": REAL,
        "masque": TEXT,
        "etat": TEXT,
        "raison": TEXT,
        "seuil": INTEGER,
    }

    def name(self):
        return "publish"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Safe export (statistical confidentiality)")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1287/mnsc.47.7.1008.9805"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        anything, polygons = [QgsProcessing.SourceType.TypeVector], [QgsProcessing.SourceType.TypeVectorPolygon]
        self.add_layer(
            self.INPUT, translate("Tisserand", "Rows of people (needs, or the result of an analysis)"), anything
        )
        self._add_fields(self.BY, translate("Tisserand", "Groups (the first: the territory)"), "code_insee;theme_vie")
        self.add_field(
            self.COUNT_FIELD, translate("Tisserand", "People (empty: one a row)"), "nb_situations", self.INPUT
        )
        self.add_field(
            self.UNIT_FIELD, translate("Tisserand", "Contributor (empty: no dominance rule)"), "", self.INPUT
        )
        # Without bounds of its own, so that a number out of them is answered by a sentence that says why.
        whole, real = QgsProcessingParameterNumber.Type.Integer, QgsProcessingParameterNumber.Type.Double
        for name, label, kind, default in (
            (self.K, translate("Tisserand", "Threshold k (5 to 20)"), whole, DEFAULT_THRESHOLD),
            (self.DOMINANCE, translate("Tisserand", "Greatest share of one contributor (0 to 1)"), real, 0.85),
        ):
            self.addParameter(QgsProcessingParameterNumber(name, label, kind, default))
        totals = [
            translate("Tisserand", "of each group, and of everything"),
            translate("Tisserand", "of every choice of groups"),
            translate("Tisserand", "none"),
        ]
        self.addParameter(
            QgsProcessingParameterEnum(self.MARGINS, translate("Tisserand", "Totals published"), totals, defaultValue=0)
        )
        label = translate("Tisserand", "Nested territories published too (fields from fine to coarse)")
        self._add_fields(self.HIERARCHY, label, None)
        label = translate("Tisserand", "Territories (for the map, the levels and the survey)")
        self.add_layer(self.TERRITORIES, label, polygons, optional=True)
        for name, label, default in (
            ("CODE_FIELD", translate("Tisserand", "Code (territories)"), "code"),
            ("NAME_FIELD", translate("Tisserand", "Name (territories)"), "nom"),
            ("LEVEL_FIELD", translate("Tisserand", "Level (territories)"), "niveau"),
            ("MEMBERS_FIELD", translate("Tisserand", "Communes in it (territories)"), "membres"),
            ("SURVEYED_FIELD", translate("Tisserand", "Surveyed (territories)"), "recense_le"),
        ):
            self.add_field(name, label, default, self.TERRITORIES, advanced=True)
        label = translate("Tisserand", "Levels of the territories published too (epci;departement)")
        self._add(QgsProcessingParameterString(self.LEVELS, label, optional=True), False)
        label = translate("Tisserand", "Table published in the last edition")
        self.add_layer(self.PREVIOUS, label, anything, optional=True)
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, translate("Tisserand", "Publishable table")))
        self.add_report()
        self.addOutput(QgsProcessingOutputNumber(self.PUBLISHED, translate("Tisserand", "Figures published")))
        self.addOutput(QgsProcessingOutputNumber(self.MASKED, translate("Tisserand", "Figures masked")))

    def _add_fields(self, name, label, default):
        # Optional, since QGIS refuses a default of several fields where a value is asked for.
        kind = QgsProcessingParameterField.DataType.Any
        self._add(QgsProcessingParameterField(name, label, default, self.INPUT, kind, True, True), False)

    def work(self, parameters, context, feedback):
        from ..analysis.disclosure.publication import publish

        k, dominance = self._rules(parameters, context)
        about = self.described(parameters, context)
        source = self.source(parameters, self.INPUT, context)
        groups = several(self, self.BY, parameters, context, source, feedback)
        within = several(self, self.HIERARCHY, parameters, context, source, feedback)
        fields = {
            "count": self.field(parameters, self.COUNT_FIELD, context, source, feedback),
            "unit": self.field(parameters, self.UNIT_FIELD, context, source, feedback),
        }
        territories = Territories.of(self.read(self.TERRITORIES, self.OF_TERRITORIES, parameters, context, feedback))
        levels = [level.strip() for level in self.parameterAsString(parameters, self.LEVELS, context).split(";")]
        nested, others, derived = _axes(groups, within, list(filter(None, levels)), territories)

        frame, doubts = people_of(source, [*dict.fromkeys([*groups, *within])], fields, feedback)
        if territories is not None and len(frame):
            frame = territories.complete(frame, nested, others, derived, not within)
        own = fields_of(dict.fromkeys([*nested, *others], TEXT))
        out = fields_after(own, fields_of(self.FIELDS))
        before, then = table_before(self, self.PREVIOUS, parameters, context, out, [*nested, *others], feedback)
        if then > k:
            warn_threshold(then, k, feedback)
            k = then
            about[self.K] = (about[self.K][0], str(k))
        feedback.setProgress(30)
        warn(doubts, frame, nested, territories, feedback)

        turns = 0

        def tick():
            nonlocal turns
            turns += 1
            feedback.setProgress(30 + 60 * turns / (turns + 50))
            stop_if_cancelled(feedback)

        found = None
        if len(frame):
            margins = self.CHOICES[self.parameterAsEnum(parameters, self.MARGINS, context)]
            surveyed = territories.surveyed if territories is not None else None
            found = publish(frame, nested, others, k, dominance, margins, before, surveyed, tick)
            warn_found(found, k, feedback)
        features = self._features(found, own, out, territories, k)
        shape = territories.shape if territories is not None else _no_geometry()
        destination = self.save(parameters, self.OUTPUT, context, feedback, out, shape, features)
        present(destination, style_publication, translate("Tisserand", "Publishable table"), about, context)
        masked = 0 if found is None else int((found.rows["masque"] != "none").sum())
        results = {
            self.OUTPUT: destination,
            self.PUBLISHED: 0 if found is None else int(found.rows["personnes"].notna().sum()),
            self.MASKED: masked,
        }
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, found, k, bool(fields["unit"]), before is not None, feedback),
        )
        return results

    def _rules(self, parameters, context) -> tuple[int, float]:
        k = self.parameterAsInt(parameters, self.K, context)
        if not LOWEST_THRESHOLD <= k <= HIGHEST_THRESHOLD:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "A threshold of {k} is refused: below {least} people a family can be recognised, above {most} the "
                    "table is of no use. Choose a number from {least} to {most}; 11 is what Insee uses.",
                ),
                k=k,
                least=LOWEST_THRESHOLD,
                most=HIGHEST_THRESHOLD,
            )
        dominance = self.parameterAsDouble(parameters, self.DOMINANCE, context)
        if not 0.5 <= dominance <= 1:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "A share of {share} for the greatest contributor makes no sense: choose 0.5 to 1; 0.85 is what "
                    "Insee uses.",
                ),
                share=dominance,
            )
        return k, dominance

    def _features(self, found, own, out, territories, k):
        if found is None:
            return
        columns = [found.keys[field.name()].tolist() for field in own]
        columns += [found.rows[name].tolist() for name in list(self.FIELDS)[1:-1]]
        for territory, *values in zip(found.rows["territory"].tolist(), *columns):
            feature = QgsFeature(out)
            name = None
            if territories is not None:
                feature.setGeometry(territories.geometry(territory))
                name = territories.names.get(territory)
            values.insert(own.count(), name)
            feature.setAttributes([null_if_missing(value) for value in (*values, k)])
            yield feature


def _axes(groups, within, levels, territories) -> tuple[list[str], list[str], list[str]]:
    """Return the fields of territories from fine to coarse, the other groups, and the levels taken from the layer."""
    if not groups:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "There is no group: name at least one field in GROUP, the territory first.")
        )
    if levels and territories is None:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "LEVELS names levels of a layer of territories: choose TERRITORIES too.")
        )
    finest = [] if groups[0] in within else groups[:1]
    nested = [*finest, *within, *(level for level in levels if level not in within)]
    if len(nested) == 1 and territories is None:
        return [], list(groups), []
    derived = [level for level in levels if level not in within]
    return nested, [field for field in groups if field not in nested], derived


def _no_geometry() -> Shape:
    return Shape(QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem())
