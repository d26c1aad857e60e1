"""How the quality of records looks, with the French names of its fields."""

from __future__ import annotations

from qgis.core import QgsMarkerSymbol, QgsRuleBasedRenderer, QgsVectorLayer

from ...styles import palette
from .parts import name_fields

ALIASES = {
    "uuid": "Identifiant",
    "nom": "Nom",
    "commune": "Commune",
    "au_moins_un_moyen_de_contact": "Au moins un moyen de contact (0 à 1)",
    "adresse_bien_definie": "Adresse bien définie (0 à 1)",
    "description_bien_definie": "Description bien définie (0 à 1)",
    "au_moins_une_thematique": "Au moins une thématique (0 à 1)",
    "au_moins_un_public": "Au moins un public (0 à 1)",
    "modes_mobilisation_bien_definis": "Modes de mobilisation bien définis (0 à 1)",
    "telephone_bien_defini": "Téléphone bien défini (0 à 1)",
    "courriel_bien_defini": "Courriel bien défini (0 à 1)",
    "frais_bien_definis": "Frais bien définis (0 à 1)",
    "date_maj_recente": "Mise à jour récente (0 à 1)",
    "score": "Qualité de la fiche (0 à 1)",
    "a_corriger": "À corriger, le plus utile d'abord",
    "perime": "Périmée (à revoir depuis)",
    "a_localiser": "À localiser",
    "hors_commune": "Hors de sa commune",
}
# Lower bound of the score, words, shape and colour: by shape first, so that a print in grey still reads.
CLASSES = (
    (0.8, "Bonne fiche (0,8 et plus)", "circle", "#ffffff"),
    (0.5, "Fiche à compléter (0,5 à 0,8)", "diamond", "#fdd49e"),
    (0.0, "Fiche à reprendre (moins de 0,5)", "triangle", "#b30000"),
)


def style_quality(layer: QgsVectorLayer) -> None:
    """Show three classes of the score, the poorest records on top and largest."""
    root = QgsRuleBasedRenderer.Rule(None)
    upper = 2.0
    for size, (lower, label, shape, colour) in zip((2.0, 2.6, 3.2), CLASSES):
        symbol = QgsMarkerSymbol.createSimple(
            {
                "name": shape,
                "size": str(size),
                "color": colour,
                "outline_color": palette()["ink"],
                "outline_width": "0.2",
            }
        )
        condition = f'"score" >= {lower} AND "score" < {upper}'
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
        upper = lower
    layer.setRenderer(QgsRuleBasedRenderer(root))
    name_fields(layer, ALIASES)
