"""Sectors of social action made from a table that says the sector of each commune: needs GDAL alone.

Nothing is dropped: what the table and the communes do not have in common is named. Outlines are in the CRS of the
store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from osgeo import ogr

from .. import geopackage
from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..reference import former_communes, successors
from .codes import known_communes, with_its_zero
from .outlines import dissolve
from .shapes import ground

TABLE = "secteur"
MOST_NAMED = 10


class Place(NamedTuple):
    """A commune: its code, name and outline as WKB, None without one."""

    code: str
    nom: str
    polygon: bytes | None


class Line(NamedTuple):
    """A row of the table, by its rank from 1: the commune and the sector it is said to be in."""

    row: int
    commune: str
    secteur: str
    nom: str


class Sector(NamedTuple):
    """A sector: its communes by code, its outline, and in how many pieces those communes lie."""

    code: str
    nom: str
    communes: list[str]
    outline: ogr.Geometry | None
    pieces: int


@dataclass
class Sectors:
    """What the table gives, and what has to be said of it; the lists hold labels for the user.

    ``followed`` are codes of the table or the layer that became another commune, ``arrondissements`` those of cities;
    ``unknown`` no commune has, ``elsewhere`` are communes that the layer lacks; ``unsaid`` are rows without a commune
    or a sector; ``kept`` are sectors of the store that the table does not have.
    """

    sectors: list[Sector] = field(default_factory=list)
    creates: list[dict] = field(default_factory=list)
    updates: list[dict] = field(default_factory=list)
    unchanged: int = 0
    orphans: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    arrondissements: list[str] = field(default_factory=list)
    zeros: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    unsaid: list[int] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    without_outline: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    scattered: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def write(self, store: Path) -> None:
        """Write new and changed sectors in one transaction; raises what ``geopackage.write_changes`` raises."""
        if self.creates or self.updates:
            geopackage.write_changes(store, {TABLE: self.creates}, {TABLE: self.updates})


def build_sectors(store: Path, places: Iterable[Place], lines: Iterable[Line], source: str, now: datetime) -> Sectors:
    """Return the sectors of the table and what to write; nothing is written.

    A code of the table that is no commune of the layer is followed to the commune it lies in now. Raises
    TisserandError naming the communes that the table puts in several sectors.
    """
    made = Sectors()
    communes = _communes(places, made)
    wanted = _assigned(communes, lines, made)
    by_sector: dict[str, list[str]] = {}
    for code, (sector, _) in sorted(wanted.items()):
        by_sector.setdefault(sector, []).append(code)
    names = _names(wanted, made)
    made.orphans = [_label(code, communes) for code in sorted(communes.keys() - wanted.keys())]
    for sector, codes in sorted(by_sector.items()):
        outline = dissolve(communes[code][1] for code in codes)
        groups = _pieces(codes, communes, outline)
        made.sectors.append(Sector(sector, names[sector], codes, outline, max(len(groups), 1)))
        if len(groups) > 1:
            apart = ", ".join(_label(code, communes) for group in groups[1:] for code in group)
            made.scattered.append(f"{names[sector]} : {apart}")
    _compare(store, made, source, now)
    return made


def _communes(places: Iterable[Place], made: Sectors) -> dict[str, tuple[str, ogr.Geometry | None]]:
    """Return code -> (name, outline); rows of one code are the parts of one commune."""
    parts: dict[str, tuple[str, list[ogr.Geometry]]] = {}
    for place in places:
        code = with_its_zero(place.code.strip().upper(), "commune", "")
        there = ground(place.polygon)
        _, outlines = parts.setdefault(code, (place.nom, []))
        if there.outline is not None:
            outlines.append(there.outline)
        if there.mended:
            made.mended.append(f"{code} {place.nom}")
    made.without_outline = [f"{code} {nom}" for code, (nom, outlines) in sorted(parts.items()) if not outlines]
    return {
        code: (nom, outlines[0] if len(outlines) == 1 else dissolve(outlines))
        for code, (nom, outlines) in sorted(parts.items())
    }


def _assigned(communes: Mapping[str, tuple], lines: Iterable[Line], made: Sectors) -> dict[str, tuple[str, list[Line]]]:
    """Return commune of the layer -> (its sector, the rows that say so)."""
    said: dict[str, list[Line]] = {}
    own: dict[str, list[Line]] = {}
    for line in lines:
        if not line.commune or not line.secteur:
            made.unsaid.append(line.row)
            continue
        code = line.commune.strip().upper()
        mended = with_its_zero(code, "commune", "")
        if mended != code:
            made.zeros.append(f"{code} → {mended}")
        own.setdefault(mended, []).append(line)
        target = _place_of(mended, communes, made)
        if target is not None:
            said.setdefault(target, []).append(line)
    # The layer may be older than the table: a commune that merged since is where its successor is.
    followed = successors()
    for code in communes.keys() - said.keys():
        after = followed.get(code)
        if after in own:
            said[code] = own[after]
            made.followed.append(f"{_label(code, communes)} → {after}")
            made.elsewhere = [label for label in made.elsewhere if label != after]
    _refuse_doubles(said, communes)
    counted = {code: Counter(line.commune.strip().upper() for line in rows) for code, rows in said.items()}
    made.repeated = sorted({code for counts in counted.values() for code, count in counts.items() if count > 1})
    for name in ("followed", "arrondissements", "zeros", "unknown", "elsewhere"):
        setattr(made, name, sorted(set(getattr(made, name))))
    return {code: (rows[0].secteur, rows) for code, rows in said.items()}


def _place_of(code: str, communes: Mapping[str, tuple], made: Sectors) -> str | None:
    """Return the commune of the layer that a code of the table means; None where there is none, which is noted."""
    if code in communes:
        return code
    former = former_communes().get(code)
    if former is not None and former.actuelle in communes:
        notes = made.arrondissements if former.dernier_cog is None else made.followed
        notes.append(f"{code} {former.nom} → {_label(former.actuelle, communes)}")
        return former.actuelle
    (made.elsewhere if code in known_communes() else made.unknown).append(code)
    return None


def _refuse_doubles(said: Mapping[str, list[Line]], communes: Mapping[str, tuple]) -> None:
    doubles = []
    for code, lines in sorted(said.items()):
        sectors = sorted({(line.secteur, line.commune.strip().upper()) for line in lines})
        if len({sector for sector, _ in sectors}) > 1:
            told = ", ".join(sector if own == code else f"{sector} ({own})" for sector, own in sectors)
            doubles.append(f"{_label(code, communes)} : {told}")
    if doubles:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{count} communes are in several sectors ({communes}): keep one sector for each in the table. Nothing "
                "was written.",
            ),
            count=len(doubles),
            communes=" ; ".join(doubles[:MOST_NAMED]) + (" ; …" if len(doubles) > MOST_NAMED else ""),
        )


def _names(wanted: Mapping[str, tuple[str, list[Line]]], made: Sectors) -> dict[str, str]:
    """Return code -> name of the sector: the one given most often, the code itself where none is given."""
    given: dict[str, Counter] = {}
    for sector, lines in wanted.values():
        given.setdefault(sector, Counter()).update(line.nom for line in lines if line.nom)
    names = {}
    for sector, counted in given.items():
        ranked = sorted(counted, key=lambda name: (-counted[name], name))
        names[sector] = ranked[0] if ranked else sector
        if len(ranked) > 1:
            made.renamed.append(f"{sector} : {', '.join(ranked)}")
    return names


def _pieces(
    codes: list[str], communes: Mapping[str, tuple[str, ogr.Geometry | None]], outline: ogr.Geometry | None
) -> list[list[str]]:
    """Return the communes by the piece of the sector they stand in, the piece with most of them first.

    An islet of a commune is no piece: only where whole communes stand counts.
    """
    groups: dict[int, list[str]] = {}
    polygons = [polygon.Clone() for polygon in outline or ()]
    for code in codes:
        if communes[code][1] is None:
            continue
        point = communes[code][1].PointOnSurface()
        piece = next((number for number, polygon in enumerate(polygons) if polygon.Contains(point)), None)
        if piece is not None:
            groups.setdefault(piece, []).append(code)
    return sorted(groups.values(), key=lambda group: (-len(group), group))


def _label(code: str, communes: Mapping[str, tuple]) -> str:
    return f"{code} {communes[code][0]}".strip()


def _compare(store: Path, made: Sectors, source: str, now: datetime) -> None:
    held = {row["code"]: row for row in geopackage.read_rows(store, TABLE, withdrawn=True)}
    for sector in made.sectors:
        row = {
            "nom": sector.nom,
            "membres": "|".join(sector.communes),
            "source": source,
            "supprime_le": None,
            "geom": None if sector.outline is None else bytes(sector.outline.ExportToIsoWkb()),
        }
        before = held.get(sector.code)
        if before is None:
            uuid = str(uuid5(NAMESPACE_URL, f"tisserand:secteur:{sector.code}"))
            stamps = {"cree_le": now, "date_maj": now.date()}
            made.creates.append({"uuid": uuid, "code": sector.code, **row, **stamps})
            continue
        changed = {name: value for name, value in row.items() if value != before[name]}
        if changed:
            made.updates.append({"uuid": before["uuid"], **changed, "date_maj": now.date()})
        else:
            made.unchanged += 1
    built = {sector.code for sector in made.sectors}
    made.kept = sorted(
        f"{code} {row['nom']}" for code, row in held.items() if code not in built and not row["supprime_le"]
    )
