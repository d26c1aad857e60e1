"""The settings of the guide in a project: of the workspace it was made for, the logo relative to it where it can be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from qgis.core import QgsProject

from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.project import layers_of, store_of
from .composing.settings import Settings

SCOPE, ENTRY, CHOICES = "tisserand", "guide", "guide_choices"


def belongs(project: QgsProject, store: Path) -> bool:
    """Say whether a project is that of a store."""
    found = layers_of(project, "meta")
    return bool(found) and store_of(found[0]).resolve() == store.resolve()


def read(project: QgsProject, store: Path) -> Settings:
    """Return the settings that a project keeps, with the whole path of the logo.

    Those of a project that is not the store's, or keeps none, are the built-in ones. Raises TisserandError when what it
    keeps cannot be read.
    """
    if not belongs(project, store):
        return Settings()
    settings = Settings.from_json(project.readEntry(SCOPE, ENTRY, "")[0])
    if settings.logo:
        settings = replace(settings, logo=project.readPath(settings.logo))
    return settings


def write(project: QgsProject, settings: Settings) -> None:
    """Keep settings in a project, which is then to be saved. Raises TisserandError when it does not take them."""
    kept = replace(settings, logo=project.writePath(settings.logo)) if settings.logo else settings
    if not project.writeEntry(SCOPE, ENTRY, kept.to_json()):
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The project does not take the settings of the guide: save it, then again.")
        )
    project.setDirty(True)


def read_choices(project: QgsProject) -> dict[str, str]:
    """Return what the window of the guide last printed with: its choices by name; {} when nothing can be read."""
    try:
        kept = json.loads(project.readEntry(SCOPE, CHOICES, "{}")[0])
    except ValueError:
        # A convenience, unlike the settings: the window then proposes what it did at first.
        return {}
    return {name: value for name, value in kept.items() if isinstance(value, str)} if isinstance(kept, dict) else {}


def write_choices(project: QgsProject, choices: dict[str, str]) -> None:
    """Keep the choices of the window in a project."""
    project.writeEntry(SCOPE, CHOICES, json.dumps(choices, ensure_ascii=False, sort_keys=True))
