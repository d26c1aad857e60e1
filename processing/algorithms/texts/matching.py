"""What the matching tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.result_looks.matching import CAUSES
from ..charts import Chart, bars, histogram
from ..frames import Reading
from ..reports import Report, Table
from .meeting import ids
from .meeting import warn as warn_of_layers

if TYPE_CHECKING:
    from ...analysis.matching.pairs import Settings
    from ...analysis.matching.plan import Matching

FORMULA = (
    "1. max Σ f(i,j)     2. min Σ f(i,j) u(i,j)\n"
    "Σj f(i,j) ≤ P(i), Σi f(i,j) ≤ S(j), f ≥ 0\n"
    "u(i,j) = c(i,j) / d(t) + 0.5 (1 − J(i,j)) + 0.3 (1 − p(i))"
)
SOURCE = (
    "Hitchcock 1941, doi:10.1002/sapm1941201224 ; Ford & Fulkerson 1956, doi:10.4153/CJM-1956-045-5 ; Dulmage & "
    "Mendelsohn 1958, doi:10.4153/CJM-1958-052-0 ; Megiddo 1974, doi:10.1007/BF01585506 ; Ross & Soland 1975, "
    "doi:10.1007/BF01580430 ; Huangfu & Hall 2018 (HiGHS), doi:10.1007/s12532-017-0130-5."
)
SHOWN = 12
TENTHS = 10


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Who could go where: of all plans that give nobody a place twice, take no actor above its capacity and "
            "nobody beyond the reach, the one that serves the most people; among all that serve as many, the one that "
            "costs the least.",
        ),
        translate(
            "Tisserand",
            "f: people of need i sent to actor j; P: people; S: capacity; c: minutes; d: reach of the theme; J: "
            "likeness of the publics (Jaccard; 1 when both are for everyone, ½ when only one is); p: priority, 0 to 1. "
            "A pair counts when theme and public allow it and the reach does, the reach itself included.",
        ),
        translate(
            "Tisserand",
            "A need with several themes asks for its people in each of them. An actor has its places once, for all its "
            "themes together (in the coverage it has them in each), or the plan could not be carried out.",
        ),
        translate(
            "Tisserand",
            "An unknown capacity is the smallest of the medians of its themes, and marked, or nobody is sent there: "
            "see the parameter; the report says what the known capacities alone would serve. An unknown count is one "
            "person. People are whole; where counts have decimals, they are counted in hundredths.",
        ),
        translate(
            "Tisserand",
            "The shadow price of an actor is the number of people more that are served when it has one place more (not "
            "one less): 1 or 0. Needs that go whole are planned exactly in small groups of needs and actors, else by "
            "rounding, and the bound says what may be missed. Fair shares raise the lowest share served, then the "
            "next; they cost minutes, never places.",
        ),
        translate(
            "Tisserand",
            "The plan is a proposal between places: nobody is assigned, and whether people will go there is not known.",
        ),
    )
    return "\n".join(sentences)


def warn(found: Matching, settings: Settings, needs: Reading, actors: Reading, feedback: QgsProcessingFeedback) -> None:
    """Tell what was found amiss, and how far the plan may be from the best."""
    notes, totals = found.notes, found.totals
    warn_of_layers(notes._replace(capacity_unknown=False, actors_without_capacity=[]), needs, actors, feedback)
    if notes.capacity_unknown:
        text = translate(
            "Tisserand",
            "No capacity is known: nobody can be promised a place. Give the actors a capacity, or see where needs are "
            "out of reach with “Coverage gaps”.",
        )
        feedback.pushWarning(text)
    elif notes.actors_without_capacity and settings.guess:
        text = translate(
            "Tisserand",
            "Actors without a known capacity, taken as the median and marked: {count} (features {ids}). The known "
            "capacities alone serve {known} people at most, with the guesses it is {most}.",
        )
        feedback.pushWarning(
            text.format(
                count=len(notes.actors_without_capacity),
                ids=ids(notes.actors_without_capacity, actors),
                known=number(totals.known),
                most=number(totals.most),
            )
        )
    elif notes.actors_without_capacity:
        text = translate("Tisserand", "Actors without a known capacity, left out: {count} (features {ids}).")
        feedback.pushWarning(
            text.format(count=len(notes.actors_without_capacity), ids=ids(notes.actors_without_capacity, actors))
        )
    if settings.indivisible and totals.served < totals.bound:
        text = translate(
            "Tisserand",
            "Whole needs: this plan serves {served} people; no plan serves more than {bound}, but a better one than "
            "this may exist.",
        )
        feedback.pushWarning(text.format(served=number(totals.served), bound=number(totals.bound)))


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    found: Matching,
    settings: Settings,
    themes: dict[str, str],
    warnings: list[str],
) -> Report:
    """Return the report: what the plan does, by theme and by cause, beside nearest first, and where places lack."""
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[
            _whole(found, settings),
            _sums(found, "theme", translate("Tisserand", "By theme"), translate("Tisserand", "Theme"), themes),
            _sums(
                found,
                "cause",
                translate("Tisserand", "By cause"),
                translate("Tisserand", "Cause"),
                {cause: label for cause, (label, *_) in CAUSES.items()},
            ),
            _useful(found),
        ],
        warnings=warnings,
        charts=_charts(found, themes),
    )


def number(value: float) -> str:
    """Return a number of people as it is written: whole where it is."""
    return f"{value:,.0f}".replace(",", " ") if value == round(value) else f"{value:,.2f}".replace(",", " ")


def _whole(found: Matching, settings: Settings) -> Table:
    totals, needs = found.totals, found.needs
    rows = [
        (translate("Tisserand", "People concerned (in each theme)"), number(totals.people)),
        (translate("Tisserand", "People served"), number(totals.served)),
        (translate("Tisserand", "People without an answer"), number(totals.people - totals.served)),
        (translate("Tisserand", "Person-minutes on the way"), number(round(totals.cost))),
        (translate("Tisserand", "Minutes on average"), round(totals.mean, 1)),
        (translate("Tisserand", "Minutes that nine people of ten do not exceed"), round(totals.tenth, 1)),
        (translate("Tisserand", "Served if the nearest are served first"), number(totals.nearest_served)),
        (
            translate("Tisserand", "Served by this plan beyond nearest first"),
            number(totals.served - totals.nearest_served),
        ),
        (translate("Tisserand", "Person-minutes by nearest first"), number(round(totals.nearest_cost))),
        (translate("Tisserand", "Served at most by the known capacities alone"), number(totals.known)),
        (translate("Tisserand", "Served at most with the capacities counted here"), number(totals.most)),
    ]
    if settings.indivisible:
        rows += [
            (translate("Tisserand", "Lost because needs go whole"), number(totals.most - totals.served)),
            (translate("Tisserand", "No plan of whole needs serves more than"), number(totals.bound)),
            (
                translate("Tisserand", "Proven the cheapest of those that serve as many"),
                translate("Tisserand", "yes") if totals.cheapest else translate("Tisserand", "no"),
            ),
        ]
    reachable = needs[(needs["besoin"] > 0) & (needs["n_acteurs"] > 0)]
    if len(reachable):
        share = (reachable["servi"] / reachable["besoin"]).min()
        label = translate("Tisserand", "Lowest share served of a need with an actor in reach (%)")
        rows.append((label, round(100 * share, 1)))
    rows.append((translate("Tisserand", "Pairs of a need and an actor"), number(totals.pairs)))
    return Table(translate("Tisserand", "Result"), (translate("Tisserand", "Figure"), ""), rows)


def _sums(found: Matching, column: str, title: str, heading: str, labels: dict[str, str]) -> Table:
    sums = found.needs.groupby(column)[["besoin", "servi", "reste"]].sum()
    headings = (
        heading,
        translate("Tisserand", "People concerned"),
        translate("Tisserand", "People served"),
        translate("Tisserand", "People without an answer"),
    )
    lines = [(labels.get(code, code), *(round(each, 2) for each in numbers)) for code, *numbers in sums.itertuples()]
    return Table(title, headings, lines)


def _useful(found: Matching) -> Table:
    headings = (
        translate("Tisserand", "Actor"),
        translate("Tisserand", "Places"),
        translate("Tisserand", "People more per place"),
        translate("Tisserand", "for so many more places"),
    )
    rows = [(name, number(places), 1, number(more)) for name, places, more in found.useful]
    title = translate("Tisserand", "Where more places would serve most (each actor alone)")
    return Table(title, headings, rows)


def _charts(found: Matching, themes: dict[str, str]) -> list[Chart]:
    needs, totals = found.needs, found.totals
    if not len(needs):
        return []
    left = needs.pivot_table(index="theme", columns="cause", values="reste", aggfunc="sum", fill_value=0.0)
    served = needs.groupby("theme")["servi"].sum()
    order = sorted(served.index, key=lambda theme: (-served[theme] - left.loc[theme].sum(), theme))[:SHOWN]
    series = {translate("Tisserand", "served"): [float(served[theme]) for theme in order]}
    for cause, (label, *_) in CAUSES.items():
        if cause in left and left[cause].sum() > 0:
            series[label] = [float(left.loc[theme, cause]) for theme in order]
    people = translate("Tisserand", "People")
    plans = [translate("Tisserand", "this plan"), translate("Tisserand", "nearest first")]
    charts = [
        bars(
            translate("Tisserand", "People served, and why others are not"),
            [themes.get(theme, theme) or "–" for theme in order],
            series,
            people,
        ),
        bars(
            translate("Tisserand", "This plan and nearest first"),
            plans,
            {
                translate("Tisserand", "served"): [totals.served, totals.nearest_served],
                translate("Tisserand", "without an answer"): [
                    totals.people - totals.served,
                    totals.people - totals.nearest_served,
                ],
            },
            people,
        ),
    ]
    taken = found.actors["saturation"].dropna()
    if len(taken):
        edges = [step / TENTHS for step in range(TENTHS + 1)]
        at = (taken * TENTHS).clip(0, TENTHS - 1).astype(int)
        charts.append(
            histogram(
                translate("Tisserand", "How full the actors are"),
                edges,
                [int((at == step).sum()) for step in range(TENTHS)],
                translate("Tisserand", "Share of the places taken"),
                translate("Tisserand", "Actors"),
            )
        )
    return charts
