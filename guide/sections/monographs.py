"""The monographs: a page for what an interview told of an actor, a site or an initiative."""

from __future__ import annotations

from ..book import Box, Link
from ..content import Actor
from ..flow import Piece, balanced_height, flow, flow_within, head_height, piece
from ..monograph import Monograph, Photo
from ..typesetting import ACCENT, BODY, CAPTION, GREY, LIST, PAPER, Columns, Composer
from . import radar

SECTION = "Monographies"
SUMMARY = 11.0
HIGHEST_SUMMARY = 62.0
"""A summary longer than this is set with the other texts."""
GUTTER = 5.0
SOURCE_HEIGHT = 7.0
FACT_LABEL = 19.0
MAP = 44.0
CRITERIA_SOURCE = " Critères : Région Nouvelle-Aquitaine, innovation sociale."


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
    scored = any(score is not None for score in monograph.scores)
    left, right = composer.zone("photo").box, composer.zone("radar").box
    y = max(y, min(left.y, right.y))
    below_left = _story(composer, monograph, Box(left.x, y, left.w, left.h), facts=scored)
    if scored:
        below_right = _criteria(composer, monograph, Box(right.x, y, right.w, right.h))
    else:
        below_right = _identity(composer, monograph, right.x, y, right.w)
    top = max(below_left, below_right) + 6
    bottom = composer.bottom - SOURCE_HEIGHT
    composer.source_line(extra=CRITERIA_SOURCE if scored else "")
    _texts(composer, monograph, top, bottom)


def _subtitle(composer: Composer, monograph: Monograph) -> str:
    commune = next(commune.name for commune in composer.content.communes if commune.code == monograph.commune)
    name = monograph.subject if monograph.subject not in monograph.title else ""
    met = f"rencontre du {monograph.met_on:%d/%m/%Y}" if monograph.met_on else "date de rencontre non renseignée"
    by = f"correspondant {monograph.correspondent}" if monograph.correspondent else ""
    return " · ".join(part for part in (name, monograph.kind, commune, met, by) if part)


def _story(composer: Composer, monograph: Monograph, box: Box, *, facts: bool) -> float:
    """Set photo, summary and, on wish, the box of identity below each other, and return where they end."""
    y = box.y
    summary = piece(composer, monograph.summary, box.w, size=SUMMARY, colour=ACCENT, bold=True)
    if summary.height > HIGHEST_SUMMARY:
        summary = summary._replace(words="")
    photo = monograph.photo
    if photo:
        wide, high = _fitted(photo, box)
        composer.picture(Box(box.x, y, wide, high), str(photo.path), photo.legend or f"Photo : {monograph.subject}.")
        beside = box.w - wide - GUTTER
        y += high + 1.2
        y += _caption(composer, photo, box.x, y, box.w) + 3.5
        if beside >= 40:
            narrow = piece(composer, monograph.summary, beside, size=SUMMARY, colour=ACCENT, bold=True)
            if summary.words and narrow.height <= high:
                _set(composer, narrow, box.x + wide + GUTTER, box.y, beside)
                summary = summary._replace(words="")
    if summary.words:
        _set(composer, summary, box.x, y, box.w)
        y += summary.height + 5
    return _identity(composer, monograph, box.x, y, box.w) if facts else y


def _set(composer: Composer, paragraph: Piece, x: float, y: float, width: float) -> None:
    style = {"size": paragraph.size, "bold": paragraph.bold, "colour": paragraph.colour}
    composer.set_lines(paragraph.lines, paragraph.words, x, y, width, **style)


def _fitted(photo: Photo, box: Box) -> tuple[float, float]:
    """Return the size in mm at which the whole photo fits; a small one is not blown up beyond 110 dots an inch."""
    scale = min(box.w / photo.width, box.h / photo.height, 25.4 / 110)
    return photo.width * scale, photo.height * scale


def _caption(composer: Composer, photo: Photo, x: float, y: float, width: float) -> float:
    credit = f"Photo : {photo.credit}." if photo.credit else "Crédit de la photo non renseigné."
    legend = photo.legend.strip()
    legend = legend if not legend or legend[-1] in ".!?…" else f"{legend}."
    words = f"{legend} {credit}".strip()
    return composer.text(words, x, y, width, size=CAPTION, colour=GREY, most_lines=3)


