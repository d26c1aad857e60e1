"""Colours that can be read: WCAG 2.1 contrast, criterion 1.4.3."""

from __future__ import annotations

import re

LEAST = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours (#rrggbb), 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, grounds: tuple[str, ...], otherwise: str = "#1d1d1b") -> str:
    """Return the colour, darkened until it has the least contrast on every ground; ``otherwise`` for what is none."""
    if not _COLOUR.fullmatch(colour):
        colour = otherwise
    channels = _channels(colour)
    for step in range(41):
        darkened = "#" + "".join(f"{round(value * (1 - step / 40)):02x}" for value in channels)
        if all(contrast(darkened, ground) >= LEAST for ground in grounds):
            return darkened
    return "#000000"


def pale(colour: str, otherwise: str = "#f4f1ec") -> str:
    """Return a ground on which black can be read and any darkened colour too: the colour mixed with white."""
    if not _COLOUR.fullmatch(colour):
        colour = otherwise
    channels = _channels(colour)
    for step in range(21):
        mixed = "#" + "".join(f"{round(value + (255 - value) * step / 20):02x}" for value in channels)
        if contrast(mixed, "#000000") >= 16:
            return mixed
    return "#ffffff"


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
