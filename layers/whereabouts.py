"""Whether an actor stands where its record says: it has a position, and that lies in the commune of its code INSEE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from osgeo import ogr

from .ddl.statements import GEOMETRY

TOLERANCE = 250.0
"""Metres that a position may lie outside its commune: the outlines are simplified, and cut through streets."""

TO_LOCATE = "placer l'acteur sur la carte"
TO_CHECK = "vérifier la position ou le code INSEE : le point est hors de sa commune"
UNKNOWN_COMMUNE = "vérifier le code INSEE : aucune commune du Département ne le porte"


class Communes:
    """The outlines of the communes of a store, made from its rows of ``territoire``."""

    def __init__(self, territories: Iterable[Mapping]):
        self._outlines = {}
        for row in territories:
            if row["niveau"] == "commune" and row[GEOMETRY] is not None:
                outline = ogr.CreateGeometryFromWkb(row[GEOMETRY])
                # Asked of every actor of the commune: prepared once. The geometry must outlive what is prepared of it.
                self._outlines[row["code"]] = outline, outline.CreatePreparedGeometry()

    def fix(self, actor: Mapping) -> str:
        """Return what to correct of where an actor stands, in French; '' where nothing speaks against it."""
        if actor[GEOMETRY] is None:
            return TO_LOCATE
        if not actor["code_insee"] or not self._outlines:
            return ""
        if actor["code_insee"] not in self._outlines:
            return UNKNOWN_COMMUNE
        outline, prepared = self._outlines[actor["code_insee"]]
        point = ogr.CreateGeometryFromWkb(actor[GEOMETRY])
        within = prepared.Intersects(point) or outline.Distance(point) <= TOLERANCE
        return "" if within else TO_CHECK
