"""Lines of cells made a sheet: where the header is, how its columns are called, which rows hold anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, islice
from typing import NamedTuple

from ...errors import QT_TRANSLATE_NOOP
from ..records import Reject, Row

# Lines above a header are titles, dates, logos.
MOST_TITLES = 20
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,8},\d+", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,8}", re.ASCII)

UNEVEN = QT_TRANSLATE_NOOP(
    "Tisserand",
    "This row has {cells} cells where the header has {columns}: mend it in the file (a line break or a separator "
    "outside quotation marks?).",
)


class Cells(NamedTuple):
    """A line of cells, the number by which the user finds it, and why it cannot be taken, if so."""

    number: int
    texts: list[str]
    reject: Reject | None = None


class Grid(NamedTuple):
    """A header and what stands below it; ``above`` are the lines of titles that were passed over."""

    columns: tuple[str, ...]
    rows: list[Row]
    rejects: list[Reject]
    above: int


def header_at(first: list[Cells]) -> int:
    """Return which of the first lines is the header: the first that is filled nearly as widely as any."""
    widths = [sum(1 for text in cells.texts if text.strip()) for cells in first]
    widest = max(widths[: MOST_TITLES + 1], default=0)
    return next((order for order, width in enumerate(widths) if width * 2 > widest), 0)


def column_names(header: list[str]) -> list[str]:
    """Return a name for every column, each once; those without one are called by their place."""
    names: list[str] = []
    for place, text in enumerate(header, start=1):
        name = base = " ".join(text.split()) or f"colonne {place}"
        copy = 2
        while name in names:
            name, copy = f"{base} ({copy})", copy + 1
        names.append(name)
    return names


def grid(lines: Iterable[Cells], *, even: bool) -> Grid:
    """Return the rows below the header, without the empty ones and the columns that have neither name nor value.

    With ``even`` a row with more or fewer cells than the header is rejected, for its cells may have slipped.
    """
    flow = iter(lines)
    first = list(islice(flow, MOST_TITLES + 1))
    at = header_at(first)
    header = first[at].texts if first else []
    least = len(_trimmed(header))
    header = header if even else header[:least]
    names = column_names(header)
    rows = []
    # A header that cannot be read is said too, although it is no row.
    rejects = [cells.reject for cells in first[at : at + 1] if cells.reject is not None]
    used: set[int] = {place for place, text in enumerate(header) if text.strip()}
    for cells in chain(first[at + 1 :], flow):
        texts = cells.texts
        if cells.reject is not None:
            rejects.append(cells.reject)
            continue
        if not any(texts) or not any(text.strip() for text in texts):
            continue
        if len(texts) != len(names):
            if even and (len(texts) < least or any(text.strip() for text in texts[len(names) :])):
                rejects.append(_uneven(cells, len(names)))
                continue
            if len(texts) > len(names):
                texts = texts[: len(names)] if even else _trimmed(texts)
                names += column_names(header + [""] * (len(texts) - len(header)))[len(names) :]
        used.update(place for place, text in enumerate(texts) if text and place not in used)
        rows.append(Row(cells.number, dict(zip(names, texts))))
    kept = [name for place, name in enumerate(names) if place in used]
    if len(kept) < len(names) or any(len(row.values) < len(kept) for row in rows):
        rows = [Row(row.number, {name: row.values.get(name, "") for name in kept}) for row in rows]
    return Grid(tuple(kept), rows, rejects, at)


def decimal_points(rows: list[Row], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Put a point in the place of the comma in columns of degrees and the like; return the names of these columns.

    Such a column has nothing but numbers, and some with four decimals: lists of numbers (« 1,2 ») stay as they are.
    """
    changed = []
    for column in columns:
        texts = [text for row in rows if (text := str(row.values[column]).strip())]
        commas = [text for text in texts if _DECIMAL_COMMA.fullmatch(text)]
        if not any(len(text.rsplit(",", 1)[1]) >= 4 for text in commas):
            continue
        if all(_INTEGER.fullmatch(text) for text in texts if "," not in text) and len(commas) == sum(
            "," in text for text in texts
        ):
            for row in rows:
                row.values[column] = str(row.values[column]).replace(",", ".")
            changed.append(column)
    return tuple(changed)


def _trimmed(texts: list[str]) -> list[str]:
    end = len(texts)
    while end and not texts[end - 1].strip():
        end -= 1
    return texts[:end]


def _uneven(cells: Cells, columns: int) -> Reject:
    value = " | ".join(text for text in cells.texts if text)[:200]
    return Reject(cells.number, "", value, UNEVEN, {"cells": len(cells.texts), "columns": columns})
