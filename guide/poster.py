"""One map on one sheet, A4 to A0: a question as title, the map, its legend, figures and, where it fits, its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ..layers.classes import GAP_LABELS, need_class
from ..layers.confidentiality import Disclosure
from ..layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..layers.model.codes import code_list
from .book import Area, Book, Box, MapFrame, Spot
from .content import Actor, Content, Territory
from .faults import faults
from .frames import Frame, Zone
from .insets import counted, dense_map, fitting_symbols, overfull
from .sections.entry import entry, entry_height
from .settings import Settings
from .typesetting import ACCENT, GREY, Composer, labels, number, plural, printable, source_line
from .words import on_map, sort_key

if TYPE_CHECKING:
    from .metrics import Metrics

FRAME = "affiche"
MARGIN = 12.0
FOOT = 14.0
STEP = 5.6
SMALL = {"town_hall": 2.2, "pale": 1.8, "count": 5.0}
MOST_GROUPS = 12
LABEL, ROOM = 6.5, 0.9
"""Points of the words within a commune, and the part of its width and height that they may take."""
LEGEND, NOTE = 8.0, 7.5


class Paper(NamedTuple):
    """A sheet: ``width`` and ``height`` in millimetres as it is composed, ``scale`` times larger when it is printed.

    A poster is read from afar: A0 is composed smaller, so that all its letters and symbols come out larger;
    ``letters`` enlarges those of its title and legend further.
    """

    width: float
    height: float
    scale: float = 1.0
    letters: float = 1.0

    @property
    def landscape(self) -> bool:
        return self.width > self.height


PAPERS = {
    "A4-portrait": Paper(210.0, 297.0),
    "A4-paysage": Paper(297.0, 210.0),
    "A3-portrait": Paper(297.0, 420.0, 1.0, 1.25),
    "A3-paysage": Paper(420.0, 297.0, 1.0, 1.25),
    "A0-portrait": Paper(841 / 2.4, 1189 / 2.4, 2.4, 1.45),
    "A0-paysage": Paper(1189 / 2.4, 841 / 2.4, 2.4, 1.45),
}
ACTORS, EFFORT, NEEDS, GAPS, SIMILAR = "acteurs", "recensement", "besoins", "manques", "semblables"
SUBJECTS = (ACTORS, EFFORT, NEEDS, GAPS, SIMILAR, *code_list("themes_vie").labels)
"""What a map may be about; the last ones are the codes of the themes."""


class Key(NamedTuple):
    """A line of the legend: a symbol or a look of the maps, and its words."""

    sign: str
    words: str


class Fills(NamedTuple):
    """How territories are filled, and the looks that occur with their words, in the order of the legend."""

    areas: tuple[Area, ...]
    keys: list[Key]


def find_territory(content: Content, wanted: str) -> Territory:
    """Return the territory of a code or a name; the Département for ``""``.

    Raises TisserandError when there is none, or several of that name.
    """
    if not wanted.strip():
        return content.outline
    known = [content.outline, *content.groups, *content.communes]
    by_code = [territory for territory in known if territory.code == wanted.strip()]
    found = by_code or [territory for territory in known if sort_key(territory.name) == sort_key(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand", "Several territories are called {name}: give the code of one of them, {codes}."
            ),
            name=wanted,
            codes=", ".join(territory.code for territory in found),
        )
    near = sorted(known, key=lambda territory: (-_likeness(territory.name, wanted), sort_key(territory.name)))[:3]
    raise TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "The workspace has no territory {name}: give a code or a name as it stands there, such as {names}; or "
            "nothing, for the whole Département.",
        ),
        name=wanted,
        names=", ".join(f"{territory.name} ({territory.code})" for territory in near),
    )


def _likeness(name: str, wanted: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, sort_key(name), sort_key(wanted)).ratio()


def frame_of(paper: Paper, below: float = 0.0) -> Frame:
    """Return the zones of a sheet: the legend stands beside a landscape map, ``below`` mm high under a portrait one."""
    width, head = paper.width - 2 * MARGIN, 14 + 15.5 * paper.letters
    height = paper.height - head - FOOT
    if paper.landscape:
        column = max(62.0, min(0.24 * paper.width, 120.0))
        zones = {
            "carte": Zone(Box(MARGIN, head, width - column - 6, height)),
            "corps": Zone(Box(MARGIN + width - column, head, column, height)),
        }
    else:
        below = below or max(66.0, 0.27 * paper.height)
        zones = {
            "carte": Zone(Box(MARGIN, head, width, height - below - 5)),
            "corps": Zone(Box(MARGIN, head + height - below, width, below)),
        }
    large = paper.letters
    zones |= {
        "titre": Zone(Box(MARGIN, 9, width, 9 * large), 21 * large, bold=True, colour="accent"),
        "sous-titre": Zone(Box(MARGIN, 9 + 10 * large, width, 5 * large), 10.5 * large, colour="grey"),
        "sources": Zone(Box(MARGIN, paper.height - FOOT + 2.5, width, 8), 6.5, colour="grey"),
    }
    return Frame(FRAME, zones, paper.width, paper.height)


def poster(
    content: Content, metrics: Metrics, settings: Settings, territory: Territory, subject: str, paper: Paper
) -> Book:
    """Return a book of one page: the map of a subject in a territory.

    Raises TisserandError when there is nothing to draw, or when it could not be laid out well.
    """
    _check(content, subject)
    composer = _composed(content, metrics, settings, territory, subject, paper, 0.0, None)
    if not paper.landscape:
        # What the legend does not need is the map's.
        below = composer.end - composer.top
        composer = _composed(content, metrics, settings, territory, subject, paper, below, composer.listed)
    found = faults(composer.book)
    if found:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The map could not be laid out on this format: {faults}. Choose another."),
            faults=" ; ".join(found[:3]),
        )
    return composer.book


class _Poster(Composer):
    """A composer that knows its paper's letters, whether the actors are listed, and where the legend ends."""

    letters = 1.0
    listed: bool | None = None
    end = 0.0


