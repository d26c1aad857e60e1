"""The legend of a map: keys of what is on it, and of nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..composing.book import Box
from ..composing.typesetting import GREY, LIST, Composer
from ..facts.words import number

STEP = 5.4
MARKER, FILL = 6.0, 9.5
"""Millimetres from the left of a key to its words."""


class Key(NamedTuple):
    """A symbol of the maps or a look, and its words; ``size`` in millimetres makes it a symbol."""

    name: str
    words: str
    size: float = 0.0


def symbol_keys(composer: Composer, counts: Counter) -> list[Key]:
    """Return the keys of the symbols on a map, with how many there are of each, in the order of the themes."""
    keys = [
        Key(f"theme:{theme}", f"{label} ({number(counts[f'theme:{theme}'])})", 3.2)
        for theme, label in composer.content.themes.items()
        if counts[f"theme:{theme}"]
    ]
    known = {f"theme:{theme}" for theme in composer.content.themes}
    themeless = sum(count for name, count in counts.items() if name.startswith("theme:") and name not in known)
    if themeless:
        keys.append(Key("theme:", f"Sans thème ({number(themeless)})", 3.2))
    if counts["town_hall"]:
        keys.append(Key("town_hall", f"Mairie ({number(counts['town_hall'])})", 2.0))
    if counts["pale"]:
        keys.append(Key("pale", "Initiative d'un territoire voisin", 1.8))
    return keys


def look_keys(composer: Composer, looks: Sequence[str], words: dict[str, str], unit: str = "") -> list[Key]:
    """Return the keys of the looks on a map, in the order of ``words``, with how many territories have each."""
    counts = Counter(looks)
    return [
        Key(look, f"{said} ({number(counts[look])}{f' {unit}' if unit else ''})")
        for look, said in words.items()
        if counts[look]
    ]


def legend(composer: Composer, y: float, keys: Sequence[Key], columns: int = 3) -> float:
    """Set keys in columns, filled from top to bottom, and return the height taken."""
    if not keys:
        return 0.0
    rows = -(-len(keys) // columns)
    width = composer.column_width(columns, 4.0)
    with composer.element("L"):
        for index, key in enumerate(keys):
            x, line = composer.left + (index // rows) * (width + 4.0), y + (index % rows) * STEP
            with composer.element("LI"):
                _key(composer, key, x, line)
                left = MARKER if key.size else FILL
                room = width - left
                size = composer.fitting_size(key.words, room, LIST)
                composer.text(key.words, x + left, line + (LIST - size) * 0.15, room, size=size, most_lines=1)
    return rows * STEP


def _key(composer: Composer, key: Key, x: float, y: float) -> None:
    if key.size:
        composer.marker(key.name, x + 2, y + 2, key.size)
    elif key.name == "no_offer":
        # The crosses of the map stand too far apart for so small a box.
        composer.rectangle(Box(x, y + 0.2, 7, 3.6), "white", GREY)
        composer.text("×  ×", x, y + 0.3, 7, size=7, align="centre", artifact=True)
    else:
        composer.rectangle(Box(x, y + 0.2, 7, 3.6), key.name, GREY)
