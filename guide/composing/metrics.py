"""Widths of text as Qt will print it, so that lines break alike on every version of QGIS."""

from __future__ import annotations

from functools import lru_cache

from qgis.PyQt.QtGui import QFont, QFontDatabase, QFontMetricsF

FAMILIES = ("Source Sans 3", "Open Sans", "Noto Sans", "DejaVu Sans")
"""The families the guide is designed for, best first; all have French and free licences."""

MOST_KEPT = 50_000
"""Texts whose lines and widths are kept: those of a guide of 5,000 actors."""
MM_PER_POINT = 25.4 / 72


def plain_font(family: str, *, bold: bool = False) -> QFont:
    """Return a font without ligatures, which readers of the PDF could not search for ("oﬃciel")."""
    font = QFont(family)
    font.setBold(bold)
    # Qt draws no ligatures where letters are spaced, were it invisibly; QGIS takes any spacing as an absolute one.
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.02)
    return font


class Metrics:
    """Measures and breaks text in one font family.

    The passes of a book set the same texts again and again, so what was broken is kept.
    """

    def __init__(self, family: str):
        self.family = family
        self._wrapped = lru_cache(MOST_KEPT)(self._broken)
        self._advance = lru_cache(MOST_KEPT)(self._measured)
        self._by_weight = {}
        for bold in (False, True):
            font = plain_font(family, bold=bold)
            font.setPixelSize(1000)
            self._by_weight[bold] = QFontMetricsF(font)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width in millimetres of one line set at ``size`` points."""
        return self._advance(text, bold) / 1000 * size * MM_PER_POINT

    def _measured(self, text: str, bold: bool) -> float:
        return self._by_weight[bold].horizontalAdvance(text)

    def line_height(self, size: float, *, bold: bool = False) -> float:
        """Return the distance in millimetres between two baselines."""
        return self._by_weight[bold].lineSpacing() / 1000 * size * MM_PER_POINT

    def wrap(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """Return the lines of ``text`` broken at spaces, and inside a word only when it alone is too long.

        A word is best broken behind a hyphen or a sign of an address.
        """
        return list(self._wrapped(text, size, width, bold))

    def _broken(self, text: str, size: float, width: float, bold: bool) -> tuple[str, ...]:
        lines = []
        for paragraph in text.split("\n"):
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if self.width(longer, size, bold=bold) <= width:
                    line = longer
                    continue
                if line:
                    lines.append(line)
                *pieces, line = self._pieces(word, size, width, bold)
                lines += pieces
            lines.append(line)
        return tuple(lines)

    def _pieces(self, word: str, size: float, width: float, bold: bool) -> list[str]:
        pieces = []
        while self.width(word, size, bold=bold) > width and len(word) > 1:
            fits, too_long = 1, len(word)
            while too_long - fits > 1:
                middle = (fits + too_long) // 2
                if self.width(word[:middle], size, bold=bold) <= width:
                    fits = middle
                else:
                    too_long = middle
            # Better behind a hyphen or a sign of an address than within a name.
            behind = max(word.rfind(sign, 0, fits) for sign in "-/@.") + 1
            fits = behind if behind > fits / 3 else fits
            pieces.append(word[:fits])
            word = word[fits:]
        return [*pieces, word]


def available_family(wanted: str = "") -> str:
    """Return the wanted family when this machine has it, else the first of ours that it has, else Qt's own choice."""
    installed = set(QFontDatabase().families())
    for family in (wanted, *FAMILIES):
        if family in installed:
            return family
    return QFont().defaultFamily()