def _composed(content, metrics, settings, territory, subject, paper: Paper, below: float, listed) -> _Poster:
    # A link to a page of the guide leads nowhere here: only what has a number is linked.
    composer = _Poster(content, metrics, {FRAME: 1}, settings, {FRAME: frame_of(paper, below)})
    composer.letters, composer.listed = paper.letters, listed
    composer.new_page(territory.name, FRAME)
    composer.rectangle(Box(0, 0, paper.width, 3), ACCENT)
    title, subtitle = _title(content, territory, subject)
    for words, zone, tag in ((title, "titre", "H1"), (subtitle, "sous-titre", "")):
        box, size, bold, _, _ = composer.zone(zone)
        size = composer.fitting_size(words, box.w, size, bold=bold)
        composer.in_zone(words, zone, tag=tag, size=size, most_lines=1)
    composer.end = _DRAW.get(subject, _theme)(composer, territory, subject)
    foot = f"{source_line(content)} Édition {content.edition}, {content.printed_on:%d/%m/%Y}."
    if content.audience != "public":
        foot = f"{AUDIENCES[content.audience]} {foot}"
    composer.in_zone(foot, "sources", most_lines=3)
    composer.book.title = f"{title} {territory.name}"
    return composer


AUDIENCES = {"pro": "Carte pour les professionnels.", "interne": "Document interne, à ne pas diffuser."}


def _check(content: Content, subject: str) -> None:
    missing = {
        GAPS: not content.has_gaps,
        SIMILAR: not content.similar,
    }
    if missing.get(subject):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "There is no result to draw for this subject: run “Coverage gaps” or “Similar initiatives” into the "
                "workspace first, or choose another subject.",
            )
        )


def _title(content: Content, territory: Territory, subject: str) -> tuple[str, str]:
    actors = content.actors_in(territory)
    surveyed, total = content.survey_state(territory)
    state = f"{surveyed} commune{'s' if surveyed > 1 else ''} sur {total} recensée{'s' if surveyed > 1 else ''}"
    themed = sum(subject in actor.themes for actor in actors)
    titles = {
        ACTORS: ("Qui agit, et où ?", f"{plural(len(actors), 'initiative')}, {state}"),
        EFFORT: ("Où avons-nous cherché ?", state),
        NEEDS: ("Où sont les besoins ?", "Situations rencontrées par les travailleurs sociaux, tous thèmes confondus"),
        GAPS: ("Où les besoins restent-ils sans réponse ?", "Part des situations sans place accessible pour elles"),
        SIMILAR: ("Quelles initiatives se ressemblent ?", "Proches, mêmes thèmes, mêmes mots : à mettre en relation"),
    }
    theme = (f"{content.themes.get(subject, '')} : qui répond, et où ?", f"{plural(themed, 'initiative')}, {state}")
    title, facts = titles.get(subject, theme)
    return title, f"{territory.name} · {facts}"


def _members(content: Content, territory: Territory) -> list[Territory]:
    members = set(territory.members)
    return [commune for commune in content.communes if commune.code in members]


def _subject_of(content: Content, territory: Territory) -> str:
    if territory is content.outline:
        return "synthesis"
    return "commune" if territory.level == "commune" else "group"


