"""Our Gi*, its chances, smoothing and correction beside esda, libpysal and statsmodels."""

import numpy as np
import pytest

from tisserand.processing.analysis.hotspots.gi import gi_star, scores, smoothed_rates
from tisserand.processing.analysis.hotspots.neighbourhoods import nearest, touching
from tisserand.processing.analysis.networks.chance import chances, false_discovery_rate

esda = pytest.importorskip("esda")
weights = pytest.importorskip("libpysal.weights")
multitest = pytest.importorskip("statsmodels.stats.multitest")
geopandas = pytest.importorskip("geopandas")
shapely = pytest.importorskip("shapely")


def strewn(n, seed):
    """Return points in order, and values with a bump."""
    random = np.random.default_rng(seed)
    xy = random.uniform(0, 10_000, (n, 2))
    xy = xy[np.lexsort((xy[:, 1], xy[:, 0]))]
    return xy, random.gamma(2, 10, n) + 40 * np.exp(-np.sum((xy - 3000) ** 2, axis=1) / 1e6)


def tiles(seed):
    """Return polygons that share borders without a grid's regularity: the cells of random points."""
    points = shapely.multipoints(np.random.default_rng(seed).uniform(0, 10_000, (150, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    return geopandas.GeoSeries(cells[np.argsort(shapely.area(cells))])


@pytest.mark.parametrize(("n", "k", "seed"), [(40, 4, 1), (300, 8, 2), (1000, 12, 3)])
def test_z_is_that_of_esda_with_binary_weights(n, k, seed):
    xy, values = strewn(n, seed)
    theirs = esda.G_Local(values, weights.KNN.from_array(xy, k=k), transform="B", star=True, permutations=0)
    assert scores(values, nearest(xy, k)) == pytest.approx(theirs.Zs, abs=1e-9)


def test_borders_and_z_are_those_of_queen_contiguity():
    cells = tiles(4)
    values = np.random.default_rng(5).gamma(2, 10, len(cells))
    queen = weights.Queen.from_dataframe(geopandas.GeoDataFrame(geometry=cells), use_index=False)
    ours = touching(cells)
    assert ours.counts().tolist() == [queen.cardinalities[i] for i in range(len(cells))]
    theirs = esda.G_Local(values, queen, transform="B", star=True, permutations=0)
    assert scores(values, ours) == pytest.approx(theirs.Zs, abs=1e-9)


def test_p_is_twice_that_of_esda_by_its_own_draws():
    # esda counts the nearer tail only.
    xy, values = strewn(200, 6)
    theirs = esda.G_Local(
        values, weights.KNN.from_array(xy, k=8), transform="B", star=True, permutations=99_999, seed=1, n_jobs=1
    ).p_sim
    ours = gi_star(values, nearest(xy, 8), 99_999, 1).p
    assert ours == pytest.approx(np.minimum(2 * theirs, 1), abs=0.02)
    rare = theirs < 0.02
    assert rare.any()
    assert ours[rare] == pytest.approx(2 * theirs[rare], abs=0.005)


def test_p_with_neighbours_of_any_number_is_that_of_esda():
    cells = tiles(7)
    values = np.random.default_rng(8).gamma(1, 10, len(cells))
    queen = weights.Queen.from_dataframe(geopandas.GeoDataFrame(geometry=cells), use_index=False)
    theirs = esda.G_Local(values, queen, transform="B", star=True, permutations=9999, seed=1, n_jobs=1).p_sim
    near, centred = touching(cells), values - values.mean()
    high, low = chances(centred, near.sums(centred) - centred, near.counts(), 9999, 1)
    assert np.minimum(high, low) == pytest.approx(theirs, abs=0.03)


@pytest.mark.parametrize("seed", range(5))
def test_q_is_that_of_statsmodels(seed):
    p = np.random.default_rng(seed).choice([0.0005, 0.001, 0.01, 0.2, 0.5, 1.0], 300)
    _, theirs, *_ = multitest.multipletests(p, method="fdr_bh")
    assert false_discovery_rate(p) == pytest.approx(theirs, abs=1e-12)


def test_smoothed_rates_are_those_of_esda():
    from esda.smoothing import Empirical_Bayes

    random = np.random.default_rng(9)
    people = random.integers(5, 5000, 200).astype(float)
    counts = random.binomial(people.astype(int), random.beta(2, 20, 200)).astype(float)
    assert smoothed_rates(counts, people) == pytest.approx(Empirical_Bayes(counts, people).r.ravel(), rel=1e-9)
