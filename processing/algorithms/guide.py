"""The cartographic guide, as one PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from ...i18n import translate
from ...layers.geopackage import refusal
from .base import TisserandAlgorithm
from .guide_parameters import add_choices, asked


class Guide(TisserandAlgorithm):
    """Reads a workspace, composes the book, draws it, and says what an editor should look at."""

    GROUP = "guide"

    PACKAGES: ClassVar = {}

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
            "survey effort, matrix, a map for each theme, territory sheets, monographs, unmet needs, similar "
            "initiatives, networks, project leads, news, directory, indexes, sources. Run the analyses into the "
            "workspace first: a page without a result does not appear. Every figure that comes from needs passes the "
            "confidentiality gate. Title, texts, logo, colours, font, sections and their order are kept in the project "
            "(menu Tisserand, “Cartographic guide…”).",
        )

    def flags(self):
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration=None):  # noqa: N802
        add_choices(self)
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, translate("Tisserand", "Guide"), fileFilter="PDF (*.pdf)"
            )
        )
        self.add_file(self.BOOK, translate("Tisserand", "What stands on which page"), "JSON (*.json)")
        self.addOutput(QgsProcessingOutputNumber("PAGES_COUNT", translate("Tisserand", "Pages")))
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", translate("Tisserand", "Warnings")))
        self.addOutput(QgsProcessingOutputString("FONT", translate("Tisserand", "Font used")))

    def work(self, parameters, context, feedback):
        from ...guide.printing import Press, read

        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        choices = asked(self, parameters, context)
        content = read(choices)
        press = Press(choices)
        feedback.pushInfo(translate("Tisserand", "The guide is set in {font}.").format(font=press.family))
        book = press.compose(content)
        for warning in (*(note.sentence(translate) for note in press.notes), *book.warnings):
            feedback.pushWarning(warning)

        def progress(done: int) -> bool:
            feedback.setProgress(95 * done / len(book.pages))
            return not feedback.isCanceled()

        press.print(book, content, press.look(content), output, progress)
        results = {
            self.OUTPUT: str(output),
            "PAGES_COUNT": len(book.pages),
            "WARNINGS": len(feedback.warnings),
            "FONT": press.family,
        }
        plan = self.parameterAsFileOutput(parameters, self.BOOK, context)
        if plan:
            _write_book(Path(plan), book.to_dict())
            results[self.BOOK] = plan
        return results


def _write_book(path: Path, book: dict) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
