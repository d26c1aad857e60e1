"""Rows of a store as a guide reads them."""

from __future__ import annotations

from pathlib import Path

from ...layers import geopackage

NAMES = ("nom", "titre")
UNNAMED = "Sans nom"


def read_rows(store: Path, name: str, *, withdrawn: bool = False) -> list[dict]:
    """Return the rows of a table; a text in which no sign can be seen, blanks or control characters alone, is empty.

    So nobody else has to ask whether a text that is there leaves a hole in print.
    """
    rows = geopackage.read_rows(store, name, withdrawn=withdrawn)
    for row in rows:
        for field, value in row.items():
            if isinstance(value, str) and not is_visible(value):
                row[field] = UNNAMED if field in NAMES else ""
    return rows


def is_visible(text: str) -> bool:
    """Say whether a text has a sign that is seen in print."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)
