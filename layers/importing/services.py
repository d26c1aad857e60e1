"""The services of the actors of a file: made, or changed where they are already in the store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..exchange.folding import fold
from .candidates import Candidate
from .comparing import EXTRA, LocalEdits, differences, extra_text
from .identity import content, own_uuid, uuid_of


@dataclass
class ServicePlan:
    """``creates`` and ``updates`` are rows for the store; ``absent`` are services of the store the file has not."""

    creates: list[dict[str, object]] = field(default_factory=list)
    updates: list[dict[str, object]] = field(default_factory=list)
    unchanged: int = 0
    withdrawn: int = 0
    absent: int = 0
    repeated: int = 0
    kept: int = 0


def plan_services(
    actors: Iterable[tuple[Candidate, str]],
    stored: Iterable[Mapping[str, object]],
    edits: LocalEdits,
    keep_local: bool,
    stamped: Callable[[dict[str, object], bool], dict[str, object]],
) -> ServicePlan:
    """Return what becomes of the services of candidates, each given with the uuid of its actor.

    ``stamped`` completes a row that is made (True) or changed (False). A service that the file no longer has stays:
    only a person withdraws.
    """
    by_uuid: dict[str, Mapping[str, object]] = {}
    by_reference: dict[tuple[str, str], Mapping[str, object]] = {}
    of_actor: dict[str, set[str]] = defaultdict(set)
    for row in stored:
        by_uuid[str(row["uuid"])] = row
        if row.get("source_ref"):
            by_reference[str(row.get("source") or ""), str(row["source_ref"])] = row
        if row.get("supprime_le") is None:
            of_actor[str(row["acteur_uuid"])].add(str(row["uuid"]))
    plan = ServicePlan()
    seen: set[str] = set()
    for candidate, actor in actors:
        for uuid, values in _identified(candidate, actor):
            row = by_uuid.get(uuid) or by_reference.get((str(values["source"]), str(values.get("source_ref"))))
            uuid = str(row["uuid"]) if row is not None else uuid
            if uuid in seen:
                plan.repeated += 1
                continue
            seen.add(uuid)
            if row is None:
                plan.creates.append(stamped({**values, "uuid": uuid, "acteur_uuid": actor}, True))
            else:
                _compare(plan, row, values, edits, keep_local, stamped)
        if candidate.services:
            plan.absent += len(of_actor[actor] - seen)
    return plan


def _identified(candidate: Candidate, actor: str) -> Iterable[tuple[str, dict[str, object]]]:
    """Yield the services with their uuid; those of one name are told apart by all that they say."""
    times: Counter = Counter()
    for given in sorted(candidate.services, key=content):
        values = {name: value for name, value in given.items() if name != "uuid" and value is not None}
        values.setdefault("source", candidate.source)
        if isinstance(values.get(EXTRA), Mapping):
            values[EXTRA] = extra_text(values[EXTRA])
        name = fold(str(values["nom"]))
        times[name] += 1
        brought = own_uuid(given)
        if not brought and values.get("source_ref"):
            brought = uuid_of("service", str(values["source"]), str(values["source_ref"]))
        yield brought or uuid_of("service", actor, name, str(times[name])), values


def _compare(
    plan: ServicePlan,
    row: Mapping[str, object],
    values: dict[str, object],
    edits: LocalEdits,
    keep_local: bool,
    stamped: Callable[[dict[str, object], bool], dict[str, object]],
) -> None:
    if row.get("supprime_le") is not None:
        plan.withdrawn += 1
        return
    own = str(values.get("source_ref") or "").endswith(str(row["uuid"]))
    provenance = ("source", "source_ref", "source_le") if own else ("source",)
    changed = differences(row, {name: value for name, value in values.items() if name not in provenance})
    local = [name for name in changed if keep_local and edits.is_local(row, name)]
    plan.kept += len(local)
    changed = {name: value for name, value in changed.items() if name not in local}
    if changed:
        plan.updates.append(stamped({"uuid": row["uuid"], "version_lue": row["version"], **changed}, False))
    else:
        plan.unchanged += 1
