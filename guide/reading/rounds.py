"""Whom a correspondent is to meet, and what is to be asked of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ...layers.audience import contacts_are_public
from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.model.codes import code_list
from ...processing.analysis.values import split as split_values
from ..facts.content import Actor, Content
from ..facts.words import sort_key
from .rows import read_rows

NEVER, STALE, BOTH, ALL = "never", "stale", "both", "all"
WHICH = (BOTH, STALE, NEVER, ALL)
SHORT = 50
"""Characters below which a description says too little."""
MOST_ASKED = 8


class Visit(NamedTuple):
    """An actor to meet: the day it was last met, where its record stands, what was promised, what is to be asked."""

    actor: Actor
    last: date | None
    status: str
    promised: str
    asked: tuple[str, ...]


class Round(NamedTuple):
    """Whom to meet, for a sector or a correspondent; ``name`` says whose round it is."""

    name: str
    visits: list[Visit]


def read_round(content: Content, store: Path, sector: str, correspondent: str, which: str) -> Round:
    """Return the actors of a sector and of a correspondent (codes; "" for all) who are to be met, by name.

    Town halls, the closed and those who refused are not met. Raises TisserandError for a code that is not there.
    """
    sectors, people = read_rows(store, "secteur"), read_rows(store, "correspondant")
    wanted = _row(sectors, "code", sector, SECTOR_UNKNOWN)
    person = _row(people, "identifiant", correspondent, PERSON_UNKNOWN)
    if person and not wanted:
        wanted = next((row for row in sectors if row["uuid"] == person["secteur_uuid"]), None)
    members = set(split_values(wanted["membres"])) if wanted else None
    met, promised = _met(read_rows(store, "visite"))
    own = {row["uuid"]: row for row in read_rows(store, "acteur")}
    visits = []
    for actor in content.actors:
        row = own[actor.uuid]
        if members is not None and actor.commune not in members:
            continue
        # Who follows nobody yet is for whoever works in the sector.
        if person and row["correspondant_uuid"] not in (None, "", person["uuid"]):
            continue
        last = max(filter(None, (row["date_visite"], met.get(actor.uuid))), default=None)
        never, stale = which in (NEVER, BOTH) and last is None, which in (STALE, BOTH) and actor.stale
        if never or stale or which == ALL:
            status = (
                code_list("statuts_recensement").label(row["statut_recensement"]) if row["statut_recensement"] else ""
            )
            visits.append(Visit(actor, last, status, promised.get(actor.uuid, ""), asked(row)))
    visits.sort(key=lambda visit: (sort_key(visit.actor.name), visit.actor.uuid))
    return Round(_name(content, wanted, person), visits)


SECTOR_UNKNOWN = QT_TRANSLATE_NOOP("Tisserand", "The workspace has no sector {code}: its sectors are {known}.")
PERSON_UNKNOWN = QT_TRANSLATE_NOOP(
    "Tisserand", "The workspace has no correspondent {code}: its correspondents are {known}."
)


def _row(rows: list[dict], field: str, code: str, unknown: str) -> dict | None:
    if not code:
        return None
    found = next((row for row in rows if (row[field] or "").casefold() == code.casefold()), None)
    if found is None:
        known = ", ".join(sorted(row[field] or "" for row in rows)) or "–"
        raise TisserandError(unknown, code=code, known=known)
    return found


def _met(rows: list[dict]) -> tuple[dict[str, date], dict[str, str]]:
    """Return by actor the day it was last met in person, and what was promised at the last contact of any kind."""
    met: dict[str, date] = {}
    promised: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (row["date_visite"], row["uuid"])):
        if row["nature"] in (None, "visite"):
            met[row["acteur_uuid"]] = row["date_visite"]
        promised[row["acteur_uuid"]] = row["suite"] or ""
    return met, promised


def _name(content: Content, sector: dict | None, person: dict | None) -> str:
    parts = [sector["nom"] if sector else content.departement]
    return " · ".join(parts + ([f"correspondant {person['identifiant']}"] if person else []))


def _empty(*fields: str) -> Callable[[dict], bool]:
    return lambda row: not any(str(row[field] or "").strip() for field in fields)


def _unsaid_consent(row: dict) -> bool:
    has_contact = not _empty("telephone", "courriel")(row)
    return has_contact and not contacts_are_public(row) and not row["opposition_le"]


# The most useful first: only so many fit.
QUESTIONS: tuple[tuple[Callable[[dict], bool], str], ...] = (
    (_empty("telephone", "courriel"), "Un téléphone ou un courriel de la structure"),
    (_unsaid_consent, "Accord pour publier téléphone et courriel (le dater)"),
    (_empty("adresse"), "L'adresse où l'on est reçu"),
    (lambda row: row["precision_geo"] == "commune", "La position exacte : le point est au centre de la commune"),
    (lambda row: len(str(row["description"] or "").strip()) < SHORT, "Ce qui s'y fait, en quelques phrases"),
    (_empty("horaires_accueil"), "Les horaires d'accueil"),
    (_empty("publics"), "À qui l'on s'adresse"),
    (_empty("frais"), "Gratuit ou payant, et combien"),
    (_empty("capacite"), "Le nombre de places"),
    (_empty("accessibilite_lieu"), "L'accès pour une personne handicapée"),
    (_empty("moyens_partageables"), "Ce qui peut être partagé : salle, véhicule, compétences…"),
    (_empty("recherche"), "Ce dont l'acteur aurait besoin"),
    (_empty("site_web"), "Un site internet"),
)


def asked(row: dict) -> tuple[str, ...]:
    """Return what a row of ``acteur`` does not say yet, the most useful first."""
    return tuple(words for lacks, words in QUESTIONS if lacks(row))[:MOST_ASKED]
