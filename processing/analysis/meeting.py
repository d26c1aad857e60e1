"""Needs and actors as rows to be counted with, who of them may meet, and what a reader has to know of them.

Every analysis of needs and actors starts here, so that a public, a theme or a missing count means the same in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from . import values
from .catchment import Eligible

EVERYONE = "tous-publics"


class Notes(NamedTuple):
    """What a reader of the result has to know: labels of rows of the layer named, and themes."""

    needs_without_theme: list
    needs_without_count: list
    actors_without_theme: list
    actors_without_capacity: list
    negative_counts: list
    negative_capacities: list
    capacity_unknown: bool
    themes_without_actor: list[str]
    themes_without_need: list[str]
    reaches_without_need: list[str]


class OfTheme(NamedTuple):
    """Who meets over one theme: rows of ``demand``, rows of ``offer``, the capacity to take for an unknown one.

    ``guess`` is the median of the capacities known for the theme, else of all known, NaN where none is known at all.
    """

    theme: str
    here: pd.DataFrame
    there: pd.DataFrame
    guess: float


def demand(needs: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return a row a need x theme, its index their order; sorted so that sums do not depend on that order.

    Columns: ``need`` (label in ``needs.index``), ``theme`` ("" where the needs have none), ``besoin`` (people, 1 where
    the count is missing or negative), ``publics`` (sorted, one text, "" for everyone), ``x`` and ``y`` of the
    representative point.
    """
    points = needs.geometry.representative_point()
    frame = pd.DataFrame(
        {
            "need": needs.index,
            "theme": _themes(needs) if "themes" in needs else pd.Series([("",)] * len(needs), dtype=object),
            "besoin": _numbers(needs, "count").fillna(1.0).to_numpy(),
            "publics": _publics(needs),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )
    frame = frame.explode("theme").dropna(subset=["theme"]).reset_index(drop=True)
    return frame.sort_values(["x", "y", "besoin", "publics"], kind="stable")


def offer(actors: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return a row an actor, in an order that its own values alone decide.

    Columns: ``actor`` (label in ``actors.index``), ``id``, ``name``, ``capacity`` (NaN where missing or negative),
    ``themes`` (a tuple), ``publics``, ``x`` and ``y`` as in ``demand``.
    """
    points = actors.geometry.representative_point()
    frame = pd.DataFrame(
        {
            "actor": actors.index,
            "id": _texts(actors, "id"),
            "name": _texts(actors, "name"),
            "capacity": _numbers(actors, "capacity").to_numpy(),
            "themes": _themes(actors),
            "publics": _publics(actors),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )
    return frame.sort_values(["id", "name", "x", "y", "capacity", "publics"], kind="stable").reset_index(drop=True)


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return ["" if value is None or value != value else str(value) for value in frame[column]]


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the column as floats, NaN where it is no number, infinite or negative."""
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    numbers = pd.to_numeric(frame[column], errors="coerce").astype(float)
    return numbers.where((numbers >= 0) & (numbers < np.inf))


def _themes(frame: pd.DataFrame) -> pd.Series:
    found = [values.split(text) for text in frame["themes"]] if "themes" in frame else [()] * len(frame)
    return pd.Series(found, dtype=object)


def _publics(frame: pd.DataFrame) -> list[str]:
    """Return the publics of each row as one sorted text, '' for everyone."""
    if "publics" not in frame:
        return [""] * len(frame)
    found = (set(values.split(text)) for text in frame["publics"])
    return ["" if EVERYONE in publics else values.join(sorted(publics)) for publics in found]


def themed(needs: geopandas.GeoDataFrame, actors: geopandas.GeoDataFrame) -> bool:
    """Say whether themes decide who may meet: where one side has no column of themes, every actor serves every need."""
    return "themes" in needs and "themes" in actors


def by_theme(asking: pd.DataFrame, offering: pd.DataFrame, themed: bool) -> Iterator[tuple[float, OfTheme]]:
    """Yield, theme by theme in their order, the share of the themes that is done, and who asks and offers there."""
    needs = asking.groupby("theme", sort=True)
    whom = offering["themes"].explode().dropna() if themed else pd.Series(dtype=object)
    actors = whom.index.to_series().groupby(whom.to_numpy()).apply(list) if len(whom) else {}
    for number, (theme, here) in enumerate(needs):
        there = offering.iloc[actors.get(theme, [])] if themed else offering
        guess = _first_known(there["capacity"].median(), offering["capacity"].median())
        yield number / len(needs), OfTheme(theme, here, there, guess)


def _first_known(*numbers: float) -> float:
    return next((number for number in numbers if number == number), np.nan)


def points(frame: pd.DataFrame) -> np.ndarray:
    """Return the coordinates of rows of ``demand`` or ``offer``: (n, 2)."""
    return frame[["x", "y"]].to_numpy()


def eligibility(of_needs: pd.Series, of_actors: pd.Series) -> Eligible | None:
    """Return who may meet: the publics have one in common, or one side is for everyone; None when all may."""
    left, left_code = np.unique(of_needs.to_numpy(dtype=str), return_inverse=True)
    right, right_code = np.unique(of_actors.to_numpy(dtype=str), return_inverse=True)
    left_sets, right_sets = ([set(values.split(text)) for text in side] for side in (left, right))
    meet = np.array([[not a or not b or not a.isdisjoint(b) for b in right_sets] for a in left_sets], dtype=bool)
    return None if meet.all() else Eligible(left_code, right_code, meet)


def notes(
    needs: geopandas.GeoDataFrame,
    actors: geopandas.GeoDataFrame,
    asking: pd.DataFrame,
    offering: pd.DataFrame,
    reaches: tuple[tuple[str, float], ...] = (),
) -> Notes:
    """Return what is amiss in two frames, of which ``demand`` and ``offer`` made ``asking`` and ``offering``."""
    asked = set(asking["theme"])
    offered = {theme for themes in offering["themes"] for theme in themes}
    return Notes(
        needs_without_theme=_labels(needs, "themes", lambda: [not themes for themes in _themes(needs)]),
        needs_without_count=_labels(needs, "count", lambda: _numbers(needs, "count").isna().to_numpy()),
        actors_without_theme=_labels(actors, "themes", lambda: [not themes for themes in _themes(actors)]),
        actors_without_capacity=_labels(actors, "capacity", lambda: _numbers(actors, "capacity").isna().to_numpy()),
        negative_counts=_labels(needs, "count", lambda: _negative(needs["count"])),
        negative_capacities=_labels(actors, "capacity", lambda: _negative(actors["capacity"])),
        capacity_unknown=bool(len(offering)) and bool(offering["capacity"].isna().all()),
        themes_without_actor=sorted(asked - offered) if themed(needs, actors) else [],
        themes_without_need=sorted(offered - asked) if themed(needs, actors) else [],
        reaches_without_need=sorted({theme for theme, _ in reaches} - asked),
    )


def _labels(frame: pd.DataFrame, column: str, which: Callable[[], np.ndarray]) -> list:
    return frame.index[which()].tolist() if column in frame else []


def _negative(numbers: pd.Series) -> np.ndarray:
    return (pd.to_numeric(numbers, errors="coerce") < 0).to_numpy()
