"""Draws a book with QGIS print layouts: one layout a page, all painted into one PDF."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsExpressionContextUtils,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemMarker,
    QgsLayoutItemPage,
    QgsLayoutItemPolyline,
    QgsLayoutItemScaleBar,
    QgsLayoutItemShape,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsRectangle,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QMarginsF, QPointF, Qt
from qgis.PyQt.QtGui import QColor, QPageSize, QPainter, QPdfWriter, QPolygonF

from ..layers import symbols
from ..layers.errors import CancelledError
from ..layers.geopackage import refusal
from ..styles import palette
from .book import Book, Box, MapFrame, Marker, Page, Rectangle, Rule, Text
from .maps import MapLayers, look
from .metrics import plain_font

MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
DPI = 300
ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "centre": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}
SCALE_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def draw(book: Book, layers: MapLayers, family: str, path: Path, progress: Callable[[int], bool]) -> None:
    """Write the book to a PDF. ``progress`` takes the pages done and answers whether to go on.

    Raises CancelledError, and TisserandError when the file cannot be written.
    """
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(DPI)
    writer.setTitle(book.title)
    writer.setCreator("Tisserand")
    painter = QPainter()
    if not painter.begin(writer):
        raise refusal(path, os.strerror(errno.EACCES))
    try:
        for done, page in enumerate(book.pages):
            if not progress(done):
                raise CancelledError
            if done:
                writer.newPage()
            layout = page_layout(page, layers, family)
            context = layout.renderContext()
            context.setDpi(DPI)
            context.setTextRenderFormat(Qgis.TextRenderFormat.AlwaysText)
            QgsLayoutExporter(layout).renderPage(painter, 0)
    finally:
        painter.end()


def page_layout(page: Page, layers: MapLayers, family: str) -> QgsPrintLayout:
    """Return the print layout of one page; also what a planner opens in the layout designer."""
    layout = QgsPrintLayout(layers.project)
    layout.initializeDefaults()
    layout.undoStack().blockCommands(True)
    layout.pageCollection().page(0).setPageSize("A4", QgsLayoutItemPage.Orientation.Portrait)
    for operation in page.operations:
        _DRAW[type(operation)](layout, operation, layers, family)
    return layout


def _place(layout: QgsPrintLayout, item: QgsLayoutItem, box: Box) -> None:
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(box.x, box.y, MM))
    item.attemptResize(QgsLayoutSize(box.w, box.h, MM))


def _text_format(family: str, size: float, colour: str, bold: bool) -> QgsTextFormat:
    text = QgsTextFormat()
    text.setFont(plain_font(family, bold=bold))
    if bold:
        text.setNamedStyle("Bold")
    text.setSize(size)
    text.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    text.setColor(QColor(colour))
    return text


def _text(layout: QgsPrintLayout, text: Text, layers: MapLayers, family: str) -> None:
    label = QgsLayoutItemLabel(layout)
    words = "\n".join(text.lines)
    if "[%" in words:
        # A label evaluates [% %], but not the value of a variable: what people wrote is printed as they wrote it.
        QgsExpressionContextUtils.setLayoutItemVariable(label, "guide_text", words)
        words = "[% @guide_text %]"
    label.setText(words)
    if hasattr(label, "setTextFormat"):
        label.setTextFormat(_text_format(family, text.size, text.colour, text.bold))
    else:
        font = plain_font(family, bold=text.bold)
        font.setPointSizeF(text.size)
        label.setFont(font)
        label.setFontColor(QColor(text.colour))
    label.setHAlign(ALIGNMENTS[text.align])
    label.setVAlign(Qt.AlignmentFlag.AlignTop)
    label.setMarginX(0)
    label.setMarginY(0)
    # Letters are placed on device pixels, so a long line may come out a little wider than measured, and a label breaks
    # or cuts what passes its frame: the frame is wider than the text, on the side away from its edge.
    room = 1.0 + 0.03 * text.width
    slack = {"left": 0.0, "centre": 0.5, "right": 1.0}[text.align] * room
    _place(layout, label, Box(text.box.x - slack, text.box.y, text.box.w + room, text.box.h + 1.0))


def _rectangle(layout: QgsPrintLayout, rectangle: Rectangle, layers: MapLayers, family: str) -> None:
    shape = QgsLayoutItemShape(layout)
    shape.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    symbol = look(rectangle.fill)
    if not rectangle.outline and rectangle.fill.startswith("#"):
        symbol = QgsFillSymbol.createSimple({"color": rectangle.fill, "outline_style": "no"})
    elif rectangle.outline:
        symbol.symbolLayer(0).setStrokeColor(QColor(rectangle.outline))
        symbol.symbolLayer(0).setStrokeWidth(0.15)
    shape.setSymbol(symbol)
    _place(layout, shape, rectangle.box)


def _rule(layout: QgsPrintLayout, rule: Rule, layers: MapLayers, family: str) -> None:
    line = QgsLayoutItemPolyline(QPolygonF([QPointF(rule.x1, rule.y1), QPointF(rule.x2, rule.y2)]), layout)
    line.setSymbol(QgsLineSymbol.createSimple({"color": rule.colour, "width": str(rule.width)}))
    layout.addLayoutItem(line)


def _marker(layout: QgsPrintLayout, marker: Marker, layers: MapLayers, family: str) -> None:
    item = QgsLayoutItemMarker(layout)
    kind, _, theme = marker.symbol.partition(":")
    symbol = {
        "theme": lambda: symbols.theme_marker(theme, marker.size),
        "town_hall": lambda: symbols.town_hall_marker(marker.size),
        "need": lambda: symbols.need_marker(marker.size),
    }[kind]()
    item.setSymbol(symbol)
    layout.addLayoutItem(item)
    item.setReferencePoint(QgsLayoutItem.ReferencePoint.Middle)
    item.attemptMove(QgsLayoutPoint(marker.x, marker.y, MM))


def _map(layout: QgsPrintLayout, frame: MapFrame, layers: MapLayers, family: str) -> None:
    item = QgsLayoutItemMap(layout)
    _place(layout, item, frame.box)
    item.setCrs(layers.crs)
    item.setKeepLayerSet(True)
    item.setLayers(layers.of(frame.subject))
    item.setExtent(_fitted(frame))
    # setExtent() resizes the item on QGIS 3.22.
    item.attemptResize(QgsLayoutSize(frame.box.w, frame.box.h, MM))
    QgsExpressionContextUtils.setLayoutItemVariable(item, "guide_focus", frame.focus)
    QgsExpressionContextUtils.setLayoutItemVariable(item, "guide_subject", frame.subject)
    item.setBackgroundEnabled(frame.frame)
    item.setFrameEnabled(frame.frame)
    item.setFrameStrokeColor(QColor(palette()["rule"]))
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.25, MM))
    if frame.scale_bar:
        _scale_bar(layout, item, frame, family)


def _fitted(frame: MapFrame) -> QgsRectangle:
    """Return the extent widened to the shape of its box, so that the whole of it is seen."""
    extent = QgsRectangle(*frame.extent)
    ratio = frame.box.w / frame.box.h
    centre = extent.center()
    half_width = max(extent.width(), extent.height() * ratio) / 2
    half_height = half_width / ratio
    return QgsRectangle(
        centre.x() - half_width, centre.y() - half_height, centre.x() + half_width, centre.y() + half_height
    )


def _scale_bar(layout: QgsPrintLayout, item: QgsLayoutItemMap, frame: MapFrame, family: str) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Line Ticks Up")
    bar.setLinkedMap(item)
    bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
    bar.setUnitLabel("km")
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2)
    kilometres_a_segment = item.extent().width() / 1000 / frame.box.w * 12
    bar.setUnitsPerSegment(min(SCALE_STEPS, key=lambda step: abs(step - kilometres_a_segment)))
    bar.setTextFormat(_text_format(family, 6.5, palette()["ink"], bold=False))
    bar.setHeight(1.2)
    bar.setBackgroundEnabled(True)
    bar.setBackgroundColor(QColor(255, 255, 255, 215))
    layout.addLayoutItem(bar)
    bar.update()
    bar.setReferencePoint(QgsLayoutItem.ReferencePoint.LowerLeft)
    bar.attemptMove(QgsLayoutPoint(frame.box.x + 1, frame.box.bottom - 1, MM))
    item.addLabelBlockingItem(bar)


_DRAW = {Text: _text, Rectangle: _rectangle, Rule: _rule, Marker: _marker, MapFrame: _map}
