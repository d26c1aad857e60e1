"""Erasing people's contacts when their time is over, wherever a store holds them.

A named person goes when the date up to which the row may keep it has passed, or when it objected; telephone and mail,
which the model asks to be the structure's, go when it objected (domain: CNIL's référentiel of 11 March 2021, contacts
only with a recorded consent). Those of a town hall are published by law and stay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from .audience import TOWN_HALLS
from .ddl.sqlite_triggers import NOW
from .errors import QT_TRANSLATE_NOOP, StoreRefusedError, TisserandError
from .geopackage import read_settings
from .geopackage.exclusive import alone, in_words, transaction
from .geopackage.opening import settle
from .migrations.backup import check_room
from .model.tables import TABLES
from .traces import find_in_rows, holders, without

PAST = "conservation_jusqu_a < :today"
OBJECTED = "opposition_le IS NOT NULL"
ASKED = "uuid = :asked"
STRUCTURE = f"({OBJECTED} AND coalesce(source, '') <> '{TOWN_HALLS}') OR {ASKED}"
# Table -> field -> when it is to be erased. What the file of origin said beside (``extra``) goes where it repeats it.
RULES: Mapping[str, Mapping[str, str]] = {
    "acteur": {
        "contact_nom": f"{PAST} OR {OBJECTED} OR {ASKED}",
        "telephone": STRUCTURE,
        "courriel": STRUCTURE,
    },
    "contribution": {"auteur_contact": f"{PAST} OR {ASKED}"},
    # The code by which a correspondent signs stays: it names nobody once the list that tells who it was is gone.
    "correspondant": {"source_ref": f"{PAST} OR {ASKED}", "extra": f"{PAST} OR {ASKED}"},
}
# By what a report names a row: never by what a person wrote.
LABELS = {"acteur": "nom", "contribution": "uuid", "correspondant": "identifiant"}
BY_WHOM = "conservation"


class UnknownRowError(TisserandError):
    """The row whose contacts were to be erased is not in the store; nothing was changed."""

    def __init__(self, path: object, uuid: str):
        super().__init__(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{path} has no actor, contribution or correspondent with the identifier {uuid}: copy it from the "
                "record.",
            ),
            path=path,
            uuid=uuid,
        )


class Due(NamedTuple):
    """A row with contacts to erase, in itself, its history or its conflicts: the fields, and the values found."""

    table: str
    uuid: str
    label: str
    fields: tuple[str, ...]
    values: frozenset[str]
    places: int


class Erasure(NamedTuple):
    """What was found, how many values were erased (0 in a rehearsal), and where else they are still to be seen.

    ``elsewhere`` counts rows by ``table.field``; ``copies`` are files beside the store.
    """

    due: list[Due]
    erased: int
    elsewhere: dict[str, int]
    copies: list[Path]


def erase_contacts(path: Path, today: date, asked: str = "", *, rehearse: bool = True) -> Erasure:
    """Erase the contacts whose time is over from a store, its journal and its conflicts; ``asked`` is a uuid to add.

    With ``rehearse`` nothing is changed. The bytes are gone from the file as well: it is rewritten whole. Raises
    StoreUnreadableError, StoreOlderError, StoreBusyError, UnknownRowError, or what ``refusal`` makes of another cause;
    then nothing is erased.
    """
    settle(path)
    read_settings(path)
    if rehearse:
        try:
            with closing(sqlite3.connect(path)) as connection:
                due = _find(connection, path, today, asked)
                values = _values(due)
                return Erasure(due, 0, find_in_rows(connection, values), holders(path, values))
        except sqlite3.Error as error:
            raise in_words(path, error) from error
    check_room(path)
    with alone(path) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            due = _find(connection, path, today, asked)
            if due:
                before = _counts(connection)
                _erase(connection, due)
                _check(connection, path, {**before, "journal": before["journal"] + len(due)}, today, asked)
        if due:
            # Pages that an earlier change freed may hold what it replaced.
            connection.execute("VACUUM")
        values = _values(due)
        elsewhere = find_in_rows(connection, values)
    return Erasure(due, sum(row.places for row in due), elsewhere, holders(path, values))


def _values(due: list[Due]) -> frozenset[str]:
    return frozenset().union(*(row.values for row in due))


def _find(connection: sqlite3.Connection, path: Path, today: date, asked: str) -> list[Due]:
    """Return the rows that hold something to erase, in themselves, their history or their conflicts."""
    if asked and not any(
        connection.execute(f"SELECT count(*) FROM {name} WHERE uuid = ?", (asked,)).fetchone()[0]  # nosec B608
        for name in RULES
    ):
        raise UnknownRowError(path, asked)
    return [row for name in RULES for row in _find_in(connection, name, today, asked)]


def _find_in(connection: sqlite3.Connection, name: str, today: date, asked: str) -> Iterator[Due]:
    rules = RULES[name]
    listed = ", ".join(f"{field}, ({condition})" for field, condition in rules.items())
    either = " OR ".join(f"({condition})" for condition in rules.values())
    rows = connection.execute(
        f"SELECT uuid, {LABELS[name]}, {listed} FROM {name} WHERE {either}",  # nosec B608
        {"today": today.isoformat(), "asked": asked},
    )
    for uuid, label, *found in rows.fetchall():
        fields = tuple(field for field, over in zip(rules, found[1::2]) if over)
        places = [{value} for value, over in zip(found[::2], found[1::2]) if over and value]
        places += [told for told in _told(connection, name, uuid, fields) if told]
        if places:
            yield Due(name, uuid, label, fields, frozenset().union(*places), sum(map(len, places)))


def _told(connection: sqlite3.Connection, name: str, uuid: str, fields: tuple[str, ...]) -> Iterator[set[str]]:
    """Yield, for each line of the journal and conflict about a row, the values it holds of some of its fields."""
    for before, after in connection.execute(
        "SELECT avant, apres FROM journal WHERE nom_table = ? AND objet_uuid = ?", (name, uuid)
    ).fetchall():
        yield without(before, fields).taken | without(after, fields).taken
    for field, *told in connection.execute(
        "SELECT champ, base, leur, notre, choix FROM conflit WHERE nom_table = ? AND objet_uuid = ?", (name, uuid)
    ).fetchall():
        if field in fields:
            yield {value for value in told if value}
        elif not field:
            yield {value for text in told for value in without(text, fields).taken}


def _erase(connection: sqlite3.Connection, due: list[Due]) -> None:
    """Empty the fields of the rows that are due, in all three places; the journal says so, without the values."""
    # The triggers of the journals would write down what is erased; the other forbids to change the journal at all.
    guards = [*(f"{name}_journal" for name in RULES), "journal_fige_update"]
    made = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    kept = [connection.execute(made, (guard,)).fetchone()[0] for guard in guards]
    for guard in guards:
        connection.execute(f"DROP TRIGGER {guard}")
    for row in due:
        _erase_row(connection, row)
        _erase_history(connection, row)
        _erase_conflicts(connection, row)
        connection.execute(
            "INSERT INTO journal (quand, qui, nom_table, objet_uuid, operation, version)"
            f" SELECT {NOW}, ?, ?, uuid,"  # nosec B608
            f" 'effacement', version FROM {row.table} WHERE uuid = ?",
            (BY_WHOM, row.table, row.uuid),
        )
    for sql in kept:
        connection.execute(sql)


def _erase_row(connection: sqlite3.Connection, row: Due) -> None:
    # The trigger of versions sees it: whoever has the row open cannot save the old contact over it unawares.
    changes = dict.fromkeys(row.fields)
    if "extra" not in changes:
        select = f"SELECT extra FROM {row.table} WHERE uuid = ?"  # nosec B608
        (extra,) = connection.execute(select, (row.uuid,)).fetchone()
        changes["extra"] = without(extra, (), row.values).text
    listed = ", ".join(f"{field} = ?" for field in changes)
    connection.execute(f"UPDATE {row.table} SET {listed} WHERE uuid = ?", (*changes.values(), row.uuid))  # nosec B608


def _erase_history(connection: sqlite3.Connection, row: Due) -> None:
    lines = connection.execute(
        "SELECT fid, avant, apres FROM journal WHERE nom_table = ? AND objet_uuid = ?", (row.table, row.uuid)
    )
    for fid, before, after in lines.fetchall():
        kept = [without(text, row.fields, row.values).text for text in (before, after)]
        if kept != [before, after]:
            connection.execute("UPDATE journal SET avant = ?, apres = ? WHERE fid = ?", (*kept, fid))


def _erase_conflicts(connection: sqlite3.Connection, row: Due) -> None:
    found = connection.execute(
        "SELECT fid, champ, base, leur, notre, choix FROM conflit WHERE nom_table = ? AND objet_uuid = ?",
        (row.table, row.uuid),
    )
    for fid, field, *told in found.fetchall():
        # A conflict over the whole row, or over ``extra``, tells fields as a JSON object.
        of_field = field in row.fields
        kept = [None if of_field else without(text, row.fields, row.values).text for text in told]
        if kept != told:
            connection.execute(
                "UPDATE conflit SET base = ?, leur = ?, notre = ?, choix = ? WHERE fid = ?", (*kept, fid)
            )


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        declared.name: connection.execute(f"SELECT count(*) FROM {declared.name}").fetchone()[0]  # nosec B608
        for declared in TABLES
    }


def _check(connection: sqlite3.Connection, path: Path, expected: dict[str, int], today: date, asked: str) -> None:
    """Raise StoreRefusedError unless nothing is due any more and each table has the rows that it should."""
    left = _find(connection, path, today, asked)
    if left or _counts(connection) != expected:
        raise StoreRefusedError(path=path, cause=", ".join(row.label for row in left) or "journal")
