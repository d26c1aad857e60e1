"""How the results of the matching look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProperty,
    QgsSymbolLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...styles import palette
from ..symbols import fill
from .parts import by_rules, name_fields

LINE_ALIASES = {
    "de": "Identifiant du besoin",
    "de_nom": "Besoin",
    "vers": "Identifiant de l'acteur",
    "vers_nom": "Acteur",
    "theme": "Thème",
    "personnes": "Personnes",
    "minutes": "Minutes",
    "raison": "Raison",
    "alternative": "Autre acteur possible",
    "alternative_min": "Minutes de plus vers l'autre acteur",
    "capacite_imputee": "Capacité supposée",
}
NEED_ALIASES = {
    "theme": "Thème",
    "besoin": "Personnes concernées",
    "servi": "Personnes servies",
    "reste": "Personnes sans réponse",
    "cause": "Cause",
    "n_acteurs": "Acteurs possibles à portée",
    "minutes": "Minutes en moyenne",
    "acteurs": "Acteurs (personnes, minutes)",
}
ACTOR_ALIASES = {
    "places": "Places comptées",
    "capacite_imputee": "Capacité supposée",
    "charge": "Personnes accueillies",
    "saturation": "Part des places prises (0 à 1)",
    "prix_ombre": "Personnes de plus par place de plus",
    "reste_a_portee": "Personnes sans réponse à portée",
    "n_besoins": "Besoins accueillis",
    "minutes": "Minutes en moyenne",
}
CAUSES = {
    "couvert": ("Tout le monde a une place", "circle", "#ffffff"),
    "capacite": ("Places à portée toutes prises", "circle", "#fc8d59"),
    "trop_grand": ("Trop grand pour un seul acteur", "square", "#fc8d59"),
    "capacite_inconnue": ("Capacités à portée inconnues", "pentagon", "#d9d9d9"),
    "public": ("Public non accueilli à portée", "diamond", "#fdd49e"),
    "hors_portee": ("Aucun acteur à portée", "triangle", "#b30000"),
}
# 2 mm for nobody, 8 mm for 500 people and more; the area grows with the people.
NEED_SIZE = 'scale_exp(coalesce("reste", 0), 0, 500, 2, 8, 0.5)'
ACTOR_SIZE = 'scale_exp(coalesce("charge", 0), 0, 500, 2, 8, 0.5)'
WIDTH = 'scale_exp(coalesce("personnes", 0), 0, 100, 0.15, 2, 0.5)'


def style_lines(layer: QgsVectorLayer) -> None:
    """Show more people by a thicker line; dashed where the capacity is a guess."""
    rules = []
    for label, condition, dash in (
        ("Places connues", '"capacite_imputee" = 0', "solid"),
        ("Capacité supposée : à vérifier", '"capacite_imputee" = 1', "dash"),
    ):
        symbol = QgsLineSymbol.createSimple(
            {"line_color": palette()["accent"], "line_style": dash, "capstyle": "round"},
        )
        symbol.symbolLayer(0).setDataDefinedProperty(
            QgsSymbolLayer.Property.PropertyStrokeWidth, QgsProperty.fromExpression(WIDTH)
        )
        symbol.setOpacity(0.8)
        rules.append((label, condition, symbol))
    layer.setRenderer(by_rules(rules))
    name_fields(layer, LINE_ALIASES)


def style_needs(layer: QgsVectorLayer) -> None:
    """Show why people have no place by shape and colour, how many by the size of a point."""
    kind = layer.geometryType()
    rules = [
        (label, f"\"cause\" = '{cause}'", _marker(shape, colour, NEED_SIZE) if _is_point(kind) else _area(colour, kind))
        for cause, (label, shape, colour) in CAUSES.items()
    ]
    layer.setRenderer(by_rules(rules))
    name_fields(layer, NEED_ALIASES)


def style_actors(layer: QgsVectorLayer) -> None:
    """Show who is full and would serve more with more places, who is full, who has places, of whom none is known."""
    kind = layer.geometryType()
    rules = [
        (label, condition, _marker(shape, colour, ACTOR_SIZE) if _is_point(kind) else _area(colour, kind))
        for label, condition, shape, colour in (
            ("Capacité inconnue", '"places" IS NULL', "cross2", "#ffffff"),
            ("Places libres", '"places" IS NOT NULL AND "prix_ombre" = 0 AND "charge" < "places"', "square", "#ffffff"),
            ("Complet, sans manque", '"prix_ombre" = 0 AND "charge" >= "places"', "square", palette()["rule"]),
            (
                "Complet : une place de plus sert une personne de plus",
                '"places" IS NOT NULL AND "prix_ombre" > 0',
                "star",
                palette()["accent"],
            ),
        )
    ]
    layer.setRenderer(by_rules(rules))
    name_fields(layer, ACTOR_ALIASES)


def _is_point(kind: QgsWkbTypes.GeometryType) -> bool:
    return kind == QgsWkbTypes.GeometryType.PointGeometry


def _marker(shape: str, colour: str, size: str) -> QgsMarkerSymbol:
    marker = QgsMarkerSymbol.createSimple(
        {"name": shape, "color": colour, "outline_color": palette()["ink"], "outline_width": "0.2"}
    )
    marker.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(size))
    return marker


def _area(colour: str, kind: QgsWkbTypes.GeometryType) -> QgsFillSymbol | QgsLineSymbol:
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        return fill(colour)
    return QgsLineSymbol.createSimple({"line_color": palette()["ink"], "line_width": "0.6"})
