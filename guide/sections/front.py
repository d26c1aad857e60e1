"""What comes before the content: cover, contents, how to read."""

from __future__ import annotations

from ...layers.classes import GAP_LABELS
from ..book import Area, Bookmark, Box, Link
from ..content import Territory
from ..typesetting import BODY, GREY, LIST, PAPER, Columns, Composer, plural

MOST_ENTRIES = 110
CONTENTS_STEPS = {1: 6.2, 2: 5.0, 3: 4.5}
FICTION = "Exemple : hormis les mairies, acteurs, besoins et visites de ce guide sont fictifs."
BOOKLET = "Livret de territoire du guide cartographique de l'innovation sociale"
AUDIENCES = {"public": "Édition publique", "pro": "Édition des professionnels", "interne": "Édition interne"}


def cover(composer: Composer) -> None:
    """Compose the cover: title, Département, edition, and its map in silhouette."""
    content = composer.content
    composer.new_page("Couverture", "couverture")
    composer.anchor("couverture")
    if content.booklet is None:
        composer.in_zone("Guide cartographique", "titre")
        composer.in_zone("de l'innovation sociale", "sous-titre")
        composer.in_zone(content.departement, "departement", most_lines=2)
    else:
        _booklet_titles(composer, content.booklet)
    _silhouette(composer)
    composer.in_zone(f"Édition {content.edition}", "edition")
    counted = f"{plural(len(content.actors), 'acteur')} · {plural(len(content.communes), 'commune')}"
    height = composer.in_zone(f"{AUDIENCES[content.audience]} · {counted}", "mention")
    if content.fictional:
        mention = composer.zone("mention").box
        composer.text(FICTION, mention.x, mention.y + height + 1, mention.w, size=9, colour="light", most_lines=2)


def _booklet_titles(composer: Composer, territory: Territory) -> None:
    """Set the territory's name as the title of its booklet, in as many lines as its zone has room for."""
    title, below = composer.zone("titre"), composer.zone("departement").box
    size = title.size
    while size > 12 and composer.height(territory.name, title.box.w, size=size, bold=True) > below.y - title.box.y - 9:
        size -= 1
    lines = max(1, int((below.y - title.box.y - 9) / composer.metrics.line_height(size, bold=True)))
    y = title.box.y + composer.in_zone(territory.name, "titre", size=size, most_lines=lines)
    composer.text(BOOKLET, title.box.x, y + 1, title.box.w, size=12, colour="white", most_lines=1)
    composer.in_zone(composer.content.departement, "departement", most_lines=2)


def _silhouette(composer: Composer) -> None:
    """Draw the Département and its communes; in a booklet the territory stands out."""
    content = composer.content
    territory = content.booklet
    words = f"Silhouette du département {content.departement} et de ses communes"
    options = {}
    if territory is not None:
        words += f", où {territory.name} se détache"
        options = {"focus": territory.code, "areas": (Area(territory.code, "#2f83a8"),)}
    composer.map(
        composer.zone("carte").box,
        "cover" if territory is None else "booklet",
        content.outline.extent if territory is None else territory.extent,
        alternative=f"{words}.",
        scale_bar=False,
        frame=False,
        **options,
    )


def contents(composer: Composer, bookmarks: list[Bookmark]) -> None:
    """Compose the contents from the bookmarks of an earlier pass, with their page numbers."""
    listed = [mark for mark in bookmarks if mark.anchor != "sommaire"]
    if not listed:
        return
    composer.new_page("Sommaire")
    composer.bookmark(1, "Sommaire", "sommaire")
    y = composer.heading("Sommaire")
    if len(listed) > MOST_ENTRIES:
        listed = [mark for mark in listed if mark.level < 3]
    steps = [CONTENTS_STEPS[mark.level] + (2.5 if mark.level == 1 else 0) for mark in listed]
    count = 1 if sum(steps) < composer.bottom - y else 2
    columns = Columns(
        composer, count, y, gap=10, continued="Sommaire", bottom=composer.balanced_bottom(y, steps, count)
    )
    with composer.element("TOC"):
        for mark, step in zip(listed, steps):
            columns.room(step)
            with composer.element("TOCI"):
                _contents_line(composer, columns, mark)


