"""Where needs are not covered, how many people that concerns, and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from . import values
from .catchment import DECAYS, Access, access
from .pairs import TOLERANCE, Near, Tile

EVERYONE = "tous-publics"
COVERED, OUT_OF_REACH, NOT_THIS_PUBLIC, NOT_ENOUGH = CAUSES = ("couvert", "hors_portee", "public", "capacite")
INDICATORS = ("theme", "besoin", "apl", "ratio", "non_couvert", "cause", "n_acteurs", "plus_proche", "plus_proche_min")
INDICATORS += ("top5", "robustesse", "effet_bord", "capacite_imputee")
NEAREST_COMPARED = 8
REACHES_TRIED = (0.75, 1.0, 1.25)
WORST = 0.2


class Settings(NamedTuple):
    """Reaches in minutes, ``speed`` in km/h, ``detour`` = way / crow-fly distance, ``target`` in places per person."""

    reach: float = 20.0
    reach_by_theme: tuple[tuple[str, float], ...] = ()
    speed: float = 50.0
    detour: float = 1.3
    decay: str = "gaussian"
    target: float = 1.0
    robustness: bool = False

    def minutes_per_metre(self) -> float:
        """Return what a crow-fly metre takes."""
        return self.detour / (self.speed * 1000 / 60)

    def radius(self, theme: str) -> float:
        """Return the reach of a theme in crow-fly metres."""
        return dict(self.reach_by_theme).get(theme, self.reach) / self.minutes_per_metre()


class Notes(NamedTuple):
    """What a reader of the result has to know: labels of rows of the layer named, and themes."""

    needs_without_theme: list
    needs_without_count: list
    actors_without_theme: list
    actors_without_capacity: list
    negative_counts: list
    negative_capacities: list
    capacity_unknown: bool
    themes_without_actor: list[str]
    themes_without_need: list[str]
    reaches_without_need: list[str]


class Coverage(NamedTuple):
    """``rows``: one a need x theme, in the order of the needs; ``notes``: what was found amiss."""

    rows: geopandas.GeoDataFrame
    notes: Notes


def reach_by_theme(text: str | None) -> tuple[tuple[str, float], ...]:
    """Return (theme, minutes) pairs from ``theme=minutes;theme=minutes``."""
    reaches = []
    for part in filter(None, (part.strip() for part in (text or "").split(";"))):
        theme, _, minutes = (piece.strip() for piece in part.rpartition("="))
        try:
            reaches.append((theme, float(minutes.replace(",", "."))))
        except ValueError:
            theme = ""
        if not theme or not 0 < reaches[-1][1] < np.inf:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "“{part}” is not a reach by theme. Write theme=minutes, several separated by semicolons, for "
                    "example feed=15;house=60.",
                ),
                part=part,
            )
    return tuple(reaches)


def coverage_gaps(
    needs: geopandas.GeoDataFrame,
    actors: geopandas.GeoDataFrame,
    settings: Settings = Settings(),  # noqa: B008 - immutable
    study_area: shapely.Geometry | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Coverage:
    """Return the potential access (E2SFCA, see ``catchment``) and the gap of each need and theme.

    Both frames in one metric CRS; a polygon or line stands where its representative point is. Columns, all optional:
    of ``needs`` ``count`` (people), ``themes``, ``publics``; of ``actors`` ``id``, ``name``, ``capacity``, ``themes``,
    ``publics``; ``themes`` and ``publics`` as ``values.split`` reads them. ``study_area`` is where actors are known.
    ``progress`` is told the share done and may raise, to stop.

    A need with several themes has its whole count in each, an actor with several offers each its whole capacity. Where
    one side has no column of themes every actor serves every need; needs without the column share the theme ''.
    A count that is missing or negative is one person. A capacity that is missing or negative is the median of those
    known for the theme, else of all known; where none is known at all, whoever reaches an eligible actor is covered.

    The rows have ``need`` (label in ``needs.index``), the ``INDICATORS`` and the point of the need: ``besoin`` and
    ``non_couvert`` in people, ``apl`` in places per person, ``ratio`` = apl / target, ``n_acteurs`` eligible and in
    reach, ``plus_proche`` the id (else the name) of the nearest actor of the theme at any distance and for any public,
    ``robustesse`` as ``_robustness`` says (None when not asked for), ``effet_bord`` whether the reach leaves the study
    area (None without one), ``capacite_imputee`` the share of apl that comes from medians (None when apl is 0).
    """
    _check(settings)
    demand, offer = _demand(needs), _offer(actors)
    themed = "themes" in needs and "themes" in actors
    themes = sorted(demand["theme"].unique())
    parts = []
    for number, theme in enumerate(themes):
        here = demand[demand["theme"] == theme]
        there = offer[offer["themes"].map(lambda own, theme=theme: theme in own).astype(bool)] if themed else offer
        guess = _first_known(there["capacity"].median(), offer["capacity"].median())
        check = partial(progress, number / len(themes))
        parts.append(_of_theme(here, there, guess, settings, settings.radius(theme), study_area, check))
    rows = pd.concat(parts).sort_index() if parts else demand.reindex(columns=["need", *INDICATORS])
    points = needs.geometry.representative_point().loc[rows["need"]].array
    rows = geopandas.GeoDataFrame(rows.reset_index(drop=True), geometry=points, crs=needs.crs)
    progress(1.0)
    return Coverage(rows, _notes(needs, actors, demand, offer, themed, settings))


def _check(settings: Settings) -> None:
    for name in ("reach", "speed", "detour", "target"):
        if not 0 < getattr(settings, name) < np.inf:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "{name} is {value}: it must be a number above 0."),
                name=name.upper(),
                value=getattr(settings, name),
            )


def _demand(needs: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return a row a need x theme, its index their order; sorted so that sums do not depend on that order."""
    points = needs.geometry.representative_point()
    frame = pd.DataFrame(
        {
            "need": needs.index,
            "theme": _themes(needs) if "themes" in needs else pd.Series([("",)] * len(needs), dtype=object),
            "besoin": _numbers(needs, "count").fillna(1.0).to_numpy(),
            "publics": _publics(needs),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )
    frame = frame.explode("theme").dropna(subset=["theme"]).reset_index(drop=True)
    return frame.sort_values(["x", "y", "besoin", "publics"], kind="stable")


def _offer(actors: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return a row an actor, in an order that its own values alone decide."""
    points = actors.geometry.representative_point()
    frame = pd.DataFrame(
        {
            "id": _texts(actors, "id"),
            "name": _texts(actors, "name"),
            "capacity": _numbers(actors, "capacity").to_numpy(),
            "themes": _themes(actors),
            "publics": _publics(actors),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )
    return frame.sort_values(["id", "name", "x", "y", "capacity", "publics"], kind="stable").reset_index(drop=True)


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return ["" if value is None or value != value else str(value) for value in frame[column]]


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return the column as floats, NaN where it is no number, infinite or negative."""
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    numbers = pd.to_numeric(frame[column], errors="coerce").astype(float)
    return numbers.where((numbers >= 0) & (numbers < np.inf))


def _themes(frame: pd.DataFrame) -> pd.Series:
    found = [values.split(text) for text in frame["themes"]] if "themes" in frame else [()] * len(frame)
    return pd.Series(found, dtype=object)


def _publics(frame: pd.DataFrame) -> list[str]:
    """Return the publics of each row as one sorted text, '' for everyone."""
    if "publics" not in frame:
        return [""] * len(frame)
    found = (set(values.split(text)) for text in frame["publics"])
    return ["" if EVERYONE in publics else values.join(sorted(publics)) for publics in found]


def _first_known(*numbers: float) -> float:
    return next((number for number in numbers if number == number), np.nan)


def _of_theme(here, there, guess, settings, radius, study_area, check) -> pd.DataFrame:
    """Return the indicators of the needs ``here``, all of one theme, by the actors ``there``, all that offer it."""
    people = here["besoin"].to_numpy()
    found = _access(here, there, guess, radius, settings.decay, settings.target, check)
    ratio = found.apl / settings.target
    unmet = np.where(ratio < 1 - TOLERANCE, people * (1 - ratio), 0.0)
    nearest, metres = _nearest(here, there)
    names = there["name"].where(there["name"] != "", there["id"]).tolist()
    ids = there["id"].where(there["id"] != "", there["name"]).tolist()
    per_metre = settings.minutes_per_metre()
    return pd.DataFrame(
        {
            "need": here["need"],
            "theme": here["theme"],
            "besoin": people,
            "apl": found.apl,
            "ratio": ratio,
            "non_couvert": unmet,
            "cause": np.select([unmet == 0, found.in_reach == 0, found.eligible == 0], CAUSES[:3], NOT_ENOUGH),
            "n_acteurs": found.eligible,
            "plus_proche": [ids[actor] or None if actor >= 0 else None for actor in nearest],
            "plus_proche_min": metres * per_metre,
            "top5": _top(found, names, per_metre),
            "robustesse": _robustness(here, there, guess, radius, settings, check) if settings.robustness else None,
            "effet_bord": _leaves(here, radius, study_area),
            "capacite_imputee": found.imputed,
        },
        index=here.index,
    )


def _access(here, there, guess, radius, decay, target, check) -> Access:
    imputed = there["capacity"].isna().to_numpy()
    known = guess == guess
    found = access(
        Near(here[["x", "y"]].to_numpy(), there[["x", "y"]].to_numpy(), radius, check=check),
        radius,
        here["besoin"].to_numpy(),
        there["capacity"].fillna(guess).to_numpy() if known else None,
        DECAYS[decay],
        _eligibility(here["publics"], there["publics"]),
        imputed,
    )
    return found if known else found._replace(apl=np.where(found.eligible > 0, target, 0.0))


def _eligibility(of_needs: pd.Series, of_actors: pd.Series) -> Callable[[Tile], np.ndarray] | None:
    """Return who may meet in a tile: the publics have one in common, or one side is for everyone; None when all may."""
    left, left_code = np.unique(of_needs.to_numpy(dtype=str), return_inverse=True)
    right, right_code = np.unique(of_actors.to_numpy(dtype=str), return_inverse=True)
    left_sets, right_sets = ([set(values.split(text)) for text in side] for side in (left, right))
    meet = np.array([[not a or not b or not a.isdisjoint(b) for b in right_sets] for a in left_sets], dtype=bool)
    if meet.all():
        return None

    def eligible(tile: Tile) -> np.ndarray:
        rows = left_code[tile.first : tile.first + tile.metres.shape[0]]
        return meet[np.repeat(rows, np.diff(tile.metres.indptr)), right_code[tile.metres.indices]]

    return eligible


def _nearest(here, there) -> tuple[np.ndarray, np.ndarray]:
    """Return the position of the nearest actor (the first of equals, -1 when there is none at all) and its metres."""
    if there.empty:
        return np.full(len(here), -1), np.full(len(here), np.nan)
    ranks = np.arange(1, min(NEAREST_COMPARED, len(there)) + 1)
    metres, found = cKDTree(there[["x", "y"]].to_numpy()).query(here[["x", "y"]].to_numpy(), k=ranks)
    tied = metres <= metres[:, :1] * (1 + TOLERANCE)
    return np.where(tied, found, len(there)).min(axis=1), metres[:, 0]


def _top(found: Access, names: list[str], per_metre: float) -> list[str | None]:
    """Return for each need ``Nom (62 %, 8 min) | …``: share of its apl, time; None when its apl is 0."""
    shares, minutes = (found.top_share * 100).tolist(), (found.top_metres * per_metre).tolist()
    return [
        " | ".join(f"{names[a]} ({part:.0f} %, {time:.0f} min)" for a, part, time in zip(*best) if a >= 0) or None
        for best in zip(found.top.tolist(), shares, minutes)
    ]


def _robustness(here, there, guess, radius, settings, check) -> np.ndarray:
    """Return in which share of six runs a need is below the target and in the worst fifth of its theme.

    The runs have three quarters, the whole and five quarters of the reach, each with the decay asked for and another.
    """
    decays = (settings.decay, "step" if settings.decay == "gaussian" else "gaussian")
    worst = []
    for part in REACHES_TRIED:
        for decay in decays:
            apl = _access(here, there, guess, radius * part, decay, settings.target, check).apl
            worst.append((apl <= np.quantile(apl, WORST)) & (apl < settings.target * (1 - TOLERANCE)))
    return np.mean(worst, axis=0)


def _leaves(here, radius: float, study_area: shapely.Geometry | None) -> np.ndarray | None:
    if study_area is None:
        return None
    points = shapely.points(here["x"], here["y"])
    border = study_area.boundary
    shapely.prepare([study_area, border])
    return ~shapely.intersects(study_area, points) | shapely.dwithin(border, points, radius)


def _notes(needs, actors, demand, offer, themed, settings) -> Notes:
    asked = set(demand["theme"])
    offered = {theme for themes in offer["themes"] for theme in themes}
    return Notes(
        needs_without_theme=_labels(needs, "themes", lambda: [not themes for themes in _themes(needs)]),
        needs_without_count=_labels(needs, "count", lambda: _numbers(needs, "count").isna().to_numpy()),
        actors_without_theme=_labels(actors, "themes", lambda: [not themes for themes in _themes(actors)]),
        actors_without_capacity=_labels(actors, "capacity", lambda: _numbers(actors, "capacity").isna().to_numpy()),
        negative_counts=_labels(needs, "count", lambda: _negative(needs["count"])),
        negative_capacities=_labels(actors, "capacity", lambda: _negative(actors["capacity"])),
        capacity_unknown=bool(len(offer)) and bool(offer["capacity"].isna().all()),
        themes_without_actor=sorted(asked - offered) if themed else [],
        themes_without_need=sorted(offered - asked) if themed else [],
        reaches_without_need=sorted({theme for theme, _ in settings.reach_by_theme} - asked),
    )


def _labels(frame: pd.DataFrame, column: str, which: Callable[[], np.ndarray]) -> list:
    return frame.index[which()].tolist() if column in frame else []


def _negative(numbers: pd.Series) -> np.ndarray:
    return (pd.to_numeric(numbers, errors="coerce") < 0).to_numpy()
