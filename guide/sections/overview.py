"""The whole Département at a glance: key figures with a map."""

from __future__ import annotations

from collections import Counter

from ..book import Box
from ..typesetting import ACCENT, GREY, LIST, PAPER, Composer, number, plural


def key_figures(composer: Composer) -> None:
    """Compose the figures of the Département and the map of all its actors."""
    content = composer.content
    composer.new_page("Le Département en un coup d'œil")
    composer.bookmark(1, "Le Département en un coup d'œil", "synthese")
    communes = {actor.commune for actor in content.actors}
    surveyed, total = content.survey_state(content.outline)
    y = composer.heading(
        f"{plural(len(content.actors), 'initiative')} dans {plural(len(communes), 'commune')} sur {number(total)}",
        f"{plural(surveyed, 'commune recensée', 'communes recensées')}, {number(total - surveyed)} à recenser ; "
        f"{plural(len(content.town_halls), 'mairie')}",
    )
    stale = sum(actor.stale for actor in content.actors)
    tiles = (
        (number(content.outline.population or 0), "habitants"),
        (number(len(content.actors)), "initiatives et services"),
        (f"{surveyed} / {total}", "communes recensées"),
        (number(stale), "fiches à revoir (plus de deux ans)"),
    )
    figure_tiles(composer, tiles, y)
    y += 23
    composer.map(
        Box(composer.left, y, composer.width, 168),
        "synthesis",
        content.outline.extent,
        alternative=(
            f"Carte des {len(content.actors)} acteurs du département par thème. "
            f"{surveyed} communes sur {total} ont été recensées ; les autres sont hachurées."
        ),
    )
    y += 172
    y += composer.theme_legend(y, Counter(actor.theme for actor in content.actors)) + 1
    composer.marker("town_hall", composer.left + 1.8, y + 2, 2.0)
    composer.text(f"Mairie ({len(content.town_halls)})", composer.left + 5.5, y, 50, size=LIST)
    composer.rectangle(Box(composer.left + composer.width / 3, y + 0.3, 6, 3.6), "not_surveyed", GREY)
    composer.text("Commune non recensée", composer.left + composer.width / 3 + 8, y, 60, size=LIST)
    composer.source_line()


def figure_tiles(composer: Composer, tiles: tuple[tuple[str, str], ...], y: float) -> None:
    """Set big figures with their words side by side."""
    gap = 4.0
    width = (composer.width - gap * (len(tiles) - 1)) / len(tiles)
    for index, (figure, words) in enumerate(tiles):
        x = composer.left + index * (width + gap)
        composer.rectangle(Box(x, y, width, 19), PAPER)
        composer.text(figure, x + 3, y + 1.2, width - 6, size=17, bold=True, colour=ACCENT)
        composer.text(words, x + 3, y + 10.2, width - 6, size=LIST, most_lines=2)
