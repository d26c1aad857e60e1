"""The monographs that an audience may read, with their subject, their partners and their photo."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from osgeo import ogr

from ...layers.audience import may_read_record
from ...layers.errors import TisserandError
from ...layers.geopackage import GEOMETRY
from ...layers.model.codes import code_list
from ...processing.analysis.values import split as split_values
from ..composing.addresses import shown
from ..facts.audience import allows
from ..facts.content import Actor, Content
from ..facts.monograph import CRITERIA, HIGHEST, TEXTS, Monograph, Photo
from ..facts.remarks import Remark
from ..facts.words import sort_key
from .rows import read_rows
from .territories import Locator

PRINTABLE_RIGHTS = ("sans-personne", "accord-ecrit", "licence-libre")
SUBJECTS = ("acteur_uuid", "site_uuid", "initiative_uuid")


class Subject(NamedTuple):
    """What a monograph is about, whatever its table."""

    name: str
    kind: str
    theme: str
    facts: tuple[tuple[str, str], ...]
    actor: str
    commune: str
    x: float
    y: float


def read_monographs(content: Content, store: Path, people: list[dict]) -> None:
    """Fill ``monographs`` by title; what cannot be printed of them is said in ``warnings``."""
    rows = [row for row in read_rows(store, "monographie") if may_read_record(row, content.audience)]
    if not rows:
        return
    actors = {actor.uuid: actor for actor in (*content.actors, *content.town_halls)}
    subjects = _subjects(content, store, actors)
    partners = _partners(read_rows(store, "lien"), {actor.uuid for actor in content.actors})
    codes = {row["uuid"]: row["identifiant"] or "" for row in people}
    media = read_rows(store, "media")
    for row in sorted(rows, key=lambda row: (sort_key(row["titre"]), row["uuid"])):
        about = next((row[field] for field in SUBJECTS if row[field]), "")
        subject = subjects.get(about)
        if subject is None:
            content.warnings.append(
                Remark(
                    f"Monographie « {row['titre']} » : son sujet n'est pas dans ce guide, elle n'y est pas non plus.",
                    "records",
                )
            )
            continue
        content.monographs.append(
            Monograph(
                row["uuid"],
                row["titre"],
                subject.name,
                subject.kind,
                subject.theme,
                row["resume"] or "",
                tuple((heading, row[field]) for field, heading in TEXTS.items() if row[field]),
                tuple(_score(row[field]) for field in CRITERIA),
                subject.facts,
                subject.actor,
                tuple(sorted(partners[subject.actor], key=lambda uuid: actors[uuid].number)),
                subject.commune,
                subject.x,
                subject.y,
                row["date_rencontre"],
                codes.get(row["correspondant_uuid"], "") if allows(content.audience, "correspondent") else "",
                _photo(content, store, media, row["uuid"], about, row["titre"]),
            )
        )


def _score(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= HIGHEST else None


def _subjects(content: Content, store: Path, actors: dict[str, Actor]) -> dict[str, Subject]:
    found = {
        actor.uuid: Subject(
            actor.name,
            actor.kind_label,
            actor.theme,
            _facts_of_actor(actor),
            actor.uuid if actor.number else "",
            actor.commune,
            actor.x,
            actor.y,
        )
        for actor in actors.values()
    }
    locate = Locator(content.communes)
    for table, title, holder, kinds in (
        ("site", "nom", "acteur_uuid", "type_site"),
        ("initiative", "titre", "porteur_uuid", "type_initiative"),
    ):
        for row in read_rows(store, table):
            if not may_read_record(row, content.audience) or row[GEOMETRY] is None:
                continue
            point = ogr.CreateGeometryFromWkb(row[GEOMETRY])
            commune = locate.commune(row["code_insee"], point)
            if not commune:
                continue
            held_by = actors.get(row[holder] or "")
            words = code_list("types_site" if table == "site" else "types_initiative")
            kind = "" if row[kinds] in (None, "autre") else words.label(row[kinds])
            themes = split_values(row.get("themes_vie")) or (held_by.themes if held_by else ())
            facts = _facts_of_site(row) if table == "site" else _facts_of_initiative(row)
            by = (("Tenu par" if table == "site" else "Portée par", held_by.name),) if held_by else ()
            found[row["uuid"]] = Subject(
                row[title],
                kind,
                themes[0] if themes else "",
                (*by, *facts),
                held_by.uuid if held_by and held_by.number else "",
                commune,
                point.GetX(),
                point.GetY(),
            )
    return found


def _facts_of_actor(actor: Actor) -> tuple[tuple[str, str], ...]:
    themes = ", ".join(code_list("themes_vie").label(code) for code in actor.themes)
    publics = ", ".join(code_list("publics").label(code) for code in actor.audiences)
    scale = code_list("echelles").label(actor.scale) if actor.scale else ""
    return _known(
        ("Thèmes", themes),
        ("Publics", publics),
        ("Échelle", scale),
        ("Statut", actor.legal_form),
        ("Site", shown(actor.site)),
    )


def _facts_of_site(row: dict) -> tuple[tuple[str, str], ...]:
    surface = f"{row['surface_m2']} m²" if row["surface_m2"] else ""
    places = str(row["places"]) if row["places"] else ""
    lent = "oui" if row["disponible"] else ""
    return _known(("Surface", surface), ("Places", places), ("Peut être prêté", lent), ("Y venir", row["acces"]))


def _facts_of_initiative(row: dict) -> tuple[tuple[str, str], ...]:
    themes = ", ".join(code_list("themes_vie").label(code) for code in split_values(row["themes_vie"]))
    actions = ", ".join(code_list("types_action").label(code) for code in split_values(row["types_action"]))
    publics = ", ".join(code_list("publics").label(code) for code in split_values(row["publics"]))
    since = f"{row['debut']:%d/%m/%Y}" if row["debut"] else ""
    people = f"{row['nb_beneficiaires']} par an" if row["nb_beneficiaires"] else ""
    return _known(
        ("Thèmes", themes), ("Action", actions), ("Publics", publics), ("Depuis le", since), ("Personnes", people)
    )


def _known(*facts: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((label, words) for label, words in facts if words)


def _partners(links: list[dict], shown: set[str]) -> dict[str, set[str]]:
    """Return actor -> the actors of the book that it is linked to, whatever the link."""
    partners: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link["de_uuid"] in shown and link["vers_uuid"] in shown:
            partners[link["de_uuid"]].add(link["vers_uuid"])
            partners[link["vers_uuid"]].add(link["de_uuid"])
    return partners


def _photo(content: Content, store: Path, media: list[dict], uuid: str, about: str, title: str) -> Photo | None:
    """Return the first photo that may be printed: of the monograph, else of what it is about."""
    own = [row for row in media if row["monographie_uuid"] == uuid]
    of_subject = [row for row in media if about in (row["acteur_uuid"], row["site_uuid"], row["initiative_uuid"])]
    for rows in (own, of_subject):
        for row in sorted(rows, key=lambda row: (row["ordre"] is None, row["ordre"] or 0, row["uuid"])):
            if row["droit_image"] not in PRINTABLE_RIGHTS:
                content.warnings.append(
                    Remark(
                        f"Photo {row['chemin']} (monographie « {title} ») : droit à l'image "
                        f"{'refusé' if row['droit_image'] == 'refus' else 'inconnu'}, elle n'est pas imprimée.",
                        "photos",
                    )
                )
                continue
            # Qt is needed for photos alone.
            from ..photos import checked

            try:
                path, width, height = checked(store, row["chemin"])
            except TisserandError as error:
                content.warnings.append(Remark(f"Photo {row['chemin']} (monographie « {title} ») : {error}", "photos"))
                continue
            if not row["credit"]:
                content.warnings.append(
                    Remark(f"Photo {row['chemin']} (monographie « {title} ») : sans crédit.", "photos")
                )
            return Photo(path, width, height, row["legende"] or "", row["credit"] or "")
    return None
