"""How possible duplicates look, with the French names of their fields."""

from __future__ import annotations

from qgis.core import QgsLineSymbol, QgsRuleBasedRenderer, QgsVectorLayer

from ...styles import palette
from .parts import name_fields

PROPOSAL_ALIASES = {
    "groupe": "Groupe",
    "garde": "Fiche gardée",
    "retire": "Fiche retirée",
    "champ": "Champ",
    "valeur": "Valeur proposée",
    "vient_de": "Vient de",
    "autre": "Valeur de la fiche retirée",
    "contradiction": "Se contredisent",
}
ALIASES = {
    "de": "Acteur",
    "vers": "Peut-être le même",
    "nom_de": "Nom",
    "nom_vers": "Nom de l'autre",
    "nature": "Nature",
    "score": "Vraisemblance (0 à 1)",
    "distance_m": "Distance (m)",
    "raison": "Raison",
}


def style_duplicates(layer: QgsVectorLayer) -> None:
    """Show what is certain by a full line, what is only likely by a dashed one."""
    root = QgsRuleBasedRenderer.Rule(None)
    for label, condition, style in (
        ("Doublon (même identifiant ou même SIRET)", "\"nature\" = 'doublon'", "solid"),
        ("Doublon possible", "\"nature\" = 'possible'", "dash"),
        ("Même établissement, autre lieu", "\"nature\" = 'autre-lieu'", "dot"),
        ("Même structure, autre établissement", "\"nature\" = 'autre-adresse'", "dash dot"),
    ):
        symbol = QgsLineSymbol.createSimple(
            {"line_color": palette()["need"], "line_width": "0.8", "line_style": style, "capstyle": "round"}
        )
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    layer.setRenderer(QgsRuleBasedRenderer(root))
    name_fields(layer, ALIASES)


def style_proposals(layer: QgsVectorLayer) -> None:
    """Name the columns of the proposed merges in French."""
    name_fields(layer, PROPOSAL_ALIASES)
