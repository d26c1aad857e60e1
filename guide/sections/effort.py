"""Where somebody has looked for the actors, and where nobody has: map, table, and the names of what is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...layers.model.codes import code_list
from ..composing.book import Area, Box, Link
from ..composing.columns import Columns
from ..composing.flow import flow, piece
from ..composing.typesetting import CAPTION, GREY, LIST, Composer
from ..facts.content import Content, Effort, Territory
from ..facts.words import number, plural
from ..maps.insets import below
from ..maps.labelling import labelled
from ..maps.legends import legend, look_keys
from .rows import Cell, Column, table

ANCHOR = "recensement"
LOOKS = {"surveyed": "effort:2", "stale": "survey_stale", "begun": "effort:1", "none": "not_surveyed"}
WORDS = {
    "effort:2": "Recensée : on y a cherché les acteurs",
    "survey_stale": "Recensée, mais à revoir : c'est ancien",
    "effort:1": "Entamée : des rencontres, mais pas de recensement",
    "not_surveyed": "Personne n'y a encore cherché",
}
SECTION = "Effort de recensement"
MOST_NAMES = 90


def effort(composer: Composer) -> None:
    """Compose the map of the survey, then the table by territory and the names of the communes left to survey."""
    content = composer.content
    composer.new_page(SECTION, "carte")
    title = _message(content)
    composer.bookmark(1, SECTION, ANCHOR)
    y = composer.heading(title, _facts(content))
    box = below(composer.zone("carte").box, y)
    areas = [_area(composer, box, commune) for commune in content.communes]
    composer.map(box, "effort", content.outline.extent, alternative=_alternative(content), areas=tuple(areas))
    y = box.bottom + 4
    y += legend(composer, y, look_keys(composer, [area.look for area in areas], WORDS), columns=2) + 2
    composer.text(
        "Dans chaque commune recensée, le mois de la dernière recherche ou rencontre. Une commune non recensée n'est "
        "ni bien ni mal pourvue : on ne sait pas. Les chiffres de ce guide ne valent que là où l'on a cherché.",
        composer.left,
        y,
        composer.width,
        size=LIST,
    )
    composer.source_line()
    _by_territory(composer)


def _states(content: Content) -> dict[str, list[Territory]]:
    found: dict[str, list[Territory]] = {state: [] for state in LOOKS}
    for commune in content.communes:
        found[content.effort[commune.code].state].append(commune)
    return found


def _message(content: Content) -> str:
    states = _states(content)
    unknown, total = len(states["none"]) + len(states["begun"]), len(content.communes)
    if not unknown:
        return "On a cherché partout" if total > 1 else "La commune est recensée"
    if unknown == total:
        return "Le recensement n'est achevé dans aucune commune"
    return f"{plural(total - unknown, 'commune recensée', 'communes recensées')}, {number(unknown)} encore à parcourir"


def _facts(content: Content) -> str:
    whole = content.effort[""]
    if not whole.actors:
        return "Aucune initiative connue"
    words = f"{plural(whole.met, 'initiative rencontrée', 'initiatives rencontrées')} sur {number(whole.actors)}"
    if whole.visits:
        words += f", {plural(whole.visits, 'visite')}"
    return f"{words} ; la dernière {whole.last.strftime('le %d/%m/%Y')}" if whole.last else words


def _area(composer: Composer, box: Box, commune: Territory) -> Area:
    found = composer.content.effort[commune.code]
    value = month(found.last) if found.state != "none" and found.last else ""
    return labelled(composer, box, commune, LOOKS[found.state], value)


def month(day: date) -> str:
    """Return a day as month and year."""
    return day.strftime("%m/%Y")


def _alternative(content: Content) -> str:
    states = _states(content)
    surveyed = plural(len(states["surveyed"]) + len(states["stale"]), "commune recensée", "communes recensées")
    stale, begun = number(len(states["stale"])), plural(len(states["begun"]), "entamée")
    words = (
        f"Carte de l'effort de recensement : {surveyed}, dont {stale} à revoir, {begun}, "
        f"{number(len(states['none']))} où personne n'a encore cherché."
    )
    names = [commune.name for commune in states["none"]]
    return f"{words} Celles-ci : {', '.join(names[:MOST_NAMES])}." if names else words


def _by_territory(composer: Composer) -> None:
    content = composer.content
    composer.new_page(SECTION)
    y = composer.top
    y += composer.subheading("Territoire par territoire", composer.left, y, composer.width)
    columns = (
        Column(code_list("niveaux").label(content.level), 52),
        Column("Communes recensées", 26, "right"),
        Column("Entamées", 20, "right"),
        Column("Pas commencées", 24, "right"),
        Column("Initiatives", 20, "right"),
        Column("Contactées", 22, "right"),
        Column("Rencontrées", 23, "right"),
        Column("Visites", 17, "right"),
        Column("Dernière", 20, "right"),
    )
    rows = [_row(content, group, content.effort[group.code]) for group in content.groups]
    rows.append(_row(content, content.outline._replace(name="Tout le département"), content.effort[""], bold=True))
    y = table(composer, y, columns, rows, "Effort de recensement par territoire", "Territoire par territoire")
    note = (
        "Entamée : quelqu'un y a été contacté ou rencontré, mais la recherche n'a pas été menée. Contactées et "
        "rencontrées : parmi les initiatives que ce guide montre. Visites : les rencontres, sans les appels. "
        f"Source : {content.departement}, recensement et journal des visites, {content.printed_on.year}."
    )
    y += composer.text(note, composer.left, y + 2, composer.width, size=CAPTION, colour=GREY) + 8
    _left_to_survey(composer, y)


def _row(content: Content, territory: Territory, found: Effort, *, bold: bool = False) -> list[Cell]:
    members = set(territory.members)
    states = [content.effort[commune.code].state for commune in content.communes if commune.code in members]
    link = None if bold else Link(f"territoire-{territory.code}")
    figures = (
        f"{number(states.count('surveyed') + states.count('stale'))} / {number(len(states))}",
        number(states.count("begun")),
        number(states.count("none")),
        number(found.actors),
        number(found.contacted),
        number(found.met),
        number(found.visits),
        month(found.last) if found.last else "jamais",
    )
    return [Cell(territory.name, link, bold), *(Cell(figure, bold=bold) for figure in figures)]


def _left_to_survey(composer: Composer, y: float) -> None:
    """Name each commune where the survey is not done, by territory."""
    paragraphs = list(_names(composer.content))
    if not paragraphs:
        return
    if y > composer.bottom - 30:
        composer.new_page(SECTION)
        y = composer.top
    y += composer.subheading("Ce qui reste à parcourir", composer.left, y, composer.width)
    columns = Columns(composer, 1, y, continued="Ce qui reste à parcourir")
    with composer.element("L"):
        for words in paragraphs:
            flow(composer, columns, piece(composer, words, columns.width, size=LIST, space=2.0), "LI")


def _names(content: Content) -> Iterator[str]:
    states = _states(content)
    left = {commune.code: commune for state in ("begun", "none") for commune in states[state]}
    seen: set[str] = set()
    for group in content.groups:
        here = [left[code] for code in group.members if code in left]
        seen |= {commune.code for commune in here}
        if here:
            yield f"{group.name} ({number(len(here))}) : {_listed(content, here)}."
    rest = [commune for code, commune in left.items() if code not in seen]
    if rest:
        yield f"Hors de ces territoires ({number(len(rest))}) : {_listed(content, rest)}."


def _listed(content: Content, communes: list[Territory]) -> str:
    names = sorted((commune.name, content.effort[commune.code].state) for commune in communes)
    return ", ".join(f"{name} (entamée)" if state == "begun" else name for name, state in names)
