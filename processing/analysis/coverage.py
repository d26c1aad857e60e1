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
from .batches import Batch, batches
from .certainty import doubts, in_words, level
from .conditions import DIMENSIONS, Facts, facts_of
from .coverage_settings import Settings
from .gaps import gaps_of
from .meeting import points
from .surveyed import WHOLE, Survey, share_within
from .ways import above_zero

INDICATORS = ("theme", "besoin", "apl", "ratio", "non_couvert", "cause", "n_acteurs", "plus_proche", "plus_proche_min")
INDICATORS += ("top5", "robustesse", "effet_bord", "capacite_imputee")
INDICATORS += ("effectif", "etat_offre", "non_couvert_min", "non_couvert_max", "confiance", "doutes", "part_recensee")
INDICATORS += ("choix", "frein", "perdus", "n_a_portee", "n_ouverts", "n_gratuits", "n_sur_place", "n_a_distance")
INDICATORS += ("n_itinerants", "n_non_publies", "horaires_connus", "frais_connus", "modes_connus", "itinerance_connue")
WORDS = ("theme", "cause", "plus_proche", "top5", "effet_bord", "effectif", "etat_offre", "confiance", "doutes")
WORDS += ("choix", "frein")
OFFER, NO_OFFER, NOT_SURVEYED, NOT_PUBLISHED, NOT_SAID = ("offre", "aucune", "non-recense", "non-publie", "inconnue")
"""Is there an actor of the theme? The first four are the codes of ``etats_offre``; NOT_SAID: none is known, and nobody
says whether any was looked for."""
COUNTED, UNCOUNTED, ONE_EACH = ("connu", "inconnu", "un par besoin")


class Coverage(NamedTuple):
    """``rows``: one a need x theme, in the order of the needs; ``notes``, ``facts``: what was found amiss."""

    rows: geopandas.GeoDataFrame
    notes: meeting.Notes
    facts: Facts


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
    survey: Survey | None = None,
) -> Coverage:
    """Return the potential access (E2SFCA, see ``catchment``) and the gap of each need and theme.

    Both frames in one metric CRS; a polygon or line stands where its representative point is. Columns, all optional:
    of ``needs`` ``count`` (people), ``themes``, ``publics``; of ``actors`` ``id``, ``name``, ``capacity``, ``themes``,
    ``publics`` and those of ``conditions.facts_of``; ``themes`` and ``publics`` as ``values.split`` reads them.
    ``study_area`` is where actors are known, ``survey`` where they have been looked for. ``progress`` is told the
    share done and may raise, to stop.

    A need with several themes has its whole count in each, an actor with several offers each its whole capacity. Where
    one side has no column of themes every actor serves every need; needs without the column share the theme ''.
    A count that is missing or negative is one person. A capacity that is missing or negative is the median of those
    known for the theme, else of all known; where none is known at all, whoever reaches an eligible actor is covered.
    Actors that do not meet the ``conditions`` of the settings are not part of the offer.

    The rows have ``need`` (label in ``needs.index``), the INDICATORS, columns for sums and the point of the need:

    - ``besoin``, ``non_couvert`` in people, ``apl`` in places per person, ``ratio`` = apl / target, ``n_acteurs``
      eligible and in reach, ``plus_proche`` the id (else the name) of the nearest actor of the theme at any distance
      and for any public, ``robustesse`` as ``_robustness`` says (NaN when not asked for), ``effet_bord`` whether the
      reach leaves the study area (None without one), ``capacite_imputee`` the share of apl that comes from medians
      (NaN when apl is 0); ``effectif`` says whether the count is known.
    - ``etat_offre``: OFFER (an actor of the theme is in reach, for whatever public and whatever is asked of it but the
      audience), NOT_PUBLISHED (only such as the audience may not read of), NO_OFFER, NOT_SURVEYED (nor was all of the
      area in reach), NOT_SAID. ``part_recensee``: share of that area (NaN without a survey).
    - ``non_couvert_min``, ``_max``: the gap when all that is not known of the actors turns out well or badly: unknown
      capacities are enough or none, facts that are asked for and not known hold or do not. Where no capacity is known
      at all, capacities are judged in neither.
    - ``confiance``, ``doutes``: see ``certainty``. ``choix``: whether two or more actors are there to choose from.
    - ``perdus``: people covered when nothing is asked and not covered when all is; ``frein`` the condition that alone
      makes most people lose (None: nobody loses); ``perdus_<condition>`` what it does alone.
    - ``n_a_portee``: actors in reach, of the theme, for the public and the audience, whatever else is asked; of these
      ``n_ouverts`` (None without a slot), ``n_gratuits``, ``n_sur_place``, ``n_a_distance``, ``n_itinerants`` and
      ``n_non_publies`` say what they are (None: no such column), ``horaires_connus``, ``frais_connus``,
      ``modes_connus``, ``itinerance_connue`` of what share of them it is known.
    """
    above_zero(reach=settings.reach, target=settings.target)
    progress(0.0)
    facts = facts_of(actors, settings.conditions, partial(progress, 0.0))
    asking = meeting.demand(needs, settings.inside)
    offering = _with_facts(meeting.offer(actors), facts.table)
    uncounted = UNCOUNTED if "count" in needs else ONE_EACH
    parts = []
    themed = meeting.themed(needs, actors)
    for before, after, batch in batches(asking, offering, themed, settings.reach_of, settings.ways):

        def tell(share, before=before, after=after):
            progress(before * (1 - share) + after * share)

        tell(0.0)
        found = gaps_of(batch, settings, facts.given, tell)
        found |= _around(batch, settings, study_area, survey, found)
        found["effectif"] = np.where(batch.here["known"], COUNTED, uncounted)
        parts.append({"need": batch.here["need"].to_numpy(), "order": batch.here.index.to_numpy(), **found})
    rows = _table(parts)
    points = needs.geometry.representative_point().loc[rows["need"]].array
    rows = geopandas.GeoDataFrame(rows, geometry=points, crs=needs.crs)
    progress(1.0)
    return Coverage(rows, meeting.notes(needs, actors, asking, offering, settings.reach_by_theme), facts)


