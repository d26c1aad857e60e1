"""A copy of a store beside it, seen to be whole, before anything is changed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from .errors import NoRoomError, UpgradeRefusedError

# Bytes, and times the size of the store: for the copy, for SQLite's journal of what it changes, and for the growth.
LEAST_FREE = 100_000_000
TIMES = 3


def check_room(path: Path) -> None:
    """Raise NoRoomError unless the disk has room for a copy of a store and for rewriting it."""
    parts = (path, path.with_name(path.name + "-wal"))
    needed = max(LEAST_FREE, TIMES * sum(part.stat().st_size for part in parts if part.exists()))
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise NoRoomError(path, needed, free)


def back_up(connection: sqlite3.Connection, path: Path, version: int, today: date) -> Path:
    """Copy the store of a connection to ``<name>.v<version>-<date>.gpkg`` beside it and return that path.

    The copy is read through before it gets its name; no file that stands there is written over. Raises
    UpgradeRefusedError when the store is damaged, sqlite3.Error or OSError.
    """
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(str(draft), isolation_level=None)) as copy:
            connection.backup(copy)
            (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise UpgradeRefusedError(path, found)
        target = _free_name(path, version, today)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + "-journal").unlink(missing_ok=True)
    return target


def _free_name(path: Path, version: int, today: date) -> Path:
    stem = f"{path.stem}.v{version}-{today.isoformat()}"
    candidates = [path.with_name(f"{stem}{path.suffix}")]
    while candidates[-1].exists():
        candidates.append(path.with_name(f"{stem}-{len(candidates) + 1}{path.suffix}"))
    return candidates[-1]
