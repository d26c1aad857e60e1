"""What the analyses of needs and actors tell of the two layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..frames import Reading, some

if TYPE_CHECKING:
    from ...analysis.meeting import Notes


def refuse_needs_without_theme(notes: Notes, needs: Reading) -> None:
    """Raise when needs have no theme: left out, they would make the gap look smaller than it is."""
    if notes.needs_without_theme:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "Needs without a theme: {count} (features {ids}). Give each a theme, or leave the parameter of the "
                "theme of needs empty to take them all as one.",
            ),
            count=len(notes.needs_without_theme),
            ids=ids(notes.needs_without_theme, needs),
        )


def warn(notes: Notes, needs: Reading, actors: Reading, feedback: QgsProcessingFeedback) -> None:
    """Tell what was found amiss, with the ids of the features concerned."""
    for text, rows, layer in (
        (
            translate("Tisserand", "Needs with a negative count, taken as unknown: {count} (features {ids})."),
            notes.negative_counts,
            needs,
        ),
        (
            translate("Tisserand", "Needs without a known count, counted as one person: {count} (features {ids})."),
            notes.needs_without_count,
            needs,
        ),
        (
            translate("Tisserand", "Actors without a theme, serving none: {count} (features {ids})."),
            notes.actors_without_theme,
            actors,
        ),
        (
            translate("Tisserand", "Actors with a negative capacity, taken as unknown: {count} (features {ids})."),
            notes.negative_capacities,
            actors,
        ),
    ):
        if rows:
            feedback.pushWarning(text.format(count=len(rows), ids=ids(rows, layer)))
    if notes.capacity_unknown:
        feedback.pushWarning(
            translate(
                "Tisserand",
                "No capacity is known: whoever reaches an eligible actor counts as covered; only distance and public "
                "are judged.",
            )
        )
    elif notes.actors_without_capacity:
        feedback.pushWarning(
            translate(
                "Tisserand", "Actors without a known capacity, taken as the median: {count} (features {ids})."
            ).format(
                count=len(notes.actors_without_capacity),
                ids=ids(notes.actors_without_capacity, actors),
            )
        )
    for text, themes in (
        (translate("Tisserand", "Themes of needs that no actor offers: {themes}."), notes.themes_without_actor),
        (translate("Tisserand", "Themes of actors that no need asks for: {themes}."), notes.themes_without_need),
        (translate("Tisserand", "Reaches given for themes of no need: {themes}."), notes.reaches_without_need),
    ):
        if themes:
            feedback.pushWarning(text.format(themes=", ".join(themes)))


def ids(rows: list, layer: Reading) -> str:
    """Return the ids of the features of some rows of a layer."""
    return some([layer.ids[row] for row in rows])
