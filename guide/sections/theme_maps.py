"""A page for each theme: its actors over the needs by territory, and where needs meet no offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...layers.classes import need_class
from ...layers.confidentiality import Disclosure
from ...layers.model.codes import code_list
from ..composing.book import Area, Box
from ..composing.typesetting import LIST, Composer
from ..facts.content import Actor, Content, Territory
from ..facts.words import in_sentence, listed, number, plural
from ..maps.insets import below, dense_map, fitting_symbols
from ..maps.labelling import labelled
from ..maps.legends import Key, legend, look_keys

SECTION = "Thème par thème"
MOST_NAMED = 40


def theme_maps(composer: Composer) -> None:
    """Compose a page for each theme that has an actor or a need that may be spoken of."""
    first = True
    for theme in composer.content.themes:
        if has_page(composer.content, theme):
            _page(composer, theme, first=first)
            first = False


def has_page(content: Content, theme: str) -> bool:
    """Return whether there is anything to show of a theme."""
    if any(theme in actor.themes for actor in content.actors):
        return True
    return any(content.need(group.code, theme).state is Disclosure.SHOWN for group in content.groups)


def _page(composer: Composer, theme: str, *, first: bool) -> None:
    content = composer.content
    title = content.themes[theme]
    actors = [actor for actor in content.actors if theme in actor.themes]
    without = without_offer(content, theme)
    composer.new_page(SECTION, "carte")
    if first:
        composer.bookmark(1, SECTION, "themes")
    composer.bookmark(2, title, f"theme-{theme}")
    y = composer.heading(_message(composer, title, actors, without), _facts(content, theme))
    box = below(composer.zone("carte").box, y)
    areas = _areas(composer, theme, without, box)
    drawn = dense_map(
        composer,
        box,
        "theme",
        content.outline,
        actors,
        areas=areas,
        theme=theme,
        size=fitting_symbols(len(actors)),
        alternative=_alternative(content, title, actors, without, areas),
    )
    keys = []
    if actors:
        words = "Initiative, quel que soit son thème principal"
        keys.append(Key(f"theme:{theme}", f"{words} ({number(drawn.counts[f'theme:{theme}'])})", 3.2))
    keys += look_keys(composer, [area.look for area in areas], _look_words(content))
    y = box.bottom + 4
    y += legend(composer, y, keys, columns=2) + 2
    for words in _named(content, theme, without):
        if y < composer.bottom - 12:
            room = max(1, int((composer.bottom - 6 - y) / composer.metrics.line_height(LIST)))
            y += composer.text(words, composer.left, y, composer.width, size=LIST, most_lines=min(4, room)) + 1.5
    composer.source_line()


def without_offer(content: Content, theme: str) -> list[Territory]:
    """Return the communes where somebody looked for actors and found none of a theme."""
    found = {actor.commune for actor in content.actors if theme in actor.themes}
    return [commune for commune in content.communes if commune.surveyed_on and commune.code not in found]


def _message(composer: Composer, title: str, actors: list[Actor], without: list[Territory]) -> str:
    surveyed, _ = composer.content.survey_state(composer.content.outline)
    if not actors:
        return f"{title} : aucune initiative trouvée" if surveyed else f"{title} : aucune initiative connue"
    words = f"{title} : {_together(plural(len(actors), 'initiative'))}"
    if without:
        long = f"{words}, aucune dans {_together(plural(len(without), 'commune recensée', 'communes recensées'))}"
        box, size, bold, *_ = composer.zone("titre")
        fits = len(composer.lines(long, box.w, size=size, bold=bold)) <= 2
        words = long if fits else f"{words}, aucune dans {_together(plural(len(without), 'commune'))}"
    elif surveyed:
        words += ", dans chaque commune recensée"
    return words


def _together(words: str) -> str:
    """Keep a number and its noun on one line."""
    return words.replace(" ", "\u00a0", 1)


def _facts(content: Content, theme: str) -> str:
    need = content.need("", theme)
    if need.state is Disclosure.SHOWN:
        needs = f"{plural(int(need.value), 'situation de besoin exprimée', 'situations de besoin exprimées')}"
    elif need.state is Disclosure.HIDDEN:
        needs = "Des besoins exprimés, dont le nombre n'est pas publié"
    else:
        needs = "Aucun besoin exprimé"
    level = in_sentence(code_list("niveaux").label(content.level))
    return f"{needs} ; besoins par {level}, offre par commune"


def need_look(content: Content, territory: str, theme: str) -> str:
    """Return how the needs of a territory are drawn: need:0 to need:2, hidden or no_need."""
    need = content.need(territory, theme)
    if need.state is Disclosure.SHOWN:
        return f"need:{need_class(need.value, content.threshold)}"
    return "hidden" if need.state is Disclosure.HIDDEN else "no_need"


def _areas(composer: Composer, theme: str, without: list[Territory], box: Box) -> list[Area]:
    """Return the needs of the territories of the sheets, and over them what is known of the offer of each commune."""
    content = composer.content
    areas = []
    for group in content.groups:
        look = need_look(content, group.code, theme)
        if content.survey_state(group)[0] == 0 and look == "no_need":
            continue
        area = labelled(composer, box, group, look, _need_words(content, group.code, theme))
        # Words among symbols find their own place.
        areas.append(area._replace(at=None))
    empty = {commune.code for commune in without}
    for commune in content.communes:
        if commune.surveyed_on is None:
            areas.append(Area(commune.code, "not_surveyed"))
        elif commune.code in empty:
            areas.append(Area(commune.code, "no_offer"))
    return areas


def _need_words(content: Content, territory: str, theme: str) -> str:
    need = content.need(territory, theme)
    if need.state is Disclosure.SHOWN:
        return number(need.value)
    return "masqué" if need.state is Disclosure.HIDDEN else "aucun besoin exprimé"


def _look_words(content: Content) -> dict[str, str]:
    low, middle = 5 * content.threshold, 15 * content.threshold
    return {
        "need:0": f"Besoins : moins de {number(low)} situations",
        "need:1": f"Besoins : {number(low)} à {number(middle - 1)} situations",
        "need:2": f"Besoins : {number(middle)} situations et plus",
        "hidden": "Besoins masqués : leur nombre n'est pas publié",
        "no_need": "Aucun besoin exprimé",
        "no_offer": "Commune recensée, sans initiative de ce thème",
        "not_surveyed": "Non recensé : on ne sait pas",
    }


def _named(content: Content, theme: str, without: list[Territory]) -> Iterator[str]:
    unmet = [
        f"{commune.name} ({number(content.need(commune.code, theme).value)})"
        for commune in without
        if content.need(commune.code, theme).state is Disclosure.SHOWN
    ]
    if unmet:
        words = listed(unmet, MOST_NAMED)
        yield f"Des besoins, et aucune initiative trouvée, en situations ({number(len(unmet))}) : {words}."
    elif without:
        names = [commune.name for commune in without]
        words = listed(names, MOST_NAMED)
        yield f"Recensées, sans initiative de ce thème ({number(len(names))}) : {words}."
    most = Counter(actor.commune for actor in content.actors if theme in actor.themes)
    names = {commune.code: commune.name for commune in content.communes}
    first = sorted((pair for pair in most.items() if pair[1] > 1), key=lambda pair: (-pair[1], names[pair[0]]))[:6]
    if first:
        yield "Le plus d'initiatives : " + ", ".join(f"{names[code]} ({number(count)})" for code, count in first) + "."


def _alternative(content: Content, title: str, actors: list[Actor], without: list[Territory], areas: list[Area]) -> str:
    of_groups = {area.code: area.look for area in reversed(areas)}
    looks = Counter(of_groups[group.code] for group in content.groups if group.code in of_groups)
    shown = sum(count for look, count in looks.items() if look.startswith("need:"))
    words = (
        f"Carte du thème {title} : {plural(len(actors), 'initiative')}, et les besoins exprimés par territoire, dont "
        f"{number(shown)} avec leur nombre, {number(looks['hidden'])} masqués, {number(looks['no_need'])} sans besoin."
    )
    if without:
        words += f" {plural(len(without), 'commune recensée est', 'communes recensées sont')} sans initiative du thème."
    return words
