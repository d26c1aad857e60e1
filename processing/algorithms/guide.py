"""The cartographic guide, as one PDF."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
)

from ...i18n import translate
from ...layers.errors import CancelledError, TisserandError
from .guide_parameters import add_choices, asked
from .printing import PrintingAlgorithm

READ, DRAWN = 20, 80
"""Per cent of the work when all is read and composed, and when the PDF is drawn."""


class Guide(PrintingAlgorithm):
    """Reads a workspace, composes the book, draws it, and says what an editor should look at."""

    OUTPUT = "OUTPUT"
    HTML = "HTML"
    BOOK = "BOOK"
    RECORD = "RECORD"

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

    def initAlgorithm(self, configuration=None):  # noqa: N802
        add_choices(self)
        self.addParameter(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, translate("Tisserand", "Guide"), fileFilter="PDF (*.pdf)"
            )
        )
        self.addParameter(
            QgsProcessingParameterFolderDestination(
                self.HTML, translate("Tisserand", "Folder for the web edition"), optional=True, createByDefault=False
            )
        )
        self.add_file(self.BOOK, translate("Tisserand", "What stands on which page"), "JSON (*.json)")
        self.addParameter(
            QgsProcessingParameterBoolean(
                self.RECORD,
                translate("Tisserand", "Keep this edition and its matrix in the workspace (for the final print)"),
                defaultValue=False,
            )
        )
        self.addOutput(QgsProcessingOutputNumber("PAGES_COUNT", translate("Tisserand", "Pages")))
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", translate("Tisserand", "Warnings")))
        self.addOutput(QgsProcessingOutputNumber("RECORDED", translate("Tisserand", "Cells of the matrix kept")))
        self.addOutput(QgsProcessingOutputString("FONT", translate("Tisserand", "Font used")))

    def _targets(self, parameters, context) -> tuple[Path, str, str]:
        """Return what is to be written, "" for what was not asked for; raises now rather than after the long work."""
        from ...guide.printing import can_print
        from ...guide.target import check_target
        from ...guide.web.edition_folder import check_folder

        output = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        folder = self.parameterAsFileOutput(parameters, self.HTML, context)
        plan = self.parameterAsFileOutput(parameters, self.BOOK, context)
        can_print(output)
        if folder:
            check_folder(Path(folder))
        if plan:
            check_target(Path(plan))
        return output, folder, plan

    def work(self, parameters, context, feedback):
        from ...guide.printing import Press, read
        from ...guide.web.html import write_html

        waited = 0.0

        def tick() -> None:
            # How long reading and composing take is not known before: the bar goes on, ever slower.
            nonlocal waited
            waited += 1
            feedback.setProgress(READ * waited / (waited + 200))
            if feedback.isCanceled():
                raise CancelledError

        def progress(start: float, end: float, steps: int) -> Callable[[int], bool]:
            def told(done: int) -> bool:
                feedback.setProgress(start + (end - start) * done / steps)
                return not feedback.isCanceled()

            return told

        output, folder, plan = self._targets(parameters, context)
        choices = asked(self, parameters, context)
        content = read(choices, tick)
        press = Press(choices)
        feedback.pushInfo(translate("Tisserand", "The guide is set in {font}.").format(font=press.family))
        book = press.compose(content, tick=tick)
        told = len(press.notes)
        for warning in (*(note.sentence(translate) for note in press.notes), *book.warnings):
            feedback.pushWarning(warning)

        look = press.look(content)
        press.print(book, content, look, output, progress(READ, DRAWN if folder else 95, len(book.pages)))
        for note in press.notes[told:]:
            feedback.pushWarning(note.sentence(translate))
        results = {
            self.OUTPUT: str(output),
            "PAGES_COUNT": len(book.pages),
            "WARNINGS": len(feedback.warnings),
            "FONT": press.family,
        }
        if folder:
            figures = sum(element.kind == "Figure" for element in book.elements)
            write_html(book, content, look, Path(folder), progress(DRAWN, 100, max(1, figures)))
            results[self.HTML] = folder
        if plan:
            _write_book(Path(plan), book.to_dict())
            results[self.BOOK] = plan
        record = self.parameterAsBool(parameters, self.RECORD, context)
        results["RECORDED"] = _record(choices, content, book.title, output, feedback) if record else 0
        return results


def _record(choices, content, title: str, output: Path, feedback) -> int:
    """Keep the edition in its workspace; the guide is printed by now, so a refusal is said and no more."""
    from ...guide.reading.matrix_record import record_edition

    try:
        return record_edition(choices.store, content, title, hashlib.sha256(output.read_bytes()).hexdigest())
    except TisserandError as error:
        feedback.pushWarning(
            translate("Tisserand", "The guide is printed, but its edition was not kept in the workspace: {why}").format(
                why=error.sentence(translate)
            )
        )
        return 0


def _write_book(path: Path, book: dict) -> None:
    from ...guide.target import draft_of, refused

    draft = draft_of(path)
    try:
        draft.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise refused(path, error) from error
    finally:
        draft.unlink(missing_ok=True)
