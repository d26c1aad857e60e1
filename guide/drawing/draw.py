"""Draws a book with QGIS print layouts: one layout a page, all painted into one PDF."""

from __future__ import annotations

import base64
import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from qgis.core import (
    Qgis,
    QgsExpressionContextUtils,
    QgsFillSymbol,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsLayoutItemMarker,
    QgsLayoutItemPicture,
    QgsLayoutItemPolygon,
    QgsLayoutItemPolyline,
    QgsLayoutItemScaleBar,
    QgsLayoutItemShape,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsRectangle,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QMarginsF, QPointF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QPageSize, QPainter, QPdfWriter, QPolygonF

from ...layers.errors import CancelledError
from ...layers.geopackage import refusal
from ...styles import palette
from ..composing.book import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Book,
    Box,
    MapFrame,
    Marker,
    Page,
    Picture,
    Polygon,
    Rectangle,
    Rule,
    Text,
)
from ..composing.metrics import plain_font
from ..composing.settings import Colours
from ..maps.arranging import SMALL_MAP
from ..maps.layers import MapLayers
from ..maps.looks import look
from ..maps.looks import marker as marker_of
from ..pdf.marks import Run, mark_colour, runs
from ..photos import embedded
from .templates import Templates

MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
DPI = 300
ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "centre": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}
BAR_CORNERS = {
    "bottom left": QgsLayoutItem.ReferencePoint.LowerLeft,
    "bottom right": QgsLayoutItem.ReferencePoint.LowerRight,
    "top left": QgsLayoutItem.ReferencePoint.UpperLeft,
    "below": QgsLayoutItem.ReferencePoint.UpperLeft,
    "top right": QgsLayoutItem.ReferencePoint.UpperRight,
}
SCALE_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


LISTED = "tisserand/listed"
# Of items equally high, Qt draws the one that was added last above.
ABOVE = 1000


class Look(NamedTuple):
    """What a page is drawn with: the layers of the maps, the font family, the colours, the decoration of its kind."""

    layers: MapLayers
    family: str
    colours: Colours
    templates: Templates = Templates({})


def draw(book: Book, drawn_with: Look, path: Path, progress: Callable[[int], bool], *, marked: bool = False) -> None:
    """Write the book to a PDF, with the marks that ``pdf.finish`` needs to tag it and takes out again.

    ``progress`` takes the pages done and answers whether to go on.
    Raises CancelledError, and TisserandError when the file cannot be written.
    """
    writer = QPdfWriter(str(path))
    if book.pages:
        writer.setPageSize(_paper(book.pages[0]))
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
                writer.setPageSize(_paper(page))
                writer.newPage()
            layout = page_layout(page, drawn_with, runs(book, page) if marked else ())
            context = layout.renderContext()
            context.setDpi(DPI)
            context.setTextRenderFormat(Qgis.TextRenderFormat.AlwaysText)
            QgsLayoutExporter(layout).renderPage(painter, 0)
            drawn_with.layers.forget()
    finally:
        painter.end()


def _paper(page: Page) -> QPageSize:
    if (page.width, page.height) == (PAGE_WIDTH, PAGE_HEIGHT):
        return QPageSize(QPageSize.PageSizeId.A4)
    return QPageSize(QSizeF(page.width, page.height), QPageSize.Unit.Millimeter)


def page_layout(
    page: Page, drawn_with: Look, marked: Sequence[Run] = (), *, for_designer: bool = False
) -> QgsPrintLayout:
    """Return the print layout of one page; also what a planner opens in the layout designer.

    The runs of ``marked`` begin with a mark: a background that only the tagger is meant to see.
    """
    layout = QgsPrintLayout(drawn_with.layers.project)
    layout.initializeDefaults()
    layout.undoStack().blockCommands(True)
    layout.setCustomProperty(LISTED, for_designer)
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(page.width, page.height, MM))
    drawn_with.templates.decorate(layout, page.frame)
    marks = {run.first: mark_colour(number) for number, run in enumerate(marked)}
    for place, operation in enumerate(page.operations):
        mark = marks.get(place)
        if mark and isinstance(operation, MapFrame):
            # A map has a background of its own.
            _mark(_place(layout, QgsLayoutItemLabel(layout), Box(0, 0, 0.1, 0.1)), mark)
            mark = None
        item = _DRAW[type(operation)](layout, operation, drawn_with)
        if mark:
            _mark(item, mark)
    return layout


def _mark(item: QgsLayoutItem, mark: str) -> None:
    item.setBackgroundColor(QColor(mark))
    item.setBackgroundEnabled(True)