def _with_facts(offering: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    # In an order that the facts decide too: not even two offers that differ in nothing else follow their rows.
    joined = offering.join(table, on="actor")
    keys = ["id", "name", "x", "y", "capacity", "publics", *table.columns]
    return joined.sort_values(keys, kind="stable").reset_index(drop=True)


def _table(parts: list[dict[str, np.ndarray]]) -> pd.DataFrame:
    """Return the rows of all batches in the order of the needs, with what is said of how sure they are."""
    lost = [f"perdus_{dimension}" for dimension in DIMENSIONS]
    columns = ["need", *INDICATORS, "n_capacite_inconnue", "n_condition_inconnue", *lost]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=object if name in WORDS else float) for name in columns})
    rows = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    rows = rows.sort_values("order", kind="stable").reset_index(drop=True)
    found = doubts(rows)
    rows["confiance"], rows["doutes"] = level(found), in_words(found)
    return rows[columns]


def _around(batch: Batch, settings: Settings, study_area, survey: Survey | None, found: dict) -> dict[str, np.ndarray]:
    """Return what the surroundings of each need say: the border, the survey, and so the state of the offer."""
    radius = settings.ways.metres(batch.reach)
    share = np.full(len(batch.here), np.nan)
    if survey is not None:
        share = share_within(survey, points(batch.here), radius)
    state = state_of_offer(found.pop("published"), found.pop("known"), share)
    return {"effet_bord": _leaves(batch.here, radius, study_area), "part_recensee": share, "etat_offre": state}


def state_of_offer(published: np.ndarray, known: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return OFFER to NOT_SAID, from how many actors may be read of, how many are known, what share was surveyed."""
    return np.select(
        [published > 0, known > 0, share >= WHOLE, share < WHOLE],
        [OFFER, NOT_PUBLISHED, NO_OFFER, NOT_SURVEYED],
        NOT_SAID,
    ).astype(object)


def _leaves(here: pd.DataFrame, radius: float, study_area: shapely.Geometry | None) -> np.ndarray:
    if study_area is None:
        return np.full(len(here), None)
    where, back = np.unique(points(here), axis=0, return_inverse=True)
    places = shapely.points(where)
    border = study_area.boundary
    shapely.prepare([study_area, border])
    leaves = ~shapely.intersects(study_area, places) | shapely.dwithin(border, places, radius)
    return leaves[np.ravel(back)].astype(object)
