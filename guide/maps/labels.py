"""The words on the maps: how they look, when they are shown, and how many at most."""

from __future__ import annotations

from qgis.core import (
    QgsPalLayerSettings,
    QgsProperty,
    QgsPropertyCollection,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtGui import QColor

from ...layers.compat import (
    LABELS_AROUND_POINT,
    LABELS_CENTRED,
    LABELS_FROM_SYMBOL_BOUNDS,
    LABELS_HORIZONTAL,
    LABELS_OVER_POINT,
)
from ...styles import palette
from ..composing.metrics import plain_font

MOST = 300
"""Labels of one layer on one map; where there are more, placing them takes longer than drawing the page."""


class Labels:
    """Label settings in one font family."""

    def __init__(self, family: str):
        self._family = family

    def numbers(self, *, shown: bool) -> QgsPalLayerSettings:
        """Return the labels of symbols, their numbers; not shown, the symbols still keep other words off."""
        settings = self._settings('"num"', 6.5, buffer=0.5)
        settings.placement = LABELS_AROUND_POINT
        settings.offsetType = LABELS_FROM_SYMBOL_BOUNDS
        settings.dist = 0.3
        settings.priority = 9
        settings.drawLabels = shown
        return _with(settings, {QgsPalLayerSettings.Property.Show: '"num" > 0'}) if shown else settings

    def counts(self) -> QgsPalLayerSettings:
        """Return the numbers within discs, where a disc is wide enough for its number."""
        settings = self._settings('"num"', 7, bold=True, colour="#ffffff", buffer=0.0)
        settings.placement = LABELS_OVER_POINT
        settings.priority = 9
        return _with(settings, {QgsPalLayerSettings.Property.Show: '"taille" >= 2.2 + 1.4 * length("num")'})

    def commune_names(self) -> QgsPalLayerSettings:
        """Return the names of the communes of the territory that stands out."""
        settings = self._settings('wordwrap("nom", 14)', 6.5, colour=palette()["grey"])
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 2
        focus = '@guide_focus <> \'\' AND ("groupe" = @guide_focus OR "code" = @guide_focus)'
        return _with(settings, {QgsPalLayerSettings.Property.Show: focus})

    def values(self) -> QgsPalLayerSettings:
        """Return the words within the territories of a map, on the ground of their look, pinned where that is said."""
        settings = self._settings('"texte"', 6.5, bold=True, buffer=0.7)
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 4
        return _with(
            settings,
            {
                QgsPalLayerSettings.Property.Show: "\"texte\" <> ''",
                QgsPalLayerSettings.Property.Color: '"encre"',
                QgsPalLayerSettings.Property.BufferColor: '"halo"',
                QgsPalLayerSettings.Property.PositionX: '"x"',
                QgsPalLayerSettings.Property.PositionY: '"y"',
                QgsPalLayerSettings.Property.Hali: "'Center'",
                QgsPalLayerSettings.Property.Vali: "'Half'",
            },
        )

    def group_numbers(self) -> QgsPalLayerSettings:
        """Return the numbers of groups of similar initiatives."""
        settings = self._settings('"groupe"', 9, bold=True, colour=palette()["accent"], buffer=1.0)
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 10
        return settings

    def group_names(self) -> QgsPalLayerSettings:
        """Return the names of the territories of the sheets, for the map of the whole Département."""
        settings = self._settings('wordwrap("nom", 16)', 7.5, bold=True, buffer=0.8)
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 6
        return _with(settings, {QgsPalLayerSettings.Property.Show: "@guide_subject = 'synthesis' AND @guide_over = ''"})

    def _settings(self, expression: str, size: float, *, bold: bool = False, colour: str = "", buffer: float = 0.6):
        settings = QgsPalLayerSettings()
        settings.fieldName = expression
        settings.isExpression = True
        settings.limitNumLabels = True
        settings.maxNumLabels = MOST
        settings.multilineAlign = LABELS_CENTRED
        text = QgsTextFormat()
        text.setFont(plain_font(self._family, bold=bold))
        if bold:
            text.setNamedStyle("Bold")
        text.setSize(size)
        text.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
        text.setColor(QColor(colour or palette()["ink"]))
        halo = QgsTextBufferSettings()
        halo.setEnabled(True)
        halo.setSize(buffer)
        halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
        halo.setColor(QColor("#ffffff"))
        text.setBuffer(halo)
        settings.setFormat(text)
        return settings


def _with(settings: QgsPalLayerSettings, expressions: dict) -> QgsPalLayerSettings:
    properties = settings.dataDefinedProperties() or QgsPropertyCollection()
    for name, expression in expressions.items():
        properties.setProperty(name, QgsProperty.fromExpression(expression))
    settings.setDataDefinedProperties(properties)
    return settings
