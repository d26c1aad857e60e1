"""Which people could go to which actor, when places are short: the plan that serves most, then costs least."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely

from .. import meeting
from .fair_shares import cheapest_fair
from .pairs import Pairs, Settings, pairs_of
from .reasons import Told, choices, reasons
from .rounding import whole
from .transport import Most, Problem, cheapest, flow_between, most, nearest_first

COVERED, OUT_OF_REACH, NOT_THIS_PUBLIC, UNKNOWN, TOO_LARGE, NOT_ENOUGH = CAUSES = (
    "couvert",
    "hors_portee",
    "public",
    "capacite_inconnue",
    "trop_grand",
    "capacite",
)
USEFUL_SHOWN = 10


class Totals(NamedTuple):
    """People; ``cost`` in person-minutes, ``mean`` and ``tenth`` (nine of ten people need no more) in minutes.

    ``nearest_…``: what serving the nearest pairs first would have given; ``known``: the most that can be served where
    only known capacities count; ``most``: the most when needs may be divided; ``bound``: what no plan of the kind asked
    for can exceed, ``cheapest`` whether no plan that serves as many costs less: False where that was not proven.
    """

    people: float
    served: float
    cost: float
    mean: float
    tenth: float
    nearest_served: float
    nearest_cost: float
    known: float
    most: float
    bound: float
    cheapest: bool
    pairs: int

    def numbers(self) -> dict[str, float]:
        """Return those that a run gives out, by name; 0 minutes where nobody is served."""
        return {
            "SERVED": self.served,
            "COST": self.cost,
            "PEOPLE": self.people,
            "NEAREST_SERVED": self.nearest_served,
            "KNOWN_SERVED": self.known,
            "BOUND": self.bound,
            "MEAN_MINUTES": self.mean,
            "P90_MINUTES": self.tenth,
        }


class Matching(NamedTuple):
    """What ``match_needs`` finds.

    ``lines``: from need to actor, with ``need`` and ``actor`` (labels in the two frames), ``de``, ``de_nom``,
    ``vers``, ``vers_nom`` (ids and names), ``theme``, ``personnes``, ``minutes``, ``raison``, ``alternative`` (words),
    ``alternative_min`` (minutes more, None where there is none), ``capacite_imputee`` (0 or 1).
    ``needs``: a row a need x theme in the order of the needs, with ``need``, ``theme``, ``besoin`` (people),
    ``servi``, ``reste``, ``cause`` (of the rest, see ``CAUSES``), ``n_acteurs`` eligible and in reach, ``minutes``
    (mean of those served), ``acteurs`` (words).
    ``actors``: in the order of the actors, with ``actor``, ``places`` (as counted with, None: unknown),
    ``capacite_imputee``, ``charge``, ``saturation`` (None without a place), ``prix_ombre``, ``reste_a_portee``,
    ``n_besoins``, ``minutes``.
    ``useful``: where more places would serve most: name, places now, how many more would each serve one person more.
    """

    lines: geopandas.GeoDataFrame
    needs: pd.DataFrame
    actors: pd.DataFrame
    useful: list[tuple[str, float, float]]
    totals: Totals
    notes: meeting.Notes


def match_needs(
    needs: geopandas.GeoDataFrame,
    actors: geopandas.GeoDataFrame,
    settings: Settings = Settings(),  # noqa: B008 - immutable
    labels: Mapping[str, str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Matching:
    """Return the plan that serves the most people, and among all such plans the one that costs the least.

    Both frames in one metric CRS; columns as for ``coverage.coverage_gaps``, and of ``needs`` ``priority`` (0 to 1,
    or any number from 0 on: then a share of the highest), ``id``, ``name``; ``key``, in both, tells apart what is
    alike in all else, so that the plan does not depend on the order of the rows. ``progress`` is told the share done
    and may raise, to stop. ``labels`` gives the words for codes of themes and publics.

    A need with several themes asks for its people in each of them. An actor has its places once, for all its themes
    together, or the plan could not be carried out. A person costs minutes / reach + 0.5 (1 - J) + 0.3 (1 - priority),
    J the Jaccard likeness of the publics of both, 1 when both are for everyone, one half when one is.
    """
    settings.check()
    pairs = pairs_of(needs, actors, settings, lambda share: progress(0.2 * share))
    problem = Problem(
        pairs.need,
        pairs.actor,
        pairs.cost,
        pairs.asking["units"].to_numpy(),
        pairs.offering["units"].to_numpy(),
    )
    found = most(problem)
    progress(0.25)

    def solving(share):
        progress(0.25 + 0.5 * share)

    nearest = nearest_first(problem, pairs.minutes, settings.indivisible, lambda: progress(0.25))
    bound, sure = found.served(), True
    flow = (cheapest_fair if settings.fair else cheapest)(problem, found, solving)
    if settings.indivisible:
        flow, bound, sure = whole(problem, flow, nearest, lambda share: progress(0.75 + 0.1 * share))
    progress(0.85)
    used = problem._replace(places=np.where(pairs.offering["imputed"], 0, problem.places))
    known = int(flow_between(used, used.people, used.places).sum())
    totals = _totals(pairs, flow, nearest)._replace(
        known=known / pairs.per_person,
        most=found.served() / pairs.per_person,
        bound=bound / pairs.per_person,
        cheapest=sure,
    )
    served = np.bincount(pairs.need, flow, len(pairs.asking))
    left = problem.people - served.astype(np.int64)
    result = Matching(
        lines=_lines(needs, pairs, flow, labels or {}),
        needs=_needs(pairs, flow, left, settings.indivisible),
        actors=_actors(pairs, flow, left, found),
        useful=_useful(pairs, problem, found, left, lambda share: progress(0.85 + 0.1 * share)),
        totals=totals,
        notes=meeting.notes(needs, actors, pairs.asking, pairs.offering, settings.reach_by_theme),
    )
    progress(1.0)
    return result


def _totals(pairs: Pairs, flow: np.ndarray, nearest: np.ndarray) -> Totals:
    cost = float(flow @ pairs.minutes) / pairs.per_person
    served = float(flow.sum()) / pairs.per_person
    return Totals(
        people=float(pairs.asking["units"].sum()) / pairs.per_person,
        served=served,
        cost=cost,
        mean=cost / served if served else 0.0,
        tenth=_quantile(pairs.minutes, flow, 0.9) if served else 0.0,
        nearest_served=float(nearest.sum()) / pairs.per_person,
        nearest_cost=float(nearest @ pairs.minutes) / pairs.per_person,
        known=0.0,
        most=0.0,
        bound=0.0,
        cheapest=True,
        pairs=len(pairs.need),
    )


def _quantile(numbers: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return the least number that a ``share`` of the weights does not exceed."""
    order = np.argsort(numbers, kind="stable")
    reached = np.cumsum(weights[order])
    return float(numbers[order][np.searchsorted(reached, share * reached[-1])])


