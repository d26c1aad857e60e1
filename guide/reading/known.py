"""What stands in for a shape when some of its members may not be shown."""

from __future__ import annotations

from collections.abc import Iterable

from osgeo import ogr

from ..facts.content import Actor

MARGIN = 150.0
"""Metres around members in one line, or at one place, so that they still have a surface."""


def outline(members: Iterable[Actor]) -> bytes:
    """Return the hull of actors, as WKB."""
    points = ogr.Geometry(ogr.wkbMultiPoint)
    for member in members:
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(member.x, member.y)
        points.AddGeometry(point)
    return bytes(points.ConvexHull().Buffer(MARGIN).ExportToIsoWkb())
