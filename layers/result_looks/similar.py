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
from ..symbols import hatch
from .parts import by_rules, name_fields

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
SOLIDITIES = {"stable": "Stable", "moyenne": "Moyennement stable", "fragile": "Fragile : à confirmer"}
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
    """Show hulls in the colour of the group, and how stable it is by the edge and the ground, in black and white too.

    The less stable, the thinner and more broken the edge; what was not tried never looks like what was found stable.
    """
    layer.setRenderer(
        by_rules(
            (
                ("Stabilité non mesurée", '"solidite" IS NULL', _hull("dot", 0.3, 0.25, None)),
                (SOLIDITIES["fragile"], "\"solidite\" = 'fragile'", _hull("dot", 0.3, 0.45, 3.2)),
                (SOLIDITIES["moyenne"], "\"solidite\" = 'moyenne'", _hull("dash", 0.4, 0.45, None)),
                (SOLIDITIES["stable"], "\"solidite\" = 'stable'", _hull("solid", 0.7, 0.45, None)),
            )
        )
    )
    name_fields(layer, GROUP_ALIASES)


def _hull(edge: str, width: float, opacity: float, hatched: float | None) -> QgsFillSymbol:
    symbol = QgsFillSymbol.createSimple(
        {"outline_color": palette()["ink"], "outline_width": str(width), "outline_style": edge}
    )
    _coloured_by_group(symbol)
    if hatched:
        lines = hatch(45, hatched, palette()["ink"])
        symbol.appendSymbolLayer(lines.symbolLayer(1).clone())
    symbol.setOpacity(opacity)
    return symbol


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
