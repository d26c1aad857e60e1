"""Project leads: where similar needs, willing people and a favourable context meet; projects and places besides."""

from __future__ import annotations

import numpy as np
from osgeo import ogr

from ...layers.confidentiality import Disclosure
from ..composing.book import Area, Box, Link, Spot
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, PAPER, Composer
from ..facts.content import Actor, Content, Territory
from ..facts.leads import LACKING, MET, UNKNOWN, Lead, conditions, lacking
from ..facts.words import glued, number, plural
from .agreement import agreement
from .rows import Cell, Column, height_of, map_box, mark, table
from .works import projects, proposals

TITLE = "Quels projets lancer d'abord ?"
LOOKS = {MET: "full", LACKING: "empty", UNKNOWN: "unknown"}
CARD, CARD_MAP, CARD_GAP, INDENT = 42.0, 34.0, 4.0, 4.5
MOST_CARDS = 60
LOWEST_MAP, HIGHEST_MAP = 72.0, 150.0
MOST_NAMED = 3
SPOT = 5.4
MOST_PUSHES = 200
COMMUNES, FOCUS = "#dfe9f0", "#7fa8be"


def leads(composer: Composer) -> None:
    """Compose the ranked leads, a card each, needs and answers by theme, projects under way, proposed places."""
    content = composer.content
    if not (content.leads or content.projects or content.proposals):
        return
    composer.new_page(TITLE, "carte" if content.leads else "page")
    composer.bookmark(1, TITLE, "pistes")
    y = composer.heading(TITLE, _subtitle(content))
    if content.leads:
        y = agreement(composer, _cards(composer, _ranking(composer, y)))
    y = projects(composer, y)
    proposals(composer, y)


def _subtitle(content: Content) -> str:
    if not content.leads:
        said = []
        if content.projects:
            said.append(plural(len(content.projects), "projet en cours", "projets en cours"))
        if content.proposals:
            said.append(plural(len(content.proposals), "lieu proposé", "lieux proposés"))
        return " ; ".join(said)
    count, ready = len(content.leads), sum(lead.ready for lead in content.leads)
    where = "où" if ready == count else f"dont {ready} où" if ready else "aucune où"
    return f"{plural(count, 'piste')}, {where} se rencontrent besoins semblables, volontaires et contexte favorable"


def situations(content: Content, lead: Lead) -> str:
    """Return the number of a lead as it was published."""
    shown = content.need_of(lead.name)
    if shown.state is not Disclosure.SHOWN:
        return "masqué"
    return f"{'au moins ' if lead.at_least else ''}{number(shown.value)}"


def _ranking(composer: Composer, y: float) -> float:
    """Set the map and the table of all leads, and return where that ends."""
    content = composer.content
    heads, rows = _table(composer)
    box = map_box(composer, y)
    room = composer.bottom - 6 - height_of(composer, heads, rows) - 14 - box.y
    box = box._replace(h=min(HIGHEST_MAP, max(LOWEST_MAP, room)))
    communes = sorted({code for lead in content.leads for code in lead.communes})
    composer.map(
        box,
        "leads",
        content.outline.extent,
        areas=tuple(Area(code, COMMUNES) for code in communes),
        spots=_spots(content, box),
        alternative=(
            f"Carte de {plural(len(content.leads), 'piste')} de projet, chacune numérotée au milieu de ses communes. "
            f"La première, {content.themes.get(content.leads[0].theme, '')}, tient à "
            f"{', '.join(_names(content, content.leads[0].communes))}."
        ),
    )
    y = box.bottom + 2
    said = glued("Le numéro d'une piste est au milieu de ses communes : ce n'est pas l'endroit des besoins.")
    y += composer.text(said, composer.left, y, composer.width, size=CAPTION, colour=GREY) + 1.2
    x = composer.left
    with composer.element("L"):
        for state in (MET, LACKING, UNKNOWN):
            words = state if state == UNKNOWN else f"condition {state}" if state == MET else "condition qui manque"
            mark(composer, LOOKS[state], x + 1.4, y + 1.7)
            with composer.element("LI"):
                composer.text(words, x + 4, y, 40, size=CAPTION, colour=GREY)
            x += composer.metrics.width(words, CAPTION) + 10
    composer.source_line()
    return table(composer, y + 6, heads, rows, "Pistes de projet, de la plus mûre à la moins mûre", "Pistes de projet")


