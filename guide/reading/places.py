"""The sites and the initiatives that an audience may read about."""

from __future__ import annotations

from datetime import date

from osgeo import ogr

from ...layers.audience import may_read_record
from ...layers.geopackage import GEOMETRY
from ...layers.model.codes import code_list
from ..facts.content import Content, Place
from ..facts.words import sort_key
from .territories import Locator


def read_places(content: Content, sites: list[dict], initiatives: list[dict]) -> None:
    """Fill ``places`` from rows of ``site`` and ``initiative``; one whose actor may not be read of is left out."""
    homes = {actor.uuid: actor.commune for actor in (*content.actors, *content.town_halls)}
    at_site = {row["uuid"]: row for row in sites}
    locate = Locator(content.communes)
    found = []
    for row in sites:
        if may_read_record(row, content.audience) and _known(row["acteur_uuid"], homes):
            commune = _commune(row, locate) or homes.get(row["acteur_uuid"], "")
            found.append(Place(row["nom"], _site(row), row["acteur_uuid"] or "", commune))
    for row in initiatives:
        if may_read_record(row, content.audience) and _known(row["porteur_uuid"], homes):
            site = at_site.get(row["site_uuid"])
            commune = _commune(row, locate) or (_commune(site, locate) if site else "")
            commune = commune or homes.get(row["porteur_uuid"], "")
            found.append(Place(row["titre"], _initiative(row), row["porteur_uuid"] or "", commune))
    content.places = sorted((p for p in found if p.commune), key=lambda p: (sort_key(p.name), *p))


def _known(actor: str | None, homes: dict[str, str]) -> bool:
    return not actor or actor in homes


def _commune(row: dict, locate: Locator) -> str:
    shape = row.get(GEOMETRY)
    if shape is None:
        return row["code_insee"] if locate.knows(row["code_insee"]) else ""
    return locate.commune(row["code_insee"], ogr.CreateGeometryFromWkb(shape))


def _site(row: dict) -> str:
    parts = [code_list("types_site").label(row["type_site"])] if row["type_site"] not in (None, "autre") else []
    if row["places"]:
        parts.append(f"{row['places']} places")
    if row["disponible"]:
        parts.append("peut être prêté")
    return ", ".join(parts)


def _initiative(row: dict) -> str:
    kind = row["type_initiative"]
    parts = [code_list("types_initiative").label(kind)] if kind not in (None, "autre") else []
    if row["debut"] or row["fin"]:
        parts.append(_time(row["debut"], row["fin"]))
    return ", ".join(parts)


def _time(begin: date | None, end: date | None) -> str:
    if begin and end:
        return f"du {begin:%d/%m/%Y} au {end:%d/%m/%Y}"
    return f"depuis le {begin:%d/%m/%Y}" if begin else f"jusqu'au {end:%d/%m/%Y}"
