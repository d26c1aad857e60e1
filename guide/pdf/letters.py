"""What the glyphs of a font that Qt embedded say: its ToUnicode map, read, put right, written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

UNKNOWN = "\u25a1"
"""What a glyph says that stands for no letter: the box that it shows."""

_SECTION = re.compile(rb"beginbf(range|char)(.*?)endbf", re.S)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")

_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class Letters:
    """The letters of one font, by glyph. Qt writes a tab for the space, and nothing beyond the first 65,536 letters."""

    def __init__(self, cmap: bytes):
        self._by_glyph = {glyph: _plain(text) for glyph, text in _read(cmap) if glyph and text.strip("\0")}

    @property
    def space(self) -> int:
        """Return the glyph of the space, 0 where the font has none."""
        return next((glyph for glyph, text in sorted(self._by_glyph.items()) if text == " "), 0)

    def text(self, glyphs: Iterable[int]) -> list[str]:
        """Return what each glyph says, "" where that is not known."""
        return [self._by_glyph.get(glyph, "") for glyph in glyphs]

    def learn(self, glyph: int, text: str) -> None:
        """Take note of what a glyph says; glyph 0 says that the font has none."""
        if glyph:
            self._by_glyph.setdefault(glyph, text)

    def cmap(self, glyphs: int) -> bytes:
        """Return the map as a PDF holds it; each of the first ``glyphs`` says something."""
        pairs = [(glyph, self._by_glyph.get(glyph, UNKNOWN)) for glyph in range(glyphs)]
        known = dict(pairs) | self._by_glyph
        lines = [b"<%04X> <%s>\n" % (glyph, _utf16(text)) for glyph, text in sorted(known.items())]
        # A block holds at most a hundred.
        blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
        return _HEAD + b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(b), b"".join(b)) for b in blocks) + _TAIL


def _plain(text: str) -> str:
    """Return letters as people write them: shapes of Arabic letters and ligatures taken back to their letters."""
    if text == "\t":
        return " "
    shaped = all("\ufb00" <= c <= "\ufdff" or "\ufe70" <= c <= "\ufeff" for c in text)
    return unicodedata.normalize("NFKC", text) if shaped else text


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode("ascii")


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "ignore")


def _read(cmap: bytes):
    for kind, body in _SECTION.findall(cmap):
        if kind == b"char":
            for glyph, text in _CHAR.findall(body):
                yield int(glyph, 16), _text(text)
            continue
        for first, last, start, several in _RANGE.findall(body):
            glyphs = range(int(first, 16), int(last, 16) + 1)
            if several:
                yield from zip(glyphs, map(_text, _HEX.findall(several)))
            elif start:
                for glyph in glyphs:
                    text = _text(start)
                    yield glyph, text[:-1] + chr(ord(text[-1]) + glyph - glyphs.start) if text else ""