def _named(frame: pd.DataFrame, first: str, second: str) -> list[str]:
    return frame[first].where(frame[first] != "", frame[second]).tolist()


def _lines(
    needs: geopandas.GeoDataFrame, pairs: Pairs, flow: np.ndarray, labels: Mapping[str, str]
) -> geopandas.GeoDataFrame:
    asking, offering, lines = pairs.asking, pairs.offering, np.flatnonzero(flow)
    room = offering["units"].to_numpy() > np.bincount(pairs.actor, flow, len(offering))
    choice = choices(pairs.need, pairs.actor, pairs.minutes, room, lines)
    told = Told(
        [name or "sans nom" for name in _named(offering, "name", "id")],
        asking["publics"].tolist(),
        offering["publics"].tolist(),
        asking["theme"].tolist(),
        labels,
        room,
        offering["unknown"].to_numpy(),
        offering["imputed"].to_numpy(),
    )
    said, others = reasons(pairs.need, pairs.actor, pairs.minutes, pairs.cost, lines, choice, told)
    rows, places = pairs.need[lines], pairs.actor[lines]
    extra = np.where(choice.other >= 0, pairs.minutes[choice.other] - pairs.minutes[lines], np.nan)
    from_points, to_points = meeting.points(asking)[rows], meeting.points(offering)[places]
    label = asking["need"].to_numpy()[rows]
    ids, names = (
        needs[column].reindex(label).to_numpy() if column in needs else [None] * len(lines) for column in ("id", "name")
    )
    return geopandas.GeoDataFrame(
        {
            "need": label,
            "actor": offering["actor"].to_numpy()[places],
            "de": ids,
            "de_nom": names,
            "vers": offering["id"].to_numpy()[places],
            "vers_nom": np.array(told.names, dtype=object)[places] if len(lines) else [],
            "theme": asking["theme"].to_numpy()[rows],
            "personnes": flow[lines] / pairs.per_person,
            "minutes": pairs.minutes[lines],
            "raison": said,
            "alternative": others,
            "alternative_min": extra,
            "capacite_imputee": told.imputed[places].astype(int),
        },
        geometry=shapely.linestrings(np.stack([from_points, to_points], axis=1)),
        crs=needs.crs,
    )


