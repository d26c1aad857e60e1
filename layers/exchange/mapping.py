"""Which column of a file fills which field of the model, and how; kept as JSON, so that it serves again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from ..errors import QT_TRANSLATE_NOOP, TisserandError
from ..model.tables import table as model_table
from .folding import fold
from .records import Sheet

VERSION = 1
SHIPPED = Path(__file__).resolve().parent / "mappings"
# What of a postal address in one line a rule takes.
PARTS = ("street", "postcode", "city")
TABLES = ("acteur", "besoin")
LONGEST = 1_000_000
# What a store counts and signs by itself: it means nothing in another one.
OF_THE_STORE = ("cree_par", "maj_par", "version", "version_lue", "supprime_le")


class MappingUnreadableError(TisserandError):
    """A text is no mapping, or one for another model."""

    def __init__(self, cause: object):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "This is not a correspondence of columns that can be used ({cause}): choose a file saved by the import "
                "window, or let the columns be guessed.",
            ),
            cause=cause,
        )


@dataclass(frozen=True)
class ColumnRule:
    """How one field is filled.

    From ``column``, or from the columns of ``join`` put together with ``separator`` (each after its own of ``labels``,
    if any), or always with ``constant``. ``part`` takes one of ``PARTS`` out of an address in one line. ``split`` is
    the mark between several values, ``""`` for any of the usual ones. ``values`` turns what the file says, however
    written, into what the model says; several codes are parted by ``|``, and None leaves the field empty.
    Where the column is empty the first of ``otherwise`` that is not serves; these also stay in ``extra``.
    ``prefix`` goes before a text. With ``keep`` what the file said also stays in ``extra``. With ``lenient`` a
    code in no list costs the value, not the row.
    """

    column: str = ""
    split: str = ""
    values: dict[str, str | None] = field(default_factory=dict)
    constant: str | None = None
    join: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    separator: str = "; "
    part: str = ""
    prefix: str = ""
    keep: bool = False
    lenient: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the rule reads."""
        return self.join if self.join else ((self.column,) if self.column else ())


@dataclass(frozen=True)
class Why:
    """Why a column was taken for a field: how sure (0 to 1), and in words for a person to judge."""

    confidence: float
    template: str
    values: dict[str, object] = field(default_factory=dict)

    def sentence(self, translate: Callable[[str, str], str]) -> str:
        """Return the reason in the language of ``translate(context, text)``."""
        text = translate("Tisserand", self.template)
        return text.format(**self.values) if self.values else text