def _table(composer: Composer) -> tuple[tuple[Column, ...], list[list[Cell]]]:
    content = composer.content
    rows = []
    for lead in content.leads:
        title = f"{lead.number}. {content.themes.get(lead.theme, 'Tous thèmes')}"
        states = (Cell("", alternative=state, mark=LOOKS[state]) for state in conditions(lead))
        rows.append(
            [
                Cell(title, Link(f"piste-{lead.number}"), bold=True, symbol=f"theme:{lead.theme}"),
                Cell(", ".join(_names(content, lead.communes)) or "–"),
                Cell(situations(content, lead)),
                *states,
                Cell(lacking(lead) or "rien : à lancer"),
            ]
        )
    heads = (
        Column("Piste", 42),
        Column("Communes", 42),
        Column("Situations", 18, "right"),
        Column("Besoins", 15, "centre"),
        Column("Volontaires", 21, "centre"),
        Column("Contexte", 18, "centre"),
        Column("Ce qui manque", 38),
    )
    return heads, rows


def _names(content: Content, codes: tuple[str, ...]) -> list[str]:
    return [commune.name for commune in content.communes if commune.code in codes]


def _spots(content: Content, box: Box) -> tuple[Spot, ...]:
    """Return the leads' symbols, each in the middle of its communes, moved apart where they would hide each other."""
    middles = {c.code: _middle(c) for c in content.communes}
    placed = [lead for lead in content.leads if lead.communes]
    if not placed:
        return ()
    true = [np.mean([middles[code] for code in lead.communes], axis=0) for lead in placed]
    west, south, east, north = content.outline.extent
    scale = min(box.w / (east - west), box.h / (north - south)) / 1.1
    moved = _apart(np.array(true) * scale, SPOT * 1.05) / scale
    return tuple(
        Spot(float(x), float(y), "count", lead.number, SPOT, float(x), float(y)) for lead, (x, y) in zip(placed, moved)
    )


def _apart(points: np.ndarray, distance: float) -> np.ndarray:
    """Return points pushed away from each other, a little at a time, until none are nearer than ``distance``."""
    # Those in one place part in directions of their own.
    turns = 2.4 * np.arange(len(points))
    moved = points + 0.01 * distance * np.column_stack((np.cos(turns), np.sin(turns)))
    for _ in range(MOST_PUSHES):
        away = moved[:, None] - moved[None]
        gap = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(gap, 1e9)
        if gap.min() >= distance:
            break
        push = np.where(gap < distance, (distance * 1.02 - gap) / 2 / gap, 0.0)
        moved = moved + 0.5 * (push[..., None] * away).sum(axis=1)
    return moved


def _middle(commune: Territory) -> tuple[float, float]:
    centre = ogr.CreateGeometryFromWkb(commune.geometry).Centroid()
    return centre.GetX(), centre.GetY()


def _cards(composer: Composer, y: float) -> float:
    """Set a card a lead, as many a page as fit, and return where that ends."""
    content = composer.content
    title = "Les pistes une à une"
    cards = []
    for lead in content.leads[:MOST_CARDS]:
        paragraphs = list(_paragraphs(content, lead))
        width = composer.width - CARD_MAP - 14 - INDENT
        height = 12.5 + sum(composer.height(text, width, size=LIST) + 1.2 for _, text, _ in paragraphs)
        cards.append((lead, paragraphs, max(CARD, height)))
    y += 8
    # The page of the ranking's map names its sources already.
    sourced = next((page for page in composer.book.pages if "pistes" in page.anchors), None)
    if y + 9 + cards[0][2] > composer.bottom - 6:
        composer.new_page(TITLE)
        y = composer.top
    composer.bookmark(2, title, "pistes-fiches", y)
    y += composer.subheading(title, composer.left, y, composer.width) + 1
    for lead, paragraphs, height in cards:
        if y + height > composer.bottom - 6:
            composer.new_page(TITLE)
            y = composer.top
        if composer.page is not sourced:
            sourced = composer.page
            composer.source_line()
        _card(composer, lead, paragraphs, y, height)
        y += height + CARD_GAP
    return y


