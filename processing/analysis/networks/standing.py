"""Actors in an order of their own, with what is needed around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
from scipy import sparse

from ..meeting import EVERYONE, demand
from .around import needed_around, sets
from .reasons import codes_of

SAID = ("name", "themes", "publics", "sought", "offered", "text")


class Ground(NamedTuple):
    """Actors in standing order, and what is counted with.

    ``actors``: ``id, name`` (the id where there is none), ``themes`` and ``publics`` (tuples of codes; no public:
    everyone), ``sought, offered, text``. ``xy`` (n, 2). ``held`` and ``people`` (n, themes), columns as ``codes``: 1
    where an actor has the theme; the people within the distance who need it, or the actors who have it where the needs
    do not say (``from_needs``). ``with_publics``: whether anything is known of publics.
    """

    actors: pd.DataFrame
    xy: np.ndarray
    codes: list[str]
    held: sparse.csr_matrix
    people: sparse.csr_matrix
    from_needs: bool
    with_publics: bool


def standing_order(actors: geopandas.GeoDataFrame) -> np.ndarray:
    """Return the positions of the rows sorted by place, then by all that is said of them."""
    points = actors.geometry.representative_point()
    said = {name: texts(actors, name) for name in (*SAID, "id")}
    frame = pd.DataFrame({"x": points.x.to_numpy(), "y": points.y.to_numpy(), **said})
    return frame.sort_values(list(frame.columns), kind="stable").index.to_numpy()


def ground_of(
    actors: geopandas.GeoDataFrame,
    needs: geopandas.GeoDataFrame | None,
    distance: float,
    check: Callable[[], None] = lambda: None,
) -> Ground:
    """Return the actors, in the order they stand in, and what is needed within the distance of each.

    ``needs`` without rows, without themes or without people say nothing of what is needed.
    """
    points = actors.geometry.representative_point()
    xy = np.column_stack([points.x.to_numpy(float), points.y.to_numpy(float)])
    said = {name: texts(actors, name) for name in (*SAID, "id")}
    themes = codes_of(said["themes"])
    publics = [() if EVERYONE in codes else codes for codes in codes_of(said["publics"])]
    said["name"] = [name or own for name, own in zip(said["name"], said["id"])]
    frame = pd.DataFrame(
        {**said, "themes": pd.Series(themes, dtype=object), "publics": pd.Series(publics, dtype=object)}
    )
    asking = _asking(needs)
    codes = sorted({code for each in themes for code in each} | set(asking["theme"] if asking is not None else ()))
    held = sets(themes, codes)
    if asking is None:
        people = needed_around(xy, xy, held, distance, check)
    else:
        amounts = sparse.csr_matrix(
            sets([[theme] for theme in asking["theme"]], codes).multiply(asking[["besoin"]].to_numpy())
        )
        people = needed_around(xy, asking[["x", "y"]].to_numpy(), amounts, distance, check)
    return Ground(frame, xy, codes, held, people, asking is not None, "publics" in actors)


def _asking(needs: geopandas.GeoDataFrame | None) -> pd.DataFrame | None:
    if needs is None or "themes" not in needs:
        return None
    asking = demand(needs)
    asking = asking[asking["besoin"] > 0]
    return asking if len(asking) else None


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as texts, "" where it is missing or says nothing."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if value is None or value != value else str(value) for value in frame[column]]


def columns(matrix: sparse.csr_matrix) -> list[np.ndarray]:
    """Return the columns of each row of a matrix."""
    return np.split(matrix.indices, matrix.indptr[1:-1]) if matrix.shape[0] else []


def numbers(groups: np.ndarray) -> np.ndarray:
    """Return numbers from 0 on as people see them, from 1 on, None for -1."""
    return np.array([number + 1 if number >= 0 else None for number in groups.tolist()], dtype=object)
