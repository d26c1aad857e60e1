"""How built sectors look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import QgsCategorizedSymbolRenderer, QgsRendererCategory, QgsVectorLayer

from ...styles import palette
from ..symbols import fill, hatch
from .parts import name_fields

ALIASES = {
    "code": "Code",
    "nom": "Secteur",
    "membres": "Communes membres",
    "n_communes": "Nombre de communes",
    "morceaux": "Morceaux",
}


def style_sectors(layer: QgsVectorLayer) -> None:
    """Tell the sectors that hang together from those in several pieces, by hatching first so that grey reads too."""
    whole = fill(palette()["no_need"], palette()["ink"], 0.4)
    scattered = hatch(45, 2.2, palette()["ink"], palette()["gaps"][1])
    renderer = QgsCategorizedSymbolRenderer('if("morceaux" > 1, 2, 1)')
    renderer.addCategory(QgsRendererCategory(1, whole, "D'un seul tenant"))
    renderer.addCategory(QgsRendererCategory(2, scattered, "En plusieurs morceaux"))
    layer.setRenderer(renderer)
    name_fields(layer, ALIASES)
