"""How project leads and their needs look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import QgsMarkerSymbol, QgsProperty, QgsSymbolLayer, QgsVectorLayer, QgsWkbTypes

from ...styles import palette
from ..looks import set_labels
from ..symbols import fill
from .parts import by_rules, name_fields

LEAD_ALIASES = {
    "rang": "Rang",
    "theme": "Thème",
    "personnes": "Personnes concernées",
    "n_besoins": "Besoins semblables",
    "n_inconnus": "dont sans nombre connu",
    "communes": "Communes",
    "codes": "Codes des communes",
    "part_max": "Part de la plus grande commune",
    "volontaires": "Personnes prêtes à s'impliquer",
    "intensite": "Intensité moyenne (1 à 4)",
    "contexte": "Contexte local",
    "appuis": "Appuis à portée",
    "recensees": "Communes recensées",
    "rayon_m": "Rayon (m)",
    "lancable": "Les trois conditions sont réunies",
    "manque": "Ce qui manque",
    "raison": "Raison",
}
MEMBER_ALIASES = {"theme": "Thème", "personnes": "Personnes concernées", "piste": "Piste n°", "raison": "Raison"}
# 4 mm for nobody known, 12 mm for 200 people and more; the area grows with the people.
SIZE = 'scale_exp(coalesce("personnes", 0), 0, 200, 4, 12, 0.5)'
LABELLED_BELOW = 1_000_000.0


def style_leads(layer: QgsVectorLayer) -> None:
    """Show leads by the people concerned: stars to be launched, circles that lack something, dashed if unknown."""
    accent, ink = palette()["accent"], palette()["ink"]
    unknown = '"contexte" = \'inconnu\' OR "volontaires" IS NULL OR "personnes" IS NULL'
    rules = (
        (
            "Manque à savoir",
            f'NOT "lancable" AND ({unknown})',
            _lead("circle", "255,255,255,160", palette()["grey"], "dash"),
        ),
        (
            "Manque une condition",
            f'NOT "lancable" AND NOT ({unknown})',
            _lead("circle", "255,255,255,160", accent, "solid"),
        ),
        ("À lancer : les trois conditions", '"lancable"', _lead("star", accent, ink, "solid")),
    )
    layer.setRenderer(by_rules(rules))
    set_labels(layer, '"rang"', LABELLED_BELOW)
    name_fields(layer, LEAD_ALIASES)


def style_members(layer: QgsVectorLayer) -> None:
    """Show needs in a lead filled, others small and hollow."""
    point = layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
    need, rule = palette()["need"], palette()["grey"]
    if point or layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
        layer.setRenderer(
            by_rules(
                (
                    (
                        "Besoin hors de toute piste",
                        '"piste" IS NULL',
                        _need("255,255,255,0", rule, 1.6) if point else fill("#ffffff", rule),
                    ),
                    (
                        "Besoin d'une piste",
                        '"piste" IS NOT NULL',
                        _need(need, need, 2.0) if point else fill(palette()["hidden"], need, 0.4),
                    ),
                )
            )
        )
    name_fields(layer, MEMBER_ALIASES)


def _lead(shape: str, colour: str, outline: str, dashes: str) -> QgsMarkerSymbol:
    marker = QgsMarkerSymbol.createSimple(
        {"name": shape, "color": colour, "outline_color": outline, "outline_width": "0.5", "outline_style": dashes}
    )
    marker.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(SIZE))
    return marker


def _need(colour: str, outline: str, size: float) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": colour, "outline_color": outline, "outline_width": "0.3", "size": str(size)}
    )