def _contents_line(composer: Composer, columns: Columns, mark: Bookmark) -> None:
    main = mark.level == 1
    size = (10.5, 9.0, 8.0)[mark.level - 1]
    step = CONTENTS_STEPS[mark.level]
    columns.y += 2.5 if main else 0
    indent = 5 * (mark.level - 1)
    x, right = columns.x + indent, columns.x + columns.width
    title = composer.lines(mark.title, columns.width - indent - 14, size=size, bold=main, most_lines=1)[0]
    composer.text(title, x, columns.y, columns.width - indent - 12, size=size, bold=main, link=Link(mark.anchor))
    number = composer.number_of(mark.anchor)
    composer.text(number, right - 11, columns.y, 11, size=size, bold=main, align="right", link=Link(mark.anchor))
    start = x + composer.metrics.width(title, size, bold=main) + 2
    if start < right - 9:
        composer.rule(start, columns.y + step - 1.9, right - 9, columns.y + step - 1.9, width=0.12)
    columns.y += step


def how_to_read(composer: Composer) -> None:
    """Compose the page that explains symbols, entries and the looks that must not be confused."""
    content = composer.content
    composer.new_page("Comment lire ce guide")
    composer.bookmark(1, "Comment lire ce guide", "lire")
    y = composer.heading("Comment lire ce guide", "Trois entrées : par territoire, par thème, par nom")
    for text in (
        "Chaque acteur porte un numéro. C'est le même sur les cartes, dans les fiches de territoire, dans "
        "l'annuaire et dans l'index. Sa forme indique son thème principal : elle suffit à le reconnaître sur une "
        "impression en noir et blanc. Les mairies, petites et blanches, ne sont pas numérotées.",
        "Pour trouver un acteur près d'un lieu, ouvrez la fiche de la commune ou de l'intercommunalité. Pour un thème, "
        "partez de la matrice. Pour un nom, de l'index. Dans la version à l'écran, les numéros de page sont des liens.",
    ):
        y += composer.text(text, composer.left, y, composer.width) + 3
    y += 2
    y += composer.subheading("Dix thèmes, dix symboles", composer.left, y, composer.width)
    y += composer.theme_legend(y, columns=2) + 1
    composer.marker("town_hall", composer.left + 1.8, y + 2, 2.0)
    composer.text("Mairie", composer.left + 5.5, y, 60, size=LIST)
    y += 11
    y += composer.subheading("Ce que disent les fonds de carte", composer.left, y, composer.width)
    looks = [(f"gap:{index}", f"Besoins sans réponse : {label}") for index, label in enumerate(GAP_LABELS)]
    looks += [
        ("no_need", "Territoire recensé, où aucun besoin n'a été exprimé"),
        (
            "hidden",
            f"Chiffre masqué : moins de {content.threshold} situations, ou nombre secret ; on pourrait reconnaître une "
            "famille. Il y a des besoins ; leur nombre n'est pas publié.",
        ),
        (
            "not_surveyed",
            "Zone non recensée : personne n'y a encore cherché les acteurs. On ne sait pas ce qui s'y trouve ; "
            "ce n'est ni un manque, ni une absence.",
        ),
    ]
    for look, text in looks:
        composer.rectangle(Box(composer.left, y + 0.3, 9, 5), look, GREY)
        y += max(7.0, composer.text(text, composer.left + 13, y + 0.4, composer.width - 13, size=9) + 2)
    y += 4
    y += composer.subheading("Besoins : des situations, jamais des personnes", composer.left, y, composer.width)
    text = (
        "Un besoin est un nombre de situations semblables rencontrées par les travailleurs sociaux, jamais une "
        "personne. Un nombre trop petit est masqué, et d'autres avec lui, afin qu'aucune soustraction ne le rende."
    )
    if content.statistical:
        text += " Certains besoins de cette édition viennent de statistiques : ce sont des estimations de population."
    y += composer.text(text, composer.left, y, composer.width, size=9) + 4
    reach = f"Accessible, dans ce guide, veut dire : {content.reach}."
    height = composer.height(reach, composer.width - 8, size=BODY) + 5
    composer.rectangle(Box(composer.left, y, composer.width, height), PAPER)
    composer.text(reach, composer.left + 4, y + 2.5, composer.width - 8, size=BODY)
