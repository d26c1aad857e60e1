"""Several values in one text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

SEPARATOR = "|"
_BETWEEN = re.compile(r"[|;,]")


def split(text: object) -> tuple[str, ...]:
    """Return the values of a text in their order, each once, without blanks.

    Read are ``a|b``, ``a;b``, ``a,b``, a JSON array and PostgreSQL's ``{a,b}``, also a list or tuple of values; None,
    NaN and blank text hold no value.
    """
    if isinstance(text, (list, tuple)):
        values = text
    elif text is None or text != text:
        return ()
    else:
        values = _parts(str(text).strip())
    stripped = (str(value).strip() for value in values if value is not None)
    return tuple(dict.fromkeys(value for value in stripped if value))


def join(values: Iterable[str]) -> str:
    """Return the values as the one text that the workspace stores."""
    return SEPARATOR.join(values)


def _parts(text: str) -> list[str]:
    if text.startswith("[") and text.endswith("]"):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return _BETWEEN.split(text[1:-1])
    if text.startswith("{") and text.endswith("}"):
        return [part.strip().strip('"') for part in _BETWEEN.split(text[1:-1])]
    return _BETWEEN.split(text)
