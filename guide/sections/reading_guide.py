"""How to read the guide: where to begin, what the symbols say, what must not be confused, who may read what."""

from __future__ import annotations

from ...layers.classes import GAP_LABELS
from ..composing.book import Box, Link
from ..composing.typesetting import ACCENT, GREY, LIST, PAPER, Composer
from ..facts.audience import FOR_NOBODY, only_for

SECTION = "Comment lire ce guide"
SMALL = 8.5
ENTRIES = (
    (
        "Par besoin",
        "Se nourrir, se loger, se déplacer… Partez d'un thème de la vie de tous les jours.",
        (("matrice", "matrice"), ("themes", "cartes par thème"), ("index-besoins", "index par besoin")),
    ),
    (
        "Par territoire",
        "Une commune, une intercommunalité : sa carte, ses acteurs, ce qui y manque.",
        (("fiches", "fiches"), ("index-communes", "index par commune"), ("mairies", "mairies")),
    ),
    (
        "Par nom",
        "Un acteur dont vous connaissez le nom, ou que vous avez vu sur une carte.",
        (("annuaire", "annuaire"), ("index-noms", "index par nom"), ("monographies", "monographies")),
    ),
)
READERS = {
    "public": "Édition publique : chacun peut la lire et la donner.",
    "pro": "Édition des professionnels, pour ceux qui orientent et accompagnent : ne la diffusez pas au-delà.",
    "interne": "Édition interne, pour les services du Département seulement.",
}


def reading_guide(composer: Composer) -> None:
    """Compose the page; what does not fit goes on over the next."""
    composer.new_page(SECTION)
    composer.bookmark(1, SECTION, "lire")
    y = composer.heading(SECTION, "Trois entrées : par besoin, par territoire, par nom")
    y = _entries(composer, y) + 6
    y = _symbols(composer, y) + 5
    y = _looks(composer, y) + 3
    y = _needs(composer, y) + 3
    _readers(composer, y)


def _room(composer: Composer, y: float, height: float) -> float:
    """Return ``y``, or the top of a new page where ``height`` does not fit below it."""
    if y + height <= composer.bottom:
        return y
    composer.new_page(SECTION)
    return composer.top


def _entries(composer: Composer, y: float) -> float:
    width = composer.column_width(3, 5.0)
    inner = width - 8
    cards = [(title, words, _pages(composer, places)) for title, words, places in ENTRIES]
    heights = [
        6.5 + composer.height(words, inner, size=SMALL) + 1.5 + 4.2 * len(pages) + 6 for _, words, pages in cards
    ]
    for place, (title, words, pages) in enumerate(cards):
        x, line = composer.left + place * (width + 5), y + 3
        composer.rectangle(Box(x, y, width, max(heights)), PAPER)
        composer.rectangle(Box(x, y, width, 0.8), ACCENT)
        line += composer.text(title, x + 4, line, inner, size=12, bold=True, colour=ACCENT, tag="H2") + 1
        line += composer.text(words, x + 4, line, inner, size=SMALL) + 1.5
        if pages:
            with composer.element("L"):
                for words, anchor in pages:
                    with composer.element("LI"), composer.element("LBody"):
                        composer.text(words, x + 4, line, inner, size=8, colour=ACCENT, link=Link(anchor), most_lines=1)
                    line += 4.2
    return y + max(heights)


def _pages(composer: Composer, places) -> list[tuple[str, str]]:
    """Return what to open and its anchor, for what is in this book."""
    return [
        (f"{words[:1].upper()}{words[1:]}, page {composer.number_of(anchor)}", anchor)
        for anchor, words in places
        if composer.number_of(anchor)
    ]


