"""Our communities beside those of igraph and networkx, and planted groups scored by scikit-learn."""

import random as python_random

import numpy as np
import pytest
from scipy import sparse

from tisserand.processing.analysis.communities import louvain
from tisserand.processing.analysis.similarity.initiatives import similar_initiatives

geopandas = pytest.importorskip("geopandas")
igraph = pytest.importorskip("igraph")
networkx = pytest.importorskip("networkx")
metrics = pytest.importorskip("sklearn.metrics")

SUBJECTS = {
    "feed": "repas partagés cuisine invendus alimentaires épicerie marché légumes",
    "move": "vélos réparation atelier mécanique déplacements covoiturage permis navette",
    "equip": "objets réemploi recyclerie dons meubles outils ressourcerie matériel",
    "connect": "numérique ordinateur démarches accompagnement droits accueil entraide écrivain",
    "enjoy": "musique théâtre bibliothèque fêtes concert lecture cinéma danse",
}


def as_csr(graph):
    return sparse.csr_matrix(networkx.to_scipy_sparse_array(graph, weight="weight", dtype=float))


def similarities():
    """Make the graph of planted actors from what the analysis gives out."""
    actors, _ = planted(seed=1)
    links = geopandas.pd.concat(similar_initiatives(actors, runs=0).links())
    position = {own: k for k, own in enumerate(actors["id"])}
    ends = links["de"].map(position), links["vers"].map(position)
    upper = sparse.csr_matrix((links["s"], ends), shape=(len(actors), len(actors)))
    return sparse.csr_matrix(upper + upper.T)


GRAPHS = {
    "karate club": lambda: as_csr(networkx.karate_club_graph()),
    "les misérables": lambda: as_csr(networkx.les_miserables_graph()),
    "planted partition": lambda: as_csr(networkx.planted_partition_graph(20, 30, 0.3, 0.01, seed=2)),
    "caveman": lambda: as_csr(networkx.relaxed_caveman_graph(40, 12, 0.15, seed=3)),
    "similar initiatives": similarities,
}


@pytest.mark.parametrize("name", GRAPHS)
def test_modularity_is_at_least_98_percent_of_that_of_igraph(name):
    graph = GRAPHS[name]()
    edges = sparse.triu(graph).tocoo()
    theirs = igraph.Graph(graph.shape[0], list(zip(edges.row.tolist(), edges.col.tolist())))
    weights = edges.data.tolist()
    python_random.seed(1)  # igraph draws from it
    ours = theirs.modularity(louvain(graph).tolist(), weights=weights)
    leiden = theirs.community_leiden("modularity", weights=weights, n_iterations=-1).modularity
    assert ours >= 0.98 * max(leiden, theirs.community_multilevel(weights=weights).modularity)


def planted(seed):
    """Make 16 groups of 30 of one subject within some 2 km, and 160 others with any themes and words."""
    random = np.random.default_rng(seed)
    every_word = " ".join(SUBJECTS.values()).split()
    rows, truth = [], []
    for group in range(16):
        theme = list(SUBJECTS)[group % len(SUBJECTS)]
        centre = np.array([group % 4, group // 4]) * 9000 + [600_000, 6_400_000]
        for _ in range(30):
            others = random.choice(list(SUBJECTS), random.integers(0, 2))
            text = " ".join([*random.choice(SUBJECTS[theme].split(), 5), *random.choice(every_word, 2)])
            rows.append((*random.normal(centre, 800), "|".join({theme, *others}), text))
            truth.append(group)
    for _ in range(160):
        themes = random.choice(list(SUBJECTS), random.integers(1, 3), replace=False)
        place = random.uniform([590_000, 6_390_000], [637_000, 6_437_000])
        rows.append((*place, "|".join(themes), " ".join(random.choice(every_word, 7))))
        truth.append(-1)
    x, y, themes, texts = zip(*rows)
    columns = {"id": [f"a{k}" for k in range(len(rows))], "themes": themes, "text": texts}
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(x, y), crs=2154), np.array(truth)


@pytest.mark.parametrize("seed", range(3))
def test_planted_groups_are_found_again(seed):
    actors, truth = planted(seed)
    groups = similar_initiatives(actors, runs=0).actors["groupe"].fillna(-1).to_numpy(dtype=int)
    inside = truth >= 0
    assert metrics.adjusted_rand_score(truth[inside], groups[inside]) >= 0.95
