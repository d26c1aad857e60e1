"""Who stands where: the fictional actors and needs are given a commune, and a place in it."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

from .chance import pick, ranking, share
from .ground import Ground, Place, cell, metres, spot

NEIGHBOURS = 6
SHARE_OF_FAMILY_TOGETHER = 0.75
DOUBLE_METRES = 60
NEEDS_SPREAD = 0.25
"""Share of the commune's radius over which its needs are fanned out, lest their symbols hide each other."""


class Settled(NamedTuple):
    """The commune of a row, and its place there."""

    ground: Ground
    place: Place


def all_but_one_in(number: int, grounds: Mapping[str, Ground], *key: object) -> dict[str, Ground]:
    """Leave out one commune in so many, from the less populous half of them."""
    by_size = sorted(grounds, key=lambda code: (grounds[code].commune.population or 0, code))
    small = dict.fromkeys(by_size[: (len(grounds) + 1) // 2], 1.0)
    left_out = set(ranking(small, *key)[: len(grounds) // number])
    return {code: ground for code, ground in grounds.items() if code not in left_out}


def settle_actors(rows: list[dict], grounds: Mapping[str, Ground], seed: str) -> dict[str, Settled]:
    """Return ``cle`` -> where the actor is: near the town hall, and not far from most of its ``famille``.

    A row ``pres_de`` another stands a few steps from it, in the same commune.
    """
    weights = _weights(grounds)
    taken = {cell(ground.heart) for ground in grounds.values()}
    settled: dict[str, Settled] = {}
    for row in rows:
        key = (seed, "acteur", row["cle"])
        if row["pres_de"]:
            ground, centre = settled[row["pres_de"]]
            spread = DOUBLE_METRES
        else:
            ground = grounds[_commune(row, grounds, weights, seed)]
            centre, spread = ground.heart, ground.built_up
        settled[row["cle"]] = Settled(ground, spot(ground, centre, spread, taken, *key))
    return settled


def settle_needs(rows: list[dict], grounds: Mapping[str, Ground], seed: str) -> dict[str, Settled]:
    """Return ``cle`` -> the commune of a need, and a place by the middle of it: never an address."""
    weights = _weights(grounds)
    taken: set[tuple[float, float]] = set()
    settled = {}
    for row in rows:
        key = (seed, "besoin", row["cle"])
        ground = grounds[pick(weights, *key)]
        if cell(ground.middle) in taken:
            place = spot(ground, ground.middle, NEEDS_SPREAD * ground.radius, taken, *key)
        else:
            place = ground.middle
            taken.add(cell(place))
        settled[row["cle"]] = Settled(ground, place)
    return settled


def _weights(grounds: Mapping[str, Ground]) -> dict[str, float]:
    return {code: sqrt(max(ground.commune.population or 0, 1)) for code, ground in grounds.items()}


def _commune(row: dict, grounds: Mapping[str, Ground], weights: Mapping[str, float], seed: str) -> str:
    key = (seed, "commune", row["cle"])
    if row["famille"] is None or share(*key, "apart") > SHARE_OF_FAMILY_TOGETHER:
        return pick(weights, *key)
    home = grounds[pick(weights, seed, "famille", row["famille"])]
    by_distance = sorted(grounds, key=lambda code: (round(metres(home.heart, grounds[code].heart)), code))
    return pick({code: weights[code] for code in by_distance[:NEIGHBOURS]}, *key)
