"""Sources and legal notice, made from what the store says of itself."""

from __future__ import annotations

from ..typesetting import BODY, Composer, plural
from .front import FICTION


def sources(composer: Composer) -> None:
    """Compose the notice: who, from what, how, what is hidden, how to have a mistake corrected."""
    content = composer.content
    settings = content.settings
    composer.new_page("Sources et mentions légales")
    composer.bookmark(1, "Sources et mentions légales", "sources")
    y = composer.heading("Sources et mentions légales")
    paragraphs = [
        (
            "Édition",
            f"{content.departement} ({content.departement_code}), édition {content.edition}, composée le "
            f"{content.printed_on:%d/%m/%Y}.",
        ),
        ("Sources", settings.get("sources", "Non renseignées.")),
        ("Licences", settings.get("licences", "Non renseignées.")),
        ("Projection", f"Système légal de coordonnées EPSG:{content.epsg}."),
        (
            "Méthode",
            f"Accessible veut dire {content.reach}. Couverture des besoins : accessibilité potentielle "
            "localisée, méthode E2SFCA (Luo et Qi 2009, doi:10.1016/j.healthplace.2009.06.002). Initiatives "
            "semblables : proximité, thèmes et mots communs, regroupés par modularité (Blondel et coll. 2008, "
            "doi:10.1088/1742-5468/2008/10/P10008).",
        ),
        (
            "Confidentialité",
            f"Aucun chiffre tiré des besoins n'est publié au-dessous de {content.threshold} situations. Les autres le "
            "sont par tranches ou par classes, sans totaux. Les points des besoins ne sont pas imprimés. Les "
            "coordonnées d'un acteur ne figurent ici qu'avec son accord.",
        ),
        (
            "Limites",
            "Ce guide n'est pas exhaustif. " + _survey(content) + " Une fiche de plus de deux ans est signalée.",
        ),
        (
            "Rectification",
            "Toute personne ou structure citée peut demander la correction ou le retrait des informations qui la "
            "concernent (règlement UE 2016/679, articles 16 et 21) auprès du Département.",
        ),
    ]
    if settings.get("directeur_publication"):
        paragraphs.insert(1, ("Direction de la publication", settings["directeur_publication"]))
    if content.fictional:
        paragraphs.insert(1, ("Fiction", FICTION))
    for title, text in paragraphs:
        y += composer.subheading(title, composer.left, y, composer.width)
        y += composer.text(text, composer.left, y, composer.width, size=BODY) + 4


def _survey(content) -> str:
    surveyed, total = content.survey_state(content.outline)
    if surveyed == total:
        return "Toutes les communes ont été recensées."
    return f"{plural(total - surveyed, 'commune')} sur {total} restent à recenser."