@dataclass(frozen=True)
class Mapping:
    """A correspondence between the columns of a file and the fields of a table.

    ``lon`` and ``lat`` are columns in ``epsg``; without them the geometry of the file counts, in its own CRS.
    ``services`` are the rules for the children of a row. ``needs`` are columns without which a file is of another kind.
    Columns of ``ignore`` are dropped, all others that no rule reads go into ``extra``. ``why`` has the reasons of a
    guess by field, also under ``lon`` and ``lat``; it is not kept. ``format`` is that of the sheets it is for, ``""``
    for any.
    """

    name: str
    table: str
    columns: dict[str, ColumnRule]
    lon: str = ""
    lat: str = ""
    epsg: int = 4326
    services: dict[str, ColumnRule] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    format: str = ""
    why: dict[str, Why] = field(default_factory=dict, compare=False)

    @property
    def read_columns(self) -> frozenset[str]:
        """Columns of the file that are understood."""
        read = {column for rule in self.columns.values() for column in rule.columns}
        return frozenset(read | ({self.lon, self.lat} - {""}))

    def to_json(self) -> str:
        """Return the mapping as a text for a file."""
        content = {"version": VERSION, "name": self.name, "table": self.table}
        content["columns"] = {name: _sparse(rule) for name, rule in self.columns.items()}
        content.update({"lon": self.lon, "lat": self.lat, "epsg": self.epsg})
        if self.services:
            content["services"] = {name: _sparse(rule) for name, rule in self.services.items()}
        content.update({"ignore": list(self.ignore), "needs": list(self.needs), "format": self.format})
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Return the mapping that ``to_json`` wrote; raises MappingUnreadableError for any other text."""
        if len(text) > LONGEST:
            raise MappingUnreadableError(f"> {LONGEST}")
        try:
            return _mapping(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise MappingUnreadableError(f"{type(error).__name__}: {error}"[:200]) from None


def shipped_mappings() -> list[Mapping]:
    """Return the mappings of known files, by name of their file."""
    return [Mapping.from_json(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))]


def best_shipped(sheet: Sheet, table: str) -> Mapping | None:
    """Return the mapping of our own exports, or the shipped one that reads most columns and misses none it needs."""
    if own := own_mapping(sheet, table):
        return own
    fitting = [
        shipped
        for shipped in shipped_mappings()
        if shipped.table == table
        and shipped.format in ("", sheet.format)
        and (shipped.format or shipped.needs)
        and set(shipped.needs) <= set(sheet.columns)
    ]
    return max(fitting, key=lambda shipped: len(shipped.read_columns & set(sheet.columns)), default=None)


def own_mapping(sheet: Sheet, table: str) -> Mapping | None:
    """Return the mapping of a file that we wrote: the model's own fields under their names; None for another file."""
    declared = model_table(table)
    here = [name for name in declared.names if name in sheet.columns]
    if "uuid" not in here or declared.label not in here or len(here) < 0.8 * len(sheet.columns):
        return None
    columns = {name: ColumnRule(name) for name in here if name not in OF_THE_STORE}
    services = {name: ColumnRule(name) for name in model_table("service").names if name not in OF_THE_STORE}
    services.pop("acteur_uuid")
    ignore = (*OF_THE_STORE, "id", "fid", "acteur_uuid")
    return Mapping("Tisserand", table, columns, "longitude", "latitude", services=services, ignore=ignore)


def known_values(rule: ColumnRule) -> dict[str, str | None]:
    """Return the values of a rule by their folded words."""
    return {fold(said): meant for said, meant in rule.values.items()}


def _sparse(rule: ColumnRule) -> dict:
    usual = asdict(ColumnRule())
    return {name: value for name, value in asdict(rule).items() if value != usual[name]}


def _mapping(content: dict) -> Mapping:
    if content["version"] != VERSION:
        raise ValueError(f"version {content['version']}")
    name, table = _text(content["name"]), content["table"]
    if table not in TABLES:
        raise ValueError(f"table {table}")
    epsg = content.get("epsg", 4326)
    if not isinstance(epsg, int) or not 1024 <= epsg <= 32767:
        raise ValueError(f"epsg {epsg}")
    return Mapping(
        name,
        table,
        _rules(content["columns"], table),
        _text(content.get("lon", "")),
        _text(content.get("lat", "")),
        epsg,
        _rules(content.get("services", {}), "service"),
        _texts(content.get("ignore", [])),
        _texts(content.get("needs", [])),
        _text(content.get("format", "")),
    )


def _rules(content: dict, table: str) -> dict[str, ColumnRule]:
    unknown = set(content) - set(model_table(table).names)
    if unknown:
        raise ValueError(f"{table}: {', '.join(sorted(unknown))}")
    return {name: _rule(rule) for name, rule in content.items()}


def _rule(content: dict) -> ColumnRule:
    kinds = {declared.name: type(getattr(ColumnRule(), declared.name)) for declared in fields(ColumnRule)}
    given = {}
    for name, value in content.items():
        if name in ("join", "labels", "otherwise"):
            given[name] = _texts(value)
        elif name == "values":
            given[name] = {_text(said): None if meant is None else _text(meant) for said, meant in value.items()}
        elif name == "constant":
            given[name] = None if value is None else _text(value)
        elif kinds[name] is not type(value):
            raise TypeError(f"{name}: {value!r}")
        else:
            given[name] = value
    rule = ColumnRule(**given)
    if rule.part and rule.part not in PARTS:
        raise ValueError(f"part {rule.part}")
    return rule


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r}")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r}")
    return tuple(_text(value) for value in values)
