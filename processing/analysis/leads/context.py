"""What a place has to start a project with: means to share, places to meet, partners, and whether anyone has looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ..meeting import themes_of
from ..pairs import Near
from ..values import join

FAVOURABLE, THIN, NOTHING, UNKNOWN = CONTEXTS = ("favorable", "fragile", "aucun appui", "inconnu")
PARTNERS = 2
"""Actors of the theme that together make a favourable context, where nobody has means to share."""
NAMED = 3
YES = {"1", "t", "true", "o", "oui", "y", "yes"}


class Around(NamedTuple):
    """What is looked at around a lead, in metres of one CRS; None: not given, so not known.

    ``actors`` has, where known, ``themes``, ``means`` (text), ``itinerant`` and ``name``; ``sites`` ``available`` and
    ``name``; ``territories`` is a table of ``code`` and ``surveyed`` (None: nobody has looked).
    """

    actors: geopandas.GeoDataFrame | None = None
    sites: geopandas.GeoDataFrame | None = None
    territories: pd.DataFrame | None = None

    def surveyed(self) -> dict[str, bool] | None:
        """Return for each code whether someone has looked for actors there, None where that is not known."""
        if self.territories is None or "surveyed" not in self.territories:
            return None
        codes = self.territories["code"].astype(str)
        return self.territories["surveyed"].notna().groupby(codes.to_numpy()).any().to_dict()


def contexts(
    leads: pd.DataFrame, around: Around, distance: float, check: Callable[[], None] = lambda: None
) -> pd.DataFrame:
    """Return a row a lead: ``contexte``, ``appuis`` (French), ``recensees`` (communes surveyed, NaN when not known).

    ``leads`` has ``x, y, theme`` and ``codes`` (a tuple). Favourable: someone within the distance, itself included, has
    means to share, comes round for the theme, or lends a place; or two actors of the theme are there. Fragile: one
    actor of the theme. Nothing found says nothing where nobody has looked, or no actors were given: unknown.
    """
    xy = leads[["x", "y"]].to_numpy()
    means = _near(xy, _of(around.actors, "means", _told), distance, check)
    places = _near(xy, _of(around.sites, "available", _yes), distance, check)
    partners, coming = _by_theme(leads, around.actors, distance, check)
    surveyed = around.surveyed()
    seen = [sum(surveyed.get(code, False) for code in codes) if surveyed else np.nan for codes in leads["codes"]]
    rows = []
    for mean, place, partner, round_, looked in zip(means, places, partners, coming, seen):
        if mean.count + place.count + round_.count or partner.count >= PARTNERS:
            context = FAVOURABLE
        elif partner.count:
            context = THIN
        else:
            nobody_looked = surveyed is not None and looked == 0
            context = UNKNOWN if around.actors is None or nobody_looked else NOTHING
        told = (
            mean.told("acteur avec des moyens à partager", "acteurs avec des moyens à partager"),
            place.told("lieu disponible", "lieux disponibles"),
            round_.told("acteur itinérant du thème", "acteurs itinérants du thème"),
            partner.told("acteur du thème", "acteurs du thème"),
        )
        rows.append((context, ", ".join(filter(None, told)) or None, looked))
    return pd.DataFrame(rows, columns=["contexte", "appuis", "recensees"], index=leads.index)


class Found(NamedTuple):
    """Who was found near a lead: how many, and the names of the nearest."""

    count: int = 0
    names: tuple[str, ...] = ()

    def told(self, one: str, several: str) -> str:
        """Return it in words, "" where nobody was found."""
        if not self.count:
            return ""
        named = " · ".join(filter(None, self.names))
        more = ", …" if named and self.count > len(self.names) else ""
        return f"{self.count} {one if self.count == 1 else several}" + (f" ({named}{more})" if named else "")


def _near(xy: np.ndarray, who: geopandas.GeoDataFrame | None, distance: float, check) -> list[Found]:
    """Return who lies within the distance of each point, the nearest first."""
    if who is None or not len(who):
        return [Found()] * len(xy)
    points = who.geometry.representative_point()
    names = ["" if pd.isna(name) else str(name) for name in who.get("name", pd.Series("", index=who.index))]
    order = pd.DataFrame({"name": names, "x": points.x.to_numpy(), "y": points.y.to_numpy()})
    order = order.sort_values(["name", "x", "y"], kind="stable")
    names = order["name"].to_numpy()
    found = []
    for tile in Near(xy, order[["x", "y"]].to_numpy(), distance, kept=0, check=check):
        bounds = tile.costs.indptr
        for start, stop in zip(bounds[:-1], bounds[1:]):
            nearest = tile.costs.indices[start:stop][np.argsort(tile.costs.data[start:stop], kind="stable")[:NAMED]]
            found.append(Found(int(stop - start), tuple(names[nearest])))
    return found


def _by_theme(leads, actors, distance, check) -> tuple[list[Found], list[Found]]:
    """Return the actors of the theme of each lead, and those among them that come round."""
    partners, coming = [Found()] * len(leads), [Found()] * len(leads)
    if actors is None:
        return partners, coming
    whom = themes_of(actors).explode().dropna() if "themes" in actors else None
    rows_of = whom.groupby(whom.to_numpy()).indices if whom is not None else {}
    xy = leads[["x", "y"]].to_numpy()
    for theme, rows in leads.groupby("theme", sort=True).indices.items():
        if whom is None or theme == "":
            there = actors
        else:
            there = actors.iloc[whom.index.to_numpy()[rows_of.get(theme, np.zeros(0, dtype=int))]]
        near = _near(xy[rows], there, distance, check)
        round_ = _near(xy[rows], _of(there, "itinerant", _yes), distance, check)
        for row, partner, comes in zip(rows, near, round_):
            partners[row], coming[row] = partner, comes
    return partners, coming


def _of(frame, column, says) -> geopandas.GeoDataFrame | None:
    """Return the rows of which a column says so; for sites without that column all, for actors none."""
    if frame is None or column not in frame:
        return frame if column == "available" else None
    return frame[[says(value) for value in frame[column]]]


def _told(value: object) -> bool:
    return not pd.isna(value) and bool(str(value).strip())


def _yes(value: object) -> bool:
    return value is True or (not pd.isna(value) and str(value).strip().lower().removesuffix(".0") in YES)


def listed(codes: tuple[str, ...]) -> str | None:
    """Return codes as the workspace stores several, None for none."""
    return join(codes) or None
