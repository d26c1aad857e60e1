"""What the search for new locations tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..frames import Reading, some
from .meeting import ids

if TYPE_CHECKING:
    from ...analysis.locations.choice import Located, Settings

FORMULA = (
    "mclp : max Σ P(i) z(i),  z(i) ≤ Σ x(j) [c(i,j) ≤ d],  Σ x(j) = p\n"
    "p-médiane : min Σ P(i) min c(i,j) x(j),  Σ x(j) = p\n"
    "lscp : min Σ x(j),  Σ x(j) [c(i,j) ≤ d] ≥ 1\n"
    "écart prouvé = |borne − valeur| / max(borne, valeur)"
)
SOURCE = (
    "Church & ReVelle 1974, doi:10.1007/BF01942293 (MCLP) ; Hakimi 1964, doi:10.1287/opre.12.3.450 (p-médiane) ; "
    "Toregas et al. 1971, doi:10.1287/opre.19.6.1363 (LSCP) ; Teitz & Bart 1968, doi:10.1287/opre.16.5.955 ; "
    "Galvão & ReVelle 1996, doi:10.1016/0377-2217(94)00159-6 (relaxation lagrangienne) ; Resende & Werneck 2007, "
    "doi:10.1007/s10479-006-0154-0 (échanges)."
)


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Among the candidates, the sites are sought that bring most people within reach (mclp), or leave the "
            "fewest minutes to travel in all, each going to the nearest (p-median), or bring everybody within reach "
            "with as few sites as possible (lscp; the number of sites is then the answer).",
        ),
        translate(
            "Tisserand",
            "P: people of a place; c: minutes; d: reach; x: site open; z: place covered. Someone at exactly the reach "
            "is covered. People with needs of several themes are added up once a theme, unless themes are chosen.",
        ),
        translate(
            "Tisserand",
            "Rank: the order in which to open the sites of the choice, each time the one that adds most; gain and "
            "cumul follow it. The best choice of two sites is not always the beginning of the best choice of three: "
            "the report gives the best for each number.",
        ),
        translate(
            "Tisserand",
            "The bound is proven: no choice at all of so many candidates does better. The gap is how much better one "
            "could be at most. It speaks of the calculation, not of the figures it rests on.",
        ),
        translate(
            "Tisserand",
            "Frequency: share of the trials with people shaken by up to 20 % and the reach by up to 25 % in which the "
            "site, or one within a quarter of the reach of it, is chosen again. Replacement: the best other candidate "
            "in its place, and what it would lose.",
        ),
        translate(
            "Tisserand",
            "With the people not covered as weight, what existing actors do is counted already: even next to one, "
            "people may be left without a place. With any other weight, whoever an existing actor reaches counts as "
            "covered. The p-median knows no limit of reach; where no way leads, the longest way known is counted.",
        ),
        translate(
            "Tisserand",
            "A capacity holds for each new site alike, in the model mclp: whom a full site cannot take, another in "
            "reach may.",
        ),
        translate(
            "Tisserand",
            "The sites say nothing of premises, costs, staff, or whether people would come.",
        ),
    )
    return "\n".join(sentences)


def of_themes(demand: Reading, asked: str, labels: dict[str, str], feedback: QgsProcessingFeedback) -> Reading:
    """Return the rows of the themes asked for, by code or by name; all of them where none is asked for."""
    from ...analysis.values import split

    wanted = {next((code for code, label in labels.items() if name in (code, label)), name) for name in split(asked)}
    if "theme" not in demand.frame:
        if wanted:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "Themes are asked for ({themes}), and the demand has no field of themes: name it (THEME_FIELD), "
                    "or ask for no theme.",
                ),
                themes=", ".join(sorted(wanted)),
            )
        return demand
    themes = [set(split(text)) for text in demand.frame["theme"]]
    present = set().union(*themes) if themes else set()
    if not wanted:
        if len(present) > 1:
            feedback.pushInfo(
                translate(
                    "Tisserand",
                    "{count} themes are added up: people who need two of them count twice. Choose themes to look at "
                    "one alone.",
                ).format(count=len(present))
            )
        return demand
    if wanted - present:
        feedback.pushWarning(
            translate("Tisserand", "Themes asked for that no demand has: {themes}. There are: {present}.").format(
                themes=some(sorted(wanted - present)), present=some(sorted(present), 12)
            )
        )
    rows = [row for row, own in enumerate(themes) if own & wanted]
    frame = demand.frame.iloc[rows].reset_index(drop=True)
    kept = [demand.features[row] for row in rows]
    return demand._replace(frame=frame, features=kept, ids=[demand.ids[row] for row in rows])


def tell_weight(
    demand: Reading, field: str | None, existing: Reading | None, settings: Settings, feedback: QgsProcessingFeedback
) -> None:
    """Say what is counted, and what existing actors do to it."""
    if field is None:
        feedback.pushWarning(
            translate(
                "Tisserand",
                "The demand has no field of people: each row counts as one. To count people not covered, give the "
                "result of “Coverage gaps”, or name the field.",
            )
        )
    elif field != "non_couvert":
        feedback.pushInfo(
            translate("Tisserand", "People are counted by the field {field}, those already served among them.").format(
                field=field
            )
        )
    if existing is None:
        return
    if settings.counted:
        text = translate(
            "Tisserand",
            "Existing actors: what they do is in the weight already, so nobody is taken off for being near one; they "
            "are shown beside the new sites.",
        )
    elif settings.model == "pmedian":
        text = translate("Tisserand", "Existing actors: people go to them where they are nearer than the new sites.")
    else:
        text = translate(
            "Tisserand", "Existing actors: whoever they reach is covered and brings nothing to a new site."
        )
    feedback.pushInfo(text)


def warn(
    found: Located, demand: Reading, candidates: Reading | None, settings: Settings, feedback: QgsProcessingFeedback
) -> None:
    """Tell what is amiss in the layers, and what limits the answer."""
    notes = found.notes
    for text, rows in (
        (
            translate("Tisserand", "Demand with negative people, taken as unknown: {count} (features {ids})."),
            notes.negative,
        ),
        (
            translate("Tisserand", "Demand without known people, counted as one person: {count} (features {ids})."),
            [*notes.negative, *notes.without_weight],
        ),
    ):
        if rows:
            feedback.pushWarning(text.format(count=len(rows), ids=ids(rows, demand)))
    if notes.twice and candidates:
        text = translate("Tisserand", "Candidates at the place of another, taken as one: {count}.")
        feedback.pushInfo(text.format(count=notes.twice))
    if settings.capacity and settings.model != "mclp":
        feedback.pushWarning(translate("Tisserand", "The capacity of a site counts with the model mclp alone."))
    if notes.places:
        _warn_of_sites(found, settings, feedback)


def _warn_of_sites(found: Located, settings: Settings, feedback: QgsProcessingFeedback) -> None:
    notes, count = found.notes, len(found.sites)
    if notes.beyond:
        _warn_beyond(found, settings, feedback)
    if not notes.people > notes.already:
        feedback.pushWarning(translate("Tisserand", "Nobody is left to cover: no site is proposed."))
    elif not notes.pool:
        feedback.pushWarning(translate("Tisserand", "There is no candidate: no site is proposed."))
    elif settings.model != "lscp":
        if count < settings.count:
            text = translate(
                "Tisserand", "{count} sites come out instead of {asked}: one more would bring nobody anything."
            )
            feedback.pushWarning(text.format(count=count, asked=settings.count))
        if notes.useful < 2 * settings.count:
            text = translate(
                "Tisserand",
                "Only {pool} candidates are of use for {asked} sites: the choice is small, give more candidates to "
                "compare.",
            )
            feedback.pushWarning(text.format(pool=notes.useful, asked=settings.count))
    if notes.stopped:
        feedback.pushWarning(
            translate(
                "Tisserand",
                "The search was stopped by its time limit: the bound holds, but a second run may find other sites.",
            )
        )


def _warn_beyond(found: Located, settings: Settings, feedback: QgsProcessingFeedback) -> None:
    beyond = found.notes.beyond
    text = translate("Tisserand", "Out of reach of every candidate: {count} places with {people:g} people: {names}.")
    if settings.model == "pmedian":
        text = translate("Tisserand", "No way leads from {count} places to any candidate ({people:g} people): {names}.")
    names = some([f"{name} ({people:g})" for name, people in beyond], 10)
    feedback.pushWarning(text.format(count=len(beyond), people=sum(people for _, people in beyond), names=names))