def _actors(composer: _Poster, territory: Territory, subject: str) -> float:
    content = composer.content
    actors = content.actors_in(territory)
    halls = [hall for hall in content.town_halls if hall.commune in set(territory.members)]
    around = [] if territory is content.outline else [a for a in content.actors if a.commune not in territory.members]
    if overfull(composer.zone("carte").box, territory, actors):
        return _counted(composer, territory, actors)
    listed = _fits(composer, actors, len({actor.theme for actor in actors}) + 2)
    drawn = dense_map(
        composer,
        composer.zone("carte").box,
        _subject_of(content, territory),
        territory,
        actors,
        alternative=_words(content, territory, f"{len(actors)} initiatives, par thème principal"),
        town_halls=halls,
        around=around,
        size=fitting_symbols(len(actors)),
        numbered=listed,
    )
    keys = [
        Key(f"theme:{code}", f"{words} ({drawn.counts[f'theme:{code}']})") for code, words in content.themes.items()
    ]
    keys = [key for key in keys if drawn.counts[key.sign]]
    keys += [Key("town_hall", f"Mairie ({len(halls)})")] if halls else []
    keys += [Key("pale", "Initiative d'un territoire voisin")] if _any_pale(composer) else []
    keys += [Key("not_surveyed", "Commune non recensée")] if _unsurveyed(content, territory) else []
    y = _legend(composer, keys, _notes(content, territory))
    return _list(composer, actors, y) if listed and actors else y


def _theme(composer: _Poster, territory: Territory, subject: str) -> float:
    content = composer.content
    actors = [actor for actor in content.actors_in(territory) if subject in actor.themes]
    fills = _needs_of(composer, territory, subject)
    listed = _fits(composer, actors, len(fills.keys) + 1)
    dense_map(
        composer,
        composer.zone("carte").box,
        "theme",
        territory,
        actors,
        alternative=_words(content, territory, f"{len(actors)} initiatives du thème {content.themes[subject]}"),
        areas=fills.areas,
        theme=subject,
        size=fitting_symbols(len(actors)),
        numbered=listed,
    )
    signs = [Key(f"theme:{subject}", f"Initiative ({len(actors)})")] if actors else []
    y = _legend(composer, signs + fills.keys, _notes(content, territory) + _method(content, NEEDS))
    return _list(composer, actors, y) if listed and actors else y


def _filled(of: Callable[[_Poster, Territory, str], Fills], what: str, subject_of_map: str) -> Callable:
    def draw(composer: _Poster, territory: Territory, subject: str) -> float:
        content = composer.content
        fills = of(composer, territory, "")
        told = Counter(area.look for area in fills.areas)
        found = ", ".join(f"{plural(told[key.sign], 'commune')} : {key.words}" for key in fills.keys)
        composer.map(
            composer.zone("carte").box,
            subject_of_map,
            territory.extent,
            alternative=_words(content, territory, f"{what}. {found}"),
            areas=fills.areas,
            focus="" if territory is content.outline else territory.code,
        )
        return _legend(composer, fills.keys, _notes(content, territory) + _method(content, subject))

    return draw


def _similar(composer: _Poster, territory: Territory, subject: str) -> float:
    content = composer.content
    inside = {actor.uuid for actor in content.actors_in(territory)}
    groups = [group for group in content.similar if inside & set(group.members)]
    composer.map(
        composer.zone("carte").box,
        "similar",
        territory.extent,
        alternative=_words(
            content, territory, f"{len(groups)} groupes d'initiatives semblables, reliées par des traits"
        ),
        focus="" if territory is content.outline else territory.code,
    )
    by_uuid = {actor.uuid: actor for actor in content.actors}
    themes = {by_uuid[uuid].theme for group in groups for uuid in group.members}
    keys = [Key(f"theme:{code}", words) for code, words in content.themes.items() if code in themes]
    notes = [
        f"Groupe {group.number} : {plural(len(group.members), 'initiative')}, "
        f"{labels(group.themes, 'themes_vie').lower() or 'thèmes divers'}"
        for group in groups[:MOST_GROUPS]
    ]
    notes += [f"et {plural(len(groups) - MOST_GROUPS, 'autre groupe', 'autres groupes')}"] * (len(groups) > MOST_GROUPS)
    return _legend(composer, keys, notes)


