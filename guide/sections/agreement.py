"""Needs and resources side by side, theme by theme."""

from __future__ import annotations

from ...layers.confidentiality import Disclosure
from ..composing.typesetting import GREY, LIST, Composer
from ..facts.words import glued, number
from .gaps import share_in_words
from .rows import Cell, Column, begin, height_of, table

TITLE = "Besoins et ressources, thème par thème"


def agreement(composer: Composer, y: float) -> float:
    """Set the table of needs and answers by theme, below ``y`` where there is room, and return where it ends."""
    content = composer.content
    full = [actor for actor in content.actors if actor.uuid in set(content.full)]
    rows = []
    for theme, label in content.themes.items():
        need = content.need("", theme)
        shown = {Disclosure.SHOWN: number(need.value), Disclosure.HIDDEN: "masqué"}
        offers = sum(theme in actor.themes for actor in content.actors)
        numbers = [str(lead.number) for lead in content.leads if lead.theme == theme]
        of_theme = [f"{actor.name} n°\u00a0{actor.number}" for actor in full if theme in actor.themes]
        rows.append(
            [
                Cell(label, bold=True, symbol=f"theme:{theme}"),
                Cell(shown.get(need.state, "aucun exprimé")),
                Cell(number(offers)),
                *([Cell(share_in_words(content, "", theme))] if content.has_gaps else []),
                *([Cell(", ".join(of_theme) or "–")] if full else []),
                Cell(", ".join(numbers) or "–"),
            ]
        )
    heads = [Column("Thème", 42), Column("Situations", 18, "right"), Column("Acteurs", 14, "right")]
    heads += [Column("Sans réponse accessible", 28)] if content.has_gaps else []
    heads += [Column("Acteurs complets", 56)] if full else []
    heads += [Column("Pistes", 16)]
    y = begin(composer, y + 6, TITLE, "concordance", height_of(composer, heads, rows) + 10)
    said = f"Accessible veut dire {content.reach}."
    if full:
        said += " Complet : toutes les places seraient prises par les besoins alentour, et il en reste."
    y += composer.text(glued(said), composer.left, y, composer.width, size=LIST, colour=GREY) + 3
    return table(composer, y, heads, rows, TITLE, TITLE) + 9
