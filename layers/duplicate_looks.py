"""How possible duplicates look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import QgsLineSymbol, QgsRuleBasedRenderer, QgsVectorLayer

from ..styles import palette

ALIASES = {
    "de": "Acteur",
    "vers": "Peut-être le même",
    "nom_de": "Nom",
    "nom_vers": "Nom de l'autre",
    "score": "Vraisemblance (0 à 1)",
    "distance_m": "Distance (m)",
    "raison": "Raison",
}


def style_duplicates(layer: QgsVectorLayer) -> None:
    """Show what is certain by a full line, what is only likely by a dashed one."""
    root = QgsRuleBasedRenderer.Rule(None)
    for label, condition, style in (
        ("Même identifiant ou même SIRET", '"score" = 1', "solid"),
        ("Doublon possible", '"score" < 1', "dash"),
    ):
        symbol = QgsLineSymbol.createSimple(
            {"line_color": palette()["need"], "line_width": "0.8", "line_style": style, "capstyle": "round"}
        )
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    layer.setRenderer(QgsRuleBasedRenderer(root))
    for name, alias in ALIASES.items():
        layer.setFieldAlias(layer.fields().lookupField(name), alias)
