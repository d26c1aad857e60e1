"""What the coverage analysis tells its user: method, warnings, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingFeedback

from ....i18n import translate
from ....layers.model.codes import code_list
from ....layers.result_looks.coverage import CAUSES, CONFIDENCE, DIMENSIONS, DOUBTS, OFFERS
from ..charts import Chart, bars, histogram
from ..frames import Reading
from ..reports import Report, Table
from .conditions import method_of_conditions
from .meeting import ids

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from ...analysis.conditions import Conditions

MOST = 40
"""Themes in a table; the chart shows a third of them."""
FORMULA = "R(j) = S(j) / Σ P(i) w(i,j)\nA(i) = Σ R(j) w(i,j)\nG(i) = P(i) max(0, 1 − A(i) / T)"
SOURCE = (
    "Luo & Wang 2003, doi:10.1068/b29120 (2SFCA) ; Luo & Qi 2009, doi:10.1016/j.healthplace.2009.06.002 (E2SFCA) ; "
    "Dai 2010, doi:10.1016/j.healthplace.2010.06.012 ; DREES, accessibilité potentielle localisée (APL)."
)


def method() -> str:
    """Return what is computed and what it leaves out, for the help and the report."""
    sentences = (
        translate(
            "Tisserand",
            "For each need and each of its themes: the places that the actors in reach have per person in need, "
            "shared with everyone else who reaches them (local potential accessibility, E2SFCA method), and the "
            "people left without.",
        ),
        translate(
            "Tisserand",
            "P: people of a need; S: capacity of an actor; w: weight, falling with the time between them; T: target. "
            "Minutes are those of the roads, or crow-fly metres × detour / speed without roads; a need at exactly the "
            "reach is reached. Polygons and lines stand at a point within them.",
        ),
        translate(
            "Tisserand",
            "Causes: hors_portee, no actor of the theme in reach; public, actors in reach but none for this public; "
            "capacite, not enough places; couvert, nobody left without.",
        ),
        translate(
            "Tisserand",
            "A need with several themes counts whole in each; an actor with several themes offers each its whole "
            "capacity, which overstates what it can do. An unknown capacity is taken as the median of the theme; when "
            "no capacity is known, whoever reaches an eligible actor counts as covered. An unknown count is one "
            "person (effectif says so), never zero. A public meets an actor that names it, or that names none, or "
            "“tous-publics”.",
        ),
        method_of_conditions(),
        translate(
            "Tisserand",
            "etat_offre never takes one for the other: offre, an actor of the theme is in reach; aucune, none is, and "
            "all that is in reach was surveyed; non-recense, none is known, and not all of it was surveyed; "
            "non-publie, actors are there that the reader may not read of; inconnue, none is known and nobody says "
            "where it was surveyed.",
        ),
        translate(
            "Tisserand",
            "non_couvert_min and non_couvert_max: the gap if all unknown capacities are enough and all unknown facts "
            "good, or if they are none and bad. confiance is forte without a doubt, moyenne with one, faible with "
            "more; doutes names them. Near the border of the territories, actors beyond it are missing: see "
            "effet_bord. Robustness is the share of six other settings (reach × 0.75, 1, 1.25, two decays) in which a "
            "need stays in the worst fifth.",
        ),
    )
    return "\n".join(sentences)


def warn_outside(outside: list, needs: Reading, feedback: QgsProcessingFeedback) -> None:
    """Tell which needs lie in no territory."""
    if outside:
        feedback.pushWarning(
            translate(
                "Tisserand", "Needs outside all territories, in no total of theirs: {count} (features {ids})."
            ).format(count=len(outside), ids=ids(outside, needs))
        )


def report(
    title: str, about: dict[str, tuple[str, str]], rows: GeoDataFrame, asked: Conditions, warnings: list[str]
) -> Report:
    """Return the report: people and gap, by theme and cause, what the conditions take away, and how sure it is."""
    themes = code_list("themes_vie").labels
    causes = {cause: label for cause, (label, *_) in CAUSES.items()}
    if asked.slot:
        read = translate("Tisserand", "Slot, as read")
        about = about | {"SLOT": (read, f"{asked.slot} ({asked.year})")}
    tables = [_overview(rows), _by_theme(rows, themes)]
    tables.append(_people(rows, "cause", translate("Tisserand", "By cause"), translate("Tisserand", "Cause"), causes))
    offer = translate("Tisserand", "Is there an actor?")
    tables.append(_people(rows, "etat_offre", offer, translate("Tisserand", "Offer"), OFFERS))
    confidence = translate("Tisserand", "How sure it is")
    tables.append(_people(rows, "confiance", confidence, translate("Tisserand", "Confidence"), CONFIDENCE))
    tables.append(_doubts(rows))
    charts = [_chart_of_themes(rows, themes), _chart_of_minutes(rows), _chart_of_choice(rows)]
    lost = _lost(rows, asked)
    if lost:
        title = translate("Tisserand", "What the conditions take away")
        people = translate("Tisserand", "People left uncovered by it alone")
        tables.insert(1, Table(title, (translate("Tisserand", "Condition"), people), [(n, round(p)) for n, p in lost]))
        axis = translate("Tisserand", "People left uncovered")
        charts.insert(0, bars(title, [name for name, _ in lost], {axis: [people for _, people in lost]}, axis))
    return Report(
        title=title,
        method=method(),
        formula=FORMULA,
        source=SOURCE,
        about=about,
        tables=[table for table in tables if table.rows],
        warnings=warnings,
        charts=[chart for chart in charts if chart],
    )


def _overview(rows: GeoDataFrame) -> Table:
    alone = rows["besoin"][~rows["choix"].eq(True)].sum()
    unknown = int(rows["effectif"].eq("inconnu").sum())
    lines = (
        (translate("Tisserand", "People concerned"), round(rows["besoin"].sum())),
        (translate("Tisserand", "People not covered"), round(rows["non_couvert"].sum())),
        (translate("Tisserand", "People not covered, at least"), round(rows["non_couvert_min"].sum())),
        (translate("Tisserand", "People not covered, at most"), round(rows["non_couvert_max"].sum())),
        (translate("Tisserand", "People with fewer than two actors in reach"), round(alone)),
        (translate("Tisserand", "Needs whose count is unknown (one person each)"), unknown),
    )
    title = translate("Tisserand", "Overview")
    return Table(title, (title, translate("Tisserand", "Number")), lines if len(rows) else ())


def _by_theme(rows: GeoDataFrame, labels: dict[str, str]) -> Table:
    sums = _of_themes(rows, ["besoin", "non_couvert", "non_couvert_min", "non_couvert_max"], MOST)
    headings = (
        translate("Tisserand", "Theme"),
        translate("Tisserand", "People concerned"),
        translate("Tisserand", "People not covered"),
        translate("Tisserand", "at least"),
        translate("Tisserand", "at most"),
        translate("Tisserand", "Share not covered"),
    )
    lines = [
        (labels.get(theme, theme), *map(round, people), f"{100 * people[1] / people[0]:.0f} %" if people[0] else "–")
        for theme, *people in sums.itertuples()
    ]
    return Table(translate("Tisserand", "By theme"), headings, lines)


def _of_themes(rows: GeoDataFrame, columns: list[str], most: int):
    """Return the sums of the themes with the greatest gaps, those of all others together after them."""
    sums = rows.groupby("theme")[columns].sum()
    order = rows.groupby("theme")["non_couvert"].sum().reindex(sums.index)
    sums = sums.iloc[(-order).argsort(kind="stable")]
    if len(sums) <= most:
        return sums
    first = sums.iloc[:most].copy()
    label = translate("Tisserand", "{count} other themes").format(count=len(sums) - most)
    first.loc[label] = sums.iloc[most:].sum()
    return first


def _people(rows: GeoDataFrame, column: str, title: str, heading: str, labels: dict[str, str]) -> Table:
    sums = rows.groupby(column)[["besoin", "non_couvert"]].sum().reindex(list(labels)).dropna()
    counts = rows[column].value_counts()
    headings = (
        heading,
        translate("Tisserand", "Needs"),
        translate("Tisserand", "People concerned"),
        translate("Tisserand", "People not covered"),
    )
    lines = [
        (labels[code], int(counts[code]), round(people), round(unmet)) for code, people, unmet in sums.itertuples()
    ]
    return Table(title, headings, lines)


def _doubts(rows: GeoDataFrame) -> Table:
    words = rows["doutes"].fillna("")
    lines = []
    for code, label in DOUBTS.items():
        concerned = rows[words.str.split(" | ", regex=False).map(lambda found, code=code: code in found)]
        if len(concerned):
            lines.append((label, len(concerned), round(concerned["besoin"].sum())))
    title = translate("Tisserand", "Doubts")
    headings = (title, translate("Tisserand", "Needs"), translate("Tisserand", "People concerned"))
    return Table(title, headings, lines)


def _lost(rows: GeoDataFrame, asked: Conditions) -> list[tuple[str, float]]:
    """Return the conditions asked for with the people that each alone leaves uncovered, then all together."""
    wanted = {
        "horaires": asked.slot is not None,
        "cout": asked.free,
        "accueil": bool(asked.mode),
        "itinerance": asked.rounds is not None,
        "diffusion": asked.audience != "interne",
    }
    lost = [(DIMENSIONS[code], float(rows[f"perdus_{code}"].sum())) for code, flag in wanted.items() if flag]
    if lost and len(rows):
        return [*lost, (translate("Tisserand", "All conditions together"), float(rows["perdus"].sum()))]
    return []


def _chart_of_themes(rows: GeoDataFrame, labels: dict[str, str]) -> Chart | None:
    if not len(rows):
        return None
    parts = rows[["theme", "non_couvert"]].assign(covered=rows["besoin"] - rows["non_couvert"])
    causes = [cause for cause in CAUSES if cause != "couvert"]
    for cause in causes:
        parts[cause] = rows["non_couvert"].where(rows["cause"] == cause, 0.0)
    sums = _of_themes(parts, ["covered", *causes], MOST // 3)
    series = {translate("Tisserand", "Covered"): sums["covered"].tolist()}
    series |= {CAUSES[cause][0]: sums[cause].tolist() for cause in causes}
    names = [labels.get(theme, theme) or translate("Tisserand", "All needs") for theme in sums.index]
    title = translate("Tisserand", "People covered and not covered, by theme and cause")
    return bars(title, names, series, translate("Tisserand", "People"))


def _chart_of_minutes(rows: GeoDataFrame) -> Chart | None:
    known = rows[rows["plus_proche_min"].notna()]
    if not len(known):
        return None
    minutes = known["plus_proche_min"].clip(upper=60.0)
    edges = list(range(0, 61, 5))
    classes = (minutes // 5).clip(upper=11)
    people = known["besoin"].groupby(classes).sum().reindex(range(12), fill_value=0.0)
    title = translate("Tisserand", "Minutes to the nearest actor of the theme (the last class: 55 and more)")
    return histogram(title, edges, people.tolist(), translate("Tisserand", "Minutes"), translate("Tisserand", "People"))


def _chart_of_choice(rows: GeoDataFrame) -> Chart | None:
    if not len(rows):
        return None
    labels = {
        "n_acteurs": translate("Tisserand", "An actor who meets the conditions"),
        "choix": translate("Tisserand", "Two or more to choose from"),
        "n_ouverts": translate("Tisserand", "One open in the slot"),
        "n_gratuits": translate("Tisserand", "One free of charge"),
        "n_sur_place": translate("Tisserand", "One who receives on the spot"),
        "n_a_distance": translate("Tisserand", "One who receives at a distance"),
        "n_itinerants": translate("Tisserand", "One who is itinerant"),
    }
    shown = {label: rows[column] for column, label in labels.items() if rows[column].notna().any()}
    people = [float(rows["besoin"][values.astype(float) > 0].sum()) for values in shown.values()]
    title = translate("Tisserand", "People who have in reach, as far as is known")
    return bars(title, list(shown), {title: people}, translate("Tisserand", "People"))
