"""Several rows of one actor made one: in one transaction, with nothing thrown away.

The kept row takes the values chosen, the rows that refer to the others refer to it, and the others are withdrawn. Where
they came from stays in its ``extra`` under ``fusion``, a list of ``{"uuid", "source", "source_ref"}``, so that the file
they came from finds it again.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from .ddl.statements import GEOMETRY
from .errors import QT_TRANSLATE_NOOP, TisserandError
from .geopackage import read_rows, write_changes
from .merge_choices import POSITION, Choice, choose
from .model.schema import Table
from .model.tables import TABLES

ACTOR = "acteur"
MERGED = "fusion"
BACK = {"supprime_le": None}
POINT = struct.Struct("<dd")


class UnknownActorError(TisserandError):
    """No actor of the store has this uuid."""

    def __init__(self, uuid: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand", "No actor has the identifier {uuid}: copy it from the table of actors or of proposals."
            ),
            uuid=uuid,
        )


class WithdrawnActorError(TisserandError):
    """The actor is withdrawn, and not by a merge into the one that is kept."""

    def __init__(self, uuid: str):
        super().__init__(
            QT_TRANSLATE_NOOP("Tisserand", "The actor {uuid} is already withdrawn: leave it out, or restore it first."),
            uuid=uuid,
        )


class Merging(NamedTuple):
    """What a merge does: ``updates`` as ``write_changes`` takes them.

    ``withdrawn``: uuids withdrawn now; ``already``: those that an earlier merge into the kept row withdrew. ``moved``:
    rows that will refer to the kept one, by table; ``doubled``: rows withdrawn since they would have said what another
    one says, or joined the actor to itself.
    """

    keep: str
    withdrawn: tuple[str, ...]
    already: tuple[str, ...]
    choices: tuple[Choice, ...]
    moved: dict[str, int]
    doubled: int
    updates: dict[str, list[dict]]


def plan_merging(
    store: Path,
    keep: str,
    withdraw: Sequence[str],
    fields: Mapping[str, str] | None = None,
    *,
    author: str | None = None,
    now: datetime | None = None,
) -> Merging:
    """Return what merging the actors ``withdraw`` into ``keep`` does; nothing is written.

    ``fields``: field -> uuid of the row whose value to take (see ``merge_choices.choose``); ``author`` goes into
    ``maj_par``. A run that was done already has no updates. Raises UnknownActorError, WithdrawnActorError, and
    TisserandError for choices that cannot be.
    """
    if keep in withdraw or not withdraw:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "Name the actor to keep, and others than it to withdraw ({uuid} is both)."),
            uuid=keep,
        )
    actors = {row["uuid"]: row for row in read_rows(store, ACTOR, withdrawn=True)}
    for uuid in (keep, *withdraw):
        if uuid not in actors:
            raise UnknownActorError(uuid)
    kept = actors[keep]
    if kept["supprime_le"] is not None:
        raise WithdrawnActorError(keep)
    gone = {entry.get("uuid") for entry in absorbed(kept)}
    already = tuple(
        uuid for uuid in dict.fromkeys(withdraw) if actors[uuid]["supprime_le"] is not None and uuid in gone
    )
    merged = [actors[uuid] for uuid in dict.fromkeys(withdraw) if uuid not in already]
    for row in merged:
        if row["supprime_le"] is not None:
            raise WithdrawnActorError(row["uuid"])
    if not merged:
        return Merging(keep, (), already, (), {}, 0, {})
    stamp = {"supprime_le": now or datetime.now(timezone.utc)}
    signed = {} if author is None else {"maj_par": author}
    choices = choose([_placed(row) for row in (kept, *merged)], fields)
    change = _change(kept, merged, choices)
    updates = {ACTOR: [_update(kept, {**change, **signed})]}
    updates[ACTOR] += [_update(row, {**stamp, **signed}) for row in merged]
    uuids = tuple(row["uuid"] for row in merged)
    moved, doubled = {}, 0
    for declared in TABLES:
        told = _moves(store, declared, keep, frozenset(uuids))
        if any(told):
            moved[declared.name] = len(told.moved)
            doubled += len(told.doubled)
            changes = [*told.moved, *((row, stamp) for row in told.doubled), *((row, BACK) for row in told.restored)]
            updates.setdefault(declared.name, []).extend(_update(row, {**change, **signed}) for row, change in changes)
    return Merging(keep, uuids, already, tuple(choices), moved, doubled, updates)


def apply_merging(store: Path, plan: Merging) -> None:
    """Write a plan in one transaction; raises what ``write_changes`` raises, also when a row moved on since."""
    if plan.updates:
        write_changes(store, {}, plan.updates)


def absorbed(actor: Mapping) -> list[dict[str, str]]:
    """Return where the rows came from that were merged into this one: their ``uuid, source, source_ref``."""
    found = _extra(actor).get(MERGED, [])
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _placed(row: Mapping) -> dict:
    """Return a row with its position in place of its geometry."""
    return {**{name: value for name, value in row.items() if name != GEOMETRY}, POSITION: point_of(row.get(GEOMETRY))}


def point_of(wkb: bytes | None) -> tuple[float, float] | None:
    """Return the coordinates of a point in little-endian WKB, None for none."""
    return None if wkb is None else POINT.unpack_from(wkb, 5)


def _change(kept: Mapping, merged: Sequence[Mapping], choices: Sequence[Choice]) -> dict:
    """Return the fields of the kept row that change."""
    change = {choice.field: choice.value for choice in choices if choice.value != kept.get(choice.field)}
    if POSITION in change:
        origin = next(choice.origin for choice in choices if choice.field == POSITION)
        change.pop(POSITION)
        geometry = next(row[GEOMETRY] for row in (kept, *merged) if row["uuid"] == origin)
        if geometry != kept[GEOMETRY]:
            change[GEOMETRY] = geometry
    change["extra"] = json.dumps(_united_extra(kept, merged), ensure_ascii=False, sort_keys=True)
    return change


def _united_extra(kept: Mapping, merged: Sequence[Mapping]) -> dict:
    """Return what the files said besides, the kept row's first, and where each row came from."""
    united = {}
    for row in (kept, *merged):
        united = {**_extra(row), **united}
    entries = absorbed(kept)
    for row in merged:
        entries.append({name: row[name] for name in ("uuid", "source", "source_ref") if row[name]})
        entries += absorbed(row)
    united[MERGED] = entries
    return united


