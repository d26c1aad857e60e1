"""The territories of a workspace: communes, the groupings dissolved from them, and polygons of the user's own.

Needs GDAL alone. Outlines come in as WKB in EPSG:4326 and go out as WKB in the legal CRS of the Département.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from osgeo import ogr, osr

from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..reference import Commune, Departement, TownHall

COG_YEAR = 2026
# The smallest commune of France has 3.5 hectares: a smaller hole in a grouping is a gap between two outlines.
SMALLEST_HOLE_M2 = 10_000
# Up to this share of its area may lie outside the communes that make up a territory before its population is unknown.
TOLERATED_SHARE = 0.02
SQUARE_METRES = 1e6


class OwnTerritory(NamedTuple):
    """One polygon of the user's; ``polygon`` is WKB in EPSG:4326, None where the feature has no geometry."""

    code: str
    nom: str
    polygon: bytes | None


class OwnTerritories(NamedTuple):
    """Polygons of the user's for one level of the code list ``niveaux``; ``source`` is the name of their layer."""

    niveau: str
    source: str
    rows: list[OwnTerritory]


class Group(NamedTuple):
    """Communes that make up one territory of a level."""

    niveau: str
    code: str
    nom: str
    communes: list[Commune]


def check_own(own: OwnTerritories) -> None:
    """Raise TisserandError when there is no polygon, or one without code, name or outline, or a code twice."""
    if not own.rows:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The layer {layer} holds no territory: choose a layer with polygons."),
            layer=own.source,
        )
    nameless = [number for number, row in enumerate(own.rows, 1) if not row.code or not row.nom]
    if nameless:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The layer {layer} has territories without a code or a name (features {numbers}): fill them in first.",
            ),
            layer=own.source,
            numbers=_some(nameless),
        )
    codes = [row.code for row in own.rows]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The layer {layer} has several territories with the code {codes}: each code must be its own.",
            ),
            layer=own.source,
            codes=_some(twice),
        )
    bare = [row.code for row in own.rows if not _is_area(row.polygon)]
    if bare:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "The layer {layer} has territories without a polygon ({codes}): draw or remove them first."
            ),
            layer=own.source,
            codes=_some(bare),
        )


def with_own_outlines(communes: list[Commune], own: OwnTerritories) -> list[Commune]:
    """Return the user's communes, with what the national file knows of each code (population None when nothing).

    Raises TisserandError when the file knows communes but none of these codes: then the wrong field was named.
    """
    known = {commune.code: commune for commune in communes}
    if known and not any(row.code in known for row in own.rows):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "None of the codes of the layer {layer} ({codes}) is that of a commune of this Département: "
                "choose the field that holds the Insee code, such as {example}.",
            ),
            layer=own.source,
            codes=_some([row.code for row in own.rows]),
            example=communes[0].code,
        )
    unknown = Commune("", "", None, "", None, "", "", "", "", "", TownHall(None, None, "", "", "", ""))
    return [
        known.get(row.code, unknown)._replace(code=row.code, nom=row.nom, polygon=row.polygon)
        for row in sorted(own.rows)
    ]


def territory_rows(
    departement: Departement,
    communes: list[Commune],
    epsg: int,
    own: OwnTerritories | None,
    surveyed: Mapping[str, date],
) -> list[dict]:
    """Return the rows of the table ``territoire``, from the Département down to the communes.

    ``surveyed`` gives the date at which a commune was surveyed. A grouping is surveyed when most of its communes are,
    since the earliest of their dates. Polygons of the user's take the place of the groupings of their level.
    """
    outlines = {commune.code: projected(commune.polygon, epsg) for commune in communes}
    rows = [
        _row(
            group.niveau,
            group.code,
            group.nom,
            dissolve(outlines[commune.code] for commune in group.communes),
            membres="|".join(commune.code for commune in group.communes),
            population=_total(group.communes),
            recense_le=_survey_date(group.communes, surveyed),
        )
        for group in groups(departement, communes)
        if own is None or group.niveau != own.niveau
    ]
    if own is not None and own.niveau != "commune":
        rows += _own_rows(own, communes, outlines, epsg, surveyed)
    rows += [
        _row(
            "commune",
            commune.code,
            commune.nom,
            outlines[commune.code],
            population=commune.population,
            recense_le=surveyed.get(commune.code),
        )
        for commune in communes
    ]
    return rows


def groups(departement: Departement, communes: list[Commune]) -> list[Group]:
    """Return the Département, its EPCI and its EPT by code, each with those of its communes that are given."""
    found = [Group("departement", departement.code, departement.nom, communes)]
    for niveau in ("epci", "ept"):
        members: dict[tuple[str, str], list[Commune]] = {}
        for commune in communes:
            code, nom = getattr(commune, f"{niveau}_code"), getattr(commune, f"{niveau}_nom")
            if code:
                members.setdefault((code, nom), []).append(commune)
        found += [Group(niveau, code, nom, members[code, nom]) for code, nom in sorted(members)]
    return found


