"""The sheet that a correspondent takes along on a round."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterPoint,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.errors import CancelledError
from .guide_parameters import DATE, day
from .printing import PrintingAlgorithm


class RoundSheet(PrintingAlgorithm):
    """Reads whom a correspondent is to meet, puts them in order, and prints sheets to write on."""

    SECTOR = "SECTOR"
    CORRESPONDENT = "CORRESPONDENT"
    WHICH = "WHICH"
    START = "START"
    MOST = "MOST"
    OUTPUT = "OUTPUT"

    def name(self):
        return "roundsheet"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Round sheet")

    def shortHelpString(self):  # noqa: N802
        return translate(
            "Tisserand",
            "Prints the sheets that a correspondent takes along: a map with the order of the stops, then for each "
            "actor its address and hours, what its record does not say yet, boxes to tick and room to write. The order "
            "goes from each actor to the nearest one left, as the crow flies: short, not the shortest. It is an "
            "internal document and says so on each page; contacts follow the rules for internal readers, and needs are "
            "not on it.",
        )

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        for definition in (
            QgsProcessingParameterString(
                self.SECTOR, translate("Tisserand", "Sector, by code (empty: all)"), optional=True
            ),
            QgsProcessingParameterString(
                self.CORRESPONDENT, translate("Tisserand", "Correspondent, by code (empty: all)"), optional=True
            ),
            QgsProcessingParameterEnum(
                self.WHICH,
                translate("Tisserand", "Whom to meet"),
                [
                    translate("Tisserand", "Never met, or to be seen again"),
                    translate("Tisserand", "To be seen again"),
                    translate("Tisserand", "Never met"),
                    translate("Tisserand", "All"),
                ],
                defaultValue=0,
            ),
            QgsProcessingParameterPoint(self.START, translate("Tisserand", "Where the round starts"), optional=True),
        ):
            self.addParameter(definition)
        self.add_whole(self.MOST, translate("Tisserand", "Stops, at most"), 20, 1, advanced=False)
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, translate("Tisserand", "Round sheet"), fileFilter="PDF (*.pdf)"
            )
        )
        date = QgsProcessingParameterString(
            DATE, translate("Tisserand", "Date to print, as 2026-11-30 (empty: today)"), optional=True
        )
        date.setFlags(date.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(date)
        self.addOutput(QgsProcessingOutputNumber("STOPS", translate("Tisserand", "Stops")))
        self.addOutput(QgsProcessingOutputNumber("LEFT_OUT", translate("Tisserand", "Actors for another round")))

    def work(self, parameters, context, feedback):
        from ...guide.poster.rounds import in_order, round_sheet
        from ...guide.printing import Asked, Press, read
        from ...guide.reading.rounds import WHICH, read_round

        def going_on(done: int = 0) -> bool:
            return not feedback.isCanceled()

        def tick() -> None:
            if feedback.isCanceled():
                raise CancelledError

        store = self.store(parameters, context)
        printed_on = day(self.parameterAsString(parameters, DATE, context).strip())
        asked = Asked(store, str(printed_on.year), "interne", printed_on)
        content = read(asked, tick)
        found = read_round(
            content,
            store,
            self.parameterAsString(parameters, self.SECTOR, context).strip(),
            self.parameterAsString(parameters, self.CORRESPONDENT, context).strip(),
            WHICH[self.parameterAsEnum(parameters, self.WHICH, context)],
        )
        start = None
        if parameters.get(self.START):
            crs = QgsCoordinateReferenceSystem.fromEpsgId(content.epsg)
            point = self.parameterAsPoint(parameters, self.START, context, crs)
            start = (point.x(), point.y())
        ordered = in_order(found.visits, start)[: self.parameterAsInt(parameters, self.MOST, context)]
        press = Press(asked)
        book = round_sheet(content, press.metrics, press.settings, found, ordered, start)
        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        press.print(book, content, press.look(content), output, going_on)
        left_out = len(found.visits) - len(ordered)
        if left_out:
            feedback.pushWarning(
                translate("Tisserand", "{count} more actors are to be met: print another round for them.").format(
                    count=left_out
                )
            )
        return {self.OUTPUT: str(output), "STOPS": len(ordered), "LEFT_OUT": left_out}
