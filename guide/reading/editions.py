"""The last edition: what it showed of the needs, for the gate, and what has changed since, for the readers."""

from __future__ import annotations

from pathlib import Path

from ...layers.confidentiality import Disclosure
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..facts.changes import Changed, Changes
from ..facts.content import Actor, Content
from ..facts.words import sort_key
from ..gate import Before
from .matrix_record import figure_of
from .rows import read_rows

CLOSED = "ferme"
SAID_OF_ACTORS = {
    "name": "nom",
    "themes": "thèmes",
    "kind": "type d'initiative",
    "description": "description",
    "audiences": "publics",
    "hours": "horaires",
    "fee": "frais",
    "address": "adresse",
    "commune": "commune",
    "site": "site internet",
    "resources": "moyens à partager",
    "wanted": "recherche",
    "services": "services",
}
"""What readers would want to know has changed, field by field."""
CONTACTS = {"phone": "téléphone", "mail": "courriel"}
"""Told only where there is a new one: that somebody took theirs back is not."""


def last_edition(store: Path) -> dict | None:
    """Return the row of the last edition that a store keeps, None when it keeps none."""
    rows = read_rows(store, "edition")
    return max(rows, key=lambda row: (row["etablie_le"], row["code"]), default=None)


def check_previous(store: Path, previous: Path, departement: str, its: str) -> None:
    """Raise TisserandError when a store cannot be that of the last edition: it is this one, or another place's."""
    if previous.exists() and previous.samefile(store):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{store} is the workspace to be printed itself: for the last edition choose the copy that was kept "
                "when it was printed.",
            ),
            store=store.name,
        )
    if its != departement:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{previous} is the workspace of the Département {its}, and this one that of {departement}: choose the "
                "workspace of its last edition.",
            ),
            previous=previous.name,
            its=its,
            departement=departement,
        )


def shown_before(content: Content, store: Path) -> Before:
    """Return what the last edition showed of needs: as its store recorded it, and else as its own gate lets it.

    ``content`` was read from ``store``. The record has no figure over all themes: those always come from the gate.
    """
    verdict = content.verdict
    shown = {key: need.value for key, need in verdict.needs.items() if need.state is not Disclosure.HIDDEN}
    shown.update(verdict.least)
    masked = set(verdict.masked)
    threshold = verdict.threshold
    edition = last_edition(store)
    if edition is not None:
        threshold = max(threshold, edition["seuil"])
        for row in read_rows(store, "matrice"):
            if row["edition_uuid"] != edition["uuid"]:
                continue
            code = "" if row["niveau"] == content.outline.level else row["code_territoire"]
            key = code, row["theme_vie"]
            figure = figure_of(row["besoins"] or "")
            if figure is not None:
                shown[key] = figure
                masked.discard(key)
            elif shown.pop(key, 0.0):
                # Masked then although it is many: for the sake of others.
                masked.add(key)
    return Before(shown, masked, threshold)


def changes_since(content: Content, last: Content, store: Path, previous: Path) -> Changes:
    """Return what readers are told of the differences between two editions; both were read for the same readers."""
    edition = last_edition(previous)
    now = {actor.uuid: actor for actor in (*content.actors, *content.town_halls)}
    then = {actor.uuid: actor for actor in (*last.actors, *last.town_halls)}
    known = {monograph.uuid for monograph in last.monographs}
    surveyed = {commune.code for commune in last.communes if commune.surveyed_on}
    changed = [
        Changed(actor.uuid, _what(actor, then[actor.uuid], content)) for actor in content.actors if actor.uuid in then
    ]
    closed, withdrawn = _gone(now, then, {row["uuid"]: row for row in read_rows(store, "acteur", withdrawn=True)})
    return Changes(
        edition["code"] if edition else last.edition,
        edition["etablie_le"] if edition else None,
        tuple(actor.uuid for actor in content.actors if actor.uuid not in then),
        tuple(change for change in changed if change.what),
        closed,
        withdrawn,
        tuple(monograph.uuid for monograph in content.monographs if monograph.uuid not in known),
        tuple(commune.code for commune in content.communes if commune.surveyed_on and commune.code not in surveyed),
        content.threshold > last.threshold,
    )


def _what(now: Actor, then: Actor, content: Content) -> tuple[str, ...]:
    told = [words for name, words in SAID_OF_ACTORS.items() if getattr(now, name) != getattr(then, name)]
    told += [words for name, words in CONTACTS.items() if getattr(now, name) not in ("", getattr(then, name))]
    return tuple(told)


def _gone(now: dict[str, Actor], then: dict[str, Actor], rows: dict[str, dict]) -> tuple[tuple[str, ...], int]:
    """Return the names of those that closed, and how many else are no longer in the book; town halls apart.

    A name is given only where the closing is all that happened: who refused, objected, was withdrawn or may no longer
    be read about by these readers is not named, nor told apart.
    """
    closed, others = [], 0
    for uuid, actor in then.items():
        if uuid in now or not actor.number:
            continue
        row = rows.get(uuid)
        if row is not None and _only_closed(row):
            closed.append(actor.name)
        else:
            others += 1
    return tuple(sorted(closed, key=lambda name: (sort_key(name), name))), others


def _only_closed(row: dict) -> bool:
    return (
        row["statut_recensement"] == CLOSED
        and row["opposition_le"] is None
        and row["supprime_le"] is None
        and row["statut"] != "archive"
    )
