"""The parts of the networks: strongest links, circles, chance, betweenness, means, against slow and plain programs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tisserand.processing.analysis.networks.betweenness import betweenness
from tisserand.processing.analysis.networks.circles import Graph, circles, compared
from tisserand.processing.analysis.networks.complementarity import Sides, bits, everyone
from tisserand.processing.analysis.networks.links import strongest_links
from tisserand.processing.analysis.networks.means import seekers, things
from tisserand.processing.analysis.networks.rewiring import rewired

POINTS = st.integers(2, 14).flatmap(
    lambda n: st.tuples(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=n, max_size=n),
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.3]), min_size=n * n, max_size=n * n),
    )
)


def given_by(table):
    return lambda first, second: np.maximum(table, table.T)[first, second]


def slow_links(xy, table, distance, most):
    """Return mutual partners and spanning tree, by double loops and Kruskal's own words."""
    nodes = len(xy)
    away = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    strength = np.maximum(table, table.T)
    near = [(i, j) for i, j in combinations(range(nodes), 2) if away[i, j] <= distance]
    order = {frozenset(pair): (-strength[pair], round(away[pair] * 100)) for pair in near}
    partners = []
    for i in range(nodes):
        others = [j for j in range(nodes) if j != i and away[i, j] <= distance and strength[i, j] > 0]
        partners.append(sorted(others, key=lambda j, i=i: (*order[frozenset((i, j))], j))[:most])
    mutual = {(i, j) for i, j in near if j in partners[i] and i in partners[j]}
    part, tree = list(range(nodes)), set()
    for i, j in sorted(near, key=lambda pair: (*order[frozenset(pair)], pair)):
        if part[i] != part[j]:
            tree.add((i, j))
            part = [part[i] if each == part[j] else each for each in part]
    return mutual, tree


@given(POINTS, st.integers(1, 4), st.sampled_from([5.0, 12.0, 60.0]))
@settings(deadline=None)
def test_links_are_mutual_partners_and_the_strongest_tree(drawn, most, distance):
    places, numbers = drawn
    xy = np.array(places, dtype=float)
    table = np.array(numbers).reshape(len(xy), len(xy))
    found = strongest_links(xy, distance, most, given_by(table))
    mutual, tree = slow_links(xy, table, distance, most)
    pairs = list(zip(found.first.tolist(), found.second.tolist()))
    assert set(pairs) == mutual | tree
    assert pairs == sorted(pairs)
    assert {pair for pair, both in zip(pairs, found.mutual) if both} == mutual


def test_links_do_not_depend_on_how_the_pairs_are_cut(monkeypatch):
    random = np.random.default_rng(2)
    xy, table = random.uniform(0, 50, (80, 2)), np.round(random.uniform(0, 1, (80, 80)), 1)
    whole = strongest_links(xy, 15, 3, given_by(table))
    monkeypatch.setattr("tisserand.processing.analysis.networks.links.TILE", 50)
    for one, other in zip(whole, strongest_links(xy, 15, 3, given_by(table))):
        assert np.array_equal(one, other)


SETS = st.lists(st.frozensets(st.integers(0, 40)), min_size=6, max_size=6)


def as_bits(of_rows):
    cells = [(row, code) for row, codes in enumerate(of_rows) for code in codes]
    rows, columns = zip(*cells) if cells else ((), ())
    return bits(sparse.csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(of_rows), 41)))


@given(SETS, SETS, SETS, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4))
def test_strength_is_what_sets_say(held, needed, publics, sought):
    sought = {(i, j) for i, j in sought if i != j}
    both = sorted(i * 6 + j for i, j in sought | {(j, i) for i, j in sought})
    open_to_all = np.array([not each for each in publics])
    sides = Sides(as_bits(held), as_bits(needed), everyone(as_bits(publics), open_to_all), np.array(both, dtype=int))
    first, second = np.array([(i, j) for i in range(6) for j in range(6) if i != j]).T
    for i, j, found in zip(first, second, sides.strength(first, second)):
        around = needed[i] | needed[j]
        share = len((held[i] ^ held[j]) & around) / len(around) if around and held[i] and held[j] else 0
        public = not publics[i] or not publics[j] or publics[i] & publics[j]
        means = (i, j) in sought or (j, i) in sought
        assert found == pytest.approx(share + 0.3 * bool(public) + 1.5 * means)


def test_a_thing_is_known_by_its_first_word_or_by_two_words():
    assert things("Une salle de concert") & things("Un minibus, deux salles de danse")
    assert things("Stockage en chambre froide") & things("une grande chambre froide")
    assert things("Besoin de bénévoles") & things("des bénévoles le samedi")
    assert not things("Un local de plain-pied") & things("Un miroir en pied")
    assert not things("Des vélos à cadre bas") & things("Une remorque à vélos")
    assert things(None) == things("le, la ; des") == frozenset()


def test_seekers_are_the_pairs_within_the_distance():
    xy = np.array([(0, 0), (900, 0), (1000, 0), (5000, 0)])
    sought = ["une salle", "une salle", None, "une salle"]
    offered = ["", "", "une salle, des chaises", "une salle"]
    assert seekers(sought, offered, xy, 1000).T.tolist() == [[0, 2], [1, 2]]


def modularity(graph, communities, nodes):
    """Compute the modularity by its definition, a double loop."""
    weights = np.zeros((len(graph.xy), len(graph.xy)))
    weights[graph.first, graph.second] = weights[graph.second, graph.first] = graph.weight
    degrees, total = weights.sum(axis=1), weights[np.ix_(nodes, nodes)].sum()
    return sum(
        weights[i, j] / total - degrees[i] * degrees[j] / total**2
        for i in nodes
        for j in nodes
        if communities[i] == communities[j]
    )


