"""Rows of a sheet made records that the store can take, with a cause for all that is not."""

from __future__ import annotations

from ..communes import Communes
from ..mapping import Mapping
from ..records import Proposal, Record, Records, Reject, Sheet
from .causes import DISTRICT, LOST_ZERO, MERGED, PROJECTED, SWAPPED, Fault
from .drafts import Draft, Reader
from .positions import WGS84, Given, given, places

TEMPLATES = {
    "swapped": SWAPPED,
    "projected": PROJECTED,
    "merged_commune": MERGED,
    "arrondissement": DISTRICT,
    "lost_zero": LOST_ZERO,
}


def to_records(sheet: Sheet, mapping: Mapping, communes: Communes, *, accept: frozenset[str] = frozenset()) -> Records:
    """Return the rows as records; ``accept`` holds the kinds of Proposal that the user agreed to.

    A row with a proposal of another kind is rejected and names it. Raises UnknownCrsError for the CRS of the mapping.
    """
    reader = Reader(mapping, communes)
    drafts = [reader.draft(row) for row in sheet.rows]
    _place(sheet, mapping, communes, drafts)
    accepted: list[Record] = []
    rejected, remarks = list(sheet.rejects), []
    for draft in drafts:
        refused = [proposal for proposal in draft.proposals if proposal.kind not in accept]
        rejects = draft.rejects + [_unaccepted(proposal, communes) for proposal in refused]
        if rejects:
            rejected += rejects
            continue
        remarks += draft.remarks
        accepted.append(Record(draft.row, draft.values, tuple(draft.services), draft.extra, tuple(draft.proposals)))
    read = len(sheet.rows) + len({reject.row for reject in sheet.rejects})
    return Records(read, tuple(accepted), tuple(rejected), tuple(remarks))


def _place(sheet: Sheet, mapping: Mapping, communes: Communes, drafts: list[Draft]) -> None:
    """Give every draft its ``lon`` and ``lat``, None without a position."""
    by_columns = {mapping.lon, mapping.lat} <= set(sheet.columns)
    field = f"{mapping.lon}, {mapping.lat}" if by_columns else "geometry"
    found: list[tuple[Draft, Given]] = []
    for row, draft in zip(sheet.rows, drafts):
        draft.values.update(lon=None, lat=None)
        x, y = (row.values.get(mapping.lon), row.values.get(mapping.lat)) if by_columns else (row.x, row.y)
        point = given(row.number, x, y, field)
        if isinstance(point, Fault):
            draft.note(point, field, field)
        elif point is not None:
            found.append((draft, point))
    epsg = mapping.epsg if by_columns else sheet.epsg or WGS84
    for (draft, _), place in zip(found, places([point for _, point in found], epsg, communes)):
        if place.fault is not None:
            draft.note(place.fault, field, field)
        else:
            draft.values.update(lon=place.lon, lat=place.lat)
            draft.proposals += [place.proposal] if place.proposal else []


def _unaccepted(proposal: Proposal, communes: Communes) -> Reject:
    values = {"before": proposal.before, "after": proposal.after}
    if proposal.kind == "swapped":
        values = {"lat": proposal.before.split(" / ")[0]}
    elif proposal.kind == "projected":
        values = {"before": proposal.before, "epsg": proposal.after.split()[0].partition(":")[2]}
    elif proposal.after in communes.names:
        values["after"] = f"{proposal.after} {communes.names[proposal.after]}"
    return Reject(proposal.row, proposal.field, proposal.before, TEMPLATES[proposal.kind], values)
