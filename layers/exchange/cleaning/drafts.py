"""One row understood by the rules of a mapping, all but its position."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ...model.schema import Field, Table
from ...model.tables import table as model_table
from ..communes import Communes
from ..folding import fold_column
from ..mapping import ColumnRule, Mapping, known_values
from ..records import Proposal, Reject, Row
from .addresses import disagreements, insee, postcode
from .causes import MISSING, NO_CONSENT, NO_SERVICE, REFUSED, RULE, Cleaned, Fault
from .checks import Conditions
from .fields import cleaned, taken
from .texts import as_text, clean, shown

EXTRA, SERVICES = "extra", "services"
# Named by a person, or shown to the public, only with that person's dated consent.
PERSONAL = ("contact_nom", "contact_publiable")
# Columns that name a person, as folded words: what they say is kept only where the model keeps it, with a consent.
PEOPLE = frozenset(
    f"{one}{other}"
    for what in ("contact", "referent", "responsable", "president")
    for one, other in (
        (f"{what} ", "nom"),
        (f"{what} ", "prenom"),
        (f"{what} ", "nom prenom"),
        ("nom ", what),
        ("nom du ", what),
        ("prenom ", what),
        ("prenom du ", what),
        ("nom prenom ", what),
    )
)
KEYS = ("code_postal", "code_insee")


class Step(NamedTuple):
    """A field, its rule, and what the mapping says that values mean, by folded words."""

    field: Field
    rule: ColumnRule
    meanings: dict[str, str | None]


def steps(rules: dict[str, ColumnRule], table: Table) -> list[Step]:
    """Return the rules of a mapping beside the fields that they fill."""
    return [Step(table[name], rule, known_values(rule)) for name, rule in rules.items()]


@dataclass
class Draft:
    """What is known of a row so far; rejected when it has a reject."""

    row: int
    values: dict[str, object] = field(default_factory=dict)
    services: list[dict[str, object]] = field(default_factory=list)
    extra: dict[str, object] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    remarks: list[Reject] = field(default_factory=list)

    def note(self, fault: Fault, column: str, label: str) -> None:
        """Add a fault of a column to the rejects or the remarks; ``label`` is what the field is called."""
        said = {"value": fault.value, "column": column, "field": label, **fault.more}
        (self.rejects if fault.grave else self.remarks).append(
            Reject(self.row, column, fault.value, fault.template, said)
        )


class Reader:
    """Makes drafts of the rows of a sheet; all that is the same for every row is worked out once."""

    def __init__(self, mapping: Mapping, communes: Communes):
        self.communes = communes
        self.table = model_table(mapping.table)
        self.conditions, self.conditions_of_services = Conditions(self.table), Conditions(model_table("service"))
        self.steps = steps(mapping.columns, self.table)
        # A code in no list costs a service that code, never its actor the row.
        lenient = {name: replace(rule, lenient=True) for name, rule in mapping.services.items()}
        self.services = steps(lenient, model_table("service"))
        self.dropped = mapping.read_columns | set(mapping.ignore)
        self.columns = {step.field.name: step.rule.columns for step in self.steps}
        self.columns_of_services = {step.field.name: step.rule.columns for step in self.services}
        read = {column for columns in self.columns_of_services.values() for column in columns}
        self.dropped_of_services = read | set(mapping.ignore)

    def draft(self, row: Row) -> Draft:
        """Return what a row says."""
        draft = Draft(row.number)
        values = _texts(row.values, draft)
        for step in self.steps:
            self._fill(step, values, draft)
        _leave_over(values, self.dropped, draft)
        for name, fault in disagreements(draft.values, self.communes):
            draft.note(fault, name, self.table[name].alias)
        judge(draft, self.conditions, values, self.columns)
        if row.children:
            self._add_services(row, draft)
        return draft

    def _fill(self, step: Step, values: dict[str, object], draft: Draft) -> None:
        name, column = step.field.name, step.rule.column or "+".join(step.rule.join)
        value = taken(step.rule, values)
        if value is None or value == "" or value == []:
            return
        if name == EXTRA:
            _unfold(value, draft)
            return
        found = self._key(name, value, column, draft) if name in KEYS else cleaned(*step, value)
        if found.value is not None:
            draft.values[name] = found.value
        if found.fault is not None:
            draft.note(found.fault, column or name, step.field.alias)
        if step.rule.keep or (found.fault is not None and not found.fault.taken):
            draft.extra.update((read, values[read]) for read in step.rule.columns if values.get(read))

    def _key(self, name: str, value: object, column: str, draft: Draft) -> Cleaned:
        if name == "code_postal":
            found, proposal = postcode(as_text(value), draft.row, column)
            draft.proposals += [proposal] if proposal else []
        else:
            found, proposals = insee(as_text(value), self.communes, draft.row, column)
            draft.proposals += proposals
        return found

    def _add_services(self, row: Row, draft: Draft) -> None:
        left = []
        for order, child in enumerate(row.children, start=1):
            own = Draft(row.number)
            values = _texts(child, own)
            for step in self.services:
                self._fill(step, values, own)
            # A service repeats the address of its actor.
            repeated = {name for name, value in values.items() if value == row.values.get(name)}
            _leave_over(values, self.dropped_of_services | repeated, own)
            judge(own, self.conditions_of_services, values, self.columns_of_services)
            draft.remarks += [_at(said, order) for said in (*own.remarks, *own.rejects)]
            if own.rejects or not self.services:
                title = shown(own.values.get("nom") or next(iter(child.values()), ""))
                draft.remarks.append(Reject(row.number, SERVICES, title, NO_SERVICE, {"value": title}))
                left.append({name: value for name, value in values.items() if fold_column(name) not in PEOPLE})
                continue
            draft.services.append({**own.values, EXTRA: own.extra} if own.extra else own.values)
        if left:
            draft.extra[SERVICES] = left


def judge(draft: Draft, conditions: Conditions, values: dict[str, object], columns: dict[str, tuple[str, ...]]) -> None:
    """Take out what the person concerned did not consent to and what the model forbids; reject what it requires.

    ``values`` are those of the row and ``columns`` those that a field was read from: what is taken out stays in extra.
    """
    _forget_without_consent(draft, conditions.table)
    for declared in conditions.required:
        known = {reject.values.get("field") for reject in draft.rejects}
        if declared.name not in draft.values and declared.alias not in known:
            draft.note(Fault(MISSING, "", grave=True), declared.name, declared.alias)
    broken = list(conditions.broken(draft.values))
    for item in broken:
        if isinstance(item, Field):
            value = draft.values.pop(item.name, None)
            says = {"says": item.check_says or item.help or item.check}
            grave = item in conditions.required
            draft.note(Fault(REFUSED, shown(value), grave=grave, more=says), item.name, item.alias)
            for column in columns.get(item.name) or (item.name,):
                draft.extra.setdefault(column, values.get(column, as_text(value)))
    for item in conditions.broken(draft.values) if broken else ():
        if not isinstance(item, Field):
            draft.note(Fault(RULE, "", grave=True, more={"says": item.says}), item.name, "")


def _leave_over(values: dict[str, object], read: set[str] | frozenset[str], draft: Draft) -> None:
    """Keep in ``extra`` what no rule read, but the names of persons."""
    for column, value in values.items():
        if column in read or value in ("", None, []):
            continue
        if fold_column(column) in PEOPLE:
            draft.note(Fault(NO_CONSENT, "", taken=True), column, column)
        else:
            draft.extra[column] = value


def _forget_without_consent(draft: Draft, table: Table) -> None:
    values = draft.values
    consented = values.get("consentement_le") is not None and values.get("opposition_le") is None
    for name in PERSONAL:
        if values.get(name) and not consented:
            # Neither the value nor the cell goes anywhere else: it is not ours to keep.
            del values[name]
            draft.note(Fault(NO_CONSENT, "", taken=True), name, table[name].alias)


def _texts(values: dict[str, object], draft: Draft) -> dict[str, object]:
    """Return the values of a row with clean texts; what was wrong with them is remarked."""
    found: dict[str, object] = {}
    for column, value in values.items():
        if isinstance(value, str):
            text, fault = clean(value)
            found[column] = text
            if fault is not None:
                draft.note(fault, column, column)
        else:
            found[column] = _kept(value)
    return found


def _kept(value: object) -> object:
    """Return a value that JSON can hold: clean texts, and numbers that are none as texts."""
    if isinstance(value, str):
        return clean(value)[0]
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, (list, tuple)):
        return [_kept(part) for part in value]
    if isinstance(value, dict):
        return {clean(str(name))[0]: _kept(part) for name, part in value.items()}
    return value


def _unfold(value: object, draft: Draft) -> None:
    """Put what an own export kept in ``extra`` back where it was."""
    try:
        kept = json.loads(as_text(value))
    except (ValueError, RecursionError):
        kept = None
    draft.extra.update(kept if isinstance(kept, dict) else {EXTRA: as_text(value)})


def _at(remark: Reject, order: int) -> Reject:
    return Reject(remark.row, f"{SERVICES}[{order}].{remark.field}", remark.value, remark.template, remark.values)
