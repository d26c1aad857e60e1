"""The map layers of the guide, made in memory from its content alone.

What the audience may not read is not in these layers, so it cannot slip into a map. ``@guide_focus`` holds the code of
the territory that stands out, ``''`` for none; one set of layers then serves every page.
"""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsLineSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsProject,
    QgsProperty,
    QgsPropertyCollection,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..layers import symbols
from ..layers.compat import LABELS_AROUND_POINT, LABELS_FROM_SYMBOL_BOUNDS, LABELS_HORIZONTAL
from ..layers.confidentiality import Disclosure
from ..styles import palette
from .content import Content, Territory
from .metrics import plain_font

IN_FOCUS = '@guide_focus = \'\' OR "groupe" = @guide_focus OR "code" = @guide_focus'

SUBJECTS = {
    "cover": ("small_actors", "group_lines_white", "cover_communes"),
    "synthesis": ("actors", "group_lines", "communes"),
    "group": ("actors", "group_lines", "communes"),
    "commune": ("actors", "communes"),
    "gaps": ("group_lines", "gaps"),
    "similar": ("small_actors", "links", "hulls", "group_lines", "plain_communes"),
}
"""The layers of each subject, the topmost first."""


class MapLayers:
    """Layers by name, kept alive by a project of their own."""

    def __init__(self, content: Content, family: str):
        self.project = QgsProject()
        self.crs = QgsCoordinateReferenceSystem.fromEpsgId(content.epsg)
        self.project.setCrs(self.crs)
        self._family = family
        actors = self._actors(content)
        communes = self._territories("communes", content, content.communes)
        groups = self._territories("groupes", content, content.groups)
        self._layers = {
            "actors": self._styled(actors, _actor_renderer(3.0, 1.7), self._numbers()),
            "small_actors": self._styled(actors, _actor_renderer(2.0, 0)),
            "communes": self._styled(communes, _commune_renderer(), self._commune_names()),
            "plain_communes": self._styled(communes, _single(symbols.fill(palette()["land"], palette()["rule"]))),
            "cover_communes": self._styled(communes, _single(symbols.fill("#0b6a94", "#2f83a8", 0.12))),
            "gaps": self._styled(communes, _gap_renderer(), self._commune_names(always=True)),
            "group_lines": self._styled(groups, _single(symbols.outline(width=0.5)), self._group_names()),
            "group_lines_white": self._styled(groups, _single(symbols.outline("#ffffff", 0.4))),
            "hulls": self._styled(self._hulls(content), _single(_translucent()), self._group_numbers()),
            "links": self._styled(self._links(content), _links_renderer()),
        }

    def of(self, subject: str) -> list[QgsVectorLayer]:
        """Return the layers of a subject, the topmost first."""
        return [self._layers[name] for name in SUBJECTS[subject]]

    def _memory(self, name: str, geometry: str, fields: str, rows) -> QgsVectorLayer:
        layer = QgsVectorLayer(f"{geometry}?crs=EPSG:{self.crs.postgisSrid()}&{fields}", name, "memory")
        features = []
        for shape, values in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes(list(values))
            feature.setGeometry(shape)
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        layer.updateExtents()
        return layer

    def _styled(self, layer: QgsVectorLayer, renderer, labels=None) -> QgsVectorLayer:
        styled = layer.clone()
        styled.setRenderer(renderer)
        if labels is not None:
            styled.setLabeling(QgsVectorLayerSimpleLabeling(labels))
        styled.setLabelsEnabled(labels is not None)
        self.project.addMapLayer(styled, False)
        return styled

    def _territories(self, name: str, content: Content, territories: list[Territory]) -> QgsVectorLayer:
        groups = {code: group.code for group in content.groups for code in group.members}
        rows = [
            (
                _from_wkb(territory.geometry),
                (
                    territory.code,
                    territory.name,
                    groups.get(territory.code, territory.code),
                    content.survey_state(territory)[0],
                    gap_look(content, territory),
                ),
            )
            for territory in territories
        ]
        fields = "field=code:string&field=nom:string&field=groupe:string&field=recense:integer&field=ecart:string"
        return self._memory(name, "MultiPolygon", fields, rows)

    def _actors(self, content: Content) -> QgsVectorLayer:
        rows = [
            (
                QgsGeometry.fromPointXY(QgsPointXY(actor.x, actor.y)),
                (actor.number, actor.theme, actor.group, actor.commune),
            )
            for actor in (*content.town_halls, *content.actors)
        ]
        fields = "field=num:integer&field=theme:string&field=groupe:string&field=code:string"
        return self._memory("acteurs", "Point", fields, rows)

    def _hulls(self, content: Content) -> QgsVectorLayer:
        rows = [(_from_wkb(group.hull), (group.number,)) for group in content.similar]
        return self._memory("groupes semblables", "Polygon", "field=groupe:integer", rows)

    def _links(self, content: Content) -> QgsVectorLayer:
        return self._memory("liens", "LineString", "field=rang:integer", [(_from_wkb(w), (0,)) for w in content.links])

    def _labels(self, expression: str, size: float, *, bold: bool = False, colour: str = "", buffer: float = 0.6):
        settings = QgsPalLayerSettings()
        settings.fieldName = expression
        settings.isExpression = True
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

    def _numbers(self):
        settings = self._labels('"num"', 6.5, buffer=0.5)
        settings.placement = LABELS_AROUND_POINT
        settings.offsetType = LABELS_FROM_SYMBOL_BOUNDS
        settings.dist = 0.3
        settings.priority = 9
        return _shown_when(settings, f"\"num\" > 0 AND @guide_focus <> '' AND ({IN_FOCUS})")

    def _commune_names(self, *, always: bool = False):
        settings = self._labels('wordwrap("nom", 14)', 6.5, colour=palette()["ink" if always else "grey"])
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 2
        shown = "true" if always else f"@guide_focus <> '' AND ({IN_FOCUS})"
        return _shown_when(settings, shown)

    def _group_numbers(self):
        settings = self._labels('"groupe"', 9, bold=True, colour=palette()["accent"], buffer=1.0)
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 10
        return settings

    def _group_names(self):
        settings = self._labels('wordwrap("nom", 16)', 7.5, bold=True, buffer=0.8)
        settings.placement = LABELS_HORIZONTAL
        settings.priority = 6
        return _shown_when(settings, "@guide_subject = 'synthesis'")


