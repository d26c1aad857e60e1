"""The figures and symbols of a book as pictures, drawn by the same print layouts as its pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qgis.core import QgsLayoutExporter
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from qgis.PyQt.QtGui import QImage

from ...layers import symbols
from ...layers.errors import TisserandError
from ...layers.photos import encoded, fresh, read_upright
from ..composing.book import ARTIFACT, Book, Box, MapFrame, Marker, Page, Picture, Polygon, Rule, Text
from ..drawing.draw import Look, page_layout
from ..maps.looks import look
from .html import Drawn
from .outline import Node, extent_of

DPI = 150
MOST_PIXELS = 1600
"""Of the longer side of a photograph."""
AROUND, LONGEST_LABEL = 7.0, 14
"""Millimetres from a chart, and letters, of the words that stand around it."""
EDGE = 1.5
SYMBOL = 36
"""Pixels: twice what a page shows, for screens of high density."""
PIXELS_PER_MM = 5.0
"""Of a page, as its style sheet counts: a map as wide as the text of an A4 page is 900 pixels wide."""


def merged_into(book: Book) -> dict[int, int]:
    """Return the place of each figure that lies on another, such as an inset on its map -> the place of that other."""
    found = {}
    for page in book.pages:
        maps = [one for one in page.operations if isinstance(one, MapFrame) and one.element != ARTIFACT]
        for inset in maps:
            below = next((one for one in maps if not one.over and _holds(one.box, inset.box)), None)
            if inset.over and below is not None:
                found[inset.element] = below.element
    return found


def _holds(outer: Box, inner: Box) -> bool:
    x, y = inner.x + inner.w / 2, inner.y + inner.h / 2
    return outer.x <= x <= outer.right and outer.y <= y <= outer.bottom


def photograph(node: Node) -> tuple[bytes, int, int, str] | None:
    """Return a figure that is one photograph, with its size in the pixels of a page and the ending of its file.

    What the camera wrote into the file (place, owner) is left out. None for another figure, or what is no photograph.
    """
    drawn = [operation for _, operation in node.drawn if not isinstance(operation, Text)]
    if len(drawn) != 1 or not isinstance(drawn[0], Picture) or drawn[0].source.lstrip().startswith("<"):
        return None
    try:
        image = fresh(read_upright(Path(drawn[0].source)))
    except TisserandError:
        return None  # drawn as the layout draws it
    if max(image.width(), image.height()) > MOST_PIXELS:
        size = QSize(MOST_PIXELS, MOST_PIXELS)
        image = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    width = min(image.width(), round(drawn[0].box.w * PIXELS_PER_MM))
    data, ending = encoded(image)
    return data, width, round(width * image.height() / image.width()), ending


def figure(book: Book, node: Node, drawn_with: Look, dpi: float = DPI) -> tuple[bytes, int, int, str] | None:
    """Return a figure as PNG, as ``photograph`` does; None when nothing of it is drawn."""
    pages = [index for index, _ in node.drawn]
    if not pages:
        return None
    page = book.pages[pages[0]]
    own = [operation for index, operation in node.drawn if index == pages[0]]
    box = _bounds(own)
    if not any(isinstance(operation, MapFrame) for operation in own):
        # The words around a chart are a part of it.
        left, top, width, height = _bounds([*own, *(one for one in page.operations if _is_around(one, box))])
        box = Box(left - EDGE, top - EDGE, width + 2 * EDGE, height + 2 * EDGE)
    if box.w < 1 or box.h < 1:
        return None
    inside = [operation for operation in page.operations if _is_part(operation, node.place, box)]
    alone = Page("", "", [_moved(operation, -box.x, -box.y) for operation in inside], width=box.w, height=box.h)
    layout = page_layout(alone, drawn_with)
    image = QgsLayoutExporter(layout).renderPageToImage(0, QSize(), dpi)
    drawn_with.layers.forget()
    return _png(image), round(box.w * PIXELS_PER_MM), round(box.h * PIXELS_PER_MM), "png"


def symbol(name: str) -> bytes:
    """Return a symbol or a look of the maps as PNG, on nothing."""
    kind, _, theme = name.partition(":")
    markers = {
        "theme": lambda: symbols.theme_marker(theme, 8.4),
        "town_hall": lambda: symbols.town_hall_marker(6.4),
        "need": lambda: symbols.need_marker(7.0),
        "pale": lambda: symbols.pale_marker(6.4),
    }
    found = markers[kind]() if kind in markers and kind + (":" if theme else "") in ("theme:", kind) else look(name)
    return _png(found.asImage(QSize(SYMBOL, SYMBOL)))


class Figures:
    """Draws figures into a folder; ``drawn``: place of a figure in the structure -> its picture."""

    def __init__(self, book: Book, look: Look, folder: Path):
        self._book = book
        self._look = look
        self._folder = folder
        self._merged = merged_into(book)
        self.drawn: dict[int, Drawn] = {}
        self._words: dict[int, str] = {}
        for inset, below in self._merged.items():
            self._words[below] = f"{self._words.get(below, '')} {book.elements[inset].alternative}"

    def draw(self, node: Node) -> None:
        """Draw a figure, unless it is drawn as a part of another."""
        if node.place in self._merged:
            return
        name = f"images/figure-{len(self.drawn) + 1:04d}"
        made = photograph(node) or figure(self._book, node, self._look)
        if made is None:
            return
        data, width, height, ending = made
        file = f"{name}.{ending}"
        (self._folder / file).write_bytes(data)
        words = node.alternative + self._words.get(node.place, "")
        self.drawn[node.place] = Drawn(file, width, height, words)


def _is_around(operation: object, box: Box) -> bool:
    if not isinstance(operation, Text) or operation.element != ARTIFACT or len(operation.words) > LONGEST_LABEL:
        return False
    x, y = operation.box.x + operation.box.w / 2, operation.box.y + operation.box.h / 2
    return box.x - AROUND <= x <= box.right + AROUND and box.y - AROUND <= y <= box.bottom + AROUND


def _bounds(operations: list) -> Box:
    sides = [extent_of(operation) for operation in operations]
    left, top = min(side[0] for side in sides), min(side[1] for side in sides)
    return Box(left, top, max(side[2] for side in sides) - left, max(side[3] for side in sides) - top)


def _is_part(operation: object, place: int, box: Box) -> bool:
    """Say whether an operation is drawn with a figure: its own, what only adorns it, what lies on it."""
    element = getattr(operation, "element", ARTIFACT)
    if element == place:
        return True
    if element != ARTIFACT and not (isinstance(operation, MapFrame) and operation.over):
        return False
    left, top, right, bottom = extent_of(operation)
    return left >= box.x - 1 and top >= box.y - 1 and right <= box.right + 1 and bottom <= box.bottom + 1


def _moved(operation: object, dx: float, dy: float) -> object:
    if isinstance(operation, Polygon):
        return replace(operation, points=tuple((x + dx, y + dy) for x, y in operation.points))
    if isinstance(operation, Rule):
        return replace(
            operation, x1=operation.x1 + dx, y1=operation.y1 + dy, x2=operation.x2 + dx, y2=operation.y2 + dy
        )
    if isinstance(operation, Marker):
        return replace(operation, x=operation.x + dx, y=operation.y + dy)
    box = operation.box
    return replace(operation, box=Box(box.x + dx, box.y + dy, box.w, box.h))


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(data)