def _identity(composer: Composer, monograph: Monograph, x: float, y: float, width: float) -> float:
    """Set what identifies the subject beside a map of its commune, or above it where it is narrow."""
    beside = width > 90
    room = width - MAP - GUTTER if beside else width
    known = _facts(composer, monograph)
    lines = [
        (label, piece(composer, words, room - 6 - FACT_LABEL, size=7.5, link=link)) for label, words, link in known
    ]
    lines = [(label, line._replace(lines=line.lines[:3], space=0.6)) for label, line in lines]
    height = sum(line.height for _, line in lines) + 5
    tall = max(MAP, height) if beside else height
    composer.rectangle(Box(x, y, room, tall), PAPER)
    at = y + 2.5
    with composer.element("L"):
        for label, line in lines:
            with composer.element("LI"):
                with composer.element("Lbl"):
                    composer.text(label, x + 3, at, FACT_LABEL - 1, size=CAPTION, colour=GREY, most_lines=1)
                with composer.element("LBody"):
                    style = {"size": line.size, "link": line.link, "colour": ACCENT if line.link else line.colour}
                    composer.set_lines(line.lines, line.words, x + 3 + FACT_LABEL, at, room - 6 - FACT_LABEL, **style)
            at += line.height
    if beside:
        _place(composer, monograph, Box(x + room + GUTTER, y, MAP, tall))
        return y + tall
    _place(composer, monograph, Box(x, y + tall + 3, width, width * 0.8))
    return y + tall + 3 + width * 0.8


def _facts(composer: Composer, monograph: Monograph) -> list[tuple[str, str, Link | None]]:
    names = {commune.code: commune.name for commune in composer.content.communes}
    found = [
        ("Nom", monograph.subject, None),
        ("Commune", names[monograph.commune], Link(f"territoire-{monograph.commune}")),
    ]
    found += [(label, words, None) for label, words in monograph.facts]
    holder = _actor(composer, monograph.actor)
    page = composer.number_of(holder.anchor) if holder else ""
    if page:
        found.append(("Annuaire", f"n° {holder.number}, page {page}", Link(holder.anchor)))
    return found


def _place(composer: Composer, monograph: Monograph, box: Box) -> None:
    commune = next(commune for commune in composer.content.communes if commune.code == monograph.commune)
    composer.map(
        box,
        "commune",
        commune.extent,
        focus=commune.code,
        alternative=f"Carte de {commune.name}, où se trouve {monograph.subject}.",
    )


def _criteria(composer: Composer, monograph: Monograph, box: Box) -> float:
    composer.text("Douze critères", box.x, box.y, box.w, size=9, bold=True, tag="H2")
    size = min(box.w, 58.0)
    radar.radar(composer, Box(box.x + (box.w - size) / 2, box.y + 4.5, size, size), monograph.scores)
    y = box.y + size + 5
    words = "Au centre 0, pas du tout ; au bord 4, tout à fait."
    if None in monograph.scores:
        words += " Cercle vide : sans réponse."
    y += composer.text(words, box.x, y, box.w, size=6.5, colour=GREY, align="centre") + 2
    return y + radar.table(composer, box.x, y, box.w, monograph.scores)


def _texts(composer: Composer, monograph: Monograph, top: float, bottom: float) -> None:
    """Set the texts of the interview in two columns, alike when they fit the page, and the partners below them."""
    width = composer.column_width(2)
    texts = list(monograph.texts)
    summary = piece(composer, monograph.summary, width, size=SUMMARY)
    if piece(composer, monograph.summary, composer.zone("photo").box.w, size=SUMMARY, bold=True).height > (
        HIGHEST_SUMMARY
    ):
        texts.insert(0, ("En deux phrases", summary.words))
    blocks = [
        [
            piece(composer, heading, width, size=10, bold=True, colour=ACCENT, space=0.8),
            piece(composer, text, width, size=BODY, space=4.0),
        ]
        for heading, text in texts
    ]
    partners = [partner for uuid in monograph.partners if (partner := _actor(composer, uuid))]
    if partners:
        heading = "En lien, dans ce guide"
        names = [piece(composer, _with_page(composer, actor), width, size=LIST, space=0.8) for actor in partners]
        blocks.append([piece(composer, heading, width, size=10, bold=True, colour=ACCENT, space=0.8), *names])
    height = balanced_height(blocks, 2, bottom - top)
    columns = Columns(composer, 2, top, continued=monograph.title, bottom=top + height)
    for block in blocks[: len(texts)]:
        columns.room(head_height(block))
        flow(composer, columns, block[0], "H2")
        flow(composer, columns, block[1])
    if partners:
        block = blocks[-1]
        columns.room(head_height(block))
        flow(composer, columns, block[0], "H2")
        with composer.element("L"):
            for actor, line in zip(partners, block[1:]):
                with composer.element("LI"):
                    flow_within(composer, columns, line._replace(link=Link(actor.anchor), colour=ACCENT))


def _with_page(composer: Composer, actor: Actor) -> str:
    page = composer.number_of(actor.anchor)
    return f"{actor.name}, page {page}" if page else actor.name


def _actor(composer: Composer, uuid: str) -> Actor | None:
    return next((actor for actor in composer.content.actors if actor.uuid == uuid), None) if uuid else None
