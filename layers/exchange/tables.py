"""CSV as French Excel and QGIS both open it: UTF-8 with a byte order mark, separated by ``;``, one row an actor.

Degrees have seven decimals and a point: QGIS reads them as numbers, and Excel does not take them for dates. Excel drops
the zeros before a code (``01000``) when it opens any CSV; the XLSX export keeps them.
"""

from __future__ import annotations

import csv
from pathlib import Path

from .catalogue import Catalogue, Written, left_out_services
from .columns import actor_columns, in_words
from .formulas import disarmed


def write(catalogue: Catalogue, path: Path) -> Written:
    """Write the actors under the names of the model's fields."""
    columns = actor_columns(catalogue)
    rows = [{name: _cell(actor[name]) for name in columns} for actor in catalogue.actors]
    write_csv(path, columns, rows, encoding="utf-8-sig", delimiter=";")
    return Written(len(rows), left_out_services(catalogue))


def write_csv(path: Path, columns: list[str], rows: list[dict], *, encoding: str, delimiter: str) -> None:
    """Write rows of text; one that a spreadsheet would take for a formula is disarmed."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=delimiter)
        writer.writeheader()
        writer.writerows({name: disarmed(text) for name, text in row.items()} for row in rows)


def count(path: Path, *, delimiter: str = ";") -> int:
    """Return the number of rows below the header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file, delimiter=delimiter))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.7f}" if isinstance(value, float) else str(in_words(value))
