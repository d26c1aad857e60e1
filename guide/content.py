"""What a guide is about, read from a store once and held as plain values."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from osgeo import ogr

from ..layers.confidentiality import Disclosure, disclosure, threshold_from
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.geopackage import GEOMETRY, read_rows, read_settings
from ..layers.model.codes import code_list
from ..layers.offer import CLOSED_ACTORS, CLOSED_NEEDS
from ..layers.result_tables import GAPS_BY_TERRITORY, GROUPS, INITIATIVES, LINKS
from ..processing.analysis.values import split as split_values
from .words import reach_in_words

AUDIENCES = ("public", "pro", "interne")
"""Who may read the guide; each audience reads all that the ones before it may."""
STALE_AFTER_DAYS = 730
TOWN_HALLS = "mairies"
DEFAULT_REACH = {"portee_min": 20, "vitesse_kmh": 50, "detour": 1.3}


class Territory(NamedTuple):
    """A territory of any level; ``members`` are the communes' codes, its own for a commune."""

    code: str
    name: str
    level: str
    population: int | None
    members: tuple[str, ...]
    surveyed_on: date | None
    geometry: bytes
    extent: tuple[float, float, float, float]


class Actor(NamedTuple):
    """An actor the audience may read about, numbered from 1 in alphabetical order; town halls carry no number."""

    number: int
    uuid: str
    name: str
    theme: str
    themes: tuple[str, ...]
    kind: str
    description: str
    audiences: tuple[str, ...]
    hours: str
    fee: str
    address: str
    postcode: str
    phone: str
    mail: str
    site: str
    resources: str
    wanted: str
    stale: bool
    commune: str
    group: str
    x: float
    y: float

    @property
    def anchor(self) -> str:
        """Return the anchor of the actor's entry in the directory."""
        return f"acteur-{self.number}"

    @property
    def kind_label(self) -> str:
        """Return the words for the kind of initiative; none for one that fits no kind."""
        return "" if self.kind in ("", "autre") else code_list("types_initiative").label(self.kind)


class Gap(NamedTuple):
    """What ``coveragegaps`` says of one territory: situations, those without answer, and the main cause."""

    situations: float
    unmet: float
    cause: str

    @property
    def share(self) -> float:
        return self.unmet / self.situations if self.situations else 0.0


class Initiatives(NamedTuple):
    """A group of similar initiatives: its members' uuids, what they share, its radius in metres, how solid it is."""

    number: int
    members: tuple[str, ...]
    themes: tuple[str, ...]
    words: tuple[str, ...]
    radius: float
    solidity: str
    hull: bytes


@dataclass
class Content:
    """Everything the pages draw on. ``warnings`` name what a careful editor should look at."""

    departement: str
    departement_code: str
    edition: str
    audience: str
    epsg: int
    level: str
    threshold: int
    settings: dict[str, str]
    printed_on: date
    outline: Territory
    groups: list[Territory]
    communes: list[Territory]
    actors: list[Actor]
    town_halls: list[Actor]
    needs: dict[tuple[str, str], float] = field(default_factory=dict)
    """Situations by (code of a territory, theme); ``""`` for all themes, and for the whole Département."""
    unknown_needs: set[tuple[str, str]] = field(default_factory=set)
    """Where there are needs whose number is unknown or kept secret by who counted them; keys as in ``needs``."""
    statistical: bool = False
    """Whether some needs come from statistics rather than from situations met."""
    gaps: dict[tuple[str, str], Gap] = field(default_factory=dict)
    similar: list[Initiatives] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)
    gap_parameters: dict[str, object] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    fictional: bool = False

    @property
    def reach(self) -> str:
        """Return in words what counted as within reach; the parameters of the analysis come before the settings."""
        known = {**DEFAULT_REACH, **self.settings, **self.gap_parameters}
        return reach_in_words(float(known["portee_min"]), float(known["vitesse_kmh"]), float(known["detour"]))

    @property
    def themes(self) -> dict[str, str]:
        """Return code -> label of the life themes, in the order of the matrix."""
        return code_list("themes_vie").labels

    def actors_in(self, territory: Territory) -> list[Actor]:
        """Return the numbered actors whose commune is a member of the territory."""
        members = set(territory.members)
        return [actor for actor in self.actors if actor.commune in members]

    def need_state(self, territory: str, theme: str = "") -> Disclosure:
        """Return what may be said of the needs of a territory for a theme; an unknown number is hidden, never zero."""
        state = disclosure(self.needs.get((territory, theme), 0), self.threshold)
        unknown = (territory, theme) in self.unknown_needs
        return Disclosure.HIDDEN if unknown and state is Disclosure.NONE else state

    def gap(self, territory: str, theme: str = "") -> Gap:
        """Return what the analysis found for a territory and a theme; nothing where it found nothing."""
        return self.gaps.get((territory, theme), Gap(0.0, 0.0, ""))

    def survey_state(self, territory: Territory) -> tuple[int, int]:
        """Return how many of the territory's communes were surveyed, and how many it has."""
        members = set(territory.members)
        dates = [commune.surveyed_on for commune in self.communes if commune.code in members]
        return sum(found is not None for found in dates), len(dates)


