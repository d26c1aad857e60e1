"""What a graphic designer may change without Python, and the one place that reads it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ICON = FOLDER / "icon.svg"


@cache
def palette() -> dict:
    """Return ``palette.json``: colours as #rrggbb, and one shape a theme (names of QGIS's simple markers)."""
    return json.loads((FOLDER / "palette.json").read_text(encoding="utf-8"))
