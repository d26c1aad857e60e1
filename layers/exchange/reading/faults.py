"""Why a file cannot be read, and how much of one is read at most."""

from __future__ import annotations

from pathlib import Path

from ...errors import QT_TRANSLATE_NOOP, TisserandError

# A file of 100 000 actors weighs about 50 MB; all of what is read stands in memory.
MOST_BYTES = 256_000_000
# A JSON document takes some ten times its size while it is parsed.
MOST_BYTES_OF_JSON = 128_000_000
MOST_ROWS = 300_000
MOST_COLUMNS = 1_000

TOO_HEAVY = QT_TRANSLATE_NOOP(
    "Tisserand", "{path} holds more than {most} MB, the most that is read at once: split it first."
)
TOO_LONG = QT_TRANSLATE_NOOP(
    "Tisserand", "{path} holds more than {most} rows, the most that is read at once: split it first."
)
TOO_WIDE = QT_TRANSLATE_NOOP(
    "Tisserand", "{path} has more than {most} columns, so this is no list of actors: choose another file."
)


class FileUnreadableError(TisserandError):
    """A file that is none of the formats, broken, or too large; nothing of it was read."""


def check_size(path: Path, most: int = MOST_BYTES) -> None:
    """Raise FileUnreadableError for what is no file, empty, or larger than what is read."""
    if not path.is_file():
        raise FileUnreadableError(
            QT_TRANSLATE_NOOP("Tisserand", "{path} is not a file that is there: choose another."), path=path
        )
    try:
        size = path.stat().st_size
    except OSError as error:
        raise closed(path, error) from None
    if size == 0:
        raise FileUnreadableError(
            QT_TRANSLATE_NOOP("Tisserand", "{path} is empty: ask for it again where it comes from."), path=path
        )
    if size > most:
        raise too_large(path, most // 1_000_000)


def closed(path: Path, error: OSError) -> FileUnreadableError:
    """Return the error of a file that the system does not let us read."""
    return FileUnreadableError(
        QT_TRANSLATE_NOOP("Tisserand", "{path} cannot be opened ({cause}): close it elsewhere, or copy it first."),
        path=path,
        cause=error.strerror or type(error).__name__,
    )


def too_large(path: Path, most: int, template: str = TOO_HEAVY) -> FileUnreadableError:
    """Return the error of a file with more in it than what is read."""
    return FileUnreadableError(template, path=path, most=most)


def broken(path: Path, cause: object) -> FileUnreadableError:
    """Return the error of a file that begins as one of a format and goes on otherwise."""
    return FileUnreadableError(
        QT_TRANSLATE_NOOP(
            "Tisserand", "{path} is damaged ({cause}): open it in the program that made it, and save it again."
        ),
        path=path,
        cause=str(cause)[:300],
    )


def without_rows(path: Path) -> FileUnreadableError:
    """Return the error of a file with no row under its header."""
    return FileUnreadableError(
        QT_TRANSLATE_NOOP(
            "Tisserand", "{path} has no rows under its header: choose another file, or another sheet or layer of it."
        ),
        path=path,
    )
