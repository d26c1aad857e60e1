"""CSV: any usual encoding and separator, decimal comma or point, line breaks in cells. Every cell stays text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from ...errors import QT_TRANSLATE_NOOP
from ..records import Reject, Sheet
from . import decoding
from .decoding import Line
from .faults import (
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LONG,
    TOO_WIDE,
    FileUnreadableError,
    broken,
    check_size,
    too_large,
    without_rows,
)
from .grid import Cells, decimal_points, grid

DELIMITERS = ",;\t|"
SAMPLE_LINES = 200
_END = "\x02end of file\x02"
# Takes away the one apostrophe that our own exports put before what a spreadsheet would take for a formula.
_DISARMED = re.compile(r"'(?='*[=+\-@\t\r])")

OTHER_ENCODING = QT_TRANSLATE_NOOP(
    "Tisserand",
    "Line {line} is not in the encoding of the rest of the file ({encoding}): save the whole file again as UTF-8, and "
    "look at the accents of this line.",
)
OPEN_QUOTES = QT_TRANSLATE_NOOP(
    "Tisserand",
    "{path}: a quotation mark opened on line {line} is never closed, so the rows after it cannot be told apart: "
    "close it, or take it away.",
)


def read_table(path: Path) -> Sheet:
    """Return the rows of a CSV file; FileUnreadableError when it is no text, too large or without rows."""
    check_size(path)
    encoding = decoding.detect(path)
    sample = [line.text for line in islice(decoding.lines(path, encoding), SAMPLE_LINES)]
    declared = re.fullmatch(r"\ufeff?sep=(.)\s*", sample[0]) if sample else None
    delimiter = declared[1] if declared else find_delimiter(sample)
    found = grid(_cells(path, encoding, delimiter, skipped=1 if declared else 0), even=True)
    if not found.columns or not (found.rows or found.rejects):
        raise without_rows(path)
    commas = decimal_points(found.rows, found.columns)
    about = {"encoding": encoding, "delimiter": delimiter, "decimal": "," if commas else "."}
    if found.above:
        about["titles"] = str(found.above)
    return Sheet("csv", found.columns, tuple(found.rows), None, about, tuple(found.rejects))


def find_delimiter(sample: list[str]) -> str:
    """Return the mark that parts most rows alike; a comma when there is but one column."""

    def merit(delimiter: str) -> tuple[float, int]:
        rows = [row for row in csv.reader(_without_csv_errors(sample), delimiter=delimiter) if row]
        widths = [len(row) for row in rows[:-1] or rows]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (round(widths.count(usual) / len(widths), 1), usual) if usual > 1 else (0.0, 1)

    return max(DELIMITERS, key=merit)


def _without_csv_errors(sample: list[str]) -> Iterator[str]:
    """Yield what the csv module can take whatever the quotation marks: a cell too long for it would be an error."""
    left = csv.field_size_limit()
    for text in sample:
        left -= len(text)
        if left <= 0:
            return
        # A line break of its own outside quotation marks would be an error too.
        yield text.replace("\r", " ")


def _cells(path: Path, encoding: str, delimiter: str, *, skipped: int) -> Iterator[Cells]:
    """Yield the rows with the line on which they begin."""
    foreign: list[int] = []
    reader = csv.reader(_noting(decoding.lines(path, encoding), foreign), delimiter=delimiter)
    begin, count = 1, 0
    try:
        for texts in reader:
            end = reader.line_num
            if texts == [_END]:
                return
            if texts and any(_END in text for text in texts):
                raise FileUnreadableError(OPEN_QUOTES, path=path, line=begin)
            if len(texts) > MOST_COLUMNS:
                raise too_large(path, MOST_COLUMNS, TOO_WIDE)
            if texts and begin > skipped:
                count += 1
                if count > MOST_ROWS:
                    raise too_large(path, MOST_ROWS, TOO_LONG)
                yield _row(begin, texts, foreign, encoding)
            foreign.clear()
            begin = end + 1
    except csv.Error as error:
        if "new-line" in str(error):
            raise broken(path, error) from None
        raise FileUnreadableError(OPEN_QUOTES, path=path, line=begin) from None


def _noting(lines: Iterable[Line], foreign: list[int]) -> Iterator[str]:
    last = ""
    for number, line in enumerate(lines, start=1):
        if line.broken:
            foreign.append(number)
        yield line.text
        last = line.text
    # After the last line a reader that is still inside quotation marks takes this for the rest of the cell.
    yield _END if not last or last.endswith(("\n", "\r")) else f"\n{_END}"


def _row(number: int, texts: list[str], foreign: list[int], encoding: str) -> Cells:
    if foreign:
        values = {"line": foreign[0], "encoding": encoding.upper()}
        return Cells(number, texts, Reject(number, "", " | ".join(texts)[:200], OTHER_ENCODING, values))
    return Cells(number, [_text(text) for text in texts])


def _text(text: str) -> str:
    if text[:1] == "'" and _DISARMED.match(text):
        text = text[1:]
    return text.replace("\r\n", "\n") if "\r" in text else text