def _add(layout: QgsPrintLayout, item: QgsLayoutItem) -> QgsLayoutItem:
    """Add an item above all others; the list of items that the layout designer shows costs time with each."""
    if layout.customProperty(LISTED, False):
        layout.addLayoutItem(item)
    else:
        item.setZValue(ABOVE)
        layout.addItem(item)
    return item


def _place(layout: QgsPrintLayout, item: QgsLayoutItem, box: Box) -> QgsLayoutItem:
    item.attemptMove(QgsLayoutPoint(box.x, box.y, MM))
    item.attemptResize(QgsLayoutSize(box.w, box.h, MM))
    return _add(layout, item)


def _text_format(family: str, size: float, colour: str, bold: bool) -> QgsTextFormat:
    text = QgsTextFormat()
    text.setFont(plain_font(family, bold=bold))
    if bold:
        text.setNamedStyle("Bold")
    text.setSize(size)
    text.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    text.setColor(QColor(colour))
    return text


def _text(layout: QgsPrintLayout, text: Text, drawn_with: Look) -> QgsLayoutItem:
    label = QgsLayoutItemLabel(layout)
    words = "\n".join(text.lines)
    if "[%" in words:
        # A label evaluates [% %], but not the value of a variable: what people wrote is printed as they wrote it.
        QgsExpressionContextUtils.setLayoutItemVariable(label, "guide_text", words)
        words = "[% @guide_text %]"
    label.setText(words)
    colour = drawn_with.colours.resolve(text.colour)
    if hasattr(label, "setTextFormat"):
        label.setTextFormat(_text_format(drawn_with.family, text.size, colour, text.bold))
    else:
        font = plain_font(drawn_with.family, bold=text.bold)
        font.setPointSizeF(text.size)
        label.setFont(font)
        label.setFontColor(QColor(colour))
    label.setHAlign(ALIGNMENTS[text.align])
    label.setVAlign(Qt.AlignmentFlag.AlignTop)
    label.setMarginX(0)
    label.setMarginY(0)
    # Letters are placed on device pixels, so a long line may come out a little wider than measured, and a label breaks
    # or cuts what passes its frame: the frame is wider than the text, on the side away from its edge.
    room = 1.0 + 0.03 * text.width
    slack = {"left": 0.0, "centre": 0.5, "right": 1.0}[text.align] * room
    return _place(layout, label, Box(text.box.x - slack, text.box.y, text.box.w + room, text.box.h + 1.0))


def _rectangle(layout: QgsPrintLayout, rectangle: Rectangle, drawn_with: Look) -> QgsLayoutItem:
    shape = QgsLayoutItemShape(layout)
    shape.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    fill = drawn_with.colours.resolve(rectangle.fill)
    symbol = look(fill)
    if not rectangle.outline and fill.startswith("#"):
        symbol = QgsFillSymbol.createSimple({"color": fill, "outline_style": "no"})
    elif rectangle.outline:
        symbol.symbolLayer(0).setStrokeColor(QColor(drawn_with.colours.resolve(rectangle.outline)))
        symbol.symbolLayer(0).setStrokeWidth(0.15)
    shape.setSymbol(symbol)
    return _place(layout, shape, rectangle.box)


def _rule(layout: QgsPrintLayout, rule: Rule, drawn_with: Look) -> QgsLayoutItem:
    line = QgsLayoutItemPolyline(QPolygonF([QPointF(rule.x1, rule.y1), QPointF(rule.x2, rule.y2)]), layout)
    colour = drawn_with.colours.resolve(rule.colour)
    line.setSymbol(QgsLineSymbol.createSimple({"color": colour, "width": str(rule.width)}))
    return _add(layout, line)


def _polygon(layout: QgsPrintLayout, polygon: Polygon, drawn_with: Look) -> QgsLayoutItem:
    item = QgsLayoutItemPolygon(QPolygonF([QPointF(x, y) for x, y in polygon.points]), layout)
    colours = drawn_with.colours
    style = {"color": colours.resolve(polygon.fill)} if polygon.fill else {"style": "no"}
    if polygon.outline:
        style |= {"outline_color": colours.resolve(polygon.outline), "outline_width": str(polygon.width)}
    else:
        style["outline_style"] = "no"
    item.setSymbol(QgsFillSymbol.createSimple(style))
    return _add(layout, item)


