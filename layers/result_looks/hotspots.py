"""How the hot spots look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import QgsMarkerSymbol, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import Qt

from ...styles import palette
from ..symbols import fill, hatch
from .parts import by_rules, name_fields

ALIASES = {
    "gi_z": "Écart à l'ensemble (z de Gi*)",
    "p": "Part du hasard (p)",
    "q": "Part du hasard, corrigée (q)",
    "classe": "Classe",
    "n_voisins": "Voisines comparées",
    "lisse": "Taux lissé",
    "raison": "Raison",
}
# RdBu, ColorBrewer: the red is that of the gaps.
BLUE, LIGHT_BLUE, PALE_BLUE = "#2166ac", "#92c5de", "#eaf3f8"
VERY_SURE = 0.01


def style(layer: QgsVectorLayer) -> None:
    """Show concentrations dark and absences hatched (points: triangles up and down), the surer the stronger."""
    point = layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
    looks = _points() if point else _surfaces()
    if point or layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
        layer.setRenderer(by_rules((*rule, symbol) for rule, symbol in zip(_rules(), looks)))
    name_fields(layer, ALIASES)


def _rules() -> list[tuple[str, str]]:
    hot, cold = "\"classe\" = 'concentration significative'", "\"classe\" = 'absence significative'"
    return [
        ("Non calculé", "\"classe\" = 'non calculé'"),
        ("Non significatif", "\"classe\" = 'non significatif'"),
        ("Absence significative", f'{cold} AND "q" > {VERY_SURE}'),
        ("Absence très significative (q ≤ 1 %)", f'{cold} AND "q" <= {VERY_SURE}'),
        ("Concentration significative", f'{hot} AND "q" > {VERY_SURE}'),
        ("Concentration très significative (q ≤ 1 %)", f'{hot} AND "q" <= {VERY_SURE}'),
    ]


def _surfaces() -> list:
    *_, warm, hot = palette()["gaps"]
    not_told = fill("#ffffff")
    not_told.symbolLayer(0).setStrokeStyle(Qt.PenStyle.DashLine)
    return [
        not_told,
        fill(palette()["veil"], palette()["rule"]),
        hatch(90, 2.0, LIGHT_BLUE, PALE_BLUE),
        hatch(90, 0.9, BLUE, LIGHT_BLUE),
        fill(warm),
        fill(hot),
    ]


def _points() -> list[QgsMarkerSymbol]:
    *_, warm, hot = palette()["gaps"]
    return [
        _marker("cross2", "#ffffff", 1.4, palette()["grey"]),
        _marker("circle", palette()["veil"], 1.4, palette()["rule"]),
        _marker("triangle", LIGHT_BLUE, 2.6, angle=180),
        _marker("triangle", BLUE, 3.6, angle=180),
        _marker("triangle", warm, 2.8),
        _marker("triangle", hot, 4.0),
    ]


def _marker(shape: str, colour: str, size: float, outline: str | None = None, angle: float = 0) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "color": colour,
            "size": str(size),
            "angle": str(angle),
            "outline_color": outline or palette()["ink"],
            "outline_width": "0.2",
        }
    )
