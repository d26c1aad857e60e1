"""JSON files."""

from __future__ import annotations

import json
from pathlib import Path


def write_json(document: dict, path: Path) -> None:
    """Write a document as UTF-8; ValueError when a number in it is none that JSON has."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> dict:
    """Return what a file written by ``write_json`` holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def carried_along(row: dict, named: frozenset[str] = frozenset()) -> dict:
    """Return what a file once said of a row that no field holds, but for what the format has a name of its own for."""
    try:
        extra = json.loads(row.get("extra") or "{}")
    except ValueError:
        return {}
    return {name: value for name, value in extra.items() if name not in named} if isinstance(extra, dict) else {}
