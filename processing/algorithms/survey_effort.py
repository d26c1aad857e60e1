"""Survey effort: how far each territory has been surveyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.fields import INTEGER, TEXT
from ...layers.offer import CLOSED_ACTORS, TOWN_HALL
from ...layers.result_looks.survey import style_effort
from .base import TisserandAlgorithm
from .days import day_given, days, read_table
from .frames import extended, fields_after, fields_of, stop_if_cancelled, to_metric
from .results import present
from .texts.survey import method, report, warn

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from .frames import Reading


class SurveyEffort(TisserandAlgorithm):
    """Reads territories, actors and visits, asks the analysis, writes the territories with their counts and class."""

    TERRITORIES, ACTORS, VISITS = "TERRITORIES", "ACTORS", "VISITS"
    MONTHS, DATE, OUTPUT = "MONTHS", "DATE", "OUTPUT"
    OF_TERRITORIES: ClassVar = {
        "surveyed": "SURVEYED_FIELD",
        "level": "LEVEL_FIELD",
        "code": "CODE_FIELD",
        "name": "TERRITORY_NAME_FIELD",
    }
    OF_ACTORS: ClassVar = {
        "id": "ID_FIELD",
        "status": "STATUS_FIELD",
        "kind": "KIND_FIELD",
        "visited": "VISITED_FIELD",
        "updated": "UPDATED_FIELD",
        "review": "REVIEW_FIELD",
    }
    OF_VISITS: ClassVar = {"actor": "VISIT_ACTOR_FIELD", "date": "VISIT_DATE_FIELD", "nature": "VISIT_NATURE_FIELD"}
    FIELDS: ClassVar = {"recense": INTEGER, "contacte": INTEGER, "visite": INTEGER, "perime": INTEGER, "classe": TEXT}

    def name(self):
        return "surveyeffort"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Survey effort")

    def helpUrl(self):  # noqa: N802
        return "https://github.com/tisserand-qgis/tisserand/blob/main/docs/methodes/surveyeffort.md"

    def shortHelpString(self):  # noqa: N802
        return method()

    def initAlgorithm(self, configuration=None):  # noqa: N802
        polygons, points = QgsProcessing.SourceType.TypeVectorPolygon, QgsProcessing.SourceType.TypeVectorPoint
        territory, actor, visit = self.TERRITORIES, self.ACTORS, self.VISITS
        self.add_layer(territory, translate("Tisserand", "Territories"), [polygons])
        self.add_layer(actor, translate("Tisserand", "Actors"), [points])
        self.add_layer(visit, translate("Tisserand", "Visits"), [QgsProcessing.SourceType.TypeVector], optional=True)
        self.addParameter(
            QgsProcessingParameterNumber(
                self.MONTHS,
                translate("Tisserand", "Stale after (months)"),
                QgsProcessingParameterNumber.Type.Integer,
                24,
                minValue=1,
            )
        )
        for name, label, default, layer in (
            ("SURVEYED_FIELD", translate("Tisserand", "Day of survey"), "recense_le", territory),
            ("LEVEL_FIELD", translate("Tisserand", "Level"), "niveau", territory),
            ("CODE_FIELD", translate("Tisserand", "Code"), "code", territory),
            ("TERRITORY_NAME_FIELD", translate("Tisserand", "Name of the territory"), "nom", territory),
            ("ID_FIELD", translate("Tisserand", "Identifier"), "uuid", actor),
            ("STATUS_FIELD", translate("Tisserand", "Survey status"), "statut_recensement", actor),
            ("KIND_FIELD", translate("Tisserand", "Type of actor"), "type_initiative", actor),
            ("VISITED_FIELD", translate("Tisserand", "Last visit"), "date_visite", actor),
            ("UPDATED_FIELD", translate("Tisserand", "Last update"), "date_maj", actor),
            ("REVIEW_FIELD", translate("Tisserand", "To be reviewed before"), "revoir_avant", actor),
            ("VISIT_ACTOR_FIELD", translate("Tisserand", "Actor visited"), "acteur_uuid", visit),
            ("VISIT_DATE_FIELD", translate("Tisserand", "Day of the visit"), "date_visite", visit),
            ("VISIT_NATURE_FIELD", translate("Tisserand", "Nature of the visit"), "nature", visit),
        ):
            self.add_field(name, label, default, layer, advanced=True)
        day = QgsProcessingParameterString(
            self.DATE, translate("Tisserand", "As of (YYYY-MM-DD; empty: today)"), optional=True
        )
        day.setFlags(day.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(day)
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, self.displayName(), polygons))
        self.add_report()

    def work(self, parameters, context, feedback):
        from ..analysis.survey import survey_effort

        today = day_given(self.parameterAsString(parameters, self.DATE, context))
        months = self.parameterAsInt(parameters, self.MONTHS, context)
        about = self.described(parameters, context)
        about[self.DATE] = (about[self.DATE][0], today.isoformat())
        territories = self.read(self.TERRITORIES, self.OF_TERRITORIES, parameters, context, feedback)
        actors = self.read(self.ACTORS, self.OF_ACTORS, parameters, context, feedback)
        visits = self._visits(parameters, context, feedback)
        self._go_on(feedback, 40)

        places, points = to_metric(territories.frame, actors.frame)
        self._with_days(places, ["surveyed"], self.TERRITORIES, parameters, context, feedback)
        self._with_days(points, ["visited", "updated", "review"], self.ACTORS, parameters, context, feedback)
        points["id"] = _ids(points, actors)
        points["counted"] = True
        for column, closed in (("status", CLOSED_ACTORS), ("kind", (TOWN_HALL,))):
            if column in points:
                points["counted"] &= ~points[column].isin(closed)
        self._go_on(feedback, 60)
        found = survey_effort(places, points, visits, today=today, months=months)
        self._go_on(feedback, 80)
        warn(found, feedback)

        fields = fields_after(territories.fields, fields_of(self.FIELDS))
        columns = [found.territories[name].tolist() for name in self.FIELDS]
        features = extended(territories.features, range(len(places)), columns, fields)
        destination = self.save(parameters, self.OUTPUT, context, feedback, fields, territories, features)
        present(destination, style_effort, self.displayName(), about, context)
        results = {self.OUTPUT: destination}
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, places, found, feedback.warnings)
        )
        return results

    def _go_on(self, feedback, percent) -> None:
        """Show how far the work has come, and stop if that is wished."""
        feedback.setProgress(percent)
        stop_if_cancelled(feedback)

    def _visits(self, parameters, context, feedback) -> pd.DataFrame | None:
        import pandas as pd

        source = self.source(parameters, self.VISITS, context)
        if source is None:
            return None
        fields = {
            column: self.field(parameters, name, context, source, feedback) for column, name in self.OF_VISITS.items()
        }
        if not fields["actor"]:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "The layer {layer} does not say whom a visit was paid to: name the field of the actor."
                ),
                layer=source.sourceName(),
            )
        visits = pd.DataFrame(read_table(source, fields, feedback), dtype=object)
        visits["actor"] = [None if actor in (None, "") else str(actor) for actor in visits["actor"]]
        self._with_days(visits, ["date"], self.VISITS, parameters, context, feedback)
        return visits

    def _with_days(self, frame, columns, layer, parameters, context, feedback) -> None:
        """Turn columns that the frame has into days."""
        label = self.parameterDefinition(layer).description()
        named = {**self.OF_TERRITORIES, **self.OF_ACTORS, **self.OF_VISITS}
        for column in columns:
            if column in frame:
                field = self.parameterAsString(parameters, named[column], context)
                frame[column] = days(frame[column].tolist(), field, label, feedback)


def _ids(points: GeoDataFrame, actors: Reading) -> list[str]:
    """Return the identifier of each actor, the number of its feature where it has none."""
    given = points["id"] if "id" in points else [None] * len(points)
    return [str(number if own is None else own) for own, number in zip(given, actors.ids)]