def _extra(row: Mapping) -> dict:
    try:
        found = json.loads(row.get("extra") or "{}")
    except ValueError:
        found = row["extra"]
    return found if isinstance(found, dict) else {"extra": found}


def _update(row: Mapping, change: dict) -> dict:
    return {"uuid": row["uuid"], **change, "version_lue": row["version"]}


class Moves(NamedTuple):
    """Rows that refer to merged actors: ``moved`` with their change, ``doubled`` to withdraw, ``restored`` for them."""

    moved: list[tuple[Mapping, dict]]
    doubled: list[Mapping]
    restored: list[Mapping]


def _moves(store: Path, declared: Table, keep: str, merged: frozenset[str]) -> Moves:
    """Return what becomes of the rows of a table that refer to the merged actors; withdrawn ones stay as they are."""
    found = Moves([], [], [])
    columns = [column.name for column in declared.references if column.references == ACTOR]
    if not columns:
        return found
    rows = sorted(read_rows(store, declared.name, withdrawn=True), key=lambda row: row["uuid"])
    standing = {key: row for row in rows for key in _keys(declared, row)}
    for row in rows:
        change = {name: keep for name in columns if row[name] in merged}
        if not change or row["supprime_le"] is not None:
            continue
        after = {**row, **change}
        ends = [after[name] for name in columns if after[name] is not None]
        doubles = [standing[key] for key in _keys(declared, after) if standing.get(key, row) is not row]
        if len(set(ends)) < len(ends) or doubles:
            found.doubled.append(row)
            # A row that was withdrawn still holds its place in the store: it comes back, since its double goes.
            found.restored.extend(
                double for double in doubles if double["supprime_le"] is not None and double not in found.restored
            )
        else:
            standing |= dict.fromkeys(_keys(declared, after), after)
            found.moved.append((row, change))
    return found


def _keys(declared: Table, row: Mapping) -> list[tuple]:
    """Return what must be unique of a row: the columns of each rule of its table, with their values."""
    return [(names, tuple(row[name] for name in names)) for names in declared.unique_together]
