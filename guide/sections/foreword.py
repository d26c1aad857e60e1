"""The foreword: the planner's own words, in as many paragraphs and pages as they take."""

from __future__ import annotations

from ..composing.columns import Columns
from ..composing.flow import flow, piece
from ..composing.typesetting import Composer

SIZE = 10.5
MEASURE = 140.0
"""The width in mm at which lines of this size are read with ease."""


def foreword(composer: Composer) -> None:
    """Compose the foreword; none adds no page."""
    paragraphs = [line.strip() for line in composer.settings.foreword.splitlines() if line.strip()]
    if not paragraphs:
        return
    composer.new_page("Avant-propos")
    composer.bookmark(1, "Avant-propos", "avant-propos")
    y = composer.heading("Avant-propos")
    columns = Columns(composer, 1, y, continued="Avant-propos")
    margin = max(0.0, composer.width - MEASURE)
    for paragraph in paragraphs:
        text = piece(composer, paragraph, columns.width - margin, size=SIZE, space=3.2)
        flow(composer, columns, text)
