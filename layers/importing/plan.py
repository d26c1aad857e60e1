"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..exchange.cleaning.checks import Conditions
from ..exchange.mapping import Mapping as ColumnMapping
from ..exchange.records import Records, Reject
from ..geopackage import GEOMETRY, read_rows
from ..model.schema import Field, Kind, Table
from ..model.tables import table as model_table
from .candidates import Candidate, candidates
from .causes import BREAKS_A_RULE, KEPT_LOCAL, OPPOSED, WITHDRAWN, ImportCountError
from .comparing import EXTRA, LocalEdits, differences, signature
from .ground import Ground
from .matching import KEYS, Known, Twin, without_repetitions
from .services import ServicePlan, plan_services

PERSONAL = ("contact_nom", "contact_publiable")
PROVENANCE = ("source", "source_ref", "source_le")


@dataclass(frozen=True)
class Options:
    """How rows are taken.

    ``source`` names the file where its rows do not say their own. With ``hold_back`` a row that may already be in the
    store is rejected, but those of ``create`` (row numbers). ``keep_local`` leaves a field that was changed here since
    the last import. ``empty_erases`` empties a field that the file has a column for and no value. ``keys`` are those of
    ``matching.KEYS`` that are looked at.
    """

    source: str
    now: datetime
    hold_back: bool = True
    create: frozenset[int] = frozenset()
    keep_local: bool = True
    empty_erases: bool = False
    keys: frozenset[str] = frozenset(KEYS)


