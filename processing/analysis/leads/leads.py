"""Project leads: similar needs near one another, people willing to get involved, a context that helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..meeting import themes_of
from .context import Around, contexts, listed
from .density import dense_groups, narrowed
from .settings import Settings
from .words import BETWEEN, CUT, LONELY, NO_THEME, NOBODY, alone_reason, lead_words, member_reason

CLOSENESS = 0.5
"""Needs are linked up to this part of the distance, so that all around one lie within the distance of each other."""
WIDTHS = 2.0
"""No group is wider than so many distances."""


class Notes(NamedTuple):
    """Labels of the rows of needs that a reader has to know of."""

    without_theme: list
    without_count: list
    negative_counts: list
    nobody: list
    without_territory: list
    without_volunteers: list


class Leads(NamedTuple):
    """``leads``: points, a row a lead, the first ranked first; ``members``: a row a need x theme, in that order.

    Leads: ``rang, theme, personnes, n_besoins, n_inconnus, communes, codes, part_max, volontaires, intensite, contexte,
    appuis, recensees, rayon_m, lancable, manque, raison``. Members: ``need`` (label in the index of the needs),
    ``theme, personnes`` (NaN unknown), ``piste`` (the rank of its lead, None alone), ``raison`` (French), ``alone``
    (why it is in no lead). ``balance``: theme, people in leads, people alone; together all that were read.
    """

    leads: geopandas.GeoDataFrame
    members: pd.DataFrame
    balance: pd.DataFrame
    notes: Notes


def similar_needs(
    needs: geopandas.GeoDataFrame,
    around: Around = Around(),  # noqa: B008 - a tuple cannot change
    settings: Settings = Settings(),  # noqa: B008
    labels: Mapping[str, str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Leads:
    """Find groups of needs of one theme near one another, and say of each what it has and what it lacks to be launched.

    ``needs`` is in metres and has, where known, ``count`` (people), ``themes`` (several in one text: the need takes
    part in each), ``territory``, ``volunteers`` and ``intensity``; surfaces stand at a point within them. Groups are
    those of DBSCAN within half the distance; those wider than twice the distance are cut. An unknown count adds
    nobody, and is counted apart; a need of nobody takes no part. Nothing depends on the order of the rows.
    ``progress`` takes a share from 0 to 1; what it raises stops the work.
    """
    settings = settings.checked()
    rows = _rows(needs)
    groups = _grouped(rows, settings, lambda share: progress(0.7 * share))
    rows = rows.assign(group=groups.group, alone=groups.alone, others=groups.others)
    leads = _leads(rows)
    leads = leads.join(contexts(leads, around, settings.distance, lambda: progress(0.7)))
    progress(0.9)
    leads = _ranked(leads, "territory" in needs, settings, labels or {})
    members = _members(rows, leads, settings)
    balance = _balance(rows, leads)
    points = geopandas.points_from_xy(leads["x"], leads["y"], crs=needs.crs)
    return Leads(geopandas.GeoDataFrame(leads, geometry=points), members, balance, _notes(needs, rows))


def _rows(needs: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return a row a need x theme (theme None where it should have one), in the order that the values decide."""
    points = needs.geometry.representative_point()
    themes = themes_of(needs) if "themes" in needs else pd.Series([("",)] * len(needs), dtype=object)
    table = pd.DataFrame(
        {
            "need": needs.index,
            "theme": [found or (None,) for found in themes],
            "people": _numbers(needs, "count", 1.0),
            "territory": [_text(value) for value in needs["territory"]] if "territory" in needs else "",
            "volunteers": _numbers(needs, "volunteers"),
            "intensity": _numbers(needs, "intensity"),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )
    table = table.explode("theme").reset_index(drop=True)
    order = ["theme", "x", "y", "people", "territory", "volunteers", "intensity"]
    return table.sort_values(order, kind="stable").reset_index(drop=True)


def _numbers(needs: pd.DataFrame, column: str, otherwise: float = np.nan) -> np.ndarray:
    """Return a column as floats, NaN where it is no number or negative; ``otherwise`` where there is no such column."""
    if column not in needs:
        return np.full(len(needs), otherwise)
    numbers = pd.to_numeric(needs[column], errors="coerce").astype(float)
    return numbers.where((numbers >= 0) & (numbers < np.inf)).to_numpy()


def _text(value: object) -> str:
    """Return a code as text; one that was read as a number has no decimals."""
    return "" if value is None or value != value else str(value).strip().removesuffix(".0")


class Groups(NamedTuple):
    """Of each row: its group (-1 alone), why it is alone (None in a group), how many others lie within reach."""

    group: np.ndarray
    alone: np.ndarray
    others: np.ndarray


def _grouped(rows: pd.DataFrame, settings: Settings, progress: Callable[[float], None]) -> Groups:
    group, others = np.full(len(rows), -1), np.zeros(len(rows), dtype=int)
    alone = np.where(rows["theme"].isna(), NO_THEME, np.where(rows["people"] == 0, NOBODY, LONELY)).astype(object)
    xy, taken = rows[["x", "y"]].to_numpy(), 0
    of_themes = rows[alone == LONELY].groupby("theme", sort=True).indices
    positions = np.flatnonzero(alone == LONELY)
    for number, members in enumerate(of_themes.values()):
        share = number / len(of_themes)
        progress(share)
        here = positions[members]
        dense = dense_groups(xy[here], settings.distance * CLOSENESS, settings.min_needs)
        found = narrowed(xy[here], dense.group, settings.distance * WIDTHS, lambda share=share: progress(share))
        others[here] = dense.others
        sizes = np.bincount(found[found >= 0], minlength=1)
        kept = (found >= 0) & (sizes[found] >= settings.min_needs)
        alone[here] = np.where(kept, None, np.where(dense.group >= 0, CUT, LONELY))
        group[here[kept]] = found[kept] + taken
        taken += int(found.max(initial=-1)) + 1
    return Groups(group, alone, others)


def _leads(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the members of each group make together, a row a group."""
    inside = rows[rows["group"] >= 0]
    by = inside.groupby("group", sort=True)
    weights = inside["people"].fillna(1.0)
    leads = pd.DataFrame(
        {
            "theme": by["theme"].first(),
            "personnes": by["people"].sum(min_count=1),
            "n_besoins": by.size(),
            "n_inconnus": by.size() - by["people"].count(),
            "volontaires": by["volunteers"].sum(min_count=1),
            "x": _weighted_medians(inside["group"], inside["x"], weights),
            "y": _weighted_medians(inside["group"], inside["y"], weights),
        }
    )
    told = inside["intensity"].notna()
    sums = (weights * inside["intensity"]).groupby(inside["group"]).sum()
    leads["intensite"] = sums / weights[told].groupby(inside["group"][told]).sum()
    of_place = inside[inside["territory"] != ""].groupby(["group", "territory"], sort=True)["people"].sum()
    codes = of_place.reset_index().groupby("group")["territory"].agg(tuple)
    leads["codes"] = [codes.get(group, ()) for group in leads.index]
    leads["communes"] = leads["codes"].map(len).astype(int)
    leads["part_max"] = of_place.groupby("group").max() / leads["personnes"].where(leads["personnes"] > 0)
    away = inside[["x", "y"]].to_numpy() - leads.loc[inside["group"], ["x", "y"]].to_numpy()
    leads["rayon_m"] = pd.Series(np.hypot(*away.T), index=inside["group"]).groupby(level=0).max()
    return leads


def _weighted_medians(groups: pd.Series, numbers: pd.Series, weights: pd.Series) -> pd.Series:
    """Return for each group the smallest number with at least half of the weight at or below it."""
    order = np.lexsort((numbers, groups))
    group, number, weight = (column.to_numpy()[order] for column in (groups, numbers, weights))
    found, starts = np.unique(group, return_index=True)
    ends = np.cumsum(weight)
    before = np.r_[0.0, ends][starts]
    totals = np.r_[before[1:], ends[-1:]] - before
    return pd.Series(number[np.searchsorted(ends, before + totals / 2)], index=found)


def _ranked(leads: pd.DataFrame, placed: bool, settings: Settings, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the leads with what they lack in words, the first to be launched first, indexed by their old numbers."""
    words = [lead_words(lead, placed, settings, labels) for lead in leads.itertuples()]
    leads = leads.assign(
        lacking=[len(word.lacking) for word in words],
        manque=[BETWEEN.join(word.lacking) or None for word in words],
        raison=[word.reason for word in words],
    )
    leads["lancable"] = leads["lacking"] == 0
    order = ["lacking", "personnes", "communes", "volontaires", "theme", "x", "y"]
    leads = leads.sort_values(order, ascending=[True, False, False, False, True, True, True], kind="stable")
    leads["rang"] = np.arange(1, len(leads) + 1)
    leads["codes"] = leads["codes"].map(listed)
    return leads


def _members(rows: pd.DataFrame, leads: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    lead = leads.reindex(rows["group"])
    rank = [int(number) if number == number else None for number in lead["rang"]]
    reasons = [
        member_reason(number, size) if number else alone_reason(why, others, settings)
        for number, size, why, others in zip(rank, lead["n_besoins"], rows["alone"], rows["others"])
    ]
    members = pd.DataFrame(
        {
            "need": rows["need"],
            "theme": rows["theme"],
            "personnes": rows["people"],
            "piste": pd.Series(rank, dtype=object),
            "raison": reasons,
            "alone": rows["alone"],
        }
    )
    return members.sort_values(["need", "theme"], kind="stable").reset_index(drop=True)


def _balance(rows: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """Return people in leads and alone by theme; raise when they are not those that were read."""
    people = rows.assign(theme=rows["theme"].fillna(""), people=rows["people"].fillna(0.0))
    alone = people[people["group"] < 0].groupby("theme")["people"].sum()
    inside = leads.groupby("theme")["personnes"].sum()
    balance = pd.DataFrame({"dans_une_piste": inside, "hors_piste": alone}).fillna(0.0)
    read, told = float(people["people"].sum()), float(balance.to_numpy().sum())
    if not np.isclose(read, told, rtol=1e-9, atol=1e-6):
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "{read} people were read and {told} are in the result: do not use it, and report this fault.",
            ),
            read=read,
            told=told,
        )
    return balance.rename_axis("theme").reset_index()


def _notes(needs: geopandas.GeoDataFrame, rows: pd.DataFrame) -> Notes:
    """Return the labels, in the order of the needs, of what was found amiss."""
    first = rows.drop_duplicates("need").set_index("need").reindex(needs.index)
    negative = pd.to_numeric(needs["count"], errors="coerce") < 0 if "count" in needs else first["people"] < 0
    return Notes(
        without_theme=first.index[first["theme"].isna()].tolist(),
        without_count=first.index[first["people"].isna() & ~negative].tolist(),
        negative_counts=first.index[negative].tolist(),
        nobody=first.index[first["people"] == 0].tolist(),
        without_territory=first.index[first["territory"] == ""].tolist() if "territory" in needs else [],
        without_volunteers=first.index[first["volunteers"].isna()].tolist() if "volunteers" in needs else [],
    )
