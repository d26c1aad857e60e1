"""The map layers of the guide, made in memory from its content and from what a map frame says it shows.

What the audience may not read is not in these layers, so it cannot slip into a map. ``@guide_focus`` holds the code of
the territory that stands out, ``''`` for none; the layers of territories then serve every page.
"""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsLineSymbol,
    QgsPointXY,
    QgsProject,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ...layers import symbols
from ...styles import palette
from ..composing.book import Area, MapFrame, Spot
from ..composing.settings import Colours
from ..facts.content import Content, Territory
from .labels import Labels
from .looks import ground_of, look, marker

IN_FOCUS = '@guide_focus = \'\' OR "groupe" = @guide_focus OR "code" = @guide_focus'

SUBJECTS = {
    "cover": ("spots", "group_lines_white", "cover_communes"),
    "booklet": ("spots", "group_lines_white", "areas", "cover_communes"),
    "synthesis": ("spots", "group_lines", "communes"),
    "group": ("spots", "group_lines", "communes"),
    "commune": ("spots", "communes"),
    "locator": ("areas", "plain_communes"),
    "theme": ("spots", "group_lines", "commune_lines", "areas"),
    "gaps": ("group_lines", "areas"),
    "small_gaps": ("thin_group_lines", "areas"),
    "effort": ("group_lines", "areas"),
    "similar": ("spots", "links", "hulls", "group_lines", "plain_communes"),
    "networks": ("spots", "network_links", "network_hulls", "group_lines", "plain_communes"),
    "leads": ("spots", "group_lines", "areas", "plain_communes"),
}
"""The layers of each subject, the topmost first; ``spots`` and ``areas`` are those of the frame."""
MOST_LETTERS = 80
"""Of a name on a map. A layer in memory takes nothing at all when one text of it has more than 255."""
PLAIN_SIZES = {"cover": 2.0, "booklet": 2.0, "similar": 2.0}
"""Millimetres of the symbols of a map that does not say its own."""


