"""Who looks for what another has to share, read from what both wrote."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from ..pairs import Near
from ..text import WORD, fold, stem, stop_words

BETWEEN_THINGS = re.compile(r"[,;:/|.()\n•+]|\s(?:et|ou)\s", re.IGNORECASE)
# What comes before the thing itself: « besoin de bénévoles », « prêt d'outils », « une grande salle ».
_LEADING = (
    "acces achat aide appui autre autres beau belle besoin besoins bon bonne cherche chercher cherchons disposition "
    "don dons emprunt emprunter grand grande grandes grands gratuit gratuite location mutualisation mutualiser nouveau "
    "nouvel nouvelle nouvelles nouveaux partage partager petit petite petites petits pret preter prets recherche "
    "rechercher recherchons soutien utilisation vieille vieux"
)
LEADING = frozenset(_LEADING.split())


def things(text: str | None) -> frozenset[str]:
    """Return what is named in a list of things, as marks that another list may share.

    A mark is the first word of a thing, which says what it is (« une salle de concert » is a room), or two words of one
    thing, whatever their order. Words are compared by their stems; words that carry no meaning, and those that only
    lead up to the thing, are passed over.
    """
    marks = set()
    for thing in BETWEEN_THINGS.split(text or ""):
        stems = [stem(word) for word in WORD.findall(thing.lower()) if _speaks(fold(word))]
        if stems:
            marks.add(stems[0])
        marks.update(" ".join(pair) for pair in combinations(sorted(set(stems)), 2))
    return frozenset(marks)


def _speaks(word: str) -> bool:
    return word not in stop_words() and word not in LEADING


def seekers(
    sought: Sequence[str | None],
    offered: Sequence[str | None],
    xy: np.ndarray,
    distance: float,
    tick: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Return the pairs within the distance of which the first looks for what the second shares: (2, pairs), sorted."""
    nodes = np.int64(len(xy))
    looking, sharing = _by_mark(sought), _by_mark(offered)
    found = [np.empty(0, dtype=np.int64)]
    for mark in sorted(looking.keys() & sharing.keys()):
        tick()
        who, whom = np.array(looking[mark]), np.array(sharing[mark])
        for tile in Near(xy[who], xy[whom], distance, kept=0, check=tick):
            row = np.repeat(np.arange(tile.costs.shape[0]), np.diff(tile.costs.indptr)) + tile.first
            found.append(who[row] * nodes + whom[tile.costs.indices])
    keys = np.unique(np.concatenate(found))
    pairs = np.array([keys // max(nodes, 1), keys % max(nodes, 1)])
    return pairs[:, pairs[0] != pairs[1]]


def _by_mark(texts: Sequence[str | None]) -> dict[str, list[int]]:
    read: dict[str | None, frozenset[str]] = {}
    rows = defaultdict(list)
    for row, text in enumerate(texts):
        if text not in read:
            read[text] = things(text)
        for mark in read[text]:
            rows[mark].append(row)
    return rows
