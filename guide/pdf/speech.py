"""What the letters of a text really say to a reader of the file, and what must be said in their place."""

from __future__ import annotations

from collections import Counter

from ..composing.book import Text
from .letters import Letters
from .streams import Line, with_spaces


def spoken(
    piece: bytes, shown: list[Line], text: Text, fonts: dict[str, Letters], *, more: bool = False
) -> tuple[bytes, str]:
    """Return the piece of the stream that shows the lines of a text, and the words that replace them, "" for none.

    Where lines are broken at spaces, the spaces that printing did without are put back at the ends of the lines; at the
    end of the last one too where ``more`` of the same element follows.
    """
    _learn(shown, text, fonts)
    joints = _joints(text)
    as_written = _bare(_said(shown, fonts)) == _bare("".join(text.lines))
    if not as_written or joints is None or any(joint != " " for joint in joints):
        return piece, text.words
    ends = [(line, fonts[line.font].space if line.font in fonts else 0) for line in shown]
    if joints and (len(shown) != len(text.lines) or not all(glyph for _, glyph in ends[:-1])):
        return piece, text.words
    spaces = [*(ends[:-1] if joints else ()), *(ends[-1:] if more else ())]
    return with_spaces(piece, [(line, glyph) for line, glyph in spaces if glyph]), ""


def not_drawn(shown: list[Line]) -> bool:
    """Return whether a letter is missing from the fonts, so that a box was drawn in its place."""
    return any(0 in line.glyphs for line in shown)


def _said(shown: list[Line], fonts: dict[str, Letters]) -> str:
    return "".join(letter for line in shown for letter in _letters(line, fonts))


def _letters(line: Line, fonts: dict[str, Letters]) -> list[str]:
    return fonts[line.font].text(line.glyphs) if line.font in fonts else [""] * len(line.glyphs)


def _bare(words: str) -> str:
    return "".join(words.split())


def _joints(text: Text) -> list[str] | None:
    """Return what stood between the lines, a space or nothing; None where the lines are not the whole text."""
    rest, joints = text.words, []
    for line in text.lines:
        words = line.strip(" ")
        if not rest.startswith(words):
            return None
        rest = rest[len(words) :]
        joints.append(" " if rest.startswith(" ") else "")
        rest = rest.lstrip(" ")
    return None if rest else joints[:-1]


def _learn(shown: list[Line], text: Text, fonts: dict[str, Letters]) -> None:
    """Take note of the letter of a glyph that Qt left without one, where it is the only letter that is missing."""
    said = [(line, glyph, letter) for line in shown for glyph, letter in zip(line.glyphs, _letters(line, fonts))]
    unknown = {(line.font, glyph) for line, glyph, letter in said if not letter and line.font in fonts}
    if len(unknown) == 1:
        missing = Counter(_bare("".join(text.lines))) - Counter(_bare("".join(letter for *_, letter in said)))
        if len(missing) == 1:
            ((font, glyph),), (letter,) = unknown, missing
            fonts[font].learn(glyph, letter)