class MapLayers:
    """Layers by name, kept alive by a project: one of their own, or the open one for the layout designer."""

    def __init__(
        self, content: Content, family: str, project: QgsProject | None = None, colours: Colours | None = None
    ):
        # The Département stands out from the ground of the cover, which has the main colour.
        accent = QColor((colours or Colours()).accent)
        on_cover = symbols.fill(accent.lighter(130).name(), accent.lighter(170).name(), 0.12)
        self.project = project or QgsProject()
        self.crs = QgsCoordinateReferenceSystem.fromEpsgId(content.epsg)
        if project is None:
            self.project.setCrs(self.crs)
        self._content = content
        self._labels = Labels(family)
        self._shapes = {
            territory.code: _from_wkb(territory.geometry)
            for territory in (content.outline, *content.communes, *content.groups)
        }
        self._of_frames: list[str] = []
        communes = self._territories("communes", content, content.communes)
        groups = self._territories("groupes", content, content.groups)
        line = symbols.outline(palette()["grey"], 0.12)
        self._layers = {
            "communes": self._styled(communes, _commune_renderer(), self._labels.commune_names()),
            "plain_communes": self._styled(communes, _single(symbols.fill(palette()["land"], palette()["rule"]))),
            "commune_lines": self._styled(communes, _single(line)),
            "cover_communes": self._styled(communes, _single(on_cover)),
            "group_lines": self._styled(groups, _single(symbols.outline(width=0.5)), self._labels.group_names()),
            "thin_group_lines": self._styled(groups, _single(symbols.outline(width=0.25))),
            "group_lines_white": self._styled(groups, _single(symbols.outline("#ffffff", 0.4))),
            "hulls": self._styled(self._hulls(content), _single(_translucent()), self._labels.group_numbers()),
            "links": self._styled(self._links(content), _links_renderer()),
            "network_hulls": self._styled(self._networks(content), _network_renderer(), self._labels.group_numbers()),
            "network_links": self._styled(self._network_links(content), _network_links_renderer()),
        }

    def of(self, frame: MapFrame) -> list[QgsVectorLayer]:
        """Return the layers of a map, the topmost first; those that are its own live until ``forget``."""
        layers = []
        for name in SUBJECTS[frame.subject]:
            if name == "spots":
                layers += self._spots(frame)
            elif name == "areas":
                layers += self._areas(frame)
            else:
                layers.append(self._layers[name])
        return layers

    def forget(self) -> None:
        """Let go of the layers that only one map needed, once its page is drawn."""
        self.project.removeMapLayers(self._of_frames)
        self._of_frames.clear()

    def _spots(self, frame: MapFrame) -> list[QgsVectorLayer]:
        spots = plain_spots(self._content, frame) if frame.spots is None else frame.spots
        moved = [spot for spot in spots if spot.moved]
        places = [Spot(spot.true_x, spot.true_y, "place", 0, 0.7, spot.true_x, spot.true_y) for spot in moved]
        drawn = [*places, *spots]
        rows = [
            (
                QgsGeometry.fromPointXY(QgsPointXY(spot.x, spot.y)),
                (f"{spot.symbol} {spot.size}", spot.number, spot.size),
            )
            for spot in drawn
        ]
        looks = {f"{spot.symbol} {spot.size}": spot for spot in drawn}
        renderer = _categories("signe", {sign: marker(spot.symbol, spot.size) for sign, spot in looks.items()})
        numbered = any(spot.number for spot in spots)
        discs = any(spot.symbol == "count" for spot in spots)
        points = self._memory("acteurs", "Point", "field=signe:string&field=num:integer&field=taille:double", rows)
        layers = [
            self._of_frame(points, renderer, self._labels.counts() if discs else self._labels.numbers(shown=numbered))
        ]
        if moved:
            lines = [
                (
                    QgsGeometry.fromPolylineXY([QgsPointXY(spot.true_x, spot.true_y), QgsPointXY(spot.x, spot.y)]),
                    (spot.number,),
                )
                for spot in moved
            ]
            leaders = self._memory("places", "LineString", "field=num:integer", lines)
            layers.append(self._of_frame(leaders, _single(_leader())))
        return layers

    def _areas(self, frame: MapFrame) -> list[QgsVectorLayer]:
        areas = [area for area in frame.areas if area.code in self._shapes]
        rows = [
            (self._shapes[area.code], (area.look, area.label, *_ink(area), *(area.at or (None, None))))
            for area in areas
        ]
        fields = "field=aspect:string&field=texte:string&field=encre:string&field=halo:string"
        fields += "&field=x:double&field=y:double"
        layer = self._memory("territoires", "MultiPolygon", fields, rows)
        renderer = _categories("aspect", {name: look(name) for name in dict.fromkeys(area.look for area in areas)})
        return [self._of_frame(layer, renderer, self._labels.values())]

    def _of_frame(self, layer: QgsVectorLayer, renderer, labels=None) -> QgsVectorLayer:
        self._dress(layer, renderer, labels)
        self._of_frames.append(layer.id())
        return layer

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
        self._dress(styled, renderer, labels)
        return styled

    def _dress(self, layer: QgsVectorLayer, renderer, labels) -> None:
        layer.setRenderer(renderer)
        if labels is not None:
            layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
        layer.setLabelsEnabled(labels is not None)
        self.project.addMapLayer(layer, False)

    def _territories(self, name: str, content: Content, territories: list[Territory]) -> QgsVectorLayer:
        groups = {code: group.code for group in content.groups for code in group.members}
        rows = [
            (
                self._shapes[territory.code],
                (
                    territory.code,
                    territory.name[:MOST_LETTERS],
                    groups.get(territory.code, territory.code),
                    content.survey_state(territory)[0],
                ),
            )
            for territory in territories
        ]
        fields = "field=code:string&field=nom:string&field=groupe:string&field=recense:integer"
        return self._memory(name, "MultiPolygon", fields, rows)

    def _hulls(self, content: Content) -> QgsVectorLayer:
        rows = [(_from_wkb(group.hull), (group.number,)) for group in content.similar]
        return self._memory("groupes semblables", "Polygon", "field=groupe:integer", rows)

    def _links(self, content: Content) -> QgsVectorLayer:
        return self._memory("liens", "LineString", "field=rang:integer", [(_from_wkb(w), (0,)) for w in content.links])

    def _networks(self, content: Content) -> QgsVectorLayer:
        rows = [(_from_wkb(n.hull), (n.number, "nette" if n.solidity == "nette" else "")) for n in content.networks]
        return self._memory("reseaux", "Polygon", "field=groupe:integer&field=solidite:string", rows)

    def _network_links(self, content: Content) -> QgsVectorLayer:
        rows = [
            (_from_wkb(link.line), (link.kind if link.network else "entre",))
            for link in sorted(content.network_links, key=lambda link: (link.kind == "moyens", link.network, link.line))
        ]
        return self._memory("liens de reseaux", "LineString", "field=sorte:string", rows)


