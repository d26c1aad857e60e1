"""How sure a gap is, in words: what speaks against taking it at its face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .surveyed import WHOLE

STRONG, MIDDLING, WEAK = LEVELS = ("forte", "moyenne", "faible")
DOUBTS = ("effectif", "bord", "recensement", "capacites", "conditions", "reglages")
"""The count is unknown; the reach leaves the study area; part of it was never surveyed; unknown capacities, or facts
asked for and not known, change the gap; other settings change who is worst off."""

WIDE = 0.1
"""A gap that may be this share of the people more or less is in doubt."""


def doubts(rows: pd.DataFrame) -> np.ndarray:
    """Return which of the DOUBTS there are about each row (n, 6) of a coverage.

    Read are ``effectif, besoin, non_couvert_min, non_couvert_max, effet_bord, part_recensee, robustesse`` and the
    counts ``n_capacite_inconnue`` and ``n_condition_inconnue`` of actors in reach.
    """
    width = (rows["non_couvert_max"] - rows["non_couvert_min"]).to_numpy(dtype=float)
    wide = width > WIDE * rows["besoin"].to_numpy(dtype=float)
    robust = pd.to_numeric(rows["robustesse"], errors="coerce").to_numpy(dtype=float)
    return np.column_stack(
        [
            rows["effectif"].eq("inconnu"),
            rows["effet_bord"].eq(True),
            pd.to_numeric(rows["part_recensee"], errors="coerce").to_numpy(dtype=float) < WHOLE,
            wide & rows["n_capacite_inconnue"].gt(0),
            wide & rows["n_condition_inconnue"].gt(0),
            (robust > 0) & (robust < 1),
        ]
    ).astype(bool)


def level(found: np.ndarray) -> np.ndarray:
    """Return the confidence in each row with such doubts: none strong, one middling, more weak."""
    return np.array(LEVELS, dtype=object)[np.minimum(found.sum(axis=1), len(LEVELS) - 1)]


def in_words(found: np.ndarray, words: Sequence[str] = DOUBTS, between: str = " | ") -> np.ndarray:
    """Return for each row the words that hold of it, as one text, None for none."""
    texts = np.full(len(found), "", dtype=object)
    for column, word in enumerate(words):
        here = found[:, column]
        texts[here] = np.where(texts[here] == "", word, texts[here] + (between + word))
    texts[texts == ""] = None
    return texts
