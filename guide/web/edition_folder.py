"""Writes the HTML edition into a folder: whole or not at all, and never over files that are not its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from ...layers.errors import QT_TRANSLATE_NOOP, CancelledError, FolderMissingError, TisserandError
from ...layers.geopackage import refusal

LIST = "fichiers.json"
"""Names the files of an edition, so that the next one takes away these and no other."""


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let ``fill`` write into a draft, then put it in the place of ``folder``.

    Raises TisserandError when the folder holds other files, or cannot be written; what stood there then still stands.
    """
    check_folder(folder)
    draft, before = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.avant")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        fill(draft)
        names = sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
        (draft / LIST).write_text(json.dumps(names, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        _swap(draft, folder, before)
    except OSError as error:
        raise refusal(folder, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Raise TisserandError when an edition cannot go there: before the long work rather than after it."""
    if not folder.parent.is_dir():
        raise FolderMissingError(folder.parent)
    if folder.is_file():
        raise refusal(folder, "fichier")
    if not folder.exists():
        return
    try:
        own = {LIST, *json.loads((folder / LIST).read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError):
        own = set()
    foreign = sorted(
        name
        for path in folder.rglob("*")
        if path.is_file() and (name := path.relative_to(folder).as_posix()) not in own
    )
    if foreign:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The folder {folder} holds files that are not of the guide ({name}): nothing was written. Choose an "
                "empty folder, or a new one.",
            ),
            folder=folder,
            name=foreign[0],
        )


def _swap(draft: Path, folder: Path, before: Path) -> None:
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.replace(before)
    try:
        draft.replace(folder)
    except OSError:
        if before.exists():
            before.replace(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def unless_cancelled(items: Iterable, progress: Callable[[int], bool]) -> Iterable:
    """Yield the items, and raise CancelledError as soon as ``progress``, told their number, says to stop."""
    for done, item in enumerate(items):
        if not progress(done):
            raise CancelledError
        yield item
