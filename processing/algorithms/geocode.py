"""Geocoding: the addresses of a layer become points, by any geocoder of the Base Adresse Nationale."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import ClassVar, NamedTuple

from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingFeatureSource,
    QgsProcessingOutputNumber,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.crs import legal_epsg_at
from ...layers.errors import QT_TRANSLATE_NOOP, FolderMissingError, TisserandError
from ...layers.fields import INTEGER, REAL, TEXT
from ...layers.geocoding.addresses import Question, make_question
from ...layers.geocoding.answers import DOUBTFUL, FOUND, NOT_FOUND
from ...layers.geocoding.resume import KeptAnswers
from ...layers.geocoding.search import Outcome, settle
from ...layers.geocoding.service import Geocoder, service_address
from ...layers.geocoding.spread import stack_sizes
from ...layers.project import TABLE_PROPERTY, table_of
from ...layers.reference import commune_names, successors
from ...layers.result_looks.geocoding import style_geocoded
from .base import TisserandAlgorithm
from .frames import CHUNK, Shape, fields_after, fields_of, stop_if_cancelled
from .network import QgisLine
from .outputs import file_of
from .results import present
from .texts.geocode import SOURCE, method, report, sending, warn_of_stacks

GEOPLATEFORME = "https://data.geopf.fr/geocodage"
WGS84 = 4326
FROM_GEOCODER, FROM_ORIGIN = "geocodeur", "origine"
# Seconds between two looks at the button that cancels.
BLINK = 0.1
NOT_IN_A_FOLDER = ("memory:", "postgres:", "postgis:")
# A layer with these fields holds needs, wherever it was copied to.
OF_NEEDS = {"nb_situations", "theme_vie"}


class Rows(NamedTuple):
    """The rows of a layer, none left out: ``questions[k]`` and ``origins[k]`` (None: no position) are of feature k."""

    features: list[QgsFeature]
    questions: list[Question]
    origins: list[QgsPointXY | None]


class Geocode(TisserandAlgorithm):
    """Sends addresses to a service, judges its answers, writes every row with what became of it."""

    PACKAGES: ClassVar = {}

    INPUT, SERVICE, AUTHCFG, MIN_SCORE = "INPUT", "SERVICE", "AUTHCFG", "MIN_SCORE"
    CACHE, OUTPUT = "CACHE", "OUTPUT"
    READ, FOUND, DOUBTFUL, NOT_FOUND = "READ", "FOUND", "DOUBTFUL", "NOT_FOUND"
    OF_ADDRESS: ClassVar = ("ADDRESS_FIELD", "POSTCODE_FIELD", "CITY_FIELD", "CITYCODE_FIELD")
    FIELDS: ClassVar = {
        "statut": TEXT,
        "score": REAL,
        "precision_geo": TEXT,
        "adresse_trouvee": TEXT,
        "commune_trouvee": TEXT,
        "cause": TEXT,
        "source_position": TEXT,
        "candidat_x": REAL,
        "candidat_y": REAL,
        "empilement": INTEGER,
    }

    def name(self):
        return "geocode"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Addresses to points")

    def helpUrl(self):  # noqa: N802
        return "https://geoservices.ign.fr/documentation/services/services-geoplateforme/geocodage"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_layer(
            self.INPUT, translate("Tisserand", "Layer or table with addresses"), [QgsProcessing.SourceType.TypeVector]
        )
        for name, label, default in (
            ("ADDRESS_FIELD", translate("Tisserand", "Address"), "adresse"),
            ("POSTCODE_FIELD", translate("Tisserand", "Postcode"), "code_postal"),
            ("CITY_FIELD", translate("Tisserand", "Commune"), "commune"),
            ("CITYCODE_FIELD", translate("Tisserand", "INSEE code of the commune"), "code_insee"),
        ):
            self.add_field(name, label, default, self.INPUT)
        self.addParameter(
            QgsProcessingParameterString(
                self.SERVICE, translate("Tisserand", "Service (address of a BAN or addok geocoder)"), GEOPLATEFORME
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                self.MIN_SCORE,
                translate("Tisserand", "Lowest score accepted (0 to 1)"),
                QgsProcessingParameterNumber.Type.Double,
                0.75,
                minValue=0,
                maxValue=1,
            )
        )
        account = QgsProcessingParameterAuthConfig(
            self.AUTHCFG, translate("Tisserand", "Account for the service"), optional=True
        )
        account.setFlags(account.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(account)
        points = QgsProcessing.SourceType.TypeVectorPoint
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, self.displayName(), points))
        self.add_report()
        self.add_file(self.CACHE, translate("Tisserand", "Answers kept from one run to the next"), "JSON (*.jsonl)")
        for name, label in (
            (self.READ, translate("Tisserand", "Rows read")),
            (self.FOUND, translate("Tisserand", "Found")),
            (self.DOUBTFUL, translate("Tisserand", "Doubtful")),
            (self.NOT_FOUND, translate("Tisserand", "Not found")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def work(self, parameters, context, feedback):
        source = self.source(parameters, self.INPUT, context)
        self._refuse_needs(parameters, context, source)
        if source.wkbType() != QgsWkbTypes.Type.NoGeometry and not source.sourceCrs().isValid():
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{layer} has no CRS: set it in the properties of the layer."),
                layer=source.sourceName(),
            )
        service = service_address(self.parameterAsString(parameters, self.SERVICE, context))
        about = self.described(parameters, context)
        # Its number says nothing to others, and nothing of an account belongs in a result.
        del about[self.AUTHCFG]
        about[self.SERVICE] = (about[self.SERVICE][0], service)
        rows = self._rows(parameters, context, feedback, source)
        outcomes = self._outcomes(parameters, context, feedback, service, rows)

        crs = self._crs(source, outcomes)
        own = fields_after(source.fields(), fields_of(self.FIELDS))
        sizes = stack_sizes(map(_accepted, outcomes))
        warn_of_stacks(outcomes, sizes, feedback)
        to_crs = QgsCoordinateTransform(QgsCoordinateReferenceSystem.fromEpsgId(WGS84), crs, context.transformContext())
        features = (
            _feature(QgsFeature(own), feature, origin, outcome, size, to_crs)
            for feature, origin, outcome, size in zip(rows.features, rows.origins, outcomes, sizes)
        )
        shape = Shape(QgsWkbTypes.Type.Point, crs)
        destination = self.save(parameters, self.OUTPUT, context, feedback, own, shape, features)
        present(destination, style_geocoded, self.displayName(), about, context)
        statuses = [outcome.verdict.status for outcome in outcomes]
        results = {
            self.OUTPUT: destination,
            self.READ: len(outcomes),
            self.FOUND: statuses.count(FOUND),
            self.DOUBTFUL: statuses.count(DOUBTFUL),
            self.NOT_FOUND: statuses.count(NOT_FOUND),
        }
        self.save_report(
            parameters,
            context,
            results,
            lambda: report(self.displayName(), about, rows.questions, outcomes, feedback.warnings),
        )
        if not self.parameterAsFileOutput(parameters, self.CACHE, context):
            self._kept(parameters, context, service).discard()
        return results

    def _refuse_needs(self, parameters, context, source: QgsProcessingFeatureSource) -> None:
        """Raise when the rows are needs: where people in need live is told to no one."""
        layer = self.parameterAsVectorLayer(parameters, self.INPUT, context)
        tables = set() if layer is None else {table_of(layer), layer.customProperty(TABLE_PROPERTY)}
        if "besoin" in tables or set(source.fields().names()) >= OF_NEEDS:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "{layer} holds needs, which are never geocoded by address: nothing was sent. Place a need on the "
                    "map, or count it by commune.",
                ),
                layer=source.sourceName(),
            )

    def _rows(self, parameters, context, feedback, source: QgsProcessingFeatureSource) -> Rows:
        named = [self.field(parameters, name, context, source, feedback) for name in self.OF_ADDRESS]
        if not any(named):
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "No field of {layer} was named that holds an address or a commune: name one at least."
                ),
                layer=source.sourceName(),
            )
        merged, names = successors(), commune_names()
        rows, outlines = Rows([], [], []), 0
        for number, feature in enumerate(source.getFeatures()):
            if number % CHUNK == 0:
                stop_if_cancelled(feedback)
            values = [None if not field or feature[field] == NULL else feature[field] for field in named]
            rows.features.append(feature)
            rows.questions.append(make_question(*values, merged, names))
            origin, outline = _origin(feature.geometry())
            rows.origins.append(origin)
            outlines += outline
        if outlines:
            text = translate(
                "Tisserand", "Not single points, replaced by a point on them where nothing is found: {count}."
            )
            feedback.pushWarning(text.format(count=outlines))
        if not rows.features:
            feedback.pushWarning(
                translate("Tisserand", "{layer}: no feature to work on.").format(layer=source.sourceName())
            )
        return rows

    def _outcomes(self, parameters, context, feedback, service: str, rows: Rows) -> list[Outcome]:
        """Return what became of each row; when that fails or is cancelled, the answers had so far are kept on disk."""

        def wait(seconds: float) -> None:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                stop_if_cancelled(feedback)
                time.sleep(min(BLINK, max(0.0, until - time.monotonic())))

        kept = self._kept(parameters, context, service)
        line = QgisLine(self.parameterAsString(parameters, self.AUTHCFG, context), feedback)
        least = self.parameterAsDouble(parameters, self.MIN_SCORE, context)
        feedback.pushInfo(sending(len(set(rows.questions)), service))
        try:
            found = settle(
                rows.questions,
                Geocoder(service, line, kept, wait),
                least,
                successors(),
                lambda share: feedback.setProgress(100 * share),
            )
        except TisserandError:
            if kept.path.exists():
                text = translate(
                    "Tisserand", "The answers had so far are kept in {path}: the next run asks for the rest."
                )
                feedback.pushInfo(text.format(path=kept.path))
            raise
        return [found[question] for question in rows.questions]

    def _kept(self, parameters, context, service: str) -> KeptAnswers:
        """Return the answers kept: in the file named, else beside the output, else among the user's settings."""
        named = self.parameterAsFileOutput(parameters, self.CACHE, context)
        if named:
            path = Path(named)
        else:
            output = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
            path = file_of(output).with_suffix(".reprise.jsonl")
            temporary = Path(QgsProcessingUtils.tempFolder())
            if output.startswith(NOT_IN_A_FOLDER) or temporary in path.parents:
                path = Path(QgsApplication.qgisSettingsDirPath()) / "tisserand" / "geocodage.reprise.jsonl"
                path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.is_dir():
            raise FolderMissingError(path.parent)
        return KeptAnswers(service, path)

    def _crs(self, source: QgsProcessingFeatureSource, outcomes: list[Outcome]) -> QgsCoordinateReferenceSystem:
        """Return the CRS of the layer; of a table without geometry, the legal one where most of its addresses are."""
        if source.wkbType() != QgsWkbTypes.Type.NoGeometry:
            return source.sourceCrs()
        places = [place for place in map(_accepted, outcomes) if place]
        epsg = WGS84
        if places:
            epsg = legal_epsg_at(median(place[0] for place in places), median(place[1] for place in places))
        return QgsCoordinateReferenceSystem.fromEpsgId(epsg)


