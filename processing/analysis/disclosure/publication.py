"""A table of people as it may leave the house: what each row shows, what it hides, and why, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..values import split
from .protection import DOMINANCE, NONE, SECONDARY, THRESHOLD, Figures, Protection, protect
from .tables import ONE_WAY, WHOLE, Cells, tabulate

SHOWN, PARTLY, NOBODY, UNKNOWN, UNSURVEYED, MASKED = "publie", "incomplet", "zero", "inconnu", "non_recense", "masque"
REASONS = {
    SHOWN: "",
    PARTLY: "au moins : le nombre manque pour une partie",
    NOBODY: "aucune situation connue",
    UNKNOWN: "le nombre n'est pas connu",
    UNSURVEYED: "territoire non recensé : personne n'y a encore cherché",
    DOMINANCE: "moins de trois contributeurs, ou un seul apporte l'essentiel",
    SECONDARY: "tu pour qu'aucun autre chiffre ne s'en déduise",
}
FIELDS = ("niveau", "personnes", "masque", "etat", "raison")
# Columns of the last edition beside its groups, so named that no group is called like them.
FIGURE, REASON = " personnes", " masque"


class Publication(NamedTuple):
    """``keys`` (a column a group) and ``rows`` (FIELDS, and ``territory``): personnes is NaN where it is not shown.

    ``share``: part of the people that the finest rows show, None where their total itself is masked. ``protection``
    has a row a row of ``rows``, and must not leave the house.
    """

    keys: pd.DataFrame
    rows: pd.DataFrame
    protection: Protection
    share: float | None
    matched: int
    """Rows that the last edition had too."""


def publish(
    frame: pd.DataFrame,
    nested: Sequence[str],
    others: Sequence[str],
    k: int,
    dominance: float = 0.85,
    margins: str = ONE_WAY,
    before: pd.DataFrame | None = None,
    surveyed: Mapping[str, bool] | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Publication:
    """Return the safe table of ``frame``; see ``tabulate`` for its columns, ``nested``, ``others`` and ``margins``.

    ``before``: the table of the last edition, with the same groups, FIGURE and REASON; ``k`` must not be lower than it
    was there. ``surveyed``: which territories were looked at; one in which a surveyed one lies counts as such. Raises
    TisserandError when no table is safe.
    """
    cells = tabulate(frame, nested, others, margins, tick)
    figures = Figures(cells.value, cells.sums, cells.published, cells.units, cells.top)
    matched = 0
    if before is not None:
        shown, masked, known = _before(cells, before)
        figures, matched = figures._replace(before=shown, masked_before=masked), int(known.sum())
    protection = protect(figures, k, dominance, tick)
    at = np.flatnonzero(cells.published)
    kept = protection._replace(
        **{name: value[at] for name, value in protection._asdict().items() if isinstance(value, np.ndarray)}
    )
    mask, value, unknown = kept.mask, cells.value[at], cells.unknown[at] > 0
    state = np.full(len(at), SHOWN, object)
    state[unknown] = PARTLY
    nobody = value == 0
    state[nobody] = np.where(unknown[nobody], UNKNOWN, NOBODY)
    if surveyed:
        state[(state == NOBODY) & _unsurveyed(cells.territory[at], frame, nested, surveyed)] = UNSURVEYED
    state[mask != NONE] = MASKED
    rows = pd.DataFrame({"niveau": cells.level[at]})
    rows["personnes"] = np.where(np.isin(state, (SHOWN, PARTLY, NOBODY)), value, np.nan)
    rows["masque"], rows["etat"] = mask, state
    words = {**REASONS, THRESHOLD: f"de 1 à {k - 1} personnes, ou détail d'un tel chiffre"}
    rows["raison"] = [words[own if own != NONE else now] for own, now in zip(mask, state)]
    rows["territory"] = cells.territory[at]
    return Publication(cells.keys.iloc[at].reset_index(drop=True), rows, kept, _share(cells, protection), matched)


def members_of(codes: Sequence[str], members: Sequence[object]) -> dict[str, str]:
    """Return commune -> territory, from the territories' lists; of two that claim one, the first by code."""
    found: dict[str, str] = {}
    for code, communes in sorted(zip(codes, members), key=lambda pair: pair[0]):
        for commune in split(communes):
            found.setdefault(commune, code)
    return found


def _before(cells: Cells, before: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the last edition showed of each cell, whether it masked it for others, and whether it had it."""
    fields = list(cells.keys.columns)
    then = before.drop_duplicates(fields).astype({field: str for field in fields})
    then = cells.keys.merge(then.assign(known=True), "left", fields)
    known = then["known"].notna().to_numpy() & cells.published
    shown = known & (then[REASON] == NONE).to_numpy()
    figure = pd.to_numeric(then[FIGURE], errors="coerce").to_numpy(float)
    masked = known & then[REASON].isin((SECONDARY, DOMINANCE)).to_numpy()
    return np.where(shown, figure, np.nan), masked, known


def _unsurveyed(territory: np.ndarray, frame: pd.DataFrame, nested: Sequence[str], surveyed) -> np.ndarray:
    looked = {code for code, known in surveyed.items() if known}
    finest = frame[nested[0]].astype(str)
    for level in nested[1:]:
        looked |= set(frame.loc[finest.isin(looked), level].dropna().astype(str))
    return np.array([code in surveyed and code not in looked for code in territory], bool)


def _share(cells: Cells, protection: Protection) -> float | None:
    """Return the share of people on show in the finest published rows; it would tell a total that is masked."""
    whole = np.flatnonzero(cells.published & (cells.keys == WHOLE).all(axis=1).to_numpy())
    if not len(whole) or protection.mask[whole[0]] != NONE or not cells.value[whole[0]]:
        return None
    finest = cells.published & (cells.level == cells.level[np.flatnonzero(cells.published)[0]])
    return float(cells.value[finest & (protection.mask == NONE)].sum() / cells.value[whole[0]])
