"""Page templates: ``.qpt`` files that a designer changes in QGIS's layout designer, read as frames and decoration.

Items whose id is ``guide:<zone>`` are zones: their place and, for labels, their style is taken, and they are not drawn.
All others are decoration, drawn below the page's content. Those named ``guide:<colour>…`` (``guide:accent``…) take a
colour of the settings, ``guide:logo`` shows the logo. What could run or reach out of the file is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

from qgis.core import (
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemPicture,
    QgsLayoutItemPolygon,
    QgsLayoutItemPolyline,
    QgsLayoutItemRegistry,
    QgsLayoutItemShape,
    QgsPathResolver,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...styles import FOLDER
from ..composing.book import Box
from ..composing.frames import FRAMES, OPTIONAL, Frame, Zone
from ..composing.metrics import MM_PER_POINT
from ..composing.settings import Colours
from . import template_dangers

BUILT_IN = FOLDER / "guide"
PREFIX = "guide:"
LOGO = "logo"
MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
NOT_DRAWN = (QgsLayoutItemRegistry.ItemType.LayoutPage, QgsLayoutItemRegistry.ItemType.LayoutGroup)
SAME_SIZE = 0.5
LEAST_WIDTH, LEAST_HEIGHT = 10.0, 3.0
COLOUR_NAMES = tuple(f.name for f in fields(Colours))
ALIGNMENTS = {Qt.AlignmentFlag.AlignHCenter: "centre", Qt.AlignmentFlag.AlignRight: "right"}
NO_ZONE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} has no item “{zone}”: the built-in page is used. Give an item of it this identifier, where "
    "that content is to stand.",
)
NO_ROOM = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} is not used, but the built-in page: its item “{zone}” is too small, or not wholly on the "
    "page.",
)
WRONG_SIZE = QT_TRANSLATE_NOOP(
    "Tisserand",
    "The template {path} is not used, but the built-in page: it must have one page of {width} × {height} mm.",
)
UNKNOWN = QT_TRANSLATE_NOOP(
    "Tisserand", "The template {path} is used for no page: call it after one of the pages, {names}."
)


class Template(NamedTuple):
    """A page's zones, its decoration as the XML of layout items, and the file they come from."""

    path: Path
    frame: Frame
    decoration: QDomDocument | None


class Templates(NamedTuple):
    """A template for each kind of page; ``faults`` says which could not be used, ``own`` which are not the built-in."""

    by_name: dict[str, Template]
    own: frozenset[str] = frozenset()
    faults: tuple[TisserandError, ...] = ()

    @property
    def frames(self) -> dict[str, Frame]:
        """Return the frames to compose with."""
        return {name: template.frame for name, template in self.by_name.items()}

    def decorate(self, layout: QgsPrintLayout, name: str) -> None:
        """Add the decoration of a kind of page to a layout that is still empty."""
        template = self.by_name.get(name)
        if template is not None and template.decoration is not None:
            document = template.decoration
            layout.addItemsFromXml(document.documentElement(), document, QgsReadWriteContext())


def read_templates(folder: Path | None, colours: Colours, logo: str) -> Templates:
    """Return the templates of a folder and, for kinds of page that it lacks or that cannot be used, the built-in."""
    by_name, own, faults = {}, set(), []
    for name in FRAMES:
        path = folder / f"{name}.qpt" if folder is not None else None
        if path is not None and path.is_file():
            try:
                by_name[name] = read_template(path, colours, logo)
                own.add(name)
                continue
            except TisserandError as error:
                faults.append(error)
        by_name[name] = read_template(BUILT_IN / f"{name}.qpt", colours, logo)
    for path in sorted(folder.glob("*.qpt")) if folder is not None and folder.is_dir() else ():
        if path.stem not in FRAMES:
            faults.append(TisserandError(UNKNOWN, path=path, names=", ".join(f"{name}.qpt" for name in FRAMES)))
    return Templates(by_name, frozenset(own), tuple(faults))


def read_template(path: Path, colours: Colours, logo: str) -> Template:
    """Return the template of the page that the file is named after; raises TisserandError when it cannot be used."""
    document = template_dangers.open_template(path, PREFIX)
    context = QgsReadWriteContext()
    context.setPathResolver(QgsPathResolver(str(path)))
    project = QgsProject()
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    items, loaded = layout.loadFromTemplate(document, context)
    if not loaded:
        raise TisserandError(template_dangers.UNREADABLE, path=path, cause="Layout")
    built_in = FRAMES[path.stem]
    _check_size(layout, built_in, path)
    zones, decoration = {}, []
    for item in sorted(items, key=lambda item: item.zValue()):
        kind = item.id()[len(PREFIX) :] if item.id().startswith(PREFIX) else None
        if kind is None or _colour_of(kind) or (kind == LOGO and path.stem != "couverture"):
            if item.type() not in NOT_DRAWN:
                decoration.append((item, kind))
        else:
            zones[kind] = _zone(layout, item, built_in.zones.get(kind))
    _check_zones(zones, built_in, path)
    template = Template(
        path,
        built_in._replace(zones=zones),
        _kept((item for item, kind in decoration if _dressed(item, kind, colours, logo))),
    )
    layout.clear()
    return template


