"""How the survey effort looks, with the French names of its fields."""

from __future__ import annotations

from qgis.core import QgsRuleBasedRenderer, QgsVectorLayer

from ..styles import palette
from .symbols import fill, hatch, not_surveyed_fill

ALIASES = {
    "recense": "Acteurs recensés",
    "contacte": "Acteurs contactés",
    "visite": "Acteurs visités",
    "perime": "Fiches périmées",
    "classe": "Effort de recensement",
}
CLASSES = {
    "jamais": "Pas encore recensé",
    "partiel": "Recensement commencé",
    "a_jour": "Recensement à jour",
    "perime": "Recensement à refaire",
}


def style_effort(layer: QgsVectorLayer) -> None:
    """Show the classes so that they read in grey too; surveyed with nobody found never looks like never surveyed."""
    looks = (
        (CLASSES["jamais"], "\"classe\" = 'jamais'", not_surveyed_fill()),
        (CLASSES["partiel"], "\"classe\" = 'partiel'", fill(palette()["gaps"][1])),
        (CLASSES["a_jour"], '"classe" = \'a_jour\' AND "recense" > 0', fill(palette()["accent"])),
        ("Recensé : aucun acteur", '"classe" = \'a_jour\' AND "recense" = 0', fill(palette()["no_need"])),
        (CLASSES["perime"], "\"classe\" = 'perime'", hatch(90, 2.2, palette()["ink"], palette()["hidden"])),
    )
    root = QgsRuleBasedRenderer.Rule(None)
    for label, condition, symbol in looks:
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    layer.setRenderer(QgsRuleBasedRenderer(root))
    for name, alias in ALIASES.items():
        layer.setFieldAlias(layer.fields().lookupField(name), alias)
