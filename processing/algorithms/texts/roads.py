"""What is told of roads: how far their network hangs together, and who is not on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....i18n import translate
from ..frames import Reading, some
from ..reports import RememberingFeedback

if TYPE_CHECKING:
    from pyproj import CRS

    from ...analysis.roads.by_road import ByRoad

# Of the length of all roads; less in the longest piece is a sign of roads that do not meet.
WHOLE = 0.95


def method() -> str:
    """Return how time by road is counted, for the help and the report of the algorithms that do."""
    sentences = (
        translate(
            "Tisserand",
            "Minutes by road: the length of the quickest way along the roads, each at the speed of its field, else at "
            "the speed given for all. Every road is open both ways; turns, lights and traffic cost nothing.",
        ),
        translate(
            "Tisserand",
            "Whoever is beside a road goes straight to its nearest point, at the speed given for all; farther than the "
            "limit from any road one is not connected, and out of everyone's reach.",
        ),
        translate(
            "Tisserand",
            "Roads meet at their common vertices. An end that misses another road by less than a centimetre is joined "
            "to it. Roads that cross without a common vertex are bridges, unless chosen otherwise.",
        ),
    )
    return "\n".join(sentences)


def tell_pieces(ways: ByRoad, feedback: RememberingFeedback) -> None:
    """Tell into how many pieces the roads fall, as a warning where the longest is not nearly all."""
    count, share = ways.pieces()
    if count < 2:
        return
    text = translate(
        "Tisserand",
        "The roads fall into {count} pieces that are not connected; the longest holds {share} % of their length.",
    ).format(count=count, share=f"{100 * share:.1f}")
    if share < WHOLE:
        feedback.pushWarning(text)
    else:
        feedback.pushInfo(text)


def tell_unconnected(ways: ByRoad, places: Reading, label: str, crs: CRS, feedback: RememberingFeedback) -> None:
    """Tell which places of a layer are too far from any road, and which stand on a piece apart."""
    points = places.frame.geometry.to_crs(crs).representative_point()
    piece = ways.piece_of(np.stack([points.x, points.y], axis=1).reshape(-1, 2))
    for text, which in (
        (
            translate(
                "Tisserand",
                "{layer}: {count} farther from any road than {metres} m, not connected: out of everyone's reach "
                "(features {ids}).",
            ),
            piece < 0,
        ),
        (
            translate(
                "Tisserand",
                "{layer}: {count} on roads that are not connected to the longest piece (features {ids}).",
            ),
            piece > 0,
        ),
    ):
        if which.any():
            ids = some([places.ids[row] for row in np.flatnonzero(which)])
            metres = f"{ways.max_snap:g}"
            feedback.pushWarning(text.format(layer=label, count=int(which.sum()), metres=metres, ids=ids))
