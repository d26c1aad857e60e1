"""Why people go where a plan sends them, in French words made from the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .. import values
from ..pairs import TOLERANCE

BETWEEN_REASONS = " ; "


class Choice(NamedTuple):
    """For each line the position of a pair that its need might have had instead, -1 for none."""

    nearest: np.ndarray
    other: np.ndarray


def choices(need: np.ndarray, actor: np.ndarray, minutes: np.ndarray, room: np.ndarray, lines: np.ndarray) -> Choice:
    """Return the nearest pair of the need of each line, and the nearest other one, those with room left first.

    ``need``, ``actor``, ``minutes``: of all pairs, sorted by need; ``room``: whether an actor has a place left;
    ``lines``: positions of the pairs that are used.
    """
    nearest = _first_two(need, np.lexsort((actor, minutes, need)))[0]
    first, second = _first_two(need, np.lexsort((actor, minutes, ~room[actor], need)))
    other = first[need[lines]]
    return Choice(nearest[need[lines]], np.where(other == lines, second[need[lines]], other))


def _first_two(need: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each need (up to the highest) the first and second of its pairs in an order by need, -1 for none."""
    count = int(need.max()) + 1 if len(need) else 0
    starts = np.searchsorted(need, np.arange(count + 1))  # the order is by need first, so the bounds are the same
    lengths = np.diff(starts)
    padded = np.append(order, [-1, -1])
    first = np.where(lengths > 0, padded[np.minimum(starts[:-1], len(order))], -1)
    second = np.where(lengths > 1, padded[np.minimum(starts[:-1] + 1, len(order))], -1)
    return first, second


class Told(NamedTuple):
    """What reasons are told with: names of actors, publics and theme of each row, words for codes, room of actors."""

    names: Sequence[str]
    publics_of_needs: Sequence[str]
    publics_of_actors: Sequence[str]
    themes: Sequence[str]
    labels: Mapping[str, str]
    room: np.ndarray
    unknown: np.ndarray
    imputed: np.ndarray


def reasons(
    need: np.ndarray,
    actor: np.ndarray,
    minutes: np.ndarray,
    cost: np.ndarray,
    lines: np.ndarray,
    choice: Choice,
    told: Told,
) -> tuple[list[str], list[str | None]]:
    """Return for each line the reason for it, and the other choice in words (None where there is none in reach)."""
    said, others = [], []
    for line, nearest, other in zip(lines.tolist(), choice.nearest.tolist(), choice.other.tolist()):
        row, place = need[line], actor[line]
        parts = [
            told.labels.get(told.themes[row], told.themes[row]),
            f"à {minutes[line]:.0f} min",
            _public(told.publics_of_needs[row], told.publics_of_actors[place], told.labels),
            "l'acteur le plus proche"
            if minutes[line] <= minutes[nearest] * (1 + TOLERANCE)
            else f"plus près : {told.names[actor[nearest]]} ({minutes[nearest]:.0f} min), "
            + _why_not(actor[nearest], cost[nearest] > cost[line], told),
            "capacité supposée" if told.imputed[place] else "",
        ]
        said.append(BETWEEN_REASONS.join(filter(None, parts)))
        others.append(_other(minutes[other] - minutes[line], actor[other], told) if other >= 0 else None)
    return said, others


def _public(of_need: str, of_actor: str, labels: Mapping[str, str]) -> str:
    if not of_need:
        return "pour tous" if not of_actor else "sans public précisé"
    if not of_actor:
        return "accueille tous les publics"
    common = sorted(set(values.split(of_need)) & set(values.split(of_actor)))
    return "public commun : " + ", ".join(labels.get(code, code) for code in common)


def _why_not(actor: int, dearer: bool, told: Told) -> str:
    if told.unknown[actor]:
        return "capacité inconnue"
    if not told.room[actor]:
        return "complet"
    return "moins adapté à ce public" if dearer else "pas assez de places d'un seul tenant"


def _other(extra: float, actor: int, told: Told) -> str:
    free = "places libres" if told.room[actor] else "capacité inconnue" if told.unknown[actor] else "complet"
    return f"{told.names[actor]} ({extra:+.0f} min, {free})"
