"""Coverage summed up by territory."""

from __future__ import annotations

from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from . import meeting
from .certainty import LEVELS
from .conditions import AUDIENCES, DIMENSIONS
from .coverage import UNCOUNTED, state_of_offer
from .gaps import COVERED
from .surveyed import WHOLE, Survey, share_inside, survey_of

SUMMED = ("non_couvert_min", "non_couvert_max", "perdus", *(f"perdus_{dimension}" for dimension in DIMENSIONS))
"""Columns of a coverage whose sums over a territory say something."""


class Summary(NamedTuple):
    """``rows``: one a territory x theme; ``outside``: labels of the needs that lie in no territory."""

    rows: geopandas.GeoDataFrame
    outside: list


def by_territory(
    coverage: geopandas.GeoDataFrame,
    actors: geopandas.GeoDataFrame,
    territories: geopandas.GeoDataFrame,
    readers: pd.Series | None = None,
    audience: int = len(AUDIENCES) - 1,
) -> Summary:
    """Return what stands in each territory, for each theme of the needs and the actors, also where that is nothing.

    ``coverage`` as ``coverage_gaps`` gives it, ``actors`` as it takes them, ``territories`` polygons with the columns
    ``code``, ``name``, and optionally ``level`` (territories of several levels may overlap) and ``surveyed`` (filled
    where actors have been looked for), all in one CRS. A point on a border belongs to the lowest code. Where the
    needs have no theme every actor counts. ``readers`` says for each actor who may read of it and ``audience`` who
    reads the result (positions in ``conditions.AUDIENCES``).

    Columns: ``territory`` (label in ``territories.index``), ``niveau, code, nom, theme``, ``besoin`` and
    ``non_couvert`` (people), ``part`` = non_couvert / besoin (None without need), ``n_besoins`` (rows of
    ``coverage``), ``n_acteurs`` (standing there, offering the theme, that the audience may read of),
    ``principale_cause`` (of most people not covered; None without need), ``recense`` (1, 0, None where not said; a
    territory that does not say it itself is surveyed when all finer ones within it are); ``etat_offre`` as in
    ``coverage_gaps``, of the actors who stand there, ``n_inconnus`` (needs whose count is not known),
    ``non_couvert_min``, ``non_couvert_max``, ``confiance`` (of most people), ``perdus``, ``frein``,
    ``perdus_<condition>``, ``sans_choix`` (people with fewer than two actors in reach), ``n_non_publies`` (standing
    there, not public), ``part_recensee`` (of its area).
    """
    if set(coverage["theme"]) == {""}:
        actors = actors.drop(columns="themes", errors="ignore")
    offered = _offered(actors)
    themes = sorted(set(coverage["theme"]) | set(offered["theme"]))
    index = pd.MultiIndex.from_product([territories.index, themes], names=["territory", "theme"])
    here = coverage.drop(columns="geometry").join(located(coverage, territories), how="inner")
    here = here.assign(rank=here["confiance"].map({word: rank for rank, word in enumerate(LEVELS)}).astype(float))
    here["weighed"] = here["rank"] * here["besoin"]
    here["uncounted"] = here["effectif"].eq(UNCOUNTED)
    here["without_choice"] = here["besoin"].where(~here["choix"].eq(True), 0.0)
    groups = here.groupby(["territory", "theme"])
    sums = groups[["besoin", "non_couvert", *SUMMED, "weighed", "rank", "uncounted", "without_choice"]].sum()
    sums = sums.reindex(index, fill_value=0.0).astype(float)
    counts = groups.size().reindex(index, fill_value=0)
    offer = _offered(actors, themes).set_index("actor").join(located(actors, territories), how="inner")
    readers = pd.Series(0, actors.index) if readers is None else readers
    rank = readers.reindex(offer.index).to_numpy()
    seen, hidden, not_public = rank <= audience, rank > audience, rank > 0
    rows = pd.DataFrame(
        {
            "besoin": sums["besoin"],
            "non_couvert": sums["non_couvert"],
            "part": sums["non_couvert"] / sums["besoin"].where(sums["besoin"] > 0),
            "n_besoins": counts,
            "n_acteurs": _standing(offer[seen], index),
            "principale_cause": _main_cause(here).reindex(index),
            "n_inconnus": sums["uncounted"].astype(int),
            **{name: sums[name] for name in SUMMED},
            "frein": _frein(sums),
            "sans_choix": sums["without_choice"],
            "n_non_publies": _standing(offer[not_public], index),
            "confiance": _confidence(sums, counts),
        }
    )
    hidden = _standing(offer[hidden], index).to_numpy()
    rows = rows.reset_index().join(_described(territories, survey_of(territories)), on="territory")
    share = rows["part_recensee"].to_numpy()
    rows["etat_offre"] = state_of_offer(rows["n_acteurs"].to_numpy(), rows["n_acteurs"].to_numpy() + hidden, share)
    rows = geopandas.GeoDataFrame(rows, geometry=territories.geometry.loc[rows["territory"]].array, crs=territories.crs)
    outside = coverage.loc[~coverage.index.isin(here.index), "need"]
    return Summary(rows, sorted(set(outside)))


def _described(territories: geopandas.GeoDataFrame, survey: Survey | None) -> pd.DataFrame:
    share = np.full(len(territories), np.nan)
    surveyed = None
    if survey is not None:
        share = share_inside(survey, territories)
        surveyed = (share >= WHOLE).astype(int)
    return pd.DataFrame(
        {
            "niveau": territories.get("level"),
            "code": territories.get("code"),
            "nom": territories.get("name"),
            "recense": surveyed,
            "part_recensee": share,
        },
        index=territories.index,
    )


def _standing(offer: pd.DataFrame, index: pd.MultiIndex) -> pd.Series:
    return offer.groupby(["territory", "theme"]).size().reindex(index, fill_value=0)


def _frein(sums: pd.DataFrame) -> np.ndarray:
    lost = sums[[f"perdus_{dimension}" for dimension in DIMENSIONS]].to_numpy()
    worst = np.array(DIMENSIONS, dtype=object)[lost.argmax(axis=1)] if len(lost) else np.zeros(0, dtype=object)
    return np.where(lost.max(axis=1, initial=0.0) > 0, worst, None)


def _confidence(sums: pd.DataFrame, counts: pd.Series) -> np.ndarray:
    """Return the confidence in what is said of most people: the mean, weighed by people where there are any."""
    people = sums["besoin"].to_numpy()
    mean = np.where(
        people > 0, sums["weighed"] / np.where(people > 0, people, 1.0), sums["rank"] / counts.clip(lower=1)
    )
    words = np.array(LEVELS, dtype=object)[np.clip(np.rint(mean), 0, len(LEVELS) - 1).astype(int)]
    return np.where(counts > 0, words, None)


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
    themes = (
        meeting.themes_of(actors) if "themes" in actors else pd.Series([list(otherwise)] * len(actors), dtype=object)
    )
    frame = pd.DataFrame({"actor": actors.index, "theme": themes})
    return frame.explode("theme").dropna(subset=["theme"])


def _main_cause(here: pd.DataFrame) -> pd.Series:
    sums = here.groupby(["territory", "theme", "cause"])["non_couvert"].sum().reset_index()
    # "couvert" sums to 0, and is the main cause only where nobody is left out.
    sums["other"] = sums["cause"] != COVERED
    sums = sums.sort_values(["non_couvert", "other", "cause"], ascending=[False, True, True])
    return sums.drop_duplicates(["territory", "theme"]).set_index(["territory", "theme"])["cause"]
