"""The content streams that Qt 5 and Qt 6 write: cut at their marks, read back, freed of what paints nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

from .marks import number_of

_N = rb"-?[0-9.]+ "
_CM = rb"(?:" + _N + rb"){6}cm\n"
# Qt 6 breaks the line after "cs" and before "SCN".
_MARK = re.compile(
    rb"q\n(?:" + _CM + rb")?/CSp cs[ \n]0\.0039215\d* ([0-9.]+) ([0-9.]+) scn\n(?:/GSa gs\n)?"
    rb"(?:(?:" + _N + _N + rb"[ml]\n)+h\nf\*\n|(?:q\n" + _CM + rb")?(?:" + _N + rb"){4}re\nf\*?\n(?:Q\n)?)Q\n"
)
_PAINTS_NOTHING = re.compile(rb"q\n(?:" + _CM + rb")?(?:/CSp CS\n)?0 0 0 SCN\n1 w 2 J 2 j \[\]0  d\nQ\n|q\nQ\n")
_TEXT = re.compile(rb"BT\n/(\w+) .*?ET\n", re.S)
_SHOWN = re.compile(rb"<([0-9A-Fa-f]+)> Tj")


class DisagreementError(Exception):
    """The marks in a stream are not those that were drawn."""


class Line(NamedTuple):
    """Letters shown in one go: the name of their font, the glyphs, and where the last string of glyphs ends."""

    font: str
    glyphs: list[int]
    end: int


def cut(content: bytes, planned: int) -> list[bytes]:
    """Return what stands before the first mark, then what each run drew, without the marks.

    Raises DisagreementError unless the marks of all planned runs are there, once each and in their order. What has the
    colour of a mark that is not due is a drawing.
    """
    pieces, start = [], 0
    for mark in _MARK.finditer(content):
        number = number_of(_byte(mark[1]), _byte(mark[2]))
        if number == len(pieces) < planned:
            pieces.append(content[start : mark.start()])
            start = mark.end()
        elif 0 <= number <= len(pieces):
            raise DisagreementError(f"mark {number} is one too many")
    pieces.append(content[start:])
    if len(pieces) != planned + 1:
        raise DisagreementError(f"mark {len(pieces) - 1} is missing")
    return [tidy(piece) for piece in pieces]


def tidy(content: bytes) -> bytes:
    """Return a stream without the settings that Qt makes and takes back before anything is painted with them."""
    return _PAINTS_NOTHING.sub(b"", _PAINTS_NOTHING.sub(b"", content))


def lines(piece: bytes) -> list[Line]:
    """Return the letters that a piece of a stream shows, in the order in which they were drawn."""
    found = []
    for text in _TEXT.finditer(piece):
        shown = list(_SHOWN.finditer(piece, text.start(), text.end()))
        if shown:
            glyphs = [int(s[1][at : at + 4], 16) for s in shown for at in range(0, len(s[1]), 4)]
            found.append(Line(text[1].decode("latin-1"), glyphs, shown[-1].end(1)))
    return found


def with_spaces(piece: bytes, spaces: list[tuple[Line, int]]) -> bytes:
    """Return a piece in which each of these lines ends with the glyph of a space, so that its words stay apart."""
    for line, glyph in reversed(spaces):
        piece = piece[: line.end] + b"%04X" % glyph + piece[line.end :]
    return piece


def _byte(component: bytes) -> int:
    return round(float(component) * 255)
