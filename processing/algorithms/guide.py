"""The cartographic guide, as one PDF."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsVectorLayer,
)

from ...i18n import translate
from ...layers.result_tables import GAPS_BY_TERRITORY
from .base import TisserandAlgorithm
from .results import parameters_of

REACH_SETTINGS = {"REACH": "portee_min", "SPEED": "vitesse_kmh", "DETOUR": "detour"}


class Guide(TisserandAlgorithm):
    """Reads a workspace, composes the book, draws it, and says what an editor should look at."""

    GROUP = "guide"

    PACKAGES: ClassVar = {}

    EDITION = "EDITION"
    AUDIENCE = "AUDIENCE"
    LEVEL = "LEVEL"
    PAGES = "PAGES"
    OUTPUT = "OUTPUT"
    BOOK = "BOOK"

    def name(self):
        return "guide"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Cartographic guide")

    def shortHelpString(self):  # noqa: N802
        return translate(
            "Tisserand",
            "Composes the guide of a workspace and writes it as one PDF: cover, contents, how to read, key figures, "
            "matrix of themes by territory, unmet needs, similar initiatives, territory sheets, directory, index, "
            "sources. Run “Coverage gaps” and “Similar initiatives” into the workspace first: a page without a result "
            "does not appear. Figures that come from needs are hidden below the threshold of the workspace.",
        )

    def flags(self):
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration=None):  # noqa: N802
        from ...guide.compose import SECTIONS
        from ...layers.model.codes import code_list

        titles = section_titles()
        self.add_store()
        self.addParameter(
            QgsProcessingParameterString(
                self.EDITION, translate("Tisserand", "Edition"), defaultValue=str(date.today().year), optional=True
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
            QgsProcessingParameterString(
                self.LEVEL,
                translate("Tisserand", "Territory level of the sheets (empty: that of the workspace)")
                + f" : {', '.join(code_list('niveaux').labels)}",
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                self.PAGES,
                translate("Tisserand", "Sections"),
                [titles[name] for name in SECTIONS],
                allowMultiple=True,
                defaultValue=list(range(len(SECTIONS))),
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, translate("Tisserand", "Guide"), fileFilter="PDF (*.pdf)"
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.BOOK,
                translate("Tisserand", "What stands on which page"),
                fileFilter="JSON (*.json)",
                optional=True,
                createByDefault=False,
            )
        )
        self.addOutput(QgsProcessingOutputNumber("PAGES_COUNT", translate("Tisserand", "Pages")))
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", translate("Tisserand", "Warnings")))

    def work(self, parameters, context, feedback):
        from ...guide.compose import SECTIONS, compose
        from ...guide.draw import Look, draw
        from ...guide.maps import MapLayers
        from ...guide.metrics import FAMILIES, Metrics, available_family
        from ...guide.pdf import finish
        from ...guide.reading import read_content
        from ...guide.settings import Settings
        from ...layers.audience import AUDIENCES

        store = self.store(parameters, context)
        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        content = read_content(
            store,
            edition=self.parameterAsString(parameters, self.EDITION, context) or str(date.today().year),
            audience=AUDIENCES[self.parameterAsEnum(parameters, self.AUDIENCE, context)],
            level=self.parameterAsString(parameters, self.LEVEL, context),
            printed_on=date.today(),
        )
        content.gap_parameters = coverage_parameters(store)
        family = available_family()
        if family != FAMILIES[0]:
            feedback.pushInfo(
                translate("Tisserand", "The font {wanted} is not installed: the guide is set in {used}.").format(
                    wanted=FAMILIES[0], used=family
                )
            )
        chosen = self.parameterAsEnums(parameters, self.PAGES, context) or range(len(SECTIONS))
        settings = Settings()
        book = compose(content, Metrics(family), [list(SECTIONS)[index] for index in chosen], settings)

        def progress(done: int) -> bool:
            feedback.setProgress(95 * done / len(book.pages))
            return not feedback.isCanceled()

        with tempfile.TemporaryDirectory() as folder:
            drawn = Path(folder) / "guide.pdf"
            draw(book, Look(MapLayers(content, family), family, settings.colours), drawn, progress)
            finish(drawn, output, book, content.departement, content.printed_on)
        results = {self.OUTPUT: str(output), "PAGES_COUNT": len(book.pages), "WARNINGS": len(book.warnings)}
        for warning in book.warnings:
            feedback.pushWarning(warning)
        plan = self.parameterAsFileOutput(parameters, self.BOOK, context)
        if plan:
            Path(plan).write_text(json.dumps(book.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            results[self.BOOK] = plan
        return results


def section_titles() -> dict[str, str]:
    """Return the words for each section a planner may choose."""
    return {
        "lire": translate("Tisserand", "How to read"),
        "synthese": translate("Tisserand", "Key figures and map"),
        "matrice": translate("Tisserand", "Matrix of themes by territory"),
        "manques": translate("Tisserand", "Needs without an answer"),
        "semblables": translate("Tisserand", "Initiatives that resemble each other"),
        "fiches": translate("Tisserand", "Territory sheets"),
        "annuaire": translate("Tisserand", "Directory of actors"),
        "mairies": translate("Tisserand", "Town halls"),
        "index": translate("Tisserand", "Alphabetical index"),
        "sources": translate("Tisserand", "Sources and legal notice"),
    }


def coverage_parameters(store: Path) -> dict[str, str]:
    """Return the reach with which the coverage in the store was computed, under the names of the settings."""
    layer = QgsVectorLayer(f"{store}|layername={GAPS_BY_TERRITORY}", "", "ogr")
    found = parameters_of(layer) if layer.isValid() else {}
    return {setting: found[name] for name, setting in REACH_SETTINGS.items() if found.get(name)}
