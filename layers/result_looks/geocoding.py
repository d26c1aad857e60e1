"""How geocoded addresses look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsMarkerSymbol,
    QgsPointDisplacementRenderer,
    QgsRendererCategory,
    QgsUnitTypes,
    QgsVectorLayer,
)

from ...styles import palette
from .parts import name_fields

ALIASES = {
    "statut": "Résultat",
    "score": "Score de la réponse (0 à 1)",
    "precision_geo": "Précision de la réponse",
    "adresse_trouvee": "Adresse trouvée",
    "commune_trouvee": "Code INSEE trouvé",
    "cause": "Pourquoi la réponse n'est pas retenue",
    "source_position": "D'où vient la position",
    "candidat_x": "X de la réponse non retenue",
    "candidat_y": "Y de la réponse non retenue",
    "empilement": "Adresses trouvées au même endroit",
}
# Where the position comes from and how precise it is, words, shape and colour: by shape first, for prints in grey.
CLASSES = (
    ("numero", "Au numéro", "circle", "#ffffff"),
    ("rue", "À la rue", "square", "#fff7ec"),
    ("lieu-dit", "Au lieu-dit", "pentagon", "#fdd49e"),
    ("commune", "Au centre de la commune", "diamond", "#fc8d59"),
    ("origine", "Réponse douteuse ou absente : position d'origine", "triangle", "#b30000"),
)
LOOK_OF = 'CASE WHEN "source_position" = \'geocodeur\' THEN "precision_geo" ELSE "source_position" END'
# Metres on the ground: only what lies at one place is moved apart, not what is merely close at this scale.
ONE_PLACE = 0.5


def style_geocoded(layer: QgsVectorLayer) -> None:
    """Show how precise each position is; those of one place stand in rings around it, none being moved in the data."""
    categories = []
    for value, label, shape, colour in CLASSES:
        symbol = QgsMarkerSymbol.createSimple(
            {
                "name": shape,
                "size": "2.4",
                "color": colour,
                "outline_color": palette()["ink"],
                "outline_width": "0.2",
            }
        )
        categories.append(QgsRendererCategory(value, symbol, label))
    renderer = QgsPointDisplacementRenderer()
    renderer.setEmbeddedRenderer(QgsCategorizedSymbolRenderer(LOOK_OF, categories))
    renderer.setTolerance(ONE_PLACE)
    renderer.setToleranceUnit(QgsUnitTypes.RenderUnit.RenderMetersInMapUnits)
    renderer.setPlacement(QgsPointDisplacementRenderer.Placement.ConcentricRings)
    # A ring of many would cover the neighbouring communes on a printed map.
    renderer.setCircleRadiusAddition(0.4)
    renderer.setCenterSymbol(
        QgsMarkerSymbol.createSimple({"name": "cross2", "size": "1.2", "outline_color": palette()["grey"]})
    )
    layer.setRenderer(renderer)
    name_fields(layer, ALIASES)
