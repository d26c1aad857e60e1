"""Files opened by GDAL, with the few drivers that read nothing but the file itself."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from osgeo import gdal

from .faults import MOST_BYTES, broken, check_size, too_large

# None of those that follow addresses within a file to other files or to the network (VRT, WFS, GMLAS…).
VECTORS = (
    "GeoJSON",
    "GPKG",
    "ESRI Shapefile",
    "FlatGeobuf",
    "GeoJSONSeq",
    "TopoJSON",
    "MapInfo File",
    "LIBKML",
    "KML",
    "GPX",
    "SQLite",
)
SPREADSHEETS = ("XLSX", "ODS")
# All cells as text, as they stand: GDAL would make numbers of codes and a header of any first line.
AS_TEXT = {
    "OGR_XLSX_HEADERS": "DISABLE",
    "OGR_XLSX_FIELD_TYPES": "STRING",
    "OGR_ODS_HEADERS": "DISABLE",
    "OGR_ODS_FIELD_TYPES": "STRING",
}


@contextmanager
def opened(path: Path, drivers: tuple[str, ...], options: dict[str, str] | None = None) -> Iterator[gdal.Dataset]:
    """Give a dataset; FileUnreadableError when GDAL cannot open it, or stops within the block."""
    check_size(path)
    check_unpacked(path)
    renamed = None
    before = {name: gdal.GetThreadLocalConfigOption(name) for name in options or {}}
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        for name, value in (options or {}).items():
            gdal.SetThreadLocalConfigOption(name, value)
        dataset = _dataset(str(path), drivers)
        if dataset is None and "ODS" in drivers and path.suffix.lower() != ".ods":
            # GDAL knows an ODS by its suffix alone.
            renamed = f"/vsimem/{uuid4()}.ods"
            gdal.FileFromMemBuffer(renamed, path.read_bytes())
            dataset = _dataset(renamed, ("ODS",))
        if dataset is None:
            raise broken(path, gdal.GetLastErrorMsg() or "/".join(drivers))
        yield dataset
    # Raised within the block when some other program switched GDAL's exceptions on.
    except RuntimeError as error:
        raise broken(path, error) from None
    finally:
        if renamed is not None:
            gdal.Unlink(renamed)
        gdal.PopErrorHandler()
        for name, value in before.items():
            gdal.SetThreadLocalConfigOption(name, value)


def _dataset(name: str, drivers: tuple[str, ...]) -> gdal.Dataset | None:
    try:
        return gdal.OpenEx(name, gdal.OF_VECTOR, allowed_drivers=list(drivers))
    except RuntimeError:  # raised instead of None when some other program switched GDAL's exceptions on
        return None


def check_unpacked(path: Path) -> None:
    """Raise FileUnreadableError for an archive that is damaged, or would fill the memory once unpacked."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise broken(path, error) from None
    if size > 2 * MOST_BYTES:
        raise too_large(path, 2 * MOST_BYTES // 1_000_000)
