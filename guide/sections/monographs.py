"""The monographs: a page for what an interview told of an actor, a site or an initiative."""

from __future__ import annotations

from ..composing.book import Box, Link
from ..composing.columns import Columns
from ..composing.flow import Piece, balanced_height, flow, flow_within, head_height, piece
from ..composing.typesetting import ACCENT, BODY, GREY, LIST, Composer
from ..facts.content import Actor
from ..facts.monograph import Monograph
from . import radar
from .portrait import Portrait, portrait, set_portrait

SECTION = "Monographies"
SOURCE_HEIGHT = 7.0
CRITERIA_SOURCE = " Critères : Région Nouvelle-Aquitaine, innovation sociale."
NOTHING_YET = "Ce que l'entretien a appris n'est pas encore saisi."
SETTINGS = ((BODY, 4.0), (9.0, 2.8))
"""Size and space below of the texts, the first at which they fit the page."""
PHOTO_SHARES = (1.0, 0.8, 0.62)


def monographs(composer: Composer) -> None:
    """Compose each monograph, by title; none adds no page."""
    for index, monograph in enumerate(composer.content.monographs):
        composer.new_page(SECTION, "monographie")
        if index == 0:
            composer.bookmark(1, SECTION, "monographies")
        composer.bookmark(2, monograph.title, monograph.anchor)
        _monograph(composer, monograph)


def _monograph(composer: Composer, monograph: Monograph) -> None:
    y = composer.heading(monograph.title, _subtitle(composer, monograph))
    left, right = composer.zone("photo").box, composer.zone("radar").box
    y = max(y, min(left.y, right.y))
    scored = any(score is not None for score in monograph.scores)
    beside = radar.height(composer, right.w, monograph.scores) if scored else 0.0
    width = left.w if scored else composer.width
    partners = [partner for uuid in monograph.partners if (partner := actor_of(composer, uuid))]
    known, bottom = _facts(composer, monograph), composer.bottom - SOURCE_HEIGHT
    shapes = [(share, *setting) for share in PHOTO_SHARES for setting in SETTINGS]
    for share, size, space in shapes:
        shape = portrait(composer, monograph, known, width, left.h * share, beside)
        top = y + max(shape.height, beside) + 6
        blocks = _blocks(composer, shape.texts, partners, size, space)
        height = balanced_height(blocks, 2, bottom - top)
        if height < bottom - top:
            break
    else:
        # It goes on over other pages anyway.
        shape = portrait(composer, monograph, known, width, left.h, beside)
        top = y + max(shape.height, beside) + 6
        blocks, height = _blocks(composer, shape.texts, partners, *SETTINGS[0]), bottom - top
    set_portrait(composer, monograph, shape, left.x, y)
    if scored:
        radar.criteria(composer, Box(right.x, y, right.w, beside), monograph.scores)
    composer.source_line(extra=CRITERIA_SOURCE if scored else "")
    if not (monograph.texts or monograph.summary):
        top += composer.text(NOTHING_YET, left.x, top, composer.width, size=BODY, colour=GREY) + 4
    _texts(composer, monograph, shape, blocks, partners, Box(0, top, 0, height))


def _subtitle(composer: Composer, monograph: Monograph) -> str:
    commune = _commune_name(composer, monograph)
    name = monograph.subject if monograph.subject not in monograph.title else ""
    met = f"rencontre du {monograph.met_on:%d/%m/%Y}" if monograph.met_on else "date de rencontre non renseignée"
    by = f"correspondant {monograph.correspondent}" if monograph.correspondent else ""
    return " · ".join(part for part in (name, monograph.kind, commune, met, by) if part)


def _commune_name(composer: Composer, monograph: Monograph) -> str:
    return next(commune.name for commune in composer.content.communes if commune.code == monograph.commune)


def _facts(composer: Composer, monograph: Monograph) -> list[tuple[str, str, Link | None]]:
    place = Link(f"territoire-{monograph.commune}")
    found = [("Nom", monograph.subject, None), ("Commune", _commune_name(composer, monograph), place)]
    found += [(label, words, None) for label, words in monograph.facts]
    holder = actor_of(composer, monograph.actor)
    page = composer.number_of(holder.anchor) if holder else ""
    if page:
        found.append(("Annuaire", f"n° {holder.number}, page {page}", Link(holder.anchor)))
    return found


def _blocks(
    composer: Composer, texts: list[tuple[str, str]], partners: list[Actor], size: float, space: float
) -> list[list[Piece]]:
    """Return heading and paragraph of each text, then heading and names of the partners."""
    width = composer.column_width(2)

    def heading(words: str) -> Piece:
        return piece(composer, words, width, size=10, bold=True, colour=ACCENT, space=0.8)

    blocks = [[heading(title), piece(composer, text, width, size=size, space=space)] for title, text in texts]
    if partners:
        names = [piece(composer, _with_page(composer, actor), width, size=LIST, space=0.8) for actor in partners]
        blocks.append([heading("En lien, dans ce guide"), *names])
    return blocks


def _texts(
    composer: Composer,
    monograph: Monograph,
    shape: Portrait,
    blocks: list[list[Piece]],
    partners: list[Actor],
    place: Box,
) -> None:
    """Set the texts of the interview in two columns, and below them the partners, over as many pages as they need."""
    columns = Columns(composer, 2, place.y, continued=monograph.title, bottom=place.bottom)
    for block in blocks[: len(shape.texts)]:
        columns.room(head_height(block))
        flow(composer, columns, block[0], "H2")
        flow(composer, columns, block[1])
    if partners:
        heading, *names = blocks[-1]
        columns.room(head_height(blocks[-1]))
        flow(composer, columns, heading, "H2")
        with composer.element("L"):
            for actor, line in zip(partners, names):
                with composer.element("LI"):
                    flow_within(composer, columns, line._replace(link=Link(actor.anchor), colour=ACCENT))


def _with_page(composer: Composer, actor: Actor) -> str:
    page = composer.number_of(actor.anchor)
    return f"{actor.name}, page {page}" if page else actor.name


def actor_of(composer: Composer, uuid: str) -> Actor | None:
    """Return the numbered actor of a uuid, None when the book has none."""
    return next((actor for actor in composer.content.actors if actor.uuid == uuid), None) if uuid else None
