"""Analyses that were not run, or before the records that they are about changed; what the notice does not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ...layers.geopackage import count_rows, read_rows
from ...layers.result_tables import (
    GAPS_BY_TERRITORY,
    GROUPS,
    LEADS,
    MATCHES,
    NETWORKS,
    NEW_SITES,
)
from ..composing.settings import Settings
from ..facts.content import Content
from .kinds import Finding
from .records import said

ANALYSES = {
    GAPS_BY_TERRITORY: ("Couverture des besoins", ("acteur", "besoin"), ("manques",)),
    GROUPS: ("Initiatives semblables", ("acteur",), ("semblables",)),
    NETWORKS: ("Réseaux d'acteurs", ("acteur", "besoin"), ("reseaux",)),
    LEADS: ("Pistes de projet", ("acteur", "besoin"), ("pistes",)),
    MATCHES: ("Apparier besoins et acteurs", ("acteur", "besoin"), ("pistes",)),
    NEW_SITES: ("Où ouvrir", ("acteur", "besoin"), ("pistes",)),
}
"""Result table -> the name of its analysis, the tables it reads, the sections that print it."""


def of_analyses(store: Path, content: Content, sections: tuple[str, ...]) -> Iterator[Finding]:
    """Find analyses of the chosen sections that are absent, undated, or older than the records they read."""
    changed = {table: _last_change(read_rows(store, table, withdrawn=True)) for table in ("acteur", "besoin")}
    computed = {analysis.table: analysis.computed_on for analysis in content.analyses}
    for table, (title, read, printed_in) in ANALYSES.items():
        if not set(printed_in) & set(sections):
            continue
        values = {"analysis": title}
        if not count_rows(store, table):
            yield Finding("analysis_absent", values, table)
            continue
        day = computed.get(table)
        last = max((changed[name] for name in read if changed[name]), default=None)
        if day is None:
            yield Finding("analysis_undated", values, table)
        elif last and last > day:
            yield Finding("analysis_old", {**values, "day": said(day), "changed": said(last)}, table)


def _last_change(rows: list[dict]) -> date | None:
    return max((row["date_maj"] for row in rows if row["date_maj"]), default=None)


def of_notice(content: Content, settings: Settings) -> Iterator[Finding]:
    """Find what the legal notice and the cover would not say."""
    for key, kind in (("licences", "no_licence"), ("sources", "no_source"), ("directeur_publication", "no_director")):
        if not content.settings.get(key):
            yield Finding(kind, {}, table="meta")
    if not settings.contact:
        yield Finding("no_contact", {})
    if not settings.logo:
        yield Finding("no_logo", {})
