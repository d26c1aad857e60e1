"""Reads what a guide is about from a store: for its readers, and without what they may not read."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

from osgeo import ogr

from ..layers.audience import contacts_are_public, may_read
from ..layers.confidentiality import threshold_from
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.geopackage import GEOMETRY, read_rows, read_settings
from ..layers.offer import CLOSED_NEEDS, TOWN_HALL
from ..layers.result_tables import GAPS_BY_TERRITORY, GROUPS, INITIATIVES, LINKS
from ..processing.analysis.values import split as split_values
from .content import Actor, Content, Gap, Initiatives, Territory
from .words import sort_key

# Of its area: below, two outlines of one border lie one over the other.
SLIVER = 0.02
STALE_AFTER_DAYS = 730


def read_content(store: Path, *, edition: str, audience: str, level: str, printed_on: date) -> Content:
    """Return the content of a guide for an audience.

    ``level`` is that of the sheets, a code of ``niveaux``; ``""`` takes the one the workspace was set up with.
    Raises StoreUnreadableError, and TisserandError when the store has no territory of that level.
    """
    settings = read_settings(store)
    territories = _of_departement(read_rows(store, "territoire"), settings.get("departement"))
    level = level or settings.get("niveau_guide", "epci")
    groups = sorted((t for t in territories if t.level == level), key=lambda t: sort_key(t.name))
    communes = sorted((t for t in territories if t.level == "commune"), key=lambda t: sort_key(t.name))
    outline = next((t for t in territories if t.level == "departement"), None)
    if not groups or not communes or outline is None:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{store} has no territories of the level “{level}”: "
                "choose another level for the sheets, or import them.",
            ),
            store=store.name,
            level=level,
        )
    content = Content(
        departement=settings.get("departement_nom", outline.name),
        departement_code=settings.get("departement", outline.code),
        edition=edition,
        audience=audience,
        epsg=int(settings["epsg"]),
        level=level,
        threshold=threshold_from(settings.get("seuil")),
        settings=settings,
        printed_on=printed_on,
        outline=outline,
        groups=groups,
        communes=communes,
        actors=[],
        town_halls=[],
        fictional=settings.get("fictif") == "oui",
    )
    _read_actors(content, read_rows(store, "acteur"))
    _read_needs(content, read_rows(store, "besoin"))
    _read_gaps(content, read_rows(store, GAPS_BY_TERRITORY))
    _read_similar(content, store)
    return content


def _of_departement(rows: list[dict], code: str | None) -> list[Territory]:
    """Return the territories that lie in the Département, in part at least: its neighbours may be in the store too."""
    drawn = [row for row in rows if row[GEOMETRY]]
    own = next((row for row in drawn if row["niveau"] == "departement" and code in (None, row["code"])), None)
    if own is None:
        return []
    outline = ogr.CreateGeometryFromWkb(own[GEOMETRY])
    inside = outline.CreatePreparedGeometry()
    return [_territory(own)] + [
        _territory(row) for row in drawn if row["niveau"] != "departement" and _shares_ground(row, outline, inside)
    ]


def _shares_ground(row: dict, outline, inside) -> bool:
    shape = ogr.CreateGeometryFromWkb(row[GEOMETRY])
    # Nearly always decided by one point; only what straddles the border is cut.
    if inside.Contains(shape.PointOnSurface()):
        return True
    return inside.Intersects(shape) and outline.Intersection(shape).Area() > SLIVER * shape.Area()


def _territory(row: dict) -> Territory:
    geometry = ogr.CreateGeometryFromWkb(row[GEOMETRY])
    west, east, south, north = geometry.GetEnvelope()
    return Territory(
        row["code"],
        row["nom"],
        row["niveau"],
        row["population"],
        split_values(row["membres"]) or (row["code"],),
        row["recense_le"],
        row[GEOMETRY],
        (west, south, east, north),
    )


def _read_actors(content: Content, rows: list[dict]) -> None:
    locate = _Locator(content.communes)
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
    )


def _is_stale(row: dict, today: date) -> bool:
    if row["revoir_avant"] is not None:
        return row["revoir_avant"] < today
    seen = row["date_visite"] or row["date_maj"]
    return seen is not None and (today - seen).days > STALE_AFTER_DAYS


class _Locator:
    """Finds the commune of a point; a commune's code is believed when the workspace has such a commune."""

    def __init__(self, communes: list[Territory]):
        self._codes = {commune.code for commune in communes}
        self._shapes = [(c.code, c.extent, ogr.CreateGeometryFromWkb(c.geometry)) for c in communes]

    def commune(self, code: str | None, point) -> str:
        if code in self._codes:
            return code
        x, y = point.GetX(), point.GetY()
        for candidate, (west, south, east, north), shape in self._shapes:
            if west <= x <= east and south <= y <= north and shape.Intersects(point):
                return candidate
        return ""


