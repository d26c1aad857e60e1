"""The gap of the needs of a batch: access, cause, whom to turn to, what conditions take away, what may change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from . import conditions, sources
from .batches import Batch
from .catchment import DECAYS, Access
from .conditions import DIMENSIONS
from .pairs import TOLERANCE
from .spread import AtLeast, Run, Steps

if TYPE_CHECKING:
    from .coverage_settings import Settings

COVERED, OUT_OF_REACH, NOT_THIS_PUBLIC, NOT_ENOUGH = CAUSES = ("couvert", "hors_portee", "public", "capacite")
REACHES_TRIED = (0.75, 1.0, 1.25)
WORST = 0.2
# What is counted of the actors in reach: the fact, how many it holds for, for what share of them it is known.
COUNTS = (
    ("open", "n_ouverts", "horaires_connus"),
    ("free", "n_gratuits", "frais_connus"),
    ("on_site", "n_sur_place", "modes_connus"),
    ("at_a_distance", "n_a_distance", None),
    ("itinerant", "n_itinerants", "itinerance_connue"),
)


class Offer(NamedTuple):
    """The actors of a batch, as arrays (m,): whether they meet the conditions asked for, and their places.

    ``kept`` are those who count as the offer; ``possible`` may meet all conditions, ``sure`` do; ``alone`` says by
    condition who would count if it were the only one; ``seen`` may be read of by the audience. ``places`` has
    medians where ``guessed``; ``judged`` says whether any capacity is known, else everyone's is enough.
    """

    kept: np.ndarray
    possible: np.ndarray
    sure: np.ndarray
    alone: dict[str, np.ndarray]
    seen: np.ndarray
    places: np.ndarray
    guessed: np.ndarray
    judged: bool


def gaps_of(
    batch: Batch, settings: Settings, given: frozenset[str], tell: Callable[[float], None]
) -> dict[str, np.ndarray]:
    """Return the columns of ``coverage.coverage_gaps`` that the needs and actors of a batch decide, in its order.

    Besides them ``published`` and ``known`` count the actors of the theme in reach that the audience may read of, and
    all of them. ``given`` names the facts that the layer holds.
    """
    offer = _offer(batch, settings)
    people = batch.here["besoin"].to_numpy()
    steps = Steps(tell, 4 + 2 * bool(offer.alone) + 2 * settings.robustness)
    here, widest = _sources(batch, settings, offer, steps.again)
    capacity, decay = offer.places if offer.judged else None, DECAYS[settings.decay]
    found = sources.access_to(here, offer.kept, batch.reach, capacity, decay, offer.guessed, steps.next(2))
    flags = np.column_stack([offer.kept, offer.seen, np.ones(len(batch.there))]).astype(float)
    in_reach = sources.counted(here, flags, steps.next(1), publics=False)
    counts = _counts(batch, offer, here, given, steps.next(1))
    if not offer.judged:
        found = found._replace(apl=np.where(found.eligible > 0, settings.target, 0.0))
    ratio = found.apl / settings.target
    unmet = _unmet(people, found.apl, settings.target)
    least, most, lost = _otherwise(batch, settings, offer, here, found, counts, unmet, steps)
    names, ids = _names(batch)
    nearest, minutes = _nearest(batch, settings, offer.kept)
    worst_off = np.full(len(people), np.nan)
    if settings.robustness:
        worst_off = _robustness(batch, settings, offer, widest, found.apl, steps.next(2))
    return {
        "theme": batch.here["theme"].to_numpy(),
        "besoin": people,
        "apl": found.apl,
        "ratio": ratio,
        "non_couvert": unmet,
        "cause": np.select(
            [unmet == 0, in_reach[:, 0] == 0, found.eligible == 0],
            [COVERED, OUT_OF_REACH, NOT_THIS_PUBLIC],
            NOT_ENOUGH,
        ).astype(object),
        "n_acteurs": found.eligible,
        "plus_proche": ids[nearest],
        "plus_proche_min": minutes,
        "top5": sources.top_in_words(found, names),
        "robustesse": worst_off,
        "capacite_imputee": found.imputed,
        "non_couvert_min": least,
        "non_couvert_max": most,
        "choix": (found.eligible >= 2).astype(object),
        "published": in_reach[:, 1],
        "known": in_reach[:, 2],
        **counts,
        **lost,
    }


def _offer(batch: Batch, settings: Settings) -> Offer:
    asked = settings.conditions
    states = conditions.meets(batch.there, asked)
    all_of = np.ones(len(batch.there), dtype=bool)
    alone = {name: conditions.kept(state, asked.strict) for name, state in states.items()}
    capacity = batch.there["capacity"].to_numpy()
    return Offer(
        kept=np.logical_and.reduce([all_of, *alone.values()]),
        possible=np.logical_and.reduce([all_of, *(state != 0 for state in states.values())]),
        sure=np.logical_and.reduce([all_of, *(state == 1 for state in states.values())]),
        alone=alone,
        seen=alone.get(conditions.AUDIENCE, all_of),
        places=np.where(np.isnan(capacity), batch.guess, capacity),
        guessed=np.isnan(capacity),
        judged=not np.isnan(batch.guess).any(),
    )


def _sources(batch: Batch, settings: Settings, offer: Offer, check: Callable[[], None]):
    """Return the sources within the reach, and those within the widest that is tried, from one search."""
    widest = batch.reach * (max(REACHES_TRIED) if settings.robustness else 1.0)
    pairs = settings.ways.near(batch.at, batch.to, widest, check)
    floor = _floor(batch, settings)
    pairs = pairs if floor is None else AtLeast(pairs, floor)
    afar = (batch.there["at_a_distance"] == 1).to_numpy() & settings.afar
    wide = [sources.near(batch, pairs, afar)]
    here = [sources.within(wide[0], batch.reach)] if settings.robustness else wide
    if afar.any():
        beyond = sources.at_a_distance(batch, afar)
        return [*here, beyond], [*wide, beyond]
    return here, wide


def _floor(batch: Batch, settings: Settings) -> np.ndarray | None:
    if not settings.inside or not batch.here["inside"].any():
        return None
    minutes = settings.ways.straight(batch.here["inside"].to_numpy())
    return np.minimum(minutes, min(REACHES_TRIED) * batch.reach)


def _counts(batch: Batch, offer: Offer, here, given: frozenset[str], progress) -> dict[str, np.ndarray]:
    columns = {
        "n_a_portee": offer.seen,
        "n_non_publies": offer.seen & (batch.there["reader"] > 0).to_numpy(),
        "n_capacite_inconnue": offer.possible & offer.guessed,
        "n_condition_inconnue": offer.possible & ~offer.sure,
    }
    for fact, holds, _ in COUNTS:
        if fact in given:
            state = batch.there[fact].to_numpy()
            columns[holds] = offer.seen & (state == 1)
            columns[f"known {fact}"] = offer.seen & ~np.isnan(state)
    found = sources.counted(here, np.column_stack(list(columns.values())).astype(float), progress)
    whole = dict(zip(columns, np.rint(found).astype(int).T))
    nothing, unknown = np.full(len(batch.here), None), np.full(len(batch.here), np.nan)
    counts = {name: whole[name] for name in list(columns)[:4]}
    if "reader" not in given:
        counts["n_non_publies"] = nothing
    for fact, holds, share in COUNTS:
        counts[holds] = whole[holds].astype(object) if fact in given else nothing
        if share:
            known = whole.get(f"known {fact}", unknown)
            reached = whole["n_a_portee"]
            counts[share] = np.divide(known, reached, out=unknown.copy(), where=reached > 0)
    return counts


def _otherwise(batch, settings, offer, here, found: Access, counts, unmet, steps: Steps):
    """Return the least and the greatest gap, and what the conditions make people lose, each alone and all together."""
    people, target = batch.here["besoin"].to_numpy(), settings.target
    if not offer.alone:
        sure = found.apl * (1 - np.nan_to_num(found.imputed)) if offer.judged else found.apl
        possible, plain, alone = found.apl, found.apl, {}
    else:
        masks = [offer.sure, offer.possible, np.ones(len(offer.kept), dtype=bool), *offer.alone.values()]
        if offer.judged:
            masks[0] = masks[0] & ~offer.guessed
            run = Run(batch.reach, DECAYS[settings.decay])
            table = np.column_stack(masks).astype(float)
            apl = sources.potentials_by(here, offer.places, [run], masks[2], table, steps.next(2))[:, 0]
        else:
            counted = sources.counted(here, np.column_stack(masks).astype(float), steps.next(2))
            apl = np.where(counted > 0, target, 0.0)
        sure, possible, plain = apl[:, 0], apl[:, 1], apl[:, 2]
        alone = dict(zip(offer.alone, apl[:, 3:].T))
    most, least = _unmet(people, sure, target), _unmet(people, possible, target)
    if offer.judged:
        least = np.where(counts["n_capacite_inconnue"] > 0, 0.0, least)
    without = _unmet(people, plain, target)
    lost = {name: np.maximum(_unmet(people, apl, target) - without, 0.0) for name, apl in alone.items()}
    columns = {f"perdus_{name}": lost.get(name, np.zeros(len(people))) for name in DIMENSIONS}
    table = np.column_stack(list(columns.values()))
    worst = np.array(DIMENSIONS, dtype=object)[table.argmax(axis=1)]
    columns["frein"] = np.where(table.max(axis=1) > 0, worst, None)
    columns["perdus"] = np.maximum(unmet - without, 0.0)
    # Both sum the same shares, in another order: their last digits may differ from those of the gap between them.
    return np.minimum(least, unmet), np.maximum(most, unmet), columns


def _unmet(people: np.ndarray, apl: np.ndarray, target: float) -> np.ndarray:
    ratio = apl / target
    return np.where(ratio < 1 - TOLERANCE, people * (1 - ratio), 0.0)


def _names(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Return the names (else ids) and the ids (else names, else None) of the actors; the last is that of nobody."""
    names, ids = batch.there["name"].to_numpy(dtype=object), batch.there["id"].to_numpy(dtype=object)
    both = np.where(ids != "", ids, names)
    return np.where(names != "", names, ids), np.append(np.where(both == "", None, both), None)


