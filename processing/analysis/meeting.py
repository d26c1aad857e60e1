"""Needs and actors as rows to be counted with, who of them may meet, and what a reader has to know of them.

Every analysis of needs and actors starts here, so that a public, a theme or a missing count means the same in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
from scipy import sparse

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


def demand(needs: geopandas.GeoDataFrame, inside: bool = False) -> pd.DataFrame:
    """Return a row a need x theme, its index their order; sorted so that sums do not depend on that order.

    Columns: ``need`` (label in ``needs.index``), ``theme`` ("" where the needs have none), ``besoin`` (people, 1 where
    the count is missing or negative), ``known`` (whether the count is), ``publics`` (sorted, one text, "" for
    everyone), ``x`` and ``y`` of the representative point; when asked for, ``inside``: half the radius, in metres, of
    a circle as large as the polygon (0 for points), what one may take the ways within it to be.
    """
    count = _numbers(needs, "count")
    points = needs.geometry.representative_point()
    frame = pd.DataFrame(
        {
            "need": needs.index,
            "theme": themes_of(needs) if "themes" in needs else pd.Series([("",)] * len(needs), dtype=object),
            "besoin": count.fillna(1.0).to_numpy(),
            "known": count.notna().to_numpy(),
            "publics": _publics(needs),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )
    if inside:
        frame["inside"] = 0.5 * np.sqrt(needs.geometry.area.to_numpy() / np.pi)
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
            "themes": themes_of(actors),
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


def themes_of(frame: pd.DataFrame) -> pd.Series:
    """Return the themes of each row as a tuple, under the numbers of the rows."""
    found = _each(frame["themes"], values.split) if "themes" in frame else [()] * len(frame)
    return pd.Series(found, dtype=object)


def _publics(frame: pd.DataFrame) -> list[str]:
    """Return the publics of each row as one sorted text, '' for everyone."""
    return _each(frame["publics"], _public) if "publics" in frame else [""] * len(frame)


def _public(text: object) -> str:
    publics = set(values.split(text))
    return "" if EVERYONE in publics else values.join(sorted(publics))


def _each(column: pd.Series, read: Callable[[object], object]) -> list:
    """Return what ``read`` makes of each value; the same text is read once."""
    known: dict[str, object] = {}
    found = []
    for value in column.tolist():
        if not isinstance(value, str):
            found.append(read(value))
            continue
        if value not in known:
            known[value] = read(value)
        found.append(known[value])
    return found


def themed(needs: geopandas.GeoDataFrame, actors: geopandas.GeoDataFrame) -> bool:
    """Say whether themes decide who may meet: where one side has no column of themes, every actor serves every need."""
    return "themes" in needs and "themes" in actors


def by_theme(asking: pd.DataFrame, offering: pd.DataFrame, themed: bool) -> Iterator[tuple[float, OfTheme]]:
    """Yield, theme by theme in their order, the share of the themes that is done, and who asks and offers there."""
    needs = asking.groupby("theme", sort=True)
    whom = offering["themes"].explode().dropna() if themed else pd.Series(dtype=object)
    actors = whom.groupby(whom.to_numpy()).indices
    capacity = offering["capacity"].to_numpy()
    otherwise = _median(capacity, np.nan)
    for number, (theme, here) in enumerate(needs):
        # A theme without actors has none of the positions in ``whom``, the labels there are positions in ``offering``.
        rows = whom.index.to_numpy()[actors[theme]] if theme in actors else np.zeros(0, dtype=int)
        there = offering.iloc[rows] if themed else offering
        yield number / len(needs), OfTheme(theme, here, there, _median(there["capacity"].to_numpy(), otherwise))


def _median(numbers: np.ndarray, otherwise: float) -> float:
    """Return the median of the numbers that are known, ``otherwise`` where none is."""
    known = numbers[~np.isnan(numbers)]
    return float(np.median(known)) if len(known) else otherwise


def points(frame: pd.DataFrame) -> np.ndarray:
    """Return the coordinates of rows of ``demand`` or ``offer``: (n, 2)."""
    return frame[["x", "y"]].to_numpy()


def eligibility(of_needs: pd.Series, of_actors: pd.Series) -> Eligible | None:
    """Return who may meet: the publics have one in common, or one side is for everyone; None when all may."""
    left_code, left = pd.factorize(of_needs)
    right_code, right = pd.factorize(of_actors)
    words: dict[str, int] = {}
    left_sets, right_sets = ([_numbered(text, words) for text in side] for side in (left, right))
    meet = (_incidence(left_sets, words) @ _incidence(right_sets, words).T).toarray() > 0
    meet[[not names for names in left_sets], :] = True
    meet[:, [not names for names in right_sets]] = True
    return None if meet.all() else Eligible(left_code, right_code, meet)


def _numbered(text: str, words: dict[str, int]) -> list[int]:
    return [words.setdefault(word, len(words)) for word in values.split(text)]


def _incidence(sets: list[list[int]], words: dict[str, int]) -> sparse.csr_matrix:
    ends = np.cumsum([0, *map(len, sets)])
    members = np.array([word for names in sets for word in names], dtype=int)
    return sparse.csr_matrix((np.ones(len(members)), members, ends), shape=(len(sets), max(len(words), 1)))


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
        needs_without_theme=_labels(needs, "themes", lambda: [not themes for themes in themes_of(needs)]),
        needs_without_count=_labels(needs, "count", lambda: _numbers(needs, "count").isna().to_numpy()),
        actors_without_theme=_labels(actors, "themes", lambda: [not themes for themes in themes_of(actors)]),
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
