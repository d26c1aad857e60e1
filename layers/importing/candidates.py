"""Rows of a file as rows of the store would be: their position in its CRS, and what the position tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..exchange.records import Record, Reject
from ..geopackage import GEOMETRY
from ..model.schema import Table
from .causes import FAR_AWAY, NO_SUCH_ROW, OTHER_COMMUNE
from .comparing import EXTRA, extra_text
from .ground import Area, Ground, point
from .identity import made_uuid, own_uuid

DEGREES = ("lon", "lat")
# Levels of a need that are wider than a commune.
WIDE = ("epci", "secteur")


@dataclass
class Candidate:
    """A row that may go into the store.

    ``values`` are the fields that the file gives, ``derived`` those that its position tells and the file does not.
    ``place`` is in the CRS of the store. ``brought`` says that the uuid is the file's own.
    """

    row: int
    values: dict[str, object]
    source: str
    place: tuple[float, float] | None
    uuid: str
    brought: bool
    services: tuple[dict[str, object], ...] = ()
    derived: dict[str, object] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The identifier at the source, "" without one."""
        return str(self.values.get("source_ref") or "")


@dataclass
class Sorted:
    """Candidates, the rows that cannot be one, and values that were not taken."""

    candidates: list[Candidate] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    remarks: list[Reject] = field(default_factory=list)


def candidates(
    records: Sequence[Record],
    table: Table,
    source: str,
    ground: Ground,
    uuids: Callable[[str], frozenset[str]],
    tick: Callable[[], None],
) -> Sorted:
    """Return the rows as candidates; ``uuids`` gives those that a table of the store holds.

    A point that the store would refuse has its row rejected: one such row would have it refuse all.
    """
    located = [record for record in records if record.values.get("lon") is not None]
    xy = ground.projected([(record.values["lon"], record.values["lat"]) for record in located])
    tick()
    far = ground.outside(xy)
    communes, sectors = ground.communes_at(xy), ground.sectors_at(xy)
    tick()
    at = {id(record): number for number, record in enumerate(located)}
    result = Sorted()
    for order, record in enumerate(records):
        if order % 1000 == 0:
            tick()
        number = at.get(id(record))
        if number is not None and far[number]:
            said = {"lon": f"{record.values['lon']:.5f}", "lat": f"{record.values['lat']:.5f}"}
            result.rejected.append(Reject(record.row, "", f"{said['lon']}, {said['lat']}", FAR_AWAY, said))
            continue
        place = None if number is None else (float(xy[number, 0]), float(xy[number, 1]))
        candidate = _candidate(record, table, source, place)
        _drop_broken_references(candidate, table, uuids, result.remarks)
        if number is not None:
            _fill(candidate, communes[number], sectors[number], table, result.remarks)
        else:
            _fill_by_name(candidate, table, ground)
        result.candidates.append(candidate)
    return result


def _candidate(record: Record, table: Table, source: str, place: tuple[float, float] | None) -> Candidate:
    given = str(record.values.get("source") or source)
    brought = own_uuid(record.values)
    values = {
        name: value
        for name, value in record.values.items()
        if name not in DEGREES and name != "uuid" and value is not None
    }
    if record.extra:
        values[EXTRA] = extra_text(record.extra)
    if place is not None and table.geometry:
        values[GEOMETRY] = point(*place)
    uuid = brought or made_uuid(table.name, given, record.values)
    return Candidate(record.row, values, given, place, uuid, bool(brought), record.services)


def _drop_broken_references(
    candidate: Candidate, table: Table, uuids: Callable[[str], frozenset[str]], remarks: list[Reject]
) -> None:
    for declared in table.references:
        value = candidate.values.get(declared.name)
        if value is not None and value not in uuids(declared.references):
            del candidate.values[declared.name]
            said = {"field": declared.alias}
            remarks.append(Reject(candidate.row, declared.name, str(value), NO_SUCH_ROW, said))


def _fill(candidate: Candidate, commune: Area | None, sector: Area | None, table: Table, remarks: list[Reject]) -> None:
    """Note what the position tells; what the file says otherwise is kept and remarked."""
    values = candidate.values
    if values.get("niveau_geo") in WIDE:
        # The point of a wide unit lies in one of its communes, which says nothing of the need.
        commune = None
        sector = sector if values["niveau_geo"] == "secteur" else None
    if commune is not None:
        code = values.get("code_insee")
        if code and code != commune.code:
            said = {"code": code, "found": f"{commune.code} {commune.nom}"}
            remarks.append(Reject(candidate.row, "code_insee", str(code), OTHER_COMMUNE, said))
        elif not code:
            candidate.derived["code_insee"] = commune.code
        if "commune" in table.names and not values.get("commune") and (not code or code == commune.code):
            candidate.derived["commune"] = commune.nom
    if sector is not None and not values.get("secteur_uuid"):
        candidate.derived["secteur_uuid"] = sector.uuid


def _fill_by_name(candidate: Candidate, table: Table, ground: Ground) -> None:
    """Note of a row without a position what its commune tells, and that no more is known of where it is."""
    values, communes = candidate.values, ground.communes
    code = values.get("code_insee")
    if not code and values.get("commune"):
        called = communes.called(str(values["commune"]))
        if len(called) == 1:
            (code,) = called
            candidate.derived["code_insee"] = code
    elif code in communes.names and "commune" in table.names and not values.get("commune"):
        candidate.derived["commune"] = communes.names[code]
    if code and "precision_geo" in table.names and not values.get("precision_geo"):
        candidate.derived["precision_geo"] = "commune"
