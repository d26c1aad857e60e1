"""The printable sheet of a round: a map with the order of the stops, the list, and for each room to write."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..composing.book import Area, Book, Box, MapFrame
from ..composing.faults import faults
from ..composing.frames import FRAMES, Frame, Zone
from ..composing.settings import Settings
from ..composing.typesetting import ACCENT, CAPTION, GREY, LIST, PAPER, Composer, source_line
from ..facts.content import Content, Territory
from ..facts.words import decimal, hours_in_words, labels, number, plural
from ..maps.insets import dense_map
from ..reading.rounds import Round, Visit
from ..sections.front import FICTION

if TYPE_CHECKING:
    from ..composing.metrics import Metrics

FRAME = "tournee"
INTERNAL = "Document interne du Département : ne pas diffuser, ne pas laisser sur place."
OUTCOMES = ("Rencontré", "Absent", "Fermé pour de bon", "A déménagé", "Ne souhaite pas figurer")
MAP = 118.0
BOX = 3.0
WRITING = 7.2
"""Millimetres between two lines to write on."""
NOTES = 3
LEFT_PART = 0.54


def in_order(visits: Sequence[Visit], start: tuple[float, float] | None = None) -> list[Visit]:
    """Return the visits from one to the nearest not yet made, as the crow flies.

    Begins with the nearest to ``start`` (x, y in the CRS of the store), without it with the one farthest from the
    middle of all. Such a round is short, not the shortest. Equal distances go by name.
    """
    left = list(visits)
    if not left:
        return []
    x, y = start or (
        sum(visit.actor.x for visit in left) / len(left),
        sum(visit.actor.y for visit in left) / len(left),
    )
    first = min if start else max
    ordered = [first(left, key=lambda visit: _metres(visit, x, y))]
    left.remove(ordered[0])
    while left:
        at = ordered[-1].actor
        ordered.append(min(left, key=lambda visit: _metres(visit, at.x, at.y)))
        left.remove(ordered[-1])
    return ordered


def _metres(visit: Visit, x: float, y: float) -> float:
    return math.hypot(visit.actor.x - x, visit.actor.y - y)


def steps(ordered: Sequence[Visit], start: tuple[float, float] | None) -> list[float]:
    """Return the metres as the crow flies to each stop from the one before it; NaN to the first without a start."""
    places = [start or (math.nan, math.nan), *((visit.actor.x, visit.actor.y) for visit in ordered)]
    return [math.dist(before, after) for before, after in zip(places, places[1:])]


def round_sheet(
    content: Content,
    metrics: Metrics,
    settings: Settings,
    found: Round,
    ordered: Sequence[Visit],
    start: tuple[float, float] | None,
) -> Book:
    """Return the sheets of a round; ``ordered`` are those of its visits that are on it."""
    visits = [visit._replace(actor=visit.actor._replace(number=order)) for order, visit in enumerate(ordered, 1)]
    composer = Composer(
        content, metrics, {FRAME: 1}, settings, {"page": _frame(FRAMES["page"]), FRAME: _frame(FRAMES["page"])}
    )
    composer.book.title = f"Tournée : {found.name}"
    _page(composer)
    distances = steps(visits, start)
    y = composer.heading(found.name, _facts(found, visits, distances, start))
    if visits:
        y = _map(composer, visits, start, y)
        y = _list(composer, visits, distances, y)
        y = composer.bottom
        for visit in visits:
            y = _stop(composer, visit, y)
    else:
        words = "Personne n'est à rencontrer selon ces critères : tout est à jour, ou personne n'est encore repéré ici."
        composer.text(words, composer.left, y, composer.width)
    wrong = faults(composer.book)
    if wrong:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The round sheet could not be laid out: {faults}."),
            faults=" ; ".join(wrong[:3]),
        )
    return composer.book


def _frame(page: Frame) -> Frame:
    zones = {name: zone for name, zone in page.zones.items() if name != "rubrique"}
    body = page.body
    return Frame(FRAME, {**zones, "interne": Zone(Box(body.x, 6, body.w, 5), 8, bold=True, colour="accent")})


def _page(composer: Composer) -> None:
    composer.new_page("Tournée", FRAME)
    composer.rectangle(Box(0, 0, composer.page.width, 3), ACCENT)
    composer.in_zone(INTERNAL, "interne", artifact=len(composer.book.pages) > 1, most_lines=1)


def _facts(found: Round, visits: list[Visit], distances: list[float], start) -> str:
    metres = sum(value for value in distances if value == value)
    facts = f"{plural(len(visits), 'acteur')} à rencontrer"
    if len(visits) < len(found.visits):
        facts += f" sur {number(len(found.visits))}"
    return f"{facts}, {_kilometres(metres)} à vol d'oiseau{' depuis le départ' if start else ''}" if visits else facts


def _kilometres(metres: float) -> str:
    return f"{number(round(metres, -1))} m" if metres < 1000 else f"{decimal(round(metres / 1000, 1))} km"


def _map(composer: Composer, visits: list[Visit], start: tuple[float, float] | None, y: float) -> float:
    content = composer.content
    places = [(visit.actor.x, visit.actor.y) for visit in visits] + ([start] if start else [])
    xs, ys = [x for x, _ in places], [y for _, y in places]
    # One stop alone is shown with what surrounds it.
    margin = max(300.0, 0.06 * max(max(xs) - min(xs), max(ys) - min(ys)))
    extent = (min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin)
    around: Territory = content.outline._replace(extent=extent)
    areas = tuple(
        Area(commune.code, "effort:0" if commune.surveyed_on else "not_surveyed", commune.name)
        for commune in content.communes
        if _meets(commune.extent, extent)
    )
    box = Box(composer.left, y, composer.width, MAP)
    names = ", ".join(f"{visit.actor.number} {visit.actor.name}" for visit in visits)
    dense_map(
        composer,
        box,
        "theme",
        around,
        [visit.actor for visit in visits],
        alternative=f"Carte de la tournée, dans l'ordre : {names}.",
        areas=areas,
        numbered=True,
        most_insets=0,
    )
    _way(composer, visits, start)
    words = (
        "Les numéros donnent l'ordre proposé : d'un acteur au plus proche qui reste, à vol d'oiseau"
        f"{', depuis le point de départ (D)' if start else ''}. C'est une tournée courte, pas la plus courte ; "
        "rivières, voies et horaires n'y sont pas pris en compte. Les communes hachurées ne sont pas recensées."
    )
    if content.fictional:
        words += f" {FICTION}"
    y = box.bottom + 2
    y += composer.text(source_line(content), composer.left, y, composer.width, size=6.5, colour=GREY, most_lines=2) + 1
    return y + composer.text(words, composer.left, y, composer.width, size=CAPTION, colour=GREY) + 3


def _meets(first: tuple, second: tuple) -> bool:
    return first[0] <= second[2] and first[2] >= second[0] and first[1] <= second[3] and first[3] >= second[1]


def _way(composer: Composer, visits: list[Visit], start: tuple[float, float] | None) -> None:
    """Draw lines from stop to stop, and the start, on the map that was just set."""
    frame = next(one for one in reversed(composer.page.operations) if isinstance(one, MapFrame))
    west, _, east, north = frame.ground
    scale = frame.box.w / (east - west)
    drawn = {spot.number: spot for spot in frame.spots or () if spot.number}
    stops = [(drawn[visit.actor.number].x, drawn[visit.actor.number].y) for visit in visits]
    points = [
        (frame.box.x + (x - west) * scale, frame.box.y + (north - y) * scale)
        for x, y in ([start] if start else []) + stops
    ]
    for (x1, y1), (x2, y2) in zip(points, points[1:]):
        length = math.hypot(x2 - x1, y2 - y1)
        if length > 6:
            dx, dy = (x2 - x1) / length * 2.4, (y2 - y1) / length * 2.4
            composer.rule(x1 + dx, y1 + dy, x2 - dx, y2 - dy, ACCENT, 0.3)
    if start:
        x, y = points[0]
        composer.rectangle(Box(x - 2.2, y - 2.2, 4.4, 4.4), ACCENT)
        composer.text("D", x - 2.2, y - 1.9, 4.4, size=8, bold=True, colour="white", align="centre", artifact=True)


def _list(composer: Composer, visits: list[Visit], distances: list[float], y: float) -> float:
    y += composer.subheading("L'ordre de la tournée", composer.left, y, composer.width)
    width, step = composer.column_width(2), 7.6
    names = {commune.code: commune.name for commune in composer.content.communes}
    rows = -(-len(visits) // 2)
    top, shown = y, 0
    with composer.element("L"):
        while shown < len(visits):
            fit = max(1, int((composer.bottom - top) // step))
            rows = min(fit, -(-(len(visits) - shown) // 2))
            for place, (visit, metres) in enumerate(
                zip(visits[shown : shown + 2 * rows], distances[shown : shown + 2 * rows])
            ):
                x, line = composer.left + (place // rows) * (width + 6), top + (place % rows) * step
                _line(composer, visit, names[visit.actor.commune], metres, x, line, width)
            shown += 2 * rows
            y = top + rows * step
            if shown < len(visits):
                _page(composer)
                top = composer.top
    return y


def _line(composer: Composer, visit: Visit, commune: str, metres: float, x: float, y: float, width: float) -> None:
    composer.marker(f"theme:{visit.actor.theme}", x + 1.6, y + 1.9, 2.6)
    with composer.element("LI"):
        with composer.element("Lbl"):
            composer.text(str(visit.actor.number), x + 3.4, y, 6, size=LIST, bold=True, align="right", colour=ACCENT)
        with composer.element("LBody"):
            composer.text(visit.actor.name, x + 11, y, width - 30, size=LIST, bold=True, most_lines=1)
            if metres == metres:
                composer.text(_kilometres(metres), x + width - 18, y, 18, size=CAPTION, colour=GREY, align="right")
            composer.text(commune, x + 11, y + 3.4, width - 11, size=CAPTION, colour=GREY, most_lines=1)


def _stop(composer: Composer, visit: Visit, y: float) -> float:
    """Set what is known of an actor, what is to be asked, and room to write; return where the next one begins."""
    width = composer.width * LEFT_PART
    known = _known(composer, visit)
    name = composer.height(visit.actor.name, width - 7, size=11, bold=True)
    left = name + 1 + sum(composer.height(words, width, size=size) + 0.7 for words, size, _ in known)
    questions = visit.asked or ("La fiche est complète : vérifier que tout est encore juste",)
    side = composer.width - width - 6
    right = 5 + sum(max(4.6, composer.height(words, side - 5.5, size=LIST) + 1.0) for words in questions)
    height = 2.5 + max(left, right) + 2 + 5.5 + NOTES * WRITING
    if y + height > composer.bottom:
        _page(composer)
        y = composer.top
    composer.rule(composer.left, y, composer.left + composer.width, y, ACCENT, 0.4)
    y += 2.5
    _facts_of(composer, visit, known, y, width)
    _questions(composer, questions, composer.left + width + 6, y, side)
    y += max(left, right) + 2
    _outcomes(composer, y)
    return _notes(composer, y + 5.5) + 3


def _known(composer: Composer, visit: Visit) -> list[tuple[str, float, str]]:
    actor = visit.actor
    commune = next(one.name for one in composer.content.communes if one.code == actor.commune)
    kind = " · ".join(part for part in (actor.kind_label, labels(actor.themes, "themes_vie")) if part)
    place = ", ".join(part for part in (actor.address, f"{actor.postcode} {commune}".strip()) if part)
    contact = " · ".join(part for part in (actor.phone, actor.mail) if part)
    last = f"Rencontré le {visit.last:%d/%m/%Y}" if visit.last else "Jamais rencontré"
    lines = [
        (kind, CAPTION, GREY),
        (place, LIST, "ink"),
        (contact or "Coordonnées : voir la fiche, ou aucune", LIST, "ink" if contact else GREY),
        (hours_in_words(actor.hours) or "Horaires inconnus", LIST, "ink" if actor.hours else GREY),
        (" · ".join(part for part in (last, visit.status) if part), LIST, "ink"),
        (f"Promis la dernière fois : {visit.promised}" if visit.promised else "", LIST, "ink"),
    ]
    return [line for line in lines if line[0]]


def _facts_of(composer: Composer, visit: Visit, known: list, y: float, width: float) -> None:
    number_width = 6.5
    with composer.element("H2"):
        composer.text(str(visit.actor.number), composer.left, y, number_width, size=11, bold=True, colour=ACCENT)
        y += composer.text(visit.actor.name, composer.left + 7, y, width - 7, size=11, bold=True) + 1
    for words, size, colour in known:
        y += composer.text(words, composer.left, y, width, size=size, colour=colour) + 0.7


def _questions(composer: Composer, questions: Sequence[str], x: float, y: float, width: float) -> None:
    composer.text("À demander", x, y, width, size=LIST, bold=True)
    y += 5
    with composer.element("L"):
        for words in questions:
            _tick(composer, x, y)
            with composer.element("LI"):
                y += max(4.6, composer.text(words, x + 5.5, y, width - 5.5, size=LIST) + 1.0)


def _tick(composer: Composer, x: float, y: float) -> None:
    corners = ((x, y + 0.3), (x + BOX, y + 0.3), (x + BOX, y + 0.3 + BOX), (x, y + 0.3 + BOX))
    composer.polygon(corners, outline="ink", width=0.2)


def _outcomes(composer: Composer, y: float) -> None:
    composer.rectangle(Box(composer.left, y - 0.6, composer.width, 5.4), PAPER)
    x = composer.left + 2
    with composer.element("L"):
        for words in OUTCOMES:
            _tick(composer, x, y)
            width = composer.metrics.width(words, LIST) + 0.5
            with composer.element("LI"):
                composer.text(words, x + 4.5, y, width, size=LIST, most_lines=1)
            x += width + 10


def _notes(composer: Composer, y: float) -> float:
    words = "Notes"
    composer.text(words, composer.left, y + 1, 30, size=CAPTION, colour=GREY)
    right = composer.left + composer.width
    composer.text("Le", right - 44, y + 1, 5, size=CAPTION, colour=GREY)
    composer.text("par", right - 17, y + 1, 6, size=CAPTION, colour=GREY)
    for line in range(1, NOTES + 1):
        composer.rule(composer.left, y + line * WRITING, right, y + line * WRITING, "grey", 0.12)
    return y + NOTES * WRITING
