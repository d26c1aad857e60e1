"""Networks of roads that were built before: the last ones in memory, a few more on the disk."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from qgis.core import Qgis, QgsApplication, QgsMessageLog

IN_MEMORY, ON_DISK = 2, 4
_remembered: OrderedDict[str, Roads] = OrderedDict()
_lock = Lock()


class Roads(NamedTuple):
    """The roads of a layer as arrays, whatever their speed.

    ``nodes``, ``ends``, ``metres`` and ``road`` are those of ``analysis.roads.Network``; ``crossings`` (n, 2): the
    points where roads cross without a vertex in common; ``joined``: how many ends were joined to a road that they
    just missed.
    """

    nodes: np.ndarray
    ends: np.ndarray
    metres: np.ndarray
    road: np.ndarray
    crossings: np.ndarray
    joined: np.ndarray


def folder() -> Path:
    """Return where networks lie on the disk: in the profile of the user, and nobody else's."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "cache" / "tisserand_routes"


def find(key: str) -> Roads | None:
    """Return the network of a key, None when it was not kept."""
    with _lock:
        if key in _remembered:
            _remembered.move_to_end(key)
            return _remembered[key]
    roads = _read(folder() / f"{key}.npz")
    if roads is not None:
        _remember(key, roads)
    return roads


def keep(key: str, roads: Roads) -> None:
    """Keep a network; where the disk refuses, in memory only, and the log of QGIS says why."""
    _remember(key, roads)
    part = None
    try:
        folder().mkdir(parents=True, exist_ok=True)
        # Another QGIS may be writing the same: whoever is done puts a whole file in its place.
        with tempfile.NamedTemporaryFile(dir=folder(), suffix=".part", delete=False) as file:
            part = Path(file.name)
            np.savez(file, **roads._asdict())
        part.replace(folder() / f"{key}.npz")
        for old in sorted(folder().iterdir(), key=lambda path: path.stat().st_mtime)[:-ON_DISK]:
            old.unlink()
    except OSError as error:
        QgsMessageLog.logMessage(str(error), "Tisserand", Qgis.MessageLevel.Warning)
        if part is not None:
            part.unlink(missing_ok=True)


def forget() -> None:
    """Forget what is in memory; what is on the disk stays."""
    with _lock:
        _remembered.clear()


def _remember(key: str, roads: Roads) -> None:
    with _lock:
        _remembered[key] = roads
        _remembered.move_to_end(key)
        while len(_remembered) > IN_MEMORY:
            _remembered.popitem(last=False)


def _read(path: Path) -> Roads | None:
    try:
        with np.load(path) as arrays:
            roads = Roads(**arrays)
        os.utime(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None
    return roads
