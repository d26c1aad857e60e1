"""Symbols shared by the project, the result layers and the guide's maps.

A theme is told by its shape first and its colour second, so that a black-and-white print still reads. "Not surveyed",
"hidden" and "no need" each have a look of their own and never that of a value.
"""

from __future__ import annotations

from qgis.core import (
    QgsFillSymbol,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPointPatternFillSymbolLayer,
)

from ..styles import palette


def theme_marker(theme: str | None, size: float = 3.0) -> QgsMarkerSymbol:
    """Return the marker of a life theme, ``size`` in millimetres; a theme unknown to the palette is a white circle."""
    look = palette()["themes"].get(theme, {"colour": "#ffffff", "shape": "circle"})
    return QgsMarkerSymbol.createSimple(
        {
            "name": look["shape"],
            "color": look["colour"],
            "outline_color": palette()["ink"],
            "outline_width": "0.2",
            "size": str(size),
        }
    )


def town_hall_marker(size: float = 1.6) -> QgsMarkerSymbol:
    """Return the marker of a town hall: small and pale, so that initiatives stand out."""
    return QgsMarkerSymbol.createSimple(
        {
            "name": "square",
            "color": "#ffffff",
            "outline_color": palette()["grey"],
            "outline_width": "0.25",
            "size": str(size),
        }
    )


def pale_marker(size: float = 1.4) -> QgsMarkerSymbol:
    """Return the marker of an actor that only surrounds what a map is about."""
    return QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "color": palette()["rule"],
            "outline_color": palette()["grey"],
            "outline_width": "0.1",
            "size": str(size),
        }
    )


def count_marker(size: float) -> QgsMarkerSymbol:
    """Return a disc whose surface stands for a number."""
    return QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "color": palette()["accent"],
            "outline_color": "#ffffff",
            "outline_width": "0.25",
            "size": str(size),
        }
    )


def place_marker(size: float = 0.7) -> QgsMarkerSymbol:
    """Return the dot of a true place whose symbol stands beside it."""
    return QgsMarkerSymbol.createSimple(
        {"name": "circle", "color": palette()["ink"], "outline_style": "no", "size": str(size)}
    )


def need_marker(size: float = 2.2) -> QgsMarkerSymbol:
    """Return the marker of a need: a hollow circle, never to be taken for an actor."""
    return QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "color": "255,255,255,0",
            "outline_color": palette()["need"],
            "outline_width": "0.45",
            "size": str(size),
        }
    )


def fill(colour: str, outline: str | None = None, width: float = 0.15) -> QgsFillSymbol:
    """Return a plain fill with an outline ``width`` millimetres wide."""
    return QgsFillSymbol.createSimple(
        {"color": colour, "outline_color": outline or palette()["grey"], "outline_width": str(width)}
    )


def outline(colour: str | None = None, width: float = 0.3) -> QgsFillSymbol:
    """Return an unfilled polygon symbol."""
    return QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": colour or palette()["ink"], "outline_width": str(width)}
    )


def hatch(angle: float, spacing: float, colour: str | None = None, ground: str = "#ffffff") -> QgsFillSymbol:
    """Return line hatching over a plain ground; spacing in millimetres."""
    symbol = fill(ground)
    pattern = QgsLinePatternFillSymbolLayer()
    pattern.setLineAngle(angle)
    pattern.setDistance(spacing)
    pattern.setSubSymbol(QgsLineSymbol.createSimple({"color": colour or palette()["grey"], "width": "0.18"}))
    symbol.appendSymbolLayer(pattern)
    return symbol


def not_surveyed_fill() -> QgsFillSymbol:
    """Return the look of a territory where nobody has looked yet: diagonal hatching."""
    return hatch(45, 1.4)


def hidden_fill() -> QgsFillSymbol:
    """Return the look of a figure kept back for confidentiality: grey with horizontal lines."""
    return hatch(0, 1.8, colour="#8a929c", ground=palette()["hidden"])


def survey_stale_fill() -> QgsFillSymbol:
    """Return the look of a territory surveyed long ago: the colour of a survey, with pale lines that lean left."""
    return hatch(135, 1.8, colour="#ffffff", ground=palette()["effort"][2])


def no_offer_fill(colour: str | None = None) -> QgsFillSymbol:
    """Return what marks a territory without an initiative: sparse crosses, over the fill that it has."""
    pattern = QgsPointPatternFillSymbolLayer()
    pattern.setDistanceX(4.4)
    pattern.setDistanceY(3.6)
    pattern.setDisplacementX(2.2)
    cross = {"name": "cross2", "size": "1.0", "outline_color": colour or palette()["grey"], "outline_width": "0.2"}
    pattern.setSubSymbol(QgsMarkerSymbol.createSimple(cross))
    symbol = outline(palette()["grey"], 0.15)
    symbol.appendSymbolLayer(pattern)
    return symbol


def gap_fill(index: int) -> QgsFillSymbol:
    """Return the fill of a gap class 0..3."""
    return fill(palette()["gaps"][index])


def no_need_fill() -> QgsFillSymbol:
    """Return the look of a surveyed territory where no need was recorded: white with small dots."""
    symbol = fill(palette()["no_need"])
    pattern = QgsPointPatternFillSymbolLayer()
    pattern.setDistanceX(2.2)
    pattern.setDistanceY(1.8)
    pattern.setDisplacementX(1.1)
    pattern.setSubSymbol(
        QgsMarkerSymbol.createSimple(
            {"name": "circle", "color": palette()["grey"], "outline_style": "no", "size": "0.35"}
        )
    )
    symbol.appendSymbolLayer(pattern)
    return symbol
