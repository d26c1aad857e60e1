"""The way from a file to records, as the algorithms and the import window use it; from here they know the exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..exchange.cleaning import TEMPLATES, to_records
from ..exchange.cleaning.codes import coded, parts_of
from ..exchange.cleaning.texts import as_text
from ..exchange.communes import Communes
from ..exchange.guessing import best_mapping, guess_mapping
from ..exchange.mapping import ColumnRule, Mapping, MappingUnreadableError, Why, known_values, shipped_mappings
from ..exchange.reading import FORMATS, read_file
from ..exchange.records import PROPOSALS, Records, Reject, Sheet
from ..model.schema import Field
from ..model.tables import table as model_table
from .causes import OLD_COMMUNE, MappingForAnotherTableError, NothingMappedError
from .ground import Ground
from .needs import at_units, with_secrets_told, without_persons

__all__ = [
    "FORMATS",
    "PROPOSALS",
    "ColumnRule",
    "Mapping",
    "MappingUnreadableError",
    "Records",
    "Reject",
    "Sheet",
    "Why",
    "best_mapping",
    "choose_mapping",
    "guess_mapping",
    "meanings",
    "mending_of",
    "read_file",
    "shipped_mappings",
    "source_of",
    "understand",
]

# Rows understood between two looks at whether the user wants to stop.
STEP = 1000


def choose_mapping(sheet: Sheet, table: str, communes: Communes, saved: str | None = None) -> Mapping:
    """Return the mapping of a JSON text, else a shipped one whose columns the sheet has, else the guess.

    Raises MappingUnreadableError, MappingForAnotherTableError, or NothingMappedError when nothing fills a field that
    every row needs.
    """
    if saved is None:
        mapping = best_mapping(sheet, table, communes)
    else:
        mapping = Mapping.from_json(saved)
        if mapping.table != table:
            raise MappingForAnotherTableError(mapping.name, mapping.table, table)
    label = model_table(table)[model_table(table).label]
    if label.name not in mapping.columns and sheet.rows:
        raise NothingMappedError(label.alias, ", ".join(sheet.columns[:12]))
    return mapping


def understand(
    sheet: Sheet,
    mapping: Mapping,
    ground: Ground,
    accept: frozenset[str],
    progress: Callable[[float], None] = lambda share: None,
    *,
    chosen: bool = False,
) -> Records:
    """Return the rows as records; ``progress`` is told the share done of 1 and may raise, to stop.

    Needs lose every row that tells of a person, and their points become those of their units: there is no other way in
    for them. ``chosen`` says that the mapping was given, not guessed.
    """
    if mapping.table == "besoin":
        sheet = without_persons(sheet, mapping, chosen=chosen)
    records = _in_steps(sheet, mapping, ground.communes, accept, progress)
    return at_units(with_secrets_told(records), ground, accept) if mapping.table == "besoin" else records


def _in_steps(
    sheet: Sheet, mapping: Mapping, communes: Communes, accept: frozenset[str], progress: Callable[[float], None]
) -> Records:
    if not sheet.rows:
        return to_records(sheet, mapping, communes, accept=accept)
    parts = []
    for start in range(0, len(sheet.rows), STEP):
        progress(start / len(sheet.rows))
        part = replace(sheet, rows=sheet.rows[start : start + STEP], rejects=sheet.rejects if start == 0 else ())
        parts.append(to_records(part, mapping, communes, accept=accept))
    return Records(
        sum(part.read for part in parts),
        tuple(record for part in parts for record in part.accepted),
        tuple(reject for part in parts for reject in part.rejected),
        tuple(remark for part in parts for remark in part.remarks),
    )


def meanings(sheet: Sheet, field: Field, rule: ColumnRule) -> dict[str, str | None]:
    """Return what each value in the column of a rule means: codes with ``|`` between, None when it is in no list.

    Values that mean nothing by choice are ``""``. Those in no list come first, then by how often they occur.
    """
    counts: Counter[str] = Counter()
    for row in sheet.rows:
        value = row.values.get(rule.column)
        counts.update(parts_of(value, rule.split) if field.multiple else filter(None, [as_text(value).strip()]))
    known = known_values(rule)
    found = {}
    for value, _ in counts.most_common():
        said = coded(field, value, rule.split, known, False)
        found[value] = None if said.fault is not None else said.value or ""
    return dict(sorted(found.items(), key=lambda pair: pair[1] is not None))


def mending_of(reject: Reject) -> str:
    """Return the kind of mending that would take a rejected row, one of ``PROPOSALS``; ``""`` when none would."""
    kinds = {template: kind for kind, template in TEMPLATES.items()} | {OLD_COMMUNE: "merged_commune"}
    return kinds.get(reject.template, "")


def source_of(path: Path, mapping: Mapping, given: str) -> str:
    """Return the name of the source of a file: the one given, else that of the mapping, else that of the file."""
    return given.strip() or mapping.name.strip() or path.stem