def add_zones(layout: QgsPrintLayout, template: Template) -> None:
    """Add a template's zones to the layout of one of its pages, hidden: a designer shows and moves them there."""
    document = template_dangers.open_template(template.path, PREFIX)
    project = QgsProject()
    source = QgsPrintLayout(project)
    source.initializeDefaults()
    items, _ = source.loadFromTemplate(document, QgsReadWriteContext())
    zones = [item for item in items if item.id()[len(PREFIX) :] in template.frame.zones]
    for item in zones:
        item.setVisibility(False)
    kept = _kept(sorted(zones, key=lambda item: item.zValue()))
    if kept is not None:
        layout.addItemsFromXml(kept.documentElement(), kept, QgsReadWriteContext())


def _check_size(layout: QgsPrintLayout, frame: Frame, path: Path) -> None:
    pages = layout.pageCollection()
    size = layout.convertFromLayoutUnits(layout.convertToLayoutUnits(pages.page(0).pageSize()), MM)
    off = max(abs(size.width() - frame.width), abs(size.height() - frame.height))
    if pages.pageCount() != 1 or off > SAME_SIZE:
        raise TisserandError(WRONG_SIZE, path=path, width=f"{frame.width:g}", height=f"{frame.height:g}")


def _check_zones(zones: dict[str, Zone], frame: Frame, path: Path) -> None:
    for name in frame.zones:
        if name not in zones:
            if name not in OPTIONAL:
                raise TisserandError(NO_ZONE, path=path, zone=PREFIX + name)
            continue
        box = zones[name].box
        fits = box.x >= 0 and box.y >= 0 and box.right <= frame.width and box.bottom <= frame.height
        if not fits or box.w < LEAST_WIDTH or box.h < LEAST_HEIGHT:
            raise TisserandError(NO_ROOM, path=path, zone=PREFIX + name)


def _zone(layout: QgsPrintLayout, item: QgsLayoutItem, built_in: Zone | None) -> Zone:
    at, size = item.pagePos(), item.rect()
    sides = (
        round(layout.convertFromLayoutUnits(side, MM).length(), 2)
        for side in (at.x(), at.y(), size.width(), size.height())
    )
    zone = (built_in or Zone(Box(0, 0, 0, 0)))._replace(box=Box(*sides))
    return _styled(zone, item) if isinstance(item, QgsLayoutItemLabel) else zone


def _styled(zone: Zone, label: QgsLayoutItemLabel) -> Zone:
    if hasattr(label, "textFormat"):
        style = label.textFormat()
        font, colour = style.font(), style.color()
        size = style.size()
        if style.sizeUnit() == QgsUnitTypes.RenderUnit.RenderMillimeters:
            size /= MM_PER_POINT
        bold = font.bold() or "bold" in style.namedStyle().lower()
    else:
        font, colour = label.font(), label.fontColor()
        size, bold = font.pointSizeF(), font.bold()
    return zone._replace(
        size=round(size, 2), bold=bold, colour=_named(colour), align=ALIGNMENTS.get(label.hAlign(), "left")
    )


def _named(colour: QColor) -> str:
    """Return the name that a colour has among the built-in ones, so that it follows the settings; else #rrggbb."""
    wanted = colour.name()
    return next((name for name in COLOUR_NAMES if getattr(Colours(), name).lower() == wanted), wanted)


def _colour_of(kind: str | None) -> str:
    return next((name for name in COLOUR_NAMES if kind and kind.startswith(name)), "")


def _dressed(item: QgsLayoutItem, kind: str | None, colours: Colours, logo: str) -> bool:
    """Give an item of the decoration its colour or picture, and say whether it is drawn."""
    if kind == LOGO:
        if logo and isinstance(item, QgsLayoutItemPicture):
            item.setPicturePath(logo)
        return bool(logo)
    name = _colour_of(kind)
    if name:
        _paint(item, QColor(getattr(colours, name)))
    return True


def _paint(item: QgsLayoutItem, colour: QColor) -> None:
    if isinstance(item, (QgsLayoutItemShape, QgsLayoutItemPolygon, QgsLayoutItemPolyline)):
        symbol = item.symbol().clone()
        symbol.setColor(colour)
        item.setSymbol(symbol)
    elif isinstance(item, QgsLayoutItemLabel):
        if hasattr(item, "setTextFormat"):
            style = item.textFormat()
            style.setColor(colour)
            item.setTextFormat(style)
        else:
            item.setFontColor(colour)


def _kept(items: Iterable[QgsLayoutItem]) -> QDomDocument | None:
    document = QDomDocument()
    root = document.createElement("Layout")
    document.appendChild(root)
    context = QgsReadWriteContext()
    for item in items:
        item.writeXml(root, document, context)
    return document if root.hasChildNodes() else None
