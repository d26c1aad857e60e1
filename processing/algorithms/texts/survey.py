"""What the survey effort tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.result_looks.survey import CLASSES
from ..charts import Chart, bars
from ..frames import some
from ..reports import Report, Table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series

    from ...analysis.survey import Effort

FORMULA = (
    "jamais : ni date de recensement, ni acteur contacté\n"
    "perime : dernier recensement ou dernière visite > MONTHS, ou perime > recense / 2\n"
    "a_jour : recensé depuis moins de MONTHS et contacte = recense\n"
    "partiel : les autres"
)
SOURCE = "Tisserand."
SHOWN = 15
"""Territories that a chart names."""


def method() -> str:
    """Return what is counted and what is not, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "For each territory: the actors found there (recense), those of them contacted (contacte) and visited "
            "(visite), and those whose record has grown old (perime): last visited or updated longer ago than the "
            "months given, past their day of review, or without any date.",
        ),
        translate(
            "Tisserand",
            "The class tells a territory where nobody has looked yet (jamais) from one that was surveyed and where "
            "there is nothing (a_jour, with no actor found). In between: partiel, begun; perime, to be done again.",
        ),
        translate(
            "Tisserand",
            "An actor that closed or refused, and a town hall, are not counted; but to have met one is to have been "
            "there. A telephone call is a contact and no visit.",
        ),
    )
    return "\n".join(sentences)


def warn(found: Effort, feedback: QgsProcessingFeedback) -> None:
    """Tell what could not be counted, by name."""
    for ids, text in (
        (found.outside, translate("Tisserand", "Actors in no territory, not counted: {count} ({ids}).")),
        (found.undated, translate("Tisserand", "Actors without any date, taken as stale: {count} ({ids}).")),
        (found.strangers, translate("Tisserand", "Visits to actors that the layer does not hold: {count} ({ids}).")),
        (found.ahead, translate("Tisserand", "Visits dated in the future, left out: {count} ({ids}).")),
    ):
        if ids:
            feedback.pushWarning(text.format(count=len(ids), ids=some(ids)))


def report(
    title: str, about: dict[str, tuple[str, str]], territories: GeoDataFrame, found: Effort, warnings: list[str]
) -> Report:
    """Return the report: the territories of each class, then each territory."""
    counts = found.territories
    classes = Table(
        translate("Tisserand", "Result"),
        (translate("Tisserand", "Class"), translate("Tisserand", "Territories")),
        [(label, int((counts["classe"] == code).sum())) for code, label in CLASSES.items()],
    )
    names = territories["name"] if "name" in territories else territories.index.astype(str)
    rows = sorted(
        (str(name or ""), row.recense, row.contacte, row.visite, row.perime, CLASSES[row.classe])
        for name, row in zip(names, counts.itertuples())
    )
    headings = (
        translate("Tisserand", "Territory"),
        translate("Tisserand", "Found"),
        translate("Tisserand", "Contacted"),
        translate("Tisserand", "Visited"),
        translate("Tisserand", "Stale"),
        translate("Tisserand", "Class"),
    )
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[classes, Table(translate("Tisserand", "Territories"), headings, rows)],
        warnings=warnings,
        charts=_charts(territories, names, counts),
    )


def _charts(territories: GeoDataFrame, names: Series, counts: DataFrame) -> list[Chart]:
    """Return how far the survey came, and where the most actors wait to be met.

    Of several levels, which count the same actors, the one with the most territories is drawn.
    """
    if not len(counts):
        return []
    if "level" in territories:
        levels = territories["level"].astype(str)
        level = min(set(levels), key=lambda each: (-(levels == each).sum(), each))
        names, counts = names[levels == level], counts[levels == level]
    charts = [
        bars(
            translate("Tisserand", "How far the survey has come"),
            list(CLASSES.values()),
            {translate("Tisserand", "Territories"): [int((counts["classe"] == code).sum()) for code in CLASSES]},
            translate("Tisserand", "Territories"),
        )
    ]
    rows = sorted(
        (row.contacte - row.recense, -row.recense, str(name or ""), row)
        for name, row in zip(names, counts.itertuples())
        if row.recense > row.contacte
    )[:SHOWN]
    if rows:
        charts.append(
            bars(
                translate("Tisserand", "Where the most actors wait to be met"),
                [name for *_, name, _ in rows],
                {
                    translate("Tisserand", "not contacted"): [row.recense - row.contacte for *_, row in rows],
                    translate("Tisserand", "contacted, not visited"): [row.contacte - row.visite for *_, row in rows],
                    translate("Tisserand", "visited"): [row.visite for *_, row in rows],
                },
                translate("Tisserand", "Actors"),
            )
        )
    return charts
