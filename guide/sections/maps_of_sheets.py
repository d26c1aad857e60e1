"""The maps of territory sheets."""

from __future__ import annotations

from ..composing.book import Area, Box
from ..composing.typesetting import ACCENT, Composer
from ..facts.content import Actor, Territory
from ..facts.words import plural
from ..maps.insets import SIZE, Drawn, dense_map

CROWDED_SIZE = 2.2
MOST_NUMBERS = 80
"""Actors up to which a map has their numbers: more would hide each other, and the maps of the communes have them."""
MARGIN = 0.5
"""How far around a territory its neighbours' actors are shown, as a share of its wider side."""


def territory_map(
    composer: Composer, box: Box, subject: str, territory: Territory, actors: list[Actor], most_insets: int = 0
) -> Drawn:
    """Draw a territory with its numbered actors, those of its neighbours pale around it."""
    content = composer.content
    surveyed, total = content.survey_state(territory)
    numbered = len(actors) <= MOST_NUMBERS
    words = f"Carte de {territory.name} : {plural(len(actors), 'acteur')}"
    if total > 1:
        words += f", {plural(surveyed, 'commune recensée', 'communes recensées')} sur {total}"
    elif not surveyed:
        words += ", commune non recensée"
    members = set(territory.members)
    return dense_map(
        composer,
        box,
        subject,
        territory,
        actors,
        alternative=f"{words}.",
        town_halls=[hall for hall in content.town_halls if hall.commune in members],
        around=[actor for actor in content.actors if actor.commune not in members and _near(actor, territory)],
        numbered=numbered,
        size=SIZE if numbered else CROWDED_SIZE,
        most_insets=most_insets,
    )


def _near(actor: Actor, territory: Territory) -> bool:
    west, south, east, north = territory.extent
    margin = MARGIN * max(east - west, north - south)
    return west - margin <= actor.x <= east + margin and south - margin <= actor.y <= north + margin


def locator(composer: Composer, box: Box, territory: Territory) -> None:
    """Draw the whole Département, in which the territory stands out."""
    content = composer.content
    words = f"Où se trouve {territory.name} dans le département {content.departement}."
    areas = (Area(territory.code, composer.settings.colours.resolve(ACCENT)),)
    composer.map(box, "locator", content.outline.extent, focus=territory.code, alternative=words, areas=areas)
