"""Reach: the roads from which an actor can be reached in time, and the actor that is nearest."""

from __future__ import annotations

from math import fsum
from typing import ClassVar

from qgis.core import (
    NULL,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import REAL, TEXT
from ...layers.result_looks.reach import style_reached, style_unreached
from .frames import Shape, extended, fields_after, fields_of, stop_if_cancelled, to_features, to_metric
from .reaching import ReachAlgorithm
from .results import present
from .texts.reach import FORMULA, SOURCE, method, report, warn


class Reach(ReachAlgorithm):
    """Reads roads and actors, asks the analysis, writes the roads cut where the time runs out."""

    GROUP = "analysis"

    ACTORS, STEP = "ACTORS", "STEP"
    OUTPUT, UNREACHED = "OUTPUT", "UNREACHED"
    KM_REACHED, KM_UNREACHED = "KM_REACHED", "KM_UNREACHED"
    OF_ACTORS: ClassVar = {"id": "ACTORS_ID", "name": "ACTORS_NAME"}
    REACHED_FIELDS: ClassVar = {
        "minutes": REAL,
        "acteur": TEXT,
        "acteur_nom": TEXT,
        "minutes_debut": REAL,
        "classe": REAL,
        "longueur_m": REAL,
    }
    UNREACHED_FIELDS: ClassVar = {"minutes": REAL, "minutes_debut": REAL, "cause": TEXT, "longueur_m": REAL}

    def name(self):
        return "reach"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Reach by road")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1007/BF01386390"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_ways(needed=True)
        anything = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
        self.add_layer(self.ACTORS, translate("Tisserand", "Actors"), anything)
        self.add_field("ACTORS_ID", translate("Tisserand", "Identifier (actors)"), "uuid", self.ACTORS, advanced=True)
        self.add_field("ACTORS_NAME", translate("Tisserand", "Name (actors)"), "nom", self.ACTORS, advanced=True)
        self.add_reach()
        self.add_number(self.STEP, translate("Tisserand", "Minutes of a class (0: one class)"), 5.0)
        lines = QgsProcessing.SourceType.TypeVectorLine
        for name, title, optional in ((self.OUTPUT, _reached(), False), (self.UNREACHED, _unreached(), True)):
            self.addParameter(QgsProcessingParameterFeatureSink(name, title, lines, optional=optional))
        self.add_report()
        self.addOutput(QgsProcessingOutputNumber(self.KM_REACHED, translate("Tisserand", "Kilometres reached")))
        self.addOutput(QgsProcessingOutputNumber(self.KM_UNREACHED, translate("Tisserand", "Kilometres not reached")))

    def work(self, parameters, context, feedback):
        from ..analysis.meeting import offer, points
        from ..analysis.roads.reach import reached

        about = self.described(parameters, context)
        roads = self.read_roads(parameters, context, feedback)
        actors = self.read(self.ACTORS, self.OF_ACTORS, parameters, context, feedback)
        lines, people = to_metric(roads.frame, actors.frame)
        ways = self.by_road(
            roads, parameters, context, feedback, lines.crs, lambda share: feedback.setProgress(share / 2)
        )
        feedback.setProgress(50)
        offering = offer(people)
        found = reached(
            ways,
            points(offering),
            self.reach(parameters, context),
            self.parameterAsDouble(parameters, self.STEP, context),
            lines.crs,
            lambda: stop_if_cancelled(feedback),
            draw_unreached=parameters.get(self.UNREACHED) not in (None, NULL, ""),
        )
        feedback.setProgress(70)
        warn(found, feedback)
        nearest = offering.iloc[found.reached["place"]]
        results = {
            self.KM_REACHED: fsum(found.reached["metres"]) / 1000,
            self.KM_UNREACHED: fsum(found.unreached["metres"]) / 1000,
        }
        named = found.reached.rename(columns={"metres": "longueur_m"}).assign(
            acteur=nearest["id"].where(nearest["id"] != "", nearest["name"]).to_numpy(),
            acteur_nom=nearest["name"].to_numpy(),
        )
        for name, rows, types, title, style in (
            (self.OUTPUT, named, self.REACHED_FIELDS, _reached(), style_reached),
            (
                self.UNREACHED,
                found.unreached.rename(columns={"metres": "longueur_m"}),
                self.UNREACHED_FIELDS,
                _unreached(),
                style_unreached,
            ),
        ):
            if "geometry" not in rows:
                continue
            destination = self._save_lines(name, rows, types, roads, parameters, context, feedback)
            feedback.setProgress(90)
            if destination:
                present(destination, style, title, about, context)
                results[name] = destination
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, named, found.unreached, ways, feedback.warnings),
        )
        return results

    def _save_lines(self, name, rows, types, roads, parameters, context, feedback):
        fields = fields_after(roads.fields, fields_of(types))
        whole = extended(roads.features, rows["road"], [rows[field].tolist() for field in types], fields)
        lines = to_features(rows, roads.crs, fields_of({}))
        shape = Shape(QgsWkbTypes.Type.LineString, roads.crs)
        return self.save(parameters, name, context, feedback, fields, shape, _cut(whole, lines))


def _cut(whole, lines):
    """Yield whole roads with a line each in place of their geometry."""
    for feature, line in zip(whole, lines):
        feature.setGeometry(line.geometry())
        yield feature


def _reached():
    return translate("Tisserand", "Roads reached")


def _unreached():
    return translate("Tisserand", "Roads not reached")
