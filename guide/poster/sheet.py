"""A map laid out on a sheet, written as PDF, PNG or SVG."""

from __future__ import annotations

import re
import tempfile
from html import escape
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout
from qgis.PyQt.QtCore import QSize

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ...layers.geopackage import refusal
from ..composing.book import Book
from ..drawing.draw import page_layout
from ..facts.content import Content
from ..printing import Press
from . import Paper
from .georeference import georeference_pdf, projection_file, world_file


class Sheet:
    """A laid-out map that is written in one way or another, whole or not at all."""

    def __init__(self, press: Press, content: Content, book: Book, paper: Paper):
        self._press, self._content, self._book, self._paper = press, content, book, paper
        self._look = press.look(content)

    def pdf(self, path: Path) -> None:
        """Write a tagged PDF that says where its map lies."""
        with tempfile.TemporaryDirectory(prefix="tisserand-") as folder:
            flat = Path(folder) / "carte.pdf"
            self._press.print(self._book, self._content, self._look, flat, lambda done: True)
            georeference_pdf(flat, path, self._book.pages[0], self._content.epsg, self._paper.scale)

    def png(self, path: Path, resolution: int) -> None:
        """Write a picture with its world file (.pgw) and the name of its CRS (.prj) beside it."""
        dots = resolution or (200 if self._paper.scale == 1 else 100)
        # The exporter does not keep its layout alive.
        layout = self._layout()
        image = QgsLayoutExporter(layout).renderPageToImage(0, QSize(), dots * self._paper.scale)
        if image.isNull():
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand", "{path} was not drawn: there is not enough memory for so many points. Ask for fewer."
                ),
                path=path,
            )
        per_metre = round(dots / 0.0254)
        image.setDotsPerMeterX(per_metre)
        image.setDotsPerMeterY(per_metre)
        with tempfile.TemporaryDirectory(prefix="tisserand-") as folder:
            drawn = Path(folder) / "carte.png"
            if not image.save(str(drawn)):
                raise refusal(path, "PNG")
            _put(drawn.read_bytes(), path)
        _put(world_file(self._book.pages[0], image.width()).encode(), path.with_suffix(".pgw"))
        _put(projection_file(self._content.epsg).encode(), path.with_suffix(".prj"))

    def svg(self, path: Path) -> None:
        """Write a drawing whose letters are shapes, so that it looks the same without the font."""
        options = QgsLayoutExporter.SvgExportSettings()
        options.textRenderFormat = Qgis.TextRenderFormat.AlwaysOutlines
        options.exportMetadata = False
        with tempfile.TemporaryDirectory(prefix="tisserand-") as folder:
            drawn = Path(folder) / "carte.svg"
            layout = self._layout()
            done = QgsLayoutExporter(layout).exportToSvg(str(drawn), options)
            if done != QgsLayoutExporter.ExportResult.Success:
                raise refusal(path, "SVG")
            _put(self._sized(drawn.read_text(encoding="utf-8")).encode(), path)

    def _sized(self, drawing: str) -> str:
        """Return the drawing with the size of the paper, and its title and alternative as words."""
        page, scale = self._book.pages[0], self._paper.scale
        drawing = re.sub(r'(<svg[^>]*?\bwidth=")[^"]*', rf"\g<1>{page.width * scale:g}mm", drawing, count=1)
        drawing = re.sub(r'(<svg[^>]*?\bheight=")[^"]*', rf"\g<1>{page.height * scale:g}mm", drawing, count=1)
        words = next(element.alternative for element in self._book.elements if element.kind == "Figure")
        named = f"<title>{escape(self._book.title)}</title>\n<desc>{escape(words)}</desc>"
        return re.sub(r"<title>.*?</title>(\s*<desc>.*?</desc>)?", lambda _: named, drawing, count=1, flags=re.DOTALL)

    def _layout(self) -> QgsPrintLayout:
        return page_layout(self._book.pages[0], self._look)


def _put(data: bytes, path: Path) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        raise refusal(path, error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