def _nearest(batch: Batch, settings: Settings, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of the nearest actor of the theme, -1 for none, and its minutes."""
    columns = np.flatnonzero(kept)
    nearest, minutes = settings.ways.nearest(batch.at, batch.to[columns])
    nearest = np.append(columns, -1)[nearest]
    same = (nearest >= 0) & (np.append(batch.theme_there, -1)[nearest] == batch.theme_here)
    floor = _floor(batch, settings)
    minutes = minutes if floor is None else np.maximum(minutes, floor)
    return np.where(same, nearest, -1), np.where(same, minutes, np.nan)


def _robustness(batch: Batch, settings: Settings, offer: Offer, widest, apl: np.ndarray, progress) -> np.ndarray:
    """Return in which share of six runs a need is below the target and in the worst fifth of its theme.

    The runs have three quarters, the whole and five quarters of the reach, each with the decay asked for and another.
    """
    decays = (settings.decay, "step" if settings.decay == "gaussian" else "gaussian")
    tried = [(part, decay) for part in REACHES_TRIED for decay in decays if (part, decay) != (1.0, settings.decay)]
    runs = [Run(batch.reach * part, DECAYS[decay]) for part, decay in tried]
    places = offer.places if offer.judged else np.ones(len(offer.places))
    found = sources.potentials_by(widest, places, runs, offer.kept, None, progress)[:, :, 0]
    if not offer.judged:
        found = np.where(found > 0, settings.target, 0.0)
    worst = [_worst(each, batch.theme_here) & (each < settings.target * (1 - TOLERANCE)) for each in (apl, *found.T)]
    return np.mean(worst, axis=0)


def _worst(apl: np.ndarray, themes: np.ndarray) -> np.ndarray:
    """Return who lies in the worst fifth of a theme, ties included; ``themes`` ascend."""
    ordered = apl[np.lexsort((apl, themes))]
    _, first, counts = np.unique(themes, return_index=True, return_counts=True)
    at = (counts - 1) * WORST
    low = first + np.floor(at).astype(int)
    high = np.minimum(low + 1, first + counts - 1)
    bound = ordered[low] + (ordered[high] - ordered[low]) * (at - np.floor(at))
    return apl <= np.repeat(bound, counts)
