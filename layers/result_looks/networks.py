"""How the networks of actors look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsSymbolLayer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from ...styles import palette
from ..symbols import hatch
from .parts import by_rules, name_fields

LINK_ALIASES = {
    "de": "De (identifiant)",
    "vers": "Vers (identifiant)",
    "de_nom": "De",
    "vers_nom": "Vers",
    "type": "Ce qui les lie",
    "force": "Force du lien",
    "retenu": "Pourquoi ce lien est retenu",
    "reseau": "Réseau",
    "metres": "Distance (m)",
    "themes": "Thèmes en jeu",
    "raison": "Raison",
}
NETWORK_ALIASES = {
    "reseau": "Réseau",
    "n": "Membres (nombre)",
    "membres": "Membres",
    "themes": "Thèmes couverts ensemble",
    "manque": "Thèmes qui manquent",
    "pilote": "Pilote possible",
    "pilote_id": "Identifiant du pilote possible",
    "densite": "Densité des liens (0 à 1)",
    "cohesion": "Part des liens qui restent dedans (0 à 1)",
    "modularite_z": "Écart au hasard alentour (écarts-types)",
    "p_hasard": "Part des groupes de hasard aussi solides (0 à 1)",
    "solidite": "Solidité",
    "raison": "Raison",
}
MEMBER_ALIASES = {
    "reseau": "Réseau",
    "role": "Rôle dans le réseau",
    "n_liens": "Liens",
    "force_reseau": "Force des liens dans le réseau",
    "intermediaire": "Part des chemins passant par cet acteur (0 à 1)",
    "raison": "Raison",
}
TYPES = {
    "moyens": "L'un recherche ce que l'autre partage",
    "complementaire": "Thèmes que l'un a et l'autre non",
    "semblable": "Ils se ressemblent",
    "public": "Même public seulement",
    "proximite": "Proximité seulement",
}
SOLIDITIES = {
    "nette": "Plus solide que le hasard",
    "incertaine": "À confirmer : le hasard en ferait autant",
    "non_comparable": "À confirmer : rien à quoi le comparer",
}
# Dashes tell the types apart in black and white, from the fullest to the thinnest.
_LINES = {
    "proximite": ("grey", "dot", 0.15),
    "public": ("grey", "dash", 0.25),
    "semblable": ("accent", "solid", 0.4),
    "complementaire": ("accent", "solid", 0.4),
    "moyens": ("ink", "solid", 0.6),
}

PALE = 110
"""Opacity, of 255, of a link that only joins."""


def style_links(layer: QgsVectorLayer) -> None:
    """Show what binds two actors by the line, how strongly by its width; a link that only joins is pale."""
    layer.setRenderer(by_rules((TYPES[kind], f"\"type\" = '{kind}'", _line(*look)) for kind, look in _LINES.items()))
    name_fields(layer, LINK_ALIASES)


def style_networks(layer: QgsVectorLayer) -> None:
    """Show a network firmer than chance with a full edge, others hatched and dashed; name the possible pilot."""
    layer.setRenderer(
        by_rules(
            (
                (SOLIDITIES["non_comparable"], "\"solidite\" = 'non_comparable'", _hull("dot", hatched=True)),
                (SOLIDITIES["incertaine"], "\"solidite\" = 'incertaine'", _hull("dash", hatched=True)),
                (SOLIDITIES["nette"], "\"solidite\" = 'nette'", _hull("solid", hatched=False)),
            )
        )
    )
    _name_pilots(layer)
    name_fields(layer, NETWORK_ALIASES)


def style_members(layer: QgsVectorLayer) -> None:
    """Show the possible pilots as stars, members as full points, who is in no network small and white."""
    if layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry:
        layer.setRenderer(
            by_rules(
                (
                    ("Dans aucun réseau", '"role" IS NULL', _marker("circle", 1.6, "#ffffff")),
                    ("Membre", "\"role\" = 'membre'", _marker("circle", 2.4, palette()["accent"])),
                    ("Pilote possible", "\"role\" = 'pilote'", _marker("star", 4.6, palette()["accent"])),
                )
            )
        )
    name_fields(layer, MEMBER_ALIASES)


def _line(colour: str, dash: str, width: float) -> QgsLineSymbol:
    full = palette()[colour]
    symbol = QgsLineSymbol.createSimple({"line_color": full, "line_style": dash, "capstyle": "flat"})
    for part, expression in (
        (
            QgsSymbolLayer.Property.PropertyStrokeWidth,
            f'{width} * scale_linear(coalesce("force", 0), 0, 1.3, 0.5, 1.5)',
        ),
        (
            QgsSymbolLayer.Property.PropertyStrokeColor,
            f"if(\"retenu\" = 'passage', set_color_part('{full}', 'alpha', {PALE}), '{full}')",
        ),
    ):
        symbol.symbolLayer(0).setDataDefinedProperty(part, QgsProperty.fromExpression(expression))
    return symbol


def _hull(edge: str, hatched: bool) -> QgsFillSymbol:
    symbol = hatch(45, 2.6) if hatched else QgsFillSymbol()
    ground = QgsFillSymbol.createSimple(
        {
            "color": "255,255,255,0" if hatched else palette()["accent"],
            "outline_color": palette()["ink"],
            "outline_width": "0.3" if hatched else "0.6",
            "outline_style": edge,
        }
    )
    symbol.changeSymbolLayer(0, ground.symbolLayer(0).clone())
    symbol.setOpacity(0.7 if hatched else 0.35)
    return symbol


def _marker(shape: str, size: float, colour: str) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "size": str(size),
            "color": colour,
            "outline_color": palette()["ink"],
            "outline_width": "0.2",
        }
    )


def _name_pilots(layer: QgsVectorLayer) -> None:
    words = QgsTextFormat()
    words.setSize(8)
    words.setColor(QColor(palette()["ink"]))
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(QColor("#ffffff"))
    words.setBuffer(halo)
    labels = QgsPalLayerSettings()
    labels.fieldName = "\"pilote\" || ' (' || \"n\" || ')'"
    labels.isExpression = True
    labels.setFormat(words)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
    layer.setLabelsEnabled(True)
