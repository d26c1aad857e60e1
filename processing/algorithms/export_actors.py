"""Actors of a workspace in the formats of others: the adapter of ``layers.export``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
)

from ...i18n import translate
from ...layers.audience import AUDIENCES
from ...layers.export import FORMATS, Remark, export_actors
from .base import TisserandAlgorithm
from .frames import stop_if_cancelled

NAMES_SHOWN = 5


class ExportActors(TisserandAlgorithm):
    """Writes the actors that an audience may read, and says what is not in the file."""

    PACKAGES: ClassVar = {}

    FORMAT = "FORMAT"
    AUDIENCE = "AUDIENCE"
    OUTPUT = "OUTPUT"

    def name(self):
        return "exportactors"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Export actors")

    def shortHelpString(self):  # noqa: N802
        return "\n\n".join(
            (
                translate(
                    "Tisserand",
                    "Writes the actors of a workspace as one file for others: data·inclusion v1 (structures and "
                    "services), Lieux de médiation numérique 1.0.2, HSDS 3.0, GeoJSON, CSV or XLSX.",
                ),
                translate(
                    "Tisserand",
                    "Only what the chosen readers may see is written: no actor that refused, closed or was archived, "
                    "telephone and mail only with a recorded consent or of a town hall, how the survey stands only "
                    "for internal use. Needs and reports of visits are never written.",
                ),
                translate(
                    "Tisserand",
                    "Each value that a format cannot hold is said. CSV: UTF-8, separated by semicolons; an apostrophe "
                    "goes before a text that a spreadsheet would take for a formula (= + - @), except a telephone "
                    "number such as +33123456789. To open it in Excel, prefer XLSX, which keeps the zeros of codes "
                    "and holds the services on a second sheet.",
                ),
                translate("Tisserand", "A former file of this name is replaced once the new one is whole."),
            )
        )

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        self.addParameter(
            QgsProcessingParameterEnum(
                self.FORMAT,
                translate("Tisserand", "Format"),
                [f"{format_.title} ({format_.suffix})" for format_ in FORMATS.values()],
                defaultValue=0,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                self.AUDIENCE,
                translate("Tisserand", "Readers"),
                [
                    translate("Tisserand", "Public"),
                    translate("Tisserand", "Professionals"),
                    translate("Tisserand", "Internal"),
                ],
                defaultValue=0,
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.OUTPUT,
                translate("Tisserand", "File"),
                fileFilter="JSON (*.json);;CSV (*.csv);;GeoJSON (*.geojson);;XLSX (*.xlsx)",
            )
        )
        self.addOutput(QgsProcessingOutputNumber("WRITTEN", translate("Tisserand", "Actors written")))

    def work(self, parameters, context, feedback):
        stop_if_cancelled(feedback)
        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        written = export_actors(
            self.store(parameters, context),
            list(FORMATS)[self.parameterAsEnum(parameters, self.FORMAT, context)],
            AUDIENCES[self.parameterAsEnum(parameters, self.AUDIENCE, context)],
            output,
            date.today(),
        )
        for sentence in sentences(written.remarks):
            feedback.pushWarning(sentence)
        return {self.OUTPUT: str(output), "WRITTEN": written.actors}


def sentences(remarks: Iterable[Remark]) -> list[str]:
    """Return one sentence a kind of remark, with how many there are and the first few names."""
    names = defaultdict(list)
    for remark in remarks:
        names[remark.sentence].append(remark.name)
    return [
        translate("Tisserand", sentence).format(
            count=len(found), names=", ".join(found[:NAMES_SHOWN]) + ("…" if len(found) > NAMES_SHOWN else "")
        )
        for sentence, found in names.items()
    ]
