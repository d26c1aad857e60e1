"""The project of a store that was upgraded: made anew from the model, the former one kept beside it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsProject

from .errors import QT_TRANSLATE_NOOP, TisserandError
from .geopackage import read_settings, refusal
from .project import build_project, save_project, store_of


class StoreOpenError(TisserandError):
    """The project that is open in QGIS shows the store that was to be upgraded; nothing was done."""

    def __init__(self, path: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} is open in this QGIS project and was left as it is: save and close the project, then run this "
                "again from an empty one.",
            ),
            path=path,
        )


class Renewed(NamedTuple):
    """The project that was written, and where the former one is kept (None: there was none)."""

    file: Path
    former: Path | None


def check_closed(store: Path) -> None:
    """Raise StoreOpenError when a layer of the open project lies in a store."""
    for layer in QgsProject.instance().mapLayers().values():
        shown = store_of(layer)
        if shown.is_file() and shown.samefile(store):
            raise StoreOpenError(store)


def renew_project(store: Path, version: int) -> Renewed:
    """Write the project of a store beside it, under its name; a former one is kept as ``<name>.v<version>.qgz``.

    Raises TisserandError when it cannot be written; then the former one is where it was.
    """
    file = store.with_suffix(".qgz")
    project = build_project(store, read_settings(store))
    former = None
    try:
        if file.exists():
            former = _free_name(file, version)
            shutil.copy2(file, former)
        save_project(project, file)
    except (TisserandError, OSError) as error:
        if former is not None:
            former.unlink(missing_ok=True)
        if isinstance(error, TisserandError):
            raise
        raise refusal(file, error.strerror or str(error)) from error
    finally:
        # Its layers would keep the store open.
        project.clear()
    return Renewed(file, former)


def _free_name(file: Path, version: int) -> Path:
    candidates = [file.with_name(f"{file.stem}.v{version}{file.suffix}")]
    while candidates[-1].exists():
        candidates.append(file.with_name(f"{file.stem}.v{version}-{len(candidates) + 1}{file.suffix}"))
    return candidates[-1]
