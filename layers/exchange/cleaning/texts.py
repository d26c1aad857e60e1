"""Texts as they were typed, without what no store and no printer can take."""

from __future__ import annotations

import math
import re

from .causes import CONTROL, DAMAGED, Fault

# Control characters but tab and line feed, and halves of characters that no encoding can write.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# « � », letters written as <e9>, and UTF-8 that was read as Latin-1.
_DAMAGED = re.compile("\ufffd|<[89a-f][0-9a-f]>|Ã[\u00a0-\u00bf]|â€[™œ\u009d“”˜¦]")
_SHOWN = 80
_CONTRACTED = {"Le": "du", "Les": "des"}
_SAID_WITH_AN_APOSTROPHE = re.compile(r"[AEIOUŒÀÂÄÉÈÊËÎÏÔÖÙÛÜ]|Y(?![aeiouéè])")


def clean(text: str) -> tuple[str, Fault | None]:
    """Return a text without control characters and outer blanks, and what is to be said of it."""
    fault = None
    if not text.isascii() or not text.isprintable() or "<" in text:
        if "\r\n" in text:
            text = text.replace("\r\n", "\n")
        damaged = _DAMAGED.search(text)
        if damaged:
            begin = max(0, damaged.start() - 20)
            fault = Fault(DAMAGED, _CONTROL.sub("", text[begin : begin + 50]).strip(), taken=True)
        if _CONTROL.search(text):
            text = _CONTROL.sub("", text)
            fault = Fault(CONTROL, text[:_SHOWN], taken=True)
    return text.strip(), fault


def as_text(value: object) -> str:
    """Return any value of a row as a text: ``oui`` or ``non``, whole numbers without decimals, lists with ``|``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
            return str(int(value))
        return "" if math.isnan(value) else repr(value)
    if isinstance(value, (list, tuple)):
        return "|".join(filter(None, map(as_text, value)))
    return str(value)


def shown(value: object) -> str:
    """Return a value short enough for a sentence."""
    text = " ".join(as_text(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def after(prefix: str, name: str) -> str:
    """Return a name after a prefix; one that ends in « de » is written « d’ », « du » or « des » where French wants."""
    if not prefix.endswith(" de "):
        return f"{prefix}{name}"
    article, _, rest = name.partition(" ")
    if rest and article in _CONTRACTED:
        return f"{prefix[:-3]}{_CONTRACTED[article]} {rest}"
    return f"{prefix[:-2]}’{name}" if _SAID_WITH_AN_APOSTROPHE.match(name) else f"{prefix}{name}"