def _origin(geometry: QgsGeometry) -> tuple[QgsPointXY | None, bool]:
    """Return where a feature stands, and whether it is something else than one point."""
    if geometry.isNull() or geometry.isEmpty():
        return None, False
    if QgsWkbTypes.flatType(geometry.wkbType()) == QgsWkbTypes.Type.Point:
        return geometry.asPoint(), False
    return geometry.pointOnSurface().asPoint(), True


def _accepted(outcome: Outcome) -> tuple[float, float] | None:
    """Return the position in degrees of an answer that is believed."""
    if outcome.verdict.status != FOUND or outcome.candidate is None:
        return None
    return outcome.candidate.longitude, outcome.candidate.latitude


def _feature(
    feature: QgsFeature,
    own: QgsFeature,
    origin: QgsPointXY | None,
    outcome: Outcome,
    size: int | None,
    to_crs: QgsCoordinateTransform,
) -> QgsFeature:
    """Fill ``feature``: an answer that is believed gives the position, any other is only noted beside the origin."""
    candidate, (status, causes) = outcome.candidate, outcome.verdict
    position, where = origin, FROM_ORIGIN if origin is not None else None
    said = [None] * 4
    unused: list[float | None] = [None, None]
    if candidate is not None:
        said = [candidate.score, candidate.precision, candidate.label or None, candidate.citycode or None]
        place = to_crs.transform(QgsPointXY(candidate.longitude, candidate.latitude))
        if status == FOUND:
            position, where = place, FROM_GEOCODER
        else:
            unused = [place.x(), place.y()]
    if position is not None:
        feature.setGeometry(QgsGeometry.fromPointXY(position))
    feature.setAttributes([*own.attributes(), status, *said, "|".join(causes) or None, where, *unused, size])
    return feature
