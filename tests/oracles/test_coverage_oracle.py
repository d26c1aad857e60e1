"""The whole analysis of coverage, with conditions, against PySAL's access on the actors that meet them."""

import geopandas
import numpy as np
import pytest

from tisserand.processing.analysis.conditions import Conditions
from tisserand.processing.analysis.coverage import Settings, coverage_gaps
from tisserand.processing.analysis.ways import CrowFly

pytest.importorskip("access", reason="PySAL access lives in build/oracles: make test-oracles")
pandas = pytest.importorskip("pandas")

REACH = 20.0
PLAIN = Settings(reach=REACH, decay="none", ways=CrowFly(speed=60, detour=1.0))
COSTS = np.array(["gratuit", "payant", None], dtype=object)


def layers(seed):
    """Return needs and actors of three themes, 1000 m being a minute."""
    random = np.random.default_rng(seed)
    themes = np.array(["a", "b", "c"])
    needs = geopandas.GeoDataFrame(
        {"count": random.integers(1, 99, 250), "themes": random.choice(themes, 250)},
        geometry=geopandas.points_from_xy(*random.uniform(0, 60_000, (2, 250))),
        crs=2154,
    )
    actors = geopandas.GeoDataFrame(
        {
            "id": [f"a{number:03d}" for number in range(180)],
            "capacity": random.integers(0, 50, 180),
            "themes": random.choice(themes, 180),
            "cost": random.choice(COSTS, 180),
        },
        geometry=geopandas.points_from_xy(*random.uniform(0, 60_000, (2, 180))),
        crs=2154,
    )
    return needs, actors


def pysal(needs, actors):
    """Return PySAL's two-stage access of each need to the actors of its theme."""
    from access.fca import two_stage_fca

    found = pandas.Series(0.0, needs.index)
    for theme, here in needs.groupby("themes"):
        there = actors[actors["themes"] == theme]
        metres = np.array([there.distance(point) for point in here.geometry])
        origin, place = np.nonzero(metres <= REACH * 1000)
        costs = {"origin": here.index[origin], "dest": there.index[place], "cost": metres[origin, place]}
        one = two_stage_fca(
            demand_df=pandas.DataFrame({"demand": here["count"]}),
            supply_df=pandas.DataFrame({"supply": there["capacity"]}),
            cost_df=pandas.DataFrame(costs),
            max_cost=REACH * 1000,
            demand_index=True,
            supply_index=True,
        )
        found[one.index] = one
    return found.to_numpy()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("strict", [False, True])
def test_gaps_with_a_condition_and_their_bounds_are_those_of_pysal(seed, strict):
    needs, actors = layers(seed)
    coverage = coverage_gaps(needs, actors, PLAIN._replace(conditions=Conditions(free=True, strict=strict)))
    rows = coverage.rows
    people = needs["count"].to_numpy()

    def gap(chosen):
        return people * np.maximum(0.0, 1 - pysal(needs, actors[chosen]))

    sure, possible = actors["cost"].eq("gratuit"), actors["cost"].ne("payant")
    kept = sure if strict else possible
    np.testing.assert_allclose(rows["apl"], pysal(needs, actors[kept]), rtol=1e-9)
    np.testing.assert_allclose(rows["non_couvert"], gap(kept), rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(rows["non_couvert_min"], gap(possible), rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(rows["non_couvert_max"], gap(sure), rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(rows["perdus"], gap(kept) - gap(slice(None)), rtol=1e-9, atol=1e-7)
