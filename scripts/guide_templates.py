"""Write styles/guide/*.qpt, the built-in page templates, from guide/frames.py.

    python scripts/guide_templates.py

Under QGIS 3.22: what a newer one writes loses its fonts there.
"""
# ruff: noqa: D103, TID251

import re
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import canonicalize

import checkout  # from here on the package can be found
from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsLayoutItemLabel,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemPolyline,
    QgsLayoutItemShape,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QPointF, Qt
from qgis.PyQt.QtGui import QColor, QPolygonF

from tisserand.guide.composing.book import Box
from tisserand.guide.composing.frames import FRAMES
from tisserand.guide.composing.metrics import FAMILIES, plain_font
from tisserand.guide.composing.settings import Colours

MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
COLOURS = Colours()
PLACES = ("corps", "carte", "chiffres", "photo", "radar")
"""Zones for more than a line of text: drawn as a dashed frame."""
SAMPLES = {
    "titre": "Titre de la page",
    "sous-titre": "Les faits en une ligne",
    "rubrique": "RUBRIQUE",
    "pied": "Titre du guide · Département · édition",
    "folio": "12",
    "departement": "Département",
    "edition": "Édition",
    "mention": "Lecteurs, nombre d'acteurs",
}
ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "centre": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


def place(layout, item, name, box):
    item.setId(f"guide:{name}")
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(box.x, box.y, MM))
    item.attemptResize(QgsLayoutSize(box.w, box.h, MM))


def band(layout, name, box, colour):
    shape = QgsLayoutItemShape(layout)
    shape.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    shape.setSymbol(QgsFillSymbol.createSimple({"color": colour, "outline_style": "no"}))
    place(layout, shape, name, box)


def line(layout, name, x, y, length, colour, width):
    item = QgsLayoutItemPolyline(QPolygonF([QPointF(x, y), QPointF(x + length, y)]), layout)
    item.setSymbol(QgsLineSymbol.createSimple({"color": colour, "width": str(width)}))
    item.setId(f"guide:{name}")
    layout.addLayoutItem(item)


def zone(layout, name, given):
    if name == "logo":
        item = QgsLayoutItemPicture(layout)
        item.setResizeMode(QgsLayoutItemPicture.ResizeMode.Zoom)
        item.setFrameEnabled(True)
    elif name in PLACES:
        item = QgsLayoutItemShape(layout)
        item.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
        outline = {"style": "no", "outline_color": "#9b2fae", "outline_style": "dash", "outline_width": "0.2"}
        item.setSymbol(QgsFillSymbol.createSimple(outline))
    else:
        item = QgsLayoutItemLabel(layout)
        item.setText(SAMPLES[name])
        font = plain_font(FAMILIES[0], bold=given.bold)
        font.setPointSizeF(given.size)
        item.setFont(font)
        item.setFontColor(QColor(getattr(COLOURS, given.colour)))
        item.setHAlign(ALIGNMENTS[given.align])
        item.setVAlign(Qt.AlignmentFlag.AlignTop)
        item.setMarginX(0)
        item.setMarginY(0)
    place(layout, item, name, given.box)


def template(frame):
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.setName(frame.name)
    page = layout.pageCollection().page(0)
    page.setPageSize("A4", QgsLayoutItemPage.Orientation.Portrait)
    if frame.name == "couverture":
        band(layout, "accent-fond", Box(0, 0, frame.width, frame.height), COLOURS.accent)
        edition = frame.zones["edition"].box
        line(layout, "light-filet", edition.x, edition.y - 3, 42, COLOURS.light, 0.8)
    else:
        band(layout, "accent-bandeau", Box(0, 0, frame.width, 3), COLOURS.accent)
        line(layout, "rule-pied", frame.body.x, 285, frame.body.w, COLOURS.rule, 0.2)
    for name, given in frame.zones.items():
        zone(layout, name, given)
    return layout


def write(frame, path):
    assert template(frame).saveAsTemplate(str(path), QgsReadWriteContext())
    # QGIS orders attributes by chance, and numbers items anew each time.
    text = canonicalize(path.read_text(encoding="utf-8"))
    for order, uuid in enumerate(dict.fromkeys(re.findall(r"\{[0-9a-f-]{36}\}", text))):
        text = text.replace(uuid, f"{{{uuid5(NAMESPACE_URL, f'{frame.name}/{order}')}}}")
    path.write_text(text + "\n", encoding="utf-8")


def main():
    folder = checkout.ROOT / "styles" / "guide"
    folder.mkdir(exist_ok=True)
    application = QgsApplication([], True)
    application.initQgis()
    for frame in FRAMES.values():
        write(frame, folder / f"{frame.name}.qpt")
    application.exitQgis()


if __name__ == "__main__":
    main()
