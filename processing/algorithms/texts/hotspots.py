"""What the hot spots tell their user: method, warnings, report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qgis.core import NULL, QgsFeature, QgsProcessingFeedback

from ....i18n import translate
from ....layers.model.codes import code_list
from ..charts import Chart, bars, histogram
from ..frames import Reading, some
from ..reports import Report, Table
from .meeting import ids

if TYPE_CHECKING:
    from ...analysis.hotspots.hotspots import HotSpots

FORMULA = (
    "z(i) = (Σ x(j) − W x̄) / (s √((n W − W²) / (n − 1)))\n"
    "p = 2 min(b↑ + 1, b↓ + 1) / (N + 1)\n"
    "q(i) = min p(k) m / rang(k), p(k) ≥ p(i)"
)
SOURCE = (
    "Ord & Getis 1995, doi:10.1111/j.1538-4632.1995.tb00912.x (Gi*) ; Marshall 1991, doi:10.2307/2347593 (lissage) ; "
    "Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x ; Caldas de Castro & Singer 2006, "
    "doi:10.1111/j.0016-7363.2006.00682.x (FDR) ; Phipson & Smyth 2010, doi:10.2202/1544-6115.1585 (tirages)."
)
STRONGEST = 10
BIN, FARTHEST = 0.5, 6.0


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "Each unit is taken together with its neighbours: are their values higher, or lower, than those of as many "
            "units taken anywhere? A concentration is a place where high values stand together. It is not a cause, and "
            "a unit that is high alone is none.",
        ),
        translate(
            "Tisserand",
            "x: the count or rate; j: the unit and its neighbours, W of them; n units of mean x̄ and standard "
            "deviation s. Neighbours are the K nearest, with all those exactly as far as the last, or those that share "
            "a border or a corner. Polygons lie at a point within them.",
        ),
        translate(
            "Tisserand",
            "With a population, the rate is compared, and rates that rest on few people are drawn towards that of all "
            "(empirical Bayes, field lisse). Without one, a count is high where many people live: choose the "
            "population, or a rate.",
        ),
        translate(
            "Tisserand",
            "p: how often as many other units drawn at random go as far, up or down, the unit keeping its own value. "
            "As many draws are made as the correction needs to find one single unit, however few are asked for; "
            "without draws p is that of the normal law.",
        ),
        translate(
            "Tisserand",
            "Hundreds of units looked at together show some rare values by chance. q corrects for it: among the units "
            "with q up to 0.05, about one in twenty is expected to be a false find. A unit is called significant when "
            "q is at most the share accepted.",
        ),
        translate(
            "Tisserand",
            "Each theme, and each level of territories, is a map of its own, tested and corrected on its own. With "
            "fewer than 30 units nothing is called significant.",
        ),
    )
    return "\n".join(sentences)


def warn(found: HotSpots, units: Reading, rates: bool, feedback: QgsProcessingFeedback) -> None:
    """Tell what took no part and what the result cannot tell, with the ids of the features concerned."""
    from ...analysis.hotspots.hotspots import EVEN, EVERYONE, ISLAND, LEAST_UNITS, NEGATIVE, NO_PEOPLE, UNKNOWN

    cause = found.rows["cause"]
    for of_rows, text in (
        (cause == UNKNOWN, translate("Tisserand", "Units without a number, left out: {count} (features {ids}).")),
        (
            cause == NEGATIVE,
            translate("Tisserand", "Units with a negative number, left out: {count} (features {ids})."),
        ),
        (
            cause == NO_PEOPLE,
            translate("Tisserand", "Units without a population above 0, left out: {count} (features {ids})."),
        ),
        (
            found.rows["excess"],
            translate("Tisserand", "Units that count more than their population: {count} (features {ids})."),
        ),
        (cause == ISLAND, translate("Tisserand", "Units without a neighbour, not told: {count} (features {ids}).")),
        (
            cause == EVERYONE,
            translate("Tisserand", "Units with all others as neighbours, not told: {count} (features {ids})."),
        ),
    ):
        if of_rows.any():
            rows = found.rows.index[of_rows].tolist()
            feedback.pushWarning(text.format(count=len(rows), ids=ids(rows, units)))
    few = [group for group in found.groups if group.units < LEAST_UNITS]
    if few:
        text = translate(
            "Tisserand",
            "Fewer than {least} units to compare, so nothing is called significant: {groups}. Take smaller units, or a "
            "larger territory.",
        )
        feedback.pushWarning(text.format(least=LEAST_UNITS, groups=some([_counted(group) for group in few])))
    even = sorted(set(found.rows.loc[cause == EVEN, "group"]))
    if even:
        text = translate("Tisserand", "The values do not differ, so nothing can be told: {groups}.")
        smoothed = translate(
            "Tisserand",
            "The rates differ no more than chance makes them with so few people, so nothing can be told: {groups}.",
        )
        feedback.pushWarning((smoothed if rates else text).format(groups=some([label(name) for name in even])))
    coarse = [group for group in found.groups if not group.fine and group.units >= LEAST_UNITS]
    if coarse:
        text = translate(
            "Tisserand",
            "So many units would need more draws than can be made; some concentrations may be missed: {groups}.",
        )
        feedback.pushWarning(text.format(groups=some([_counted(group) for group in coarse])))
    if len(found.groups) > 1:
        text = translate(
            "Tisserand",
            "The layer holds {count} maps, each looked at apart: filter it to one ({groups}) before reading it.",
        )
        feedback.pushWarning(text.format(count=len(found.groups), groups=some([label(g.name) for g in found.groups])))
    if rates:
        feedback.pushInfo(translate("Tisserand", "Rates were smoothed (empirical Bayes): see the field lisse."))


def label(group: str) -> str:
    """Return the name of a group for people."""
    themes = code_list("themes_vie").labels
    return " · ".join(themes.get(part, part) for part in group.split(" · ")) or translate("Tisserand", "the layer")


def _counted(group) -> str:
    return f"{label(group.name)} ({group.units})"


def report(
    title: str, about: dict[str, tuple[str, str]], found: HotSpots, units: Reading, warnings: list[str]
) -> Report:
    """Return the report: classes by map, the strongest concentrations, the spread of z."""
    from ...analysis.hotspots.hotspots import CLASSES, HOT, figure

    rows = found.rows
    counts = Counter(zip(rows["group"], rows["classe"]))
    groups = sorted(set(rows["group"]))
    made = {group.name: group.draws for group in found.groups}
    classes = Table(
        translate("Tisserand", "Units by class"),
        (translate("Tisserand", "Map"), *CLASSES, translate("Tisserand", "Draws")),
        [(label(group), *(counts[group, each] for each in CLASSES), made.get(group, 0)) for group in groups],
    )
    hot = rows[rows["classe"] == HOT]
    hot = hot.sort_values(["gi_z", "valeur", "raison"], ascending=[False, False, True], kind="stable").head(STRONGEST)
    strongest = Table(
        translate("Tisserand", "Strongest concentrations"),
        (
            translate("Tisserand", "Feature"),
            translate("Tisserand", "Map"),
            translate("Tisserand", "Value compared"),
            "z",
            "q",
            translate("Tisserand", "Reason"),
        ),
        [
            (
                _name(units.features[row.Index]),
                label(row.group),
                figure(row.valeur),
                figure(row.gi_z),
                figure(row.q),
                row.raison,
            )
            for row in hot.itertuples()
        ],
    )
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[classes, strongest],
        warnings=warnings,
        charts=_charts(rows["gi_z"].dropna(), Counter(rows["classe"])),
    )


def _name(feature: QgsFeature) -> str:
    """Return the name of a feature where it has one of the workspace's, else its id."""
    named = (feature[name] for name in ("nom", "libelle") if feature.fields().lookupField(name) >= 0)
    return next((str(name) for name in named if name != NULL), str(feature.id()))


def _charts(z, counts: Counter) -> list[Chart]:
    from ...analysis.hotspots.hotspots import CLASSES

    units = translate("Tisserand", "Units")
    charts = [bars(translate("Tisserand", "Units by class"), CLASSES, {units: [counts[c] for c in CLASSES]}, units)]
    if len(z):
        edges = [BIN * number for number in range(int(-FARTHEST / BIN), int(FARTHEST / BIN) + 1)]
        held = (z.clip(-FARTHEST, FARTHEST - BIN / 2) // BIN).astype(int) + int(FARTHEST / BIN)
        in_bins = Counter(held)
        axis = translate("Tisserand", "z of Gi* (beyond ±6: in the outermost columns)")
        title = translate("Tisserand", "How far units are from what chance does")
        charts.append(histogram(title, edges, [in_bins[number] for number in range(len(edges) - 1)], axis, units))
    return charts
