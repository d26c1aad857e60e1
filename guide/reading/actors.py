"""The actors that an audience may read about, and of each what it may read."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from osgeo import ogr

from ...layers.audience import contacts_are_public, may_read
from ...layers.geopackage import GEOMETRY
from ...layers.offer import TOWN_HALL
from ...processing.analysis.values import split as split_values
from ..facts.audience import allows
from ..facts.content import Actor, Content, Service
from ..facts.remarks import Remark
from ..facts.words import sort_key
from .territories import Locator

STALE_AFTER_DAYS = 730


def read_actors(content: Content, rows: list[dict], services: list[dict] = (), people: list[dict] = ()) -> None:
    """Fill ``actors`` and ``town_halls`` from rows of ``acteur``, and say in ``warnings`` who is left out.

    ``services`` are rows of ``service``, ``people`` of ``correspondant``.
    """
    offered = _by_actor(services)
    codes = {row["uuid"]: row["identifiant"] or "" for row in people}
    locate = Locator(content.communes)
    group_by_commune = {code: group.code for group in content.groups for code in group.members}
    outside, placeless, themeless = [], [], []
    for row in sorted(rows, key=lambda row: (sort_key(row["nom"]), row["uuid"])):
        if not may_read(row, content.audience):
            continue
        if row[GEOMETRY] is None:
            placeless.append(row["nom"])
            continue
        point = ogr.CreateGeometryFromWkb(row[GEOMETRY])
        commune = locate.commune(row["code_insee"], point)
        if not commune:
            outside.append(row["nom"])
            continue
        if not (row["theme_principal"] or row["themes_vie"]):
            themeless.append(row["nom"])
        town_hall = row["type_initiative"] == TOWN_HALL
        actor = _actor(row, content, commune, group_by_commune.get(commune, ""), point)
        actor = actor._replace(services=offered.get(row["uuid"], ()))
        if allows(content.audience, "correspondent"):
            actor = actor._replace(correspondent=codes.get(row["correspondant_uuid"], ""))
        if allows(content.audience, "legal"):
            actor = actor._replace(legal_form=row["forme_juridique"] or "", siret=row["siret"] or "")
        if allows(content.audience, "places"):
            actor = actor._replace(places=row["capacite"])
        if town_hall:
            content.town_halls.append(actor)
        else:
            content.actors.append(actor._replace(number=len(content.actors) + 1))
    _warn(content, outside, "hors du Département, absents du guide")
    _warn(content, placeless, "sans position, absents du guide tant qu'ils ne sont pas placés sur la carte")
    _warn(content, themeless, "sans thème, donc absents de la matrice et des cartes par thème")
    stale = [actor.name for actor in content.actors if actor.stale]
    _warn(content, stale, "pas revus depuis deux ans")


def _actor(row: dict, content: Content, commune: str, group: str, point) -> Actor:
    public_contact = contacts_are_public(row)
    themes = split_values(row["themes_vie"]) or ((row["theme_principal"],) if row["theme_principal"] else ())
    return Actor(
        number=0,
        uuid=row["uuid"],
        name=row["nom"],
        theme=row["theme_principal"] or (themes[0] if themes else ""),
        themes=themes,
        kind=row["type_initiative"] or "",
        description=row["description"] or "",
        audiences=split_values(row["publics"]),
        hours=row["horaires_accueil"] or "",
        fee=row["frais"] or "",
        address=row["adresse"] or "",
        postcode=row["code_postal"] or "",
        phone=(row["telephone"] or "") if public_contact else "",
        mail=(row["courriel"] or "") if public_contact else "",
        site=row["site_web"] or "",
        resources=row["moyens_partageables"] or "",
        wanted=row["recherche"] or "",
        stale=_is_stale(row, content.printed_on),
        commune=commune,
        group=group,
        x=point.GetX(),
        y=point.GetY(),
        topics=split_values(row["thematiques"]),
        networks=split_values(row["reseaux_porteurs"]),
        welcome=split_values(row["modes_accueil"]),
        address_details=row["complement_adresse"] or "",
        access_page=row["accessibilite_lieu"] or "",
        scale=row["echelle"] or "",
        round=(row["tournee"] or "") if row["itinerant"] else "",
        visited_on=row["date_visite"],
    )


def _by_actor(rows: list[dict]) -> dict[str, tuple[Service, ...]]:
    offered: dict[str, list[Service]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (sort_key(row["nom"]), row["uuid"])):
        offered[row["acteur_uuid"]].append(
            Service(
                row["nom"],
                row["description"] or "",
                split_values(row["publics"]),
                row["frais"] or "",
                row["frais_precisions"] or "",
                row["conditions_acces"] or "",
                row["horaires_accueil"] or "",
                split_values(row["modes_accueil"]),
                split_values(row["modes_mobilisation"]),
                row["capacite"],
            )
        )
    return {actor: tuple(services) for actor, services in offered.items()}


def _is_stale(row: dict, today: date) -> bool:
    if row["revoir_avant"] is not None:
        return row["revoir_avant"] < today
    seen = row["date_visite"] or row["date_maj"]
    return seen is not None and (today - seen).days > STALE_AFTER_DAYS


def _warn(content: Content, names: list[str], what: str) -> None:
    if names:
        listed = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
        content.warnings.append(Remark(f"{len(names)} acteurs {what} : {listed}", "records"))
