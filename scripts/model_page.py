"""Write docs/modele.md, the tables and fields of a workspace in plain words, from the model.

python scripts/model_page.py
"""

# ruff: noqa: TID251 - a script stands outside the package

from __future__ import annotations

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "modele.md"

INTRODUCTION = """# Les tables d'un espace de travail

Cette page est tirée du modèle (`layers/model/`) par `scripts/model_page.py` : elle ne se corrige pas à la main.

Chaque ligne a un identifiant (`uuid`) qui ne change jamais ; toutes les références passent par lui. Les champs marqués
*tenu par le programme* se remplissent seuls et ne paraissent pas dans les formulaires.
"""
KINDS = {
    "text": "texte",
    "integer": "entier",
    "real": "nombre",
    "boolean": "oui ou non",
    "date": "date",
    "datetime": "date et heure",
}


def page() -> str:
    """Return the page."""
    if "tisserand" not in sys.modules:
        runpy.run_path(str(ROOT / "scripts" / "checkout.py"))
    from tisserand.layers.model.columns import KEPT
    from tisserand.layers.model.tables import SCHEMA_VERSION, TABLES

    kept = set(KEPT)
    parts = [INTRODUCTION, f"Version du schéma : {SCHEMA_VERSION}.\n"]
    parts.append(_section("Ce que chaque table éditée contient aussi", "", KEPT))
    for table in TABLES:
        shape = {"Point": " Un point.", "MultiPolygon": " Un polygone."}.get(table.geometry, " Sans géométrie.")
        notes = [f"`{table.name}`.{shape}"]
        notes += [f"- {check.says}" for check in table.checks]
        own = [field for field in table.fields if field not in kept]
        parts.append(_section(table.title, "\n".join(notes), own))
    return "\n".join(parts)


def _section(title: str, notes: str, fields) -> str:
    lines = [f"## {title}", ""]
    if notes:
        lines += [notes, ""]
    lines += ["| champ | ce que l'on lit | contenu | aide |", "|---|---|---|---|"]
    lines += [f"| `{field.name}` | {field.alias} | {_content(field)} | {_cell(field.help)} |" for field in fields]
    return "\n".join(lines) + "\n"


def _content(field) -> str:
    from tisserand.layers.model.codes import code_list

    words = [KINDS[field.kind.value]]
    if field.codes:
        words = [f"{'plusieurs codes' if field.multiple else 'un code'} : {code_list(field.codes).title}"]
    if field.references:
        words = [f"une ligne de `{field.references}`"]
    if field.required and not field.internal:
        words.append("à remplir")
    if field.internal:
        words.append("tenu par le programme")
    return _cell(", ".join(words))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
