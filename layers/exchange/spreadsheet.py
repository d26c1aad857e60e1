"""XLSX through GDAL: a sheet of actors and a sheet of services. Codes stay text, and a text is never a formula."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from osgeo import gdal, ogr

from ..errors import QT_TRANSLATE_NOOP
from ..model.schema import Kind
from .catalogue import Catalogue, Remark, Written
from .columns import KINDS, actor_columns, held_columns, in_words

TYPES = {Kind.INTEGER: ogr.OFTInteger, Kind.REAL: ogr.OFTReal, Kind.DATE: ogr.OFTDate}
# Characters; with more in a cell Excel calls the file damaged.
LONGEST = 32_767
CUT = QT_TRANSLATE_NOOP(
    "Tisserand", "Texts cut at 32,767 letters, the most that a cell holds: {count} ({names}). GeoJSON holds all."
)


def write(catalogue: Catalogue, path: Path) -> Written:
    """Write both sheets; OSError when GDAL cannot."""
    services = [service for actor in catalogue.actors for service in catalogue.services_of(actor)]
    remarks: list[Remark] = []
    book = ogr.GetDriverByName("XLSX").CreateDataSource(str(path))
    if book is None:
        raise OSError(gdal.GetLastErrorMsg())
    _sheet(book, "acteur", actor_columns(catalogue), catalogue.actors, remarks)
    _sheet(book, "service", held_columns("service", services), services, remarks)
    return Written(len(catalogue.actors), remarks)


def count(path: Path) -> int:
    """Return the number of actors in a file; 0 when it cannot be read."""
    try:
        book = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["XLSX"])
    except RuntimeError:  # raised instead of None when some other program switched GDAL's exceptions on
        return 0
    sheet = book.GetLayerByName("acteur") if book is not None else None
    # GDAL takes the header for a row when no column has numbers.
    return 0 if sheet is None else sum(feature.GetField(0) != "uuid" for feature in sheet)


def _sheet(book, name: str, columns: list[str], rows: list[dict], remarks: list[Remark]) -> None:
    sheet = book.CreateLayer(name)
    for column in columns:
        sheet.CreateField(ogr.FieldDefn(column, TYPES.get(KINDS[column], ogr.OFTString)))
    for row in rows:
        feature = ogr.Feature(sheet.GetLayerDefn())
        for position, column in enumerate(columns):
            value = in_words(row[column])
            if isinstance(value, str) and len(value) > LONGEST:
                remarks.append(Remark(CUT, f"{row['nom']} : {column}"))
                value = value[:LONGEST]
            if value is not None:
                feature.SetField(position, value.isoformat() if isinstance(value, date) else value)
        sheet.CreateFeature(feature)
