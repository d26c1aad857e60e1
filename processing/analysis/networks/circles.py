"""Communities of a size in which people can still meet, and how far they are from what chance would make."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ..communities import louvain
from .rewiring import rewired

MOST_LINKS, FEWEST_RUNS = 250_000, 8
"""Links drawn anew in all, which sets how often a large graph is drawn, but never less often than that."""

SIZES = (5, 10)
"""Circles are compared with those of chance that have about as many members: up to 5, up to 10, more."""

TIE = 1e-9


class Graph(NamedTuple):
    """Links of positive ``weight`` between actors at ``xy``; ``component`` (n,) numbers what could be joined at all."""

    first: np.ndarray
    second: np.ndarray
    weight: np.ndarray
    xy: np.ndarray
    component: np.ndarray


class Circles(NamedTuple):
    """Circles of n actors.

    ``number`` (n,): the circle of each, -1 for none; the largest comes first, equals in the order of their members.
    ``part`` (n,): the community of each, whether or not it became a circle. ``cohesion``: of the
    strength of the links of its members, the share that stays within, 0 to 1.
    """

    number: np.ndarray
    part: np.ndarray
    cohesion: np.ndarray


class Chance(NamedTuple):
    """How far a graph is from the same links drawn by chance, ``runs`` times.

    ``modularity`` and ``z``, one a component: its modularity, and how many standard deviations that lies above the mean
    of the drawings (NaN where chance has one arrangement only). ``p``, one a circle: how often circles of about that
    size hold together as well by chance, 0 to 1 (NaN where there is nothing to compare).
    """

    runs: int
    modularity: np.ndarray
    z: np.ndarray
    p: np.ndarray


def circles(graph: Graph, least: int, most: int, tick: Callable[[], None] = lambda: None) -> tuple[np.ndarray, Circles]:
    """Return the communities of the graph (Louvain), and the circles of ``least`` to ``most`` members within them.

    A community with too many members gives the communities within it, and these theirs; one that does not divide any
    further is put together anew from its strongest links on, as far as its size allows. One with too few joins the
    neighbour it has the strongest links to that has room for it; where there is none, it is no circle.
    """
    matrix = _matrix(graph)
    communities = of = louvain(matrix, tick)
    rest, number, taken = np.arange(len(of)), np.empty(len(of), dtype=np.int64), 0
    while len(rest):
        fits = np.bincount(of)[of] <= most
        number[rest[fits]] = of[fits] + taken
        taken += of.max() + 1
        rest, of = rest[~fits], of[~fits]
        if len(rest):
            matrix = _within(matrix[~fits][:, ~fits], of)
            of = _finer(matrix, of, most, tick)
    return communities, _numbered(graph, _joined(graph, number, least, most), least)


def compared(
    graph: Graph,
    communities: np.ndarray,
    found: Circles,
    sizes: tuple[int, int],
    distance: float,
    runs: int,
    progress: Callable[[float], None] = lambda share: None,
) -> Chance:
    """Return how far the graph and its circles are from chance; ``sizes``: least and most members of a circle.

    Drawn graphs are divided just as the graph was: what chance makes is at its best too, for any graph has communities
    when they are looked for (Guimerà, Sales-Pardo & Amaral 2004, doi:10.1103/PhysRevE.70.025101).
    """
    runs = _affordable(runs, len(graph.first))
    modularity = _modularity(graph, communities)
    sums, squares = np.zeros_like(modularity), np.zeros_like(modularity)
    drawn_keys = [np.empty(0)]
    drawings = rewired(
        graph.first, graph.second, graph.xy, distance, graph.component, runs, tick=lambda: progress(-1.0)
    )
    for run, (first, second) in enumerate(drawings):
        drawn = graph._replace(first=first, second=second)
        theirs, by_chance = circles(drawn, *sizes, lambda: progress(-1.0))
        above = _modularity(drawn, theirs) - modularity
        sums, squares = sums + above, squares + above**2
        drawn_keys.append(_keys(drawn, by_chance))
        progress((run + 1) / runs)
    if runs < 2:
        nothing = np.full(len(modularity), np.nan)
        return Chance(runs, modularity, nothing, np.full(len(found.cohesion), np.nan))
    spread = np.sqrt(np.maximum(squares - sums**2 / runs, 0) / (runs - 1))
    z = np.divide(-sums / runs, spread, out=np.full(len(modularity), np.nan), where=spread > TIE)
    return Chance(runs, modularity, z, _rarity(graph, found, np.sort(np.concatenate(drawn_keys)), z))


def _affordable(runs: int, links: int) -> int:
    return min(runs, max(FEWEST_RUNS, MOST_LINKS // max(links, 1)))


def _matrix(graph: Graph) -> sparse.csr_matrix:
    nodes = len(graph.xy)
    upper = sparse.csr_matrix((graph.weight, (graph.first, graph.second)), shape=(nodes, nodes))
    return sparse.csr_matrix(upper + upper.T)


def _within(matrix: sparse.csr_matrix, of: np.ndarray) -> sparse.csr_matrix:
    edges = matrix.tocoo()
    kept = of[edges.row] == of[edges.col]
    return sparse.csr_matrix((edges.data[kept], (edges.row[kept], edges.col[kept])), shape=matrix.shape)


def _finer(matrix: sparse.csr_matrix, of: np.ndarray, most: int, tick: Callable[[], None]) -> np.ndarray:
    """Return the communities within communities; where there is but one, its strongest parts of at most ``most``."""
    finer = louvain(matrix, tick)
    parts = np.unique(np.column_stack([of, finer]), axis=0)[:, 0]
    whole = np.bincount(parts, minlength=of.max() + 1)[of] == 1
    if whole.any():
        inner = sparse.triu(matrix[whole][:, whole]).tocoo()
        finer[whole] = finer.max() + 1 + _grown(inner, most)
    return np.unique(finer, return_inverse=True)[1]


def _grown(edges: sparse.coo_matrix, most: int) -> np.ndarray:
    """Join nodes by the strongest edges first, never more than ``most`` of them."""
    parts = [[node] for node in range(edges.shape[0])]
    order = np.lexsort((edges.col, edges.row, -edges.data))
    for one, other in zip(edges.row[order].tolist(), edges.col[order].tolist()):
        if parts[one] is not parts[other] and len(parts[one]) + len(parts[other]) <= most:
            parts[one].extend(parts[other])
            for node in parts[other]:
                parts[node] = parts[one]
    return np.array([min(part) for part in parts])


def _joined(graph: Graph, number: np.ndarray, least: int, most: int) -> np.ndarray:
    """Let communities with too few members join a neighbour, those with the fewest first."""
    _, first, number, sizes = np.unique(number, return_index=True, return_inverse=True, return_counts=True)
    one, other = number[graph.first], number[graph.second]
    small = (sizes[one] < least) | (sizes[other] < least)
    between = (one != other) & small
    one, other, weight = one[between], other[between], graph.weight[between]
    ties: dict[int, dict[int, float]] = {}
    for here, there, tie in zip(np.r_[one, other].tolist(), np.r_[other, one].tolist(), np.r_[weight, weight].tolist()):
        of_one = ties.setdefault(here, {})
        of_one[there] = of_one.get(there, 0.0) + tie
    root, size, begins = list(range(len(sizes))), sizes.tolist(), first.tolist()
    for community in np.lexsort((first, sizes))[: np.count_nonzero(sizes < least)].tolist():
        if root[community] == community and size[community] < least:
            around = [there for there in ties.get(community, ()) if size[there] + size[community] <= most]
            if around:
                chosen = min(around, key=lambda there: (-round(ties[community][there], 9), begins[there]))
                root[community] = chosen
                size[chosen] += size[community]
                begins[chosen] = min(begins[chosen], begins[community])
                _move_ties(ties, community, chosen)
    for community in range(len(root)):
        while root[root[community]] != root[community]:
            root[community] = root[root[community]]
    return np.array(root, dtype=np.int64)[number]


def _move_ties(ties: dict[int, dict[int, float]], gone: int, chosen: int) -> None:
    for there, tie in ties.pop(gone).items():
        ties[there].pop(gone)
        if there != chosen:
            ties[chosen][there] = ties[chosen].get(there, 0.0) + tie
            ties[there][chosen] = ties[there].get(chosen, 0.0) + tie


def _numbered(graph: Graph, number: np.ndarray, least: int) -> Circles:
    _, first, number, sizes = np.unique(number, return_index=True, return_inverse=True, return_counts=True)
    part = number
    order = np.lexsort((first, -sizes))
    order = order[sizes[order] >= least]
    renamed = np.full(len(sizes) + 1, -1)
    renamed[order] = np.arange(len(order))
    number = renamed[number]
    inside = number[graph.first] == number[graph.second]
    within = _sums(number[graph.first], np.where(inside, 2 * graph.weight, 0), len(order))
    of_members = _sums(number, _strengths(graph), len(order))
    return Circles(number, part, np.divide(within, of_members, out=np.zeros(len(order)), where=of_members > 0))


def _strengths(graph: Graph) -> np.ndarray:
    nodes = len(graph.xy)
    return np.bincount(graph.first, graph.weight, nodes) + np.bincount(graph.second, graph.weight, nodes)


def _sums(groups: np.ndarray, values: np.ndarray, number: int) -> np.ndarray:
    """Return the sums of the groups 0 … number - 1; -1 is no group."""
    return np.bincount(groups[groups >= 0], values[groups >= 0], number)


def _modularity(graph: Graph, communities: np.ndarray) -> np.ndarray:
    """Return the modularity of each component, as if it were alone (Newman & Girvan 2004); NaN without links."""
    number = graph.component.max(initial=-1) + 1
    strengths = _strengths(graph)
    volumes = np.bincount(graph.component, strengths, number)
    inside = communities[graph.first] == communities[graph.second]
    within = np.bincount(graph.component[graph.first], np.where(inside, 2 * graph.weight, 0), number)
    of = np.zeros(communities.max(initial=-1) + 1, dtype=np.int64)
    of[communities] = graph.component
    expected = np.bincount(of, np.bincount(communities, strengths, len(of)) ** 2, number)
    whole = np.where(volumes > 0, volumes, np.nan)
    return within / whole - expected / whole**2


def _keys(graph: Graph, found: Circles) -> np.ndarray:
    """Return one number a circle: its component and class of size in whole fours, then its cohesion (at most 1)."""
    grouped = np.flatnonzero(found.number >= 0)
    component = np.zeros(len(found.cohesion), dtype=np.int64)
    component[found.number[grouped]] = graph.component[grouped]
    size = np.bincount(found.number[grouped], minlength=len(component))
    return 4.0 * ((len(SIZES) + 1) * component + np.searchsorted(SIZES, size)) + found.cohesion


def _rarity(graph: Graph, found: Circles, by_chance: np.ndarray, z: np.ndarray) -> np.ndarray:
    keys = _keys(graph, found)
    start = np.floor(keys / 4) * 4
    end = np.searchsorted(by_chance, start + 2)
    better = end - np.searchsorted(by_chance, keys - TIE)
    every = end - np.searchsorted(by_chance, start)
    comparable = (every > 0) & ~np.isnan(z[np.floor(keys / 4).astype(np.int64) // (len(SIZES) + 1)])
    return np.where(comparable, (1 + better) / (1 + every), np.nan)