def _counted(composer: _Poster, territory: Territory, actors: list[Actor]) -> float:
    """Draw a disc a commune in place of symbols that would hide each other."""
    content = composer.content
    composer.map(
        composer.zone("carte").box,
        _subject_of(content, territory),
        territory.extent,
        alternative=_words(content, territory, f"{len(actors)} initiatives, comptées par commune"),
        spots=counted(_members(content, territory), actors),
        focus="" if territory is content.outline else territory.code,
    )
    keys = [Key("count", "Nombre d'initiatives de la commune : plus elles sont nombreuses, plus le disque est grand")]
    keys += [Key("not_surveyed", "Commune non recensée")] if _unsurveyed(content, territory) else []
    counts = Counter(actor.theme for actor in actors)
    themes = [f"{words} ({number(counts[code])})" for code, words in content.themes.items() if counts[code]]
    return _legend(composer, keys, [f"Par thème principal : {', '.join(themes)}", *_notes(content, territory)])


def _any_pale(composer: _Poster) -> bool:
    maps = [one for one in composer.page.operations if isinstance(one, MapFrame)]
    return any(spot.symbol == "pale" and _within(spot, one.ground) for one in maps for spot in one.spots or ())


def _within(spot: Spot, ground: tuple[float, float, float, float]) -> bool:
    west, south, east, north = ground
    return west <= spot.x <= east and south <= spot.y <= north


def _words(content: Content, territory: Territory, what: str) -> str:
    surveyed, total = content.survey_state(territory)
    return f"Carte de {territory.name} : {what}. {surveyed} communes sur {total} sont recensées."


def _unsurveyed(content: Content, territory: Territory) -> int:
    surveyed, total = content.survey_state(territory)
    return total - surveyed


def _effort_of(composer: _Poster, territory: Territory, theme: str) -> Fills:
    content = composer.content
    looks = {"surveyed": "effort:2", "begun": "effort:1"}
    areas = []
    for commune in _members(content, territory):
        known = content.effort.get(commune.code)
        state = known.state if known else "surveyed" if commune.surveyed_on else "none"
        areas.append(_area(composer, territory, commune, looks.get(state, "not_surveyed")))
    words = {
        "effort:2": "Commune recensée",
        "effort:1": "Recensement commencé",
        "not_surveyed": "Commune non recensée : on ne sait pas ce qui s'y trouve",
    }
    return _fills(areas, words)


def _needs_of(composer: _Poster, territory: Territory, theme: str) -> Fills:
    content, least = composer.content, composer.content.threshold
    areas = []
    for commune in _members(content, territory):
        need = content.need(commune.code, theme)
        if need.state is Disclosure.SHOWN:
            look = f"need:{need_class(need.value, least)}"
            areas.append(_area(composer, territory, commune, look, number(need.value)))
        else:
            areas.append(_area(composer, territory, commune, _unshown(content, commune, need.state)))
    words = {
        "need:0": f"De {least} à {number(5 * least - 1)} situations",
        "need:1": f"De {number(5 * least)} à {number(15 * least - 1)} situations",
        "need:2": f"{number(15 * least)} situations et plus",
    }
    return _fills(areas, {**words, **UNSHOWN})


def _area(composer: _Poster, territory: Territory, commune: Territory, look: str, value: str = "") -> Area:
    """Return a commune filled with a look, with as much of its name and its value as it has room for."""
    box, (west, south, east, north) = composer.zone("carte").box, territory.extent
    scale = min(box.w / (east - west), box.h / (north - south)) / 1.1
    west, south, east, north = commune.extent
    width, height = ROOM * (east - west) * scale, ROOM * (north - south) * scale
    names = [on_map(printable(commune.name), longest) for longest in (30, 16, 11, 8)]
    for words in (*(f"{name}\n{value}".rstrip() for name in names), value):
        lines = words.split("\n")
        widest = max(composer.metrics.width(line, LABEL, bold=True) for line in lines)
        if widest <= width and len(lines) * composer.metrics.line_height(LABEL, bold=True) <= height:
            return Area(commune.code, look, words)
    return Area(commune.code, look)


def _gaps_of(composer: _Poster, territory: Territory, theme: str) -> Fills:
    content = composer.content
    areas = []
    for commune in _members(content, territory):
        unmet = content.unmet(commune.code)
        if unmet.state is Disclosure.SHOWN:
            share = GAP_LABELS[unmet.gap_class]
            areas.append(_area(composer, territory, commune, f"gap:{unmet.gap_class}", share))
        else:
            areas.append(_area(composer, territory, commune, _unshown(content, commune, unmet.state)))
    words = {f"gap:{index}": label for index, label in enumerate(GAP_LABELS)}
    return _fills(areas, {**words, **UNSHOWN})


