"""Sources and legal notice, made from what the store says of itself; what is not known is said."""

from __future__ import annotations

from ..composing.addresses import contact_link
from ..composing.book import Link
from ..composing.columns import Columns
from ..composing.flow import balanced_height, flow, head_height, piece
from ..composing.typesetting import CAPTION, GREY, Composer
from ..facts.content import Analysis, Content
from ..facts.words import decimal, plural
from .front import FICTION

SECTION = "Sources et mentions légales"
TEXT = 8.5
UNKNOWN = "Non renseigné."
NAME_WIDTH, DAY_WIDTH = 54.0, 22.0


def sources(composer: Composer) -> None:
    """Compose the notice: who, from what, how, what is hidden, how to have a mistake corrected."""
    composer.new_page(SECTION)
    composer.bookmark(1, SECTION, "sources")
    y = composer.heading(SECTION, "Ce que ce guide sait, d'où il le tient, et ce qu'il ne dit pas")
    width = composer.column_width(2)
    blocks = [
        [
            piece(composer, title, width, size=10, bold=True, colour="accent", space=0.6),
            *(piece(composer, text, width, size=TEXT, space=1.2, link=link) for text, link in said),
        ]
        for title, said in notices(composer)
    ]
    blocks = [[*block[:-1], block[-1]._replace(space=3.6)] for block in blocks]
    height = balanced_height(blocks, 2, composer.bottom - y)
    columns = Columns(composer, 2, y, continued=SECTION, bottom=y + height)
    for heading, *texts in blocks:
        columns.room(head_height([heading, *texts]))
        flow(composer, columns, heading, "H2")
        for text in texts:
            flow(composer, columns, text)
    _analyses(composer, columns.lowest + 4)


def notices(composer: Composer) -> list[tuple[str, list[tuple[str, Link | None]]]]:
    """Return the titles with their paragraphs and where those lead."""
    content, settings = composer.content, composer.settings
    known = content.settings
    year = known.get("millesime")
    contact = settings.contact.strip()
    about = [
        ("Édition", [_edition(content)]),
        ("Directeur de la publication", [known.get("directeur_publication") or UNKNOWN]),
        ("Sources", [known.get("sources") or UNKNOWN]),
        ("Licences des données", [known.get("licences") or UNKNOWN]),
        (
            "Limites et coordonnées",
            [
                f"Code officiel géographique : {year or 'millésime non renseigné'}. "
                f"Système de coordonnées : EPSG:{content.epsg}."
            ],
        ),
        ("Ce qui a été recensé", [_survey(content)]),
        ("Confidentialité", list(_secrecy(content))),
        ("Crédits des photos", _credits(content)),
        (
            "Corriger, s'opposer",
            [
                "Toute personne ou structure citée peut demander la correction ou le retrait de ce qui la concerne "
                "(règlement UE 2016/679, articles 16 et 21).",
                contact or "Adresse à laquelle écrire : non renseignée. S'adresser au Département.",
            ],
        ),
        ("Fabrication", ["Composé par Tisserand, extension libre de QGIS."]),
    ]
    if settings.legal.strip():
        about.insert(2, ("Mentions", [line.strip() for line in settings.legal.splitlines() if line.strip()]))
    if content.fictional:
        about.insert(0, ("Un exemple", [FICTION]))
    return [
        (title, [(text, contact_link(text) if text == contact else None) for text in texts]) for title, texts in about
    ]


def _edition(content: Content) -> str:
    return (
        f"{content.departement} ({content.departement_code}), édition {content.edition}. Données extraites et guide "
        f"composé le {content.printed_on:%d/%m/%Y}."
    )


def _survey(content: Content) -> str:
    surveyed, total = content.survey_state(content.outline)
    known = (
        "Toutes les communes ont été recensées."
        if surveyed == total
        else f"{plural(total - surveyed, 'commune')} sur {total} restent à recenser : leur contenu n'est pas connu."
    )
    return f"Ce guide n'est pas exhaustif. {known} Une fiche de plus de deux ans est signalée."


