"""The choices that the guide and its booklets share, and how they are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    NULL,
    QgsProcessingContext,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ...i18n import translate
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .base import TisserandAlgorithm

if TYPE_CHECKING:
    from ...guide.composing.settings import Settings
    from ...guide.printing import Asked

EDITION, AUDIENCE, LEVEL, PAGES = "EDITION", "AUDIENCE", "LEVEL", "PAGES"
TEMPLATES, LOGO, PREVIOUS, SETTINGS, DATE = "TEMPLATES", "LOGO", "PREVIOUS", "SETTINGS", "DATE"
ADVANCED = QgsProcessingParameterDefinition.Flag.FlagAdvanced


def add_choices(algorithm: TisserandAlgorithm) -> None:
    """Add the workspace and what is chosen for an edition."""
    from ...layers.model.codes import code_list

    titles = section_titles()
    folder = QgsProcessingParameterFile.Behavior.Folder
    algorithm.add_store()
    for definition in (
        QgsProcessingParameterString(
            EDITION, translate("Tisserand", "Edition"), defaultValue=str(date.today().year), optional=True
        ),
        QgsProcessingParameterEnum(AUDIENCE, translate("Tisserand", "Readers"), audience_titles(), defaultValue=0),
        QgsProcessingParameterString(
            LEVEL,
            translate("Tisserand", "Territory level of the sheets (empty: that of the workspace)")
            + f" : {', '.join(code_list('niveaux').labels)}",
            optional=True,
        ),
        QgsProcessingParameterEnum(
            PAGES,
            translate("Tisserand", "Sections (none ticked: those of the project, or else all)"),
            [*titles.values()],
            allowMultiple=True,
            optional=True,
        ),
        QgsProcessingParameterFile(
            LOGO, translate("Tisserand", "Logo (empty: that of the project)"), optional=True, fileFilter=LOGO_FILTER
        ),
        QgsProcessingParameterFile(
            PREVIOUS, translate("Tisserand", "Workspace of the previous edition"), extension="gpkg", optional=True
        ),
    ):
        algorithm.addParameter(definition)
    for definition in (
        QgsProcessingParameterFile(
            TEMPLATES, translate("Tisserand", "Folder of page templates (.qpt)"), folder, optional=True
        ),
        QgsProcessingParameterString(
            SETTINGS,
            translate("Tisserand", "Settings of the guide, as JSON or the path of a JSON file (empty: the project's)"),
            optional=True,
        ),
        QgsProcessingParameterString(
            DATE, translate("Tisserand", "Date to print, as 2026-11-30 (empty: today)"), optional=True
        ),
    ):
        definition.setFlags(definition.flags() | ADVANCED)
        algorithm.addParameter(definition)


LOGO_FILTER = "SVG, PNG, JPEG (*.svg *.png *.jpg *.jpeg)"


def asked(algorithm: TisserandAlgorithm, parameters: dict, context: QgsProcessingContext) -> Asked:
    """Return what the parameters of an algorithm ask for."""
    from ...guide.printing import Asked
    from ...layers.audience import AUDIENCES

    def text(name: str) -> str:
        return algorithm.parameterAsString(parameters, name, context).strip()

    def path(name: str) -> Path | None:
        given = algorithm.parameterAsFile(parameters, name, context)
        return Path(given) if given else None

    keys = list(section_titles())
    # Where nothing is ticked QGIS answers with the first.
    ticked = parameters.get(PAGES) not in (None, NULL, "", [])
    pages = algorithm.parameterAsEnums(parameters, PAGES, context) if ticked else []
    store = algorithm.store(parameters, context)
    printed_on = day(text(DATE))
    return Asked(
        store=store,
        edition=text(EDITION) or str(printed_on.year),
        audience=AUDIENCES[algorithm.parameterAsEnum(parameters, AUDIENCE, context)],
        printed_on=printed_on,
        level=text(LEVEL),
        sections=tuple(keys[index] for index in pages),
        settings=settings(text(SETTINGS), text(LOGO), store, context),
        templates=path(TEMPLATES),
        previous=path(PREVIOUS),
    )


def settings(given: str, logo: str, store: Path, context: QgsProcessingContext) -> Settings:
    """Return the settings given as JSON or in a file, else those of the open project when it is on this store."""
    from dataclasses import replace

    from ...guide import project_settings
    from ...guide.composing.settings import Settings

    if given:
        found = Settings.from_json(given) if given.lstrip().startswith("{") else settings_in(Path(given))
    else:
        project = context.project()
        found = project_settings.read(project, store) if project is not None else Settings()
    return replace(found, logo=logo) if logo else found


def settings_in(path: Path) -> Settings:
    """Return the settings in a JSON file; raises TisserandError, which names the file."""
    from ...guide.composing.settings import Settings

    try:
        return Settings.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The settings of the guide cannot be read from {path} ({cause}): choose a JSON file that the window "
                "of the guide saved.",
            ),
            path=path,
            cause=getattr(error, "strerror", None) or error,
        ) from error


def day(text: str) -> date:
    """Return the day that is printed; today for an empty text."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "“{text}” is no date: write it as 2026-11-30, or leave it empty."), text=text
        ) from error


def audience_titles() -> list[str]:
    """Return the words for the circles of readers, in the order of ``layers.audience.AUDIENCES``."""
    return [
        translate("Tisserand", "Public"),
        translate("Tisserand", "Professionals"),
        translate("Tisserand", "Internal"),
    ]


def section_titles() -> dict[str, str]:
    """Return the words for each section a planner may choose, in the order of ``guide.compose.SECTIONS``.

    They stand here for themselves: QGIS asks for the parameters at its start, when nothing of the guide is loaded.
    """
    return {
        "avant-propos": translate("Tisserand", "Foreword"),
        "lire": translate("Tisserand", "How to read"),
        "synthese": translate("Tisserand", "Key figures and map"),
        "recensement": translate("Tisserand", "Survey effort"),
        "matrice": translate("Tisserand", "Matrix of themes by territory"),
        "themes": translate("Tisserand", "A map for each theme"),
        "fiches": translate("Tisserand", "Territory sheets"),
        "monographies": translate("Tisserand", "Monographs"),
        "manques": translate("Tisserand", "Needs without an answer"),
        "semblables": translate("Tisserand", "Initiatives that resemble each other"),
        "reseaux": translate("Tisserand", "Networks"),
        "pistes": translate("Tisserand", "Project leads"),
        "nouveautes": translate("Tisserand", "What is new"),
        "annuaire": translate("Tisserand", "Directory of actors"),
        "mairies": translate("Tisserand", "Town halls"),
        "index": translate("Tisserand", "Indexes"),
        "correction": translate("Tisserand", "Form to correct or add"),
        "sources": translate("Tisserand", "Sources and legal notice"),
    }
