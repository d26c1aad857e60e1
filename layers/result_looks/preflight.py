"""The French names of the fields of the check before printing; it has no geometry to look like anything."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from .parts import name_fields

ALIASES = {
    "rang": "Rang",
    "gravite": "Gravité",
    "sujet": "Sujet",
    "constat": "Constat",
    "remede": "Remède",
    "nom_table": "Table de la fiche",
    "objet_uuid": "Identifiant de la fiche",
    "page": "Page du guide",
    "sorte": "Gravité (code)",
}


def style_findings(layer: QgsVectorLayer) -> None:
    """Give the fields their names."""
    name_fields(layer, ALIASES)
