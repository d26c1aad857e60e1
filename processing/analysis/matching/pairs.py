"""Which people may go to which actor, how long it takes, and what speaks for it: the pairs of a matching."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from .. import meeting, values
from ..batches import batches
from ..ways import CrowFly, Ways, above_zero
from .transport import MOST_PEOPLE

MOST_PAIRS = 3_000_000
"""More would take about 2 GB and minutes."""
OTHER_PUBLIC, LOW_PRIORITY = 0.5, 0.3
ONE_FOR_EVERYONE = 0.5
PARTS = 100
"""Where a count has decimals, people and places are counted in hundredths."""


class Settings(NamedTuple):
    """Reaches in minutes by the ``ways``; what to do with a capacity that is not known; how the plan is to be.

    ``guess``: take an unknown capacity as the median, else promise nobody a place there. ``indivisible``: a need goes
    whole to one actor or not at all. ``fair``: the lowest share served as high as can be.
    """

    reach: float = 20.0
    reach_by_theme: tuple[tuple[str, float], ...] = ()
    guess: bool = True
    indivisible: bool = False
    fair: bool = False
    ways: Ways = CrowFly()
    most_pairs: int = MOST_PAIRS

    def reach_of(self, theme: str) -> float:
        """Return the reach of a theme in minutes."""
        return dict(self.reach_by_theme).get(theme, self.reach)

    def check(self) -> None:
        """Raise for settings that mean nothing."""
        above_zero(reach=self.reach)
        if self.indivisible and self.fair:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "INDIVISIBLE and FAIR do not go together: a need that goes whole or not at all has no share. "
                    "Choose one of the two.",
                )
            )


class Pairs(NamedTuple):
    """The pairs, sorted by row of ``asking`` then of ``offering``, and those rows, in an order of their values alone.

    ``asking``: a row a need x theme as ``meeting.demand`` gives it, and ``priority`` (0 to 1), ``units`` (people),
    ``in_reach`` (actors of the theme there, for whatever public), ``order`` (as they came). ``offering``: as
    ``meeting.offer``, and ``places`` (as counted with, NaN where unknown), ``units`` (the same as whole numbers, 0
    where unknown), ``imputed``, ``unknown``, ``order``. ``per_person``: units a person.
    ``need`` and ``actor`` are positions in the two, ``cost`` = minutes / reach + what the publics and the priority add.
    """

    asking: pd.DataFrame
    offering: pd.DataFrame
    need: np.ndarray
    actor: np.ndarray
    minutes: np.ndarray
    cost: np.ndarray
    per_person: int


def pairs_of(
    needs: geopandas.GeoDataFrame,
    actors: geopandas.GeoDataFrame,
    settings: Settings,
    check: Callable[[float], None],
) -> Pairs:
    """Return who may go where: theme and public in common, no further than the reach of the theme.

    Raise when there are more pairs than can be planned; ``check`` is told the share done and may raise.
    """
    asking, offering = _asking(needs), _offering(actors)
    in_reach = np.zeros(len(asking), dtype=np.int64)
    guess = np.full(len(offering), np.nan)
    found, count = [], 0
    themed = meeting.themed(needs, actors)
    for before, after, batch in batches(asking, offering, themed, settings.reach_of, settings.ways):
        here, there, reach = batch.here, batch.there, batch.reach
        rows, columns = here.index.to_numpy(), there.index.to_numpy()
        np.fmin.at(guess, columns, np.floor(batch.guess))
        allowed = meeting.eligibility(here["publics"], there["publics"])
        apart = _apart_in(here["publics"], there["publics"])
        check(before)
        near = settings.ways.near(batch.at, batch.to, reach, partial(check, before))
        for tile in near:
            check(before + (after - before) * tile.first / len(rows))
            lengths = np.diff(tile.costs.indptr)
            first = np.repeat(np.arange(tile.first, tile.first + len(lengths)), lengths)
            in_reach[rows[tile.first : tile.first + len(lengths)]] += lengths
            mask = slice(None) if allowed is None else np.flatnonzero(allowed(tile))
            first, second, minutes = first[mask], tile.costs.indices[mask], tile.costs.data[mask]
            count += len(first)
            if count > settings.most_pairs:
                raise _too_many(count, settings.most_pairs)
            found.append((rows[first], columns[second], minutes, minutes / reach + OTHER_PUBLIC * apart(first, second)))
    need, actor, minutes, cost = (
        np.concatenate([piece[part] for piece in found] or [np.zeros(0)]) for part in range(4)
    )
    need, actor = need.astype(np.int64), actor.astype(np.int64)
    order = np.lexsort((actor, need))
    need, actor, minutes = need[order], actor[order], minutes[order]
    cost = cost[order] + LOW_PRIORITY * (1 - asking["priority"].to_numpy()[need])
    asking["in_reach"] = in_reach
    per_person = _count_units(asking, offering, guess, settings.guess)
    return Pairs(asking, offering, need, actor, minutes, cost, per_person)


def _asking(needs: geopandas.GeoDataFrame) -> pd.DataFrame:
    rows = meeting.demand(needs)
    rows["order"] = rows.index
    rows["priority"] = _priorities(needs).reindex(rows["need"]).to_numpy()
    rows["key"] = needs["key"].reindex(rows["need"]).to_numpy() if "key" in needs else ""
    order = ["theme", "x", "y", "besoin", "publics", "priority", "key"]
    return rows.sort_values(order, kind="stable").reset_index(drop=True)


def _offering(actors: geopandas.GeoDataFrame) -> pd.DataFrame:
    rows = meeting.offer(actors)
    rows["order"] = actors.index.get_indexer(rows["actor"])
    rows["said"] = [values.join(sorted(themes)) for themes in rows["themes"]]
    rows["key"] = actors["key"].reindex(rows["actor"]).to_numpy() if "key" in actors else ""
    order = ["id", "name", "x", "y", "capacity", "publics", "said", "key"]
    return rows.sort_values(order, kind="stable").reset_index(drop=True)


def _priorities(needs: geopandas.GeoDataFrame) -> pd.Series:
    """Return priorities from 0 to 1, 0 where none is said; where they go beyond 1, as a share of the highest."""
    if "priority" not in needs:
        return pd.Series(0.0, index=needs.index)
    said = pd.to_numeric(needs["priority"], errors="coerce").astype(float)
    said = said.where((said > 0) & (said < np.inf), 0.0)
    return said / max(1.0, said.max()) if len(said) else said


def _count_units(asking: pd.DataFrame, offering: pd.DataFrame, guess: np.ndarray, guessing: bool) -> int:
    """Add people and places as whole numbers, and return how many make a person."""
    people, places = asking["besoin"].to_numpy(), offering["capacity"].to_numpy()
    per_person = 1 if _whole(people) and _whole(places[~np.isnan(places)]) else PARTS
    missing = np.isnan(places)
    known = np.where(missing, guess if guessing else np.nan, places)
    total = people.sum()
    if total * per_person > MOST_PEOPLE:
        raise _too_many_people(total)
    # More places than people change nothing, but may be too many to be counted
    asking["units"] = np.rint(people * per_person).astype(np.int64)
    offering["imputed"] = missing & ~np.isnan(known)
    offering["unknown"] = np.isnan(known)
    offering["units"] = np.floor(np.minimum(np.nan_to_num(known), np.ceil(total)) * per_person + 1e-6).astype(np.int64)
    offering["places"] = known
    return per_person


def _whole(numbers: np.ndarray) -> bool:
    return bool((numbers == np.rint(numbers)).all())


def _apart_in(of_needs: pd.Series, of_actors: pd.Series) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return how far the publics of rows are from being the same: 1 - Jaccard, 0 for two that are for everyone."""
    left, left_code = np.unique(of_needs.to_numpy(dtype=str), return_inverse=True)
    right, right_code = np.unique(of_actors.to_numpy(dtype=str), return_inverse=True)
    left_sets, right_sets = ([set(values.split(text)) for text in side] for side in (left, right))
    apart = np.array([[_apart(a, b) for b in right_sets] for a in left_sets], dtype=float)
    apart = apart.reshape(len(left), len(right))
    return lambda first, second: apart[left_code[first], right_code[second]]


def _apart(one: set, other: set) -> float:
    if not one or not other:
        return 0.0 if one == other else ONE_FOR_EVERYONE
    return 1 - len(one & other) / len(one | other)


def _too_many(count: int, most: int) -> TisserandError:
    return TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "More than {most} pairs of a need and an actor within reach ({count} and more): too many to plan at once. "
            "Lower the reach, give themes a reach of their own, bring needs of one place together, or run the "
            "matching for a part of the territory.",
        ),
        most=most,
        count=count,
    )


def _too_many_people(total: float) -> TisserandError:
    return TisserandError(
        QT_TRANSLATE_NOOP(
            "Tisserand",
            "{people} people are more than can be planned at once ({most}): check the field of the people of the "
            "needs, or run the matching theme by theme.",
        ),
        people=f"{total:.4g}",
        most=MOST_PEOPLE,
    )
