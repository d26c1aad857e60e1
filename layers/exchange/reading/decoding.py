"""Text of a file in whichever encoding it is, line by line; a line in another one is named, never shown as « � »."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import QT_TRANSLATE_NOOP
from .faults import FileUnreadableError

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Signs that Latin-9 has in the place of « ¤ », « ½ » and « ¼ », which stand in no French word.
_LATIN_9 = re.compile(rb"\xa4|[A-Za-z]\xbd|\xbd[a-z]|\xbc[A-Za-z]")
# Letters where ISO 8859 has control characters.
_CP1252 = re.compile(rb"[\x80-\x9f]")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
SAMPLE = 65_536
# Control characters in a sample that a text may well have.
MOST_CONTROLS = 20
# A line without end would fill the memory; the longest cell is shorter.
LONGEST_LINE = 4_000_000
# Stands for NUL, at which Python's csv module stops before 3.11; both are taken out later.
_STAND_IN = "\x01"


class Line(NamedTuple):
    """A line with its end; ``broken`` when it is not in the encoding of the others (its text is then a likeness)."""

    text: str
    broken: bool


def detect(path: Path) -> str:
    """Return the name of the encoding for Python; FileUnreadableError when the file is no text."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if len(sample) >= 4 and sample[:4096:2].count(0) + sample[1:4096:2].count(0) > len(sample[:4096]) // 3:
        return "utf-16-be" if sample[:4096:2].count(0) > sample[1:4096:2].count(0) else "utf-16-le"
    if len(_NO_TEXT.findall(sample)) > max(MOST_CONTROLS, len(sample) // 20):
        raise FileUnreadableError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} is not text, nor any of the formats read: choose a CSV, XLSX, ODS, GeoJSON, GeoPackage or JSON "
                "file.",
            ),
            path=path,
        )
    return _eight_bits(path)


def lines(path: Path, encoding: str) -> Iterator[Line]:
    """Yield the lines of a file; FileUnreadableError when one has no end, or a UTF-16 file is damaged."""
    if encoding.startswith(("utf-16", "utf-32")):
        yield from _wide_lines(path, encoding)
        return
    other = "cp1252" if encoding.startswith("utf-8") else encoding
    with path.open("rb") as file:
        if encoding == "utf-8-sig":
            file.read(len(codecs.BOM_UTF8))
        for number, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
            if len(raw) == LONGEST_LINE:
                raise _endless(path, number)
            yield _line(raw, "utf-8" if encoding == "utf-8-sig" else encoding, other)


def _line(raw: bytes, encoding: str, other: str) -> Line:
    if raw.isascii():
        return Line(raw.decode("ascii").replace("\0", _STAND_IN), False)
    try:
        text, is_broken = raw.decode(encoding), False
    except UnicodeDecodeError:
        text, is_broken = raw.decode(other, errors="backslashreplace"), True
    # Text that is whole as UTF-8 by chance is so in no language: a line of another file was pasted here.
    if encoding in ("cp1252", "iso8859-1", "iso8859-15") and _is_utf8(raw):
        text, is_broken = raw.decode("utf-8"), True
    return Line(text.replace("\0", _STAND_IN), is_broken)


def _wide_lines(path: Path, encoding: str) -> Iterator[Line]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            for number, text in enumerate(iter(lambda: file.readline(LONGEST_LINE), ""), start=1):
                if len(text) == LONGEST_LINE:
                    raise _endless(path, number)
                yield Line(text.replace("\0", _STAND_IN), False)
    except UnicodeError as error:
        raise FileUnreadableError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "{path} is damaged text in {encoding} ({cause}): save it again as UTF-8 where it was made."
            ),
            path=path,
            encoding=encoding.upper(),
            cause=error.reason if isinstance(error, UnicodeDecodeError) else error,
        ) from None


def _eight_bits(path: Path) -> str:
    """Return UTF-8 when more lines with letters beyond ASCII are so than not, else the likeliest of the others."""
    right = wrong = 0
    cp1252 = latin_9 = False
    with path.open("rb") as file:
        for raw in iter(lambda: file.readline(LONGEST_LINE), b""):
            if raw.isascii():
                continue
            if _is_utf8(raw):
                right += 1
            else:
                wrong += 1
                cp1252 = cp1252 or _CP1252.search(raw) is not None
                latin_9 = latin_9 or _LATIN_9.search(raw) is not None
    if right >= wrong:
        return "utf-8"
    return "cp1252" if cp1252 else "iso8859-15" if latin_9 else "iso8859-1"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _endless(path: Path, number: int) -> FileUnreadableError:
    return FileUnreadableError(
        QT_TRANSLATE_NOOP(
            "Tisserand", "{path}: line {line} has more than {most} letters, so this is no table: choose another file."
        ),
        path=path,
        line=number,
        most=LONGEST_LINE,
    )
