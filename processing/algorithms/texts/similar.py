"""What the similarity analysis tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.result_looks.similar import SOLIDITIES
from ..charts import Chart, bars
from ..frames import Reading, some
from ..reports import Report, Table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FORMULA = "s = a (1 − min(d / D, 1)) + b Jaccard(thèmes) + c cos(tf-idf)"
SOURCE = (
    "Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008 ; Hennig 2007, doi:10.1016/j.csda.2006.11.025 ; "
    "Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0."
)

SHOWN = 15
"""Groups that a chart names."""
MANY = 10**9
SIZES = ((2, 4), (5, 9), (10, 19), (20, MANY))


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Two initiatives resemble each other when they are near, share themes and describe themselves with the "
            "same words. What one of the two does not say is not held against them: the rest then weighs more.",
        ),
        translate(
            "Tisserand",
            "d: crow-fly metres; D: distance; a, b, c: weights, made to add up to 1. Only pairs nearer than the "
            "distance are compared, and those from the threshold on are linked.",
        ),
        translate(
            "Tisserand",
            "Groups are communities of linked initiatives (Louvain) that resemble each other on average as much as the "
            "threshold asks, all pairs counted; where a community is too loose, the smaller ones within it are tried.",
        ),
        translate(
            "Tisserand",
            "Stability: how well a group is found again when a tenth of the actors is left out; stable from 0.75 on, "
            "fragile below 0.6. A group is a lead for a meeting, not a proof that its members work together.",
        ),
        translate("Tisserand", "Two of the same name within 50 m are marked as a possible duplicate."),
    )
    return "\n".join(sentences)


def warn(frame: GeoDataFrame, actors: Reading, labels: dict[str, str], feedback: QgsProcessingFeedback) -> None:
    """Tell which actors lack what is compared, and which themes are in no list."""
    from ...analysis.values import split

    for column, text in (
        (
            "themes",
            translate("Tisserand", "Actors without a theme, compared by the rest: {count} (features {ids})."),
        ),
        (
            "text",
            translate("Tisserand", "Actors without a description, compared by the rest: {count} (features {ids})."),
        ),
    ):
        if column in frame:
            without = [own for own, value in zip(actors.ids, frame[column]) if not str(value or "").strip()]
            if without:
                feedback.pushWarning(text.format(count=len(without), ids=some(without)))
    if "themes" in frame:
        unknown = sorted(set().union(*map(split, frame["themes"])) - labels.keys())
        if unknown:
            feedback.pushWarning(
                translate("Tisserand", "Themes in no list, shown as they stand: {count} ({themes}).").format(
                    count=len(unknown), themes=some(unknown)
                )
            )


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    actors: GeoDataFrame,
    groups: GeoDataFrame,
    labels: dict[str, str],
    warnings: list[str],
) -> Report:
    """Return the report: how many actors are in groups, and the groups."""
    alone = int(actors["groupe"].isna().sum())
    counts = Table(
        translate("Tisserand", "Result"),
        (translate("Tisserand", "Actors"), translate("Tisserand", "In groups"), translate("Tisserand", "Alone")),
        [(len(actors), len(actors) - alone, alone)],
    )
    headings = (
        translate("Tisserand", "Group"),
        translate("Tisserand", "Around"),
        translate("Tisserand", "Members"),
        translate("Tisserand", "Themes"),
        translate("Tisserand", "Words in common"),
        translate("Tisserand", "Mean similarity"),
        translate("Tisserand", "Stability"),
    )
    rows = [
        (
            group.groupe,
            group.nom,
            group.n,
            " · ".join(labels.get(code, code) for code in filter(None, group.themes.split("|"))),
            group.termes.replace("|", ", "),
            round(group.s_moyen, 2),
            SOLIDITIES.get(group.solidite, ""),
        )
        for group in groups.itertuples()
    ]
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[counts, Table(translate("Tisserand", "Groups of similar initiatives"), headings, rows)],
        warnings=warnings,
        charts=_charts(actors, groups),
    )


def _charts(actors: GeoDataFrame, groups: GeoDataFrame) -> list[Chart]:
    """Return how stable the groups are, by size, and what makes the members of the largest ones alike."""
    if not len(groups):
        return []
    charts = [
        bars(
            translate("Tisserand", "What makes the members of a group alike (the largest groups)"),
            [f"{group.groupe} – {group.nom}" if group.nom else str(group.groupe) for group in _largest(groups)],
            {
                label: [
                    round(float(actors.loc[actors["groupe"] == group.groupe, part].mean()), 3)
                    for group in _largest(groups)
                ]
                for part, label in (
                    ("s_espace", translate("Tisserand", "nearness")),
                    ("s_theme", translate("Tisserand", "themes")),
                    ("s_texte", translate("Tisserand", "words")),
                )
            },
            translate("Tisserand", "Mean similarity (0 to 1)"),
        )
    ]
    solid = groups["solidite"].dropna()
    if len(solid):
        sizes = [(low, high) for low, high in SIZES if groups["n"].between(low, high).any()]
        charts.insert(
            0,
            bars(
                translate("Tisserand", "Stability of the groups, by size"),
                [
                    translate("Tisserand", "{low} to {high} members").format(low=low, high=high)
                    if high < MANY
                    else translate("Tisserand", "{low} members and more").format(low=low)
                    for low, high in sizes
                ],
                {
                    label: [int(((groups["solidite"] == code) & groups["n"].between(*size)).sum()) for size in sizes]
                    for code, label in SOLIDITIES.items()
                },
                translate("Tisserand", "Groups"),
            ),
        )
    return charts


def _largest(groups: GeoDataFrame) -> list:
    return list(groups.head(SHOWN).itertuples())
