"""Where needs are not covered, how many people that concerns, and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely

from ...layers.errors import QT_TRANSLATE_NOOP, TisserandError
from . import meeting
from .catchment import DECAYS, Access, access
from .pairs import TOLERANCE
from .ways import CrowFly, Ways, above_zero

COVERED, OUT_OF_REACH, NOT_THIS_PUBLIC, NOT_ENOUGH = CAUSES = ("couvert", "hors_portee", "public", "capacite")
INDICATORS = ("theme", "besoin", "apl", "ratio", "non_couvert", "cause", "n_acteurs", "plus_proche", "plus_proche_min")
INDICATORS += ("top5", "robustesse", "effet_bord", "capacite_imputee")
REACHES_TRIED = (0.75, 1.0, 1.25)
WORST = 0.2


class Settings(NamedTuple):
    """Reaches in minutes by the ``ways``, ``target`` in places per person."""

    reach: float = 20.0
    reach_by_theme: tuple[tuple[str, float], ...] = ()
    decay: str = "gaussian"
    target: float = 1.0
    robustness: bool = False
    ways: Ways = CrowFly()

    def reach_of(self, theme: str) -> float:
        """Return the reach of a theme in minutes."""
        return dict(self.reach_by_theme).get(theme, self.reach)


class Coverage(NamedTuple):
    """``rows``: one a need x theme, in the order of the needs; ``notes``: what was found amiss."""

    rows: geopandas.GeoDataFrame
    notes: meeting.Notes


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
    above_zero(reach=settings.reach, target=settings.target)
    asking, offering = meeting.demand(needs), meeting.offer(actors)
    parts = []
    for share, (theme, here, there, guess) in meeting.by_theme(asking, offering, meeting.themed(needs, actors)):
        check = partial(progress, share)
        parts.append(_of_theme(here, there, guess, settings, settings.reach_of(theme), study_area, check))
    rows = pd.concat(parts).sort_index() if parts else asking.reindex(columns=["need", *INDICATORS])
    points = needs.geometry.representative_point().loc[rows["need"]].array
    rows = geopandas.GeoDataFrame(rows.reset_index(drop=True), geometry=points, crs=needs.crs)
    progress(1.0)
    return Coverage(rows, meeting.notes(needs, actors, asking, offering, settings.reach_by_theme))


def _of_theme(here, there, guess, settings, reach, study_area, check) -> pd.DataFrame:
    """Return the indicators of the needs ``here``, all of one theme, by the actors ``there``, all that offer it."""
    people = here["besoin"].to_numpy()
    found = _access(here, there, guess, reach, settings.decay, settings, check)
    ratio = found.apl / settings.target
    unmet = np.where(ratio < 1 - TOLERANCE, people * (1 - ratio), 0.0)
    nearest, minutes = settings.ways.nearest(meeting.points(here), meeting.points(there))
    names = there["name"].where(there["name"] != "", there["id"]).tolist()
    ids = there["id"].where(there["id"] != "", there["name"]).tolist()
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
            "plus_proche_min": minutes,
            "top5": _top(found, names),
            "robustesse": _robustness(here, there, guess, reach, settings, check) if settings.robustness else None,
            "effet_bord": _leaves(here, settings.ways.metres(reach), study_area),
            "capacite_imputee": found.imputed,
        },
        index=here.index,
    )


def _access(here, there, guess, reach, decay, settings, check) -> Access:
    imputed = there["capacity"].isna().to_numpy()
    known = guess == guess
    found = access(
        settings.ways.near(meeting.points(here), meeting.points(there), reach, check),
        reach,
        here["besoin"].to_numpy(),
        there["capacity"].fillna(guess).to_numpy() if known else None,
        DECAYS[decay],
        meeting.eligibility(here["publics"], there["publics"]),
        imputed,
    )
    return found if known else found._replace(apl=np.where(found.eligible > 0, settings.target, 0.0))


def _top(found: Access, names: list[str]) -> list[str | None]:
    """Return for each need ``Nom (62 %, 8 min) | …``: share of its apl, time; None when its apl is 0."""
    shares, minutes = (found.top_share * 100).tolist(), found.top_costs.tolist()
    return [
        " | ".join(f"{names[a]} ({part:.0f} %, {time:.0f} min)" for a, part, time in zip(*best) if a >= 0) or None
        for best in zip(found.top.tolist(), shares, minutes)
    ]


def _robustness(here, there, guess, reach, settings, check) -> np.ndarray:
    """Return in which share of six runs a need is below the target and in the worst fifth of its theme.

    The runs have three quarters, the whole and five quarters of the reach, each with the decay asked for and another.
    """
    decays = (settings.decay, "step" if settings.decay == "gaussian" else "gaussian")
    worst = []
    for part in REACHES_TRIED:
        for decay in decays:
            apl = _access(here, there, guess, reach * part, decay, settings, check).apl
            worst.append((apl <= np.quantile(apl, WORST)) & (apl < settings.target * (1 - TOLERANCE)))
    return np.mean(worst, axis=0)


def _leaves(here, radius: float, study_area: shapely.Geometry | None) -> np.ndarray | None:
    if study_area is None:
        return None
    points = shapely.points(here["x"], here["y"])
    border = study_area.boundary
    shapely.prepare([study_area, border])
    return ~shapely.intersects(study_area, points) | shapely.dwithin(border, points, radius)
