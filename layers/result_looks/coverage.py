"""How the results of the coverage analysis look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsMarkerSymbol,
    QgsPointPatternFillSymbolLayer,
    QgsProperty,
    QgsSymbolLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...styles import palette
from ..classes import GAP_BOUNDS, GAP_LABELS
from ..symbols import fill, gap_fill, hatch, hidden_fill, no_need_fill, not_surveyed_fill
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
    "effectif": "Nombre de personnes connu ou non",
    "etat_offre": "État de l'offre à portée",
    "non_couvert_min": "Personnes non couvertes, au moins",
    "non_couvert_max": "Personnes non couvertes, au plus",
    "confiance": "Confiance",
    "doutes": "Doutes",
    "part_recensee": "Part recensée des alentours (0 à 1)",
    "choix": "Deux acteurs ou plus",
    "frein": "Frein principal",
    "perdus": "Personnes que les conditions laissent sans réponse",
    "n_a_portee": "Acteurs à portée, conditions remplies ou non",
    "n_ouverts": "dont ouverts au créneau",
    "n_gratuits": "dont gratuits",
    "n_sur_place": "dont recevant sur place",
    "n_a_distance": "dont recevant à distance",
    "n_itinerants": "dont itinérants",
    "n_non_publies": "dont non publics",
    "horaires_connus": "Part dont les horaires sont connus",
    "frais_connus": "Part dont les frais sont connus",
    "modes_connus": "Part dont l'accueil est connu",
    "itinerance_connue": "Part dont l'itinérance est connue",
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
    "etat_offre": "État de l'offre sur place",
    "n_inconnus": "Besoins au nombre inconnu",
    "non_couvert_min": "Personnes non couvertes, au moins",
    "non_couvert_max": "Personnes non couvertes, au plus",
    "confiance": "Confiance",
    "frein": "Frein principal",
    "perdus": "Personnes que les conditions laissent sans réponse",
    "sans_choix": "Personnes ayant moins de deux acteurs à portée",
    "n_non_publies": "Acteurs implantés non publics",
    "part_recensee": "Part recensée (0 à 1)",
}
CAUSES = {
    "couvert": ("Couvert", "circle", "#ffffff"),
    "capacite": ("Pas assez de places à portée", "circle", "#fc8d59"),
    "public": ("Public non accueilli à portée", "diamond", "#fdd49e"),
    "hors_portee": ("Aucun acteur à portée", "triangle", "#b30000"),
}
OFFERS = {
    "offre": "Au moins un acteur",
    "aucune": "Aucun acteur, alentours recensés",
    "non-recense": "Aucun acteur connu, alentours non recensés",
    "non-publie": "Acteurs non publiés",
    "inconnue": "Aucun acteur connu, recensement non renseigné",
}
CONFIDENCE = {"forte": "Forte", "moyenne": "Moyenne", "faible": "Faible"}
DOUBTS = {
    "effectif": "Le nombre de personnes est inconnu",
    "bord": "La portée sort du territoire étudié",
    "recensement": "Les alentours ne sont pas tous recensés",
    "capacites": "Des capacités inconnues peuvent changer l'écart",
    "conditions": "Des horaires, frais ou modes inconnus peuvent changer l'écart",
    "reglages": "D'autres réglages changent les besoins les plus mal couverts",
}
DIMENSIONS = {
    "horaires": "Horaires",
    "cout": "Coût",
    "accueil": "Mode d'accueil",
    "itinerance": "Itinérance",
    "diffusion": "Diffusion",
}
# 2 mm for nobody, 8 mm for 500 people and more; the area grows with the people.
SIZE = 'scale_exp(coalesce("non_couvert", 0), 0, 500, 2, 8, 0.5)'
UNSURE = "Résultat peu sûr"
UNCOUNTED = 'coalesce("n_inconnus", 0) = "n_besoins"'


def style_needs(layer: QgsVectorLayer) -> None:
    """Show the cause of each gap by shape and colour, a dashed ring where it is not sure; a point also by its size."""
    point = layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
    if point or layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
        rules = [
            (label, f"\"cause\" = '{cause}'", _marker(shape, colour) if point else fill(colour))
            for cause, (label, shape, colour) in CAUSES.items()
        ]
        rules.append((UNSURE, "\"confiance\" = 'faible'", _ring() if point else _dots()))
        layer.setRenderer(by_rules(rules))
    name_fields(layer, NEED_ALIASES)


def style_territories(layer: QgsVectorLayer) -> None:
    """Show the share not covered in four classes; not surveyed, not published, unknown and no need never look like one.

    Dots lie over what is not sure.
    """
    rules = [
        ("Non recensé", '"recense" = 0', not_surveyed_fill()),
        ("Acteurs non publiés", _surveyed("\"etat_offre\" = 'non-publie'"), hidden_fill()),
        ("Aucun besoin connu", _shown('"part" IS NULL'), no_need_fill()),
        ("Besoins en nombre inconnu", _shown(f'"part" IS NOT NULL AND {UNCOUNTED}'), hatch(135, 2.6)),
    ]
    uppers = (*GAP_BOUNDS[1:], 2.0)
    for number, (lower, upper) in enumerate(zip(GAP_BOUNDS, uppers)):
        condition = _shown(f'"part" >= {lower} AND "part" < {upper} AND NOT ({UNCOUNTED})')
        rules.append((GAP_LABELS[number], condition, gap_fill(number)))
    rules.append((UNSURE, _shown("\"confiance\" = 'faible'"), _dots()))
    layer.setRenderer(by_rules(rules))
    name_fields(layer, TERRITORY_ALIASES)


def _surveyed(condition: str) -> str:
    return f'coalesce("recense", 1) <> 0 AND {condition}'


def _shown(condition: str) -> str:
    return _surveyed(f"coalesce(\"etat_offre\", '') <> 'non-publie' AND {condition}")


def _marker(shape: str, colour: str) -> QgsMarkerSymbol:
    marker = QgsMarkerSymbol.createSimple(
        {"name": shape, "color": colour, "outline_color": palette()["ink"], "outline_width": "0.2"}
    )
    marker.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, QgsProperty.fromExpression(SIZE))
    return marker


def _ring() -> QgsMarkerSymbol:
    """Return a dashed circle around the marker of a need."""
    ring = QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "color": "255,255,255,0",
            "outline_color": palette()["ink"],
            "outline_width": "0.35",
            "outline_style": "dot",
        }
    )
    size = QgsProperty.fromExpression(f"{SIZE} + 2.4")
    ring.symbolLayer(0).setDataDefinedProperty(QgsSymbolLayer.Property.PropertySize, size)
    return ring


def _dots() -> QgsFillSymbol:
    """Return sparse dots on nothing."""
    dot = QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": palette()["ink"], "size": "0.7", "outline_style": "no"}
    )
    pattern = QgsPointPatternFillSymbolLayer()
    pattern.setDistanceX(2.6)
    pattern.setDistanceY(2.6)
    pattern.setDisplacementX(1.3)
    pattern.setSubSymbol(dot)
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, pattern)
    return symbol
