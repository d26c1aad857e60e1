"""Project leads, projects under way and proposed places.

What the analyses wrote in words may hold numbers of people, so none of it is printed: sentences are made anew from what
has passed the gate.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from osgeo import ogr

from ...layers.audience import may_read_record
from ...layers.confidentiality import Disclosure
from ...layers.geopackage import GEOMETRY
from ...layers.result_tables import LEAD_MEMBERS, LEADS, NEW_SITES
from ...processing.analysis.values import split as split_values
from ..facts.content import Content
from ..facts.leads import Extra, Lead, Project, Proposal
from ..facts.remarks import Remark
from ..facts.words import sort_key
from .rows import read_rows
from .territories import Locator

OVER = ("termine", "abandonne")
LASTING = {"perenne": True, "ponctuel": False}
RECURRING = {"permanent": True, "ponctuel": False}


def read_leads(content: Content, store: Path) -> list[Extra]:
    """Fill ``leads``, ``projects`` and ``proposals``, and return the figures of the leads for the gate."""
    content.projects = _projects(content, store)
    content.proposals = _proposals(content, read_rows(store, NEW_SITES))
    rows = sorted(read_rows(store, LEADS), key=lambda row: row["rang"])
    if not rows:
        content.warnings.append(
            Remark(
                "Les pistes de projet n'ont pas été cherchées, ou il n'y en a pas : elles sont absentes du guide. "
                "Lancer « Pistes de projet » dans l'espace de travail.",
                "analysis",
            )
        )
        return []
    members = defaultdict(list)
    for row in read_rows(store, LEAD_MEMBERS):
        if row["piste"] is not None:
            members[row["piste"]].append(row)
    locate = Locator(content.communes)
    extras = []
    for row in rows:
        name = f"piste-{row['rang']}"
        parts, unknown = _parts(members[row["rang"]], row["theme"] or "", locate)
        codes = {code.code for code in content.communes}
        content.leads.append(
            Lead(
                row["rang"],
                name,
                row["theme"] or "",
                tuple(sorted(set(split_values(row["codes"])) & codes)),
                None if row["volontaires"] is None else row["volontaires"] > 0,
                "" if row["contexte"] in (None, "inconnu") else row["contexte"],
                _agreed(RECURRING.get(member["recurrence"]) for member in members[row["rang"]]),
                bool(row["lancable"]),
                unknown,
            )
        )
        extras.append(Extra(name, parts))
    return extras


def settle_leads(content: Content) -> None:
    """Drop the leads whose figure may not be printed, number the others anew, and say how many were withheld."""
    printed = [lead for lead in content.leads if content.need_of(lead.name).state is Disclosure.SHOWN]
    withheld = len(content.leads) - len(printed)
    content.leads = [lead._replace(number=number) for number, lead in enumerate(printed, 1)]
    if withheld:
        content.warnings.append(
            Remark(
                f"{withheld} pistes de projet ne sont pas imprimées : leur nombre de situations est sous le seuil, ou "
                "en révélerait un autre."
                if withheld > 1
                else "Une piste de projet n'est pas imprimée : son nombre de situations est sous le seuil, ou en "
                "révélerait un autre.",
                "withheld",
                count=withheld,
            )
        )


def _parts(rows: list[dict], theme: str, locate: Locator) -> tuple[dict[tuple[str, str], float], bool]:
    """Return the known situations of needs by commune and theme, and whether some have no known number.

    A lead of which a commune or every number is unknown has NaN, and is never printed.
    """
    amounts: dict[tuple[str, str], list[float]] = defaultdict(list)
    unknown = False
    for row in rows:
        if row["personnes"] is None:
            unknown = True
            continue
        point = ogr.CreateGeometryFromWkb(row[GEOMETRY]) if row[GEOMETRY] else None
        commune = locate.commune(row["code_insee"], point) if point else ""
        amounts[commune, theme].append(row["personnes"] if commune else math.nan)
    parts = {cell: math.fsum(found) for cell, found in sorted(amounts.items())}
    return parts or {("", theme): math.nan}, unknown


def _agreed(answers: Iterable[bool | None]) -> bool | None:
    told = {answer for answer in answers if answer is not None}
    return told.pop() if len(told) == 1 else None


def _projects(content: Content, store: Path) -> list[Project]:
    actors = {actor.uuid for actor in content.actors}
    places = {row["uuid"]: row["nom"] for row in read_rows(store, "site") if may_read_record(row, content.audience)}
    communes = {commune.code for commune in content.communes}
    found = [
        Project(
            row["uuid"],
            row["titre"],
            row["theme_vie"] or "",
            LASTING.get(row["duree"]),
            row["etat_projet"] or "",
            row["description"] or "",
            row["porteur_uuid"] if row["porteur_uuid"] in actors else "",
            places.get(row["site_uuid"], ""),
            row["code_insee"] if row["code_insee"] in communes else "",
            None if row["nb_volontaires"] is None else row["nb_volontaires"] > 0,
            row["contexte"] or "",
            row["moyens_manquants"] or "",
        )
        for row in read_rows(store, "projet")
        if may_read_record(row, content.audience) and row["etat_projet"] not in OVER
    ]
    return sorted(found, key=lambda project: (sort_key(project.title), project.uuid))


def _proposals(content: Content, rows: list[dict]) -> list[Proposal]:
    """Return the proposed places; one that the readers may not know is left out, and the others keep their order."""
    actors = {actor.uuid: actor for actor in (*content.actors, *content.town_halls)}
    by_name = defaultdict(list)
    for actor in content.actors:
        by_name[actor.name].append(actor.uuid)
    communes = {commune.code for commune in content.communes}
    found = []
    for row in sorted(rows, key=lambda row: row["rang"]):
        own = row.get("uuid")
        if own not in actors:
            continue
        nearest = by_name.get(row["existant"], [])
        commune = actors[own].commune
        found.append(
            Proposal(
                len(found) + 1,
                actors[own].name,
                own,
                commune if commune in communes else "",
                row["solidite"] or "",
                nearest[0] if len(nearest) == 1 else "",
                row["existant_min"] if row["existant_min"] is not None else math.nan,
            )
        )
    return found