def meshed(seed=1, nodes=60, side=3000.0):
    """Make a graph of near points."""
    random = np.random.default_rng(seed)
    xy = random.uniform(0, side, (nodes, 2))
    found = strongest_links(xy, 800.0, 4, lambda first, second: 1 - np.hypot(*(xy[first] - xy[second]).T) / 900)
    return Graph(found.first, found.second, found.strength, xy, found.component)


def test_modularity_of_a_component_is_that_of_its_definition():
    graph = meshed()
    communities, found = circles(graph, 3, 8)
    chance = compared(graph, communities, found, (3, 8), 800.0, 3)
    for number, value in enumerate(chance.modularity):
        nodes = np.flatnonzero(graph.component == number)
        if len(nodes) > 1:
            assert value == pytest.approx(modularity(graph, communities, nodes))


@given(st.integers(0, 50), st.sampled_from([(2, 3), (3, 8), (3, 15), (5, 60)]))
@settings(max_examples=25, deadline=None)
def test_circles_keep_to_their_size_and_hold_together(seed, sizes):
    graph = meshed(seed)
    _, found = circles(graph, *sizes)
    counts = np.bincount(found.number[found.number >= 0])
    assert all(sizes[0] <= count <= sizes[1] for count in counts)
    inside = found.number[graph.first] == found.number[graph.second]
    kept = sparse.csr_matrix((graph.weight[inside], (graph.first[inside], graph.second[inside])), shape=(60, 60))
    _, joined = connected_components(kept, directed=False)
    assert all(len(set(joined[found.number == number])) == 1 for number in range(len(counts)))


def test_a_star_that_does_not_divide_keeps_its_strongest_arms():
    leaves = np.arange(1, 31)
    weight = np.linspace(1, 0.1, 30)
    graph = Graph(np.zeros(30, dtype=int), leaves, weight, np.zeros((31, 2)), np.zeros(31, dtype=int))
    _, found = circles(graph, 3, 15)
    assert np.flatnonzero(found.number == 0).tolist() == list(range(15))
    assert (found.number[15:] == -1).all()


def keys(first, second):
    return {frozenset(pair) for pair in zip(first.tolist(), second.tolist())}


def test_drawn_links_keep_degrees_and_length_and_are_all_different():
    graph = meshed(nodes=120)
    degrees = np.bincount(np.r_[graph.first, graph.second])
    before = keys(graph.first, graph.second)
    for first, second in rewired(graph.first, graph.second, graph.xy, 800.0, graph.component, 6):
        assert np.array_equal(np.bincount(np.r_[first, second]), degrees)
        assert (np.hypot(*(graph.xy[first] - graph.xy[second]).T) <= 800).all()
        assert len(keys(first, second)) == len(before)
        assert frozenset() not in {pair - pair for pair in keys(first, second) if len(pair) == 1}
        assert len(keys(first, second) & before) < 0.6 * len(before)


def test_every_arrangement_is_drawn_about_as_often():
    # Six actors at one place, two links each: 70 arrangements, rings of six or two of three.
    ring = np.arange(6)
    drawings = rewired(ring, (ring + 1) % 6, np.zeros((6, 2)), 1.0, np.zeros(6, dtype=int), 2100)
    counts = {}
    for first, second in drawings:
        key = frozenset(keys(first, second))
        counts[key] = counts.get(key, 0) + 1
    assert len(counts) == 70
    assert np.std(list(counts.values())) < 2 * np.sqrt(30)


def test_what_has_one_arrangement_only_has_no_z():
    whole = np.array(list(combinations(range(5), 2))).T
    graph = Graph(*whole, np.ones(10), np.zeros((5, 2)), np.zeros(5, dtype=int))
    communities, found = circles(graph, 3, 15)
    chance = compared(graph, communities, found, (3, 15), 10.0, 20)
    assert np.isnan(chance.z).all()
    assert np.isnan(chance.p).all()


def test_few_drawings_are_made_of_many_links():
    graph = meshed()
    communities, found = circles(graph, 3, 8)
    assert compared(graph, communities, found, (3, 8), 800.0, 5).runs == 5


def slow_betweenness(lengths):
    """Count shortest ways by listing every way without a loop."""
    nodes = range(len(lengths))

    def ways(here, goal, seen, length):
        if here == goal:
            yield length, seen
        else:
            for there in nodes:
                if there not in seen and np.isfinite(lengths[here, there]):
                    yield from ways(there, goal, (*seen, there), length + lengths[here, there])

    found = np.zeros(len(lengths))
    for start, goal in combinations(nodes, 2):
        every = list(ways(start, goal, (start,), 0))
        shortest = [seen for length, seen in every if length == min(other for other, _ in every)]
        for seen in shortest:
            for node in seen[1:-1]:
                found[node] += 1 / len(shortest)
    return found


@given(st.lists(st.sampled_from([1, 1, 2, 3, np.inf, np.inf]), min_size=15, max_size=15))
@settings(deadline=None)
def test_betweenness_is_that_of_every_way_listed(numbers):
    lengths = np.full((6, 6), np.inf)
    lengths[np.triu_indices(6, 1)] = numbers
    lengths = np.minimum(lengths, lengths.T)
    assert betweenness(lengths[None])[0] == pytest.approx(slow_betweenness(lengths))
