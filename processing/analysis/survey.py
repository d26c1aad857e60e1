"""How far each territory has been surveyed: what was found there, who was met, what has grown old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .territories import located

NEVER, PARTIAL, UP_TO_DATE, STALE = "jamais", "partiel", "a_jour", "perime"

VISITED = ("visite", "valide")
CONTACTED = ("contacte", "refus", "ferme", *VISITED)
"""Values of ``status``: nobody refuses, or is known to be closed, unasked."""

BY_TELEPHONE = "appel"
LONGEST = 12 * 250
"""Months: no day is further back."""


class Effort(NamedTuple):
    """``territories``: the counts and the class of each; the rest names what could not be counted, sorted.

    ``outside``: ids of actors in no territory. ``undated``: ids of actors without any date, taken as stale.
    ``strangers``: the actors of visits that are not among the actors. ``ahead``: the actors of visits dated after
    today, which are left out as not yet made.
    """

    territories: pd.DataFrame
    outside: list
    undated: list
    strangers: list
    ahead: list


def survey_effort(
    territories: geopandas.GeoDataFrame,
    actors: geopandas.GeoDataFrame,
    visits: pd.DataFrame | None = None,
    *,
    today: date,
    months: int = 24,
) -> Effort:
    """Count in each territory the actors found, contacted, visited and stale, and say how far its survey has come.

    ``territories``: polygons, optionally with ``code``, ``level`` (territories of several levels may overlap) and
    ``surveyed`` (the day its actors were looked for). ``actors``: points with ``id``, optionally with ``status`` (a
    code of ``statuts_recensement``), ``visited``, ``updated`` and ``review`` (days) and ``counted`` (False: closed or
    no initiative; not counted, but whoever met it was there). ``visits``: ``actor`` (an id), ``date``, optionally
    ``nature`` (``appel`` is a contact and no visit). Days are ``datetime.date`` or None. All in one CRS.

    Columns, in the order and under the index of ``territories``:

    - ``recense``: actors found; ``contacte``, ``visite``: those of them who were; who was visited was contacted.
    - ``perime``: those of them last visited or updated more than ``months`` ago, or to be reviewed before today, or of
      whom nothing is dated.
    - ``classe``: ``jamais`` without a day of survey and with nobody contacted; ``perime`` when the last survey or visit
      is older than ``months``, or when more than half of the actors are stale; ``a_jour`` when surveyed within
      ``months`` and every actor found was contacted, also where there is none; else ``partiel``.
    """
    if not months > 0:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "Nothing grows old within {months} months: give 1 or more."), months=months
        )
    limit = pd.Timestamp(today) - pd.DateOffset(months=min(months, LONGEST))
    met = _meetings(visits, pd.Timestamp(today))
    known = _actors(actors, met, pd.Timestamp(today), limit)
    here = known.join(located(actors, territories), how="inner")
    counted = here[here["counted"]].groupby("territory")[["found", "contacted", "visited", "stale"]].sum()
    counts = counted.reindex(territories.index, fill_value=0).astype(int)
    counts.columns = ["recense", "contacte", "visite", "perime"]
    anyone = here.groupby("territory").agg({"contacted": "any", "last_visit": "max"}).reindex(territories.index)
    surveyed = _days(territories, "surveyed")
    counts["classe"] = _classes(counts, surveyed, anyone, limit)
    return Effort(
        counts,
        sorted(set(actors["id"][~actors.index.isin(here.index)])),
        sorted(set(actors["id"][known["undated"] & known["counted"]])),
        sorted(set(met["actor"]) - set(actors["id"])),
        sorted({*met.loc[met["ahead"], "actor"], *actors["id"][known["ahead"]]}),
    )


def _classes(counts: pd.DataFrame, surveyed: pd.Series, anyone: pd.DataFrame, limit: pd.Timestamp) -> np.ndarray:
    last = pd.concat([surveyed, pd.to_datetime(anyone["last_visit"])], axis=1).max(axis=1)
    contacted = anyone["contacted"].eq(True)
    choices = [
        (NEVER, surveyed.isna() & ~contacted),
        (STALE, (last < limit) | (2 * counts["perime"] > counts["recense"])),
        (UP_TO_DATE, (surveyed >= limit) & (counts["contacte"] == counts["recense"])),
    ]
    return np.select([where for _, where in choices], [name for name, _ in choices], PARTIAL).astype(object)


def _meetings(visits: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    """Return the visits with their day, whether they were a visit to the place, and whether they lie ahead."""
    if visits is None:
        visits = pd.DataFrame({"actor": [], "date": []})
    met = pd.DataFrame({"actor": visits["actor"], "date": _days(visits, "date")})
    met["on_the_spot"] = visits["nature"].ne(BY_TELEPHONE) if "nature" in visits else True
    met["ahead"] = met["date"] > today
    return met.dropna(subset=["actor"])


def _actors(actors: geopandas.GeoDataFrame, met: pd.DataFrame, today: pd.Timestamp, limit: pd.Timestamp):
    made = met[~met["ahead"]]
    last = made[made["on_the_spot"]].groupby("actor")["date"].max()
    status = actors["status"] if "status" in actors else pd.Series("", index=actors.index)
    visit_days = pd.concat([_days(actors, "visited"), last.reindex(actors["id"]).set_axis(actors.index)], axis=1)
    visit_days = visit_days.where(visit_days <= today)
    seen = pd.concat([visit_days, _days(actors, "updated")], axis=1).max(axis=1)
    on_the_spot = actors["id"].isin(made["actor"][made["on_the_spot"]])
    visited = status.isin(VISITED) | visit_days.notna().any(axis=1) | on_the_spot
    return pd.DataFrame(
        {
            "counted": actors["counted"].astype(bool) if "counted" in actors else True,
            "found": True,
            "contacted": visited | status.isin(CONTACTED) | actors["id"].isin(made["actor"]),
            "visited": visited,
            "stale": ~(seen >= limit) | (_days(actors, "review") < today),
            "undated": seen.isna(),
            "last_visit": visit_days.max(axis=1),
            "ahead": _days(actors, "visited") > today,
        },
        index=actors.index,
    )


def _days(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of days as timestamps, NaT where the frame has none."""
    days: Sequence = frame[column] if column in frame else [None] * len(frame)
    return pd.Series(pd.to_datetime(pd.Series(list(days), dtype=object)).to_numpy(), index=frame.index)
