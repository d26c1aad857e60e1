"""Initiatives that resemble each other: the groups they form, and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from ....layers.errors import QT_TRANSLATE_NOOP, TisserandError
from ..communities import stability
from ..steps import Steps
from ..text import tfidf
from ..values import join, split
from .grouping import Groups, groups_of
from .measure import DECIMALS, Measure, Traits, has_neighbour, similarities, similarity_graph
from .reasons import BETWEEN_REASONS, Told, length, name_key, pair_reasons, strongest

STABLE, FRAGILE = 0.75, 0.6
HULL_MARGIN = 150.0
"""Metres around a hull, so that members in one line, or at one place, still have a surface."""
TERMS_OF_A_GROUP = 5
LINKS_AT_A_TIME = 20_000
REASONS_AT_A_TIME = 5_000


class SimilarInitiatives(NamedTuple):
    """What ``similar_initiatives`` finds.

    ``actors``: the index of the input, columns ``groupe`` (a number from 1 on, None = alone), ``medoide`` (1 for the
    member most like all others of its group, else 0), ``s_moyen`` (mean similarity to the others of the group, 0 to 1)
    and what place, themes and words give to it, ``s_espace, s_theme, s_texte``; ``plus_proche`` (id of the most
    similar actor linked to it, missing without a link) and ``raison`` (French).
    ``groups``: hulls (polygons) with ``groupe, n, themes`` (codes that half of the members have, the most frequent
    first), ``termes`` (the words that weigh most), ``stabilite`` (0 to 1, NaN when not asked for),
    ``solidite`` (stable, moyenne, fragile), ``rayon_m`` (from the medoid to the farthest member), ``medoide`` (its id),
    ``nom`` (its name), ``s_moyen``.
    ``links``: a fresh iterator, at each call, over GeoDataFrames of lines with ``de, vers`` (ids), ``groupe`` (None
    when the two are not in one group), ``s, raison``; together they may be too many to be held.
    """

    actors: geopandas.GeoDataFrame
    groups: geopandas.GeoDataFrame
    links: Callable[[], Iterator[geopandas.GeoDataFrame]]


def similar_initiatives(
    actors: geopandas.GeoDataFrame,
    measure: Measure = Measure(),  # noqa: B008 - a tuple cannot change
    threshold: float = 0.45,
    min_size: int = 3,
    runs: int = 20,
    labels: Mapping[str, str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> SimilarInitiatives:
    """Find groups of actors that resemble each other within a distance.

    ``actors`` has points in a CRS in metres, a column ``id`` and, where known, ``name``, ``themes`` (several values in
    one text) and ``text``. Two are linked when their similarity reaches the threshold; groups are the communities of
    that graph, or those within them, whose members number at least ``min_size`` and whose mean similarity over all
    pairs reaches the threshold; other actors are alone. ``runs`` draws measure how stable the groups are. The words of
    actors without a neighbour say nothing about how rare a word is, so that a lone far actor changes no group. Nothing
    depends on the order of the rows. ``labels`` gives the words for theme codes. Raises ``TisserandError`` for a CRS
    that is not in metres and for parameters that mean nothing. ``progress`` gets the share done; what it raises
    stops the work.
    """
    measure = measure.checked()
    _check(actors, threshold, min_size, runs)
    order = _standing_order(actors)
    compared = actors.iloc[order]
    steps = Steps(progress)
    traits, told, codes = _traits(compared, measure.distance, labels or {}, steps.check)
    steps.begin(0.1, 0.2)
    graph = similarity_graph(traits, measure, threshold, steps.check, steps)
    steps.begin(0.3, 0.1)
    groups = groups_of(traits, measure, graph, threshold, min_size, steps.check)
    linked = np.diff(graph.indptr) > 0
    steps.begin(0.4, 0.5)
    firmness = stability(graph[linked][:, linked], groups.number[linked], runs, tick=steps.check, progress=steps)
    steps.begin(0.9, 0.1)
    return SimilarInitiatives(
        _actors(compared, traits, told, graph, groups, measure.distance, steps).iloc[np.argsort(order)],
        _groups(compared, traits, told, codes, groups, firmness),
        lambda: _links(compared, traits, told, graph, groups.number),
    )


def _check(actors: geopandas.GeoDataFrame, threshold: float, min_size: int, runs: int) -> None:
    if len(actors) and not (actors.crs and actors.crs.is_projected):
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "Distances cannot be measured in {crs}: reproject to a CRS in metres."),
            crs=actors.crs.name if actors.crs else "?",
        )
    if not 0 < threshold <= 1:
        raise TisserandError(
            QT_TRANSLATE_NOOP("Tisserand", "The threshold of similarity is {threshold}: give one above 0, at most 1."),
            threshold=threshold,
        )
    if min_size < 2 or runs < 0:
        raise TisserandError(
            QT_TRANSLATE_NOOP(
                "Tisserand",
                "A group of {size} members, tried {runs} times: give a size from 2 on, and a number of runs from 0 on.",
            ),
            size=min_size,
            runs=runs,
        )


def _standing_order(actors: geopandas.GeoDataFrame) -> np.ndarray:
    """Return the positions of the rows sorted by place, then by all that is said of them."""
    points = actors.geometry.representative_point()
    keys = {name: _texts(actors, name) for name in ("name", "text", "themes", "id")}
    frame = pd.DataFrame({"x": points.x.to_numpy(), "y": points.y.to_numpy(), **keys})
    return frame.sort_values(list(frame.columns), kind="stable").index.to_numpy()


def _texts(actors: geopandas.GeoDataFrame, column: str) -> list[str]:
    """Return a column as texts, "" where it is missing or says nothing."""
    if column not in actors:
        return [""] * len(actors)
    return ["" if pd.isna(value) else str(value) for value in actors[column]]


def _traits(
    actors: geopandas.GeoDataFrame, distance: float, labels: Mapping[str, str], tick: Callable[[], None]
) -> tuple[Traits, Told, list[str]]:
    """Return what is compared, what it is told with, and the theme code of each column."""
    points = actors.geometry.representative_point()
    xy = np.column_stack([points.x, points.y]).astype(float)
    themes, codes = _sets([split(text) for text in _texts(actors, "themes")])
    neighboured = has_neighbour(xy, distance)
    texts = [text if near else "" for text, near in zip(_texts(actors, "text"), neighboured)]
    matrix, words = tfidf(texts, tick)
    keys = [name_key(name) for name in _texts(actors, "name")]
    told = Told([labels.get(code, code) for code in codes], words, keys)
    return Traits(xy, themes, matrix), told, codes


def _sets(sets: Sequence[Sequence[str]]) -> tuple[sparse.csr_matrix, list[str]]:
    """Return sets of codes as rows of 0 and 1, and the code of each column."""
    codes = sorted(set().union(*sets))
    column = {code: number for number, code in enumerate(codes)}
    indptr = np.concatenate([[0], np.cumsum([len(each) for each in sets])]).astype(int)
    indices = np.array([column[code] for each in sets for code in sorted(each)], dtype=int)
    return sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(sets), len(codes))), codes


def _best_links(graph: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return the actors that have a link, and the one that each resembles most; the first of equals."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    order = np.lexsort((graph.indices, -graph.data, rows))
    linked, first = np.unique(rows[order], return_index=True)
    return linked, graph.indices[order][first]


def _actors(
    actors: geopandas.GeoDataFrame,
    traits: Traits,
    told: Told,
    graph: sparse.csr_matrix,
    groups: Groups,
    distance: float,
    progress: Callable[[float], None],
) -> geopandas.GeoDataFrame:
    ids, names = np.array(_texts(actors, "id"), dtype=object), _texts(actors, "name")
    linked, fellows = _best_links(graph)
    closest = np.full(len(actors), None, dtype=object)
    closest[linked] = ids[fellows]
    reasons = np.full(len(actors), f"Aucune initiative semblable à moins de {length(distance)}", dtype=object)
    for start in range(0, len(linked), REASONS_AT_A_TIME):
        progress(start / len(linked))
        piece = slice(start, start + REASONS_AT_A_TIME)
        for i, j, reason in zip(
            linked[piece], fellows[piece], pair_reasons(traits, told, linked[piece], fellows[piece])
        ):
            named = f"« {names[j]} », {reason[0].lower()}{reason[1:]}" if names[j] else reason
            alone = (named, "trop peu de semblables pour un groupe")
            reasons[i] = named if groups.number[i] >= 0 else BETWEEN_REASONS.join(alone)
    return geopandas.GeoDataFrame(
        {
            "groupe": _numbers(groups.number),
            "medoide": np.isin(np.arange(len(actors)), groups.medoids).astype(int),
            "s_moyen": similarities(groups.parts),
            "s_espace": groups.parts[:, 0],
            "s_theme": groups.parts[:, 1],
            "s_texte": groups.parts[:, 2],
            "plus_proche": closest,
            "raison": reasons,
        },
        geometry=actors.geometry.to_numpy(),
        index=actors.index,
        crs=actors.crs,
    )


def _numbers(groups: np.ndarray) -> np.ndarray:
    """Return the numbers as people see them, from 1 on, None for none."""
    return np.array([number + 1 if number >= 0 else None for number in groups.tolist()], dtype=object)


def _groups(
    actors: geopandas.GeoDataFrame,
    traits: Traits,
    told: Told,
    codes: Sequence[str],
    groups: Groups,
    firmness: np.ndarray,
) -> geopandas.GeoDataFrame:
    medoids = groups.medoids
    inside = np.flatnonzero(groups.number >= 0)
    belongs = sparse.csr_matrix(
        (np.ones(len(inside)), (groups.number[inside], inside)), shape=(len(medoids), len(actors))
    )
    sizes = np.diff(belongs.indptr)
    members = np.split(belongs.indices, belongs.indptr[1:-1]) if len(medoids) else []
    points = shapely.points(traits.xy)
    hulls = [shapely.convex_hull(shapely.multipoints(points[of])).buffer(HULL_MARGIN) for of in members]
    reaches = [np.hypot(*(traits.xy[of] - traits.xy[medoid]).T).max() for of, medoid in zip(members, medoids)]

    holders = belongs @ traits.themes
    holders.data[holders.data * 2 < np.repeat(sizes, np.diff(holders.indptr))] = 0
    holders.eliminate_zeros()
    themes = [join(codes[c] for c in columns) for columns in strongest(holders, len(codes))]
    tellers = belongs @ (traits.texts > 0).astype(float)
    weights = (belongs @ traits.texts).multiply(tellers > 1).tocsr()
    terms = [join(told.words[c] for c in columns) for columns in strongest(weights, TERMS_OF_A_GROUP)]

    ids, names = _texts(actors, "id"), _texts(actors, "name")
    means = belongs @ np.nan_to_num(similarities(groups.parts)) / sizes
    return geopandas.GeoDataFrame(
        {
            "groupe": np.arange(1, len(medoids) + 1),
            "n": sizes,
            "themes": themes,
            "termes": terms,
            "stabilite": firmness,
            "solidite": [solidity(value) for value in firmness],
            "rayon_m": reaches,
            "medoide": [ids[medoid] for medoid in medoids],
            "nom": [names[medoid] for medoid in medoids],
            "s_moyen": np.round(means, DECIMALS),
        },
        geometry=geopandas.GeoSeries(hulls, crs=actors.crs),
    )


def solidity(stability: float) -> str | None:
    """Return the word for a stability (the bounds are those of Hennig 2007); None for NaN."""
    if np.isnan(stability):
        return None
    return "stable" if stability >= STABLE else "fragile" if stability < FRAGILE else "moyenne"


def _links(
    actors: geopandas.GeoDataFrame, traits: Traits, told: Told, graph: sparse.csr_matrix, groups: np.ndarray
) -> Iterator[geopandas.GeoDataFrame]:
    ids = np.array(_texts(actors, "id"), dtype=object)
    upper = sparse.triu(graph).tocoo()
    for start in range(0, upper.nnz, LINKS_AT_A_TIME):
        piece = slice(start, start + LINKS_AT_A_TIME)
        first, second = upper.row[piece], upper.col[piece]
        together = np.where(groups[first] == groups[second], groups[first], -1)
        yield geopandas.GeoDataFrame(
            {
                "de": ids[first],
                "vers": ids[second],
                "groupe": _numbers(together),
                "s": upper.data[piece],
                "raison": pair_reasons(traits, told, first, second),
            },
            geometry=shapely.linestrings(np.stack([traits.xy[first], traits.xy[second]], axis=1)),
            crs=actors.crs,
        )
