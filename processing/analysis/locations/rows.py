"""The rows of the answer: a site with its reasons, and each of the demand with who covers it."""

from __future__ import annotations

from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from . import words as words
from .models import Opened
from .places import Places, nearest

SITE_COLUMNS = (
    "site",
    "nom",
    "rang",
    "gain",
    "cumul",
    "frequence",
    "frequence_exacte",
    "solidite",
    "remplacant",
    "perte",
    "personnes",
    "lieux",
    "existant",
    "existant_min",
    "raison",
)


class Scene(NamedTuple):
    """All that is known of the places before and after a model is asked.

    ``people`` are those of each place of ``needs``, ``counted`` those a new site could bring something; ``minutes`` are
    the ways within which a site serves, from needs to candidates; ``actor`` and ``away`` say which existing actor is
    nearest to each place and how far (-1 and NaN: none); ``taken`` which places an actor serves already.
    """

    model: str
    reach: float
    needs: Places
    candidates: Places
    existing: Places
    people: np.ndarray
    counted: np.ndarray
    minutes: sparse.csr_matrix
    actor: np.ndarray
    away: np.ndarray


class Trials(NamedTuple):
    """How often each site, or one close to it, and the site itself, was chosen again in so many runs."""

    near: np.ndarray
    itself: np.ndarray
    runs: int


class Serving(NamedTuple):
    """Who serves each place: the rank of a site from 0 (-1: none) and the minutes to it; people served by sites."""

    rank: np.ndarray
    minutes: np.ndarray
    people: np.ndarray


def serving(scene: Scene, chosen: list[int]) -> Serving:
    """Return for each place the nearest of the sites; of equally near ones the first to open."""
    if not chosen:
        return Serving(np.full(len(scene.people), -1), np.full(len(scene.people), np.nan), np.zeros(len(scene.people)))
    rank, minutes = nearest(scene.minutes[:, chosen].tocsr())
    return Serving(rank, minutes, np.where(rank >= 0, scene.people, 0.0))


def site_rows(
    scene: Scene,
    opened: list[Opened],
    served: Serving,
    trials: Trials,
    instead: dict[int, tuple[int, float]],
    neighbours: tuple[np.ndarray, np.ndarray],
    crs: object,
) -> geopandas.GeoDataFrame:
    """Return a row a site in the order of opening, with the columns SITE_COLUMNS; ``site`` is a label of candidates.

    ``neighbours`` are the existing actor nearest to each site and the minutes to it.
    """
    pool = scene.candidates
    rows, total = [], 0.0
    for rank, step in enumerate(opened):
        other, loss = instead[step.site]
        total += 0.0 if np.isnan(step.gain) else step.gain
        mine = np.flatnonzero(served.rank == rank) if scene.model == "pmedian" else step.places
        mine = mine[scene.counted[mine] > 0]
        counts = step.counts if step.counts is not None else scene.counted[mine]
        replacement = pool.called(other) if other >= 0 else None
        actor, away = neighbours[0][rank], neighbours[1][rank]
        existing = scene.existing.called(actor) if actor >= 0 else None
        names = [scene.needs.called(place) for place in mine]
        said = (
            words.gained(scene.model, rank == 0, step.gain, counts.sum(), names, counts.tolist()),
            words.kept(trials.near[rank], trials.itself[rank], trials.runs),
            words.instead(scene.model, replacement, loss, step.gain),
            words.neighbour(existing, away),
        )
        rows.append(
            (
                pool.rows[step.site],
                pool.called(step.site),
                rank + 1,
                step.gain,
                total,
                trials.near[rank],
                trials.itself[rank],
                words.solidity(trials.near[rank]),
                replacement,
                loss,
                float(counts.sum()),
                len(mine),
                existing,
                away,
                " ; ".join(filter(None, said)),
            )
        )
    points = shapely.points(pool.xy[[step.site for step in opened]].reshape(-1, 2))
    return geopandas.GeoDataFrame(pd.DataFrame(rows, columns=list(SITE_COLUMNS)), geometry=points, crs=crs)


def demand_rows(scene: Scene, served: Serving, sites: geopandas.GeoDataFrame, people: np.ndarray, counted: bool):
    """Return a row for each of the demand with who covers it, and the places that no candidate reaches.

    ``people`` are those of each row; ``counted``: existing actors are in the weight, and cover nobody here.
    """
    nearest_actor = np.where((scene.actor >= 0) & ~np.isnan(scene.away), scene.away, np.inf)
    to_site = np.where(served.rank >= 0, served.minutes, np.inf)
    limit = to_site if scene.model == "pmedian" else scene.reach
    by_actor = np.isfinite(nearest_actor) & (nearest_actor <= limit) & (not counted)
    by_site = (served.rank >= 0) & ~by_actor
    full = by_site & (served.people < scene.people * (1 - 1e-9))
    reachable = np.diff(scene.minutes.indptr) > 0
    state = np.select(
        [scene.people <= 0, by_actor, full & (served.people > 0), by_site & ~full, by_site, ~reachable],
        ["sans_personne", "acteur", "partiel", "site", "complet", "hors_portee"],
        "non_retenu",
    )
    by_site &= state != "complet"
    who = np.full(len(state), None, dtype=object)
    if by_site.any():
        who[by_site] = sites["nom"].to_numpy(dtype=object)[served.rank[by_site]]
    for place in np.flatnonzero(by_actor):
        who[place] = scene.existing.called(scene.actor[place])
    taken = np.where(by_actor, nearest_actor, np.where(by_site, served.minutes, np.nan))
    share = np.where(by_site, served.people / np.maximum(scene.people, 1e-300), by_actor.astype(float))
    of = scene.needs.of
    frame = pd.DataFrame(
        {
            "couvert_par": who[of],
            "rang_site": np.where(by_site, served.rank + 1.0, np.nan)[of],
            "minutes": taken[of],
            "a_portee": (taken <= scene.reach * (1 + 1e-9))[of],
            "situation": state[of],
            "personnes": people,
            "couverts": np.minimum(share, 1.0)[of] * people,
        }
    )
    beyond = [(scene.needs.called(k), float(scene.people[k])) for k in np.flatnonzero(state == "hors_portee")]
    return frame, sorted(beyond, key=lambda pair: (-pair[1], pair[0]))
