"""Finding an actor: the directory, and the list of town halls."""

from __future__ import annotations

from ...layers.model.codes import code_list
from ..book import Link
from ..content import Actor
from ..typesetting import (
    ACCENT,
    CAPTION,
    GREY,
    INK,
    LIST,
    Columns,
    Composer,
    labels,
    plural,
)
from ..words import hours_in_words, sort_key


def directory(composer: Composer) -> None:
    """Compose an entry for each numbered actor, in alphabetical order."""
    content = composer.content
    if not content.actors:
        return
    composer.new_page("Annuaire des acteurs")
    composer.bookmark(1, "Annuaire des acteurs", "annuaire")
    y = composer.heading("Annuaire des acteurs", f"{plural(len(content.actors), 'acteur')}, par ordre alphabétique")
    columns = Columns(composer, 2, y)
    names = {commune.code: commune.name for commune in content.communes}
    for actor in content.actors:
        _entry(composer, columns, actor, names[actor.commune])


def _entry(composer: Composer, columns: Columns, actor: Actor, commune: str) -> None:
    inner = columns.width - 12
    paragraphs = list(_paragraphs(actor, commune))
    name_height = composer.height(actor.name, inner, size=9.5, bold=True)
    height = name_height + sum(composer.height(text, columns.width, size=size) + 0.6 for text, size, _, _ in paragraphs)
    columns.room(height + 3.5)
    x, y = columns.x, columns.y
    composer.anchor(actor.anchor, y)
    composer.rule(x, y - 1.2, x + columns.width, y - 1.2)
    composer.marker(f"theme:{actor.theme}", x + 1.8, y + 2.3, 3.2)
    composer.text(str(actor.number), x + 3.6, y + 0.3, 7.2, size=8.2, bold=True, colour=ACCENT, align="right")
    y += composer.text(actor.name, x + 12, y, inner, size=9.5, bold=True)
    for text, size, colour, link in paragraphs:
        y += composer.text(text, x, y + 0.3, columns.width, size=size, colour=colour, link=link) + 0.6
    columns.y = y + 3.5


def _paragraphs(actor: Actor, commune: str):
    yield (
        " · ".join(part for part in (actor.kind_label, commune) if part),
        CAPTION,
        GREY,
        Link(f"territoire-{actor.commune}"),
    )
    themes = labels(actor.themes, "themes_vie")
    if themes:
        yield themes, CAPTION, GREY, None
    if actor.description:
        yield actor.description, LIST, INK, None
    access = [labels([code], "publics") for code in actor.audiences]
    access += [code_list("frais").label(actor.fee)] if actor.fee else []
    if access:
        # Only the first letter: a label may hold an acronym.
        yield "Pour qui : " + ", ".join(part[:1].lower() + part[1:] for part in access), 7.5, INK, None
    if actor.hours:
        yield hours_in_words(actor.hours), 7.5, INK, None
    if actor.resources:
        yield f"À partager : {actor.resources}", 7.5, INK, None
    if actor.wanted:
        yield f"Recherche : {actor.wanted}", 7.5, INK, None
    place = ", ".join(part for part in (actor.address, f"{actor.postcode} {commune}".strip()) if part)
    yield place, 7.5, INK, None
    contact = " · ".join(part for part in (actor.phone, actor.mail) if part)
    if contact:
        yield contact, 7.5, ACCENT, Link(uri=f"mailto:{actor.mail}") if actor.mail else None
    if actor.stale:
        yield "Fiche à revoir : plus de deux ans sans visite.", CAPTION, GREY, None


def town_halls(composer: Composer) -> None:
    """Compose the list of town halls: commune, address, telephone."""
    halls = sorted(composer.content.town_halls, key=lambda actor: sort_key(_commune_name(composer, actor)))
    if not halls:
        return
    composer.new_page("Mairies")
    composer.bookmark(1, "Mairies", "mairies")
    y = composer.heading("Mairies", f"{plural(len(halls), 'mairie')}, par commune")
    columns = Columns(composer, 3, y, continued="Mairies", bottom=composer.balanced_bottom(y, [13.0] * len(halls), 3))
    for hall in halls:
        name = _commune_name(composer, hall)
        address = hall.address or "Adresse non renseignée"
        height = composer.height(name, columns.width, size=LIST, bold=True)
        height += composer.height(address, columns.width, size=CAPTION)
        height += composer.metrics.line_height(CAPTION) if hall.phone else 0
        columns.room(height + 2)
        columns.y += composer.text(name, columns.x, columns.y, columns.width, size=LIST, bold=True)
        columns.y += composer.text(address, columns.x, columns.y, columns.width, size=CAPTION)
        if hall.phone:
            columns.y += composer.text(hall.phone, columns.x, columns.y, columns.width, size=CAPTION, colour=ACCENT)
        columns.y += 2


def _commune_name(composer: Composer, actor: Actor) -> str:
    return next(commune.name for commune in composer.content.communes if commune.code == actor.commune)
