"""What the leads tell their user: method, warnings, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.confidentiality import DEFAULT_THRESHOLD
from ..charts import Chart, bars
from ..frames import Reading
from ..reports import Report, Table
from .meeting import ids

if TYPE_CHECKING:
    from ...analysis.leads.leads import Leads

FORMULA = (
    "DBSCAN : d(i,j) ≤ D / 2, 3 besoins au moins\n"
    "liens complets : max d(i,j) ≤ 2 D\n"
    "lançable = personnes ≥ N et communes ≥ M et volontaires > 0 et contexte favorable"
)
SOURCE = (
    "Conseil départemental des Hauts-de-Seine 2016, Entretiens Albert-Kahn, cahier n° 23, p. 66-67 (les trois "
    "conditions) ; Ester, Kriegel, Sander & Xu 1996, KDD-96, p. 226-231 (DBSCAN) ; Sørensen 1948 (liens complets)."
)
SHOWN = 30
CHARTED = 15


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "A project can be launched where three conditions meet: similar needs, people willing to get involved, and "
            "a local context that helps. Each group of similar needs is a lead; it says which conditions it meets, and "
            "what it lacks.",
        ),
        translate(
            "Tisserand",
            "Similar needs: of one theme, at least three of them (MIN_NEEDS) within half the distance D of one, and "
            "all that are linked so; a need at the edge goes with the nearest. Groups wider than 2 D are cut, so that "
            "no two needs of a lead lie farther apart. A need with several themes counts whole in each; polygons stand "
            "at a point within them.",
        ),
        translate(
            "Tisserand",
            "People: the sum of the known counts. An unknown count adds nobody and is counted apart (n_inconnus); "
            "without a field of counts a need is one person. Volunteers: the sum of those known; unknown is not none.",
        ),
        translate(
            "Tisserand",
            "Context, within D of the point of the lead: favorable, an actor with means to share "
            "(moyens_partageables), one of the theme that comes round (itinerant), a site that can be lent "
            "(disponible), or two actors of the theme; fragile, one actor of the theme; aucun appui, none. Without "
            "actors, or where no commune of the lead was surveyed (recense_le) and nobody was found, the context is "
            "unknown, not bad.",
        ),
        translate(
            "Tisserand",
            "Rank: first the leads that lack nothing, then those that lack the fewest conditions; among these, the "
            "most people, communes, volunteers. The point is the weighted median of the needs: half of the people "
            "live on either side.",
        ),
    )
    return "\n".join(sentences)


def warn(found: Leads, needs: Reading, with_actors: bool, feedback: QgsProcessingFeedback) -> None:
    """Tell what was found amiss, with the ids of the features concerned, and what must not leave the house."""
    notes = found.notes
    for rows, text in (
        (notes.without_theme, translate("Tisserand", "Needs without a theme, in no lead: {count} (features {ids}).")),
        (
            notes.without_count,
            translate("Tisserand", "Needs without a known count, adding nobody: {count} (features {ids})."),
        ),
        (
            notes.negative_counts,
            translate("Tisserand", "Needs with a negative count, taken as unknown: {count} (features {ids})."),
        ),
        (notes.nobody, translate("Tisserand", "Needs of nobody, in no lead: {count} (features {ids}).")),
        (
            notes.without_territory,
            translate("Tisserand", "Needs without a territory, adding none: {count} (features {ids})."),
        ),
        (
            notes.without_volunteers,
            translate("Tisserand", "Needs without a known number of people willing: {count} (features {ids})."),
        ),
    ):
        if rows:
            feedback.pushWarning(text.format(count=len(rows), ids=ids(rows, needs)))
    if not len(found.leads):
        return
    if not with_actors:
        feedback.pushWarning(
            translate(
                "Tisserand", "No actors were given: the context of the leads is unknown, so none can be launched."
            )
        )
    few = int((found.leads["personnes"].fillna(0) < DEFAULT_THRESHOLD).sum())
    text = translate(
        "Tisserand",
        "This is an inner result: {few} of {count} leads rest on fewer than {threshold} people. Before any of its "
        "figures leaves the house, pass it through “publish”.",
    )
    feedback.pushWarning(text.format(few=few, count=len(found.leads), threshold=DEFAULT_THRESHOLD))


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    found: Leads,
    labels: Mapping[str, str],
    warnings: list[str],
) -> Report:
    """Return the report: the leads in their order, what they lack, and where all people are."""
    leads = found.leads
    headings = (
        translate("Tisserand", "Rank"),
        translate("Tisserand", "Theme"),
        translate("Tisserand", "People"),
        translate("Tisserand", "Communes"),
        translate("Tisserand", "Volunteers"),
        translate("Tisserand", "Context"),
        translate("Tisserand", "Launchable"),
        translate("Tisserand", "Reason"),
    )
    yes, no = translate("Tisserand", "yes"), translate("Tisserand", "no")
    unknown = translate("Tisserand", "unknown")
    rows = [
        (
            lead.rang,
            labels.get(lead.theme, lead.theme),
            _number(lead.personnes, unknown),
            lead.communes,
            _number(lead.volontaires, unknown),
            lead.contexte,
            yes if lead.lancable else no,
            lead.raison,
        )
        for lead in leads.head(SHOWN).itertuples()
    ]
    balance = [
        (labels.get(row.theme, row.theme) or "—", round(row.dans_une_piste), round(row.hors_piste))
        for row in found.balance.itertuples()
    ]
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[
            Table(translate("Tisserand", "Project leads, the first {count}").format(count=len(rows)), headings, rows),
            Table(
                translate("Tisserand", "Where all people counted are"),
                (
                    translate("Tisserand", "Theme"),
                    translate("Tisserand", "In a lead"),
                    translate("Tisserand", "In no lead"),
                ),
                balance,
            ),
        ],
        warnings=warnings,
        charts=_charts(leads, labels),
    )


def _number(value: float, unknown: str) -> object:
    return unknown if value != value else round(value)


def _charts(leads, labels: Mapping[str, str]) -> list[Chart]:
    if not len(leads):
        return []
    first = leads.head(CHARTED)
    people = [0.0 if value != value else value for value in first["personnes"]]
    named = [f"{rank}. {labels.get(theme, theme)}".rstrip(". ") for rank, theme in zip(first["rang"], first["theme"])]
    launched = first["lancable"].tolist()
    series = {
        translate("Tisserand", "to be launched"): [n if go else 0.0 for n, go in zip(people, launched)],
        translate("Tisserand", "lacking something"): [0.0 if go else n for n, go in zip(people, launched)],
    }
    lacks = Counter(kind for lead in leads.itertuples() for kind in _lacks(lead))
    kinds = [kind for kind in _kinds() if lacks[kind]]
    charts = [
        bars(translate("Tisserand", "The first leads"), named, series, translate("Tisserand", "People concerned"))
    ]
    if kinds:
        axis = translate("Tisserand", "Leads")
        title = translate("Tisserand", "What leads lack")
        charts.append(bars(title, kinds, {axis: [lacks[kind] for kind in kinds]}, axis))
    return charts


def _kinds() -> tuple[str, ...]:
    return (
        translate("Tisserand", "people"),
        translate("Tisserand", "communes"),
        translate("Tisserand", "volunteers"),
        translate("Tisserand", "volunteers unknown"),
        translate("Tisserand", "context"),
        translate("Tisserand", "context unknown"),
    )


def _lacks(lead) -> list[str]:
    """Return the kinds of what a lead lacks."""
    people, communes, volunteers, volunteers_unknown, context, context_unknown = _kinds()
    lacking = lead.manque or ""
    found = []
    if "personnes inconnu" in lacking or "il manque" in lacking:
        found.append(people)
    if "commune" in lacking:
        found.append(communes)
    if lead.volontaires != lead.volontaires:
        found.append(volunteers_unknown)
    elif lead.volontaires == 0:
        found.append(volunteers)
    if lead.contexte == "inconnu":
        found.append(context_unknown)
    elif lead.contexte != "favorable":
        found.append(context)
    return found
