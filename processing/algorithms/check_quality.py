"""Quality of records: what the record of each actor lacks, and what to correct first."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import ClassVar, NamedTuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterString,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import BOOLEAN, REAL, TEXT
from ...layers.geopackage import GEOMETRY, read_rows, read_settings
from ...layers.quality import BETWEEN_FIXES, CRITERIA, Quality, quality
from ...layers.result_looks.quality import ALIASES, style_quality
from ...layers.whereabouts import TO_LOCATE, Communes
from .base import TisserandAlgorithm
from .days import day_given
from .frames import Shape, fields_of, stop_if_cancelled
from .reports import Report, Table
from .results import present

FORMULA = "score = moyenne des critères qui s'appliquent"
SOURCE = "data-inclusion-schema 1.0.10, score_qualite (schéma v1), Licence Ouverte 2.0."


class CheckQuality(TisserandAlgorithm):
    """Reads a workspace, scores each actor with its services, writes one row an actor."""

    PACKAGES: ClassVar = {}

    DATE, OUTPUT = "DATE", "OUTPUT"
    NAMES: ClassVar = tuple(criterion.name for criterion in CRITERIA)
    FIELDS: ClassVar = {
        "uuid": TEXT,
        "nom": TEXT,
        "commune": TEXT,
        **dict.fromkeys(NAMES, REAL),
        "score": REAL,
        "a_corriger": TEXT,
        "perime": BOOLEAN,
        "a_localiser": BOOLEAN,
        "hors_commune": BOOLEAN,
    }

    def name(self):
        return "checkquality"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Quality of records")

    def helpUrl(self):  # noqa: N802
        return "https://github.com/gip-inclusion/data-inclusion-schema"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        day = QgsProcessingParameterString(
            self.DATE, translate("Tisserand", "As of (YYYY-MM-DD; empty: today)"), optional=True
        )
        day.setFlags(day.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(day)
        points = QgsProcessing.SourceType.TypeVectorPoint
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, self.displayName(), points))
        self.add_report()

    def work(self, parameters, context, feedback):
        store = self.store(parameters, context)
        today = day_given(self.parameterAsString(parameters, self.DATE, context))
        about = self.described(parameters, context)
        about[self.DATE] = (about[self.DATE][0], today.isoformat())
        settings = read_settings(store)
        services = defaultdict(list)
        for service in read_rows(store, "service"):
            services[service["acteur_uuid"]].append(service)
        actors = sorted(read_rows(store, "acteur"), key=lambda actor: actor["uuid"])
        if not actors:
            feedback.pushWarning(translate("Tisserand", "{layer}: no feature to work on.").format(layer=store.name))
        communes = Communes(read_rows(store, "territoire"))
        found = []
        for actor in actors:
            stop_if_cancelled(feedback)
            found.append(judged(actor, quality(actor, services[actor["uuid"]], today), communes, today))

        fields = fields_of(self.FIELDS)
        shape = Shape(QgsWkbTypes.Type.Point, QgsCoordinateReferenceSystem.fromEpsgId(int(settings["epsg"])))
        features = (self._feature(actor, own, fields) for actor, own in zip(actors, found))
        destination = self.save(parameters, self.OUTPUT, context, feedback, fields, shape, features)
        present(destination, style_quality, self.displayName(), about, context)
        results = {self.OUTPUT: destination}
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, actors, found, feedback.warnings)
        )
        return results

    def _feature(self, actor: dict, found: Judged, fields) -> QgsFeature:
        feature = QgsFeature(fields)
        if actor[GEOMETRY] is not None:
            geometry = QgsGeometry()
            geometry.fromWkb(actor[GEOMETRY])
            feature.setGeometry(geometry)
        of_actor = [actor[name] for name in ("uuid", "nom", "commune")]
        criteria = [found.quality.criteria[name] for name in self.NAMES]
        flags = [found.due, found.to_locate, found.astray]
        feature.setAttributes([*of_actor, *criteria, found.quality.score, found.fixes, *flags])
        return feature


class Judged(NamedTuple):
    """The quality of a record, and what does not count in its score.

    ``due``: past its day of review (None: it has none); ``to_locate``: without a position; ``astray``: outside the
    commune of its code INSEE. ``fixes``: all that is to be corrected, in French, the most useful first.
    """

    quality: Quality
    due: bool | None
    to_locate: bool
    astray: bool
    fixes: str


def judged(actor: dict, own: Quality, communes: Communes, today: date) -> Judged:
    """Return the quality of an actor with what its position and its day of review ask for.

    These come first: an actor that is on no map, or on the wrong one, is not found however well it is described.
    """
    where = communes.fix(actor)
    review = actor["revoir_avant"]
    due = None if review is None else review < today
    late = f"revoir la fiche, attendue avant le {review:%d/%m/%Y}" if due else ""
    fixes = BETWEEN_FIXES.join(filter(None, (where, late, own.fixes)))
    return Judged(own, due, where == TO_LOCATE, bool(where) and where != TO_LOCATE, fixes)


def method() -> str:
    """Return what is scored, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "The ten criteria of data·inclusion, each from 0 to 1: a means of contact, address, description (200 to "
            "2000 characters), themes, publics, how to get access, telephone, e-mail, fees, and how recent the record "
            "is (1 up to six months, 0 after two years).",
        ),
        translate(
            "Tisserand",
            "A criterion that does not apply is left out: an address where nobody is received, a telephone where one "
            "does not call. An actor is scored by its services, which take from it what they do not say themselves.",
        ),
        translate(
            "Tisserand",
            "Told besides, and not scored: records past their day of review, actors without a position, and positions "
            "more than 250 m outside the commune of their INSEE code. Withdrawn records are left out.",
        ),
    )
    return "\n".join(sentences)


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    actors: list[dict],
    found: list[Judged],
    warnings: list[str],
) -> Report:
    """Return the report: the mean of each criterion, then the records, the poorest first."""
    means = []
    for name in CheckQuality.NAMES:
        known = [own.quality.criteria[name] for own in found if own.quality.criteria[name] is not None]
        means.append((ALIASES[name], len(known), round(sum(known) / len(known), 2) if known else ""))
    criteria = Table(
        translate("Tisserand", "Criteria"),
        (translate("Tisserand", "Criterion"), translate("Tisserand", "Actors"), translate("Tisserand", "Mean")),
        means,
    )
    flagged = Table(
        translate("Tisserand", "Besides the score"),
        (translate("Tisserand", "To correct"), translate("Tisserand", "Actors")),
        [
            (ALIASES["a_localiser"], sum(own.to_locate for own in found)),
            (ALIASES["hors_commune"], sum(own.astray for own in found)),
            (ALIASES["perime"], sum(bool(own.due) for own in found)),
        ],
    )
    rows = sorted((own.quality.score, actor["nom"], own.fixes) for actor, own in zip(actors, found))
    headings = (
        translate("Tisserand", "Score"),
        translate("Tisserand", "Name"),
        translate("Tisserand", "To correct, most useful first"),
    )
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[criteria, flagged, Table(translate("Tisserand", "Quality of records"), headings, rows)],
        warnings=warnings,
    )
