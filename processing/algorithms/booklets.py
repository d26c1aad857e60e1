"""One booklet of the cartographic guide for each territory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, CancelledError, FolderMissingError, TisserandError
from .guide_parameters import add_choices, asked, section_titles
from .printing import PrintingAlgorithm

if TYPE_CHECKING:
    from ...guide.facts.content import Content, Territory

READ = 10
"""Of a hundred, what the bar shows once the store is read."""
MOST_NAMED = 5
FAILED = QT_TRANSLATE_NOOP(
    "Tisserand",
    "{failed} of {count} booklets could not be written, the others are in {folder}: {causes}",
)
NO_SECTION = QT_TRANSLATE_NOOP(
    "Tisserand",
    "None of the chosen sections belongs in a booklet. Choose some of these: {sections}.",
)
NO_TERRITORY = QT_TRANSLATE_NOOP(
    "Tisserand", "There is no territory “{name}” at this level: give codes or names among {known}."
)


class Booklets(PrintingAlgorithm):
    """Reads a workspace once, then composes and draws a book for each territory of the level."""

    ONLY = "TERRITORIES"
    OUTPUT = "OUTPUT"

    def name(self):
        return "booklets"

    def displayName(self):  # noqa: N802 - this and the names below are imposed by QGIS
        return translate("Tisserand", "Booklets by territory")

    def shortHelpString(self):  # noqa: N802
        return translate(
            "Tisserand",
            "Writes a booklet for each territory into a folder, as a PDF named after it: cover, contents, how to read, "
            "its sheet and its communes, its monographs, its actors, index, sources. Actors have the numbers of the "
            "whole guide. Figures that come from needs are those of the whole guide too: they pass the confidentiality "
            "gate once, for the whole Département. Initiatives of other territories are only named, where they "
            "resemble one of the territory's own.",
        )

    def initAlgorithm(self, configuration=None):  # noqa: N802
        add_choices(self)
        self.addParameter(
            QgsProcessingParameterString(
                self.ONLY,
                translate("Tisserand", "Only these territories, codes or names separated by ; (empty: all)"),
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterFolderDestination(self.OUTPUT, translate("Tisserand", "Folder of the booklets"))
        )
        self.addOutput(QgsProcessingOutputNumber("BOOKLETS", translate("Tisserand", "Booklets")))
        self.addOutput(QgsProcessingOutputNumber("PAGES_COUNT", translate("Tisserand", "Pages")))
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", translate("Tisserand", "Warnings")))

    def work(self, parameters, context, feedback):
        from ...guide.booklet_printing import print_booklets
        from ...guide.facts.booklet import SECTIONS
        from ...guide.printing import read

        folder = _folder(self.parameterAsString(parameters, self.OUTPUT, context))
        choices = asked(self, parameters, context)
        sections = [name for name in choices.chosen if name in SECTIONS]
        if not sections:
            titles = section_titles()
            raise TisserandError(NO_SECTION, sections=", ".join(titles[name] for name in SECTIONS))
        waited = 0.0

        def tick() -> None:
            # How long reading takes is not known before: the bar goes on, ever slower.
            nonlocal waited
            waited += 1
            feedback.setProgress(READ * waited / (waited + 200))
            if feedback.isCanceled():
                raise CancelledError

        def progress(share: float) -> bool:
            feedback.setProgress(READ + (100 - READ) * share)
            return not feedback.isCanceled()

        content = read(choices, tick)
        chosen = _chosen(content.groups, self.parameterAsString(parameters, self.ONLY, context))
        for warning in (*content.warnings, *_left_alone(content)):
            feedback.pushWarning(warning)
        printed = print_booklets(choices, content, chosen, sections, folder, progress)
        for note in dict.fromkeys(note.sentence(translate) for note in printed.notes):
            feedback.pushWarning(note)
        if printed.failed:
            causes = " ".join(f"{t.name}: {e.sentence(translate)}" for t, e in printed.failed[:MOST_NAMED])
            raise TisserandError(FAILED, failed=len(printed.failed), count=len(chosen), folder=folder, causes=causes)
        return {
            self.OUTPUT: str(folder),
            "BOOKLETS": len(printed.files),
            "PAGES_COUNT": printed.pages,
            "WARNINGS": len(feedback.warnings),
        }


def _left_alone(content: Content) -> list[str]:
    """Return a sentence about the communes with actors that no booklet is about."""
    from ...guide.sections.sheets import strays

    alone = strays(content)
    if not alone:
        return []
    text = translate(
        "Tisserand", "{count} communes with actors are in no territory of this level, so in no booklet: {names}"
    )
    return [text.format(count=len(alone), names=_some([commune.name for commune in alone]))]


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + ("…" if len(names) > MOST_NAMED else "")


def _folder(given: str) -> Path:
    """Return the folder of the booklets, made where it is missing in a folder that is there."""
    folder = Path(given)
    if not folder.is_dir():
        if not folder.parent.is_dir():
            raise FolderMissingError(folder.parent)
        folder.mkdir()
    return folder


def _chosen(groups: list[Territory], given: str) -> list[Territory]:
    """Return the territories that are named by code or name, in the order of the guide; all where none is."""
    wanted = [part.strip() for part in given.split(";") if part.strip()]
    for name in wanted:
        if not any(name in (group.code, group.name) for group in groups):
            raise TisserandError(NO_TERRITORY, name=name, known=_some([group.name for group in groups]))
    return [group for group in groups if not wanted or group.code in wanted or group.name in wanted]
