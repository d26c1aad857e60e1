"""The functions that the triggers of a GeoPackage call, for a connection of Python's own ``sqlite3``.

GDAL brings them to its connections; without them SQLite refuses every change of a table with a spatial index.
"""

from __future__ import annotations

import sqlite3
from functools import partial

from osgeo import ogr

HEADER_BYTES = 8
# Bytes of the envelope that follows the header, by the envelope code in its flags.
ENVELOPE_BYTES = (0, 32, 48, 48, 64)
CORNERS = {"ST_MinX": 0, "ST_MaxX": 1, "ST_MinY": 2, "ST_MaxY": 3}


def add_geometry_functions(connection: sqlite3.Connection) -> None:
    """Give a connection ``ST_IsEmpty``, ``ST_MinX``, ``ST_MaxX``, ``ST_MinY`` and ``ST_MaxY``."""
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    for name, corner in CORNERS.items():
        connection.create_function(name, 1, partial(_corner, corner), deterministic=True)


def _is_empty(blob: bytes | None) -> int | None:
    geometry = _geometry(blob)
    return None if geometry is None else int(geometry.IsEmpty())


def _corner(corner: int, blob: bytes | None) -> float | None:
    geometry = _geometry(blob)
    return None if geometry is None or geometry.IsEmpty() else geometry.GetEnvelope()[corner]


def _geometry(blob: bytes | None):
    """Return the geometry of a GeoPackage blob; None for NULL and for what is none."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < HEADER_BYTES:
        return None
    envelope = (blob[3] >> 1) & 7
    if envelope >= len(ENVELOPE_BYTES):
        return None
    return ogr.CreateGeometryFromWkb(blob[HEADER_BYTES + ENVELOPE_BYTES[envelope] :])
