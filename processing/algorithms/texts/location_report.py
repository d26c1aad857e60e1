"""The report of the search for new locations: what is proven, the sites, the curve, who is covered, and how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....i18n import translate
from ....layers.result_looks.locations import SITUATIONS
from ..charts import Chart, bars, curve
from ..reports import Report, Table
from .locations import FORMULA, SOURCE, method

if TYPE_CHECKING:
    from ...analysis.locations.choice import Located, Settings

MOST_BARS = 30
# In percent: a bound nearer than that to the value cannot be told from it in a chart.
VISIBLE = 0.5


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    found: Located,
    settings: Settings,
    field: str | None,
    warnings: list[str],
) -> Report:
    """Return the report: what is proven, the sites, the curve of 1 to p sites, who is covered, and how sure."""
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[_outcome(found, settings, field), _sites(found), _curve(found, settings), _situations(found)],
        warnings=warnings,
        charts=_charts(found, settings),
    )


def unit(model: str) -> str:
    """Return what the objective of a model is counted in."""
    return {
        "mclp": translate("Tisserand", "people brought within reach"),
        "pmedian": translate("Tisserand", "minutes to travel, all people together"),
        "lscp": translate("Tisserand", "sites"),
    }[model]


def _outcome(found: Located, settings: Settings, field: str | None) -> Table:
    notes = found.notes
    beyond = sum(people for _, people in notes.beyond)
    rows = [
        (translate("Tisserand", "People in the demand"), round(notes.people)),
        (translate("Tisserand", "counted by"), field or translate("Tisserand", "rows")),
        (translate("Tisserand", "of whom covered by existing actors"), round(notes.already)),
        (translate("Tisserand", "of whom out of reach of every candidate"), round(beyond)),
        (translate("Tisserand", "Candidates"), notes.pool),
        (translate("Tisserand", "Sites proposed"), len(found.sites)),
        (translate("Tisserand", "Value: {unit}").format(unit=unit(settings.model)), _short(found.objective)),
        (translate("Tisserand", "Proven bound: no choice does better"), _short(found.bound)),
        (translate("Tisserand", "Proven gap (%)"), _percent(found.gap_percent)),
        (translate("Tisserand", "Trials with shaken figures"), notes.runs),
    ]
    if settings.model == "pmedian" and notes.people > beyond:
        mean = found.objective / (notes.people - beyond)
        rows.append((translate("Tisserand", "Minutes to travel, on average"), round(mean, 1)))
    return Table(
        translate("Tisserand", "Result"), (translate("Tisserand", "What"), translate("Tisserand", "Value")), rows
    )


def _sites(found: Located) -> Table:
    headings = (
        translate("Tisserand", "Rank"),
        translate("Tisserand", "Site"),
        translate("Tisserand", "Gain"),
        translate("Tisserand", "Total so far"),
        translate("Tisserand", "Chosen again (%)"),
        translate("Tisserand", "How sure"),
        translate("Tisserand", "Replacement"),
        translate("Tisserand", "It would lose"),
        translate("Tisserand", "Why"),
    )
    rows = [
        (
            site.rang,
            site.nom,
            _short(site.gain),
            _short(site.cumul),
            "" if site.frequence != site.frequence else round(site.frequence * 100),
            site.solidite or "",
            site.remplacant or "",
            _short(site.perte),
            site.raison,
        )
        for site in found.sites.itertuples()
    ]
    return Table(translate("Tisserand", "Sites, in the order of opening"), headings, rows)


def _curve(found: Located, settings: Settings) -> Table:
    headings = (
        translate("Tisserand", "Sites"),
        translate("Tisserand", "Value of the best choice"),
        translate("Tisserand", "What the last site changes"),
        translate("Tisserand", "Proven bound"),
        translate("Tisserand", "Proven gap (%)"),
    )
    # One more site brings people, or saves minutes.
    changes = found.curve["objective"].diff().abs()
    if settings.model == "mclp":
        changes = changes.fillna(found.curve["objective"])
    rows = [
        (row.sites, _short(row.objective), _short(change), _short(row.bound), _percent(row.gap_percent))
        for row, change in zip(found.curve.itertuples(), changes)
    ]
    title = translate("Tisserand", "The best choice for each number of sites ({unit})")
    return Table(title.format(unit=unit(settings.model)), headings, rows)


def _situations(found: Located) -> Table:
    headings = (
        translate("Tisserand", "Situation"),
        translate("Tisserand", "Rows"),
        translate("Tisserand", "People"),
    )
    sums = found.covered.groupby("situation")["personnes"].agg(["size", "sum"])
    rows = [
        (label, int(sums.loc[code, "size"]), round(sums.loc[code, "sum"]))
        for code, (label, *_) in SITUATIONS.items()
        if code in sums.index
    ]
    return Table(translate("Tisserand", "Who is covered afterwards"), headings, rows)


def _charts(found: Located, settings: Settings) -> list[Chart]:
    charts = [_growth(found, settings)] if len(found.sites) > 1 else []
    if found.notes.runs and len(found.sites):
        shown = found.sites.head(MOST_BARS)
        itself = (shown["frequence_exacte"] * 100).tolist()
        close = ((shown["frequence"] - shown["frequence_exacte"]) * 100).tolist()
        charts.append(
            bars(
                translate("Tisserand", "How often each site is chosen again"),
                [f"{rank}. {name}" for rank, name in zip(shown["rang"], shown["nom"])],
                {
                    translate("Tisserand", "this place itself"): itself,
                    translate("Tisserand", "a place close to it"): close,
                },
                translate("Tisserand", "% of {runs} trials with shaken figures").format(runs=found.notes.runs),
            )
        )
    return charts


def _growth(found: Located, settings: Settings) -> Chart:
    """Return the curve of what 1, 2, … sites bring: the best choice for each number, and the sites as they open."""
    title = translate("Tisserand", "What each further site brings")
    in_order = translate("Tisserand", "the sites proposed, in the order of opening")
    sites = translate("Tisserand", "Sites")
    if settings.model == "lscp":
        people = translate("Tisserand", "people brought within reach")
        return curve(title, found.sites["rang"].tolist(), {in_order: found.sites["cumul"].tolist()}, sites, people)
    series = {translate("Tisserand", "best choice of so many sites"): found.curve["objective"].tolist()}
    if settings.model == "mclp" and not np.allclose(found.sites["cumul"], found.curve["objective"]):
        series[in_order] = found.sites["cumul"].tolist()
    if found.curve["gap_percent"].max() > VISIBLE:
        series[translate("Tisserand", "proven bound")] = found.curve["bound"].tolist()
    return curve(title, found.curve["sites"].tolist(), series, sites, unit(settings.model))


def _short(number: float) -> object:
    if number != number:
        return ""
    return round(number) if abs(number) >= 100 or number == round(number) else round(number, 1)


def _percent(number: float) -> str:
    return "0" if number < 5e-7 else f"{number:.3g}"
