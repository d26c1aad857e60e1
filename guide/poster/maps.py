"""The map of each subject on a sheet, with its legend; each function returns where the legend ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ...layers.model.codes import code_list
from ..composing.book import MapFrame, Spot
from ..facts.content import Actor, Content, Territory
from ..facts.words import labels, number, plural
from ..maps.insets import counted, dense_map, fitting_symbols, overfull
from .fills import Fills, effort_of, gaps_of, members, needs_of
from .legend import Key, Poster, actor_list, fits, legend

ACTORS, EFFORT, NEEDS, GAPS, SIMILAR = "acteurs", "recensement", "besoins", "manques", "semblables"
SUBJECTS = (ACTORS, EFFORT, NEEDS, GAPS, SIMILAR, *code_list("themes_vie").labels)
"""What a map may be about; the last ones are the codes of the themes."""
MOST_GROUPS = 12


def _actors(composer: Poster, territory: Territory, subject: str) -> float:
    content = composer.content
    actors = content.actors_in(territory)
    halls = [hall for hall in content.town_halls if hall.commune in set(territory.members)]
    around = [] if territory is content.outline else [a for a in content.actors if a.commune not in territory.members]
    if overfull(composer.zone("carte").box, territory, actors):
        return _counted(composer, territory, actors)
    listed = fits(composer, actors, len({actor.theme for actor in actors}) + 2)
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
    y = legend(composer, keys, _notes(content, territory))
    return actor_list(composer, actors, y) if listed and actors else y


def _theme(composer: Poster, territory: Territory, subject: str) -> float:
    content = composer.content
    actors = [actor for actor in content.actors_in(territory) if subject in actor.themes]
    fills = needs_of(composer, territory, subject)
    listed = fits(composer, actors, len(fills.keys) + 1)
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
    y = legend(composer, signs + fills.keys, _notes(content, territory) + _method(content, NEEDS))
    return actor_list(composer, actors, y) if listed and actors else y


def _filled(of: Callable[[Poster, Territory, str], Fills], what: str, subject_of_map: str) -> Callable:
    def draw(composer: Poster, territory: Territory, subject: str) -> float:
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
        return legend(composer, fills.keys, _notes(content, territory) + _method(content, subject))

    return draw


def _similar(composer: Poster, territory: Territory, subject: str) -> float:
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
    return legend(composer, keys, notes)


def _counted(composer: Poster, territory: Territory, actors: list[Actor]) -> float:
    """Draw a disc a commune in place of symbols that would hide each other."""
    content = composer.content
    composer.map(
        composer.zone("carte").box,
        _subject_of(content, territory),
        territory.extent,
        alternative=_words(content, territory, f"{len(actors)} initiatives, comptées par commune"),
        spots=counted(members(content, territory), actors),
        focus="" if territory is content.outline else territory.code,
    )
    keys = [Key("count", "Nombre d'initiatives de la commune : plus elles sont nombreuses, plus le disque est grand")]
    keys += [Key("not_surveyed", "Commune non recensée")] if _unsurveyed(content, territory) else []
    counts = Counter(actor.theme for actor in actors)
    themes = [f"{words} ({number(counts[code])})" for code, words in content.themes.items() if counts[code]]
    return legend(composer, keys, [f"Par thème principal : {', '.join(themes)}", *_notes(content, territory)])


def _subject_of(content: Content, territory: Territory) -> str:
    if territory is content.outline:
        return "synthesis"
    return "commune" if territory.level == "commune" else "group"


def _any_pale(composer: Poster) -> bool:
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


def _notes(content: Content, territory: Territory) -> list[str]:
    notes = [f"{number(territory.population)} habitants"] if territory.population else []
    missing = [commune.name for commune in members(content, territory) if commune.surveyed_on is None]
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


BY_SUBJECT = {
    ACTORS: _actors,
    EFFORT: _filled(effort_of, "État du recensement", "effort"),
    NEEDS: _filled(needs_of, "Situations de besoin", "gaps"),
    GAPS: _filled(gaps_of, "Part des besoins sans réponse", "gaps"),
    SIMILAR: _similar,
}


def draw(composer: Poster, territory: Territory, subject: str) -> float:
    """Draw the map of a subject with what stands beside it, and return where that ends."""
    return BY_SUBJECT.get(subject, _theme)(composer, territory, subject)