def _card(composer: Composer, lead: Lead, paragraphs: list[tuple], y: float, height: float):
    content = composer.content
    x, width = composer.left, composer.width
    composer.rectangle(Box(x, y, width, height), PAPER)
    composer.rectangle(Box(x, y, 1.2, height), ACCENT if lead.ready else GREY)
    place = Box(x + width - CARD_MAP - 4, y + 4, CARD_MAP, min(CARD_MAP, height - 8))
    x, width = x + 5, width - CARD_MAP - 14
    composer.bookmark(3, _title(content, lead), f"piste-{lead.number}", y)
    composer.marker(f"theme:{lead.theme}", x + 2, y + 5.6, 4.0)
    composer.text(
        _title(content, lead), x + 6, y + 3, width - 6, size=11, bold=True, colour=ACCENT, tag="H3", most_lines=1
    )
    line = y + 9.5
    with composer.element("L"):
        for state, text, link in paragraphs:
            if state:
                mark(composer, LOOKS[state], x + 1.4, line + 1.75)
            with composer.element("LI"):
                line += composer.text(text, x + INDENT, line, width - INDENT, size=LIST, link=link) + 1.2
    composer.map(
        place,
        "locator",
        content.outline.extent,
        areas=tuple(Area(code, FOCUS) for code in lead.communes),
        scale_bar=False,
        alternative=f"Communes de la piste {lead.number} : {', '.join(_names(content, lead.communes)) or 'inconnues'}.",
    )


def _title(content: Content, lead: Lead) -> str:
    state = "à lancer" if lead.ready else "à compléter"
    return f"{lead.number}. {content.themes.get(lead.theme, 'Tous thèmes')} : {state}"


def _paragraphs(content: Content, lead: Lead):
    """Yield what a card says: the state of a condition or "", the words, a link."""
    needs, people, context = conditions(lead)
    where = ", ".join(_names(content, lead.communes)) or "communes inconnues"
    needed = "besoins semblables" if needs == MET else "pas encore assez de besoins semblables"
    yield needs, glued(f"{situations(content, lead)}\u00a0situations, {needed} : {where}"), None
    willing = {
        MET: "Des personnes se sont proposées pour s'impliquer",
        LACKING: "Personne ne s'est encore proposé",
        UNKNOWN: "On ne sait pas si quelqu'un se propose",
    }
    yield people, willing[people], None
    yield context, glued(_support(content, lead)), None
    lasts = {
        True: "Plutôt un projet pérenne : le besoin est permanent",
        False: "Plutôt un projet ponctuel : le besoin l'est",
        None: "Ponctuel ou pérenne : les deux se défendent",
    }
    yield "", glued(lasts[lead.lasting]), None
    missing = lacking(lead)
    if missing:
        yield "", glued(f"Il manque : {missing}"), None
    started = [p.title for p in content.projects if p.theme == lead.theme and p.commune in lead.communes]
    if started:
        yield "", glued(f"Déjà en cours ici : {', '.join(started)}"), Link("projets")


def _support(content: Content, lead: Lead) -> str:
    """Return who could help in the communes of a lead: counted and named from the actors the readers may know."""
    inside = [actor for actor in content.actors if actor.commune in lead.communes]
    same = [actor for actor in inside if lead.theme in actor.themes]
    sharing = [actor for actor in inside if actor.resources]
    said = {"favorable": "Contexte favorable", "fragile": "Contexte fragile", "": "Contexte inconnu"}.get(
        lead.context, "Aucun appui repéré"
    )
    parts = []
    if same:
        parts.append(f"{plural(len(same), 'acteur')} de ce thème sur place ({_some(same)})")
    if sharing:
        parts.append(f"{plural(len(sharing), 'acteur')} avec des moyens à partager ({_some(sharing)})")
    return f"{said} : {' ; '.join(parts)}" if parts else said


def _some(actors: list[Actor]) -> str:
    named = ", ".join(f"{actor.name} n°\u00a0{actor.number}" for actor in actors[:MOST_NAMED])
    return named + ("…" if len(actors) > MOST_NAMED else "")
