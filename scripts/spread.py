"""Lay pictures of pages side by side on one sheet: spread.py FOLDER OUTPUT PAGE...

FOLDER holds what ``pdftoppm -png`` made; pages count from 1.
"""

import sys
from pathlib import Path

from qgis.PyQt.QtGui import QColor, QGuiApplication, QImage, QPainter

COLUMNS, GAP = 4, 14


def main(folder: Path, output: Path, wanted: list[int]) -> None:
    """Write the sheet."""
    application = QGuiApplication([])
    files = sorted(folder.glob("page-*.png"))
    pages = [QImage(str(files[number - 1])) for number in wanted]
    width, height = pages[0].width(), pages[0].height()
    rows = -(-len(pages) // COLUMNS)
    sheet = QImage(COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#8a8f96"))
    painter = QPainter(sheet)
    for index, page in enumerate(pages):
        column, row = index % COLUMNS, index // COLUMNS
        painter.drawImage(GAP + column * (width + GAP), GAP + row * (height + GAP), page)
    painter.end()
    if not sheet.save(str(output)):
        raise SystemExit(f"{output}: not written")
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(number) for number in sys.argv[3:]])
