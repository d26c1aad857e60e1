"""One map of a territory on a sheet, from A4 to A0."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, CancelledError, FolderMissingError, TisserandError
from .guide_parameters import AUDIENCE, DATE, EDITION, LEVEL, SETTINGS, audience_titles, day, settings
from .printing import PrintingAlgorithm

KINDS = (".pdf", ".png", ".svg")


class TerritoryMap(PrintingAlgorithm):
    """Reads a workspace for its readers, lays one map out, and writes it as PDF, PNG or SVG."""

    TERRITORY = "TERRITORY"
    SUBJECT = "SUBJECT"
    FORMAT = "FORMAT"
    RESOLUTION = "RESOLUTION"
    OUTPUT = "OUTPUT"

    def name(self):
        return "territorymap"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Map of a territory")

    def shortHelpString(self):  # noqa: N802
        return translate(
            "Tisserand",
            "Prints one map of the whole Département, of a territory of the guide's level or of a commune, on A4, A3 "
            "or A0: who acts there, how far it was surveyed, its needs, what is without an answer, initiatives that "
            "resemble each other, or one theme. A PDF and a PNG say where on earth they lie, so that QGIS puts them in "
            "their place; an SVG can be finished in a drawing program. The map of a small territory bears the numbers "
            "of the actors, with their names beside it. Figures of needs pass the same gate as in the guide; the "
            "points of the needs are never printed.",
        )

    def initAlgorithm(self, configuration=None):  # noqa: N802
        self.add_store()
        self.addParameter(
            QgsProcessingParameterString(
                self.TERRITORY,
                translate("Tisserand", "Territory, by code or name (empty: the whole Département)"),
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                self.SUBJECT, translate("Tisserand", "Subject"), list(subject_titles().values()), defaultValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                self.FORMAT, translate("Tisserand", "Format"), list(paper_titles().values()), defaultValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(AUDIENCE, translate("Tisserand", "Readers"), audience_titles(), defaultValue=0)
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, translate("Tisserand", "Map"), fileFilter="PDF (*.pdf);;PNG (*.png);;SVG (*.svg)"
            )
        )
        kind = QgsProcessingParameterNumber.Type.Integer
        for definition in (
            QgsProcessingParameterNumber(
                self.RESOLUTION,
                translate("Tisserand", "Points per inch of a PNG (empty: 200, and 100 for A0)"),
                kind,
                optional=True,
                minValue=30,
                maxValue=600,
            ),
            QgsProcessingParameterString(
                LEVEL,
                translate("Tisserand", "Level of the territories that are outlined (empty: that of the workspace)"),
                optional=True,
            ),
            QgsProcessingParameterString(
                EDITION, translate("Tisserand", "Edition (empty: the year of the date)"), optional=True
            ),
            QgsProcessingParameterString(
                SETTINGS,
                translate(
                    "Tisserand", "Settings of the guide, as JSON or the path of a JSON file (empty: the project's)"
                ),
                optional=True,
            ),
            QgsProcessingParameterString(
                DATE, translate("Tisserand", "Date to print, as 2026-11-30 (empty: today)"), optional=True
            ),
        ):
            definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            self.addParameter(definition)
        self.addOutput(QgsProcessingOutputNumber("ACTORS", translate("Tisserand", "Actors of the territory")))

    def work(self, parameters, context, feedback):
        from ...guide.poster import PAPERS, SUBJECTS, find_territory, poster
        from ...guide.poster.sheet import Sheet
        from ...guide.printing import Asked, Press, read
        from ...layers.audience import AUDIENCES

        def tick() -> None:
            if feedback.isCanceled():
                raise CancelledError

        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        if output.suffix.lower() not in KINDS:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{name} cannot be written: a map is a .pdf, a .png or a .svg."),
                name=output.name,
            )
        if not output.parent.is_dir():
            raise FolderMissingError(output.parent)
        store = self.store(parameters, context)
        printed_on = day(self.parameterAsString(parameters, DATE, context).strip())
        asked = Asked(
            store=store,
            edition=self.parameterAsString(parameters, EDITION, context).strip() or str(printed_on.year),
            audience=AUDIENCES[self.parameterAsEnum(parameters, AUDIENCE, context)],
            printed_on=printed_on,
            level=self.parameterAsString(parameters, LEVEL, context).strip(),
            settings=settings(self.parameterAsString(parameters, SETTINGS, context).strip(), "", store, context),
        )
        content = read(asked, tick)
        territory = find_territory(content, self.parameterAsString(parameters, self.TERRITORY, context))
        press = Press(asked)
        for note in press.notes:
            feedback.pushWarning(note.sentence(translate))
        paper = list(PAPERS.values())[self.parameterAsEnum(parameters, self.FORMAT, context)]
        subject = SUBJECTS[self.parameterAsEnum(parameters, self.SUBJECT, context)]
        book = poster(content, press.metrics, press.settings, territory, subject, paper)
        feedback.setProgress(40)
        tick()
        resolution = self.parameterAsInt(parameters, self.RESOLUTION, context)
        sheet = Sheet(press, content, book, paper)
        {".pdf": sheet.pdf, ".svg": sheet.svg, ".png": lambda path: sheet.png(path, resolution)}[output.suffix.lower()](
            output
        )
        return {self.OUTPUT: str(output), "ACTORS": len(content.actors_in(territory))}


def subject_titles() -> dict[str, str]:
    """Return the words for each subject, in the order of ``poster.SUBJECTS``."""
    from ...layers.model.codes import code_list

    theme = translate("Tisserand", "Theme: {theme}")
    return {
        "acteurs": translate("Tisserand", "Actors"),
        "recensement": translate("Tisserand", "Survey effort"),
        "besoins": translate("Tisserand", "Needs"),
        "manques": translate("Tisserand", "Needs without an answer"),
        "semblables": translate("Tisserand", "Initiatives that resemble each other"),
        **{code: theme.format(theme=label) for code, label in code_list("themes_vie").labels.items()},
    }


def paper_titles() -> dict[str, str]:
    """Return the words for each paper, in the order of ``poster.PAPERS``."""
    return {
        "A4-portrait": translate("Tisserand", "A4, portrait"),
        "A4-paysage": translate("Tisserand", "A4, landscape"),
        "A3-portrait": translate("Tisserand", "A3, portrait"),
        "A3-paysage": translate("Tisserand", "A3, landscape"),
        "A0-portrait": translate("Tisserand", "A0, portrait"),
        "A0-paysage": translate("Tisserand", "A0, landscape"),
    }