def _picture(layout: QgsPrintLayout, picture: Picture, drawn_with: Look) -> QgsLayoutItem:
    item = QgsLayoutItemPicture(layout)
    source = picture.source
    if source.lstrip().startswith("<"):
        source = "base64:" + base64.b64encode(source.encode()).decode()
        item.setPicturePath(source, QgsLayoutItemPicture.Format.FormatSVG)
    elif Path(source).suffix.lower() == ".svg":
        item.setPicturePath(source)
    else:
        # Cameras write into a photo where it was taken, and give more pixels than paper can show.
        source = embedded(Path(source), picture.box.w, picture.box.h)
        item.setPicturePath(source, QgsLayoutItemPicture.Format.FormatRaster)
    item.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
    return _place(layout, item, picture.box)


def _marker(layout: QgsPrintLayout, marker: Marker, drawn_with: Look) -> QgsLayoutItem:
    item = QgsLayoutItemMarker(layout)
    item.setSymbol(marker_of(marker.symbol, marker.size))
    item.setReferencePoint(QgsLayoutItem.ReferencePoint.Middle)
    item.attemptMove(QgsLayoutPoint(marker.x, marker.y, MM))
    return _add(layout, item)


def _map(layout: QgsPrintLayout, frame: MapFrame, drawn_with: Look) -> QgsLayoutItem:
    item = QgsLayoutItemMap(layout)
    _place(layout, item, frame.box)
    item.setCrs(drawn_with.layers.crs)
    item.setKeepLayerSet(True)
    item.setLayers(drawn_with.layers.of(frame))
    item.setExtent(QgsRectangle(*frame.ground))
    # setExtent() resizes the item on QGIS 3.22.
    item.attemptResize(QgsLayoutSize(frame.box.w, frame.box.h, MM))
    QgsExpressionContextUtils.setLayoutItemVariable(item, "guide_focus", frame.focus)
    QgsExpressionContextUtils.setLayoutItemVariable(item, "guide_subject", frame.subject)
    QgsExpressionContextUtils.setLayoutItemVariable(item, "guide_over", "oui" if frame.over else "")
    item.setBackgroundEnabled(frame.frame)
    item.setFrameEnabled(frame.frame)
    item.setFrameStrokeColor(QColor(palette()["rule"]))
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.25, MM))
    kept_clear = [item]
    if frame.scale_bar:
        kept_clear.append(_scale_bar(layout, item, frame, drawn_with.family))
    if frame.over:
        _keep_words_off(layout, kept_clear, frame)
    return item


def _keep_words_off(layout: QgsPrintLayout, kept_clear: list[QgsLayoutItem], frame: MapFrame) -> None:
    """Let no label of the map below come under an inset or its scale bar."""
    for item in layout.items():
        if isinstance(item, QgsLayoutItemMap) and item is not kept_clear[0]:
            below = item.sceneBoundingRect()
            if below.contains(frame.box.x + frame.box.w / 2, frame.box.y + frame.box.h / 2):
                for one in kept_clear:
                    item.addLabelBlockingItem(one)


def _scale_bar(layout: QgsPrintLayout, item: QgsLayoutItemMap, frame: MapFrame, family: str) -> QgsLayoutItem:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Line Ticks Up")
    bar.setLinkedMap(item)
    bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceKilometers)
    bar.setUnitLabel("km")
    bar.setNumberOfSegmentsLeft(0)
    bar.setNumberOfSegments(2 if frame.box.w >= SMALL_MAP else 1)
    kilometres_a_segment = item.extent().width() / 1000 / frame.box.w * 12
    bar.setUnitsPerSegment(min(SCALE_STEPS, key=lambda step: abs(step - kilometres_a_segment)))
    words = _text_format(family, 6.5, palette()["ink"], bold=False)
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.6)
    halo.setSizeUnit(QgsUnitTypes.RenderUnit.RenderMillimeters)
    halo.setColor(QColor("#ffffff"))
    words.setBuffer(halo)
    bar.setTextFormat(words)
    bar.setHeight(1.2)
    _add(layout, bar)
    bar.update()
    bar.setReferencePoint(BAR_CORNERS[frame.bar])
    x = frame.box.x + 1 if frame.bar.endswith("left") else frame.box.right - 1
    y = frame.box.y + 1 if frame.bar.startswith("top") else frame.box.bottom - 1
    if frame.bar == "below":
        x, y = frame.box.x + 1, frame.box.bottom
    bar.attemptMove(QgsLayoutPoint(x, y, MM))
    item.addLabelBlockingItem(bar)
    return bar


_DRAW = {
    Text: _text,
    Rectangle: _rectangle,
    Rule: _rule,
    Polygon: _polygon,
    Picture: _picture,
    Marker: _marker,
    MapFrame: _map,
}
