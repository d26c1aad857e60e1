"""Having a store for oneself alone, for work that must not meet another program in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import StoreBusyError, StoreUnreadableError, TisserandError
from .opening import refusal
from .sqlite_geometry import add_geometry_functions

HELD = ("locked", "busy")
SPOILT = ("not a database", "malformed")


@contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a store that no other program has in hand; transactions are begun and ended by hand.

    What a crashed or open program left in the ``-wal`` file is in the store before this yields, and that file is gone.
    Foreign keys are not watched. Raises StoreBusyError, StoreUnreadableError, or what ``refusal`` makes of an error of
    SQLite, those of the body included.
    """
    if not path.is_file():
        raise StoreUnreadableError(path=path)
    try:
        with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
            add_geometry_functions(connection)
            _take_in_wal(connection, path)
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
            yield connection
    except sqlite3.Error as error:
        raise in_words(path, error) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do the body in one exclusive transaction: committed at its end, taken back when it raises."""
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk ends the transaction by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def in_words(path: Path, error: sqlite3.Error) -> TisserandError:
    """Return the sentence for an error of SQLite on a store."""
    message = str(error)
    if any(word in message for word in HELD):
        return StoreBusyError(path=path)
    if any(word in message for word in SPOILT):
        return StoreUnreadableError(path=path)
    return refusal(path, message)


def _take_in_wal(connection: sqlite3.Connection, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode == "wal":
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreBusyError(path=path)
    # Refused while any other connection to a store in WAL mode is open, were it idle.
    (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != "delete":
        raise StoreBusyError(path=path)
