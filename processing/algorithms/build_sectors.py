"""Sectors from a table of communes: the adapter of ``layers.territories.sectors``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import ClassVar

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.fields import INTEGER, TEXT
from ...layers.geopackage import GEOMETRY, read_rows, read_settings
from ...layers.result_looks.sectors import style_sectors
from ...layers.territories.field_names import (
    COMMUNE_CODES,
    COMMUNE_NAMES,
    SECTOR_CODES,
    SECTOR_NAMES,
    guess,
    guess_or_raise,
)
from ...layers.territories.sectors import Line, Place, Sectors, build_sectors
from .base import TisserandAlgorithm
from .features_in import as_text, given_communes
from .frames import Shape, fields_of, stop_if_cancelled
from .results import present
from .texts.sectors import counts, method, report, warn


class BuildSectors(TisserandAlgorithm):
    """Reads communes and the table, has the sectors built, writes them to the store and to a layer."""

    PACKAGES: ClassVar = {}

    COMMUNES, CODE, TABLE = "COMMUNES", "CODE_FIELD", "TABLE"
    COMMUNE, SECTOR, SECTOR_NAME = "COMMUNE_FIELD", "SECTOR_FIELD", "SECTOR_NAME_FIELD"
    SOURCE, OUTPUT = "SOURCE", "OUTPUT"
    FIELDS: ClassVar = {"code": TEXT, "nom": TEXT, "membres": TEXT, "n_communes": INTEGER, "morceaux": INTEGER}

    def name(self):
        return "buildsectors"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Build sectors")

    def helpUrl(self):  # noqa: N802
        return "https://www.insee.fr/fr/information/2560452"

    def shortHelpString(self):  # noqa: N802
        return method()

    def initAlgorithm(self, configuration=None):  # noqa: N802
        polygons, any_table = QgsProcessing.SourceType.TypeVectorPolygon, QgsProcessing.SourceType.TypeVector
        self.add_layer(self.TABLE, translate("Tisserand", "Table: the sector of each commune"), [any_table])
        for name, label in (
            (self.COMMUNE, translate("Tisserand", "Field with the code of the commune (empty: guessed)")),
            (self.SECTOR, translate("Tisserand", "Field with the code of the sector (empty: guessed)")),
            (self.SECTOR_NAME, translate("Tisserand", "Field with the name of the sector (empty: guessed)")),
        ):
            self.add_field(name, label, None, self.TABLE)
        communes = translate("Tisserand", "Communes (empty: those of the workspace)")
        self.add_layer(self.COMMUNES, communes, [polygons], optional=True)
        code = translate("Tisserand", "Field with their code (empty: guessed)")
        self.add_field(self.CODE, code, None, self.COMMUNES, advanced=True)
        self.add_store()
        source = translate("Tisserand", "Source (empty: the name of the layer)")
        self._add(QgsProcessingParameterString(self.SOURCE, source, optional=True), advanced=True)
        sectors = translate("Tisserand", "Sectors")
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, sectors, polygons, None, True, False))
        self.add_report()
        for name, label in (
            ("SECTORS", sectors),
            ("CREATED", translate("Tisserand", "New")),
            ("UPDATED", translate("Tisserand", "Changed")),
            ("UNCHANGED", translate("Tisserand", "Unchanged")),
            ("ORPHANS", translate("Tisserand", "Communes without a sector")),
            ("UNKNOWN", translate("Tisserand", "Codes that are none of the communes")),
            ("SCATTERED", translate("Tisserand", "Sectors in several pieces")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def work(self, parameters, context, feedback):
        store = self.store(parameters, context)
        crs = QgsCoordinateReferenceSystem.fromEpsgId(int(read_settings(store)["epsg"]))
        about = self.described(parameters, context)
        table = self.source(parameters, self.TABLE, context)
        lines = self._lines(table, parameters, context, feedback)
        places = self._places(store, crs, parameters, context, feedback)
        feedback.setProgress(30)
        source = self.parameterAsString(parameters, self.SOURCE, context).strip() or table.sourceName()
        made = build_sectors(store, places, lines, source, datetime.now(timezone.utc))
        warn(made, feedback)
        feedback.setProgress(70)
        stop_if_cancelled(feedback)
        results: dict[str, object] = dict(counts(made))
        if parameters.get(self.OUTPUT) not in (None, NULL, ""):
            shape = Shape(QgsWkbTypes.Type.MultiPolygon, crs)
            fields = fields_of(self.FIELDS)
            destination = self.save(parameters, self.OUTPUT, context, feedback, fields, shape, self._features(made))
            present(destination, style_sectors, translate("Tisserand", "Sectors"), about, context)
            results[self.OUTPUT] = destination
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, made, feedback.warnings)
        )
        # Last, so that nothing is in the store when an output could not be written.
        made.write(store)
        feedback.setProgress(100)
        return results

    def _lines(self, table, parameters, context, feedback) -> list[Line]:
        names = table.fields().names()
        commune = self.field(parameters, self.COMMUNE, context, table, feedback) or guess_or_raise(
            names, COMMUNE_CODES, layer=table.sourceName(), what=self.COMMUNE
        )
        label = self.field(parameters, self.SECTOR_NAME, context, table, feedback) or guess(names, SECTOR_NAMES)
        # Where the table has nothing but names, a name is also the code.
        code = self.field(parameters, self.SECTOR, context, table, feedback) or guess(names, SECTOR_CODES) or label
        if code is None:
            code = guess_or_raise(names, SECTOR_CODES, layer=table.sourceName(), what=self.SECTOR)
        feedback.pushInfo(f"{self.COMMUNE} = {commune}, {self.SECTOR} = {code}, {self.SECTOR_NAME} = {label or ''}")
        lines = []
        for row, feature in enumerate(table.getFeatures(), 1):
            stop_if_cancelled(feedback)
            values = [as_text(feature[field]) if field else "" for field in (commune, code, label)]
            lines.append(Line(row, *values))
        return lines

    def _places(self, store, crs, parameters, context, feedback) -> list[Place]:
        communes = self.source(parameters, self.COMMUNES, context)
        if communes is None:
            rows = read_rows(store, "territoire")
            return [Place(row["code"], row["nom"], row[GEOMETRY]) for row in rows if row["niveau"] == "commune"]
        names = communes.fields().names()
        code = self.field(parameters, self.CODE, context, communes, feedback) or guess_or_raise(
            names, COMMUNE_CODES, layer=communes.sourceName(), what=self.CODE
        )
        given = given_communes(communes, code, guess(names, COMMUNE_NAMES), crs, context, feedback)
        if not given:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "The layer {layer} holds no territory: choose a layer with polygons."),
                layer=communes.sourceName(),
            )
        return [Place(row.code, row.nom, row.polygon) for row in given]

    def _features(self, made: Sectors):
        fields = fields_of(self.FIELDS)
        for sector in made.sectors:
            feature = QgsFeature(fields)
            if sector.outline is not None:
                geometry = QgsGeometry()
                geometry.fromWkb(bytes(sector.outline.ExportToIsoWkb()))
                feature.setGeometry(geometry)
            members = "|".join(sector.communes)
            feature.setAttributes([sector.code, sector.nom, members, len(sector.communes), sector.pieces])
            yield feature
