"""How proposed sites look, and the demand that they cover, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsFontMarkerSymbolLayer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsSymbolLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...styles import palette
from ..symbols import fill, hatch
from .parts import by_rules, name_fields

SITE_ALIASES = {
    "nom": "Lieu",
    "rang": "Rang d'ouverture",
    "gain": "Apport du site",
    "cumul": "Apport cumulé",
    "frequence": "Part des essais qui le retiennent, lui ou un voisin (0 à 1)",
    "frequence_exacte": "Part des essais qui retiennent ce lieu même (0 à 1)",
    "solidite": "Solidité",
    "remplacant": "Meilleur remplaçant",
    "perte": "Perte avec le remplaçant",
    "personnes": "Personnes servies",
    "lieux": "Lieux servis",
    "existant": "Acteur existant le plus proche",
    "existant_min": "Temps jusqu'à cet acteur (min)",
    "raison": "Pourquoi ici",
}
DEMAND_ALIASES = {
    "couvert_par": "Couvert par",
    "rang_site": "Rang du site qui couvre",
    "minutes": "Temps jusqu'à lui (min)",
    "a_portee": "Dans la portée",
    "situation": "Situation",
    "personnes": "Personnes comptées",
    "couverts": "Personnes couvertes",
}
# The outline tells how sure a site is: full and thick, dashed, dotted and thin.
SOLIDITIES = (
    ("solide", "Solide : retenu dans au moins 80 % des essais", "solid", 0.7),
    ("assez sûr", "Assez sûr : retenu dans 50 à 80 % des essais", "dash", 0.5),
    ("incertain", "Incertain : retenu dans moins de 50 % des essais", "dot", 0.4),
)
SITUATIONS = {
    "site": ("Couvert par un nouveau site", "circle", "#00517d"),
    "partiel": ("Couvert en partie : le site est plein", "half_square", "#74a5c1"),
    "complet": ("À portée d'un nouveau site, qui est plein", "square", "#fdd49e"),
    "acteur": ("À portée d'un acteur existant", "circle", "#ffffff"),
    "non_retenu": ("À portée d'un candidat qui n'est pas retenu", "diamond", "#fc8d59"),
    "hors_portee": ("Hors de portée de tout candidat", "triangle", "#b30000"),
    "sans_personne": ("Personne à couvrir", "cross", "#5b6470"),
}
# Areas that stay without a site are hatched, so that a print in grey still tells them apart.
ANGLES = {"hors_portee": 45, "non_retenu": 135, "complet": 0, "partiel": 90}
# The area of a site grows with what it brings, beside the one that brings most; 1 to 5 mm for the people of a place.
SIZE = 'scale_exp(coalesce("gain", maximum("gain"), 1), 0, coalesce(maximum("gain"), 1), 5, 11, 0.5)'
PEOPLE = 'scale_exp(coalesce("personnes", 0), 0, 500, 1.4, 5, 0.5)'


def style_sites(layer: QgsVectorLayer) -> None:
    """Show the rank as a number, what a site brings by its size, how sure it is by its outline."""
    rules = [
        (label, f"\"solidite\" = '{word}'", _site(style, width)) for word, label, style, width in reversed(SOLIDITIES)
    ]
    rules.append(("Solidité non essayée", '"solidite" IS NULL', _site("solid", 0.2)))
    layer.setRenderer(by_rules(rules))
    name_fields(layer, SITE_ALIASES)


def style_covered(layer: QgsVectorLayer) -> None:
    """Show by shape and colour what becomes of each place; a point also by its size how many people it stands for."""
    kind = layer.geometryType()
    if kind == QgsWkbTypes.GeometryType.PointGeometry:
        rules = [(label, _is(code), _place(shape, colour)) for code, (label, shape, colour) in SITUATIONS.items()]
        layer.setRenderer(by_rules(reversed(rules)))
    elif kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        rules = [(label, _is(code), _area(code, colour)) for code, (label, _, colour) in SITUATIONS.items()]
        layer.setRenderer(by_rules(rules))
    name_fields(layer, DEMAND_ALIASES)


def _is(code: str) -> str:
    return f"\"situation\" = '{code}'"


def _site(style: str, width: float) -> QgsMarkerSymbol:
    symbol = QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "color": "#ffffff",
            "outline_color": palette()["ink"],
            "outline_style": style,
            "outline_width": str(width),
        }
    )
    symbol.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(SIZE))
    number = QgsFontMarkerSymbolLayer("DejaVu Sans", "1", 3.2)
    number.setColor(symbol.symbolLayer(0).strokeColor())
    number.setDataDefinedProperty(
        QgsSymbolLayer.Property.PropertyCharacter, QgsProperty.fromExpression('to_string("rang")')
    )
    symbol.appendSymbolLayer(number)
    return symbol


def _place(shape: str, colour: str) -> QgsMarkerSymbol:
    symbol = QgsMarkerSymbol.createSimple(
        {"name": shape, "color": colour, "outline_color": palette()["ink"], "outline_width": "0.2"}
    )
    if shape != "cross":
        symbol.symbolLayer(0).setDataDefinedProperty(
            QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(PEOPLE)
        )
    return symbol


def _area(code: str, colour: str):
    if code in ANGLES:
        return hatch(ANGLES[code], 1.6, palette()["ink"], colour)
    return fill(colour)
