"""Where values that were to be forgotten are still written down."""

from __future__ import annotations

import json
import mmap
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

# Shorter values are found by chance in any file.
SHORTEST = 5


class Kept(NamedTuple):
    """What is left of a JSON object, as text, and the values that were taken out of it."""

    text: str | None
    taken: set[str]


def without(text: str | None, fields: Iterable[str], values: frozenset[str] = frozenset()) -> Kept:
    """Return a JSON object without some of its fields, and without what in it, ``extra`` included, holds a value.

    A text that is no JSON object is kept, unless it holds one of the values: then nothing of it is.
    """
    try:
        found = json.loads(text) if text else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return Kept(None if text and _holds(text, values) else text, set())
    left, taken = {}, set()
    for name, value in found.items():
        if name in fields:
            taken |= {str(value)} if value not in (None, "") else set()
        elif name == "extra" and isinstance(value, str):
            left[name] = without(value, (), values).text
        elif not _holds(json.dumps(value, ensure_ascii=False), values):
            left[name] = value
    if left == found:
        return Kept(text, taken)
    return Kept(json.dumps(left, ensure_ascii=False, separators=(",", ":")), taken)


def _holds(text: str, values: Iterable[str]) -> bool:
    return any(value in text for value in values if len(value) >= SHORTEST)


def find_in_rows(connection: sqlite3.Connection, values: frozenset[str]) -> dict[str, int]:
    """Return in how many rows each field of text of a store holds one of the values: ``table.field`` -> rows."""
    sought = [value for value in values if len(value) >= SHORTEST]
    if not sought:
        return {}
    connection.create_function("holds_one", 1, lambda text: isinstance(text, str) and _holds(text, sought))
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " AND substr(name, 1, 6) <> 'rtree_' AND substr(name, 1, 7) <> 'sqlite_'"
    )
    found = {}
    for (name,) in connection.execute(query).fetchall():
        for _, column, *_ in connection.execute(f'PRAGMA table_info("{name}")').fetchall():
            sql = f'SELECT count(*) FROM "{name}" WHERE holds_one("{column}")'  # nosec B608
            (rows,) = connection.execute(sql).fetchone()
            if rows:
                found[f"{name}.{column}"] = rows
    return found


def holders(path: Path, values: Iterable[str]) -> list[Path]:
    """Return the other files of the folder of a store that hold one of the values: copies, backups, bundles unpacked.

    Compressed files do not show what they hold.
    """
    sought = [value.encode() for value in values if len(value) >= SHORTEST]
    others = [file for file in sorted(path.parent.iterdir()) if file.is_file() and file.name != path.name]
    return [file for file in others if sought and file.stat().st_size and _file_holds(file, sought)]


def _file_holds(file: Path, sought: list[bytes]) -> bool:
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(value) >= 0 for value in sought)
