"""Our choices of sites against those of spopt (CBC), OR-tools and HiGHS, which know nothing of our ways to them."""

import time

import geopandas
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tisserand.processing.analysis.locations import exact as location_exact
from tisserand.processing.analysis.locations.choice import Settings, new_locations
from tisserand.processing.analysis.locations.curve import covering
from tisserand.processing.analysis.locations.exact import Run
from tisserand.processing.analysis.locations.mclp import cover, merged
from tisserand.processing.analysis.locations.places import within
from tisserand.processing.analysis.ways import CrowFly

spopt = pytest.importorskip("spopt.locate", reason="spopt lives in build/oracles: make test-oracles")
pulp = pytest.importorskip("pulp")
# A minute is a kilometre.
WAYS = CrowFly(speed=60.0, detour=1.0)


def case(seed, places=120, candidates=60):
    random = np.random.default_rng(seed)
    at, to = random.uniform(0, 60_000, (places, 2)), random.uniform(0, 60_000, (candidates, 2))
    return at, to, random.integers(1, 500, places).astype(float), cdist(at, to) / 1000


def found(at, to, weights, **asked):
    demand = geopandas.GeoDataFrame({"weight": weights}, geometry=geopandas.points_from_xy(*at.T), crs=2154)
    pool = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*to.T), crs=2154)
    return new_locations(demand, None, pool, Settings(ways=WAYS, sensitivity=0, **asked))


def solver():
    return pulp.PULP_CBC_CMD(msg=False, gapRel=0)


@pytest.mark.parametrize("seed", range(4))
def test_maximal_covering_is_that_of_spopt(seed):
    at, to, weights, minutes = case(seed)
    theirs = spopt.MCLP.from_cost_matrix(minutes, weights, service_radius=10.0, p_facilities=6).solve(solver())
    ours = found(at, to, weights, model="mclp", count=6, reach=10.0)
    assert ours.objective == pytest.approx(theirs.problem.objective.value())
    assert ours.gap_percent == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_p_median_is_that_of_spopt(seed):
    at, to, weights, minutes = case(seed, 80, 40)
    theirs = spopt.PMedian.from_cost_matrix(minutes, weights, p_facilities=5).solve(solver())
    ours = found(at, to, weights, model="pmedian", count=5)
    assert ours.objective == pytest.approx(theirs.problem.objective.value(), rel=1e-6)
    assert ours.gap_percent == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_set_covering_takes_as_few_sites_as_spopt(seed):
    at, to, weights, minutes = case(seed)
    covered = minutes.min(axis=1) <= 10.0
    theirs = spopt.LSCP.from_cost_matrix(minutes[covered], service_radius=10.0).solve(solver())
    ours = found(at, to, weights, model="lscp", reach=10.0)
    assert ours.objective == theirs.problem.objective.value()
    assert len(ours.notes.beyond) == (~covered).sum()


def test_sites_with_a_capacity_serve_as_many_as_or_tools_finds():
    cp = pytest.importorskip("ortools.linear_solver.pywraplp")
    for seed in range(3):
        at, to, weights, minutes = case(seed, 60, 25)
        programme = cp.Solver.CreateSolver("SCIP")
        opened = [programme.BoolVar(f"x{site}") for site in range(25)]
        flows = {
            (place, site): programme.NumVar(0, float(weights[place]), "")
            for place, site in zip(*np.nonzero(minutes <= 12.0))
        }
        programme.Add(sum(opened) <= 4)
        for place in range(60):
            programme.Add(programme.Sum([f for (own, _), f in flows.items() if own == place]) <= float(weights[place]))
        for site in range(25):
            programme.Add(programme.Sum([f for (_, own), f in flows.items() if own == site]) <= 1500 * opened[site])
        programme.Maximize(sum(flows.values()))
        assert programme.Solve() == cp.Solver.OPTIMAL
        ours = found(at, to, weights, model="mclp", count=4, reach=12.0, capacity=1500.0)
        assert ours.objective == pytest.approx(programme.Objective().Value(), rel=1e-6)
        assert ours.bound == pytest.approx(ours.objective, rel=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_the_search_alone_comes_close_to_the_optimum_and_its_bound_is_above_it(seed, monkeypatch):
    random = np.random.default_rng(seed)
    at, weights = random.uniform(0, 60_000, (400, 2)), random.integers(1, 999, 400).astype(float)
    minutes = within(WAYS, at, at, 6.0, lambda: None)
    whole = cover(*merged(weights, minutes))
    run = Run(time.monotonic() + 60, lambda: None, lambda share: None)
    optimum = covering(whole, 12, run, 1)
    monkeypatch.setattr(location_exact, "available", lambda: False)
    search = covering(whole, 12, run, 1)
    assert optimum.values[-1] == pytest.approx(optimum.bounds[-1])
    assert search.values[-1] >= 0.99 * optimum.values[-1]
    assert (search.bounds >= optimum.values - 1e-6).all()
