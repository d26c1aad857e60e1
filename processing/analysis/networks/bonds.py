"""What may bind two actors: the strength of each pair, and how a link is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from .. import values
from ..similarity.measure import CHUNK, Measure, Traits, has_neighbour, parts, similarities
from ..similarity.reasons import BETWEEN_REASONS, Told, name_key, pair_reasons
from ..text import tfidf
from .around import sets
from .complementarity import LIKENESS, NEARNESS, Sides, bits, everyone
from .links import Links, Strength, reach
from .means import seekers
from .reasons import Saying, Words, exchange, remarks, within
from .standing import Ground, columns

Tell = Callable[[Links], tuple[list[str], list[str]]]
"""From links to the codes of the themes they are about, and their reasons."""


class Bonds(NamedTuple):
    """The strength of pairs of actors; the types of their links, and how these are told."""

    strength: Strength
    kinds: Callable[[np.ndarray, np.ndarray], np.ndarray]
    tell: Tell


def complements(
    ground: Ground,
    distance: float,
    theme_labels: Mapping[str, str],
    public_labels: Mapping[str, str],
    check: Callable[[], None] = lambda: None,
) -> Bonds:
    """Return what binds actors that complete each other."""
    actors = ground.actors
    seek = seekers(actors["sought"].tolist(), actors["offered"].tolist(), ground.xy, distance, check)
    nodes = np.int64(len(actors))
    one_way = seek[0] * nodes + seek[1]
    publics = _publics(ground)
    sides = Sides(bits(ground.held), bits(ground.people), publics, np.union1d(one_way, seek[1] * nodes + seek[0]))
    needed = "besoins connus" if ground.from_needs else "thèmes présents"
    words = Words(theme_labels, public_labels, f"{needed} {within(distance)}")
    saying = Saying(
        actors["name"].tolist(),
        actors["themes"].tolist(),
        None if publics is None else actors["publics"].tolist(),
        [frozenset(ground.codes[column] for column in row) for row in columns(ground.people)],
        actors["sought"].tolist(),
        actors["offered"].tolist(),
    )

    def tell(links: Links) -> tuple[list[str], list[str]]:
        first, second = links.first, links.second
        here, there = np.isin(first * nodes + second, one_way), np.isin(second * nodes + first, one_way)
        told = [
            exchange(saying, words, (one, other), metres, seeks, mutual)
            for one, other, metres, seeks, mutual in zip(
                first.tolist(), second.tolist(), links.metres.tolist(), zip(here, there), links.mutual
            )
        ]
        return [themes for themes, _ in told], [reason for _, reason in told]

    return Bonds(sides.strength, sides.kinds, tell)


def likeness(
    ground: Ground,
    distance: float,
    theme_labels: Mapping[str, str],
    check: Callable[[], None] = lambda: None,
) -> Bonds:
    """Return what binds actors that resemble each other; the words of who has nobody in reach say nothing of others."""
    actors = ground.actors
    neighboured = has_neighbour(ground.xy, reach(distance))
    matrix, shown = tfidf([text if near else "" for text, near in zip(actors["text"], neighboured)])
    traits, measure = Traits(ground.xy, ground.held, matrix), Measure(distance=distance).checked()
    labels = [theme_labels.get(code, code) for code in ground.codes]
    told = Told(labels, shown, [name_key(name) for name in actors["name"]])

    def strength(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        found = np.zeros(len(first))
        for start in range(0, len(first), CHUNK):
            check()
            piece = slice(start, start + CHUNK)
            found[piece] = similarities(parts(traits, measure, first[piece], second[piece]))
        return np.maximum(found, 0)

    def tell(links: Links) -> tuple[list[str], list[str]]:
        both = ground.held[links.first].multiply(ground.held[links.second]).tocsr()
        themes = [values.join(ground.codes[column] for column in row) for row in columns(both)]
        reasons = [
            BETWEEN_REASONS.join([reason, *remarks("", "", 0.0, mutual)])
            for reason, mutual in zip(pair_reasons(traits, told, links.first, links.second), links.mutual)
        ]
        return themes, reasons

    def kinds(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.where(strength(first, second) > 0, LIKENESS, NEARNESS).astype(object)

    return Bonds(strength, kinds, tell)


def _publics(ground: Ground) -> np.ndarray | None:
    """Return the publics of each as bits, every bit for everyone; None where nothing is known of them."""
    if not ground.with_publics:
        return None
    publics = ground.actors["publics"].tolist()
    codes = sorted({code for each in publics for code in each})
    return everyone(bits(sets(publics, codes)), np.array([not each for each in publics], dtype=bool))
