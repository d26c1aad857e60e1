"""How the survey effort looks, with the French names of its fields."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from ...styles import palette
from ..symbols import fill, hatch, not_surveyed_fill
from .parts import by_rules, name_fields

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


# Two tints of the accent, which is the third step.
STEPS = ("#cfe0ea", "#74a5c1")
CURRENT = "\"classe\" <> 'perime'"


def style_effort(layer: QgsVectorLayer) -> None:
    """Show how far the survey came, so that it reads in grey too.

    Each step is darker than the one before it; what was surveyed without finding anybody never looks like what was
    never surveyed, and what has grown old is hatched like nothing else.
    """
    looks = (
        ("Non recensé", '"classe" = \'jamais\' AND "recense" = 0', not_surveyed_fill()),
        (
            "Repéré : des acteurs connus, aucun contacté",
            f'{CURRENT} AND "recense" > 0 AND "contacte" = 0',
            fill(STEPS[0]),
        ),
        (
            "Contacté : une partie au moins des acteurs",
            f'{CURRENT} AND "contacte" > 0 AND "visite" < "recense"',
            fill(STEPS[1]),
        ),
        (
            "Visité : tous les acteurs",
            f'{CURRENT} AND "recense" > 0 AND "visite" = "recense"',
            fill(palette()["accent"]),
        ),
        (
            "Recensé : aucun acteur",
            "\"classe\" IN ('partiel', 'a_jour') AND \"recense\" = 0",
            fill(palette()["no_need"]),
        ),
        (
            "Périmé : recensement à refaire",
            "\"classe\" = 'perime'",
            hatch(90, 2.2, palette()["ink"], palette()["hidden"]),
        ),
    )
    layer.setRenderer(by_rules(looks))
    name_fields(layer, ALIASES)
