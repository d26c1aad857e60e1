"""Territories from outside: the adapter of ``layers.territories.planning``."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import ClassVar

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeatureSource,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import read_settings
from ...layers.model.codes import code_list
from ...layers.territories.field_names import CODES, NAMES, guess_or_raise
from ...layers.territories.national import NATIONAL_SOURCE, national_territories
from ...layers.territories.planning import Given, Wish, plan
from ...layers.territories.wfs import service_name
from .base import TisserandAlgorithm
from .features_in import given_territories, wfs_territories
from .frames import Shape, fields_of, stop_if_cancelled
from .results import present
from .texts.territories import REJECT_FIELDS, counts, method, name_rejects, reject_features, report, warn

LAYER, NATIONAL_FILE, WFS = range(3)


class ImportTerritories(TisserandAlgorithm):
    """Reads territories from a layer, the national file or a service, has them judged, writes them to the store."""

    PACKAGES: ClassVar = {}

    INPUT, CODE, NAME, POPULATION, LEVEL = "INPUT", "CODE_FIELD", "NAME_FIELD", "POPULATION_FIELD", "LEVEL"
    FROM, DEPARTEMENTS, URL, TYPENAME, AUTHCFG = "FROM", "DEPARTEMENTS", "URL", "TYPENAME", "AUTHCFG"
    VINTAGE, SOURCE, ZEROS, NEIGHBOURS = "VINTAGE", "SOURCE", "LOST_ZEROS", "NEIGHBOURS"
    REJECTS = "REJECTS"
    LEVELS: ClassVar = tuple(code_list("niveaux").labels)

    def name(self):
        return "importterritories"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Import territories")

    def helpUrl(self):  # noqa: N802
        return "https://www.insee.fr/fr/information/2560452"

    def shortHelpString(self):  # noqa: N802
        return method()

    def initAlgorithm(self, configuration=None):  # noqa: N802
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        self.addParameter(
            QgsProcessingParameterEnum(
                self.FROM,
                translate("Tisserand", "From"),
                [
                    translate("Tisserand", "A layer"),
                    translate("Tisserand", "The national file of communes"),
                    translate("Tisserand", "A Web Feature Service (WFS)"),
                ],
                defaultValue=LAYER,
            )
        )
        self.add_layer(self.INPUT, translate("Tisserand", "Territories"), [polygons], optional=True)
        for name, label in (
            (self.CODE, translate("Tisserand", "Field with their code (empty: guessed)")),
            (self.NAME, translate("Tisserand", "Field with their name (empty: guessed)")),
            (self.POPULATION, translate("Tisserand", "Field with their population")),
        ):
            self.add_field(name, label, None, self.INPUT)
        self.addParameter(
            QgsProcessingParameterEnum(
                self.LEVEL,
                translate("Tisserand", "Their level"),
                list(self.LEVELS),
                defaultValue="autre",
                usesStaticStrings=True,
            )
        )
        self.add_store()
        self.addParameter(
            QgsProcessingParameterNumber(
                self.VINTAGE,
                translate("Tisserand", "Vintage (year; 0: the current one)"),
                QgsProcessingParameterNumber.Type.Integer,
                0,
                minValue=0,
                maxValue=2100,
            )
        )
        self._add_texts()
        for name, label in (
            (self.ZEROS, translate("Tisserand", "Give codes back the zero they lost")),
            (self.NEIGHBOURS, translate("Tisserand", "Take territories outside the Département too")),
        ):
            self._add(QgsProcessingParameterBoolean(name, label, False), advanced=True)
        rejects = translate("Tisserand", "Rows refused")
        kind = QgsProcessing.SourceType.TypeVector
        self.addParameter(QgsProcessingParameterFeatureSink(self.REJECTS, rejects, kind, None, True, False))
        self.add_report()
        for name, label in (
            ("ACCEPTED", translate("Tisserand", "Territories taken")),
            ("REJECTED", rejects),
            ("CREATED", translate("Tisserand", "New")),
            ("UPDATED", translate("Tisserand", "Changed")),
            ("UNCHANGED", translate("Tisserand", "Unchanged")),
            ("REPLACED", translate("Tisserand", "Replaced by a newer vintage")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def _add_texts(self):
        for name, label, default in (
            (self.SOURCE, translate("Tisserand", "Source (empty: the name of the layer)"), None),
            (self.DEPARTEMENTS, translate("Tisserand", "Départements of the national file (24 40 47…)"), None),
            (self.URL, translate("Tisserand", "Address of the service"), "https://data.geopf.fr/wfs"),
            (self.TYPENAME, translate("Tisserand", "Layer of the service"), "ADMINEXPRESS-COG.LATEST:commune"),
        ):
            text = QgsProcessingParameterString(name, label, default, optional=True)
            self._add(text, advanced=name != self.SOURCE)
        authentication = QgsProcessingParameterAuthConfig(
            self.AUTHCFG, translate("Tisserand", "Authentication of the service"), optional=True
        )
        self._add(authentication, advanced=True)

    def work(self, parameters, context, feedback):
        store = self.store(parameters, context)
        settings = read_settings(store)
        about = self.described(parameters, context)
        # What follows the “?” may be a key, which belongs in no report.
        about[self.URL] = (about[self.URL][0], about[self.URL][1].partition("?")[0])
        given, source, partial = self._given(parameters, context, feedback, settings)
        feedback.setProgress(40)
        named = self.parameterAsString(parameters, self.SOURCE, context).strip()
        wish = Wish(
            self._level(parameters, context),
            named or source,
            self.parameterAsInt(parameters, self.VINTAGE, context),
            self.parameterAsBool(parameters, self.ZEROS, context),
            self.parameterAsBool(parameters, self.NEIGHBOURS, context) or bool(self._departements(parameters, context)),
        )
        made = plan(store, given, wish, datetime.now(timezone.utc))
        stop_if_cancelled(feedback)
        feedback.setProgress(80)
        warn(made, partial, feedback)
        results = dict(counts(made))
        self._write_rejects(parameters, context, feedback, made, about, results)
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, made, feedback.warnings)
        )
        made.write(store)
        feedback.setProgress(100)
        return results

    def _given(self, parameters, context, feedback, settings) -> tuple[list[Given], str, list[str]]:
        """Return the territories in the CRS of the store, their source, and those that are drawn in part."""
        epsg = int(settings["epsg"])
        crs = QgsCoordinateReferenceSystem.fromEpsgId(epsg)
        origin = self.parameterAsEnum(parameters, self.FROM, context)
        if origin == NATIONAL_FILE:
            places = self._departements(parameters, context) or [settings["departement"]]
            given, partial = national_territories(self._level(parameters, context), places, epsg)
            return given, NATIONAL_SOURCE, partial
        if origin == WFS:
            url = self.parameterAsString(parameters, self.URL, context)
            typename = self.parameterAsString(parameters, self.TYPENAME, context).strip()
            authcfg = self.parameterAsString(parameters, self.AUTHCFG, context)
            store = self.store(parameters, context)
            layer = wfs_territories(url, typename, store, crs, authcfg, feedback)
            source = f"{typename} ({service_name(url)})"
        else:
            layer = self.source(parameters, self.INPUT, context)
            if layer is None:
                raise TisserandError(
                    QT_TRANSLATE_NOOP("Tisserand", "No layer was given (INPUT): choose the one with the territories.")
                )
            source = layer.sourceName()
        fields = self._fields(layer, parameters, context, feedback)
        return given_territories(layer, fields, crs, context, feedback), source, []

    def _fields(self, layer: QgsFeatureSource, parameters, context, feedback) -> dict[str, str | None]:
        level = self._level(parameters, context)
        names = layer.fields().names()
        found = {}
        for name, usual in ((self.CODE, CODES[level]), (self.NAME, NAMES[level]), (self.POPULATION, None)):
            found[name] = self.field(parameters, name, context, layer, feedback)
            if found[name] is None and usual:
                found[name] = guess_or_raise(names, usual, layer=layer.sourceName(), what=name)
                feedback.pushInfo(f"{name} = {found[name]}")
        return found

    def _level(self, parameters, context) -> str:
        given = parameters.get(self.LEVEL)
        # A script may give the position, as for any other choice.
        if isinstance(given, int) and 0 <= given < len(self.LEVELS):
            return self.LEVELS[given]
        return self.parameterAsString(parameters, self.LEVEL, context)

    def _departements(self, parameters, context) -> list[str]:
        if self.parameterAsEnum(parameters, self.FROM, context) != NATIONAL_FILE:
            return []
        text = self.parameterAsString(parameters, self.DEPARTEMENTS, context)
        return list(dict.fromkeys(re.findall(r"\w+", text.upper())))

    def _write_rejects(self, parameters, context, feedback, made, about, results) -> None:
        """Write what was refused before the store is touched: it is taken away again when the store refuses."""
        if parameters.get(self.REJECTS) in (None, NULL, ""):
            return
        shape = Shape(QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem())
        fields = fields_of(REJECT_FIELDS)
        destination = self.save(parameters, self.REJECTS, context, feedback, fields, shape, reject_features(made))
        present(destination, name_rejects, translate("Tisserand", "Rows refused"), about, context)
        results[self.REJECTS] = destination
