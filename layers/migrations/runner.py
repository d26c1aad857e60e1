"""The upgrade of a store: every step from its schema to that of today, in one transaction, or none.

The version stands in the table ``meta``, not in ``PRAGMA user_version``, which belongs to GeoPackage. The store is
changed in place, since Windows does not let a file be replaced that a program has open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ..errors import StoreBusyError, StoreUnreadableError
from ..geopackage import refusal
from ..geopackage.exclusive import alone, transaction
from ..geopackage.opening import settle
from ..geopackage.reading import raw_settings
from ..model.tables import SCHEMA_VERSION, TABLES
from ..store_versions import StoreNewerError
from . import step_0002_whole_model
from .backup import back_up, check_room
from .errors import UpgradeRefusedError
from .fittings import put_up, set_aside
from .tables import columns, quoted

STEPS = (step_0002_whole_model,)
OLDEST = STEPS[0].NUMBER - 1


class Upgraded(NamedTuple):
    """What an upgrade did: the schema before and after, the copy it kept (None: nothing to do), rows by table."""

    before: int
    after: int
    backup: Path | None
    rows: dict[str, int]


def upgrade(path: Path, today: date, progress: Callable[[float], None] = lambda share: None) -> Upgraded:
    """Bring a store to the schema of today, after a copy of it was made beside it.

    ``progress`` is told the share done of 1 and may raise, to stop. Raises StoreUnreadableError, StoreNewerError,
    StoreBusyError, NoRoomError, NameTakenError, UpgradeRefusedError, or what ``refusal`` makes of another cause; then
    the store is as it was, and no copy is left.
    """
    settle(path)
    settings = raw_settings(path)
    before = int(settings["version_schema"])
    if before > SCHEMA_VERSION:
        raise StoreNewerError(path)
    if before == SCHEMA_VERSION:
        return Upgraded(before, before, None, {})
    if before < OLDEST or not settings.get("epsg", "").isdigit():
        raise StoreUnreadableError(path=path)
    check_room(path)
    try:
        with alone(path) as connection:
            seen = connection.execute("PRAGMA data_version").fetchone()
            progress(0.1)
            backup = back_up(connection, path, before, today)
            try:
                progress(0.3)
                rows = _migrate(connection, path, int(settings["epsg"]), before, seen, progress)
            except BaseException:
                backup.unlink()
                raise
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    return Upgraded(before, SCHEMA_VERSION, backup, rows)


def _migrate(
    connection: sqlite3.Connection, path: Path, epsg: int, before: int, seen: tuple, progress: Callable[[float], None]
) -> dict[str, int]:
    """Take the steps after ``before`` and return the rows of each former table.

    ``seen`` is the ``data_version`` at which the store was copied: another means that somebody wrote since.
    """
    # Without it SQLite would point the references of other tables at the table that is about to go.
    connection.execute("PRAGMA legacy_alter_table = ON")
    try:
        with transaction(connection):
            if connection.execute("PRAGMA data_version").fetchone() != seen:
                raise StoreBusyError(path=path)
            rows, broken = _counts(connection), _broken_references(connection)
            others = set_aside(connection, epsg)
            for step in STEPS:
                if before < step.NUMBER:
                    step.apply(connection, path, epsg)
                    _note(connection, step)
            progress(0.6)
            put_up(connection, epsg, others)
            _check(connection, path, rows, broken)
            progress(0.9)
    except sqlite3.IntegrityError as error:
        raise UpgradeRefusedError(path, error) from error
    return rows


def _note(connection: sqlite3.Connection, step) -> None:
    """Write into ``meta`` which step was taken, by which SQL and when, and the version it leads to."""
    digest = sha256(step.SQL.read_bytes()).hexdigest()
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    connection.execute(
        "INSERT INTO meta (cle, valeur) VALUES (?, ?)", (f"migration_{step.NUMBER:04}", f"{digest} {now}")
    )
    connection.execute("UPDATE meta SET valeur = ? WHERE cle = 'version_schema'", (str(step.NUMBER),))


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the rows of every table of the model and of the user's."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " AND substr(name, 1, 7) <> 'sqlite_' AND substr(name, 1, 6) <> 'rtree_'"
        " AND (substr(name, 1, 5) <> 'gpkg_' OR name LIKE 'gpkg_metadata%')"
    )
    return {
        name: connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0]  # nosec B608
        for (name,) in connection.execute(query).fetchall()
    }


def _broken_references(connection: sqlite3.Connection) -> set[tuple]:
    """Return table, row and table referred to of each reference to a row that is not there."""
    return {row[:3] for row in connection.execute("PRAGMA foreign_key_check")}


def _check(connection: sqlite3.Connection, path: Path, rows: dict[str, int], broken: set[tuple]) -> None:
    """Raise UpgradeRefusedError unless the store is whole, and holds what it held and what the model wants."""
    after = _counts(connection)
    for name, count in rows.items():
        # The steps are noted in the table of settings.
        if name != "meta" and after.get(name) != count:
            raise UpgradeRefusedError(path, f"{name} : {after.get(name)} / {count}")
    for name, row, target in _broken_references(connection) - broken:
        raise UpgradeRefusedError(path, f"{name} {row} → {target}")
    registered = {name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")}
    for declared in TABLES:
        missing = set(declared.names) - set(columns(connection, declared.name))
        if declared.name not in registered or missing:
            raise UpgradeRefusedError(path, f"{declared.name} : {', '.join(sorted(missing))}")
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise UpgradeRefusedError(path, found)
