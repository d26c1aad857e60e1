"""What is missing, stale or doubtful in the records that would be printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from osgeo import ogr

from ...layers.audience import TOWN_HALLS, may_read, may_read_record
from ...layers.errors import TisserandError
from ...layers.geopackage import GEOMETRY, read_rows
from ...layers.model.codes import code_list
from ...layers.offer import CLOSED_NEEDS
from ...layers.result_tables import DUPLICATES
from ..facts.content import Actor, Content
from ..facts.monograph import CRITERIA
from ..reading.monographs import PRINTABLE_RIGHTS
from ..reading.territories import Locator
from .kinds import Finding

UNREAD = ("brouillon", "soumis")
FEWEST_CRITERIA = 6

CheckPhoto = Callable[[Path, str], object]
"""Takes the store and the name of a photo, and raises TisserandError when it cannot be printed."""


def of_actors(store: Path, content: Content) -> Iterator[Finding]:
    """Find what is amiss in the records of actors that these readers would see."""
    printed = {actor.uuid: actor for actor in (*content.actors, *content.town_halls)}
    for row in sorted(read_rows(store, "acteur"), key=lambda row: (row["nom"], row["uuid"])):
        if not may_read(row, content.audience):
            continue
        actor = printed.get(row["uuid"])
        if actor is None:
            found = [("unplaced" if row[GEOMETRY] is None else "outside", {})]
        else:
            found = [*_consent(row, content.printed_on), *(_gaps(row, actor) if actor.number else ())]
        for kind, values in found:
            yield Finding(kind, {"name": row["nom"], **values}, "acteur", row["uuid"])
    yield from _duplicates(store, printed)


def _consent(row: dict, today: date) -> Iterator[tuple[str, dict]]:
    if row["contact_publiable"] and not row["consentement_le"] and row["source"] != TOWN_HALLS:
        yield "no_consent_date", {}
    until = row["conservation_jusqu_a"]
    if until and until < today and (row["contact_nom"] or row["telephone"] or row["courriel"]):
        yield "kept_too_long", {"day": said(until)}


def _gaps(row: dict, actor: Actor) -> Iterator[tuple[str, dict]]:
    """Yield what the entry of an actor in the directory would lack."""
    if not actor.themes:
        yield "no_theme", {}
    if actor.stale:
        seen = row["date_visite"] or row["date_maj"]
        yield "stale", {"since": said(seen) if seen else "?"}
    if not actor.description.strip():
        yield "undescribed", {}
    if not (actor.address or actor.phone or actor.mail or actor.site):
        yield "unreachable", {}
    if row["statut"] in UNREAD:
        yield "draft", {}
    if row["precision_geo"] == "commune":
        yield "imprecise", {}


def _duplicates(store: Path, printed: dict) -> Iterator[Finding]:
    pairs = set()
    for row in read_rows(store, DUPLICATES):
        one, other = sorted((row["de"], row["vers"]))
        if one in printed and other in printed and (one, other) not in pairs:
            pairs.add((one, other))
            yield Finding(
                "duplicate", {"name": printed[one].name, "other": printed[other].name}, table="acteur", uuid=one
            )


def of_needs(store: Path, content: Content) -> Iterator[Finding]:
    """Find open needs that are past their day, uncounted or without a place; nothing of what they say is repeated."""
    locate = Locator(content.communes)
    names = {commune.code: commune.name for commune in content.communes}
    themes = code_list("themes_vie")
    for row in sorted(read_rows(store, "besoin"), key=lambda row: row["uuid"]):
        if row["statut_besoin"] in CLOSED_NEEDS:
            continue
        where = {"table": "besoin", "uuid": row["uuid"]}
        theme = themes.label(row["theme_vie"] or "")
        point = ogr.CreateGeometryFromWkb(row[GEOMETRY]) if row[GEOMETRY] else None
        commune = locate.commune(row["code_insee"], point) if point else ""
        if not commune:
            yield Finding("need_outside", {"theme": theme}, **where)
            continue
        values = {"commune": names[commune], "theme": theme}
        until = row["valide_jusqu_a"]
        if until and until < content.printed_on:
            yield Finding("need_due", {**values, "day": said(until)}, **where)
        # What a statistical office keeps secret is not for an editor to fill in.
        if row["nb_situations"] is None and row["origine"] != "statistique":
            yield Finding("need_uncounted", values, **where)


def of_projects(store: Path, content: Content) -> Iterator[Finding]:
    """Find projects that would be printed as under way though their last day is past."""
    printed = {project.uuid for project in content.projects}
    for row in sorted(read_rows(store, "projet"), key=lambda row: (row["titre"], row["uuid"])):
        if row["uuid"] in printed and row["fin"] and row["fin"] < content.printed_on:
            values = {"name": row["titre"], "day": said(row["fin"])}
            yield Finding("project_over", values, table="projet", uuid=row["uuid"])


def of_monographs(store: Path, content: Content, check_photo: CheckPhoto) -> Iterator[Finding]:
    """Find monographs that are left out or hardly answered, and photos that cannot or should not be printed."""
    printed = {monograph.uuid: monograph for monograph in content.monographs}
    subjects = {}
    for row in sorted(read_rows(store, "monographie"), key=lambda row: (row["titre"], row["uuid"])):
        if not may_read_record(row, content.audience):
            continue
        where = {"table": "monographie", "uuid": row["uuid"]}
        monograph = printed.get(row["uuid"])
        if monograph is None:
            yield Finding("no_subject", {"name": row["titre"]}, **where)
            continue
        subjects[row["uuid"]] = {row["uuid"], row["acteur_uuid"], row["site_uuid"], row["initiative_uuid"]} - {None}
        answered = sum(row[criterion] is not None for criterion in CRITERIA)
        if answered < FEWEST_CRITERIA:
            yield Finding("no_criteria", {"name": row["titre"], "answered": answered}, **where)
        if monograph.photo is None:
            yield Finding("no_photo", {"name": row["titre"]}, **where)
    yield from _photos(store, set().union(*subjects.values()), check_photo)


def _photos(store: Path, wanted: set[str], check_photo: CheckPhoto) -> Iterator[Finding]:
    holders = ("monographie_uuid", "acteur_uuid", "site_uuid", "initiative_uuid")
    for row in sorted(read_rows(store, "media"), key=lambda row: (row["chemin"], row["uuid"])):
        if not wanted & {row[holder] for holder in holders}:
            continue
        where = {"table": "media", "uuid": row["uuid"]}
        # A photo taken in charge has a name that nobody can read.
        name = {"name": f"“{row['legende']}”" if row["legende"] else row["chemin"]}
        if row["droit_image"] not in PRINTABLE_RIGHTS:
            yield Finding("photo_no_right", name, **where)
            continue
        try:
            check_photo(store, row["chemin"])
        except TisserandError as error:
            yield Finding("photo_unusable", {**name, "cause": str(error)}, **where)
            continue
        if not row["credit"]:
            yield Finding("photo_no_credit", name, **where)
        if not row["legende"]:
            yield Finding("photo_no_legend", name, **where)


def of_territories(store: Path, content: Content) -> Iterator[Finding]:
    """Find the communes where nobody has looked for actors yet."""
    uuids = {row["code"]: row["uuid"] for row in read_rows(store, "territoire") if row["niveau"] == "commune"}
    for commune in content.communes:
        if commune.surveyed_on is None:
            where = {"table": "territoire", "uuid": uuids.get(commune.code, "")}
            yield Finding("not_surveyed", {"name": commune.name}, **where)


def said(day: date) -> str:
    """Return a day as it is read in France."""
    return f"{day:%d/%m/%Y}"
