"""Coverage summed up by territory."""

from __future__ import annotations

from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from . import values
from .coverage import COVERED


class Summary(NamedTuple):
    """``rows``: one a territory x theme; ``outside``: labels of the needs that lie in no territory."""

    rows: geopandas.GeoDataFrame
    outside: list


def by_territory(
    coverage: geopandas.GeoDataFrame, actors: geopandas.GeoDataFrame, territories: geopandas.GeoDataFrame
) -> Summary:
    """Return what stands in each territory, for each theme of the needs and the actors, also where that is nothing.

    ``coverage`` as ``coverage_gaps`` gives it, ``actors`` as it takes them, ``territories`` polygons with the columns
    ``code``, ``name``, and optionally ``level`` (territories of several levels may overlap) and ``surveyed`` (filled
    where actors have been looked for), all in one CRS. A point on a border belongs to the lowest code. Where the
    needs have no theme every actor counts.

    Columns: ``territory`` (label in ``territories.index``), ``niveau, code, nom, theme``, ``besoin`` and
    ``non_couvert`` (people), ``part`` = non_couvert / besoin (None without need), ``n_besoins`` (rows of
    ``coverage``), ``n_acteurs`` (standing there, offering the theme), ``principale_cause`` (of most people not
    covered; None without need), ``recense`` (1, 0, None where not said).
    """
    if set(coverage["theme"]) == {""}:
        actors = actors.drop(columns="themes", errors="ignore")
    themes = sorted(set(coverage["theme"]) | set(_offered(actors)["theme"]))
    index = pd.MultiIndex.from_product([territories.index, themes], names=["territory", "theme"])
    here = coverage.drop(columns="geometry").join(located(coverage, territories), how="inner")
    groups = here.groupby(["territory", "theme"])
    sums = groups[["besoin", "non_couvert"]].sum().reindex(index, fill_value=0.0)
    offer = _offered(actors, themes).set_index("actor").join(located(actors, territories), how="inner")
    rows = pd.DataFrame(
        {
            "besoin": sums["besoin"],
            "non_couvert": sums["non_couvert"],
            "part": sums["non_couvert"] / sums["besoin"].where(sums["besoin"] > 0),
            "n_besoins": groups.size().reindex(index, fill_value=0),
            "n_acteurs": offer.groupby(["territory", "theme"]).size().reindex(index, fill_value=0),
            "principale_cause": _main_cause(here).reindex(index),
        }
    ).reset_index()
    described = pd.DataFrame(
        {
            "niveau": territories.get("level"),
            "code": territories.get("code"),
            "nom": territories.get("name"),
            "recense": _surveyed(territories),
        },
        index=territories.index,
    )
    rows = rows.join(described, on="territory")
    rows = geopandas.GeoDataFrame(rows, geometry=territories.geometry.loc[rows["territory"]].array, crs=territories.crs)
    outside = coverage.loc[~coverage.index.isin(here.index), "need"]
    return Summary(rows, sorted(set(outside)))


def located(points: geopandas.GeoDataFrame, territories: geopandas.GeoDataFrame) -> pd.Series:
    """Return the positions of the territories of each point, one a level, under the label of the point."""
    places = points[["geometry"]].set_geometry(points.geometry.representative_point())
    found = places.sjoin(territories[["geometry"]], predicate="intersects")["index_right"]
    found = found.rename("territory").to_frame().rename_axis("point").reset_index()
    found["level"] = found["territory"].map(territories["level"].astype(str)) if "level" in territories else ""
    found["code"] = found["territory"].map(territories["code"].astype(str)) if "code" in territories else ""
    found = found.sort_values(["point", "level", "code"]).drop_duplicates(["point", "level"])
    return found.set_index("point")["territory"]


def _offered(actors: geopandas.GeoDataFrame, otherwise: tuple | list = ()) -> pd.DataFrame:
    """Return a row an actor x theme; an actor has the themes ``otherwise`` when the layer does not say."""
    if "themes" in actors:
        themes = [list(values.split(text)) for text in actors["themes"]]
    else:
        themes = [list(otherwise)] * len(actors)
    frame = pd.DataFrame({"actor": actors.index, "theme": pd.Series(themes, dtype=object)})
    return frame.explode("theme").dropna(subset=["theme"])


def _main_cause(here: pd.DataFrame) -> pd.Series:
    sums = here.groupby(["territory", "theme", "cause"])["non_couvert"].sum().reset_index()
    # "couvert" sums to 0, and is the main cause only where nobody is left out.
    sums["other"] = sums["cause"] != COVERED
    sums = sums.sort_values(["non_couvert", "other", "cause"], ascending=[False, True, True])
    return sums.drop_duplicates(["territory", "theme"]).set_index(["territory", "theme"])["cause"]


def _surveyed(territories: geopandas.GeoDataFrame) -> np.ndarray | None:
    if "surveyed" not in territories:
        return None
    known = territories["surveyed"]
    return (known.notna() & (known.astype(bool))).astype(int).to_numpy()