UNSHOWN = {
    "no_need": "Aucun besoin exprimé",
    "hidden": "Masqué : chiffre non publié",
    "not_surveyed": "Commune non recensée",
}


def _unshown(content: Content, commune: Territory, state: Disclosure) -> str:
    if content.survey_state(commune)[0] == 0:
        return "not_surveyed"
    return "no_need" if state is Disclosure.NONE else "hidden"


def _fills(areas: list[Area], words: dict[str, str]) -> Fills:
    used = {area.look for area in areas}
    return Fills(tuple(areas), [Key(look, text) for look, text in words.items() if look in used])


def _notes(content: Content, territory: Territory) -> list[str]:
    notes = [f"{number(territory.population)} habitants"] if territory.population else []
    missing = [commune.name for commune in _members(content, territory) if commune.surveyed_on is None]
    if 0 < len(missing) <= 6:
        notes.append(f"À recenser : {', '.join(missing)}")
    elif missing:
        notes.append(f"{number(len(missing))} communes restent à recenser")
    return notes


def _method(content: Content, subject: str) -> list[str]:
    if subject == GAPS:
        return [f"Accessible veut dire {content.reach}."]
    if subject == NEEDS:
        return [
            f"Un nombre de moins de {content.threshold} situations est masqué, et d'autres avec lui, afin qu'aucune "
            "soustraction ne le rende."
        ]
    return []


def _columns(composer: _Poster) -> tuple[int, float]:
    """Return how many columns the legend's zone has, and how wide each is."""
    count = max(1, int((composer.width + 6) // 62))
    return count, composer.column_width(count)


def _legend(composer: _Poster, keys: list[Key], notes: list[str]) -> float:
    """Set the legend and the notes below it, and return where they end."""
    count, width = _columns(composer)
    top = composer.top
    rows = -(-len(keys) // count)
    large = composer.letters
    if keys:
        top += composer.text("Légende", composer.left, top, composer.width, size=12 * large, bold=True, tag="H2")
        top += 1.5 * large
    heights = [0.0] * count
    with composer.element("L") if keys else _nothing():
        for index, key in enumerate(keys):
            column = index // rows
            x, y = composer.left + column * (width + 6), top + heights[column]
            with composer.element("LI"):
                _sign(composer, key.sign, x, y)
                words = composer.text(key.words, x + 9 * large, y, width - 9 * large, size=LEGEND * large)
                heights[column] += max(STEP * large, words + 1.6 * large)
    y = top + max(heights) + (2 if keys else 0)
    for note in notes:
        y += composer.text(note, composer.left, y, composer.width, size=NOTE * large, colour=GREY) + large
    return y + 2


def _nothing():
    from contextlib import nullcontext

    return nullcontext()


def _sign(composer: _Poster, sign: str, x: float, y: float) -> None:
    large = composer.letters
    if sign.startswith("theme:") or sign in SMALL:
        composer.marker(sign, x + 3.5 * large, y + 1.9 * large, SMALL.get(sign, 3.2) * large)
    else:
        composer.rectangle(Box(x, y + 0.1, 7 * large, 3.8 * large), sign, GREY)


def _fits(composer: _Poster, actors: list[Actor], keys: int) -> bool:
    """Say whether the list of actors has room below a legend of so many keys."""
    if composer.listed is not None:
        return composer.listed
    count, width = _columns(composer)
    room = composer.bottom - composer.top - (36 + STEP * -(-keys // count)) * composer.letters
    heights = [entry_height(composer, actor, width) for actor in actors]
    composer.listed = sum(heights) + count * max(heights, default=0.0) <= count * room
    return composer.listed


def _list(composer: _Poster, actors: list[Actor], y: float) -> float:
    """Set the names of the actors below their numbers, in columns, and return where they end."""
    count, width = _columns(composer)
    y += composer.subheading("Les initiatives", composer.left, y, composer.width)
    heights = [entry_height(composer, actor, width) for actor in actors]
    bottom = composer.balanced_bottom(y, heights, count)
    column, line, end = 0, y, y
    with composer.element("L"):
        for actor, height in zip(actors, heights):
            if line + height > bottom and column < count - 1:
                column, line = column + 1, y
            line += entry(composer, actor, composer.left + column * (width + 6), line, width)
            end = max(end, line)
    return end + 1


_DRAW = {
    ACTORS: _actors,
    EFFORT: _filled(_effort_of, "État du recensement", "effort"),
    NEEDS: _filled(_needs_of, "Situations de besoin", "gaps"),
    GAPS: _filled(_gaps_of, "Part des besoins sans réponse", "gaps"),
    SIMILAR: _similar,
}
