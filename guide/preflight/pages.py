"""What does not come out well on the pages of a composed book."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from ...layers.model.codes import code_list
from ..composing.book import ARTIFACT, Book, MapFrame, Text
from ..facts.content import Content
from ..facts.words import printable
from ..maps.crowding import crowded
from .kinds import Finding

PALE = ("pale", "place", "town_hall")
MOST_HIDDEN, HIDDEN_SHARE = 10, 0.2
"""Fewer symbols that hide each other, or a smaller share of them, are no overfull map."""
QUOTED = 70


def of_pages(book: Book, content: Content) -> Iterator[Finding]:
    """Find texts that were cut to fit, and maps on which too many symbols hide each other."""
    records = _records(content)
    told = set()
    for number, page in enumerate(book.pages, 1):
        for operation in page.operations:
            if isinstance(operation, Text) and _is_cut(operation) and operation.words not in told:
                told.add(operation.words)
                table, uuid = records.get(operation.words, ("", ""))
                yield Finding("cut", {"text": _short(operation.words)}, table, uuid, number)
            elif isinstance(operation, MapFrame):
                found = _hidden(operation)
                if found:
                    yield Finding("overfull", {"hidden": found[0], "symbols": found[1]}, page=number)


def _is_cut(text: Text) -> bool:
    """Say whether words that a person wrote were cut; those of code lists cannot be shortened by anyone here."""
    cut = text.element != ARTIFACT and text.lines[-1].endswith("…") and not text.words.endswith("…")
    return cut and not text.words.startswith(_of_code_lists())


@cache
def _of_code_lists() -> tuple[str, ...]:
    lists = ("themes_vie", "types_initiative", "types_site", "publics", "frais")
    return tuple(label for name in lists for label in code_list(name).labels.values())


def _records(content: Content) -> dict[str, tuple[str, str]]:
    """Return which record a text comes from, as far as its words tell."""
    found = {}
    for actor in (*content.town_halls, *content.actors):
        found |= {printable(words): ("acteur", actor.uuid) for words in (actor.name, actor.description) if words}
    found |= {printable(monograph.title): ("monographie", monograph.uuid) for monograph in content.monographs}
    found |= {printable(project.title): ("projet", project.uuid) for project in content.projects}
    return found


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"


def _hidden(frame: MapFrame) -> tuple[int, int] | None:
    """Return how many symbols of a map hide each other, and of how many, when that is too many."""
    spots = [spot for spot in frame.spots or () if spot.symbol not in PALE]
    west, south, east, north = frame.ground
    spots = [spot for spot in spots if west <= spot.x <= east and south <= spot.y <= north]
    if not spots:
        return None
    scale = frame.box.w / (east - west)
    # Symbols that an inset shows larger are small here: they are seen there.
    largest = max(spot.size for spot in spots)
    points = np.array([(spot.x * scale, spot.y * scale) for spot in spots if spot.size == largest])
    hidden = int(crowded(points, largest).sum())
    if hidden < MOST_HIDDEN or hidden < HIDDEN_SHARE * len(points):
        return None
    return hidden, len(points)
