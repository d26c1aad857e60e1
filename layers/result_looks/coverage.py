"""How the results of the coverage analysis look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRendererCategory,
    QgsSymbolLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...styles import palette
from ..classes import GAP_BOUNDS, GAP_LABELS
from ..symbols import fill, gap_fill, no_need_fill, not_surveyed_fill
from .parts import by_rules, name_fields

NEED_ALIASES = {
    "theme": "Thème",
    "besoin": "Personnes concernées",
    "apl": "Accessibilité (places par personne)",
    "ratio": "Accessibilité / objectif",
    "non_couvert": "Personnes non couvertes",
    "cause": "Cause",
    "n_acteurs": "Acteurs à portée",
    "plus_proche": "Acteur le plus proche",
    "plus_proche_min": "Temps jusqu'au plus proche (min)",
    "top5": "Acteurs qui comptent le plus",
    "robustesse": "Robustesse (0 à 1)",
    "effet_bord": "Portée sortant du territoire étudié",
    "capacite_imputee": "Part d'accessibilité à capacité supposée",
}
TERRITORY_ALIASES = {
    "niveau": "Niveau",
    "code": "Code",
    "nom": "Nom",
    "theme": "Thème",
    "besoin": "Personnes concernées",
    "non_couvert": "Personnes non couvertes",
    "part": "Part non couverte",
    "n_besoins": "Besoins",
    "n_acteurs": "Acteurs implantés",
    "principale_cause": "Cause principale",
    "recense": "Recensé",
}
CAUSES = {
    "couvert": ("Couvert", "circle", "#ffffff"),
    "capacite": ("Pas assez de places à portée", "circle", "#fc8d59"),
    "public": ("Public non accueilli à portée", "diamond", "#fdd49e"),
    "hors_portee": ("Aucun acteur à portée", "triangle", "#b30000"),
}
# 2 mm for nobody, 8 mm for 500 people and more; the area grows with the people.
SIZE = 'scale_exp(coalesce("non_couvert", 0), 0, 500, 2, 8, 0.5)'


def style_needs(layer: QgsVectorLayer) -> None:
    """Show the cause of each gap by shape and colour; a point also by its size the people not covered."""
    point = layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
    categories = [
        QgsRendererCategory(cause, _marker(shape, colour) if point else fill(colour), label)
        for cause, (label, shape, colour) in CAUSES.items()
        if point or layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry
    ]
    if categories:
        layer.setRenderer(QgsCategorizedSymbolRenderer("cause", categories))
    name_fields(layer, NEED_ALIASES)


def style_territories(layer: QgsVectorLayer) -> None:
    """Show the share not covered in four classes; not surveyed and without need never look like a value."""
    rules = [
        ("Non recensé", '"recense" = 0', not_surveyed_fill()),
        ("Aucun besoin connu", _surveyed('"part" IS NULL'), no_need_fill()),
    ]
    uppers = (*GAP_BOUNDS[1:], 2.0)
    for number, (lower, upper) in enumerate(zip(GAP_BOUNDS, uppers)):
        condition = _surveyed(f'"part" >= {lower} AND "part" < {upper}')
        rules.append((GAP_LABELS[number], condition, gap_fill(number)))
    layer.setRenderer(by_rules(rules))
    name_fields(layer, TERRITORY_ALIASES)


def _surveyed(condition: str) -> str:
    return f'coalesce("recense", 1) <> 0 AND {condition}'


def _marker(shape: str, colour: str) -> QgsMarkerSymbol:
    marker = QgsMarkerSymbol.createSimple(
        {"name": shape, "color": colour, "outline_color": palette()["ink"], "outline_width": "0.2"}
    )
    marker.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(SIZE))
    return marker
