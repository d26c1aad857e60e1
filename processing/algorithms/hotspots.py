"""Hot spots: where high values stand together, and low ones, more than chance explains."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import (
    NULL,
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterField,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.result_looks.hotspots import style
from .base import TisserandAlgorithm
from .frames import extended, fields_after, fields_of, stop_if_cancelled, to_metric
from .results import present
from .texts.hotspots import FORMULA, SOURCE, method, report, warn


class HotSpots(TisserandAlgorithm):
    """Reads units with a number, asks the analysis, writes them with the score and class of each."""

    GROUP = "analysis"

    INPUT, FIELD, POPULATION_FIELD, GROUP_FIELDS = "INPUT", "FIELD", "POPULATION_FIELD", "GROUP_FIELDS"
    NEIGHBOURS, K, PERMUTATIONS, FDR, SEED = "NEIGHBOURS", "K", "PERMUTATIONS", "FDR", "SEED"
    OUTPUT = "OUTPUT"
    KINDS = ("knn", "queen")
    OF_UNITS: ClassVar = {"value": FIELD, "people": POPULATION_FIELD}
    MAPS = ("theme", "niveau")
    """Fields that tell the maps of a coverage result apart."""
    FIELDS: ClassVar = {
        "gi_z": REAL,
        "p": REAL,
        "q": REAL,
        "classe": TEXT,
        "n_voisins": INTEGER,
        "lisse": REAL,
        "raison": TEXT,
    }

    def name(self):
        return "hotspots"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Hot spots")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1111/j.1538-4632.1995.tb00912.x"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        anything = QgsProcessing.SourceType.TypeVectorAnyGeometry
        number = QgsProcessingParameterField.DataType.Numeric
        self.add_layer(self.INPUT, translate("Tisserand", "Points or polygons"), [anything])
        self.add_field(
            self.FIELD, translate("Tisserand", "Count or rate to look at"), "non_couvert", self.INPUT, number
        )
        people = translate("Tisserand", "People among whom it is counted (for a rate)")
        self.add_field(self.POPULATION_FIELD, people, None, self.INPUT, number)
        kinds = [translate("Tisserand", "the nearest"), translate("Tisserand", "by their borders (queen)")]
        label = translate("Tisserand", "Neighbours")
        self.addParameter(QgsProcessingParameterEnum(self.NEIGHBOURS, label, kinds, defaultValue=0))
        self.add_whole(self.K, translate("Tisserand", "How many nearest neighbours"), 8, 1, advanced=False)
        draws = translate("Tisserand", "Draws at random, at least (0: normal law)")
        self.add_whole(self.PERMUTATIONS, draws, 999, 0)
        self.add_number(self.FDR, translate("Tisserand", "Share of false finds accepted (0 to 1)"), 0.05)
        self.add_whole(self.SEED, translate("Tisserand", "Seed of the draws"), 1, 0)
        self._add(
            QgsProcessingParameterField(
                self.GROUP_FIELDS,
                translate("Tisserand", "Fields that tell apart what is looked at apart"),
                list(self.MAPS),
                self.INPUT,
                allowMultiple=True,
                optional=True,
            ),
            advanced=True,
        )
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, _title(), anything))
        self.add_report()

    def work(self, parameters, context, feedback):
        from ..analysis.hotspots.hotspots import Settings, hot_spots

        about = self.described(parameters, context)
        units = self.read(self.INPUT, self.OF_UNITS, parameters, context, feedback)
        if "value" not in units.frame:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "Name the field of the numbers to look at (FIELD) among: {fields}."),
                fields=", ".join(units.fields.names()),
            )
        (frame,) = to_metric(units.frame)
        frame["group"] = self._groups(parameters, context, units)

        def progress(share):
            feedback.setProgress(10 + 80 * share)
            stop_if_cancelled(feedback)

        progress(0.0)
        found = hot_spots(
            frame,
            Settings(
                neighbours=self.KINDS[self.parameterAsEnum(parameters, self.NEIGHBOURS, context)],
                k=self.parameterAsInt(parameters, self.K, context),
                permutations=self.parameterAsInt(parameters, self.PERMUTATIONS, context),
                fdr=self.parameterAsDouble(parameters, self.FDR, context),
                seed=self.parameterAsInt(parameters, self.SEED, context),
            ),
            progress,
        )
        progress(1.0)
        warn(found, units, "people" in frame, feedback)
        fields = fields_after(units.fields, fields_of(self.FIELDS))
        columns = [found.rows[name].tolist() for name in self.FIELDS]
        features = extended(units.features, range(len(frame)), columns, fields)
        destination = self.save(parameters, self.OUTPUT, context, feedback, fields, units, features)
        results = {self.OUTPUT: destination}
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, found, units, feedback.warnings)
        )
        present(destination, style, _title(), about, context)
        return results

    def _groups(self, parameters, context, units) -> list[str]:
        """Return what tells the maps apart, as one text a feature; the default fields count only where they are."""
        named = self.parameterAsFields(parameters, self.GROUP_FIELDS, context)
        if self.GROUP_FIELDS in parameters and parameters[self.GROUP_FIELDS] in (None, NULL, "", []):
            named = []
        unknown = [name for name in named if units.fields.lookupField(name) < 0 and name not in self.MAPS]
        if unknown:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "The layer has no field {field} (GROUP_FIELDS): name one of {fields}, or leave it empty.",
                ),
                field=", ".join(unknown),
                fields=", ".join(units.fields.names()),
            )
        columns = [column for column in map(units.fields.lookupField, named) if column >= 0]
        if not columns:
            return [""] * len(units.frame)
        return [
            " · ".join("" if feature[column] == NULL else str(feature[column]) for column in columns)
            for feature in units.features
        ]


def _title() -> str:
    return translate("Tisserand", "Concentrations and absences")
