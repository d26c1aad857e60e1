"""What the safe export tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....i18n import translate
from ..charts import bars
from ..frames import some
from ..reports import RememberingFeedback, Report, Table

if TYPE_CHECKING:
    import pandas as pd

    from ...analysis.disclosure.publication import Publication
    from ..publish_reading import Doubts, Territories

FORMULA = (
    "seuil : 1 ≤ x ≤ k − 1 ; dominance : moins de 3 contributeurs, ou max > 0,85 x ; "
    "contrôle : min x et max x sous A x = chiffres publiés, x ≥ 0 et ce que disent les raisons"
)
SOURCE = (
    "Fischetti & Salazar-González 2001, doi:10.1287/mnsc.47.7.1008.9805 ; "
    "Hundepool et al. 2012, doi:10.1002/9781118348239 ; Sweeney 2002, doi:10.1142/S0218488502001648 ; "
    "Insee, règles de diffusion (11 ménages ; 3 unités, 85 %)."
)
MOST_HIDDEN = 0.5
ROWS = 15


def method() -> str:
    """Return what is masked and how it is checked, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "People are added up by the groups chosen, with their totals. A figure of fewer than k people is masked, "
            "and with it all its details, zeros too.",
        ),
        translate(
            "Tisserand",
            "With a field of contributors, a figure of fewer than three of them, or of which one brings more than the "
            "share allowed, is masked too.",
        ),
        translate(
            "Tisserand",
            "More figures are then masked until none of these can be worked out from the totals, from the territories "
            "that lie within each other, or from the last edition: whoever has the whole table still finds any number "
            "from 1 to k − 1 possible for a figure below the threshold, and k − 2 people between the least and the "
            "most for any other.",
        ),
        translate(
            "Tisserand",
            "This is proven before anything is written: for each masked figure, tables that agree with all that is "
            "published are found by linear programmes.",
        ),
        translate(
            "Tisserand",
            "A zero is published as zero: nobody is known there. It is not the same as a figure masked, a number "
            "unknown or a territory not surveyed. Points never leave: the table has the territories' polygons, or "
            "no geometry.",
        ),
        translate(
            "Tisserand",
            "With the last edition, a figure that changed by 1 to k − 1 people is masked, what was masked for others' "
            "sake stays so, and what has not changed counts as known.",
        ),
    )
    return "\n".join(sentences)


def warn(
    doubts: Doubts,
    frame: pd.DataFrame,
    nested: list[str],
    territories: Territories | None,
    feedback: RememberingFeedback,
) -> None:
    """Tell which numbers could not be used, and which territories are not on the map."""
    if not len(frame):
        feedback.pushWarning(translate("Tisserand", "There is no row to count: the table is empty."))
    for count, text in (
        (
            doubts.missing,
            translate(
                "Tisserand", "Rows without a number of people, which is taken as unknown, never as zero: {count}."
            ),
        ),
        (
            doubts.negative,
            translate("Tisserand", "Rows with a number of people below zero, taken as unknown: {count}. Correct them."),
        ),
    ):
        if count:
            feedback.pushWarning(text.format(count=count))
    if doubts.unreadable:
        text = translate("Tisserand", "Rows whose number of people is no number, taken as unknown: {count} ({values}).")
        feedback.pushWarning(text.format(count=doubts.unreadable, values=some(doubts.samples)))
    if territories is not None and len(frame):
        absent = sorted({str(code) for code in frame[nested[0]].dropna()} - territories.row.keys())
        if absent:
            text = translate(
                "Tisserand", "Codes without a territory, in the table but not on the map: {count} ({codes})."
            )
            feedback.pushWarning(text.format(count=len(absent), codes=some(absent)))


def warn_threshold(then: int, k: int, feedback: RememberingFeedback) -> None:
    """Tell that the threshold of the last edition is kept."""
    text = translate(
        "Tisserand",
        "The threshold of the last edition was {then}: {k} would give away what was masked there, so {then} is used.",
    )
    feedback.pushWarning(text.format(then=then, k=k))


