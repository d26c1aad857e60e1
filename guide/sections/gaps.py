"""Needs without an answer nearby: the map of all, a table by theme with what is not sure, a small map a theme."""

from __future__ import annotations

from collections import Counter

from ...layers.classes import GAP_LABELS
from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ...layers.result_tables import GAPS_BY_TERRITORY
from ..composing.book import Area, Box
from ..composing.columns import Columns
from ..composing.flow import flow, piece
from ..composing.typesetting import CAPTION, GREY, LIST, Composer
from ..facts.content import Content, Territory, Unmet
from ..facts.words import in_sentence, number
from ..maps.insets import below
from ..maps.labelling import labelled
from ..maps.legends import legend, look_keys
from .rows import Cell, Column, table

SECTION = "Où les besoins restent-ils sans réponse ?"
CAUSES = {
    "couvert": "tout est couvert",
    "hors_portee": "aucun acteur accessible",
    "capacite": "pas assez de places",
    "public": "public non accueilli",
}
IN_POLYGON = (("moins de 25 %", "< 25 %"), ("25 – 50 %", "25–50"), ("50 – 75 %", "50–75"), ("75 % et plus", "75 %+"))
"""The classes as they are written within a territory, in full and where there is little room."""
LOOK_WORDS = {
    **{f"gap:{index}": f"Sans réponse : {label}" for index, label in enumerate(GAP_LABELS)},
    "no_need": "Aucun besoin exprimé",
    "hidden": "Masqué : part non publiée",
    "not_surveyed": "Non recensé : on ne sait pas",
    "no_offer": "Aucun acteur du thème n'y a été trouvé",
}
IN_REACH = ("portée, en minutes", "vitesse, en km/h", "détour")
"""The parameters that the sentence on reach says already."""
MOST_NAMED, MOST_ON_SMALL_MAP = 20, 60


def share_in_words(content: Content, territory: str, theme: str = "") -> str:
    """Return an unmet share as it may be printed: a class, never a count."""
    unmet = content.unmet(territory, theme)
    if unmet.state is Disclosure.NONE:
        return "aucun besoin exprimé"
    return "masqué" if unmet.state is Disclosure.HIDDEN else GAP_LABELS[unmet.gap_class]


def bounds_in_words(unmet: Unmet) -> str:
    """Return between which classes an unmet share lies, what is not known being good or bad."""
    if unmet.state is not Disclosure.SHOWN or unmet.least < 0:
        return "–"
    if unmet.least == unmet.most:
        return "même classe"
    return f"de « {GAP_LABELS[unmet.least]} » à « {GAP_LABELS[unmet.most]} »"


def gap_look(content: Content, territory: Territory, theme: str = "") -> str:
    """Return how a territory is drawn on a map of gaps: not_surveyed, no_need, hidden or gap:0 to gap:3."""
    # Where nobody looked, a share without an answer only says that the actors are not known.
    if content.survey_state(territory)[0] == 0:
        return "not_surveyed"
    unmet = content.unmet(territory.code, theme)
    if unmet.state is Disclosure.SHOWN:
        return f"gap:{unmet.gap_class}"
    return "hidden" if unmet.state is Disclosure.HIDDEN else "no_need"


def mapped(content: Content, theme: str = "") -> list[Territory]:
    """Return the territories of a map of gaps: communes if enough of them may be spoken of, else those of the sheets.

    Enough is a third of those with needs; the small map of a theme has room for MOST_ON_SMALL_MAP.
    """
    if theme and len(content.communes) > MOST_ON_SMALL_MAP:
        return content.groups
    states = [content.unmet(commune.code, theme).state for commune in content.communes]
    shown, hidden = states.count(Disclosure.SHOWN), states.count(Disclosure.HIDDEN)
    return content.communes if shown and shown * 3 >= shown + hidden else content.groups


def gaps(composer: Composer) -> None:
    """Compose the map of unmet needs, what it rests on, and a small map for each theme that has something to show."""
    content = composer.content
    if not content.has_gaps:
        return
    _whole(composer)
    _by_theme(composer)
    _small_maps(composer)


