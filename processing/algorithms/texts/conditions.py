"""What the analysis of coverage tells of the conditions put to an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ..frames import Reading
from .meeting import ids

if TYPE_CHECKING:
    from ...analysis.conditions import Conditions, Facts

PACKAGE = "opening-hours-py"
MOST_WORDS = 5


def method_of_conditions() -> str:
    """Return what a condition does and what becomes of what is not known."""
    sentences = (
        translate(
            "Tisserand",
            "Conditions (open in a slot, free of charge, way to receive, itinerant, who may read of it) take out of "
            "the offer the actors that do not meet them; by default none is asked. An actor of whom the fact is not "
            "known is kept, unless asked otherwise; non_couvert_min and non_couvert_max say what both readings give.",
        ),
        translate(
            "Tisserand",
            "Open in a slot: open for the minutes asked for, on one of its days, in at least half of the weeks of the "
            "year; hours are read as OpenStreetMap writes them, unreadable or missing ones are unknown, never closed.",
        ),
        translate(
            "Tisserand",
            "frein: the condition that alone leaves most people uncovered; perdus: people covered without conditions "
            "and not covered with them. An actor that receives at a distance is only in everyone's reach when that is "
            "asked.",
        ),
    )
    return "\n".join(sentences)


def warn_of_facts(facts: Facts, asked: Conditions, actors: Reading, feedback: QgsProcessingFeedback) -> None:
    """Tell what could not be read of the actors, with the ids of the features and the words that stood there."""
    if facts.without_hours:
        feedback.pushWarning(
            translate(
                "Tisserand",
                "Opening hours are left out: all count as unknown. They are read by the Python package {package}: "
                "install it with pip install {package}.",
            ).format(package=PACKAGE)
        )
    elif facts.unreadable_hours:
        texts = list(dict.fromkeys(map(str, actors.frame["hours"][facts.unreadable_hours])))
        feedback.pushWarning(
            translate(
                "Tisserand",
                "Opening hours that cannot be read, taken as unknown: {count} (features {ids}): {words}. Write them as "
                "OpenStreetMap does, for example Mo-Fr 09:00-12:00.",
            ).format(
                count=len(facts.unreadable_hours),
                ids=ids(facts.unreadable_hours, actors),
                words=_words([text if len(text) <= 60 else text[:60] + "…" for text in texts]),
            )
        )
    labels = {
        "cost": translate("Tisserand", "Cost (actors)"),
        "modes": translate("Tisserand", "Ways to receive (actors)"),
        "itinerant": translate("Tisserand", "Itinerant (actors)"),
        "audience": translate("Tisserand", "Who may read of it (actors)"),
    }
    for name, words in facts.unknown_words.items():
        feedback.pushWarning(
            translate("Tisserand", "{label}: words that are no value of this field, left aside: {words}.").format(
                label=labels[name], words=_words(words)
            )
        )
    for column, wanted, label in (
        ("open", asked.slot is not None, translate("Tisserand", "Opening hours (actors)")),
        ("free", asked.free, labels["cost"]),
        ("on_site" if asked.mode != "a-distance" else "at_a_distance", bool(asked.mode), labels["modes"]),
        ("itinerant", asked.rounds is not None, labels["itinerant"]),
    ):
        unknown = facts.table.index[facts.table[column].isna()].tolist()
        if not wanted or not unknown:
            continue
        if asked.strict:
            text = translate("Tisserand", "{label}, unknown, actors left out as asked: {count} (features {ids}).")
        else:
            text = translate("Tisserand", "{label}, unknown, actors kept in the offer: {count} (features {ids}).")
        feedback.pushWarning(text.format(label=label, count=len(unknown), ids=ids(unknown, actors)))


def _words(words: list[str]) -> str:
    shown = ", ".join(f"« {word} »" for word in words[:MOST_WORDS])
    return shown + (", …" if len(words) > MOST_WORDS else "")
