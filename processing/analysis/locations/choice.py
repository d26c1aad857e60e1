"""Where to open new sites: the best of the candidates, in the order of opening, with the proof and the doubts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ..ways import CrowFly, Ways
from .curve import Curve
from .exact import Run
from .limited import Limited
from .models import Covering, Everyone, Medians, Question
from .places import EVERYWHERE, MOST_DENSE, MOST_PAIRS, added_up, no_further, people, places, within
from .rows import Scene, Trials, demand_rows, serving, site_rows

MODELS = ("mclp", "pmedian", "lscp")
PEOPLE_SHAKEN, REACH_SHAKEN = 0.2, 0.25
# Another site within this share of the reach, by which the reach itself is shaken, counts as close.
CLOSE = 0.25


class Settings(NamedTuple):
    """What is asked: ``reach`` in minutes, ``counted``: what existing sites do is in the weights already.

    ``capacity`` is that of each new site, 0 for no limit; ``time_limit`` in seconds, for the search alone.
    """

    model: str = "mclp"
    count: int = 3
    reach: float = 20.0
    ways: Ways = CrowFly()
    counted: bool = True
    capacity: float = 0.0
    time_limit: float = 30.0
    sensitivity: int = 50
    seed: int = 1


class Notes(NamedTuple):
    """What a reader of the result has to know.

    ``without_weight`` and ``negative`` are labels of the demand; ``people`` all of them, ``already`` those that
    existing sites cover; ``pool`` the candidates, ``useful`` those that bring somebody something, ``twice`` the rows
    that stood at the place of another; ``beyond`` the places that no candidate reaches, with their people; ``runs`` the
    trials.
    """

    without_weight: list
    negative: list
    people: float
    already: float
    places: int
    pool: int
    useful: int
    twice: int
    beyond: list[tuple[str, float]]
    runs: int
    stopped: bool


class Located(NamedTuple):
    """The sites, the demand with who covers it (a row each, in its order), the curve of 1 to p sites, and the notes.

    ``objective`` and ``bound`` are people newly covered (mclp), person-minutes (pmedian) or sites (lscp);
    ``gap_percent`` is how much the bound leaves open at most.
    """

    sites: geopandas.GeoDataFrame
    covered: pd.DataFrame
    curve: pd.DataFrame
    objective: float
    bound: float
    gap_percent: float
    notes: Notes


def new_locations(
    demand: geopandas.GeoDataFrame,
    existing: geopandas.GeoDataFrame | None,
    candidates: geopandas.GeoDataFrame | None,
    settings: Settings,
    progress: Callable[[float], None] = lambda share: None,
) -> Located:
    """Return where to open sites for the people of ``demand`` (columns ``weight`` and ``name``, where it has them).

    All frames are in one metric CRS; ``existing`` and ``candidates`` may have a column ``name``. Without candidates the
    places of the demand are. ``progress`` is given the share done, often, and may raise, to stop.
    """
    done = [0.0]

    def check():
        progress(done[0])

    def part(start, share):
        def of(inner):
            done[0] = start + share * inner
            progress(done[0])

        return of

    counted = people(demand)
    needs = places(demand)
    pool = needs if candidates is None else places(candidates)
    actors = places(demand.iloc[:0] if existing is None else existing)
    total = added_up(needs.of, counted.people, len(needs.xy))
    minutes = _ways(settings, needs.xy, pool.xy, check)
    actor, away = settings.ways.nearest(needs.xy, actors.xy)
    part(0.0, 0.1)(1.0)
    question = _question(settings, total, minutes, away)
    run = Run(time.monotonic() + settings.time_limit, check, part(0.1, 0.5))
    curve = question.solved(settings.count, run, settings.seed)
    opened = question.opened(question.settled(curve.sites[-1])) if curve.sites else []
    ranked = [step.site for step in opened]
    trials = _trials(question, settings, total, pool.xy, ranked, check, part(0.6, 0.35))
    instead = question.replaced(ranked, check) if ranked else {}
    serves = minutes if settings.model == "pmedian" else no_further(minutes, settings.reach)
    scene = Scene(settings.model, settings.reach, needs, pool, actors, total, question.people, serves, actor, away)
    served = question.served(ranked) or serving(scene, ranked)
    neighbours = settings.ways.nearest(pool.xy[ranked], actors.xy)
    sites = site_rows(scene, opened, served, trials, instead, neighbours, demand.crs)
    covered, beyond = demand_rows(scene, served, sites, counted.people, settings.counted)
    notes = Notes(
        without_weight=counted.missing,
        negative=counted.negative,
        people=float(total.sum()),
        already=_already(settings, total, away),
        places=len(total),
        pool=len(pool.xy),
        useful=question.useful(),
        twice=len(demand if candidates is None else candidates) - len(pool.xy),
        beyond=beyond,
        runs=trials.runs,
        stopped=curve.stopped,
    )
    objective, bound = (float(curve.values[-1]), float(curve.bounds[-1])) if len(curve.values) else (0.0, 0.0)
    progress(1.0)
    return Located(sites, covered, _table(curve), objective, bound, gap(objective, bound), notes)


def gap(objective: float, bound: float) -> float:
    """Return in percent of the larger of the two how far a bound is from what was found."""
    larger = max(abs(objective), abs(bound))
    return abs(objective - bound) / larger * 100 if larger else 0.0


def _ways(settings: Settings, origins: np.ndarray, to: np.ndarray, check: Callable[[], None]):
    if settings.model == "pmedian":
        return within(settings.ways, origins, to, EVERYWHERE, check, MOST_DENSE)
    longest = settings.reach * (1 + REACH_SHAKEN) if settings.sensitivity else settings.reach
    return within(settings.ways, origins, to, longest, check, MOST_PAIRS)


def _question(settings: Settings, total: np.ndarray, minutes, away: np.ndarray) -> Question:
    existing = np.full(len(total), np.nan) if settings.counted else away
    if settings.model == "pmedian":
        return Medians(total, minutes, existing)
    if settings.model == "lscp":
        return Everyone(total, minutes, settings.reach, existing)
    if settings.capacity > 0:
        return Limited(total, minutes, settings.reach, existing, settings.capacity)
    return Covering(total, minutes, settings.reach, existing)


def _trials(question, settings: Settings, total, xy, ranked: list[int], check, progress) -> Trials:
    """Ask again with people and reach shaken, and count how often each site comes back."""
    near, itself = np.zeros(len(ranked)), np.zeros(len(ranked))
    if not ranked or not settings.sensitivity:
        return Trials(near * np.nan, itself * np.nan, 0)
    close = within(settings.ways, xy[ranked], xy, settings.reach * CLOSE, check)
    # A place on no road is near nothing, and yet the same as itself.
    alike = [{site, *close.indices[close.indptr[k] : close.indptr[k + 1]].tolist()} for k, site in enumerate(ranked)]
    for number in range(settings.sensitivity):
        check()
        draws = np.random.default_rng([settings.seed, number])
        shaken = total * draws.uniform(1 - PEOPLE_SHAKEN, 1 + PEOPLE_SHAKEN, len(total))
        reach = settings.reach * draws.uniform(1 - REACH_SHAKEN, 1 + REACH_SHAKEN)
        again = set(question.again(shaken, reach, len(ranked), check))
        near += [not others.isdisjoint(again) for others in alike]
        itself += [site in again for site in ranked]
        progress((number + 1) / settings.sensitivity)
    return Trials(near / settings.sensitivity, itself / settings.sensitivity, settings.sensitivity)


def _already(settings: Settings, total: np.ndarray, away: np.ndarray) -> float:
    if settings.counted or settings.model == "pmedian":
        return 0.0
    return float(total[away <= settings.reach].sum())


def _table(curve: Curve) -> pd.DataFrame:
    gaps = [gap(value, bound) for value, bound in zip(curve.values, curve.bounds)]
    numbers = [len(sites) for sites in curve.sites]
    return pd.DataFrame({"sites": numbers, "objective": curve.values, "bound": curve.bounds, "gap_percent": gaps})
