"""Networks of actors: who could work with whom, why, around what, and what is still missing among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..steps import Steps
from .bonds import complements, likeness
from .circles import Chance, Graph, circles, compared
from .links import Links, strongest_links
from .reasons import codes_of
from .rows import centrality, lines, member_rows, network_rows
from .standing import Ground, ground_of, standing_order, texts

COMPLEMENTARITY, SIMILARITY = "complementarity", "similarity"


class Settings(NamedTuple):
    """What the user chooses: ``distance`` in metres, ``least`` and ``most`` members, drawings by chance at most."""

    neighbours: int = 5
    distance: float = 15_000.0
    mode: str = COMPLEMENTARITY
    least: int = 3
    most: int = 15
    rewirings: int = 100

    def check(self) -> None:
        """Raise when the settings mean nothing."""
        if not 0 < self.distance < np.inf:
            raise TisserandError(
                QT_TRANSLATE_NOOP("Tisserand", "The distance is {distance} m: give one above 0."),
                distance=self.distance,
            )
        if self.neighbours < 1 or self.rewirings < 0 or not 2 <= self.least <= self.most:
            raise TisserandError(
                QT_TRANSLATE_NOOP(
                    "Tisserand",
                    "{neighbours} partners, networks of {least} to {most} members, {rewirings} drawings: give a number "
                    "of partners from 1 on, sizes from 2 on in their order, drawings from 0 on.",
                ),
                neighbours=self.neighbours,
                least=self.least,
                most=self.most,
                rewirings=self.rewirings,
            )


class Notes(NamedTuple):
    """What a reader has to know.

    Labels of rows that lack something; ``from_needs``: whether what is needed comes from the needs, not the actors;
    ``types``: links by type; ``runs``: drawings by chance made, of so many ``asked`` for; ``modularity`` and ``z`` of
    the part with the most actors.
    """

    without_theme: list
    needs_without_theme: list
    needs_without_count: list
    from_needs: bool
    links: int
    density: float
    runs: int
    modularity: float
    z: float
    types: dict[str, int]
    asked: int


class ActorNetworks(NamedTuple):
    """What ``actor_networks`` finds.

    ``members``: the index of the input, columns ``reseau`` (a number from 1 on, None: in none), ``role`` (pilote,
    membre, None), ``n_liens`` (links to anyone), ``force_reseau`` (the strength of those within the network),
    ``intermediaire`` (0 to 1: the share of the pairs of the others that it stands between), ``raison``.
    ``networks``: hulls with ``reseau, n, membres, themes, manque, pilote, pilote_id, densite, cohesion, modularite_z,
    p_hasard, solidite, raison``.
    ``links``: a fresh iterator, at each call, over frames of lines with ``de, vers`` (ids), ``de_nom, vers_nom, type,
    force, retenu`` (mutuel, passage), ``reseau`` (None between networks), ``metres, themes, raison``.
    """

    members: pd.DataFrame
    networks: geopandas.GeoDataFrame
    links: Callable[[], Iterator[geopandas.GeoDataFrame]]
    notes: Notes


def actor_networks(
    actors: geopandas.GeoDataFrame,
    needs: geopandas.GeoDataFrame | None = None,
    settings: Settings = Settings(),  # noqa: B008 - a tuple cannot change
    theme_labels: Mapping[str, str] | None = None,
    public_labels: Mapping[str, str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> ActorNetworks:
    """Link actors that have something to bring each other, and find the networks they form.

    ``actors``: any geometry (a representative point stands for it) in a CRS in metres, a column ``id`` and, where
    known, ``name, themes, publics``, ``sought`` and ``offered`` (means looked for and shared, in words), ``text`` (for
    similarity alone). ``needs`` in the same CRS: ``themes``, ``count``; without needs, or where these name no theme,
    the themes of the actors around stand for what is needed. ``progress`` gets the share done, and may raise, to stop.
    Nothing depends on the order of the rows; what lies beyond the distance of everyone in a network changes nothing
    in it. Raises ``TisserandError`` for a CRS that is not in metres and for settings that mean nothing.
    """
    settings.check()
    _refuse_degrees(actors)
    order = standing_order(actors)
    steps = Steps(progress)
    ground = ground_of(actors.iloc[order], needs, settings.distance, steps.check)
    steps.begin(0.1, 0.5)
    labels, distance = theme_labels or {}, settings.distance
    if settings.mode == SIMILARITY:
        bonds = likeness(ground, distance, labels, steps.check)
    else:
        bonds = complements(ground, distance, labels, public_labels or {}, steps.check)
    links = strongest_links(ground.xy, distance, settings.neighbours, bonds.strength, steps)
    steps.begin(0.6, 0.3)
    graph = _graph(links, ground.xy)
    sizes = (settings.least, settings.most)
    communities, found = circles(graph, *sizes, steps.check)
    chance = compared(graph, communities, found, sizes, distance, settings.rewirings, steps)
    centre = centrality(graph, found)
    kinds = bonds.kinds(links.first, links.second)
    steps.begin(0.9, 0.1)
    members = member_rows(ground, links, graph, found, centre, distance, settings.least)
    return ActorNetworks(
        members.iloc[np.argsort(order)].set_axis(actors.index),
        network_rows(ground, graph, found, chance, centre, distance, labels).set_crs(actors.crs),
        lambda: (piece.set_crs(actors.crs) for piece in lines(ground, links, kinds, found.number, bonds.tell)),
        _notes(actors, needs, ground, links, kinds, chance, settings.rewirings),
    )


def _refuse_degrees(actors: geopandas.GeoDataFrame) -> None:
    if len(actors) and not (actors.crs and actors.crs.is_projected):
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "Distances cannot be measured in {crs}: reproject to a CRS in metres."),
            crs=actors.crs.name if actors.crs else "?",
        )


def _notes(
    actors: geopandas.GeoDataFrame,
    needs: geopandas.GeoDataFrame | None,
    ground: Ground,
    links: Links,
    kinds: np.ndarray,
    chance: Chance,
    asked: int,
) -> Notes:
    nodes = len(actors)
    largest = np.bincount(links.component).argmax() if nodes else None
    named = needs if ground.from_needs else None
    return Notes(
        without_theme=_without_theme(actors) if "themes" in actors else [],
        needs_without_theme=[] if named is None else _without_theme(named),
        needs_without_count=[] if named is None or "count" not in named else _uncounted(named),
        from_needs=ground.from_needs,
        links=len(links.first),
        density=len(links.first) / (nodes * (nodes - 1) / 2) if nodes > 1 else float("nan"),
        runs=chance.runs,
        modularity=float("nan") if largest is None else float(chance.modularity[largest]),
        z=float("nan") if largest is None else float(chance.z[largest]),
        types=_counts(kinds),
        asked=asked,
    )


def _counts(kinds: np.ndarray) -> dict[str, int]:
    names, counts = np.unique(kinds.astype(str), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist()))


def _without_theme(frame: pd.DataFrame) -> list:
    return [row for row, codes in zip(frame.index, codes_of(texts(frame, "themes"))) if not codes]


def _uncounted(needs: pd.DataFrame) -> list:
    return needs.index[~(pd.to_numeric(needs["count"], errors="coerce") >= 0)].tolist()


def _graph(links: Links, xy: np.ndarray) -> Graph:
    with_reason = links.strength > 0
    ends = links.first[with_reason], links.second[with_reason]
    return Graph(*ends, links.strength[with_reason], xy, links.component)
