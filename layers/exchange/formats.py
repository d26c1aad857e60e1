"""The formats in which actors can be exported, in the order of the tool."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from . import datainclusion, geojson, hsds, mednum, spreadsheet, tables
from .catalogue import Catalogue, Written


class Format(NamedTuple):
    """How a format is called, its usual suffix, how it is written, and how the actors in a file are counted."""

    title: str
    suffix: str
    write: Callable[[Catalogue, Path], Written]
    count: Callable[[Path], int]


FORMATS = {
    "datainclusion": Format("data·inclusion v1", ".json", datainclusion.write, datainclusion.count),
    "mednum": Format("Lieux de médiation numérique 1.0.2", ".csv", mednum.write, mednum.count),
    "hsds": Format("HSDS 3.0", ".json", hsds.write, hsds.count),
    "geojson": Format("GeoJSON", ".geojson", geojson.write, geojson.count),
    "csv": Format("CSV", ".csv", tables.write, tables.count),
    "xlsx": Format("XLSX", ".xlsx", spreadsheet.write, spreadsheet.count),
}
