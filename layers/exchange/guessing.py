"""The correspondence of columns that names and contents suggest, each with how sure it is and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..errors import QT_TRANSLATE_NOOP
from ..model.schema import Field, Kind
from ..model.tables import table as model_table
from .cleaning.addresses import address_parts
from .cleaning.codes import coded
from .cleaning.contacts import is_siret, telephone
from .cleaning.texts import as_text, clean
from .cleaning.values import day, integer, real, truth
from .communes import Communes
from .contacts import is_mail, is_web, web_address
from .folding import fold_column
from .mapping import ColumnRule, Mapping, Why, best_shipped
from .records import Sheet
from .synonyms import LAT, LON, PLACE, TABLES

# Rows that are looked at: enough to tell, and as fast for a large file.
SAMPLE = 500
# Below it nothing is proposed.
SURE_ENOUGH = 0.5

NAMED = QT_TRANSLATE_NOOP("Tisserand", "The column is called so.")
NAMED_AND_HOLDS = QT_TRANSLATE_NOOP("Tisserand", "The column is called so, and {share} % of its values are such.")
HOLDS = QT_TRANSLATE_NOOP("Tisserand", "{share} % of its values are such, whatever the column is called.")
ON_THE_MAP = QT_TRANSLATE_NOOP("Tisserand", "With this column {share} % of the rows are within the Département.")
IN_THE_ADDRESS = QT_TRANSLATE_NOOP("Tisserand", "{share} % of the addresses hold it.")

_INSEE = re.compile(r"(?:\d\d|2[AB])\d{3}|[1-9]\d{3}", re.ASCII)
_POSTCODE = re.compile(r"\d{5}|[1-9]\d{3}", re.ASCII)
_RNA = re.compile(r"W\d{9}", re.ASCII)
_SLASHES = re.compile(r"\s/\s")


class Column(NamedTuple):
    """A column of a sheet: its name, the words of it, and some of its values."""

    name: str
    words: str
    texts: list[str]


class Choice(NamedTuple):
    """A column for a field, with its merit from 0 to 1 and the reason."""

    merit: float
    column: str
    why: Why


def best_mapping(sheet: Sheet, table: str, communes: Communes | None = None) -> Mapping:
    """Return the shipped mapping whose columns a sheet has, else the guess."""
    return best_shipped(sheet, table) or guess_mapping(sheet, table, communes)


def guess_mapping(sheet: Sheet, table: str = "acteur", communes: Communes | None = None) -> Mapping:
    """Return what names and contents of the columns suggest for "acteur" or "besoin"."""
    columns = _columns(sheet)
    place = {} if any(row.x is not None for row in sheet.rows) else _place(columns, communes)
    left = [column for column in columns if column.name not in {choice.column for choice in place.values()}]
    chosen = _chosen(left, table, communes)
    rules = {name: _rule(model_table(table)[name], choice, columns) for name, choice in chosen.items()}
    why = {name: choice.why for name, choice in {**chosen, **place}.items()}
    if table == "acteur" and "adresse" in rules:
        _take_address_apart(rules, why, next(column for column in columns if column.name == rules["adresse"].column))
    lon, lat = (place[name].column if name in place else "" for name in (LON, LAT))
    return Mapping(sheet.about.get("layer", ""), table, rules, lon, lat, needs=tuple(sheet.columns), why=why)


def _columns(sheet: Sheet) -> list[Column]:
    step = max(1, len(sheet.rows) // SAMPLE)
    rows = sheet.rows[::step]
    found = []
    for name in sheet.columns:
        texts = [clean(as_text(row.values.get(name)))[0][:2000] for row in rows]
        found.append(Column(name, fold_column(name), [text for text in texts if text]))
    return found


def _chosen(columns: list[Column], table: str, communes: Communes | None) -> dict[str, Choice]:
    """Return the best column of each field, each column once, the surest first."""
    offers: list[tuple[float, str, Choice]] = []
    for name, synonyms in TABLES[table].items():
        field = model_table(table)[name]
        for column in columns:
            choice = _choice(field, synonyms, column, communes)
            if choice is not None and choice.merit >= SURE_ENOUGH:
                offers.append((choice.merit, name, choice))
    chosen: dict[str, Choice] = {}
    for _, name, choice in sorted(offers, key=lambda offer: -offer[0]):
        if name not in chosen and choice.column not in {other.column for other in chosen.values()}:
            chosen[name] = choice
    return chosen


def _choice(field: Field, synonyms: tuple[str, ...], column: Column, communes: Communes | None) -> Choice | None:
    """Return how well a column fits: by its name, which its values may bear out or belie, or by its values alone."""
    if not column.texts:
        return None
    named = _named(column.words, (fold_column(field.name), *synonyms))
    looks = _looks(field, communes)
    if looks is None:
        return Choice(0.9 * named, column.name, Why(round(0.9 * named, 2), NAMED)) if named else None
    share = sum(map(looks, column.texts)) / len(column.texts)
    percent = {"share": round(100 * share)}
    if named:
        merit = named * (0.4 + 0.6 * share)
        # A code in no list rejects its row: a column with many is for the user to map.
        if (field.codes and share < 0.9) or share < 0.3:
            return None
        return Choice(merit, column.name, Why(round(merit, 2), NAMED_AND_HOLDS, percent))
    if field.name in _TELLING and share >= 0.9 and len(column.texts) >= 3:
        merit = 0.6 * share
        return Choice(merit, column.name, Why(round(merit, 2), HOLDS, percent))
    return None


def _named(words: str, synonyms: tuple[str, ...]) -> float:
    """Return how well a name fits: whole, the earlier synonym the better; or with more words around it."""
    for order, synonym in enumerate(synonyms):
        if words == synonym or words.replace(" ", "") == synonym.replace(" ", ""):
            return 1 - 0.01 * order
    padded = f" {words} "
    for order, synonym in enumerate(synonyms):
        if len(synonym) > 2 and f" {synonym} " in padded:
            return 0.75 - 0.01 * order
    return 0.0


# Whose values tell what they are, whatever their column is called.
_TELLING = ("siret", "rna", "courriel", "site_web", "telephone")


def _looks(field: Field, communes: Communes | None) -> Callable[[str], bool] | None:
    """Return what says whether a text may be a value of a field; None where any text may."""
    if field.codes:
        return lambda text: _codes(field, text).fault is None
    own: dict[str, Callable[[str], bool]] = {
        "siret": lambda text: is_siret(text.replace(" ", "")),
        "rna": lambda text: _RNA.fullmatch(text) is not None,
        "courriel": is_mail,
        "site_web": lambda text: is_web(web_address(text)) and "@" not in text,
        "lien_source": lambda text: is_web(web_address(text)),
        "accessibilite_lieu": lambda text: is_web(web_address(text)),
        "telephone": lambda text: len(text) > 8 and telephone(text).fault is None,
        "code_postal": lambda text: _POSTCODE.fullmatch(text) is not None,
        "code_insee": lambda text: _INSEE.fullmatch(text) is not None,
        "nom": lambda text: 3 <= len(text) <= 150 and real(text) is None,
        "description": lambda text: real(text) is None and len(text.split()) > 1,
    }
    if communes is not None:
        own["commune"] = lambda text: bool(communes.called(text)) or (real(text) is None and len(text) > 2)
    if field.name in own:
        return own[field.name]
    kinds: dict[Kind, Callable[[str], bool]] = {
        Kind.DATE: lambda text: day(text) is not None,
        Kind.INTEGER: lambda text: integer(text) is not None,
        Kind.REAL: lambda text: real(text) is not None,
        Kind.BOOLEAN: lambda text: truth(text) is not None,
    }
    return kinds.get(field.kind)


def _codes(field: Field, text: str):
    return coded(field, text, "/" if field.multiple and _SLASHES.search(text) else "", {}, False)


def _rule(field: Field, choice: Choice, columns: list[Column]) -> ColumnRule:
    column = next(column for column in columns if column.name == choice.column)
    slashes = field.multiple and any(_SLASHES.search(text) for text in column.texts)
    return ColumnRule(choice.column, split="/" if slashes else "")


def _take_address_apart(rules: dict[str, ColumnRule], why: dict[str, Why], column: Column) -> None:
    """Take postcode and commune out of addresses in one line, where most hold them."""
    parts = [address_parts(text) for text in column.texts]
    share = sum(bool(part.postcode) for part in parts) / len(parts)
    if share < 0.5:
        return
    rules["adresse"] = ColumnRule(column.name, part="street")
    for field, part in (("code_postal", "postcode"), ("commune", "city")):
        if field not in rules:
            rules[field] = ColumnRule(column.name, part=part)
            why[field] = Why(round(share, 2), IN_THE_ADDRESS, {"share": round(100 * share)})


def _place(columns: list[Column], communes: Communes | None) -> dict[str, Choice]:
    """Return the columns of longitude and latitude: by name, and by content where the names have them the wrong way."""
    by_name = {axis: max((_axis(axis, column) for column in columns), default=(0.0, "")) for axis in PLACE}
    if not all(merit for merit, _ in by_name.values()) or by_name[LON][1] == by_name[LAT][1]:
        return {}
    lon, lat = by_name[LON][1], by_name[LAT][1]
    template, share = NAMED, 1.0
    # Names that say longitude outright are never contradicted: then the values are at fault, for the user to say.
    outright = any(word in fold_column(lon) for word in ("lon", "lng"))
    if communes is not None and not outright:
        texts = {column.name: column.texts for column in columns}
        straight, exchanged = (_within(texts[x], texts[y], communes) for x, y in ((lon, lat), (lat, lon)))
        if exchanged > straight:
            lon, lat, straight = lat, lon, exchanged
        if straight:
            template, share = ON_THE_MAP, straight
    why = Why(round(0.5 + share / 2, 2), template, {"share": round(100 * share)} if template == ON_THE_MAP else {})
    return {LON: Choice(1.0, lon, why), LAT: Choice(1.0, lat, why)}


def _axis(axis: str, column: Column) -> tuple[float, str]:
    named = _named(column.words, PLACE[axis])
    numbers = sum(real(text) is not None for text in column.texts)
    return (named, column.name) if numbers * 2 > len(column.texts) else (0.0, "")


def _within(xs: list[str], ys: list[str], communes: Communes) -> float:
    points = [(real(x), real(y)) for x, y in zip(xs, ys)]
    held = sum(x is not None and y is not None and communes.holds(x, y) for x, y in points)
    return held / len(points) if points else 0.0
