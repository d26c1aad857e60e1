"""Time the networks of actors, beside igraph for what it can do of them, and watch how they grow.

Towns of very different sizes stand at the density of a whole country; an actor has one to four of ten themes and some
words. igraph is given the links that the analysis chose, as it cannot choose them, and divides them and as many
drawings by chance.
"""
# ruff: noqa: TID251

from __future__ import annotations

import sys
from itertools import product

import measure
import numpy as np

DISTANCE = 15_000.0
# Side of a square for 100,000 actors.
SIDE = 1_100_000.0
SIZES = (1_000, 10_000, 100_000)
PEER = 10_000
MEANS = ("une salle", "un minibus", "des bénévoles", "une camionnette", "des outils", "un local", "", "", "", "")
SYLLABLES = ("ba", "co", "di", "fu", "ga", "lo", "mi", "nu", "pa", "ro")
WORDS = ["".join(three) for three in product(SYLLABLES, repeat=3)]


def actors(number: int):
    """Return actors strewn over towns."""
    import geopandas

    random = np.random.default_rng(1)
    towns = random.uniform(0, SIDE * np.sqrt(number / 1e5), (max(3, number // 40), 2))
    sizes = random.lognormal(0, 1.5, len(towns))
    where = towns[random.choice(len(towns), number, p=sizes / sizes.sum())] + random.normal(0, 3000, (number, 2))
    themes = ["|".join(f"t{k}" for k in random.choice(10, random.integers(1, 5), replace=False)) for _ in where]
    columns = {
        "id": [f"a{k}" for k in range(number)],
        "themes": themes,
        "publics": random.choice(["familles", "jeunes", "seniors", "tous-publics"], number),
        "sought": random.choice(MEANS, number),
        "offered": random.choice(MEANS, number),
        # A few words are everywhere, most are rare.
        "text": [" ".join(WORDS[int(1000 * rank)] for rank in random.uniform(0, 1, 20) ** 3) for _ in where],
    }
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*where.T), crs=2154)


def complementarity(number: int) -> dict:
    """Measure all of the analysis, with the sentence of each link."""
    return _networks(number, "complementarity")


def similarity(number: int) -> dict:
    """Measure the same for actors that resemble each other."""
    return _networks(number, "similarity")


def _networks(number: int, mode: str) -> dict:
    from tisserand.processing.analysis.networks.networks import Settings, actor_networks

    strewn = actors(number)
    clock = measure.Clock()
    found = actor_networks(strewn, settings=Settings(mode=mode))
    told = sum(len(piece) for piece in found.links())
    return measure.measured(clock, links=told, networks=len(found.networks), runs=found.notes.runs)


def division(number: int) -> dict:
    """Measure our division of the links, and of as many drawings by chance."""
    from tisserand.processing.analysis.networks.circles import circles, compared

    graph = _graph(number)
    clock = measure.Clock()
    communities, found = circles(graph, 3, 15)
    chance = compared(graph, communities, found, (3, 15), DISTANCE, 100)
    return measure.measured(clock, runs=chance.runs)


def leiden(number: int) -> dict:
    """Measure igraph's, by Leiden until nothing changes, without circles of a size."""
    import igraph

    graph = _graph(number)
    ends = list(zip(graph.first.tolist(), graph.second.tolist()))
    runs = max(8, min(100, 250_000 // len(ends)))
    clock = measure.Clock()
    theirs = igraph.Graph(len(graph.xy), ends)
    weights = graph.weight.tolist()
    theirs.community_leiden("modularity", weights=weights, n_iterations=-1)
    for _ in range(runs):
        theirs.rewire(n=10 * len(ends))
        theirs.community_leiden("modularity", weights=weights, n_iterations=-1)
    return measure.measured(clock, runs=runs)


def _graph(number: int):
    from tisserand.processing.analysis.networks.bonds import complements
    from tisserand.processing.analysis.networks.circles import Graph
    from tisserand.processing.analysis.networks.links import strongest_links
    from tisserand.processing.analysis.networks.standing import ground_of, standing_order

    strewn = actors(number)
    ground = ground_of(strewn.iloc[standing_order(strewn)], None, DISTANCE)
    links = strongest_links(ground.xy, DISTANCE, 5, complements(ground, DISTANCE, {}, {}).strength)
    kept = links.strength > 0
    return Graph(links.first[kept], links.second[kept], links.strength[kept], ground.xy, links.component)


def main() -> None:
    """Print the tables."""
    measure.heading("Dividing the links, and as many drawings by chance, beside igraph's Leiden (actors)")
    mine, theirs = (measure.alone(__file__, tool, PEER) for tool in ("division", "leiden"))
    if mine["runs"] != theirs["runs"]:
        sys.exit("The two did not draw as often.")
    measure.ratio(mine, theirs, "igraph")
    measure.heading("Networks of actors, all of the analysis (actors)")
    for tool, sizes in (("complementarity", SIZES), ("similarity", SIZES[:2])):
        for size in sizes:
            measure.alone(__file__, tool, size)


if __name__ == "__main__":
    tools = (complementarity, similarity, division, leiden)
    measure.run({tool.__name__: tool for tool in tools}, main)
