"""What was done to know the actors of each territory: who was met, when, and where nobody has looked yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from osgeo import ogr

from ...layers.geopackage import GEOMETRY
from ..facts.content import Content, Effort, Met, Territory
from .actors import STALE_AFTER_DAYS
from .territories import Locator

CONTACTED = ("contacte", "visite", "valide", "refus", "ferme")
MET = ("visite", "valide")
BY_TELEPHONE = "appel"
STALE = "perime"
"""The class that the analysis gives to a survey that has grown old."""


def read_effort(content: Content, actors: list[dict], visits: list[dict], analysed: list[dict] = ()) -> None:
    """Fill ``met`` and ``effort`` from rows of ``acteur`` and ``visite``; after ``read_actors``.

    ``analysed`` are rows of the table of ``surveyeffort``: it says which surveys have grown old; without it, those of
    which nothing is younger than STALE_AFTER_DAYS.

    Only actors that the readers may read of are counted. That someone is known there, whoever it is, is enough for a
    survey to have begun. What is dated after the day of printing has not happened yet.
    """
    days, calls = _days_of_visits(visits, content.printed_on)
    met = {}
    begun: set[str] = set()
    locate = Locator(content.communes)
    for row in actors:
        own = days.get(row["uuid"], [])
        seen = [day for day in (row["date_visite"], *own) if day is not None and day <= content.printed_on]
        status = row["statut_recensement"] or ""
        met[row["uuid"]] = Met(status, max(seen, default=None), len(own))
        if (status in CONTACTED or seen or row["uuid"] in calls) and row[GEOMETRY] is not None:
            begun.add(locate.commune(row["code_insee"], ogr.CreateGeometryFromWkb(row[GEOMETRY])))
    content.met = {actor.uuid: met[actor.uuid] for actor in content.actors}
    classes = {(row.get("niveau"), row.get("code")): row.get("classe") for row in analysed}
    for territory in dict.fromkeys((content.outline, *content.groups, *content.communes)):
        code = "" if territory is content.outline else territory.code
        found = _effort(content, territory, begun, calls)
        old = classes.get((territory.level, territory.code)) == STALE if classes else _is_old(content, found)
        content.effort[code] = found._replace(state="stale") if found.state == "surveyed" and old else found
    # Sheets of the level of the Département look it up as any other territory.
    content.effort[content.outline.code] = content.effort[""]


def _is_old(content: Content, found: Effort) -> bool:
    return found.last is not None and (content.printed_on - found.last).days > STALE_AFTER_DAYS


def _days_of_visits(rows: Iterable[dict], today: date) -> tuple[dict[str, list[date]], set[str]]:
    """Return the days of the visits of each actor, and who was reached by telephone alone."""
    days, calls = defaultdict(list), set()
    for row in rows:
        if row["date_visite"] is None or row["date_visite"] > today:
            continue
        if row["nature"] == BY_TELEPHONE:
            calls.add(row["acteur_uuid"])
        else:
            days[row["acteur_uuid"]].append(row["date_visite"])
    return days, calls


def _effort(content: Content, territory: Territory, begun: set[str], calls: set[str]) -> Effort:
    members = set(territory.members)
    found = [(actor.uuid, content.met[actor.uuid]) for actor in content.actors_in(territory)]
    surveyed, total = content.survey_state(territory)
    days = [c.surveyed_on for c in content.communes if c.code in members and c.surveyed_on is not None]
    days += [met.last for _, met in found if met.last is not None]
    state = "surveyed" if total and surveyed == total else "begun" if surveyed or begun & members else "none"
    seen = [uuid for uuid, met in found if met.status in MET or met.last is not None]
    contacted = [uuid for uuid, met in found if met.status in CONTACTED or met.last is not None or uuid in calls]
    return Effort(
        state, len(found), len(contacted), len(seen), sum(met.visits for _, met in found), max(days, default=None)
    )