def _secrecy(content: Content):
    yield (
        f"Aucun chiffre tiré des besoins n'est publié au-dessous de {content.threshold} situations. D'autres sont "
        "masqués avec lui : totaux, territoires qui s'emboîtent ou se croisent, thèmes, édition précédente. Avant "
        "d'imprimer, le logiciel essaie de retrouver chaque chiffre masqué à partir de tous les autres, et masque "
        "davantage tant qu'il y parvient."
    )
    yield (
        "Une part sans réponse est donnée par classe, et masquée aussi quand la classe en dit trop. Un besoin compte "
        "dans les sommes même si sa fiche est interne : seules les sommes sont imprimées, les mêmes pour tous les "
        "lecteurs. Un besoin dont le nombre est inconnu ou secret masque les sommes dont il fait partie."
    )
    if content.settings.get("contributeurs") == "correspondants":
        yield (
            "Un chiffre que moins de trois correspondants ont réuni, ou dont un seul apporte plus de 85 %, est masqué "
            "de même."
        )
    yield (
        "Les points des besoins et leurs textes ne sont jamais imprimés. Le téléphone et le courriel d'un acteur ne "
        "le sont qu'avec son accord."
    )


def _credits(content: Content) -> list[str]:
    photos = [(monograph.title, monograph.photo) for monograph in content.monographs if monograph.photo]
    if not photos:
        return ["Ce guide n'a pas de photo."]
    return [f"{title} : {photo.credit or 'crédit non renseigné'}." for title, photo in photos]


def _analyses(composer: Composer, y: float) -> None:
    """Set the table of the analyses: what, when, computed with what."""
    analyses = composer.content.analyses
    title = "Analyses et leurs paramètres"
    if not analyses:
        y = _room(composer, y, 20)
        y += composer.subheading(title, composer.left, y, composer.width)
        composer.text("Aucune analyse n'a été faite.", composer.left, y, composer.width, size=TEXT)
        return
    words = [_parameters(analysis) for analysis in analyses]
    wide = composer.width - NAME_WIDTH - DAY_WIDTH
    heights = [
        1.6
        + max(composer.height(said, wide, size=7.5), composer.height(one.title, NAME_WIDTH - 3, size=7.5, bold=True))
        for one, said in zip(analyses, words)
    ]
    y = _room(composer, y, 12 + heights[0] + 6)
    y += composer.subheading(title, composer.left, y, composer.width)
    with composer.element("Table"):
        y = _head(composer, y)
        for analysis, said, height in zip(analyses, words, heights):
            y = _room(composer, y, height)
            composer.rule(composer.left, y, composer.left + composer.width, y, width=0.12)
            _row(composer, analysis, said, y + 0.8, wide)
            y += height
    y += 2
    method = (
        f"Accessible veut dire {composer.content.reach}. Couverture : accessibilité potentielle localisée, méthode "
        "E2SFCA (Luo et Qi 2009, doi:10.1016/j.healthplace.2009.06.002). Initiatives semblables : proximité, thèmes "
        "et mots communs, regroupés par modularité (Blondel et coll. 2008, doi:10.1088/1742-5468/2008/10/P10008)."
    )
    y = _room(composer, y, composer.height(method, composer.width, size=7.5))
    composer.text(method, composer.left, y, composer.width, size=7.5, colour=GREY)


def _room(composer: Composer, y: float, height: float) -> float:
    if y + height <= composer.bottom:
        return y
    composer.new_page(SECTION)
    return composer.top


def _columns(composer: Composer) -> tuple[float, float, float]:
    return composer.left, composer.left + NAME_WIDTH, composer.left + NAME_WIDTH + DAY_WIDTH


def _head(composer: Composer, y: float) -> float:
    with composer.element("TR"):
        for words, x, width in zip(("Analyse", "Calculée le", "Avec"), _columns(composer), (50, 20, 90)):
            with composer.element("TH", scope="Column"):
                composer.text(words, x, y, width, size=CAPTION, colour=GREY)
    return y + 4.4


def _row(composer: Composer, analysis: Analysis, said: str, y: float, wide: float) -> None:
    name, day, parameters = _columns(composer)
    with composer.element("TR"):
        with composer.element("TH", scope="Row"):
            composer.text(analysis.title, name, y, NAME_WIDTH - 3, size=7.5, bold=True)
        with composer.element("TD"):
            when = f"{analysis.computed_on:%d/%m/%Y}" if analysis.computed_on else "non daté"
            composer.text(when, day, y, DAY_WIDTH - 2, size=7.5)
        with composer.element("TD"):
            composer.text(said, parameters, y, wide, size=7.5)


def _parameters(analysis: Analysis) -> str:
    said = " ; ".join(f"{words}\u00a0: {_french(value)}" for words, value in analysis.parameters)
    return said or "Paramètres non renseignés."


def _french(value: str) -> str:
    try:
        return decimal(float(value))
    except ValueError:
        return value
