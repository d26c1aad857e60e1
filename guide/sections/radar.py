"""The radar of the twelve criteria, and the table of its values."""

from __future__ import annotations

import math

from ..composing.book import Box
from ..composing.typesetting import ACCENT, GREY, INK, RULE, Composer
from ..facts.monograph import CRITERIA, HIGHEST

HUB = 0.16
"""Of the radius: where 0 lies, so that a 0 is seen."""
HEAD, ROW = 3.9, 4.15
UNANSWERED = "sans réponse"


SIZE = 58.0
HEADING = 4.5


def height(composer: Composer, width: float, scores: tuple[int | None, ...]) -> float:
    """Return the height of heading, radar, key and table."""
    key = composer.height(_key(scores), width, size=6.5)
    return HEADING + min(width, SIZE) + 0.5 + key + 2 + HEAD + ROW * len(scores)


def criteria(composer: Composer, box: Box, scores: tuple[int | None, ...]) -> None:
    """Set the twelve criteria: heading, radar, its key, the table of the values."""
    composer.text("Douze critères", box.x, box.y - 0.8, box.w, size=9, bold=True, tag="H2")
    size = min(box.w, SIZE)
    radar(composer, Box(box.x + (box.w - size) / 2, box.y + HEADING, size, size), scores)
    y = box.y + HEADING + size + 0.5
    y += composer.text(_key(scores), box.x, y, box.w, size=6.5, colour=GREY, align="centre") + 2
    table(composer, box.x, y, box.w, scores)


def _key(scores: tuple[int | None, ...]) -> str:
    words = "Au centre 0, pas du tout ; au bord 4, tout à fait."
    return words + " Cercle vide\u00a0: sans réponse." if None in scores else words


def radar(composer: Composer, box: Box, scores: tuple[int | None, ...]) -> None:
    """Draw the scores within a box; who was not answered is a broken spoke with a hollow end, never a zero."""
    radius = min(box.w, box.h) / 2 - 4.2
    x, y = box.x + box.w / 2, box.y + box.h / 2
    ends = [_at(x, y, radius, place, len(scores)) for place in range(len(scores))]
    points = [
        None if score is None else _at(x, y, _reach(radius, score), place, len(scores))
        for place, score in enumerate(scores)
    ]
    with composer.element("Figure", alternative=in_words(scores)):
        composer.polygon(_circle(x, y, radius), fill="white", outline=RULE)
        tint = mixed(composer.settings.colours.resolve(ACCENT), 0.2)
        for run in _runs(points):
            # What lies between two answers is filled; where one is missing, nothing is.
            composer.polygon(run if len(run) == len(scores) else [(x, y), *run], fill=tint)
        for score in range(HIGHEST):
            composer.polygon(_circle(x, y, _reach(radius, score)), outline=RULE, width=0.12)
        for place, (point, end) in enumerate(zip(points, ends)):
            _spoke(composer, x, y, end, answered=point is not None)
            at = _at(x, y, radius + 2.6, place, len(scores))
            style = {"size": 7, "align": "centre", "artifact": True}
            colour = GREY if point is None else INK
            composer.text(str(place + 1), at[0] - 3, at[1] - 1.5, 6, bold=point is not None, colour=colour, **style)
        for run in _runs(points):
            closed = [*run, run[0]] if len(run) == len(scores) else run
            for first, second in zip(closed, closed[1:]):
                composer.rule(*first, *second, ACCENT, 0.5)
        for point in points:
            if point is not None:
                composer.polygon(_circle(*point, 0.85, 16), fill=ACCENT)


def _spoke(composer: Composer, x: float, y: float, end: tuple[float, float], *, answered: bool) -> None:
    if answered:
        composer.rule(x, y, *end, RULE, 0.12)
        return
    for start, stop in ((0.2, 0.35), (0.5, 0.65), (0.78, 0.9)):
        composer.rule(*_between(x, y, end, start), *_between(x, y, end, stop), GREY, 0.25)
    composer.polygon(_circle(*_between(x, y, end, 0.95), 0.9, 16), fill="white", outline=GREY, width=0.3)


def table(composer: Composer, x: float, y: float, width: float, scores: tuple[int | None, ...]) -> None:
    """Set the values as a table, with a bar of four cells."""
    mark = width - 19.0
    line = y
    with composer.element("Table"):
        with composer.element("TR"):
            for words, left, wide, align in (
                ("N°", x, 6.0, "left"),
                ("Critère", x + 6, mark - 7, "left"),
                ("De 0 à 4", x + mark, 19.0, "right"),
            ):
                with composer.element("TH", scope="Column"):
                    composer.text(words, left, line, wide, size=6.5, colour=GREY, align=align)
        line += HEAD
        for place, (criterion, score) in enumerate(zip(CRITERIA.values(), scores), 1):
            composer.rule(x, line, x + width, line, width=0.1)
            with composer.element("TR"):
                with composer.element("TD"):
                    composer.text(str(place), x, line + 0.4, 6, size=7, bold=score is not None, colour=ACCENT)
                with composer.element("TH", scope="Row"):
                    composer.text(criterion, x + 6, line + 0.4, mark - 6.5, size=7, most_lines=1)
                with composer.element("TD"):
                    if score is None:
                        composer.text(UNANSWERED, x + mark, line + 0.4, 19, size=6.5, colour=GREY, align="right")
                    else:
                        composer.text(str(score), x + width - 4, line + 0.4, 4, size=7, bold=True, align="right")
            if score is not None:
                for cell in range(HIGHEST):
                    box = Box(x + mark + 0.8 + cell * 3.4, line + 1.2, 2.9, 1.9)
                    composer.rectangle(box, ACCENT if cell < score else "white", ACCENT if cell < score else RULE)
            line += ROW
    composer.rule(x, line, x + width, line, width=0.1)


def in_words(scores: tuple[int | None, ...]) -> str:
    """Return what the radar shows, all twelve values."""
    said = ", ".join(
        f"{criterion.lower()} {UNANSWERED if score is None else score}"
        for criterion, score in zip(CRITERIA.values(), scores)
    )
    return f"Radar des douze critères, de 0 (pas du tout) à 4 (tout à fait) : {said}."


def mixed(colour: str, share: float) -> str:
    """Return a colour #rrggbb laid over white with a share of 0 to 1."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def _reach(radius: float, score: int) -> float:
    return radius * (HUB + (1 - HUB) * score / HIGHEST)


def _at(x: float, y: float, radius: float, place: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * place / count
    return x + radius * math.sin(angle), y - radius * math.cos(angle)


def _between(x: float, y: float, end: tuple[float, float], part: float) -> tuple[float, float]:
    return x + (end[0] - x) * part, y + (end[1] - y) * part


def _circle(x: float, y: float, radius: float, count: int = 48) -> list[tuple[float, float]]:
    return [_at(x, y, radius, place, count) for place in range(count)]


def _runs(points: list[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Return the longest runs of neighbouring answers around the circle."""
    count = len(points)
    gaps = [place for place, point in enumerate(points) if point is None]
    if not gaps:
        return [list(points)]
    runs, run = [], []
    for step in range(1, count + 1):
        point = points[(gaps[0] + step) % count]
        if point is not None:
            run.append(point)
        elif run:
            runs.append(run)
            run = []
    return [run for run in runs if len(run) > 1]
