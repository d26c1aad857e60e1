"""What the looks of several results share."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsFillSymbol, QgsLineSymbol, QgsMarkerSymbol, QgsRuleBasedRenderer, QgsVectorLayer


def name_fields(layer: QgsVectorLayer, aliases: dict[str, str]) -> None:
    """Give the fields that the layer has their names for people."""
    for name, alias in aliases.items():
        position = layer.fields().lookupField(name)
        if position >= 0:
            layer.setFieldAlias(position, alias)


def by_rules(rules: Iterable[tuple[str, str, QgsMarkerSymbol | QgsLineSymbol | QgsFillSymbol]]) -> QgsRuleBasedRenderer:
    """Return a renderer of rules: label, condition, symbol; the first ones are drawn first, at the bottom."""
    root = QgsRuleBasedRenderer.Rule(None)
    for label, condition, symbol in rules:
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    return QgsRuleBasedRenderer(root)
