"""The territories of the Département, and which of its communes a point lies in."""

from __future__ import annotations

from osgeo import ogr

from ...layers.geopackage import GEOMETRY
from ...processing.analysis.values import split as split_values
from ..facts.content import Territory

# Of its area: below, two outlines of one border lie one over the other.
SLIVER = 0.02


def of_departement(rows: list[dict], code: str | None) -> list[Territory]:
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


class Locator:
    """Finds the commune of a point; a commune's code is believed when the workspace has such a commune."""

    def __init__(self, communes: list[Territory]):
        self._codes = {commune.code for commune in communes}
        self._shapes = [(c.code, c.extent, ogr.CreateGeometryFromWkb(c.geometry)) for c in communes]

    def knows(self, code: str | None) -> bool:
        """Return whether the workspace has a commune of this code."""
        return code in self._codes

    def commune(self, code: str | None, point) -> str:
        if code in self._codes:
            return code
        x, y = point.GetX(), point.GetY()
        for candidate, (west, south, east, north), shape in self._shapes:
            if west <= x <= east and south <= y <= north and shape.Intersects(point):
                return candidate
        return ""