def gap_look(content: Content, territory: Territory) -> str:
    """Return how a territory is drawn on the map of gaps: not_surveyed, no_need, hidden or gap:0 to gap:3."""
    if content.survey_state(territory)[0] == 0:
        return "not_surveyed"
    unmet = content.unmet(territory.code)
    if unmet.state is Disclosure.NONE:
        return "no_need"
    return "hidden" if unmet.state is Disclosure.HIDDEN else f"gap:{unmet.gap_class}"


def look(name: str) -> QgsFillSymbol:
    """Return the fill of a look by its name, or of a plain colour."""
    if name.startswith("gap:"):
        return symbols.gap_fill(int(name[4:]))
    looks = {
        "not_surveyed": symbols.not_surveyed_fill,
        "hidden": symbols.hidden_fill,
        "no_need": symbols.no_need_fill,
    }
    return looks[name]() if name in looks else symbols.fill(name, width=0)


def _from_wkb(wkb: bytes) -> QgsGeometry:
    geometry = QgsGeometry()
    geometry.fromWkb(wkb)
    return geometry


def _single(symbol) -> QgsSingleSymbolRenderer:
    return QgsSingleSymbolRenderer(symbol)


def _rules(rules) -> QgsRuleBasedRenderer:
    root = QgsRuleBasedRenderer.Rule(None)
    for symbol, expression in rules:
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, filterExp=expression))
    return QgsRuleBasedRenderer(root)


def _actor_renderer(size: float, town_hall_size: float) -> QgsRuleBasedRenderer:
    rules = [
        (symbols.theme_marker(theme, size), f'"num" > 0 AND "theme" = \'{theme}\' AND ({IN_FOCUS})')
        for theme in palette()["themes"]
    ]
    known = ", ".join(f"'{theme}'" for theme in palette()["themes"])
    rules.append((symbols.theme_marker(None, size), f'"num" > 0 AND "theme" NOT IN ({known}) AND ({IN_FOCUS})'))
    if town_hall_size:
        rules.append((symbols.town_hall_marker(town_hall_size), f'"num" = 0 AND ({IN_FOCUS})'))
    return _rules(rules)


def _commune_renderer() -> QgsRuleBasedRenderer:
    land = symbols.fill(palette()["land"], palette()["rule"], 0.2)
    veil = symbols.fill(palette()["veil"], "#ffffff", 0.2)
    return _rules(
        (
            (land, f'"recense" > 0 AND ({IN_FOCUS})'),
            (symbols.not_surveyed_fill(), f'"recense" = 0 AND ({IN_FOCUS})'),
            (veil, f"NOT ({IN_FOCUS})"),
        )
    )


def _gap_renderer() -> QgsRuleBasedRenderer:
    names = ("not_surveyed", "no_need", "hidden", *(f"gap:{index}" for index in range(4)))
    return _rules((look(name), f"\"ecart\" = '{name}'") for name in names)


def _links_renderer() -> QgsSingleSymbolRenderer:
    return _single(QgsLineSymbol.createSimple({"color": palette()["accent"], "width": "0.25"}))


def _translucent() -> QgsFillSymbol:
    return QgsFillSymbol.createSimple(
        {"color": "0,81,125,36", "outline_color": palette()["accent"], "outline_width": "0.3", "outline_style": "dash"}
    )


def _shown_when(settings: QgsPalLayerSettings, expression: str) -> QgsPalLayerSettings:
    properties = settings.dataDefinedProperties() or QgsPropertyCollection()
    properties.setProperty(QgsPalLayerSettings.Property.Show, QgsProperty.fromExpression(expression))
    settings.setDataDefinedProperties(properties)
    return settings