def _needs(pairs: Pairs, flow: np.ndarray, left: np.ndarray, indivisible: bool) -> pd.DataFrame:
    asking, offering, count = pairs.asking, pairs.offering, len(pairs.asking)
    eligible = np.bincount(pairs.need, minlength=count)
    known = np.bincount(pairs.need, ~offering["unknown"].to_numpy()[pairs.actor], count)
    largest = np.zeros(count, dtype=np.int64)
    np.maximum.at(largest, pairs.need, offering["units"].to_numpy()[pairs.actor])
    served = asking["units"].to_numpy() - left
    cause = np.select(
        [
            left == 0,
            asking["in_reach"] == 0,
            eligible == 0,
            known == 0,
            indivisible & (largest < asking["units"]) & (largest > 0),
        ],
        CAUSES[:5],
        NOT_ENOUGH,
    )
    spent = np.bincount(pairs.need, flow * pairs.minutes, count)
    lines = np.flatnonzero(flow)
    names, words = _named(offering, "name", "id"), [[] for _ in range(count)]
    for line in lines[np.lexsort((pairs.actor[lines], -flow[lines], pairs.need[lines]))].tolist():
        people = flow[line] / pairs.per_person
        name = names[pairs.actor[line]] or "sans nom"
        words[pairs.need[line]].append(f"{name} ({people:g}, {pairs.minutes[line]:.0f} min)")
    rows = pd.DataFrame(
        {
            "order": asking["order"],
            "need": asking["need"],
            "theme": asking["theme"],
            "besoin": asking["units"] / pairs.per_person,
            "servi": served / pairs.per_person,
            "reste": left / pairs.per_person,
            "cause": cause,
            "n_acteurs": eligible,
            "minutes": np.divide(spent, served, out=np.full(count, np.nan), where=served > 0),
            "acteurs": [" | ".join(said) or None for said in words],
        }
    )
    return rows.sort_values("order").drop(columns="order").reset_index(drop=True)


def _actors(pairs: Pairs, flow: np.ndarray, left: np.ndarray, found: Most) -> pd.DataFrame:
    offering, count = pairs.offering, len(pairs.offering)
    charge = np.bincount(pairs.actor, flow, count)
    in_order = offering["order"].argsort()
    places = offering["places"].to_numpy()
    spent = np.bincount(pairs.actor, flow * pairs.minutes, count)
    rows = pd.DataFrame(
        {
            "actor": offering["actor"],
            "places": places,
            "capacite_imputee": offering["imputed"].astype(int),
            "charge": charge / pairs.per_person,
            "saturation": np.divide(
                charge / pairs.per_person, places, out=np.full(count, np.nan), where=np.nan_to_num(places) > 0
            ),
            "prix_ombre": found.short_actors.astype(float),
            "reste_a_portee": np.bincount(pairs.actor, left[pairs.need], count) / pairs.per_person,
            "n_besoins": np.bincount(pairs.actor, flow > 0, count).astype(int),
            "minutes": np.divide(spent, charge, out=np.full(count, np.nan), where=charge > 0),
        }
    )
    return rows.iloc[in_order].reset_index(drop=True)


def _useful(
    pairs: Pairs, problem: Problem, found: Most, left: np.ndarray, tick: Callable[[float], None]
) -> list[tuple[str, float, float]]:
    """Return where more places would serve most: name, places now, and how many more would serve a person each.

    Asked of the actors with the most people left without an answer in their reach.
    """
    waiting = np.where(found.short_actors, np.bincount(pairs.actor, left[pairs.need], len(problem.places)), 0)
    names = _named(pairs.offering, "name", "id")
    rows = []
    for number, actor in enumerate(np.argsort(-waiting, kind="stable")[:USEFUL_SHOWN].tolist()):
        tick(number / USEFUL_SHOWN)
        if waiting[actor] > 0:
            places = problem.places.copy()
            places[actor] += problem.people.sum()
            more = int(flow_between(problem, problem.people, places).sum()) - found.served()
            rows.append((names[actor], problem.places[actor] / pairs.per_person, more / pairs.per_person))
    return sorted(rows, key=lambda row: -row[2])
