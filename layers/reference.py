"""The communes of France that Tisserand carries: outlines, groupings, populations, town halls. Needs GDAL alone."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from osgeo import gdal, ogr

from .errors import QT_TRANSLATE_NOOP, TisserandError

ROOT = Path(__file__).resolve().parents[1]
DECOUPAGE = ROOT / "layers" / "decoupage"
INSTALLED = DECOUPAGE / "communes.gpkg"
BUILT = ROOT / "build" / "reference" / "communes.gpkg"


class Departement(NamedTuple):
    """A Département or, when ``zone`` is ``com``, a collectivity overseas; ``zone`` is metro, drom or com."""

    code: str
    nom: str
    zone: str


class FormerCommune(NamedTuple):
    """A code of the Code officiel géographique that is no commune of 2026.

    It is that of a commune that merged (delegated, associated, absorbed), moved to another Département or gave its
    code up, or of a municipal arrondissement. ``actuelle`` is the commune of 2026 that holds it; ``dernier_cog`` the
    last vintage in which it was a commune itself, None where it never was one.
    """

    code: str
    nom: str
    actuelle: str
    dernier_cog: int | None


class TownHall(NamedTuple):
    """What is public of a town hall; ``""`` where the source says nothing.

    ``lon`` and ``lat`` (EPSG:4326) are both None where the source places it outside its commune, or nowhere.
    ``horaires`` is OpenStreetMap's opening_hours.
    """

    lon: float | None
    lat: float | None
    adresse: str
    telephone: str
    horaires: str
    site: str


class Commune(NamedTuple):
    """A commune of the Code officiel géographique 2026.

    ``polygon`` is a WKB MultiPolygon in EPSG:4326, None for the four communes whose outline no source gives
    (15031, 15035, 15047, 15171). ``epci_nature`` is CC, CA, CU, METRO or MET69. The EPCI is ``""`` for four
    islands, the EPT everywhere but in the Métropole du Grand Paris outside Paris. ``codes_postaux`` has a space
    between its codes.
    """

    code: str
    nom: str
    population: int
    codes_postaux: str
    polygon: bytes | None
    epci_code: str
    epci_nom: str
    epci_nature: str
    ept_code: str
    ept_nom: str
    mairie: TownHall


def find_reference() -> Path:
    """Return the national file of communes: the plugin's own, or in a clone the one made by ``make reference``."""
    for path in (INSTALLED, BUILT):
        if path.is_file():
            return path
    raise TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "The national file of communes is missing from {folder}: install the plugin from its zip again, "
            "or run “make reference” in a clone.",
        ),
        folder=INSTALLED.parent,
    )


def provenance() -> dict[str, str]:
    """Return the metadata of the national file: TITLE, SOURCES, LICENCE, PRECISION, and what it does not know."""
    return _opened(find_reference()).GetMetadata()


def departements() -> dict[str, Departement]:
    """Return code -> Département, collectivities overseas included."""
    with (DECOUPAGE / "departements.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Departement(**row) for row in csv.DictReader(file)}


def departement(code: str) -> Departement:
    """Return the Département of an Insee code; raises TisserandError for a code that is none."""
    try:
        return departements()[code]
    except KeyError:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "“{code}” is not the code of a Département: give two characters in France (01, 2A, 92) "
                "or three overseas (971, 974, 976).",
            ),
            code=code,
        ) from None


def successors() -> dict[str, str]:
    """Return code -> commune of 2026 for each code of ``former_communes``; a commune of 2026 is no key of it.

    Six communes that were shared out among several (08227, 45117, 51385, 51606, 60606, 77362) have no successor.
    """
    return {code: former.actuelle for code, former in former_communes().items()}


@cache
def former_communes() -> dict[str, FormerCommune]:
    """Return the codes since 1943 that are no commune of 2026, in France and its collectivities; not to be changed."""
    with (DECOUPAGE / "anciennes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: FormerCommune(
                row["code"], row["nom"], row["actuelle"], int(row["dernier_cog"]) if row["dernier_cog"] else None
            )
            for row in csv.DictReader(file)
        }


@cache
def commune_names() -> dict[str, str]:
    """Return code -> name of every commune of 2026, collectivities overseas included; not to be changed."""
    with (DECOUPAGE / "communes.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["nom"] for row in csv.DictReader(file)}


def read_departement(code: str) -> list[Commune]:
    """Return the communes of a Département, by code.

    Raises TisserandError for an unknown code, for a collectivity whose outlines no source gives (975, 977, 978,
    984, 986 to 989), and when the national file is missing or cannot be read.
    """
    wanted = departement(code)
    dataset = _opened(find_reference())
    layer = dataset.GetLayerByName("communes")
    layer.SetAttributeFilter(f"departement = '{wanted.code}'")
    communes = sorted(_commune(feature) for feature in layer)
    if not communes:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The national file of communes has no outlines for {name} ({code}): "
                "give a layer of communes of your own.",
            ),
            name=wanted.nom,
            code=code,
        )
    return communes


def _opened(path: Path) -> gdal.Dataset:
    """GDAL answers None or raises when it cannot open a file, as whoever shares the process has set it."""
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR, ["GPKG"])
    except RuntimeError:
        dataset = None
    if dataset is None or dataset.GetLayerByName("communes") is None:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The national file of communes {path} cannot be read: install the plugin from its zip again, "
                "or run “make reference” in a clone.",
            ),
            path=path,
        )
    return dataset


def _commune(feature: ogr.Feature) -> Commune:
    outline = feature.GetGeometryRef()
    values = feature.items()
    return Commune(
        polygon=None if outline is None else bytes(outline.ExportToWkb()),
        mairie=TownHall(**{name: values[f"mairie_{name}"] for name in TownHall._fields}),
        **{name: values[name] for name in Commune._fields if name not in ("polygon", "mairie")},
    )
