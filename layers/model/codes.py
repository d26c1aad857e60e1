"""The code lists: what a coded field may hold, and the words people read instead."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[1] / "themes"


class CodeList(NamedTuple):
    """A closed list of codes with French labels, in the order in which people should see them."""

    name: str
    title: str
    source: str
    labels: dict[str, str]
    rows: tuple[dict[str, str], ...]

    def label(self, code: str) -> str:
        """Return the words for a code; an unknown code is shown as it stands, never hidden."""
        return self.labels.get(code, code)


@cache
def code_list(name: str) -> CodeList:
    """Return a code list by its name; FileNotFoundError when the model names one that does not exist."""
    data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    rows = tuple(data["codes"])
    return CodeList(name, data["title"], data["source"], {row["code"]: row["label"] for row in rows}, rows)


def life_theme_of(thematique: str) -> str | None:
    """Return the everyday verb (`themes_vie`) that holds a data·inclusion thématique, or None when it is unknown."""
    for row in code_list("thematiques").rows:
        if row["code"] == thematique:
            return row["theme_vie"]
    return None