_ARTICLE = re.compile(r"^(l['’]|les |le |la |un |une )\s*", re.IGNORECASE)


def without_article(name: str) -> str:
    """Return a name as an index lists it, its article behind: ``Bobine (La)``."""
    article = _ARTICLE.match(name)
    if not article:
        return name
    rest = name[article.end() :]
    return f"{rest[:1].upper()}{rest[1:]} ({article.group(1).strip()})" if rest else name


def sort_key(text: str) -> str:
    """Return a key by which French names sort as in a directory: article, accents and case do not count."""
    bare = _ARTICLE.sub("", text.strip("\"'«“ \u00a0"))
    folded = unicodedata.normalize("NFKD", bare.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae"))
    return "".join(c for c in folded if not unicodedata.combining(c)).casefold().strip()


def read_content(store: Path, *, edition: str, audience: str, level: str, printed_on: date) -> Content:
    """Return the content of a guide for an audience.

    ``level`` is that of the sheets, a code of ``niveaux``; ``""`` takes the one the workspace was set up with.
    Raises StoreUnreadableError, and TisserandError when the store has no territory of that level.
    """
    settings = read_settings(store)
    territories = [_territory(row) for row in read_rows(store, "territoire") if row[GEOMETRY]]
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
    readable = AUDIENCES[: AUDIENCES.index(content.audience) + 1]
    locate = _Locator(content.communes)
    group_by_commune = {code: group.code for group in content.groups for code in group.members}
    outside, themeless = [], []
    for row in sorted(rows, key=lambda row: (sort_key(row["nom"]), row["uuid"])):
        if row["diffusion"] not in readable or row["statut_recensement"] in CLOSED_ACTORS:
            continue
        if row["statut"] == "archive" or row[GEOMETRY] is None:
            continue
        point = ogr.CreateGeometryFromWkb(row[GEOMETRY])
        commune = locate.commune(row["code_insee"], point)
        if not commune:
            outside.append(row["nom"])
            continue
        if not (row["theme_principal"] or row["themes_vie"]):
            themeless.append(row["nom"])
        town_hall = row["type_initiative"] == "mairie"
        actor = _actor(row, content, commune, group_by_commune.get(commune, ""), point)
        if town_hall:
            content.town_halls.append(actor)
        else:
            content.actors.append(actor._replace(number=len(content.actors) + 1))
    _warn(content, outside, "hors du Département, absents du guide")
    _warn(content, themeless, "sans thème, donc absents de la matrice et des cartes par thème")
    stale = [actor.name for actor in content.actors if actor.stale]
    _warn(content, stale, "pas revus depuis deux ans")


def _actor(row: dict, content: Content, commune: str, group: str, point) -> Actor:
    # A town hall's telephone is published by law; an actor's is with its consent.
    public_contact = row["contact_publiable"] or row["source"] == TOWN_HALLS or content.audience == "interne"
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
