"""The illustrations of the example: they stand for photos, and lie beside the store as photos do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ..errors import FolderMissingError
from ..geopackage import refusal

FOLDER = Path(__file__).with_name("illustrations")
CREDIT = "Illustration fictive, dessinée pour l’exemple"
NOBODY_TO_ASK = "sans-personne"


@cache
def facts(image: str) -> dict[str, object]:
    """Return what a row of ``media`` says of an illustration: its name beside a store, fingerprint, type and bytes."""
    data = (FOLDER / image).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    return {"chemin": f"{sha256}.jpg", "sha256": sha256, "mime": "image/jpeg", "octets": len(data)}


@contextmanager
def beside(store: Path, media: Iterable[dict]) -> Iterator[None]:
    """Lay the illustrations of rows of ``media`` beside a store that is made meanwhile.

    What was laid goes again when the making fails; a photo that lay there already stays. Raises FolderMissingError,
    FolderClosedError or DiskFullError.
    """
    # Qt is needed for photos alone.
    from ..photos import photo_path

    sources = {facts(path.name)["chemin"]: path for path in sorted(FOLDER.glob("*.jpg"))}
    targets = {photo_path(store, row["chemin"]): sources[row["chemin"]] for row in media}
    if not store.parent.is_dir():
        raise FolderMissingError(store.parent)
    made: list[Path] = []
    try:
        try:
            for target, source in targets.items():
                if not target.parent.exists():
                    target.parent.mkdir()
                    made.append(target.parent)
                if not target.exists():
                    _copy(source, target)
                    made.append(target)
        except OSError as error:
            raise refusal(store, error.strerror or str(error)) from error
        yield
    except BaseException:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        raise


def _copy(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.stem}-{os.getpid()}")
    try:
        draft.write_bytes(source.read_bytes())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
