"""Possible duplicates: pairs of actors that may be one, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)

from ...i18n import translate
from ...layers.fields import REAL, TEXT
from ...layers.result_looks.duplicates import style_duplicates, style_proposals
from . import duplicate_proposals
from .base import TisserandAlgorithm
from .frames import Shape, fields_of, some, stop_if_cancelled, to_features, to_metric
from .reports import Report, Table
from .results import present

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FORMULA = (
    "score = n × (0,72 + 0,18 (1 − d / D) + 0,10 c), × 0,9 si les SIRET diffèrent\n"
    "n = max(cos(trigrammes des noms), 0,95 cos(trigrammes des mots propres), 0,84 si l'un contient les mots propres "
    "de l'autre)"
)
SOURCE = (
    "Angell, Freund & Willett 1983, doi:10.1016/0306-4573(83)90022-5 ; Christen 2012, doi:10.1007/978-3-642-31164-2."
)
PAIRS_TOLD = 500


class FindDuplicates(TisserandAlgorithm):
    """Reads actors, asks the analysis, writes a line for each pair."""

    ACTORS, DISTANCE, THRESHOLD = "ACTORS", "DISTANCE", "THRESHOLD"
    OUTPUT, PROPOSALS = "OUTPUT", "PROPOSALS"
    OF_ACTORS: ClassVar = {
        "uuid": "ID_FIELD",
        "name": "NAME_FIELD",
        "siret": "SIRET_FIELD",
        "commune": "COMMUNE_FIELD",
        "postcode": "POSTCODE_FIELD",
        "phone": "PHONE_FIELD",
        "mail": "MAIL_FIELD",
        "site": "SITE_FIELD",
    }
    FIELDS: ClassVar = {
        "de": TEXT,
        "vers": TEXT,
        "nom_de": TEXT,
        "nom_vers": TEXT,
        "nature": TEXT,
        "score": REAL,
        "distance_m": REAL,
        "raison": TEXT,
    }

    def name(self):
        return "findduplicates"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Possible duplicates")

    def helpUrl(self):  # noqa: N802
        return "https://doi.org/10.1007/978-3-642-31164-2"

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join((method(), FORMULA, SOURCE))

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_layer(self.ACTORS, translate("Tisserand", "Actors"), [QgsProcessing.SourceType.TypeVectorPoint])
        self.add_number(self.DISTANCE, translate("Tisserand", "Distance (m)"), 500.0)
        self.add_number(self.THRESHOLD, translate("Tisserand", "Threshold of likeness (0 to 1)"), 0.75)
        for name, label, default in (
            ("ID_FIELD", translate("Tisserand", "Identifier"), "uuid"),
            ("NAME_FIELD", translate("Tisserand", "Name"), "nom"),
            ("SIRET_FIELD", translate("Tisserand", "SIRET"), "siret"),
            ("COMMUNE_FIELD", translate("Tisserand", "Commune"), "commune"),
            ("POSTCODE_FIELD", translate("Tisserand", "Postcode"), "code_postal"),
            ("PHONE_FIELD", translate("Tisserand", "Telephone"), "telephone"),
            ("MAIL_FIELD", translate("Tisserand", "E-mail"), "courriel"),
            ("SITE_FIELD", translate("Tisserand", "Website"), "site_web"),
        ):
            self.add_field(name, label, default, self.ACTORS, advanced=True)
        lines = QgsProcessing.SourceType.TypeVectorLine
        self.addParameter(QgsProcessingParameterFeatureSink(self.OUTPUT, self.displayName(), lines))
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                self.PROPOSALS,
                translate("Tisserand", "Proposed merges"),
                QgsProcessing.SourceType.TypeVector,
                optional=True,
                createByDefault=False,
            )
        )
        self.add_report()

    def work(self, parameters, context, feedback):
        from ..analysis.duplicates.pairs import certain_groups, find_duplicates

        about = self.described(parameters, context)
        actors = self.read(self.ACTORS, self.OF_ACTORS, parameters, context, feedback)
        (frame,) = to_metric(actors.frame)
        numbers = [str(own) for own in actors.ids]
        given = frame["uuid"] if "uuid" in frame else [None] * len(frame)
        frame = frame.assign(id=[own or number for own, number in zip(given, numbers)])
        if "name" in frame:
            nameless = [number for number, name in zip(numbers, frame["name"]) if not str(name or "").strip()]
            if nameless:
                text = translate(
                    "Tisserand", "Actors without a name, compared by SIRET alone: {count} (features {ids})."
                )
                feedback.pushWarning(text.format(count=len(nameless), ids=some(nameless)))
        found = find_duplicates(
            frame,
            self.parameterAsDouble(parameters, self.DISTANCE, context),
            self.parameterAsDouble(parameters, self.THRESHOLD, context),
            lambda: stop_if_cancelled(feedback),
        )
        if found.crowded:
            text = translate("Tisserand", "Shared by too many actors to tell one, left aside: {count} ({values}).")
            feedback.pushWarning(text.format(count=len(found.crowded), values=some(found.crowded)))

        fields = fields_of(self.FIELDS)
        shape = Shape(QgsWkbTypes.Type.LineString, actors.crs)
        features = to_features(found.pairs, actors.crs, fields)
        destination = self.save(parameters, self.OUTPUT, context, feedback, fields, shape, features)
        present(destination, style_duplicates, self.displayName(), about, context)
        results = {self.OUTPUT: destination}
        if parameters.get(self.PROPOSALS):
            rows = duplicate_proposals.proposals(certain_groups(found.pairs), frame, actors.features, feedback)
            results[self.PROPOSALS] = self._save_proposals(rows, about, parameters, context, feedback)
        self.save_report(
            parameters, context, results, lambda: report(self.displayName(), about, found.pairs, feedback.warnings)
        )
        return results

    def _save_proposals(self, rows, about, parameters, context, feedback):
        fields = fields_of(duplicate_proposals.FIELDS)
        features = duplicate_proposals.features_of(rows, fields)
        shape = Shape(QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem())
        destination = self.save(parameters, self.PROPOSALS, context, feedback, fields, shape, features)
        present(destination, style_proposals, translate("Tisserand", "Proposed merges"), about, context)
        return destination


def method() -> str:
    """Return what makes a pair, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Two of the same identifier are one, wherever they stand; so are two of the same SIRET whose names do not "
            "say two things (score 1). One SIRET with two names is that of one establishment in several places. Others "
            "are compared when no further apart than the distance: by their names, letter by letter, without accents, "
            "legal forms and articles, and by the words that are theirs, not those that say what they are (resource "
            "centre, social, café) or in which commune; then by how near they are, and by the telephone, e-mail, "
            "website or postcode they share.",
        ),
        translate(
            "Tisserand",
            "d: crow-fly metres; D: distance; c: 1 with the same telephone, e-mail or website, 0.5 with the same "
            "postcode, else 0. What more than twenty actors share belongs to a head office and counts for none.",
        ),
        translate(
            "Tisserand",
            "A pair is a question to those who know the place. Nothing is merged: the proposed merges join what "
            "certain pairs link, keep the most complete record by the ten criteria of data·inclusion (then the one "
            "furthest surveyed, then the latest), and tell each value that another record contradicts. “Merge actors” "
            "applies one of them.",
        ),
    )
    return "\n".join(sentences)


def report(title: str, about: dict[str, tuple[str, str]], pairs: GeoDataFrame, warnings: list[str]) -> Report:
    """Return the report: how many pairs, and the likeliest of them."""
    certain = int((pairs["score"] == 1).sum())
    counts = Table(
        translate("Tisserand", "Result"),
        (
            translate("Tisserand", "Pairs"),
            translate("Tisserand", "Same identifier or SIRET"),
            translate("Tisserand", "Possible"),
        ),
        [(len(pairs), certain, len(pairs) - certain)],
    )
    headings = (
        translate("Tisserand", "Score"),
        translate("Tisserand", "From"),
        translate("Tisserand", "To"),
        translate("Tisserand", "Reason"),
    )
    rows = [
        (round(pair.score, 2), pair.nom_de, pair.nom_vers, pair.raison) for pair in pairs.head(PAIRS_TOLD).itertuples()
    ]
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[counts, Table(title, headings, rows)],
        warnings=warnings,
    )
