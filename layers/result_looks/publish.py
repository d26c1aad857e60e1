"""How a publishable table looks on a map, with the French names of its fields."""

from __future__ import annotations

from collections import Counter

from qgis.core import QgsRuleBasedRenderer, QgsVectorLayer, QgsWkbTypes

from ..symbols import gap_fill, hatch, hidden_fill, no_need_fill, not_surveyed_fill
from .parts import name_fields

ALIASES = {
    "nom": "Nom du territoire",
    "niveau": "Niveau",
    "personnes": "Personnes",
    "masque": "Secret statistique (none : publié)",
    "etat": "Ce que dit la ligne",
    "raison": "Raison",
    "seuil": "Seuil appliqué",
}
# Upper bounds; the last class has none.
CLASSES = ((50, "Moins de 50"), (150, "50 à 149"), (500, "150 à 499"), (None, "500 et plus"))
BETWEEN = " × "


def style_publication(layer: QgsVectorLayer) -> None:
    """Show one level at a time, people in four classes; masked, unknown, not surveyed and zero never look like a value.

    The levels whose territories would lie over each other, one a theme, are there to be switched on with a filter.
    """
    if layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry:
        root = QgsRuleBasedRenderer.Rule(None)
        drawn = Counter(feature["niveau"] for feature in layer.getFeatures() if feature.hasGeometry())
        for number, level in enumerate(sorted(drawn, key=lambda level: (level.count(BETWEEN), -drawn[level], level))):
            quoted = level.replace("'", "''")
            group = QgsRuleBasedRenderer.Rule(None, 0, 0, f"\"niveau\" = '{quoted}'", level)
            for label, condition, symbol in _rules():
                group.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
            group.setActive(number == 0)
            root.appendChild(group)
        layer.setRenderer(QgsRuleBasedRenderer(root))
    name_fields(layer, ALIASES)


def _rules():
    yield "Non recensé", "\"etat\" = 'non_recense'", not_surveyed_fill()
    yield "Aucune situation connue", "\"etat\" = 'zero'", no_need_fill()
    yield "Nombre inconnu", "\"etat\" = 'inconnu'", hatch(135, 2.2)
    yield "Masqué : sous le seuil", "\"masque\" = 'seuil'", hidden_fill()
    yield (
        "Masqué : pour une autre raison",
        "\"masque\" IN ('dominance', 'secondaire')",
        hatch(90, 1.2, ground="#d9d9d9"),
    )
    lower = 0
    for number, (upper, label) in enumerate(CLASSES):
        below = "" if upper is None else f' AND "personnes" < {upper}'
        condition = f"\"etat\" IN ('publie', 'incomplet') AND \"personnes\" >= {lower}{below}"
        yield label, condition, gap_fill(number)
        lower = upper
