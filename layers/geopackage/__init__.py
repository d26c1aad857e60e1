"""The GeoPackage store made from the model: created whole, written whole or not at all, read back.

Works through GDAL alone, so that it serves inside QGIS and outside. Geometries go in and out as WKB in the CRS of the
store.
"""

from ..ddl.statements import GEOMETRY
from .creation import create_store
from .opening import kept_open, quietly, refusal
from .reading import count_rows, read_rows, read_settings
from .writing import OUTSIDE_TOLERANCE, write_changes, write_rows

__all__ = [
    "GEOMETRY",
    "OUTSIDE_TOLERANCE",
    "count_rows",
    "create_store",
    "kept_open",
    "quietly",
    "read_rows",
    "read_settings",
    "refusal",
    "write_changes",
    "write_rows",
]
