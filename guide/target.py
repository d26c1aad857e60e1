"""Whether a file can be written where it is asked for: found out before the work, and said in a sentence."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ..layers.errors import QT_TRANSLATE_NOOP, FolderMissingError, TisserandError
from ..layers.geopackage import refusal

HELD = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS, errno.ETXTBSY)


class TargetHeldError(TisserandError):
    """A file that is to be replaced cannot be: most often a program shows it, and Windows then keeps it."""

    def __init__(self, path: Path, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} is open in another program, or protected ({cause}): it was left as it is. Close it there, or "
                "choose another name.",
            ),
            path=path,
            cause=cause,
        )


def refused(path: Path, error: OSError) -> TisserandError:
    """Return the error that says why ``path`` could not be written or replaced."""
    cause = error.strerror or str(error)
    if path.exists() and error.errno in HELD:
        return TargetHeldError(path, cause)
    return refusal(path, cause)


def draft_of(path: Path) -> Path:
    """Return the hidden file beside ``path`` that is written first."""
    return path.with_name(f".{path.name}.part")


def check_target(path: Path) -> None:
    """Raise what would stop the last step, before hours of work go into the first; what stands there stays."""
    if not path.parent.is_dir():
        raise FolderMissingError(path.parent)
    if path.is_dir():
        raise refusal(path, os.strerror(errno.EISDIR))
    draft = draft_of(path)
    try:
        if path.exists():
            with path.open("r+b"):
                pass
        with draft.open("wb") as file:
            file.write(b"%PDF")
    except OSError as error:
        raise refused(path, error) from error
    finally:
        draft.unlink(missing_ok=True)
