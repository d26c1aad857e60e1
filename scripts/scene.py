"""A painter of flat scenes, for the illustrations of the example."""

from __future__ import annotations

from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

WIDTH, HEIGHT = 1200, 800
CREAM, SAND, OCHRE, BRICK, PLUM = "#faf1de", "#ecd9b4", "#e0a33e", "#c0553b", "#6b3550"
NIGHT, TEAL, SEA, MINT, LEAF, FOREST = "#23394d", "#2f7478", "#5ea3a3", "#bcd9cd", "#7f9f4d", "#47683a"
WOOD, BARK, STONE, WHITE = "#b98654", "#7b5334", "#b9b4a8", "#fffdf7"
SKINS = ("#8d5a3b", "#e3b48f", "#c98d63", "#5f3b28", "#f0cba8")


class Scene(QPainter):
    """A painter that is told colours by name; lengths are pixels."""

    def fill(self, colour: str) -> None:
        """Use a colour for surfaces, without an outline."""
        self.setPen(Qt.PenStyle.NoPen)
        self.setBrush(QColor(colour))

    def box(self, x, y, width, height, colour, round_=0) -> None:
        """Draw a rectangle."""
        self.fill(colour)
        self.drawRoundedRect(QRectF(x, y, width, height), round_, round_)

    def disc(self, x, y, rx, colour, ry=None) -> None:
        """Draw an ellipse around a point."""
        self.fill(colour)
        self.drawEllipse(QPointF(x, y), rx, ry or rx)

    def shape(self, colour, *points) -> None:
        """Draw a polygon."""
        self.fill(colour)
        self.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))

    def line(self, colour, thickness, *points) -> None:
        """Draw a line with round ends."""
        self.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(QColor(colour), thickness)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.setPen(pen)
        self.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def curve(self, start, *bows) -> QPainterPath:
        """Return a path of quadratic bows, each (control x, control y, end x, end y)."""
        path = QPainterPath(QPointF(*start))
        for cx, cy, x, y in bows:
            path.quadTo(cx, cy, x, y)
        return path

    def land(self, colour, start, *bows) -> None:
        """Draw the ground below a curve."""
        path = self.curve(start, *bows)
        path.lineTo(WIDTH, HEIGHT)
        path.lineTo(0, HEIGHT)
        self.fill(colour)
        self.drawPath(path)

    def stroke(self, colour, thickness, path) -> None:
        """Draw a path as a line."""
        self.setBrush(Qt.BrushStyle.NoBrush)
        self.setPen(QPen(QColor(colour), thickness))
        self.drawPath(path)

    def sky(self, above, below, height=HEIGHT) -> None:
        """Fill the picture from top to a height."""
        shade = QLinearGradient(0, 0, 0, height)
        shade.setColorAt(0, QColor(above))
        shade.setColorAt(1, QColor(below))
        self.fillRect(QRectF(0, 0, WIDTH, height), QBrush(shade))

    def tree(self, x, y, size, colour=FOREST) -> None:
        """Draw a tree that stands at (x, y)."""
        self.box(x - size * 0.06, y - size * 0.5, size * 0.12, size * 0.5, BARK)
        for dx, dy, r in ((0, -0.82, 0.34), (-0.22, -0.62, 0.26), (0.22, -0.6, 0.27)):
            self.disc(x + dx * size, y + dy * size, r * size, colour)
        self.disc(x + 0.1 * size, y - 0.9 * size, 0.16 * size, QColor(colour).lighter(118).name())

    def house(self, x, y, width, height, wall, roof) -> None:
        """Draw a house that stands at (x, y), its left corner."""
        self.box(x, y - height, width, height, wall)
        self.shape(roof, (x - 10, y - height), (x + width / 2, y - height - width * 0.42), (x + width + 10, y - height))
        for share in (0.2, 0.62):
            self.box(x + share * width, y - height * 0.7, width * 0.18, height * 0.28, NIGHT)

    def person(self, x, y, size, coat, skin, hair) -> None:
        """Draw somebody down to the waist; (x, y) is the middle of the waist."""
        self.shape(
            coat,
            (x - 0.5 * size, y),
            (x - 0.42 * size, y - 0.8 * size),
            (x + 0.42 * size, y - 0.8 * size),
            (x + 0.5 * size, y),
        )
        self.disc(x, y - 0.82 * size, 0.42 * size, coat, 0.22 * size)
        self.box(x - 0.11 * size, y - 1.15 * size, 0.22 * size, 0.3 * size, skin, 8)
        self.disc(x, y - 1.38 * size, 0.3 * size, hair, 0.34 * size)
        self.disc(x, y - 1.3 * size, 0.25 * size, skin, 0.29 * size)
        self.disc(x, y - 1.2 * size, 0.07 * size, "#7c2f2c", 0.09 * size)
