"""What two actors bring each other: themes needed around them that only one has, a public, means that one looks for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

PUBLIC, MEANS = 0.3, 1.5
"""What a shared public and means sought by one of the other add to the share of themes, which is 1 at most. Whoever
says in so many words what it looks for comes first: no other reasons together weigh as much."""

MEANS_SOUGHT, THEMES, SAME_PUBLIC, NEARNESS, LIKENESS = "moyens", "complementaire", "public", "proximite", "semblable"
"""Types of links: the strongest of the reasons that hold."""

_BITS = 16
_ONES = np.array([bin(number).count("1") for number in range(2**_BITS)], dtype=np.uint8)


class Sides(NamedTuple):
    """What n actors have, as bits: arrays (words, n) of 16 bits each.

    ``held``: themes; ``needed``: themes needed within the distance; ``publics``: None where nothing is known of them,
    every bit for everyone. ``sought``: sorted keys ``i * n + j`` of the pairs of which one looks for what the other
    has, both ways round.
    """

    held: np.ndarray
    needed: np.ndarray
    publics: np.ndarray | None
    sought: np.ndarray

    def strength(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the strength of each pair; the pairs are in ascending order.

        It is the share of the themes needed around either that exactly one of the two has, 0 when one names no theme at
        all (what is unknown complements nothing), plus ``PUBLIC`` and ``MEANS`` where they hold.
        """
        total = self.share(first, second)
        if self.publics is not None:
            total[shared(self.publics, first, second)] += PUBLIC
        total[self.seeking(first, second)] += MEANS
        return total

    def share(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the share of themes alone."""
        needed, alone = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64)
        for held, around in zip(self.held, self.needed):
            asked = around[first] | around[second]
            needed += _ONES[asked]
            alone += _ONES[(held[first] ^ held[second]) & asked]
        named = self.held.any(axis=0)
        told = named[first] & named[second] & (needed > 0)
        return np.divide(alone, needed, out=np.zeros(len(first)), where=told)

    def seeking(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the positions of the pairs of which one looks for what the other has; pairs in ascending order."""
        if not len(first) or not len(self.sought):
            return np.empty(0, dtype=np.int64)
        keys = first * np.int64(self.held.shape[1]) + second
        here = self.sought[np.searchsorted(self.sought, keys[0]) : np.searchsorted(self.sought, keys[-1], "right")]
        at = np.minimum(np.searchsorted(keys, here), len(keys) - 1)
        return at[keys[at] == here]

    def kinds(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the type of the link between the two of each pair; the pairs are in ascending order."""
        kinds = np.full(len(first), NEARNESS, dtype=object)
        if self.publics is not None:
            kinds[shared(self.publics, first, second)] = SAME_PUBLIC
        kinds[self.share(first, second) > 0] = THEMES
        kinds[self.seeking(first, second)] = MEANS_SOUGHT
        return kinds


def shared(publics: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return whether the two of each pair have a bit in common."""
    return np.logical_or.reduce([word[first] & word[second] != 0 for word in publics])


def bits(sets: sparse.spmatrix) -> np.ndarray:
    """Return rows of 0 and more as words of bits: (words, rows), at least one word."""
    cells = sparse.coo_matrix(sets)
    there = cells.data > 0
    row, column = cells.row[there], cells.col[there]
    words = max(1, -(-sets.shape[1] // _BITS))
    values = 2 ** (column % _BITS).astype(np.int64)
    packed = sparse.coo_matrix((values, (column // _BITS, row)), shape=(words, sets.shape[0]))
    return packed.toarray().astype(np.uint16)


def everyone(words: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the words with every bit set in those rows."""
    filled = words.copy()
    filled[:, rows] = 2**_BITS - 1
    return filled