def plain_spots(content: Content, frame: MapFrame) -> tuple[Spot, ...]:
    """Return the symbols of a map that does not say its own: all actors of its focus, each where it is."""
    west, south, east, north = frame.ground
    size = PLAIN_SIZES.get(frame.subject, 3.0)
    numbered = frame.subject in ("group", "commune")
    found = []
    for actor in (*content.town_halls, *content.actors):
        in_focus = frame.focus in ("", actor.group, actor.commune)
        if not in_focus or not (west <= actor.x <= east and south <= actor.y <= north):
            continue
        if actor.number:
            number = actor.number if numbered else 0
            found.append(Spot(actor.x, actor.y, f"theme:{actor.theme}", number, size, actor.x, actor.y))
        elif frame.subject not in PLAIN_SIZES:
            found.append(Spot(actor.x, actor.y, "town_hall", 0, 1.7, actor.x, actor.y))
    return tuple(found)


def _ink(area: Area) -> tuple[str, str]:
    """Return the colours of the words within a territory and of the halo around them."""
    ground = ground_of(area.look)
    dark = sum(int(ground[place : place + 2], 16) for place in (1, 3, 5)) < 300
    return "#ffffff" if dark else palette()["ink"], ground


def _from_wkb(wkb: bytes) -> QgsGeometry:
    geometry = QgsGeometry()
    geometry.fromWkb(wkb)
    return geometry


def _single(symbol) -> QgsSingleSymbolRenderer:
    return QgsSingleSymbolRenderer(symbol)


def _categories(field: str, looks: dict) -> QgsCategorizedSymbolRenderer:
    return QgsCategorizedSymbolRenderer(
        field, [QgsRendererCategory(name, symbol, "") for name, symbol in looks.items()]
    )


def _rules(rules) -> QgsRuleBasedRenderer:
    root = QgsRuleBasedRenderer.Rule(None)
    for symbol, expression in rules:
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, filterExp=expression))
    return QgsRuleBasedRenderer(root)


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


def _links_renderer() -> QgsSingleSymbolRenderer:
    return _single(QgsLineSymbol.createSimple({"color": palette()["accent"], "width": "0.25"}))


def _leader() -> QgsLineSymbol:
    return QgsLineSymbol.createSimple({"color": palette()["ink"], "width": "0.12"})


def _network_links_renderer() -> QgsRuleBasedRenderer:
    """Draw a link between networks thin and grey, one that gives what another looks for thick and dark."""
    looks = {
        "\"sorte\" = 'entre'": (palette()["grey"], "0.15"),
        "\"sorte\" = 'moyens'": (palette()["ink"], "0.7"),
        "\"sorte\" NOT IN ('entre', 'moyens')": (palette()["accent"], "0.3"),
    }
    return _rules(
        (QgsLineSymbol.createSimple({"color": colour, "width": width}), rule) for rule, (colour, width) in looks.items()
    )


def _network_renderer() -> QgsRuleBasedRenderer:
    """Draw what is firmer than chance with a full edge, the rest dashed."""
    fill = {"color": "0,81,125,20", "outline_color": palette()["accent"]}
    firm = QgsFillSymbol.createSimple({**fill, "outline_width": "0.6", "outline_style": "solid"})
    unsure = QgsFillSymbol.createSimple({**fill, "outline_width": "0.3", "outline_style": "dash"})
    return _rules(((firm, "\"solidite\" = 'nette'"), (unsure, "\"solidite\" <> 'nette'")))


def _translucent() -> QgsFillSymbol:
    return QgsFillSymbol.createSimple(
        {"color": "0,81,125,36", "outline_color": palette()["accent"], "outline_width": "0.3", "outline_style": "dash"}
    )
