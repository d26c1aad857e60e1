"""Opening a store through GDAL, and saying in plain words why it refuses."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import local

from osgeo import gdal

from ..errors import (
    DiskFullError,
    FolderClosedError,
    StoreBusyError,
    StoreRefusedError,
    StoreUnreadableError,
    TisserandError,
)

# How SQLite and the system say that a disk is full, and that a folder cannot be written.
FULL = ("disk is full", os.strerror(errno.ENOSPC))
CLOSED = ("unable to open database file", "readonly database", os.strerror(errno.EACCES), os.strerror(errno.EROFS))


class _Kept(local):
    """The stores that a thread keeps open, by path: a dataset of GDAL belongs to one thread."""

    def __init__(self):
        self.stores = {}


_kept = _Kept()


def refusal(path: Path, cause: str) -> TisserandError:
    """Return the error that says why a file could not be made, in plain words where the cause is a usual one."""
    if any(words in cause for words in FULL):
        return DiskFullError(path.parent)
    if any(words in cause for words in CLOSED):
        return FolderClosedError(path.parent)
    return StoreRefusedError(path=path, cause=cause)


def settle(path: Path) -> None:
    """Let SQLite take back what a program that died in the middle of a change left in a store.

    GDAL opens a store for reading only, and then cannot. Does nothing to a file that is missing or no store: whoever
    reads it next says so.
    """
    if not path.is_file():
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(str(path))) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Let whatever this thread reads of a store within open it once: for those who read many of its tables."""
    if path in _kept.stores:
        yield
        return
    _kept.stores[path] = open_store(path)
    try:
        yield
    finally:
        del _kept.stores[path]


def open_store(path: Path, *, writable: bool = False):
    """Return the GDAL dataset of a store; raises StoreUnreadableError, StoreBusyError or StoreRefusedError."""
    if not writable and path in _kept.stores:
        return _kept.stores[path]
    if not path.exists():
        raise StoreUnreadableError(path=path)
    if path.with_name(f"{path.name}-journal").exists():
        settle(path)
    flags = gdal.OF_VECTOR | (gdal.OF_UPDATE if writable else gdal.OF_READONLY)
    gdal.ErrorReset()
    dataset = quietly(lambda: gdal.OpenEx(str(path), flags, allowed_drivers=["GPKG"]))
    if dataset is None and "locked" in gdal.GetLastErrorMsg():
        raise StoreBusyError(path=path)
    if dataset is None and writable and quietly(lambda: gdal.OpenEx(str(path), gdal.OF_VECTOR)) is not None:
        raise StoreRefusedError(path=path, cause=gdal.GetLastErrorMsg() or os.strerror(30))
    if dataset is None:
        raise StoreUnreadableError(path=path)
    return dataset


def quietly(call):
    """Return what a GDAL call returns, None where it raises, with no message on stderr.

    The caller reads the message and says it in its own words.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return call()
    except RuntimeError:  # raised instead of a code when some other program switched GDAL's exceptions on
        return None
    finally:
        gdal.PopErrorHandler()
