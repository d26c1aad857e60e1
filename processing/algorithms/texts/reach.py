"""What the analysis of reach tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....i18n import translate
from ....layers.result_looks.reach import CAUSES, class_label
from ..charts import bars
from ..reports import RememberingFeedback, Report, Table
from .roads import method as method_of_roads

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from ...analysis.roads.by_road import ByRoad
    from ...analysis.roads.reach import Reached

FORMULA = "t(x) = min(a) [ δ(a) / v + Σ l(e) / v(e) ] ≤ T"
SOURCE = (
    "Dijkstra 1959, Numerische Mathematik 1, doi:10.1007/BF01386390 ; Fredman & Tarjan 1987, doi:10.1145/28869.28874 ; "
    "QGIS network analysis library (graph) ; SciPy, scipy.sparse.csgraph (shortest paths)."
)
MOST_ACTORS = 20


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    return " ".join(
        (
            translate(
                "Tisserand",
                "The roads from which the nearest actor, by time, is no more than the reach away, cut exactly where "
                "the time runs out, from both ends where actors come from both. A point at exactly the reach is "
                "reached.",
            ),
            translate(
                "Tisserand",
                "minutes is the time at the far end of a line, minutes_debut at its near end; acteur is the nearest "
                "actor all along it. Of equally near actors the one whose identifier, then name, comes first counts.",
            ),
            translate(
                "Tisserand",
                "a: actor; δ: metres from the actor to its nearest road; v: speed given for all; l(e) and v(e): length "
                "and speed of each road on the way; T: reach.",
            ),
            method_of_roads(),
            translate(
                "Tisserand",
                "What it does not say: whether people have a car, whether the actor has room, opens, or serves them. "
                "Actors and roads outside the layers are not seen: near their border roads look farther than they are.",
            ),
        )
    )


def warn(found: Reached, feedback: RememberingFeedback) -> None:
    """Tell of roads from which no actor can be reached at any time."""
    apart = found.unreached[found.unreached["cause"] == "sans_acces"]
    if len(apart):
        text = translate(
            "Tisserand", "Roads from which no actor can be reached, however long it takes: {count}, {km} km."
        )
        feedback.pushWarning(text.format(count=apart["road"].nunique(), km=_km(apart["metres"].sum())))


def report(
    title: str,
    about: dict[str, tuple[str, str]],
    reached: GeoDataFrame,
    unreached: GeoDataFrame,
    ways: ByRoad,
    warnings: list[str],
) -> Report:
    """Return the report: kilometres by class of time and by actor, and what the network is like."""
    kilometres = translate("Tisserand", "Kilometres of road")
    by_time = translate("Tisserand", "Roads by time to the nearest actor")
    total = float(reached["longueur_m"].sum() + unreached["metres"].sum())
    classes = reached.groupby("classe")["longueur_m"].sum()
    bounds = [0.0, *classes.index]
    labels = [class_label(lower, upper) for lower, upper in zip(bounds, bounds[1:])]
    lengths = [float(length) for length in classes]
    for cause, label in CAUSES.items():
        length = float(unreached.loc[unreached["cause"] == cause, "metres"].sum())
        if length:
            labels.append(label)
            lengths.append(length)
    rows = [(label, _km(length), f"{100 * length / total:.1f} %") for label, length in zip(labels, lengths)]
    share = translate("Tisserand", "Share")
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[
            Table(by_time, (translate("Tisserand", "Time"), kilometres, share), rows),
            _by_actor(reached, kilometres),
            _network(ways),
        ],
        warnings=warnings,
        charts=[bars(by_time, labels, {kilometres: [length / 1000 for length in lengths]}, kilometres)] if rows else [],
    )


def _by_actor(reached: GeoDataFrame, kilometres: str) -> Table:
    sums = reached.groupby(["acteur", "acteur_nom"], as_index=False)["longueur_m"].sum()
    sums = sums.sort_values(["longueur_m", "acteur"], ascending=[False, True])
    rows = [(name or key, _km(length)) for key, name, length in sums.head(MOST_ACTORS).itertuples(index=False)]
    title = translate("Tisserand", "Actors nearest to the most roads ({shown} of {count})")
    shown = title.format(shown=len(rows), count=len(sums))
    return Table(shown, (translate("Tisserand", "Actor"), kilometres), rows)


def _network(ways: ByRoad) -> Table:
    pieces, share = ways.pieces()
    rows = [
        (translate("Tisserand", "Kilometres of road"), _km(ways.roads.metres.sum())),
        (translate("Tisserand", "Nodes"), len(ways.roads.nodes)),
        (translate("Tisserand", "Edges"), len(ways.roads.ends)),
        (translate("Tisserand", "Pieces that are not connected"), pieces),
        (translate("Tisserand", "Share of the longest piece"), f"{100 * share:.1f} %"),
    ]
    return Table(translate("Tisserand", "The network"), (translate("Tisserand", "What"), ""), rows)


def _km(metres: float) -> str:
    return f"{metres / 1000:,.1f}".replace(",", " ")
