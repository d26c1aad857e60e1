"""How the results of the similarity analysis look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbolLayer,
    QgsVectorLayer,
)

from ...styles import palette
from .parts import name_fields

ACTOR_ALIASES = {
    "groupe": "Groupe",
    "medoide": "Au cœur de son groupe",
    "s_moyen": "Ressemblance moyenne (0 à 1)",
    "s_espace": "dont proximité",
    "s_theme": "dont thèmes",
    "s_texte": "dont mots",
    "plus_proche": "Initiative la plus ressemblante",
    "raison": "Raison",
}
GROUP_ALIASES = {
    "groupe": "Groupe",
    "n": "Initiatives",
    "themes": "Thèmes",
    "termes": "Mots communs",
    "stabilite": "Stabilité (0 à 1)",
    "solidite": "Solidité",
    "rayon_m": "Rayon (m)",
    "medoide": "Identifiant au cœur du groupe",
    "nom": "Autour de",
    "s_moyen": "Ressemblance moyenne (0 à 1)",
}
LINK_ALIASES = {"de": "De", "vers": "Vers", "groupe": "Groupe", "s": "Ressemblance (0 à 1)", "raison": "Raison"}


def style_actors(layer: QgsVectorLayer) -> None:
    """Show members in the colour of their group, its medoid as a star, who is alone small and white."""
    root = QgsRuleBasedRenderer.Rule(None)
    for label, condition, shape, size in (
        ("Au cœur d'un groupe", '"medoide" = 1', "star", 4.4),
        ("Dans un groupe", '"groupe" IS NOT NULL AND "medoide" = 0', "circle", 2.6),
        ("Sans groupe", '"groupe" IS NULL', "circle", 1.6),
    ):
        symbol = QgsMarkerSymbol.createSimple(
            {
                "name": shape,
                "size": str(size),
                "color": "#ffffff",
                "outline_color": palette()["ink"],
                "outline_width": "0.2",
            }
        )
        if '"groupe" IS NULL' not in condition:
            _coloured_by_group(symbol)
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    layer.setRenderer(QgsRuleBasedRenderer(root))
    name_fields(layer, ACTOR_ALIASES)


def style_groups(layer: QgsVectorLayer) -> None:
    """Show hulls in the colour of the group, light enough for what lies beneath; a fragile group has a dashed edge."""
    symbol = QgsFillSymbol.createSimple({"outline_color": palette()["ink"], "outline_width": "0.4"})
    symbol.setOpacity(0.35)
    _coloured_by_group(symbol)
    symbol.symbolLayer(0).setDataDefinedProperty(
        QgsSymbolLayer.Property.PropertyStrokeStyle,
        QgsProperty.fromExpression("if(\"solidite\" = 'fragile', 'dash', 'solid')"),
    )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    name_fields(layer, GROUP_ALIASES)


def style_links(layer: QgsVectorLayer) -> None:
    """Show the more alike by the thicker line."""
    symbol = QgsLineSymbol.createSimple({"line_color": palette()["grey"], "capstyle": "round"})
    symbol.symbolLayer(0).setDataDefinedProperty(
        QgsSymbolLayer.Property.PropertyStrokeWidth, QgsProperty.fromExpression('scale_linear("s", 0.4, 1, 0.1, 1)')
    )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    name_fields(layer, LINK_ALIASES)


def _coloured_by_group(symbol) -> None:
    colours = [look["colour"] for look in palette()["themes"].values()]
    listed = ", ".join(f"'{colour}'" for colour in colours)
    symbol.symbolLayer(0).setDataDefinedProperty(
        QgsSymbolLayer.Property.PropertyFillColor,
        QgsProperty.fromExpression(f'array_get(array({listed}), "groupe" % {len(colours)})'),
    )
