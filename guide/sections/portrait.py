"""What a monograph begins with: photo, summary, the box of identity, a map of the place."""

from __future__ import annotations

from typing import NamedTuple

from ..composing.book import Box, Link, Spot
from ..composing.flow import Piece, piece
from ..composing.typesetting import ACCENT, CAPTION, GREY, PAPER, Composer
from ..facts.monograph import Monograph, Photo

SUMMARY = 11.0
HIGHEST_SUMMARY = 62.0
"""A summary longer than this is set with the other texts."""
NARROWEST_SUMMARY = 40.0
GUTTER = 5.0
FACT_LABEL = 19.0
PADDING = 3.0
MAP = 44.0
SHARPEST = 110
"""A small photo is not blown up below this many dots an inch."""


class Portrait(NamedTuple):
    """How the beginning of a monograph is laid, in mm: sizes, broken texts, and the texts left for the columns."""

    width: float
    photo: tuple[float, float] | None
    caption: Piece | None
    summary: Piece | None
    beside_photo: bool
    facts: list[tuple[str, Piece]]
    facts_width: float
    map: tuple[float, float]
    map_beside: bool
    texts: list[tuple[str, str]]

    @property
    def picture_height(self) -> float:
        return self.photo[1] + 1.2 + self.caption.height + 3.5 if self.photo else 0.0

    @property
    def summary_height(self) -> float:
        return 0.0 if self.summary is None or self.beside_photo else self.summary.height + 5

    @property
    def facts_height(self) -> float:
        return sum(line.height for _, line in self.facts) + 2 * PADDING - 1

    @property
    def height(self) -> float:
        identity = max(self.facts_height, self.map[1]) if self.map_beside else self.facts_height + GUTTER + self.map[1]
        return self.picture_height + self.summary_height + identity


def portrait(
    composer: Composer,
    monograph: Monograph,
    known: list[tuple[str, str, Link | None]],
    width: float,
    highest_photo: float,
    beside: float,
) -> Portrait:
    """Return the layout within a width; without a photo, the map grows so that all is as high as what is beside."""
    photo = _fitted(monograph.photo, width, highest_photo) if monograph.photo else None
    texts = list(monograph.texts)
    summary = _summary(composer, monograph.summary, width)
    beside_photo = False
    if summary and summary.height > HIGHEST_SUMMARY:
        texts.insert(0, ("En deux phrases", monograph.summary))
        summary = None
    elif summary and photo and width - photo[0] - GUTTER >= NARROWEST_SUMMARY:
        narrow = _summary(composer, monograph.summary, width - photo[0] - GUTTER)
        if narrow.height <= photo[1]:
            summary, beside_photo = narrow, True
    map_beside = photo is not None or width > 150
    room = width - MAP - GUTTER if map_beside else width
    made = Portrait(
        width,
        photo,
        _caption(composer, monograph.photo, width) if monograph.photo else None,
        summary,
        beside_photo,
        _broken(composer, known, room - 2 * PADDING - FACT_LABEL),
        room,
        (MAP, MAP) if map_beside else (width, MAP),
        map_beside,
        texts,
    )
    if map_beside:
        return made._replace(map=(MAP, max(MAP, made.facts_height)))
    return made._replace(map=(width, max(MAP, MAP + beside - made.height)))


def set_portrait(composer: Composer, monograph: Monograph, shape: Portrait, x: float, y: float) -> None:
    """Set photo, summary, identity and map from (x, y) on."""
    if shape.photo:
        wide, high = shape.photo
        photo = monograph.photo
        composer.picture(Box(x, y, wide, high), str(photo.path), photo.legend or f"Photo : {monograph.subject}.")
        _set(composer, shape.caption, x, y + high + 1.2, shape.width)
        if shape.beside_photo:
            _set(composer, shape.summary, x + wide + GUTTER, y, shape.width - wide - GUTTER)
    y += shape.picture_height
    if shape.summary_height:
        _set(composer, shape.summary, x, y, shape.width)
        y += shape.summary_height
    tall = shape.map[1] if shape.map_beside else shape.facts_height
    composer.rectangle(Box(x, y, shape.facts_width, tall), PAPER)
    _set_facts(composer, shape, x + PADDING, y + PADDING)
    if shape.map_beside:
        _place(composer, monograph, Box(x + shape.facts_width + GUTTER, y, *shape.map))
    else:
        _place(composer, monograph, Box(x, y + tall + GUTTER, *shape.map))


def _summary(composer: Composer, text: str, width: float) -> Piece | None:
    return piece(composer, text, width, size=SUMMARY, colour=ACCENT, bold=True) if text.strip() else None


def _fitted(photo: Photo, width: float, height: float) -> tuple[float, float]:
    """Return the size in mm at which the whole photo fits."""
    scale = min(width / photo.width, height / photo.height, 25.4 / SHARPEST)
    return photo.width * scale, photo.height * scale


def _caption(composer: Composer, photo: Photo, width: float) -> Piece:
    credit = f"Photo : {photo.credit}." if photo.credit else "Crédit de la photo non renseigné."
    legend = photo.legend.strip()
    legend = legend if not legend or legend[-1] in ".!?…" else f"{legend}."
    caption = piece(composer, f"{legend} {credit}".strip(), width, size=CAPTION, colour=GREY)
    return caption._replace(lines=caption.lines[:4])


def _broken(composer: Composer, known: list[tuple[str, str, Link | None]], width: float) -> list[tuple[str, Piece]]:
    broken = []
    for label, words, link in known:
        lines = composer.lines(words, width, size=7.5, most_lines=3)
        colour = {"colour": ACCENT} if link else {}
        line = piece(composer, words, width, size=7.5, link=link, space=0.6, **colour)
        if line.words:
            broken.append((label, line._replace(lines=lines)))
    return broken


def _set(composer: Composer, paragraph: Piece, x: float, y: float, width: float) -> None:
    style = {"size": paragraph.size, "bold": paragraph.bold, "colour": paragraph.colour, "link": paragraph.link}
    composer.set_lines(paragraph.lines, paragraph.words, x, y, width, **style)


def _set_facts(composer: Composer, shape: Portrait, x: float, y: float) -> None:
    with composer.element("L"):
        for label, line in shape.facts:
            with composer.element("LI"):
                with composer.element("Lbl"):
                    composer.text(label, x, y, FACT_LABEL - 1, size=CAPTION, colour=GREY, most_lines=1)
                with composer.element("LBody"):
                    _set(composer, line, x + FACT_LABEL, y, shape.facts_width - 2 * PADDING - FACT_LABEL)
            y += line.height


def _place(composer: Composer, monograph: Monograph, box: Box) -> None:
    commune = next(commune for commune in composer.content.communes if commune.code == monograph.commune)
    holder = next((actor for actor in composer.content.actors if actor.uuid == monograph.actor), None)
    symbol = f"theme:{monograph.theme}" if monograph.theme else "town_hall"
    number = holder.number if holder else 0
    composer.map(
        box,
        "commune",
        commune.extent,
        focus=commune.code,
        spots=(Spot(monograph.x, monograph.y, symbol, number, 4.0, monograph.x, monograph.y),),
        alternative=f"Carte de {commune.name}, où se trouve {monograph.subject}.",
    )