def _read_needs(content: Content, rows: list[dict]) -> None:
    locate = _Locator(content.communes)
    group_by_commune = {code: group.code for group in content.groups for code in group.members}
    totals: dict[tuple[str, str], float] = defaultdict(float)
    outside = 0
    for row in rows:
        if row["statut_besoin"] in CLOSED_NEEDS or row[GEOMETRY] is None:
            continue
        commune = locate.commune(row["code_insee"], ogr.CreateGeometryFromWkb(row[GEOMETRY]))
        if not commune:
            outside += 1
            continue
        content.statistical |= row["origine"] == "statistique"
        for territory in {"", commune, group_by_commune.get(commune, commune)}:
            for theme in ("", row["theme_vie"]):
                if row["nb_situations"] is None:
                    content.unknown_needs.add((territory, theme))
                else:
                    totals[territory, theme] += row["nb_situations"]
    content.needs = dict(totals)
    if outside:
        content.warnings.append(f"{outside} besoins hors du Département, absents du guide.")


def _read_gaps(content: Content, rows: list[dict]) -> None:
    if not rows:
        content.warnings.append(
            "La couverture des besoins n'a pas été calculée : les pages correspondantes sont absentes du guide."
        )
    by_territory: dict[str, list[Gap]] = defaultdict(list)
    for row in rows:
        gap = Gap(row["besoin"] or 0.0, row["non_couvert"] or 0.0, row["principale_cause"] or "")
        code = "" if row["niveau"] == "departement" else row["code"]
        content.gaps[code, row["theme"] or ""] = gap
        by_territory[code].append(gap)
    for code, gaps in by_territory.items():
        worst = max(gaps, key=lambda gap: gap.unmet)
        content.gaps[code, ""] = Gap(sum(g.situations for g in gaps), sum(g.unmet for g in gaps), worst.cause)


def _read_similar(content: Content, store: Path) -> None:
    members: dict[int, list[str]] = defaultdict(list)
    shown = {actor.uuid for actor in content.actors}
    for row in read_rows(store, INITIATIVES):
        if row["groupe"] is not None and row["uuid"] in shown:
            members[row["groupe"]].append(row["uuid"])
    for row in read_rows(store, GROUPS):
        if len(members[row["groupe"]]) > 1:
            content.similar.append(
                Initiatives(
                    row["groupe"],
                    tuple(members[row["groupe"]]),
                    split_values(row["themes"]),
                    split_values(row["termes"]),
                    row["rayon_m"] or 0.0,
                    row["solidite"] or "",
                    row[GEOMETRY],
                )
            )
    group_of = {uuid: group.number for group in content.similar for uuid in group.members}
    content.links = [
        row[GEOMETRY]
        for row in read_rows(store, LINKS)
        if row["de"] in group_of and group_of[row["de"]] == group_of.get(row["vers"])
    ]
    if not content.similar:
        content.warnings.append("Aucun groupe d'initiatives semblables : la page correspondante est absente du guide.")


def _warn(content: Content, names: list[str], what: str) -> None:
    if names:
        listed = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
        content.warnings.append(f"{len(names)} acteurs {what} : {listed}")
