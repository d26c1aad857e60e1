"""Whom the needs of a batch may turn to: those near enough, and those who receive at any distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from . import meeting
from .batches import Batch
from .catchment import TOP, Access, Eligible, access
from .pairs import Tile
from .spread import Progress, Run, Within, potentials, tally

AFAR = -1.0
"""Stands in ``top_costs`` for an actor at a distance: no way at all."""


class Source(NamedTuple):
    """Pairs of actors (columns, all those of the batch) with rows that stand for needs.

    ``tiles`` as ``pairs.on_each`` takes them; ``rows`` says for each need of the batch which row is its own;
    ``people`` are those of the rows, ``columns`` the actors of this source, ``eligible`` who may meet by their publics
    (None: all).
    """

    tiles: object
    people: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    eligible: Eligible | None

    def may_meet(self, chosen: np.ndarray) -> Eligible | None:
        """Return who of the chosen actors (m,) may meet whom."""
        chosen = chosen & self.columns
        if chosen.all():
            return self.eligible
        if self.eligible is None:
            return Eligible(np.zeros(len(self.people), dtype=int), (~chosen).astype(int), np.array([[True, False]]))
        left, right, meet = self.eligible
        # One more column, of those whom nobody meets.
        nobody = np.zeros((len(meet), 1), dtype=bool)
        return Eligible(left, np.where(chosen, right, meet.shape[1]), np.hstack([meet, nobody]))


def near(batch: Batch, tiles, afar: np.ndarray) -> Source:
    """Return the actors near enough, without those who receive at any distance."""
    eligible = meeting.eligibility(batch.here["publics"], batch.there["publics"])
    return Source(tiles, batch.here["besoin"].to_numpy(), np.arange(len(batch.here)), ~afar, eligible)


def at_a_distance(batch: Batch, afar: np.ndarray) -> Source:
    """Return the actors who receive at any distance: for them the people of one theme and public are one place.

    All its costs are 0, which weighs 1 whatever the decay.
    """
    publics, names = pd.factorize(batch.here["publics"], sort=True)
    keys, rows = np.unique(batch.theme_here * max(len(names), 1) + publics, return_inverse=True)
    rows = np.ravel(rows)
    themes = keys // max(len(names), 1)
    columns = np.flatnonzero(afar)
    columns = columns[np.argsort(batch.theme_there[columns], kind="stable")]
    of_columns = batch.theme_there[columns]
    first, last = (np.searchsorted(of_columns, themes, side=side) for side in ("left", "right"))
    starts = np.r_[0, np.cumsum(last - first)]
    positions = np.repeat(first - starts[:-1], last - first) + np.arange(starts[-1])
    shape = (len(keys), len(batch.there))
    pairs = sparse.csr_matrix((np.zeros(len(positions)), columns[positions], starts), shape=shape)
    people = np.bincount(rows, batch.here["besoin"].to_numpy(), len(keys))
    eligible = meeting.eligibility(pd.Series(names[keys % max(len(names), 1)]), batch.there["publics"])
    return Source([Tile(0, pairs)], people, rows, afar, eligible)


def access_to(
    sources: Sequence[Source],
    chosen: np.ndarray,
    reach: float,
    capacity: np.ndarray | None,
    decay,
    imputed: np.ndarray,
    progress: Progress,
) -> Access:
    """Return the access of each need to the chosen actors of all sources together, as ``catchment.access`` does.

    ``in_reach`` counts every actor of the sources, chosen or not. ``progress`` is told of the first source.
    """
    found = []
    for source in sources:
        meet = source.may_meet(chosen)
        one = access(source.tiles, reach, source.people, capacity, decay, meet, imputed, progress)
        found.append(Access(*(part[source.rows] for part in one)))
        progress = _silently
    return found[0] if len(found) == 1 else _together(*found)


def _together(here: Access, afar: Access) -> Access:
    parts = np.concatenate([here.top_share * here.apl[:, None], afar.top_share * afar.apl[:, None]], axis=1)
    actors = np.concatenate([here.top, afar.top], axis=1).astype(int)
    costs = np.concatenate([here.top_costs, np.where(afar.top >= 0, AFAR, np.nan)], axis=1)
    best = np.argsort(-parts, axis=1, kind="stable")[:, :TOP]
    parts, actors, costs = (np.take_along_axis(table, best, axis=1) for table in (parts, actors, costs))
    apl = here.apl + afar.apl
    guessed = np.nan_to_num(here.imputed) * here.apl + np.nan_to_num(afar.imputed) * afar.apl
    return Access(
        apl=apl,
        imputed=np.divide(guessed, apl, out=np.full(len(apl), np.nan), where=apl > 0),
        in_reach=here.in_reach + afar.in_reach,
        eligible=here.eligible + afar.eligible,
        top=actors,
        top_share=parts / np.where(apl > 0, apl, 1.0)[:, None],
        top_costs=costs,
    )


def counted(sources: Sequence[Source], flags: np.ndarray, progress: Progress, publics: bool = True) -> np.ndarray:
    """Return for each need (n, k) how many actors in reach have each flag (actors, k), of any public or of its own."""
    found = 0.0
    for source in sources:
        mine = flags * source.columns[:, None]
        meet = source.eligible if publics else None
        found = found + tally(source.tiles, len(source.people), mine, meet, progress)[source.rows]
        progress = _silently
    return found


def potentials_by(
    sources: Sequence[Source], capacity: np.ndarray, runs: Sequence[Run], chosen, masks, progress: Progress
) -> np.ndarray:
    """Return the access (needs, runs, masks) as ``spread.potentials`` does, by the chosen actors of all sources."""
    found = 0.0
    for source in sources:
        meet = source.may_meet(chosen)
        one = potentials(source.tiles, source.people, capacity, runs, meet, masks, progress)
        found = found + one[source.rows]
        progress = _silently
    return found


def _silently(share: float) -> None:
    """Tell nobody: what is at a distance is quickly done."""


def within(source: Source, reach: float) -> Source:
    """Return a source of the pairs that are no further apart than ``reach``."""
    return source._replace(tiles=Within(source.tiles, reach))


def top_in_words(found: Access, names: np.ndarray) -> np.ndarray:
    """Return for each need ``Nom (62 %, 8 min) | …``: share of its access, time; None where it has none."""
    texts = np.full(len(found.apl), "", dtype=object)
    hundred = np.array([f" ({share} %, " for share in range(101)], dtype=object)
    for rank in range(found.top.shape[1]):
        rows = np.flatnonzero(found.top[:, rank] >= 0)
        if not len(rows):
            break
        shares = np.rint(found.top_share[rows, rank] * 100).astype(int)
        costs = found.top_costs[rows, rank]
        minutes, which = np.unique(np.rint(costs).astype(int), return_inverse=True)
        ways = np.array(["à distance" if time < 0 else f"{time} min" for time in minutes.tolist()], dtype=object)
        one = names[found.top[rows, rank].astype(int)] + hundred[np.clip(shares, 0, 100)] + ways[np.ravel(which)] + ")"
        texts[rows] = one if rank == 0 else texts[rows] + " | " + one
    texts[texts == ""] = None
    return texts
