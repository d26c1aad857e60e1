"""Says where on earth a printed map lies: in its PDF, and in the world file of its picture."""

from __future__ import annotations

import os
from pathlib import Path

from osgeo import osr

from ...layers.errors import FolderMissingError
from ...layers.geopackage import refusal
from ..composing.book import MapFrame, Page
from ..pdf.finishing import load_pypdf

POINTS_PER_MM = 72 / 25.4


def map_of(page: Page) -> MapFrame:
    """Return the largest map of a page."""
    return max((one for one in page.operations if isinstance(one, MapFrame)), key=lambda one: one.box.w * one.box.h)


def georeference_pdf(source: Path, target: Path, page: Page, epsg: int, scale: float) -> None:
    """Write a PDF of one page with the place of its map (ISO 32000-2, 12.10), ``scale`` times as large.

    Raises TisserandError when the target cannot be written; what stood there then still stands.
    """
    pypdf = load_pypdf()
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, TextStringObject

    if not target.parent.is_dir():
        raise FolderMissingError(target.parent)
    frame = map_of(page)
    box, (west, south, east, north) = frame.box, frame.ground
    writer = pypdf.PdfWriter(clone_from=str(source))
    sheet = writer.pages[0]
    if scale != 1:
        sheet.scale_by(scale)
    bottom, top = page.height - box.bottom, page.height - box.y
    corners = [value * POINTS_PER_MM * scale for value in (box.x, bottom, box.right, top)]
    unit = ArrayObject(FloatObject(value) for value in (0, 0, 0, 1, 1, 1, 1, 0))
    degrees = [
        angle for x, y in ((west, south), (west, north), (east, north), (east, south)) for angle in _degrees(x, y, epsg)
    ]
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    measure = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Measure"),
            NameObject("/Subtype"): NameObject("/GEO"),
            NameObject("/Bounds"): unit,
            NameObject("/GPTS"): ArrayObject(FloatObject(f"{angle:.10f}") for angle in degrees),
            NameObject("/LPTS"): unit,
            NameObject("/GCS"): DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/PROJCS"),
                    NameObject("/EPSG"): NumberObject(epsg),
                    NameObject("/WKT"): TextStringObject(crs.ExportToWkt(["FORMAT=WKT1_ESRI"])),
                }
            ),
        }
    )
    viewport = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Viewport"),
            NameObject("/Name"): TextStringObject("Carte"),
            NameObject("/BBox"): ArrayObject(FloatObject(f"{corner:.4f}") for corner in corners),
            NameObject("/Measure"): measure,
        }
    )
    sheet[NameObject("/VP")] = ArrayObject([viewport])
    draft = target.with_name(f".{target.name}.part")
    try:
        writer.write(str(draft))
        draft.replace(target)
    except OSError as error:
        raise refusal(target, error.strerror or os.strerror(error.errno or 0)) from error
    finally:
        draft.unlink(missing_ok=True)


def _degrees(x: float, y: float, epsg: int) -> tuple[float, float]:
    """Return latitude and longitude on the geographic system of a projection."""
    projected = osr.SpatialReference()
    projected.ImportFromEPSG(epsg)
    projected.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    geographic = projected.CloneGeogCS()
    geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    longitude, latitude, _ = osr.CoordinateTransformation(projected, geographic).TransformPoint(x, y)
    return latitude, longitude


def world_file(page: Page, pixels: int) -> str:
    """Return the six lines that place a picture of a page, ``pixels`` wide, in the CRS of its map."""
    frame = map_of(page)
    west, _, east, north = frame.ground
    metres_per_mm = (east - west) / frame.box.w
    metres_per_pixel = metres_per_mm * page.width / pixels
    # Of the centre of the first pixel.
    x = west - frame.box.x * metres_per_mm + metres_per_pixel / 2
    y = north + frame.box.y * metres_per_mm - metres_per_pixel / 2
    lines = (metres_per_pixel, 0.0, 0.0, -metres_per_pixel, x, y)
    return "".join(f"{value:.9f}\n" for value in lines)


def projection_file(epsg: int) -> str:
    """Return the text of the file that names the CRS of a picture."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    return crs.ExportToWkt(["FORMAT=WKT1_ESRI"]) + "\n"