@dataclass
class Plan:
    """What would be written, and what would not and why; ``read`` = created + updated + unchanged + rejected rows."""

    table: str
    read: int
    creates: list[dict[str, object]] = field(default_factory=list)
    updates: list[dict[str, object]] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Reject] = field(default_factory=list)
    remarks: list[Reject] = field(default_factory=list)
    kept: list[Reject] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    services: ServicePlan = field(default_factory=ServicePlan)

    @property
    def rejected_rows(self) -> int:
        """Rows of the file that are not taken, however many causes each has."""
        return len({reject.row for reject in self.rejected})

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all would be written."""
        return not (self.creates or self.updates or self.services.creates or self.services.updates)

    def check(self) -> None:
        """Raise ImportCountError unless every row that was read is accounted for, once."""
        told = len(self.creates) + len(self.updates) + self.unchanged + self.rejected_rows
        if told != self.read:
            raise ImportCountError(self.read, told)


def make_plan(
    store: Path,
    records: Records,
    mapping: ColumnMapping,
    ground: Ground,
    options: Options,
    tick: Callable[[], None] = lambda: None,
) -> Plan:
    """Return what the records would do to the table of the mapping; ``tick`` may raise, to stop.

    Positions of the records are degrees (``lon``, ``lat``), those of the plan in the CRS of the store.
    """
    return _Planner(store, mapping, ground, options, tick).plan(records)


class _Planner:
    def __init__(self, store: Path, mapping: ColumnMapping, ground: Ground, options: Options, tick):
        self.store, self.mapping, self.ground, self.options, self.tick = store, mapping, ground, options, tick
        self.table = model_table(mapping.table)
        self.conditions = Conditions(self.table)
        self.edits = LocalEdits(store, self.table.name, tick)
        self.author = signature(options.source, options.now)
        self._uuids: dict[str, frozenset[str]] = {}

    def plan(self, records: Records) -> Plan:
        made = candidates(records.accepted, self.table, self.options.source, self.ground, self.uuids, self.tick)
        plan = Plan(self.table.name, records.read, rejected=[*records.rejected, *made.rejected])
        plan.remarks = [*records.remarks, *made.remarks]
        alone, repeated = without_repetitions(made.candidates)
        rows = read_rows(self.store, self.table.name, withdrawn=True)
        self.tick()
        known = Known(rows, self.options.keys)
        matched, twice = known.certain(alone)
        plan.rejected += repeated + twice
        refused = {reject.row for reject in twice}
        alone = [candidate for candidate in alone if candidate.row not in refused]
        taken = frozenset(str(stored["uuid"]) for stored in matched.values())
        twins = known.twins([candidate for candidate in alone if candidate.row not in matched], taken)
        actors = []
        for order, candidate in enumerate(alone):
            if order % 500 == 0:
                self.tick()
            stored = matched.get(candidate.row)
            if stored is None:
                done = self._create(plan, candidate, twins.get(candidate.row))
            else:
                done = self._change(plan, candidate, stored)
            if done and candidate.services:
                actors.append((candidate, candidate.uuid if stored is None else str(stored["uuid"])))
        if actors:
            self._add_services(plan, actors)
        plan.check()
        return plan

    def uuids(self, table: str) -> frozenset[str]:
        """Return the uuids of the rows of a table of the store that are in force."""
        if table not in self._uuids:
            self._uuids[table] = frozenset(str(row["uuid"]) for row in read_rows(self.store, table))
        return self._uuids[table]

    def _create(self, plan: Plan, candidate: Candidate, twin: Twin | None) -> bool:
        if twin is not None:
            plan.twins.append(twin)
            if self.options.hold_back and candidate.row not in self.options.create:
                plan.rejected.append(twin.reject())
                return False
        row = self.stamped({**candidate.derived, **candidate.values, "uuid": candidate.uuid}, True)
        row["source"] = candidate.source
        plan.creates.append(row)
        return True

    def _change(self, plan: Plan, candidate: Candidate, stored: Mapping[str, object]) -> bool:
        name = str(stored.get(self.table.label) or "")
        if stored.get("supprime_le") is not None:
            plan.rejected.append(Reject(candidate.row, "", name, WITHDRAWN, {"name": name}))
            return False
        changed = differences(stored, self._given(candidate, stored), self._erased(candidate))
        if GEOMETRY in changed:
            self._follow_the_place(candidate, stored, changed)
        for field_ in PERSONAL:
            if changed.get(field_) and stored.get("opposition_le"):
                del changed[field_]
                said = {"field": self.table[field_].alias, "name": name}
                plan.remarks.append(Reject(candidate.row, field_, "", OPPOSED, said))
        if self.options.keep_local:
            self._keep_local(plan, candidate, stored, changed)
        broken = next(self.conditions.broken({**stored, **changed}), None) if changed else None
        if broken is not None:
            says = (broken.check_says or broken.help) if isinstance(broken, Field) else broken.says
            said = {"name": name, "says": says}
            plan.rejected.append(Reject(candidate.row, broken.name, "", BREAKS_A_RULE, said))
            return False
        if changed:
            row = {"uuid": stored["uuid"], "version_lue": stored["version"], **changed}
            plan.updates.append(self.stamped(row, False, candidate.values))
        else:
            plan.unchanged += 1
        return True

    def _given(self, candidate: Candidate, stored: Mapping[str, object]) -> dict[str, object]:
        """Return what the file says of a row of the store; an own export says nothing new of where the row is from."""
        own = str(candidate.values.get("source_ref") or "").endswith(str(stored["uuid"]))
        left_out = PROVENANCE if own else ()
        return {name: value for name, value in candidate.values.items() if name not in left_out}

    def _erased(self, candidate: Candidate) -> list[str]:
        """Return the fields with a column and no value; one whose value could not be understood is not empty."""
        if not self.options.empty_erases:
            return []
        unread = str(candidate.values.get(EXTRA) or "")
        return [
            name
            for name, rule in self.mapping.columns.items()
            if name not in candidate.values
            and name not in (EXTRA, "uuid", *PROVENANCE)
            and not self.table[name].required
            and not any(f'"{column}"' in unread for column in rule.columns)
        ]

    def _follow_the_place(self, candidate: Candidate, stored: Mapping[str, object], changed: dict[str, object]) -> None:
        """Let what a position tells follow a row that moves."""
        for name, value in candidate.derived.items():
            if stored.get(name) != value:
                changed.setdefault(name, value)
        if stored[GEOMETRY] is None and stored.get("precision_geo") == "commune":
            changed.setdefault("precision_geo", candidate.values.get("precision_geo"))

    def _keep_local(
        self, plan: Plan, candidate: Candidate, stored: Mapping[str, object], changed: dict[str, object]
    ) -> None:
        name = str(stored.get(self.table.label) or "")
        for field_ in [each for each in changed if self.edits.is_local(stored, each)]:
            value = changed.pop(field_)
            alias = "Position" if field_ == GEOMETRY else self.table[field_].alias
            told = "" if field_ == GEOMETRY or value is None else str(value)[:200]
            said = {"field": alias, "name": name, "value": told}
            plan.kept.append(Reject(candidate.row, field_, told, KEPT_LOCAL, said))

    def _add_services(self, plan: Plan, actors: Sequence[tuple[Candidate, str]]) -> None:
        stored = read_rows(self.store, "service", withdrawn=True)
        edits = LocalEdits(self.store, "service", self.tick)
        plan.services = plan_services(actors, stored, edits, self.options.keep_local, self._stamped_service)

    def _stamped_service(self, row: dict[str, object], new: bool) -> dict[str, object]:
        return stamp(model_table("service"), row, new, self.options.now, self.author)

    def stamped(
        self, row: dict[str, object], new: bool, given: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """Return a row of the table signed and dated, see ``stamp``."""
        return stamp(self.table, row, new, self.options.now, self.author, given)


def stamp(
    table: Table,
    row: dict[str, object],
    new: bool,
    now: datetime,
    author: str,
    given: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return a row signed and dated; a new one also has what the form would have put where nothing is given.

    It is as fresh as its source says, in ``row`` or in ``given``, and else of today.
    """
    dates = [said[name] for said in (row, given or {}) for name in ("date_maj", "source_le") if said.get(name)]
    signed = {**row, "maj_par": author, "date_maj": min([*dates[:1], now.date()])}
    return {**usual(table), **signed, "cree_le": now, "cree_par": author} if new else signed


def usual(table: Table) -> dict[str, object]:
    """Return the defaults of the model that are plain values, so that an imported row begins like a typed one."""
    found: dict[str, object] = {}
    for declared in table.fields:
        text = declared.default or ""
        if text in ("true", "false"):
            found[declared.name] = text == "true"
        elif declared.kind is Kind.TEXT and text.startswith("'") and text.endswith("'"):
            found[declared.name] = text[1:-1]
    return found