def _symbols(composer: Composer, y: float) -> float:
    x, width = composer.left, composer.width
    y += composer.subheading("Dix thèmes, dix formes", x, y, width)
    words = (
        "Chaque acteur porte un numéro, le même sur les cartes, dans les fiches et dans l'annuaire. Sa forme dit son "
        "thème principal, en couleur comme en noir et blanc. Une mairie, petite et blanche, n'a pas de numéro."
    )
    if composer.content.booklet is not None:
        words += " Ce livret est tiré du guide entier : chaque acteur y garde son numéro."
    y += composer.text(words, x, y, width, size=SMALL) + 2
    column = composer.column_width(3)
    keys = [(f"theme:{code}", label, 3.2) for code, label in composer.content.themes.items()]
    keys.append(("town_hall", "Mairie", 2.0))
    rows = -(-len(keys) // 3)
    with composer.element("L"):
        for place, (symbol, label, size) in enumerate(keys):
            left, line = x + place // rows * (column + 6), y + place % rows * 5.4
            with composer.element("LI"):
                with composer.element("Lbl", alternative="symbole"):
                    composer.marker(symbol, left + 1.8, line + 2, size)
                with composer.element("LBody"):
                    composer.text(label, left + 6, line, column - 6, size=LIST, most_lines=1)
    return y + rows * 5.4


def _looks(composer: Composer, y: float) -> float:
    threshold = composer.content.threshold
    y = _room(composer, y, 60)
    y += composer.subheading("Ce qu'il ne faut pas confondre", composer.left, y, composer.width)
    looks = (
        (
            "not_surveyed",
            "Zone non recensée",
            "Personne n'y a encore cherché. Ce n'est ni un manque, ni une absence : on ne sait pas.",
        ),
        (
            "hidden",
            "Masqué",
            f"Il y a des besoins, moins de {threshold} situations ou un nombre qui en révélerait un autre : le chiffre "
            "n'est pas publié, car on pourrait reconnaître une famille.",
        ),
        ("no_need", "Aucun besoin exprimé", "Le territoire a été recensé, et personne n'y a exprimé de besoin."),
        ("no_offer", "Aucune offre", "Le territoire a été recensé, et aucun acteur n'y répond à ce besoin."),
    )
    with composer.element("L"):
        for look, name, words in looks:
            composer.rectangle(Box(composer.left, y + 0.4, 9, 5), look, GREY)
            with composer.element("LI"):
                with composer.element("Lbl"):
                    composer.text(name, composer.left + 12, y, 38, size=SMALL, bold=True)
                with composer.element("LBody"):
                    height = composer.text(words, composer.left + 51, y, composer.width - 51, size=SMALL)
            y += max(6.4, height + 1.6)
        if composer.content.has_gaps:
            y = _classes(composer, y + 1)
    return y


def _classes(composer: Composer, y: float) -> float:
    with composer.element("LI"):
        with composer.element("Lbl"):
            composer.text("Besoins sans réponse", composer.left + 12, y, 38, size=SMALL, bold=True)
        with composer.element("LBody"):
            step = (composer.width - 51) / len(GAP_LABELS)
            for place, label in enumerate(GAP_LABELS):
                left = composer.left + 51 + place * step
                composer.rectangle(Box(left, y + 0.3, 7, 4), f"gap:{place}", GREY)
                composer.text(label, left + 8.5, y, step - 9, size=7.5, most_lines=2)
    return y + 8


def _needs(composer: Composer, y: float) -> float:
    content = composer.content
    words = (
        "Un besoin est un nombre de situations semblables rencontrées par les travailleurs sociaux, jamais une "
        "personne. Un nombre trop petit est masqué, et d'autres avec lui, afin qu'aucune soustraction ne le rende."
    )
    if content.statistical:
        words += " Certains besoins de cette édition viennent de statistiques : ce sont des estimations de population."
    reach = f"Accessible, dans ce guide, veut dire : {content.reach}."
    y = _room(composer, y, 32)
    y += composer.subheading("Des situations, jamais des personnes", composer.left, y, composer.width)
    y += composer.text(words, composer.left, y, composer.width, size=SMALL) + 2
    return y + composer.text(reach, composer.left, y, composer.width, size=SMALL) + 2


def _readers(composer: Composer, y: float) -> None:
    audience = composer.content.audience
    more = only_for(audience)
    said = [
        READERS[audience],
        f"Elle contient, de plus que l'édition publique : {', '.join(more)}." if more else "",
        f"Aucune édition ne contient : {' ; '.join(FOR_NOBODY)}.",
    ]
    said = [words for words in said if words]
    inner = composer.width - 8
    height = sum(composer.height(words, inner, size=SMALL) + 1.5 for words in said) + 4.5
    y = _room(composer, y, height + 9)
    y += composer.subheading("Qui peut lire quoi", composer.left, y, composer.width)
    composer.rectangle(Box(composer.left, y, composer.width, height), PAPER)
    y += 3
    for words in said:
        y += composer.text(words, composer.left + 4, y, inner, size=SMALL) + 1.5
