"""Communities of a weighted graph: who holds together more than chance would have it, and how firmly."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

LEAST_GAIN = 1e-9
SHARE_KEPT = 0.9
BETWEEN_TICKS = 5_000


def louvain(graph: sparse.csr_matrix, tick: Callable[[], None] = lambda: None) -> np.ndarray:
    """Return for each node of a symmetric graph of positive weights the number of its community, from 0 on.

    Modularity is raised by moving nodes one by one, then by merging each community into one node of a smaller graph, as
    Blondel, Guillaume, Lambiotte and Lefebvre do (2008, doi:10.1088/1742-5468/2008/10/P10008); only the neighbours of a
    node that moved are looked at again (Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z). All is done
    again from what was found until nothing changes.

    Nodes are taken in the order they stand in, never at random. Each connected component has a modularity of its own,
    so that what is far away changes nothing. ``tick`` is called now and then; what it raises stops the search.
    """
    volumes = _volumes(graph)
    membership, before = np.arange(graph.shape[0]), None
    while not np.array_equal(membership, before):
        before = membership
        membership = _ascent(graph, volumes, membership, tick)
    return membership


def nested_communities(graph: sparse.csr_matrix, tick: Callable[[], None] = lambda: None) -> Iterator[np.ndarray]:
    """Yield the communities, then the communities within each of them, and so on until none splits."""
    communities = louvain(graph, tick)
    undivided = np.arange(graph.shape[0])
    while len(undivided):
        yield communities
        of = communities[undivided]
        graph = _within(graph, of)
        finer = louvain(graph, tick)
        pairs = np.unique(np.column_stack([of, finer]), axis=0)
        divides = np.bincount(pairs[:, 0], minlength=communities.max() + 1)[of] > 1
        # What did not divide never will: it is looked at no more.
        undivided, graph = undivided[divides], graph[divides][:, divides]
        communities = communities.copy()
        communities[undivided] = communities.max() + 1 + finer[divides]
        communities = np.unique(communities, return_inverse=True)[1]


def stability(
    graph: sparse.csr_matrix,
    groups: np.ndarray,
    runs: int,
    seed: int = 1,
    tick: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda share: None,
) -> np.ndarray:
    """Return how well each group is found again when a tenth of the nodes is left out, from 0 to 1; NaN without runs.

    ``groups`` holds one number a node, from 0 on, -1 for a node in no group. The value is the mean over the runs of the
    Jaccard index of what remains of the group to the community most like it, nested ones included (Hennig 2007,
    doi:10.1016/j.csda.2006.11.025, drawn without replacement).
    """
    draw = np.random.default_rng(seed)
    nodes, number = graph.shape[0], groups.max(initial=-1) + 1
    total, counted = np.zeros(number), np.zeros(number)
    for run in range(runs):
        progress(run / runs)
        kept = np.sort(draw.choice(nodes, size=round(SHARE_KEPT * nodes), replace=False))
        remaining = groups[kept]
        there = np.unique(remaining[remaining >= 0])
        best = np.zeros(number)
        for communities in nested_communities(graph[kept][:, kept], tick):
            best = np.maximum(best, _best_matches(remaining, communities, number))
        total[there] += best[there]
        counted[there] += 1
    return np.divide(total, counted, out=np.full(number, np.nan), where=counted > 0)


def _degrees(graph: sparse.csr_matrix) -> np.ndarray:
    return np.asarray(graph.sum(axis=1)).ravel()


def _volumes(graph: sparse.csr_matrix) -> np.ndarray:
    """Return for each node the sum of the degrees in its connected component."""
    _, component = connected_components(graph, directed=False)
    return np.bincount(component, weights=_degrees(graph), minlength=1)[component]


def _ascent(
    graph: sparse.csr_matrix, volumes: np.ndarray, membership: np.ndarray, tick: Callable[[], None]
) -> np.ndarray:
    """Move nodes, then the communities they form, then the communities of these, until none gains by moving."""
    moved = _moved(graph, volumes, membership, tick)
    _, first, community = np.unique(moved, return_index=True, return_inverse=True)
    if len(first) == graph.shape[0]:
        return community
    return _ascent(_merged(graph, community), volumes[first], np.arange(len(first)), tick)[community]


def _moved(
    graph: sparse.csr_matrix, volumes: np.ndarray, membership: np.ndarray, tick: Callable[[], None]
) -> list[int]:
    """Move each node to the neighbouring community that gains most, until no move gains anything."""
    starts, neighbours, weights = graph.indptr.tolist(), graph.indices.tolist(), graph.data.tolist()
    degrees = _degrees(graph)
    totals = np.bincount(membership, weights=degrees)
    expected = np.divide(degrees, volumes, out=np.zeros(len(degrees)), where=volumes > 0)
    community = membership.tolist()
    restless = _restless(graph, expected, membership, totals)
    queue, waiting = deque(np.flatnonzero(restless).tolist()), restless.tolist()
    degrees, totals, expected = degrees.tolist(), totals.tolist(), expected.tolist()
    for step in count():
        if step % BETWEEN_TICKS == 0:
            tick()
        if not queue:
            return community
        node = queue.popleft()
        waiting[node] = False
        own = community[node]
        ties = {own: 0.0}
        around = slice(starts[node], starts[node + 1])
        for neighbour, weight in zip(neighbours[around], weights[around]):
            if neighbour != node:
                other = community[neighbour]
                ties[other] = ties.get(other, 0.0) + weight
        totals[own] -= degrees[node]
        best = _best(ties, own, expected[node], totals)
        totals[best] += degrees[node]
        if best != own:
            community[node] = best
            for neighbour in neighbours[around]:
                if not waiting[neighbour] and community[neighbour] != best:
                    waiting[neighbour] = True
                    queue.append(neighbour)


def _restless(graph, expected, membership, totals) -> np.ndarray:
    """Return which nodes would gain by moving, as things stand; all of them at once, unlike in the queue."""
    nodes = len(membership)
    if np.array_equal(membership, np.arange(nodes)):
        return np.diff(graph.indptr) > 0
    belongs = sparse.csr_matrix((np.ones(nodes), (np.arange(nodes), membership)), shape=(nodes, len(totals)))
    ties = sparse.csr_matrix((graph - sparse.diags(graph.diagonal())) @ belongs).tocoo()
    own = ties.col == membership[ties.row]
    stays = np.zeros(nodes)
    stays[ties.row[own]] = ties.data[own]
    stays -= expected * (totals[membership] - _degrees(graph))
    restless = np.zeros(nodes, dtype=bool)
    gains = ties.data - expected[ties.row] * totals[ties.col] > stays[ties.row] + LEAST_GAIN
    restless[ties.row[gains & ~own]] = True
    return restless


def _best(ties: dict[int, float], own: int, expected: float, totals: list[float]) -> int:
    best, best_gain = own, ties[own] - expected * totals[own]
    for community, weight in ties.items():
        gain = weight - expected * totals[community]
        if gain > best_gain + LEAST_GAIN:
            best, best_gain = community, gain
    return best


def _merged(graph: sparse.csr_matrix, community: np.ndarray) -> sparse.csr_matrix:
    """Return the graph of the communities; what lies within one becomes a loop, counted from both ends."""
    nodes = graph.shape[0]
    belongs = sparse.csr_matrix((np.ones(nodes), (np.arange(nodes), community)))
    return sparse.csr_matrix(belongs.T @ graph @ belongs)


def _within(graph: sparse.csr_matrix, communities: np.ndarray) -> sparse.csr_matrix:
    """Return the graph without the edges between communities."""
    edges = graph.tocoo()
    kept = communities[edges.row] == communities[edges.col]
    return sparse.csr_matrix((edges.data[kept], (edges.row[kept], edges.col[kept])), shape=graph.shape)


def _best_matches(groups: np.ndarray, others: np.ndarray, number: int) -> np.ndarray:
    """Return for each of ``number`` groups its highest Jaccard index to one of the others, 0 for an empty group."""
    grouped = groups >= 0
    sizes, other_sizes = np.bincount(groups[grouped], minlength=number), np.bincount(others)
    pairs = (np.ones(grouped.sum()), (groups[grouped], others[grouped]))
    shared = sparse.coo_matrix(pairs, shape=(number, len(other_sizes)))
    shared.sum_duplicates()
    best = np.zeros(number)
    np.maximum.at(best, shared.row, shared.data / (sizes[shared.row] + other_sizes[shared.col] - shared.data))
    return best
