"""Territories of any level and vintage on their way into a store: which are taken, which refused, what changes.

Needs GDAL alone. Outlines are WKB in the CRS of the store. A territory is known by level, code and vintage; a row of
the store without a vintage is taken as one of the current year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from osgeo import ogr

from .. import geopackage
from ..errors import QT_TRANSLATE_NOOP
from ..exchange.records import Reject
from ..reference import former_communes
from .codes import NO_NAME, judge
from .outlines import COG_YEAR, dissolve
from .shapes import NOTHING, Fit, fit, ground, is_outside, members, shared_area

TABLE = "territoire"
# Their territories do not overlap, so that a newer one takes the place of whatever stood on its ground.
PARTITIONS = ("commune", "epci", "ept")
COMPARED = ("nom", "millesime", "remplace_le", "population", "membres", "source", "supprime_le")

TWICE = QT_TRANSLATE_NOOP("Tisserand", "several rows have this code ({rows}): each code must be its own")
OUTSIDE = QT_TRANSLATE_NOOP(
    "Tisserand", "it lies outside the Département: check its CRS, or ask for neighbours to be taken"
)
POPULATION = QT_TRANSLATE_NOOP("Tisserand", "its population is no whole number, 0 or more: left empty")


class Given(NamedTuple):
    """A row of the layer: its rank from 1, ``polygon`` WKB in the CRS of the store (None: without a geometry).

    ``population`` is None where the layer does not say it, a negative number or a text where it says nonsense.
    """

    row: int
    code: str
    nom: str
    population: object
    polygon: bytes | None


class Wish(NamedTuple):
    """What the user asks: the level, the vintage (0: not said), the source, and what to put up with."""

    niveau: str
    source: str
    vintage: int = 0
    put_zeros_back: bool = False
    neighbours: bool = False


@dataclass
class Plan:
    """What an import would do; ``accepted + len(rejected)`` is the number of rows given.

    ``merged`` and the other lists hold codes or labels for the user. ``cut`` is territory -> communes it cuts.
    """

    vintage: int
    accepted: int = 0
    unchanged: int = 0
    creates: list[dict] = field(default_factory=list)
    updates: list[dict] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    remarks: list[Reject] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    zeros: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    cut: dict[str, list[str]] = field(default_factory=dict)
    fit: Fit = NOTHING

    def write(self, store: Path) -> None:
        """Write new and changed rows in one transaction; raises what ``geopackage.write_changes`` raises."""
        if self.creates or self.updates:
            geopackage.write_changes(store, {TABLE: self.creates}, {TABLE: self.updates})


class Taken(NamedTuple):
    """A row that passed: its code as mended, and its outline."""

    given: Given
    code: str
    outline: ogr.Geometry


def plan(store: Path, given: Sequence[Given], wish: Wish, now: datetime) -> Plan:
    """Judge the rows against the store and return what to write; nothing is written."""
    stored = geopackage.read_rows(store, TABLE, withdrawn=True)
    departement = geopackage.read_settings(store)["departement"]
    ground_of = _Land(stored, departement)
    made = Plan(wish.vintage or COG_YEAR)
    taken = _judged(given, wish, departement, ground_of, made)
    if made.merged and not wish.vintage:
        made.vintage = min(former_communes()[code].dernier_cog for code in made.merged)
    made.accepted = len(taken)
    rows = [_row(one, wish, made, ground_of) for one in taken]
    made.fit = fit([one.outline for one in taken], ground_of.land)
    _compare(rows, stored, wish, made, now)
    made.rejected.sort(key=lambda reject: reject.row)
    return made


class _Land:
    """The ground of the Département and its communes in force, as the store has them."""

    def __init__(self, stored: list[dict], departement: str):
        now = [row for row in stored if row["geom"] and not row["remplace_le"] and not row["supprime_le"]]
        self.communes = {row["code"]: row for row in now if row["niveau"] == "commune"}
        self.outlines = {code: ogr.CreateGeometryFromWkb(row["geom"]) for code, row in self.communes.items()}
        own = [row for row in now if row["niveau"] == "departement" and row["code"] == departement]
        self.land = dissolve(ogr.CreateGeometryFromWkb(row["geom"]) for row in own) or dissolve(self.outlines.values())


def _judged(given: Sequence[Given], wish: Wish, departement: str, ground_of: _Land, made: Plan) -> list[Taken]:
    """Return the rows that may be taken; the others go to ``made.rejected``, each with one cause."""

    def reject(row: Given, name: str, value: str, cause: str, **values: object) -> None:
        made.rejected.append(Reject(row.row, name, value, cause, values))

    passed = []
    for row in given:
        verdict = judge(row.code, wish.niveau, departement, vintage=wish.vintage, put_zeros_back=wish.put_zeros_back)
        place = ground(row.polygon)
        if verdict.cause:
            reject(row, "code", row.code, verdict.cause, **verdict.values)
        elif not row.nom:
            reject(row, "nom", verdict.code, NO_NAME)
        elif place.cause:
            reject(row, "geom", verdict.code, place.cause)
        elif not wish.neighbours and is_outside(place.outline, ground_of.land):
            reject(row, "geom", verdict.code, OUTSIDE)
        else:
            passed.append((Taken(row, verdict.code, place.outline), verdict, place))
    times = Counter(one.code for one, _, _ in passed)
    taken = []
    for one, verdict, place in passed:
        if times[one.code] > 1:
            same = ", ".join(str(other.given.row) for other, _, _ in passed if other.code == one.code)
            reject(one.given, "code", one.code, TWICE, rows=same)
            continue
        taken.append(one)
        made.zeros += [one.code] * verdict.mended
        made.mended += [one.code] * place.mended
        made.merged += [one.code] * (verdict.last_year is not None)
    return taken


def _row(one: Taken, wish: Wish, made: Plan, ground_of: _Land) -> dict:
    """Return the row of a territory without uuid and dates; what the import does not know is not among its keys."""
    row = {
        "code": one.code,
        "nom": one.given.nom,
        "niveau": wish.niveau,
        "millesime": made.vintage,
        "source": wish.source,
        "geom": bytes(one.outline.ExportToIsoWkb()),
    }
    population = _population(one, made)
    if population is not None:
        row["population"] = population
    if wish.niveau == "commune":
        return row
    found = members(one.outline, ground_of.outlines)
    row["membres"] = "|".join(found.codes) or None
    if found.cut:
        made.cut[f"{one.code} {one.given.nom}"] = found.cut
    rows = [ground_of.communes[code] for code in found.codes]
    if population is None and found.whole and all(commune["population"] is not None for commune in rows):
        row["population"] = sum(commune["population"] for commune in rows)
    days = [commune["recense_le"] for commune in rows if commune["recense_le"]]
    if 2 * len(days) > len(rows):
        row["recense_le"] = min(days)
    return row


def _population(one: Taken, made: Plan) -> int | None:
    said = one.given.population
    if said is None or said == "":
        return None
    try:
        number = float(str(said).replace(",", "."))
    except ValueError:
        number = -1.0
    if number < 0 or not number.is_integer():
        made.remarks.append(Reject(one.given.row, "population", str(said), POPULATION))
        return None
    return int(number)


def _compare(rows: list[dict], stored: list[dict], wish: Wish, made: Plan, now: datetime) -> None:
    """Fill ``made`` with what is new, changed, unchanged or replaced."""
    level = [row for row in stored if row["niveau"] == wish.niveau]
    by_key = {(row["code"], _year(row)): row for row in level}
    years: dict[str, list[int]] = {}
    for code, year in by_key:
        years.setdefault(code, []).append(year)
    newer = _newer_ground(level, wish, made)
    for row in rows:
        code = row["code"]
        held = by_key.get((code, made.vintage))
        row["remplace_le"] = _replaced_on(row, years.get(code, ()), newer, made) or (held and held["remplace_le"])
        row["supprime_le"] = None
        if held is None:
            made.creates.append({"uuid": _uuid(wish.niveau, code, made.vintage), **row, **_stamps(now)})
        else:
            row.pop("recense_le", None)
            changed = {name: row[name] for name in COMPARED if name in row and row[name] != held[name]}
            if row["geom"] != held["geom"]:
                changed["geom"] = row["geom"]
            if changed:
                made.updates.append({"uuid": held["uuid"], **changed, "date_maj": now.date()})
            else:
                made.unchanged += 1
    _replace(rows, level, wish, made, now)


def _replace(rows: list[dict], level: list[dict], wish: Wish, made: Plan, now: datetime) -> None:
    """Take out of force the older rows that the new ones replace: of the same code, or on whose ground they stand."""
    codes = {row["code"] for row in rows}
    older = [row for row in level if not row["remplace_le"] and _year(row) < made.vintage]
    gone = [row for row in older if row["code"] in codes]
    if wish.niveau in PARTITIONS:
        absent = [row for row in older if row["code"] not in codes and row["geom"]]
        together = dissolve(ogr.CreateGeometryFromWkb(row["geom"]) for row in rows) if absent else None
        if together is not None:
            outlines = [(row, ogr.CreateGeometryFromWkb(row["geom"])) for row in absent]
            gone += [row for row, outline in outlines if shared_area(outline, together) > outline.Area() / 2]
    for row in gone:
        made.replaced.append(f"{row['code']} {row['nom']}")
        made.updates.append({"uuid": row["uuid"], "remplace_le": date(made.vintage, 1, 1), "date_maj": now.date()})


def _newer_ground(level: list[dict], wish: Wish, made: Plan) -> tuple[int, ogr.Geometry] | None:
    """Return the ground in force that later vintages of a partition cover, and their first year; None without any."""
    newer = [row for row in level if not row["remplace_le"] and row["geom"] and _year(row) > made.vintage]
    if wish.niveau not in PARTITIONS or not newer:
        return None
    return min(map(_year, newer)), dissolve(ogr.CreateGeometryFromWkb(row["geom"]) for row in newer)


def _replaced_on(row: dict, years: Sequence[int], newer: tuple[int, ogr.Geometry] | None, made: Plan) -> date | None:
    """Return since when another outline is in force, None for the territory of today."""
    later = [year for year in years if year > made.vintage]
    former = former_communes().get(row["code"]) if row["niveau"] == "commune" else None
    if former is not None and former.dernier_cog is not None:
        later.append(former.dernier_cog + 1)
    elif newer is not None and not later:
        year, land = newer
        outline = ogr.CreateGeometryFromWkb(row["geom"])
        later += [year] * (shared_area(outline, land) > outline.Area() / 2)
    return date(min(later), 1, 1) if later else None


def _year(row: dict) -> int:
    return row["millesime"] or COG_YEAR


def _uuid(niveau: str, code: str, vintage: int) -> str:
    name = f"tisserand:territoire:{niveau}:{code}"
    return str(uuid5(NAMESPACE_URL, name if vintage == COG_YEAR else f"{name}:{vintage}"))


def _stamps(now: datetime) -> dict:
    return {"cree_le": now, "date_maj": now.date()}