def warn_found(found: Publication, k: int, feedback: RememberingFeedback) -> None:
    """Tell what the last edition gives away, where the reasons say much, and when too little is left to show."""
    protection = found.protection
    if protection.told.any():
        text = translate(
            "Tisserand",
            "Masked now but readable in the last edition, where the same figure was published: {count} figures. What "
            "is published cannot be taken back.",
        )
        feedback.pushWarning(text.format(count=int(protection.told.sum())))
    if protection.tight.any():
        text = translate(
            "Tisserand",
            "Masked with all around them, and yet {count} figures are only left a range of {width} people at least: "
            "the groups are very small.",
        )
        feedback.pushWarning(text.format(count=int(protection.tight.sum()), width=k // 2))
    asked = found.rows[found.rows["personnes"].ne(0)]
    hidden = float((asked["etat"] == "masque").mean()) if len(asked) else 0.0
    if hidden > MOST_HIDDEN:
        text = translate(
            "Tisserand",
            "{percent} % of the figures other than zero are masked: the groups are too fine for these people. Choose "
            "larger territories, fewer themes or no public, or for each place the finest level that reaches {k} "
            "people.",
        )
        feedback.pushWarning(text.format(percent=round(100 * hidden), k=k))


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    found: Publication | None,
    k: int,
    with_units: bool,
    with_before: bool,
    feedback: RememberingFeedback,
) -> Report:
    """Return the report; it holds no figure that the table masks."""
    tables, charts = [], []
    if found is not None:
        tables = [_outcome(found), _proof(found, with_units, with_before), _by_level(found)]
        charts = [_chart(found)]
    return Report(title, method(), FORMULA, SOURCE, about, tables, feedback.warnings, charts)


def _labels() -> dict[str, str]:
    return {
        "publie": translate("Tisserand", "Published"),
        "incomplet": translate("Tisserand", "Published, at least"),
        "zero": translate("Tisserand", "Zero"),
        "seuil": translate("Tisserand", "Masked: below the threshold"),
        "dominance": translate("Tisserand", "Masked: dominance"),
        "secondaire": translate("Tisserand", "Masked for the others' sake"),
        "inconnu": translate("Tisserand", "Number unknown"),
        "non_recense": translate("Tisserand", "Not surveyed"),
    }


def _kinds(found: Publication) -> pd.Series:
    return found.rows["etat"].where(found.rows["masque"] == "none", found.rows["masque"])


def _outcome(found: Publication) -> Table:
    kinds = _kinds(found)
    rows = [(label, int((kinds == kind).sum())) for kind, label in _labels().items()]
    if found.share is not None:
        rows.append((translate("Tisserand", "People in the finest figures published (%)"), round(100 * found.share)))
    return Table(
        translate("Tisserand", "Result"),
        (translate("Tisserand", "What the table says"), translate("Tisserand", "Figures")),
        rows,
    )


def _proof(found: Publication, with_units: bool, with_before: bool) -> Table:
    protection = found.protection
    masked = int((protection.mask != "none").sum())
    checked = masked - int(protection.told.sum())
    yes, no = translate("Tisserand", "yes"), translate("Tisserand", "no")
    sentence = translate(
        "Tisserand",
        "No masked figure can be worked out from the totals: checked for {count} masked figures with {programmes} "
        "linear programmes.",
    )
    rows = [
        (translate("Tisserand", "Result"), sentence.format(count=checked, programmes=protection.programmes)),
        (translate("Tisserand", "Rule of dominance"), yes if with_units else no),
        (translate("Tisserand", "Compared with the last edition"), yes if with_before else no),
    ]
    if with_before:
        rows.append((translate("Tisserand", "Figures of the last edition found again"), found.matched))
        rows.append(
            (
                translate("Tisserand", "Masked because the change would tell of too few people"),
                int(protection.difference.sum()),
            )
        )
    return Table(
        translate("Tisserand", "Check"), (translate("Tisserand", "What"), translate("Tisserand", "Outcome")), rows
    )


def _by_level(found: Publication) -> Table:
    counts = _counts(found)
    labels = _labels()
    used = [kind for kind in labels if kind in counts]
    rows = [(level, *(int(counts.loc[level, kind]) for kind in used)) for level in counts.index[:ROWS]]
    return Table(
        translate("Tisserand", "By level"), (translate("Tisserand", "Level"), *(labels[kind] for kind in used)), rows
    )


def _chart(found: Publication):
    counts = _counts(found)
    shown = counts.index[:ROWS]
    series = {
        translate("Tisserand", "Published"): _sum(counts, ("publie", "incomplet"), shown),
        translate("Tisserand", "Masked: below the threshold"): _sum(counts, ("seuil",), shown),
        translate("Tisserand", "Masked for another reason"): _sum(counts, ("dominance", "secondaire"), shown),
    }
    parts = [list(column) for column in zip(*series.values())]
    percent = {name: [100 * part[at] / max(sum(part), 1) for part in parts] for at, name in enumerate(series)}
    title = translate("Tisserand", "What each level shows")
    return bars(title, list(shown), percent, translate("Tisserand", "Figures other than zero (%)"))


def _counts(found: Publication) -> pd.DataFrame:
    counts = found.rows.assign(kind=_kinds(found)).groupby(["niveau", "kind"], sort=False).size().unstack(fill_value=0)
    return counts.reindex(found.rows["niveau"].drop_duplicates())


def _sum(counts, kinds, shown) -> list[int]:
    return [int(sum(counts.loc[level, kind] for kind in kinds if kind in counts)) for level in shown]