def _whole(composer: Composer) -> None:
    content = composer.content
    composer.new_page(SECTION, "carte")
    composer.bookmark(1, SECTION, "manques")
    places = mapped(content)
    y = composer.heading(SECTION, _facts(content, places))
    box = below(composer.zone("carte").box, y)
    areas = _areas(composer, places, box)
    composer.map(box, "gaps", content.outline.extent, alternative=_alternative(content, places), areas=tuple(areas))
    y = box.bottom + 4
    y += legend(composer, y, look_keys(composer, [area.look for area in areas], LOOK_WORDS), columns=3) + 2
    text = (
        f"Une place est dite accessible quand elle se trouve {content.reach}. Une part sans réponse compte les "
        "situations pour lesquelles il n'y a, à cette portée, ni place libre ni acteur qui accueille ce public. Les "
        "mairies, présentes partout, n'y sont pas comptées."
    )
    composer.text(text, composer.left, y, composer.width, size=LIST)
    composer.source_line()


def _areas(composer: Composer, places: list[Territory], box: Box, theme: str = "", *, named: bool = True):
    content = composer.content
    areas = []
    for place in places:
        look = gap_look(content, place, theme)
        shares = IN_POLYGON[int(look[4:])] if look.startswith("gap:") else ()
        areas.append(labelled(composer, box, place, look, *shares, named=named))
    if theme:
        areas += [
            Area(place.code, "no_offer_on_dark" if gap_look(content, place, theme) == "gap:3" else "no_offer")
            for place in places
            if content.offer(place.code, theme) == "aucune" and content.survey_state(place)[0]
        ]
    return areas


def _facts(content: Content, places: list[Territory]) -> str:
    level = "commune" if places is content.communes else in_sentence(code_list("niveaux").label(content.level))
    return f"Part des situations sans place accessible pour elles, tous thèmes confondus, par {level}"


def _alternative(content: Content, places: list[Territory], theme: str = "") -> str:
    looks = {place.code: gap_look(content, place, theme) for place in places}
    counts = Counter(looks.values())
    said = [
        f"{number(counts[look])} : {words[0].lower()}{words[1:]}" for look, words in LOOK_WORDS.items() if counts[look]
    ]
    about = f"du thème {content.themes[theme]} " if theme else ""
    words = f"Carte de la part des besoins {about}sans réponse ; territoires par classe : {', '.join(said)}."
    worst = [place.name for place in places if looks[place.code] == "gap:3"]
    if worst:
        more = "…" if len(worst) > MOST_NAMED else ""
        words += f" Dans la plus haute : {', '.join(worst[:MOST_NAMED])}{more}."
    return words


def _by_theme(composer: Composer) -> None:
    """Set the table by theme, then the parameters of the analysis."""
    content = composer.content
    composer.new_page(SECTION)
    y = composer.top
    y += composer.subheading("Par thème, dans tout le département", composer.left, y, composer.width)
    columns = (
        Column("Thème", 48),
        Column("Situations", 21, "right"),
        Column("Sans réponse", 31),
        Column("Selon ce qui n'est pas connu", 39),
        Column("Confiance", 20),
        Column("Cause principale", 32),
        Column("Sans acteur trouvé", 22, "right"),
    )
    rows = [_theme_row(content, theme, label) for theme, label in content.themes.items()]
    rows.append(_theme_row(content, "", "Tous les thèmes"))
    y = table(composer, y, columns, rows, "Besoins sans réponse par thème", "Par thème")
    note = (
        "Situations : celles que les travailleurs sociaux ont rencontrées, jamais des personnes. Selon ce qui n'est "
        "pas connu : entre les deux classes, que les capacités, effectifs et lieux inconnus soient tous favorables, ou "
        "tous défavorables. Sans acteur trouvé : communes recensées, d'après l'analyse ; ce n'est pas une part de "
        "besoins."
    )
    y += composer.text(note, composer.left, y + 2, composer.width, size=CAPTION, colour=GREY) + 8
    _parameters(composer, y)


def _theme_row(content: Content, theme: str, label: str) -> list[Cell]:
    need, unmet = content.need("", theme), content.unmet("", theme)
    cause = CAUSES.get(unmet.cause, unmet.cause) if unmet.cause else "–"
    if theme:
        states = [content.offer(commune.code, theme) for commune in content.communes]
        none = number(states.count("aucune")) if any(states) else "–"
    else:
        none = "–"
    figure = {Disclosure.HIDDEN: "masqué", Disclosure.NONE: "aucune"}.get(need.state) or number(need.value)
    return [
        Cell(label, bold=not theme, symbol=f"theme:{theme}" if theme else ""),
        Cell(figure, bold=not theme),
        Cell(share_in_words(content, "", theme), bold=True),
        Cell(bounds_in_words(unmet)),
        Cell(unmet.confidence or "–"),
        Cell(cause),
        Cell(none),
    ]


