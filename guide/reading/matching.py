"""Which actors the matching of needs and places found full, while needs around them remain."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

from osgeo import ogr

from ...layers.confidentiality import Disclosure
from ...layers.geopackage import GEOMETRY
from ...layers.result_tables import MATCHED_ACTORS, MATCHED_NEEDS, MATCHES
from ..facts.content import Content
from ..facts.leads import Extra
from ..facts.remarks import Remark
from .rows import read_rows
from .territories import Locator

MOST_FULL = 40
PREFIX = "complet-"


def read_matching(content: Content, store: Path) -> list[Extra]:
    """Fill ``full`` with the uuids of actors that are full, and return the situations that fill them for the gate.

    Those are read where one place more would serve most; that order is not kept.
    """
    rows = read_rows(store, MATCHED_ACTORS)
    if not rows:
        content.warnings.append(
            Remark(
                "Besoins et places n'ont pas été appariés : le guide ne dit pas quels acteurs sont complets. Lancer "
                "« Apparier besoins et acteurs » dans l'espace de travail.",
                "analysis",
            )
        )
        return []
    known = {actor.uuid for actor in content.actors}
    full = [
        row
        for row in rows
        if row["uuid"] in known
        and not row["capacite_imputee"]
        and (row["saturation"] or 0.0) >= 1
        and (row["reste_a_portee"] or 0.0) > 0
    ]
    full.sort(key=lambda row: (-row["reste_a_portee"], row["uuid"]))
    content.full = sorted(row["uuid"] for row in full[:MOST_FULL])
    served = _served(content, store)
    return [Extra(PREFIX + uuid, served[uuid]) for uuid in content.full]


def settle_matching(content: Content) -> None:
    """Drop the actors that may not be called full: it would tell how many situations there are."""
    content.full = [uuid for uuid in content.full if content.need_of(PREFIX + uuid).state is Disclosure.SHOWN]


def _served(content: Content, store: Path) -> dict[str, dict[tuple[str, str], float]]:
    """Return by actor the situations that it would serve, by commune and theme of the need."""
    locate = Locator(content.communes)
    commune_of = {}
    for row in read_rows(store, MATCHED_NEEDS):
        point = ogr.CreateGeometryFromWkb(row[GEOMETRY]) if row[GEOMETRY] else None
        commune_of[row["uuid"]] = locate.commune(row["code_insee"], point) if point else ""
    amounts: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in read_rows(store, MATCHES):
        commune = commune_of.get(row["de"], "")
        amounts[row["vers"]][commune, row["theme"] or ""].append(row["personnes"] if commune else math.nan)
    return defaultdict(
        dict,
        {actor: {cell: math.fsum(found) for cell, found in sorted(cells.items())} for actor, cells in amounts.items()},
    )
