"""Lay pictures of pages side by side on one sheet: spread.py FOLDER BOOK OUTPUT SECTION...

FOLDER holds what ``pdftoppm -png`` made, BOOK is what ``guide`` says of its pages. A section stands for its first page,
``Section+1`` for the one after it.
"""

import json
import sys
from pathlib import Path

from qgis.PyQt.QtGui import QColor, QGuiApplication, QImage, QPainter

COLUMNS, GAP = 4, 14


def main(folder: Path, book: Path, output: Path, wanted: list[str]) -> None:
    """Write the sheet."""
    application = QGuiApplication([])
    files = sorted(folder.glob("page-*.png"))
    pages = [QImage(str(files[place])) for place in places(book, wanted)]
    width, height = pages[0].width(), pages[0].height()
    columns = min(COLUMNS, len(pages))
    rows = -(-len(pages) // columns)
    sheet = QImage(columns * (width + GAP) + GAP, rows * (height + GAP) + GAP, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#8a8f96"))
    painter = QPainter(sheet)
    for index, page in enumerate(pages):
        column, row = index % columns, index // columns
        painter.drawImage(GAP + column * (width + GAP), GAP + row * (height + GAP), page)
    painter.end()
    if not sheet.save(str(output)):
        raise SystemExit(f"{output}: not written")
    del application


def places(book: Path, wanted: list[str]) -> list[int]:
    """Return the places of the pages, from 0."""
    sections = [page["section"] for page in json.loads(book.read_text(encoding="utf-8"))["pages"]]
    found = []
    for name in wanted:
        section, _, further = name.partition("+")
        if section not in sections:
            raise SystemExit(f"{section}: not in {book}, which has {', '.join(dict.fromkeys(sections))}")
        found.append(sections.index(section) + int(further or 0))
    return found


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), sys.argv[4:])
