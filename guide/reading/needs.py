"""The needs by territory and theme."""

from __future__ import annotations

from collections import defaultdict

from osgeo import ogr

from ...layers.geopackage import GEOMETRY
from ...layers.offer import CLOSED_NEEDS
from ..content import Content
from .territories import Locator


def read_needs(content: Content, rows: list[dict]) -> None:
    """Fill ``needs`` and ``unknown_needs`` from rows of ``besoin``."""
    locate = Locator(content.communes)
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
