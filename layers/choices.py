"""Several codes in one text field: how they are written, read and shown. Knows no QGIS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

SEPARATOR = "|"


def split_codes(value: object) -> list[str]:
    """Return the codes of a field, each once, in their order; reads ``a|b``, ``a;b``, ``{a,b}``, JSON and lists."""
    parts = map(str, value) if isinstance(value, (list, tuple)) else _parts(str(value or "").strip())
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def join_codes(codes: Iterable[str], order: Iterable[str]) -> str | None:
    """Return codes as the store keeps them, in the order of their list; unknown ones come last, none is None."""
    ranks = {code: rank for rank, code in enumerate(order)}
    return SEPARATOR.join(sorted(codes, key=lambda code: ranks.get(code, len(ranks)))) or None


def _parts(text: str) -> list[str]:
    if text.startswith("["):
        try:
            return [str(part) for part in json.loads(text)]
        except ValueError:
            return [text]
    if text.startswith("{") and text.endswith("}"):
        # As QGIS's value relation and PostgreSQL write arrays: names with a comma stand between double quotes.
        quoted = re.findall(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)', text[1:-1])
        return [re.sub(r"\\(.)", r"\1", long) or short for long, short in quoted]
    return re.split(r"[|;]", text)
