"""A new workspace: the store of a Département with its territories, themes and town halls, and a demonstration."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid4, uuid5

from . import geopackage
from .crs import legal_epsg
from .demo import placement
from .demo.catalogue import read_catalogue
from .demo.pictures import beside
from .errors import StoreExistsError
from .model.codes import code_list
from .model.tables import TABLES, table
from .reference import Commune, Departement, departement, provenance, read_departement
from .territories.outlines import (
    COG_YEAR,
    OwnTerritories,
    check_own,
    dissolve,
    inhabitants_per_km2,
    projected,
    projected_point,
    territory_rows,
    with_own_outlines,
)

CONFIDENTIALITY_THRESHOLD = 11
DENSE_INHABITANTS_PER_KM2 = 1500
DETOUR = 1.3
REACH_MINUTES = 20


class Travel(NamedTuple):
    """How people move by default, at what speed, and from how far two initiatives may be told alike, in metres."""

    mode: str
    speed_kmh: float
    alike_within: int


ON_FOOT = Travel("pied", 4.5, 4_000)
BY_CAR = Travel("voiture", 50, 10_000)


def build(
    code: str,
    store: Path,
    *,
    demo: bool = False,
    own: OwnTerritories | None = None,
    now: datetime | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, int]:
    """Make the store of a Département and return how many rows each of its tables holds on disk.

    ``demo`` adds the fictional catalogue. ``progress`` is told the share done of 1 and may raise, to stop. Raises
    TisserandError, and then leaves nothing: for a code that is none, territories that cannot be used, a store that
    exists, a folder or disk that refuses.
    """
    now = now or datetime.now(timezone.utc)
    place = departement(code)
    epsg = legal_epsg(place.code)
    if store.exists():
        raise StoreExistsError(path=store)
    if own is not None:
        check_own(own)
    communes = _communes(place, own)
    progress(0.2)
    rows, surveyed = _fictional(communes, now.date(), epsg) if demo else ({}, {})
    rows["territoire"] = territory_rows(place, communes, epsg, own, surveyed)
    progress(0.5)
    rows["theme"] = theme_rows()
    rows["acteur"] = [_located(row, epsg) for row in placement.town_halls(communes)] + rows.get("acteur", [])
    rows = {name: [_stamped(name, row, now) for row in rows[name]] for name in rows}
    progress(0.6)
    about = settings(place, communes, rows["territoire"][0], demo=demo, now=now)
    with beside(store, rows.get("media", [])):
        geopackage.create_store(store, epsg, about, rows)
    return {declared.name: geopackage.count_rows(store, declared.name) for declared in TABLES}


def file_stem(nom: str) -> str:
    """Return the name of a Département as a file name: ``hauts-de-seine`` for Hauts-de-Seine."""
    plain = unicodedata.normalize("NFKD", nom).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")


def theme_rows() -> list[dict]:
    """Return the rows of the table ``theme``: everyday verbs, and the data·inclusion thématiques below them."""
    axes = {"theme_vie": "themes_vie", "thematique": "thematiques"}
    return [
        {
            "uuid": str(uuid5(NAMESPACE_URL, f"tisserand:theme:{axe}:{row['code']}")),
            "code": row["code"],
            "axe": axe,
            "libelle": row["label"],
            "ordre": order,
            "parent": row.get("theme_vie"),
        }
        for axe, codes in axes.items()
        for order, row in enumerate(code_list(codes).rows, 1)
    ]


def settings(
    place: Departement, communes: list[Commune], whole: dict, *, demo: bool, now: datetime
) -> dict[str, object]:
    """Return the settings of a workspace; ``whole`` is the row of the Département in the table ``territoire``."""
    travel = ON_FOOT if inhabitants_per_km2(whole) > DENSE_INHABITANTS_PER_KM2 else BY_CAR
    in_ept = sum(bool(commune.ept_code) for commune in communes)
    about = provenance()
    return {
        "departement": place.code,
        "departement_nom": place.nom,
        "niveau_guide": "ept" if 2 * in_ept > len(communes) else "epci",
        "mode_deplacement": travel.mode,
        "vitesse_kmh": travel.speed_kmh,
        "detour": DETOUR,
        "portee_min": REACH_MINUTES,
        "semblables_m": travel.alike_within,
        "seuil": CONFIDENTIALITY_THRESHOLD,
        "millesime": COG_YEAR,
        "sources": about["SOURCES"],
        "licences": about["LICENCE"],
        "fictif": "oui" if demo else "non",
        "cree_le": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "jeu_uuid": uuid4(),
    }


def _communes(place: Departement, own: OwnTerritories | None) -> list[Commune]:
    replaced = own is not None and own.niveau == "commune"
    # The national file has no outlines of the collectivities overseas: there the user's communes are the only ones.
    communes = [] if replaced and place.zone == "com" else read_departement(place.code)
    return with_own_outlines(communes, own) if replaced else communes


def _located(row: dict, epsg: int) -> dict:
    """Return a row whose ``lon`` and ``lat`` have become a point in the CRS of the store."""
    located = {name: value for name, value in row.items() if name not in ("lon", "lat")}
    if row.get("lon") is not None:
        located[geopackage.GEOMETRY] = projected_point(row["lon"], row["lat"], epsg)
    return located


def _stamped(name: str, row: dict, now: datetime) -> dict:
    """Return a row with the dates that QGIS would have given it."""
    stamps = {"cree_le": now, "date_maj": now.date()}
    return {**{field: value for field, value in stamps.items() if field in table(name).names}, **row}


def _fictional(communes: list[Commune], today: date, epsg: int) -> tuple[dict[str, list[dict]], dict[str, date]]:
    """Return the rows of the example, ready for the store, and the date at which each commune was surveyed."""
    rows = placement.place(communes, read_catalogue(), today)
    surveyed = rows.pop("recense_le")
    outlines = {commune.code: projected(commune.polygon, epsg) for commune in communes}
    for sector in rows["secteur"]:
        area = dissolve(outlines[code] for code in sector["membres"].split("|"))
        sector[geopackage.GEOMETRY] = bytes(area.ExportToIsoWkb())
    return {name: [_located(row, epsg) for row in rows[name]] for name in rows}, surveyed