def _own_rows(
    own: OwnTerritories,
    communes: list[Commune],
    outlines: Mapping[str, ogr.Geometry | None],
    epsg: int,
    surveyed: Mapping[str, date],
) -> list[dict]:
    land = dissolve(outlines.values())
    centres = {code: outline.PointOnSurface() for code, outline in outlines.items() if outline is not None}
    rows, elsewhere = [], []
    for row in sorted(own.rows):
        area = projected(row.polygon, epsg)
        if not area.Intersects(land):
            elsewhere.append(row.code)
            continue
        members = [commune for commune in communes if commune.code in centres and centres[commune.code].Within(area)]
        made_of = dissolve(outlines[commune.code] for commune in members)
        whole = made_of is not None and area.SymDifference(made_of).Area() <= TOLERATED_SHARE * area.Area()
        rows.append(
            _row(
                own.niveau,
                row.code,
                row.nom,
                area,
                membres="|".join(commune.code for commune in members) or None,
                population=_total(members) if whole else None,
                recense_le=_survey_date(members, surveyed),
                millesime=None,
                source=own.source,
            )
        )
    if elsewhere:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "The layer {layer} has territories outside the Département ({codes}): check its CRS, or remove them.",
            ),
            layer=own.source,
            codes=_some(elsewhere),
        )
    return rows


def _row(niveau: str, code: str, nom: str, outline: ogr.Geometry | None, **values: object) -> dict:
    row = {
        "uuid": str(uuid5(NAMESPACE_URL, f"tisserand:territoire:{niveau}:{code}")),
        "code": code,
        "nom": nom,
        "niveau": niveau,
        "millesime": COG_YEAR,
        "source": "Code officiel géographique",
        **values,
    }
    if outline is not None:
        row["geom"] = bytes(outline.ExportToIsoWkb())
    return row


def _total(communes: list[Commune]) -> int | None:
    populations = [commune.population for commune in communes]
    return None if None in populations else sum(populations)


def _survey_date(communes: list[Commune], surveyed: Mapping[str, date]) -> date | None:
    dates = [surveyed[commune.code] for commune in communes if surveyed.get(commune.code)]
    return min(dates) if dates and 2 * len(dates) > len(communes) else None


def inhabitants_per_km2(territory: Mapping[str, object]) -> float:
    """Return the density of a row of ``territory_rows``; 0 where its population or its outline is unknown."""
    if territory["population"] is None or "geom" not in territory:
        return 0.0
    return territory["population"] / (ogr.CreateGeometryFromWkb(territory["geom"]).Area() / SQUARE_METRES)


def dissolve(outlines: Iterable[ogr.Geometry | None]) -> ogr.Geometry | None:
    """Return the union of outlines as a MultiPolygon without the slivers between them; None without any outline."""
    pieces = ogr.Geometry(ogr.wkbMultiPolygon)
    for outline in outlines:
        for polygon in outline or ():
            pieces.AddGeometry(polygon)
    if pieces.IsEmpty():
        return None
    union = ogr.Geometry(ogr.wkbMultiPolygon)
    for polygon in ogr.ForceToMultiPolygon(pieces.UnionCascaded()):
        union.AddGeometry(_without_slivers(polygon))
    return union


def _without_slivers(polygon: ogr.Geometry) -> ogr.Geometry:
    cleaned = ogr.Geometry(ogr.wkbPolygon)
    for number in range(polygon.GetGeometryCount()):
        ring = polygon.GetGeometryRef(number)
        if number == 0 or ring.Area() >= SMALLEST_HOLE_M2:
            cleaned.AddGeometry(ring)
    return cleaned


def projected(polygon: bytes | None, epsg: int) -> ogr.Geometry | None:
    """Return WKB in EPSG:4326 as a valid MultiPolygon in another CRS; None stays None."""
    if polygon is None:
        return None
    geometry = ogr.CreateGeometryFromWkb(polygon)
    geometry.FlattenTo2D()
    geometry.Transform(_to(epsg))
    if not geometry.IsValid():
        geometry = geometry.MakeValid(["METHOD=STRUCTURE"])  # the other method may add lines to the polygons
    return ogr.ForceToMultiPolygon(geometry)


def projected_point(lon: float, lat: float, epsg: int) -> bytes:
    """Return a point in degrees (EPSG:4326) as WKB in another CRS."""
    point = ogr.Geometry(ogr.wkbPoint)
    point.AddPoint_2D(lon, lat)
    point.Transform(_to(epsg))
    return bytes(point.ExportToIsoWkb())


@cache
def _to(epsg: int) -> osr.CoordinateTransformation:
    return osr.CoordinateTransformation(_reference_system(4326), _reference_system(epsg))


def _reference_system(epsg: int) -> osr.SpatialReference:
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def _is_area(polygon: bytes | None) -> bool:
    geometry = None if polygon is None else ogr.CreateGeometryFromWkb(polygon)
    return geometry is not None and geometry.GetDimension() == 2 and not geometry.IsEmpty()


def _some(items: list, most: int = 5) -> str:
    return ", ".join(str(item) for item in items[:most]) + (", …" if len(items) > most else "")
