"""Why two initiatives resemble each other, in a French sentence made from the figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..text import fold
from .measure import Traits, products

WORDS_TOLD = 3
DUPLICATE_METRES = 50.0
BETWEEN_REASONS = " ; "
BETWEEN_WORDS = ", "
BETWEEN_THEMES = " · "
"""Not a comma: labels such as « Se divertir, se cultiver » hold one."""


class Told(NamedTuple):
    """What reasons are told with.

    ``themes`` has a label for each column of the themes, ``words`` a whole word for each column of the texts,
    ``name_keys`` the ``name_key`` of each actor.
    """

    themes: Sequence[str]
    words: Sequence[str]
    name_keys: Sequence[str]


def pair_reasons(traits: Traits, told: Told, first: np.ndarray, second: np.ndarray) -> list[str]:
    """Return a sentence for each pair: how far, which themes and which words both have, whether it may be a duplicate.

    The words are those that weigh most in the similarity, strongest first. Two of the same name within 50 m may be one
    initiative entered twice.
    """
    metres = np.hypot(*(traits.xy[first] - traits.xy[second]).T)
    themes = strongest(products(traits.themes, first, second), len(told.themes))
    words = strongest(products(traits.texts, first, second), WORDS_TOLD)
    themed, worded = (np.diff(matrix.indptr) > 0 for matrix in (traits.themes, traits.texts))
    sentences = []
    for k, (i, j) in enumerate(zip(first, second)):
        same_name = told.name_keys[i] and told.name_keys[i] == told.name_keys[j]
        said = (
            away(metres[k]),
            "peut-être un doublon (même nom)" if same_name and metres[k] < DUPLICATE_METRES else "",
            _in_common("thème commun", "thèmes communs", [told.themes[c] for c in themes[k]], BETWEEN_THEMES),
            _in_common("mot commun", "mots communs", [told.words[c] for c in words[k]], BETWEEN_WORDS),
            "" if themed[i] and themed[j] else "sans thème à comparer",
            "" if worded[i] and worded[j] else "sans description à comparer",
        )
        sentences.append(BETWEEN_REASONS.join(filter(None, said)))
    return sentences


def away(metres: float) -> str:
    """Return a distance as it is said: ``Au même endroit``, ``À 40 m``, ``À 2,3 km``."""
    if metres < 1:
        return "Au même endroit"
    return "À " + length(metres)


def length(metres: float) -> str:
    """Return a length as it is written in French: to the ten metres below one kilometre, then to the hundred."""
    rounded = round(metres) if metres < 100 else round(metres, -1)
    return f"{rounded:.0f} m" if rounded < 1000 else f"{metres / 1000:.1f} km".replace(".0 ", " ").replace(".", ",")


def name_key(name: str | None) -> str:
    """Return what two ways of writing one name share: no case, no accent, no punctuation."""
    return " ".join(re.findall(r"\w+", fold(name or "")))


def strongest(matrix: sparse.csr_matrix, most: int) -> list[np.ndarray]:
    """Return for each row the columns of its highest values, highest first, at most ``most`` of them."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    columns = matrix.indices[np.lexsort((matrix.indices, -matrix.data, rows))]
    return [columns[start : min(stop, start + most)] for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:])]


def _in_common(one: str, several: str, things: Sequence[str], separator: str) -> str:
    return f"{several if len(things) > 1 else one} : {separator.join(things)}" if things else ""
