"""Files of others as sheets of rows, one module a kind of source; no QGIS, nothing understood yet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..records import Row, Sheet
from .documents import flat, load, no_object, not_of_format, objects, sheet
from .faults import check_size, closed
from .gogocarto import read_gogocarto
from .hsds import read_hsds
from .inclusion import read_inclusion
from .recognise import of_columns, recognise
from .tables import read_table

FORMATS = ("auto", "csv", "xlsx", "geojson", "datainclusion", "mednum", "hsds", "gogocarto")


def read_file(path: Path, format: str = "auto", *, layer: str | None = None) -> Sheet:
    """Return what a file holds; "xlsx" also reads ODS, "geojson" also GeoPackage and other layers.

    ``layer`` is the sheet or layer to read where there are several. Raises FileUnreadableError (a TisserandError) with
    a sentence for what cannot be read.
    """
    path = Path(path)
    if format not in FORMATS:
        raise ValueError(format)
    check_size(path)
    try:
        return _read(path, format, layer)
    except OSError as error:
        raise closed(path, error) from None


def _read(path: Path, format: str, layer: str | None) -> Sheet:
    kind = recognise(path)
    if format in ("auto", "mednum", "datainclusion") and kind == "csv":
        return _table(path, format)
    if kind in ("json", "mednum-json") and format in ("auto", "mednum"):
        return _objects(path, "mednum" if kind == "mednum-json" else "csv")
    if format == "auto":
        format = kind
    if format == "xlsx" and kind == "xlsx":
        # GDAL is asked for only where it is needed: an environment without it reads the other formats.
        from .sheets import read_sheet

        return read_sheet(path, layer)
    if format == "geojson" and kind in ("geojson", "gogocarto"):
        from .vectors import read_vectors

        return read_vectors(path, layer)
    readers = {"csv": read_table, "datainclusion": read_inclusion, "hsds": read_hsds, "gogocarto": read_gogocarto}
    if format not in readers or (format == "csv") != (kind == "csv"):
        raise not_of_format(path, format)
    return readers[format](path)


def _table(path: Path, format: str) -> Sheet:
    found = read_table(path)
    kind = of_columns(found.columns)
    if format not in ("auto", kind):
        raise not_of_format(path, format)
    return replace(found, format=kind)


def _objects(path: Path, format: str) -> Sheet:
    """Return a list of objects of no further standard as a table."""
    rows, rejects = [], []
    for number, item in enumerate(objects(load(path), "data", "elements") or (), start=1):
        if isinstance(item, dict):
            rows.append(Row(number, flat(item)))
        else:
            rejects.append(no_object(number, item))
    return sheet(path, format, rows, rejects, {})