def _parameters(composer: Composer, y: float) -> None:
    content = composer.content
    analysis = content.analysis(GAPS_BY_TERRITORY)
    lines = [f"Accessible : {content.reach}."]
    if analysis:
        lines += [
            f"{words[0].upper()}{words[1:]} : {value}." for words, value in analysis.parameters if words not in IN_REACH
        ]
    when = f", calculée le {analysis.computed_on.strftime('%d/%m/%Y')}" if analysis and analysis.computed_on else ""
    method = (
        f"Analyse de la couverture des besoins{when}. Les acteurs proches d'une même situation se partagent leurs "
        "places selon la distance (méthode E2SFCA, Luo et Qi, 2009). Une commune non recensée peut avoir des acteurs "
        "que ce guide ne connaît pas : une part n'y est jamais un manque sûr."
    )
    if y > composer.bottom - 60:
        composer.new_page(SECTION)
        y = composer.top
    y += composer.subheading("Comment c'est calculé", composer.left, y, composer.width)
    y += composer.text(method, composer.left, y, composer.width, size=LIST) + 3
    heights = [composer.height(line, composer.column_width(2), size=LIST) + 1 for line in lines]
    bottom = composer.balanced_bottom(y, heights, 2)
    columns = Columns(composer, 2, y, continued="Comment c'est calculé", bottom=bottom)
    with composer.element("L"):
        for line in lines:
            flow(composer, columns, piece(composer, line, columns.width, size=LIST, space=1.0), "LI")


def _small_maps(composer: Composer) -> None:
    """Set a small map for each theme of which some territory may be spoken of, four to a page."""
    content = composer.content
    themes = [theme for theme in content.themes if _has_map(content, theme)]
    for index in range(0, len(themes), 4):
        _small_page(composer, themes[index : index + 4])


def _has_map(content: Content, theme: str) -> bool:
    return any(content.unmet(place.code, theme).state is Disclosure.SHOWN for place in mapped(content, theme))


def _small_page(composer: Composer, themes: list[str]) -> None:
    content = composer.content
    composer.new_page(SECTION)
    looks: list[str] = []
    for theme in themes:
        looks += (gap_look(content, place, theme) for place in mapped(content, theme))
        if any(content.offer(place.code, theme) == "aucune" for place in mapped(content, theme)):
            looks.append("no_offer")
    keys = [key._replace(words=LOOK_WORDS[key.name]) for key in look_keys(composer, looks, LOOK_WORDS)]
    key_height = -(-len(keys) // 3) * 5.4
    gap = 8.0
    width = composer.column_width(2, gap)
    foot = composer.bottom - key_height - 12
    height = (foot - composer.top - gap) / 2
    for index, theme in enumerate(themes):
        x, y = composer.left + index % 2 * (width + gap), composer.top + index // 2 * (height + gap)
        _small_map(composer, theme, Box(x, y, width, height))
    bottom = composer.top + -(-len(themes) // 2) * (height + gap) - gap
    legend(composer, bottom + 4, keys)
    composer.source_line(min(bottom + 4 + key_height + 2, composer.bottom - 6))


def _small_map(composer: Composer, theme: str, box: Box) -> None:
    content = composer.content
    places = mapped(content, theme)
    unmet = content.unmet("", theme)
    level = "commune" if places is content.communes else in_sentence(code_list("niveaux").label(content.level))
    words = f"{share_in_words(content, '', theme)} dans le département ; carte par {level}"
    if unmet.state is Disclosure.SHOWN and unmet.gap_class >= 0:
        words = f"Sans réponse : {words}"
    composer.marker(f"theme:{theme}", box.x + 1.8, box.y + 2.6, 3.4)
    top = box.y + composer.text(content.themes[theme], box.x + 5.5, box.y, box.w - 5.5, size=11, bold=True, tag="H2")
    top += composer.text(words, box.x, top, box.w, size=7.5, colour=GREY, most_lines=2) + 1.5
    place = Box(box.x, top, box.w, box.bottom - top)
    composer.map(
        place,
        "small_gaps",
        content.outline.extent,
        alternative=_alternative(content, places, theme),
        areas=tuple(_areas(composer, places, place, theme, named=False)),
        theme=theme,
    )
